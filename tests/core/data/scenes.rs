//! Shards of scenes, written here.

use std::path::Path;

use facespace::data::shards::{MarkedFace, Scene, ShardError, Wanted, find_shards, is_for_measuring, scenes};
use facespace::face::FaceBox;
use image::{ImageFormat, RgbImage};
use parquet::data_type::{BoolType, ByteArrayType, DataType, FloatType, Int32Type};

use super::shards::{Group, column, write_table};
use super::{bytes_of, pattern};

const SCHEMA: &str = "message schema {
    optional group image { optional binary bytes; optional binary path (UTF8); }
    optional group faces (LIST) { repeated group list { optional group element {
        optional float x; optional float y; optional float w; optional float h; optional boolean sure;
    } } }
}";

/// A scene with its picture as a PNG.
pub fn scene(path: &str, picture: &RgbImage, faces: &[([f32; 4], bool)]) -> Scene {
    let face = |&(frame, sure): &([f32; 4], bool)| MarkedFace { frame: FaceBox::from(frame), sure };
    Scene {
        path: path.to_owned(),
        picture_bytes: bytes_of(picture.clone(), ImageFormat::Png),
        faces: faces.iter().map(face).collect(),
    }
}

/// Writes a shard of scenes in one row group; a scene without faces gets an empty list.
pub fn write(path: &Path, rows: &[Scene]) {
    write_table(path, SCHEMA, 1, |_, group| {
        column::<ByteArrayType>(group, 2, rows.iter().map(|row| Some(row.picture_bytes.clone().into())).collect());
        column::<ByteArrayType>(group, 2, rows.iter().map(|row| Some(row.path.as_str().into())).collect());
        for axis in 0..4 {
            field::<FloatType>(group, rows, |face| <[f32; 4]>::from(face.frame)[axis]);
        }
        field::<BoolType>(group, rows, |face| face.sure);
    });
}

fn field<T: DataType>(group: &mut Group, rows: &[Scene], value: impl Fn(&MarkedFace) -> T::T) {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        if row.faces.is_empty() {
            definitions.push(1);
            repetitions.push(0);
        }
        for (i, face) in row.faces.iter().enumerate() {
            values.push(value(face));
            definitions.push(4);
            repetitions.push(i16::from(i > 0));
        }
    }
    let mut writer = group.next_column().unwrap().unwrap();
    writer.typed::<T>().write_batch(&values, Some(&definitions), Some(&repetitions)).unwrap();
    writer.close().unwrap();
}

#[test]
fn boxes_come_back_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenes-train-00-of-01.parquet");
    let picture = pattern(40, 32);
    let rows = [
        scene("a.png", &picture, &[([1.5, 2.0, 7.0, 9.0], true), ([20.0, 3.0, 4.0, 5.5], false)]),
        scene("b.png", &picture, &[]),
        scene("c.png", &picture, &[([0.0, -2.0, 3.0, 4.0], false)]),
    ];
    write(&path, &rows);
    assert_eq!(scenes(&path).unwrap(), rows);
}

#[test]
fn what_is_no_shard_of_scenes_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone.parquet");
    assert!(matches!(scenes(&gone), Err(ShardError::Missing(_))));

    let without = folder.path().join("without.parquet");
    let schema = "message schema { optional group image { optional binary bytes; } }";
    write_table(&without, schema, 1, |_, group| column::<ByteArrayType>(group, 2, vec![Some(vec![1].into())]));
    assert!(matches!(scenes(&without), Err(ShardError::NoColumn { column: "faces", .. })));

    let other = folder.path().join("other.parquet");
    let schema = "message schema {
        optional group image { optional binary bytes; }
        optional group faces { optional int32 x; }
    }";
    write_table(&other, schema, 1, |_, group| {
        column::<ByteArrayType>(group, 2, vec![Some(vec![1].into())]);
        column::<Int32Type>(group, 2, vec![Some(1)]);
    });
    assert!(matches!(scenes(&other), Err(ShardError::WrongColumn { .. })));
}

#[test]
fn whole_photographs_are_told_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["scenes-train-0.parquet", "scenes-val-0.parquet", "loose-train-0.parquet", "drawn-train-0.parquet"];
    for name in names {
        write(&folder.path().join(name), &[scene("a.png", &pattern(32, 32), &[])]);
    }
    let found = |wanted| {
        let found = find_shards(&[folder.path().to_owned()], wanted).unwrap();
        found.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(Wanted::Scenes), [names[0], names[1]]);
    assert_eq!(found(Wanted::Photographs), [names[2]]);
    assert_eq!(found(Wanted::TrainingCrops), [names[3]]);
    assert!(is_for_measuring(Path::new("a/scenes-val-0.parquet")) && !is_for_measuring(Path::new("-val-/scenes-0")));
}
