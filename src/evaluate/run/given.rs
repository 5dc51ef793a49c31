//! What the user points to beside the data. It is opened when it is first needed; what is wrong with it is a sentence
//! for the parts that need it. What is not there at all stops everything at once: its name is wrong.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::kept;
use crate::data::hash::{self, Hash};
use crate::data::shards::{Record, Wanted, find_shards};
use crate::evaluate::data;
use crate::evaluate::error::{EvaluateError, Halt};
use crate::evaluate::faces::{self, Faces};
use crate::evaluate::lent::Model;
use crate::evaluate::options::Options;
use crate::evaluate::pairs::{self, NamedPair, PairsError};
use crate::evaluate::parts::Watch;
use crate::evaluate::report::figure::count;
use crate::nn::recogniser::Recogniser;

const NO_PAIRS: &str = "Verification was not measured, since there are no pairs; give LFW's list of them (--pairs)";
const NO_RECOGNISER: &str =
    "It takes a face recognition network to measure who is seen in a picture; give its file (--recogniser)";

/// What there is; the keys are 0 for what there is not.
pub(super) struct Given {
    pairs: Result<Vec<NamedPair>, String>,
    /// The names of all pictures of the pairs.
    pub needed: HashSet<String>,
    pub pairs_key: u64,
    /// The recogniser's file, before it is opened.
    unopened: Option<(PathBuf, Vec<u8>)>,
    recogniser: Result<Recogniser, String>,
    pub recogniser_key: u64,
    training_shards: Vec<PathBuf>,
    /// Faces of them that are read at most.
    pub training_faces: usize,
    /// None before they are read.
    training: Option<Result<Faces, String>>,
    pub training_key: u64,
    /// Stands for what is in the training shards, wherever they lie.
    pub training_contents: u64,
}

impl Given {
    /// Looks at everything that is named.
    ///
    /// # Errors
    /// Files and folders that cannot be read, no training shards where some are named.
    pub fn open(options: &Options) -> Result<Self, EvaluateError> {
        let mut given = Given {
            pairs: Err(NO_PAIRS.to_owned()),
            needed: HashSet::new(),
            pairs_key: 0,
            unopened: None,
            recogniser: Err(NO_RECOGNISER.to_owned()),
            recogniser_key: 0,
            training_shards: Vec::new(),
            training_faces: 0,
            training: None,
            training_key: 0,
            training_contents: 0,
        };
        if let Some(path) = &options.pairs {
            given.read_pairs(path)?;
        }
        if let Some(path) = &options.recogniser {
            let bytes =
                fs::read(path).map_err(|e| EvaluateError::Recogniser { path: path.clone(), detail: e.to_string() })?;
            given.recogniser_key = Hash::new("recogniser").number(hash::content(&bytes)).end();
            given.unopened = Some((path.clone(), bytes));
        }
        if !options.head_data.is_empty() {
            given.training_shards = find_shards(&options.head_data, Wanted::TrainingCrops)?;
            let rows: u64 = given.training_shards.iter().map(|shard| data::rows(shard)).sum();
            given.training_faces = options.head_faces.min(rows as usize);
            let hash = Hash::new("training").number(kept::stamp(&given.training_shards)?);
            given.training_key = hash.number(given.training_faces as u64).end();
            given.training_contents = kept::contents(&given.training_shards)?;
        }
        Ok(given)
    }

    fn read_pairs(&mut self, path: &Path) -> Result<(), EvaluateError> {
        match pairs::read(path) {
            Ok(pairs) => {
                self.needed = pairs.iter().flat_map(|pair| [&pair.a, &pair.b]).cloned().collect();
                let hash = pairs.iter().fold(Hash::new("pairs"), |hash, pair| {
                    hash.text(&pair.a).text(&pair.b).number(u64::from(pair.same)).number(pair.fold as u64)
                });
                (self.pairs, self.pairs_key) = (Ok(pairs), hash.end());
            }
            Err(error @ PairsError::Io { .. }) => return Err(error.into()),
            Err(error) => {
                self.pairs = Err(error.to_string());
                self.pairs_key = Hash::new("no pairs").text(&error.to_string()).end();
            }
        }
        Ok(())
    }

