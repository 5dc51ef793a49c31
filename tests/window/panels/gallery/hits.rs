//! What is done with faces of the index: opened, dragged to the tray and onto the board, asked with.

use super::*;

/// Waits until a face of the index is in the tray, once.
#[track_caller]
fn until_in_tray(harness: &mut Driven, name: &str) {
    until(harness, name, |harness| in_tray(harness, name) > 0);
    settle(harness);
    assert_eq!(in_tray(harness, name), 1);
}

#[test]
fn a_click_opens_a_face_in_the_editor() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "ben-2.png");
    until_in_tray(&mut harness, "ben-2.png");
    assert_eq!(opened(&harness), "ben-2.png");
    assert!(has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Query"));
    let path = harness.state().state.open_face().unwrap().record.path.clone();
    assert_eq!(path, Some(home.path().join("pictures").join("ben-2.png")));

    // A second time it is found in the tray.
    keys(&mut harness, CTRL, Key::Num3);
    press(&mut harness, "Query by the open face");
    // Without the rows everybody is in sight.
    press(&mut harness, "By each part alone");
    until_found(&mut harness);
    let tile = harness.get_all(By::new().role(Role::Button).label_contains("ben-2.png, ")).next().unwrap();
    let name = tile.accesskit_node().label().unwrap();
    tray::choose(&mut harness, &name, "Edit this face");
    until(&mut harness, "the editor", |harness| has(harness, Role::Slider, "Yaw"));
    assert_eq!(in_tray(&harness, "ben-2.png"), 1);
}

#[test]
fn a_hit_becomes_a_source_or_a_target_by_its_menu() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    tray::choose(&mut harness, "ben-2.png", "Use as source");
    until_in_tray(&mut harness, "ben-2.png");
    tray::choose(&mut harness, "dora-1.png", "Use as target");
    until_in_tray(&mut harness, "dora-1.png");
    keys(&mut harness, CTRL, Key::Num2);
    transfer::until_drawn(&mut harness);
    assert!(has(&harness, Role::Button, "dora-1.png with ben-2.png"));
    assert_eq!(opened(&harness), "Sample 3");
}

#[test]
fn a_hit_is_dragged_over_the_rail_onto_the_board() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    transfer::carry_over_rail(&mut harness, "carla-0.png", "Transfer", "Targets");
    until_in_tray(&mut harness, "carla-0.png");
    harness.run_steps(2);
    assert!(has(&harness, Role::Button, "carla-0.png in the targets"));
}

#[test]
fn a_hit_is_dragged_into_the_tray_and_opened() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let (from, to) = (rect(&harness, Role::Button, "carla-0.png"), rect(&harness, Role::Button, "Sample 6"));
    drag(&mut harness, from.center(), to.center());
    until_in_tray(&mut harness, "carla-0.png");
    assert!(has(&harness, Role::Button, "Query"), "the panel stays");
    assert_eq!(harness.state().state.open_face().unwrap().record.name, "carla-0.png");
}

#[test]
fn a_hit_is_dragged_onto_the_query() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let (from, to) = (rect(&harness, Role::Button, "carla-0.png"), rect(&harness, Role::Button, "Query"));
    drag(&mut harness, from.center(), to.center());
    until(&mut harness, "the query", |harness| has(harness, Role::Button, "Remove carla-0.png from the query"));
    until_found(&mut harness);
    assert_eq!(found(&harness)[0], "carla-0.png");
    assert_eq!(in_tray(&harness, "carla-0.png"), 0, "it is looked for by its code in the index");
}

#[test]
fn a_hit_is_picked_up_with_enter_and_put_with_enter() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    for slot in ["Query", "Sources"] {
        focus(&mut harness, Role::Button, if slot == "Query" { "dora-0.png" } else { "dora-0.png, 1.00" });
        keys(&mut harness, Modifiers::NONE, Key::Enter);
        assert!(harness.state().state.gallery.picked.is_some(), "{slot}");
        if slot == "Sources" {
            keys(&mut harness, CTRL, Key::Num2);
            harness.step();
        }
        focus(&mut harness, Role::Button, slot);
        keys(&mut harness, Modifiers::NONE, Key::Enter);
        harness.run_steps(2);
        assert!(harness.state().state.gallery.picked.is_none(), "{slot}");
        if slot == "Query" {
            until(&mut harness, "the query", |harness| has(harness, Role::Button, "Remove dora-0.png from the query"));
            until_found(&mut harness);
        }
    }
    until_in_tray(&mut harness, "dora-0.png");
    harness.run_steps(2);
    assert!(has(&harness, Role::Button, "dora-0.png in the sources"));
}

