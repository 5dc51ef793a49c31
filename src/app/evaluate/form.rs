//! The choices of an evaluation that is to begin. Pure; the panel shows them, [`crate::app::apply`] changes them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::command::PathFor;
use crate::app::gallery::mark;
use crate::app::store::paths;
use crate::app::train::words::name;
use crate::engine::evaluation::{ModelName, Options, PartName};

/// Fewest and most faces of a set that can be asked for.
pub const FACES: [usize; 2] = [10, 1_000_000];
/// The same for the faces of nobody that are sampled.
pub const SAMPLES: [usize; 2] = [10, 1_000_000];
/// Endings that are no part of a set's name.
const SHARD: &str = ".parquet";

/// All of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Form {
    /// Shards of crops, folders of them, sets as they were published.
    #[serde(with = "paths::many")]
    pub data: Vec<PathBuf>,
    #[serde(with = "paths")]
    pub pairs: Option<PathBuf>,
    #[serde(with = "paths")]
    pub recogniser: Option<PathBuf>,
    /// What PCA and the readers of expressions are trained on; folds of the measured faces where there is nothing.
    #[serde(with = "paths::many")]
    pub training: Vec<PathBuf>,
    /// Faces of each set that are measured at most.
    pub faces: usize,
    /// Faces of nobody that are sampled at most.
    pub samples: usize,
    pub parts: BTreeSet<PartName>,
    /// Where the report goes; none for the usual place.
    #[serde(with = "paths")]
    pub out: Option<PathBuf>,
}

impl Default for Form {
    fn default() -> Self {
        let usual = Options::default();
        Form {
            data: Vec::new(),
            pairs: None,
            recogniser: None,
            training: Vec::new(),
            faces: usual.faces,
            samples: usual.samples,
            parts: usual.parts.into_iter().collect(),
            out: None,
        }
    }
}

impl Form {
    /// With numbers that can be.
    pub fn checked(self) -> Self {
        Form {
            faces: self.faces.clamp(FACES[0], FACES[1]),
            samples: self.samples.clamp(SAMPLES[0], SAMPLES[1]),
            ..self
        }
    }

    /// Why no evaluation can begin with these choices; none where one can.
    pub fn lacks(&self) -> Option<&'static str> {
        if self.data.is_empty() {
            return Some("Add the faces to measure on first");
        }
        self.parts.is_empty().then_some("Choose at least one part of the report")
    }

    /// The file that a part cannot do without and that is not given.
    pub fn missing(&self, part: PartName) -> Option<PathFor> {
        match part {
            PartName::Verification if self.pairs.is_none() => Some(PathFor::Pairs),
            PartName::Identity if self.recogniser.is_none() => Some(PathFor::Recogniser),
            _ => None,
        }
    }

    pub fn options(&self) -> Options {
        Options {
            pairs: self.pairs.clone(),
            recogniser: self.recogniser.clone(),
            head_data: self.training.clone(),
            faces: self.faces,
            samples: self.samples,
            parts: self.parts.iter().copied().collect(),
            ..Options::default()
        }
    }

    /// Takes more to measure on; what is there already stays where it is.
    pub fn add(&mut self, paths: Vec<PathBuf>) {
        join(&mut self.data, paths);
    }

    /// The same for what is trained on.
    pub fn add_training(&mut self, paths: Vec<PathBuf>) {
        join(&mut self.training, paths);
    }

    /// Where among all reports that of these faces and weights goes, always the same place for the same ones, so that
    /// what was measured once is found again; none where there are no faces.
    pub fn usual_place(&self, home: &Path, model: &ModelName) -> Option<PathBuf> {
        let first = name(self.data.first()?);
        let set = first.strip_suffix(SHARD).unwrap_or(&first);
        let mut all: Vec<u8> = Vec::new();
        for path in &self.data {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            all.extend(path.as_os_str().as_encoded_bytes());
            // No path holds it, so that two lists never read alike.
            all.push(0);
        }
        all.extend(model.fingerprint.as_bytes());
        Some(home.join(format!("{}-{}-{:08x}", plain(set), plain(&model.name), mark(&all))))
    }
}

fn join(known: &mut Vec<PathBuf>, more: Vec<PathBuf>) {
    for path in more {
        if !known.contains(&path) {
            known.push(path);
        }
    }
}

/// A name that every file system takes.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(|letter| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '-' }).collect()
}
