//! Which parts are given, how strongly, and what each source counts in a mix.

use super::*;

#[track_caller]
fn tick(harness: &mut Driven, part: &str) {
    press_by(harness, By::new().role(Role::CheckBox).label(part));
}

fn is_ticked(harness: &Driven, part: &str) -> bool {
    is_on(harness, Role::CheckBox, part)
}

#[test]
fn every_part_is_given_by_itself_and_none_gives_the_target() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    assert!(is_ticked(&harness, "Give expression") && !is_ticked(&harness, "Give identity"));
    tick(&mut harness, "Give expression");
    until_drawn(&mut harness);
    assert!(says(&harness, "No part is given, so every cell is its target"));
    assert_shows(&harness, "Sample 10", "Sample 8", &[]);
    for (name, part) in [("Give identity", Part::Identity), ("Give style", Part::Style)] {
        tick(&mut harness, name);
        until_drawn(&mut harness);
        assert!(is_ticked(&harness, name));
        assert_shows(&harness, "Sample 10", "Sample 8", &[(part, 1.0)]);
        tick(&mut harness, name);
    }
}

#[test]
fn all_except_one_is_one_press() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    press(&mut harness, "All except…");
    harness.step();
    press(&mut harness, "All except identity");
    until_drawn(&mut harness);
    let ticked = ["Give pose", "Give identity", "Give expression", "Give style"].map(|name| is_ticked(&harness, name));
    assert_eq!(ticked, [true, false, true, true]);
    let given = [(Part::Pose, 1.0), (Part::Expression, 1.0), (Part::Style, 1.0)];
    assert_shows(&harness, "Sample 10", "Sample 8", &given);
    keys(&mut harness, CTRL, Key::Z);
    until_drawn(&mut harness);
    assert!(!is_ticked(&harness, "Give pose") && is_ticked(&harness, "Give expression"), "it is one step of undo");
}

#[test]
fn each_part_has_a_strength() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    tick(&mut harness, "Give style");
    assert!(is_disabled(&harness, Role::Slider, "Strength of pose"), "what is not given has none");
    type_number(&mut harness, "Strength of expression", "70");
    type_number(&mut harness, "Strength of style", "25");
    until_drawn(&mut harness);
    assert_number(&harness, "Strength of expression", 70.0);
    assert_shows(&harness, "Sample 10", "Sample 8", &[(Part::Expression, 0.7), (Part::Style, 0.25)]);
}

#[test]
fn the_drag_of_a_strength_is_one_step_of_undo() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    let before = steps(&harness);
    let rail = rect(&harness, Role::Slider, "Strength of expression");
    drag(&mut harness, rail.right_center() - vec2(7.0, 0.0), rail.center());
    harness.run_steps(2);
    let halved = number(&harness, "Strength of expression");
    assert!((40.0..60.0).contains(&halved), "{halved}");
    assert_eq!(steps(&harness), before + 1);
    keys(&mut harness, CTRL, Key::Z);
    harness.step();
    assert_number(&harness, "Strength of expression", 100.0);
}

/// What the cell of a target and the mix of all sources shows.
#[track_caller]
fn mixed(harness: &Driven, target: &str) -> Arc<RgbImage> {
    let spot = Spot::Cell(id(harness, target), ColumnKey::Mix);
    Arc::clone(&harness.state().state.transfer.pictures.shown(spot).expect("the mix is drawn").picture)
}

#[test]
fn sources_are_mixed_by_weights() {
    let mut harness = board(&["Sample 8", "Sample 9"], &["Sample 10"]);
    tick(&mut harness, "Mix the sources");
    until_drawn(&mut harness);
    assert!(has(&harness, Role::Button, "Sample 10 with Sample 8 + Sample 9"));
    assert!(!has(&harness, Role::Button, "Sample 10 with Sample 8"));
    let parts = [(Part::Expression, 1.0)];
    assert!(
        *mixed(&harness, "Sample 10")
            == expected(&harness, "Sample 10", &[("Sample 8", 1.0), ("Sample 9", 1.0)], &parts)
    );

    type_number(&mut harness, "Weight of Sample 9 in expression", "25");
    until_drawn(&mut harness);
    let weighed = expected(&harness, "Sample 10", &[("Sample 8", 1.0), ("Sample 9", 0.25)], &parts);
    assert!(*mixed(&harness, "Sample 10") == weighed);

    type_number(&mut harness, "Weight of Sample 9 in expression", "0");
    until_drawn(&mut harness);
    assert!(*mixed(&harness, "Sample 10") == expected(&harness, "Sample 10", &[("Sample 8", 1.0)], &parts));
    type_number(&mut harness, "Weight of Sample 8 in expression", "0");
    harness.run_steps(3);
    assert!(says(&harness, "No face gives its expression; raise the weight of one, or leave the part out"));

    tick(&mut harness, "Mix the sources");
    until_drawn(&mut harness);
    assert_shows(&harness, "Sample 10", "Sample 9", &parts);
}

#[test]
fn a_mix_opens_in_the_editor_and_names_both() {
    let mut harness = board(&["Sample 8", "Sample 9"], &["Sample 10"]);
    tick(&mut harness, "Mix the sources");
    until_drawn(&mut harness);
    press(&mut harness, "Sample 10 with Sample 8 + Sample 9");
    settle(&mut harness);
    assert!(says(&harness, "From Sample 8 + Sample 9, 100 %"));
}
