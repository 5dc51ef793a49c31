//! Parquet shards as a set.

use std::path::{Path, PathBuf};

use facespace::data::atomic::WriteError;
use facespace::data::sets::{Columns, Format, Marks, Picture, SharedNames, Split, open};
use facespace::data::shards::{self, Record};
use facespace::face::Expression;
use image::ImageFormat;

use super::{keys, opened, points, read, refusal, stop, told};
use crate::data::{bytes_of, pattern};

/// A row with a stored crop and every label but the expression.
pub fn record(path: &str, expression: Option<u8>) -> Record {
    Record {
        path: path.to_owned(),
        picture_bytes: bytes_of(pattern(168, 168), ImageFormat::Jpeg),
        person: Some("Ada".to_owned()),
        clip: Some("1".to_owned()),
        expression,
        valence: Some(0.5),
        arousal: Some(-0.25),
        pose_deg: Some([10.0, -5.0, 2.0]),
        landmarks: Some(points(20.0)),
        factors: None,
    }
}

pub fn shard(folder: &Path, name: &str, rows: Vec<Record>) -> PathBuf {
    let path = folder.join(name);
    shards::write(&path, rows.into_iter().map(Ok::<_, WriteError>)).unwrap();
    path
}

#[test]
fn crops_of_all_parts_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    shard(root, "mine-train-00001.parquet", vec![record("c.jpg", None)]);
    shard(root, "mine-train-00000.parquet", vec![record("a.jpg", Some(1)), record("b.jpg", Some(6))]);
    shard(root, "mine-val-00000.parquet", vec![record("d.jpg", Some(2))]);
    shard(root, "mine-test-00000.parquet", vec![record("e.jpg", Some(3))]);
    let set = open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.root()), (Format::Shards, "mine", root));
    assert_eq!((set.splits(), Split::ALL.map(|split| set.count(split))), (Split::ALL.to_vec(), [3, 1, 1]));

    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["a.jpg", "b.jpg", "c.jpg"], 0));
    let first = &train[0];
    assert_eq!(first.picture, Picture::Bytes(record("a.jpg", None).picture_bytes));
    let crop = Marks::Crop { landmarks: Some(Box::new(points(20.0))), pose_deg: Some([10.0, -5.0, 2.0]) };
    assert_eq!(first.marks, crop);
    assert_eq!((first.expression, first.valence, first.arousal), (Some(Expression::Happy), Some(0.5), Some(-0.25)));
    assert_eq!((first.person.as_deref(), first.clip.as_deref()), (Some("Ada"), Some("1")));
    assert_eq!(train[2].expression, None);
    assert_eq!(keys(&read(&*set, Split::Val).0), ["d.jpg"]);
    assert_eq!(keys(&read(&*set, Split::Test).0), ["e.jpg"]);
}

#[test]
fn parts_are_told_by_the_first_word_of_a_name_too() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    shard(root, "test-00000-of-00001.parquet", vec![record("a.jpg", Some(1))]);
    shard(root, "train-00000-of-00001.parquet", vec![record("b.jpg", Some(1))]);
    shard(root, "validation.parquet", vec![record("c.jpg", Some(1))]);
    let set = opened(root, Format::Shards);
    let found = Split::ALL.map(|split| keys(&read(&*set, split).0).join(" "));
    assert_eq!(found, ["b.jpg", "c.jpg", "a.jpg"]);
}

#[test]
fn pictures_of_other_sizes_are_photographs() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let photo = |path: &str, landmarks| Record {
        picture_bytes: bytes_of(pattern(200, 150), ImageFormat::Png),
        landmarks,
        ..record(path, Some(0))
    };
    let rows = vec![photo("a.png", Some(points(0.0))), photo("b.png", None), record("c.jpg", Some(0))];
    let path = shard(root, "loose-train-00-of-01.parquet", rows);
    for path in [root, path.as_path()] {
        let (train, _) = read(&*opened(path, Format::Shards), Split::Train);
        assert_eq!(train[0].marks, Marks::Points68(Box::new(points(0.0))));
        assert_eq!(train[1].marks, Marks::None);
        // Whatever its size, in a shard of photographs.
        assert_eq!(train[2].marks, Marks::Points68(Box::new(points(20.0))));
    }
    // With crops beside them the photographs are left out.
    shard(root, "mine-train-00-of-01.parquet", vec![record("d.jpg", Some(0))]);
    assert_eq!(keys(&read(&*opened(root, Format::Shards), Split::Train).0), ["d.jpg"]);
}

