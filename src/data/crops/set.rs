//! Gathered pictures, read at any place.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use super::at::FileAt;
use super::index::{self, Index};
use super::label::{MAGIC, ROW, Row};
use super::{CropSetError, Keys, Label};
use crate::data::image::{RgbImage, decode, is_stored_crop};

/// Pictures and labels on disk. A clone is another handle to the same; any number of threads may read at once.
#[derive(Clone)]
pub struct CropSet {
    inner: Arc<Inner>,
}

struct Inner {
    labels: FileAt,
    pictures: FileAt,
    keys: Keys,
    sources: Vec<String>,
}

impl CropSet {
    /// Opens the set called `name` in a folder that [`super::build()`] filled. Reads all labels once for their keys.
    ///
    /// # Errors
    /// No such set, one of another version, files whose lengths do not fit, and what keeps a file from being read.
    pub fn open(dir: &Path, name: &str) -> Result<Self, CropSetError> {
        Self::of(dir, name, &Index::read(dir)?)
    }

    pub(super) fn of(dir: &Path, name: &str, index: &Index) -> Result<Self, CropSetError> {
        let sizes = index.sizes(name).ok_or_else(|| CropSetError::NoSet(dir.join(name)))?;
        let labels = FileAt::open(&index::labels_path(dir, name))?;
        let pictures = FileAt::open(&index::pictures_path(dir, name))?;
        for (file, len) in [(&labels, MAGIC.len() as u64 + ROW as u64 * sizes.rows), (&pictures, sizes.bytes)] {
            if file.len() != len {
                return Err(CropSetError::Damaged(file.path().to_owned()));
            }
        }
        let keys = keys_of(labels.path(), sizes.rows as usize)?;
        Ok(Self { inner: Arc::new(Inner { labels, pictures, keys, sources: index.sources.clone() }) })
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.inner.keys.source.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What batches are chosen by.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// Names of the sources, those of the held-back set among them; a label's `source` is a place in this list.
    pub fn sources(&self) -> &[String] {
        &self.inner.sources
    }

    /// All that is known of picture `i`.
    ///
    /// # Errors
    /// No such picture, and what keeps the file from being read.
    pub fn label(&self, i: usize) -> Result<Label, CropSetError> {
        Ok(self.row(i)?.label)
    }

    /// Picture `i` as it is stored: a square of 128, 144 or 168 pixels.
    ///
    /// # Errors
    /// No such picture, what keeps the file from being read, and bytes that changed since they were gathered.
    pub fn picture(&self, i: usize) -> Result<RgbImage, CropSetError> {
        let row = self.row(i)?;
        let file = &self.inner.pictures;
        let end = row.place.checked_add(u64::from(row.length));
        if end.is_none_or(|end| end > file.len()) {
            return Err(CropSetError::Damaged(self.inner.labels.path().to_owned()));
        }
        let mut bytes = vec![0; row.length as usize];
        file.read(row.place, &mut bytes)?;
        let bad = |detail: String| CropSetError::BadPicture { path: file.path().to_owned(), number: i, detail };
        let picture = decode(&bytes).map_err(|e| bad(e.to_string()))?;
        if !is_stored_crop(picture.dimensions()) {
            return Err(bad("it is not square of 128, 144 or 168 pixels".to_owned()));
        }
        Ok(picture)
    }

    fn row(&self, i: usize) -> Result<Row, CropSetError> {
        let file = &self.inner.labels;
        if i >= self.len() {
            return Err(CropSetError::NoPicture { path: file.path().to_owned(), number: i, len: self.len() });
        }
        let mut row = [0; ROW];
        file.read(MAGIC.len() as u64 + (ROW * i) as u64, &mut row)?;
        Ok(Row::from_bytes(&row))
    }
}

impl fmt::Debug for CropSet {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("CropSet").field("labels", &self.inner.labels.path()).field("len", &self.len()).finish()
    }
}

fn keys_of(path: &Path, rows: usize) -> Result<Keys, CropSetError> {
    let read = || {
        let mut file = BufReader::with_capacity(64 * ROW, File::open(path)?);
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic)?;
        if magic != MAGIC {
            return Ok(None);
        }
        let mut keys = Keys::with_capacity(rows);
        let mut row = [0; ROW];
        for _ in 0..rows {
            file.read_exact(&mut row)?;
            keys.push(&row);
        }
        Ok(Some(keys))
    };
    let keys = read().map_err(|e| CropSetError::reading(path, &e))?;
    keys.ok_or_else(|| CropSetError::Damaged(path.to_owned()))
}
