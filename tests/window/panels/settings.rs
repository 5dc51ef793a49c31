//! Settings, log and help.

use eframe::egui::{OutputCommand, Theme};

use super::*;

#[track_caller]
fn choose(harness: &mut Driven, radio: &str) {
    press_by(harness, By::new().role(Role::RadioButton).label(radio));
}

#[test]
fn the_theme_is_chosen_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = stand_in().kept_in(home.path()).open();
    press(&mut harness, "Settings");
    for (name, theme) in [("Dark", Theme::Dark), ("Light", Theme::Light)] {
        choose(&mut harness, name);
        assert_eq!(harness.ctx.theme(), theme);
        assert!(is_on(&harness, Role::RadioButton, name));
    }
    close(harness);
    let harness = stand_in().kept_in(home.path()).open();
    assert_eq!(harness.ctx.theme(), Theme::Light);
}

#[test]
fn everything_is_scaled() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = stand_in().kept_in(home.path()).open();
    keys(&mut harness, CTRL, Key::Comma);
    harness.get_by_role_and_label(Role::Slider, "Scale").set_value_accesskit(150.0);
    harness.run_steps(4);
    assert_eq!(harness.ctx.zoom_factor(), 1.5);
    assert_eq!(number(&harness, "Scale"), 150.0);
    close(harness);
    let harness = stand_in().kept_in(home.path()).open();
    assert_eq!(harness.ctx.zoom_factor(), 1.5);
}

#[test]
fn the_device_is_chosen_and_named() {
    let mut harness = stand_in().open();
    press(&mut harness, "Device");
    assert!(says(&harness, "In use is Stand-in"));
    choose(&mut harness, "CPU");
    until(&mut harness, "the device", |harness| says(harness, "In use is Stand-in, reopened"));
    assert!(is_on(&harness, Role::RadioButton, "CPU"));
    settle(&mut harness);
    sliders_still_work(&mut harness);
}

fn sliders_still_work(harness: &mut Driven) {
    press(harness, "Back to the sliders");
    let before = shown(harness);
    type_number(harness, "Yaw", "25");
    settle(harness);
    assert!(shown(harness) != before);
}

#[test]
fn motion_is_switched_off() {
    let mut harness = stand_in().open();
    press(&mut harness, "Settings");
    press_by(&mut harness, By::new().role(Role::CheckBox).label("No motion"));
    assert!(is_on(&harness, Role::CheckBox, "No motion"));
}

#[test]
fn settings_say_what_the_weights_are_and_that_nothing_leaves_the_machine() {
    let mut harness = stand_in().open();
    press(&mut harness, "Settings");
    let card = &BUNDLED.card;
    for words in [card.name.as_str(), &card.data, &card.terms, "Nothing leaves this machine"] {
        assert!(says(&harness, words), "{words}");
    }
}

#[test]
fn drawers_open_and_close_by_button_and_by_key() {
    let mut harness = stand_in().open();
    for (name, modifiers, key) in
        [("Settings", CTRL, Key::Comma), ("Log", CTRL, Key::L), ("Help", Modifiers::NONE, Key::F1)]
    {
        press_by_in_rail(&mut harness, name);
        assert!(has(&harness, Role::Label, name) && !has(&harness, Role::Slider, "Yaw"), "{name}");
        press(&mut harness, "Back to the sliders");
        assert!(has(&harness, Role::Slider, "Yaw"), "{name}");
        keys(&mut harness, modifiers, key);
        assert!(has(&harness, Role::Label, name), "{name}");
        keys(&mut harness, CTRL, Key::Num1);
        assert!(has(&harness, Role::Slider, "Yaw"), "{name}");
    }
}

/// "Help" is also the name of a menu; the one below the other is meant.
fn press_by_in_rail(harness: &mut Driven, name: &str) {
    let lowest = {
        let nodes = harness.query_all_by_role_and_label(Role::Button, name);
        nodes.map(|node| node.rect().center()).max_by(|a, b| a.y.total_cmp(&b.y)).unwrap()
    };
    hold(harness, lowest);
    let_go(harness, lowest);
    harness.step();
}

#[test]
fn the_log_tells_what_was_done() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "10");
    press(&mut harness, "Undo");
    let last = By::new().role(Role::Button).label_contains("Last message: Took back the edit");
    press_by(&mut harness, last);
    assert!(says(&harness, "Took back the edit"));
    assert!(says(&harness, &format!("Stand-in computes with {}", BUNDLED.card.name)));
}

#[test]
fn a_report_is_copied_without_paths() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    open_path(&mut harness, &folder.path().join("secret name.png"));
    until(&mut harness, "the bar", |harness| says(harness, "There is no such file"));
    press(&mut harness, "Log");
    assert!(says(&harness, "secret name.png"), "the log itself has the path");
    harness.get_by_role_and_label(Role::Button, "Copy report").click();
    let copied = |harness: &Driven| {
        harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    };
    let report = (0..6).find_map(|_| {
        harness.step();
        copied(&harness)
    });
    let report = report.expect("no report was copied");
    for words in ["facespace", "Stand-in", BUNDLED.card.name.as_str(), "There is no such file"] {
        assert!(report.contains(words), "{words} is not in {report}");
    }
    assert!(!report.contains("secret") && !report.contains(folder.path().to_str().unwrap()), "{report}");
}

#[test]
fn help_explains_the_words_and_lists_the_keys() {
    let mut harness = stand_in().open();
    keys(&mut harness, Modifiers::NONE, Key::F1);
    for words in ["Drift", "Reconstruction", "Axis", "A locked part is changed by nothing", "Ctrl+Shift+Z", "Redo"] {
        assert!(says(&harness, words), "{words}");
    }
}

#[test]
fn frames_are_measured_over_the_window() {
    let mut harness = stand_in().open();
    assert!(!says(&harness, "small pictures"));
    keys(&mut harness, Modifiers::NONE, Key::F12);
    harness.run_steps(2);
    assert!(says(&harness, "small pictures"));
    keys(&mut harness, Modifiers::NONE, Key::F12);
    assert!(!says(&harness, "small pictures"));
}

#[test]
fn in_a_narrow_window_the_sliders_are_a_drawer() {
    let mut harness = stand_in().sized(vec2(900.0, 600.0)).open();
    assert!(!has(&harness, Role::Slider, "Yaw"));
    press(&mut harness, "Show the sliders");
    assert!(has(&harness, Role::Slider, "Yaw"));
    press(&mut harness, "Hide the sliders");
    assert!(!has(&harness, Role::Slider, "Yaw"));
    press(&mut harness, "Show the sliders");
    press(&mut harness, "Fold the sliders away");
    assert!(!has(&harness, Role::Slider, "Yaw"));
}
