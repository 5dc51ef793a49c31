//! Two reports beside each other, and what came of it saved.

use facespace::engine::evaluation::Comparison;

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

/// A report beside an earlier one.
#[track_caller]
fn compared(home: &Path) -> Driven {
    let mut harness = with_report(home);
    compare(&mut harness, &reports::write(&home.join("earlier"), 0.85));
    until(&mut harness, "the comparison", |harness| has(harness, Role::Button, "Save the comparison…"));
    harness
}

#[track_caller]
fn save(harness: &mut Driven, path: &Path) {
    press(harness, "Save the comparison…");
    answer(harness, "Save the comparison as", &path.display().to_string());
}

#[track_caller]
fn until_saved(harness: &mut Driven, path: &Path) {
    let done = format!("The comparison is saved: {}", path.display());
    until(harness, &done, |harness| {
        let is_said = harness.state().state.log.messages().any(|said| said.whole() == done);
        is_said && last_said(harness, "The comparison is saved")
    });
}

#[test]
fn a_comparison_is_saved_as_a_page_and_as_json() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = compared(home.path());
    let (page, json) = (home.path().join("moved.html"), home.path().join("moved.json"));
    press(&mut harness, "Save the comparison…");
    let asking = harness.state().state.asking.as_ref().unwrap();
    assert!(asking.text.ends_with("ancient-against-ancient.html"), "{}", asking.text);
    answer(&mut harness, "Save the comparison as", &page.display().to_string());
    until_saved(&mut harness, &page);
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("<!doctype html>") && text.contains("ancient against ancient"), "{text}");
    command(&mut harness, "save the comparison");
    answer(&mut harness, "Save the comparison as", &json.display().to_string());
    until_saved(&mut harness, &json);
    let written: Comparison = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!((written.moved.len(), written.same), (2, 6));
    assert!(is_on(&harness, Role::Button, "Comparison"), "it is still looked at");
}

#[test]
fn a_comparison_that_cannot_be_written_says_why() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = compared(home.path());
    let (report, other) = (home.path().join("report/report.json"), home.path().join("moved.txt"));
    let before = fs::read(&report).unwrap();
    for (path, words) in [
        (&other, "A comparison is written as .html or .json"),
        (&home.path().join("nowhere/moved.html"), "The folder to write into does not exist"),
        (&report, "This would overwrite one of the reports that are compared"),
    ] {
        save(&mut harness, path);
        until(&mut harness, words, |harness| says(harness, words));
    }
    assert!(fs::read(&report).unwrap() == before && !other.exists());
    let page = home.path().join("moved.html");
    save(&mut harness, &page);
    until_saved(&mut harness, &page);
    assert!(page.is_file() && !says(&harness, "This would overwrite"), "what went wrong before is done");
}
