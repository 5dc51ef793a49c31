//! Sets and folders that are not as they should be: a sentence for each, and what was finished stays.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use facespace::data::sets::{Entry, Format, Picture, Reason, SetError};
use facespace::face::Expression;
use facespace::prepare::{Options, Points, PrepareError, prepare};
use tempfile::TempDir;

use super::{Drawn, Given, assert_says, done, face, names, options, rows, shards, stored, sure};

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Ten faces, prepared into `out`.
fn ten(home: &TempDir) -> Drawn {
    let set = Drawn::of(&home.path().join("set"), (0..10).map(|number| face(stored(number))).collect());
    done(&set, &home.path().join("out")).unwrap();
    set
}

/// Preparing this into `out` is refused, and what is there stays.
#[track_caller]
fn refused(home: &TempDir, set: &Drawn, says: &str) {
    let out = home.path().join("out");
    let before = shards(&out);
    assert_says(&done(set, &out).unwrap_err(), says, &out);
    assert_eq!(shards(&out), before);
}

#[test]
fn pictures_that_cannot_be_read_are_counted_by_reason() {
    let home = home();
    let file = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let Picture::Bytes(whole) = stored(0).picture else { unreachable!() };
    let at = |key: String, picture: Picture| face(Entry { key, picture, ..stored(0) });
    let mut given = vec![
        at("whole".to_owned(), Picture::File(file("whole.jpg", &whole))),
        at("half".to_owned(), Picture::File(file("half.jpg", &whole[..whole.len() / 2]))),
        at("empty".to_owned(), Picture::File(file("empty.jpg", &[]))),
        at("letter".to_owned(), Picture::File(file("letter.jpg", b"Dear reader, this is a letter and no picture."))),
        at("folder".to_owned(), Picture::File(home.path().to_owned())),
        Given::Skipped("again".to_owned(), Reason::Twice),
    ];
    given.extend((0..30).map(|i| at(format!("gone {i}"), Picture::File(home.path().join(format!("{i}.jpg"))))));
    given.push(Given::Skipped("no row".to_owned(), Reason::Missing));
    let out = home.path().join("out");
    let report = done(&Drawn::of(&home.path().join("set"), given), &out).unwrap();
    assert_eq!(report.written.total(), 1);
    let counts: Vec<(&str, u64, &str)> =
        report.left_out.iter().map(|left| (left.reason.as_str(), left.count, left.examples[0].as_str())).collect();
    let expected = [
        ("the picture of the row is missing", 31, "gone 0"),
        ("the picture is cut off or damaged", 1, "half"),
        ("the picture is empty", 1, "empty"),
        ("the file is no picture", 1, "letter"),
        ("the picture is no regular file", 1, "folder"),
        ("an earlier row names the same picture", 1, "again"),
    ];
    assert_eq!(counts, expected);
    assert_eq!(report.left_out[0].examples.len(), 20);
    assert_eq!(rows(&out)[0].picture_bytes, whole);
}

#[test]
fn reasons_without_end_are_put_together() {
    let home = home();
    let skipped = |i: usize| Given::Skipped(i.to_string(), Reason::UnknownClass(i.to_string()));
    let given = [face(stored(0))].into_iter().chain((0..300).map(skipped)).collect();
    let report = done(&Drawn::of(&home.path().join("set"), given), &home.path().join("out")).unwrap();
    assert_eq!(report.left_out_count(), 300);
    assert_eq!((report.left_out.len(), report.left_out[0].count), (101, 200));
    assert_eq!(report.left_out[0].reason, "another reason");
}

