//! What a training writes of itself while it runs: status, metrics, checkpoints, weights. A disk that is full is told
//! once and tried again; the training goes on meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use super::checkpoints::{CHECKPOINT_VERSION, CheckpointState, Saved};
use super::error::TrainError;
use super::learner::{Learner, Losses, numbers};
use super::memory;
use super::metrics::{HeldOut, Line, Metrics};
use super::observer::{Event, Observer, Progress, Stage};
use super::pace::{self, Speed};
use super::run_dir::{RunDir, RunDirError};
use super::schedule::Schedule;
use super::status::{State, Status, StatusFile};
use crate::data::atomic::{self, WriteError};

/// Steps whose mean is one line of metrics.
const LINE_EVERY: u64 = 10;
/// Steps after which a checkpoint that could not be written is tried again.
const AGAIN_AFTER: u64 = 20;

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

/// What there is to say of a step beside its losses.
pub struct Facts {
    /// Pictures of it; on cached codes, codes.
    pub batch: usize,
    /// How long pictures were waited for in the whole stage.
    pub waited: Duration,
    /// Its batches that could form no triplet.
    pub without_triplets: u64,
    /// Pictures that this process could not read so far.
    pub unreadable: u64,
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
            status.passed_over = earlier.passed_over;
        }
        // How fast another device was says nothing of this one.
        let rates = if earlier.device == device { earlier.rates } else { Default::default() };
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
            speed: Speed::new(earlier.seconds, rates),
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
        self.run.remove_previews_after(step);
        let (sums, without_triplets) = saved.map(|saved| unpacked(&saved.state.trainer)).unwrap_or_default();
        self.sums = sums;
        self.status.passed_over.without_triplets = without_triplets;
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

    /// Notes that everything is there for the first step of a stage.
    pub fn begins(&mut self) {
        self.speed.restart();
    }

    pub fn paused(&mut self, step: u64) {
        self.status.step = step;
        self.status.state = State::Paused;
        self.speed.restart();
        self.write_status();
    }

    /// Notes a step that is done and gives what there is to say of it.
    ///
    /// # Errors
    /// [`TrainError::NotFinite`] with the loss's name; a device that cannot give the numbers back.
    pub fn stepped(&mut self, stage: Stage, step: u64, losses: Losses, facts: Facts) -> Result<Progress, TrainError> {
        let losses = numbers(losses, step)?;
        for &(name, value) in &losses {
            let (sum, count) = self.sums.entry(name.to_owned()).or_default();
            *sum += value;
            *count += 1;
        }
        let speed = self.speed.stepped(stage, facts.batch, facts.waited);
        if step.is_multiple_of(LINE_EVERY) {
            self.write_losses(stage, step);
        }
        let status = &mut self.status;
        if status.state == State::Preparing {
            status.message.clear();
            self.told.clear();
        }
        status.state = State::Running;
        status.stage = Some(stage);
        status.step = step;
        status.steps_per_second = speed.steps_per_second;
        status.pictures_per_second = speed.pictures_per_second;
        status.rates.clone_from(self.speed.rates());
        status.seconds_left = pace::seconds_left(&self.schedule.ahead(step), self.speed.rates());
        status.waiting_share = speed.waiting_share;
        status.memory_mb = memory::now_mb();
        status.passed_over.without_triplets += facts.without_triplets;
        // A process begins to count again, and meets the same ones.
        status.passed_over.unreadable = status.passed_over.unreadable.max(facts.unreadable);
        let progress = Progress {
            stage,
            step,
            steps: self.schedule.steps(),
            losses,
            steps_per_second: speed.steps_per_second,
            pictures_per_second: speed.pictures_per_second,
            seconds_left: status.seconds_left,
            waiting_share: speed.waiting_share,
            memory_mb: status.memory_mb,
            passed_over: status.passed_over,
        };
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

    /// Tells of something on the disk, once until it is something else; the training goes on without it.
    pub fn warn(&mut self, step: u64, sentence: &str, observer: &mut dyn Observer) {
        self.tell(step, sentence, "the training goes on and tries again", observer);
    }

    /// The same where the next step needs it.
    pub fn waits(&mut self, step: u64, sentence: &str, observer: &mut dyn Observer) {
        self.tell(step, sentence, "the training waits and tries again", observer);
    }

    fn tell(&mut self, step: u64, sentence: &str, meanwhile: &str, observer: &mut dyn Observer) {
        // The path comes last and may be another each time; the cause is what was told.
        let cause = sentence.rsplit_once(": ").map_or(sentence, |(cause, _)| cause);
        let told = format!("{cause}; {meanwhile}");
        if self.told == told {
            self.write_status();
            return;
        }
        self.told = told;
        sentence.clone_into(&mut self.status.message);
        // At once: nothing may be written after it for long.
        drop(self.status_file.write_now(&self.status));
        self.line(&Line::Event { step, event: "warning".to_owned(), text: sentence.to_owned() });
        observer.hear(&Event::Remark(&format!("{sentence}; {meanwhile}")));
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
            trainer: packed(&self.sums, self.status.passed_over.without_triplets),
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
        // Before the checkpoint counts: a run killed between its last one and its weights would never write them.
        atomic::write(&self.run.file(RunDir::WEIGHTS), weights)?;
        pending.commit(state)?;
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

/// Sums for a checkpoint, bit for bit: a resumed run's lines are those of an uninterrupted one. And the count of
/// batches without triplets.
fn packed(sums: &Sums, without_triplets: u64) -> serde_json::Value {
    let bits: BTreeMap<&String, (u64, u64)> = sums.iter().map(|(name, (sum, n))| (name, (sum.to_bits(), *n))).collect();
    serde_json::json!({ "sums": bits, "without_triplets": without_triplets })
}

/// What [`packed`] made; nothing where it is something else.
fn unpacked(trainer: &serde_json::Value) -> (Sums, u64) {
    let bits: BTreeMap<String, (u64, u64)> = serde_json::from_value(trainer["sums"].clone()).unwrap_or_default();
    let sums = bits.into_iter().map(|(name, (sum, n))| (name, (f64::from_bits(sum), n))).collect();
    (sums, trainer["without_triplets"].as_u64().unwrap_or_default())
}
