//! What the cells of the board show, in which order they come, and what a click on one does.

use std::sync::atomic::Ordering;

use super::*;

#[test]
fn cells_show_the_target_with_the_expression_of_the_source() {
    let harness = board(&["Sample 8", "Sample 9"], &["Sample 10", "Sample 6"]);
    for target in ["Sample 10", "Sample 6"] {
        for source in ["Sample 8", "Sample 9"] {
            assert_shows(&harness, target, source, &[(Part::Expression, 1.0)]);
        }
    }
    assert!(cell(&harness, "Sample 10", "Sample 8") != cell(&harness, "Sample 10", "Sample 9"));
}

#[test]
fn a_cell_opens_in_the_editor_with_its_recipe() {
    let mut harness = board(&["Sample 8", "Sample 9"], &["Sample 10"]);
    type_number(&mut harness, "Strength of expression", "70");
    until_drawn(&mut harness);
    let drawn = cell(&harness, "Sample 10", "Sample 9").unwrap();
    press(&mut harness, "Sample 10 with Sample 9");
    settle(&mut harness);
    assert_eq!(opened(&harness), "Sample 10");
    assert!(has(&harness, Role::Slider, "Yaw") && says(&harness, "From Sample 9, 70 %"));
    assert!(*shown(&harness) == *drawn, "the editor shows what the cell shows");

    press(&mut harness, "Take back");
    settle(&mut harness);
    assert!(!says(&harness, "From Sample 9") && !has(&harness, Role::Button, "Take back"));
    assert!(*shown(&harness) == tiles_of(&own(&harness, "Sample 10")));
    press(&mut harness, "Undo");
    settle(&mut harness);
    assert!(says(&harness, "From Sample 9, 70 %") && *shown(&harness) == *drawn);
}

#[test]
fn dials_begin_at_what_was_given_and_resets_take_it_back() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    let before = number_of_axis(&mut harness, "Sample 10");
    press_cell(&mut harness);
    let given = number(&harness, "Expression axis 1");
    assert!((given - before).abs() > 1e-3, "the slider still stands at {before}");
    let identity = number(&harness, "Identity axis 1");
    type_number(&mut harness, "Identity axis 1", &format!("{:.2}", identity + 0.5));
    press(&mut harness, "Reset expression");
    settle(&mut harness);
    assert_number(&harness, "Expression axis 1", before);
    assert!(!says(&harness, "From Sample 8"), "a reset takes it back");
    assert!((number(&harness, "Identity axis 1") - identity - 0.5).abs() < 0.01, "other parts stay");
}

/// Where a face stands on the first axis of expression, by its own.
#[track_caller]
fn number_of_axis(harness: &mut Driven, face: &str) -> f64 {
    keys(harness, CTRL, Key::Num1);
    press(harness, face);
    settle(harness);
    let number = number(harness, "Expression axis 1");
    keys(harness, CTRL, Key::Num2);
    harness.run_steps(2);
    number
}

#[track_caller]
fn press_cell(harness: &mut Driven) {
    press(harness, "Sample 10 with Sample 8");
    settle(harness);
    assert!(says(harness, "From Sample 8, 100 %"));
}

/// Opening a cell changes the target's edit, and with it nothing on the board.
#[test]
fn the_board_stays_when_a_cell_is_opened() {
    let mut harness = board(&["Sample 8", "Sample 9"], &["Sample 10"]);
    let before = ["Sample 8", "Sample 9"].map(|source| cell(&harness, "Sample 10", source).unwrap());
    press(&mut harness, "Sample 10 with Sample 8");
    settle(&mut harness);
    keys(&mut harness, CTRL, Key::Num2);
    until_drawn(&mut harness);
    let after = ["Sample 8", "Sample 9"].map(|source| cell(&harness, "Sample 10", source).unwrap());
    assert!(before == after);
}

