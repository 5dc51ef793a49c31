//! Two reports beside each other.

use super::*;

#[track_caller]
fn compare(harness: &mut Driven, other: &Path) {
    press(harness, "Compare with…");
    answer(harness, "Folder of the other report", &other.display().to_string());
}

#[test]
fn figures_that_moved_say_which_way() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    compare(&mut harness, &reports::write(&home.path().join("earlier"), 0.85));
    until(&mut harness, "the comparison", |harness| has(harness, Role::Button, "Comparison"));
    harness.run_steps(2);
    assert!(is_on(&harness, Role::Button, "Comparison"));
    assert!(says(&harness, "2 figures are better, 6 stay within their intervals"));
    assert!(says(&harness, "A is the other report: ancient, 2026-11-28 13:36 UTC"));
    assert!(says(&harness, "Verification: Accuracy, f_id") && says(&harness, "85.0 %") && says(&harness, "+10.0 %"));
    assert!(says(&harness, "▲ better"));
    press(&mut harness, "Overview");
    assert!(!says(&harness, "▲ better"));
    command(&mut harness, "comparison of reports");
    assert!(says(&harness, "▲ better"));
}

#[test]
fn a_report_that_is_worse_says_so() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    compare(&mut harness, &reports::write(&home.path().join("earlier"), 0.99));
    until(&mut harness, "the comparison", |harness| says(harness, "▼ worse"));
    assert!(says(&harness, "2 figures are worse"));
}

#[test]
fn what_is_no_report_is_not_compared_with() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    compare(&mut harness, home.path());
    let words = "There is no report in this folder";
    until(&mut harness, words, |harness| says(harness, words));
    assert!(!has(&harness, Role::Button, "Comparison") && says(&harness, "ancient on lfw, holidays"));
}

#[test]
fn another_report_takes_the_comparison_with_it() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    let earlier = reports::write(&home.path().join("earlier"), 0.85);
    compare(&mut harness, &earlier);
    until(&mut harness, "the comparison", |harness| has(harness, Role::Button, "Comparison"));
    open_report(&mut harness, &earlier);
    until_open(&mut harness);
    assert!(!has(&harness, Role::Button, "Comparison") && is_on(&harness, Role::Button, "Overview"));
}
