//! The checkpoints of a run: a folder a step, there whole or not at all.
//!
//! A checkpoint is written into a hidden folder, each file through to the disk, its `state.json` last; then the folder
//! gets its name. One that is removed loses its name first. So a name stands for a whole checkpoint at every moment.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::observer::Stage;
use super::run_dir::{RunDirError, step_name};
use crate::data::atomic::{self, WriteError};
use crate::nn::NetworksConfig;

/// The newest version of a checkpoint that this program reads, and the one it writes.
pub const CHECKPOINT_VERSION: u32 = 1;

/// Beginning and end of what has no name yet or no longer.
const HIDDEN: &str = ".step-";
const PART: &str = ".part";
/// The end of a checkpoint that makes room for another one of its step.
const OLD: &str = ".old.part";

/// A checkpoint's `state.json`: what is not a tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckpointState {
    pub version: u32,
    /// Steps done, over the whole run.
    pub step: u64,
    pub stage: Stage,
    /// The newest held-out error at that step; none before the first measurement.
    pub held_out_rmse: Option<f64>,
    /// The sizes that its networks have.
    pub networks: NetworksConfig,
    /// What else the trainer needs to go on.
    #[serde(default)]
    pub trainer: serde_json::Value,
}

/// A whole checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    pub path: PathBuf,
    pub state: CheckpointState,
}

impl Saved {
    pub const STATE: &str = "state.json";

    pub fn step(&self) -> u64 {
        self.state.step
    }

    /// One of its files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn rmse(&self) -> Option<f64> {
        self.state.held_out_rmse.filter(|rmse| rmse.is_finite())
    }
}

/// Which checkpoint a training goes on from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    Newest,
    /// The one of the lowest held-out error.
    Best,
    /// The one of this step.
    Step(u64),
}

impl FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "newest" => Ok(Which::Newest),
            "best" => Ok(Which::Best),
            step => {
                step.parse().map(Which::Step).map_err(|_| format!("\"{text}\" is none; say best, newest or a step"))
            }
        }
    }
}

/// The folder of checkpoints.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    folder: PathBuf,
}

impl Checkpoints {
    pub fn new(folder: PathBuf) -> Self {
        Checkpoints { folder }
    }

    /// Removes what a kill has left half-written or half-removed, and gives a checkpoint its name back whose successor
    /// had none yet. Only for the process that holds the run's lock.
    ///
    /// # Errors
    /// A folder that cannot be made or written to.
    pub fn tidy(&self) -> Result<(), WriteError> {
        fs::create_dir_all(&self.folder).map_err(|e| WriteError::new(&self.folder, &e))?;
        let entries = fs::read_dir(&self.folder).map_err(|e| WriteError::new(&self.folder, &e))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(hidden) = name.strip_prefix(HIDDEN).filter(|name| name.ends_with(PART)) else { continue };
            if let Some(digits) = hidden.strip_suffix(OLD) {
                let named = self.folder.join(format!("step-{digits}"));
                if !named.exists() {
                    fs::rename(&path, &named).map_err(|e| WriteError::new(&named, &e))?;
                    continue;
                }
            }
            fs::remove_dir_all(&path).map_err(|e| WriteError::new(&path, &e))?;
        }
        Ok(())
    }

    /// All whole checkpoints, oldest first. A folder without a readable `state.json` is none.
    ///
    /// # Errors
    /// One that a newer program has written.
    pub fn list(&self) -> Result<Vec<Saved>, RunDirError> {
        let mut saved = Vec::new();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(step) = name.to_str().and_then(|name| name.strip_prefix("step-")?.parse::<u64>().ok()) else {
                continue;
            };
            match read_state(&entry.path()) {
                Ok(state) if state.step == step => saved.push(Saved { path: entry.path(), state }),
                Err(error @ RunDirError::Newer(_)) => return Err(error),
                // Damaged by something else than this program, which never leaves one; the others are still good.
                Ok(_) | Err(_) => (),
            }
        }
        saved.sort_by_key(Saved::step);
        Ok(saved)
    }

    /// # Errors
    /// As [`Checkpoints::list`].
    pub fn newest(&self) -> Result<Option<Saved>, RunDirError> {
        Ok(self.list()?.pop())
    }

    /// The one of the lowest held-out error, the newer of two; none before the first measurement.
    ///
    /// # Errors
    /// As [`Checkpoints::list`].
    pub fn best(&self) -> Result<Option<Saved>, RunDirError> {
        Ok(best_of(&self.list()?).cloned())
    }

    /// The one to go on from; none where the newest is asked for and there is none at all.
    ///
    /// # Errors
    /// [`RunDirError::NoCheckpoint`] with those that are there, and as [`Checkpoints::list`].
    pub fn find(&self, which: Which) -> Result<Option<Saved>, RunDirError> {
        let mut saved = self.list()?;
        let found = match which {
            Which::Newest => return Ok(saved.pop()),
            Which::Best => best_of(&saved),
            Which::Step(step) => saved.iter().find(|checkpoint| checkpoint.step() == step),
        };
        found.cloned().map(Some).ok_or_else(|| self.no_checkpoint(which, &saved))
    }

    fn no_checkpoint(&self, which: Which, saved: &[Saved]) -> RunDirError {
        let what = match which {
            Which::Step(step) => format!("There is no checkpoint of step {step}"),
            Which::Best | Which::Newest => "No checkpoint was measured yet".to_owned(),
        };
        let steps: Vec<String> = saved.iter().map(|checkpoint| checkpoint.step().to_string()).collect();
        let way_out = match &steps[..] {
            [] => "there is none at all, leave out --from to begin again".to_owned(),
            [only] => format!("the only one is that of step {only}"),
            several => format!("choose one of the steps {}", several.join(", ")),
        };
        RunDirError::NoCheckpoint { what, way_out, path: self.folder.clone() }
    }

    /// Removes all but the newest `keep` and the best.
    ///
    /// # Errors
    /// What keeps a folder from being removed, and as [`Checkpoints::list`].
    pub fn prune(&self, keep: usize) -> Result<(), RunDirError> {
        let saved = self.list()?;
        let best = best_of(&saved).map(Saved::step);
        let old = saved.len().saturating_sub(keep.max(1));
        for checkpoint in saved[..old].iter().filter(|checkpoint| Some(checkpoint.step()) != best) {
            self.remove(checkpoint)?;
        }
        Ok(())
    }

    /// Removes the checkpoints after a step, as where a training goes on from an earlier one.
    ///
    /// # Errors
    /// As [`Checkpoints::prune`].
    pub fn remove_after(&self, step: u64) -> Result<(), RunDirError> {
        let saved = self.list()?;
        saved.iter().filter(|checkpoint| checkpoint.step() > step).try_for_each(|checkpoint| self.remove(checkpoint))
    }

    fn remove(&self, checkpoint: &Saved) -> Result<(), RunDirError> {
        let failed = |e| WriteError::new(&checkpoint.path, &e);
        let gone = self.hidden(checkpoint.step(), ".gone.part");
        fs::rename(&checkpoint.path, &gone).map_err(failed)?;
        Ok(fs::remove_dir_all(&gone).map_err(failed)?)
    }

    /// Begins a checkpoint, which is none until it is committed.
    ///
    /// # Errors
    /// What keeps a folder from being made.
    pub fn begin(&self, step: u64) -> Result<PendingCheckpoint, WriteError> {
        let path = self.hidden(step, PART);
        let failed = |e: io::Error| WriteError::new(&path, &e);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => fs::create_dir_all(&path).map_err(failed)?,
        }
        Ok(PendingCheckpoint { checkpoints: self.clone(), step, path, committed: false })
    }

    fn hidden(&self, step: u64, end: &str) -> PathBuf {
        self.folder.join(format!(".{}{end}", step_name(step)))
    }
}

