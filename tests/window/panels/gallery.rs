//! The Gallery panel. Indexes made, opened and deleted stand in `indexes`, what is looked for in `searching`, what is done
//! with hits in `hits`, people in `people`, map, copies and codes in `surveys`, a hundred thousand faces in `scrolling`.

pub mod crowd;
mod hits;
mod indexes;
mod people;
mod scrolling;
mod searching;
mod surveys;

use std::fs;

use super::*;
use crowd::FACES;

/// The window with the panel open.
pub(super) fn opened_in(opening: Opening) -> Driven {
    let mut harness = opening.open();
    keys(&mut harness, CTRL, Key::Num3);
    harness.step();
    harness
}

/// In a home folder of its own, in which the window's indexes are made.
#[track_caller]
fn gallery_panel(home: &Path) -> Driven {
    opened_in(stand_in().kept_in(&window_home(home)))
}

fn window_home(home: &Path) -> PathBuf {
    let folder = home.join("window");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[track_caller]
pub(super) fn open_index(harness: &mut Driven, folder: &Path) {
    command(harness, "open an index");
    answer(harness, "Folder of the index", &folder.display().to_string());
}

fn crowd_folder(home: &Path) -> PathBuf {
    home.join("crowd")
}

/// An index of the invented people, open and known to its last thumbnail.
#[track_caller]
pub(super) fn with_crowd(home: &Path) -> Driven {
    crowd::index(&crowd_folder(home), &home.join("pictures"));
    let mut harness = gallery_panel(home);
    open_index(&mut harness, &crowd_folder(home));
    until_found(&mut harness);
    assert!(says(&harness, &format!("All {FACES} faces")));
    harness
}

/// Until the newest question is answered and all faces in sight have names and pictures.
#[track_caller]
pub(super) fn until_found(harness: &mut Driven) {
    // What is in sight is known one frame after the answer.
    for _ in 0..2 {
        harness.run_steps(3);
        until(harness, "the faces", |harness| {
            let desk = &harness.state().state.gallery;
            let answered = desk.results.answer.is_some() && !desk.results.is_busy();
            answered && desk.shelf.unknown().is_empty() && desk.shelf.without_thumbnail().is_empty()
        });
    }
    harness.run_steps(2);
}

/// What was found, best first, by name.
fn found(harness: &Driven) -> Vec<String> {
    let desk = &harness.state().state.gallery;
    let hits = &desk.results.answer.as_ref().expect("there is an answer").hits;
    hits.iter().map(|hit| desk.shelf.name(hit.key)).collect()
}

/// How often a face of this name is in the tray.
fn in_tray(harness: &Driven, name: &str) -> usize {
    harness.state().state.faces.iter().filter(|face| face.record.name == name).count()
}

/// Whether the last message holds these words.
pub(super) fn last_said(harness: &Driven, words: &str) -> bool {
    let words = format!("Last message: {words}");
    let by = By::new().role(Role::Button).label_contains(&words);
    harness.query_all(by).next().is_some()
}

#[test]
fn keys_lead_to_the_panel_and_back() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = gallery_panel(home.path());
    assert!(has(&harness, Role::Button, "Choose a folder…") && has(&harness, Role::Button, "Open an index…"));
    assert!(says(&harness, "Search a collection of faces") && !has(&harness, Role::Slider, "Yaw"));
    assert!(says(&harness, "Nothing leaves this machine"));
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert!(has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Choose a folder…"));
    press(&mut harness, "Gallery");
    assert!(has(&harness, Role::Button, "Choose a folder…") && is_on(&harness, Role::Button, "Gallery"));
}

#[test]
fn every_tab_has_its_button_and_its_command() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    for (tab, words, seen) in [
        ("People", "show the people", "groups"),
        ("Map", "show the map", "widest directions"),
        ("Duplicates", "show the duplicates", "nearly the same"),
        ("Faces", "show all faces", "in the order in which they were found"),
    ] {
        press(&mut harness, tab);
        until(&mut harness, tab, |harness| says(harness, seen));
        keys(&mut harness, CTRL, Key::Num1);
        command(&mut harness, words);
        until(&mut harness, tab, |harness| says(harness, seen));
    }
}

#[test]
fn in_a_narrow_window_the_query_is_a_drawer() {
    let home = tempfile::tempdir().unwrap();
    crowd::index(&crowd_folder(home.path()), &home.path().join("pictures"));
    let mut harness = opened_in(stand_in().sized(vec2(900.0, 600.0)));
    open_index(&mut harness, &crowd_folder(home.path()));
    until_found(&mut harness);
    assert!(!has(&harness, Role::Button, "Query") && has(&harness, Role::Button, "anna-0.png"));
    press(&mut harness, "Show the query");
    assert!(has(&harness, Role::Button, "Query") && has(&harness, Role::Slider, "Weight of identity"));
    press(&mut harness, "Fold the query away");
    assert!(!has(&harness, Role::Button, "Query"));
}
