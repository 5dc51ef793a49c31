//! The disentangler Phi and its inverse: between the latent code `z` and its parts `f` (section 3 of the paper).

use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::leaky_relu;
use burn::tensor::{Device, Tensor, TensorData};
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
    /// The same network with weights under which `f` is `z` itself, its last three parts made unit length: what stands
    /// in a model whose stage two has not begun, and a start for that stage from which nothing is lost.
    ///
    /// A pair of hidden units, `x` and `-x`, carries each number through the LeakyReLU; units that are left over keep
    /// their weights but are not listened to. None where the hidden layer has no such pairs or there are two of them.
    pub fn pass_through(mut self) -> Option<Self> {
        let [input, hidden] = self.fc.weight.dims();
        if hidden < 2 * input || self.fc2.is_some() {
            return None;
        }
        set(&mut self.fc.weight, |weight| pairs_in(weight, input, hidden));
        set_zero(&mut self.fc.bias);
        let heads = [&mut self.pose, &mut self.identity, &mut self.expression, &mut self.style];
        for (head, part) in heads.into_iter().zip(Part::ALL) {
            let columns = part.range();
            set(&mut head.weight, |weight| pairs_out(weight, columns.start, columns.len(), &[1.0; CODE_DIM]));
            set_zero(&mut head.bias);
        }
        Some(self)
    }

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
pub(super) fn unit(x: Tensor<2>) -> Tensor<2> {
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
    /// The same network with weights under which `z~` is `f`, each number multiplied by its entry of `lengths`: the
    /// other half of [`Disentangler::pass_through`], where `lengths` holds 1 for pose and the usual length of the part
    /// that Phi made unit length for the others. None as there.
    pub fn pass_through(mut self, lengths: &[f32; CODE_DIM]) -> Option<Self> {
        let [input, hidden] = self.fc1.weight.dims();
        if hidden < 2 * input || self.fc3.is_some() {
            return None;
        }
        set(&mut self.fc1.weight, |weight| pairs_in(weight, input, hidden));
        set_zero(&mut self.fc1.bias);
        set(&mut self.fc2.weight, |weight| pairs_out(weight, 0, CODE_DIM, lengths));
        set_zero(&mut self.fc2.bias);
        Some(self)
    }

    /// Disentangled codes `f` `[n, 99]` -> latent codes `z~` `[n, 99]`.
    pub fn forward(&self, f: Tensor<2>) -> Tensor<2> {
        let x = self.fc2.forward(leaky_relu(self.fc1.forward(f), SLOPE));
        match &self.fc3 {
            Some(last) => last.forward(leaky_relu(x, SLOPE)),
            None => x,
        }
    }
}

/// Replaces a weight, on its own device and as trainable as before.
fn set(param: &mut Param<Tensor<2>>, values: impl FnOnce(&mut [f32])) {
    let old = param.val();
    let (shape, device) = (old.dims(), old.device());
    // The numbers of a weight that was just made; a device that cannot give them back gives zeros to write into.
    let mut data = old.try_into_vec_as::<f32>().unwrap_or_else(|_| vec![0.0; shape[0] * shape[1]]);
    values(&mut data);
    *param = param.clone().map(|_| trainable(Tensor::from_data(TensorData::new(data, shape), &device)));
}

fn set_zero(bias: &mut Option<Param<Tensor<1>>>) {
    if let Some(param) = bias {
        *param = param.clone().map(|old| trainable(Tensor::zeros(old.dims(), &old.device())));
    }
}

fn trainable<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    if tensor.is_autodiff() { tensor.require_grad() } else { tensor }
}

/// Of a weight `[input, hidden]`: hidden units 2i and 2i + 1 see number i as it is and negated. The rest stays.
fn pairs_in(weight: &mut [f32], input: usize, hidden: usize) {
    for row in 0..input {
        let units = &mut weight[row * hidden..][..hidden];
        for (unit, value) in units.iter_mut().enumerate().take(2 * input) {
            *value = match (unit / 2 == row, unit % 2) {
                (false, _) => 0.0,
                (true, 0) => 1.0,
                (true, _) => -1.0,
            };
        }
    }
}

/// Of a weight `[hidden, output]`: output j is the number `first + j` times its length, from its pair of units; other
/// units are not listened to. LeakyReLU(x) - LeakyReLU(-x) is `(1 + slope) x`.
fn pairs_out(weight: &mut [f32], first: usize, output: usize, lengths: &[f32; CODE_DIM]) {
    weight.fill(0.0);
    for j in 0..output {
        let value = lengths[first + j] / (1.0 + SLOPE as f32);
        weight[2 * (first + j) * output + j] = value;
        weight[(2 * (first + j) + 1) * output + j] = -value;
    }
}
