//! A whole training: what is prepared before the first step, the steps, what is kept of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use burn::tensor::Device;

use super::asked::Asked;
use super::checkpoints::{Saved, Which};
use super::config::{Config, Data};
use super::descriptors;
use super::error::TrainError;
use super::held_out::{self, Measure};
use super::keeping::{Facts, Keeping};
use super::learner::{self, Learner};
use super::observer::{Decision, Event, Observer, Outcome, Stage};
use super::pca_start;
use super::run_dir::RunDir;
use super::samplers::Pool;
use super::schedule::{Place, Schedule};
use super::shortfalls;
use super::status::State;
use super::teachers::Teachers;
use super::toml_file;
use super::workbench::Workbench;
use crate::data::atomic::{self, WriteError};
use crate::data::crops::{self, Built, CropSet, Options};
use crate::data::hash::fnv;
use crate::data::synth;

/// How long a paused training waits before it asks again.
const PAUSE: Duration = Duration::from_millis(200);
/// How often and after which time a last checkpoint or status is tried again that could not be written.
const LAST_TRIES: usize = 3;
const LAST_PAUSE: Duration = Duration::from_secs(2);
const FEWEST_PICTURES: usize = 4;

/// What to train.
#[derive(Clone, Debug)]
pub struct Request {
    pub run_dir: PathBuf,
    pub config: Config,
    /// Make so many synthetic faces in the run's folder and train on them.
    pub synthetic: Option<usize>,
    /// Go on with the run that is there, from this checkpoint; what came after it is trained again.
    pub resume: Option<Which>,
    /// The device's name, for the run's status.
    pub device_name: String,
}

/// Trains until all steps are done or the observer ends it. Everything that is made lies in the run directory, where it
/// can be gone on with after any end.
///
/// # Errors
/// Settings, pictures or a directory that cannot be used, before the first step; a loss that is no number, a device or a
/// disk that fails, during them. One sentence each.
pub fn run(request: Request, device: &Device, observer: &mut dyn Observer) -> Result<Outcome, TrainError> {
    toml_file::check(&request.config)?;
    let schedule = Schedule::of(&request.config);
    if schedule.steps() == 0 {
        return Err(TrainError::NoSteps);
    }
    let (run, saved) = match request.resume {
        Some(which) => {
            let run = RunDir::resume(&request.run_dir)?;
            let saved = run.checkpoints().find(which)?;
            (run, saved)
        }
        None => (RunDir::create(&request.run_dir)?, None),
    };
    let mut keeping = Keeping::start(run, &request.device_name, schedule, request.resume.is_some())?;
    let outcome = prepared(request, saved, device, &mut keeping, observer)
        .and_then(|mut training| training.go(&mut keeping, observer));
    match &outcome {
        Ok(Outcome::Finished) => end(&mut keeping, State::Finished, observer),
        Ok(Outcome::Stopped { .. }) | Err(TrainError::Cancelled { discard: false }) => {
            end(&mut keeping, State::Stopped, observer)
        }
        Ok(Outcome::Discarded) | Err(TrainError::Cancelled { discard: true }) => {
            keeping.run.discard()?;
            end(&mut keeping, State::Discarded, observer);
            return Ok(Outcome::Discarded);
        }
        // The sentence reaches the user by the error itself; the status is for those who look later.
        Err(error) => drop(keeping.end(State::Failed, &error.to_string())),
    }
    outcome
}

/// Writes the last status. Everything else is done by then, so that a disk which refuses it again and again costs no
/// more than that.
fn end(keeping: &mut Keeping, state: State, observer: &mut dyn Observer) {
    for tries_left in (0..LAST_TRIES).rev() {
        match keeping.end(state, "") {
            Ok(()) => return,
            Err(_) if tries_left > 0 => thread::sleep(LAST_PAUSE),
            Err(error) => {
                let text = format!("{error}; the run is {state} all the same, only its status does not say so");
                observer.hear(&Event::Remark(&text));
            }
        }
    }
}

