//! Runs as a list shows them: each folder in a row, with what its files say.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::config::Config;
use super::memory;
use super::metrics::{self, HeldOut, Line};
use super::observer::{PassedOver, Stage};
use super::run_dir::{RunDir, RunDirError};
use super::scope::{self, Stages};
use super::status::{State, Status};

/// A run in a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunSummary {
    pub run_dir: PathBuf,
    pub name: String,
    pub preset: String,
    /// The pictures it trains on, in a few words.
    pub data: String,
    /// How many they are; 0 before that is known.
    pub pictures: u64,
    pub state: State,
    /// It was ended from outside, with nearly all of the machine's memory in its hands.
    pub probably_for_memory: bool,
    pub stage: Option<Stage>,
    pub step: u64,
    pub steps: u64,
    /// The lowest held-out error (RMSE, 0 to 255), and the newest.
    pub rmse_best: Option<f64>,
    pub rmse_last: Option<f64>,
    /// The same of the mean picture and of 99 principal components.
    pub rmse_mean_face: Option<f64>,
    pub rmse_pca_99: Option<f64>,
    /// Seconds spent training.
    pub seconds: f64,
    pub started_unix: u64,
    pub memory_mb: Option<f64>,
    /// What the run says of itself.
    pub message: String,
    pub passed_over: PassedOver,
    /// A checkpoint is there, nobody trains, and steps are left.
    pub can_resume: bool,
    /// Finished, it can still be gone on with by this stage, which it has left out.
    #[serde(skip)]
    pub left_out: Option<Stages>,
    /// Why some of it could not be read, one sentence with the path at its end.
    pub problem: Option<String>,
}

impl RunSummary {
    /// The state in words.
    pub fn state_in_words(&self) -> String {
        match self.state {
            State::Killed if self.probably_for_memory => "killed, probably for memory".to_owned(),
            state => state.to_string(),
        }
    }
}

/// The runs of a folder by name, or the one that it is itself. None where there are none.
pub fn list_runs(folder: &Path) -> Vec<RunSummary> {
    if is_run(folder) {
        return vec![summary(folder)];
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_run(path)).collect();
    folders.sort();
    folders.iter().map(|folder| summary(folder)).collect()
}

fn is_run(folder: &Path) -> bool {
    RunDir::open(folder).is_ok()
}

/// What a run's files say.
pub fn summary(run_dir: &Path) -> RunSummary {
    let mut row = RunSummary {
        run_dir: run_dir.to_owned(),
        // `.` has no name of its own.
        name: name_of(&fs::canonicalize(run_dir).unwrap_or_else(|_| run_dir.to_owned())),
        ..RunSummary::default()
    };
    // The trainer writes its last status before it lets go of the lock, so the lock is asked for first.
    let locked = RunDir::is_locked(run_dir);
    match RunDir::read_status(run_dir) {
        Ok(status) => row.take_status(status, locked),
        Err(RunDirError::NoRun(_)) if locked => row.state = State::Preparing,
        // It was killed before it said anything.
        Err(RunDirError::NoRun(_)) => row.state = State::Killed,
        Err(error) => row.problem = Some(error.to_string()),
    }
    let config = match super::run_dir::read_config(&run_dir.join(RunDir::CONFIG)) {
        Ok(config) => {
            row.data = data_of(&config, run_dir);
            row.preset.clone_from(&config.preset);
            Some(config)
        }
        // Discarded, its last status is what is left.
        Err(_) if row.state == State::Discarded => None,
        Err(error) => {
            row.problem = Some(error.to_string());
            None
        }
    };
    match metrics::read(&run_dir.join(RunDir::METRICS)) {
        Ok(lines) => row.take_lines(&lines),
        Err(error) => row.problem = Some(error.to_string()),
    }
    let newest = super::checkpoints::Checkpoints::new(run_dir.join(RunDir::CHECKPOINTS)).newest();
    let checkpoint = newest.ok().flatten().map(|saved| saved.step()).filter(|_| !locked);
    (row.can_resume, row.left_out) = can_go_on(row.state, checkpoint, config.as_ref());
    row
}

/// Whether a run in which nobody trains has steps left from its newest checkpoint on, and where it has not, which stage
/// it can still be gone on with.
pub fn can_go_on(state: State, checkpoint: Option<u64>, config: Option<&Config>) -> (bool, Option<Stages>) {
    match (state, checkpoint, config) {
        (State::Discarded, ..) | (_, None, _) | (State::Finished, _, None) => (false, None),
        (State::Finished, Some(step), Some(config)) if scope::steps_left(config, step) == 0 => {
            (false, scope::left_out(config))
        }
        _ => (true, None),
    }
}

impl RunSummary {
    fn take_status(&mut self, status: Status, locked: bool) {
        self.state = match status.state {
            state if state.needs_a_process() && !locked => State::Killed,
            state => state,
        };
        let machine = memory::total_mb().zip(memory::available_mb());
        self.probably_for_memory = self.state == State::Killed
            && status.memory_mb.zip(machine).is_some_and(|(own, (total, free))| memory::fills(own, total, free));
        self.stage = status.stage;
        (self.step, self.steps) = (status.step, status.steps);
        self.seconds = status.seconds;
        self.pictures = status.pictures;
        self.started_unix = status.started_unix;
        self.memory_mb = status.memory_mb;
        self.message = status.message;
        self.passed_over = status.passed_over;
    }

    fn take_lines(&mut self, lines: &[Line]) {
        let measured = lines.iter().filter_map(|line| match line {
            Line::HeldOut { held_out, .. } => Some(held_out),
            _ => None,
        });
        let finite = |value: f64| Some(value).filter(|value| value.is_finite());
        self.rmse_best = measured.clone().filter_map(|held_out| finite(held_out.rmse)).min_by(f64::total_cmp);
        let last = |of: fn(&HeldOut) -> f64| measured.clone().filter_map(|held_out| finite(of(held_out))).next_back();
        self.rmse_last = last(|held_out| held_out.rmse);
        self.rmse_mean_face = last(|held_out| held_out.rmse_mean_face);
        self.rmse_pca_99 = last(|held_out| held_out.rmse_pca_99);
    }
}

/// The pictures of a run in a few words: the names of what they come from.
pub fn data_of(config: &Config, run_dir: &Path) -> String {
    let name = |path: &PathBuf| if path.starts_with(run_dir) { "synthetic faces".to_owned() } else { name_of(path) };
    let paths = &config.data.paths;
    let names: Vec<String> = paths.iter().take(3).map(name).collect();
    match paths.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
