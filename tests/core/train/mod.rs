//! Training: its settings, its folder, its numbers.

mod adam;
mod batches;
mod checkpoints;
mod codes;
mod config;
mod crop_sets;
mod descriptors;
mod exchanges;
mod finder;
mod kills;
mod kills_of_runs;
mod loader_memory;
mod long_presets;
mod looks;
mod memory;
mod metrics;
mod micro;
mod overfit;
mod pace;
mod random_codes;
mod run_dir;
mod samplers;
mod shortfalls;
mod summary;
mod teachers;
mod whole_runs;

use std::fs;
use std::path::Path;

use facespace::nn::NetworksConfig;
use facespace::train::checkpoints::{CHECKPOINT_VERSION, CheckpointState};
use facespace::train::observer::Stage;

/// The names in a folder, hidden ones too, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What stands beside the tensors of a checkpoint.
pub fn state(step: u64, held_out_rmse: Option<f64>) -> CheckpointState {
    CheckpointState {
        version: CHECKPOINT_VERSION,
        step,
        stage: Stage::Autoencoder,
        held_out_rmse,
        networks: NetworksConfig::default(),
        trainer: serde_json::Value::Null,
    }
}
