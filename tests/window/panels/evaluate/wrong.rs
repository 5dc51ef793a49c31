//! What cannot be used is told in one sentence, and nothing is lost by it.

use super::*;

#[track_caller]
fn assert_refused(harness: &mut Driven, words: &str) {
    until(harness, words, |harness| says(harness, words));
    assert!(has(harness, Role::Button, "Try again") && has(harness, Role::Button, "Open another report…"));
    assert!(has(harness, Role::Button, "Open a report…") && says(harness, "This report could not be opened"));
}

#[test]
fn a_folder_without_a_report_is_told() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    open_report(&mut harness, home.path());
    assert_refused(&mut harness, "There is no report in this folder");
    open_report(&mut harness, &reports::write(&home.path().join("report"), 0.95));
    until_open(&mut harness);
    assert!(says(&harness, "ancient on lfw, holidays") && !has(&harness, Role::Button, "Try again"));
}

#[test]
fn a_report_of_a_newer_program_and_one_that_is_cut_off_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let report = reports::write(&home.path().join("report"), 0.95);
    let file = report.join("report.json");
    let text = fs::read_to_string(&file).unwrap();
    let mut harness = evaluate_panel(home.path());
    fs::write(&file, text.replacen("\"version\": 1", "\"version\": 99", 1)).unwrap();
    open_report(&mut harness, &report);
    assert_refused(&mut harness, "This report was made by a newer facespace (format 99");
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    press(&mut harness, "Try again");
    assert_refused(&mut harness, "This is not a report of facespace");
}

/// Begins to measure in vain.
#[track_caller]
fn measure_in_vain(harness: &mut Driven, set: &Path, words: &str) {
    add_data(harness, set);
    press(harness, "Start evaluation");
    until(harness, words, |harness| says(harness, words));
    assert!(harness.state().state.evaluating().is_none() && desk(harness).open.is_none());
    let name = set.file_name().unwrap().to_str().unwrap();
    press(harness, &format!("Leave out {name}"));
}

#[test]
fn faces_that_cannot_be_measured_on_are_told() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    choose_parts(&mut harness, &["Pose"]);
    measure_in_vain(&mut harness, &home.path().join("nowhere"), "There is no such file or folder");
    let broken = home.path().join("broken.parquet");
    fs::write(&broken, "no shard").unwrap();
    measure_in_vain(&mut harness, &broken, "The shard is cut off, damaged or no Parquet file");
    let set = measured::set(&home.path().join("album"));
    add_data(&mut harness, &set);
    press(&mut harness, "Choose the result folder…");
    answer(&mut harness, "Folder for the report", &set.display().to_string());
    press(&mut harness, "Start evaluation");
    let words = "The data lies in the folder for the report; choose another folder";
    until(&mut harness, words, |harness| says(harness, words));
    press(&mut harness, "The usual folder");
    press(&mut harness, "Start evaluation");
    until_open(&mut harness);
    assert!(says(&harness, "Sitter on album-val") && !says(&harness, words));
}

#[test]
fn pairs_that_are_none_leave_the_other_parts_as_they_are() {
    let home = tempfile::tempdir().unwrap();
    let pairs = home.path().join("pairs.txt");
    fs::write(&pairs, "these are no pairs\n").unwrap();
    let mut harness = evaluate_panel(home.path());
    add_data(&mut harness, &measured::set(&home.path().join("album")));
    choose_parts(&mut harness, &["Verification", "Pose"]);
    press(&mut harness, "Pairs…");
    answer(&mut harness, "List of pairs", &pairs.display().to_string());
    press(&mut harness, "Start evaluation");
    until_open(&mut harness);
    assert!(says(&harness, "This is no list of pairs as LFW has them"));
    press(&mut harness, "Pose");
    assert!(says(&harness, "Error of yaw, 2.50°"));
}

#[test]
fn without_faces_or_parts_nothing_begins() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    assert!(is_disabled(&harness, Role::Button, "Start evaluation"));
    add_data(&mut harness, &measured::set(&home.path().join("album")));
    assert!(!is_disabled(&harness, Role::Button, "Start evaluation"));
    choose_parts(&mut harness, &[]);
    assert!(is_disabled(&harness, Role::Button, "Start evaluation"));
    assert!(is_disabled(&harness, Role::Button, "Evaluate now"));
    press(&mut harness, "All parts");
    harness.step();
    assert!(!is_disabled(&harness, Role::Button, "Start evaluation"));
}

#[test]
fn a_picture_that_is_dropped_is_nothing_to_measure_on() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = evaluate_panel(home.path());
    let path = crop_file(home.path(), "anna.png", 40);
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(path)));
    harness.run_steps(2);
    assert!(says(&harness, "drop pictures onto the Edit panel") && desk(&harness).form.data.is_empty());
}