    /// The pairs, or a sentence.
    pub fn pairs(&self) -> Result<&[NamedPair], &str> {
        self.pairs.as_deref().map_err(String::as_str)
    }

    /// Opens the recogniser where there is one and nobody has before.
    pub fn open_recogniser(&mut self) {
        if let Some((path, bytes)) = self.unopened.take() {
            let opened = Recogniser::load(bytes, &Device::flex());
            self.recogniser = opened.map_err(|error| format!("{error}: {}", path.display()));
        }
    }

    /// The recogniser, or a sentence.
    pub fn recogniser(&self) -> Result<&Recogniser, &str> {
        self.recogniser.as_ref().map_err(String::as_str)
    }

    /// Whether there are training faces that nobody has read yet.
    pub fn is_unread(&self) -> bool {
        !self.training_shards.is_empty() && self.training.is_none()
    }

    /// The shards of the training faces; none where none are named.
    pub fn training_shards(&self) -> &[PathBuf] {
        &self.training_shards
    }

    /// Whether some of these shards are among those that are trained on.
    pub fn trains_on(&self, shards: &[PathBuf]) -> bool {
        let real = |shard: &PathBuf| fs::canonicalize(shard).unwrap_or_else(|_| shard.clone());
        let trained: HashSet<PathBuf> = self.training_shards.iter().map(real).collect();
        shards.iter().map(real).any(|shard| trained.contains(&shard))
    }

    /// What there is to say where measured faces are among the training faces, or of people who are, as far as both have
    /// names; none before the training faces are read.
    pub fn trained_on(&self, set: &str, faces: &Faces) -> Option<String> {
        let Some(Ok(training)) = &self.training else { return None };
        let people: HashSet<&str> = training.labels.iter().filter_map(|known| known.person.as_deref()).collect();
        let pictures: HashSet<&str> = training.labels.iter().filter_map(own_path).collect();
        let shared = |face: &Record| {
            let is_picture = own_path(face).is_some_and(|path| pictures.contains(path));
            [is_picture, face.person.as_deref().is_some_and(|person| people.contains(person))]
        };
        let shared: Vec<[bool; 2]> = faces.labels.iter().map(shared).filter(|shared| shared.contains(&true)).collect();
        let is_any = |which: usize| shared.iter().any(|shared| shared[which]);
        let what = match [is_any(0), is_any(1)] {
            [true, true] => "are pictures, or of people, that",
            [true, false] => "are pictures that",
            [false, true] => "are of people that",
            [false, false] => return None,
        };
        Some(format!(
            "By their names {} of {} faces of {set} {what} PCA and what reads expressions were trained on, which flatters \
             both; give other training shards (--head-data)",
            count(shared.len()),
            count(faces.len())
        ))
    }

    /// Reads the training faces.
    ///
    /// # Errors
    /// [`Halt::Cancelled`] alone; what else goes wrong is kept as a sentence.
    pub fn read_training(&mut self, model: &mut dyn Model, watch: Watch) -> Result<(), Halt> {
        let read = faces::read_to_train(&self.training_shards, self.training_faces, model, watch);
        self.training = Some(match read {
            Ok(faces) if faces.is_empty() => Err(EvaluateError::NoFaces(self.training_shards[0].clone()).to_string()),
            Ok(faces) => Ok(faces),
            Err(Halt::Cancelled) => return Err(Halt::Cancelled),
            Err(Halt::Failed(error)) => Err(error.to_string()),
            Err(Halt::Unmeasured(why)) => Err(why),
        });
        Ok(())
    }

    /// The training faces; none where none are named, a sentence where they cannot be used.
    pub fn training(&self) -> Result<Option<&Faces>, &str> {
        match &self.training {
            None => Ok(None),
            Some(Ok(faces)) => Ok(Some(faces)),
            Some(Err(why)) => Err(why.as_str()),
        }
    }
}

/// The path of a picture; none of one that its shard only counts (`SHARD#ROW`): shards of other sets may be called the
/// same.
fn own_path(face: &Record) -> Option<&str> {
    (!face.path.contains(".parquet#")).then_some(face.path.as_str())
}
