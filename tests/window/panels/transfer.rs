//! The Transfer panel: who gives and who takes. What is given stands in `given`, what the cells show and do in `cells`, the
//! board in files in `saving`.

mod cells;
mod given;
mod saving;

use facespace::app::transfer::{ColumnKey, Side, Spot};
use facespace::face::{Part, Recipe};

use super::opening::Dropped;
use super::tray::choose;
use super::*;

/// The window with the panel open.
pub(super) fn opened_in(opening: Opening) -> Driven {
    let mut harness = opening.open();
    keys(&mut harness, CTRL, Key::Num2);
    harness.step();
    harness
}

/// Puts faces of the tray onto the board, by their menus.
#[track_caller]
pub(super) fn put(harness: &mut Driven, sources: &[&str], targets: &[&str]) {
    for (names, line) in [(sources, "Add to sources"), (targets, "Add to targets")] {
        for name in names {
            choose(harness, name, line);
        }
    }
}

/// A board of the stand-in with all its cells drawn. Samples 6 and 8 to 12 look different to it.
#[track_caller]
fn board(sources: &[&str], targets: &[&str]) -> Driven {
    let mut harness = opened_in(stand_in());
    put(&mut harness, sources, targets);
    until_drawn(&mut harness);
    harness
}

/// Until every cell in sight shows what is given now.
#[track_caller]
pub(super) fn until_drawn(harness: &mut Driven) {
    // What is in sight is known after the first of them.
    harness.run_steps(3);
    settle(harness);
    until(harness, "the cells", |harness| {
        let state = &harness.state().state;
        let drawn = state.transfer.due.is_empty() && !state.pending.has(|wish| matches!(wish, Wish::Cell(_)));
        drawn && state.has_cells()
    });
}

/// Drags a face of the tray onto a slot.
#[track_caller]
pub(super) fn drag_onto(harness: &mut Driven, face: &str, slot: &str) {
    let (from, to) = (rect(harness, Role::Button, face), rect(harness, Role::Button, slot));
    drag(harness, from.center(), to.center());
    harness.remove_cursor();
    harness.run_steps(2);
}

#[track_caller]
fn id(harness: &Driven, name: &str) -> u64 {
    let faces = &harness.state().state.faces;
    faces.iter().find(|face| face.record.name == name).unwrap_or_else(|| panic!("{name} is not in the tray")).record.id
}

/// The face as the stand-in sees it.
#[track_caller]
fn own(harness: &Driven, name: &str) -> FaceCode {
    harness.state().state.face(id(harness, name)).unwrap().seen.as_ref().expect("it was seen").code
}

/// What the cell of two faces shows.
#[track_caller]
fn cell(harness: &Driven, target: &str, source: &str) -> Option<Arc<RgbImage>> {
    let spot = Spot::Cell(id(harness, target), ColumnKey::Face(id(harness, source)));
    harness.state().state.transfer.pictures.shown(spot).map(|shown| Arc::clone(&shown.picture))
}

/// What the stand-in draws of a face with parts of others.
#[track_caller]
fn expected(harness: &Driven, target: &str, sources: &[(&str, f32)], parts: &[(Part, f32)]) -> RgbImage {
    let giver = |(name, weight): &(&str, f32)| ((*name).to_owned(), own(harness, name), *weight);
    let sources: Vec<_> = sources.iter().map(giver).collect();
    tiles_of(&Recipe::from_faces(&sources, parts).apply(&own(harness, target)).unwrap())
}

#[track_caller]
fn assert_shows(harness: &Driven, target: &str, source: &str, parts: &[(Part, f32)]) {
    let shown = cell(harness, target, source).unwrap_or_else(|| panic!("{target} with {source} shows nothing"));
    assert!(*shown == expected(harness, target, &[(source, 1.0)], parts), "{target} with {source}");
}

fn on_side(harness: &Driven, side: Side) -> usize {
    harness.state().state.transfer.board.side(side).len()
}

