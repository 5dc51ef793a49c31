//! Fewer operations for inference, the same outputs.
//!
//! Three steps, each of them removable by itself without touching the forward passes:
//! 1. a batch norm, whose statistics stand still in inference, goes into the convolution before it;
//! 2. a strided 1x1 convolution becomes a slice and a convolution of stride 1, which Burn's CPU backend runs as a
//!    plain matrix product;
//! 3. the two deconvolutions of a generator block, which read the same input, become one with twice the outputs.
//!
//! What comes out is for inference only: a norm that is gone cannot be trained.

use burn::module::Param;
use burn::nn::BatchNorm;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;

use super::encoder::Encoder;
use super::generator::{Generator, UpBlock};
use super::layers::{BasicBlock, Norm};

impl Encoder {
    /// The same encoder with norms folded and shortcuts subsampled.
    pub fn fold(mut self) -> Self {
        fold_conv(&mut self.conv, &mut self.bn);
        for block in &mut self.blocks {
            fold_basic_block(block);
            subsample_shortcut(block);
        }
        self
    }
}

impl Generator {
    /// The same generator with norms folded and the deconvolutions of each block merged.
    pub fn fold(mut self) -> Self {
        fold_deconv(&mut self.deconv, &mut self.bn);
        for block in &mut self.blocks {
            fold_up_block(block);
            merge_deconvs(block);
        }
        self.refine.iter_mut().for_each(fold_basic_block);
        self
    }
}

fn fold_basic_block(block: &mut BasicBlock) {
    fold_conv(&mut block.conv1, &mut block.bn1);
    fold_conv(&mut block.conv2, &mut block.bn2);
    if let Some((conv, bn)) = &mut block.short {
        fold_conv(conv, bn);
    }
}

fn fold_up_block(block: &mut UpBlock) {
    fold_deconv(&mut block.deconv, &mut block.bn1);
    fold_conv(&mut block.conv, &mut block.bn2);
    if let Some((deconv, bn)) = &mut block.short {
        fold_deconv(deconv, bn);
    }
}

/// A convolution's weights are out x in x k x k, so the norm scales axis 0. It has no bias of its own.
fn fold_conv(conv: &mut Conv2d, norm: &mut Norm) {
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

/// The norm as `scale * x + shift`, each `[channels]`.
fn affine(norm: &BatchNorm) -> (Tensor<1>, Tensor<1>) {
    let scale = norm.gamma.val() / norm.running_var.value_sync().add_scalar(norm.epsilon).sqrt();
    let shift = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
    (scale, shift)
}

fn subsample_shortcut(block: &mut BasicBlock) {
    if let Some((conv, _)) = &mut block.short {
        block.short_step *= conv.stride[0];
        conv.stride = [1, 1];
    }
}

/// Joins the shortcut's outputs to the main path's, main path first, where no norm stands between.
fn merge_deconvs(block: &mut UpBlock) {
    let (Some((short, None)), None) = (&block.short, &block.bn1) else { return };
    let deconv = &mut block.deconv;
    deconv.weight = Param::from_tensor(Tensor::cat(vec![deconv.weight.val(), short.weight.val()], 1));
    let biases = [&deconv.bias, &short.bias].into_iter().flatten().map(Param::val).collect();
    deconv.bias = Some(Param::from_tensor(Tensor::cat(biases, 0)));
    deconv.channels[1] *= 2;
    block.short = None;
}