/// A training that is ready for its next step.
struct Training {
    config: Config,
    schedule: Schedule,
    learner: Learner,
    workbench: Workbench,
    step: u64,
}

fn prepared(
    request: Request,
    saved: Option<Saved>,
    device: &Device,
    keeping: &mut Keeping,
    observer: &mut dyn Observer,
) -> Result<Training, TrainError> {
    let Request { mut config, synthetic, resume, .. } = request;
    if let Some(count) = synthetic {
        keeping.prepares("draws synthetic faces");
        config.data.paths = vec![made_faces(&keeping.run, count, &config, observer)?];
    }
    if let Some(saved) = &saved {
        check_sizes(saved, &config)?;
    }
    keeping.prepares("gathers pictures");
    let Built { train, held_out, report } = gathered(&keeping.run, &config, observer)?;
    let lacks = shortfalls::sentences(train.keys(), &config);
    crops::warnings(&report).iter().chain(&lacks).for_each(|sentence| observer.hear(&Event::Remark(sentence)));
    if train.len() < FEWEST_PICTURES {
        return Err(TrainError::TooFewPictures(train.len()));
    }
    keeping.status.pictures = train.len() as u64;
    forget_other_caches(&keeping.run, &config)?;
    let start = if saved.is_some() { None } else { start_weights(&config)? };
    let mut learner = Learner::new(&config, start, device)?;
    let schedule = Schedule::of(&config);
    let step = match &saved {
        Some(saved) => {
            let read = |name: &str| {
                let path = saved.file(name);
                fs::read(&path).map_err(|e| TrainError::Unreadable { path, detail: e.to_string() })
            };
            learner.restore(saved.state.stage, config.batch.clip_norm, &read)?;
            saved.step()
        }
        None => 0,
    };
    if resume.is_some() {
        keeping.resume(saved.as_ref())?;
    }
    let pool = some_pool(&train, &config);
    keeping.prepares("measures the mean face and 99 principal components");
    observer.hear(&Event::Preparing { what: "measuring the mean face and 99 principal components", done: 0, total: 0 });
    let measure = Measure::new(&keeping.run, &train, &pool, &held_out, &config)?;
    let teachers = Teachers::load(&config.teachers, &learner.device)?;
    // What makes the folder a run to go on with: only now is all of it known to work.
    keeping.run.write_config(&config)?;
    let data = said_sources(&report);
    let workbench = Workbench::new(train, pool, measure, teachers, data);
    Ok(Training { config, schedule, learner, workbench, step })
}

/// Removes what was worked out from other pictures or by another teacher than these.
fn forget_other_caches(run: &RunDir, config: &Config) -> Result<(), TrainError> {
    let cache = run.file(RunDir::CACHE);
    // Says what the pictures were made from.
    let index = fs::read(cache.join("crops").join("index.json")).unwrap_or_default();
    let settings = format!("{:?} {:?} {:?}", config.data, config.pca_start.pictures, config.teachers.recogniser);
    let key = fnv(index.into_iter().chain(settings.into_bytes())).to_string();
    let path = cache.join("of.txt");
    if fs::read_to_string(&path).is_ok_and(|known| known == key) {
        return Ok(());
    }
    for name in [pca_start::COMPONENTS, held_out::BASELINE, descriptors::DESCRIPTORS] {
        match fs::remove_file(cache.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(WriteError::new(&cache.join(name), &error).into());
            }
            _ => (),
        }
    }
    Ok(atomic::write(&path, key.as_bytes())?)
}

/// All pictures, where every source is for labels only.
fn some_pool(set: &CropSet, config: &Config) -> Pool {
    let pool = Pool::of(set, &config.data.labels_only);
    if pool.is_empty() { Pool::All(set.len()) } else { pool }
}

