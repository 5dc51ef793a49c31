//! Rows are made to have exactly the moments that are wanted: a point to each side of the mean along each of as many
//! perpendicular axes as there are numbers. Of `n = 2 d` such rows the sample variance along an axis is
//! `2 c^2 / (n - 1)`, so points lie at `c = deviation * sqrt((n - 1) / 2)`.

use facespace::evaluate::frechet::{compare, distance, needed};

use super::Noise;

fn rows<const D: usize>(mean: [f64; D], axes: [[f64; D]; D], deviations: [f64; D]) -> Vec<[f32; D]> {
    let reach = ((2.0 * D as f64 - 1.0) / 2.0).sqrt();
    let point = |axis: usize, sign: f64| {
        std::array::from_fn(|j| (mean[j] + sign * reach * deviations[axis] * axes[axis][j]) as f32)
    };
    (0..D).flat_map(|axis| [point(axis, 1.0), point(axis, -1.0)]).collect()
}

#[test]
fn gaussians_along_the_same_axes() {
    // The closed form for covariances that commute: |m_a - m_b|^2 plus the squared differences of the deviations.
    let axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let a = rows([1.0, 2.0, 3.0], axes, [1.0, 2.0, 0.5]);
    let b = rows([1.0, 0.0, 3.5], axes, [2.0, 2.0, 1.0]);
    let found = distance(&a, &b, 1).unwrap();
    let expected = (0.0 + 4.0 + 0.25) + (1.0 + 0.0 + 0.25);
    assert!((found.value - expected).abs() < 1e-4, "{found:?}");
    assert_eq!(found.n, 6);
    let itself = distance(&a, &a, 1).unwrap();
    assert!(itself.value.abs() < 1e-6, "{itself:?}");
}

#[test]
fn gaussians_along_other_axes() {
    // A = diag(4, 1); B has variances 9 and 1 along axes turned by 30 degrees: its diagonal is 7 and 3. Of a matrix of
    // two rows, tr M^1/2 = (tr M + 2 (det M)^1/2)^1/2: tr AB = 4 * 7 + 1 * 3 = 31, det AB = 4 * 9 = 36.
    let (sin, cos) = 30f64.to_radians().sin_cos();
    let a = rows([5.0, -2.0], [[1.0, 0.0], [0.0, 1.0]], [2.0, 1.0]);
    let b = rows([5.0, -2.0], [[cos, sin], [-sin, cos]], [3.0, 1.0]);
    let expected = 5.0 + 10.0 - 2.0 * 43f64.sqrt();
    let found = distance(&a, &b, 1).unwrap();
    assert!((found.value - expected).abs() < 1e-4, "{found:?} for {expected}");
    let back = distance(&b, &a, 1).unwrap();
    assert!((back.value - expected).abs() < 1e-4, "it is the same the other way round");
}

#[test]
fn gaussians_elsewhere_whose_numbers_go_together() {
    // A = [[2, 1], [1, 2]] has variances 3 and 1 along axes turned by 45 degrees, B = [[7, -2 * 3^1/2], [-2 * 3^1/2, 3]]
    // 9 and 1 along axes turned back by 30. tr AB = 2 * 7 + 2 * 3 - 4 * 3^1/2, det AB = 3 * 9; the means are 1.5 and 2
    // apart, so |m_a - m_b|^2 is 6.25.
    let turned = |deg: f64| {
        let (sin, cos) = deg.to_radians().sin_cos();
        [[cos, sin], [-sin, cos]]
    };
    let a = rows([5.0, -2.0], turned(45.0), [3f64.sqrt(), 1.0]);
    let b = rows([6.5, -4.0], turned(-30.0), [3.0, 1.0]);
    let trace = 20.0 - 4.0 * 3f64.sqrt();
    let expected = 6.25 + 4.0 + 10.0 - 2.0 * (trace + 2.0 * 27f64.sqrt()).sqrt();
    for found in [distance(&a, &b, 1).unwrap(), distance(&b, &a, 1).unwrap()] {
        assert!((found.value - expected).abs() < 1e-4, "{found:?} for {expected}");
    }
}

#[test]
fn a_number_that_never_changes_adds_its_shift_alone() {
    let axes = [[1.0, 0.0], [0.0, 1.0]];
    let found = distance(&rows([0.0, 7.0], axes, [1.0, 0.0]), &rows([0.0, 4.0], axes, [1.0, 0.0]), 1).unwrap();
    assert!((found.value - 9.0).abs() < 1e-4, "{found:?}");
}

#[test]
fn too_few_rows_and_numbers_that_are_none_give_nothing() {
    let axes = [[1.0, 0.0], [0.0, 1.0]];
    let all = rows([0.0, 7.0], axes, [1.0, 1.0]);
    assert_eq!(needed(2), 3);
    assert!(distance(&all[..2], &all, 1).is_none() && distance(&all, &all[..3], 1).is_some());
    assert!(distance(&all[..0], &all, 1).is_none());
    let broken = [all[0], [f32::NAN, 0.0], all[2], all[3]];
    assert!(distance(&broken, &all, 1).is_none());
    let found = compare(&all, &all, 1).unwrap();
    assert!(found.between_halves.is_none(), "two rows in each half");
}

/// So many rows of four numbers, evenly spread over -1..1, the first shifted.
fn drawn(noise: &mut Noise, count: usize, shift: f32) -> Vec<[f32; 4]> {
    let mut row = || [noise.next() + shift, noise.next(), noise.next(), noise.next()];
    (0..count).map(|_| row()).collect()
}

#[test]
fn the_interval_is_as_wide_as_new_pictures_scatter() {
    let mut noise = Noise::new(31);
    let (mut values, mut widths) = (Vec::new(), Vec::new());
    for trial in 0..60 {
        let (a, b) = (drawn(&mut noise, 150, 0.5), drawn(&mut noise, 150, 0.0));
        let found = distance(&a, &b, trial).unwrap();
        let range = found.interval.unwrap();
        assert!(range.low < found.value && found.value < range.high, "{found:?}");
        values.push(found.value);
        widths.push(range.high - range.low);
    }
    let mean = values.iter().sum::<f64>() / 60.0;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 59.0).sqrt();
    let width = widths.iter().sum::<f64>() / 60.0;
    // 95 of 100 lie within 1.96 deviations to each side.
    assert!((0.7..1.4).contains(&(width / (2.0 * 1.96 * deviation))), "{width} for {deviation}");
    // The shift of 0.5 squared, and a little that two samples of the same kind are apart.
    assert!((0.24..0.32).contains(&mean), "{mean}");
}

#[test]
fn halves_of_the_real_pictures_are_near_each_other() {
    let mut noise = Noise::new(32);
    let (real, made) = (drawn(&mut noise, 400, 0.0), drawn(&mut noise, 300, 2.0));
    let found = compare(&real, &made, 1).unwrap();
    let halves = found.between_halves.unwrap();
    assert_eq!((found.distance.n, halves.n), (300, 200));
    assert!((found.distance.value - 4.0).abs() < 0.4 && halves.value < 0.1, "{found:?}");
    assert_eq!(found, compare(&real, &made, 1).unwrap());
}
