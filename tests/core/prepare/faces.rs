//! What becomes of one face: its crop, points, pose and labels, by what the set says of it.

use facespace::data::image::{crop, decode};
use facespace::data::sets::{Entry, Marks, Picture};
use facespace::data::shards::Record;
use facespace::data::synth::{Photograph, photograph, photograph_with};
use facespace::face::{Crop, Expression, FaceBox, Landmarks};
use facespace::find::{Finder, pose};
use facespace::prepare::{LeftOut, Options, Points, STORED_SIDE, prepare};
use image::{ImageFormat, Rgb, RgbImage, imageops};

use super::{Drawn, face, options, rows, stored, sure};
use crate::data::bytes_of;
use crate::find::finds_everywhere;

const SIDE: u32 = STORED_SIDE;

fn bundled() -> &'static Finder {
    Finder::bundled().unwrap()
}

fn entry(key: &str, picture: &RgbImage, marks: Marks) -> Entry {
    Entry { marks, ..Entry::bare(key.to_owned(), Picture::Bytes(bytes_of(picture.clone(), ImageFormat::Png))) }
}

/// The rows and what was left out, of these entries.
fn prepared(entries: Vec<Entry>, finder: &Finder, points: Points) -> (Vec<Record>, Vec<LeftOut>) {
    let home = tempfile::tempdir().unwrap();
    // A stored crop behind them, so that there is something to prepare in any case.
    let last = stored(0);
    let set = Drawn::of(&home.path().join("set"), entries.into_iter().chain([last]).map(face).collect());
    let out = home.path().join("out");
    let report = prepare(&set, &out, &Options { points, ..options() }, finder, &mut |_| true).unwrap();
    let mut rows = rows(&out);
    assert_eq!(rows.pop().unwrap().path, stored(0).key);
    assert_eq!(rows.len() as u64 + 1, report.written.total());
    (rows, report.left_out)
}

fn one(entry: Entry, finder: &Finder, points: Points) -> Record {
    let (mut rows, left_out) = prepared(vec![entry], finder, points);
    assert!(left_out.is_empty(), "{left_out:?}");
    rows.pop().unwrap()
}

/// Why an entry is left out.
fn reason(entry: Entry, finder: &Finder) -> String {
    let (rows, mut left_out) = prepared(vec![entry], finder, Points::Own);
    assert!(rows.is_empty() && left_out.len() == 1, "{left_out:?}");
    left_out.pop().unwrap().reason
}

/// The stored crop that a face with these points should have.
fn expected(picture: &RgbImage, landmarks: &Landmarks) -> RgbImage {
    crop(picture, &Crop::from_landmarks(landmarks).unwrap().widened(20.0), SIDE)
}