fn made_faces(run: &RunDir, count: usize, config: &Config, observer: &mut dyn Observer) -> Result<PathBuf, TrainError> {
    let folder = run.file(RunDir::SYNTHETIC);
    // The shard to measure on is put there last.
    if folder.join(synth::LAST_SHARD).is_file() {
        return Ok(folder);
    }
    observer.hear(&Event::Preparing { what: "drawing synthetic faces", done: 0, total: count as u64 });
    // Drawn on all cores, where an observer cannot be; it hears of the end.
    synth::write(&folder, count, config.seed, &|_| true)?;
    observer.hear(&Event::Preparing { what: "drawing synthetic faces", done: count as u64, total: count as u64 });
    Ok(folder)
}

fn gathered(run: &RunDir, config: &Config, observer: &mut dyn Observer) -> Result<Built, TrainError> {
    let Data { held_out, limit, sub_folders, .. } = config.data;
    let options = Options { held_out, limit, seed: config.seed, sub_folders };
    let mut asked = Asked::new("gathering pictures", observer);
    let folder = run.file(RunDir::CACHE).join("crops");
    let built = crops::build(&folder, &config.data.paths, &options, &mut |done, total| asked.go_on(done, total));
    asked.outcome(built.map_err(TrainError::from))
}

fn start_weights(config: &Config) -> Result<Option<Vec<u8>>, TrainError> {
    let read = |path: &PathBuf| {
        fs::read(path).map_err(|e| TrainError::Unreadable { path: path.clone(), detail: e.to_string() })
    };
    config.model.start_from.as_ref().map(read).transpose()
}

fn check_sizes(saved: &Saved, config: &Config) -> Result<(), TrainError> {
    let (found, wanted) = (&saved.state.networks, learner::sizes(config));
    let path = || Path::to_owned(&saved.path);
    if found.width != wanted.width {
        return Err(TrainError::OtherWidth { path: path(), found: found.width, wanted: wanted.width });
    }
    if *found != wanted { Err(TrainError::OtherNetworks(path())) } else { Ok(()) }
}

fn said_sources(report: &crops::Report) -> String {
    let sources: Vec<String> = report.sources.iter().map(|(name, count)| format!("{name} ({count})")).collect();
    format!("{} pictures: {}", report.pictures, sources.join(", "))
}

impl Training {
    fn go(&mut self, keeping: &mut Keeping, observer: &mut dyn Observer) -> Result<Outcome, TrainError> {
        while let Some(place) = self.schedule.at(self.step) {
            match observer.ask() {
                Decision::Continue => (),
                Decision::Pause => {
                    keeping.paused(self.step);
                    thread::sleep(PAUSE);
                    continue;
                }
                Decision::Save => {
                    self.save(keeping, observer, false)?;
                    continue;
                }
                Decision::Stop => {
                    self.save(keeping, observer, false)?;
                    self.insist(keeping, observer, false)?;
                    return Ok(Outcome::Stopped { step: self.step });
                }
                Decision::Discard => return Ok(Outcome::Discarded),
            }
            self.enter(place, keeping, observer)?;
            self.advance(place, keeping, observer)?;
            self.look(keeping, observer)?;
        }
        self.insist(keeping, observer, true)?;
        Ok(Outcome::Finished)
    }

    /// The last checkpoint is what the run was for: a disk that has refused it is given some time.
    fn insist(&mut self, keeping: &mut Keeping, observer: &mut dyn Observer, ended: bool) -> Result<(), TrainError> {
        for _ in 0..LAST_TRIES {
            if !keeping.is_due(u64::MAX) {
                return Ok(());
            }
            thread::sleep(LAST_PAUSE);
            self.save(keeping, observer, ended)?;
        }
        if keeping.is_due(u64::MAX) { Err(TrainError::NotSaved(keeping.run.path().to_owned())) } else { Ok(()) }
    }

