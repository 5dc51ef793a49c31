//! A report that is open: its figures beside the paper's, what was not measured, its sets, tables and pictures.

use super::*;

#[test]
fn the_overview_has_what_matters_and_what_was_not_measured() {
    let home = tempfile::tempdir().unwrap();
    let harness = with_report(home.path());
    assert!(says(&harness, "ancient on lfw, holidays") && says(&harness, "2026-11-28 13:36 UTC, took 3 min 12 s"));
    assert!(says(&harness, "2,000 faces of 812 people, 3 pictures passed over"));
    assert!(says(&harness, "Identity kept, lfw") && says(&harness, "It takes a face recognition network"));
    assert!(says(&harness, "All sets at a glance") && says(&harness, "The colours of holidays look stretched"));
    assert!(says(&harness, "The report is of the weights ancient"));
    assert!(says(&harness, "drawn faces") && says(&harness, "at most 1,234 MB of memory") && says(&harness, "2019"));
}

#[test]
fn a_headline_leads_to_its_part() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    let told =
        "People told apart, Accuracy, f_id, 95.0 %, 95 % interval 93.0 to 97.0 %, n 100, the paper 95.8 % on LFW";
    press_by(&mut harness, By::new().role(Role::Button).label_contains(told));
    assert!(is_on(&harness, Role::Button, "Verification") && is_on(&harness, Role::Button, "lfw"));
    assert!(says(&harness, "Two photographs show the same person or not"));
}

#[test]
fn the_papers_figures_stand_beside_those_of_its_data_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    press(&mut harness, "Verification");
    assert!(says(&harness, "Paper, LFW") && says(&harness, "Accuracy, f_id, 95.0 %, 95 % interval 93.0 to 97.0 %"));
    assert!(says(&harness, "the paper 95.8 % on LFW") && says(&harness, "Pairs of one fold were cut into ten blocks."));
    assert!(says(&harness, "f_id the identity"), "signs of the paper are explained");
    press(&mut harness, "holidays");
    assert!(!says(&harness, "the paper 95.8 % on LFW") && !says(&harness, "Paper, LFW"));
    assert!(says(&harness, "The paper measured this on LFW; holidays is another set"));
}

#[test]
fn tables_and_pictures_are_shown() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    press(&mut harness, "Reconstruction");
    until_open(&mut harness);
    assert!(says(&harness, "Through Phi, pixel RMSE, 17.25") && says(&harness, "PCA-99"));
    assert!(says(&harness, "By brightness") && says(&harness, "21.00"));
    assert!(has(&harness, Role::Image, "Reconstructions") && !says(&harness, "f_id the identity"));
    assert!(says(&harness, "Above the input, below what comes back."));
    let picture = desk(&harness).pictures[reports::PICTURE].as_ref().expect("it is there");
    assert_eq!(picture.dimensions(), (96, 48));
}

#[test]
fn a_picture_that_is_gone_is_told() {
    let home = tempfile::tempdir().unwrap();
    let report = reports::write(&home.path().join("report"), 0.95);
    fs::remove_file(report.join(reports::PICTURE)).unwrap();
    let mut harness = evaluate_panel(home.path());
    open_report(&mut harness, &report);
    until_open(&mut harness);
    press(&mut harness, "Reconstruction");
    until_open(&mut harness);
    assert!(says(&harness, "This picture is not there any more") && says(&harness, "Through Phi, pixel RMSE, 17.25"));
}

#[test]
fn what_was_not_measured_says_why_and_what_to_give() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    press(&mut harness, "Identity kept, not measured");
    assert!(says(&harness, "give its file.") && !says(&harness, "--recogniser"));
    assert!(has(&harness, Role::Button, "Choose a recogniser…"));
    assert!(is_disabled(&harness, Role::Button, "Evaluate again"), "no faces are chosen");
}

#[test]
fn a_report_is_closed_and_opened_again_by_its_page() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_report(home.path());
    press(&mut harness, "Close the report");
    assert!(has(&harness, Role::Button, "Open a report…") && says(&harness, "Measure how good the weights are"));
    open_report(&mut harness, &home.path().join("report").join("report.html"));
    until_open(&mut harness);
    assert!(says(&harness, "ancient on lfw, holidays"));
}
