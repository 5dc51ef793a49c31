//! The landmarker: the 68 points of one face, framed roughly, and whether it is one.

use burn::module::{Module, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Initializer, Linear, LinearConfig};
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::{Device, Tensor, TensorData, s};

use super::super::fold::{fold_basic_block, fold_conv};
use super::super::layers::{BasicBlock, Norm, conv, initialised, norm, normed};
use super::super::norms::{self, HasNorms};
use crate::face::Landmarks;

/// Width and height of the picture that the landmarker sees, in pixels.
pub const SIDE: usize = 64;
/// Side of the square that it sees over that of the face's crop (section 2 of the method).
pub const FRAME: f32 = 1.30;
/// Coordinates of the 68 points.
pub const POINTS: usize = 136;
/// The points and the logit.
pub const OUTPUTS: usize = POINTS + 1;

/// Feature maps of the two first convolutions, and those of the blocks with their strides.
const STEM: [usize; 2] = [16, 32];
const BLOCKS: [(usize, usize); 4] = [(32, 1), (64, 2), (64, 1), (96, 2)];
/// What the last block leaves: 96 maps of 4 x 4.
const FLAT: usize = 96 * 4 * 4;
const HIDDEN: usize = 160;
/// Of the leaky ReLU after that layer: with a plain one most of its numbers died early in training, for good.
const SLOPE: f64 = 0.1;
/// Bound of the last layer's first weights: an untrained landmarker answers with little else than its bias.
const FAINT: f64 = 0.01;

/// Two 3x3 convolutions of stride 2 with norm and ReLU; four basic blocks, of which the second and the fourth halve the
/// resolution; linear to 160, leaky ReLU; linear to 137.
#[derive(Module, Debug)]
pub struct Landmarker {
    stem1: Conv2d,
    stem1_bn: Norm,
    stem2: Conv2d,
    stem2_bn: Norm,
    blocks: Vec<BasicBlock>,
    fc: Linear,
    out: Linear,
}

impl Landmarker {
    /// A landmarker with random weights, all of them created.
    pub fn init(device: &Device) -> Self {
        initialised(Self::build(device))
    }

    /// The same with lazy weights, for a caller that loads others at once.
    pub(super) fn build(device: &Device) -> Self {
        let inputs = [STEM[1]].into_iter().chain(BLOCKS.map(|(output, _)| output));
        let blocks =
            inputs.zip(BLOCKS).map(|(input, (output, stride))| BasicBlock::new([input, output], stride, device));
        let faint = Initializer::Uniform { min: -FAINT, max: FAINT };
        Self {
            stem1: conv([3, STEM[0]], 3, 2, 1, device),
            stem1_bn: norm(STEM[0], device),
            stem2: conv(STEM, 3, 2, 1, device),
            stem2_bn: norm(STEM[1], device),
            blocks: blocks.collect(),
            fc: LinearConfig::new(FLAT, HIDDEN).init(device),
            out: LinearConfig::new(HIDDEN, OUTPUTS).with_initializer(faint).init(device),
        }
    }

    /// The same landmarker with `mean`, in units of the frame (0..1), as what it answers before any training.
    pub fn start_from(mut self, mean: &Landmarks) -> Self {
        let device = self.out.weight.val().device();
        let bias = mean.as_flattened().iter().copied().chain([0.0]).collect::<Vec<f32>>();
        self.out.bias = Some(Param::from_data(TensorData::new(bias, [OUTPUTS]), &device));
        self
    }

    /// Frames `[n, 3, 64, 64]`, `rgb / 255 - 0.5` -> points `[n, 136]` (x0, y0, x1, ... in units of the frame, 0 at its
    /// left and upper edge and 1 at its right and lower) and logits `[n]` of "this is a face, framed as asked".
    pub fn forward(&self, x: Tensor<4>) -> (Tensor<2>, Tensor<1>) {
        let x = relu(normed(&self.stem1_bn, self.stem1.forward(x)));
        let x = relu(normed(&self.stem2_bn, self.stem2.forward(x)));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        // [n, 96, 4, 4] -> [n, 1536]
        let x = leaky_relu(self.fc.forward(x.flatten::<2>(1, 3)), SLOPE);
        let answer = self.out.forward(x);
        let points = answer.clone().slice(s![.., 0..POINTS]);
        (points, answer.slice(s![.., POINTS..OUTPUTS]).squeeze_dim::<1>(1))
    }

    /// The same landmarker with norms folded, for inference.
    pub fn fold(mut self) -> Self {
        fold_conv(&mut self.stem1, &mut self.stem1_bn);
        fold_conv(&mut self.stem2, &mut self.stem2_bn);
        self.blocks.iter_mut().for_each(fold_basic_block);
        self
    }
}

impl HasNorms for Landmarker {
    fn norms(&mut self, visit: &mut dyn FnMut(&mut BatchNorm)) {
        norms::each(&mut self.stem1_bn, visit);
        norms::each(&mut self.stem2_bn, visit);
        self.blocks.iter_mut().for_each(|block| norms::basic_block(block, visit));
    }
}
