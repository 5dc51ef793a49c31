//! The generator G: a latent code to a picture (section 3 of the paper, the "inverted ResNet-18").

use burn::module::Module;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::Variant;
use super::convolutions::convolved;
use super::layers::{BasicBlock, Norm, conv, deconv, initialised, norm, normed};
use crate::face::CODE_DIM;

/// Settings of the generator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratorConfig {
    /// Feature maps of the last stages; 64 is the real model.
    pub width: usize,
    /// [`Variant::Paper`] has a second block in each stage.
    pub variant: Variant,
}

/// The generator.
///
/// Linear 99 -> 8w; 4x4 deconvolution to `8w x 4 x 4`, norm, ReLU; four stages that double the resolution, with
/// 4w, 2w, w, w feature maps; 4x4 deconvolution of stride 2 to three channels; tanh. 10,699,776 parameters at
/// width 64.
///
/// In the paper's variant each stage has a second block. It is a plain residual block at the stage's own
/// resolution: 3x3 convolution, norm, ReLU, 3x3 convolution, norm, plus the identity, ReLU. These lie in `refine`,
/// one per stage.
#[derive(Module, Debug)]
pub struct Generator {
    pub(super) fc: Linear,
    /// `None` once folding has multiplied it into `fc`, which then gives its output.
    pub(super) deconv: Option<ConvTranspose2d>,
    pub(super) bn: Norm,
    pub(super) blocks: Vec<UpBlock>,
    pub(super) refine: Vec<BasicBlock>,
    pub(super) out: ConvTranspose2d,
}

/// A residual block that doubles the resolution, its shortcut being a deconvolution as well.
#[derive(Module, Debug)]
pub struct UpBlock {
    pub(super) deconv: ConvTranspose2d,
    pub(super) bn1: Norm,
    pub(super) conv: Conv2d,
    pub(super) bn2: Norm,
    pub(super) short: (ConvTranspose2d, Norm),
}

impl GeneratorConfig {
    /// A generator with random weights, all of them created.
    pub fn init(&self, device: &Device) -> Generator {
        initialised(self.build(device))
    }

    /// The same with lazy weights, for a caller that loads others at once.
    pub(super) fn build(&self, device: &Device) -> Generator {
        let w = self.width;
        let stages = [[8 * w, 4 * w], [4 * w, 2 * w], [2 * w, w], [w, w]];
        let refine = match self.variant {
            Variant::Authors => Vec::new(),
            Variant::Paper => stages.iter().map(|&[_, maps]| BasicBlock::new([maps, maps], 1, device)).collect(),
        };
        Generator {
            fc: LinearConfig::new(CODE_DIM, 8 * w).init(device),
            deconv: Some(deconv([8 * w, 8 * w], 4, 1, 0, device)),
            bn: norm(8 * w, device),
            blocks: stages.into_iter().map(|channels| UpBlock::new(channels, device)).collect(),
            refine,
            out: deconv([w, 3], 4, 2, 1, device),
        }
    }
}

impl Generator {
    /// The same generator with the weights of its first layer multiplied by `loudness`, one factor for each number of a
    /// code.
    pub fn listening(mut self, loudness: &[f32]) -> Self {
        self.fc.weight = self.fc.weight.map(|weight| {
            let device = weight.device();
            let factors = Tensor::<2>::from_data(TensorData::new(loudness.to_vec(), [loudness.len(), 1]), &device);
            let scaled = (weight.detach() * factors).detach();
            if scaled.is_autodiff() { scaled.require_grad() } else { scaled }
        });
        self
    }

    /// Latent codes `z` `[n, 99]` -> pictures `[n, 3, 128, 128]`, each value in -1..1 about the mean picture colour.
    pub fn forward(&self, z: Tensor<2>) -> Tensor<4> {
        let x = self.fc.forward(z);
        let x = match &self.deconv {
            // [n, 8w] -> [n, 8w, 1, 1] -> [n, 8w, 4, 4]
            Some(deconv) => deconv.forward(x.unsqueeze_dims::<4>(&[2, 3])),
            // [n, 8w * 16] -> [n, 8w, 4, 4]
            None => x.reshape([0, -1, 4, 4]),
        };
        let mut x = relu(normed(&self.bn, x));
        for (stage, block) in self.blocks.iter().enumerate() {
            x = block.forward(x);
            if let Some(second) = self.refine.get(stage) {
                x = second.forward(x);
            }
        }
        tanh(self.out.forward(x))
    }
}

/// The hyperbolic tangent by the logistic function, which Burn's CPU backend computes in half the time.
fn tanh(x: Tensor<4>) -> Tensor<4> {
    sigmoid(x.mul_scalar(2.0)).mul_scalar(2.0).sub_scalar(1.0)
}

impl UpBlock {
    fn new(channels: [usize; 2], device: &Device) -> Self {
        let output = channels[1];
        Self {
            deconv: deconv(channels, 4, 2, 1, device),
            bn1: norm(output, device),
            conv: conv([output, output], 3, 1, 1, device),
            bn2: norm(output, device),
            short: (deconv(channels, 4, 2, 1, device), norm(output, device)),
        }
    }

    /// `[n, in, h, w]` -> `[n, out, 2h, 2w]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let (short, short_bn) = &self.short;
        let shortcut = normed(short_bn, short.forward(x.clone()));
        let x = relu(normed(&self.bn1, self.deconv.forward(x)));
        let x = normed(&self.bn2, convolved(&self.conv, x));
        relu(x + shortcut)
    }
}
