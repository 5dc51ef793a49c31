use burn::tensor::Tensor;
use facespace::nn::losses::diff_augment::{Policy, Row, draw_shifts, small_shift};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::{assert_gradient, gradient, numbers, scattered, tensor};

const SIDE: usize = 16;

/// A picture of one channel that is 1 at a place and 0 elsewhere.
fn dot([x, y]: [usize; 2]) -> Tensor<4> {
    let mut values = vec![0.0; SIDE * SIDE];
    values[y * SIDE + x] = 1.0;
    tensor(&values, [1, 1, SIDE, SIDE])
}

/// The places that are not 0, `[x, y]`, with their values.
fn lit(picture: Tensor<4>) -> Vec<([usize; 2], f64)> {
    let values = numbers(picture).into_iter().enumerate();
    values.filter(|(_, value)| *value != 0.0).map(|(place, value)| ([place % SIDE, place / SIDE], value)).collect()
}

fn one(row: Row) -> Policy {
    Policy { rows: vec![row] }
}

#[test]
fn the_plain_policy_leaves_every_pixel() {
    let values = scattered(2 * 3 * 16 * 8);
    let policy = Policy { rows: vec![Row::PLAIN; 2] };
    assert_eq!(numbers(policy.apply(tensor(&values, [2, 3, 16, 8]))), values);
    assert_eq!(numbers(small_shift(tensor(&values, [2, 3, 16, 8]), &[[0, 0]; 2])), values);
}

#[test]
fn a_translation_moves_a_dot_by_so_many_pixels() {
    // An eighth of 16 to the right, a sixteenth up.
    let policy = one(Row { shift: [0.125, -0.0625], ..Row::PLAIN });
    assert_eq!(lit(policy.apply(dot([5, 7]))), [([7, 6], 1.0)]);
    assert!(lit(policy.apply(dot([15, 7]))).is_empty(), "moved out, and nothing comes in");
    assert!(lit(policy.apply(dot([0, 0]))).is_empty());
}

#[test]
fn a_translation_is_the_same_on_all_channels_and_another_on_each_picture() {
    let both = Tensor::cat(vec![dot([5, 7]), dot([5, 7])], 1);
    let batch = Tensor::cat(vec![both.clone(), both], 0);
    let rows = vec![Row { shift: [0.0, 0.125], ..Row::PLAIN }, Row { shift: [-0.125, 0.0], ..Row::PLAIN }];
    let moved = Policy { rows }.apply(batch);
    for channel in 0..2 {
        let picture = |n: usize| moved.clone().narrow(0, n, 1).narrow(1, channel, 1);
        assert_eq!(lit(picture(0)), [([5, 9], 1.0)]);
        assert_eq!(lit(picture(1)), [([3, 7], 1.0)]);
    }
}

#[test]
fn pictures_need_not_be_square() {
    // 4 high, 16 wide: an eighth of the width is 2 pixels, a quarter of the height 1.
    let mut values = vec![0.0; 4 * SIDE];
    values[SIDE + 3] = 1.0;
    let moved = one(Row { shift: [0.125, 0.25], ..Row::PLAIN }).apply(tensor(&values, [1, 1, 4, SIDE]));
    assert_eq!(lit(moved), [([5, 2], 1.0)]);
}

#[test]
fn a_small_shift_repeats_the_border() {
    assert_eq!(lit(small_shift(dot([5, 7]), &[[-2, 1]])), [([3, 8], 1.0)]);
    // A dot at the left border leaves a line behind when it moves to the right.
    assert_eq!(lit(small_shift(dot([0, 7]), &[[2, 0]])), [([0, 7], 1.0), ([1, 7], 1.0), ([2, 7], 1.0)]);
    let flat = tensor(&[0.3; SIDE * SIDE], [1, 1, SIDE, SIDE]);
    assert_eq!(numbers(small_shift(flat, &[[2, -2]])), [0.3; SIDE * SIDE]);
}

#[test]
fn colour_is_brightness_then_saturation_then_contrast() {
    // Two pixels of three channels.
    let x = [0.1, -0.2, 0.3, 0.0, -0.1, 0.2];
    let row = Row { shift: [0.0; 2], brightness: 0.125, saturation: 0.5, contrast: 1.25 };
    let found = numbers(one(row).apply(tensor(&x, [1, 3, 1, 2])));

    let brighter = x.map(|value| value + 0.125);
    let grey = [0, 1].map(|pixel| (brighter[pixel] + brighter[2 + pixel] + brighter[4 + pixel]) / 3.0);
    let paler: [f64; 6] = std::array::from_fn(|i| grey[i % 2] + 0.5 * (brighter[i] - grey[i % 2]));
    let mean = paler.iter().sum::<f64>() / 6.0;
    for (found, value) in found.iter().zip(paler) {
        let expected = mean + 1.25 * (value - mean);
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
}

#[test]
fn draws_stay_in_their_ranges_and_repeat_with_the_seed() {
    let draw = |seed| Policy::draw(&mut ChaCha8Rng::seed_from_u64(seed), 500);
    let rows = draw(1).rows;
    assert_eq!(draw(1).rows, rows);
    assert_ne!(draw(2).rows, rows);
    let within = |value: f32, low: f32, high: f32| (low..=high).contains(&value);
    for row in &rows {
        assert!(row.shift.iter().all(|&part| within(part, -0.125, 0.125)));
        assert!(within(row.brightness, -0.25, 0.25) && within(row.saturation, 0.0, 2.0));
        assert!(within(row.contrast, 0.5, 1.5));
    }
    assert!(rows.iter().any(|row| row.shift[0] > 0.1) && rows.iter().any(|row| row.shift[1] < -0.1));
    let shifts = draw_shifts(&mut ChaCha8Rng::seed_from_u64(1), 500, 2);
    for pixels in -2..=2 {
        assert!(shifts.iter().any(|shift| shift[0] == pixels) && shifts.iter().any(|shift| shift[1] == pixels));
    }
    assert!(shifts.as_flattened().iter().all(|pixels| (-2..=2).contains(pixels)));
}

#[test]
fn gradients_flow_through_colour_and_translation() {
    let shape = [2, 3, 8, 16];
    let values = scattered(2 * 3 * 8 * 16);
    let weights = scattered(values.len() + 3).split_off(3);
    let policy = Policy::draw(&mut ChaCha8Rng::seed_from_u64(5), 2);
    // Squared, so that the slopes depend on the pixels.
    assert_gradient(&values, shape, |x| (policy.apply(x).square() * tensor(&weights, shape)).sum());
    let shift = |x| (small_shift(x, &[[2, -1], [-2, 0]]).square() * tensor(&weights, shape)).sum();
    assert_gradient(&values, shape, shift);
    // A pixel that is moved out of the picture has no slope: the last two columns.
    let policy = Policy { rows: vec![Row { shift: [0.125, 0.0], ..Row::PLAIN }; 2] };
    let slopes = gradient(&values, shape, |x| policy.apply(x).sum());
    for (place, slope) in slopes.iter().enumerate() {
        assert_eq!(*slope, if place % 16 < 14 { 1.0 } else { 0.0 }, "place {place}");
    }
}
