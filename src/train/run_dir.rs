//! A run directory: the names of what lies in it, who may train there, and its settings.
//!
//! [`RunDir::create`] and [`RunDir::resume`] hold the directory's lock, which the operating system lets go of when the
//! process ends, however it does; [`RunDir::open`] only looks. What is in it is written whole or not at all, so that a
//! kill at any moment leaves a directory that can be gone on with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::checkpoints::Checkpoints;
use super::config::Config;
use super::control::ControlFile;
use super::metrics;
pub use super::status::{State, Status, StatusFile};
use super::toml_file::{self, ConfigError};
use crate::data::atomic::{self, WriteError};
use crate::data::lock::{self, Lock};

/// Why a run directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RunDirError {
    #[error("There is no training here; choose the folder of one or start one: {}", .0.display())]
    NoRun(PathBuf),
    #[error("There is a training here already; go on with it by --resume or choose another folder: {}", .0.display())]
    Exists(PathBuf),
    #[error("A training runs in this folder already; stop it or choose another folder: {}", .0.display())]
    InUse(PathBuf),
    #[error("{what}; {way_out}: {}", path.display())]
    NoCheckpoint { what: String, way_out: String, path: PathBuf },
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("The run's file cannot be read ({detail}); check its path and permissions: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("The run's file is damaged ({detail}); remove it, or choose another run: {}", path.display())]
    Damaged { path: PathBuf, detail: String },
    #[error("The run was written by a newer facespace; use that one to read it: {}", .0.display())]
    Newer(PathBuf),
    #[error("{source}: {}", path.display())]
    Config { path: PathBuf, source: ConfigError },
}

impl RunDirError {
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), detail: error.to_string() }
    }
}

/// A training's folder.
#[derive(Debug)]
pub struct RunDir {
    path: PathBuf,
    /// Held by the one who trains, for as long as this lives.
    lock: Option<Lock>,
}

impl RunDir {
    pub const CONFIG: &str = "config.toml";
    pub const STATUS: &str = "status.json";
    pub const METRICS: &str = "metrics.jsonl";
    pub const PREVIEWS: &str = "previews";
    pub const CHECKPOINTS: &str = "checkpoints";
    pub const WEIGHTS: &str = "weights.safetensors";
    pub const CONTROL: &str = "control";
    pub const LOCK: &str = "lock";
    pub const LOG: &str = "log.txt";
    /// Crops, codes, principal components: may be removed, is made again.
    pub const CACHE: &str = "cache";
    /// Synthetic faces that were made for this run.
    pub const SYNTHETIC: &str = "synthetic";

    /// A folder for a new training, made where it is not there, and locked.
    ///
    /// # Errors
    /// A folder that cannot be made or written to, one with a training in it, one in which another process trains.
    pub fn create(path: &Path) -> Result<Self, RunDirError> {
        fs::create_dir_all(path).map_err(|e| WriteError::new(path, &e))?;
        let run = Self::locked(path)?;
        // What only a discarded or a refused training has left (its log, its last status) is in nobody's way.
        if run.file(Self::CONFIG).exists() || !run.checkpoints().list()?.is_empty() {
            return Err(RunDirError::Exists(path.to_owned()));
        }
        // Of a training that ended before its settings were written.
        let _ = fs::remove_file(run.file(Self::METRICS));
        run.prepare()?;
        Ok(run)
    }

    /// The folder of a training that is to be gone on with, locked; what a kill left half-written is removed.
    ///
    /// # Errors
    /// No training there, one that still runs, a folder that cannot be written to.
    pub fn resume(path: &Path) -> Result<Self, RunDirError> {
        if !path.join(Self::CONFIG).is_file() {
            return Err(RunDirError::NoRun(path.to_owned()));
        }
        let run = Self::locked(path)?;
        run.prepare()?;
        Ok(run)
    }

    /// A run to look at, which may be training at this moment.
    ///
    /// # Errors
    /// Neither settings nor a status there.
    pub fn open(path: &Path) -> Result<Self, RunDirError> {
        if [Self::CONFIG, Self::STATUS].iter().all(|name| !path.join(name).is_file()) {
            return Err(RunDirError::NoRun(path.to_owned()));
        }
        Ok(RunDir { path: path.to_owned(), lock: None })
    }

    fn locked(path: &Path) -> Result<Self, RunDirError> {
        let lock = Lock::take(&path.join(Self::LOCK)).map_err(|e| WriteError::new(path, &e))?;
        let lock = lock.ok_or_else(|| RunDirError::InUse(path.to_owned()))?;
        Ok(RunDir { path: path.to_owned(), lock: Some(lock) })
    }