#[test]
fn escape_puts_a_hit_back_and_a_second_enter_opens_it() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    focus(&mut harness, Role::Button, "dora-0.png");
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.state().state.gallery.picked.is_none());
    focus(&mut harness, Role::Button, "dora-0.png");
    for _ in 0..2 {
        keys(&mut harness, Modifiers::NONE, Key::Enter);
    }
    until_in_tray(&mut harness, "dora-0.png");
    assert_eq!(opened(&harness), "dora-0.png");
}

#[test]
fn a_hit_let_go_of_where_nothing_takes_it_says_so() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let (from, to) = (rect(&harness, Role::Button, "carla-0.png"), rect(&harness, Role::Button, "Export codes…"));
    drag(&mut harness, from.center(), to.center());
    harness.run_steps(2);
    assert!(last_said(&harness, "Nothing takes a face there; drop it onto the query to look for it"));
    assert_eq!(in_tray(&harness, "carla-0.png"), 0);
}

#[test]
fn a_picture_that_is_gone_or_changed_is_told_and_its_code_stays() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    fs::remove_file(home.path().join("pictures").join("ben-2.png")).unwrap();
    press(&mut harness, "ben-2.png");
    until(&mut harness, "the bar", |harness| says(harness, "The picture is no longer there; put it back, or update"));
    assert!(has(&harness, Role::Button, "ben-2.png") && has(&harness, Role::Button, "Query"));
    assert_eq!(in_tray(&harness, "ben-2.png"), 0);
}

#[test]
fn the_pointer_over_a_hit_tells_where_it_is_from() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let at = rect(&harness, Role::Button, "emil-1.png").center();
    harness.hover_at(at);
    let file = home.path().join("pictures").join("emil-1.png").display().to_string();
    until(&mut harness, "the words", |harness| says(harness, &file));
    assert!(says(&harness, "happy"));
}

#[test]
fn a_face_whose_picture_is_gone_is_looked_for_by_its_code() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    fs::remove_file(home.path().join("pictures").join("ben-2.png")).unwrap();
    tray::choose(&mut harness, "ben-2.png", "Query by this");
    until(&mut harness, "the query", |harness| has(harness, Role::Button, "Remove ben-2.png from the query"));
    until_found(&mut harness);
    assert_eq!(found(&harness)[0], "ben-2.png");
    // A second time changes nothing, and that is said.
    tray::choose(&mut harness, "ben-2.png, 1.00", "Add to the query");
    until(&mut harness, "the word", |harness| last_said(harness, "ben-2.png is in the query already"));
    assert!(!has(&harness, Role::Slider, "Weight of ben-2.png"));
}

#[test]
fn a_hit_is_put_onto_the_canvas_by_hand_and_by_keyboard() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let from = rect(&harness, Role::Button, "carla-0.png").center();
    let rail = rect(&harness, Role::Button, "Edit").center();
    hold(&mut harness, from);
    move_to(&mut harness, from, rail);
    harness.run_steps(transfer::REST);
    let canvas = rect(&harness, Role::Canvas, "Canvas").center();
    move_to(&mut harness, rail, canvas);
    let_go(&mut harness, canvas);
    until_in_tray(&mut harness, "carla-0.png");
    assert_eq!(opened(&harness), "carla-0.png");

    keys(&mut harness, CTRL, Key::Num3);
    harness.run_steps(2);
    focus(&mut harness, Role::Button, "dora-0.png");
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    focus(&mut harness, Role::Canvas, "Canvas");
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    until_in_tray(&mut harness, "dora-0.png");
    assert_eq!(opened(&harness), "dora-0.png");
}

#[test]
fn two_clicks_open_a_face_once() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    for _ in 0..2 {
        harness.get_by_role_and_label(Role::Button, "ben-2.png").click();
        harness.step();
    }
    until_in_tray(&mut harness, "ben-2.png");
}
