//! Codes as tables for other programs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use facespace::data::atomic::WriteError;
use facespace::face::{CODE_DIM, Expression, FaceCode};
use facespace::gallery::{FaceKey, FaceLabels, Format, From, GalleryError, Index, NewFace, export};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::{Desk, assert_says, code, given};

/// Of a photograph with a comma in its name, and of a row with labels.
fn filled(desk: &Desk) -> Index {
    let mut index = desk.index();
    let labels = FaceLabels {
        person: Some("Anna, the first".to_owned()),
        expression: Some(Expression::Fear),
        valence: Some(-0.5),
        ..FaceLabels::default()
    };
    let row = From::Row { shard: PathBuf::from("/s/a.parquet"), row: 12, name: "twelve.jpg".to_owned() };
    index
        .insert(&[
            NewFace { number: 2, confidence: Some(0.75), ..given(Path::new("/a/b, c.png"), 40) },
            NewFace { from: row, labels, ..given(Path::new(""), 130) },
        ])
        .unwrap();
    index
}

fn values(shade: u8) -> Vec<f32> {
    FaceCode::from_array(&code(shade)).unwrap().values()
}

#[test]
fn csv_has_all_columns() {
    let desk = Desk::new();
    let path = desk.path("codes.csv");
    assert_eq!(export(&filled(&desk), &path, Format::Csv).unwrap(), 2);
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let labels = ["person", "clip", "expression", "valence", "arousal", "confidence"];
    let first: Vec<&str> = ["key", "file", "row", "name", "face"].into_iter().chain(labels).collect();
    assert_eq!(columns[..11], first);
    assert_eq!(columns[11..], FaceCode::columns());
    let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let keys: Vec<String> = desk.index().keys().unwrap().iter().map(FaceKey::to_string).collect();
    let cells = [
        [keys[0].as_str(), "/a/b, c.png", "", "", "2", "", "", "", "", "", "0.75"],
        [keys[1].as_str(), "/s/a.parquet", "12", "twelve.jpg", "1", "Anna, the first", "", "fear", "-0.5", "", ""],
    ];
    for ((row, cells), shade) in rows.iter().zip(cells).zip([40, 130]) {
        assert_eq!(row[..11], cells);
        let numbers: Vec<f32> = row[11..].iter().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers, values(shade));
    }
}

#[test]
fn parquet_has_the_same_columns() {
    let desk = Desk::new();
    let path = desk.path("codes.parquet");
    assert_eq!(export(&filled(&desk), &path, Format::Parquet).unwrap(), 2);
    let file = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let rows: Vec<_> = file.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let cell = |row: usize, column: &str| {
        let found = rows[row].get_column_iter().find(|(name, _)| *name == column);
        found.unwrap().1.clone()
    };
    assert_eq!(rows[0].get_column_iter().count(), 11 + CODE_DIM);
    assert_eq!((cell(0, "file"), cell(0, "row")), (Field::Str("/a/b, c.png".to_owned()), Field::Null));
    assert_eq!((cell(0, "face"), cell(0, "confidence")), (Field::Int(2), Field::Float(0.75)));
    assert_eq!((cell(1, "row"), cell(1, "name")), (Field::Long(12), Field::Str("twelve.jpg".to_owned())));
    assert_eq!((cell(1, "expression"), cell(1, "valence")), (Field::Str("fear".to_owned()), Field::Float(-0.5)));
    for (row, shade) in [(0, 40), (1, 130)] {
        for (column, value) in FaceCode::columns().iter().zip(values(shade)) {
            assert_eq!(cell(row, column), Field::Float(value), "{column}");
        }
    }
}

#[test]
fn npy_has_the_numbers_and_a_table_beside_it() {
    let desk = Desk::new();
    let path = desk.path("codes.npy");
    assert_eq!(export(&filled(&desk), &path, Format::Npy).unwrap(), 2);
    let bytes = fs::read(&path).unwrap();
    let file = npyz::NpyFile::new(&bytes[..]).unwrap();
    assert_eq!(file.shape(), [2, CODE_DIM as u64]);
    let numbers: Vec<f32> = file.into_vec().unwrap();
    assert_eq!(numbers, [code(40), code(130)].concat());
    let table = fs::read_to_string(desk.path("codes.csv")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "key,file,row,name,face"));
    assert!(lines[2].ends_with(",/s/a.parquet,12,twelve.jpg,1"), "{}", lines[2]);
}

#[test]
fn an_empty_index_makes_an_empty_table() {
    let desk = Desk::new();
    for name in ["codes.csv", "codes.npy", "codes.parquet"] {
        let path = desk.path(name);
        assert_eq!(export(&desk.index(), &path, Format::from_path(&path).unwrap()).unwrap(), 0);
        assert!(fs::metadata(&path).unwrap().len() > 0);
    }
}

#[test]
fn what_cannot_be_written_leaves_what_was_there() {
    let desk = Desk::new();
    let index = filled(&desk);
    let nowhere = desk.path("nowhere/codes.csv");
    let error = export(&index, &nowhere, Format::Csv).unwrap_err();
    assert!(matches!(error, GalleryError::Write(WriteError::NoFolder(_))), "{error}");
    let text = desk.path("codes.txt");
    assert_says(&Format::from_path(&text).unwrap_err(), ".parquet, .csv or .npy", &text);
    assert_eq!(Format::from_path(Path::new("A.NPY")).unwrap(), Format::Npy);
}