#[test]
fn keys_lead_to_the_panel_and_back() {
    let mut harness = opened_in(stand_in());
    for name in ["Sources", "Targets", "Load recipe…", "Fill from the tray"] {
        assert!(has(&harness, Role::Button, name), "{name}");
    }
    for name in ["Save sheet…", "Save cells…", "Save recipe…", "Swap sources and targets", "Clear the board"] {
        assert!(is_disabled(&harness, Role::Button, name), "{name}");
    }
    assert!(says(&harness, "Put the faces that give along the top") && !has(&harness, Role::Slider, "Yaw"));
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert!(has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Sources"));
    press(&mut harness, "Transfer");
    assert!(has(&harness, Role::Button, "Sources") && is_on(&harness, Role::Button, "Transfer"));
}

#[test]
fn faces_are_dragged_onto_both_sides() {
    let mut harness = opened_in(stand_in());
    drag_onto(&mut harness, "Sample 8", "Sources");
    assert!(has(&harness, Role::Button, "Sample 8 in the sources"));
    assert!(says(&harness, "Now put the faces that take down the left"));
    drag_onto(&mut harness, "Sample 10", "Targets");
    drag_onto(&mut harness, "Sample 9", "Sources");
    drag_onto(&mut harness, "Sample 6", "Targets");
    until_drawn(&mut harness);
    for name in ["Sample 9 in the sources", "Sample 10 in the targets", "Sample 6 in the targets"] {
        assert!(has(&harness, Role::Button, name), "{name}");
    }
    for name in
        ["Sample 10 with Sample 8", "Sample 10 with Sample 9", "Sample 6 with Sample 8", "Sample 6 with Sample 9"]
    {
        assert!(has(&harness, Role::Button, name), "{name}");
    }
    assert!(says(&harness, "2 targets, 2 sources, 4 cells"));
    assert_eq!(opened(&harness), "Sample 3", "nothing else was opened by it");
}

#[test]
fn a_face_is_put_before_another_and_none_is_there_twice() {
    let mut harness = opened_in(stand_in());
    drag_onto(&mut harness, "Sample 8", "Sources");
    let from = rect(&harness, Role::Button, "Sample 9").center();
    let first = rect(&harness, Role::Button, "Sample 8 in the sources");
    drag(&mut harness, from, first.left_center() + vec2(4.0, 0.0));
    harness.run_steps(2);
    let left = |harness: &Driven, name: &str| rect(harness, Role::Button, name).left();
    assert!(left(&harness, "Sample 9 in the sources") < left(&harness, "Sample 8 in the sources"));
    drag_onto(&mut harness, "Sample 9", "Sources");
    assert_eq!(on_side(&harness, Side::Sources), 2);
    assert!(left(&harness, "Sample 9 in the sources") > left(&harness, "Sample 8 in the sources"));
}

#[test]
fn a_face_is_picked_up_with_enter_and_put_with_enter() {
    let mut harness = opened_in(stand_in());
    for (face, slot, there) in
        [("Sample 8", "Sources", "Sample 8 in the sources"), ("Sample 10", "Targets", "Sample 10 in the targets")]
    {
        focus(&mut harness, Role::Button, face);
        keys(&mut harness, Modifiers::NONE, Key::Enter);
        assert!(harness.state().state.picked.is_some(), "{face}");
        focus(&mut harness, Role::Button, slot);
        keys(&mut harness, Modifiers::NONE, Key::Enter);
        harness.step();
        assert!(has(&harness, Role::Button, there), "{there}");
        assert!(harness.state().state.picked.is_none(), "{face}");
    }
}

/// Frames in which a held face rests on an entry of the rail: what is only carried past one does not open its panel.
pub(super) const REST: usize = 16;

/// Carries a face from where it is over the rail to a slot of another panel.
pub(super) fn carry_over_rail(harness: &mut Driven, name: &str, panel: &str, slot: &str) {
    let from = rect(harness, Role::Button, name).center();
    let rail = rect(harness, Role::Button, panel).center();
    hold(harness, from);
    move_to(harness, from, rail);
    harness.run_steps(REST);
    let slot = rect(harness, Role::Button, slot).center();
    move_to(harness, rail, slot);
    let_go(harness, slot);
    harness.run_steps(2);
}

#[test]
fn a_face_that_is_held_over_the_rail_is_carried_to_the_panel() {
    let mut harness = stand_in().open();
    carry_over_rail(&mut harness, "Sample 8", "Transfer", "Targets");
    assert!(has(&harness, Role::Button, "Sample 8 in the targets"));
}

#[test]
fn a_face_let_go_of_beside_the_slots_says_so() {
    let mut harness = opened_in(stand_in());
    let from = rect(&harness, Role::Button, "Sample 8").center();
    let to = rect(&harness, Role::Button, "Settings").center();
    drag(&mut harness, from, to);
    harness.step();
    let said = By::new().role(Role::Button).label_contains("Nothing takes a face there; drop it onto the sources");
    assert!(harness.query_all(said).next().is_some());
    assert_eq!([Side::Sources, Side::Targets].map(|side| on_side(&harness, side)), [0, 0]);
}

#[test]
fn files_are_dropped_onto_a_slot() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = opened_in(stand_in());
    let slot = rect(&harness, Role::Button, "Sources").center();
    harness.hover_at(slot);
    harness.step();
    for (name, shade) in [("anna.png", 40), ("ben.png", 90)] {
        harness.input_mut().dropped_files.push(Arc::new(Dropped(crop_file(folder.path(), name, shade))));
    }
    harness.step();
    until(&mut harness, "the faces", |harness| {
        ["anna.png in the sources", "ben.png in the sources"].iter().all(|name| has(harness, Role::Button, name))
    });
    assert!(has(&harness, Role::Button, "anna.png"), "it is in the tray, too");
    assert!(has(&harness, Role::Button, "Targets"), "the panel stays");
}

