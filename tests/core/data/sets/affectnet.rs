//! AffectNet's lists and pictures as they were first published.

use std::path::Path;

use facespace::data::sets::{Columns, Format, Marks, Picture, Split, open};
use facespace::face::{Expression, FaceBox};

use super::{file, keys, opened, picture, points, read, refusal, told};

pub const LISTS: &str = "Manually_Annotated_file_lists";
pub const IMAGES: &str = "Manually_Annotated/Manually_Annotated_Images";
pub const HEADER: &str =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n";

pub fn row(name: &str, expression: &str, mood: &str) -> String {
    let points: Vec<String> = points(0.0).as_flattened().iter().map(f32::to_string).collect();
    format!("{name},10,20,30,40,{},{expression},{mood}\n", points.join(";"))
}

/// Two pictures to train on and one to validate, whose list has no names of columns.
pub fn official(root: &Path) {
    for name in ["1/a.jpg", "2/b.jpg", "2/c.jpg"] {
        picture(&root.join(IMAGES), name);
    }
    let training = [HEADER, &row("1/a.jpg", "1", "0.5,-0.25"), &row("2/b.jpg", "9", "-2,-2")].concat();
    file(root, &format!("{LISTS}/training.csv"), training.as_bytes());
    file(root, &format!("{LISTS}/validation.csv"), row("2/c.jpg", "6", "-0.5,1").as_bytes());
}

#[test]
fn both_lists_are_read() {
    let folder = tempfile::tempdir().unwrap();
    official(folder.path());
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Affectnet, "affectnet", true));
    assert_eq!(set.splits(), [Split::Train, Split::Val]);
    assert_eq!(Split::ALL.map(|split| set.count(split)), [2, 1, 0]);

    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["1/a.jpg", "2/b.jpg"], 0));
    let first = &train[0];
    assert_eq!(first.picture, Picture::File(folder.path().join(IMAGES).join("1/a.jpg")));
    assert_eq!(first.marks, Marks::Points68(Box::new(points(0.0))));
    assert_eq!((first.expression, first.valence, first.arousal), (Some(Expression::Happy), Some(0.5), Some(-0.25)));
    // Uncertain, and both moods not known.
    assert_eq!((train[1].expression, train[1].valence, train[1].arousal), (None, None, None));

    let (val, skipped) = read(&*set, Split::Val);
    assert_eq!((keys(&val), skipped.len()), (vec!["2/c.jpg"], 0));
    assert_eq!((val[0].expression, val[0].arousal), (Some(Expression::Anger), Some(1.0)));
    assert_eq!(read(&*set, Split::Test), (Vec::new(), Vec::new()));
}

#[test]
fn what_cannot_be_used_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["1/a.jpg", "1/b.jpg", "1/c.jpg", "1/left.jpg", "3/lost.jpg"] {
        picture(&root.join("Manually_Annotated_Images"), name);
    }
    let mood = "0,0";
    let training = [
        HEADER,
        &row("1/a.jpg", "1", mood),
        &row("1/b.jpg", "10", mood),
        &row("1/gone.jpg", "1", mood),
        &row("1\\a.jpg", "1", mood),
        "1/c.jpg,1,2\n",
        &row("1/left.jpg", "11", mood),
        &row("", "1", mood),
    ];
    file(root, "training.csv", training.concat().as_bytes());
    file(root, "validation.csv", [HEADER, &row("1/a.jpg", "1", mood)].concat().as_bytes());
    let set = opened(root, Format::Affectnet);
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(keys(&train), ["1/a.jpg"]);
    let reasons = [
        ("1/b.jpg", "the set says that there is no face"),
        ("1/gone.jpg", "the picture of the row is missing"),
        ("1/a.jpg", "an earlier row names the same picture"),
        ("1/c.jpg", "the row has fewer cells than there are columns"),
        ("1/left.jpg", "the class \"11\" is not known"),
        ("training.csv#6", "the row has no picture"),
    ];
    assert_eq!(told(&skipped), reasons.map(|(key, reason)| (key, reason.to_owned())));
    // A picture of the first list, and after the last row what no list names.
    let (val, skipped) = read(&*set, Split::Val);
    let reasons = [("1/a.jpg", "an earlier row names the same picture"), ("3/lost.jpg", "the picture has no row")];
    assert_eq!(told(&skipped), reasons.map(|(key, reason)| (key, reason.to_owned())));
    assert!(val.is_empty());
}

#[test]
fn a_row_without_landmarks_has_its_box() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "a.jpg");
    picture(root, "b.jpg");
    let training = [HEADER, "a.jpg,10,20,30,40,1;2;3,0,0,0\n", "b.jpg,NULL,20,30,40,,0,0,0\n"].concat();
    file(root, "training.csv", training.as_bytes());
    let (train, _) = read(&*opened(root, Format::Affectnet), Split::Train);
    assert_eq!(train[0].marks, Marks::Box(FaceBox { x: 10.0, y: 20.0, w: 30.0, h: 40.0 }));
    assert_eq!(train[1].marks, Marks::None);
}

#[test]
fn a_list_alone_is_a_set() {
    let folder = tempfile::tempdir().unwrap();
    official(folder.path());
    let list = folder.path().join(LISTS).join("validation.csv");
    let set = opened(&list, Format::Affectnet);
    assert_eq!(set.splits(), [Split::Val]);
    let (val, skipped) = read(&*set, Split::Val);
    assert_eq!((keys(&val), skipped.len()), (vec!["2/c.jpg"], 2));

    // Or with the pictures somewhere else.
    let elsewhere = tempfile::tempdir().unwrap();
    picture(elsewhere.path(), "2/c.jpg");
    let columns = Columns { root: Some(elsewhere.path().to_owned()), ..Columns::default() };
    let set = open(&list, Some(Format::Affectnet), &columns).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read(&*set, Split::Val).1, Vec::new());
}

#[test]
fn another_release_is_told_by_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let format = Some(Format::Affectnet);
    let error = refusal(root, format);
    assert!(error.contains("it lacks training.csv and validation.csv;"), "{error}");

    file(root, "training.csv", HEADER.as_bytes());
    let error = refusal(root, format);
    assert!(error.starts_with("There are no faces in this set;"), "{error}");

    file(root, "training.csv", [HEADER, &row("1/a.jpg", "1", "0,0")].concat().as_bytes());
    let error = refusal(root, format);
    assert!(error.contains("it lacks the pictures that its lists name"), "{error}");

    file(
        root,
        "training.csv",
        b"subDirectory_filePath,face_x,face_y,face_width,face_height,emotion\n1/a.jpg,1,2,3,4,5\n",
    );
    let error = refusal(root, format);
    let sentence = "The table lacks the columns facial_landmarks, expression, valence, arousal (it has \
                    subDirectory_filePath, face_x, face_y, face_width, face_height, emotion);";
    assert!(error.starts_with(sentence), "{error}");
}
