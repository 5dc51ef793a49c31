use facespace::nn::losses::adversarial::{says_fake, says_real};

use super::{assert_gradient, assert_value, gradient, tensor};

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
