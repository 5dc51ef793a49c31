//! What a table says of each picture: CSV with a header as cleanlab's tables have it, or JSON as FiftyOne has it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::super::card::Verdict;
use super::super::error::AuditError;
use crate::data::sets::Columns;
use crate::face::Expression;

/// Columns in which programs say what they take for wrong, and what they predict instead.
const SUGGESTIONS: [&str; 3] = ["is_label_issue", "label_quality", "predicted_label"];

/// What a row says, or the word in it that nobody knows.
pub(super) type Saying = Result<Said, String>;

/// What a row says of a picture's label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub label: Option<Expression>,
    pub verdict: Option<Verdict>,
}

impl Said {
    /// The verdict that it comes to for a picture with this label; none where it says nothing new.
    pub fn verdict(self, given: Expression) -> Option<Verdict> {
        match (self.label, self.verdict) {
            (Some(label), _) if label != given => Some(Verdict::Relabel(label)),
            // Somebody put the label back.
            (Some(_), Some(Verdict::Relabel(_))) => Some(Verdict::Keep),
            (_, verdict) => verdict,
        }
    }
}

/// A table, row by row.
pub(super) enum Table {
    /// By the names of pictures.
    Named(Vec<(String, Saying)>),
    /// By their names without extensions.
    Bare(Vec<(String, Saying)>),
    /// In the order of the audit, with the labels that they were given where the table has those.
    Ordered(Vec<(Option<Expression>, Saying)>),
}

/// Reads a table; `columns` says what its words mean.
///
/// # Errors
/// A file that cannot be read, that is neither of the two, or lacks the columns in which somebody says anything.
pub(super) fn table(path: &Path, columns: &Columns) -> Result<Table, AuditError> {
    let bytes =
        fs::read(path).map_err(|error| AuditError::Unreadable { path: path.to_owned(), detail: error.to_string() })?;
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') { fiftyone(path, &bytes, columns) } else { csv(path, &bytes, columns) }
}

/// The columns of a CSV that say something, by their places.
struct Places {
    key: Option<usize>,
    given: Option<usize>,
    label: Option<usize>,
    verdict: Option<usize>,
}

impl Places {
    fn of(path: &Path, header: &csv::StringRecord) -> Result<Self, AuditError> {
        // Some programs mark a text as one.
        let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let find = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        let (label, verdict) = (find("label").or_else(|| find("corrected_label")), find("verdict"));
        let lacks = |column| AuditError::NoColumn { path: path.to_owned(), column, found: names.join(", ") };
        if label.is_none() && verdict.is_none() {
            // What a program takes for wrong is no verdict.
            let suggests = SUGGESTIONS.into_iter().any(|column| find(column).is_some());
            return Err(if suggests { AuditError::Suggestions(path.to_owned()) } else { lacks("label") });
        }
        let places = Places { key: find("key"), given: find("given_label"), label, verdict };
        // Without names pictures are told by the labels that they have, in their order.
        if places.key.is_none() && places.given.is_none() { Err(lacks("key")) } else { Ok(places) }
    }

    fn saying(&self, row: &csv::StringRecord, columns: &Columns) -> Saying {
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).unwrap_or_default().trim();
        Ok(Said { label: class_of(cell(self.label), columns)?, verdict: verdict_of(cell(self.verdict), columns)? })
    }
}

fn csv(path: &Path, bytes: &[u8], columns: &Columns) -> Result<Table, AuditError> {
    let bad = |error: csv::Error| AuditError::NotATable { path: path.to_owned(), detail: what_is_wrong(&error) };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let places = Places::of(path, reader.headers().map_err(bad)?)?;
    let (mut named, mut ordered) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.map_err(bad)?;
        let saying = places.saying(&row, columns);
        match places.key {
            Some(key) => named.push((row.get(key).unwrap_or_default().to_owned(), saying)),
            None => {
                let given = places.given.and_then(|place| row.get(place)).unwrap_or_default();
                ordered.push((class_of(given, columns).ok().flatten(), saying));
            }
        }
    }
    Ok(if places.key.is_some() { Table::Named(named) } else { Table::Ordered(ordered) })
}

/// In a few words.
fn what_is_wrong(error: &csv::Error) -> String {
    let line = error.position().map_or_else(|| "a line".to_owned(), |place| format!("line {}", place.line()));
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => format!("{line} is no text in UTF-8"),
        _ => format!("{line} cannot be read"),
    }
}

#[derive(Deserialize)]
struct Labels {
    #[serde(default)]
    classes: Option<Vec<String>>,
    labels: BTreeMap<String, Value>,
}

fn fiftyone(path: &Path, bytes: &[u8], columns: &Columns) -> Result<Table, AuditError> {
    let labels: Labels = serde_json::from_slice(bytes)
        .map_err(|error| AuditError::NotATable { path: path.to_owned(), detail: error.to_string() })?;
    let classes = labels.classes.unwrap_or_default();
    let rows = labels.labels.into_iter().map(|(id, target)| {
        let saying = said_of(&target, &classes, columns);
        (id, saying)
    });
    Ok(Table::Bare(rows.collect()))
}

/// What a target says: nothing, a class's word or number, a record with one, or a list of one.
fn said_of(target: &Value, classes: &[String], columns: &Columns) -> Saying {
    match target {
        Value::Null => Ok(Said::default()),
        Value::String(word) => Ok(Said { label: class_of(word, columns)?, verdict: None }),
        Value::Number(number) => {
            let place = number.as_u64().and_then(|place| usize::try_from(place).ok());
            let named = place.and_then(|place| classes.get(place)).cloned();
            Ok(Said { label: class_of(&named.unwrap_or_else(|| number.to_string()), columns)?, verdict: None })
        }
        Value::Object(record) => {
            let label = record.get("label").map_or(Ok(Said::default()), |label| said_of(label, classes, columns))?;
            let attributes = record.get("attributes").and_then(Value::as_object).unwrap_or(record);
            let verdict = attributes.get("verdict").and_then(Value::as_str).unwrap_or_default();
            Ok(Said { verdict: verdict_of(verdict, columns)?, ..label })
        }
        Value::Array(targets) if targets.len() == 1 => said_of(&targets[0], classes, columns),
        other => Err(other.to_string()),
    }
}

fn class_of(word: &str, columns: &Columns) -> Result<Option<Expression>, String> {
    columns.class_of(word).map_err(|_| word.to_owned())
}

/// What a cell says; `relabel` alone leaves it to the label.
fn verdict_of(word: &str, columns: &Columns) -> Result<Option<Verdict>, String> {
    match word.trim().to_lowercase().as_str() {
        "" | "relabel" => Ok(None),
        "keep" => Ok(Some(Verdict::Keep)),
        "ambiguous" => Ok(Some(Verdict::Ambiguous)),
        _ => Ok(class_of(word, columns)?.map(Verdict::Relabel)),
    }
}
