//! What a training says of itself, for whoever looks at its folder: one small file, rewritten whole.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::observer::{PassedOver, Stage};
use super::pace::Rates;
use super::run_dir::RunDirError;
use crate::data::atomic::{self, WriteError};

/// The newest version of the file that this program reads, and the one it writes.
pub const STATUS_VERSION: u32 = 1;

/// Readers look about as often; a write waits for the disk.
const LEAST_BETWEEN: Duration = Duration::from_millis(500);

/// Where a training stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    #[default]
    Preparing,
    Running,
    Paused,
    Finished,
    Stopped,
    Failed,
    Discarded,
    /// Never written: the file says that a process trains, and nobody holds the lock.
    Killed,
}

impl State {
    /// Whether a process has to be there for this to be true.
    pub fn needs_a_process(self) -> bool {
        matches!(self, State::Preparing | State::Running | State::Paused)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            State::Preparing => "preparing",
            State::Running => "running",
            State::Paused => "paused",
            State::Finished => "finished",
            State::Stopped => "stopped",
            State::Failed => "failed",
            State::Discarded => "discarded",
            State::Killed => "killed",
        })
    }
}

/// The file's contents. Fields that an older program did not write are at their default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Status {
    pub version: u32,
    pub state: State,
    pub pid: u32,
    /// When the run was first started, in seconds since 1970.
    pub started_unix: u64,
    /// When this was written, in milliseconds since 1970.
    pub updated_unix_ms: u64,
    /// None before the first.
    pub stage: Option<Stage>,
    /// Steps done, over the whole run.
    pub step: u64,
    /// Steps of the whole run; 0 before that is known.
    pub steps: u64,
    pub steps_per_second: f64,
    pub pictures_per_second: f64,
    pub seconds_left: Option<f64>,
    /// Share of the time in which the networks waited for pictures, 0 to 1.
    pub waiting_share: f64,
    /// Memory of the training's process.
    pub memory_mb: Option<f64>,
    pub device: String,
    /// What there is to know, in a sentence; how it failed, where it did.
    pub message: String,
    /// The step of `weights.safetensors`.
    pub weights_step: Option<u64>,
    /// Whether those weights can edit; before stage two they only reconstruct and sample.
    pub can_edit: bool,
    /// Seconds spent training, over all processes that worked on this run.
    pub seconds: f64,
    /// Training pictures in the set.
    pub pictures: u64,
    /// Pictures a second by stage, on this device.
    pub rates: Rates,
    pub passed_over: PassedOver,
}

impl Default for Status {
    fn default() -> Self {
        Status {
            version: STATUS_VERSION,
            state: State::default(),
            pid: 0,
            started_unix: 0,
            updated_unix_ms: 0,
            stage: None,
            step: 0,
            steps: 0,
            steps_per_second: 0.0,
            pictures_per_second: 0.0,
            seconds_left: None,
            waiting_share: 0.0,
            memory_mb: None,
            device: String::new(),
            message: String::new(),
            weights_step: None,
            can_edit: false,
            seconds: 0.0,
            pictures: 0,
            rates: Rates::new(),
            passed_over: PassedOver::default(),
        }
    }
}

impl Status {
    /// Of a training that this process begins now.
    pub fn begun(device: &str) -> Self {
        Status {
            pid: std::process::id(),
            started_unix: now().as_secs(),
            device: device.to_owned(),
            ..Status::default()
        }
    }

    /// # Errors
    /// [`RunDirError::NoRun`] where there is no such file; one that cannot be read or is of a newer program.
    pub fn read(path: &Path) -> Result<Self, RunDirError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let bytes = fs::read(path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => RunDirError::NoRun(path.parent().unwrap_or(path).to_owned()),
            _ => RunDirError::unreadable(path, &e),
        })?;
        let damaged = |e: serde_json::Error| RunDirError::Damaged { path: path.to_owned(), detail: e.to_string() };
        // Looked at by itself: what else a newer program writes may make no sense here.
        let Version { version } = serde_json::from_slice(&bytes).map_err(damaged)?;
        if version > STATUS_VERSION {
            return Err(RunDirError::Newer(path.to_owned()));
        }
        serde_json::from_slice(&bytes).map_err(damaged)
    }

    /// With zeros for what is no number: JSON has no word for it.
    fn finite(&self) -> Self {
        let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
        Status {
            steps_per_second: finite(self.steps_per_second),
            pictures_per_second: finite(self.pictures_per_second),
            seconds_left: self.seconds_left.filter(|seconds| seconds.is_finite()),
            waiting_share: finite(self.waiting_share),
            memory_mb: self.memory_mb.filter(|megabytes| megabytes.is_finite()),
            seconds: finite(self.seconds),
            ..self.clone()
        }
    }
}

/// Writes the status, twice a second at most.
#[derive(Debug)]
pub struct StatusFile {
    path: PathBuf,
    last: Option<Instant>,
    state: State,
}

impl StatusFile {
    pub fn new(path: PathBuf) -> Self {
        StatusFile { path, last: None, state: State::default() }
    }

    /// Writes what is newest, unless something of the same state was written within the last half second; true where it
    /// was written. A failed write is tried again no sooner.
    ///
    /// # Errors
    /// What keeps a file from being written; the one before it is still there.
    pub fn write(&mut self, status: &Status) -> Result<bool, WriteError> {
        let fresh = self.last.is_some_and(|last| last.elapsed() < LEAST_BETWEEN);
        if fresh && status.state == self.state {
            return Ok(false);
        }
        self.write_now(status).map(|()| true)
    }

    /// Writes it whatever was written before, as at the end.
    ///
    /// # Errors
    /// As [`StatusFile::write`].
    pub fn write_now(&mut self, status: &Status) -> Result<(), WriteError> {
        self.last = Some(Instant::now());
        self.state = status.state;
        let status = Status { updated_unix_ms: now().as_millis() as u64, ..status.finite() };
        let text = serde_json::to_string_pretty(&status)
            .map_err(|e| WriteError::Other { path: self.path.clone(), detail: e.to_string() })?;
        atomic::write(&self.path, format!("{text}\n").as_bytes())
    }
}

/// Since 1970; zero on a clock that is before it.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
