//! What can go wrong in this room, each as one sentence that a person can act on.

use std::sync::Arc;

use crate::nn::NnError;
use crate::nn::finder::FinderWeightsError;

/// Why faces could not be looked for. That there is none in a photograph is no error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FindError {
    /// Whoever asked no longer wants to know.
    #[error("The search for faces was cancelled")]
    Cancelled,
    /// There is no finder to search with.
    #[error("{0}")]
    Weights(Arc<FinderWeightsError>),
    /// A network failed.
    #[error("{0}")]
    Network(Arc<NnError>),
    /// The operating system refused a thread.
    #[error("No thread could be started to look for faces ({reason}); close other programs and try again")]
    Thread { reason: String },
    /// A square that was given by hand shows nothing whose points could be placed.
    #[error("The points of a face cannot be placed in this square; mark the face again")]
    NoPoints,
}

impl From<FinderWeightsError> for FindError {
    fn from(error: FinderWeightsError) -> Self {
        Self::Weights(Arc::new(error))
    }
}

impl From<NnError> for FindError {
    fn from(error: NnError) -> Self {
        Self::Network(Arc::new(error))
    }
}
