//! The detector: where in a picture faces of about one size are.

use burn::module::{Module, Param};
use burn::nn::BatchNorm;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::super::fold::{fold_basic_block, fold_conv};
use super::super::layers::{BasicBlock, Norm, conv, initialised, norm, normed};
use super::super::norms::{self, HasNorms};

/// Side of the square of pixels that one answer stands for.
pub const CELL: usize = 8;
/// The octave of heights, in pixels, in which a face is answered with yes. Heights are those of the boxes of
/// `face::FaceBox`: from the hairline to the chin.
pub const SIZE_LOW: f32 = 20.0;
pub const SIZE_HIGH: f32 = 40.0;
/// The middle of that octave, 20 times the root of 2, from which heights are told.
pub const SIZE_MIDDLE: f32 = 28.284_271;
/// An answer depends on the cells up to so many rows and columns away and on nothing beyond: one for the second
/// convolution, four for those of the blocks.
pub const REACH: usize = 5;

/// Feature maps of the first convolution.
const STEM: usize = 32;
const BLOCKS: usize = 2;
/// Numbers of an answer.
const ANSWER: usize = 4;
/// Logits of an untrained detector: among thousands of cells few have a face.
const START_LOGIT: f32 = -4.0;

/// Settings of the detector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorConfig {
    /// Feature maps of all layers but the first.
    pub channels: usize,
}

impl Default for DetectorConfig {
    fn default() -> Self {
        Self { channels: 40 }
    }
}

/// Four answers for each 8 x 8 pixels of a picture.
///
/// 4x4 convolution of stride 4 and 3x3 convolution of stride 2, each with norm and ReLU; two basic blocks; 1x1
/// convolution with bias.
#[derive(Module, Debug)]
pub struct Detector {
    stem: Conv2d,
    stem_bn: Norm,
    down: Conv2d,
    down_bn: Norm,
    blocks: Vec<BasicBlock>,
    out: Conv2d,
}

impl DetectorConfig {
    /// A detector with random weights, all of them created, that takes nothing for a face.
    pub fn init(&self, device: &Device) -> Detector {
        initialised(self.build(device))
    }

    /// The same with lazy weights, for a caller that loads others at once.
    pub(super) fn build(&self, device: &Device) -> Detector {
        let channels = self.channels;
        let mut out = Conv2dConfig::new([channels, ANSWER], [1, 1]).init(device);
        let bias = TensorData::new(vec![START_LOGIT, 0.0, 0.0, 0.0], [ANSWER]);
        out.bias = Some(Param::from_data(bias, device));
        Detector {
            stem: conv([3, STEM], 4, 4, 0, device),
            stem_bn: norm(STEM, device),
            down: conv([STEM, channels], 3, 2, 1, device),
            down_bn: norm(channels, device),
            blocks: (0..BLOCKS).map(|_| BasicBlock::new([channels; 2], 1, device)).collect(),
            out,
        }
    }
}

impl Detector {
    /// Pictures `[n, 3, h, w]`, both sides multiples of [`CELL`], `rgb / 255 - 0.5` -> `[n, 4, h / 8, w / 8]`.
    ///
    /// The four numbers of a cell: the logit of "the centre of a face's box lies in this cell, and the box is
    /// [`SIZE_LOW`] to [`SIZE_HIGH`] pixels high"; how far that centre is from the cell's middle, right and down, in
    /// cells; and the logarithm of the height over [`SIZE_MIDDLE`].
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = relu(normed(&self.stem_bn, self.stem.forward(x)));
        let x = relu(normed(&self.down_bn, self.down.forward(x)));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        self.out.forward(x)
    }

    /// The settings with which this detector was made.
    pub fn config(&self) -> DetectorConfig {
        DetectorConfig { channels: self.out.weight.dims()[1] }
    }

    /// The same detector with norms folded, for inference.
    pub fn fold(mut self) -> Self {
        fold_conv(&mut self.stem, &mut self.stem_bn);
        fold_conv(&mut self.down, &mut self.down_bn);
        self.blocks.iter_mut().for_each(fold_basic_block);
        self
    }
}

impl HasNorms for Detector {
    fn norms(&mut self, visit: &mut dyn FnMut(&mut BatchNorm)) {
        norms::each(&mut self.stem_bn, visit);
        norms::each(&mut self.down_bn, visit);
        self.blocks.iter_mut().for_each(|block| norms::basic_block(block, visit));
    }
}
