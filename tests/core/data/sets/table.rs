//! CSV and Parquet tables whose columns are named.

use std::path::Path;
use std::sync::Arc;

use facespace::data::atomic::WriteError;
use facespace::data::sets::{Columns, Format, Marks, Picture, Set, SetError, Split, open};
use facespace::data::shards::{self, Record};
use facespace::face::Expression;
use image::ImageFormat;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::{file, keys, opened, picture, read, stop, told};
use crate::data::{bytes_of, pattern};

pub fn columns(picture: &str, given: &str) -> Columns {
    Columns { picture: Some(picture.to_owned()), given: Some(given.to_owned()), ..Columns::default() }
}

fn with(path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    open(path, Some(Format::Table), columns)
}

type ParquetRow<'a> = (&'a str, Option<&'a str>, Option<i64>, Option<f64>);

/// A Parquet file with a path, a word, a number and a fraction a row; the last three may be missing.
pub fn parquet(path: &Path, rows: &[ParquetRow]) {
    let schema = "message rows { required binary file (UTF8); optional binary mood (UTF8); optional int64 code; \
                  optional double pleasant; }";
    let properties = Arc::new(WriterProperties::builder().build());
    let out = std::fs::File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(out, Arc::new(parse_message_type(schema).unwrap()), properties).unwrap();
    // Two row groups.
    for rows in rows.chunks(rows.len().div_ceil(2)) {
        let levels = |there: &dyn Fn(usize) -> bool| (0..rows.len()).map(|i| i16::from(there(i))).collect::<Vec<_>>();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let files: Vec<ByteArray> = rows.iter().map(|row| row.0.into()).collect();
        column.typed::<ByteArrayType>().write_batch(&files, None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let words: Vec<ByteArray> = rows.iter().filter_map(|row| row.1.map(ByteArray::from)).collect();
        let there = levels(&|i| rows[i].1.is_some());
        column.typed::<ByteArrayType>().write_batch(&words, Some(&there), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let codes: Vec<i64> = rows.iter().filter_map(|row| row.2).collect();
        let there = levels(&|i| rows[i].2.is_some());
        column.typed::<Int64Type>().write_batch(&codes, Some(&there), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let values: Vec<f64> = rows.iter().filter_map(|row| row.3).collect();
        let there = levels(&|i| rows[i].3.is_some());
        column.typed::<DoubleType>().write_batch(&values, Some(&there), None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn named_columns_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["faces/1.jpg", "faces/2.jpg", "faces/3.jpg"] {
        picture(folder.path(), name);
    }
    // With the mark that spreadsheets put before the text.
    let text = "\u{feff}face;mood;who;take;pleasant;awake;part\r\n\
                faces/1.jpg;Happiness;Ada;1;0.5;-0.25;train\r\n\
                ./faces\\2.jpg;;Bob;2;-2;x;train\r\n\
                \"faces/3.jpg\"; 6 ;Ada;1;1;1;dev\r\n";
    let path = folder.path().join("faces.csv");
    file(folder.path(), "faces.csv", text.as_bytes());
    let columns = Columns {
        valence: Some("pleasant".to_owned()),
        arousal: Some("awake".to_owned()),
        person: Some("who".to_owned()),
        clip: Some("take".to_owned()),
        split: Some("PART".to_owned()),
        ..columns("face", "mood")
    };
    let set = with(&path, &columns).unwrap();
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Table, "faces", true));
    assert_eq!((set.root(), set.splits()), (path.as_path(), vec![Split::Train, Split::Val]));
    assert_eq!(Split::ALL.map(|split| set.count(split)), [2, 1, 0]);

    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["faces/1.jpg", "faces/2.jpg"], 0));
    let first = &train[0];
    assert_eq!(first.picture, Picture::File(folder.path().join("faces/1.jpg")));
    assert_eq!((first.expression, first.valence, first.arousal), (Some(Expression::Happy), Some(0.5), Some(-0.25)));
    assert_eq!((first.person.as_deref(), first.clip.as_deref(), &first.marks), (Some("Ada"), Some("1"), &Marks::None));
    assert_eq!((train[1].expression, train[1].valence, train[1].arousal), (None, None, None));
    let (val, _) = read(&*set, Split::Val);
    assert_eq!((keys(&val), val[0].expression), (vec!["faces/3.jpg"], Some(Expression::Anger)));
}

#[test]
fn well_known_names_need_not_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "pictures/1.jpg");
    file(root, "rows.tsv", b"file_name\tLabel\tValence\tsubject\n1.jpg\tsad\t0.25\tAda\n");
    let columns = Columns { root: Some(root.join("pictures")), ..Columns::default() };
    let (train, skipped) = read(&*with(&root.join("rows.tsv"), &columns).unwrap(), Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["1.jpg"], 0));
    assert_eq!((train[0].expression, train[0].valence), (Some(Expression::Sad), Some(0.25)));
    assert_eq!(train[0].person.as_deref(), Some("Ada"));
}

