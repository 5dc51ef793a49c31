//! The crop's geometry against numbers worked out by hand.

use facespace::face::crop::{CROP_SIDE, Crop, CropError};

fn assert_near(a: [f32; 2], b: [f32; 2], tolerance: f32) {
    assert!((a[0] - b[0]).abs() <= tolerance && (a[1] - b[1]).abs() <= tolerance, "{a:?} is not {b:?}");
}

/// Landmarks whose eyes average to the given points and whose mouth corners lie 20 px to both sides of the mouth.
fn landmarks(left_eye: [f32; 2], right_eye: [f32; 2], mouth: [f32; 2]) -> [[f32; 2]; 68] {
    let ring = [[-3.0, 0.0], [-1.0, -1.0], [1.0, -1.0], [3.0, 0.0], [1.0, 1.0], [-1.0, 1.0]];
    let mut points = [[-999.0; 2]; 68];
    for (i, [dx, dy]) in ring.into_iter().enumerate() {
        points[36 + i] = [left_eye[0] + dx, left_eye[1] + dy];
        points[42 + i] = [right_eye[0] + dx, right_eye[1] + dy];
    }
    points[48] = [mouth[0] - 20.0, mouth[1]];
    points[54] = [mouth[0] + 20.0, mouth[1]];
    points
}

#[test]
fn a_level_face_gives_the_numbers_of_the_method() {
    let crop = Crop::from_landmarks(&landmarks([80.0, 100.0], [140.0, 100.0], [110.0, 170.0])).unwrap();
    // |ee| = 60, |em| = 70: half of max(159, 171.5); centre 100 + 0.62 * 70.
    assert!((crop.half_side - 85.75).abs() < 1e-3);
    assert_near(crop.centre, [110.0, 143.4], 1e-3);
    assert_near(crop.x_axis, [1.0, 0.0], 1e-6);
    assert!(crop.roll_deg().abs() < 1e-4);
}

#[test]
fn the_eyes_set_the_size_when_they_are_far_apart() {
    let crop = Crop::from_points([80.0, 100.0], [180.0, 100.0], [130.0, 150.0]).unwrap();
    assert!((crop.half_side - 132.5).abs() < 1e-3);
}

#[test]
fn the_axis_weighs_eyes_and_mouth() {
    // ee = (60, 0), em = (-20, 70): x = ee - rot90(em) = (60 + 70, 0 + 20).
    let crop = Crop::from_points([80.0, 100.0], [140.0, 100.0], [90.0, 170.0]).unwrap();
    let length = 130.0f32.hypot(20.0);
    assert_near(crop.x_axis, [130.0 / length, 20.0 / length], 1e-6);
    assert!((crop.half_side - 2.45 * 20.0f32.hypot(70.0) / 2.0).abs() < 1e-3);
    assert_near(crop.centre, [110.0 - 12.4, 100.0 + 43.4], 1e-3);
    assert!(crop.roll_deg() > 0.0, "turned clockwise in the image");
}

#[test]
fn turning_the_face_turns_the_crop_alone() {
    let points = [[80.0, 100.0], [140.0, 100.0], [110.0, 170.0]];
    let level = Crop::from_points(points[0], points[1], points[2]).unwrap();
    for degrees in [-170.0f32, -90.0, -30.0, 15.0, 90.0, 179.0] {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let turn = |[x, y]: [f32; 2]| [cos * x - sin * y, sin * x + cos * y];
        let [a, b, c] = points.map(turn);
        let turned = Crop::from_points(a, b, c).unwrap();
        assert!((turned.roll_deg() - degrees).abs() < 1e-3);
        assert!((turned.half_side - level.half_side).abs() < 1e-3);
        assert_near(turned.centre, turn(level.centre), 1e-3);
    }
}

#[test]
fn the_map_goes_both_ways() {
    let crop = Crop::from_points([80.0, 100.0], [140.0, 120.0], [95.0, 170.0]).unwrap();
    let side = CROP_SIDE as f32;
    assert_near(crop.photo_from_crop([side / 2.0, side / 2.0]), crop.centre, 1e-4);
    let right = crop.photo_from_crop([side, side / 2.0]);
    let expected = [0, 1].map(|i| crop.centre[i] + crop.half_side * crop.x_axis[i]);
    assert_near(right, expected, 1e-3);
    for point in [[0.0, 0.0], [12.5, 100.0], [128.0, 3.0]] {
        assert_near(crop.crop_from_photo(crop.photo_from_crop(point)), point, 1e-3);
    }
}

#[test]
fn a_margin_keeps_the_scale() {
    let crop = Crop::level([50.0, 60.0], 64.0);
    let wide = crop.widened(8.0);
    assert!((wide.half_side - 72.0).abs() < 1e-4);
    assert_eq!(wide.centre, crop.centre);
}

#[test]
fn degenerate_faces_are_refused_with_a_sentence() {
    let same = Crop::from_points([10.0, 10.0], [10.0, 10.0], [10.0, 40.0]);
    assert_eq!(same, Err(CropError::EyesCoincide));
    let odd = Crop::from_points([f32::NAN, 10.0], [20.0, 10.0], [10.0, 40.0]);
    assert_eq!(odd, Err(CropError::NotFinite));
    let above = Crop::from_points([0.0, 0.0], [10.0, 0.0], [5.0, -10.0]);
    assert_eq!(above, Err(CropError::NoDirection));
    assert!(above.unwrap_err().to_string().ends_with("mark the face again"));
}