    /// Makes the folders and removes what was half-written when a process was killed.
    fn prepare(&self) -> Result<(), RunDirError> {
        for name in ["", Self::PREVIEWS, Self::CACHE] {
            let folder = self.file(name);
            fs::create_dir_all(&folder).map_err(|e| WriteError::new(&folder, &e))?;
            remove_parts(&folder);
        }
        self.checkpoints().tidy()?;
        // What was said to an earlier process is not meant for this one.
        self.control().take();
        Ok(())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file or folder in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The path of a preview, as `extension` says a picture or its description.
    pub fn preview(&self, step: u64, extension: &str) -> PathBuf {
        Self::preview_in(&self.path, step, extension)
    }

    /// The same in a run's folder that nobody has opened.
    pub fn preview_in(run: &Path, step: u64, extension: &str) -> PathBuf {
        run.join(Self::PREVIEWS).join(format!("{}.{extension}", step_name(step)))
    }

    /// Removes the previews after a step, as where a training goes on from an earlier checkpoint: they are drawn again.
    pub fn remove_previews_after(&self, step: u64) {
        for entry in fs::read_dir(self.file(Self::PREVIEWS)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let digits = name.to_str().and_then(|name| name.strip_prefix("step-")?.split_once('.'));
            if digits.and_then(|(digits, _)| digits.parse::<u64>().ok()).is_some_and(|drawn| drawn > step) {
                // One that stays is drawn over when its step comes.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints::new(self.file(Self::CHECKPOINTS))
    }

    pub fn control(&self) -> ControlFile {
        ControlFile::new(&self.path)
    }

    pub fn status_file(&self) -> StatusFile {
        StatusFile::new(self.file(Self::STATUS))
    }

    /// The metrics, to add lines to.
    ///
    /// # Errors
    /// A file that cannot be written to.
    pub fn metrics(&self) -> Result<metrics::Metrics, RunDirError> {
        Ok(metrics::Metrics::open(&self.file(Self::METRICS))?)
    }

    /// Whether a process trains in this folder now.
    pub fn is_locked(path: &Path) -> bool {
        lock::is_taken(&path.join(Self::LOCK))
    }

    /// Writes the settings, with their comments.
    ///
    /// # Errors
    /// Settings that have no place in TOML, and what keeps a file from being written.
    pub fn write_config(&self, config: &Config) -> Result<(), RunDirError> {
        let path = self.file(Self::CONFIG);
        let text = toml_file::to_toml(config).map_err(|source| RunDirError::Config { path: path.clone(), source })?;
        Ok(atomic::write(&path, text.as_bytes())?)
    }

    /// # Errors
    /// A file that is not there or cannot be read, and what [`toml_file::from_toml`] refuses.
    pub fn read_config(&self) -> Result<Config, RunDirError> {
        read_config(&self.file(Self::CONFIG))
    }

    /// What a run says of itself.
    ///
    /// # Errors
    /// No status there, one that cannot be read, one from a newer program.
    pub fn read_status(path: &Path) -> Result<Status, RunDirError> {
        Status::read(&path.join(Self::STATUS))
    }

    /// Removes what the training has made, but for its log and its last status.
    ///
    /// # Errors
    /// The first thing that could not be removed; the others are gone.
    pub fn discard(&self) -> Result<(), RunDirError> {
        // Last, since it is what makes the folder a run that can be gone on with.
        let files = [Self::WEIGHTS, Self::METRICS, Self::CONTROL, Self::CONFIG];
        let folders = [Self::CHECKPOINTS, Self::PREVIEWS, Self::CACHE, Self::SYNTHETIC];
        let mut outcome = Ok(());
        for (name, removed) in folders
            .map(|name| (name, fs::remove_dir_all(self.file(name))))
            .into_iter()
            .chain(files.map(|name| (name, fs::remove_file(self.file(name)))))
        {
            if let Err(error) = removed
                && error.kind() != io::ErrorKind::NotFound
                && outcome.is_ok()
            {
                outcome = Err(WriteError::new(&self.file(name), &error).into());
            }
        }
        outcome
    }

    /// Whether this is the process that may write here.
    pub fn is_held(&self) -> bool {
        self.lock.is_some()
    }
}

/// Settings from a file.
///
/// # Errors
/// A file that is not there or cannot be read, and what [`toml_file::from_toml`] refuses, with the path at the end.
pub fn read_config(path: &Path) -> Result<Config, RunDirError> {
    let text = fs::read_to_string(path).map_err(|e| RunDirError::unreadable(path, &e))?;
    toml_file::from_toml(&text).map_err(|source| RunDirError::Config { path: path.to_owned(), source })
}

/// `step-00001200`, so that names sort as their steps do.
pub(super) fn step_name(step: u64) -> String {
    format!("step-{step:08}")
}

/// Removes the files that were being written when a process was killed.
pub(super) fn remove_parts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(".part") && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // It is in nobody's way; the next start tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
}
