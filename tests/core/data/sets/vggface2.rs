//! VGGFace2 with its tables of points and without, whole and a part alone, with rows and files that do not fit.

use std::fs;
use std::path::Path;

use facespace::data::sets::{Columns, Format, Marks, Split, open};

use super::{file, keys, opened, picture, read, refusal, told};

const HEADER: &str = "NAME_ID,P1X,P1Y,P2X,P2Y,P3X,P3Y,P4X,P4Y,P5X,P5Y";
const TRAIN: &str = "bb_landmark/loose_landmark_train.csv";
const TEST: &str = "bb_landmark/loose_landmark_test.csv";

/// A row whose first coordinate is `x`.
fn row(name: &str, x: f32) -> String {
    format!("\"{name}\",{x},110.2,178.3,104.6,96.5,131.3,86.2,152.1,108.9,147.5\n")
}

fn points(x: f32) -> Marks {
    Marks::Points5([[x, 110.2], [178.3, 104.6], [96.5, 131.3], [86.2, 152.1], [108.9, 147.5]])
}

fn table(root: &Path, path: &str, rows: &[String]) {
    file(root, path, format!("{HEADER}\n{}", rows.concat()).as_bytes());
}

/// Two people to train on and one to measure on.
fn official(root: &Path) {
    for path in ["train/n000002/0001_01", "train/n000002/0002_01", "train/n000003/0001_02", "test/n000001/0001_01"] {
        picture(root, &format!("{path}.jpg"));
    }
    let rows = [row("n000002/0001_01", 1.0), row("n000002/0002_01", 2.0), row("n000003/0001_02", 3.0)];
    table(root, TRAIN, &rows);
    table(root, TEST, &[row("n000001/0001_01", 4.0)]);
}

#[test]
fn pictures_and_points_are_joined_by_person() {
    let folder = tempfile::tempdir().unwrap();
    official(folder.path());
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Vggface2, "vggface2", false));
    assert_eq!(set.splits(), [Split::Train, Split::Test]);
    assert_eq!(Split::ALL.map(|split| set.count(split)), [3, 0, 1]);
    let (entries, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    let expected = ["train/n000002/0001_01.jpg", "train/n000002/0002_01.jpg", "train/n000003/0001_02.jpg"];
    assert_eq!(keys(&entries), expected);
    let people: Vec<_> = entries.iter().map(|entry| entry.person.as_deref().unwrap()).collect();
    assert_eq!(people, ["n000002", "n000002", "n000003"]);
    assert_eq!(entries.iter().map(|entry| entry.marks.clone()).collect::<Vec<_>>(), [1.0, 2.0, 3.0].map(points));
    let (test, _) = read(&*set, Split::Test);
    assert_eq!((keys(&test), &test[0].marks), (vec!["test/n000001/0001_01.jpg"], &points(4.0)));
    assert!(set.entries(Split::Val).unwrap().next().is_none());
}

#[test]
fn rows_may_stand_in_any_order_and_in_quotes_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    let rows = [row("n000003/0001_02", 3.0), row("n000002/0002_01", 2.0).replace('"', "")];
    let again = [row("n000003/0009_01", 9.0), row("n000002/0001_01.jpg", 1.0).replace('"', "'")];
    table(root, TRAIN, &[rows, again].concat());
    let (entries, skipped) = read(&*opened(root, Format::Vggface2), Split::Train);
    assert_eq!(entries.iter().map(|entry| entry.marks.clone()).collect::<Vec<_>>(), [1.0, 2.0, 3.0].map(points));
    assert_eq!(told(&skipped), [("train/n000003/0009_01", "the picture of the row is missing".to_owned())]);
}

#[test]
fn without_tables_the_faces_are_to_be_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    fs::remove_dir_all(root.join("bb_landmark")).unwrap();
    let set = open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(set.format(), Format::Vggface2);
    let (entries, skipped) = read(&*set, Split::Train);
    assert_eq!((entries.len(), &entries[0].marks, skipped.len()), (3, &Marks::None, 0));
}

#[test]
fn other_places_and_a_part_alone_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "data/train/n000002/0001_01.jpg");
    table(root, "meta/bb_landmark/loose_landmark_train.csv", &[row("n000002/0001_01", 1.0)]);
    let (entries, _) = read(&*opened(root, Format::Vggface2), Split::Train);
    assert_eq!((keys(&entries), &entries[0].marks), (vec!["data/train/n000002/0001_01.jpg"], &points(1.0)));

    let folder = tempfile::tempdir().unwrap();
    official(folder.path());
    let set = open(&folder.path().join("test"), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.splits()), (Format::Vggface2, vec![Split::Test]));
    let (entries, skipped) = read(&*set, Split::Test);
    assert_eq!((keys(&entries), &entries[0].marks), (vec!["n000001/0001_01.jpg"], &points(4.0)));
    assert!(skipped.is_empty(), "{skipped:?}");
}

#[test]
fn what_does_not_fit_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    picture(root, "train/n000002/0003_01.jpg");
    picture(root, "train/loose.jpg");
    let rows = [
        row("n000002/0001_01", 1.0),
        row("n000002/0001_01", 7.0),
        "\"n000002/0002_01\",1,2,3\n".to_owned(),
        row("n000002/0004_01", 1.0),
        "\"n000003/0001_02\",1,2,,4,5,6,7,8,9,10\n".to_owned(),
        row("n000009/0001_01", 1.0),
        row("0001_01", 1.0),
    ];
    table(root, TRAIN, &rows);
    let (entries, skipped) = read(&*opened(root, Format::Vggface2), Split::Train);
    assert_eq!((keys(&entries), &entries[0].marks), (vec!["train/n000002/0001_01.jpg"], &points(1.0)));
    let expected = [
        ("train/0001_01", "the picture of the row is missing"),
        ("train/n000002/0002_01.jpg", "the row has fewer than five points"),
        ("train/n000002/0003_01.jpg", "the picture has no row"),
        ("train/n000002/0004_01", "the picture of the row is missing"),
        ("train/n000002/0001_01", "an earlier row names the same picture"),
        ("train/n000003/0001_02.jpg", "the row has a point that is no number"),
        ("train/n000009/0001_01", "the picture of the row is missing"),
        ("train/loose.jpg", "the picture has no row"),
    ];
    assert_eq!(told(&skipped), expected.map(|(key, why)| (key, why.to_owned())));
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    official(root);
    file(root, TEST, b"NAME_ID,X,Y,W,H\n\"n000001/0001_01\",1,2,3,4\n");
    let error = refusal(root, None);
    assert!(error.starts_with("The table lacks the columns P1X, P1Y, P2X, P2Y, P3X,"), "{error}");
    assert!(error.contains("(it has NAME_ID, X, Y, W, H)"), "{error}");

    fs::remove_file(root.join(TEST)).unwrap();
    let error = refusal(root, None);
    assert!(error.contains("it lacks bb_landmark/loose_landmark_test.csv;"), "{error}");

    fs::remove_dir_all(root.join("test")).unwrap();
    fs::remove_dir_all(root.join("train")).unwrap();
    let error = refusal(root, None);
    assert!(error.contains("it lacks the folders train and test with a folder a person;"), "{error}");
}
