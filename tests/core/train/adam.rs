//! Adam against steps worked by hand, and what a checkpoint keeps of it.

use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use facespace::train::adam::{Adam, NamedGradients, added, gradients_of, scaled};
use safetensors::SafeTensors;

fn training() -> Device {
    Device::flex().autodiff()
}

/// A layer from one number to one: two parameters.
fn layer(weight: f32, bias: f32) -> Linear {
    Linear {
        weight: Param::from_data(TensorData::new(vec![weight], [1, 1]), &training()),
        bias: Some(Param::from_data(TensorData::new(vec![bias], [1]), &training())),
    }
}

/// Weight and bias.
fn numbers(layer: &Linear) -> [f32; 2] {
    let bias = layer.bias.as_ref().unwrap().val();
    [layer.weight.val().reshape([-1]), bias].map(|tensor: Tensor<1>| tensor.inner().into_scalar::<f32>())
}

fn gradients<const N: usize>(named: [(&str, f32); N]) -> NamedGradients {
    named.map(|(name, value)| (name.to_owned(), Tensor::from_floats([value], &Device::flex()))).into()
}

fn values(gradients: NamedGradients) -> BTreeMap<String, f32> {
    gradients.into_iter().map(|(name, gradient)| (name, gradient.into_scalar::<f32>())).collect()
}

/// One of the numbers that a state holds.
fn moment(adam: &Adam, name: &str) -> f32 {
    let bytes = adam.to_bytes().unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let names = file.names();
    let view = file.tensor(name).unwrap_or_else(|e| panic!("{e}: {names:?}"));
    f32::from_le_bytes(view.data().try_into().unwrap())
}

#[track_caller]
fn assert_near(found: f32, expected: f32) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

#[test]
fn two_steps_are_those_worked_by_hand() {
    // With momentum: m = 0.2, v = 0.004, corrected 2 and 4; then m = 0.08, v = 0.004996, corrected 0.42105 and 2.49925.
    // Without: the second gradient alone over the root of 2.49925.
    for (beta_1, expected) in [(0.9, [0.9, 0.873_366_3]), (0.0, [0.9, 0.963_255])] {
        let mut adam = Adam::new(beta_1, 0.999, 0.0);
        let mut net = layer(1.0, 5.0);
        for (gradient, expected) in [2.0, -1.0].into_iter().zip(expected) {
            adam.begin();
            net = adam.step("net", 0.1, net, gradients([("net.weight", gradient)]));
            let [weight, bias] = numbers(&net);
            assert_near(weight, expected);
            assert_eq!(bias, 5.0, "it has no gradient");
        }
        assert!(net.weight.val().is_require_grad() && net.bias.as_ref().unwrap().val().is_require_grad());
    }
}

#[test]
fn gradients_are_named_after_their_module() {
    let net = layer(3.0, -1.0);
    let x = Tensor::<2>::from_data(TensorData::new(vec![2.0_f32, 4.0], [2, 1]), &training());
    let mut found = net.forward(x.clone()).sum().backward();
    let named = gradients_of("net", &net, &mut found);
    let expected = |weight, bias| BTreeMap::from([("net.weight".to_owned(), weight), ("net.bias".to_owned(), bias)]);
    assert_eq!(values(named.clone()), expected(6.0, 2.0));
    assert_eq!(values(scaled(named.clone(), 0.5)), expected(3.0, 1.0));
    let more = gradients([("net.weight", 1.0)]);
    assert_eq!(values(added(named, more)), expected(7.0, 2.0));

    let frozen = net.no_grad();
    let moved = layer(1.0, 0.0);
    let mut found = frozen.forward(moved.forward(x)).sum().backward();
    assert!(gradients_of("frozen", &frozen, &mut found).is_empty());
    assert_eq!(gradients_of("moved", &moved, &mut found).len(), 2);
}

#[test]
fn gradients_are_clipped_together_and_only_where_they_are_long() {
    let both = || gradients([("net.weight", 3.0), ("net.bias", 4.0)]);
    for (norm, factor) in [(1.0, 0.2), (5.1, 1.0), (0.0, 1.0)] {
        let mut adam = Adam::new(0.9, 0.999, norm);
        adam.begin();
        adam.step("net", 0.1, layer(0.0, 0.0), both());
        assert_near(moment(&adam, "first.net.weight"), 0.1 * 3.0 * factor);
        assert_near(moment(&adam, "first.net.bias"), 0.1 * 4.0 * factor);
        assert_near(moment(&adam, "second.net.bias"), 0.001 * (4.0 * factor) * (4.0 * factor));
    }
}

#[test]
fn networks_of_one_optimiser_share_its_time_and_nothing_else() {
    let mut adam = Adam::new(0.9, 0.999, 0.0);
    let (mut one, mut other) = (layer(0.0, 0.0), layer(0.0, 0.0));
    for _ in 0..3 {
        adam.begin();
        one = adam.step("one", 0.1, one, gradients([("one.weight", 1.0)]));
        other = adam.step("other", 0.1, other, gradients([("other.weight", -1.0)]));
    }
    // A gradient that stays the same moves by the rate at every step.
    assert_near(numbers(&one)[0], -0.3);
    assert_near(numbers(&other)[0], 0.3);
    assert_near(moment(&adam, "first.one.weight"), -moment(&adam, "first.other.weight"));
    let untouched = adam.step("one", 0.1, one, gradients([("other.weight", 9.0)]));
    assert_near(numbers(&untouched)[0], -0.3);
}

#[test]
fn a_state_that_is_taken_up_goes_on_as_before() {
    let mut adam = Adam::new(0.9, 0.999, 50.0);
    let mut net = layer(1.0, 2.0);
    for gradient in [0.3, -0.7] {
        adam.begin();
        net = adam.step("net", 0.01, net, gradients([("net.weight", gradient), ("net.bias", 2.0 * gradient)]));
    }
    let bytes = adam.to_bytes().unwrap();
    let mut again = Adam::new(0.9, 0.999, 50.0);
    again.restore(&bytes).unwrap();
    assert_eq!(again.to_bytes().unwrap(), bytes);

    let third = |adam: &mut Adam, net: Linear| {
        adam.begin();
        numbers(&adam.step("net", 0.01, net, gradients([("net.weight", 0.1), ("net.bias", -0.4)])))
    };
    let [weight, bias] = numbers(&net);
    assert_eq!(third(&mut again, layer(weight, bias)), third(&mut adam, net));
    assert_eq!(again.to_bytes().unwrap(), adam.to_bytes().unwrap());
    assert_ne!(again.to_bytes().unwrap(), bytes);
}

#[test]
fn a_damaged_state_is_named_and_changes_nothing() {
    let mut adam = Adam::new(0.9, 0.999, 0.0);
    adam.begin();
    adam.step("net", 0.1, layer(0.0, 0.0), gradients([("net.weight", 1.0)]));
    let bytes = adam.to_bytes().unwrap();
    for damaged in [&b"no state"[..], &bytes[..bytes.len() - 3], &[]] {
        let error = adam.restore(damaged).unwrap_err();
        crate::cli::assert_sentence(&error.to_string());
        assert_eq!(adam.to_bytes().unwrap(), bytes);
    }
}
