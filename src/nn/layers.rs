//! The few layers that several networks share: convolutions without bias, norms that folding may remove, and the
//! ResNet basic block.

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::convolutions::{convolved, pointwise};

/// `module` with its parameters created, which Burn otherwise leaves to their first use.
pub(super) fn initialised<M: Module>(module: M) -> M {
    struct Create;
    impl ModuleVisitor for Create {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            param.val();
        }
    }
    module.visit(&mut Create);
    module
}

/// A batch norm, or `None` once it has been folded into the layer before it.
pub(super) type Norm = Option<BatchNorm>;

pub(super) fn conv(
    [input, output]: [usize; 2],
    kernel: usize,
    stride: usize,
    padding: usize,
    device: &Device,
) -> Conv2d {
    Conv2dConfig::new([input, output], [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
        .with_bias(false)
        .init(device)
}

pub(super) fn deconv(
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    padding: usize,
    device: &Device,
) -> ConvTranspose2d {
    ConvTranspose2dConfig::new(channels, [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding([padding, padding])
        .with_bias(false)
        .init(device)
}

pub(super) fn norm(channels: usize, device: &Device) -> Norm {
    Some(BatchNormConfig::new(channels).init(device))
}

/// Normalises `x`, or passes it on where the norm is folded away.
pub(super) fn normed<const D: usize>(norm: &Norm, x: Tensor<D>) -> Tensor<D> {
    match norm {
        Some(norm) if x.device().is_autodiff() && norm.training.is_enabled() => norm.forward(x),
        // Not by Burn's own operation: it reads statistics that lag a training pass behind, and takes twice the passes.
        Some(norm) => {
            let (scale, shift) = affine(norm);
            let mut shape = [1; D];
            shape[1] = scale.dims()[0];
            x * scale.reshape(shape) + shift.reshape(shape)
        }
        None => x,
    }
}

/// A norm in inference as `scale * x + shift`, each `[channels]`.
pub(super) fn affine(norm: &BatchNorm) -> (Tensor<1>, Tensor<1>) {
    let scale = norm.gamma.val() / norm.running_var.value_sync().add_scalar(norm.epsilon).sqrt();
    let shift = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
    (scale, shift)
}

/// A ResNet basic block: two 3x3 convolutions beside a shortcut, added, ReLU.
#[derive(Module, Debug)]
pub struct BasicBlock {
    pub(super) conv1: Conv2d,
    pub(super) bn1: Norm,
    pub(super) conv2: Conv2d,
    pub(super) bn2: Norm,
    /// 1x1 convolution and norm where the shape changes; `None` stands for the identity.
    pub(super) short: Option<(Conv2d, Norm)>,
}

impl BasicBlock {
    /// A block from `channels[0]` to `channels[1]` feature maps that divides the resolution by `stride`.
    pub(super) fn new(channels: [usize; 2], stride: usize, device: &Device) -> Self {
        let [input, output] = channels;
        let short =
            (stride != 1 || input != output).then(|| (conv(channels, 1, stride, 0, device), norm(output, device)));
        Self {
            conv1: conv(channels, 3, stride, 1, device),
            bn1: norm(output, device),
            conv2: conv([output, output], 3, 1, 1, device),
            bn2: norm(output, device),
            short,
        }
    }

    /// `[n, in, h, w]` -> `[n, out, h / stride, w / stride]`.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = match &self.short {
            Some((conv, bn)) => normed(bn, pointwise(conv, x.clone())),
            None => x.clone(),
        };
        let x = relu(normed(&self.bn1, convolved(&self.conv1, x)));
        let x = normed(&self.bn2, convolved(&self.conv2, x));
        relu(x + shortcut)
    }
}
