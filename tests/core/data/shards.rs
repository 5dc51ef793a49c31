//! Parquet files written here, and the real ones where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use facespace::data::image::decode;
use facespace::data::shards::{Record, ShardError, ShardReader, Wanted, find_shards, is_for_measuring, records};
use image::ImageFormat;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, FloatType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::{bytes_of, pattern};

pub(super) type Group<'a> = SerializedRowGroupWriter<'a, fs::File>;

const FULL: &str = "message schema {
    optional group image { optional binary bytes; optional binary path (UTF8); }
    optional binary person (UTF8); optional binary clip (UTF8);
    optional int32 expression (INTEGER(8, true));
    optional float valence; optional float arousal;
    optional float yaw; optional float pitch; optional float roll;
    optional group landmarks (LIST) { repeated group list { optional float element; } }
}";

/// Writes a Parquet file of so many row groups; `fill` writes the columns of one.
pub(super) fn write_table(path: &Path, schema: &str, groups: usize, fill: impl Fn(usize, &mut Group)) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(fs::File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    for group in 0..groups {
        let mut rows = writer.next_row_group().unwrap();
        fill(group, &mut rows);
        rows.close().unwrap();
    }
    writer.close().unwrap();
}

/// Writes one column without lists; `depth` is the definition level of a value that is there.
pub(super) fn column<T: DataType>(group: &mut Group, depth: i16, cells: Vec<Option<T::T>>) {
    let mut writer = group.next_column().unwrap().unwrap();
    let levels: Vec<i16> = cells.iter().map(|cell| if cell.is_some() { depth } else { 0 }).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    writer.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
    writer.close().unwrap();
}

fn text(cells: &[Option<&str>]) -> Vec<Option<ByteArray>> {
    cells.iter().map(|cell| cell.map(ByteArray::from)).collect()
}

fn points(offset: f32) -> [[f32; 2]; 68] {
    std::array::from_fn(|i| [i as f32 + offset, 2.0 * i as f32])
}

/// One list per row; None is a null list.
fn lists(group: &mut Group, cells: &[Option<Vec<f32>>]) {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        match cell {
            None => {
                definitions.push(0);
                repetitions.push(0);
            }
            Some(numbers) => {
                for (i, &number) in numbers.iter().enumerate() {
                    values.push(number);
                    definitions.push(3);
                    repetitions.push(i16::from(i > 0));
                }
            }
        }
    }
    let mut writer = group.next_column().unwrap().unwrap();
    writer.typed::<FloatType>().write_batch(&values, Some(&definitions), Some(&repetitions)).unwrap();
    writer.close().unwrap();
}

/// Two row groups of two rows: one with everything, one with nothing but its picture.
fn full_shard(path: &Path) {
    let picture = bytes_of(pattern(40, 40), ImageFormat::WebP);
    write_table(path, FULL, 2, |i, group| {
        let names = [format!("p{i}.webp"), format!("q{i}.webp")];
        column::<ByteArrayType>(group, 2, vec![Some(picture.clone().into()), Some(vec![1, 2, 3].into())]);
        column::<ByteArrayType>(group, 2, text(&[Some(names[0].as_str()), Some(names[1].as_str())]));
        column::<ByteArrayType>(group, 1, text(&[Some("Ada"), None]));
        column::<ByteArrayType>(group, 1, text(&[Some("c1"), None]));
        column::<Int32Type>(group, 1, vec![Some(7), None]);
        column::<FloatType>(group, 1, vec![Some(-0.5), None]);
        column::<FloatType>(group, 1, vec![Some(0.25), None]);
        for angle in [10.0, -5.0, 2.0] {
            column::<FloatType>(group, 1, vec![Some(angle), None]);
        }
        lists(group, &[Some(points(i as f32).as_flattened().to_vec()), None]);
    });
}

fn read(path: &Path) -> Vec<Record> {
    ShardReader::open(path).unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_column_is_read_across_row_groups() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    full_shard(&path);
    assert_eq!(ShardReader::open(&path).unwrap().rows(), 4);
    let rows = read(&path);
    let expected = Record {
        path: "p1.webp".to_owned(),
        picture_bytes: bytes_of(pattern(40, 40), ImageFormat::WebP),
        person: Some("Ada".to_owned()),
        clip: Some("c1".to_owned()),
        expression: Some(7),
        valence: Some(-0.5),
        arousal: Some(0.25),
        pose_deg: Some([10.0, -5.0, 2.0]),
        landmarks: Some(points(1.0)),
        factors: None,
    };
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[2], expected);
    assert_eq!(decode(&rows[0].picture_bytes).unwrap(), pattern(40, 40));
    assert_eq!((rows[3].path.as_str(), rows[3].pose_deg, rows[3].landmarks), ("q1.webp", None, None));
    assert_eq!((rows[3].person.as_ref(), rows[3].expression, rows[3].valence), (None, None, None));
}

