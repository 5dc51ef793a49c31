//! The table in a terminal.

use facespace::evaluate::report::{Cell, Column, Section, SetReport, Table, Unit};

use super::sample::{self, figure, measured, report_of};

#[test]
fn every_figure_has_a_line_with_its_interval_and_its_number() {
    let text = report_of("faces", vec![figure("reconstruction.phi.rmse", measured(19.9, 0.25, 1322)).of("PCA-99")]);
    let text = text.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("faces: 100 faces of 50 people"), "{text}");
    for says in ["value", "95 % interval", "n"] {
        assert!(lines[0].contains(says), "{text}");
    }
    assert_eq!(lines[1..3], ["Reconstruction", "  PCA-99"]);
    for says in ["    Pixel RMSE", "19.90", "19.65 to 20.15", "1,322"] {
        assert!(lines[3].contains(says), "{says} in {text}");
    }
    assert!(!text.contains("paper"), "there is none: {text}");
    // The value ends where its heading does.
    let end = |line: &str, what: &str| line.find(what).unwrap() + what.len();
    assert_eq!(end(lines[0], "value"), end(lines[3], "19.90"));
    assert_eq!(end(lines[0], "95 % interval"), end(lines[3], "20.15"));
}

#[test]
fn the_whole_sample_is_written_in_even_columns() {
    let report = sample::report();
    let text = report.to_string();
    println!("{text}");
    for figure in report.sets.iter().flat_map(SetReport::figures) {
        assert!(text.lines().any(|line| line.trim_start().starts_with(&figure.name)), "{}", figure.name);
    }
    for says in ["82.3 %", "3.12°", "paper", "95.8 %", "the rest says more", "Replaced", "2,000 of 3,589 faces\u{20}"]
    {
        assert!(text.contains(says), "{says}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 120), "it fits a terminal");
}

#[test]
fn numbers_of_a_table_stand_below_each_other() {
    let mut table = Table::new("", vec![Column::words("what"), Column::numbers("share", Unit::Share)]);
    table.rows = vec![vec![Cell::from("a long name"), Cell::from(1.0)], vec![Cell::from("b"), Cell::from(0.05)]];
    table.rows.push(vec![Cell::from("short row")]);
    let mut report = report_of("faces", Vec::new());
    report.sets[0].sections[0].tables.push(table);
    let text = report.to_string();
    let lines: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        ["    what           share", "    a long name  100.0 %", "    b              5.0 %", "    short row"]
    );
}

#[test]
fn all_that_is_to_be_said_is_said_once_and_names_the_set_where_there_are_several() {
    let report = sample::report();
    let said = report.sentences();
    for says in ["Passed over 2 pictures", "No face has angles", "All pairs are of one fold", "also taught"] {
        assert_eq!(said.iter().filter(|sentence| sentence.contains(says)).count(), 1, "{says} in {said:?}");
    }
    assert!(said.iter().any(|sentence| sentence.ends_with(": fer2013-val")), "{said:?}");
    let mut alone = report_of("faces", Vec::new());
    alone.sets[0].sections =
        vec![Section { notes: vec!["It was hard".to_owned()], ..alone.sets[0].sections[0].clone() }];
    assert_eq!(alone.sentences(), ["It was hard"]);
}

#[test]
fn a_set_that_was_measured_in_part_says_of_how_many_faces() {
    let set = |faces: usize, held: usize, passed: usize| SetReport {
        faces,
        held,
        people: 2,
        skipped: [("a reason".to_owned(), passed)].into(),
        ..SetReport::default()
    };
    assert_eq!(set(2000, 13_233, 5).size_text(), "2,000 of 13,233 faces of 2 people");
    assert_eq!(set(1, 13_233, 0).size_text(), "1 of 13,233 faces of 2 people");
    assert_eq!(set(1, 1, 0).size_text(), "1 face of 2 people");
    assert_eq!(set(1320, 1322, 2).faces_text(), "1,320", "the others were passed over");
    assert_eq!(set(1320, 0, 0).faces_text(), "1,320", "an earlier version did not know");
    assert_eq!(set(0, 1322, 0).faces_text(), "0");
}

#[test]
fn the_time_says_what_was_not_measured_in_it() {
    let mut report = report_of("faces", Vec::new());
    (report.seconds, report.reused) = (192.0, 37);
    assert_eq!(report.took_text(), "3 min 12 s, with 37 parts taken from an earlier run");
    report.reused = 1;
    assert_eq!(report.took_text(), "3 min 12 s, with 1 part taken from an earlier run");
    report.reused = 0;
    assert_eq!(report.took_text(), "3 min 12 s");
}
