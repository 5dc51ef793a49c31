//! A line a figure, a cell, a sentence.

use facespace::evaluate::report::csv;

use super::sample::{self, figure, measured, report_of};

#[test]
fn a_reader_of_csv_gets_every_figure_back() {
    let report = sample::report();
    let text = csv::text(&report);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), csv::COLUMNS);
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let figures = rows.iter().filter(|row| &row[14] == "figure").count();
    assert_eq!(figures, report.sets.iter().map(|set| set.figures().count()).sum::<usize>());
    let row = rows.iter().find(|row| &row[2] == "verification.f_id").unwrap();
    let expected = ["lfw-val", "verification", "verification.f_id", "", "Accuracy of f_id", "share", "higher", "0.823"];
    assert_eq!(row.iter().take(8).collect::<Vec<_>>(), expected);
    assert!(
        (row[8].parse::<f64>().unwrap() - 0.796).abs() < 1e-9 && (row[9].parse::<f64>().unwrap() - 0.85).abs() < 1e-9
    );
    assert_eq!(row.iter().skip(10).collect::<Vec<_>>(), ["600", "0.958", "LFW", "false", "figure", ""]);
}

#[test]
fn tables_and_sentences_are_in_it() {
    let report = sample::report();
    let text = csv::text(&report);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |key: &str| {
        let mut found = rows.iter().filter(|row| &row[2] == key);
        let row = found.next().unwrap_or_else(|| panic!("no {key}"));
        assert!(found.next().is_none(), "{key} is there twice");
        row
    };
    let cell = of("cycle.what_moves_where_one_part_is_replaced_in_degrees.pose.identity");
    let expected =
        ["What moves where one part is replaced, in degrees", "pose, identity", "degrees", "", "3.1", "2.8", "3.4"];
    assert_eq!(cell.iter().skip(3).take(7).collect::<Vec<_>>(), expected);
    assert_eq!((&cell[0], &cell[1], &cell[10], &cell[14], &cell[15]), ("lfw-val", "cycle", "1322", "table", ""));
    // A number without an interval, and words.
    let table = "disentanglement.each_attribute_read_from_each_part.jaw_width";
    let cell = of(&format!("{table}.pose"));
    assert_eq!((&cell[5], &cell[7], &cell[8], &cell[10]), ("score", "-0.021", "", ""));
    let cell = of(&format!("{table}.own_part"));
    assert_eq!((&cell[7], &cell[14], &cell[15]), ("", "table", "identity"));

    let said = |kind: &str, set: &str, part: &str, words: &str| {
        let is_it = |row: &&::csv::StringRecord| {
            (&row[14], &row[0], &row[1]) == (kind, set, part) && row[15].contains(words) && row[7].is_empty()
        };
        assert_eq!(rows.iter().filter(is_it).count(), 1, "{kind} {set} {part}: {words}");
    };
    said("note", "lfw-val", "reconstruction", "fitted on 10,000 training faces");
    said("note", "lfw-val", "cycle", "On the diagonal the error");
    said("unmeasured", "lfw-val", "expression", "No face is labelled");
    said("unmeasured", "fer2013-val", "pose", "No face has angles");
    said("remark", "", "", "also taught these weights");
    let lines = |kind: &str| rows.iter().filter(|row| &row[14] == kind).count();
    assert_eq!(lines("unmeasured"), report.sets.iter().map(|set| set.unmeasured.len()).sum::<usize>());
    assert_eq!(lines("remark"), report.remarks.len());
}

#[test]
fn commas_quotes_and_lines_stay_within_their_cell() {
    let name = "a, \"b\"\nc";
    let text = csv::text(&report_of(name, vec![figure("reconstruction.x", measured(1.0, 0.1, 3))]));
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[0][0]), (1, name));
}
