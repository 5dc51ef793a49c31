//! The two discriminators that train the autoencoder (section 3 of the paper); inference needs neither.
//!
//! Both give logits, positive for "real": the losses are written on logits, where they neither overflow nor vanish.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::Variant;
use super::convolutions::stem;
use super::layers::{Norm, conv, initialised, norm, normed};
use crate::face::CODE_DIM;

const LATENT_DROPOUT: f64 = 0.2;
const IMAGE_SLOPE: f64 = 0.2;

/// Settings of the latent discriminator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatentDiscriminatorConfig {
    /// Size of the hidden layers; the method's is 1000.
    pub hidden: usize,
    /// [`Variant::Paper`] has three hidden layers, each with a norm, instead of two without.
    pub variant: Variant,
}

/// D_z: tells codes drawn from N(0, I) from codes that the encoder gave.
///
/// 99 -> 1000 -> 1000 -> 1 with dropout 0.2 and ReLU after the hidden layers.
#[derive(Module, Debug)]
pub struct LatentDiscriminator {
    layers: Vec<HiddenLayer>,
    out: Linear,
    dropout: Dropout,
}

#[derive(Module, Debug)]
struct HiddenLayer {
    fc: Linear,
    bn: Norm,
}

impl LatentDiscriminatorConfig {
    /// A latent discriminator with random weights, all of them created.
    pub fn init(&self, device: &Device) -> LatentDiscriminator {
        initialised(self.build(device))
    }

    pub(super) fn build(&self, device: &Device) -> LatentDiscriminator {
        let (count, normalised) = match self.variant {
            Variant::Authors => (2, false),
            Variant::Paper => (3, true),
        };
        let layers = (0..count).map(|layer| {
            let input = if layer == 0 { CODE_DIM } else { self.hidden };
            let bn = if normalised { norm(self.hidden, device) } else { None };
            HiddenLayer { fc: LinearConfig::new(input, self.hidden).init(device), bn }
        });
        LatentDiscriminator {
            layers: layers.collect(),
            out: LinearConfig::new(self.hidden, 1).init(device),
            dropout: DropoutConfig::new(LATENT_DROPOUT).init(),
        }
    }
}

impl LatentDiscriminator {
    /// Codes `[n, 99]` -> logits `[n]`.
    pub fn forward(&self, z: Tensor<2>) -> Tensor<1> {
        let hidden = self.layers.iter().fold(z, |x, layer| {
            let x = normed(&layer.bn, layer.fc.forward(x));
            relu(self.dropout.forward(x))
        });
        self.out.forward(hidden).squeeze_dim::<1>(1)
    }
}

/// Settings of the image discriminator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageDiscriminatorConfig {
    /// The width `w` of the whole model; an even number.
    pub width: usize,
    /// [`Variant::Paper`] has w, 2w, 4w, 8w, 8w feature maps, [`Variant::Authors`] half as many.
    pub variant: Variant,
}

/// D_x: tells photographs from generated pictures, a DCGAN critic.
///
/// Five 4x4 convolutions of stride 2 (norms on all but the first, LeakyReLU 0.2), then a 4x4 convolution to one
/// number. Real and generated pictures must pass in separate batches, because the norms see a batch as one.
#[derive(Module, Debug)]
pub struct ImageDiscriminator {
    blocks: Vec<DownBlock>,
    out: Conv2d,
}

#[derive(Module, Debug)]
struct DownBlock {
    conv: Conv2d,
    bn: Norm,
}

impl ImageDiscriminatorConfig {
    /// An image discriminator with random weights, all of them created.
    pub fn init(&self, device: &Device) -> ImageDiscriminator {
        initialised(self.build(device))
    }

    pub(super) fn build(&self, device: &Device) -> ImageDiscriminator {
        let first = match self.variant {
            Variant::Authors => self.width / 2,
            Variant::Paper => self.width,
        };
        let widths = [3, first, 2 * first, 4 * first, 8 * first, 8 * first];
        let blocks = widths.windows(2).enumerate().map(|(layer, pair)| DownBlock {
            conv: conv([pair[0], pair[1]], 4, 2, 1, device),
            bn: if layer == 0 { None } else { norm(pair[1], device) },
        });
        ImageDiscriminator { blocks: blocks.collect(), out: conv([8 * first, 1], 4, 1, 0, device) }
    }
}

impl ImageDiscriminator {
    /// Pictures `[n, 3, 128, 128]` -> logits `[n]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<1> {
        self.forward_with_features(x).0
    }

    /// The same, and the last block's features `[n, maps, 4, 4]`, which generated pictures may be asked to match.
    pub fn forward_with_features(&self, x: Tensor<4>) -> (Tensor<1>, Tensor<4>) {
        let features = self.blocks.iter().enumerate().fold(x, |x, (layer, block)| {
            let x = if layer == 0 { stem(&block.conv, x) } else { block.conv.forward(x) };
            leaky_relu(normed(&block.bn, x), IMAGE_SLOPE)
        });
        // [n, 1, 1, 1] -> [n]
        (self.out.forward(features.clone()).flatten::<1>(0, 3), features)
    }
}
