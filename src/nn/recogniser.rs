//! A face recognition network of somebody else's, as a teacher and a measuring instrument: who is in a picture, as 128
//! numbers. It is never needed to run the model and comes from a file that the user points to.
//!
//! Its shape is fixed (a residual network of 29 convolutions whose norms are folded away). It sees a chip of 150 x 150,
//! which is cut out of the 128-pixel crop by two fixed matrices, so that gradients reach the picture.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use super::convolutions::{convolved, stem};
use super::error::listed;
use super::picture::{self, MEAN, SIDE};
use super::{NnError, TensorFault, tensors};

/// Numbers that describe a face.
pub const DESCRIPTOR_DIM: usize = 128;
/// Descriptors nearer to each other than this (Euclidean distance) are taken for one person's.
pub const SAME_PERSON: f32 = 0.6;

/// Side of the chip in pixels, and the square of the 128-pixel crop that it shows: side and centre (x, y).
const CHIP_SIDE: usize = 150;
const SQUARE_SIDE: f64 = 131.0;
const SQUARE_CENTRE: [f64; 2] = [64.8, 57.6];
/// Taken from the chip's colours (0..255), which are then divided by 256.
const CHIP_MEAN: [f32; 3] = [122.782, 117.001, 104.298];

const WIDTH: usize = 32;
/// Feature maps and stride of each block.
const BLOCKS: [(usize, usize); 14] = [
    (32, 1),
    (32, 1),
    (32, 1),
    (64, 2),
    (64, 1),
    (64, 1),
    (64, 1),
    (128, 2),
    (128, 1),
    (128, 1),
    (256, 2),
    (256, 1),
    (256, 1),
    (256, 2),
];
/// Blocks whose activations are [`Features::activations`], after that of the stem.
const TAPPED: [usize; 3] = [3, 7, 10];
/// Pictures that [`Recogniser::describe`] computes at once.
const BATCH: usize = 16;

/// Why a file cannot serve as the recogniser.
#[derive(Debug, thiserror::Error)]
pub enum RecogniserError {
    #[error("This is not a readable recogniser ({reason}); choose a whole safetensors file")]
    Unreadable { reason: String },
    #[error(
        "This recogniser has another shape ({}); choose the network of 29 convolutions that gives 128 numbers",
        listed(faults)
    )]
    OtherShape { faults: Vec<TensorFault> },
}

/// The network, its weights never trained.
#[derive(Module, Debug)]
pub struct Recogniser {
    stem: Conv2d,
    blocks: Vec<Block>,
    fc: Linear,
}

/// Two convolutions beside a shortcut.
#[derive(Module, Debug)]
struct Block {
    conv1: Conv2d,
    conv2: Conv2d,
}

/// What the network makes of pictures.
#[derive(Clone, Debug)]
pub struct Features {
    /// After the stem `[n, 32, 35, 35]` and after blocks 3 `[n, 64, 17, 17]`, 7 `[n, 128, 8, 8]` and 10
    /// `[n, 256, 4, 4]`.
    pub activations: [Tensor<4>; 4],
    /// `[n, 128]`.
    pub descriptor: Tensor<2>,
}

impl Recogniser {
    /// The network with the weights of a safetensors file, on `device`; frozen, so that on a device with gradients they
    /// reach the pictures and not the weights.
    ///
    /// # Errors
    /// Bytes that are no safetensors file, and tensors of another network.
    pub fn load(bytes: Vec<u8>, device: &Device) -> Result<Self, RecogniserError> {
        // The store's own words for such bytes are not for people.
        let network = tensors::shapes(&bytes).and_then(|_| tensors::load(Self::build(device), bytes));
        match network {
            Ok(network) => Ok(network.freeze()),
            Err(NnError::WrongTensors { faults }) => Err(RecogniserError::OtherShape { faults }),
            Err(NnError::Unreadable { reason }) => Err(RecogniserError::Unreadable { reason }),
            Err(other) => Err(RecogniserError::Unreadable { reason: other.to_string() }),
        }
    }

    fn build(device: &Device) -> Self {
        let inputs = std::iter::once(WIDTH).chain(BLOCKS.map(|(width, _)| width));
        let blocks = inputs.zip(BLOCKS).map(|(input, (output, stride))| Block {
            conv1: conv([input, output], 3, stride, if stride == 1 { 1 } else { 0 }, device),
            conv2: conv([output, output], 3, 1, 1, device),
        });
        let last = BLOCKS[BLOCKS.len() - 1].0;
        Self {
            stem: conv([3, WIDTH], 7, 2, 0, device),
            blocks: blocks.collect(),
            fc: LinearConfig::new(last, DESCRIPTOR_DIM).with_bias(false).init(device),
        }
    }

    /// Pictures `[n, 3, 128, 128]` (as [`super::picture`] makes them) -> descriptors `[n, 128]`.
    pub fn descriptors(&self, x: Tensor<4>) -> Tensor<2> {
        self.features(x).descriptor
    }

