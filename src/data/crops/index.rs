//! `index.json`: what a folder of gathered pictures holds, how long its files are and what they were made from. It is
//! written last, so where it is, the rest is whole.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{CropSetError, Report};
use crate::data::atomic;

/// The layout of the whole folder; it is made again for any other.
pub(super) const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Index {
    pub version: u32,
    /// Stands for the inputs and options.
    pub fingerprint: String,
    pub sources: Vec<String>,
    pub sets: Vec<Sizes>,
    pub report: Report,
}

/// How long the two files of a set are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sizes {
    pub name: String,
    pub rows: u64,
    /// Bytes of all pictures together.
    pub bytes: u64,
}

pub(super) fn path_in(dir: &Path) -> PathBuf {
    dir.join("index.json")
}

pub(super) fn pictures_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.pictures"))
}

pub(super) fn labels_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.labels"))
}

impl Index {
    /// # Errors
    /// No index, one that cannot be read, a damaged one, one of another version.
    pub fn read(dir: &Path) -> Result<Self, CropSetError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let path = path_in(dir);
        let text = fs::read(&path).map_err(|e| CropSetError::reading(&path, &e))?;
        let Version { version } = serde_json::from_slice(&text).map_err(|_| CropSetError::Damaged(path.clone()))?;
        if version != VERSION {
            return Err(CropSetError::OtherVersion(path));
        }
        serde_json::from_slice(&text).map_err(|_| CropSetError::Damaged(path))
    }

    pub fn write(&self, dir: &Path) -> Result<(), CropSetError> {
        // Numbers and texts alone: there is nothing in it that JSON cannot say.
        let text = serde_json::to_vec_pretty(self).expect("an index is plain data");
        Ok(atomic::write(&path_in(dir), &text)?)
    }

    pub fn sizes(&self, name: &str) -> Option<&Sizes> {
        self.sets.iter().find(|sizes| sizes.name == name)
    }
}
