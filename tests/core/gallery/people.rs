//! Faces put together by hand, and all of it taken back.

use std::slice::from_ref;

use facespace::gallery::{FaceKey, FaceLabels, GalleryError, Index, NewFace, PersonId, Pins, group};

use super::{Desk, given};

/// An index of so many faces, and their keys.
fn with_faces(desk: &Desk, count: u8) -> (Index, Vec<FaceKey>) {
    let faces: Vec<_> = (0..count).map(|i| given(&desk.path(&format!("{i}.png")), i)).collect();
    let mut index = desk.index();
    let keys = index.insert(&faces).unwrap();
    (index, keys)
}

/// Names in the order of people, each with how many faces are pinned to them.
fn known(index: &Index) -> Vec<(String, usize)> {
    let Pins { names, of } = index.people().unwrap();
    let count = |person: PersonId| of.iter().filter(|(_, one)| *one == person).count();
    names.into_iter().map(|(person, name)| (name, count(person))).collect()
}

fn people(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(name, faces)| ((*name).to_owned(), *faces)).collect()
}

#[test]
fn a_group_gets_a_name_and_another_one() {
    let desk = Desk::new();
    let (mut index, keys) = with_faces(&desk, 6);
    let anna = index.rename(&keys[..3], "  Anna ").unwrap();
    assert_eq!(known(&index), people(&[("Anna", 3)]));
    assert_eq!(index.card(keys[0]).unwrap().unwrap().labels.person.as_deref(), Some("Anna"));
    // The same person, with a face that was not pinned before.
    assert_eq!(index.rename(&keys[..4], "Anna Karenina").unwrap(), anna);
    assert_eq!(known(&index), people(&[("Anna Karenina", 4)]));
    // Part of a person becomes another one.
    let kitty = index.rename(&keys[3..5], "Kitty").unwrap();
    assert_ne!(kitty, anna);
    assert_eq!(known(&index), people(&[("Anna Karenina", 3), ("Kitty", 2)]));
    // A name that somebody has makes it that person's faces.
    assert_eq!(index.rename(&keys[..3], "Kitty").unwrap(), kitty);
    assert_eq!(known(&index), people(&[("Kitty", 5)]));
    assert_eq!(index.info().unwrap().labels.people, 1);
}

#[test]
fn groups_are_merged_under_the_name_that_was_given() {
    let desk = Desk::new();
    let (mut index, keys) = with_faces(&desk, 8);
    index.split(&keys[..4], &[]).unwrap();
    let anna = index.rename(&keys[4..6], "Anna").unwrap();
    assert_eq!(index.merge(&keys[..7]).unwrap(), anna);
    assert_eq!(known(&index), people(&[("Anna", 7)]));
    // Nobody among them has a name.
    let desk = Desk::new();
    let (mut index, keys) = with_faces(&desk, 4);
    let labelled = FaceLabels { person: Some("Levin".to_owned()), ..FaceLabels::default() };
    let labelled = NewFace { labels: labelled, ..given(&desk.path("labelled.png"), 50) };
    let labelled = index.insert(&[labelled]).unwrap()[0];
    index.merge(&[keys[0], keys[1], labelled]).unwrap();
    assert_eq!(known(&index), people(&[("Person 1", 3)]));
    // A name that nobody gave says less than a label.
    let name = |key| index.card(key).unwrap().unwrap().labels.person.unwrap();
    assert_eq!((name(keys[0]).as_str(), name(labelled).as_str()), ("Person 1", "Levin"));
}

#[test]
fn faces_are_split_off_under_names_that_nobody_has() {
    let desk = Desk::new();
    let (mut index, keys) = with_faces(&desk, 5);
    index.rename(&keys, "Anna").unwrap();
    index.rename(&keys[4..], "Person 2").unwrap();
    index.split(&keys[..1], &[]).unwrap();
    index.split(&keys[1..2], &[]).unwrap();
    assert_eq!(known(&index), people(&[("Anna", 2), ("Person 2", 1), ("Person 1", 1), ("Person 3", 1)]));
}

