use burn::tensor::{Bool, Device, Tensor, TensorData};
use facespace::nn::losses::mining::{Chosen, Mined};
use facespace::nn::losses::triplet::{chosen_triplet, mined_triplet, nearest_negative, triplet};

use super::{assert_gradient, assert_value, gradient, ints, scattered, tensor};

fn allowed(rows: &[[i64; 5]]) -> Tensor<2, Bool> {
    let values: Vec<bool> = rows.as_flattened().iter().map(|&value| value == 1).collect();
    Tensor::from_data(TensorData::new(values, [rows.len(), 5]), &Device::flex())
}

/// Three points: 0 and 1 lie 0.5 apart, 0 and 2 lie 0.6 apart, 1 and 2 lie 0.5 apart.
const POINTS: [f64; 6] = [0.0, 0.0, 0.3, 0.4, 0.6, 0.0];

fn of_points(points: &[f64], valid: &[f64], squared: bool) -> Tensor<1> {
    let f = tensor(points, [points.len() / 2, 2]);
    triplet(f, ints(&[1, 0, 2]), ints(&[2, 2, 2]), tensor(valid, [3]), squared)
}

#[test]
fn distances_as_by_hand() {
    // 0.5 - 0.6 + 0.2 = 0.1 and 0.5 - 0.5 + 0.2 = 0.2; the third row takes no part.
    assert_value(of_points(&POINTS, &[1.0, 1.0, 0.0], false), 0.15, 1e-6);
    // 0.25 - 0.36 + 0.2 = 0.09 and 0.25 - 0.25 + 0.2 = 0.2
    assert_value(of_points(&POINTS, &[1.0, 1.0, 0.0], true), 0.145, 1e-9);
    assert_value(of_points(&POINTS, &[0.0, 1.0, 0.0], false), 0.2, 1e-6);
}

#[test]
fn each_triplet_is_clamped() {
    // 1 - 9 + 0.2 and 1 - 8 + 0.2 are below 0; the other way round 9 - 1 + 0.2 is above 0.4.
    let right = [0.0, 0.0, 1.0, 0.0, 9.0, 0.0];
    assert_value(of_points(&right, &[1.0, 1.0, 0.0], false), 0.0, 1e-12);
    let wrong = [0.0, 0.0, 9.0, 0.0, 1.0, 0.0];
    assert_value(of_points(&wrong, &[1.0, 0.0, 0.0], false), 0.4, 1e-12);
}

#[test]
fn without_a_valid_row_it_is_zero() {
    assert_value(of_points(&POINTS, &[0.0; 3], false), 0.0, 0.0);
}

#[test]
fn equal_codes_have_finite_gradients() {
    for squared in [false, true] {
        let loss = |f: Tensor<2>| triplet(f, ints(&[1, 0, 0]), ints(&[2, 2, 1]), tensor(&[1.0; 3], [3]), squared);
        assert_value(loss(tensor(&[0.5; 6], [3, 2])), 0.2, 1e-9);
        assert!(gradient(&[0.5; 6], [3, 2], loss).iter().all(|slope| slope.is_finite()));
    }
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let points: Vec<f64> = POINTS.iter().zip(scattered(6)).map(|(point, noise)| point + 0.01 * noise).collect();
    for squared in [false, true] {
        assert_gradient(&points, [3, 2], |f| {
            triplet(f, ints(&[1, 0, 1]), ints(&[2, 2, 0]), tensor(&[1.0, 1.0, 1.0], [3]), squared)
        });
    }
}

#[test]
fn the_negative_has_its_rank_among_those_allowed() {
    let f = || tensor(&[0.0, 1.0, 2.0, 4.5, 7.0], [5, 1]);
    let rows = [[0, 0, 1, 1, 1], [1, 0, 0, 0, 1], [1, 0, 0, 1, 1], [1, 1, 0, 0, 0], [0, 0, 1, 1, 0]];
    let pick = |ranks: &[i64; 5]| {
        let found = nearest_negative(f(), allowed(&rows), ints(ranks), 3);
        found.try_into_vec_as::<i64>().unwrap()
    };
    assert_eq!(pick(&[0, 0, 0, 0, 0]), [2, 0, 0, 1, 3]);
    assert_eq!(pick(&[1, 1, 1, 1, 1]), [3, 4, 3, 0, 2]);
    assert_eq!(pick(&[2, 0, 2, 0, 0]), [4, 0, 4, 1, 3]);
}

#[test]
fn mined_and_chosen_triplets_are_the_same_loss() {
    let f = || tensor(&POINTS, [3, 2]);
    let mined = Mined {
        positive: vec![1, 0, 2],
        negative_allowed: vec![false, false, true, false, false, true, false, false, false],
        pick: vec![0.9, 0.1, 0.5],
        valid: vec![1.0, 1.0, 0.0],
    };
    assert_value(mined_triplet(f(), &mined, 5, false), 0.15, 1e-6);
    let chosen = Chosen { positive: vec![1, 0, 2], negative: vec![2, 2, 2], valid: vec![1.0, 1.0, 0.0] };
    assert_eq!(mined.at_random(), chosen, "one negative each leaves no choice");
    assert_value(chosen_triplet(f(), &chosen, false), 0.15, 1e-6);
    let moves = gradient(&POINTS, [3, 2], |f| mined_triplet(f, &mined, 5, false));
    assert!(moves.iter().any(|slope| *slope != 0.0), "the gradient reaches the codes");
}