fn best_of(saved: &[Saved]) -> Option<&Saved> {
    let measured = saved.iter().rev().filter_map(|checkpoint| Some((checkpoint, checkpoint.rmse()?)));
    measured.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(checkpoint, _)| checkpoint)
}

fn read_state(checkpoint: &Path) -> Result<CheckpointState, RunDirError> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let path = checkpoint.join(Saved::STATE);
    let bytes = fs::read(&path).map_err(|e| RunDirError::unreadable(&path, &e))?;
    let damaged = |e: serde_json::Error| RunDirError::Damaged { path: path.clone(), detail: e.to_string() };
    let Version { version } = serde_json::from_slice(&bytes).map_err(damaged)?;
    if version > CHECKPOINT_VERSION {
        return Err(RunDirError::Newer(path));
    }
    serde_json::from_slice(&bytes).map_err(damaged)
}

/// A checkpoint that is being written. Dropping it removes what was written.
#[derive(Debug)]
pub struct PendingCheckpoint {
    checkpoints: Checkpoints,
    step: u64,
    path: PathBuf,
    committed: bool,
}

impl PendingCheckpoint {
    /// The folder to write into.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one of its files, through to the disk.
    ///
    /// # Errors
    /// What keeps a file from being written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        atomic::write(&self.path.join(name), bytes)
    }

    /// Makes it a checkpoint, in the place of one of the same step.
    ///
    /// # Errors
    /// What keeps a file from being written; the one of the same step is still there then.
    pub fn commit(mut self, state: &CheckpointState) -> Result<Saved, WriteError> {
        let named = self.checkpoints.folder.join(step_name(self.step));
        let text = serde_json::to_string_pretty(&CheckpointState { step: self.step, ..state.clone() })
            .map_err(|e| WriteError::Other { path: named.clone(), detail: e.to_string() })?;
        self.write(Saved::STATE, text.as_bytes())?;
        self.rename(&named).map_err(|e| WriteError::new(&named, &e))?;
        self.committed = true;
        Ok(Saved { path: named, state: CheckpointState { step: self.step, ..state.clone() } })
    }

    fn rename(&self, named: &Path) -> io::Result<()> {
        sync_folder(&self.path)?;
        let old = self.checkpoints.hidden(self.step, OLD);
        let replaces = named.exists();
        if replaces {
            // Left by a removal that failed; what has the name is whole.
            let _ = fs::remove_dir_all(&old);
            fs::rename(named, &old)?;
        }
        if let Err(error) = fs::rename(&self.path, named) {
            if replaces {
                // The first failure is the one to tell; the next start gives the name back.
                let _ = fs::rename(&old, named);
            }
            return Err(error);
        }
        sync_folder(&self.checkpoints.folder)?;
        if replaces {
            // It is whole and hidden; the next start removes it.
            let _ = fs::remove_dir_all(&old);
        }
        Ok(())
    }
}

impl Drop for PendingCheckpoint {
    fn drop(&mut self) {
        if !self.committed {
            // The next start removes what is left.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Brings the names in a folder to the disk; without this a power cut may undo a rename.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Folders cannot be opened there.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
