//! What each stage needs beside the networks (pictures on their way, cached codes, what is known of the set), and the
//! models that are looked at in between.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use burn::module::Module;
use burn::tensor::Device;
use rand_chacha::rand_core::Rng;

use super::asked;
use super::autoencoder;
use super::batches::{Loader, Planner};
use super::codes::{Codes, Recipe};
use super::config::Config;
use super::descriptors::{DESCRIPTORS, Descriptors};
use super::disentangle::{self, Frozen, Supervision};
use super::error::TrainError;
use super::export::{self, Export};
use super::held_out::Measure;
use super::joint;
use super::keeping::Keeping;
use super::learner::{Learner, Losses};
use super::observer::{Event, Observer, Stage};
use super::pca_start::{self, Cores, Target};
use super::previews;
use super::random::rng_for;
use super::run_dir::RunDir;
use super::samplers::{Pool, stage_one_plan};
use super::schedule::Place;
use super::seen;
use super::teachers::Teachers;
use crate::data::crops::CropSet;
use crate::data::hash::fnv;
use crate::nn::tensors::{self, Precision};
use crate::nn::{Code, FaceModel, Networks};

/// The training's pictures and what the current stage has made of them.
pub struct Workbench {
    set: CropSet,
    pool: Pool,
    measure: Measure,
    teachers: Teachers,
    data: String,
    current: Option<Current>,
    /// Kept from stage two to three.
    known: Option<Supervision>,
    /// Pictures that could not be read.
    unreadable: HashSet<usize>,
}

struct Current {
    stage: Stage,
    needs: Needs,
}

enum Needs {
    Pca { loader: Loader, target: Box<Target>, cores: Cores },
    Autoencoder { loader: Loader },
    Cached { codes: Codes },
    Cycle { codes: Codes, frozen: Box<Frozen> },
    Joint { loader: Loader },
}

/// Networks as they are shown, measured and shipped.
pub struct Settled {
    networks: Networks,
    model: FaceModel,
    pub stage: Stage,
}

impl Workbench {
    pub fn new(set: CropSet, pool: Pool, measure: Measure, teachers: Teachers, data: String) -> Self {
        Workbench { set, pool, measure, teachers, data, current: None, known: None, unreadable: HashSet::new() }
    }

    pub fn is_in(&self, stage: Stage) -> bool {
        self.current.as_ref().is_some_and(|current| current.stage == stage)
    }

    /// How long the networks have waited for pictures in this stage.
    pub fn waited(&self) -> Duration {
        self.loader().map_or(Duration::ZERO, Loader::waited)
    }

    /// How many pictures could not be read so far; others were taken.
    pub fn unreadable(&mut self) -> u64 {
        let more = self.loader().map(Loader::take_skipped).unwrap_or_default();
        self.unreadable.extend(more);
        self.unreadable.len() as u64
    }

    fn loader(&self) -> Option<&Loader> {
        match &self.current.as_ref()?.needs {
            Needs::Pca { loader, .. } | Needs::Autoencoder { loader } | Needs::Joint { loader } => Some(loader),
            Needs::Cached { .. } | Needs::Cycle { .. } => None,
        }
    }

    fn export<'a>(&'a self, config: &'a Config, stage: Stage) -> Export<'a> {
        let held_out = &self.measure.held_out;
        Export { config, set: &self.set, pool: &self.pool, stage, held_out, data: &self.data }
    }

