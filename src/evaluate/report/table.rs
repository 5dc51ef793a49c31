//! A table of a report: what has too many numbers for a line each, such as which part of the code says what. Only
//! figures are compared between reports, so what matters most of a table is a figure too.

use serde::{Deserialize, Serialize};

use super::figure::Unit;
use crate::evaluate::bootstrap::Measured;
use crate::face::Part;

/// Rows under named columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    /// As many cells as there are columns each; those that lack are empty.
    pub rows: Vec<Vec<Cell>>,
    /// A sentence or two below it; empty where there is nothing to say.
    #[serde(default)]
    pub note: String,
}

/// What stands above a column, and how its numbers are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    /// Of its numbers; none for a column of words.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// The part of the code it is about, which gives it its colour.
    #[serde(default)]
    pub face_part: Option<Part>,
}

/// What stands in a place. In JSON: null, a text, a number, or an object with `value`, `interval` and `n`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Measured(Measured),
}

impl Table {
    pub fn new(title: impl Into<String>, columns: Vec<Column>) -> Self {
        Table { title: title.into(), columns, rows: Vec::new(), note: String::new() }
    }
}

impl Column {
    /// A column of words.
    pub fn words(name: impl Into<String>) -> Self {
        Column { name: name.into(), unit: None, face_part: None }
    }

    /// A column of numbers.
    pub fn numbers(name: impl Into<String>, unit: Unit) -> Self {
        Column { name: name.into(), unit: Some(unit), face_part: None }
    }

    /// The same column in a part's colour.
    pub fn about(mut self, part: Option<Part>) -> Self {
        self.face_part = part;
        self
    }
}

impl Cell {
    /// A number, or nothing where it is none that can be written (JSON has no NaN).
    pub fn number(value: f64) -> Self {
        if value.is_finite() { Cell::Number(value) } else { Cell::Empty }
    }

    /// How it is written in a column.
    pub fn text(&self, column: &Column) -> String {
        match (self, column.unit) {
            (Cell::Empty, _) => String::new(),
            (Cell::Text(text), _) => text.clone(),
            (Cell::Number(value), Some(unit)) => unit.text(*value),
            (Cell::Measured(measured), Some(unit)) => unit.text(measured.value),
            (Cell::Number(value), None) => value.to_string(),
            (Cell::Measured(measured), None) => measured.value.to_string(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Cell::number(value)
    }
}

impl From<Measured> for Cell {
    fn from(measured: Measured) -> Self {
        if measured.value.is_finite() { Cell::Measured(measured) } else { Cell::Empty }
    }
}
