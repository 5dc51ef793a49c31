//! The Evaluate panel. Sets measured, stopped and gone on with are in `running`, reports looked at in `reading`, two of
//! them compared in `comparing`, what cannot be used in `wrong`.

mod comparing;
pub mod measured;
mod reading;
pub mod reports;
mod running;
mod wrong;

use std::fs;

use facespace::app::evaluate::EvaluateDesk;

use super::gallery::last_said;
use super::*;

/// The window with the panel open.
pub(super) fn opened_in(opening: Opening) -> Driven {
    let mut harness = opening.open();
    keys(&mut harness, CTRL, Key::Num5);
    harness.step();
    harness
}

/// In a home folder of its own, in which the window's reports are kept.
#[track_caller]
fn evaluate_panel(home: &Path) -> Driven {
    opened_in(stand_in().kept_in(&window_home(home)))
}

fn window_home(home: &Path) -> PathBuf {
    let folder = home.join("window");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn desk(harness: &Driven) -> &EvaluateDesk {
    &harness.state().state.evaluate
}

#[track_caller]
pub(super) fn add_data(harness: &mut Driven, set: &Path) {
    press(harness, "Add data…");
    answer(harness, "Folder or file of the set", &set.display().to_string());
}

/// Leaves these parts of the report alone chosen.
#[track_caller]
pub(super) fn choose_parts(harness: &mut Driven, parts: &[&str]) {
    press(harness, "No part");
    for part in parts {
        press_by(harness, By::new().role(Role::CheckBox).label(part));
    }
}

#[track_caller]
pub(super) fn open_report(harness: &mut Driven, path: &Path) {
    command(harness, "open a report");
    answer(harness, "Folder of the report", &path.display().to_string());
}

/// Until nothing goes on, the report is open and its pictures in sight are there.
#[track_caller]
pub(super) fn until_open(harness: &mut Driven) {
    until(harness, "the report", |harness| {
        let asked = harness.state().state.pending.has(|wish| matches!(wish, Wish::Evaluate(_)));
        let desk = desk(harness);
        let shown = |file: &String| desk.pictures.contains_key(file);
        let missing = desk.section().is_some_and(|section| !section.pictures.iter().all(|one| shown(&one.file)));
        !asked && desk.open.is_some() && !missing
    });
    harness.run_steps(3);
}

/// A report of known figures, open.
#[track_caller]
pub(super) fn with_report(home: &Path) -> Driven {
    let mut harness = evaluate_panel(home);
    open_report(&mut harness, &reports::write(&home.join("report"), 0.95));
    until_open(&mut harness);
    harness
}

#[test]
fn keys_lead_to_the_panel_and_back() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    assert!(says(&harness, "Measure how good the weights are") && says(&harness, "Measures the weights in use"));
    assert!(has(&harness, Role::Button, "Measure on a folder…") && has(&harness, Role::Button, "Open a report…"));
    assert!(is_disabled(&harness, Role::Button, "Start evaluation"));
    for part in ["Reconstruction", "Verification", "Disentanglement"] {
        assert!(is_on(&harness, Role::CheckBox, part), "{part}");
    }
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert!(has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Start evaluation"));
    press(&mut harness, "Evaluate");
    assert!(has(&harness, Role::Button, "Start evaluation") && is_on(&harness, Role::Button, "Evaluate"));
}

#[test]
fn in_a_narrow_window_the_choices_are_a_drawer() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = opened_in(stand_in().sized(vec2(900.0, 600.0)));
    assert!(!has(&harness, Role::Button, "Add data…"));
    press(&mut harness, "Show the choices");
    assert!(has(&harness, Role::Button, "Add data…") && has(&harness, Role::CheckBox, "Pose"));
    open_report(&mut harness, &reports::write(&home.path().join("report"), 0.95));
    until_open(&mut harness);
    // With the choices out, the parts stand above what is shown of them; without, beside it.
    let part = rect(&harness, Role::Button, "Reconstruction");
    assert!(part.top() < rect(&harness, Role::Button, "Verification").bottom());
    press(&mut harness, "Fold the choices away");
    assert!(!has(&harness, Role::Button, "Add data…"));
    let [first, second] = ["Reconstruction", "Verification"].map(|part| rect(&harness, Role::Button, part));
    assert!(second.top() >= first.bottom(), "{second:?} is not below {first:?}");
}

#[test]
fn every_command_of_the_panel_is_in_the_palette() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    for (words, field) in [
        ("data to measure on", "Folder or file of the set"),
        ("shards to measure on", "Shard to measure on"),
        ("pairs to verify", "List of pairs"),
        ("recogniser that measures", "Recogniser that measures"),
        ("training data of the readers", "Folder or shard to train readers on"),
        ("folder of the report", "Folder for the report"),
        ("open a report", "Folder of the report"),
    ] {
        keys(&mut harness, CTRL, Key::Num1);
        command(&mut harness, words);
        assert!(has(&harness, Role::TextInput, field), "{field}");
        assert!(is_on(&harness, Role::Button, "Evaluate"), "{words} shows the panel");
        press(&mut harness, "Cancel");
    }
    keys(&mut harness, CTRL, Key::Num1);
    command(&mut harness, "show the evaluate panel");
    assert!(has(&harness, Role::Button, "Start evaluation"));
}

#[test]
fn the_help_says_what_an_evaluation_and_an_interval_are() {
    let mut harness = stand_in().open();
    keys(&mut harness, Modifiers::NONE, Key::F1);
    harness.step();
    for word in ["Evaluation", "Interval"] {
        assert!(says(&harness, word), "{word}");
    }
    assert!(says(&harness, "Show the evaluate panel"), "its key stands among the shortcuts");
}

#[test]
fn choices_and_the_report_are_there_again_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    add_data(&mut harness, &measured::set(&home.path().join("album")));
    choose_parts(&mut harness, &["Pose"]);
    press(&mut harness, "Pairs…");
    answer(&mut harness, "List of pairs", &measured::pairs(&home.path().join("pairs.txt")).display().to_string());
    close(harness);
    let mut harness = evaluate_panel(home.path());
    until_open(&mut harness);
    assert!(says(&harness, "ancient on lfw, holidays"));
    assert!(has(&harness, Role::Button, "Leave out album") && has(&harness, Role::Button, "Without pairs"));
    assert!(is_on(&harness, Role::CheckBox, "Pose") && !is_on(&harness, Role::CheckBox, "Verification"));
}

/// What a field for a number holds.
fn count(harness: &Driven, field: &str) -> f64 {
    harness.get_by_role_and_label(Role::SpinButton, field).accesskit_node().numeric_value().unwrap()
}

#[test]
fn the_number_of_samples_is_chosen_and_there_again_after_a_start() {
    const FIELD: &str = "Samples, at most";
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    assert_eq!((count(&harness, FIELD), count(&harness, "Faces of each set, at most")), (10_000.0, 2000.0));
    press_by(&mut harness, By::new().role(Role::SpinButton).label(FIELD));
    harness.event(Event::Text("600".to_owned()));
    harness.run_steps(2);
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    harness.step();
    assert_eq!(desk(&harness).form.options().samples, 600);
    close(harness);
    let mut harness = evaluate_panel(home.path());
    assert_eq!((count(&harness, FIELD), count(&harness, "Faces of each set, at most")), (600.0, 2000.0));
    choose_parts(&mut harness, &["Pose"]);
    assert!(is_disabled(&harness, Role::SpinButton, FIELD), "nothing is sampled for it");
}