#[test]
fn what_was_split_off_stays_apart_from_the_rest() {
    let desk = Desk::new();
    // One person to the networks, whose identity hangs on the shade alone.
    let faces: Vec<_> = (0..4).map(|i| given(&desk.path(&format!("{i}.png")), 40)).collect();
    let mut index = desk.index();
    let keys = index.insert(&faces).unwrap();
    let grouped = |index: &Index| -> Vec<(Option<String>, Vec<FaceKey>)> {
        let codes = index.codes().unwrap();
        let groups = group(&codes, &index.people().unwrap(), 0.6, &|| false).unwrap().groups;
        let keys_of = |places: &[usize]| {
            let mut keys: Vec<FaceKey> = places.iter().map(|place| codes.keys()[*place]).collect();
            keys.sort_unstable();
            keys
        };
        groups.into_iter().map(|group| (group.name, keys_of(&group.members))).collect()
    };
    let whole = vec![(None::<String>, keys.clone())];
    assert_eq!(grouped(&index), whole);
    index.split(&keys[3..], from_ref(&keys)).unwrap();
    let rest = (Some("Person 2".to_owned()), keys[..3].to_vec());
    assert_eq!(grouped(&index), [rest.clone(), (Some("Person 1".to_owned()), keys[3..].to_vec())]);
    // Also once it has a name.
    index.rename(&keys[3..], "Anna").unwrap();
    assert_eq!(grouped(&index), [rest, (Some("Anna".to_owned()), keys[3..].to_vec())]);
    index.undo().unwrap();
    index.undo().unwrap();
    assert_eq!(grouped(&index), whole);

    // The rest keeps the name, also where it was the face split off that had it.
    index.rename(&keys[..1], "Kitty").unwrap();
    index.split(&keys[..1], from_ref(&keys)).unwrap();
    assert_eq!(known(&index), people(&[("Kitty", 3), ("Person 1", 1)]));
    assert_eq!(index.undo().unwrap().as_deref(), Some("1 face split off as Person 1"));
    assert_eq!(known(&index), people(&[("Kitty", 1)]));
}

#[test]
fn every_step_is_taken_back_in_turn() {
    let desk = Desk::new();
    let (mut index, keys) = with_faces(&desk, 6);
    let mut states = vec![index.people().unwrap()];
    index.rename(&keys[..3], "Anna").unwrap();
    states.push(index.people().unwrap());
    index.rename(&keys[..3], "Anna Karenina").unwrap();
    states.push(index.people().unwrap());
    index.split(&keys[2..4], &[]).unwrap();
    states.push(index.people().unwrap());
    index.merge(&keys).unwrap();
    drop(index);

    // On another day.
    let mut index = desk.index();
    let undone =
        ["6 faces put together as Anna Karenina", "2 faces split off as Person 1", "3 faces named Anna Karenina"];
    for what in undone.iter().chain(&["3 faces named Anna"]) {
        let before = index.revision();
        assert_eq!(index.undo().unwrap().as_deref(), Some(*what));
        assert_eq!(index.people().unwrap(), states.pop().unwrap(), "{what}");
        assert_ne!(index.revision(), before);
    }
    assert_eq!(index.undo().unwrap(), None);
    assert_eq!(index.people().unwrap(), Pins::default());
}

#[test]
fn faces_that_have_gone_stay_gone() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.put("b.png", &[50]);
    desk.update();
    let (a, b) = (desk.card("a.png").key, desk.card("b.png").key);
    desk.index().rename(&[a, b], "Anna").unwrap();
    desk.index().rename(&[a], "Kitty").unwrap();
    std::fs::remove_file(desk.picture("a.png")).unwrap();
    desk.update();
    let mut index = desk.index();
    assert_eq!(known(&index), people(&[("Anna", 1)]));
    assert!(index.undo().unwrap().is_some());
    assert_eq!(known(&index), people(&[("Anna", 1)]));
    assert!(index.undo().unwrap().is_some());
    assert!(known(&index).is_empty());
}

#[test]
fn a_person_needs_a_name_and_faces() {
    let desk = Desk::new();
    let (mut index, keys) = with_faces(&desk, 1);
    assert!(matches!(index.rename(&keys, " "), Err(GalleryError::NoName)));
    assert!(matches!(index.rename(&[], "Anna"), Err(GalleryError::NoFaces)));
    assert!(matches!(index.merge(&[keys[0] + 1]), Err(GalleryError::NoFaces)));
    assert!(matches!(index.split(&[], from_ref(&keys)), Err(GalleryError::NoFaces)));
    assert_eq!(index.undo().unwrap(), None);
    // Faces that have gone are passed over, and one that is named twice counts once.
    index.rename(&[keys[0], keys[0] + 1, keys[0]], "Anna").unwrap();
    assert_eq!(index.undo().unwrap().as_deref(), Some("1 face named Anna"));
}
