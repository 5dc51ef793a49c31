//! Sets that are measured here: chosen, watched, stopped, gone on with, measured again.

use std::sync::atomic::Ordering;

use facespace::app::evaluate::words;

use super::measured::{FACES, Gate};
use super::*;

fn drop_file(harness: &mut Driven, path: PathBuf) {
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(path)));
    harness.run_steps(2);
}

#[test]
fn a_set_is_measured_and_its_report_is_shown() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    add_data(&mut harness, &measured::set(&home.path().join("album")));
    assert!(says(&harness, "1 place to measure on"));
    choose_parts(&mut harness, &["Verification", "Pose"]);
    press(&mut harness, "Pairs…");
    answer(&mut harness, "List of pairs", &measured::pairs(&home.path().join("pairs.txt")).display().to_string());
    press(&mut harness, "Start evaluation");
    until_open(&mut harness);
    assert!(last_said(&harness, "The evaluation is done, 2 parts measured"));
    assert!(says(&harness, "Sitter on album-val") && says(&harness, &format!("{FACES} faces of 4 people")));
    assert!(says(&harness, "Everything that was asked for was measured."));
    press(&mut harness, "Pose");
    assert!(says(&harness, "Error of yaw, 2.50°") && says(&harness, "The head's angles as the code gives them"));
    press(&mut harness, "Verification");
    assert!(says(&harness, "f_id, 100.0 %"));

    let reports = window_home(home.path()).join("reports");
    let made = fs::read_dir(reports).unwrap().next().unwrap().unwrap().path();
    for file in ["report.html", "report.json", "report.csv"] {
        assert!(made.join(file).is_file(), "{file}");
    }
    assert!(made.file_name().unwrap().to_str().unwrap().starts_with("album-"), "{}", made.display());
    press(&mut harness, "Open the report");
    let page = made.join("report.html");
    assert!(last_said(&harness, "The report opens in the browser"), "{}", page.display());
}

#[test]
fn what_was_measured_once_is_not_measured_again() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    add_data(&mut harness, &measured::set(&home.path().join("album")));
    choose_parts(&mut harness, &["Pose"]);
    press(&mut harness, "Start evaluation");
    until_open(&mut harness);
    choose_parts(&mut harness, &["Pose", "Verification"]);
    press(&mut harness, "Start evaluation");
    let words = "The evaluation is done, 1 part measured, 1 of them taken from the last one; 1 part was not, the overview \
                 says why it was not";
    until(&mut harness, "the second report", |harness| last_said(harness, words));
    until_open(&mut harness);
    assert!(says(&harness, "give LFW's list of them") && !says(&harness, "--pairs"), "no option of the terminal");
}

#[test]
fn a_part_without_what_it_needs_offers_to_be_given_it() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    add_data(&mut harness, &measured::set(&home.path().join("album")));
    choose_parts(&mut harness, &["Verification", "Pose"]);
    press(&mut harness, "Start evaluation");
    until_open(&mut harness);
    press(&mut harness, "Verification, not measured");
    assert!(says(&harness, "Verification was not measured, since there are no pairs"));
    press(&mut harness, "Choose pairs…");
    answer(&mut harness, "List of pairs", &measured::pairs(&home.path().join("pairs.txt")).display().to_string());
    press(&mut harness, "Evaluate again");
    until(&mut harness, "the second report", |harness| last_said(harness, "The evaluation is done, 2 parts measured"));
    until_open(&mut harness);
    press(&mut harness, "Verification");
    assert!(says(&harness, "f_id, 100.0 %"));
}

#[test]
fn faces_pairs_and_reports_are_dropped() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    drop_file(&mut harness, measured::set(&home.path().join("album")));
    drop_file(&mut harness, measured::pairs(&home.path().join("pairs.txt")));
    assert!(has(&harness, Role::Button, "Leave out album") && has(&harness, Role::Button, "Without pairs"));
    press(&mut harness, "Leave out album");
    press(&mut harness, "Without pairs");
    assert!(!has(&harness, Role::Button, "Leave out album") && !has(&harness, Role::Button, "Without pairs"));
    let report = reports::write(&home.path().join("report"), 0.95);
    drop_file(&mut harness, report.join("report.html"));
    until_open(&mut harness);
    assert!(says(&harness, "ancient on lfw, holidays"));
}

/// A window whose stand-in encodes nothing yet, with a set to measure on.
#[track_caller]
fn held(home: &Path) -> (Driven, Arc<Gate>) {
    let gate: Arc<Gate> = Arc::default();
    gate.shut.store(true, Ordering::Relaxed);
    let opening = Opening { lender: Some(measured::lender(&gate)), ..stand_in() };
    let mut harness = opened_in(opening.kept_in(&window_home(home)));
    add_data(&mut harness, &measured::set(&home.join("album")));
    choose_parts(&mut harness, &["Pose"]);
    press(&mut harness, "Start evaluation");
    until(&mut harness, "the encoding", |harness| {
        gate.reached.load(Ordering::Relaxed) && says(harness, "Reading the faces") && says(harness, "album-val")
    });
    (harness, gate)
}

#[test]
fn an_evaluation_is_watched_stopped_and_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, gate) = held(home.path());
    assert!(has(&harness, Role::ProgressIndicator, "Evaluation progress"));
    let progress = desk(&harness).progress.as_ref().unwrap();
    assert_eq!(words::doing(progress), format!("album-val, encoding the faces 0 of {FACES}"));
    assert!(says(&harness, "The head's angles as the code gives them"), "each part says what it measures");
    assert!(is_disabled(&harness, Role::Button, "Start evaluation"));
    // All else goes on meanwhile.
    keys(&mut harness, CTRL, Key::Num1);
    type_number(&mut harness, "Yaw", "20");
    keys(&mut harness, CTRL, Key::Num5);
    harness.step();
    press(&mut harness, "Stop the evaluation");
    gate.shut.store(false, Ordering::Relaxed);
    until(&mut harness, "the stop", |harness| {
        last_said(harness, "The evaluation was stopped, and what was measured is")
    });
    let stopped = "The last evaluation was stopped, and what it measured is kept";
    harness.run_steps(2);
    assert!(says(&harness, stopped) && desk(&harness).open.is_none());
    press(&mut harness, "Evaluate now");
    until_open(&mut harness);
    assert!(last_said(&harness, "The evaluation is done, 1 part measured"));
    press(&mut harness, "Close the report");
    assert!(has(&harness, Role::Button, "Evaluate now") && !says(&harness, stopped));
}

#[test]
fn a_report_that_is_opened_meanwhile_stays() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, gate) = held(home.path());
    open_report(&mut harness, &reports::write(&home.path().join("report"), 0.95));
    until(&mut harness, "the other report", |harness| says(harness, "ancient on lfw, holidays"));
    assert!(has(&harness, Role::ProgressIndicator, "Evaluation progress"), "the evaluation goes on");
    gate.shut.store(false, Ordering::Relaxed);
    until(&mut harness, "the end", |harness| has(harness, Role::Button, "Show its report"));
    assert!(says(&harness, "ancient on lfw, holidays"));
    press(&mut harness, "Show its report");
    until_open(&mut harness);
    assert!(says(&harness, "Sitter on album-val"));
}
