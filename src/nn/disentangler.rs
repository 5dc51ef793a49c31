//! The disentangler Phi and its inverse: between the latent code `z` and its parts `f` (section 3 of the paper).

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::leaky_relu;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::Variant;
use super::layers::initialised;
use crate::face::{CODE_DIM, Part};

const SLOPE: f64 = 0.01;

/// Settings of the disentangler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisentanglerConfig {
    /// Size of the hidden layers; the method's is 1000.
    pub hidden: usize,
    /// [`Variant::Paper`] has a second hidden layer.
    pub variant: Variant,
}

/// Phi: one hidden layer (two in the paper's variant), then a linear head for each part.
///
/// The pose head is free (radians); the other three parts are made unit length.
#[derive(Module, Debug)]
pub struct Disentangler {
    fc: Linear,
    fc2: Option<Linear>,
    pose: Linear,
    identity: Linear,
    expression: Linear,
    style: Linear,
}

impl DisentanglerConfig {
    /// A disentangler with random weights, all of them created.
    pub fn init(&self, device: &Device) -> Disentangler {
        initialised(self.build(device))
    }

    pub(super) fn build(&self, device: &Device) -> Disentangler {
        let hidden = self.hidden;
        let [pose, identity, expression, style] =
            Part::ALL.map(|part| LinearConfig::new(hidden, part.range().len()).init(device));
        Disentangler {
            fc: LinearConfig::new(CODE_DIM, hidden).init(device),
            fc2: (self.variant == Variant::Paper).then(|| LinearConfig::new(hidden, hidden).init(device)),
            pose,
            identity,
            expression,
            style,
        }
    }
}

impl Disentangler {
    /// Latent codes `z` `[n, 99]` -> disentangled codes `f` `[n, 99]`: pose, identity, expression, style.
    pub fn forward(&self, z: Tensor<2>) -> Tensor<2> {
        let mut hidden = leaky_relu(self.fc.forward(z), SLOPE);
        if let Some(second) = &self.fc2 {
            hidden = leaky_relu(second.forward(hidden), SLOPE);
        }
        let pose = self.pose.forward(hidden.clone());
        let identity = unit(self.identity.forward(hidden.clone()));
        let expression = unit(self.expression.forward(hidden.clone()));
        let style = unit(self.style.forward(hidden));
        Tensor::cat(vec![pose, identity, expression, style], 1)
    }
}

/// Each row at length one.
fn unit(x: Tensor<2>) -> Tensor<2> {
    // Under the root, so that its slope stays finite at a zero row; at lengths near one it is lost in rounding.
    let length = x.clone().square().sum_dim(1).add_scalar(1e-12).sqrt();
    x / length
}

/// Settings of the inverse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InverseConfig {
    /// Size of the hidden layers; the method's is 1000.
    pub hidden: usize,
    /// [`Variant::Paper`] has a second hidden layer.
    pub variant: Variant,
}

/// Phi^-1: one hidden layer (two in the paper's variant), then linear.
#[derive(Module, Debug)]
pub struct Inverse {
    fc1: Linear,
    fc2: Linear,
    fc3: Option<Linear>,
}

impl InverseConfig {
    /// An inverse with random weights, all of them created.
    pub fn init(&self, device: &Device) -> Inverse {
        initialised(self.build(device))
    }

    pub(super) fn build(&self, device: &Device) -> Inverse {
        let linear = |input, output| LinearConfig::new(input, output).init(device);
        let fc1 = linear(CODE_DIM, self.hidden);
        match self.variant {
            Variant::Authors => Inverse { fc1, fc2: linear(self.hidden, CODE_DIM), fc3: None },
            Variant::Paper => {
                Inverse { fc1, fc2: linear(self.hidden, self.hidden), fc3: Some(linear(self.hidden, CODE_DIM)) }
            }
        }
    }
}

impl Inverse {
    /// Disentangled codes `f` `[n, 99]` -> latent codes `z~` `[n, 99]`.
    pub fn forward(&self, f: Tensor<2>) -> Tensor<2> {
        let x = self.fc2.forward(leaky_relu(self.fc1.forward(f), SLOPE));
        match &self.fc3 {
            Some(last) => last.forward(leaky_relu(x, SLOPE)),
            None => x,
        }
    }
}
