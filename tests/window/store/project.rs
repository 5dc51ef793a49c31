//! Projects: there and back, and a sentence for each way in which one can be unfit.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use facespace::app::store::Session;
use facespace::app::store::project::{Held, Project, read, save};
use facespace::engine::keeper::png;

use super::{Home, a_picture, a_session, assert_sentence};

fn pictures(session: &Session) -> BTreeMap<u64, Held> {
    session.faces_with_history().into_iter().map(|id| (id, Held::Picture(Arc::new(a_picture(id as u8))))).collect()
}

/// A project's file as text, and where it lies.
fn saved(session: &Session) -> (Home, String) {
    let home = Home::new();
    save(&home.path("a.facespace"), session.clone(), &pictures(session)).unwrap();
    let text = fs::read_to_string(home.path("a.facespace")).unwrap();
    (home, text)
}

fn read_as(home: &Home, text: impl AsRef<[u8]>) -> Result<Project, String> {
    fs::write(home.path("b.facespace"), text).unwrap();
    read(&home.path("b.facespace"))
}

#[test]
fn a_project_is_the_same_after_its_file() {
    for seed in 0..5 {
        let session = a_session(seed, 30);
        let (home, _) = saved(&session);
        let project = read(&home.path("a.facespace")).unwrap();
        assert_eq!(project.session, session);
        assert!(project.sentences.is_empty());
        assert!(project.pictures.keys().eq(&session.faces_with_history()));
        assert!(project.pictures.iter().all(|(&id, picture)| **picture == a_picture(id as u8)));
        assert_eq!(home.names(""), ["a.facespace"]);
    }
}

#[test]
fn pictures_come_from_files_too_and_may_be_missing() {
    let session = a_session(2, 30);
    let home = Home::new();
    let first = session.faces[0].id;
    fs::write(home.path("1.png"), png(&a_picture(9)).unwrap()).unwrap();
    let mut held = BTreeMap::from([(first, Held::File(home.path("1.png")))]);
    if let Some(second) = session.faces.get(1) {
        held.insert(second.id, Held::File(home.path("none.png")));
    }
    save(&home.path("a.facespace"), session.clone(), &held).unwrap();
    let project = read(&home.path("a.facespace")).unwrap();
    assert_eq!(project.session, session);
    assert_eq!(project.pictures, BTreeMap::from([(first, Arc::new(a_picture(9)))]));
}

#[test]
fn every_unfit_file_has_its_sentence() {
    let (home, text) = saved(&a_session(1, 30));
    let fails = |bytes: &[u8], says: &str| {
        assert_sentence(&read_as(&home, bytes).unwrap_err(), says, &home.path("b.facespace"));
    };
    for length in [0, 5, 100, text.len() / 2, text.len() - 1] {
        fails(&text.as_bytes()[..length], "This project file is cut off");
    }
    fails(b"a letter", "This is no project of facespace");
    fails(&png(&a_picture(1)).unwrap(), "This is no project of facespace");
    fails(&a_session(1, 10).into_bytes().unwrap(), "This is no project of facespace");
    fails(text.replacen("\"version\":4", "\"version\":7", 1).as_bytes(), "by a newer facespace (format 7, this one");
    fails(text.replacen("\"faces\":", "\"faces\" ", 1).as_bytes(), "This project file is damaged (");
    fails(text.replacen("\"session\"", "\"season\"", 1).as_bytes(), "This project file is damaged (");
    let id = format!("\"id\":{}", a_session(1, 30).faces[0].id);
    assert!(text.contains(&id));
    let missing = home.path("none.facespace");
    assert_sentence(&read(&missing).unwrap_err(), "There is no such project file", &missing);
    assert_sentence(&read(home.0.path()).unwrap_err(), "cannot be read (it is no regular file)", home.0.path());
}

#[test]
fn a_damaged_picture_costs_nothing_but_itself() {
    let session = a_session(1, 30);
    let (home, text) = saved(&session);
    let face = &session.faces[0];
    let key = format!("\"{}\":\"", face.id);
    let place = text.find(&key).unwrap() + key.len();
    for (broken, says) in [("!!!!", "it is no base64"), ("AAAA", "")] {
        let mut damaged = text.clone();
        damaged.replace_range(place..place + 4, broken);
        let project = read_as(&home, damaged).unwrap();
        assert_eq!(project.session, session);
        assert_eq!(project.pictures.len(), session.faces_with_history().len() - 1);
        let [sentence] = &project.sentences[..] else { panic!("{:?}", project.sentences) };
        let says = format!("The picture of {} in this project is damaged ({says}", face.name);
        assert_sentence(sentence, &says, &home.path("b.facespace"));
    }
}

#[test]
fn a_project_that_cannot_be_saved_leaves_what_was_there() {
    let home = Home::new();
    let session = a_session(1, 10);
    let path = home.path("none/a.facespace");
    let sentence = save(&path, session.clone(), &pictures(&session)).unwrap_err();
    assert_sentence(&sentence, "The folder to write into does not exist", &path);
}
