//! What is refused, what is skipped and counted, what is said of it.

use std::fs;

use facespace::data::atomic::WriteError;
use facespace::data::crops::{CropSetError, Options, SubFolders, warnings};
use facespace::data::shards::{self, Record, ShardError};
use image::ImageFormat;
use parquet::data_type::{ByteArrayType, Int32Type};

use super::super::shards::{column, write_table};
use super::{OPTIONS, crowd, full, gather, jpeg, pattern, picture_in, points, refusal, shard};
use crate::data::bytes_of;

fn says(sentences: &[String], start: &str) -> bool {
    sentences.iter().any(|sentence| sentence.starts_with(start))
}

#[test]
fn missing_and_damaged_shards_stop_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        refusal(folder.path(), &[]),
        "No pictures were given to train on; name shards, folders of shards or folders of crops"
    );
    let gone = folder.path().join("gone.parquet");
    let error = refusal(folder.path(), std::slice::from_ref(&gone));
    assert_eq!(error, format!("There is no such file or folder; check its name: {}", gone.display()));

    let path = shard(folder.path(), "a.parquet", crowd(4, 4));
    let whole = fs::read(&path).unwrap();
    for cut in [0, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let error = refusal(folder.path(), std::slice::from_ref(&path));
        assert!(error.starts_with("The shard is cut off, damaged or no Parquet file"), "{error}");
    }
    // Damage among the rows of a file that opens.
    let mut holed = whole;
    holed[4..60].fill(0xFF);
    fs::write(&path, &holed).unwrap();
    let error = gather(folder.path(), &[path], &OPTIONS).unwrap_err();
    assert!(matches!(error, CropSetError::Shard(ShardError::Damaged { .. })), "{error}");
    assert!(!folder.path().join("set/index.json").exists());
}

#[test]
fn wrong_columns_stop_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write_table(&path, "message schema { optional binary picture; }", 0, |_, _| {});
    let error = refusal(folder.path(), &[path]);
    assert!(error.starts_with("The shard lacks the column image.bytes (it has picture);"), "{error}");
}

#[test]
fn a_wrong_folder_stops_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let error = refusal(folder.path(), &[empty]);
    assert!(error.starts_with("The folder has no pictures;"), "{error}");

    let shards = folder.path().join("shards");
    fs::create_dir(&shards).unwrap();
    shard(&shards, "a-val-00-of-01.parquet", crowd(2, 2));
    shard(&shards, "loose-train-00-of-01.parquet", crowd(2, 2));
    let error = refusal(folder.path(), &[shards]);
    assert!(
        error.starts_with("There is nothing to train on here: shards named -val- or -test- are only measured on"),
        "{error}"
    );
    assert!(error.ends_with("shards"), "{error}");

    let photographs = folder.path().join("photographs");
    picture_in(&photographs, "a.png", &bytes_of(pattern(300, 200), ImageFormat::Png));
    let error = refusal(folder.path(), &[photographs]);
    let expected = "None of the pictures can be trained on: not square of 128, 144 or 168 pixels (1); use square crops";
    assert!(error.starts_with(expected), "{error}");

    let nothing = shard(folder.path(), "nothing.parquet", Vec::new());
    let error = refusal(folder.path(), &[nothing]);
    assert!(error.starts_with("None of the pictures can be trained on: there are no rows in the shards;"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = shard(folder.path(), "a.parquet", crowd(2, 2));
    fs::write(folder.path().join("set"), b"a file").unwrap();
    let error = gather(folder.path(), &[path], &OPTIONS).unwrap_err();
    assert!(matches!(error, CropSetError::Write(WriteError::Other { .. } | WriteError::NoFolder(_))), "{error:?}");
}

#[test]
fn bad_pictures_are_skipped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let with = |change: fn(&mut Record)| {
        let mut record = full("Ada", "c");
        change(&mut record);
        record
    };
    let rows = vec![
        full("Ada", "c"),
        with(|row| row.picture_bytes.truncate(300)),
        with(|row| row.picture_bytes = b"no picture".to_vec()),
        with(|row| row.picture_bytes = jpeg(130)),
        with(|row| row.picture_bytes = jpeg(16)),
        with(|row| row.picture_bytes = bytes_of(pattern(128, 144), ImageFormat::Jpeg)),
        with(|row| row.landmarks = Some(points().map(|[x, y]| [x + 150.0, y]))),
        with(|row| row.valence = Some(-2.0)),
        with(|row| row.pose_deg = Some([0.0, 200.0, 0.0])),
        full("Ada", "c"),
    ];
    let paths = [shard(folder.path(), "a.parquet", rows)];
    let built = gather(folder.path(), &paths, &Options { held_out: 0, ..OPTIONS }).unwrap();
    let skipped: Vec<(&str, u64)> = built.report.skipped.iter().map(|(why, &count)| (why.as_str(), count)).collect();
    let expected = [
        ("angle beyond 180 degrees", 1),
        ("cannot be decoded", 2),
        ("landmarks outside the picture", 1),
        ("not square of 128, 144 or 168 pixels", 3),
        ("valence or arousal outside -1 to 1", 1),
    ];
    assert_eq!((built.train.len(), skipped.as_slice()), (2, expected.as_slice()));
    let said = warnings(&built.report);
    assert!(says(&said, "Skipped 8 pictures: angle beyond 180 degrees (1), cannot be decoded (2)"), "{said:?}");
}