#[test]
fn a_set_without_a_usable_face_leaves_no_folder() {
    let home = home();
    let out = home.path().join("out");
    let root = home.path().join("set");
    let skipped = |reason: Reason| Given::Skipped("1.jpg".to_owned(), reason);
    let given = [Reason::Missing, Reason::Missing, Reason::Twice, Reason::NoRow, Reason::NoFace];
    let error = done(&Drawn::of(&root, given.into_iter().map(skipped).collect()), &out).unwrap_err();
    let reasons = "(the picture of the row is missing (2), an earlier row names the same picture (1), the picture has \
                   no row (1), and others)";
    assert_says(&error, reasons, &root);
    assert!(!out.exists());
    let error = done(&Drawn::of(&root, Vec::new()), &out).unwrap_err();
    assert!(matches!(error, PrepareError::Set(SetError::Empty(_))), "{error}");
    // A folder that was there stays, without what was begun in it.
    fs::create_dir(&out).unwrap();
    done(&Drawn::of(&root, Vec::new()), &out).unwrap_err();
    assert!(names(&out).is_empty(), "{:?}", names(&out));
}

#[test]
fn a_set_that_breaks_off_keeps_what_is_finished() {
    let home = home();
    let (root, out) = (home.path().join("set"), home.path().join("out"));
    let faces = |count| (0..count).map(|number| face(stored(number)));
    // All of them are under way before the break comes.
    let broken = Drawn::of(&root, faces(200).chain([Given::Broken]).collect());
    let error = done(&broken, &out).unwrap_err();
    assert!(matches!(error, PrepareError::Set(SetError::Empty(_))), "{error}");
    let kept = shards(&out);
    assert!(kept.len() >= 30, "{} shards", kept.len());
    let report = done(&Drawn::of(&root, faces(200).collect()), &out).unwrap();
    assert_eq!((report.written.total(), report.resumed), (200, 4 * kept.len() as u64));
    assert!(kept.iter().all(|(name, bytes)| shards(&out)[name] == *bytes));
}

#[test]
fn a_set_that_has_changed_is_refused() {
    let home = home();
    let set = ten(&home);
    let faces = |count: usize| (0..count).map(stored).collect::<Vec<_>>();
    let mut relabelled = faces(10);
    relabelled[2].expression = Some(Expression::Contempt);
    let mut renamed = faces(10);
    renamed[9].key = "other.jpg".to_owned();
    let mut swapped = faces(10);
    swapped[5].picture = stored(0).picture;
    for changed in [faces(9), faces(11), relabelled, renamed, swapped] {
        let changed = Drawn::of(&set.root, changed.into_iter().map(face).collect());
        refused(&home, &changed, "The set has changed since this folder was prepared;");
    }
    let elsewhere = Drawn::of(&home.path().join("elsewhere"), faces(9).into_iter().map(face).collect());
    refused(&home, &elsewhere, &format!("pictures of another set ({});", set.root.display()));
    done(&set, &home.path().join("out")).unwrap();
}

#[test]
fn pictures_replaced_under_their_names_are_noticed() {
    let home = home();
    let out = home.path().join("out");
    let faces: Vec<Entry> = (0..10)
        .map(|number| {
            let Entry { picture: Picture::Bytes(bytes), .. } = stored(number) else { unreachable!() };
            let path = home.path().join(format!("{number}.jpg"));
            fs::write(&path, bytes).unwrap();
            Entry { picture: Picture::File(path), ..stored(number) }
        })
        .collect();
    let set = |root: &str| Drawn::of(&home.path().join(root), faces.iter().cloned().map(face).collect());
    done(&set("set"), &out).unwrap();
    assert_eq!(done(&set("set"), &out).unwrap().resumed, 10);
    let Picture::File(path) = &faces[5].picture else { unreachable!() };
    let touch = |seconds: u64| {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    };
    touch(1_000_000);
    refused(&home, &set("set"), "Pictures of the set were replaced under their names since this folder was prepared");
    // A set that was copied elsewhere may have other times, which are those that count from then on.
    assert_eq!(done(&set("elsewhere"), &out).unwrap().resumed, 10);
    assert_eq!(done(&set("elsewhere"), &out).unwrap().resumed, 10);
    touch(2_000_000);
    refused(&home, &set("elsewhere"), "Pictures of the set were replaced");
    // A journal from before it noted files has nothing to compare with.
    let journal = out.join("prepare.json");
    let text = fs::read_to_string(&journal).unwrap();
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("\"files\":")).collect();
    assert!(without.len() < text.lines().count());
    fs::write(&journal, without.join("\n")).unwrap();
    assert_eq!(done(&set("elsewhere"), &out).unwrap().resumed, 10);
    assert!(fs::read_to_string(&journal).unwrap().contains("\"files\": \""));
}

