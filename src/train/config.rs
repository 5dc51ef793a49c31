//! All settings of a training, as they stand in a run's `config.toml`.
//!
//! One struct a section; `presets` fills them, `toml_file` reads and writes them with a comment and a range for each
//! field. What is drawn at random is a function of `seed`, the step and its purpose, so the settings, the data and the
//! program decide every number of a run on the CPU.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::observer::Stage;
use super::samplers::ViewRange;
use crate::data::crops::SubFolders;
use crate::nn::Variant;

/// The newest version of the file that this program reads, and the one it writes.
pub const CONFIG_VERSION: u32 = 1;

/// Everything that decides a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub version: u32,
    /// The preset that it started from: `paper`, `authors`, `small-data` or `tiny`.
    pub preset: String,
    pub seed: u64,
    pub data: Data,
    pub model: Model,
    pub batch: Batch,
    pub pca_start: PcaStart,
    pub autoencoder: Autoencoder,
    pub disentangle: Disentangle,
    pub joint: Joint,
    pub teachers: Teachers,
    pub checkpoint: Checkpoint,
}

/// Which pictures, and how they are prepared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Shards, folders of shards, folders of crops. Absolute once a run has started.
    pub paths: Vec<PathBuf>,
    /// Sources (a shard's name before `-train-`, a folder's name) whose labels are used but whose pictures are too soft
    /// to learn pictures from: left out of stage one and of the pixel losses of stage three.
    pub labels_only: Vec<String>,
    /// What the names of sub-folders say in a folder of crops.
    #[serde(default)]
    pub sub_folders: SubFolders,
    pub equalisation: Equalisation,
    /// Pictures held back for measuring where no shard is named `-val-` or `-test-`, at most; a twentieth of them, by
    /// whole people.
    pub held_out: usize,
    /// Uses at most so many training pictures; 0 is all.
    pub limit: usize,
    /// Threads that decode and turn pictures; 0 is one.
    pub workers: usize,
    /// Half of the views are mirrored.
    #[serde(default = "usually")]
    pub mirror: bool,
    /// Largest random turn in degrees; never more than a picture's margin allows (8 for 144 px, 15 for 168 px).
    pub turn_deg: f32,
    /// Largest random shift in pixels of the 128-pixel crop.
    pub shift_px: f32,
}

/// Configurations of before it was a setting have none.
fn usually() -> bool {
    true
}

impl Data {
    /// How far views go.
    pub fn view_range(&self) -> ViewRange {
        ViewRange { mirror: self.mirror, turn_deg: self.turn_deg, shift_px: self.shift_px }
    }

    /// Whether each crop's colours are stretched.
    pub fn stretches(&self) -> bool {
        self.equalisation == Equalisation::Stretch
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Equalisation {
    #[default]
    None,
    /// Each crop's colours stretched between the 2nd and the 98th percentile.
    Stretch,
}

/// The sizes of the networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub width: usize,
    pub hidden: usize,
    pub variant: Variant,
    /// A weights file or a model (safetensors) to start from instead of random networks, of the same sizes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_from: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    pub size: usize,
    /// Pictures pass in so many smaller batches whose gradients are added. Batch norm and triplets see the smaller ones.
    pub accumulate: usize,
    /// The gradient's norm is held to this in every network; 0 is off.
    pub clip_norm: f32,
    /// Half-life of the averaged weights, in pictures; 0 is off.
    pub average_half_life: f32,
    /// Share of a stage's steps, its last ones, over which the learning rates fall to a tenth; 0 is none.
    pub cooldown: f32,
}

/// The PCA start of stage one (section 4 of the method); 0 steps skips it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PcaStart {
    pub steps: u64,
    pub learning_rate: f64,
    /// Pictures (and as many mirrors) that the principal components are taken from, at most.
    pub pictures: usize,
}

