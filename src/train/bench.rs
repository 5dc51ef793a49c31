//! What the steps of a training cost on this machine: the trainer's own steps on synthetic faces, with random networks,
//! on whose values speed does not depend. Settings are those of the preset `small-data` with everything taking part.
//!
//! Steps are not all alike (D_z and D_x train at every second step, averages move at every fourth, stage two takes one
//! part after the other), so what is timed is a round of four. Rates are of rounds in which nothing within a step is
//! timed and the device is waited for once, at the end. The parts come from other rounds, in which a stop watch (`laps`)
//! waits for the device between them; on the CPU, which does nothing ahead, that changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor};
use image::RgbImage;
use rand_distr::{Distribution, StandardNormal};
use serde::Serialize;

use super::batches::{Loader, Planner};
use super::codes::{Codes, Recipe};
use super::config::{Autoencoder, Batch, Config, Disentangle, Model};
use super::disentangle::{self, Frozen, Supervision};
use super::error::TrainError;
use super::laps::Taken;
use super::learner::{Learner, Losses};
use super::observer::Stage;
use super::pca_start::{self, Cores, Target};
use super::random::rng_for;
use super::samplers::{Pool, stage_one_plan};
use super::teachers::Teachers;
use super::{autoencoder, memory, presets, seen, toml_file};
use crate::data::crops::{self, CropSet, Options, SubFolders};
use crate::data::synth;
use crate::face::CODE_DIM;
use crate::nn::pca::Pca;
use crate::nn::picture::SIDE;
use crate::nn::{Code, NnError};

/// Steps of a round.
const ROUND: u64 = 4;
/// D_z and D_x train at every so many steps.
const EVERY: u64 = 2;
/// Batches that are prepared before a stage is timed, and shown in turn.
const BATCHES: usize = 2;
/// The faces show people of 16 pictures: enough of them for triplets.
const FEWEST_FACES: usize = 64;
const SEED: u64 = 1;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Of the networks; even.
    pub width: usize,
    /// Pictures (on cached codes: codes) of a step.
    pub batch: usize,
    /// Rounds of four steps that are timed, after one to warm up.
    pub runs: usize,
}

/// What the steps of a stage cost.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub stage: Stage,
    pub width: usize,
    pub batch: usize,
    /// With pictures that lie ready on the device (on cached codes: codes a second).
    pub pictures_per_second: Rate,
    /// As in a training, where another thread prepares them at the same time; of stage one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_loading: Option<Loading>,
    /// What a step consists of; of stage one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The most memory that the process held, in millions of bytes; what earlier figures left behind is in it. None
    /// where the system does not say.
    pub peak_memory_mb: Option<f64>,
}

/// Pictures a second, over several rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rate {
    pub median: f64,
    pub min: f64,
    pub max: f64,
    pub runs: usize,
}

/// A part of a step.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Part {
    pub name: &'static str,
    /// A step, the mean over rounds: what happens at every second step counts half.
    pub milliseconds: f64,
    /// Of the step, 0 to 1.
    pub share: f64,
}

/// Steps while the pictures of the next ones are prepared.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Loading {
    pub pictures_per_second: Rate,
    /// Share of the time in which the networks waited for pictures, 0 to 1.
    pub waiting_share: f64,
    /// What a thread needs to read, turn and prepare a batch while nothing else computes.
    pub batch_milliseconds: f64,
}

/// Synthetic faces to measure with, in a folder of their own.
pub struct Faces {
    folder: PathBuf,
    set: CropSet,
}

impl Faces {
    /// Draws enough of them for batches of this size.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn draw(folder: &Path, batch: usize) -> Result<Self, TrainError> {
        let shards = folder.join("faces");
        synth::write(&shards, FEWEST_FACES.max(4 * batch), SEED, &|_| true)?;
        let options = Options { held_out: 1, limit: 0, seed: SEED, sub_folders: SubFolders::Auto };
        let built = crops::build(&folder.join("crops"), &[shards], &options, &mut |_, _| true)?;
        Ok(Faces { folder: folder.to_owned(), set: built.train })
    }

    fn loader(&self, config: &Config) -> Result<Loader, TrainError> {
        let (pool, seed, n) = (Pool::of(&self.set, &[]), config.seed, config.batch.size);
        let range = config.data.view_range();
        let plan: Planner = Arc::new(move |step| stage_one_plan(&pool, range, seed, step, n));
        Ok(Loader::start(self.set.clone(), plan, 0, config.data.workers, false)?)
    }

    fn ready(&self, config: &Config, device: &Device) -> Result<Vec<Tensor<4>>, TrainError> {
        let loader = self.loader(config)?;
        (0..BATCHES).map(|_| Ok(seen::tensor(loader.next()?.pictures, device))).collect()
    }
}

