//! How one network of the finder is trained, whichever it is: batches made ahead, steps, averages, what is found hard
//! in between, checkpoints that a run goes on from with the same numbers.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::error::TrainError;
use super::super::learner::{Losses, numbers};
use super::super::run_dir::RunDirError;
use super::feed::{Feed, Make};
use super::learner::{self, Learner, State};
use super::settings::{Course, Network};
use super::watch::{Event, Progress, Watch};
use crate::data::atomic::{self, WriteError};
use crate::nn::norms::HasNorms;
use crate::nn::tensors::{self, Precision};

/// Steps whose losses are one line of the metrics.
const LINE_EVERY: u64 = 50;
/// Batches that the average's batch norms are measured on at the end.
const NORM_BATCHES: u64 = 24;
/// The network as it is at the end, and the losses on the way, in its folder.
const FINISHED: &str = "finished.safetensors";
const METRICS: &str = "metrics.jsonl";
/// How much of the time left the newest steps tell.
const NEWEST: f64 = 0.05;

/// What is special about a network.
pub trait Lesson: Send + Sync + 'static {
    type Network: HasNorms;
    type Batch: Send + 'static;
    /// Something that an earlier network took for a face.
    type Mined: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    const NETWORK: Network;

    /// With random weights, drawn from the device's generator.
    fn fresh(&self, device: &Device) -> Self::Network;

    /// The batch of a step; a function of the seed, the step and what was mined.
    fn batch(&self, step: u64, size: usize, mined: &[Self::Mined]) -> Self::Batch;

    /// The loss on a batch, and what it is made of.
    fn objective(&self, network: &Self::Network, batch: Self::Batch, device: &Device) -> (Tensor<1>, Losses);

    /// What this network takes for a face in the training's scenes, worst first; `before` is what was mined until now.
    ///
    /// # Errors
    /// [`TrainError::Networks`].
    fn mine(&self, network: &Self::Network, before: &[Self::Mined], step: u64) -> Result<Vec<Self::Mined>, TrainError>;
}

/// How a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Finished,
    /// After so many steps, from which it can be gone on with.
    Stopped(u64),
}

/// Trains a network in a folder of its own until all steps are done or `watch` ends it.
///
/// # Errors
/// A checkpoint in the folder and no `resume`, or one that cannot be read; a loss that is no number; a full disk.
pub fn train<L: Lesson>(
    lesson: &Arc<L>,
    course: &Course,
    folder: &Path,
    resume: bool,
    watch: &mut dyn Watch,
) -> Result<Ended, TrainError> {
    learner::prepare(folder)?;
    if !resume && (learner::has_checkpoint(folder) || folder.join(FINISHED).exists()) {
        return Err(RunDirError::Exists(folder.to_owned()).into());
    }
    let device = Device::flex().autodiff();
    device.seed(course.seed);
    let mut learner = Learner::new(L::NETWORK.name(), lesson.fresh(&device));
    let saved: Option<State<L::Mined>> = learner.restore(folder)?;
    let (mined, mined_at) = saved.map(|state| (state.mined, state.mined_at)).unwrap_or_default();
    forget_later(folder, learner.step)?;
    let lesson = Arc::clone(lesson);
    let mut training = Training { lesson, course, folder, device, learner, mined: Arc::new(mined), mined_at };
    let ended = training.go(watch)?;
    if ended == Ended::Finished {
        watch.hear(&Event::Preparing("measures the norms of the trained network"));
        let bytes = tensors::save(&training.settled(), Precision::Single, &[])?;
        atomic::write(&folder.join(FINISHED), &bytes)?;
    }
    Ok(ended)
}

/// The trained network of a folder, on the device of `fresh`; none before its training has finished.
///
/// # Errors
/// A file that cannot be read or holds another network.
pub fn finished<M: Module>(folder: &Path, fresh: M) -> Result<Option<M>, TrainError> {
    let path = folder.join(FINISHED);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = fs::read(&path).map_err(|e| RunDirError::Unreadable { path, detail: e.to_string() })?;
    Ok(Some(tensors::load(fresh, bytes)?))
}

struct Training<'a, L: Lesson> {
    lesson: Arc<L>,
    course: &'a Course,
    folder: &'a Path,
    device: Device,
    learner: Learner<L::Network>,
    mined: Arc<Vec<L::Mined>>,
    /// The step before which that was found.
    mined_at: u64,
}

