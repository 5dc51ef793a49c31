//! The expression head: which emotion a part of the code shows (Table 3 of the paper).

use burn::module::{Module, Param};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::layers::initialised;

/// Size of the two hidden layers.
pub const HIDDEN: usize = 200;
/// Share of the hidden numbers that training drops.
pub const DROPOUT: f64 = 0.2;

/// Settings of an expression head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpressionHeadConfig {
    /// Size of the part that it reads: 32 for f_e. That table compares heads on the other parts too.
    pub input: usize,
    /// How many classes it tells apart.
    pub classes: usize,
}

/// Three linear layers, in -> 200 -> 200 -> classes, with dropout 0.2 and ReLU between.
#[derive(Module, Debug)]
pub struct ExpressionHead {
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    dropout: Dropout,
}

impl ExpressionHeadConfig {
    /// A head with random weights, all of them created.
    pub fn init(&self, device: &Device) -> ExpressionHead {
        initialised(self.build(device))
    }

    /// A head whose random weights come from `draw`, numbers spread evenly over 0..1, and not from the device's
    /// generator, which other threads draw from as well.
    pub fn init_drawn(&self, draw: &mut dyn FnMut() -> f32, device: &Device) -> ExpressionHead {
        let mut linear = |input: usize, output: usize| {
            // Burn's and PyTorch's default for a linear layer.
            let bound = 1.0 / (input as f32).sqrt();
            let mut numbers = |count: usize| (0..count).map(|_| bound * (2.0 * draw() - 1.0)).collect::<Vec<f32>>();
            Linear {
                weight: Param::from_data(TensorData::new(numbers(input * output), [input, output]), device),
                bias: Some(Param::from_data(TensorData::new(numbers(output), [output]), device)),
            }
        };
        ExpressionHead {
            fc1: linear(self.input, HIDDEN),
            fc2: linear(HIDDEN, HIDDEN),
            fc3: linear(HIDDEN, self.classes),
            dropout: DropoutConfig::new(DROPOUT).init(),
        }
    }

    pub(super) fn build(&self, device: &Device) -> ExpressionHead {
        ExpressionHead {
            fc1: LinearConfig::new(self.input, HIDDEN).init(device),
            fc2: LinearConfig::new(HIDDEN, HIDDEN).init(device),
            fc3: LinearConfig::new(HIDDEN, self.classes).init(device),
            dropout: DropoutConfig::new(DROPOUT).init(),
        }
    }
}

impl ExpressionHead {
    /// Parts of codes `[n, input]` -> logits `[n, classes]`.
    ///
    /// Logits, not probabilities: cross-entropy and the masking of absent classes both start from them.
    pub fn forward(&self, part: Tensor<2>) -> Tensor<2> {
        let x = relu(self.dropout.forward(self.fc1.forward(part)));
        let x = relu(self.dropout.forward(self.fc2.forward(x)));
        self.fc3.forward(x)
    }

    /// The same in training with the dropout of the caller: masks `[n, 200]` for the two hidden layers, 0 where a number
    /// is dropped and 1 / 0.8 elsewhere.
    pub fn forward_dropped(&self, part: Tensor<2>, [first, second]: [Tensor<2>; 2]) -> Tensor<2> {
        let x = relu(self.fc1.forward(part) * first);
        let x = relu(self.fc2.forward(x) * second);
        self.fc3.forward(x)
    }
}
