//! A run directory looked at again and again: what did not change costs a question to the file system and nothing more,
//! and of the metrics only new bytes are read.

use std::fs::{self, File, Metadata};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::ending;
use super::view::{RunState, RunView, Series};
use crate::train::Config;
use crate::train::metrics::Line;
use crate::train::run_dir::{self, RunDir, Status};
use crate::train::summary;

/// A longer line is none that a training writes.
const LONGEST_LINE: u64 = 1 << 20;
/// What is remembered of the metrics that were read, to notice when they were cut off and written anew.
const REMEMBERED: usize = 64;

/// One run, as far as it was read.
pub(super) struct Watch {
    run_dir: PathBuf,
    config: Stamped<Option<Config>>,
    status: Stamped<Option<Status>>,
    metrics: Metrics,
    previews: Stamped<Vec<u64>>,
    /// The step of the newest checkpoint.
    checkpoint: Stamped<Option<u64>>,
    /// None before the first look.
    alive: Option<bool>,
    /// How the last process ended, where the window was told.
    ended: Option<String>,
    /// As what it ended, where its status does not say.
    ended_as: Option<RunState>,
    weights_step: Option<u64>,
}

/// What a look has found.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub changed: bool,
    /// New weights: their step, and whether they can edit.
    pub weights: Option<(u64, bool)>,
    /// A process that this window did not start is no longer there; how that is, in words.
    pub ended: Option<String>,
}

impl Watch {
    pub fn new(run_dir: PathBuf) -> Self {
        Watch {
            config: Stamped::new(run_dir.join(RunDir::CONFIG)),
            status: Stamped::new(run_dir.join(RunDir::STATUS)),
            metrics: Metrics::new(run_dir.join(RunDir::METRICS)),
            previews: Stamped::new(run_dir.join(RunDir::PREVIEWS)),
            checkpoint: Stamped::new(run_dir.join(RunDir::CHECKPOINTS)),
            run_dir,
            alive: None,
            ended: None,
            ended_as: None,
            weights_step: None,
        }
    }

    pub fn run_dir(&self) -> &Path {
        &self.run_dir
    }

    /// Whether a process trained there at the last look.
    pub fn is_alive(&self) -> bool {
        self.alive == Some(true)
    }

    /// Keeps how a process of this window ended, and as what where it had no time to say so in its status.
    pub fn note_end(&mut self, sentence: String, ended_as: Option<RunState>) {
        (self.ended, self.ended_as) = (Some(sentence), ended_as);
    }

    /// Looks once. `child` is the process that this window has there, while it runs.
    pub fn look(&mut self, child: Option<u32>) -> Seen {
        let first = self.alive.is_none();
        let was_alive = self.is_alive();
        // The trainer writes its last status before it lets go of the lock, so the lock is asked for first. A lock that
        // is free is held for an instant by asking; where nothing has moved since the last look, nobody is asked.
        let ask = first || was_alive || self.status.has_moved();
        let alive = child.is_some() || (ask && RunDir::is_locked(&self.run_dir));
        if was_alive && !alive {
            self.status.doubt();
        }
        let changed = self.read() | (self.alive != Some(alive));
        self.alive = Some(alive);
        if alive {
            (self.ended, self.ended_as) = (None, None);
        }
        let ended = (was_alive && !alive).then(|| self.sentence());
        if ended.is_some() {
            self.ended.clone_from(&ended);
        }
        Seen { changed, weights: self.new_weights(first), ended }
    }

    /// Looks a last time after the process that this window had there has ended.
    pub fn end(&mut self) {
        let first = self.alive.is_none();
        self.status.doubt();
        self.read();
        self.alive = Some(false);
        if first {
            self.new_weights(first);
        }
    }

    /// Reads what is new; true if there was anything.
    fn read(&mut self) -> bool {
        let mut changed = self.status.read(|path| Status::read(path).ok());
        changed |= self.config.read(|path| run_dir::read_config(path).ok());
        changed |= self.metrics.read();
        changed |= self.previews.read(|folder| steps_in(folder, ".png"));
        changed |= self.checkpoint.read(|folder| steps_in(folder, "").last().copied());
        changed
    }