#[test]
fn what_cannot_be_used_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "1.jpg");
    picture(root, "not named.jpg");
    let text = "picture,expression,split\n1.jpg,happy,train\n1.jpg,sad,train\ngone.jpg,sad,train\n2.jpg,bored,train\n\
                ,sad,train\n3.jpg\n4.jpg,sad,later\n1.jpg,sad,test\n";
    file(root, "faces.csv", text.as_bytes());
    let set = opened(&root.join("faces.csv"), Format::Table);
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(keys(&train), ["1.jpg"]);
    let reasons = [
        ("1.jpg", "an earlier row names the same picture"),
        ("gone.jpg", "the picture of the row is missing"),
        ("2.jpg", "the class \"bored\" is not known"),
        ("faces.csv#4", "the row has no picture"),
        ("3.jpg", "the row has fewer cells than there are columns"),
        ("4.jpg", "the row has a part of the set that is none of train, val and test"),
    ];
    assert_eq!(told(&skipped), reasons.map(|(key, reason)| (key, reason.to_owned())));
    // After the last row of the last part, what lies beside the pictures of rows and has none.
    let (test, skipped) = read(&*set, Split::Test);
    let reasons = [reasons[0], ("not named.jpg", "the picture has no row")];
    assert_eq!((test.len(), told(&skipped)), (0, reasons.map(|(key, reason)| (key, reason.to_owned())).to_vec()));
}

#[test]
fn pictures_without_a_row_are_looked_for_beside_those_of_rows_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["a/1.jpg", "a/2.jpg", "a/b/3.jpg", "c/4.jpg", "c/d/5.jpg", "6.jpg"] {
        picture(root, name);
    }
    file(root, "a/notes.txt", b"no picture");
    // Rows name pictures in three folders, one of which is not there.
    file(root, "faces.csv", b"picture,expression\na/1.jpg,happy\n./c\\d\\5.jpg,sad\ngone/7.jpg,sad\n");
    let (train, skipped) = read(&*opened(&root.join("faces.csv"), Format::Table), Split::Train);
    assert_eq!(keys(&train), ["a/1.jpg", "c/d/5.jpg"]);
    let reasons = [("gone/7.jpg", "the picture of the row is missing"), ("a/2.jpg", "the picture has no row")];
    assert_eq!(told(&skipped), reasons.map(|(key, reason)| (key, reason.to_owned())));
}

#[test]
fn classes_of_which_none_is_known_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "1.jpg");
    picture(root, "2.jpg");
    file(root, "faces.csv", b"picture,expression\n1.jpg,froh\n2.jpg,traurig\n");
    let path = root.join("faces.csv");
    let error = stop(&*opened(&path, Format::Table), Split::Train);
    let sentence = "None of the classes is known here (froh, traurig); say which they are with --classes \
                    WORD=EXPRESSION:";
    assert!(error.starts_with(sentence), "{error}");
    let classes = vec![("Froh".to_owned(), Expression::Happy)];
    let set = with(&path, &Columns { classes, ..Columns::default() }).unwrap();
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!((train[0].expression, skipped.len()), (Some(Expression::Happy), 1));
}

