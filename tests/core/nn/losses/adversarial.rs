use burn::tensor::Device;
use facespace::nn::losses::adversarial::{feature_matching, says_fake, says_real};

use super::{assert_gradient, assert_value, gradient, on, scattered, tensor};

#[test]
fn undecided_costs_log_two() {
    assert_value(says_real(tensor(&[0.0, 0.0], [2])), 2.0_f64.ln(), 1e-12);
    assert_value(says_fake(tensor(&[0.0, 0.0], [2])), 2.0_f64.ln(), 1e-12);
}

#[test]
fn being_right_costs_nothing_and_being_wrong_costs_the_logit() {
    assert_value(says_real(tensor(&[200.0, -200.0], [2])), 100.0, 1e-9);
    assert_value(says_fake(tensor(&[200.0, -200.0], [2])), 100.0, 1e-9);
    // log(1 + 1/3): a logit of log 3 says "real" at 3 to 1.
    assert_value(says_real(tensor(&[3.0_f64.ln()], [1])), (4.0_f64 / 3.0).ln(), 1e-12);
}

#[test]
fn a_generator_that_is_seen_through_still_learns() {
    // Non-saturating: the slope of -log D is -1 where D is sure, over two logits -1/2.
    let slopes = gradient(&[-200.0, -50.0], [2], says_real);
    assert!(slopes.iter().all(|slope| (slope + 0.5).abs() < 1e-9), "{slopes:?}");
    assert_gradient(&[-3.0, -0.2, 0.0, 1.0, 4.0], [5], says_real);
    assert_gradient(&[-3.0, -0.2, 0.0, 1.0, 4.0], [5], says_fake);
}

#[test]
fn features_are_matched_on_average_over_the_batch() {
    // Means (2, 4) and (1, 0): off by 1 and 4.
    let photographs = || tensor(&[1.0, 3.0, 3.0, 5.0], [2, 1, 1, 2]);
    assert_value(feature_matching(photographs(), tensor(&[0.0, 0.0, 2.0, 0.0], [2, 1, 1, 2])), 2.5, 1e-12);
    // Whose features they are does not matter, nor how many pictures gave them.
    assert_value(feature_matching(photographs(), tensor(&[3.0, 5.0, 1.0, 3.0], [2, 1, 1, 2])), 0.0, 1e-12);
    assert_value(feature_matching(photographs(), tensor(&[2.0, 3.0], [1, 1, 1, 2])), 0.5, 1e-12);
    assert_gradient(&scattered(3 * 2 * 2 * 2), [3, 2, 2, 2], |x| {
        feature_matching(tensor(&scattered(5 * 2 * 2 * 2), [5, 2, 2, 2]), x)
    });
}

#[test]
fn photographs_are_not_moved_towards_what_is_generated() {
    let device = Device::flex().autodiff();
    let photographs = on::<4>(&device, &[1.0, 3.0], [1, 1, 1, 2]).require_grad();
    let generated = on::<4>(&device, &[0.0, 4.0], [1, 1, 1, 2]).require_grad();
    let gradients = feature_matching(photographs.clone(), generated.clone()).backward();
    assert!(photographs.grad(&gradients).is_none_or(|slopes| slopes.abs().sum().into_scalar::<f64>() == 0.0));
    // Each of the two is off in its own direction, and counts half.
    assert_eq!(super::numbers(generated.grad(&gradients).unwrap()), [-0.5, 0.5]);
}
