//! An index made, filled by hand, read, deleted.

use std::fs;
use std::path::{Path, PathBuf};

use facespace::face::{Expression, FaceCode};
use facespace::gallery::{FaceLabels, From, GalleryError, Index, NewFace, Original};

use super::{Desk, assert_says, code, given, model};

#[test]
fn what_is_put_in_is_read_again() {
    let desk = Desk::new();
    let labels = FaceLabels {
        person: Some("Anna".to_owned()),
        clip: Some("first".to_owned()),
        expression: Some(Expression::Contempt),
        valence: Some(0.3),
        arousal: Some(-0.7),
    };
    let row = From::Row { shard: desk.path("a.parquet"), row: 7, name: "seven.jpg".to_owned() };
    let faces = [
        NewFace { confidence: Some(0.9), thumbnail: vec![1, 2, 3], ..given(&desk.path("a.png"), 40) },
        NewFace { from: row.clone(), labels: labels.clone(), ..given(Path::new(""), 50) },
        NewFace { number: 2, ..given(&desk.path("a.png"), 60) },
    ];
    let mut index = desk.index();
    let before = index.revision();
    let keys = index.insert(&faces).unwrap();
    assert_ne!(index.revision(), before);

    let index = desk.index();
    assert_eq!((index.keys().unwrap(), index.faces().unwrap()), (keys.clone(), 3));
    let codes = index.codes().unwrap();
    assert_eq!(codes.keys(), keys);
    for (place, face) in faces.iter().enumerate() {
        assert_eq!(codes.numbers(place), face.code);
        let card = index.card(keys[place]).unwrap().unwrap();
        assert_eq!((card.key, card.from, card.number), (keys[place], face.from.clone(), face.number));
        assert_eq!((card.labels, card.confidence), (face.labels.clone(), face.confidence));
        assert_eq!(card.code, FaceCode::from_array(&face.code).unwrap());
        assert!(card.missing);
    }
    assert_eq!(index.thumbnail(keys[0]).unwrap(), Some(vec![1, 2, 3]));
    assert_eq!(index.thumbnail(keys[1]).unwrap(), None);
    assert_eq!(index.card(keys[2] + 1).unwrap(), None);
    assert!(matches!(index.picture(keys[2] + 1), Err(GalleryError::NoFace)));

    let info = index.info().unwrap();
    assert_eq!((info.faces, info.files, info.failed, info.version), (3, 2, 0, 1));
    assert_eq!((info.labels.expressions, info.labels.people), (vec![(Expression::Contempt, 1)], 1));
    assert_eq!((&info.model, info.sources.len()), (&model("plain"), 0));
    assert!(info.bytes > 1000 && info.created > 1_600_000_000 && info.updated == info.created, "{}", info.bytes);
}

#[test]
fn of_faces_one_of_which_is_none_none_is_stored() {
    let desk = Desk::new();
    let mut bad = given(&desk.path("b.png"), 50);
    bad.code[40..60].fill(f32::NAN);
    let outcome = desk.index().insert(&[given(&desk.path("a.png"), 40), bad]);
    assert!(matches!(outcome, Err(GalleryError::BadCode)));
    assert_eq!(desk.index().faces().unwrap(), 0);
}

#[test]
fn keys_are_never_given_twice() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.update();
    let first = desk.card("a.png").key;
    fs::remove_file(desk.picture("a.png")).unwrap();
    desk.put("b.png", &[50]);
    desk.update();
    assert!(desk.card("b.png").key > first);
}

#[test]
fn codes_are_those_of_one_model() {
    let desk = Desk::new();
    desk.index().require(&model("plain")).unwrap();
    let error = desk.index().require(&model("other")).unwrap_err();
    assert_says(&error, "made with the weights plain", &desk.folder());
    assert!(error.to_string().contains("rebuild it"));
}

#[test]
fn whoever_opened_an_index_before_it_was_rebuilt_writes_no_codes_into_it() {
    let mut desk = Desk::new();
    let mut before = desk.index();
    desk.index().rebuild(&model("other")).unwrap();
    let says = "made with the weights other";
    assert_says(&before.insert(&[given(&desk.path("a.png"), 40)]).unwrap_err(), says, &desk.folder());
    let error = desk.update_of(&mut before, &[], usize::MAX).unwrap_err();
    assert_says(&error, says, &desk.folder());
}

#[test]
fn an_index_takes_an_empty_folder_and_no_other() {
    let desk = Desk::new();
    let error = Index::create(&desk.folder(), &model("plain")).unwrap_err();
    assert_says(&error, "There is an index here already", &desk.folder());

    desk.put("a.png", &[40]);
    let error = Index::create(&desk.pictures(), &model("plain")).unwrap_err();
    assert_says(&error, "holds other things than an index", &desk.pictures());
    assert!(!desk.picture("faces.sqlite").exists());

    let deep = desk.path("new/folders");
    Index::create(&deep, &model("plain")).unwrap();
    assert_eq!(Index::open(&deep).unwrap().model(), &model("plain"));

    let nowhere = desk.path("nowhere");
    assert_says(&Index::open(&nowhere).unwrap_err(), "There is no index here", &nowhere);
    assert_says(&Index::open(&desk.pictures()).unwrap_err(), "There is no index here", &desk.pictures());
    assert!(!nowhere.exists());
}

