//! What can be asked of an evaluation: on how many faces, beside what, which parts of the report.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::data::sets::{Columns, Format};
use crate::face::code::UnknownName;

/// Faces of a set that are measured where nobody asks for another number.
pub const FACES: usize = 2000;
/// Faces of the training shards that are trained on where nobody asks for another number.
pub const HEAD_FACES: usize = 10_000;
/// Pictures that are sampled for the Frechet distance, where there are as many faces.
pub const SAMPLES: usize = 10_000;
/// Every draw comes from it, so that a second run gives the same figures.
pub const SEED: u64 = 2019;

/// How an evaluation is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// LFW's list of pairs, for telling people apart.
    pub pairs: Option<PathBuf>,
    /// A face recognition network, for whether the person is kept and for the Frechet distance.
    pub recogniser: Option<PathBuf>,
    /// Shards of training crops for PCA and for what reads expressions; folds of the measured faces where there are
    /// none.
    pub head_data: Vec<PathBuf>,
    /// Faces of those shards at most: PCA takes all of them, the readers those that have an expression.
    pub head_faces: usize,
    /// Faces of each set that are measured at most.
    pub faces: usize,
    /// Pictures that are sampled at most; never more than there are faces.
    pub samples: usize,
    /// The parts of the report that are made, in the order of [`PartName::ALL`] whatever theirs.
    pub parts: Vec<PartName>,
    pub seed: u64,
    /// What data that is no shard is; none for what lies there says itself.
    pub format: Option<Format>,
    /// What the columns and classes of such data are called.
    pub columns: Columns,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pairs: None,
            recogniser: None,
            head_data: Vec::new(),
            head_faces: HEAD_FACES,
            faces: FACES,
            samples: SAMPLES,
            parts: PartName::ALL.to_vec(),
            seed: SEED,
            format: None,
            columns: Columns::default(),
        }
    }
}

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartName {
    Reconstruction,
    Sampling,
    Verification,
    Expression,
    Pose,
    Retrieval,
    Cycle,
    Identity,
    Disentanglement,
    Figures,
}

impl PartName {
    /// All of them, in the order of a report.
    pub const ALL: [PartName; 10] = [
        PartName::Reconstruction,
        PartName::Sampling,
        PartName::Verification,
        PartName::Expression,
        PartName::Pose,
        PartName::Retrieval,
        PartName::Cycle,
        PartName::Identity,
        PartName::Disentanglement,
        PartName::Figures,
    ];

    /// As it is written on a command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            PartName::Reconstruction => "reconstruction",
            PartName::Sampling => "sampling",
            PartName::Verification => "verification",
            PartName::Expression => "expression",
            PartName::Pose => "pose",
            PartName::Retrieval => "retrieval",
            PartName::Cycle => "cycle",
            PartName::Identity => "identity",
            PartName::Disentanglement => "disentanglement",
            PartName::Figures => "figures",
        }
    }

    /// As people see it above its tables.
    pub fn title(self) -> &'static str {
        match self {
            PartName::Reconstruction => "Reconstruction",
            PartName::Sampling => "Sampling",
            PartName::Verification => "Verification",
            PartName::Expression => "Expression",
            PartName::Pose => "Pose",
            PartName::Retrieval => "Retrieval",
            PartName::Cycle => "Swaps, encoded again",
            PartName::Identity => "Identity kept",
            PartName::Disentanglement => "Disentanglement",
            PartName::Figures => "Figures",
        }
    }
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PartName {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        PartName::ALL.into_iter().find(|part| part.name() == name).ok_or_else(|| UnknownName {
            kind: "part of a report",
            name: name.to_owned(),
            known: PartName::ALL.map(PartName::name).join(", "),
        })
    }
}
