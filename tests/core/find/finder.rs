//! The way from a photograph to its faces, with networks whose answers are known.

use std::cell::Cell;

use facespace::face::{Crop, Found};
use facespace::find::{FindError, Finder};
use facespace::nn::finder::{DetectorConfig, FinderNetworks};
use image::{Rgb, RgbImage};

use super::{drawn_face, finds_everywhere};

const NEVER: &dyn Fn() -> bool = &|| false;

fn photo() -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, 90]))
}

fn sure() -> Finder {
    Finder::new(finds_everywhere(4.0)).unwrap()
}

fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

#[test]
fn every_face_has_the_points_where_the_landmarker_says() {
    let faces = sure().find(&photo(), NEVER).unwrap();
    assert!(faces.len() > 4, "{}", faces.len());
    for face in &faces {
        let square = face.square().unwrap();
        // The detector gives boxes of 28.28 px of a level, and levels are 1.5, 0.75 ... of the photograph.
        let in_level = (square.half_side / 0.475 * 1.5 / 28.284_271).log2();
        assert!((in_level - in_level.round()).abs() < 0.01, "{in_level}");
        assert!(square.roll_deg().abs() < 0.1);
        // The drawn face in this square.
        let own = Crop::from_landmarks(&drawn_face()).unwrap();
        for (point, drawn) in face.landmarks.iter().zip(drawn_face()) {
            let (found, expected) = (square.crop_from_photo(*point), own.crop_from_photo(drawn));
            assert!((found[0] - expected[0]).abs() < 0.2 && (found[1] - expected[1]).abs() < 0.2);
        }
        assert!((face.confidence - probability(4.0).powf(1.5)).abs() < 1e-2, "{}", face.confidence);
        // The drawing knows no perspective and the fit does, which costs some pitch.
        let pose = face.pose;
        assert!(pose.yaw_deg.abs() < 2.0 && pose.roll_deg.abs() < 2.0 && pose.pitch_deg.abs() < 20.0, "{pose:?}");
    }
}

#[test]
fn faces_come_largest_first_and_apart() {
    let faces = sure().find(&photo(), NEVER).unwrap();
    assert!(faces.is_sorted_by(|a, b| a.frame.area() >= b.frame.area()));
    for (i, face) in faces.iter().enumerate() {
        assert!(faces[i + 1..].iter().all(|other| face.frame.overlap(&other.frame) <= 0.4));
    }
}

#[test]
fn the_same_photograph_gives_the_same_faces() {
    let finder = sure();
    let faces = finder.find(&photo(), NEVER).unwrap();
    assert_eq!(finder.find(&photo(), NEVER).unwrap(), faces);
    assert_eq!(finder.find_alone(&photo(), NEVER).unwrap(), faces);
}

#[test]
fn what_is_less_sure_than_the_threshold_is_not_reported() {
    let finder = sure().with_threshold(0.99);
    assert_eq!(finder.threshold(), 0.99);
    assert!(finder.find(&photo(), NEVER).unwrap().is_empty());
}

#[test]
fn an_untrained_detector_finds_nothing() {
    let mut weights = finds_everywhere(4.0);
    let untrained = FinderNetworks::init(&DetectorConfig { channels: 4 }, &burn::tensor::Device::flex());
    weights.networks.detector = untrained.detector;
    let finder = Finder::new(weights).unwrap();
    assert!(finder.find(&photo(), NEVER).unwrap().is_empty());
    assert!(finder.find(&RgbImage::new(0, 0), NEVER).unwrap().is_empty());
}

#[test]
fn a_search_stops_when_it_is_told_to() {
    let finder = sure();
    type Find = fn(&Finder, &RgbImage, &dyn Fn() -> bool) -> Result<Vec<Found>, FindError>;
    for find in [Finder::find as Find, Finder::find_alone] {
        assert!(matches!(find(&finder, &photo(), &|| true), Err(FindError::Cancelled)));
        let asked = Cell::new(0);
        let later = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        assert!(matches!(find(&finder, &photo(), &later), Err(FindError::Cancelled)));
        assert!(asked.get() >= 3);
    }
}

#[test]
fn the_points_of_a_marked_square_lie_in_it() {
    let (sin, cos) = 20.0f32.to_radians().sin_cos();
    let square = Crop { centre: [30.0, 25.0], half_side: 15.0, x_axis: [cos, sin] };
    let (landmarks, confidence) = sure().landmarks(&photo(), square).unwrap();
    let again = Crop::from_landmarks(&landmarks).unwrap();
    assert!((again.half_side - 15.0).abs() < 0.1 && (again.roll_deg() - 20.0).abs() < 0.5, "{again:?}");
    assert!((again.centre[0] - 30.0).abs() < 0.1 && (again.centre[1] - 25.0).abs() < 0.1);
    assert!((confidence - probability(4.0)).abs() < 1e-2);
}

#[test]
fn squares_that_are_none_are_refused_with_a_sentence() {
    let finder = sure();
    for (centre, half_side) in [([f32::NAN, 1.0], 10.0), ([1.0, 1.0], 0.0), ([1.0, 1.0], 1e9), ([1.0, 1.0], f32::NAN)] {
        let error = finder.landmarks(&photo(), Crop::level(centre, half_side)).unwrap_err();
        assert_eq!(error.to_string(), "The points of a face cannot be placed in this square; mark the face again");
    }
}

#[test]
fn the_bundled_finder_is_one_or_a_sentence() {
    match Finder::bundled() {
        Ok(finder) => assert!(finder.threshold() > 0.0 && !finder.card().name.is_empty()),
        Err(error) => assert!(error.to_string().starts_with("This facespace was built without a finder"), "{error}"),
    }
}
