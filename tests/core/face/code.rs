use facespace::face::transfer::{interpolate, transfer};
use facespace::face::{Direction, Drift, FaceCode, PART_DIM, Part, PartAngles, UnitPart};

use super::{basis, face};

#[test]
fn a_code_survives_the_way_through_its_numbers() {
    let code = face(3);
    let again = FaceCode::from_array(&code.to_array()).unwrap();
    assert!(PartAngles::between(&code, &again).identity_deg < 1e-2);
    assert!((code.pose.pitch_deg - 0.1_f32.to_degrees()).abs() < 1e-4);
    for part in UnitPart::ALL {
        let length: f32 = code.to_array()[part.part().range()].iter().map(|v| v * v).sum();
        assert!((length - 1.0).abs() < 1e-5, "{part}");
    }
}

#[test]
fn the_parts_cover_the_code() {
    let ends: Vec<_> = Part::ALL.iter().flat_map(|part| part.range()).collect();
    assert_eq!(ends, (0..99).collect::<Vec<_>>());
    assert_eq!("style".parse(), Ok(Part::Style));
    let sentence = "hair".parse::<Part>().unwrap_err().to_string();
    assert!(sentence.contains("hair") && sentence.contains("pose, identity, expression, style"), "{sentence}");
}

#[test]
fn a_direction_needs_length() {
    assert!(Direction::new([0.0; PART_DIM]).is_none());
    assert!(Direction::new([f32::NAN; PART_DIM]).is_none());
    let mut short = [0.0; PART_DIM];
    short[0] = 0.9e-3;
    assert!(Direction::new(short).is_none());
}

#[test]
fn slerp_keeps_to_the_sphere_at_even_speed() {
    let (a, b) = (basis(0), basis(1));
    for quarter in 0..=4 {
        let t = quarter as f32 / 4.0;
        let between = a.slerp(&b, t);
        assert!((a.angle_deg(&between) - 90.0 * t).abs() < 1e-3);
        assert!((between.as_array().iter().map(|v| v * v).sum::<f32>() - 1.0).abs() < 1e-5);
    }
    assert_eq!(a.slerp(&a, 0.7), a);
    // Both ends are what they are, and not but for rounding.
    let (a, b) = (face(1).identity, face(2).identity);
    assert_eq!((a.slerp(&b, 0.0), a.slerp(&b, 1.0)), (a, b));
    let opposite = Direction::new(a.as_array().map(|v| -v)).unwrap();
    assert!((a.slerp(&opposite, 0.5).angle_deg(&a) - 90.0).abs() < 1e-2);
}

#[test]
fn a_transfer_changes_the_named_parts_alone() {
    let (source, target) = (face(1), face(2));
    let mixed = transfer(&source, &target, &[Part::Expression, Part::Pose], 1.0);
    assert_eq!((mixed.identity, mixed.style), (target.identity, target.style));
    assert!(mixed.expression.angle_deg(&source.expression) < 0.05);
    assert_eq!(mixed.pose, source.pose);
    let half = transfer(&source, &target, &[Part::Identity], 0.5).identity;
    assert!((half.angle_deg(&source.identity) - half.angle_deg(&target.identity)).abs() < 1e-2);
}

#[test]
fn a_way_between_faces_starts_and_ends_at_them() {
    let way = interpolate(&face(1), &face(2), 5);
    assert_eq!(way.len(), 5);
    assert_eq!(way[0], face(1));
    assert!(way[4].style.angle_deg(&face(2).style) < 0.05);
}

#[test]
fn drift_is_what_the_edit_adds() {
    let (own, mut asked) = (face(1), face(1));
    asked.pose.yaw_deg += 20.0;
    let mut shown = asked;
    shown.pose.yaw_deg -= 6.0;
    let mut own_again = own;
    own_again.pose.yaw_deg += 3.0;
    let drift = Drift::new(&own, &own_again, &asked, &shown);
    assert!((drift.per_part.pose_deg - 1.0).abs() < 1e-4, "6 degrees over three angles less 3 over three");
    assert!(drift.per_part.style_deg.abs() < 1e-3);
}