/// The preset `small-data` in this size, with all that its stages come to.
fn settings(subject: Subject) -> Result<Config, TrainError> {
    let preset = presets::small_data();
    let config = Config {
        model: Model { width: subject.width, ..preset.model },
        batch: Batch { size: subject.batch, ..preset.batch },
        autoencoder: Autoencoder {
            image_from: 0,
            structure_from: 0,
            latent_every: EVERY,
            image_every: EVERY,
            ..preset.autoencoder
        },
        disentangle: Disentangle { cached_batch: subject.batch, ..preset.disentangle },
        ..preset
    };
    toml_file::check(&config)?;
    Ok(config)
}

/// Networks in a stage, and where they are in it.
struct Training {
    config: Config,
    learner: Learner,
    step: u64,
}

/// What a stage does with its step: the learner, the settings, the step's number.
type Advance<'a> = dyn FnMut(&mut Learner, &Config, u64) -> Result<Losses, TrainError> + 'a;

impl Training {
    fn begin(subject: Subject, stage: Stage, device: &Device) -> Result<Self, TrainError> {
        memory::forget_peak();
        let config = settings(subject)?;
        let mut learner = Learner::new(&config, None, device)?;
        learner.begin_stage(stage, config.batch.clip_norm);
        Ok(Training { config, learner, step: 0 })
    }

    /// Four steps, each as the trainer takes it.
    fn round(&mut self, advance: &mut Advance) -> Result<Duration, TrainError> {
        let started = Instant::now();
        for _ in 0..ROUND {
            advance(&mut self.learner, &self.config, self.step)?;
            self.step += 1;
            self.learner.average(&self.config, super::observer::Stage::Autoencoder, self.step);
            self.learner.laps.lap("averages");
        }
        // A device that fails says so where its numbers are read.
        let _ = self.learner.device.clone().without_autodiff().sync();
        Ok(started.elapsed())
    }

    /// A round to warm up, then those that count.
    fn rate(&mut self, runs: usize, advance: &mut Advance) -> Result<Rate, TrainError> {
        self.round(advance)?;
        let pictures = (ROUND as usize * self.config.batch.size) as f64;
        let mut rates = Vec::new();
        for _ in 0..runs.max(1) {
            rates.push(pictures / self.round(advance)?.as_secs_f64());
        }
        rates.sort_by(f64::total_cmp);
        let (min, max) = (rates[0], rates[rates.len() - 1]);
        Ok(Rate { median: rates[rates.len() / 2], min, max, runs: rates.len() })
    }

    fn figures(&self, subject: Subject, stage: Stage, pictures_per_second: Rate) -> Figures {
        let Subject { width, batch, .. } = subject;
        let peak_memory_mb = memory::peak_mb();
        Figures { stage, width, batch, pictures_per_second, with_loading: None, parts: Vec::new(), peak_memory_mb }
    }
}

/// Stage one: E, G and both discriminators.
///
/// # Errors
/// Settings out of range, pictures that cannot be read.
pub fn stage_one(faces: &Faces, subject: Subject, device: &Device) -> Result<Figures, TrainError> {
    let mut training = Training::begin(subject, Stage::Autoencoder, device)?;
    let teachers = Teachers::load(&training.config.teachers, &training.learner.device)?;
    let batches = faces.ready(&training.config, &training.learner.device)?;
    let mut at_hand = |learner: &mut Learner, config: &Config, step: u64| -> Result<Losses, TrainError> {
        let pictures = &batches[step as usize % batches.len()];
        Ok(autoencoder::step(learner, config, &teachers, pictures, [step; 2]))
    };
    let rate = training.rate(subject.runs, &mut at_hand)?;

    training.learner.laps.start(device);
    for _ in 0..subject.runs.max(1) {
        training.round(&mut at_hand)?;
    }
    let parts = parts(training.learner.laps.end(), subject.runs.max(1));

    let loading = loading(faces, subject, &mut training, &teachers)?;
    let figures = training.figures(subject, Stage::Autoencoder, rate);
    Ok(Figures { with_loading: Some(loading), parts, ..figures })
}

