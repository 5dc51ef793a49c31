//! The 68 points' order.

use facespace::face::landmarks::{MIRROR_OF, eye_corners_apart};

#[test]
fn a_mirror_twice_is_none() {
    for (i, &other) in MIRROR_OF.iter().enumerate() {
        assert_eq!(MIRROR_OF[other], i);
    }
    // Of each pair of ends: jaw, brows, wings of the nose, outer eye corners, corners of the lips.
    for (a, b) in [(0, 16), (17, 26), (31, 35), (36, 45), (48, 54), (60, 64)] {
        assert_eq!(MIRROR_OF[a], b);
    }
    // Points of the middle stay.
    for i in [8, 27, 28, 29, 30, 33, 51, 57, 62, 66] {
        assert_eq!(MIRROR_OF[i], i);
    }
}

#[test]
fn errors_are_measured_against_the_outer_eye_corners() {
    let mut points = [[0.0; 2]; 68];
    points[36] = [10.0, 20.0];
    points[45] = [40.0, 60.0];
    assert_eq!(eye_corners_apart(&points), 50.0);
}
