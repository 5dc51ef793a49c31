//! A line a figure.

use facespace::evaluate::report::csv;

use super::sample::{self, figure, measured, report_of};

#[test]
fn a_reader_of_csv_gets_every_figure_back() {
    let report = sample::report();
    let text = csv::text(&report);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), csv::COLUMNS);
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report.sets.iter().map(|set| set.figures().count()).sum::<usize>());
    let row = rows.iter().find(|row| &row[2] == "verification.f_id").unwrap();
    let expected = ["lfw-val", "verification", "verification.f_id", "", "Accuracy of f_id", "share", "higher", "0.823"];
    assert_eq!(row.iter().take(8).collect::<Vec<_>>(), expected);
    assert!(
        (row[8].parse::<f64>().unwrap() - 0.796).abs() < 1e-9 && (row[9].parse::<f64>().unwrap() - 0.85).abs() < 1e-9
    );
    assert_eq!(row.iter().skip(10).collect::<Vec<_>>(), ["600", "0.958", "LFW", "false"]);
}

#[test]
fn commas_quotes_and_lines_stay_within_their_cell() {
    let name = "a, \"b\"\nc";
    let text = csv::text(&report_of(name, vec![figure("reconstruction.x", measured(1.0, 0.1, 3))]));
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[0][0]), (1, name));
}
