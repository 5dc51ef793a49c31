//! Labels given back in a set's own form.

use std::fs;
use std::path::{Path, PathBuf};

use facespace::data::sets::{Columns, Format, Relabel, Set, SetError, Split, open, write_labels};
use facespace::data::shards::{Record, ShardReader};
use facespace::face::Expression;

use super::affectnet::{HEADER, IMAGES, LISTS, official as affectnet, row};
use super::affectnet_npy::{npy, official as affectnet_npy, text};
use super::shards::{record, shard};
use super::table::{columns, parquet};
use super::{file, keys, opened, picture, read};

fn to(class: Expression) -> Option<Relabel> {
    Some(Relabel::To(class))
}

/// Writes with changes by key.
fn write(
    set: &dyn Set,
    columns: &Columns,
    changes: &[(&str, Option<Relabel>)],
    folder: &Path,
) -> Result<Vec<PathBuf>, SetError> {
    let change = |key: &str| changes.iter().find(|(changed, _)| *changed == key).and_then(|&(_, to)| to);
    write_labels(set, columns, &change, folder)
}

fn refused(set: &dyn Set, columns: &Columns, folder: &Path) -> String {
    write(set, columns, &[], folder).unwrap_err().to_string()
}

#[test]
fn affectnet_lists_come_back_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let (root, results) = (folder.path().join("set"), folder.path().join("new/labels"));
    affectnet(&root);
    let set = opened(&root, Format::Affectnet);
    let before = fs::read(root.join(LISTS).join("training.csv")).unwrap();
    let changes = [("1/a.jpg", to(Expression::Sad)), ("2/c.jpg", Some(Relabel::Ambiguous)), ("9/z.jpg", None)];
    let written = write(&*set, &Columns::default(), &changes, &results).unwrap();
    assert_eq!(written, ["training.csv", "validation.csv"].map(|name| results.join(name)));
    let training = [HEADER, &row("1/a.jpg", "2", "0.5,-0.25"), &row("2/b.jpg", "9", "-2,-2")].concat();
    assert_eq!(fs::read_to_string(&written[0]).unwrap(), training);
    assert_eq!(fs::read_to_string(&written[1]).unwrap(), row("2/c.jpg", "9", "-0.5,1"));
    assert_eq!(fs::read(root.join(LISTS).join("training.csv")).unwrap(), before);

    // And the new lists are read as the old ones were.
    let columns = Columns { root: Some(root.join(IMAGES)), ..Columns::default() };
    let again = open(&results, Some(Format::Affectnet), &columns).unwrap_or_else(|error| panic!("{error}"));
    let (train, skipped) = read(&*again, Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["1/a.jpg", "2/b.jpg"], 0));
    assert_eq!((train[0].expression, train[0].valence), (Some(Expression::Sad), Some(0.5)));
    assert_eq!(read(&*again, Split::Val).0[0].expression, None);
    // As often as one likes.
    write(&*again, &columns, &[], &folder.path().join("third")).unwrap();
    let third = fs::read_to_string(folder.path().join("third/training.csv")).unwrap();
    assert_eq!(third, training);
}

#[test]
fn affectnet_numpy_files_of_changed_faces_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (root, results) = (folder.path().join("set"), folder.path().join("labels"));
    affectnet_npy(&root);
    let set = opened(&root, Format::AffectnetNpy);
    let changes = [
        ("train_set/images/0.jpg", Some(Relabel::Ambiguous)),
        ("train_set/images/2.jpg", to(Expression::Contempt)),
        ("train_set/images/10.jpg", to(Expression::Happy)),
        ("val_set/images/3.jpg", to(Expression::Neutral)),
    ];
    let written = write(&*set, &Columns::default(), &changes, &results).unwrap();
    let names = ["train_set/annotations/0", "train_set/annotations/2", "train_set/annotations/10"];
    let names = names.into_iter().chain(["val_set/annotations/3"]);
    assert_eq!(written, names.map(|name| results.join(format!("{name}_exp.npy"))).collect::<Vec<_>>());
    let expected = [
        text("9"),
        npy("<i8", "()", &7i64.to_le_bytes()),
        npy(">f4", "(1,)", &1f32.to_be_bytes()),
        npy("|u1", "()", &[0]),
    ];
    for (path, expected) in written.iter().zip(expected) {
        assert_eq!(fs::read(path).unwrap(), expected, "{}", path.display());
    }

    // Laid over the old ones, they are read.
    for path in &written {
        fs::copy(path, root.join(path.strip_prefix(&results).unwrap())).unwrap();
    }
    let (train, _) = read(&*set, Split::Train);
    let classes: Vec<Option<Expression>> = train.iter().map(|entry| entry.expression).collect();
    assert_eq!(classes, [None, Some(Expression::Contempt), Some(Expression::Happy)]);
    assert_eq!(read(&*set, Split::Val).0[0].expression, Some(Expression::Neutral));
    assert!(write(&*set, &Columns::default(), &[], &folder.path().join("none")).unwrap().is_empty());
}