#[test]
fn an_edited_face_gives_and_takes_as_its_sliders_have_it() {
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    let before = cell(&harness, "Sample 10", "Sample 8").unwrap();
    keys(&mut harness, CTRL, Key::Num1);
    press(&mut harness, "Sample 10");
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "30");
    settle(&mut harness);
    keys(&mut harness, CTRL, Key::Num2);
    until_drawn(&mut harness);
    let after = cell(&harness, "Sample 10", "Sample 8").unwrap();
    let turned = FaceCode { pose: Pose { yaw_deg: 30.0, ..OWN }, ..own(&harness, "Sample 10") };
    let giver = ("Sample 8".to_owned(), own(&harness, "Sample 8"), 1.0);
    let face = Recipe::from_faces(&[giver], &[(Part::Expression, 1.0)]).apply(&turned).unwrap();
    assert!(before != after && *after == tiles_of(&face));
}

#[test]
fn the_old_picture_stays_until_the_new_one_is_there() {
    let (opening, slow) = tray::at_leisure();
    let mut harness = opened_in(opening);
    put(&mut harness, &["Sample 8", "Sample 9"], &["Sample 10", "Sample 6"]);
    until_drawn(&mut harness);
    let old = cell(&harness, "Sample 6", "Sample 9").unwrap();
    slow.store(true, Ordering::Relaxed);
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Give identity"));
    until(&mut harness, "the new picture", |harness| {
        let shown = cell(harness, "Sample 6", "Sample 9").expect("a cell is never blank again");
        shown != old
    });
    slow.store(false, Ordering::Relaxed);
    until_drawn(&mut harness);
    assert_shows(&harness, "Sample 6", "Sample 9", &[(Part::Identity, 1.0), (Part::Expression, 1.0)]);
}

#[test]
fn what_was_drawn_once_is_not_drawn_again() {
    let (opening, slow) = tray::at_leisure();
    let mut harness = opened_in(opening);
    put(&mut harness, &["Sample 8"], &["Sample 10"]);
    until_drawn(&mut harness);
    let with_it = cell(&harness, "Sample 10", "Sample 8").unwrap();
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Give style"));
    until_drawn(&mut harness);
    // From here on a picture takes its time.
    slow.store(true, Ordering::Relaxed);
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Give style"));
    harness.run_steps(2);
    assert!(cell(&harness, "Sample 10", "Sample 8").unwrap() == with_it);
    slow.store(false, Ordering::Relaxed);
}

#[test]
fn cells_in_sight_come_first_from_the_middle_outwards() {
    let everybody: Vec<String> = (1..=12).map(|number| format!("Sample {number}")).collect();
    let names: Vec<&str> = everybody.iter().map(String::as_str).collect();
    let mut harness = opened_in(stand_in());
    put(&mut harness, &names, &names);
    until_drawn(&mut harness);
    let state = &harness.state().state;
    let (plan, sight) = (&state.transfer.plan, &state.transfer.sight);
    assert!(sight.rows.len() < 12 && sight.places.len() < 12, "all of it is in sight: {sight:?}");
    let middle = |range: &std::ops::Range<usize>| (range.start + range.end) as f32 / 2.0;
    let mut far = 0.0;
    let mut beyond = false;
    for (spot, _) in &plan.near {
        let Spot::Cell(target, ColumnKey::Face(source)) = *spot else { continue };
        let row = plan.rows.iter().position(|row| row.seat.id == target).unwrap();
        let place = plan.sources.iter().position(|row| row.seat.id == source).unwrap();
        if !(sight.rows.contains(&row) && sight.places.contains(&place)) {
            beyond = true;
            continue;
        }
        assert!(!beyond, "a cell out of sight comes before row {row}, place {place}");
        let distance = (row as f32 + 0.5 - middle(&sight.rows)).hypot(place as f32 + 0.5 - middle(&sight.places));
        assert!(distance >= far - 1e-3, "row {row}, place {place} comes after one that is farther away");
        far = distance;
    }
    assert!(far > 0.0 && plan.near.len() < 24 + 144, "not all 144 cells are asked for");
}

#[test]
fn a_locked_part_stays_and_that_is_said() {
    let mut harness = stand_in().open();
    press(&mut harness, "Lock expression");
    keys(&mut harness, CTRL, Key::Num2);
    put(&mut harness, &["Sample 8"], &["Sample 10"]);
    until_drawn(&mut harness);
    press(&mut harness, "Sample 10 with Sample 8");
    settle(&mut harness);
    let said = By::new().role(Role::Button).label_contains("The expression is locked and stays as it was");
    assert!(harness.query_all(said).next().is_some());
    assert!(*shown(&harness) == tiles_of(&own(&harness, "Sample 10")));
}
