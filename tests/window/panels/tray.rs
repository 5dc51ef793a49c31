//! Faces in the tray: opened, picked up, dragged, renamed, removed and brought back.

use std::sync::atomic::{AtomicBool, Ordering};

use super::hindered::Hindered;
use super::*;

#[test]
fn a_click_opens_a_face() {
    let mut harness = stand_in().open();
    let before = shown(&harness);
    press(&mut harness, "Sample 8");
    settle(&mut harness);
    assert_eq!(opened(&harness), "Sample 8");
    assert!(shown(&harness) != before);
}

/// A window whose pictures take a tenth of a second each while that is asked for.
pub(super) fn at_leisure() -> (Opening, Arc<AtomicBool>) {
    let slow = Arc::new(AtomicBool::new(false));
    let on = Arc::clone(&slow);
    let opener: Box<Opener> = Box::new(move |setup: &Setup| {
        let on = Arc::clone(&on);
        let picture = move || {
            if on.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(100));
            }
        };
        Ok(Box::new(Hindered { picture: Box::new(picture), ..Hindered::open(setup)? }))
    });
    (Opening { opener: Some(opener), ..stand_in() }, slow)
}

#[test]
fn the_picture_of_one_face_is_never_shown_for_another() {
    let (opening, slow) = at_leisure();
    let mut harness = opening.open();
    press(&mut harness, "Sample 9");
    settle(&mut harness);
    let own = shown(&harness);
    press(&mut harness, "Sample 8");
    settle(&mut harness);
    slow.store(true, Ordering::Relaxed);
    type_number(&mut harness, "Yaw", "30");
    press(&mut harness, "Sample 9");
    until(&mut harness, "its own picture", |harness| {
        let edited = harness.state().state.desk.edited.as_ref();
        assert!(edited.is_none_or(|picture| picture.pixels == own), "the picture of the face before");
        edited.is_some()
    });
    slow.store(false, Ordering::Relaxed);
}

#[test]
fn each_face_keeps_its_edit() {
    let mut harness = stand_in().open();
    press(&mut harness, "Sample 8");
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "33");
    press(&mut harness, "Sample 9");
    settle(&mut harness);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    press(&mut harness, "Sample 8");
    settle(&mut harness);
    assert_number(&harness, "Yaw", 33.0);
    let node = harness.get_by_role_and_label(Role::Button, "Sample 8");
    assert_eq!(node.accesskit_node().data().description(), Some("edited"));
}

#[test]
fn a_face_is_picked_up_with_enter_and_put_with_enter() {
    let mut harness = stand_in().open();
    for put_on_the_canvas in [false, true] {
        let name = if put_on_the_canvas { "Sample 9" } else { "Sample 8" };
        focus(&mut harness, Role::Button, name);
        keys(&mut harness, Modifiers::NONE, Key::Enter);
        assert!(harness.state().state.picked.is_some(), "{name}");
        if put_on_the_canvas {
            focus(&mut harness, Role::Canvas, "Canvas");
        }
        keys(&mut harness, Modifiers::NONE, Key::Enter);
        settle(&mut harness);
        assert_eq!(opened(&harness), name);
        assert!(harness.state().state.picked.is_none(), "{name}");
    }
}

#[test]
fn escape_puts_a_picked_face_back() {
    let mut harness = stand_in().open();
    let before = opened(&harness);
    let other = if before == "Sample 8" { "Sample 9" } else { "Sample 8" };
    focus(&mut harness, Role::Button, other);
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.state().state.picked.is_none());
    assert_eq!(opened(&harness), before);
}

#[test]
fn a_face_dragged_onto_the_canvas_is_opened() {
    let mut harness = stand_in().open();
    let from = rect(&harness, Role::Button, "Sample 8").center();
    let to = rect(&harness, Role::Canvas, "Canvas").center();
    drag(&mut harness, from, to);
    settle(&mut harness);
    assert_eq!(opened(&harness), "Sample 8");
}

#[test]
fn a_face_let_go_of_where_nothing_takes_it_says_so() {
    let mut harness = stand_in().open();
    let from = rect(&harness, Role::Button, "Sample 8").center();
    let to = rect(&harness, Role::Button, "Surprise me").center();
    drag(&mut harness, from, to);
    assert_eq!(opened(&harness), "Sample 3");
    assert!(has(
        &harness,
        Role::Button,
        "Last message: Nothing takes a face there; drop it onto the canvas to open it"
    ));
}

#[test]
fn keys_lead_from_face_to_face() {
    let mut harness = stand_in().open();
    let first = opened(&harness);
    keys(&mut harness, CTRL, Key::PageDown);
    assert_ne!(opened(&harness), first);
    keys(&mut harness, CTRL, Key::PageUp);
    assert_eq!(opened(&harness), first);
}

/// Opens the menu of a face and presses one of its lines.
#[track_caller]
pub(super) fn choose(harness: &mut Driven, face: &str, line: &str) {
    harness.get_by_role_and_label(Role::Button, face).click_secondary();
    harness.run_steps(3);
    press(harness, line);
}

#[test]
fn a_face_is_renamed_and_undo_gives_the_old_name_back() {
    let mut harness = stand_in().open();
    choose(&mut harness, "Sample 8", "Rename…");
    answer(&mut harness, "New name", "Anna");
    assert!(has(&harness, Role::Button, "Anna") && !has(&harness, Role::Button, "Sample 8"));
    press(&mut harness, "Undo");
    assert!(has(&harness, Role::Button, "Sample 8") && !has(&harness, Role::Button, "Anna"));
}

#[test]
fn a_face_is_removed_and_undo_brings_it_back() {
    let mut harness = stand_in().open();
    let before = rect(&harness, Role::Button, "Sample 8");
    choose(&mut harness, "Sample 8", "Remove from the tray");
    assert!(!has(&harness, Role::Button, "Sample 8"));
    assert!(has(&harness, Role::Button, "Sample 9"), "nobody was asked and nothing else is gone");
    press(&mut harness, "Undo");
    settle(&mut harness);
    assert_eq!(rect(&harness, Role::Button, "Sample 8"), before);
    assert_eq!(opened(&harness), "Sample 8");
}

#[test]
fn only_a_face_with_a_file_shows_it() {
    let mut harness = stand_in().open();
    harness.get_by_role_and_label(Role::Button, "Sample 8").click_secondary();
    harness.run_steps(3);
    assert!(is_disabled(&harness, Role::Button, "Show file"));
}

#[test]
fn an_empty_tray_says_what_to_do_and_offers_it() {
    let mut harness = emptied(stand_in().open());
    assert!(says(&harness, "Drop a photograph here") && says(&harness, "No faces yet"));
    assert!(says(&harness, "Open a face, and its sliders stand here."));
    assert!(has(&harness, Role::Button, "Open pictures…"));
    press(&mut harness, "Open the sample faces");
    settle(&mut harness);
    assert!(has(&harness, Role::Button, "Sample 12") && has(&harness, Role::Slider, "Yaw"));
}

/// The window without a face.
pub(super) fn emptied(mut harness: Driven) -> Driven {
    while !harness.state().state.faces.is_empty() {
        command(&mut harness, "remove this face");
    }
    settle(&mut harness);
    harness
}
