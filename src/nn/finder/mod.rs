//! The two networks that find faces in photographs: one says where faces are, the other marks the 68 points of one.
//!
//! Both are small, run on the CPU, and know nothing of photographs as a whole: the pyramid of scales, the choice among
//! overlapping answers and the way from one network to the other are the room `find`. May use what the rest of `nn`
//! may.
//!
//! - [`detector`]: faces of about one size in a picture of any size;
//! - [`landmarker`]: the points of one face, framed roughly;
//! - [`model`]: both behind pictures and plain numbers;
//! - [`weights`]: the finder's file.

pub mod detector;
pub mod landmarker;
pub mod model;
pub mod weights;

pub use detector::{CELL, Detector, DetectorConfig, REACH, SIZE_HIGH, SIZE_LOW, SIZE_MIDDLE};
pub use landmarker::{FRAME, Landmarker, OUTPUTS, POINTS, SIDE};
pub use model::{FinderModel, Marked, Planes, Sighting};
pub use weights::{FinderCard, FinderWeights, FinderWeightsError, MeanFace};

use burn::module::Module;
use burn::tensor::Device;

/// Taken from each colour (red, green, blue, each 0..1) of what both networks see. So 0 is the middle grey that
/// convolutions see beyond a picture's border, and that stands there wherever a picture has to be made larger.
pub const MEAN: [f32; 3] = [0.5; 3];

/// Both networks, named as in the finder's file.
#[derive(Module, Debug)]
pub struct FinderNetworks {
    pub detector: Detector,
    pub landmarker: Landmarker,
}

impl FinderNetworks {
    /// Networks with random weights, all of them created, drawn from the device's generator.
    pub fn init(config: &DetectorConfig, device: &Device) -> Self {
        Self { detector: config.init(device), landmarker: Landmarker::init(device) }
    }

    /// The same with lazy weights, for a caller that loads others at once.
    fn build(config: &DetectorConfig, device: &Device) -> Self {
        Self { detector: config.build(device), landmarker: Landmarker::build(device) }
    }

    /// Both for inference: without gradients, norms folded into the convolutions before them.
    pub fn folded(&self) -> Self {
        let Self { detector, landmarker } = self.valid();
        Self { detector: detector.fold(), landmarker: landmarker.fold() }
    }
}
