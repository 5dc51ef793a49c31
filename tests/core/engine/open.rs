//! What is seen in a picture: photographs are searched, crops are not, and a hand's square is taken as it is.

use std::sync::Arc;

use facespace::data::synth::{Photograph, photograph};
use facespace::engine::Event;
use facespace::engine::open::{Placement, Sight, cropped, sight};
use facespace::engine::protocol::Source;
use facespace::face::{Crop, Landmarks};
use image::RgbImage;
use image::imageops::crop_imm;

use super::{Script, Window};

fn two_people() -> Photograph {
    photograph(5, (640, 400), 2)
}

fn seen(photo: &RgbImage, placement: Placement) -> Sight {
    sight(photo, placement, &|| false).unwrap()
}

#[track_caller]
fn assert_near(found: &Crop, truth: &Landmarks) {
    let truth = Crop::from_landmarks(truth).unwrap();
    let apart = (found.centre[0] - truth.centre[0]).hypot(found.centre[1] - truth.centre[1]);
    assert!(apart < 0.3 * truth.half_side, "{found:?} is not near {truth:?}");
    assert!((0.7..1.4).contains(&(found.half_side / truth.half_side)), "{found:?} is not as large as {truth:?}");
}

#[test]
fn the_largest_face_of_a_photograph_is_taken_or_the_one_that_is_named() {
    let given = two_people();
    let largest = seen(&given.picture, Placement::BySize);
    assert!(largest.is_photo);
    assert_eq!(largest.faces.len(), 2);
    let first = largest.cropped.unwrap();
    assert_eq!(first.found.as_ref(), largest.faces.first());
    assert_eq!(first.picture.dimensions(), (128, 128));

    let second = seen(&given.picture, Placement::Found(1));
    assert_eq!(second.faces, largest.faces);
    let second = second.cropped.unwrap();
    assert_eq!(second.found.as_ref(), largest.faces.last());
    // Which of two faces of about one size is the larger is as the finder measures it.
    let mut squares = [first.square, second.square];
    squares.sort_by(|a, b| a.centre[0].total_cmp(&b.centre[0]));
    let mut truths = given.faces;
    truths.sort_by(|a, b| a[30][0].total_cmp(&b[30][0]));
    squares.iter().zip(&truths).for_each(|(square, truth)| assert_near(square, truth));

    let none = seen(&given.picture, Placement::Found(7));
    assert!(none.cropped.is_none() && none.is_photo);
    assert_eq!(none.faces, largest.faces);
}

#[test]
fn a_photograph_without_a_face_has_no_crop() {
    let empty = photograph(8, (500, 400), 0).picture;
    for placement in [Placement::BySize, Placement::Found(0)] {
        assert_eq!(seen(&empty, placement), Sight { faces: Vec::new(), cropped: None, is_photo: true });
    }
    assert_eq!(cropped(&empty, Placement::BySize), Ok(None));
}

#[test]
fn what_is_a_crop_already_is_not_searched() {
    let given = photograph(3, (168, 168), 1).picture;
    for placement in [Placement::BySize, Placement::Found(0), Placement::Aligned] {
        let sight = seen(&given, placement);
        assert!(!sight.is_photo && sight.faces.is_empty());
        let cropped = sight.cropped.unwrap();
        assert_eq!(cropped.picture, crop_imm(&given, 20, 20, 128, 128).to_image());
        assert_eq!(cropped.found, None);
    }
    let large = photograph(3, (300, 300), 1).picture;
    let sight = seen(&large, Placement::Aligned);
    assert!(!sight.is_photo && sight.faces.is_empty() && sight.cropped.unwrap().found.is_none());
}

#[test]
fn a_square_placed_by_hand_stays_and_its_landmarks_are_found() {
    let given = photograph(11, (400, 400), 1);
    let truth = Crop::from_landmarks(&given.faces[0]).unwrap();
    let placed = Crop { centre: [truth.centre[0] + 0.05 * truth.half_side, truth.centre[1]], ..truth };
    let sight = seen(&given.picture, Placement::Square(placed));
    assert!(sight.is_photo && sight.faces.is_empty());
    let cropped = sight.cropped.unwrap();
    assert_eq!(cropped.square, placed);
    assert_near(&cropped.found.unwrap().square().unwrap(), &given.faces[0]);

    let nothing = photograph(8, (400, 400), 0).picture;
    let cropped = seen(&nothing, Placement::Square(placed)).cropped.unwrap();
    assert_eq!((cropped.square, cropped.found), (placed, None));
}

#[test]
fn a_search_that_nobody_wants_ends() {
    assert!(sight(&two_people().picture, Placement::BySize, &|| true).is_err());
}

#[test]
fn the_window_hears_of_every_face() {
    let window = Window::of(&Script::new(|_| ()));
    let given = two_people();
    let expected = seen(&given.picture, Placement::BySize);
    let source = Source::Picture { name: "pasted".to_owned(), photo: Arc::new(given.picture) };
    let ticket = window.studio.open(vec![(source, Placement::BySize)]).unwrap();
    let Event::Opened { opened, .. } = window.event() else { panic!() };
    assert_eq!((&*opened.faces, opened.is_photo), (&expected.faces, true));
    assert_eq!(opened.crop, expected.cropped);
    assert!(matches!(window.answer(&ticket), Event::Done { .. }));
}
