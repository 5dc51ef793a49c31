//! Records written as a shard and read back.

use std::fs;
use std::path::Path;

use facespace::data::atomic::WriteError;
use facespace::data::shards::{Record, ShardReader, write};

/// A record with everything in it, or with a picture alone.
fn record(number: usize, full: bool) -> Record {
    let some = |value: f32| full.then_some(value);
    Record {
        path: format!("{number}.jpg"),
        picture_bytes: vec![number as u8; 10 + number % 7],
        person: full.then(|| format!("person {}", number / 16)),
        clip: full.then(|| format!("clip {}", number / 4)),
        expression: full.then_some((number % 8) as u8),
        valence: some(-0.5),
        arousal: some(0.25),
        pose_deg: full.then_some([number as f32, -5.0, 2.0]),
        landmarks: full.then(|| std::array::from_fn(|i| [i as f32 + 0.5, number as f32])),
        factors: full.then(|| vec![0.5, number as f32, -2.0]),
    }
}

fn read(path: &Path) -> Vec<Record> {
    ShardReader::open(path).unwrap().map(Result::unwrap).collect()
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn what_is_written_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    // More than two row groups, and every third record bare.
    let records: Vec<Record> = (0..1203).map(|i| record(i, i % 3 > 0)).collect();
    let written = write::<WriteError>(&path, records.iter().cloned().map(Ok)).unwrap();
    assert_eq!(written, 1203);
    assert_eq!(ShardReader::open(&path).unwrap().rows(), 1203);
    assert_eq!(read(&path), records);
    assert_eq!(names(folder.path()), ["a.parquet"]);
}

#[test]
fn rows_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let records: Vec<Record> = (0..1203).map(|i| record(i, i % 3 > 0)).collect();
    write::<WriteError>(&path, records.iter().cloned().map(Ok)).unwrap();
    for rows in [0, 1, 499, 500, 501, 1000, 1202, 1203, 2000] {
        let mut reader = ShardReader::open(&path).unwrap();
        reader.pass_over(rows as u64).unwrap();
        let left: Vec<Record> = reader.map(Result::unwrap).collect();
        assert_eq!(left, records[rows.min(1203)..], "{rows}");
    }
    // And once more in the middle of a row group.
    let mut reader = ShardReader::open(&path).unwrap();
    reader.pass_over(10).unwrap();
    assert_eq!(reader.next().unwrap().unwrap(), records[10]);
    reader.pass_over(600).unwrap();
    assert_eq!(reader.next().unwrap().unwrap(), records[611]);
}

#[test]
fn no_rows_make_an_empty_shard() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    assert_eq!(write::<WriteError>(&path, std::iter::empty()).unwrap(), 0);
    assert!(read(&path).is_empty());
}

#[derive(Debug, PartialEq)]
enum Trouble {
    Source,
    Disk,
}

impl From<WriteError> for Trouble {
    fn from(_: WriteError) -> Self {
        Trouble::Disk
    }
}

#[test]
fn a_row_that_fails_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    fs::write(&path, b"before").unwrap();
    for before in [0, 3, 700] {
        let rows = (0..before).map(|i| Ok(record(i, true))).chain([Err(Trouble::Source), Ok(record(0, true))]);
        assert_eq!(write(&path, rows), Err(Trouble::Source));
        assert_eq!(fs::read(&path).unwrap(), b"before");
        assert_eq!(names(folder.path()), ["a.parquet"]);
    }
    let nowhere = folder.path().join("gone/a.parquet");
    assert_eq!(write(&nowhere, std::iter::once(Ok::<_, Trouble>(record(0, true)))), Err(Trouble::Disk));
}
