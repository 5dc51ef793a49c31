//! What an audit tells about itself and its faces: plain records, no connection in them.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::readings::Chances;
use super::scores::Score;
use super::shortcuts::Shortcut;
use crate::data::sets::Format;
use crate::face::{Expression, FaceCode, ModelName};
use crate::gallery::FaceKey;

/// How good a label looks by each score, in the order of [`Score::ALL`]: 0 looks wrong, 1 right, NaN is not known.
pub type Qualities = [f32; Score::ALL.len()];
/// What is known of an audit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Info {
    /// Which weights its codes come from.
    pub model: ModelName,
    /// What those were trained on, by their card: scores mean little for labels that they have seen.
    pub trained_on: String,
    /// The set, as it was named.
    pub source: PathBuf,
    pub format: Format,
    /// Of the audit's own format.
    pub version: u32,
    /// Seconds since 1970.
    pub created: u64,
    /// When the scores were made last, in seconds since 1970.
    pub updated: u64,
    /// All faces of the set, with a label or without.
    pub faces: usize,
    /// Faces whose label is judged: the rows.
    pub labelled: usize,
    /// Faces without an expression.
    pub unlabelled: usize,
    /// Faces whose label is not judged, since an earlier face has their name.
    pub left_out: usize,
    /// So many of the worst are to be looked at.
    pub budget: usize,
    /// How many judged faces each class has that some have.
    pub classes: Vec<(Expression, usize)>,
    pub verdicts: Counts,
    /// Whether faces of one person, or of one recording, were kept together in one fold.
    pub folds_by_person: bool,
    /// What predicts the label besides the expression part.
    pub shortcuts: Vec<Shortcut>,
    /// Those that some face has.
    pub scores: Vec<Score>,
}

/// How many faces have each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub keep: usize,
    pub relabel: usize,
    pub ambiguous: usize,
}

impl Counts {
    pub fn total(self) -> usize {
        self.keep + self.relabel + self.ambiguous
    }
}

/// What a person says about a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The label is right.
    Keep,
    /// This one is.
    Relabel(Expression),
    /// No label is.
    Ambiguous,
}

impl Verdict {
    /// The verdict by which a face with the label `given` gets another one, or none.
    pub fn of(label: Option<Expression>, given: Expression) -> Self {
        match label {
            Some(label) if label == given => Verdict::Keep,
            Some(label) => Verdict::Relabel(label),
            None => Verdict::Ambiguous,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Verdict::Keep => "keep",
            Verdict::Relabel(_) => "relabel",
            Verdict::Ambiguous => "ambiguous",
        }
    }

    /// What the label becomes; none for an ambiguous face.
    pub fn label(self, given: Expression) -> Option<Expression> {
        match self {
            Verdict::Keep => Some(given),
            Verdict::Relabel(label) => Some(label),
            Verdict::Ambiguous => None,
        }
    }
}

/// `keep`, `ambiguous`, or the expression that the label becomes.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Verdict::Relabel(label) => f.write_str(label.name()),
            _ => f.write_str(self.name()),
        }
    }
}

/// A word that is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The word \"{0}\" is no verdict; give keep, ambiguous or the expression that the face shows")]
pub struct UnknownVerdict(pub String);

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(word: &str) -> Result<Self, UnknownVerdict> {
        match word {
            "keep" => Ok(Verdict::Keep),
            "ambiguous" => Ok(Verdict::Ambiguous),
            _ => word.parse().map(Verdict::Relabel).map_err(|_| UnknownVerdict(word.to_owned())),
        }
    }
}

/// A face whose label is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub face: FaceKey,
    pub given: Expression,
    /// The class with the highest out-of-fold probability.
    pub predicted: Expression,
    pub verdict: Option<Verdict>,
    pub qualities: Qualities,
}

impl Row {
    pub fn quality(&self, score: Score) -> f32 {
        self.qualities[score as usize]
    }
}

/// The names of all rows, in their order: one text, so that a set of 300,000 takes little room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    text: String,
    /// Where each name ends.
    ends: Vec<usize>,
}

impl Names {
    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name of the row at this place, which is below [`Names::len`].
    pub fn get(&self, place: usize) -> &str {
        let from = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from..self.ends[place]]
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.get(place))
    }
}

/// What is known of a face whose label is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub face: FaceKey,
    /// The picture's name in the set.
    pub name: String,
    pub given: Expression,
    pub predicted: Expression,
    pub verdict: Option<Verdict>,
    pub person: Option<String>,
    /// -1 to 1.
    pub valence: Option<f32>,
    /// -1 to 1.
    pub arousal: Option<f32>,
    /// Out-of-fold, from the expression part of the code.
    pub probabilities: Chances,
    /// The same with the logits averaged over the epochs of the training.
    pub averaged: Chances,
    /// The labels of the nearest faces of other people, as shares.
    pub votes: Chances,
    /// Of the face's reconstruction, by the same reader; none where it was not read yet.
    pub reconstruction: Option<Chances>,
    pub qualities: Qualities,
    /// The nearest faces of other people in the expression part, nearest first.
    pub neighbours: Vec<Neighbour>,
    pub code: FaceCode,
    /// The face with the mean expression of the given class, and with that of the predicted one, in this set.
    pub counterfactual: [(Expression, FaceCode); 2],
}

/// A face near another one in the expression part.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    pub face: FaceKey,
    pub name: String,
    pub given: Expression,
    /// The cosine of the angle between the two, -1 to 1.
    pub likeness: f32,
}

/// What was taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Undone {
    /// Each face and the verdict that it has now. One face after a judgement; many after an import.
    pub faces: Vec<(FaceKey, Option<Verdict>)>,
    /// The first of them by its name in the set.
    pub name: String,
}

/// A verdict in the log, whether it still holds or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogRow {
    /// RFC 3339, UTC, with milliseconds.
    pub when: String,
    /// The picture's name in the set.
    pub key: String,
    /// The set's label.
    pub from: Expression,
    /// What it became; none for an ambiguous face.
    pub to: Option<Expression>,
    pub verdict: Verdict,
    /// As they were then.
    pub scores: Qualities,
    pub by: String,
    /// When it was taken back, and by whom.
    pub undone: Option<(String, String)>,
}
