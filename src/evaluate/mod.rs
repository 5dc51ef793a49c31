//! How good a model is (section 7 of the method; section 4 of the paper): measures of plain codes, pictures and labels.
//! May use `train` (its optimiser), `gallery` (its search), `prepare`, `find`, `nn`, `data` and `face`. The measures
//! open no shards and load no model, so whoever has codes can measure them; [`run`] reads sets of faces, has a model
//! lent to it, and makes the report.
//!
//! - [`reconstruction`]: pictures against what the model makes of them, and against PCA with as many numbers;
//! - [`frechet`], [`diversity`]: sampled pictures against real ones, as a whole; how different they are from each other;
//! - [`recognition`]: whether the recogniser still sees the same person, after an edit, too;
//! - [`cycle`], [`transfer`]: whether a picture shows the part that was swapped; neutral and happy within a person;
//! - [`pose`]: angles read off the code against known ones;
//! - [`finding`]: faces found in photographs against those that are known to be there;
//! - [`pairs`], [`verification`]: the same person or not, by the distance of codes;
//! - [`auc`], [`expression`]: which expression, read by a small network from parts of the code; [`reader`]: that network;
//! - [`average_precision`]: how well a ranking puts first what is looked for;
//! - [`retrieval`]: what a search by each part finds first;
//! - [`disentanglement`]: which part of the code says what, where the truth is known;
//! - [`bootstrap`]: how sure a figure is; [`folds`]: cross-validation by whole groups;
//! - [`data`], [`faces`], [`lent`], [`options`]: what is measured on, with what, and how it is asked for; [`spread`]: some
//!   of many faces; [`error`];
//! - [`parts`], [`figures`]: the parts of a report, and the paper's figures; [`run`]: all of it, kept for the next time;
//! - [`report`]: all of it, as a text, as JSON and CSV, as a page, and beside another one.

pub mod auc;
pub mod average_precision;
pub mod bootstrap;
pub mod cycle;
pub mod data;
pub mod disentanglement;
pub mod diversity;
pub mod error;
pub mod expression;
pub mod faces;
pub mod figures;
pub mod finding;
pub mod folds;
pub mod frechet;
pub mod lent;
pub mod options;
pub mod pairs;
pub mod parts;
pub mod pose;
pub mod reader;
pub mod recognition;
pub mod reconstruction;
pub mod report;
pub mod retrieval;
mod ridge;
pub mod run;
pub mod spread;
pub mod transfer;
pub mod verification;

pub use bootstrap::{Interval, Measured};
pub use report::Report;

use crate::face::{CODE_DIM, Part};
use crate::nn::Code;

/// Which numbers of `f` a measure reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subset {
    Only(Part),
    Without(Part),
}

impl Subset {
    /// Where its numbers stand in the code.
    pub fn places(self) -> Vec<usize> {
        match self {
            Subset::Only(part) => part.range().collect(),
            Subset::Without(part) => (0..CODE_DIM).filter(|place| !part.range().contains(place)).collect(),
        }
    }

    /// Its numbers of a code.
    pub fn of(self, f: &Code) -> Vec<f32> {
        self.places().into_iter().map(|place| f[place]).collect()
    }

    /// As the paper writes it.
    pub fn name(self) -> &'static str {
        match self {
            Subset::Only(Part::Pose) => "f_p",
            Subset::Only(Part::Identity) => "f_id",
            Subset::Only(Part::Expression) => "f_e",
            Subset::Only(Part::Style) => "f_s",
            Subset::Without(Part::Pose) => "f without f_p",
            Subset::Without(Part::Identity) => "f without f_id",
            Subset::Without(Part::Expression) => "f without f_e",
            Subset::Without(Part::Style) => "f without f_s",
        }
    }
}
