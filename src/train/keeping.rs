//! What a training writes of itself while it runs: status, metrics, checkpoints, weights. A disk that is full is told
//! once and tried again; the training goes on meanwhile.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::checkpoints::{CHECKPOINT_VERSION, CheckpointState, Saved};
use super::error::TrainError;
use super::learner::{Learner, Losses, numbers};
use super::memory;
use super::metrics::{HeldOut, Line, Metrics};
use super::observer::{Event, Observer, Progress, Stage};
use super::run_dir::{RunDir, RunDirError};
use super::schedule::Schedule;
use super::status::{State, Status, StatusFile};
use crate::data::atomic::{self, WriteError};

/// Steps whose mean is one line of metrics.
const LINE_EVERY: u64 = 10;
/// Steps after which a checkpoint that could not be written is tried again.
const AGAIN_AFTER: u64 = 20;
/// Over how long the speed is averaged.
const SPEED_OVER: Duration = Duration::from_secs(20);
/// Steps that count in any case: what lies between two of them (a measurement, a checkpoint) is then a part of many.
const SPEED_STEPS: usize = 32;

/// The writing side of a run directory.
pub struct Keeping {
    pub run: RunDir,
    schedule: Schedule,
    pub status: Status,
    status_file: StatusFile,
    metrics: Metrics,
    /// Of the losses since the last line.
    sums: Sums,
    rmse: Option<(u64, f64)>,
    /// The step at which a failed checkpoint is tried again.
    again: Option<u64>,
    /// What was told of the disk last, so that it is told once.
    told: String,
    speed: Speed,
}

/// Sums and counts by a loss's name.
type Sums = BTreeMap<String, (f64, u64)>;

/// When steps were done, and how long pictures were waited for.
struct Speed {
    /// Times of the last steps, with the pictures that each took.
    recent: std::collections::VecDeque<(Instant, usize)>,
    waited: Duration,
    waiting: std::collections::VecDeque<(Instant, Duration)>,
    since: Instant,
    before: f64,
}

impl Keeping {
    /// # Errors
    /// A run directory that cannot be written.
    pub fn start(run: RunDir, device: &str, schedule: Schedule, resumed: bool) -> Result<Self, TrainError> {
        let mut status = Status { steps: schedule.steps(), ..Status::begun(device) };
        let earlier = RunDir::read_status(run.path()).ok().filter(|_| resumed).unwrap_or_default();
        if resumed {
            status.started_unix = earlier.started_unix;
            status.weights_step = earlier.weights_step;
            status.can_edit = earlier.can_edit;
        }
        let mut status_file = run.status_file();
        status_file.write_now(&status)?;
        let metrics = run.metrics()?;
        Ok(Keeping {
            run,
            schedule,
            status,
            status_file,
            metrics,
            sums: BTreeMap::new(),
            rmse: None,
            again: None,
            told: String::new(),
            speed: Speed::new(earlier.seconds),
        })
    }

    /// Goes on from a checkpoint, or from the start where there is none: what was written beyond it is taken away, and
    /// written again.
    ///
    /// # Errors
    /// A run directory that cannot be written.
    pub fn resume(&mut self, saved: Option<&Saved>) -> Result<(), TrainError> {
        let step = saved.map_or(0, Saved::step);
        self.status.step = step;
        self.metrics.truncate_after(step)?;
        self.run.checkpoints().remove_after(step)?;
        self.sums = saved.map(|saved| unpacked(&saved.state.trainer)).unwrap_or_default();
        // Kept beside the numbers, which are those of an uninterrupted run.
        self.line(&Line::Event { step, event: "resumed".to_owned(), text: format!("resumed at step {step}") });
        Ok(())
    }

    /// Notes what is being done before the next step.
    pub fn prepares(&mut self, what: &str) {
        self.status.state = State::Preparing;
        what.clone_into(&mut self.status.message);
        // It is written with the next word otherwise.
        drop(self.status_file.write_now(&self.status));
    }

    pub fn paused(&mut self, step: u64) {
        self.status.step = step;
        self.status.state = State::Paused;
        self.speed.forget();
        self.write_status();
    }