#[test]
fn rows_that_cannot_be_used_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let rows = vec![record("a.jpg", Some(1)), record("b.jpg", Some(9)), record("a.jpg", Some(2))];
    let path = shard(folder.path(), "mine.parquet", rows);
    let set = opened(&path, Format::Shards);
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((set.name(), keys(&train)), ("mine", vec!["a.jpg"]));
    let reasons = [
        ("mine.parquet#1", "the row has an expression that is none of 0 to 7"),
        ("a.jpg", "an earlier row names the same picture"),
    ];
    assert_eq!(told(&skipped), reasons.map(|(key, reason)| (key, reason.to_owned())));

    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(stop(&*set, Split::Train).starts_with("The shard is cut off, damaged or no Parquet file"));
    assert!(refusal(&path, Some(Format::Shards)).starts_with("The shard is cut off, damaged or no Parquet file"));
    std::fs::remove_file(&path).unwrap();
    assert!(refusal(folder.path(), Some(Format::Shards)).starts_with("There are no shards for this purpose;"));
}

#[test]
fn pictures_of_one_name_in_several_shards_are_called_after_those() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    shard(root, "mine-train-00000.parquet", vec![record("a.jpg", Some(1)), record("b.jpg", Some(1))]);
    shard(root, "mine-train-00001.parquet", vec![record("b.jpg", Some(2)), record("b.jpg", Some(3))]);
    let val = shard(root, "mine-val-00000.parquet", vec![record("b.jpg", Some(4)), record("c.jpg", Some(4))]);
    let set = opened(root, Format::Shards);
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(keys(&train), ["a.jpg", "mine-train-00000.parquet/b.jpg", "mine-train-00001.parquet/b.jpg"]);
    // Within a shard nothing tells them apart.
    let twice = "an earlier row names the same picture".to_owned();
    assert_eq!(told(&skipped), [("mine-train-00001.parquet/b.jpg", twice)]);
    assert_eq!(keys(&read(&*set, Split::Val).0), ["mine-val-00000.parquet/b.jpg", "c.jpg"]);
    let shared = set.shared_names();
    assert!(shared.contains("b.jpg") && !shared.contains("a.jpg"));
    assert_eq!((&*shared.key(&val, "b.jpg"), &*shared.key(&val, "c.jpg")), ("mine-val-00000.parquet/b.jpg", "c.jpg"));
    for key in ["mine-val-00000.parquet/b.jpg", "b.jpg"] {
        assert_eq!(SharedNames::name_in_shard(key), "b.jpg");
    }
    assert_eq!(SharedNames::name_in_shard("album/b.jpg"), "album/b.jpg");
    // A shard alone has its own names.
    assert_eq!(keys(&read(&*opened(&val, Format::Shards), Split::Val).0), ["b.jpg", "c.jpg"]);
}

#[test]
fn named_columns_go_before_those_of_the_shard() {
    let folder = tempfile::tempdir().unwrap();
    let rows = vec![
        Record { person: Some("angry".to_owned()), ..record("a.jpg", Some(1)) },
        Record { person: Some("bored".to_owned()), ..record("b.jpg", Some(1)) },
        Record { person: None, ..record("c.jpg", Some(1)) },
    ];
    let path = shard(folder.path(), "mine.parquet", rows);
    let columns =
        |given: &str| Columns { given: Some(given.to_owned()), person: Some("clip".to_owned()), ..Columns::default() };
    let set = open(&path, Some(Format::Shards), &columns("person")).unwrap_or_else(|error| panic!("{error}"));
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((keys(&train), train[0].expression), (vec!["a.jpg", "c.jpg"], Some(Expression::Anger)));
    assert_eq!((train[0].person.as_deref(), train[1].expression), (Some("1"), None));
    assert_eq!(told(&skipped), [("b.jpg", "the class \"bored\" is not known".to_owned())]);

    let error = open(&path, Some(Format::Shards), &columns("mood")).err().unwrap().to_string();
    assert!(error.starts_with("The table lacks the column mood (it has image.bytes, image.path, person,"), "{error}");
}