    /// How the run ended, from what it left; only where no process is there.
    pub fn sentence(&self) -> String {
        let state = self.state(None);
        let memory_mb = self.status.value.as_ref().and_then(|status| status.memory_mb).unwrap_or_default();
        if state != RunState::Killed {
            let message = self.status.value.as_ref().map(|status| status.message.as_str()).unwrap_or_default();
            return ending::ended(state, self.step(), message);
        }
        if ending::fills_the_machine(memory_mb) {
            ending::killed_for_memory(self.checkpoint.value, self.config.value.as_ref())
        } else {
            ending::silent(None, self.checkpoint.value)
        }
    }

    /// Whether the process of this number has written its status, and so hears what is said to it.
    pub fn hears(&self, pid: u32) -> bool {
        self.status.value.as_ref().is_some_and(|status| status.pid == pid)
    }

    pub fn checkpoint(&self) -> Option<u64> {
        self.checkpoint.value
    }

    pub fn config(&self) -> Option<&Config> {
        self.config.value.as_ref()
    }

    /// All that is known, for the window.
    pub fn view(&self, child: Option<u32>) -> RunView {
        let alive = self.is_alive();
        let state = self.state(child);
        let config = self.config.value.as_ref();
        let weights = Some(self.run_dir.join(RunDir::WEIGHTS)).filter(|path| path.is_file());
        let mut view = RunView {
            run_dir: self.run_dir.clone(),
            preset: config.map(|config| config.preset.clone()).unwrap_or_default(),
            data: config.map(|config| summary::data_of(config, &self.run_dir)).unwrap_or_default(),
            state,
            alive,
            curves: self.metrics.series.curves(),
            held_out: self.metrics.series.held_out.clone(),
            tables: self.metrics.series.tables.clone(),
            previews: self.previews.value.clone(),
            weights,
            ..RunView::default()
        };
        let checkpoint = self.checkpoint.value.filter(|_| !alive);
        (view.can_resume, view.left_out) = summary::can_go_on(state, checkpoint, config);
        if let Some(status) = &self.status.value {
            view.stage = status.stage.map(|stage| stage.to_string()).unwrap_or_default();
            (view.step, view.steps) = (status.step, status.steps);
            view.steps_per_second = status.steps_per_second;
            view.seconds_left = status.seconds_left;
            view.waiting_share = status.waiting_share;
            view.memory_mb = status.memory_mb.unwrap_or_default();
            view.device.clone_from(&status.device);
            view.message.clone_from(&status.message);
            view.can_edit = status.can_edit;
            view.passed_over = status.passed_over.sentences();
        }
        match &self.ended {
            Some(sentence) if !alive => view.message.clone_from(sentence),
            None if state == RunState::Killed => view.message = self.sentence(),
            _ => (),
        }
        view
    }

    fn step(&self) -> u64 {
        self.status.value.as_ref().map_or(0, |status| status.step)
    }

    /// What the run says of itself, where that can be true.
    fn state(&self, child: Option<u32>) -> RunState {
        let said = self.status.value.as_ref().map(|status| status.state).unwrap_or_default();
        if self.is_alive() {
            // A process that has only just started finds the words of the one before it.
            let own = self.status.value.as_ref().is_some_and(|status| child.is_none_or(|pid| status.pid == pid));
            return if own && said.needs_a_process() { said } else { RunState::Preparing };
        }
        match self.ended_as {
            Some(state) => state,
            None if said.needs_a_process() => RunState::Killed,
            None => said,
        }
    }

    fn new_weights(&mut self, first: bool) -> Option<(u64, bool)> {
        let status = self.status.value.as_ref()?;
        let step = status.weights_step?;
        let moved = self.weights_step.replace(step) != Some(step);
        (moved && !first).then_some((step, status.can_edit))
    }
}

