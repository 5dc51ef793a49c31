//! Folders as labels: expressions, people, both, parts, and names that mean nothing.

use std::path::Path;

use facespace::data::sets::{Columns, Entry, Format, Set, SetError, Split, open};
use facespace::face::Expression;

use super::{file, keys, opened, picture, read, refusal, told};

fn pictures(root: &Path, paths: &[&str]) {
    paths.iter().for_each(|path| picture(root, path));
}

fn expressions(entries: &[Entry]) -> Vec<Option<Expression>> {
    entries.iter().map(|entry| entry.expression).collect()
}

fn people(entries: &[Entry]) -> Vec<Option<&str>> {
    entries.iter().map(|entry| entry.person.as_deref()).collect()
}

fn recognised(root: &Path) -> Box<dyn Set> {
    open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn expressions_in_any_words_are_labels_in_their_parts() {
    let folder = tempfile::tempdir().unwrap();
    let root = &folder.path().join("FER 2013");
    pictures(root, &["train/angry/1.png", "train/Happy/1.png", "train/neutral/2.png", "test/surprised/1.png"]);
    file(root, "train/angry/notes.txt", b"");
    let set = recognised(root);
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Folders, "fer2013", true));
    assert_eq!(set.splits(), [Split::Train, Split::Test]);
    assert_eq!(Split::ALL.map(|split| set.count(split)), [3, 0, 1]);
    let (train, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(keys(&train), ["train/Happy/1.png", "train/angry/1.png", "train/neutral/2.png"]);
    let expected = [Expression::Happy, Expression::Anger, Expression::Neutral].map(Some);
    assert_eq!((expressions(&train), people(&train)), (expected.to_vec(), vec![None; 3]));
    assert_eq!(expressions(&read(&*set, Split::Test).0), [Some(Expression::Surprise)]);
}

#[test]
fn other_names_are_people_and_what_lies_deeper_says_more() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    pictures(
        root,
        &["Ada/1.jpg", "Ada/monday/morning/2.jpg", "Ada/monday/sad/3.jpg", "Bo/happy/1.jpg", "Joy/1.jpg", "0.jpg"],
    );
    let set = recognised(root);
    assert!(set.has_expressions());
    let (entries, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    let expected =
        ["0.jpg", "Ada/1.jpg", "Ada/monday/morning/2.jpg", "Ada/monday/sad/3.jpg", "Bo/happy/1.jpg", "Joy/1.jpg"];
    assert_eq!(keys(&entries), expected);
    assert_eq!(people(&entries), [None, Some("Ada"), Some("Ada"), Some("Ada"), Some("Bo"), Some("Joy")]);
    let clips: Vec<_> = entries.iter().map(|entry| entry.clip.as_deref()).collect();
    assert_eq!(clips, [None, None, Some("monday/morning"), Some("monday"), None, None]);
    let (sad, happy) = (Some(Expression::Sad), Some(Expression::Happy));
    assert_eq!(expressions(&entries), [None, None, None, sad, happy, None]);
}

#[test]
fn people_below_expressions_are_people() {
    let folder = tempfile::tempdir().unwrap();
    pictures(folder.path(), &["happy/Ada/1.jpg", "sad/Ada/1.jpg", "sad/1.jpg", "unknown/1.jpg"]);
    let (entries, skipped) = read(&*opened(folder.path(), Format::Folders), Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(people(&entries), [Some("Ada"), None, Some("Ada"), None]);
    let sad = Some(Expression::Sad);
    assert_eq!(expressions(&entries), [Some(Expression::Happy), sad, sad, None]);
}

#[test]
fn an_expression_that_nobody_knows_is_counted_and_can_be_said() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    pictures(root, &["happy/1.jpg", "sad/1.jpg", "suprise/1.jpg", "suprise/2.jpg"]);
    let (entries, skipped) = read(&*opened(root, Format::Folders), Split::Train);
    assert_eq!(keys(&entries), ["happy/1.jpg", "sad/1.jpg"]);
    let why = "the class \"suprise\" is not known".to_owned();
    assert_eq!(told(&skipped), [("suprise/1.jpg", why.clone()), ("suprise/2.jpg", why)]);

    let columns = Columns { classes: vec![("Suprise".to_owned(), Expression::Surprise)], ..Columns::default() };
    let set = open(root, None, &columns).unwrap_or_else(|error| panic!("{error}"));
    let (entries, skipped) = read(&*set, Split::Train);
    assert_eq!((entries.len(), skipped.len()), (4, 0));
    assert_eq!(entries[3].expression, Some(Expression::Surprise));
}

