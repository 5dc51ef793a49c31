//! All that was measured of a model on some faces, as JSON and as a table with a line a figure.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::bootstrap::Measured;
use super::disentanglement::Table;
use super::expression::ReadExpression;
use super::pose::AngleError;
use super::recognition::Kept;
use super::reconstruction::Reconstruction;
use super::retrieval::{Retrieval, TOP};
use super::verification::Verified;

/// What was measured, and what not and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Faces that were measured.
    pub faces: usize,
    /// Pictures that were passed over, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// Decoded from Phi^-1(Phi(z)), as an edit that changes nothing is.
    pub reconstruction: Option<Reconstruction>,
    /// 99 principal components on the same faces.
    pub pca_99: Option<Baseline>,
    /// Input against reconstruction.
    pub same_person: Option<Kept>,
    pub pose: Option<Vec<AngleError>>,
    pub verification: Option<Vec<Verified>>,
    pub expression: Option<Expressions>,
    /// What searches by each part find first.
    pub retrieval: Option<Vec<Retrieval>>,
    pub disentanglement: Option<Table>,
    /// A sentence for each thing that could not be measured, or not on all faces.
    pub remarks: Vec<String>,
}

/// The linear baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Where its components come from.
    pub fitted_on: String,
    pub figures: Reconstruction,
}

/// How expressions are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expressions {
    /// What the reading networks were trained on.
    pub trained_on: String,
    pub parts: Vec<ReadExpression>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{:44} {:>8}  {:>17}  {:>6}", "", "value", "95 % interval", "n")?;
        if let Some(figures) = &self.reconstruction {
            reconstruction(f, "reconstruction", figures)?;
        }
        if let Some(baseline) = &self.pca_99 {
            reconstruction(f, "PCA-99", &baseline.figures)?;
        }
        if let Some(kept) = &self.same_person {
            line(f, "recognised as the same person", &kept.same_person)?;
            line(f, "recogniser's distance, median", &kept.distance)?;
        }
        for error in self.pose.iter().flatten() {
            line(f, &format!("pose, error of {} in degrees", error.angle), &error.error_deg)?;
        }
        for verified in self.verification.iter().flatten() {
            line(f, &format!("verification, accuracy of {}", verified.reads), &verified.accuracy)?;
        }
        if let Some(expressions) = &self.expression {
            for part in &expressions.parts {
                line(f, &format!("expression, mean AUC of {}", part.reads), &part.by_probability.mean)?;
                for class in &part.by_probability.classes {
                    writeln!(f, "  {:42} {:>8.3}  {:17}  {:>6}", class.class.name(), class.auc, "", class.n)?;
                }
            }
        }
        for found in self.retrieval.iter().flatten() {
            retrieval(f, found)?;
        }
        if let Some(table) = &self.disentanglement {
            write!(f, "\n{table}")?;
        }
        Ok(())
    }
}

fn reconstruction(f: &mut fmt::Formatter, what: &str, figures: &Reconstruction) -> fmt::Result {
    line(f, &format!("{what}, pixel RMSE of 255"), &figures.rmse)?;
    line(f, &format!("{what}, RMSE as the authors define it"), &figures.rmse_authors)?;
    line(f, &format!("{what}, mean absolute error"), &figures.mae)?;
    line(f, &format!("{what}, sharpness over the original's"), &figures.sharpness)
}

fn retrieval(f: &mut fmt::Formatter, found: &Retrieval) -> fmt::Result {
    let shares = &found.shares;
    for by in &found.by {
        line(f, &format!("top {TOP}, {shares}, by {}", by.reads), &by.precision)?;
    }
    for (what, value) in [("by chance", found.chance), ("at best", found.best)] {
        writeln!(f, "  {what:42} {value:>8.3}")?;
    }
    for by in &found.by {
        line(f, &format!("mAP, {shares}, by {}", by.reads), &by.average_precision)?;
    }
    Ok(())
}

pub(super) fn line(f: &mut fmt::Formatter, what: &str, figure: &Measured) -> fmt::Result {
    let interval = figure.interval.map_or(String::new(), |range| format!("{:.3} to {:.3}", range.low, range.high));
    writeln!(f, "{what:44} {:>8.3}  {interval:>17}  {:>6}", figure.value, figure.n)
}
