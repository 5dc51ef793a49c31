//! Shards in an index: row by row, gone on with where it stopped, and only what is new in one that changed.

use std::fs;
use std::path::{Path, PathBuf};

use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::face::{Crop, Expression};
use facespace::gallery::{FaceCard, FaceLabels, From, Original};

use super::{Desk, assert_says, png, shade, touch};

fn record(name: &str, shade: u8) -> Record {
    Record {
        path: name.to_owned(),
        picture_bytes: png(&[shade]),
        person: Some(format!("person {shade}")),
        clip: None,
        expression: Some(1),
        valence: Some(0.5),
        arousal: None,
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

fn write(path: &Path, records: Vec<Record>) {
    shards::write::<WriteError>(path, records.into_iter().map(Ok)).unwrap();
}

/// So many rows called "0.png" and so on, with the shades from 40 upwards.
fn rows(count: u8) -> Vec<Record> {
    (0..count).map(|i| record(&format!("{i}.png"), 40 + i)).collect()
}

fn with_rows(count: u8) -> (Desk, PathBuf) {
    let desk = Desk::new();
    let path = desk.picture("a-train-00.parquet");
    write(&path, rows(count));
    (desk, path)
}

#[test]
fn rows_come_in_order_with_their_labels() {
    let (mut desk, path) = with_rows(20);
    write(&desk.picture("a-val-00.parquet"), vec![record("val.png", 90)]);
    // Whole photographs, angles, and tables of other programs.
    write(&desk.picture("loose-train-00.parquet"), rows(3));
    write(&desk.picture("scenes-00.parquet"), rows(3));
    fs::write(desk.picture("pose.parquet"), b"none").unwrap();
    fs::create_dir(desk.picture("deep")).unwrap();
    write(&desk.picture("deep/b.parquet"), rows(3));
    let report = desk.update();
    assert_eq!((report.added, report.faces_added, report.failed.len()), (2, 21, 0), "{report:?}");
    let cards: Vec<FaceCard> = desk.cards().into_iter().filter(|card| card.from.file() == path).collect();
    assert_eq!(cards.len(), 20);
    for (row, card) in cards.iter().enumerate() {
        let name = format!("{row}.png");
        assert_eq!(card.from, From::Row { shard: path.clone(), row: row as u64, name });
        assert_eq!((shade(card), card.number), (40 + row as u8, 1));
        let labels = FaceLabels {
            person: Some(format!("person {}", 40 + row)),
            expression: Some(Expression::Happy),
            valence: Some(0.5),
            ..FaceLabels::default()
        };
        assert_eq!(card.labels, labels);
    }
    let original = desk.index().picture(cards[7].key).unwrap();
    assert_eq!(original, Original::Bytes { name: "7.png".to_owned(), bytes: png(&[47]), square: None });
    assert_eq!(desk.update().unchanged, 2);
}

#[test]
fn a_stop_is_gone_on_from_at_the_next_row() {
    let (mut desk, _) = with_rows(100);
    let (mut stops, mut found, mut added) = (0, 0, 0);
    loop {
        let report = desk.update_with(&[desk.pictures()], 20).unwrap();
        found += report.faces_added;
        added += report.added;
        let stored: Vec<u8> = desk.cards().iter().map(shade).collect();
        assert_eq!(stored, (40..40 + found as u8).collect::<Vec<u8>>(), "the first rows, in order");
        if !report.cancelled {
            break;
        }
        assert!(report.faces_added >= 20, "{report:?}");
        stops += 1;
    }
    assert!(stops > 0);
    assert_eq!((found, added), (100, 1));
    assert_eq!(desk.work().1, 100, "nothing is encoded twice");
    assert_eq!(desk.update().unchanged, 1);
}

#[test]
fn of_a_changed_shard_only_new_rows_are_encoded() {
    let (mut desk, path) = with_rows(10);
    desk.update();
    let keys: Vec<i64> = desk.index().keys().unwrap();
    desk.index().rename(&[keys[4]], "Anna").unwrap();
    desk.work();
    // One row in front, two away, one with another picture, one with another label.
    let mut changed = rows(10);
    changed[6].picture_bytes = png(&[90]);
    changed[4].expression = Some(2);
    changed.drain(0..2);
    changed.insert(0, record("new.png", 95));
    write(&path, changed);
    touch(&path, 1_000_000);
    // Also where it is stopped in between.
    let first = desk.update_with(&[desk.pictures()], 3).unwrap();
    let report = desk.update();
    assert_eq!(report.changed + first.changed, 1, "{first:?} {report:?}");
    assert_eq!(desk.work().1, 2);
    let cards = desk.cards();
    let mut by_row: Vec<(u64, u8, bool)> = cards
        .iter()
        .map(|card| {
            let From::Row { row, .. } = &card.from else { panic!("{card:?}") };
            (*row, shade(card), keys.contains(&card.key))
        })
        .collect();
    by_row.sort_unstable();
    let expected = [(95, false), (42, true), (43, true), (44, true), (45, true), (90, false), (47, true), (48, true)];
    let expected = expected.into_iter().chain([(49, true)]).zip(0..).map(|((shade, kept), row)| (row, shade, kept));
    assert_eq!(by_row, expected.collect::<Vec<(u64, u8, bool)>>());
    let anna = cards.iter().find(|card| card.key == keys[4]).unwrap();
    assert_eq!((anna.labels.person.as_deref(), anna.labels.expression), (Some("Anna"), Some(Expression::Sad)));
    assert_eq!(desk.update().unchanged, 1);
}

#[test]
fn a_touched_or_moved_shard_keeps_its_faces() {
    let (mut desk, path) = with_rows(5);
    desk.update();
    let keys = desk.index().keys().unwrap();
    desk.work();
    touch(&path, 1_000_000);
    // Its ends do not say that nothing in it was changed.
    assert_eq!(desk.update().changed, 1);
    let elsewhere = desk.picture("other name.parquet");
    fs::rename(&path, &elsewhere).unwrap();
    let report = desk.update();
    assert_eq!((report.moved, report.removed, report.added), (1, 0, 0), "{report:?}");
    assert_eq!((desk.index().keys().unwrap(), desk.work()), (keys, (0, 0)));
    assert_eq!(desk.cards()[0].from.file(), elsewhere);
    fs::remove_file(&elsewhere).unwrap();
    let report = desk.update();
    assert_eq!((report.removed, report.faces_removed), (1, 5), "{report:?}");
}

#[test]
fn a_shard_that_is_moved_half_done_is_gone_on_with() {
    let (mut desk, path) = with_rows(100);
    desk.update_with(&[desk.pictures()], 20).unwrap();
    let begun = desk.index().keys().unwrap();
    fs::rename(&path, desk.picture("other name.parquet")).unwrap();
    let report = desk.update();
    assert_eq!((report.removed, report.faces_removed, report.failed.len()), (0, 0, 0), "{report:?}");
    assert_eq!((desk.index().faces().unwrap(), desk.work().1), (100, 100));
    assert!(desk.index().keys().unwrap().starts_with(&begun));
}

#[test]
fn rows_that_fail_are_told_and_the_others_go_on() {
    let desk = Desk::new();
    let path = desk.picture("a.parquet");
    let mut records = rows(6);
    records[2].picture_bytes = b"no picture".to_vec();
    records[3].picture_bytes = png(&[0]);
    records[4].picture_bytes = png(&[70, 80]);
    write(&path, records);
    let mut desk = desk;
    let report = desk.update();
    assert_eq!((report.added, report.faces_added, report.no_face), (1, 5, 1), "{report:?}");
    let [(failed, sentence)] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!(failed, &path);
    assert!(sentence.starts_with("Row 2 of the shard has ") && sentence.ends_with(&format!(": {}", path.display())));
    assert_eq!(desk.shades()["4.png"], [70, 80]);
    let second = desk.cards().into_iter().find(|card| card.from.name() == "4.png" && card.number == 2).unwrap();
    let original = desk.index().picture(second.key).unwrap();
    let square = Some(Crop::level([192.0, 64.0], 64.0));
    assert_eq!(original, Original::Bytes { name: "4.png".to_owned(), bytes: png(&[70, 80]), square });
    let report = desk.update();
    assert_eq!((report.unchanged, report.failed.len()), (1, 0), "{report:?}");
}

#[test]
fn a_damaged_shard_keeps_what_was_read_of_it() {
    let (mut desk, path) = with_rows(8);
    desk.update();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let report = desk.update();
    assert_eq!((report.failed.len(), desk.index().faces().unwrap()), (1, 8), "{report:?}");
    assert!(report.failed[0].1.starts_with("The shard is cut off"), "{report:?}");
    assert_eq!(desk.index().failures().unwrap(), report.failed);
    let key = desk.index().keys().unwrap()[0];
    assert!(desk.index().picture(key).is_err());
    let report = desk.update();
    assert_eq!((report.unchanged, report.failed.len()), (1, 0), "{report:?}");

    desk.work();
    fs::write(&path, &whole).unwrap();
    touch(&path, 2_000_000);
    assert_eq!(desk.update().changed, 1);
    assert_eq!((desk.work(), desk.index().faces().unwrap()), ((0, 0), 8));
    assert!(desk.index().failures().unwrap().is_empty());
}

#[test]
fn a_row_is_handed_out_while_it_is_the_one_that_was_indexed() {
    let (mut desk, path) = with_rows(3);
    desk.update();
    let keys = desk.index().keys().unwrap();
    let mut other = rows(3);
    other[1].picture_bytes = png(&[99]);
    write(&path, other);
    desk.index().picture(keys[0]).unwrap();
    assert_says(&desk.index().picture(keys[1]).unwrap_err(), "The picture has changed", &path);
    write(&path, rows(1));
    assert_says(&desk.index().picture(keys[2]).unwrap_err(), "The picture has changed", &path);
    fs::remove_file(&path).unwrap();
    assert_says(&desk.index().picture(keys[0]).unwrap_err(), "The picture is no longer there", &path);
}

#[test]
fn other_weights_go_through_shards_again_and_people_stay() {
    let (mut desk, _) = with_rows(30);
    desk.update();
    let keys = desk.index().keys().unwrap();
    desk.index().rename(&keys[3..5], "Anna").unwrap();
    desk.work();
    desk.index().rebuild(&super::model("other")).unwrap();
    assert!(desk.update_with(&[], 5).unwrap().cancelled);
    desk.update();
    assert_eq!((desk.index().keys().unwrap(), desk.work().1), (keys.clone(), 30));
    let anna: Vec<i64> = desk.index().people().unwrap().of.iter().map(|(key, _)| *key).collect();
    assert_eq!(anna, keys[3..5]);
    let shades: Vec<u8> = desk.cards().iter().map(shade).collect();
    assert_eq!(shades, (40..70).collect::<Vec<u8>>());
}
