//! Undo, redo, and locks that hold against everything.

use facespace::face::{AngleEdit, Edit};

use super::*;

#[test]
fn buttons_take_back_and_do_again() {
    let mut harness = stand_in().open();
    assert!(is_disabled(&harness, Role::Button, "Undo") && is_disabled(&harness, Role::Button, "Redo"));
    type_number(&mut harness, "Yaw", "10");
    type_number(&mut harness, "Yaw", "20");
    press(&mut harness, "Undo");
    assert_number(&harness, "Yaw", 10.0);
    press(&mut harness, "Undo");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    assert!(is_disabled(&harness, Role::Button, "Undo"));
    press(&mut harness, "Redo");
    assert_number(&harness, "Yaw", 10.0);
}

#[test]
fn keys_take_back_and_do_again() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "10");
    type_number(&mut harness, "Yaw", "20");
    keys(&mut harness, CTRL, Key::Z);
    assert_number(&harness, "Yaw", 10.0);
    keys(&mut harness, CTRL, Key::Z);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    keys(&mut harness, CTRL_SHIFT, Key::Z);
    assert_number(&harness, "Yaw", 10.0);
    keys(&mut harness, CTRL_SHIFT, Key::Z);
    assert_number(&harness, "Yaw", 20.0);
}

#[test]
fn the_picture_follows_undo() {
    let mut harness = stand_in().open();
    let before = shown(&harness);
    type_number(&mut harness, "Roll", "20");
    settle(&mut harness);
    assert!(shown(&harness) != before);
    press(&mut harness, "Undo");
    settle(&mut harness);
    assert!(shown(&harness) == before);
}

#[test]
fn undo_brings_the_face_it_concerns_onto_the_canvas() {
    let mut harness = stand_in().open();
    press(&mut harness, "Sample 4");
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "10");
    press(&mut harness, "Sample 5");
    settle(&mut harness);
    press(&mut harness, "Undo");
    settle(&mut harness);
    assert_eq!(opened(&harness), "Sample 4");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn a_locked_part_cannot_be_moved() {
    let mut harness = stand_in().open();
    press(&mut harness, "Lock pose");
    assert!(is_on(&harness, Role::Button, "Unlock pose"));
    for name in ["Yaw", "Pitch", "Roll", "Head pad"] {
        assert!(is_disabled(&harness, Role::Slider, name), "{name}");
    }
    let at = rect(&harness, Role::Slider, "Yaw").right_center() - vec2(20.0, 0.0);
    drag(&mut harness, at, at - vec2(30.0, 0.0));
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    press(&mut harness, "Unlock pose");
    assert!(!is_disabled(&harness, Role::Slider, "Yaw"));
}

#[test]
fn a_locked_part_stays_when_all_else_is_drawn_and_reset() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "12");
    press(&mut harness, "Lock pose");
    let style = number(&harness, "Style axis 1");
    press(&mut harness, "Surprise me");
    assert_number(&harness, "Yaw", 12.0);
    assert!((number(&harness, "Style axis 1") - style).abs() > 1e-6);
    press(&mut harness, "Reset all");
    assert_number(&harness, "Yaw", 12.0);
    assert_number(&harness, "Style axis 1", style);
}

#[test]
fn undo_waits_for_a_locked_part_and_says_so() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "12");
    press(&mut harness, "Lock pose");
    press(&mut harness, "Undo");
    assert!(says(&harness, "Undo would change the pose, which is locked; unlock it first"));
    assert_number(&harness, "Yaw", 12.0);
    press(&mut harness, "Unlock pose");
    press(&mut harness, "Undo");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn a_loaded_edit_leaves_a_locked_part() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edit.json");
    let mut edit = Edit::default();
    edit.pose.yaw = Some(AngleEdit::Set(30.0));
    edit.style.axes.insert(1, 0.5);
    std::fs::write(&path, edit.to_json(None)).unwrap();
    let mut harness = stand_in().open();
    let style = number(&harness, "Style axis 1");
    press(&mut harness, "Lock pose");
    command(&mut harness, "load edit");
    answer(&mut harness, "Edit file", &path.display().to_string());
    until(&mut harness, "the edit", |harness| (number(harness, "Style axis 1") - style - 0.5).abs() < 1e-3);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}