#[test]
fn other_sets_and_settings_are_refused() {
    let home = home();
    let set = ten(&home);
    let out = home.path().join("out");
    let other = Drawn { format: Format::Folders, ..Drawn::of(&set.root, vec![face(stored(0))]) };
    refused(&home, &other, "pictures of another set (");
    let settings = [
        (
            Options { points: Points::Finder, ..options() },
            "with the set's own points and not with the finder's points;",
        ),
        (Options { rows_in_shard: 5, ..options() }, "with 4 pictures a shard and not with 5 pictures a shard;"),
        (Options { limit: Some(3), ..options() }, "with all pictures and not with 3 pictures;"),
    ];
    for (asked, says) in settings {
        let error = prepare(&set, &out, &asked, sure(), &mut |_| true).unwrap_err();
        assert_says(&error, says, &out);
    }
    // Threads are none.
    prepare(&set, &out, &Options { threads: 1, ..options() }, sure(), &mut |_| true).unwrap();
}

/// Replaces something in the journal.
fn rewrite(out: &Path, from: &str, to: &str) {
    let path = out.join("prepare.json");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn another_finder_matters_while_something_is_left_to_do() {
    let home = home();
    let set = ten(&home);
    let out = home.path().join("out");
    rewrite(&out, r#""finder": ""#, r#""finder": "old "#);
    done(&set, &out).unwrap();
    fs::remove_file(out.join("drawn-train-00002.parquet")).unwrap();
    refused(&home, &set, r#"with the finder "old "#);
}

#[test]
fn a_journal_that_is_newer_or_damaged_is_left_alone() {
    let home = home();
    let set = ten(&home);
    let out = home.path().join("out");
    rewrite(&out, r#""version": 1"#, r#""version": 99"#);
    refused(&home, &set, "newer facespace (format 99, this one reads up to 1); update facespace");
    for text in ["", "{", r#"{"version": 1}"#, r#"{"version": "one"}"#] {
        fs::write(out.join("prepare.json"), text).unwrap();
        refused(&home, &set, "cut off or damaged");
        assert_eq!(fs::read_to_string(out.join("prepare.json")).unwrap(), text);
    }
}

#[test]
fn places_that_are_no_folder_for_it_are_refused() {
    let home = home();
    let out = home.path().join("out");
    let set = Drawn::of(&home.path().join("set"), vec![face(stored(0))]);
    fs::write(&out, "a letter").unwrap();
    assert_says(&done(&set, &out).unwrap_err(), "a file in place of the folder", &out);
    let below = out.join("below");
    assert!(matches!(done(&set, &below), Err(PrepareError::Write(_))));
    assert_eq!(fs::read_to_string(&out).unwrap(), "a letter");

    let mine = home.path().join("mine");
    fs::create_dir(&mine).unwrap();
    fs::write(mine.join("mine.parquet"), "mine").unwrap();
    assert_says(&done(&set, &mine).unwrap_err(), "holds other shards", &mine);
    assert_eq!(names(&mine), ["mine.parquet"]);

    fs::create_dir(&set.root).unwrap();
    assert_says(&done(&set, &set.root).unwrap_err(), "The set itself lies in this folder", &set.root);
    assert!(names(&set.root).is_empty());
    // Other things beside the shards harm nobody.
    fs::write(set.root.join("notes.txt"), "mine").unwrap();
    let inside = set.root.join("shards");
    done(&set, &inside).unwrap();
    assert_eq!(names(&inside), ["drawn-train-00000.parquet", "lock", "prepare.json"]);
}
