//! The few layers that several networks share: convolutions without bias, norms that folding may remove, and the
//! ResNet basic block.

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, s};

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
        Some(norm) => norm.forward(x),
        None => x,
    }
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
    /// The shortcut sees every `short_step`-th pixel. 1 until folding moves the convolution's stride here.
    pub(super) short_step: usize,
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
            short_step: 1,
        }
    }

    /// `[n, in, h, w]` -> `[n, out, h / stride, w / stride]`.
    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let shortcut = match &self.short {
            Some((conv, bn)) => normed(bn, conv.forward(every_nth_pixel(x.clone(), self.short_step))),
            None => x.clone(),
        };
        let x = relu(normed(&self.bn1, self.conv1.forward(x)));
        let x = normed(&self.bn2, self.conv2.forward(x));
        relu(x + shortcut)
    }
}

/// What a 1x1 convolution of stride `step` reads.
fn every_nth_pixel(x: Tensor<4>, step: usize) -> Tensor<4> {
    // The step is the encoder's 2 at most, so it fits any integer.
    let step = step as isize;
    if step == 1 { x } else { x.slice(s![.., .., ..;step, ..;step]) }
}
