//! What can be wrong with shards, each as one sentence with the path last.

use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

/// Why a shard, or a row of it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    #[error("There is no such file or folder; check its name: {}", .0.display())]
    Missing(PathBuf),
    #[error("The shard cannot be read ({detail}); check its permissions and the disk: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("The shard is cut off, damaged or no Parquet file ({detail}); fetch it again: {}", path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("The shard lacks the column {column} (it has {found}); prepare the pictures again: {}", path.display())]
    NoColumn { path: PathBuf, column: &'static str, found: String },
    #[error(
        "The shard's column {column} holds {found} instead of {wanted}; prepare the pictures again: {}",
        path.display()
    )]
    WrongColumn { path: PathBuf, column: String, found: String, wanted: &'static str },
    #[error("Row {row} of the shard has {what}; leave the row out or prepare the pictures again: {}", path.display())]
    BadRow { path: PathBuf, row: u64, what: String },
    #[error("There are no shards for this purpose; name Parquet files or folders of them: {}", .0.display())]
    NoShards(PathBuf),
}

impl ShardError {
    pub(super) fn from_io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            _ => Self::Unreadable { path: path.to_owned(), detail: error.to_string() },
        }
    }

    pub(super) fn from_parquet(path: &Path, error: &ParquetError) -> Self {
        let detail = match error {
            // Without the library's own "Parquet error:" before it, which says nothing.
            ParquetError::General(message) => message.clone(),
            other => other.to_string(),
        };
        Self::Damaged { path: path.to_owned(), detail }
    }
}
