//! Poses read off landmarks whose pose is known.

use facespace::face::Landmarks;
use facespace::face::landmarks::MIRROR_OF;
use facespace::find::pose::{HeadPose, fit};

use super::heads::{head, noise, seen};

/// Where the fit's own camera stands.
const CAMERA: Option<f32> = Some(6.0);

fn fitted(landmarks: &Landmarks) -> HeadPose {
    fit(landmarks, &head()).unwrap()
}

fn assert_pose(landmarks: &Landmarks, expected: [f32; 3], tolerance: f32) {
    let pose = fitted(landmarks).pose;
    for (a, b) in pose.to_array_deg().into_iter().zip(expected) {
        let apart = (a - b + 180.0).rem_euclid(360.0) - 180.0;
        assert!(apart.abs() <= tolerance, "{pose:?} is not {expected:?}");
    }
}

#[test]
fn every_angle_is_recovered_with_its_sign() {
    for yaw in [-60.0, -25.0, 0.0, 10.0, 60.0] {
        for pitch in [-35.0, -10.0, 0.0, 20.0, 35.0] {
            for roll in [-170.0, -90.0, -15.0, 0.0, 30.0, 120.0] {
                let pose = [yaw, pitch, roll];
                assert_pose(&seen(&head(), pose, 83.0, [310.0, 205.0], CAMERA), pose, 0.05);
            }
        }
    }
}

#[test]
fn signs_are_those_of_the_method() {
    let nose_from_eyes = |points: &Landmarks| {
        let eyes = [0, 1].map(|axis| (points[36][axis] + points[45][axis]) / 2.0);
        [points[30][0] - eyes[0], points[30][1] - eyes[1]]
    };
    let at = |pose| seen(&head(), pose, 100.0, [0.0, 0.0], None);
    let front = nose_from_eyes(&at([0.0; 3]));
    // The nose moves to the image's right, upwards; the head leans clockwise: its right eye sinks.
    assert!(nose_from_eyes(&at([20.0, 0.0, 0.0]))[0] > front[0] + 5.0);
    assert!(nose_from_eyes(&at([0.0, 20.0, 0.0]))[1] < front[1] - 5.0);
    let leaning = at([0.0, 0.0, 20.0]);
    assert!(leaning[45][1] > leaning[36][1] + 5.0);
}

#[test]
fn size_and_residual_are_told() {
    let fit = fitted(&seen(&head(), [20.0, -10.0, 5.0], 83.0, [310.0, 205.0], CAMERA));
    assert!((fit.scale - 83.0).abs() < 0.05 && fit.residual < 1e-4, "{fit:?}");
    let mut points = seen(&head(), [20.0, -10.0, 5.0], 100.0, [0.0; 2], CAMERA);
    points.iter_mut().enumerate().for_each(|(i, point)| *point = [point[0] + 4.0 * noise(i), point[1]]);
    let rough = fitted(&points);
    assert!((0.01..0.04).contains(&rough.residual), "{rough:?}");
    assert_pose(&points, [20.0, -10.0, 5.0], 3.0);
}

#[test]
fn turning_the_picture_changes_roll_alone() {
    let mut points = seen(&head(), [35.0, -20.0, 0.0], 60.0, [0.0; 2], None);
    points.iter_mut().enumerate().for_each(|(i, [x, y])| {
        *x += 2.0 * noise(i);
        *y += 2.0 * noise(i + 68);
    });
    let [yaw, pitch, roll] = fitted(&points).pose.to_array_deg();
    for deg in [-140.0f32, -45.0, 10.0, 90.0] {
        let (sin, cos) = deg.to_radians().sin_cos();
        let turned = points.map(|[x, y]| [500.0 + cos * x - sin * y, 300.0 + sin * x + cos * y]);
        assert_pose(&turned, [yaw, pitch, roll + deg], 0.02);
    }
}

#[test]
fn a_mirror_negates_yaw_and_roll() {
    let points = seen(&head(), [25.0, 12.0, -18.0], 60.0, [100.0, 80.0], CAMERA);
    let mirrored: Landmarks = std::array::from_fn(|i| [200.0 - points[MIRROR_OF[i]][0], points[MIRROR_OF[i]][1]]);
    assert_pose(&mirrored, [-25.0, 12.0, 18.0], 0.05);
}

#[test]
fn distant_and_near_cameras_are_told_within_a_few_degrees() {
    for pose in [[40.0, 15.0, 10.0], [-40.0, -15.0, 0.0], [0.0, 20.0, -20.0]] {
        assert_pose(&seen(&head(), pose, 70.0, [0.0; 2], None), pose, 6.0);
        assert_pose(&seen(&head(), pose, 70.0, [0.0; 2], Some(4.0)), pose, 4.0);
    }
}

#[test]
fn an_open_mouth_moves_no_head() {
    let mut open = head();
    for i in (5..12).chain(55..60).chain(65..68) {
        open[i][1] -= 0.15;
    }
    assert_pose(&seen(&open, [15.0, 0.0, 0.0], 70.0, [0.0; 2], CAMERA), [15.0, 0.0, 0.0], 4.0);
}

#[test]
fn what_is_no_face_has_no_pose() {
    assert_eq!(fit(&[[3.0, 4.0]; 68], &head()), None);
    assert_eq!(fit(&[[f32::NAN; 2]; 68], &head()), None);
    assert_eq!(fit(&[[f32::INFINITY; 2]; 68], &head()), None);
    let line = std::array::from_fn(|i| [i as f32, 2.0 * i as f32]);
    assert_eq!(fit(&line, &head()), None);
    let face = seen(&head(), [0.0; 3], 50.0, [0.0; 2], None);
    assert_eq!(fit(&face, &[[0.0; 3]; 68]), None);
    assert_eq!(fit(&face, &[[f32::NAN; 3]; 68]), None);
}

#[test]
fn scattered_points_end_the_fit() {
    for seed in 0..50 {
        let points = std::array::from_fn(|i| [noise(i + 997 * seed), noise(i + 997 * seed + 68)]);
        if let Some(found) = fit(&points, &head()) {
            assert!(found.residual.is_finite() && found.pose.to_array_deg().iter().all(|angle| angle.is_finite()));
        }
    }
}