impl<L: Lesson> Training<'_, L> {
    fn go(&mut self, watch: &mut dyn Watch) -> Result<Ended, TrainError> {
        let mut pace = Pace::new();
        let mut sums = Sums::default();
        while self.learner.step < self.course.steps {
            let first = self.learner.step;
            let every = self.course.mine_every.max(1);
            let end = ((first / every + 1) * every).min(self.course.steps);
            if first.is_multiple_of(every) && first > self.mined_at {
                self.mine(watch)?;
                // A pause between two steps, not a slow one.
                pace.restart();
            }
            let mut feed = Feed::start(&self.maker(), first, end, self.course.workers)?;
            while self.learner.step < end {
                if !watch.goes_on() {
                    self.save()?;
                    return Ok(Ended::Stopped(self.learner.step));
                }
                let losses = self.step(feed.take()?)?;
                let step = self.learner.step;
                pace.step();
                sums.add(&losses);
                if step.is_multiple_of(LINE_EVERY) || step == self.course.steps {
                    append(self.folder, L::NETWORK, step, &std::mem::take(&mut sums))?;
                }
                watch.hear(&Event::Step(&Progress {
                    network: L::NETWORK,
                    step,
                    steps: self.course.steps,
                    losses: &losses,
                    steps_per_second: pace.steps_per_second(),
                    seconds_left: pace.seconds_left(self.course.steps - step),
                    waiting_share: pace.waiting_share(feed.waited()),
                }));
                if step.is_multiple_of(self.course.save_every) || step == self.course.steps {
                    self.save()?;
                    watch.hear(&Event::Saved { network: L::NETWORK, step });
                }
            }
            pace.leave_feed(feed.waited());
        }
        Ok(Ended::Finished)
    }

    fn mine(&mut self, watch: &mut dyn Watch) -> Result<(), TrainError> {
        let step = self.learner.step;
        watch.hear(&Event::Preparing("looks for what it takes for a face"));
        self.mined = Arc::new(self.lesson.mine(&self.learner.average, &self.mined, step)?);
        self.mined_at = step;
        watch.hear(&Event::Mined { network: L::NETWORK, step, count: self.mined.len() });
        Ok(())
    }

    fn maker(&self) -> Make<L::Batch> {
        let (lesson, mined, size) = (Arc::clone(&self.lesson), Arc::clone(&self.mined), self.course.batch);
        Arc::new(move |step| lesson.batch(step, size, &mined))
    }

    /// One step; its losses, which are numbers.
    fn step(&mut self, batch: L::Batch) -> Result<Vec<(&'static str, f64)>, TrainError> {
        let step = self.learner.step;
        let (total, losses) = self.lesson.objective(&self.learner.network, batch, &self.device);
        let losses = numbers(losses, step)?;
        self.learner.learn(&total, self.course.rate(step));
        Ok(losses)
    }

    fn save(&self) -> Result<(), TrainError> {
        self.learner.save(self.folder, &self.mined, self.mined_at)
    }

    /// The average with batch norms measured anew, on the plain device.
    fn settled(&self) -> L::Network {
        let mut network = self.learner.average.valid().train();
        for pass in 0..NORM_BATCHES {
            network.count_pass(pass as usize);
            // Batches of steps that no training reaches.
            let batch = self.lesson.batch(u64::MAX - pass, self.course.batch, &self.mined);
            self.lesson.objective(&network, batch, &self.device);
        }
        network.usual_passes();
        network.valid()
    }
}

/// Means over some steps.
#[derive(Default)]
struct Sums {
    losses: Vec<(&'static str, f64)>,
    count: u64,
}

impl Sums {
    fn add(&mut self, losses: &[(&'static str, f64)]) {
        self.count += 1;
        for &(name, value) in losses {
            match self.losses.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += value,
                None => self.losses.push((name, value)),
            }
        }
    }
}

/// Adds a line to the metrics of a folder.
fn append(folder: &Path, network: Network, step: u64, sums: &Sums) -> Result<(), WriteError> {
    let path = folder.join(METRICS);
    let count = sums.count.max(1) as f64;
    let losses: serde_json::Map<String, serde_json::Value> =
        sums.losses.iter().map(|&(name, sum)| (name.to_owned(), json!(sum / count))).collect();
    let line = json!({"network": network.name(), "step": step, "losses": losses});
    let file = fs::OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| writeln!(file, "{line}")).map_err(|e| WriteError::new(&path, &e))
}

/// Removes the lines of steps that are done again.
fn forget_later(folder: &Path, step: u64) -> Result<(), WriteError> {
    let path = folder.join(METRICS);
    let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
    let is_kept = |line: &&str| {
        let line = serde_json::from_str::<serde_json::Value>(line);
        line.is_ok_and(|line| line["step"].as_u64().is_some_and(|of| of <= step))
    };
    let kept: String = text.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect();
    atomic::write(&path, kept.as_bytes())
}

/// How fast steps are, newest first.
struct Pace {
    last: Instant,
    started: Instant,
    per_step: Option<f64>,
    waited: Duration,
}

impl Pace {
    fn new() -> Self {
        let now = Instant::now();
        Pace { last: now, started: now, per_step: None, waited: Duration::ZERO }
    }

    fn restart(&mut self) {
        self.last = Instant::now();
    }

    fn step(&mut self) {
        let taken = self.last.elapsed().as_secs_f64();
        self.restart();
        self.per_step = Some(self.per_step.map_or(taken, |mean| mean + NEWEST * (taken - mean)));
    }

    fn steps_per_second(&self) -> f64 {
        self.per_step.map_or(0.0, |seconds| 1.0 / seconds.max(1e-6))
    }

    fn seconds_left(&self, steps: u64) -> Option<f64> {
        self.per_step.map(|seconds| seconds * steps as f64)
    }

    /// Of the time since the start; `now` is how long the present feed was waited for.
    fn waiting_share(&self, now: Duration) -> f64 {
        (self.waited + now).as_secs_f64() / self.started.elapsed().as_secs_f64().max(1e-6)
    }

    fn leave_feed(&mut self, waited: Duration) {
        self.waited += waited;
    }
}
