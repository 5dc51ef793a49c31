//! The mean head from pictures of it.

use facespace::find::mean_face::Builder;
use facespace::nn::finder::MeanFace;

use super::heads::{head, noise, seen};

/// Heads in poses of up to 35 degrees, with noise of this many units on every landmark.
fn builder(faces: usize, spread_deg: f32, noise_units: f32) -> Builder {
    let mut builder = Builder::new();
    for face in 0..faces {
        let size = 60.0 + 40.0 * noise(face + 7);
        let pose = [0, 1, 2].map(|axis| spread_deg * noise(3 * face + axis));
        let mut points = seen(&head(), pose, size, [50.0 * noise(face), 20.0], None);
        for (i, [x, y]) in points.iter_mut().enumerate() {
            *x += noise_units * size * noise(1_000 * face + 2 * i);
            *y += noise_units * size * noise(1_000 * face + 2 * i + 1);
        }
        builder.add(&points, pose);
    }
    builder
}

fn furthest(a: &MeanFace, b: &MeanFace) -> f32 {
    a.as_flattened().iter().zip(b.as_flattened()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_head_is_recovered() {
    let solved = builder(60, 35.0, 0.0).solve().unwrap();
    assert!(furthest(&solved, &head()) < 1e-3, "{}", furthest(&solved, &head()));
}

#[test]
fn noise_averages_out_and_the_head_is_symmetric() {
    let solved = builder(400, 35.0, 0.06).solve().unwrap();
    assert!(furthest(&solved, &head()) < 0.03, "{}", furthest(&solved, &head()));
    let [left, right] = [solved[36], solved[45]];
    assert!((right[0] - left[0] - 1.0).abs() < 1e-5 && (right[0] + left[0]).abs() < 1e-5);
    assert!(solved[30][0].abs() < 1e-5, "the tip of the nose lies in the middle");
    for axis in 0..3 {
        assert!(solved.iter().map(|point| point[axis]).sum::<f32>().abs() < 1e-3);
    }
}

#[test]
fn depth_needs_heads_that_look_around() {
    assert_eq!(Builder::new().solve(), None);
    assert_eq!(builder(30, 0.0, 0.0).solve(), None);
}

#[test]
fn faces_that_are_none_are_left_out() {
    let mut builder = builder(3, 35.0, 0.0);
    builder.add(&[[1.0; 2]; 68], [0.0; 3]);
    builder.add(&[[f32::NAN; 2]; 68], [0.0; 3]);
    builder.add(&seen(&head(), [0.0; 3], 50.0, [0.0; 2], None), [f32::NAN, 0.0, 0.0]);
    assert_eq!(builder.count(), 3);
}

#[test]
fn memory_is_bounded() {
    let mut builder = Builder::new();
    let points = seen(&head(), [0.0; 3], 50.0, [0.0; 2], None);
    for _ in 0..45_000 {
        builder.add(&points, [0.0; 3]);
    }
    // Halved at 20,000 and at 40,000; of those offered, each fourth is left.
    assert_eq!(builder.count(), 11_250);
}
