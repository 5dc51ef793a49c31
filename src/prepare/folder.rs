//! The folder that a set is prepared into, held by one process at a time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::PrepareError;
use super::journal::JOURNAL;
use crate::data::atomic::WriteError;
use crate::data::lock::Lock;

/// The file in the folder that one process holds.
pub const LOCK: &str = "lock";

/// Held while it lives.
pub(super) struct Folder {
    path: PathBuf,
    /// Whether it was made here.
    is_new: bool,
    _lock: Lock,
}

impl Folder {
    /// Takes a folder, which is made where it is missing. What a killed process left half written goes.
    ///
    /// # Errors
    /// The set's own folder, one with shards of another kind, one that another process holds or that cannot be written.
    pub fn take(path: &Path, set_root: &Path) -> Result<Self, PrepareError> {
        if path.is_file() {
            return Err(PrepareError::NotAFolder(path.to_owned()));
        }
        let is_new = !path.exists();
        fs::create_dir_all(path).map_err(|error| WriteError::new(path, &error))?;
        let taken = Self::take_existing(path, set_root, is_new);
        if taken.is_err() && is_new {
            // Only where it is empty, and the first failure is the one to tell.
            let _ = fs::remove_dir(path);
        }
        taken
    }

    fn take_existing(path: &Path, set_root: &Path, is_new: bool) -> Result<Self, PrepareError> {
        let unreadable =
            |error: io::Error| PrepareError::Unreadable { path: path.to_owned(), detail: error.to_string() };
        let whole = fs::canonicalize(path).map_err(unreadable)?;
        if fs::canonicalize(set_root).is_ok_and(|root| root == whole) {
            return Err(PrepareError::IntoSet(path.to_owned()));
        }
        let names = names(path).map_err(unreadable)?;
        if !names.iter().any(|name| name == JOURNAL) && names.iter().any(|name| name.ends_with(".parquet")) {
            return Err(PrepareError::NotEmpty(path.to_owned()));
        }
        let lock = Lock::take(&path.join(LOCK)).map_err(|error| WriteError::new(path, &error))?;
        let lock = lock.ok_or_else(|| PrepareError::Busy(path.to_owned()))?;
        let is_ours = |name: &&String| {
            let is_of = name.contains(".parquet.") || name.contains(JOURNAL);
            is_of && name.starts_with('.') && name.ends_with(".part")
        };
        for name in names.iter().filter(is_ours) {
            // It may be somebody else's, and it harms nobody.
            let _ = fs::remove_file(path.join(name));
        }
        Ok(Self { path: path.to_owned(), is_new, _lock: lock })
    }

    /// Takes away what was begun, where no shard was finished. What cannot be removed harms nobody.
    pub fn leave_as_it_was(self) {
        for name in [JOURNAL, LOCK] {
            let _ = fs::remove_file(self.path.join(name));
        }
        if self.is_new {
            let _ = fs::remove_dir(&self.path);
        }
    }
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}