#[test]
fn sub_folders_that_are_to_be_expressions_must_be_named_so() {
    let folder = tempfile::tempdir().unwrap();
    let crops = folder.path().join("mine");
    picture_in(&crops, "Ada/1.jpg", &jpeg(128));
    picture_in(&crops, "Bob/1.jpg", &jpeg(128));
    let options = Options { sub_folders: SubFolders::Expressions, ..OPTIONS };
    let error = gather(folder.path(), std::slice::from_ref(&crops), &options).unwrap_err().to_string();
    assert!(error.starts_with("None of the sub-folders is named after an expression, such as happy"), "{error}");
    crate::cli::assert_sentence(&error);
    // One that is will do; the others say nothing.
    picture_in(&crops, "happy/1.jpg", &jpeg(128));
    gather(folder.path(), &[crops], &options).unwrap();
}

#[test]
fn landmarks_just_beyond_the_border_are_those_of_a_turned_head() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = full("Ada", "c");
    record.landmarks = Some(points().map(|[x, y]| [x - 30.0, y]));
    let built = gather(folder.path(), &[shard(folder.path(), "a.parquet", vec![record])], &OPTIONS).unwrap();
    assert_eq!(built.train.len(), 1);
}

#[test]
fn labels_out_of_range_are_skipped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let schema = "message schema { optional group image { optional binary bytes; } optional int32 expression; }";
    write_table(&path, schema, 1, |_, group| {
        let picture = || Some(jpeg(128).into());
        column::<ByteArrayType>(group, 2, vec![picture(), picture(), None, picture()]);
        column::<Int32Type>(group, 1, vec![Some(7), Some(9), Some(1), Some(-1)]);
    });
    let built = gather(folder.path(), &[path], &OPTIONS).unwrap();
    let skipped: Vec<(&str, u64)> = built.report.skipped.iter().map(|(why, &count)| (why.as_str(), count)).collect();
    assert_eq!(skipped, [("expression is none of 0 to 7", 2), ("no picture in the row", 1)]);
    assert_eq!(built.train.keys().expression, [7]);
}

#[test]
fn files_in_a_folder_that_are_no_crops_are_skipped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let crops = folder.path().join("crops");
    picture_in(&crops, "1.jpg", &jpeg(128));
    picture_in(&crops, "2.jpg", &jpeg(128)[..400]);
    picture_in(&crops, "3.jpg", b"");
    picture_in(&crops, "4.jpg", &jpeg(256));
    let built = gather(folder.path(), &[crops], &OPTIONS).unwrap();
    let skipped: Vec<u64> = built.report.skipped.values().copied().collect();
    assert_eq!((built.train.len(), skipped), (1, vec![2, 1]));
}

#[test]
fn held_back_pictures_of_people_who_train_are_owned_up_to() {
    let folder = tempfile::tempdir().unwrap();
    let built = gather(folder.path(), &[shard(folder.path(), "a.parquet", crowd(1, 40))], &OPTIONS).unwrap();
    assert_eq!((built.train.len(), built.held_out.len()), (38, 2));
    let said = warnings(&built.report);
    assert!(says(&said, "The held-back pictures show people who are also trained on"), "{said:?}");
}

#[test]
fn one_bad_row_does_not_move_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = crowd(3, 2);
    rows[2].picture_bytes = vec![1; 50];
    let path = folder.path().join("a.parquet");
    shards::write(&path, rows.into_iter().map(Ok::<_, WriteError>)).unwrap();
    let built = gather(folder.path(), &[path], &Options { held_out: 0, ..OPTIONS }).unwrap();
    assert_eq!(built.train.keys().person, [0, 0, 1, 2, 2]);
}
