//! Convolutions in the forms that Burn's CPU backend computes fastest, gradients included; elsewhere they are what they
//! are called. `benches/README.md` says what each of them gains.

use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2d;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, s};

/// `conv` of `x`; in inference on the CPU a 3x3 convolution with a border of one is computed as one matrix product.
///
/// Burn's CPU backend puts all weights into another order at every convolution, on a single thread, which for the deep
/// layers takes longer than the product itself. The product takes the weights as they lie. Training keeps Burn's own
/// operation, whose gradients are cheaper.
pub(super) fn convolved(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    if conv.kernel_size == [3, 3] && on_cpu(&x) && !x.device().is_autodiff() {
        product(conv.weight.val(), bias(conv), x.pad((1, 1, 1, 1), 0.0), conv.stride)
    } else {
        conv.forward(x)
    }
}

/// `conv` of pictures, which have few maps and which it reads in strides; on the CPU each square of `stride x stride`
/// pixels becomes one pixel of so many more maps ("space to depth"), and so do the weights, over which the convolution
/// then moves by one pixel.
///
/// Burn's CPU backend convolves up to four maps with up to 16 kernels number by number, and for the gradient of weights
/// with a stride it computes what it then cuts off.
pub(super) fn stem(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let (PaddingConfig2d::Explicit(border, ..), true) = (&conv.padding, on_cpu(&x)) else { return conv.forward(x) };
    let (border, step, kernel) = (*border, conv.stride[0], conv.kernel_size[0]);
    let reach = kernel.div_ceil(step);
    // How many pixels a side has to have, and how many of them come after the picture's own.
    let after = |side: usize| {
        let outputs = (side + 2 * border - kernel) / step + 1;
        ((outputs + reach - 1) * step).checked_sub(border + side)
    };
    let [_, _, height, width] = x.dims();
    let (Some(below), Some(right)) = (after(height), after(width)) else { return conv.forward(x) };
    let x = space_to_depth(x.pad((border, right, border, below), 0.0), step);
    let more = reach * step - kernel;
    let weight = space_to_depth(conv.weight.val().pad((0, more, 0, more), 0.0), step);
    if x.device().is_autodiff() {
        conv2d(x, weight, bias(conv), ConvOptions::new([1, 1], [0, 0], [1, 1], 1))
    } else {
        product(weight, bias(conv), x, [1, 1])
    }
}

/// `conv` of 1x1 kernels and of any stride; on the CPU one matrix product for each picture, with the pixels that it
/// reads. Of the gradient of such weights, Burn's CPU backend computes several times as much as there is.
pub(super) fn pointwise(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    if !on_cpu(&x) {
        return conv.forward(x);
    }
    // The step is the encoder's 2 at most, so it fits any integer.
    let step = conv.stride[0] as isize;
    let x = if step == 1 { x } else { x.slice(s![.., .., ..;step, ..;step]) };
    let [n, input, height, width] = x.dims();
    let output = conv.weight.dims()[0];
    let weight = conv.weight.val().reshape([1, output, input]);
    let y = weight.matmul(x.reshape([n, input, height * width]));
    let y = match bias(conv) {
        Some(bias) => y + bias.reshape([1, output, 1]),
        None => y,
    };
    y.reshape([n, output, height, width])
}

fn on_cpu(x: &Tensor<4>) -> bool {
    x.device().without_autodiff() == Device::flex()
}

fn bias(conv: &Conv2d) -> Option<Tensor<1>> {
    conv.bias.as_ref().map(|bias| bias.val())
}

/// A convolution without a border as one product: weights `[out, in * kernel]` times the neighbourhood of each output
/// pixel, `[in * kernel, n * h * w]`.
fn product(weight: Tensor<4>, bias: Option<Tensor<1>>, x: Tensor<4>, [down, across]: [usize; 2]) -> Tensor<4> {
    let [output, input, rows, columns] = weight.dims();
    let numbers = input * rows * columns;
    // [n, in, h, w, rows, columns], a view until it is reshaped.
    let neighbours = x.unfold::<5, _>(2, rows, down).unfold::<6, _>(3, columns, across);
    let [n, _, height, width, ..] = neighbours.dims();
    let neighbours = neighbours.permute([1, 4, 5, 0, 2, 3]).reshape([numbers, n * height * width]);
    let y = weight.reshape([output, numbers]).matmul(neighbours);
    let y = match bias {
        Some(bias) => y + bias.unsqueeze_dim::<2>(1),
        None => y,
    };
    y.reshape([output, n, height, width]).swap_dims(0, 1)
}

/// `[n, maps, h, w]` -> `[n, maps * step * step, h / step, w / step]`; both sides are multiples of `step`.
fn space_to_depth(x: Tensor<4>, step: usize) -> Tensor<4> {
    let [n, maps, height, width] = x.dims();
    let (height, width) = (height / step, width / step);
    let squares = x.reshape([n, maps, height, step, width, step]).permute([0, 1, 3, 5, 2, 4]);
    squares.reshape([n, maps * step * step, height, width])
}
