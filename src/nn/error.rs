//! What can go wrong in this room, each as one sentence that a person can act on.

use std::fmt;

/// Why a weights file could not be used, or a picture or code could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum NnError {
    /// The bytes are not a complete safetensors file.
    #[error("This is not a readable weights file ({reason}); choose a whole safetensors file")]
    Unreadable { reason: String },

    /// The file was read, but its tensors are not those of the networks asked for.
    #[error("These weights have another shape than the networks ({}); choose other weights", listed(faults))]
    WrongTensors { faults: Vec<TensorFault> },

    /// The weights could not be turned into a file.
    #[error("The weights could not be written: {reason}")]
    Unwritable { reason: String },

    /// The networks read one size of picture only.
    #[error("The picture is {width} x {height} pixels, but the networks read {side} x {side}")]
    PictureSize { width: u32, height: u32, side: u32 },

    /// The device stopped or gave back something else than numbers.
    #[error("The device failed while computing: {reason}")]
    Device { reason: String },

    /// The operating system refused a thread.
    #[error("No thread could be started for encoding: {reason}")]
    Thread { reason: String },
}

/// What is wrong with one tensor of a weights file. Names and shapes are those of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TensorFault {
    Missing { name: String },
    Shape { name: String, found: Vec<usize>, expected: Vec<usize> },
    Unreadable { name: String, reason: String },
}

impl fmt::Display for TensorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name } => write!(f, "{name} is missing"),
            Self::Shape { name, found, expected } => write!(f, "{name} is {found:?} instead of {expected:?}"),
            Self::Unreadable { name, reason } => write!(f, "{name} cannot be read ({reason})"),
        }
    }
}

/// The first few faults in words: a wrong file usually has a hundred of them, and three say as much.
pub(super) fn listed(faults: &[TensorFault]) -> String {
    const SHOWN: usize = 3;
    let mut text = faults.iter().take(SHOWN).map(TensorFault::to_string).collect::<Vec<_>>().join(", ");
    if faults.len() > SHOWN {
        text += &format!(", and {} more", faults.len() - SHOWN);
    }
    text
}