/// Stage one (section 4 of the method).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Autoencoder {
    pub steps: u64,
    pub learning_rate: f64,
    /// Learning rate of D_x over that of the others.
    pub image_rate: f64,
    /// The step of this stage from which D_x takes part.
    pub image_from: u64,
    /// The step of this stage from which the structure term takes part.
    pub structure_from: u64,
    /// D_z trains every so many steps.
    pub latent_every: u64,
    /// D_x trains every so many steps.
    pub image_every: u64,
    /// Weight of mean |x - G(E(x))| in 0..255 before the structure term takes part.
    pub reconstruction: f64,
    /// The same once it does.
    pub reconstruction_with_structure: f64,
    /// Weight of 1 - cs; 0 is off.
    pub structure: f64,
    /// Weight of fooling D_z.
    pub latent: f64,
    /// Weight of D_x on reconstructions and of fooling it with them.
    pub image: f64,
    /// The same for pictures of random codes.
    pub image_random: f64,
    /// Where random codes come from.
    pub random_codes: RandomCodes,
    /// Weight of matching D_x's features; 0 is off.
    pub feature_matching: f64,
    /// Translation and colour on everything that D_x sees.
    pub diff_augment: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RandomCodes {
    /// Between shuffled codes of the batch.
    #[default]
    Interpolated,
    /// N(0, I).
    Prior,
}

/// Stage two (section 5 of the method).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disentangle {
    /// Steps on cached codes without the cycle terms.
    pub cached_steps: u64,
    /// Steps with them, after those.
    pub cycle_steps: u64,
    pub learning_rate: f64,
    /// Codes in a batch of the steps without cycle terms (those with take `batch.size`).
    pub cached_batch: usize,
    /// Factor of the whole loss: 5, in `paper` 1.
    pub scale: f64,
    /// Weight of |z - Phi^-1(Phi(z))|.
    pub inverse: f64,
    /// Weights of the tasks.
    pub pose: f64,
    pub identity: f64,
    pub style: f64,
    pub expression: f64,
    pub cycle: f64,
    pub augmentation: f64,
    /// Mean squared error (`authors`) instead of L1 (`paper`) for pose.
    pub pose_squared: bool,
    /// Squared distances in the triplets (`paper`).
    pub triplet_squared: bool,
    /// Any negative (`paper`) instead of one of the 5 nearest.
    pub random_negatives: bool,
    /// The cycle over all 99 numbers with full weight (`paper`); otherwise over 96, pose at half weight.
    pub cycle_pose: bool,
    /// Weight of the exchanges with a known answer; 0 is off.
    pub exchanges: f64,
    /// Weight of the cross-covariance between parts; 0 is off.
    pub decorrelation: f64,
    /// Orders pairs of faces for expression by their landmarks where valence and arousal are missing.
    pub expression_geometry: bool,
    /// Weight of the recogniser's descriptors as the target of f_id, where a recogniser is given.
    pub descriptor: f64,
    /// Start Phi and Phi^-1 as maps that change nothing but the parts' lengths.
    pub start_linear: bool,
    /// Steps of the expression head, on detached codes, after each of stages two and three.
    pub head_steps: u64,
}

/// Stage three (section 6 of the method); 0 steps skips it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joint {
    pub steps: u64,
    /// Learning rates over those of stages one and two.
    pub rate_factor: f64,
    /// Weight of stage one's objective; the weights within it (in `paper` those of Eq. 5) are stage one's own.
    pub autoencoder: f64,
    /// Weight of stage two's objective.
    pub disentangle: f64,
}

/// Networks that teach and are not part of the result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teachers {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recogniser: Option<PathBuf>,
    /// Weight of its activations as a perceptual loss in stages one and three.
    pub perceptual: f64,
    /// Weight of its descriptors as an identity loss in stages one and three.
    pub identity: f64,
}

/// How often what is written. Steps count over the whole run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    pub every: u64,
    /// Newest checkpoints that are kept, beside the best.
    pub keep: usize,
    /// Held-out pictures are measured every so many steps.
    pub measure_every: u64,
    /// The grid of pictures is drawn every so many steps.
    pub preview_every: u64,
    /// At this step of the run they are measured and drawn for the first time; 0 waits for the above.
    #[serde(default)]
    pub first_look: u64,
    /// On cached codes, whose steps are many times as short, all of it comes so many times as rarely.
    #[serde(default = "once")]
    pub rarer_on_codes: u64,
}

/// Configurations of before it was a setting know one interval.
fn once() -> u64 {
    1
}

impl Checkpoint {
    /// Whether what comes every `interval` steps is due after `step` steps, the last of them of this stage.
    pub fn is_due(&self, interval: u64, stage: Stage, step: u64) -> bool {
        let interval = if stage == Stage::Disentangle { interval * self.rarer_on_codes } else { interval };
        interval > 0 && step.is_multiple_of(interval)
    }
}
