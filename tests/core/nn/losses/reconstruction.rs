use facespace::nn::losses::reconstruction::{contrast_structure, l1_levels};

use super::{assert_gradient, assert_value, scattered, tensor};

const SIDE: usize = 34;

/// Light and dark in turn, by `amount` to either side of `middle`: a Gaussian of sigma 1.5 leaves only the middle.
fn chequered(amount: f64, middle: f64) -> Vec<f64> {
    let at = |place: usize| if (place / SIDE + place % SIDE).is_multiple_of(2) { amount } else { -amount };
    (0..SIDE * SIDE).map(|place| middle + at(place)).collect()
}

fn similarity(x: &[f64], y: &[f64]) -> f64 {
    let shape = [1, 1, SIDE, SIDE];
    contrast_structure(tensor(x, shape), tensor(y, shape)).into_scalar::<f64>()
}

#[test]
fn l1_is_on_the_scale_of_levels() {
    // (0.1 + 0.3) / 4 * 255
    let (x, y) = (tensor(&[0.1, 0.2, 0.3, 0.4], [1, 1, 2, 2]), tensor(&[0.2, 0.2, 0.3, 0.1], [1, 1, 2, 2]));
    assert_value(l1_levels(x, y), 25.5, 1e-9);
}

#[test]
fn equal_pictures_are_alike_and_brightness_does_not_matter() {
    let x = chequered(0.1, 0.0);
    assert!((similarity(&x, &x) - 1.0).abs() < 1e-9);
    assert!((similarity(&x, &chequered(0.1, 0.3)) - 1.0).abs() < 1e-4);
    // Two flat pictures have no structure to differ in.
    assert!((similarity(&[0.2; SIDE * SIDE], &[-0.4; SIDE * SIDE]) - 1.0).abs() < 1e-4);
}

#[test]
fn half_the_contrast_as_by_hand() {
    // Variances 0.01 and 0.0025, covariance 0.005: (0.01 + 0.0036) / (0.0125 + 0.0036)
    let found = similarity(&chequered(0.1, 0.0), &chequered(0.05, 0.1));
    assert!((found - 0.0136 / 0.0161).abs() < 1e-5, "{found}");
}

#[test]
fn opposite_structure_is_held_at_zero() {
    assert_eq!(similarity(&chequered(0.1, 0.0), &chequered(-0.1, 0.0)), 0.0);
}

#[test]
fn pictures_and_channels_are_taken_apart() {
    // The first of two channels is equal, the second has half the contrast.
    let (x, half) = (chequered(0.1, 0.0), chequered(0.05, 0.0));
    let shape = [1, 2, SIDE, SIDE];
    let found = contrast_structure(tensor(&[x.clone(), x.clone()].concat(), shape), tensor(&[x, half].concat(), shape));
    assert_value(found, (1.0 + 0.0136 / 0.0161) / 2.0, 1e-5);
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let other: Vec<f64> = scattered(2 * 3 * 32 * 33).iter().map(|v| 0.1 * v).collect();
    let x: Vec<f64> = other.iter().zip(scattered(other.len() + 7).iter().skip(7)).map(|(a, b)| a + 0.05 * b).collect();
    let shape = [2, 3, 32, 33];
    assert_gradient(&x, shape, |x| contrast_structure(x, tensor(&other, shape)));
    assert_gradient(&x, shape, |x| l1_levels(x, tensor(&other, shape)));
}
