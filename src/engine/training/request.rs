//! What a window asks a training to do, as the arguments of the program and as the settings that they stand for.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::device::DeviceChoice;
use crate::data::shards::{self, ShardReader, Wanted};
use crate::train::run_dir::RunDir;
use crate::train::scope::{self, Stages};
use crate::train::{Config, presets};

/// A training to start or to go on with.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainRequest {
    pub run_dir: PathBuf,
    pub data: TrainData,
    /// Name of a preset; a run that is resumed keeps its own.
    pub preset: String,
    pub device: DeviceChoice,
    /// What it is held to.
    pub stages: Stages,
    /// Settings by name, such as `batch.size`, and their values.
    pub settings: Vec<(String, String)>,
    /// Weights of the recogniser, where it shall teach.
    pub recogniser: Option<PathBuf>,
    /// Goes on with the run that is in `run_dir`.
    pub resume: bool,
}

/// What is trained on.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainData {
    /// So many faces, made for this run.
    Synthetic(usize),
    /// Shards, folders of shards, folders of crops.
    Paths(Vec<PathBuf>),
    /// What the run that is resumed was trained on.
    AsBefore,
}

impl TrainRequest {
    /// What follows the program's name on the command line.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["train".into(), "--quiet".into()];
        arguments.push(joined("--run=", self.run_dir.as_os_str()));
        arguments.push(format!("--device={}", self.device).into());
        match &self.data {
            TrainData::Synthetic(count) => arguments.push(format!("--synthetic={count}").into()),
            TrainData::Paths(paths) => arguments.extend(paths.iter().map(|path| joined("--data=", path.as_os_str()))),
            TrainData::AsBefore => (),
        }
        if self.resume {
            arguments.push("--resume".into());
        } else if !self.preset.is_empty() {
            arguments.push(format!("--preset={}", self.preset).into());
        }
        arguments.push(format!("--stages={}", self.stages.name()).into());
        arguments.extend(self.settings.iter().map(|(name, value)| format!("--set={name}={value}").into()));
        arguments.extend(self.recogniser.iter().map(|path| joined("--recogniser=", path.as_os_str())));
        arguments
    }

    /// The same with paths that mean the same from everywhere.
    pub(super) fn absolute(mut self) -> Self {
        // A path that cannot be made absolute is an empty one, about which the child has its sentence.
        let absolute = |path: &mut PathBuf| *path = std::path::absolute(&*path).unwrap_or_else(|_| path.clone());
        absolute(&mut self.run_dir);
        if let TrainData::Paths(paths) = &mut self.data {
            paths.iter_mut().for_each(absolute);
        }
        self.recogniser.iter_mut().for_each(absolute);
        self
    }

    /// The settings that the training will have.
    pub(super) fn config(&self) -> Result<Config, String> {
        let start = if self.resume {
            let run = RunDir::open(&self.run_dir).map_err(|e| e.to_string())?;
            run.read_config().map_err(|e| e.to_string())?
        } else {
            let unknown =
                || format!("There is no preset \"{}\"; choose one of {}", self.preset, presets::NAMES.join(", "));
            presets::preset(&self.preset).ok_or_else(unknown)?
        };
        let mut config = scope::settle(start, self.stages, self.resume, &self.settings).map_err(|e| e.to_string())?;
        if let TrainData::Paths(paths) = &self.data {
            config.data.paths.clone_from(paths);
        }
        if self.recogniser.is_some() {
            config.teachers.recogniser.clone_from(&self.recogniser);
        }
        Ok(config)
    }

    /// About how many pictures it will train on, found out without opening any.
    pub(super) fn pictures(&self, config: &Config) -> usize {
        let count = match &self.data {
            TrainData::Synthetic(count) => *count,
            TrainData::Paths(_) | TrainData::AsBefore => config.data.paths.iter().map(|path| pictures_in(path)).sum(),
        };
        if config.data.limit == 0 { count } else { count.min(config.data.limit) }
    }
}

fn joined(option: &str, value: &std::ffi::OsStr) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(value);
    argument
}

/// What cannot be read counts as nothing here; the training says what is wrong with it.
fn pictures_in(path: &Path) -> usize {
    match shards::find_shards(std::slice::from_ref(&path.to_owned()), Wanted::TrainingCrops) {
        Ok(shards) => shards.iter().filter_map(|shard| Some(ShardReader::open(shard).ok()?.rows() as usize)).sum(),
        Err(_) => files_below(path),
    }
}

/// The files in a folder and in the folders directly in it.
fn files_below(folder: &Path) -> usize {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries(folder).map(|entry| if is_folder(&entry) { entries(&entry.path()).count() } else { 1 }).sum()
}
