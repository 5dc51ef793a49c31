//! The encoder E: a picture to its latent code (section 3 of the paper).

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::convolutions::stem;
use super::layers::{BasicBlock, Norm, conv, initialised, norm, normed};
use crate::face::CODE_DIM;

/// Settings of the encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Feature maps of the first stage; 64 is the paper's ResNet-18.
    pub width: usize,
}

/// A ResNet-18 whose last layer gives the 99 numbers of `z`.
///
/// 7x7 convolution of stride 2, norm, ReLU, 3x3 max-pooling of stride 2; four stages of two basic blocks with
/// w, 2w, 4w, 8w feature maps, halving the resolution at the first block of stages two to four; mean over the
/// picture; linear. 11,227,299 parameters at width 64.
#[derive(Module, Debug)]
pub struct Encoder {
    pub(super) conv: Conv2d,
    pub(super) bn: Norm,
    pub(super) blocks: Vec<BasicBlock>,
    pub(super) fc: Linear,
}

impl EncoderConfig {
    /// An encoder with random weights, all of them created ([`super::networks`] says why that matters).
    pub fn init(&self, device: &Device) -> Encoder {
        initialised(self.build(device))
    }

    /// The same with lazy weights, for a caller that loads others at once.
    pub(super) fn build(&self, device: &Device) -> Encoder {
        let w = self.width;
        // Input maps, output maps, stride of each stage's first block.
        let stages = [(w, w, 1), (w, 2 * w, 2), (2 * w, 4 * w, 2), (4 * w, 8 * w, 2)];
        let blocks = stages.into_iter().flat_map(|(input, output, stride)| {
            [BasicBlock::new([input, output], stride, device), BasicBlock::new([output, output], 1, device)]
        });
        Encoder {
            conv: conv([3, w], 7, 2, 3, device),
            bn: norm(w, device),
            blocks: blocks.collect(),
            fc: LinearConfig::new(8 * w, CODE_DIM).init(device),
        }
    }
}

impl Encoder {
    /// Pictures `[n, 3, 128, 128]` (as [`super::picture`] makes them) -> latent codes `z` `[n, 99]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let x = relu(normed(&self.bn, stem(&self.conv, x)));
        let pooling = MaxPoolOptions::new([3, 3]).with_stride([2, 2]).with_padding([1, 1]);
        let x = max_pool2d(x, pooling);
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        // [n, 8w, 4, 4] -> [n, 8w]
        let x = x.flatten::<3>(2, 3).mean_dim(2).squeeze_dim::<2>(2);
        self.fc.forward(x)
    }
}