#[test]
fn columns_that_are_missing_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let path = root.join("faces.csv");
    let refused = |text: &str, columns: &Columns| {
        file(root, "faces.csv", text.as_bytes());
        with(&path, columns).err().unwrap().to_string()
    };
    let error = refused("a,b\n1,2\n", &columns("face", "mood"));
    assert!(error.starts_with("The table lacks the columns face, mood (it has a, b);"), "{error}");
    let error = refused("a,b\n1,2\n", &Columns::default());
    assert!(error.starts_with("The table lacks the column picture (it has a, b);"), "{error}");
    let error = refused("", &Columns::default());
    assert!(error.starts_with("The table is cut off, damaged or none (it is empty);"), "{error}");
    let error = refused("picture,expression\n", &Columns::default());
    assert!(error.starts_with("There are no faces in this set;"), "{error}");
    let error = with(root, &Columns::default()).err().unwrap().to_string();
    assert!(error.contains("it lacks a CSV or Parquet file;"), "{error}");
    let error = with(&root.join("gone.csv"), &Columns::default()).err().unwrap().to_string();
    assert!(error.starts_with("There is no such file or folder;"), "{error}");
}

#[test]
fn parquet_with_paths_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "1.jpg");
    picture(root, "2.jpg");
    let path = root.join("faces.parquet");
    let rows = [
        ("1.jpg", Some("joy"), Some(3), Some(0.5)),
        ("2.jpg", None, None, None),
        ("3.jpg", Some("joy"), Some(4), Some(-3.0)),
    ];
    parquet(&path, &rows);
    let columns = Columns { valence: Some("pleasant".to_owned()), ..columns("file", "mood") };
    let set = with(&path, &columns).unwrap();
    assert_eq!(set.count(Split::Train), 3);
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(keys(&train), ["1.jpg", "2.jpg"]);
    assert_eq!((train[0].expression, train[0].valence), (Some(Expression::Happy), Some(0.5)));
    assert_eq!((train[1].expression, train[1].valence), (None, None));
    assert_eq!(told(&skipped), [("3.jpg", "the picture of the row is missing".to_owned())]);

    // The number instead of the word.
    let columns = super::table::columns("file", "code");
    let (train, _) = read(&*with(&path, &columns).unwrap(), Split::Train);
    assert_eq!(train[0].expression, Some(Expression::Surprise));
    let error = with(&path, &super::table::columns("code", "mood")).err().unwrap();
    assert!(
        error.to_string().starts_with("The table's column code holds INT64 instead of paths or pictures;"),
        "{error}"
    );
}

#[test]
fn parquet_with_pictures_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faces.parquet");
    let bytes = bytes_of(pattern(40, 50), ImageFormat::Jpeg);
    let record = |name: &str, expression| Record {
        path: name.to_owned(),
        picture_bytes: bytes.clone(),
        person: Some("Ada".to_owned()),
        clip: None,
        expression,
        valence: Some(0.5),
        arousal: None,
        pose_deg: None,
        landmarks: None,
        factors: None,
    };
    let rows = [record("a/1.jpg", Some(2)), record("a/2.jpg", None)];
    shards::write(&path, rows.into_iter().map(Ok::<_, WriteError>)).unwrap();
    for columns in [Columns::default(), columns("image", "expression")] {
        let (train, skipped) = read(&*with(&path, &columns).unwrap(), Split::Train);
        assert_eq!((keys(&train), skipped.len()), (vec!["a/1.jpg", "a/2.jpg"], 0));
        assert_eq!(train[0].picture, Picture::Bytes(bytes.clone()));
        assert_eq!((train[0].expression, train[1].expression), (Some(Expression::Sad), None));
        assert_eq!((train[0].person.as_deref(), train[0].valence), (Some("Ada"), Some(0.5)));
    }
}

#[test]
fn classes_from_1_to_7_are_asked_about() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("list.csv");
    let rows: String = (1..=7).map(|class| format!("{class}.png,{class}\n")).collect();
    for (text, asks) in [(format!("file,class\n{rows}"), true), (format!("file,class\n0.png,0\n{rows}"), false)] {
        std::fs::write(&path, text).unwrap();
        match with(&path, &columns("file", "class")) {
            Ok(_) => assert!(!asks),
            Err(error) => assert!(asks && error.to_string().contains("--classes"), "{error}"),
        }
    }
    // Somebody who says what they mean is believed.
    let named = Columns { classes: vec![("1".to_owned(), Expression::Surprise)], ..columns("file", "class") };
    assert!(with(&path, &named).is_ok());
}
