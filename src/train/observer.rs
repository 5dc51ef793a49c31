//! Who watches a training: the window's child process, the terminal, a test. An [`Observer`] hears what happens and
//! says at every step how to go on.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::metrics::HeldOut;
use crate::nn::FaceModel;

/// Hears and decides; called on the training's own thread, so it must not wait.
pub trait Observer {
    fn hear(&mut self, event: &Event);
    /// Asked before every step, and every fifth of a second while paused.
    fn ask(&mut self) -> Decision;
    /// Called with the model as it is before stage two and at the end of stages two and three; what comes back is kept
    /// among the run's metrics, tables by their titles.
    fn table(&mut self, _model: &FaceModel, _stage: Stage) -> Option<serde_json::Value> {
        None
    }
}

/// How to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Continue,
    /// Wait, and ask again.
    Pause,
    /// Write a checkpoint now and go on.
    Save,
    /// Write a checkpoint and end.
    Stop,
    /// End, and remove what this training has made.
    Discard,
}

/// What happens.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Before the first step, and between stages: so many of so many are done; a total of 0 is not known.
    Preparing {
        what: &'a str,
        done: u64,
        total: u64,
    },
    /// Something to know, in a sentence.
    Remark(&'a str),
    Step(&'a Progress),
    HeldOut {
        step: u64,
        measured: &'a HeldOut,
    },
    Checkpoint {
        step: u64,
    },
    /// New weights that the window can open.
    Exported(&'a Path),
    Preview(&'a Path),
}

/// Where a training is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub stage: Stage,
    /// Steps done, over the whole run.
    pub step: u64,
    pub steps: u64,
    /// The last step's losses by name.
    pub losses: Vec<(&'static str, f64)>,
    pub steps_per_second: f64,
    pub pictures_per_second: f64,
    pub seconds_left: Option<f64>,
    /// Share of the time in which the networks waited for pictures, 0 to 1.
    pub waiting_share: f64,
    pub memory_mb: Option<f64>,
    pub passed_over: PassedOver,
}

/// What the steps of a run had to do without so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PassedOver {
    /// Batches (where gradients are accumulated: parts of one) whose labels can form no triplet; only their triplet
    /// terms were dropped.
    pub without_triplets: u64,
    /// Pictures of the set that could not be read when their turn came; others were taken.
    pub unreadable: u64,
}

impl PassedOver {
    /// In words for people, a sentence for each; none where there is nothing to tell.
    pub fn sentences(&self) -> Vec<String> {
        let told = |count: u64, [one, several]: [&str; 2], words: &str| {
            (count > 0).then(|| format!("{count} {} {words}", if count == 1 { one } else { several }))
        };
        let batches = told(self.without_triplets, ["batch", "batches"], "could form no triplet and taught without");
        let pictures = told(self.unreadable, ["picture", "pictures"], "could not be read; others took the place");
        batches.into_iter().chain(pictures).collect()
    }
}

/// What is being trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// E and G, each by itself, towards principal components.
    PcaStart,
    /// Stage one: E and G with both discriminators.
    Autoencoder,
    /// Stage two on cached codes, without the cycle terms.
    Disentangle,
    /// Stage two with them.
    Cycle,
    /// Stage three: everything.
    Joint,
}

impl Stage {
    pub const ALL: [Stage; 5] = [Stage::PcaStart, Stage::Autoencoder, Stage::Disentangle, Stage::Cycle, Stage::Joint];

    /// Whether Phi is trained here or was before, so that codes can be edited.
    pub fn has_parts(self) -> bool {
        self >= Stage::Disentangle
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Stage::PcaStart => "PCA start",
            Stage::Autoencoder => "autoencoder",
            Stage::Disentangle => "disentangle",
            Stage::Cycle => "cycle",
            Stage::Joint => "joint",
        })
    }
}

/// How a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Finished,
    /// With a checkpoint at this step.
    Stopped {
        step: u64,
    },
    Discarded,
}