    /// Pictures `[n, 3, 128, 128]` -> the activations that a perceptual loss compares, and the descriptors.
    pub fn features(&self, x: Tensor<4>) -> Features {
        let x = relu(stem(&self.stem, chip(x)));
        let pooled = max_pool2d(x, MaxPoolOptions::new([3, 3]).with_stride([2, 2]));
        let mut x = pooled.clone();
        let mut tapped = Vec::with_capacity(TAPPED.len());
        for (number, block) in self.blocks.iter().enumerate() {
            x = block.forward(x);
            if TAPPED.contains(&number) {
                tapped.push(x.clone());
            }
        }
        // [n, 256, 2, 2] -> [n, 256]
        let x = x.flatten::<3>(2, 3).mean_dim(2).squeeze_dim::<2>(2);
        let [third, seventh, tenth]: [Tensor<4>; 3] =
            tapped.try_into().unwrap_or_else(|_| unreachable!("there are 14 blocks, and 3, 7 and 10 are among them"));
        Features { activations: [pooled, third, seventh, tenth], descriptor: self.fc.forward(x) }
    }

    /// The descriptors of pictures of 128 x 128, in order.
    ///
    /// # Errors
    /// [`NnError::PictureSize`], [`NnError::Device`].
    pub fn describe(&self, pictures: &[&RgbImage]) -> Result<Vec<[f32; DESCRIPTOR_DIM]>, NnError> {
        let device = self.fc.weight.val().device();
        let mut descriptors = Vec::with_capacity(pictures.len());
        for batch in pictures.chunks(BATCH) {
            let values = picture::read(self.descriptors(picture::to_tensor(batch, &device)?))?;
            descriptors.extend_from_slice(values.as_chunks::<DESCRIPTOR_DIM>().0);
        }
        Ok(descriptors)
    }
}

impl Block {
    /// `[n, in, h, w]` -> `[n, out, h', w']`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let same_size = self.conv1.stride == [1, 1];
        let shortcut = if same_size { x.clone() } else { avg_pool2d(x.clone(), AvgPoolOptions::new([2, 2])) };
        // Convolutions with a border are one matrix product on the CPU; the other kind has none.
        let x = if same_size { convolved(&self.conv1, x) } else { self.conv1.forward(x) };
        let x = convolved(&self.conv2, relu(x));
        let ([_, c1, h1, w1], [_, c2, h2, w2]) = (x.dims(), shortcut.dims());
        let [channels, height, width] = [c1.max(c2), h1.max(h2), w1.max(w2)];
        relu(widened(x, channels, height, width) + widened(shortcut, channels, height, width))
    }
}

/// `x` with zeros at the end of each axis.
fn widened(x: Tensor<4>, channels: usize, height: usize, width: usize) -> Tensor<4> {
    let [_, c, h, w] = x.dims();
    if [c, h, w] == [channels, height, width] {
        return x;
    }
    x.pad([(0, channels - c), (0, height - h), (0, width - w)], 0.0)
}

/// A convolution with bias.
fn conv([input, output]: [usize; 2], kernel: usize, stride: usize, padding: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([input, output], [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
        .init(device)
}

/// Pictures `[n, 3, 128, 128]` -> chips `[n, 3, 150, 150]` in the recogniser's colours.
fn chip(x: Tensor<4>) -> Tensor<4> {
    let device = x.device();
    let matrix = |axis: usize| {
        let values = resampling(SQUARE_CENTRE[axis]);
        Tensor::<2>::from_data(TensorData::new(values, [CHIP_SIDE, SIDE]), &device)
    };
    let n = x.dims()[0];
    // Rows of all pictures at once: [n * 3 * 128, 128] -> [n, 3, 128, 150]; then the same for columns.
    let across = x.reshape([n * 3 * SIDE, SIDE]).matmul(matrix(0).transpose()).reshape([n, 3, SIDE, CHIP_SIDE]);
    let down = across.swap_dims(2, 3).reshape([n * 3 * CHIP_SIDE, SIDE]).matmul(matrix(1).transpose());
    let chips = down.reshape([n, 3, CHIP_SIDE, CHIP_SIDE]).swap_dims(2, 3);
    // Each row of the matrices sums to one, so colours may change their scale after it.
    let shift: Vec<f32> = MEAN.iter().zip(CHIP_MEAN).map(|(mean, chip)| (mean * 255.0 - chip) / 256.0).collect();
    chips.mul_scalar(255.0 / 256.0) + Tensor::from_data(TensorData::new(shift, [1, 3, 1, 1]), &device)
}

/// What each of the chip's 150 pixels along an axis takes of the crop's 128, row-major `[150, 128]`: bilinear between
/// pixel centres at i + 0.5, mirrored at the border.
fn resampling(centre: f64) -> Vec<f32> {
    let mut values = vec![0.0; CHIP_SIDE * SIDE];
    for (i, row) in values.chunks_exact_mut(SIDE).enumerate() {
        let at = centre - SQUARE_SIDE / 2.0 + (i as f64 + 0.5) * SQUARE_SIDE / CHIP_SIDE as f64 - 0.5;
        let share = at - at.floor();
        // Both lie within a picture's side of the crop.
        row[mirrored(at.floor() as i64)] += (1.0 - share) as f32;
        row[mirrored(at.floor() as i64 + 1)] += share as f32;
    }
    values
}

/// The pixel that `i` falls on when the crop is mirrored at its border.
fn mirrored(i: i64) -> usize {
    let side = SIDE as i64;
    (if i < 0 { -1 - i } else { i.min(2 * side - 1 - i) }) as usize
}