/// The numbers in names such as `step-00001200.png`, ascending.
fn steps_in(folder: &Path, ending: &str) -> Vec<u64> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let step = |name: &str| name.strip_prefix("step-")?.strip_suffix(ending)?.parse::<u64>().ok();
    let mut steps: Vec<u64> = names.filter_map(|name| step(name.to_str()?)).collect();
    steps.sort_unstable();
    steps
}

/// What was read from a file or a folder, and how that looked then.
struct Stamped<T> {
    path: PathBuf,
    stamp: Option<Stamp>,
    value: T,
}

/// Tells one writing of a file from another: when, how long, and which file on the disk, since clocks tick slowly and a
/// new file has the place of the old one.
type Stamp = (Option<SystemTime>, u64, u64);

#[cfg(unix)]
fn number_on_disk(about: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn number_on_disk(_: &Metadata) -> u64 {
    0
}

impl<T: Default> Stamped<T> {
    fn new(path: PathBuf) -> Self {
        Stamped { path, stamp: None, value: T::default() }
    }

    fn stamp(&self) -> Option<Stamp> {
        let of = |about: Metadata| (about.modified().ok(), about.len(), number_on_disk(&about));
        fs::metadata(&self.path).ok().map(of)
    }

    /// Has the next look read, whatever the stamp: nothing comes after a last word.
    fn doubt(&mut self) {
        self.stamp = None;
    }

    fn has_moved(&self) -> bool {
        self.stamp() != self.stamp
    }

    /// Reads again where something changed; true then.
    fn read(&mut self, read: impl FnOnce(&Path) -> T) -> bool {
        let stamp = self.stamp();
        if stamp == self.stamp {
            return false;
        }
        self.value = if stamp.is_some() { read(&self.path) } else { T::default() };
        self.stamp = stamp;
        true
    }
}

/// The metrics, up to their last whole line.
struct Metrics {
    path: PathBuf,
    read: u64,
    /// The last bytes before that place.
    end: Vec<u8>,
    series: Series,
}

impl Metrics {
    fn new(path: PathBuf) -> Self {
        Metrics { path, read: 0, end: Vec::new(), series: Series::default() }
    }

    /// Reads what was added; true if anything was. A file that was cut off, as by a resumed training, is read anew.
    fn read(&mut self) -> bool {
        let length = fs::metadata(&self.path).map_or(0, |about| about.len());
        if length == self.read {
            return false;
        }
        if length < self.read {
            self.forget();
        }
        // What cannot be read now is tried again at the next look.
        let Ok(file) = File::open(&self.path) else { return true };
        let mut file = BufReader::new(file);
        if !self.goes_on_in(&mut file) {
            self.forget();
            if file.seek(SeekFrom::Start(0)).is_err() {
                return true;
            }
        }
        let before = self.read;
        while self.line(&mut file) {}
        self.read != before || before == 0
    }

    fn forget(&mut self) {
        *self = Metrics::new(std::mem::take(&mut self.path));
    }

    /// Goes to the place up to which was read; false where other words stand before it than then.
    fn goes_on_in(&self, file: &mut BufReader<File>) -> bool {
        let mut end = vec![0; self.end.len()];
        let found = file.seek(SeekFrom::Start(self.read - self.end.len() as u64));
        found.is_ok() && file.read_exact(&mut end).is_ok() && end == self.end
    }

    /// Takes one whole line; false where there is none yet.
    fn line(&mut self, file: &mut BufReader<File>) -> bool {
        let mut line = Vec::new();
        let whole = file.take(LONGEST_LINE).read_until(b'\n', &mut line).is_ok()
            && (line.ends_with(b"\n") || line.len() as u64 == LONGEST_LINE);
        if !whole {
            return false;
        }
        self.read += line.len() as u64;
        self.end.extend_from_slice(&line);
        self.end.drain(..self.end.len().saturating_sub(REMEMBERED));
        // A line that a kill has torn is followed by whole ones.
        if let Ok(line) = serde_json::from_slice::<Line>(&line) {
            self.series.hear(line);
        }
        true
    }
}
