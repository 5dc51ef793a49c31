//! LFW in its versions, with its lists and without, with people and pictures that the lists do not have.

use std::path::Path;

use facespace::data::sets::{Columns, Format, Marks, Split, open};

use super::{file, keys, opened, picture, read, refusal, told};

/// Three people with two, one and one pictures in a version's folder.
fn people(root: &Path, version: &str) {
    for path in [
        "Ada_Lovelace/Ada_Lovelace_0001.jpg",
        "Ada_Lovelace/Ada_Lovelace_0002.jpg",
        "Bo_Li/Bo_Li_0001.jpg",
        "Carl_Gauss/Carl_Gauss_0001.jpg",
    ] {
        picture(root, &format!("{version}{path}"));
    }
}

#[test]
fn folders_are_people_and_all_are_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    people(folder.path(), "");
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.name(), set.has_expressions()), (Format::Lfw, "lfw", false));
    assert_eq!((set.splits(), set.count(Split::Train)), (vec![Split::Train], 4));
    let (entries, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(entries.len(), 4);
    assert_eq!(entries[0].key, "Ada_Lovelace/Ada_Lovelace_0001.jpg");
    assert_eq!((entries[0].person.as_deref(), &entries[0].marks), (Some("Ada_Lovelace"), &Marks::None));
}

#[test]
fn lists_say_who_is_only_measured_on() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    people(root, "lfw-deepfunneled/lfw-deepfunneled/");
    file(root, "peopleDevTrain.txt", b"2\nAda_Lovelace\t2\nCarl_Gauss\t1\n");
    file(root, "peopleDevTest.txt", b"1\nBo_Li\t1\n");
    file(root, "people.txt", b"2\n2\nAda_Lovelace\t2\nBo_Li\t1\n1\nCarl_Gauss\t1\n");
    file(root, "pairs.txt", b"10\t300\nAda_Lovelace\t1\t2\n");
    let set = open(root, None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.splits()), (Format::Lfw, vec![Split::Train, Split::Test]));
    assert_eq!(Split::ALL.map(|split| set.count(split)), [3, 0, 1]);
    let (train, skipped) = read(&*set, Split::Train);
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(
        train.iter().map(|entry| entry.person.as_deref().unwrap()).collect::<Vec<_>>(),
        ["Ada_Lovelace", "Ada_Lovelace", "Carl_Gauss"]
    );
    let (test, skipped) = read(&*set, Split::Test);
    assert_eq!(keys(&test), ["lfw-deepfunneled/lfw-deepfunneled/Bo_Li/Bo_Li_0001.jpg"]);
    assert!(skipped.is_empty(), "{skipped:?}");
}

#[test]
fn one_list_says_who_is_in_the_other_part() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    people(root, "lfw_funneled/");
    file(root, "view1/peopleDevTrain.csv", b"name,images\nAda_Lovelace,2\nCarl_Gauss,1\n");
    let set = opened(root, Format::Lfw);
    assert_eq!(keys(&read(&*set, Split::Test).0), ["lfw_funneled/Bo_Li/Bo_Li_0001.jpg"]);
    assert_eq!(read(&*set, Split::Train).0.len(), 3);
}

#[test]
fn what_does_not_fit_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    people(root, "lfw/");
    picture(root, "lfw/Dora_Who/Dora_Who_0001.jpg");
    picture(root, "lfw/loose.jpg");
    let train = b"3\nAda_Lovelace\t3\nAda_Lovelace\t3\nEmmy_Noether\t1\nCarl_Gauss\tmany\nBo_Li\t1\n";
    file(root, "lfw/peopleDevTrain.txt", train);
    file(root, "lfw/peopleDevTest.txt", b"2\nBo_Li\t1\nFred_Hoyle\t1\n");
    let set = opened(root, Format::Lfw);
    let (entries, skipped) = read(&*set, Split::Train);
    let expected = ["lfw/Ada_Lovelace/Ada_Lovelace_0001.jpg", "lfw/Ada_Lovelace/Ada_Lovelace_0002.jpg"];
    assert_eq!(keys(&entries), expected);
    let missing = "the picture of the row is missing".to_owned();
    let without = "the picture has no row".to_owned();
    let twice = "an earlier row names the same picture".to_owned();
    let expected = [
        ("lfw/Ada_Lovelace/Ada_Lovelace_0003.jpg", missing.clone()),
        ("lfw/Carl_Gauss/Carl_Gauss_0001.jpg", without.clone()),
        ("lfw/Dora_Who/Dora_Who_0001.jpg", without.clone()),
        ("lfw/Emmy_Noether/Emmy_Noether_0001.jpg", missing.clone()),
        ("lfw/loose.jpg", without),
        ("Ada_Lovelace", twice.clone()),
        ("Carl_Gauss", "the row has no number of pictures".to_owned()),
        ("Bo_Li", twice),
    ];
    assert_eq!(told(&skipped), expected);
    // In both lists, and so never trained on.
    let (test, skipped) = read(&*set, Split::Test);
    assert_eq!(keys(&test), ["lfw/Bo_Li/Bo_Li_0001.jpg"]);
    assert_eq!(told(&skipped), [("lfw/Fred_Hoyle/Fred_Hoyle_0001.jpg", missing)]);
}

#[test]
fn what_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    picture(folder.path(), "Ada/picture.jpg");
    let error = refusal(folder.path(), Some(Format::Lfw));
    assert!(error.contains("it lacks a folder with people's folders and pictures called NAME_0001.jpg"), "{error}");
}
