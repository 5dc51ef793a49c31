//! Shards of synthetic faces: drawn on all cores, a chunk at a time, and all of them in place or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use super::{PER_PERSON, record};
use crate::data::atomic::WriteError;
use crate::data::shards::{self, Record};

/// The shard to measure on, which is put in place last: where it is there, all are.
pub const LAST_SHARD: &str = "synthetic-val-00-of-01.parquet";

/// Fewer faces than one person has make no set.
pub const FEWEST: usize = PER_PERSON as usize;

/// Faces of a shard: about 50 MB.
const PER_SHARD: usize = 8000;
/// Faces drawn together; only these are in memory.
const CHUNK: usize = 64;
/// Held-back faces are counted from here on, so that no person is in both sets, however many faces there are.
const HELD_BACK_FROM: u64 = 1 << 32;

/// The shards that were written.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// Shards to train on, then the one to measure on.
    pub shards: Vec<PathBuf>,
    /// Faces to train on.
    pub train: usize,
    /// Faces to measure on, of other people.
    pub held_back: usize,
    pub bytes: u64,
}

/// Why there are no synthetic faces.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    #[error("A set has {FEWEST} faces or more, not {0}; ask for more of them")]
    TooFew(usize),
    #[error("The drawing of faces was stopped; nothing was written")]
    Cancelled,
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Writes `count` faces into a folder, which is made where it is missing: a tenth of them, other people, into a shard
/// for measuring (`-val-`), the others into shards for training. They take the place of the synthetic shards that are
/// there. `progress` hears from any thread how many faces are drawn, and stops the drawing by answering false.
///
/// # Errors
/// Fewer faces than [`FEWEST`], a stop, and whatever keeps a file from being written; the folder is then as it was.
pub fn write(
    dir: &Path,
    count: usize,
    seed: u64,
    progress: &(dyn Fn(usize) -> bool + Sync),
) -> Result<Written, SynthError> {
    if count < FEWEST {
        return Err(SynthError::TooFew(count));
    }
    let made_here = !dir.exists();
    let about = |error: io::Error| WriteError::new(dir, &error);
    fs::create_dir_all(dir).map_err(about)?;
    let outcome = tempfile::Builder::new()
        .prefix(".synthetic-")
        .tempdir_in(dir)
        .map_err(|error| about(error).into())
        .and_then(|beside| write_beside(dir, beside.path(), count, seed, progress));
    if outcome.is_err() && made_here {
        // Only where it is empty, and the first failure is the one to tell.
        let _ = fs::remove_dir(dir);
    }
    outcome
}

/// Writes everything into a folder beside, then moves it into place.
fn write_beside(
    dir: &Path,
    beside: &Path,
    count: usize,
    seed: u64,
    progress: &(dyn Fn(usize) -> bool + Sync),
) -> Result<Written, SynthError> {
    let held_back = (count / 10).max(1);
    let train = count - held_back;
    let faces = Faces { seed, done: AtomicUsize::new(0), stopped: AtomicBool::new(false), progress };
    let number_of_shards = train.div_ceil(PER_SHARD);
    let mut names = Vec::new();
    for shard in 0..number_of_shards {
        let name = format!("synthetic-train-{shard:02}-of-{number_of_shards:02}.parquet");
        let (from, to) = (shard * PER_SHARD, ((shard + 1) * PER_SHARD).min(train));
        faces.write(dir, &beside.join(&name), from as u64, to - from)?;
        names.push(name);
    }
    let name = LAST_SHARD.to_owned();
    faces.write(dir, &beside.join(&name), HELD_BACK_FROM, held_back)?;
    names.push(name);
    let shards = put_in_place(dir, beside, &names)?;
    let bytes = shards.iter().filter_map(|shard| fs::metadata(shard).ok()).map(|about| about.len()).sum();
    Ok(Written { shards, train, held_back, bytes })
}

/// Moves shards into the folder; synthetic ones of an earlier, larger set go.
fn put_in_place(dir: &Path, beside: &Path, names: &[String]) -> Result<Vec<PathBuf>, WriteError> {
    let about = |error: io::Error| WriteError::new(dir, &error);
    for entry in fs::read_dir(dir).map_err(about)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("synthetic-") && name.ends_with(".parquet") && !names.contains(&name) {
            fs::remove_file(entry.path()).map_err(|error| WriteError::new(&entry.path(), &error))?;
        }
    }
    let into_place = |name: &String| {
        let place = dir.join(name);
        fs::rename(beside.join(name), &place).map_err(|error| WriteError::new(&place, &error))?;
        Ok(place)
    };
    names.iter().map(into_place).collect()
}

/// Faces on the way into shards.
struct Faces<'a> {
    seed: u64,
    done: AtomicUsize,
    stopped: AtomicBool,
    progress: &'a (dyn Fn(usize) -> bool + Sync),
}

impl Faces<'_> {
    /// Writes one shard of faces that follow each other.
    fn write(&self, dir: &Path, path: &Path, first: u64, count: usize) -> Result<(), SynthError> {
        let chunks = (0..count).step_by(CHUNK).map(|from| (from, (from + CHUNK).min(count)));
        let rows = chunks.flat_map(|(from, to)| {
            let numbers = first + from as u64..first + to as u64;
            let drawn: Vec<Option<Record>> = numbers.into_par_iter().map(|number| self.draw(number)).collect();
            drawn.into_iter().map(|face| face.ok_or(SynthError::Cancelled))
        });
        let written = shards::write(path, rows);
        written.map(|_| ()).map_err(|error| match error {
            // The name that people know, not the one beside it.
            SynthError::Write(error) => SynthError::Write(at_home(error, dir)),
            other => other,
        })
    }

    /// One face, unless somebody stopped the drawing.
    fn draw(&self, number: u64) -> Option<Record> {
        if self.stopped.load(Ordering::Relaxed) {
            return None;
        }
        let face = record(self.seed, number);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !(self.progress)(done) {
            self.stopped.store(true, Ordering::Relaxed);
            return None;
        }
        Some(face)
    }
}

/// The same error about the folder.
fn at_home(error: WriteError, dir: &Path) -> WriteError {
    let dir = dir.to_owned();
    match error {
        WriteError::DiskFull(_) => WriteError::DiskFull(dir),
        WriteError::NoPermission(_) => WriteError::NoPermission(dir),
        WriteError::ReadOnlyDisk(_) => WriteError::ReadOnlyDisk(dir),
        WriteError::NoFolder(_) => WriteError::NoFolder(dir),
        WriteError::IsFolder(_) => WriteError::IsFolder(dir),
        WriteError::Other { detail, .. } => WriteError::Other { path: dir, detail },
    }
}
