//! What can be wrong with the pictures of a training, each as one sentence with the path last.

use std::io;
use std::path::{Path, PathBuf};

use crate::data::atomic::WriteError;
use crate::data::inputs::InputError;
use crate::data::shards::ShardError;

/// Why pictures cannot be gathered, or one of them not be read.
#[derive(Debug, thiserror::Error)]
pub enum CropSetError {
    #[error("No pictures were given to train on; name shards, folders of shards or folders of crops")]
    NoData,
    #[error("There is nothing to train on here: shards named -val- or -test- are only measured on, and those named \
             loose- or scenes- hold whole photographs; name other shards or a folder of crops: {}", .0.display())]
    NoneToTrain(PathBuf),
    #[error(
        "None of the pictures can be trained on: {reasons}; use square crops of 128, 144 or 168 pixels: {}",
        path.display()
    )]
    NothingUsable { path: PathBuf, reasons: String },
    #[error(
        "None of the sub-folders is named after an expression, such as happy or neutral; rename them, or let them be \
         people or nothing: {}",
        .0.display()
    )]
    NoExpressions(PathBuf),
    #[error("The pictures come from more than 65535 sources; put them into fewer folders or shards")]
    TooManySources,
    #[error("The gathering of the pictures was cancelled")]
    Cancelled,
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("There are no gathered pictures of this name; gather them again: {}", .0.display())]
    NoSet(PathBuf),
    #[error("The gathered pictures are cut off or damaged; delete them, they are then made again: {}", .0.display())]
    Damaged(PathBuf),
    #[error(
        "The gathered pictures were made by another version; delete them, they are then made again: {}",
        .0.display()
    )]
    OtherVersion(PathBuf),
    #[error("The gathered pictures cannot be read ({detail}); check the disk and permissions: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("There is no picture {number} among the {len} gathered ones; gather them again: {}", path.display())]
    NoPicture { path: PathBuf, number: usize, len: usize },
    #[error(
        "The gathered picture {number} cannot be decoded ({detail}); delete the pictures, they are then made again: {}",
        path.display()
    )]
    BadPicture { path: PathBuf, number: usize, detail: String },
}

impl CropSetError {
    /// The sentence for a failure of the operating system on the way to a gathered file.
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NoSet(path.to_owned()),
            io::ErrorKind::UnexpectedEof => Self::Damaged(path.to_owned()),
            _ => Self::Unreadable { path: path.to_owned(), detail: error.to_string() },
        }
    }
}
