use facespace::nn::losses::disentangle::{cosine, cross_covariance, cycle, l1, pose};

use super::{assert_gradient, assert_value, gradient, scattered, tensor};

#[test]
fn pose_is_a_mean_over_valid_rows_and_angles() {
    let loss = |valid: &[f64], squared: bool| {
        let truth = tensor(&[0.0, 0.0, 0.0, 0.5, 0.5, 0.5], [2, 3]);
        pose(tensor(&[0.3, -0.6, 0.0, 9.0, 9.0, 9.0], [2, 3]), truth, tensor(valid, [2]), squared)
    };
    // (0.3 + 0.6) / 3 and (0.09 + 0.36) / 3
    assert_value(loss(&[1.0, 0.0], false), 0.3, 1e-12);
    assert_value(loss(&[1.0, 0.0], true), 0.15, 1e-12);
    assert_value(loss(&[1.0, 1.0], false), (0.3 + 8.5) / 2.0, 1e-12);
    assert_value(loss(&[0.0, 0.0], true), 0.0, 0.0);
}

#[test]
fn the_cycle_leaves_pose_out_or_gives_it_its_own_weight() {
    let asked = || tensor(&[0.0; 2 * 99], [2, 99]);
    // Pose is off by 0.3 everywhere, the rest by 0.1.
    let seen = || tensor(&[[0.3; 3].as_slice(), &[0.1; 96], &[-0.3; 3], &[-0.1; 96]].concat(), [2, 99]);
    assert_value(cycle(asked(), seen(), 0.0), 0.1, 1e-12);
    assert_value(cycle(asked(), seen(), 0.5), 0.1 + 0.5 * 0.3 * 3.0 / 96.0, 1e-12);
    // All 99 at once: (3 * 0.3 + 96 * 0.1) / 99
    assert_value(l1(asked(), seen()), (0.9 + 9.6) / 99.0, 1e-12);
}

#[test]
fn cosine_counts_directions_and_not_lengths() {
    let loss = |valid: &[f64]| {
        let f = tensor(&[2.0, 0.0, 0.0, 3.0, 1.0, 1.0], [3, 2]);
        cosine(f, tensor(&[5.0, 0.0, 1.0, 0.0, -1.0, -1.0], [3, 2]), tensor(valid, [3]))
    };
    // The same direction, at a right angle, opposite.
    assert_value(loss(&[1.0, 0.0, 0.0]), 0.0, 1e-9);
    assert_value(loss(&[0.0, 1.0, 0.0]), 1.0, 1e-9);
    assert_value(loss(&[1.0, 1.0, 1.0]), 1.0, 1e-9);
    assert_value(loss(&[0.0, 0.0, 1.0]), 2.0, 1e-9);
    assert_value(loss(&[0.0; 3]), 0.0, 0.0);
    let slopes = gradient(&[0.0, 0.0], [1, 2], |f| cosine(f, tensor(&[1.0, 0.0], [1, 2]), tensor(&[1.0], [1])));
    assert!(slopes.iter().all(|slope| slope.is_finite()));
}

/// Codes of `n` faces that are zero but for a few numbers, given as place and values.
fn codes(n: usize, numbers: &[(usize, &[f64])]) -> Vec<f64> {
    let mut f = vec![0.0; n * 99];
    for (place, values) in numbers {
        for (face, value) in values.iter().enumerate() {
            f[face * 99 + place] = *value;
        }
    }
    f
}

#[test]
fn covariance_counts_between_parts_only() {
    let found = |numbers: &[(usize, &[f64])]| cross_covariance(tensor(&codes(4, numbers), [4, 99]));
    // Numbers 0 (pose) and 3 (identity) go together, whatever their sizes: one pair with covariance 1.
    assert_value(found(&[(0, &[1.0, -1.0, 1.0, -1.0]), (3, &[0.2, 0.0, 0.2, 0.0])]), 1.0, 1e-3);
    // The other way round it is -1, squared 1; with a third part there are three pairs.
    let third: &[f64] = &[-3.0, 3.0, -3.0, 3.0];
    assert_value(found(&[(0, &[1.0, -1.0, 1.0, -1.0]), (3, &[2.0, 0.0, 2.0, 0.0]), (70, third)]), 3.0, 1e-3);
    // Within a part it is no leak, and neither are numbers that vary apart.
    assert_value(found(&[(3, &[1.0, -1.0, 1.0, -1.0]), (4, &[1.0, -1.0, 1.0, -1.0])]), 0.0, 1e-9);
    assert_value(found(&[(0, &[1.0, -1.0, 1.0, -1.0]), (3, &[1.0, 1.0, -1.0, -1.0])]), 0.0, 1e-9);
    // Half of it: the covariance of (1, -1, 1, -1) and (1, -1, 0, 0) is 1/2, over the deviation sqrt(1/2); squared 1/2.
    assert_value(found(&[(0, &[1.0, -1.0, 1.0, -1.0]), (3, &[1.0, -1.0, 0.0, 0.0])]), 0.5, 1e-3);
}

#[test]
fn codes_that_never_change_have_no_covariance_and_finite_gradients() {
    assert_value(cross_covariance(tensor(&[0.3; 3 * 99], [3, 99])), 0.0, 1e-9);
    assert!(gradient(&[0.3; 3 * 99], [3, 99], cross_covariance).iter().all(|slope| slope.is_finite()));
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let valid = || tensor(&[1.0, 0.0, 1.0, 1.0], [4]);
    let other: Vec<f64> = scattered(4 * 99 + 5).split_off(5);
    let codes = scattered(4 * 99);
    assert_gradient(&codes, [4, 99], cross_covariance);
    assert_gradient(&codes, [4, 99], |f| cosine(f, tensor(&other, [4, 99]), valid()));
    assert_gradient(&codes, [4, 99], |f| cycle(tensor(&other, [4, 99]), f, 0.5));
    assert_gradient(&codes, [4, 99], |f| l1(f, tensor(&other, [4, 99])));
    for squared in [false, true] {
        assert_gradient(&codes[..12], [4, 3], |f| pose(f, tensor(&other[..12], [4, 3]), valid(), squared));
    }
}
