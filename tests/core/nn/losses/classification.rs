use burn::tensor::{Bool, Device, Tensor, TensorData};
use facespace::nn::losses::classification::{cross_entropy, inverse_frequency};

use super::{assert_gradient, assert_value, gradient, ints, tensor};

fn absent(classes: &[bool]) -> Tensor<1, Bool> {
    Tensor::from_data(TensorData::new(classes.to_vec(), [classes.len()]), &Device::flex())
}

#[test]
fn absent_classes_take_no_part_and_weights_count() {
    // Without the third class the first row has probabilities 1/4 and 3/4, and so has the second.
    let logits = [0.0, 3.0_f64.ln(), 50.0, 0.0, 3.0_f64.ln(), -50.0];
    let found = cross_entropy(
        tensor(&logits, [2, 3]),
        ints(&[0, 1]),
        tensor(&[1.0, 3.0, 0.0], [3]),
        absent(&[false, false, true]),
    );
    // (1 * log 4 + 3 * log 4/3) / (1 + 3)
    assert_value(found, (4.0_f64.ln() + 3.0 * (4.0_f64 / 3.0).ln()) / 4.0, 1e-9);
}

#[test]
fn a_label_of_an_absent_class_costs_nothing() {
    let loss = |logits| cross_entropy(logits, ints(&[2]), tensor(&[1.0, 1.0, 0.0], [3]), absent(&[false, false, true]));
    assert_value(loss(tensor(&[0.0, 1.0, 2.0], [1, 3])), 0.0, 1e-12);
    assert!(gradient(&[0.0, 1.0, 2.0], [1, 3], loss).iter().all(|slope| *slope == 0.0));
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let logits: Vec<f64> = super::scattered(12);
    assert_gradient(&logits, [4, 3], |logits| {
        cross_entropy(logits, ints(&[0, 2, 1, 2]), tensor(&[0.5, 2.0, 1.0], [3]), absent(&[false; 3]))
    });
}

#[test]
fn rare_classes_weigh_more_and_the_average_picture_weighs_one() {
    // Two classes are there: 40 / (2 * 30) and 40 / (2 * 10).
    let weights = inverse_frequency(&[30, 0, 10]);
    assert_eq!(weights, [2.0 / 3.0, 0.0, 2.0]);
    assert!((30.0 * weights[0] + 10.0 * weights[2] - 40.0).abs() < 1e-4);
    assert_eq!(inverse_frequency(&[0, 0]), [0.0, 0.0]);
}