fn parts(taken: Taken, runs: usize) -> Vec<Part> {
    let total: f64 = taken.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let steps = (runs as u64 * ROUND) as f64;
    let part = |(name, time): (&'static str, Duration)| {
        let seconds = time.as_secs_f64();
        Part { name, milliseconds: seconds * 1e3 / steps, share: seconds / total }
    };
    taken.into_iter().map(part).collect()
}

fn loading(
    faces: &Faces,
    subject: Subject,
    training: &mut Training,
    teachers: &Teachers,
) -> Result<Loading, TrainError> {
    let loader = faces.loader(&training.config)?;
    // From the first batch on, the thread prepares one after the other.
    loader.next()?;
    let started = Instant::now();
    for _ in 0..ROUND {
        loader.next()?;
    }
    let batch_milliseconds = started.elapsed().as_secs_f64() * 1e3 / ROUND as f64;

    let (before, began) = (loader.waited(), Instant::now());
    let pictures_per_second = training.rate(subject.runs, &mut |learner, config, step| {
        let pictures = seen::tensor(loader.next()?.pictures, &learner.device);
        Ok(autoencoder::step(learner, config, teachers, &pictures, [step; 2]))
    })?;
    let waiting_share = (loader.waited() - before).as_secs_f64() / began.elapsed().as_secs_f64();
    Ok(Loading { pictures_per_second, waiting_share, batch_milliseconds })
}

/// The PCA start: E and G, each by itself.
///
/// # Errors
/// As [`stage_one`], or threads that cannot be started.
pub fn pca_start(faces: &Faces, subject: Subject, device: &Device) -> Result<Figures, TrainError> {
    let mut training = Training::begin(subject, Stage::PcaStart, device)?;
    let target = Target::new(&any_components(), &training.learner.device);
    let cores = Cores::new(&training.learner.device)?;
    let batches = faces.ready(&training.config, &training.learner.device)?;
    let rate = training.rate(subject.runs, &mut |learner, config, step| {
        let pictures = &batches[step as usize % batches.len()];
        Ok(pca_start::step(learner, config, &target, &cores, pictures))
    })?;
    Ok(training.figures(subject, Stage::PcaStart, rate))
}

/// Components of no pictures in particular, as long as those of pictures of 64 x 64.
fn any_components() -> Pca {
    let (k, d) = (CODE_DIM, 3 * (SIDE / 2) * (SIDE / 2));
    let mut random = rng_for(SEED, 0, "components");
    let size = (d as f32).sqrt();
    let mut draw = || -> f32 { StandardNormal.sample(&mut random) };
    let components = (0..k * d).map(|_| draw() / size).collect();
    Pca { k, d, mean: vec![0.0; d], components, variances: vec![0.05; k] }
}

/// Stage two on cached codes, of which there are as many in a step as pictures elsewhere, then with the cycle through G
/// and E.
///
/// # Errors
/// As [`stage_one`], or codes that cannot be written.
pub fn stage_two(faces: &Faces, subject: Subject, device: &Device) -> Result<[Figures; 2], TrainError> {
    let mut training = Training::begin(subject, Stage::Disentangle, device)?;
    let codes = any_codes(faces, &training.config)?;
    let known = Supervision::new(&faces.set, &training.config, None)?;
    let rate = training.rate(subject.runs, &mut |learner, config, step| {
        disentangle::cached_step(learner, config, &known, &codes, [step; 2])
    })?;
    let cached = training.figures(subject, Stage::Disentangle, rate);

    let mut training = Training::begin(subject, Stage::Cycle, device)?;
    let frozen = Frozen::of(&training.learner);
    let rate = training.rate(subject.runs, &mut |learner, config, step| {
        disentangle::cycle_step(learner, config, &known, &codes, &frozen, [step; 2])
    })?;
    Ok([cached, training.figures(subject, Stage::Cycle, rate)])
}

/// Codes of the faces that no encoder gave.
fn any_codes(faces: &Faces, config: &Config) -> Result<Codes, TrainError> {
    let recipe = Recipe { seed: SEED, encoder: 0, turn_deg: config.data.turn_deg, stretch: false };
    let mut random = rng_for(SEED, 0, "codes");
    let mut encode = |pictures: &[RgbImage]| {
        let mut draw = |_: usize| -> f32 { StandardNormal.sample(&mut random) };
        let codes = pictures.iter().map(|_| std::array::from_fn(&mut draw));
        Ok::<Vec<Code>, NnError>(codes.collect())
    };
    let path = faces.folder.join("codes.f32");
    Ok(Codes::build(&path, &faces.set, recipe, config.data.workers, &mut encode, &mut |_, _| true)?)
}