#[test]
fn a_table_of_angles_replaces_those_of_crops() {
    let folder = tempfile::tempdir().unwrap();
    let schema = "message schema { optional binary path (UTF8); optional float yaw; optional float pitch;
        optional float roll; optional boolean measured; }";
    write_table(&folder.path().join("pose.parquet"), schema, 1, |_, group| {
        column::<ByteArrayType>(group, 1, text(&[Some("p0.webp"), Some("q1.webp")]));
        for angle in [1.0, 2.0, 3.0] {
            column::<FloatType>(group, 1, vec![Some(angle), Some(-angle)]);
        }
        column::<BoolType>(group, 1, vec![Some(true), Some(false)]);
    });
    let (crops, photographs) = (folder.path().join("a-train.parquet"), folder.path().join("loose-train.parquet"));
    full_shard(&crops);
    full_shard(&photographs);

    let angles: Vec<_> = read(&crops).into_iter().map(|row| row.pose_deg).collect();
    assert_eq!(angles, [Some([1.0, 2.0, 3.0]), None, Some([10.0, -5.0, 2.0]), Some([-1.0, -2.0, -3.0])]);
    let angles: Vec<_> = read(&photographs).into_iter().map(|row| row.pose_deg).collect();
    assert_eq!(angles, [Some([10.0, -5.0, 2.0]), None, Some([10.0, -5.0, 2.0]), None]);

    let all: Vec<_> = records(vec![crops, folder.path().join("gone.parquet"), photographs]).collect();
    assert_eq!(all.len(), 9);
    assert_eq!(all[0].as_ref().unwrap().pose_deg, Some([1.0, 2.0, 3.0]));
    assert!(matches!(all[4], Err(ShardError::Missing(_))));
}

#[test]
fn pictures_alone_are_enough() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bare.parquet");
    write_table(&path, "message schema { required group image { required binary bytes; } }", 1, |_, group| {
        column::<ByteArrayType>(group, 0, vec![Some(vec![9].into()), Some(vec![8].into())]);
    });
    assert!(!ShardReader::open(&path).unwrap().has_expressions().unwrap());
    let rows = read(&path);
    assert_eq!(rows[1].path, "bare.parquet#1");
    assert_eq!((rows[1].picture_bytes.as_slice(), rows[1].pose_deg), ([8].as_slice(), None));
}

#[test]
fn wrong_columns_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let refuse = |schema: &str| {
        write_table(&path, schema, 0, |_, _| {});
        ShardReader::open(&path).map(|_| ()).unwrap_err().to_string()
    };
    let error = refuse("message schema { optional binary picture; optional int32 age; }");
    assert!(error.starts_with("The shard lacks the column image.bytes (it has picture, age);"), "{error}");
    let error = refuse("message schema { optional group image { optional binary bytes; } optional binary yaw; }");
    assert!(error.starts_with("The shard's column yaw holds BYTE_ARRAY instead of numbers;"), "{error}");
    let error = refuse("message schema { optional group image { optional binary bytes; } optional float landmarks; }");
    assert!(error.contains("column landmarks holds FLOAT instead of lists of numbers"), "{error}");
    assert!(error.ends_with("a.parquet"));
}

#[test]
fn a_wrong_row_is_one_error_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let schema = "message schema { optional group image { optional binary bytes; } optional int32 expression;
        optional group landmarks (LIST) { repeated group list { optional float element; } } }";
    write_table(&path, schema, 1, |_, group| {
        let picture = || Some(ByteArray::from(vec![1]));
        column::<ByteArrayType>(group, 2, vec![None, picture(), picture(), picture()]);
        column::<Int32Type>(group, 1, vec![Some(1), Some(9), Some(2), Some(3)]);
        lists(group, &[None, None, Some(vec![1.0; 10]), Some(vec![1.0; 136])]);
    });
    let rows: Vec<_> = ShardReader::open(&path).unwrap().collect();
    let sentence = |i: usize| rows[i].as_ref().unwrap_err().to_string();
    assert!(sentence(0).starts_with("Row 0 of the shard has no picture;"));
    assert!(sentence(1).starts_with("Row 1 of the shard has the expression 9, which is not one of 0 to 7;"));
    assert!(sentence(2).starts_with("Row 2 of the shard has 10 numbers as landmarks, where 136 belong;"));
    assert_eq!(rows[3].as_ref().unwrap().expression, Some(3));

    // A label can be left out instead; what else is wrong stays wrong.
    let mut reader = ShardReader::open(&path).unwrap().leaving_out_labels();
    let rows: Vec<_> = reader.by_ref().collect();
    assert_eq!((rows[1].as_ref().unwrap().expression, reader.labels_left_out()), (None, 1));
    assert_eq!(rows.iter().filter(|row| row.is_err()).count(), 2);
}

