//! A report as CSV, for spreadsheets and scripts: a line a figure, a line a cell of its tables, a line a sentence. Values
//! are as in the JSON: shares from 0 to 1.

use super::figure::Figure;
use super::keys::word;
use super::table::{Cell, Column, Table};
use super::{Report, Section, SetReport};
use crate::evaluate::bootstrap::Measured;

/// The columns. `low` and `high` are the ends of the 95 % interval; `paper` and the two after it are empty where the paper
/// has no figure for it. `kind` says what a line is, and with it what else is empty:
///
/// - `figure`: a figure of a section;
/// - `table`: a cell under a table's column, `group` the table's title; its key is `PART.TITLE.ROW.COLUMN`. A number is
///   in `value`, words are in `text`;
/// - `note`: a sentence about how a part was measured, or below a table, in `text`;
/// - `unmeasured`: why a part was not measured, in `text`;
/// - `remark`: a sentence about the whole report, in `text`.
pub const COLUMNS: [&str; 16] = [
    "set",
    "part",
    "key",
    "group",
    "name",
    "unit",
    "better",
    "value",
    "low",
    "high",
    "n",
    "paper",
    "paper_on",
    "same_data",
    "kind",
    "text",
];

/// The whole table, its names first.
pub fn text(report: &Report) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let remarks = report.remarks.iter().map(|remark| Line::said("remark", remark));
    // Into memory, rows of one length: nothing to fail.
    writer.write_record(COLUMNS).expect("memory takes every row");
    for line in report.sets.iter().flat_map(of_set).chain(remarks) {
        writer.write_record(line.cells()).expect("memory takes every row");
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    // Of texts alone.
    String::from_utf8(bytes).expect("rows of texts")
}

/// What stands in a line; what it has none of is empty.
#[derive(Default)]
struct Line<'a> {
    kind: &'static str,
    set: &'a str,
    part: &'static str,
    key: String,
    group: &'a str,
    name: String,
    unit: &'static str,
    value: Option<f64>,
    measured: Option<Measured>,
    /// Of a figure: which way is better, and the paper's.
    figure: Option<&'a Figure>,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// A line that is a sentence.
    fn said(kind: &'static str, text: &'a str) -> Self {
        Line { kind, text, ..Line::default() }
    }

    /// In the order of [`COLUMNS`].
    fn cells(self) -> [String; 16] {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let interval = self.measured.and_then(|measured| measured.interval);
        let paper = self.figure.and_then(|figure| figure.paper.as_ref());
        [
            self.set.to_owned(),
            self.part.to_owned(),
            self.key,
            self.group.to_owned(),
            self.name,
            self.unit.to_owned(),
            self.figure.map(|figure| figure.better.name().to_owned()).unwrap_or_default(),
            number(self.measured.map(|measured| measured.value).or(self.value)),
            number(interval.map(|interval| interval.low)),
            number(interval.map(|interval| interval.high)),
            self.measured.map(|measured| measured.n.to_string()).unwrap_or_default(),
            number(paper.map(|paper| paper.value)),
            paper.map(|paper| paper.on.clone()).unwrap_or_default(),
            paper.map(|paper| paper.same_data.to_string()).unwrap_or_default(),
            self.kind.to_owned(),
            self.text.to_owned(),
        ]
    }
}

/// Section by section, and last what was not measured.
fn of_set(set: &SetReport) -> impl Iterator<Item = Line<'_>> {
    let unmeasured = set
        .unmeasured
        .iter()
        .map(|unmeasured| Line { part: unmeasured.part.name(), ..Line::said("unmeasured", &unmeasured.why) });
    let lines = set.sections.iter().flat_map(of_section).chain(unmeasured);
    lines.map(move |line| Line { set: &set.name, ..line })
}

/// Its figures, its tables, its notes.
fn of_section(section: &Section) -> impl Iterator<Item = Line<'_>> {
    let part = section.part.name();
    let figures = section.figures.iter().map(of_figure);
    let tables = section.tables.iter().flat_map(move |table| of_table(part, table));
    let notes = section.notes.iter().map(|note| Line::said("note", note));
    figures.chain(tables).chain(notes).map(move |line| Line { part, ..line })
}

fn of_figure(figure: &Figure) -> Line<'_> {
    Line {
        kind: "figure",
        key: figure.key.clone(),
        group: &figure.group,
        name: figure.name.clone(),
        unit: figure.unit.name(),
        measured: Some(figure.value),
        figure: Some(figure),
        ..Line::default()
    }
}

/// A table's cells row by row, but for the first of each, which names the row, and for those with nothing in them; then
/// its note.
fn of_table<'a>(part: &str, table: &'a Table) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for row in &table.rows {
        let Some((first, cells)) = row.split_first() else { continue };
        let first = table.columns.first().map(|column| first.text(column)).unwrap_or_default();
        for (column, cell) in table.columns.iter().skip(1).zip(cells).filter(|(_, cell)| **cell != Cell::Empty) {
            let key = format!("{part}.{}.{}.{}", word(&table.title), word(&first), word(&column.name));
            let name = format!("{first}, {}", column.name);
            lines.push(Line { key, group: &table.title, name, ..of_cell(column, cell) });
        }
    }
    if !table.note.is_empty() {
        lines.push(Line { group: &table.title, ..Line::said("note", &table.note) });
    }
    lines
}

fn of_cell<'a>(column: &Column, cell: &'a Cell) -> Line<'a> {
    let line = Line { kind: "table", unit: column.unit.map(|unit| unit.name()).unwrap_or_default(), ..Line::default() };
    match cell {
        Cell::Empty => line,
        Cell::Text(text) => Line { text: text.as_str(), ..line },
        Cell::Number(value) => Line { value: Some(*value), ..line },
        Cell::Measured(measured) => Line { measured: Some(*measured), ..line },
    }
}
