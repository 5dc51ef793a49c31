//! What a training of the finder is asked to do.

use std::path::PathBuf;
use std::str::FromStr;

/// One of the finder's networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    Detector,
    Landmarks,
}

impl Network {
    pub const ALL: [Network; 2] = [Network::Detector, Network::Landmarks];

    /// As it is named on the command line, in files and folders.
    pub fn name(self) -> &'static str {
        match self {
            Network::Detector => "detector",
            Network::Landmarks => "landmarks",
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Network::ALL.into_iter().find(|network| network.name() == text);
        found.ok_or_else(|| format!("The finder has no network \"{text}\"; name detector or landmarks"))
    }
}

/// How one network is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Everything that is drawn comes from it.
    pub seed: u64,
    pub steps: u64,
    /// Pictures of a step.
    pub batch: usize,
    /// The highest learning rate of Adam; it rises to it over `warm_up` steps and falls as a cosine.
    pub rate: f64,
    pub warm_up: u64,
    /// Steps between two searches for what the network takes for a face.
    pub mine_every: u64,
    /// Steps between two checkpoints.
    pub save_every: u64,
    /// Threads that make batches.
    pub workers: usize,
}

/// Photographs that are usually drawn.
pub const DRAWN: u64 = 96;

/// What is left of the learning rate at the end.
const LAST_RATE: f64 = 0.01;

impl Course {
    /// The usual course of a network.
    pub fn usual(network: Network) -> Self {
        let common = Course {
            seed: 1,
            steps: 0,
            batch: 0,
            rate: 1e-3,
            warm_up: 150,
            mine_every: 500,
            save_every: 500,
            workers: 2,
        };
        match network {
            Network::Detector => Course { steps: 8000, batch: 16, rate: 1.5e-3, ..common },
            Network::Landmarks => Course { steps: 9000, batch: 32, mine_every: 1000, ..common },
        }
    }

    /// The learning rate of a step.
    pub fn rate(&self, step: u64) -> f64 {
        let rising = ((step + 1) as f64 / self.warm_up.max(1) as f64).min(1.0);
        let done = step as f64 / self.steps.max(1) as f64;
        let falling = 0.5 * (1.0 + (std::f64::consts::PI * done.min(1.0)).cos());
        self.rate * rising * (LAST_RATE + (1.0 - LAST_RATE) * falling)
    }
}

/// What to train, on what, and where it goes.
#[derive(Clone, Debug)]
pub struct Request {
    /// Shards, or folders of them.
    pub data: Vec<PathBuf>,
    /// Photographs whose path has one of these texts in it are not trained on.
    pub leave_out: Vec<String>,
    /// The run's folder.
    pub run_dir: PathBuf,
    /// A copy of the finder's file beside the one in the run's folder.
    pub output: Option<PathBuf>,
    /// Both where none is named.
    pub only: Option<Network>,
    pub detector: Course,
    pub landmarks: Course,
    /// Photographs that are drawn beside those of the shards.
    pub drawn: u64,
    /// Go on from the newest checkpoints.
    pub resume: bool,
    /// What the finder's card says: its name, the terms on which it may be used, how good it is.
    pub name: String,
    pub terms: String,
    pub measured: String,
}

impl Request {
    /// The networks to train, in order.
    pub fn networks(&self) -> Vec<Network> {
        self.only.map_or_else(|| Network::ALL.to_vec(), |only| vec![only])
    }
}