    /// Notes a step that is done and gives what there is to say of it.
    ///
    /// # Errors
    /// [`TrainError::NotFinite`] with the loss's name; a device that cannot give the numbers back.
    pub fn stepped(
        &mut self,
        stage: Stage,
        step: u64,
        losses: Losses,
        pictures: usize,
        waited: Duration,
    ) -> Result<Progress, TrainError> {
        let losses = numbers(losses, step)?;
        for &(name, value) in &losses {
            let (sum, count) = self.sums.entry(name.to_owned()).or_default();
            *sum += value;
            *count += 1;
        }
        self.speed.stepped(pictures, waited);
        if step.is_multiple_of(LINE_EVERY) {
            self.write_losses(stage, step);
        }
        let progress = self.speed.progress(stage, step, self.schedule.steps(), losses);
        let status = &mut self.status;
        if status.state == State::Preparing {
            status.message.clear();
        }
        status.state = State::Running;
        status.stage = Some(stage);
        status.step = step;
        status.steps_per_second = progress.steps_per_second;
        status.pictures_per_second = progress.pictures_per_second;
        status.seconds_left = progress.seconds_left;
        status.waiting_share = progress.waiting_share;
        status.memory_mb = progress.memory_mb;
        self.write_status();
        Ok(progress)
    }

    /// Writes the means of the losses since the last line, as when a stage ends.
    pub fn write_losses(&mut self, stage: Stage, step: u64) {
        let means = std::mem::take(&mut self.sums).into_iter();
        let losses: BTreeMap<String, f64> =
            means.map(|(name, (sum, count))| (name, sum / count.max(1) as f64)).collect();
        if !losses.is_empty() {
            self.line(&Line::Losses { step, stage, losses });
        }
    }

    pub fn measured(&mut self, stage: Stage, step: u64, held_out: HeldOut) {
        self.rmse = Some((step, held_out.rmse));
        self.line(&Line::HeldOut { step, stage, held_out });
    }

    pub fn table(&mut self, stage: Stage, step: u64, table: serde_json::Value) {
        self.line(&Line::Table { step, stage, table });
    }

    /// Tells of something on the disk, once until it is something else.
    pub fn warn(&mut self, step: u64, sentence: &str, observer: &mut dyn Observer) {
        // The path comes last and may be another each time; the cause is what was told.
        let cause = sentence.rsplit_once(": ").map_or(sentence, |(cause, _)| cause);
        if self.told == cause {
            return;
        }
        cause.clone_into(&mut self.told);
        sentence.clone_into(&mut self.status.message);
        observer.hear(&Event::Remark(&format!("{sentence}; the training goes on and tries again")));
        self.line(&Line::Event { step, event: "warning".to_owned(), text: sentence.to_owned() });
        self.write_status();
    }

    /// A line that a full disk keeps away waits for the next one.
    fn line(&mut self, line: &Line) {
        drop(self.metrics.append(line));
    }

    /// A status that cannot be written is written with the next step.
    fn write_status(&mut self) {
        self.status.seconds = self.speed.seconds();
        drop(self.status_file.write(&self.status));
    }

    /// Whether a checkpoint that failed is to be tried again.
    pub fn is_due(&self, step: u64) -> bool {
        self.again.is_some_and(|again| step >= again)
    }

    /// Writes a checkpoint and the weights, removes old ones. What the disk refuses is told and tried again later.
    ///
    /// # Errors
    /// A device that cannot give the numbers back.
    pub fn keep(
        &mut self,
        stage: Stage,
        step: u64,
        learner: &mut Learner,
        weights: &[u8],
        newest: usize,
        observer: &mut dyn Observer,
    ) -> Result<(), TrainError> {
        let files = learner.files()?;
        let state = CheckpointState {
            version: CHECKPOINT_VERSION,
            step,
            stage,
            held_out_rmse: self.rmse.filter(|(at, _)| *at == step).map(|(_, rmse)| rmse),
            networks: learner.sizes.clone(),
            trainer: packed(&self.sums),
        };
        // The checkpoint counts on the lines before it; one that cannot be written waits for the next.
        drop(self.metrics.sync());
        match self.write_checkpoint(&state, &files, weights, newest) {
            Ok(()) => {
                self.again = None;
                self.told.clear();
                self.status.message.clear();
                self.status.weights_step = Some(step);
                self.status.can_edit = stage.has_parts();
                observer.hear(&Event::Checkpoint { step });
                observer.hear(&Event::Exported(&self.run.file(RunDir::WEIGHTS)));
                drop(self.status_file.write_now(&self.status));
            }
            Err(error) => {
                self.again = Some(step + AGAIN_AFTER);
                self.warn(step, &error.to_string(), observer);
            }
        }
        Ok(())
    }