#[test]
fn numbers_are_classes_only_where_their_order_is_known() {
    let folder = tempfile::tempdir().unwrap();
    pictures(folder.path(), &["train/0/1.jpg", "train/1/1.jpg", "train/6/1.jpg"]);
    let (entries, _) = read(&*opened(folder.path(), Format::Folders), Split::Train);
    let expected = [Expression::Neutral, Expression::Happy, Expression::Anger].map(Some);
    assert_eq!(expressions(&entries), expected);

    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    (1..=7).for_each(|number| picture(root, &format!("train/{number}/1.jpg")));
    let error = open(root, None, &Columns::default()).err().unwrap();
    assert!(matches!(&error, SetError::UnknownClasses { words, .. } if words.len() == 7), "{error}");
    assert!(error.to_string().contains("(1, 2, 3, 4, 5, 6, 7); say which they are with --classes"), "{error}");
    let order = [
        Expression::Surprise,
        Expression::Fear,
        Expression::Disgust,
        Expression::Happy,
        Expression::Sad,
        Expression::Anger,
        Expression::Neutral,
    ];
    let classes = order.iter().zip(1..).map(|(&class, number)| (format!("{number}"), class)).collect();
    let set = open(root, None, &Columns { classes, ..Columns::default() }).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(expressions(&read(&*set, Split::Train).0), order.map(Some));

    let folder = tempfile::tempdir().unwrap();
    pictures(folder.path(), &["00017/1.jpg", "00018/1.jpg", "3/1.jpg"]);
    let (entries, _) = read(&*opened(folder.path(), Format::Folders), Split::Train);
    assert_eq!(people(&entries), [Some("00017"), Some("00018"), Some("3")]);
}

#[test]
fn folders_around_and_beside_the_parts_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let paths = ["images/train/sad/1.jpg", "images/validation/sad/1.jpg", "images/docs/1.jpg"];
    pictures(root, &paths);
    picture(root, "__MACOSX/images/1.jpg");
    let set = recognised(root);
    assert_eq!(set.splits(), [Split::Train, Split::Val]);
    let (train, skipped) = read(&*set, Split::Train);
    assert_eq!(keys(&train), ["images/train/sad/1.jpg"]);
    assert_eq!(told(&skipped), [("images/docs/1.jpg", "the class \"images/docs\" is not known".to_owned())]);
    let (val, skipped) = read(&*set, Split::Val);
    assert_eq!((keys(&val), skipped.len()), (vec!["images/validation/sad/1.jpg"], 0));
}

#[test]
fn nothing_to_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "happy/notes.txt", b"");
    let error = refusal(folder.path(), Some(Format::Folders));
    assert!(error.starts_with("There are no faces in this set; check that its pictures are unpacked:"), "{error}");
    let error = refusal(&folder.path().join("happy/notes.txt"), Some(Format::Folders));
    assert!(error.contains("it lacks a folder, it is a file;"), "{error}");
    let error = refusal(&folder.path().join("gone"), Some(Format::Folders));
    assert!(error.starts_with("There is no such file or folder; check its name:"), "{error}");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_come_to_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    picture(root, "happy/1.jpg");
    std::os::unix::fs::symlink(root, root.join("happy/again")).unwrap();
    let (entries, _) = read(&*opened(root, Format::Folders), Split::Train);
    assert!((1..=20).contains(&entries.len()), "{}", entries.len());
}