#[test]
fn what_is_taken_back_does_not_stay_in_numpy_files() {
    let folder = tempfile::tempdir().unwrap();
    let (root, results) = (folder.path().join("set"), folder.path().join("labels"));
    affectnet_npy(&root);
    let set = opened(&root, Format::AffectnetNpy);
    let changes = [("train_set/images/10.jpg", to(Expression::Happy)), ("val_set/images/3.jpg", to(Expression::Sad))];
    write(&*set, &Columns::default(), &changes, &results).unwrap();
    let written = write(&*set, &Columns::default(), &changes[1..], &results).unwrap();
    let names = ["train_set/annotations/10_exp.npy", "val_set/annotations/3_exp.npy"];
    assert_eq!(written, names.map(|name| results.join(name)));
    let [own, changed] = names.map(|name| fs::read(root.join(name)).unwrap() == fs::read(results.join(name)).unwrap());
    assert!(own && !changed);
}

#[test]
fn affectnet_gets_the_numbers_that_the_user_says() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("set");
    affectnet(&root);
    let said = ["1=sad", "2=happy", "6=fear"].map(|text| Columns::parse_class(text).unwrap());
    let columns = Columns { classes: said.to_vec(), ..Columns::default() };
    let set = open(&root, Some(Format::Affectnet), &columns).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read(&*set, Split::Train).0[0].expression, Some(Expression::Sad));
    let change = [("1/a.jpg", to(Expression::Happy))];
    let written = write(&*set, &columns, &change, &folder.path().join("a")).unwrap();
    let training = [HEADER, &row("1/a.jpg", "2", "0.5,-0.25"), &row("2/b.jpg", "9", "-2,-2")].concat();
    assert_eq!(fs::read_to_string(&written[0]).unwrap(), training);
    let change = [("2/c.jpg", to(Expression::Anger))];
    let error = write(&*set, &columns, &change, &folder.path().join("b")).unwrap_err().to_string();
    assert!(error.starts_with("The set has no number for anger; say which with --classes NUMBER=anger:"), "{error}");
}

#[test]
fn a_table_keeps_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["1.jpg", "2.jpg", "3.jpg", "4.jpg"] {
        picture(root, name);
    }
    let text = "face;note;mood\r\n1.jpg;\"a;b\";Joyful\r\n2.jpg;;Joy\r\n3.jpg;;Joyful\r\n4.jpg;;angry\r\n";
    file(root, "faces.csv", text.as_bytes());
    let columns = columns("face", "mood");
    let set = open(&root.join("faces.csv"), Some(Format::Table), &columns).unwrap_or_else(|error| panic!("{error}"));
    let changes =
        [("2.jpg", to(Expression::Sad)), ("3.jpg", Some(Relabel::Ambiguous)), ("4.jpg", to(Expression::Happy))];
    let written = write(&*set, &columns, &changes, &root.join("labels")).unwrap();
    assert_eq!(written, [root.join("labels/faces.csv")]);
    let text = "face;note;mood\r\n1.jpg;\"a;b\";Joyful\r\n2.jpg;;sad\r\n3.jpg;;\r\n4.jpg;;Joyful\r\n";
    assert_eq!(fs::read_to_string(&written[0]).unwrap(), text);
}

