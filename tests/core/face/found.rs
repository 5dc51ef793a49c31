//! Boxes, and found faces as files have them.

use facespace::face::{FaceBox, Found, Landmarks, Pose};

/// A level face: jaw from (20, 60) down to (60, 140) and up to (100, 60), brows at 40, eyes at 60, mouth at 110.
pub fn landmarks() -> Landmarks {
    let mut points = [[60.0, 80.0]; 68];
    for (i, point) in points[..17].iter_mut().enumerate() {
        let t = i as f32 / 8.0 - 1.0;
        *point = [60.0 + 40.0 * t, 60.0 + 80.0 * (1.0 - t * t)];
    }
    points[17..27].iter_mut().enumerate().for_each(|(i, point)| *point = [30.0 + 6.0 * i as f32, 40.0]);
    points[36..42].fill([45.0, 60.0]);
    points[42..48].fill([75.0, 60.0]);
    points[48..].fill([60.0, 110.0]);
    points[48] = [50.0, 110.0];
    points[54] = [70.0, 110.0];
    points
}

fn found() -> Found {
    Found {
        frame: FaceBox { x: 20.0, y: 10.5, w: 80.0, h: 130.0 },
        landmarks: Box::new(landmarks()),
        pose: Pose { yaw_deg: 12.0, pitch_deg: -3.5, roll_deg: 1.25 },
        confidence: 0.97,
    }
}

fn turned(points: &Landmarks, deg: f32) -> Landmarks {
    let (sin, cos) = deg.to_radians().sin_cos();
    points.map(|[x, y]| [cos * x - sin * y, sin * x + cos * y])
}

#[test]
fn files_have_the_fields_of_the_format() {
    let json = serde_json::to_string(&found()).unwrap();
    assert!(json.starts_with(r#"{"box":[20.0,10.5,80.0,130.0],"landmarks":[[20.0,60.0],"#), "{json}");
    assert!(json.ends_with(r#"],"yaw_deg":12.0,"pitch_deg":-3.5,"roll_deg":1.25,"confidence":0.97}"#), "{json}");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value.as_object().unwrap().len(), 6);
    assert_eq!(value["landmarks"].as_array().unwrap().len(), 68);
    assert_eq!(serde_json::from_str::<Found>(&json).unwrap(), found());
}

#[test]
fn another_count_of_landmarks_is_an_error() {
    let mut value = serde_json::to_value(found()).unwrap();
    value["landmarks"].as_array_mut().unwrap().pop();
    let error = serde_json::from_value::<Found>(value.clone()).unwrap_err().to_string();
    assert!(error.contains("68 landmarks") && error.contains("67"), "{error}");
    value["landmarks"] = serde_json::json!([[1.0, 2.0, 3.0]]);
    assert!(serde_json::from_value::<Found>(value).is_err());
}

#[test]
fn a_box_reaches_from_the_forehead_to_the_chin() {
    // The points are 80 wide and, from the brows at 40 to the chin at 140, 100 high: 30 more are the forehead.
    let frame = FaceBox::from_landmarks(&landmarks()).unwrap();
    for (a, b) in [(frame.x, 20.0), (frame.y, 10.0), (frame.w, 80.0), (frame.h, 130.0)] {
        assert!((a - b).abs() < 1e-2, "{frame:?}");
    }
}

#[test]
fn a_box_of_a_turned_face_keeps_its_size() {
    let level = FaceBox::from_landmarks(&landmarks()).unwrap();
    for deg in [-120.0f32, -30.0, 45.0, 180.0] {
        let frame = FaceBox::from_landmarks(&turned(&landmarks(), deg)).unwrap();
        assert!((frame.w - level.w).abs() < 1e-2 && (frame.h - level.h).abs() < 1e-2, "{deg}: {frame:?}");
        let [x, y] = level.centre();
        let (sin, cos) = deg.to_radians().sin_cos();
        let [u, v] = frame.centre();
        assert!((u - (cos * x - sin * y)).abs() < 1e-2 && (v - (sin * x + cos * y)).abs() < 1e-2, "{deg}: {frame:?}");
    }
}

#[test]
fn points_without_a_crop_have_no_box() {
    assert_eq!(FaceBox::from_landmarks(&[[5.0, 5.0]; 68]), None);
    assert_eq!(FaceBox::from_landmarks(&[[f32::NAN, 5.0]; 68]), None);
}

#[test]
fn overlap_by_hand() {
    let a = FaceBox { x: 0.0, y: 0.0, w: 10.0, h: 10.0 };
    let b = FaceBox { x: 5.0, y: 0.0, w: 10.0, h: 10.0 };
    assert!((a.overlap(&b) - 50.0 / 150.0).abs() < 1e-6);
    assert_eq!(a.overlap(&a), 1.0);
    assert_eq!(a.overlap(&FaceBox { x: 10.0, ..a }), 0.0);
    let nothing = FaceBox { w: 0.0, h: 0.0, ..a };
    assert_eq!(nothing.overlap(&nothing), 0.0);
    let inverted = FaceBox { w: -4.0, h: -4.0, ..a };
    assert_eq!(inverted.overlap(&inverted), 0.0);
    assert_eq!((a.centre(), a.area()), ([5.0, 5.0], 100.0));
    assert!(a.contains([0.0, 9.9]) && !a.contains([10.0, 5.0]) && !a.contains([f32::NAN, 5.0]));
}

#[test]
fn the_crop_takes_its_own_roll_out() {
    for deg in [-150.0f32, -20.0, 0.0, 30.0, 170.0] {
        let face = Found {
            landmarks: Box::new(turned(&landmarks(), deg)),
            pose: Pose { roll_deg: 2.0 + deg, ..found().pose },
            ..found()
        };
        let inside = face.pose_in_crop().unwrap();
        assert!((inside.roll_deg - 2.0).abs() < 1e-2, "{deg}: {inside:?}");
        assert_eq!((inside.yaw_deg, inside.pitch_deg), (12.0, -3.5));
        assert!((face.square().unwrap().roll_deg() - deg).abs() < 1e-2);
    }
    // Past half a turn the angle goes on from the other side.
    let face = Found {
        landmarks: Box::new(turned(&landmarks(), 178.0)),
        pose: Pose { roll_deg: -179.0, ..found().pose },
        ..found()
    };
    assert!((face.pose_in_crop().unwrap().roll_deg - 3.0).abs() < 1e-2);
    let none = Found { landmarks: Box::new([[0.0; 2]; 68]), ..found() };
    assert!(none.square().is_err() && none.pose_in_crop().is_none());
}
