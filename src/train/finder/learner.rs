//! One network while it learns: itself, its average, its optimiser; and how they lie in a run's folder.
//!
//! A checkpoint is a few files of one step, of which `step-N.json` is written last and removed first: it makes the
//! others a checkpoint.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Tensor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::adam::{Adam, gradients_of};
use super::super::average;
use super::super::error::TrainError;
use super::super::run_dir::{RunDirError, remove_parts, step_name};
use crate::data::atomic::{self, WriteError};
use crate::nn::tensors::{self, Precision};

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
/// The average moves every so many steps, by as much as it would have in that many moves.
const AVERAGE_EVERY: u64 = 4;
/// Steps after which half of the average is new; a young average forgets faster.
const HALF_LIFE: f32 = 150.0;
const YOUNG: f32 = 0.2;
/// Checkpoints that are kept.
const KEPT: usize = 2;
/// The newest version of a checkpoint that this program reads, and the one it writes.
const VERSION: u32 = 1;
/// The files of a checkpoint, after the step's name.
const STATE: &str = "json";
const PARTS: [&str; 3] = ["network.safetensors", "average.safetensors", "adam.safetensors"];

/// A network in training.
pub struct Learner<M> {
    /// Prefix of its tensors' names in the optimiser.
    name: &'static str,
    /// With gradients.
    pub network: M,
    /// On the plain device, never trained.
    pub average: M,
    adam: Adam,
    /// Steps done.
    pub step: u64,
}

/// What a checkpoint says beside its tensors; `mined` is what was found hard by then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State<T> {
    version: u32,
    pub step: u64,
    pub mined: Vec<T>,
    /// The step before which that was found.
    pub mined_at: u64,
}

impl<M: Module> Learner<M> {
    /// A network with random weights, which has gradients.
    pub fn new(name: &'static str, network: M) -> Self {
        Learner { name, average: network.valid(), network, adam: Adam::new(BETA_1, BETA_2, 0.0), step: 0 }
    }

    /// One step down the slope of a loss.
    pub fn learn(&mut self, loss: &Tensor<1>, rate: f64) {
        let mut gradients = loss.backward();
        let own = gradients_of(self.name, &self.network, &mut gradients);
        self.adam.begin();
        self.network = self.adam.step(self.name, rate, self.network.clone(), own);
        self.step += 1;
        if self.step.is_multiple_of(AVERAGE_EVERY) {
            let half_life = HALF_LIFE.min(YOUNG * self.step as f32);
            let decay = average::decay(half_life, AVERAGE_EVERY as usize);
            self.average = average::moved(self.average.clone(), &self.network, decay);
        }
    }

    /// Writes a checkpoint and removes old ones.
    ///
    /// # Errors
    /// [`TrainError::Write`], [`TrainError::Networks`].
    pub fn save<T: Clone + Serialize>(&self, folder: &Path, mined: &[T], mined_at: u64) -> Result<(), TrainError> {
        let parts = [
            tensors::save(&self.network.valid(), Precision::Single, &[])?,
            tensors::save(&self.average, Precision::Single, &[])?,
            self.adam.to_bytes()?,
        ];
        for (name, bytes) in PARTS.iter().zip(parts) {
            atomic::write(&file(folder, self.step, name), &bytes)?;
        }
        let path = file(folder, self.step, STATE);
        let state = State { version: VERSION, step: self.step, mined: mined.to_vec(), mined_at };
        let text =
            serde_json::to_vec(&state).map_err(|e| WriteError::Other { path: path.clone(), detail: e.to_string() })?;
        atomic::write(&path, &text)?;
        prune(folder);
        Ok(())
    }

    /// Takes up the newest checkpoint in a folder; none where there is none.
    ///
    /// # Errors
    /// A checkpoint that cannot be read, or of another network.
    pub fn restore<T: DeserializeOwned>(&mut self, folder: &Path) -> Result<Option<State<T>>, TrainError> {
        let Some(&step) = steps_in(folder).last() else { return Ok(None) };
        let path = file(folder, step, STATE);
        let damaged = |e: serde_json::Error| RunDirError::Damaged { path: path.clone(), detail: e.to_string() };
        let bytes = read(&path)?;
        let Version { version } = serde_json::from_slice(&bytes).map_err(damaged)?;
        if version > VERSION {
            return Err(RunDirError::Newer(path).into());
        }
        let state = serde_json::from_slice(&bytes).map_err(damaged)?;
        let [network, average, adam] = PARTS.map(|name| read(&file(folder, step, name)));
        self.network = tensors::load(self.network.clone(), network?)?;
        self.average = tensors::load(self.average.clone(), average?)?;
        self.adam.restore(&adam?)?;
        self.step = step;
        Ok(Some(state))
    }
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Whether a folder has a checkpoint.
pub fn has_checkpoint(folder: &Path) -> bool {
    !steps_in(folder).is_empty()
}

/// The average of a network's newest checkpoint, on the device of `fresh`; none where there is no whole one.
pub fn newest<M: Module>(folder: &Path, fresh: M) -> Option<M> {
    let step = *steps_in(folder).last()?;
    tensors::load(fresh, fs::read(file(folder, step, PARTS[1])).ok()?).ok()
}

/// Makes a folder for checkpoints and removes what a kill left half-written.
///
/// # Errors
/// A folder that cannot be made.
pub fn prepare(folder: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, &e))?;
    remove_parts(folder);
    prune(folder);
    Ok(())
}

fn file(folder: &Path, step: u64, name: &str) -> PathBuf {
    folder.join(format!("{}.{name}", step_name(step)))
}

fn read(path: &Path) -> Result<Vec<u8>, RunDirError> {
    fs::read(path).map_err(|e| RunDirError::Unreadable { path: path.to_owned(), detail: e.to_string() })
}

/// Steps of the checkpoints in a folder, in order.
fn steps_in(folder: &Path) -> Vec<u64> {
    let mut steps: Vec<u64> = named(folder).filter(|(_, name)| name == STATE).map(|(step, _)| step).collect();
    steps.sort_unstable();
    steps
}

/// Step and remaining name of every file in a folder that belongs to a step.
fn named(folder: &Path) -> impl Iterator<Item = (u64, String)> {
    fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name();
        let (step, rest) = name.to_str()?.strip_prefix("step-")?.split_once('.')?;
        Some((step.parse().ok()?, rest.to_owned()))
    })
}

/// Removes all but the newest checkpoints, and files that belong to none. What cannot be removed is tried again.
fn prune(folder: &Path) {
    let steps = steps_in(folder);
    let kept = &steps[steps.len().saturating_sub(KEPT)..];
    let old: Vec<(u64, String)> = named(folder).filter(|(step, _)| !kept.contains(step)).collect();
    let (states, parts): (Vec<_>, Vec<_>) = old.into_iter().partition(|(_, name)| name == STATE);
    for (step, name) in states.into_iter().chain(parts) {
        let _ = fs::remove_file(file(folder, step, &name));
    }
}
