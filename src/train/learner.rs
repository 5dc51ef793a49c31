//! Everything that learns: the networks, their averages, their optimisers. What a checkpoint holds.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::accumulate::Accumulated;
use super::adam::Adam;
use super::average;
use super::config::Config;
use super::error::TrainError;
use super::laps::Laps;
use super::observer::Stage;
use crate::nn::tensors::{self, Precision};
use crate::nn::{Discriminators, Networks, NetworksConfig, NnError};

/// Adam's momentum in the adversarial stages and in stage two (sections 4 and 5 of the method).
const ADVERSARIAL_BETA_1: f32 = 0.0;
const DISENTANGLE_BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;

/// The averages move every so many steps, by as much as they would have in that many moves.
const AVERAGE_EVERY: u64 = 4;

/// Losses of a step by name: single numbers that are still on the device.
pub type Losses = Vec<(&'static str, Tensor<1>)>;

/// The losses of a step, all in one answer of the device.
///
/// # Errors
/// [`TrainError::NotFinite`] with the name of the first that is no number; a device that cannot give them back.
pub fn numbers(losses: Losses, step: u64) -> Result<Vec<(&'static str, f64)>, TrainError> {
    let (names, values): (Vec<_>, Vec<Tensor<1>>) = losses.into_iter().unzip();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let values = Tensor::cat(values, 0).try_into_vec_as::<f32>();
    let values = values.map_err(|e| NnError::Device { reason: e.to_string() })?;
    if let Some((name, _)) = names.iter().zip(&values).find(|(_, value)| !value.is_finite()) {
        return Err(TrainError::NotFinite { loss: (*name).to_owned(), step });
    }
    Ok(names.into_iter().zip(values.into_iter().map(f64::from)).collect())
}

/// Networks on the training device, and what belongs to their training.
pub struct Learner {
    /// With gradients.
    pub device: Device,
    pub sizes: NetworksConfig,
    pub networks: Networks,
    pub discriminators: Discriminators,
    /// On the plain device, never trained.
    pub average: Networks,
    pub adams: Adams,
    /// Batches of the step in hand that could form no triplet.
    pub without_triplets: u64,
    /// Stands still but in measurements of speed.
    pub laps: Laps,
}

/// One optimiser for what is trained together.
pub struct Adams {
    /// E and G.
    pub autoencoder: Adam,
    pub latent: Adam,
    pub image: Adam,
    /// Phi and Phi^-1.
    pub disentangler: Adam,
}

impl Adams {
    fn new(stage: Stage, clip_norm: f32) -> Self {
        let adversarial = || Adam::new(ADVERSARIAL_BETA_1, BETA_2, clip_norm);
        // Towards targets that stand still, momentum helps.
        let alone = || Adam::new(DISENTANGLE_BETA_1, BETA_2, clip_norm);
        Adams {
            autoencoder: if stage == Stage::PcaStart { alone() } else { adversarial() },
            latent: adversarial(),
            image: adversarial(),
            disentangler: Adam::new(DISENTANGLE_BETA_1, BETA_2, clip_norm),
        }
    }

    fn named(&mut self) -> [(&'static str, &mut Adam); 4] {
        [
            ("autoencoder", &mut self.autoencoder),
            ("latent", &mut self.latent),
            ("image", &mut self.image),
            ("disentangler", &mut self.disentangler),
        ]
    }
}

/// The sizes of the networks that a configuration asks for.
pub fn sizes(config: &Config) -> NetworksConfig {
    NetworksConfig { hidden: config.model.hidden, ..NetworksConfig::new(config.model.width, config.model.variant) }
}

impl Learner {
    /// Random networks, or those of `start`, a safetensors file.
    ///
    /// # Errors
    /// [`TrainError::Networks`] where `start` holds networks of other sizes.
    pub fn new(config: &Config, start: Option<Vec<u8>>, device: &Device) -> Result<Self, TrainError> {
        let device = device.clone().autodiff();
        let sizes = sizes(config);
        device.seed(config.seed);
        let networks = match start {
            Some(bytes) => Networks::load(bytes, &sizes, &device)?,
            None => Networks::init(&sizes, &device),
        };
        let discriminators = Discriminators::init(&sizes, &device);
        let average = networks.valid();
        let adams = Adams::new(Stage::PcaStart, config.batch.clip_norm);
        let laps = Laps::default();
        Ok(Learner { device, sizes, networks, discriminators, average, adams, without_triplets: 0, laps })
    }

    /// After each step: moves the averages, if it is time; those of E and G only where these train.
    pub fn average(&mut self, config: &Config, stage: Stage, step: u64) {
        if config.batch.average_half_life <= 0.0 {
            self.average = self.networks.valid();
            return;
        }
        if !step.is_multiple_of(AVERAGE_EVERY) {
            return;
        }
        let pictures = config.batch.size * AVERAGE_EVERY as usize;
        // A young average is mostly its random start; it forgets as fast as it has seen pictures.
        let seen = step as f32 * config.batch.size as f32;
        let decay = average::decay(config.batch.average_half_life.min(0.25 * seen), pictures);
        let (average, live) = (self.average.clone(), &self.networks);
        if matches!(stage, Stage::Disentangle | Stage::Cycle) {
            self.average.phi = average::moved(average.phi, &live.phi, decay);
            self.average.phi_inverse = average::moved(average.phi_inverse, &live.phi_inverse, decay);
        } else {
            self.average = average::moved(average, live, decay);
        }
    }

    /// A step of E and G.
    pub fn update_autoencoder(&mut self, rate: f64, gradients: &mut Accumulated) {
        let adam = &mut self.adams.autoencoder;
        adam.begin();
        self.networks.E = adam.step("E", rate, self.networks.E.clone(), gradients.of("E"));
        self.networks.G = adam.step("G", rate, self.networks.G.clone(), gradients.of("G"));
    }

    /// A step of Phi and Phi^-1.
    pub fn update_disentangler(&mut self, rate: f64, gradients: &mut Accumulated) {
        let adam = &mut self.adams.disentangler;
        adam.begin();
        self.networks.phi = adam.step("phi", rate, self.networks.phi.clone(), gradients.of("phi"));
        self.networks.phi_inverse =
            adam.step("phi_inverse", rate, self.networks.phi_inverse.clone(), gradients.of("phi_inverse"));
    }

    /// Goes on from the averages: a stage that froze them trains them on.
    pub fn adopt_average(&mut self) {
        self.networks = self.average.clone().train();
    }

    /// New optimisers, for a stage that begins.
    pub fn begin_stage(&mut self, stage: Stage, clip_norm: f32) {
        self.adams = Adams::new(stage, clip_norm);
    }

    /// Files of a checkpoint by name.
    ///
    /// # Errors
    /// [`TrainError::Networks`] where the device cannot give the numbers back.
    pub fn files(&mut self) -> Result<Vec<(String, Vec<u8>)>, TrainError> {
        let mut files = vec![
            ("networks.safetensors".to_owned(), tensors::save(&self.networks.valid(), Precision::Single, &[])?),
            (
                "discriminators.safetensors".to_owned(),
                tensors::save(&self.discriminators.valid(), Precision::Single, &[])?,
            ),
            ("averaged.safetensors".to_owned(), tensors::save(&self.average, Precision::Single, &[])?),
        ];
        for (name, adam) in self.adams.named() {
            files.push((format!("adam-{name}.safetensors"), adam.to_bytes()?));
        }
        Ok(files)
    }

    /// Takes up what [`Learner::files`] gave.
    ///
    /// # Errors
    /// As `read` for a missing file; [`TrainError::Networks`] for networks of other sizes, [`TrainError::Moments`] for
    /// damaged optimisers.
    pub fn restore(
        &mut self,
        stage: Stage,
        clip_norm: f32,
        read: &dyn Fn(&str) -> Result<Vec<u8>, TrainError>,
    ) -> Result<(), TrainError> {
        self.adams = Adams::new(stage, clip_norm);
        self.networks = Networks::load(read("networks.safetensors")?, &self.sizes, &self.device)?;
        self.discriminators = Discriminators::load(read("discriminators.safetensors")?, &self.sizes, &self.device)?;
        let plain = self.device.clone().without_autodiff();
        self.average = Networks::load(read("averaged.safetensors")?, &self.sizes, &plain)?.valid();
        for (name, adam) in self.adams.named() {
            adam.restore(&read(&format!("adam-{name}.safetensors"))?)?;
        }
        Ok(())
    }
}
