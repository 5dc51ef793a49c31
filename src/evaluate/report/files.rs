//! The files of a report: written together into its folder, and read again by whoever opens or compares it; and the file
//! of a comparison.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Comparison, REPORT_VERSION, Report, ReportError, csv, html};
use crate::data::atomic::{self, WriteError};

/// The page.
pub const HTML: &str = "report.html";
/// What is read again.
pub const JSON: &str = "report.json";
/// A line a figure, a cell of a table, a sentence.
pub const CSV: &str = "report.csv";

/// How a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonFormat {
    /// One page that can be sent, as a report's.
    Page,
    /// For other programs.
    Json,
}

impl Report {
    /// The report as [`JSON`] has it.
    pub fn to_json(&self) -> String {
        // All keys are texts, so nothing in it cannot be written.
        let text = serde_json::to_string_pretty(self).expect("a report is plain values");
        format!("{text}\n")
    }

    /// Writes [`CSV`], [`HTML`] with the pictures of that folder in it, and [`JSON`] last, each whole or not at all.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(&self, folder: &Path) -> Result<(), WriteError> {
        atomic::write(&folder.join(CSV), csv::text(self).as_bytes())?;
        atomic::write(&folder.join(HTML), html::page(self, folder).as_bytes())?;
        atomic::write(&folder.join(JSON), self.to_json().as_bytes())
    }

    /// Opens a report: its folder, its JSON or its page (beside which the JSON lies), or what `--json` wrote.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn read(path: &Path) -> Result<Report, ReportError> {
        let file = json_of(path);
        let bytes = fs::read(&file).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if path.is_dir() => ReportError::NoReport(path.to_owned()),
            _ => ReportError::Unreadable { path: path.to_owned(), detail: error.to_string() },
        })?;
        let not_a_report = |detail: String| ReportError::NotAReport { path: path.to_owned(), detail };
        let mut value: Value = serde_json::from_slice(&bytes).map_err(|e| not_a_report(e.to_string()))?;
        if let Some(results) = value.get_mut("results") {
            value = results.take();
        }
        let version = value.get("version").and_then(Value::as_u64);
        match version.filter(|_| value.get("sets").is_some()) {
            None => Err(not_a_report("it names no format".to_owned())),
            Some(found) if found > u64::from(REPORT_VERSION) => {
                Err(ReportError::Newer { path: path.to_owned(), found })
            }
            Some(_) => serde_json::from_value(value).map_err(|e| not_a_report(e.to_string())),
        }
    }
}

impl ComparisonFormat {
    /// What a file's ending asks for, in capitals or not. The file is to be none of the two reports', each named by its
    /// folder or one of its files: these stay as they are.
    ///
    /// # Errors
    /// [`ReportError::OtherEnding`] and [`ReportError::OverwritesReport`].
    pub fn of(path: &Path, reports: [&Path; 2]) -> Result<Self, ReportError> {
        let ending = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let format = match ending.to_ascii_lowercase().as_str() {
            "html" | "htm" => Self::Page,
            "json" => Self::Json,
            _ => return Err(ReportError::OtherEnding(path.to_owned())),
        };
        // What is not there overwrites nothing.
        let found = fs::canonicalize(path).ok();
        let is_found = |file: &PathBuf| found.is_some() && fs::canonicalize(file).ok() == found;
        if reports.into_iter().flat_map(files_of).any(|file| is_found(&file)) {
            return Err(ReportError::OverwritesReport(path.to_owned()));
        }
        Ok(format)
    }
}

/// The files of a report that is named by its folder or one of them.
fn files_of(report: &Path) -> [PathBuf; 4] {
    let folder = if report.is_dir() { report } else { report.parent().unwrap_or(Path::new("")) };
    [report.to_owned(), folder.join(JSON), folder.join(HTML), folder.join(CSV)]
}

impl Comparison {
    /// The comparison as JSON.
    pub fn to_json(&self) -> String {
        // Its keys are the names of fields, so nothing in it cannot be written.
        let text = serde_json::to_string_pretty(self).expect("a comparison is plain values");
        format!("{text}\n")
    }

    /// Writes it into a file, whole or not at all; [`ComparisonFormat::of`] says how.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(&self, path: &Path, format: ComparisonFormat) -> Result<(), WriteError> {
        let text = match format {
            ComparisonFormat::Page => html::comparison_page(self),
            ComparisonFormat::Json => self.to_json(),
        };
        atomic::write(path, text.as_bytes())
    }
}

/// Where the JSON of a report lies that is named by its folder or one of its files.
fn json_of(path: &Path) -> PathBuf {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if path.is_dir() {
        path.join(JSON)
    } else if ["html", "csv"].iter().any(|other| extension.eq_ignore_ascii_case(other)) {
        path.with_file_name(JSON)
    } else {
        path.to_owned()
    }
}