#[test]
fn what_a_kill_left_of_a_beginning_is_finished() {
    let desk = Desk::new();
    for begun in ["one", "two"] {
        let folder = desk.path(begun);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("lock"), b"").unwrap();
    }
    fs::write(desk.path("two/faces.sqlite"), b"").unwrap();
    for begun in ["one", "two"] {
        let mut index = Index::create(&desk.path(begun), &model("plain")).unwrap();
        index.insert(&[given(&desk.path("a.png"), 40)]).unwrap();
    }
}

#[test]
fn deleting_takes_the_index_and_nothing_else() {
    let desk = Desk::new();
    let mut index = desk.index();
    index.insert(&[given(&desk.path("a.png"), 40)]).unwrap();
    Index::delete(&desk.folder()).unwrap();
    assert!(!desk.folder().exists());

    let shared = desk.path("shared");
    Index::create(&shared, &model("plain")).unwrap();
    fs::write(shared.join("mine.txt"), b"mine").unwrap();
    Index::delete(&shared).unwrap();
    let left: Vec<PathBuf> = fs::read_dir(&shared).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [shared.join("mine.txt")]);

    for none in [&shared, &desk.pictures(), &desk.path("nowhere")] {
        assert_says(&Index::delete(none).unwrap_err(), "There is no index here", none);
    }
    let other = desk.path("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("faces.sqlite"), vec![7; 5000]).unwrap();
    fs::write(other.join("mine.txt"), b"mine").unwrap();
    assert!(Index::delete(&other).is_err() && other.join("faces.sqlite").exists());
}

#[test]
fn an_unfinished_or_damaged_index_can_be_deleted() {
    let desk = Desk::new();
    let database = desk.folder().join("faces.sqlite");
    desk.index().insert(&[given(&desk.path("a.png"), 40)]).unwrap();
    let bytes = fs::read(&database).unwrap();
    for left in [0, 50, 9000] {
        fs::create_dir_all(desk.folder()).unwrap();
        fs::write(desk.folder().join("lock"), b"").unwrap();
        fs::write(&database, &bytes[..left]).unwrap();
        Index::delete(&desk.folder()).unwrap();
        assert!(!desk.folder().exists(), "{left} bytes");
    }
}

#[test]
fn one_writes_at_a_time() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    let lock = fs::File::options().write(true).open(desk.folder().join("lock")).unwrap();
    lock.try_lock().unwrap();
    assert!(Index::is_written(&desk.folder()));
    let says = "Another process is writing this index";
    assert_says(&desk.update_with(&[desk.pictures()], usize::MAX).unwrap_err(), says, &desk.folder());
    assert_says(&desk.index().insert(&[]).unwrap_err(), says, &desk.folder());
    assert_says(&desk.index().rebuild(&model("other")).unwrap_err(), says, &desk.folder());
    assert_says(&Index::delete(&desk.folder()).unwrap_err(), says, &desk.folder());
    // Reading and naming people go on.
    assert_eq!(desk.index().faces().unwrap(), 0);
    lock.unlock().unwrap();
    assert!(!Index::is_written(&desk.folder()));
    assert_eq!(desk.update().added, 1);
}

#[test]
fn what_one_writes_another_sees() {
    let desk = Desk::new();
    let (mut writer, reader) = (desk.index(), desk.index());
    let before = reader.revision();
    let keys = writer.insert(&[given(&desk.path("a.png"), 40)]).unwrap();
    assert_ne!(reader.revision(), before);
    assert_eq!(reader.keys().unwrap(), keys);
    let before = reader.revision();
    writer.rename(&keys, "Anna").unwrap();
    assert_ne!(reader.revision(), before);
}

#[test]
fn a_picture_is_handed_out_while_it_is_the_one_that_was_indexed() {
    let mut desk = Desk::new();
    let path = desk.put("a.png", &[40, 50]);
    desk.update();
    let card = desk.card("a.png");
    let From::Photo { square, .. } = card.from else { panic!("{card:?}") };
    let original = Original::Photo { path: path.clone(), square };
    assert_eq!(desk.index().picture(card.key).unwrap(), original);
    super::touch(&path, 1_000_000);
    assert_eq!(desk.index().picture(card.key).unwrap(), original, "a touched file is the same");
    desk.put("a.png", &[40, 51]);
    assert_says(&desk.index().picture(card.key).unwrap_err(), "The picture has changed", &path);
    fs::remove_file(&path).unwrap();
    assert_says(&desk.index().picture(card.key).unwrap_err(), "The picture is no longer there", &path);
    assert!(desk.index().card(card.key).unwrap().unwrap().missing);
    assert_eq!(card.code, FaceCode::from_array(&code(40)).unwrap());
}