#[test]
fn files_dropped_where_the_desktop_does_not_say_are_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = opened_in(stand_in());
    harness.remove_cursor();
    harness.step();
    harness.input_mut().dropped_files.push(Arc::new(Dropped(crop_file(folder.path(), "anna.png", 40))));
    harness.run_steps(2);
    assert!(says(&harness, "Where shall the dropped picture go?"));
    press(&mut harness, "Use as targets");
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png in the targets"));
    assert!(!says(&harness, "Where shall the dropped picture go?"));
}

#[test]
fn a_face_leaves_the_board_and_comes_back_with_undo() {
    let mut harness = board(&["Sample 8", "Sample 9"], &["Sample 10"]);
    press(&mut harness, "Remove Sample 8 from the sources");
    assert!(!has(&harness, Role::Button, "Sample 8 in the sources") && has(&harness, Role::Button, "Sample 8"));
    assert!(!has(&harness, Role::Button, "Sample 10 with Sample 8"));
    keys(&mut harness, CTRL, Key::Z);
    harness.step();
    assert!(has(&harness, Role::Button, "Sample 10 with Sample 8"));
    press(&mut harness, "Remove Sample 10 from the targets");
    assert!(!has(&harness, Role::Button, "Sample 10 with Sample 8"));
    assert!(says(&harness, "Now put the faces that take down the left"));
}

#[test]
fn the_sides_are_swapped_and_the_board_is_cleared() {
    let mut harness = board(&["Sample 8"], &["Sample 10", "Sample 6"]);
    press(&mut harness, "Swap sources and targets");
    harness.step();
    assert!(
        has(&harness, Role::Button, "Sample 8 with Sample 10") && has(&harness, Role::Button, "Sample 8 with Sample 6")
    );
    press(&mut harness, "Clear the board");
    harness.step();
    assert!(says(&harness, "Put the faces that give along the top") && has(&harness, Role::Button, "Sample 8"));
    keys(&mut harness, CTRL, Key::Z);
    harness.run_steps(2);
    assert!(has(&harness, Role::Button, "Sample 8 with Sample 6"));
}

#[test]
fn the_tray_fills_an_empty_board() {
    let mut harness = opened_in(stand_in());
    press(&mut harness, "Fill from the tray");
    until_drawn(&mut harness);
    assert_eq!([Side::Sources, Side::Targets].map(|side| on_side(&harness, side)), [8, 1]);
    assert!(
        has(&harness, Role::Button, "Sample 3 in the targets") && has(&harness, Role::Button, "Sample 3 with Sample 1")
    );
    keys(&mut harness, CTRL, Key::Z);
    harness.step();
    assert_eq!([Side::Sources, Side::Targets].map(|side| on_side(&harness, side)), [0, 0]);
}

#[test]
fn who_leaves_the_tray_leaves_the_board_and_comes_back_with_undo() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    choose(&mut harness, "Sample 8", "Remove from the tray");
    harness.step();
    assert!(
        !has(&harness, Role::Button, "Sample 8 in the sources")
            && !has(&harness, Role::Button, "Sample 10 with Sample 8")
    );
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "Sample 8"));
    keys(&mut harness, CTRL, Key::Num2);
    harness.run_steps(2);
    assert!(has(&harness, Role::Button, "Sample 10 with Sample 8"));
}

#[test]
fn what_is_not_marked_yet_says_so_and_the_others_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    open_path(&mut harness, &photograph_file(folder.path(), "photograph.png"));
    until(&mut harness, "the offer", |harness| has(harness, Role::Button, "Mark the face"));
    keys(&mut harness, CTRL, Key::Num2);
    put(&mut harness, &["photograph.png", "Sample 8"], &["Sample 10"]);
    harness.run_steps(3);
    until(&mut harness, "the other cell", |harness| cell(harness, "Sample 10", "Sample 8").is_some());
    assert!(says(&harness, "photograph.png is not marked yet; open it in the editor and mark it"));
    assert!(is_disabled(&harness, Role::Button, "Sample 10 with photograph.png"));
    assert!(!is_disabled(&harness, Role::Button, "Sample 10 with Sample 8"));
}

#[test]
fn in_a_narrow_window_the_parts_are_a_drawer() {
    let mut harness = opened_in(stand_in().sized(vec2(900.0, 600.0)));
    assert!(!has(&harness, Role::CheckBox, "Give pose"));
    press(&mut harness, "Show the parts");
    assert!(has(&harness, Role::CheckBox, "Give pose") && has(&harness, Role::Button, "Sources"));
    press(&mut harness, "Fold the parts away");
    assert!(!has(&harness, Role::CheckBox, "Give pose"));
}
