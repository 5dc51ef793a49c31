//! Labels that were changed elsewhere become verdicts, all of them in one step, which is undone as one.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::super::card::{Names, Row, Verdict};
use super::super::error::AuditError;
use super::super::store::Audit;
use super::super::verdicts::Step;
use super::read::{self, Saying, Table};
use super::write::bare;
use crate::gallery::FaceKey;

/// Kept of what is not known.
const EXAMPLES: usize = 20;

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Of the table.
    pub rows: usize,
    /// New verdicts of each kind.
    pub keep: usize,
    pub relabel: usize,
    pub ambiguous: usize,
    /// Rows that say what holds already, or nothing.
    pub unchanged: usize,
    /// Rows of pictures that are not among those whose labels are judged.
    pub unknown_keys: Unknown,
    /// Rows with a word or number for a class that is none.
    pub unknown_classes: Unknown,
}

/// How many rows could not be used, and what stands in the first of them, 20 at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unknown {
    pub count: usize,
    pub examples: Vec<String>,
}

impl Unknown {
    fn add(&mut self, example: String) {
        self.count += 1;
        if self.examples.len() < EXAMPLES && !self.examples.contains(&example) {
            self.examples.push(example);
        }
    }
}

impl Audit {
    /// Reads a table of labels, changed `by` somebody elsewhere: a CSV as an export for cleanlab has it, or FiftyOne's
    /// JSON. Where a label is no longer that of the set, the picture is relabelled; what stands under `verdict` counts,
    /// too. Without a column `key` its rows must be those of an export, in their order.
    ///
    /// # Errors
    /// A file that cannot be read or is no such table; [`AuditError::Suggestions`] for one that cleanlab itself made,
    /// with neither `label` nor `verdict`; and whatever keeps verdicts from being written; none of them is then.
    pub fn import(&mut self, table: &Path, by: &str) -> Result<ImportReport, AuditError> {
        let columns = self.source().columns;
        let (rows, names) = self.named_rows()?;
        let mut report = ImportReport::default();
        let said = match read::table(table, &columns)? {
            Table::Named(said) => placed(said, &by_name(&names, |name| name), &mut report),
            Table::Bare(said) => {
                let exact = by_name(&names, |name| name);
                let mut known = by_name(&names, bare);
                known.extend(exact);
                placed(said, &known, &mut report)
            }
            Table::Ordered(said) => {
                let are_these = said.len() == rows.len()
                    && said.iter().zip(&rows).all(|((given, _), row)| given.is_none_or(|given| given == row.given));
                if !are_these {
                    let found = "rows that are not those of an export in their order".to_owned();
                    return Err(AuditError::NoColumn { path: table.to_owned(), column: "key", found });
                }
                report.rows = said.len();
                said.into_iter().enumerate().map(|(place, (_, saying))| (place, saying)).collect()
            }
        };
        let verdicts = verdicts(said, &rows, &mut report);
        self.write(|db| {
            let step = Step::begin(db, by)?;
            for (face, verdict) in verdicts {
                match step.judge(db, face, verdict)? {
                    Some(settled) if settled.is_new => match settled.verdict {
                        Verdict::Keep => report.keep += 1,
                        Verdict::Relabel(_) => report.relabel += 1,
                        Verdict::Ambiguous => report.ambiguous += 1,
                    },
                    // Or gone in this moment, when another process has brought the audit up to date.
                    _ => report.unchanged += 1,
                }
            }
            Ok(())
        })?;
        Ok(report)
    }
}

/// The places of names; none for a name that several have.
fn by_name<'a>(names: &'a Names, short: impl Fn(&'a str) -> &'a str) -> HashMap<&'a str, Option<usize>> {
    let mut places = HashMap::with_capacity(names.len());
    for place in 0..names.len() {
        places.entry(short(names.get(place))).and_modify(|known| *known = None).or_insert(Some(place));
    }
    places
}

/// What is said by the places of those of whom it is said.
fn placed(
    said: Vec<(String, Saying)>,
    known: &HashMap<&str, Option<usize>>,
    report: &mut ImportReport,
) -> Vec<(usize, Saying)> {
    report.rows = said.len();
    let mut placed = Vec::with_capacity(said.len());
    for (key, saying) in said {
        match known.get(key.as_str()).copied().flatten() {
            Some(place) => placed.push((place, saying)),
            None => report.unknown_keys.add(key),
        }
    }
    placed
}

/// The verdicts that it comes to.
fn verdicts(said: Vec<(usize, Saying)>, rows: &[Row], report: &mut ImportReport) -> Vec<(FaceKey, Verdict)> {
    let mut verdicts = Vec::new();
    for (place, saying) in said {
        let row = &rows[place];
        match saying.map(|said| said.verdict(row.given)) {
            Ok(Some(verdict)) => verdicts.push((row.face, verdict)),
            Ok(None) => report.unchanged += 1,
            Err(word) => report.unknown_classes.add(word),
        }
    }
    verdicts
}