    /// Makes what the step's stage needs, and what its first step changes.
    fn enter(&mut self, place: Place, keeping: &mut Keeping, observer: &mut dyn Observer) -> Result<(), TrainError> {
        if self.workbench.is_in(place.stage) {
            return Ok(());
        }
        let fresh = place.within == 0;
        if fresh {
            self.learner.begin_stage(place.stage, self.config.batch.clip_norm);
            let begins_parts = place.stage == Stage::Disentangle
                || place.stage == Stage::Cycle && self.config.disentangle.cached_steps == 0;
            if begins_parts {
                self.workbench.begin_parts(&mut self.learner, &self.config)?;
            }
        }
        self.workbench.enter(place, self.step, &mut self.learner, &self.config, keeping, observer)?;
        keeping.begins();
        Ok(())
    }

    fn advance(&mut self, place: Place, keeping: &mut Keeping, observer: &mut dyn Observer) -> Result<(), TrainError> {
        let losses = self.workbench.step(&mut self.learner, &self.config, place, self.step)?;
        self.step += 1;
        self.learner.average(&self.config, place.stage, self.step);
        let facts = Facts {
            batch: place.batch,
            waited: self.workbench.waited(),
            without_triplets: self.learner.without_triplets,
            unreadable: self.workbench.unreadable(),
        };
        let progress = keeping.stepped(place.stage, self.step, losses, facts)?;
        observer.hear(&Event::Step(&progress));
        Ok(())
    }

    /// Measures, draws and saves, each when it is time, and all of it at the end of stages one, two and three.
    fn look(&mut self, keeping: &mut Keeping, observer: &mut dyn Observer) -> Result<(), TrainError> {
        let last = self.ends_a_part_of_the_method();
        let reached = self.schedule.reached(self.step);
        let settings = &self.config.checkpoint;
        let every = |steps: u64| settings.is_due(steps, reached, self.step);
        let due = keeping.is_due(self.step);
        let first = self.step == settings.first_look;
        let [measure, draw] = [settings.measure_every, settings.preview_every].map(|steps| every(steps) || first);
        let save = every(settings.every);
        if self.schedule.at(self.step).is_none_or(|next| next.stage != reached) {
            // Means are of one stage.
            keeping.write_losses(reached, self.step);
        }
        if measure || draw || save || last || due {
            let settled = self.workbench.settle(&self.learner, &self.config, reached)?;
            if measure || save || last {
                self.workbench.measure(&settled, keeping, self.step, observer)?;
            }
            if draw || last {
                self.workbench.draw(&settled, keeping, self.step, observer)?;
            }
            if last {
                self.workbench.table(&settled, keeping, self.step, observer);
            }
            if save || last || due {
                let ended = self.schedule.at(self.step).is_none();
                self.keep(keeping, observer, &settled, ended)?;
            }
        }
        Ok(())
    }

    /// Whether stage one, two or three ends with the last step, and not only a stretch of one.
    fn ends_a_part_of_the_method(&self) -> bool {
        let number = |stage: Stage| match stage {
            Stage::PcaStart | Stage::Autoencoder => 1,
            Stage::Disentangle | Stage::Cycle => 2,
            Stage::Joint => 3,
        };
        let next = self.schedule.at(self.step).map(|place| number(place.stage));
        next != Some(number(self.schedule.reached(self.step)))
    }

    fn save(&mut self, keeping: &mut Keeping, observer: &mut dyn Observer, ended: bool) -> Result<(), TrainError> {
        let settled = self.workbench.settle(&self.learner, &self.config, self.schedule.reached(self.step))?;
        self.keep(keeping, observer, &settled, ended)
    }

    fn keep(
        &mut self,
        keeping: &mut Keeping,
        observer: &mut dyn Observer,
        settled: &super::workbench::Settled,
        ended: bool,
    ) -> Result<(), TrainError> {
        let weights = self.workbench.weights(settled, &self.config, ended, &self.learner.device)?;
        let stage = self.schedule.reached(self.step);
        keeping.keep(stage, self.step, &mut self.learner, &weights, self.config.checkpoint.keep, observer)
    }
}
