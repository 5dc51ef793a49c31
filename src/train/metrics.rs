//! The numbers of a training, one JSON object a line, added to as it goes.
//!
//! A kill may cut the last line; readers leave it out, and the next process that writes removes it. A line that a full
//! disk kept away is written with the next one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};

use super::observer::Stage;
use super::run_dir::RunDirError;
use crate::data::atomic::{self, WriteError};

/// Lines that wait for a disk with room, at most; the oldest are given up then.
const MOST_WAITING: usize = 10_000;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// Means of the losses over the steps since the last such line; NaN where one was no number.
    Losses {
        step: u64,
        stage: Stage,
        #[serde(deserialize_with = "numbers_or_nan")]
        losses: BTreeMap<String, f64>,
    },
    HeldOut {
        step: u64,
        stage: Stage,
        held_out: HeldOut,
    },
    /// Tables by their titles, such as how well each attribute is read from each part.
    Table {
        step: u64,
        stage: Stage,
        table: serde_json::Value,
    },
    /// Something that happened: resumed, paused, a full disk.
    Event {
        step: u64,
        event: String,
        text: String,
    },
}

impl Line {
    pub fn step(&self) -> u64 {
        match self {
            Line::Losses { step, .. }
            | Line::HeldOut { step, .. }
            | Line::Table { step, .. }
            | Line::Event { step, .. } => *step,
        }
    }
}

/// How good pictures are that the training has not seen; errors in the pixel range 0 to 255, NaN where one was not
/// measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Root mean squared pixel error of the reconstructions.
    #[serde(deserialize_with = "number_or_nan")]
    pub rmse: f64,
    /// The same on as many pictures of the training.
    #[serde(deserialize_with = "number_or_nan")]
    pub rmse_train: f64,
    /// That of the training's mean picture.
    #[serde(deserialize_with = "number_or_nan")]
    pub rmse_mean_face: f64,
    /// That of 99 principal components of the training's pictures.
    #[serde(deserialize_with = "number_or_nan")]
    pub rmse_pca_99: f64,
    /// Sharpness of the reconstructions over that of the pictures.
    #[serde(deserialize_with = "number_or_nan")]
    pub sharpness: f64,
    /// Pictures that were measured.
    pub n: usize,
}

/// JSON has no word for what is no number; it is written as null.
fn number_or_nan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

fn numbers_or_nan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, f64>, D::Error> {
    let numbers = BTreeMap::<String, Option<f64>>::deserialize(deserializer)?;
    Ok(numbers.into_iter().map(|(name, value)| (name, value.unwrap_or(f64::NAN))).collect())
}

/// The file, to add to.
#[derive(Debug)]
pub struct Metrics {
    path: PathBuf,
    file: File,
    /// Where the last whole line ends.
    end: u64,
    waiting: Vec<Vec<u8>>,
}

impl Metrics {
    /// Opens or makes the file, and removes a last line that was cut.
    ///
    /// # Errors
    /// A file that cannot be read or written to.
    pub fn open(path: &Path) -> Result<Self, WriteError> {
        Self::opened(path).map_err(|e| WriteError::new(path, &e))
    }

    fn opened(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let bytes = fs::read(path)?;
        let end = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last as u64 + 1);
        file.set_len(end)?;
        Ok(Metrics { path: path.to_owned(), file, end, waiting: Vec::new() })
    }

    /// Adds a line, after those that could not be written before.
    ///
    /// # Errors
    /// What keeps it from being written; it waits for the next try then.
    pub fn append(&mut self, line: &Line) -> Result<(), WriteError> {
        let other = |e: serde_json::Error| WriteError::Other { path: self.path.clone(), detail: e.to_string() };
        let mut bytes = serde_json::to_vec(line).map_err(other)?;
        bytes.push(b'\n');
        if self.waiting.len() == MOST_WAITING {
            self.waiting.remove(0);
        }
        self.waiting.push(bytes);
        self.flush()
    }

    /// Tries to write the lines that wait.
    ///
    /// # Errors
    /// As [`Metrics::append`].
    pub fn flush(&mut self) -> Result<(), WriteError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let bytes = self.waiting.concat();
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(&bytes));
        if let Err(error) = written {
            // Half of it may stand there; where this fails too, the next try writes over it.
            let _ = self.file.set_len(self.end);
            return Err(WriteError::new(&self.path, &error));
        }
        self.end += bytes.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    /// Has what was written brought to the disk itself, as before a checkpoint that counts on it.
    ///
    /// # Errors
    /// As [`Metrics::append`].
    pub fn sync(&mut self) -> Result<(), WriteError> {
        self.flush()?;
        self.file.sync_data().map_err(|e| WriteError::new(&self.path, &e))
    }

    /// Removes the lines after a step, as where a training goes on from a checkpoint: they are written again.
    ///
    /// # Errors
    /// A file that cannot be read or written; the one before is still there.
    pub fn truncate_after(&mut self, step: u64) -> Result<(), WriteError> {
        self.waiting.clear();
        let bytes = fs::read(&self.path).map_err(|e| WriteError::new(&self.path, &e))?;
        let mut kept = Vec::with_capacity(bytes.len());
        for line in whole_lines(&bytes) {
            if serde_json::from_slice::<Line>(line).is_ok_and(|line| line.step() <= step) {
                kept.extend_from_slice(line);
            }
        }
        atomic::write(&self.path, &kept)?;
        *self = Self::open(&self.path)?;
        Ok(())
    }
}

/// All whole lines of a file; those that make no sense to this program are left out. None where there is no file.
///
/// # Errors
/// A file that cannot be read.
pub fn read(path: &Path) -> Result<Vec<Line>, RunDirError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RunDirError::unreadable(path, &error)),
    };
    Ok(whole_lines(&bytes).filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

/// The lines with their ends, without a last one that has none.
fn whole_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| line.ends_with(b"\n"))
}
