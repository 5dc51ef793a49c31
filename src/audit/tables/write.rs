//! The files of an export, each written whole or not at all.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::super::card::{Names, Row};
use super::super::error::AuditError;
use super::super::evidence;
use super::super::scores::Score;
use super::super::store::{Audit, names_of, ranking, rows_of};
use crate::data::atomic;
use crate::face::Expression;

/// A table for cleanlab, whose columns stand in the middle.
const CLEANLAB: [&str; 7] =
    ["key", "is_label_issue", "label_quality", "given_label", "predicted_label", "verdict", "label"];

/// Writes the labels as [`CLEANLAB`] has them: `is_label_issue` is `True` for labels within the budget and for those of
/// which somebody said that they are wrong, but not for those that somebody keeps; `label_quality` is the
/// self-confidence, empty where there is none; `verdict` is `keep`, `ambiguous` or the new label in words; `label` is
/// what the label is now, empty for an ambiguous face. Classes are numbers.
pub(super) fn cleanlab(audit: &Audit, to: &Path) -> Result<(), AuditError> {
    let (rows, names) = audit.named_rows()?;
    let within = within_budget(&rows, audit.budget()?);
    let number = |class: Expression| class.index().to_string();
    atomic::write_with(to, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(CLEANLAB)?;
        for (place, row) in rows.iter().enumerate() {
            let label = label(row);
            let is_issue = row.verdict.map_or(within.contains(&place), |_| label != Some(row.given));
            let quality = row.quality(Score::default());
            let quality = if quality.is_nan() { String::new() } else { quality.to_string() };
            writer.write_record([
                names.get(place).to_owned(),
                if is_issue { "True" } else { "False" }.to_owned(),
                quality,
                number(row.given),
                number(row.predicted),
                row.verdict.map(|verdict| verdict.to_string()).unwrap_or_default(),
                label.map(number).unwrap_or_default(),
            ])?;
        }
        writer.flush()
    })?;
    Ok(())
}

/// What FiftyOne is told of a picture.
#[derive(Serialize)]
struct Target {
    /// The place of the class in the file's list.
    label: usize,
    /// The probability of that class.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
    attributes: Attributes,
}

#[derive(Serialize)]
struct Attributes {
    given: &'static str,
    predicted: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
}

/// Writes the labels as they are now, an ambiguous face's as it was; what was said of it is in the `verdict` among the
/// attributes, beside `given` and `predicted`.
pub(super) fn fiftyone(audit: &Audit, to: &Path) -> Result<(), AuditError> {
    let (rows, names, chances) = audit.read(|db| Ok((rows_of(db)?, names_of(db)?, evidence::probabilities(db)?)))?;
    let target = |place: usize| {
        let row = &rows[place];
        let label = label(row).unwrap_or(row.given);
        let chance = chances[place][label.index()];
        Target {
            label: label.index(),
            // A class that nobody could learn has none.
            confidence: (chance > 0.0).then_some(chance),
            attributes: Attributes {
                given: row.given.name(),
                predicted: row.predicted.name(),
                verdict: row.verdict.map(|verdict| verdict.to_string()),
            },
        }
    };
    let ids = ids(&names);
    atomic::write_with(to, |out| {
        write!(out, "{{\"classes\": ")?;
        json(out, &Expression::ALL.map(Expression::name))?;
        write!(out, ", \"labels\": {{")?;
        let mut before = "\n";
        for (place, id) in ids.iter().enumerate() {
            write!(out, "{before}")?;
            json(out, id)?;
            write!(out, ": ")?;
            json(out, &target(place))?;
            before = ",\n";
        }
        writeln!(out, "\n}}}}")
    })?;
    Ok(())
}

/// Writes every verdict that was ever given, oldest first, with the scores as they were then, and what was taken back.
pub(super) fn log(audit: &Audit, to: &Path) -> Result<(), AuditError> {
    let log = audit.log()?;
    atomic::write_with(to, |out| {
        let mut writer = csv::Writer::from_writer(out);
        let scores = Score::ALL.map(Score::name);
        let columns = ["when", "key", "from", "to", "verdict"].iter().chain(&scores);
        writer.write_record(columns.chain(&["by", "undone", "undone_by"]))?;
        for row in &log {
            let mut record = vec![
                row.when.clone(),
                row.key.clone(),
                row.from.to_string(),
                row.to.map(|label| label.to_string()).unwrap_or_default(),
                row.verdict.name().to_owned(),
            ];
            record.extend(row.scores.map(|score| if score.is_nan() { String::new() } else { score.to_string() }));
            let (undone, undone_by) = row.undone.clone().unwrap_or_default();
            record.extend([row.by.clone(), undone, undone_by]);
            writer.write_record(&record)?;
        }
        writer.flush()
    })?;
    Ok(())
}

/// What the label is now; none for an ambiguous face.
fn label(row: &Row) -> Option<Expression> {
    row.verdict.map_or(Some(row.given), |verdict| verdict.label(row.given))
}

/// The places of the worst rows, so many at most; labels without a score are not among them.
fn within_budget(rows: &[Row], budget: usize) -> HashSet<usize> {
    let worst = ranking(rows, Score::default()).into_iter().take(budget).map(|place| place as usize);
    worst.filter(|&place| !rows[place].quality(Score::default()).is_nan()).collect()
}

/// Names without their extensions, where that leaves them different from each other.
fn ids(names: &Names) -> Vec<&str> {
    let mut known = HashMap::<&str, usize>::new();
    for name in names.iter() {
        *known.entry(bare(name)).or_default() += 1;
    }
    names.iter().map(|name| if known.get(bare(name)) == Some(&1) { bare(name) } else { name }).collect()
}

/// A picture's name without its extension.
pub(super) fn bare(name: &str) -> &str {
    let from = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[from..].rfind('.') {
        Some(dot) if dot > 0 => &name[..from + dot],
        _ => name,
    }
}

fn json(out: &mut (dyn Write + Send), value: &impl Serialize) -> io::Result<()> {
    Ok(serde_json::to_writer(out, value)?)
}
