//! How good a label looks by what is known of its face: a number from 0, surely wrong, to 1, surely right. Faces are
//! ranked by it, the lowest first.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::readings::Chances;
use crate::face::Expression;
use crate::face::code::UnknownName;

/// What faces are ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    #[default]
    SelfConfidence,
    Margin,
    Averaged,
    Reconstruction,
    Neighbours,
    Mood,
    Disagreement,
}

impl Score {
    pub const ALL: [Score; 7] = [
        Score::SelfConfidence,
        Score::Margin,
        Score::Averaged,
        Score::Reconstruction,
        Score::Neighbours,
        Score::Mood,
        Score::Disagreement,
    ];

    /// As in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Score::SelfConfidence => "self-confidence",
            Score::Margin => "margin",
            Score::Averaged => "averaged",
            Score::Reconstruction => "reconstruction",
            Score::Neighbours => "neighbours",
            Score::Mood => "mood",
            Score::Disagreement => "disagreement",
        }
    }

    /// What it is, for people.
    pub fn explanation(self) -> &'static str {
        match self {
            Score::SelfConfidence => {
                "The probability of the given label, read from the expression part by networks that never saw the face"
            }
            Score::Margin => "How far the given label's probability is above that of the best other one",
            Score::Averaged => "The probability of the given label by the logits averaged over the networks' training",
            Score::Reconstruction => "The probability of the given label, read from the face's reconstruction",
            Score::Neighbours => "The given label against the best other one among the nearest faces of other people",
            Score::Mood => "How well valence and arousal agree with the given label, among all faces of the set",
            Score::Disagreement => "Whether the predicted label is the given one, without degrees: to compare with",
        }
    }

    /// The quality of a label by this score, 0 to 1, low where it looks wrong; NaN where it is not known: where the face
    /// lacks what the score is made of, or too few faces have the label for it to be learned.
    pub fn of(self, evidence: &Evidence) -> f32 {
        let given = evidence.given.index();
        // What the readers do not know has no chance at all, and the neighbours have not seen enough of it either.
        let is_learned = evidence.probabilities[given] > 0.0;
        if !is_learned && self != Score::Mood {
            return f32::NAN;
        }
        match self {
            Score::SelfConfidence => evidence.probabilities[given],
            Score::Margin => {
                let (own, other) = against_best(&evidence.probabilities, evidence.given);
                0.5 * (1.0 + own - other)
            }
            Score::Averaged => evidence.averaged[given],
            Score::Reconstruction => {
                evidence.reconstruction.map(|chances| chances[given]).filter(|chance| *chance > 0.0).unwrap_or(f32::NAN)
            }
            Score::Neighbours => {
                // A ratio and not a difference: that of 20 voices nobody speaks for a label means less where they speak
                // for many others.
                let (own, other) = against_best(&evidence.votes, evidence.given);
                own / (own + other)
            }
            Score::Mood => evidence.mood.unwrap_or(f32::NAN),
            Score::Disagreement => f32::from(u8::from(predicted(&evidence.probabilities) == evidence.given)),
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Score {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let unknown =
            || UnknownName { kind: "score", name: name.to_owned(), known: Score::ALL.map(Score::name).join(", ") };
        Score::ALL.into_iter().find(|score| score.name() == name).ok_or_else(unknown)
    }
}

/// What is known of a face and its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    pub given: Expression,
    /// Out of fold; 0 for classes that were not learned.
    pub probabilities: Chances,
    /// The same by averaged logits.
    pub averaged: Chances,
    /// Of the nearest faces, as shares.
    pub votes: Chances,
    /// Read from the face's reconstruction, by the same reader.
    pub reconstruction: Option<Chances>,
    /// How well valence and arousal agree with the label, 0 to 1.
    pub mood: Option<f32>,
}

/// The likeliest class, of equal ones the first.
pub fn predicted(chances: &Chances) -> Expression {
    let best = |best: Expression, class: Expression| {
        if chances[class.index()] > chances[best.index()] { class } else { best }
    };
    Expression::ALL.into_iter().reduce(best).unwrap_or(Expression::Neutral)
}

/// The number of a class, and the largest of the others.
fn against_best(chances: &Chances, class: Expression) -> (f32, f32) {
    let others = Expression::ALL.into_iter().filter(|other| *other != class);
    (chances[class.index()], others.map(|other| chances[other.index()]).fold(0.0, f32::max))
}
