//! Convolutions in forms of our own: the same answers while training as in inference, and gradients that finite
//! differences give. That the answers are right, the networks of another implementation say (`parity`).

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor};
use facespace::nn::norms::in_evaluation;
use facespace::nn::{Discriminators, ImageDiscriminator, Networks, Variant};
use facespace::train::adam::{NamedGradients, gradients_of};

use super::{assert_close, fixture};

/// Moves the parameters that have a gradient, by so much of it.
struct Moved<'a> {
    gradients: &'a NamedGradients,
    by: f32,
    path: Vec<String>,
}

impl ModuleMapper for Moved<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(gradient) = self.gradients.get(&self.path.join(".")) else { return param };
        let step = gradient.clone().mul_scalar(self.by);
        param.map(|weight| {
            let moved = weight.inner();
            let shape = moved.dims();
            Tensor::from_inner(moved + step.reshape(shape)).require_grad()
        })
    }
}

/// Asserts that along the gradient of these parameters `loss` rises as steeply as the gradient is long.
fn assert_steep<M: Module>(prefix: &str, network: &M, names: &[&str], loss: impl Fn(&M) -> Tensor<1>) {
    let mut gradients = gradients_of(prefix, network, &mut loss(network).backward());
    gradients.retain(|name, _| names.contains(&name.as_str()));
    assert_eq!(gradients.len(), names.len(), "{:?}", gradients.keys());
    let squares = gradients.values().map(|gradient| gradient.clone().square().sum().into_scalar::<f32>());
    let length = squares.sum::<f32>().sqrt();
    assert_slope(&format!("{names:?}"), length, 1e-3, |distance| {
        let mut moved = Moved { gradients: &gradients, by: distance / length, path: vec![prefix.to_owned()] };
        loss(&network.clone().map(&mut moved)).into_scalar::<f32>()
    });
}

/// Asserts that what lies `along` a gradient of this length rises by as much as that, from one `step` before to one after.
fn assert_slope(name: &str, length: f32, step: f32, along: impl Fn(f32) -> f32) {
    let slope = (along(step) - along(-step)) / (2.0 * step);
    assert!(length > 0.0 && (slope / length - 1.0).abs() < 0.02, "{name}: {slope} along a gradient of {length}");
}

fn networks(device: &Device) -> (Networks, Discriminators, Tensor<4>) {
    let file = fixture(Variant::Authors);
    (in_evaluation(file.networks(device)), in_evaluation(file.discriminators(device)), file.pictures(device))
}

#[test]
fn training_gives_what_inference_gives() {
    let (trained, trained_critics, x) = networks(&Device::flex().autodiff());
    let (plain, plain_critics, plain_x) = networks(&Device::flex());
    assert_close("E", trained.E.forward(x.clone()).inner(), plain.E.forward(plain_x.clone()), 1e-5);
    assert_close("D_x", trained_critics.D_x.forward(x).inner(), plain_critics.D_x.forward(plain_x), 1e-5);
}

#[test]
fn first_layers_and_shortcuts_have_the_gradients_of_finite_differences() {
    let (networks, critics, x) = networks(&Device::flex().autodiff());
    let shortcuts = ["E.blocks.2.short.0.weight", "E.blocks.4.short.0.weight", "E.blocks.6.short.0.weight"];
    for names in [&["E.conv.weight"][..], &shortcuts[..]] {
        assert_steep("E", &networks.E, names, |encoder| encoder.forward(x.clone()).square().mean());
    }
    let judged = |critic: &ImageDiscriminator| critic.forward(x.clone()).square().mean();
    assert_steep("D_x", &critics.D_x, &["D_x.blocks.0.conv.weight"], judged);
}

#[test]
fn pictures_get_their_gradient_through_both() {
    let (networks, critics, x) = networks(&Device::flex().autodiff());
    let loss = |x: Tensor<4>| networks.E.forward(x.clone()).square().mean() + critics.D_x.forward(x).square().mean();
    let x = x.require_grad();
    let gradients = loss(x.clone()).backward();
    let gradient = x.grad(&gradients).expect("pictures are tracked");
    let length = gradient.clone().square().sum().sqrt().into_scalar::<f32>();
    assert_slope("pictures", length, 1e-2, |distance| {
        let moved = x.clone().inner() + gradient.clone().mul_scalar(distance / length);
        loss(Tensor::from_inner(moved)).into_scalar::<f32>()
    });
}
