//! Collections in a plane.

use facespace::face::Part;
use facespace::gallery::{Codes, map};

use super::search::drawn;
use crate::evaluate::Noise;

/// Faces whose style lies along two directions, the second a third as wide; with where along them.
fn planted(count: usize) -> (Codes, Vec<[f32; 2]>) {
    let mut noise = Noise::new(51);
    let mut codes = Codes::with_capacity(count);
    let mut truth = Vec::new();
    for key in 0..count as i64 {
        let mut numbers = noise.code(0.5);
        let [across, up] = [0.45 * noise.next(), 0.15 * noise.next()];
        let style = &mut numbers[Part::Style.range()];
        style.fill(0.0);
        (style[5], style[20]) = (across, up);
        style[30] = (1.0 - across * across - up * up).sqrt();
        // Yaw differs most, then roll.
        numbers[0] *= 2.0;
        numbers[1] *= 0.1;
        assert!(codes.push(key, &numbers));
        truth.push([across, up]);
    }
    (codes, truth)
}

#[test]
fn the_widest_directions_are_found() {
    let (codes, truth) = planted(6000);
    let style = map(&codes, Part::Style);
    assert_eq!(style.points.len(), 6000);
    let mean = |i: usize| truth.iter().map(|point| point[i]).sum::<f32>() / 6000.0;
    let means = [mean(0), mean(1)];
    for (point, truth) in style.points.iter().zip(&truth) {
        for i in 0..2 {
            assert!((point[i] - (truth[i] - means[i])).abs() < 0.03, "{point:?} {truth:?}");
        }
    }
    let [first, second] = style.explained;
    assert!((0.8..0.95).contains(&first) && (0.05..0.15).contains(&second), "{:?}", style.explained);
    assert_eq!(style, map(&codes, Part::Style));
}

#[test]
fn pose_has_a_map_too() {
    let (codes, _) = planted(500);
    let pose = map(&codes, Part::Pose);
    assert!(pose.explained[0] > 0.7 && pose.explained[0] + pose.explained[1] > 0.98, "{:?}", pose.explained);
    let yaw: Vec<f32> = codes.pose().iter().map(|pose| pose[0]).collect();
    let mean = yaw.iter().sum::<f32>() / 500.0;
    assert!(pose.points.iter().zip(&yaw).all(|(point, yaw)| (point[0] - (yaw - mean)).abs() < 0.1));
}

#[test]
fn few_faces_have_a_map() {
    let none = map(&Codes::default(), Part::Identity);
    assert_eq!((none.points.len(), none.explained), (0, [0.0; 2]));
    let one = map(&drawn(1, 52), Part::Identity);
    assert_eq!((one.points, one.explained), (vec![[0.0; 2]], [0.0; 2]));
    let two = map(&drawn(2, 52), Part::Expression);
    assert!(two.explained[0] > 0.999);
    assert!((two.points[0][0] + two.points[1][0]).abs() < 1e-5 && two.points[0][0].abs() > 0.1);
}