/// Mean difference over pixels and channels.
fn difference(row: &Record, picture: &RgbImage) -> f64 {
    let stored = decode(&row.picture_bytes).unwrap();
    assert_eq!(stored.dimensions(), (SIDE, SIDE));
    let sum: u64 = stored.as_raw().iter().zip(picture.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / stored.as_raw().len() as f64
}

/// The crop that the landmarks of a stored crop imply is its middle.
#[track_caller]
fn assert_in_place(landmarks: &Landmarks, tolerance: f32) {
    let square = Crop::from_landmarks(landmarks).unwrap();
    let middle = SIDE as f32 / 2.0;
    assert!((square.half_side - 64.0).abs() < tolerance && square.roll_deg().abs() < tolerance, "{square:?}");
    assert!(square.centre.iter().all(|v| (v - middle).abs() < tolerance), "{square:?}");
}

fn mean(points: &[[f32; 2]]) -> [f32; 2] {
    [0, 1].map(|axis| points.iter().map(|point| point[axis]).sum::<f32>() / points.len() as f32)
}

fn five(landmarks: &Landmarks) -> [[f32; 2]; 5] {
    [mean(&landmarks[36..42]), mean(&landmarks[42..48]), landmarks[30], landmarks[48], landmarks[54]]
}

fn drawn() -> Photograph {
    photograph(3, (300, 240), 1)
}

#[test]
fn own_points_give_the_crop_of_the_method_with_points_pose_and_labels() {
    let drawn = drawn();
    let marks = Marks::Points68(Box::new(drawn.faces[0]));
    let labelled = Entry {
        person: Some("Ada".to_owned()),
        clip: Some("one".to_owned()),
        expression: Some(Expression::Fear),
        valence: Some(-0.5),
        arousal: Some(0.75),
        ..entry("a/1.png", &drawn.picture, marks)
    };
    let row = one(labelled, bundled(), Points::Own);
    assert!(difference(&row, &expected(&drawn.picture, &drawn.faces[0])) < 4.0);
    assert_eq!((row.path.as_str(), row.person.as_deref(), row.clip.as_deref()), ("a/1.png", Some("Ada"), Some("one")));
    assert_eq!((row.expression, row.valence, row.arousal), (Some(4), Some(-0.5), Some(0.75)));
    let landmarks = row.landmarks.unwrap();
    assert_in_place(&landmarks, 0.05);
    let pose = pose::fit(&landmarks, bundled().mean_face()).unwrap().pose;
    assert_eq!(row.pose_deg.unwrap(), pose.to_array_deg());
    // Levelled: what is left of the roll is what the crop leaves of it.
    let square = Crop::from_landmarks(&drawn.faces[0]).unwrap();
    let left = drawn.poses[0].roll_deg - square.roll_deg();
    assert!((pose.roll_deg - left).abs() < 12.0, "{} is not {left}", pose.roll_deg);
}

#[test]
fn five_points_give_the_crop_and_the_finder_adds_what_it_is_sure_of() {
    let drawn = drawn();
    let marks = || Marks::Points5(five(&drawn.faces[0]));
    let row = one(entry("1.png", &drawn.picture, marks()), sure(), Points::Own);
    assert!(difference(&row, &expected(&drawn.picture, &drawn.faces[0])) < 4.0);
    assert_in_place(&row.landmarks.unwrap(), 0.5);
    assert!(row.pose_deg.is_some());

    let unsure = Finder::new(finds_everywhere(-4.0)).unwrap();
    let bare = one(entry("1.png", &drawn.picture, marks()), &unsure, Points::Own);
    assert_eq!((bare.landmarks, bare.pose_deg), (None, None));
    assert_eq!(bare.picture_bytes, row.picture_bytes);

    // The finder that comes with the program sees where the face is.
    let seen = one(entry("1.png", &drawn.picture, marks()), bundled(), Points::Own);
    assert_in_place(&seen.landmarks.unwrap(), 10.0);
}

#[test]
fn a_box_or_points_say_which_face_the_finder_is_asked_for() {
    let crowd = crate::cli::three();
    let crops: Vec<RgbImage> = crowd.faces.iter().map(|face| expected(&crowd.picture, face)).collect();
    let of = |marks: fn(&Landmarks) -> Marks| -> Vec<Entry> {
        let numbered = crowd.faces.iter().enumerate();
        numbered.map(|(number, face)| entry(&format!("{number}.png"), &crowd.picture, marks(face))).collect()
    };
    let boxes = of(|face| Marks::Box(FaceBox::from_landmarks(face).unwrap()));
    let points = of(|face| Marks::Points68(Box::new(*face)));
    let eyes = of(|face| Marks::Points5(five(face)));
    for (entries, asked) in [(boxes, Points::Own), (points, Points::Finder), (eyes, Points::Finder)] {
        let (rows, left_out) = prepared(entries, bundled(), asked);
        assert!(rows.len() == crops.len(), "{left_out:?}");
        for (number, row) in rows.iter().enumerate() {
            let apart: Vec<f64> = crops.iter().map(|crop| difference(row, crop)).collect();
            let nearest = (0..apart.len()).min_by(|&a, &b| apart[a].total_cmp(&apart[b])).unwrap();
            assert_eq!(nearest, number, "{apart:?}");
            assert_in_place(&row.landmarks.unwrap(), 0.05);
        }
    }
}

/// Two people side by side and a wall: the smaller one stands in the middle.
#[test]
fn without_marks_the_largest_face_near_the_middle_is_taken() {
    const TILE: u32 = 260;
    let large = photograph_with(3, (TILE, TILE), 1, Some(150.0));
    let small = photograph_with(2, (TILE, TILE), 1, Some(90.0));
    let mut picture = RgbImage::from_pixel(3 * TILE, TILE, Rgb([120, 130, 140]));
    imageops::replace(&mut picture, &large.picture, 0, 0);
    imageops::replace(&mut picture, &small.picture, i64::from(TILE), 0);
    let small = small.faces[0].map(|[x, y]| [x + TILE as f32, y]);
    let [large, small] = [large.faces[0], small].map(|face| expected(&picture, &face));

    let row = one(entry("1.png", &picture, Marks::None), bundled(), Points::Own);
    assert!(difference(&row, &small) < difference(&row, &large));
    // Without the one in the middle, the other is meant.
    imageops::replace(&mut picture, &RgbImage::from_pixel(TILE, TILE, Rgb([120, 130, 140])), i64::from(TILE), 0);
    let row = one(entry("1.png", &picture, Marks::None), bundled(), Points::Own);
    assert!(difference(&row, &large) < difference(&row, &small));
}

#[test]
fn stored_crops_stay_as_they_are() {
    let labelled = stored(1);
    let row = one(labelled.clone(), sure(), Points::Own);
    let Picture::Bytes(bytes) = &labelled.picture else { unreachable!() };
    let Marks::Crop { landmarks, pose_deg } = &labelled.marks else { unreachable!() };
    assert_eq!(&row.picture_bytes, bytes);
    assert_eq!((row.landmarks, row.pose_deg), (landmarks.as_deref().copied(), *pose_deg));
    assert_eq!(one(labelled.clone(), sure(), Points::Finder), row);

    // By its size alone it is one, too, and the finder adds the points.
    let unmarked = one(Entry { marks: Marks::None, ..labelled.clone() }, sure(), Points::Own);
    assert_eq!(&unmarked.picture_bytes, bytes);
    assert_in_place(&unmarked.landmarks.unwrap(), 0.5);
    assert!(unmarked.pose_deg.is_some());
    let none = Marks::Crop { landmarks: None, pose_deg: None };
    let large = entry("1.png", &drawn().picture, none);
    assert_eq!(reason(large, sure()), "the stored crop is not a square of 128, 144 or 168 pixels");
}

#[test]
fn faces_that_cannot_be_there_are_left_out() {
    let drawn = drawn();
    let at = |change: fn([f32; 2]) -> [f32; 2]| {
        entry("1.png", &drawn.picture, Marks::Points68(Box::new(drawn.faces[0].map(change))))
    };
    assert_eq!(reason(at(|_| [50.0, 50.0]), sure()), "its points give no crop");
    assert_eq!(reason(at(|[x, y]| [x + 1e4, y]), sure()), "its face lies outside the picture");
    assert_eq!(reason(at(|[x, y]| [x / 20.0 + 100.0, y / 20.0 + 100.0]), sure()), "its face is smaller than 16 pixels");
    let boxed = |place: [f32; 4]| entry("1.png", &drawn.picture, Marks::Box(place.into()));
    let outside = "its face lies outside the picture";
    for place in [[-500.0, 0.0, 50.0, 60.0], [10.0, 10.0, 0.0, 0.0], [f32::NAN, 10.0, 50.0, 60.0]] {
        assert_eq!(reason(boxed(place), sure()), outside);
    }
    let wall = RgbImage::from_pixel(320, 240, Rgb([128; 3]));
    let anywhere = entry("1.png", &wall, Marks::None);
    assert_eq!(reason(anywhere, bundled()), "no face is seen in the picture");
    let there = entry("1.png", &wall, Marks::Box(FaceBox::around([160.0, 120.0], 80.0, 100.0)));
    assert_eq!(reason(there, bundled()), "no face is seen where the set has it");
}
