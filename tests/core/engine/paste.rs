//! Edited faces put back into photographs behind the window's back.

use std::sync::Arc;

use facespace::data::image::load;
use facespace::data::synth::photograph;
use facespace::engine::Event;
use facespace::engine::protocol::{Origin, Paste, PastedFace, RgbImage, Save};
use facespace::face::{Crop, PasteOptions};
use image::Rgb;

use super::{Script, Window, failure};

fn window() -> Window {
    Window::of(&Script::new(|_| ()))
}

/// A face before and after an edit that lightens its middle.
fn faces() -> [Arc<RgbImage>; 2] {
    let shade = |x: u32, y: u32| 90 + ((x / 8 + y / 8) % 2 * 20) as u8;
    let inside = |x: u32, y: u32| (40..88).contains(&x) && (40..88).contains(&y);
    let picture =
        |by: u8| RgbImage::from_fn(128, 128, |x, y| Rgb([shade(x, y) + if inside(x, y) { by } else { 0 }; 3]));
    [Arc::new(picture(0)), Arc::new(picture(40))]
}

fn paste(photo: &Arc<RgbImage>, strength: f32) -> Paste {
    let [own, edited] = faces();
    let face = PastedFace {
        square: Crop::level([160.0, 120.0], 60.0),
        landmarks: None,
        own,
        edited,
        options: PasteOptions { strength, ..PasteOptions::default() },
    };
    Paste { photo: Arc::clone(photo), faces: vec![face] }
}

fn photo() -> Arc<RgbImage> {
    Arc::new(photograph(2, (320, 240), 1).picture)
}

#[test]
fn a_paste_changes_the_face_and_not_the_rest() {
    let (window, photo) = (window(), photo());
    let number = window.studio.paste(paste(&photo, 1.0));
    let pasted = window.wait(|studio| studio.pasted(number));
    assert_eq!((pasted.number, pasted.picture.dimensions()), (number, photo.dimensions()));
    assert!(pasted.picture.get_pixel(160, 120) != photo.get_pixel(160, 120));
    let outside = photo.enumerate_pixels().filter(|(x, y, _)| !(100..220).contains(x) || !(60..180).contains(y));
    outside.for_each(|(x, y, pixel)| assert_eq!(pasted.picture.get_pixel(x, y), pixel));
    assert!(window.studio.pasted(number).is_none(), "it comes once");
}

#[test]
fn an_edit_that_changes_nothing_gives_the_photograph_back() {
    let (window, photo) = (window(), photo());
    let mut asked = paste(&photo, 1.0);
    asked.faces[0].edited = Arc::clone(&asked.faces[0].own);
    for paste in [asked, paste(&photo, 0.0)] {
        let number = window.studio.paste(paste);
        assert!(window.wait(|studio| studio.pasted(number)).picture == photo);
    }
}

#[test]
fn of_many_pastes_the_newest_comes() {
    let (window, photo) = (window(), photo());
    let numbers: Vec<u64> = (1..=200).map(|i| window.studio.paste(paste(&photo, i as f32 / 200.0))).collect();
    let last = numbers[199];
    let newest = window.wait(|studio| studio.pasted(last));
    assert_eq!(newest.number, last);
    // As if it had been asked alone, whatever was kept from those before.
    let alone = self::window();
    let number = alone.studio.paste(paste(&photo, 1.0));
    assert!(alone.wait(|studio| studio.pasted(number)).picture == newest.picture);
    // One of before is dropped.
    let old = window.studio.paste(paste(&photo, 0.5));
    let new = window.studio.paste(paste(&photo, 0.7));
    assert_eq!(window.wait(|studio| studio.pasted(old + 1)).number, new);
}

#[test]
fn every_face_of_a_paste_is_put_back() {
    let (window, photo) = (window(), photo());
    let mut both = paste(&photo, 1.0);
    let other = PastedFace { square: Crop::level([50.0, 60.0], 40.0), ..both.faces[0].clone() };
    let alone = |face: PastedFace| Paste { photo: Arc::clone(&photo), faces: vec![face] };
    let drawn = |paste: Paste| {
        let number = window.studio.paste(paste);
        window.wait(|studio| studio.pasted(number)).picture
    };
    let singles = [drawn(both.clone()), drawn(alone(other.clone()))];
    both.faces.push(other);
    let whole = drawn(both);
    for (place, single) in [[160, 120], [50, 60]].iter().zip(singles) {
        let [x, y] = *place;
        assert_eq!(whole.get_pixel(x, y), single.get_pixel(x, y));
        assert!(whole.get_pixel(x, y) != photo.get_pixel(x, y));
    }
}

#[test]
fn what_cannot_be_pasted_is_said_under_its_number() {
    let (window, photo) = (window(), photo());
    let number = window.studio.paste(paste(&photo, 7.0));
    let event = window.event();
    assert_eq!(event.closes(), Some(number));
    assert!(!failure(event).is_empty());
    // The next one is done.
    let number = window.studio.paste(paste(&photo, 1.0));
    assert_eq!(window.wait(|studio| studio.pasted(number)).number, number);
}

#[test]
fn a_paste_is_saved_as_the_whole_photograph() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("holiday.png");
    let (window, photo) = (window(), photo());
    let asked = paste(&photo, 1.0);
    let number = window.studio.paste(asked.clone());
    let expected = window.wait(|studio| studio.pasted(number)).picture;
    let save = Save {
        path: path.clone(),
        picture: Arc::clone(&asked.faces[0].edited),
        paste: Some(Box::new(asked)),
        origin: Origin::Generated,
        command: "edit".to_owned(),
        model: "stand-in".to_owned(),
        sources: Vec::new(),
        makes_folder: false,
    };
    let ticket = window.studio.save(save).unwrap();
    assert!(matches!(window.answer(&ticket), Event::Saved { .. }));
    assert!(load(&path).unwrap() == *expected);
}

#[test]
fn a_paste_into_the_preview_follows_its_size() {
    let photo = photo();
    let small = Arc::new(image::imageops::thumbnail(&*photo, 160, 120));
    let mut asked = paste(&photo, 1.0);
    asked.faces[0].landmarks = Some(Box::new([[100.0, 50.0]; 68]));
    let into_small = asked.into_copy(Arc::clone(&small));
    assert_eq!(into_small.faces[0].square, Crop::level([80.0, 60.0], 30.0));
    assert_eq!(into_small.faces[0].landmarks, Some(Box::new([[50.0, 25.0]; 68])));
    let window = window();
    let number = window.studio.paste(into_small);
    assert_eq!(window.wait(|studio| studio.pasted(number)).picture.dimensions(), (160, 120));
}