    /// What the stage needs from its step `place` on.
    ///
    /// # Errors
    /// Pictures that cannot be read, a cache that cannot be written, a device that fails; [`TrainError::Cancelled`].
    pub fn enter(
        &mut self,
        place: Place,
        step: u64,
        learner: &mut Learner,
        config: &Config,
        keeping: &mut Keeping,
        observer: &mut dyn Observer,
    ) -> Result<(), TrainError> {
        keeping.prepares(match place.stage {
            Stage::PcaStart => "takes principal components",
            Stage::Disentangle | Stage::Cycle => "encodes pictures in four views",
            Stage::Autoencoder | Stage::Joint => "fetches pictures",
        });
        // The old stage's threads and files go before the new one's come.
        self.current = None;
        if place.stage.has_parts() && self.known.is_none() {
            let descriptors = self.descriptors(config, step, keeping, observer)?;
            self.known = Some(Supervision::new(&self.set, config, descriptors)?);
        }
        let needs = match place.stage {
            Stage::PcaStart => {
                observer.hear(&Event::Preparing { what: "taking principal components", done: 0, total: 0 });
                let (pca, cached) = pca_start::components(&keeping.run, &self.set, &self.pool, config)?;
                if let Err(error) = cached {
                    // They are in memory, and are taken again where the run is gone on with.
                    keeping.warn(step, &error.to_string(), observer);
                }
                if place.within == 0 && config.model.start_from.is_none() {
                    learner.networks.G = pca_start::attuned(learner.networks.G.clone(), &pca);
                }
                let target = Box::new(Target::new(&pca, &learner.device));
                Needs::Pca { loader: self.stage_one(config, step)?, target, cores: Cores::new(&learner.device)? }
            }
            Stage::Autoencoder => Needs::Autoencoder { loader: self.stage_one(config, step)? },
            Stage::Disentangle => Needs::Cached { codes: self.codes(learner, config, step, keeping, observer)? },
            Stage::Cycle => Needs::Cycle {
                codes: self.codes(learner, config, step, keeping, observer)?,
                frozen: Box::new(Frozen::of(learner)),
            },
            Stage::Joint => Needs::Joint { loader: self.macro_batches(config, place.within)? },
        };
        self.current = Some(Current { stage: place.stage, needs });
        Ok(())
    }

    fn stage_one(&self, config: &Config, step: u64) -> Result<Loader, TrainError> {
        let (pool, range, seed, n) = (self.pool.clone(), config.data.view_range(), config.seed, config.batch.size);
        let plan: Planner = Arc::new(move |step| stage_one_plan(&pool, range, seed, step, n));
        Ok(Loader::start(self.set.clone(), plan, step, config.data.workers, config.data.stretches())?)
    }

    fn macro_batches(&self, config: &Config, first: u64) -> Result<Loader, TrainError> {
        let (range, n) = (config.data.view_range(), config.batch.size);
        // What is known of the set was worked out when the stage was entered.
        let batches = self.known.as_ref().ok_or(TrainError::NoSteps)?.batches.clone();
        let plan: Planner = Arc::new(move |step| batches.plan(step, n, range));
        Ok(Loader::start(self.set.clone(), plan, first, config.data.workers, config.data.stretches())?)
    }

    fn descriptors(
        &self,
        config: &Config,
        step: u64,
        keeping: &mut Keeping,
        observer: &mut dyn Observer,
    ) -> Result<Option<Descriptors>, TrainError> {
        let Some(recogniser) = self.teachers.recogniser().filter(|_| config.disentangle.descriptor > 0.0) else {
            return Ok(None);
        };
        let path = keeping.run.file(RunDir::CACHE).join(DESCRIPTORS);
        let stretch = config.data.stretches();
        let built = asked::until_written("describing faces", step, keeping, observer, |go_on| {
            Descriptors::build(&path, &self.set, recogniser, stretch, go_on)
        });
        built.map(Some)
    }

    fn codes(
        &self,
        learner: &Learner,
        config: &Config,
        step: u64,
        keeping: &mut Keeping,
        observer: &mut dyn Observer,
    ) -> Result<Codes, TrainError> {
        let plain = learner.device.clone().without_autodiff();
        let encoder = &learner.networks.E;
        let bytes = tensors::save(&encoder.valid(), Precision::Single, &[])?;
        let recipe = Recipe {
            seed: config.seed,
            encoder: fnv(bytes),
            turn_deg: config.data.turn_deg,
            stretch: config.data.stretches(),
        };
        let model = FaceModel::new(learner.networks.valid(), &plain);
        let mut encode = |pictures: &[image::RgbImage]| {
            let codes = model.encode_all(pictures, |_| ())?;
            Ok(codes.into_iter().map(|code| code.z).collect::<Vec<Code>>())
        };
        let path = keeping.run.file(RunDir::CACHE).join("codes.f32");
        let workers = config.data.workers;
        asked::until_written("encoding pictures in four views", step, keeping, observer, |go_on| {
            Ok(Codes::build(&path, &self.set, recipe, workers, &mut encode, go_on)?)
        })
    }

    /// The start of stage two: E and G are the averages with settled norms from here on, and Phi begins.
    ///
    /// # Errors
    /// Pictures that cannot be read.
    pub fn begin_parts(&mut self, learner: &mut Learner, config: &Config) -> Result<(), TrainError> {
        let settled = self.settle(learner, config, Stage::Autoencoder)?;
        learner.average.E = settled.networks.E;
        learner.average.G = settled.networks.G;
        if config.disentangle.start_linear {
            learner.average.phi = settled.networks.phi;
            learner.average.phi_inverse = settled.networks.phi_inverse;
        }
        learner.adopt_average();
        Ok(())
    }

