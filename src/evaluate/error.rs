//! What can be wrong with an evaluation, each as one sentence with the path last.

use std::path::PathBuf;

use super::pairs::PairsError;
use crate::data::atomic::WriteError;
use crate::data::image::SaveError;
use crate::data::sets::SetError;
use crate::data::shards::ShardError;
use crate::find::FindError;
use crate::nn::NnError;
use crate::prepare::PrepareError;

/// Why there is no report, or why one of its parts was not measured.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    #[error("Nothing was given to measure on; name shards of crops, a folder of them, or a set of faces")]
    NoData,
    #[error("These shards hold no face that can be measured; give shards of crops: {}", .0.display())]
    NoFaces(PathBuf),
    #[error("There is a file in place of the folder for the report; choose another folder: {}", .0.display())]
    NotAFolder(PathBuf),
    #[error(
        "Another evaluation writes into this folder; wait until it is done, or choose another folder: {}",
        .0.display()
    )]
    Busy(PathBuf),
    #[error("The data lies in the folder for the report; choose another folder: {}", .0.display())]
    IntoData(PathBuf),
    #[error("The recogniser cannot be read ({detail}); check its path and permissions: {}", path.display())]
    Recogniser { path: PathBuf, detail: String },
    #[error(transparent)]
    Pairs(#[from] PairsError),
    /// The lent model's own sentence.
    #[error("{0}")]
    Model(String),
    #[error("A part of the evaluation stopped ({0}); please report this")]
    Crashed(String),
    #[error(transparent)]
    Networks(#[from] NnError),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Set(#[from] SetError),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Find(#[from] FindError),
    #[error(transparent)]
    Picture(#[from] SaveError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why something that is measured ends without a result.
#[derive(Debug)]
pub enum Halt {
    /// Whoever watches wants no more of it.
    Cancelled,
    /// There is nothing to measure: a sentence that says why, and what to give for it; no period at its end.
    Unmeasured(String),
    Failed(EvaluateError),
}

/// Whoever watches wanted no more of something that cannot fail otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl From<Stopped> for Halt {
    fn from(_: Stopped) -> Self {
        Halt::Cancelled
    }
}

impl From<EvaluateError> for Halt {
    fn from(error: EvaluateError) -> Self {
        Halt::Failed(error)
    }
}

impl From<NnError> for Halt {
    fn from(error: NnError) -> Self {
        Halt::Failed(error.into())
    }
}

impl From<ShardError> for Halt {
    fn from(error: ShardError) -> Self {
        Halt::Failed(error.into())
    }
}
