//! AffectNet with four NumPy files a face.

use std::path::Path;

use facespace::data::sets::{Columns, Format, Marks, Picture, Split, open};
use facespace::face::Expression;

use super::{file, keys, opened, picture, points, read, refusal, told};

/// A NumPy file of version 1.
pub fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    while !(10 + header.len() + 1).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    [b"\x93NUMPY\x01\x00".as_slice(), &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat()
}

/// One text, as NumPy saves it.
pub fn text(word: &str) -> Vec<u8> {
    let data: Vec<u8> = word.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    npy(&format!("<U{}", word.len()), "()", &data)
}

fn annotations(root: &Path, face: &str, expression: &[u8], mood: [&str; 2]) {
    let points: Vec<u8> = points(0.0).as_flattened().iter().flat_map(|&v| f64::from(v).to_le_bytes()).collect();
    file(root, &format!("annotations/{face}_exp.npy"), expression);
    file(root, &format!("annotations/{face}_val.npy"), &text(mood[0]));
    file(root, &format!("annotations/{face}_aro.npy"), &text(mood[1]));
    file(root, &format!("annotations/{face}_lnd.npy"), &npy("<f8", "(136,)", &points));
}

/// Three faces to train on, one to validate; the class as a text, a whole number and a fraction.
pub fn official(root: &Path) {
    let (train, val) = (root.join("train_set"), root.join("val_set"));
    for face in ["0", "2", "10"] {
        picture(&train, &format!("images/{face}.jpg"));
    }
    picture(&val, "images/3.jpg");
    annotations(&train, "0", &text("1"), ["0.5", "-0.25"]);
    annotations(&train, "2", &npy("<i8", "()", &9i64.to_le_bytes()), ["-2", "-2.0"]);
    annotations(&train, "10", &npy(">f4", "(1,)", &4f32.to_be_bytes()), ["0", "0"]);
    annotations(&val, "3", &npy("|u1", "()", &[7]), ["0", "0"]);
}

#[test]
fn faces_and_their_four_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    official(folder.path());
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::AffectnetNpy, "affectnet", true));
    assert_eq!(set.splits(), [Split::Train, Split::Val]);
    assert_eq!(Split::ALL.map(|split| set.count(split)), [3, 1, 0]);

    let (train, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(keys(&train), ["train_set/images/0.jpg", "train_set/images/2.jpg", "train_set/images/10.jpg"]);
    let first = &train[0];
    assert_eq!(first.picture, Picture::File(folder.path().join("train_set/images/0.jpg")));
    assert_eq!(first.marks, Marks::Points68(Box::new(points(0.0))));
    assert_eq!((first.expression, first.valence, first.arousal), (Some(Expression::Happy), Some(0.5), Some(-0.25)));
    assert_eq!((train[1].expression, train[1].valence, train[1].arousal), (None, None, None));
    assert_eq!(train[2].expression, Some(Expression::Fear));

    let (val, _) = read(&*set, Split::Val);
    assert_eq!((keys(&val), val[0].expression), (vec!["val_set/images/3.jpg"], Some(Expression::Contempt)));
}

#[test]
fn the_two_folders_may_lie_at_the_root() {
    let folder = tempfile::tempdir().unwrap();
    picture(folder.path(), "images/7.png");
    file(folder.path(), "annotations/7_exp.npy", &text("3"));
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["images/7.png"], 0));
    // The other three files are not needed.
    assert_eq!(
        (train[0].expression, &train[0].marks, train[0].valence),
        (Some(Expression::Surprise), &Marks::None, None)
    );
}

#[test]
fn what_cannot_be_used_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let train = folder.path().join("train_set");
    for face in ["1", "2", "3", "4", "5"] {
        picture(&train, &format!("images/{face}.jpg"));
    }
    annotations(&train, "1", &text("0"), ["0", "0"]);
    annotations(&train, "3", b"no NumPy file", ["0", "0"]);
    annotations(&train, "4", &text("10"), ["0", "0"]);
    annotations(&train, "5", &npy("<f8", "(2,)", &[0; 16]), ["0", "0"]);
    annotations(&train, "6", &text("0"), ["0", "0"]);
    let (entries, skipped) = read(&*opened(folder.path(), Format::AffectnetNpy), Split::Train);
    assert_eq!(keys(&entries), ["train_set/images/1.jpg"]);
    let reasons = [
        ("train_set/images/2.jpg", "the picture has no row"),
        ("train_set/images/3.jpg", "the row has an expression that cannot be read"),
        ("train_set/images/4.jpg", "the set says that there is no face"),
        ("train_set/images/5.jpg", "the row has an expression that cannot be read"),
        ("train_set/images/6.jpg", "the picture of the row is missing"),
    ];
    assert_eq!(told(&skipped), reasons.map(|(key, reason)| (key, reason.to_owned())));
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let format = Some(Format::AffectnetNpy);
    let error = refusal(folder.path(), format);
    assert!(error.contains("it lacks train_set and val_set with images and annotations in each;"), "{error}");
    picture(folder.path(), "train_set/images/1.jpg");
    let error = refusal(folder.path(), format);
    assert!(error.contains("it lacks the folder train_set/annotations;"), "{error}");
    std::fs::create_dir(folder.path().join("train_set/annotations")).unwrap();
    std::fs::remove_file(folder.path().join("train_set/images/1.jpg")).unwrap();
    let error = refusal(folder.path(), format);
    assert!(error.starts_with("There are no faces in this set;"), "{error}");
}
