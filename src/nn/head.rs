//! The expression head: which emotion a part of the code shows (Table 3 of the paper).

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::layers::initialised;

const HIDDEN: usize = 200;
const DROPOUT: f64 = 0.2;

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
}