    fn write_checkpoint(
        &self,
        state: &CheckpointState,
        files: &[(String, Vec<u8>)],
        weights: &[u8],
        newest: usize,
    ) -> Result<(), RunDirError> {
        let checkpoints = self.run.checkpoints();
        let pending = checkpoints.begin(state.step)?;
        for (name, bytes) in files {
            pending.write(name, bytes)?;
        }
        pending.commit(state)?;
        atomic::write(&self.run.file(RunDir::WEIGHTS), weights)?;
        checkpoints.prune(newest)
    }

    /// The last status.
    ///
    /// # Errors
    /// A run directory that cannot be written.
    pub fn end(&mut self, state: State, message: &str) -> Result<(), WriteError> {
        self.status.state = state;
        self.status.seconds_left = None;
        if !message.is_empty() {
            message.clone_into(&mut self.status.message);
        }
        self.status.seconds = self.speed.seconds();
        self.status_file.write_now(&self.status)
    }
}

/// Sums for a checkpoint, bit for bit: a resumed run's lines are those of an uninterrupted one.
fn packed(sums: &Sums) -> serde_json::Value {
    let bits: BTreeMap<&String, (u64, u64)> = sums.iter().map(|(name, (sum, n))| (name, (sum.to_bits(), *n))).collect();
    serde_json::json!({ "sums": bits })
}

/// What [`packed`] made; nothing where it is something else.
fn unpacked(trainer: &serde_json::Value) -> Sums {
    let bits: BTreeMap<String, (u64, u64)> = serde_json::from_value(trainer["sums"].clone()).unwrap_or_default();
    bits.into_iter().map(|(name, (sum, n))| (name, (f64::from_bits(sum), n))).collect()
}

impl Speed {
    fn new(before: f64) -> Self {
        Speed {
            recent: Default::default(),
            waited: Duration::ZERO,
            waiting: Default::default(),
            since: Instant::now(),
            before,
        }
    }

    /// Seconds of training, those of earlier processes too.
    fn seconds(&self) -> f64 {
        self.before + self.since.elapsed().as_secs_f64()
    }

    fn forget(&mut self) {
        self.recent.clear();
        self.waiting.clear();
    }

    fn stepped(&mut self, pictures: usize, waited: Duration) {
        let now = Instant::now();
        // A new stage counts from zero again.
        let more = waited.checked_sub(self.waited).unwrap_or(waited);
        self.waited = waited;
        self.recent.push_back((now, pictures));
        self.waiting.push_back((now, more));
        while self.recent.len() > SPEED_STEPS && self.recent.front().is_some_and(|(at, _)| now - *at > SPEED_OVER) {
            self.recent.pop_front();
            self.waiting.pop_front();
        }
    }

    fn progress(&self, stage: Stage, step: u64, steps: u64, losses: Vec<(&'static str, f64)>) -> Progress {
        let span = match (self.recent.front(), self.recent.back()) {
            (Some((first, _)), Some((last, _))) => (*last - *first).as_secs_f64(),
            _ => 0.0,
        };
        let over = |amount: f64| if span > 0.0 { amount / span } else { 0.0 };
        let per_second = over(self.recent.len().saturating_sub(1) as f64);
        let pictures: usize = self.recent.iter().skip(1).map(|(_, pictures)| pictures).sum();
        let waited: f64 = self.waiting.iter().skip(1).map(|(_, waited)| waited.as_secs_f64()).sum();
        Progress {
            stage,
            step,
            steps,
            losses,
            steps_per_second: per_second,
            pictures_per_second: over(pictures as f64),
            seconds_left: (per_second > 0.0).then(|| steps.saturating_sub(step) as f64 / per_second),
            waiting_share: over(waited).min(1.0),
            memory_mb: memory::now_mb(),
        }
    }
}
