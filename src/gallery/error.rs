//! What can be wrong with an index, each as one sentence with the path last.

use std::io;
use std::path::{Path, PathBuf};

use super::schema::INDEX_VERSION;
use crate::data::atomic::WriteError;
use crate::data::database::Trouble;
use crate::data::image::PictureError;
use crate::data::shards::ShardError;
use crate::face::ModelName;

/// Why an index cannot be opened, read or written. What it held before is still there.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    #[error("There is no index here; choose the folder of one or build one: {}", .0.display())]
    NoIndex(PathBuf),
    #[error("There is an index here already; update it, delete it or choose another folder: {}", .0.display())]
    Exists(PathBuf),
    #[error("This folder holds other things than an index; choose an empty or a new one: {}", .0.display())]
    NotEmpty(PathBuf),
    #[error("Another process is writing this index; wait until it is done, or stop it: {}", .0.display())]
    Busy(PathBuf),
    #[error(
        "This index was made by a newer facespace (format {found}, this one reads up to {INDEX_VERSION}); update \
         facespace: {}",
        path.display()
    )]
    Newer { path: PathBuf, found: i64 },
    #[error("The index is cut off or damaged ({detail}); delete it and build it anew: {}", path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error(
        "This index was made with the weights {made_with}, whose codes cannot be compared with those of {used}; rebuild \
         it, or use those weights: {}",
        path.display()
    )]
    OtherModel { path: PathBuf, made_with: Box<ModelName>, used: Box<ModelName> },
    #[error(
        "This index was being written when it was put on a disk that cannot be written; copy it to another one: {}",
        .0.display()
    )]
    Unclosed(PathBuf),
    #[error("The index cannot be used ({detail}); check the disk it lies on, and try again: {}", path.display())]
    Store { path: PathBuf, detail: String },
    #[error("There is no such file or folder; check its name: {}", .0.display())]
    NoSource(PathBuf),
    #[error("This is neither a folder nor a picture nor a shard of crops; choose one of those: {}", .0.display())]
    NotASource(PathBuf),
    #[error("The picture is no longer there; put it back, or update the index: {}", .0.display())]
    Gone(PathBuf),
    #[error("The picture has changed since it was indexed; update the index: {}", .0.display())]
    Changed(PathBuf),
    #[error("The face is no longer in the index; search again")]
    NoFace,
    #[error("The code of a face is not 99 numbers with a direction in each part; encode the picture again")]
    BadCode,
    #[error("No faces were chosen; choose those that are meant first")]
    NoFaces,
    #[error("A person needs a name; type one")]
    NoName,
    #[error("Codes are exported as .parquet, .csv or .npy; give the file one of these endings: {}", .0.display())]
    UnknownExtension(PathBuf),
    /// What the networks say, whole.
    #[error("{0}")]
    Networks(String),
    #[error("The operating system gives no more threads ({0}); close other programs and try again")]
    NoThread(String),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Picture(#[from] PictureError),
}

impl GalleryError {
    /// The sentence for what is wrong with the database in `folder`.
    pub(super) fn of(folder: &Path, trouble: Trouble) -> Self {
        let path = folder.to_owned();
        match trouble {
            Trouble::Missing | Trouble::Foreign => Self::NoIndex(path),
            Trouble::Exists => Self::Exists(path),
            Trouble::Newer(found) => Self::Newer { path, found },
            Trouble::Damaged(detail) => Self::Damaged { path, detail },
            Trouble::Unclosed => Self::Unclosed(path),
            Trouble::Busy => Self::Busy(path),
            Trouble::Unwritable(why) => why(path).into(),
            Trouble::Other(detail) => Self::Store { path, detail },
        }
    }

    /// The sentence for a failure of the database in `folder`.
    pub(super) fn store(folder: &Path, error: &rusqlite::Error) -> Self {
        Self::of(folder, Trouble::of(error))
    }

    /// The sentence for a folder or file of an index that cannot be read.
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::of(path, Trouble::of_io(error))
    }
}
