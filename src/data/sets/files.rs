//! Names in folders, one folder at a time, and names that were there before.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::SetError;
use crate::data::hash;
use crate::data::inputs::{files_in, is_picture};

/// Names of which some have been seen, at some 16 bytes each: their hashes, which for as many as there are faces in any
/// set do not meet by chance.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(HashSet<u64>);

impl Seen {
    /// Whether the name was not seen before; it is from now on.
    pub fn is_new(&mut self, name: &str) -> bool {
        self.0.insert(Self::number(name))
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&Self::number(name))
    }

    /// What stands for a name.
    pub fn number(name: &str) -> u64 {
        hash::mix(hash::fnv(name.bytes()))
    }
}

/// The names of the pictures directly in a folder, sorted, but for hidden ones.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn pictures(folder: &Path) -> Result<Vec<String>, SetError> {
    names(folder, is_picture)
}

/// The names of the files directly in a folder that `wanted` accepts, sorted, but for hidden ones.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn names(folder: &Path, wanted: fn(&Path) -> bool) -> Result<Vec<String>, SetError> {
    let found = files_in(folder, wanted).map_err(|e| SetError::from_io(folder, &e))?;
    let mut names: Vec<String> = found.iter().map(|path| name_of(path)).collect();
    drop(found);
    names.sort_unstable();
    Ok(names)
}

/// The names of the folders directly in a folder, sorted, but for hidden ones.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn folders(folder: &Path) -> Result<Vec<String>, SetError> {
    let failed = |error: std::io::Error| SetError::from_io(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_dir() {
            found.push(name);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The last part of a path; of a folder written as `.` or `..`, what it is called.
pub(super) fn name_of(path: &Path) -> String {
    match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => {
            let whole = fs::canonicalize(path).unwrap_or_default();
            whole.file_name().unwrap_or_default().to_string_lossy().into_owned()
        }
    }
}

/// A name that shards can be called after: lower case, letters and digits alone.
pub(super) fn plain(name: &str) -> String {
    let name: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if name.is_empty() { "set".to_owned() } else { name }
}

/// What a picture is called in a table as a key: with `/` between folders, and without what says nothing.
pub(super) fn key_of(name: &str) -> String {
    let name = name.trim().replace('\\', "/");
    name.trim_start_matches("./").to_owned()
}

/// Where a file lies; `.` where its name says nothing of it.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
