//! Why a training cannot start or go on, each as one sentence.

use std::path::PathBuf;

use super::adam::DamagedState;
use super::batches::BatchError;
use super::codes::CodesError;
use super::run_dir::RunDirError;
use super::toml_file::ConfigError;
use crate::data::atomic::WriteError;
use crate::data::crops::CropSetError;
use crate::data::shards::ShardError;
use crate::data::synth::SynthError;
use crate::find::FindError;
use crate::nn::NnError;
use crate::nn::finder::FinderWeightsError;
use crate::nn::pca::PcaError;
use crate::nn::recogniser::RecogniserError;
use crate::nn::weights::WeightsError;

/// What ends a training early. What it had written stays.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error(transparent)]
    RunDir(#[from] RunDirError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Set(#[from] CropSetError),
    #[error(transparent)]
    Synth(#[from] SynthError),
    #[error(transparent)]
    Batch(#[from] BatchError),
    #[error(transparent)]
    Codes(#[from] CodesError),
    #[error(transparent)]
    Networks(#[from] NnError),
    #[error(transparent)]
    Moments(#[from] DamagedState),
    #[error(transparent)]
    Pca(#[from] PcaError),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Shards(#[from] ShardError),
    #[error(transparent)]
    Find(#[from] FindError),
    #[error(transparent)]
    FinderWeights(#[from] FinderWeightsError),
    #[error("The labelled faces give no mean head; give shards of crops that have landmarks and angles")]
    NoMeanFace,
    #[error("{source}: {}", path.display())]
    Recogniser { path: PathBuf, source: RecogniserError },
    #[error("The file cannot be read ({detail}); check its path and permissions: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error(
        "The loss {loss} is no longer a finite number at step {step}; lower the learning rate or resume from an earlier \
         checkpoint with --from"
    )]
    NotFinite { loss: String, step: u64 },
    #[error("A checkpoint of width {found} cannot go on as one of width {wanted}; set model.width to {found}: {}", path.display())]
    OtherWidth { path: PathBuf, found: usize, wanted: usize },
    #[error("A checkpoint of other networks cannot go on with these settings; take the model's settings from the run's own config.toml: {}", .0.display())]
    OtherNetworks(PathBuf),
    #[error("There are only {0} pictures to train on; give at least 4")]
    TooFewPictures(usize),
    #[error("The last checkpoint could not be written; free some space and resume the run: {}", .0.display())]
    NotSaved(PathBuf),
    #[error(
        "The networks give codes that are no numbers; resume from an earlier checkpoint (--from) with a lower learning \
         rate"
    )]
    NoCodes,
    #[error("All steps are 0; give at least one stage some")]
    NoSteps,
    #[error("The training was cancelled while it was being prepared; start it again with --resume")]
    Cancelled {
        /// And what was made is to go.
        discard: bool,
    },
    #[error("A thread for computing could not be started ({0}); close some programs")]
    NoThread(String),
}
