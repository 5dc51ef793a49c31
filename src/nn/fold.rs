//! Fewer operations for inference, the same outputs.
//!
//! Two steps, each of them removable by itself without touching the forward passes; `benches/README.md` says what
//! each of them gains:
//! 1. a batch norm, whose statistics stand still in inference, goes into the convolution before it;
//! 2. the generator's linear layer and first deconvolution, with nothing between them, become one linear layer.
//!
//! What comes out is for inference only: a norm that is gone cannot be trained.

use burn::module::Param;
use burn::nn::conv::{Conv2d, ConvTranspose2d};

use super::encoder::Encoder;
use super::generator::{Generator, UpBlock};
use super::layers::{BasicBlock, Norm, affine};

impl Encoder {
    /// The same encoder with norms folded.
    pub fn fold(mut self) -> Self {
        fold_conv(&mut self.conv, &mut self.bn);
        self.blocks.iter_mut().for_each(fold_basic_block);
        self
    }
}

impl Generator {
    /// The same generator with norms folded and its start one linear layer.
    pub fn fold(mut self) -> Self {
        if let Some(deconv) = &mut self.deconv {
            fold_deconv(deconv, &mut self.bn);
        }
        merge_start(&mut self);
        self.blocks.iter_mut().for_each(fold_up_block);
        self.refine.iter_mut().for_each(fold_basic_block);
        self
    }
}

pub(super) fn fold_basic_block(block: &mut BasicBlock) {
    fold_conv(&mut block.conv1, &mut block.bn1);
    fold_conv(&mut block.conv2, &mut block.bn2);
    if let Some((conv, bn)) = &mut block.short {
        fold_conv(conv, bn);
    }
}

fn fold_up_block(block: &mut UpBlock) {
    fold_deconv(&mut block.deconv, &mut block.bn1);
    fold_conv(&mut block.conv, &mut block.bn2);
    let (short, short_bn) = &mut block.short;
    fold_deconv(short, short_bn);
}

/// A convolution's weights are out x in x k x k, so the norm scales axis 0. It has no bias of its own.
pub(super) fn fold_conv(conv: &mut Conv2d, norm: &mut Norm) {
    if let Some(norm) = norm.take() {
        let (scale, shift) = affine(&norm);
        conv.weight = Param::from_tensor(conv.weight.val() * scale.reshape([-1, 1, 1, 1]));
        conv.bias = Some(Param::from_tensor(shift));
    }
}

/// A deconvolution's weights are in x out x k x k, so the norm scales axis 1. It has no bias of its own.
fn fold_deconv(deconv: &mut ConvTranspose2d, norm: &mut Norm) {
    if let Some(norm) = norm.take() {
        let (scale, shift) = affine(&norm);
        deconv.weight = Param::from_tensor(deconv.weight.val() * scale.reshape([1, -1, 1, 1]));
        deconv.bias = Some(Param::from_tensor(shift));
    }
}

/// Multiplies the first deconvolution into the linear layer, whose output is one pixel: 99 numbers of input are far
/// fewer than the 8w between the two.
fn merge_start(generator: &mut Generator) {
    let (Some(deconv), Generator { fc, bn: None, .. }) = (generator.deconv.take(), generator) else { return };
    let [input, maps, height, width] = deconv.weight.dims();
    let pixels = height * width;
    // [8w, 8w, 4, 4] -> [8w, 8w * 16]
    let weight = deconv.weight.val().reshape([input, maps * pixels]);
    let biases = [
        fc.bias.as_ref().map(|bias| bias.val().unsqueeze::<2>().matmul(weight.clone())),
        deconv.bias.map(|bias| bias.val().reshape([maps, 1]).repeat(&[1, pixels]).reshape([1, maps * pixels])),
    ];
    let bias = biases.into_iter().flatten().reduce(|a, b| a + b);
    fc.weight = Param::from_tensor(fc.weight.val().matmul(weight));
    fc.bias = bias.map(|bias| Param::from_tensor(bias.squeeze_dim::<1>(0)));
}
