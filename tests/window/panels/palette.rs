//! Every command by its name.

use super::*;

const FIELD: &str = "What shall be done?";

fn is_open(harness: &Driven) -> bool {
    has(harness, Role::TextInput, FIELD)
}

/// Whether a command is on the list; its shortcut stands behind its name.
fn lists(harness: &Driven, name: &str) -> bool {
    let by = By::new().role(Role::Button).label_contains(name);
    harness.query_all(by).next().is_some()
}

#[test]
fn words_find_a_command_and_enter_does_it() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::K);
    type_over(&mut harness, FIELD, "split compare");
    assert!(lists(&harness, "Compare by a split") && !lists(&harness, "Surprise me with a pose"));
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(2);
    assert!(!is_open(&harness));
    assert!(is_on(&harness, Role::Button, "Split"));
}

#[test]
fn arrows_choose_and_the_window_stays_as_it_is_meanwhile() {
    let mut harness = stand_in().open();
    focus(&mut harness, Role::Slider, "Yaw");
    keys(&mut harness, CTRL, Key::K);
    type_over(&mut harness, FIELD, "look at");
    keys(&mut harness, Modifiers::NONE, Key::ArrowDown);
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(2);
    assert!(canvas(&harness).starts_with("Input"));
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn a_press_does_a_command() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::K);
    type_over(&mut harness, FIELD, "reconstruction");
    press_by(&mut harness, By::new().role(Role::Button).label_contains("Look at the reconstruction"));
    assert!(!is_open(&harness) && canvas(&harness).starts_with("Reconstruction"));
}

#[test]
fn escape_puts_it_away_and_so_does_its_key() {
    let mut harness = stand_in().open();
    for (modifiers, key) in [(Modifiers::NONE, Key::Escape), (CTRL, Key::K)] {
        keys(&mut harness, CTRL, Key::K);
        harness.run_steps(2);
        assert!(is_open(&harness));
        keys(&mut harness, modifiers, key);
        assert!(!is_open(&harness), "{key:?}");
    }
}

#[test]
fn words_that_no_command_has_are_told() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::K);
    type_over(&mut harness, FIELD, "make coffee");
    assert!(says(&harness, "No command has these words in its name."));
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(is_open(&harness));
}

#[test]
fn a_menu_does_what_it_says() {
    let mut harness = stand_in().open();
    press(&mut harness, "View menu");
    harness.step();
    press_by(&mut harness, By::new().role(Role::Button).label_contains("Compare by the difference"));
    assert!(is_on(&harness, Role::Button, "Difference"));
    assert!(!lists(&harness, "Compare by the difference"), "the menu is closed");
}

#[test]
fn a_key_with_shift_is_another_one_than_without() {
    let mut harness = stand_in().open();
    for (modifiers, key, field) in [
        (CTRL, Key::O, "Picture or folder"),
        (CTRL_SHIFT, Key::O, "Folder"),
        (CTRL, Key::S, "Save the picture as"),
        (CTRL_SHIFT, Key::S, "Save the project as"),
    ] {
        keys(&mut harness, modifiers, key);
        harness.step();
        assert!(has(&harness, Role::TextInput, field), "{field}");
        keys(&mut harness, Modifiers::NONE, Key::Escape);
    }
}
