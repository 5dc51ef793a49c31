//! The choices of a training that is to begin. Pure; the panel shows them, [`crate::app::apply`] changes them.

use std::path::PathBuf;

use crate::engine::DeviceChoice;
use crate::engine::training::{Stages, SubFolders, TrainData, TrainRequest};

/// Synthetic faces of the first press of "start".
pub const FIRST_FACES: usize = 2000;
/// Fewest and most synthetic faces that can be asked for.
pub const FACES: [usize; 2] = [100, 1_000_000];
/// Smallest and largest batch.
pub const BATCH: [usize; 2] = [2, 512];

/// Where a training's settings start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    SmallData,
    Tiny,
    Authors,
    Paper,
}

impl Preset {
    pub const ALL: [Preset; 4] = [Preset::SmallData, Preset::Tiny, Preset::Authors, Preset::Paper];

    /// As the engine names it.
    pub fn name(self) -> &'static str {
        match self {
            Preset::SmallData => "small-data",
            Preset::Tiny => "tiny",
            Preset::Authors => "authors",
            Preset::Paper => "paper",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Preset::SmallData => "Small data",
            Preset::Tiny => "Tiny",
            Preset::Authors => "Authors",
            Preset::Paper => "Paper",
        }
    }

    pub fn explanation(self) -> &'static str {
        match self {
            Preset::SmallData => "For thousands of pictures and hours: a head start and losses that need fewer faces.",
            Preset::Tiny => "Small networks, all three stages within minutes; the faces stay soft.",
            Preset::Authors => "As the authors' own program trains; wants a GPU and days.",
            Preset::Paper => "As the paper's text has it; wants a GPU, many pictures and days.",
        }
    }
}

/// All of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Trains on synthetic faces, not on `paths`.
    pub synthetic: bool,
    pub faces: usize,
    /// Shards, folders of shards, folders of crops.
    pub paths: Vec<PathBuf>,
    /// What sub-folders of folders of crops say.
    pub sub_folders: SubFolders,
    pub preset: Preset,
    pub device: DeviceChoice,
    pub stages: Stages,
    /// Takes the next two instead of the preset's.
    pub own_batch: bool,
    pub batch: usize,
    /// Parts in which a batch passes, one after the other.
    pub parts: usize,
    pub recogniser: Option<PathBuf>,
    /// None for the next free name among the runs.
    pub run_dir: Option<PathBuf>,
}

impl Default for Form {
    fn default() -> Self {
        Form {
            synthetic: true,
            faces: FIRST_FACES,
            paths: Vec::new(),
            sub_folders: SubFolders::default(),
            preset: Preset::default(),
            device: DeviceChoice::default(),
            stages: Stages::default(),
            own_batch: false,
            batch: 32,
            parts: 1,
            recogniser: None,
            run_dir: None,
        }
    }
}

impl Form {
    /// Why no training can begin with these choices; none where one can.
    pub fn lacks(&self) -> Option<&'static str> {
        (!self.synthetic && self.paths.is_empty()).then_some("Choose a folder or shards to train on first")
    }

    /// A new run with these choices.
    pub fn request(&self, run_dir: PathBuf) -> TrainRequest {
        let data = if self.synthetic { TrainData::Synthetic(self.faces) } else { TrainData::Paths(self.paths.clone()) };
        let mut settings = self.batch_settings();
        if !self.synthetic && self.sub_folders != SubFolders::default() {
            settings.push((SUB_FOLDERS.to_owned(), self.sub_folders.name().to_owned()));
        }
        TrainRequest {
            run_dir,
            data,
            preset: self.preset.name().to_owned(),
            device: self.device,
            stages: self.stages,
            settings,
            recogniser: self.recogniser.clone(),
            resume: false,
        }
    }

    /// Goes on with a run on the device, with the stages and the own batch of these choices; `batch` comes before both
    /// this and the run's own.
    pub fn resumption(&self, run_dir: PathBuf, batch: Option<usize>) -> TrainRequest {
        let settings = match batch {
            Some(batch) => vec![(SIZE.to_owned(), batch.to_string())],
            None => self.batch_settings(),
        };
        TrainRequest {
            run_dir,
            data: TrainData::AsBefore,
            preset: String::new(),
            device: self.device,
            stages: self.stages,
            settings,
            recogniser: None,
            resume: true,
        }
    }

    /// Takes more to train on; what is there already stays where it is.
    pub fn add(&mut self, paths: Vec<PathBuf>) {
        self.synthetic = false;
        for path in paths {
            if !self.paths.contains(&path) {
                self.paths.push(path);
            }
        }
    }

    fn batch_settings(&self) -> Vec<(String, String)> {
        if !self.own_batch {
            return Vec::new();
        }
        vec![(SIZE.to_owned(), self.batch.to_string()), (PARTS.to_owned(), self.parts.to_string())]
    }
}

/// Names of settings.
const SIZE: &str = "batch.size";
const PARTS: &str = "batch.accumulate";
const SUB_FOLDERS: &str = "data.sub_folders";
