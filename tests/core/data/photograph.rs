//! Synthetic photographs: the same every time, with their faces where the truth says.

use facespace::data::synth::{Photograph, photograph, photograph_with};
use facespace::face::{Crop, FaceBox, Landmarks};

fn square(landmarks: &Landmarks) -> Crop {
    Crop::from_landmarks(landmarks).unwrap()
}

fn boxes(photograph: &Photograph) -> Vec<FaceBox> {
    photograph.faces.iter().map(|face| FaceBox::from_landmarks(face).unwrap()).collect()
}

#[test]
fn a_seed_is_a_photograph_for_ever() {
    let first = photograph(5, (320, 240), 2);
    let again = photograph(5, (320, 240), 2);
    assert_eq!(first.picture.dimensions(), (320, 240));
    assert!(first.picture == again.picture && first.faces == again.faces && first.poses == again.poses);
    assert!(first.picture != photograph(6, (320, 240), 2).picture);
}

#[test]
fn as_many_faces_as_asked_lie_whole_in_the_picture_and_apart() {
    for (seed, size, count) in [(1, (400, 300), 0), (2, (400, 300), 1), (3, (300, 400), 3), (4, (800, 300), 12)] {
        let photograph = photograph(seed, size, count);
        assert_eq!((photograph.faces.len(), photograph.poses.len()), (count, count));
        for [x, y] in photograph.faces.as_flattened() {
            assert!((0.0..size.0 as f32).contains(x) && (0.0..size.1 as f32).contains(y), "seed {seed}: {x}, {y}");
        }
        let boxes = boxes(&photograph);
        for (i, one) in boxes.iter().enumerate() {
            assert!(boxes[i + 1..].iter().all(|other| one.overlap(other) < 0.02), "seed {seed}: face {i}");
        }
        let sides: Vec<f32> = photograph.faces.iter().map(|face| square(face).half_side).collect();
        assert!(sides.is_sorted_by(|a, b| a >= b), "{sides:?}");
    }
}

#[test]
fn heads_lean_by_thirty_degrees_at_most() {
    let mut leaning = 0;
    for seed in 0..6 {
        let photograph = photograph(seed, (240, 160), 6);
        for (face, pose) in photograph.faces.iter().zip(&photograph.poses) {
            assert!(pose.roll_deg.abs() <= 30.0 && pose.yaw_deg.abs() <= 40.0 && pose.pitch_deg.abs() <= 18.0);
            // The crop's axis follows the head; a turned head shears it a little.
            let off = square(face).roll_deg() - pose.roll_deg;
            assert!(off.abs() < if pose.yaw_deg.abs() < 5.0 { 6.0 } else { 20.0 }, "{off} at {pose:?}");
            leaning += usize::from(pose.roll_deg.abs() > 10.0);
        }
    }
    assert!(leaning >= 6, "{leaning} of 36");
}

#[test]
fn a_side_is_met_where_there_is_room() {
    for side in [40.0, 120.0] {
        let photograph = photograph_with(8, (640, 480), 1, Some(side));
        let drawn = 2.0 * square(&photograph.faces[0]).half_side;
        assert!((drawn - side).abs() < 0.5, "{drawn} is not {side}");
    }
    let crowded = photograph_with(8, (200, 150), 4, Some(500.0));
    assert!(crowded.faces.iter().all(|face| square(face).half_side < 50.0));
}

/// With and without the person, the rest of the picture is the same: what differs is the person.
#[test]
fn landmarks_lie_on_the_face_and_nobody_stands_elsewhere() {
    for seed in [11, 12, 13] {
        let with = photograph(seed, (480, 360), 1);
        let without = photograph(seed, (480, 360), 0);
        let differs = |x: f32, y: f32| {
            let near = |x: i64, y: i64| {
                let (x, y) = (x.clamp(0, 479) as u32, y.clamp(0, 359) as u32);
                let (a, b) = (with.picture.get_pixel(x, y), without.picture.get_pixel(x, y));
                a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 6)
            };
            (-1..=1).any(|dx| (-1..=1).any(|dy| near(x as i64 + dx, y as i64 + dy)))
        };
        let on_face = with.faces[0].iter().filter(|point| differs(point[0], point[1])).count();
        assert!(on_face >= 66, "seed {seed}: {on_face} of 68");
        // Above the hair there is nothing of them.
        let frame = boxes(&with)[0];
        let over = (frame.y - 0.6 * frame.h).max(0.0) as u32;
        for y in 0..over {
            assert!((0..480).all(|x| with.picture.get_pixel(x, y) == without.picture.get_pixel(x, y)), "row {y}");
        }
    }
}

/// The drawing goes strip by strip; whether a row lies at the edge of one must not be seen.
#[test]
fn strips_leave_no_seam() {
    let photograph = photograph_with(21, (700, 520), 1, Some(280.0));
    let picture = &photograph.picture;
    let step = |y: u32| {
        let row = |y: u32| (0..700).map(move |x| picture.get_pixel(x, y).0);
        row(y).zip(row(y + 1)).map(|(a, b)| u64::from(a[1].abs_diff(b[1]))).sum::<u64>() as f64 / 700.0
    };
    let steps: Vec<f64> = (0..519).map(step).collect();
    for y in 2..517 {
        let around = [steps[y - 2], steps[y - 1], steps[y + 1], steps[y + 2]].into_iter().fold(0.0, f64::max);
        assert!(steps[y] < 2.5 * around + 4.0, "row {y}: {} beside {around}", steps[y]);
    }
}
