//! Sets on their way to disk: written in a folder of their own inside the final one, moved when they are whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::CropSetError;
use super::index::{self, Sizes};
use super::label::{Label, MAGIC, Row};
use crate::data::atomic::WriteError;

/// The folder inside a set's folder in which the next one is made.
const PART: &str = ".part";

/// The folder of what is not finished; it goes when this is dropped.
pub(super) struct PartFolder {
    path: PathBuf,
}

impl PartFolder {
    /// Makes `dir` and an empty folder in it; what a killed program left there goes.
    pub fn create(dir: &Path) -> Result<Self, CropSetError> {
        let path = dir.join(PART);
        let create = || {
            fs::create_dir_all(dir)?;
            if path.exists() {
                fs::remove_dir_all(&path)?;
            }
            fs::create_dir(&path)
        };
        create().map_err(|e| WriteError::new(dir, &e))?;
        Ok(Self { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Moves the files of these sets into `dir`, over those that are there.
    pub fn deliver(&self, dir: &Path, sets: &[Sizes]) -> Result<(), CropSetError> {
        // Old lengths must not meet new files.
        match fs::remove_file(index::path_in(dir)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(WriteError::new(dir, &error).into()),
            _ => {}
        }
        for Sizes { name, .. } in sets {
            for place in [index::pictures_path, index::labels_path] {
                let target = place(dir, name);
                fs::rename(place(&self.path, name), &target).map_err(|e| WriteError::new(&target, &e))?;
            }
        }
        Ok(())
    }
}

impl Drop for PartFolder {
    fn drop(&mut self) {
        // What stays is removed by the next one; there is nobody to tell here.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// One set that grows by a picture at a time.
pub(super) struct SetWriter {
    sizes: Sizes,
    pictures: Output,
    labels: Output,
}

impl SetWriter {
    pub fn create(folder: &PartFolder, name: &str) -> Result<Self, CropSetError> {
        let pictures = Output::create(index::pictures_path(folder.path(), name))?;
        let mut labels = Output::create(index::labels_path(folder.path(), name))?;
        labels.write(&MAGIC)?;
        Ok(Self { sizes: Sizes { name: name.to_owned(), rows: 0, bytes: 0 }, pictures, labels })
    }

    pub fn rows(&self) -> u64 {
        self.sizes.rows
    }

    /// Adds a picture's file, as it is, and its label. Files of crops are far below the 4 GB that a row can name.
    pub fn add(&mut self, picture: &[u8], label: Label) -> Result<(), CropSetError> {
        self.pictures.write(picture)?;
        let row = Row { place: self.sizes.bytes, length: picture.len() as u32, label };
        self.labels.write(&row.to_bytes())?;
        self.sizes.rows += 1;
        self.sizes.bytes += picture.len() as u64;
        Ok(())
    }

    /// Everything on the disk.
    pub fn finish(self) -> Result<Sizes, CropSetError> {
        self.pictures.finish()?;
        self.labels.finish()?;
        Ok(self.sizes)
    }
}

/// A file that is written from front to end, and named where it fails.
struct Output {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Output {
    fn create(path: PathBuf) -> Result<Self, CropSetError> {
        let file = File::create(&path).map_err(|e| WriteError::new(&path, &e))?;
        Ok(Self { path, file: BufWriter::with_capacity(1 << 16, file) })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), CropSetError> {
        Ok(self.file.write_all(bytes).map_err(|e| WriteError::new(&self.path, &e))?)
    }

    fn finish(self) -> Result<(), CropSetError> {
        let Self { path, file } = self;
        let finish = || file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all();
        Ok(finish().map_err(|e| WriteError::new(&path, &e))?)
    }
}
