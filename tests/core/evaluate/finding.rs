//! What a finder reports against what is there, by hand.

use facespace::data::shards::MarkedFace;
use facespace::evaluate::finding::{Tally, landmark_error};
use facespace::face::{Crop, FaceBox, Found, Landmarks, Pose};

/// Points whose crop is level, with eyes 40 apart around a point.
fn landmarks([x, y]: [f32; 2]) -> Landmarks {
    std::array::from_fn(|i| match i {
        0..17 => [x - 48.0 + 6.0 * i as f32, y + 60.0 - 0.5 * (i as f32 - 8.0).powi(2)],
        17..27 => [x - 45.0 + 10.0 * (i - 17) as f32, y - 20.0],
        36..42 => [x - 30.0 + 4.0 * (i - 36) as f32, y],
        42..48 => [x + 10.0 + 4.0 * (i - 42) as f32, y],
        _ => [x, y + 30.0],
    })
}

fn moved(points: &Landmarks, by: [f32; 2]) -> Landmarks {
    points.map(|point| [point[0] + by[0], point[1] + by[1]])
}

fn found(points: Landmarks) -> Found {
    Found {
        frame: FaceBox::from_landmarks(&points).unwrap(),
        landmarks: Box::new(points),
        pose: Pose { yaw_deg: 10.0, pitch_deg: -5.0, roll_deg: 179.0 },
        confidence: 0.9,
    }
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-4
}

#[test]
fn labelled_faces_are_found_or_not() {
    let truth = landmarks([100.0, 100.0]);
    let corners = truth[45][0] - truth[36][0];
    let mut tally = Tally::default();
    // Off by 3 pixels; off by so much that the error is a failure; not found, for what is found is elsewhere.
    tally.add_labelled(
        &truth,
        Some([12.0, -5.0, -179.0]),
        &[found(moved(&truth, [300.0, 0.0])), found(moved(&truth, [3.0, 0.0]))],
    );
    tally.add_labelled(&truth, None, &[found(moved(&truth, [0.0, 9.0]))]);
    tally.add_labelled(&truth, None, &[found(moved(&truth, [0.0, 200.0]))]);
    tally.add_labelled(&truth, None, &[]);
    let figures = tally.finish(1);
    let recall = figures.labelled_recall.unwrap();
    assert!(near(recall.value, 0.5) && recall.n == 4);
    let error = figures.landmark_error.unwrap();
    assert_eq!(error.n, 2);
    assert!(near(error.value, f64::from(100.0 * (3.0 + 9.0) / 2.0 / corners)), "{error:?}");
    assert!(near(figures.landmark_failures.unwrap().value, 0.5));
    // The crop's side is 2.65 times 40 or more, so 3 pixels are within 3 %, 9 are not.
    assert!(2.0 * Crop::from_landmarks(&truth).unwrap().half_side > 100.0);
    assert!(near(figures.crops_right.unwrap().value, 0.5));
    let angles: Vec<f64> = figures.pose.iter().map(|angle| angle.error_deg.value).collect();
    assert!(near(angles[0], 2.0) && near(angles[1], 0.0) && near(angles[2], 2.0), "{angles:?}");
    assert!(figures.sure_recall.is_none() && figures.false_alarms.is_none() && figures.milliseconds.is_none());
}

#[test]
fn scenes_have_sure_faces_doubtful_ones_and_none() {
    let face = found(landmarks([100.0, 100.0]));
    let far = found(landmarks([400.0, 100.0]));
    let marked = |frame: FaceBox, sure: bool| MarkedFace { frame, sure };
    let small = FaceBox { x: 10.0, y: 10.0, w: 15.0, h: 19.0 };
    let mut tally = Tally::default();
    // One sure face found, a false alarm beside it, a sure one that is too small to count.
    tally.add_scene(&[marked(face.frame, true), marked(small, true)], &[face.clone(), far.clone()]);
    // A sure one missed, and a doubtful one found, which counts neither way.
    tally.add_scene(&[marked(face.frame, true), marked(far.frame, false)], std::slice::from_ref(&far));
    tally.add_scene(&[], &[]);
    tally.add_scene(&[], &[face, far]);
    tally.add_time(30.0);
    let figures = tally.finish(1);
    assert!(near(figures.sure_recall.unwrap().value, 0.5) && figures.sure_recall.unwrap().n == 2);
    assert!(near(figures.false_alarms.unwrap().value, 1.0) && figures.false_alarms.unwrap().n == 2);
    assert!(near(figures.false_alarms_beside_faces.unwrap().value, 0.5));
    assert!(near(figures.milliseconds.unwrap().value, 30.0));
    let text = figures.to_string();
    assert!(text.contains("sure faces of scenes found") && !text.contains("landmarks"), "{text}");
}

#[test]
fn the_error_is_counted_in_distances_of_the_outer_eye_corners() {
    let truth = landmarks([50.0, 50.0]);
    let mut off = truth;
    off[8][1] += 68.0;
    let corners = f64::from(truth[45][0] - truth[36][0]);
    assert!(near(landmark_error(&off, &truth), 100.0 / corners));
    assert!(near(landmark_error(&truth, &truth), 0.0));
}