#[test]
fn whether_anything_is_labelled_is_known_from_the_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let schema = "message schema { optional group image { optional binary bytes; } optional int32 expression; }";
    let labelled = |labels: [Option<i32>; 4]| {
        write_table(&path, schema, 2, |i, group| {
            column::<ByteArrayType>(group, 2, vec![None, Some(vec![1].into())]);
            column::<Int32Type>(group, 1, labels[2 * i..][..2].to_vec());
        });
        ShardReader::open(&path).unwrap().has_expressions().unwrap()
    };
    assert!(labelled([None, None, None, Some(7)]));
    assert!(!labelled([None; 4]) && !labelled([Some(8), None, Some(-1), None]));
}

#[test]
fn missing_and_damaged_shards_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| ShardReader::open(path).map(|_| ()).unwrap_err();
    assert!(matches!(open(&folder.path().join("gone.parquet")), ShardError::Missing(_)));
    assert!(matches!(open(folder.path()), ShardError::Unreadable { .. }));

    let path = folder.path().join("a.parquet");
    full_shard(&path);
    let whole = fs::read(&path).unwrap();
    for cut in [0, 3, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(matches!(open(&path), ShardError::Damaged { .. }), "cut at {cut}");
    }
    // Damage in the rows: the file opens, its rows end with one error.
    let mut holed = whole.clone();
    holed[4..60].fill(0xFF);
    fs::write(&path, &holed).unwrap();
    let rows: Vec<_> = ShardReader::open(&path).unwrap().take(10).collect();
    assert!(matches!(rows[..], [Err(ShardError::Damaged { .. })]));
}

#[test]
fn shards_are_found_by_purpose() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "b-train-00-of-01.parquet",
        "a-train-00-of-01.parquet",
        "a-val-00-of-01.parquet",
        "loose-train-00-of-01.parquet",
        "scenes-train-00-of-01.parquet",
        "pose.parquet",
        "README.md",
        ".hidden.parquet",
        "a-test-00-of-01.parquet",
    ];
    for name in names {
        fs::write(folder.path().join(name), b"").unwrap();
    }
    let found = |wanted| -> Vec<String> {
        let paths = find_shards(&[folder.path().to_owned()], wanted).unwrap();
        paths.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(found(Wanted::TrainingCrops), [names[1], names[0]]);
    assert_eq!(found(Wanted::MeasuringCrops), [names[8], names[2]]);
    assert_eq!(found(Wanted::All), [names[8], names[1], names[2], names[0], names[3], names[4]]);
    for measured in [names[2], names[8]] {
        let only = find_shards(&[folder.path().join(measured)], Wanted::TrainingCrops).unwrap_err();
        assert!(only.to_string().starts_with("There are no shards for this purpose;"));
        assert!(is_for_measuring(Path::new(measured)) && !is_for_measuring(Path::new(names[1])));
    }
    assert!(matches!(find_shards(&[folder.path().join("gone")], Wanted::All), Err(ShardError::Missing(_))));
}

#[test]
fn the_real_measuring_shard_is_read() {
    let folder = std::env::var_os("FACESPACE_FACES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/faces"), PathBuf::from);
    let Ok(shards) = find_shards(std::slice::from_ref(&folder), Wanted::All) else {
        eprintln!("SKIPPED the_real_measuring_shard_is_read: no shards in {}; set FACESPACE_FACES", folder.display());
        return;
    };
    let measuring = shards.into_iter().filter(|path| path.to_string_lossy().contains("lfw-val-")).collect();
    let rows: Vec<_> = records(measuring).map(Result::unwrap).collect();
    assert_eq!(rows.len(), 933);
    assert!(rows.iter().all(|row| row.person.is_some() && row.landmarks.is_some() && row.pose_deg.is_some()));
    for row in &rows {
        assert_eq!(decode(&row.picture_bytes).unwrap().dimensions(), (144, 144), "{}", row.path);
    }
}
