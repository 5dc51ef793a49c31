//! What can be wrong with a set, each as one sentence with the path last, and with one of its faces, in a few words to
//! count by.

use std::io;
use std::path::{Path, PathBuf};

use super::Format;
use crate::data::atomic::WriteError;
use crate::data::inputs::InputError;
use crate::data::shards::ShardError;
use crate::face::Expression;

/// Why a set, or the rest of it, cannot be read or its labels not be written.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    #[error("There is no such file or folder; check its name: {}", .0.display())]
    Missing(PathBuf),
    #[error("The set cannot be read ({detail}); check its permissions and the disk: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("This is no set of faces that is known here ({detail}); say what it is with --format: {}", path.display())]
    Unknown { path: PathBuf, detail: String },
    #[error(
        "This is not {format} as it is known here, it lacks {lacks}; fetch that, or say with --format what it is: {}",
        path.display()
    )]
    Lacks { path: PathBuf, format: Format, lacks: String },
    #[error(
        "The table lacks the {} {} (it has {found}); it may be of another release, or name its own columns: {}",
        if columns.len() == 1 { "column" } else { "columns" }, columns.join(", "), path.display()
    )]
    NoColumns { path: PathBuf, columns: Vec<String>, found: String },
    #[error("The table's column {column} holds {found} instead of {wanted}; name another column: {}", path.display())]
    WrongColumn { path: PathBuf, column: String, found: String, wanted: String },
    #[error("The table is cut off, damaged or none ({detail}); fetch it again: {}", path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error(
        "None of the classes is known here ({}); say which they are with --classes WORD=EXPRESSION: {}",
        words.join(", "), path.display()
    )]
    UnknownClasses { path: PathBuf, words: Vec<String> },
    #[error("There are no faces in this set; check that its pictures are unpacked: {}", .0.display())]
    Empty(PathBuf),
    #[error("The class \"{0}\" is not of the form WORD=EXPRESSION; write for example angry=anger")]
    BadClass(String),
    #[error("The set says nothing of expressions; choose one that does, or name a column of its table with --given: {}", .0.display())]
    NoLabels(PathBuf),
    #[error("The set has no number for {class}; say which with --classes NUMBER={class}: {}", path.display())]
    NoWord { path: PathBuf, class: Expression },
    #[error(
        "The column of labels cannot hold the new ones, for example none at all; make it one of words: {}",
        .0.display()
    )]
    CannotHold(PathBuf),
    #[error("The new labels would be written into the set itself; choose another folder: {}", .0.display())]
    IntoSet(PathBuf),
    #[error("There is a file in place of the folder for the new labels; choose another folder: {}", .0.display())]
    NotAFolder(PathBuf),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl SetError {
    /// The sentence for a failure of the operating system on the way to a file or folder of the set.
    pub(super) fn from_io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                Self::Damaged { path: path.to_owned(), detail: error.to_string() }
            }
            _ => Self::Unreadable { path: path.to_owned(), detail: error.to_string() },
        }
    }
}

/// Why one face of a set cannot be used. Few enough to count by: texts in it are words of the set itself or come from
/// a short list, never numbers of rows or paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Reason {
    #[error("the picture of the row is missing")]
    Missing,
    #[error("the picture has no row")]
    NoRow,
    #[error("an earlier row names the same picture")]
    Twice,
    #[error("the set says that there is no face")]
    NoFace,
    #[error("the class \"{0}\" is not known")]
    UnknownClass(String),
    #[error("the row has {0}")]
    BadRow(String),
}

impl Reason {
    /// A row with something that is not what it should be: `what` in a few words, without the value.
    pub fn bad(what: &str) -> Self {
        Reason::BadRow(what.to_owned())
    }
}