#[test]
fn numbers_stay_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "1.jpg");
    file(root, "faces.csv", b"picture,expression\n1.jpg,0\n");
    let path = root.join("faces.csv");
    let set = opened(&path, Format::Table);
    let to_fear = [("1.jpg", to(Expression::Fear))];
    let written = write(&*set, &Columns::default(), &to_fear, &root.join("a")).unwrap();
    assert_eq!(fs::read_to_string(&written[0]).unwrap(), "picture,expression\n1.jpg,4\n");

    // Numbers of another order: what the user says, and no guess where he says nothing.
    let classes = |said: &[&str]| said.iter().map(|text| Columns::parse_class(text).unwrap()).collect::<Vec<_>>();
    let columns = Columns { classes: classes(&["0=anger", "2=fear"]), ..Columns::default() };
    let written = write(&*set, &columns, &to_fear, &root.join("b")).unwrap();
    assert_eq!(fs::read_to_string(&written[0]).unwrap(), "picture,expression\n1.jpg,2\n");
    let columns = Columns { classes: classes(&["0=anger", "4=sad"]), ..Columns::default() };
    let error = write(&*set, &columns, &to_fear, &root.join("c")).unwrap_err().to_string();
    assert!(error.starts_with("The set has no number for fear; say which with --classes NUMBER=fear:"), "{error}");
    assert!(!root.join("c/faces.csv").exists());
}

#[test]
fn a_parquet_table_keeps_its_other_columns() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let rows = [
        ("1.jpg", Some("joy"), Some(3), Some(0.5)),
        ("2.jpg", None, None, None),
        ("3.jpg", Some("angry"), Some(6), Some(-0.5)),
    ];
    for (name, ..) in rows {
        picture(root, name);
    }
    let path = root.join("faces.parquet");
    parquet(&path, &rows);
    for (given, results) in [("mood", "a"), ("code", "b")] {
        let columns = Columns { valence: Some("pleasant".to_owned()), ..columns("file", given) };
        let set = open(&path, Some(Format::Table), &columns).unwrap_or_else(|error| panic!("{error}"));
        let changes = [("2.jpg", to(Expression::Anger)), ("3.jpg", Some(Relabel::Ambiguous))];
        let written = write(&*set, &columns, &changes, &root.join(results)).unwrap();
        let columns = Columns { root: Some(root.to_owned()), ..columns };
        let again = open(&written[0], Some(Format::Table), &columns).unwrap_or_else(|error| panic!("{error}"));
        let (train, skipped) = read(&*again, Split::Train);
        assert_eq!((keys(&train), skipped.len()), (vec!["1.jpg", "2.jpg", "3.jpg"], 0));
        let classes: Vec<Option<Expression>> = train.iter().map(|entry| entry.expression).collect();
        assert_eq!(classes, [read(&*set, Split::Train).0[0].expression, Some(Expression::Anger), None]);
        let valences: Vec<Option<f32>> = train.iter().map(|entry| entry.valence).collect();
        assert_eq!(valences, [Some(0.5), None, Some(-0.5)]);
    }
}

#[test]
fn shards_come_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (root, results) = (folder.path().join("set"), folder.path().join("labels"));
    fs::create_dir(&root).unwrap();
    // More than a row group, and a row that cannot be used.
    let one = record("", None);
    let row = |i: u32| Record { path: format!("{i}.jpg"), expression: Some((i % 8) as u8), ..one.clone() };
    let mut rows: Vec<Record> = (0..503).map(row).collect();
    rows[7] = Record { landmarks: None, pose_deg: None, person: None, ..record("7.jpg", None) };
    rows[8].expression = Some(12);
    let path = shard(&root, "mine-train-00000.parquet", rows.clone());
    shard(&root, "mine-val-00000.parquet", vec![record("v.jpg", Some(0))]);
    shard(&root, "pose.parquet", Vec::new());
    let set = opened(&path, Format::Shards);
    let changes =
        [("3.jpg", to(Expression::Happy)), ("7.jpg", to(Expression::Sad)), ("501.jpg", Some(Relabel::Ambiguous))];
    let written = write(&*set, &Columns::default(), &changes, &results).unwrap();
    assert_eq!(written, ["mine-train-00000.parquet", "pose.parquet"].map(|name| results.join(name)));
    fs::remove_file(&written[1]).unwrap();
    (rows[3].expression, rows[7].expression, rows[501].expression) = (Some(1), Some(2), None);
    let mut again = ShardReader::open(&written[0]).unwrap();
    for (place, row) in rows.iter().enumerate() {
        match again.next().unwrap() {
            Ok(found) => assert_eq!(&found, row),
            Err(error) => assert_eq!((place, error.to_string().starts_with("Row 8 of the shard has")), (8, true)),
        }
    }
    assert!(again.next().is_none());
}

