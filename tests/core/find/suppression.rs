//! One answer a face, and squares from boxes.

use facespace::face::{Crop, FaceBox};
use facespace::find::frame_of_box;
use facespace::find::framing::{box_of_height, framed};
use facespace::find::suppression::suppressed;

fn square(x: f32, side: f32) -> FaceBox {
    FaceBox { x, y: 0.0, w: side, h: side }
}

fn kept(items: &[(FaceBox, f32)], most: usize) -> Vec<f32> {
    suppressed(items.to_vec(), most, |item| *item).into_iter().map(|(place, _)| place.x).collect()
}

#[test]
fn of_overlapping_answers_the_surest_stays() {
    let items = [(square(0.0, 10.0), 0.5), (square(2.0, 10.0), 0.9), (square(100.0, 10.0), 0.7)];
    assert_eq!(kept(&items, 10), [2.0, 100.0]);
}

#[test]
fn neighbours_stay_and_equals_keep_their_order() {
    // 5 and 6 apart: a third and a quarter of what both cover is shared.
    let items = [(square(0.0, 10.0), 0.5), (square(5.0, 10.0), 0.5), (square(11.0, 10.0), 0.5)];
    assert_eq!(kept(&items, 10), [0.0, 5.0, 11.0]);
}

#[test]
fn what_was_suppressed_suppresses_nothing() {
    let items = [(square(0.0, 10.0), 0.9), (square(3.0, 10.0), 0.8), (square(6.0, 10.0), 0.7)];
    assert_eq!(kept(&items, 10), [0.0, 6.0]);
}

#[test]
fn no_more_are_kept_than_asked_for() {
    let items: Vec<(FaceBox, f32)> = (0..50).map(|i| (square(20.0 * i as f32, 10.0), i as f32)).collect();
    assert_eq!(kept(&items, 3), [980.0, 960.0, 940.0]);
    assert!(kept(&[], 3).is_empty());
}

#[test]
fn the_square_of_a_box_is_lower_and_about_as_high() {
    let face = FaceBox { x: 10.0, y: 20.0, w: 78.0, h: 100.0 };
    let crop = frame_of_box(&face);
    assert_eq!(crop, Crop::level([49.0, 80.0], 47.5));
    let frame = framed(&crop);
    assert_eq!(frame.centre, crop.centre);
    assert!((frame.half_side - 61.75).abs() < 1e-3);
}

#[test]
fn a_box_of_a_height_has_the_usual_shape() {
    let face = box_of_height([50.0, 60.0], 100.0);
    assert_eq!(face.centre(), [50.0, 60.0]);
    assert!((face.h - 100.0).abs() < 1e-4 && (face.w - 78.0).abs() < 1e-4);
}
