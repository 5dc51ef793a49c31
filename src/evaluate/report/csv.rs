//! A report as CSV: a line a figure, for spreadsheets and scripts. Values are as in the JSON: shares from 0 to 1.

use super::Report;
use super::figure::Figure;

/// The columns. `low` and `high` are the ends of the 95 % interval; `paper` and what follows are empty where the paper
/// has no figure for it.
pub const COLUMNS: [&str; 14] = [
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
];

/// The whole table, its names first.
pub fn text(report: &Report) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Into memory, rows of one length: nothing to fail.
    writer.write_record(COLUMNS).expect("memory takes every row");
    for set in &report.sets {
        for section in &set.sections {
            for figure in &section.figures {
                writer.write_record(row(&set.name, section.part.name(), figure)).expect("memory takes every row");
            }
        }
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    // Of texts alone.
    String::from_utf8(bytes).expect("rows of texts")
}

fn row(set: &str, part: &str, figure: &Figure) -> [String; 14] {
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let (interval, paper) = (figure.value.interval, figure.paper.as_ref());
    [
        set.to_owned(),
        part.to_owned(),
        figure.key.clone(),
        figure.group.clone(),
        figure.name.clone(),
        figure.unit.name().to_owned(),
        figure.better.name().to_owned(),
        number(Some(figure.value.value)),
        number(interval.map(|interval| interval.low)),
        number(interval.map(|interval| interval.high)),
        figure.value.n.to_string(),
        number(paper.map(|paper| paper.value)),
        paper.map(|paper| paper.on.clone()).unwrap_or_default(),
        paper.map(|paper| paper.same_data.to_string()).unwrap_or_default(),
    ]
}