#[test]
fn of_two_pictures_of_one_name_the_one_that_is_meant_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (root, results) = (folder.path().join("set"), folder.path().join("labels"));
    fs::create_dir(&root).unwrap();
    for name in ["mine-train-00000.parquet", "mine-val-00000.parquet"] {
        shard(&root, name, vec![record("a.jpg", Some(1)), record("b.jpg", Some(1))]);
    }
    shard(&root, "mine-val-00001.parquet", vec![record("c.jpg", Some(1))]);
    let set = opened(&root, Format::Shards);
    let changes = [("mine-val-00000.parquet/a.jpg", to(Expression::Sad)), ("c.jpg", to(Expression::Fear))];
    let written = write(&*set, &Columns::default(), &changes, &results).unwrap();
    let of = |path: &PathBuf| -> Vec<Option<u8>> {
        ShardReader::open(path).unwrap().map(|row| row.unwrap().expression).collect()
    };
    let labels: Vec<Vec<Option<u8>>> = written.iter().map(of).collect();
    assert_eq!(labels, [vec![Some(1), Some(1)], vec![Some(2), Some(1)], vec![Some(4)]]);
}

#[test]
fn folders_give_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let (root, results) = (folder.path().join("set"), folder.path().join("labels"));
    for name in ["happy/1.jpg", "happy/2.jpg", "sad/1.jpg"] {
        picture(&root, name);
    }
    let set = opened(&root, Format::Folders);
    let changes = [("happy/2.jpg", to(Expression::Fear)), ("sad/1.jpg", Some(Relabel::Ambiguous))];
    let written = write(&*set, &Columns::default(), &changes, &results).unwrap();
    assert_eq!(written, [results.join("labels.csv")]);
    let text = "picture,expression\nhappy/1.jpg,happy\nhappy/2.jpg,fear\nsad/1.jpg,\n";
    assert_eq!(fs::read_to_string(&written[0]).unwrap(), text);

    // Which is a set by itself.
    let columns = Columns { root: Some(root.clone()), ..Columns::default() };
    let again = open(&written[0], None, &columns).unwrap_or_else(|error| panic!("{error}"));
    let (train, skipped) = read(&*again, Split::Train);
    assert_eq!((keys(&train), skipped.len()), (vec!["happy/1.jpg", "happy/2.jpg", "sad/1.jpg"], 0));
    assert_eq!((train[1].expression, train[2].expression), (Some(Expression::Fear), None));
}

#[test]
fn a_set_is_never_written_into() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("set");
    affectnet(&root);
    let set = opened(&root, Format::Affectnet);
    let plain = Columns::default();
    for inside in [root.clone(), root.join("new"), root.join(LISTS), root.join("new/../../set/x")] {
        let error = refused(&*set, &plain, &inside);
        assert!(error.starts_with("The new labels would be written into the set itself;"), "{error}");
    }
    let list = root.join(LISTS).join("training.csv");
    let alone = opened(&list, Format::Affectnet);
    assert!(refused(&*alone, &plain, &root.join(LISTS)).starts_with("The new labels would be written into the set"));
    let pictures = Columns { root: Some(root.join(IMAGES)), ..plain.clone() };
    let among = refused(&*alone, &pictures, &root.join(IMAGES).join("1"));
    assert!(among.starts_with("The new labels would be written into the set"), "{among}");

    let taken = folder.path().join("taken");
    file(folder.path(), "taken", b"a file");
    let error = refused(&*set, &plain, &taken);
    assert!(error.starts_with("There is a file in place of the folder for the new labels;"), "{error}");
    assert_eq!(fs::read(taken).unwrap(), b"a file");
    let unlabelled = folder.path().join("bare.csv");
    picture(folder.path(), "1.jpg");
    file(folder.path(), "bare.csv", b"picture\n1.jpg\n");
    let set = opened(&unlabelled, Format::Table);
    assert!(!set.has_expressions());
    let error = refused(&*set, &plain, &folder.path().join("labels"));
    assert!(error.starts_with("The set says nothing of expressions; choose one that does"), "{error}");
}