    /// One step.
    ///
    /// # Errors
    /// Pictures, codes or labels that cannot be read.
    pub fn step(
        &mut self,
        learner: &mut Learner,
        config: &Config,
        place: Place,
        step: u64,
    ) -> Result<Losses, TrainError> {
        learner.without_triplets = 0;
        // Dropout draws from the device; a resumed run draws the same.
        learner.device.seed(rng_for(config.seed, step, "device").next_u64());
        let steps = [step, place.within];
        let config = &cooled(config, place);
        let Workbench { current, known, teachers, .. } = self;
        match (current.as_mut().map(|current| &mut current.needs), known.as_ref()) {
            (Some(Needs::Pca { loader, target, cores }), _) => {
                let pictures = seen::tensor(loader.next()?.pictures, &learner.device);
                Ok(pca_start::step(learner, config, target, cores, &pictures))
            }
            (Some(Needs::Autoencoder { loader }), _) => {
                let pictures = seen::tensor(loader.next()?.pictures, &learner.device);
                Ok(autoencoder::step(learner, config, teachers, &pictures, steps))
            }
            (Some(Needs::Cached { codes }), Some(known)) => {
                disentangle::cached_step(learner, config, known, codes, steps)
            }
            (Some(Needs::Cycle { codes, frozen }), Some(known)) => {
                disentangle::cycle_step(learner, config, known, codes, frozen, steps)
            }
            (Some(Needs::Joint { loader }), Some(known)) => {
                joint::step(learner, config, teachers, known, loader.next()?, steps)
            }
            // `enter` came before and made what the stage needs.
            _ => Err(TrainError::NoSteps),
        }
    }

    /// The networks as they would be shipped now.
    ///
    /// # Errors
    /// Pictures that cannot be read.
    pub fn settle(&self, learner: &Learner, config: &Config, stage: Stage) -> Result<Settled, TrainError> {
        let networks = export::settled(learner, &self.export(config, stage))?;
        let plain: Device = learner.device.clone().without_autodiff();
        Ok(Settled { model: FaceModel::new(networks.clone(), &plain), networks, stage })
    }

    /// Measures on pictures that were held out.
    ///
    /// # Errors
    /// A device that fails.
    pub fn measure(
        &self,
        settled: &Settled,
        keeping: &mut Keeping,
        step: u64,
        observer: &mut dyn Observer,
    ) -> Result<(), TrainError> {
        let measured = self.measure.measure(&settled.model, settled.stage.has_parts())?;
        keeping.measured(settled.stage, step, measured);
        observer.hear(&Event::HeldOut { step, measured: &measured });
        Ok(())
    }

    /// Draws the grid of pictures; a disk that is full costs that grid and no more.
    ///
    /// # Errors
    /// A device that fails.
    pub fn draw(
        &self,
        settled: &Settled,
        keeping: &mut Keeping,
        step: u64,
        observer: &mut dyn Observer,
    ) -> Result<(), TrainError> {
        match previews::draw(&keeping.run, step, &settled.model, settled.stage.has_parts(), self.measure.shown()) {
            Ok(path) => observer.hear(&Event::Preview(&path)),
            Err(TrainError::Write(error)) => keeping.warn(step, &error.to_string(), observer),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Keeps the observer's table of the model.
    pub fn table(&self, settled: &Settled, keeping: &mut Keeping, step: u64, observer: &mut dyn Observer) {
        if let Some(table) = observer.table(&settled.model, settled.stage) {
            keeping.table(settled.stage, step, table);
        }
    }

    /// The weights file of settled networks.
    ///
    /// # Errors
    /// Pictures that cannot be read, a device that fails.
    pub fn weights(
        &self,
        settled: &Settled,
        config: &Config,
        ended: bool,
        device: &Device,
    ) -> Result<Vec<u8>, TrainError> {
        let export = self.export(config, settled.stage);
        export::weights_file(settled.networks.clone(), &settled.model, &export, ended, device)
    }
}

/// The settings with the learning rates of this step.
fn cooled(config: &Config, place: Place) -> Config {
    let factor = place.cooling(config.batch.cooldown);
    let mut config = config.clone();
    for rate in [
        &mut config.pca_start.learning_rate,
        &mut config.autoencoder.learning_rate,
        &mut config.disentangle.learning_rate,
    ] {
        *rate *= factor;
    }
    config
}
