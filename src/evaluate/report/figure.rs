//! A figure of a report: what was measured, how sure it is, which way is better, what the paper has. Its text, so that
//! terminal, page and window write every number alike.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::evaluate::bootstrap::{Interval, Measured};
use crate::face::Part;

/// One number of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What tells it from the others of its set, such as `verification.f_id`; see [`super::keys`].
    pub key: String,
    /// What several figures of a section have in common, such as "PCA-99" or "Same person"; empty where that is
    /// nothing.
    #[serde(default)]
    pub group: String,
    /// Short, without the group's words: "Pixel RMSE".
    pub name: String,
    pub unit: Unit,
    /// In the unit's own measure: shares from 0 to 1, angles in degrees.
    #[serde(flatten)]
    pub value: Measured,
    pub better: Better,
    /// The part of the code that it is read from or speaks about, which gives it its colour.
    #[serde(default)]
    pub face_part: Option<Part>,
    /// The paper's own, filled in by [`super::SetReport::beside_the_paper`].
    #[serde(default)]
    pub paper: Option<Paper>,
}

/// What a value is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Levels of a pixel, 0 to 255.
    Levels,
    Degrees,
    /// 0 to 1, written in per cent: accuracies, precisions.
    Share,
    /// A plain number around 0 to 1 that is no share: areas under curves, mean average precision, R^2.
    Score,
    /// One quantity over another.
    Ratio,
    /// In the space of descriptors or codes: distances and Frechet distances.
    Distance,
}

/// Which way a figure gets better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    Higher,
    Lower,
    NearOne,
    Neither,
}

/// The paper's figure for the same measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    /// In the figure's unit.
    pub value: f64,
    /// The paper's name of the data set: "LFW".
    pub on: String,
    /// Whether ours is over the whole of that set as far as its name tells, and not over a part of it such as `lfw-val`
    /// or some of its faces.
    pub same_data: bool,
    /// What keeps the two apart, a sentence; empty where nothing is known to.
    pub note: String,
}

impl Figure {
    /// A figure that belongs to no group and no part and has nothing of the paper beside it yet.
    pub fn new(key: impl Into<String>, name: impl Into<String>, unit: Unit, better: Better, value: Measured) -> Self {
        let (key, name) = (key.into(), name.into());
        Figure { key, group: String::new(), name, unit, value, better, face_part: None, paper: None }
    }

    /// The same figure in a group.
    pub fn of(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }

    /// The same figure in a part's colour.
    pub fn about(mut self, part: Option<Part>) -> Self {
        self.face_part = part;
        self
    }

    /// Group and name, where no heading says the group.
    pub fn full_name(&self) -> String {
        if self.group.is_empty() { self.name.clone() } else { format!("{}, {}", self.group, lower(&self.name)) }
    }

    /// The value with its unit: `95.8 %`, `2.66°`, `0.861`.
    pub fn text(&self) -> String {
        self.unit.text(self.value.value)
    }

    /// The interval with as many decimals as the value: `94.1 to 97.2 %`; none where there is no interval.
    pub fn interval_text(&self) -> Option<String> {
        self.value.interval.map(|interval| self.unit.range_text(interval, self.value.value))
    }
}

impl Unit {
    /// What stands behind a number.
    pub fn sign(self) -> &'static str {
        match self {
            Unit::Share => " %",
            Unit::Degrees => "°",
            Unit::Levels | Unit::Score | Unit::Ratio | Unit::Distance => "",
        }
    }

    /// As a file names it.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Levels => "levels",
            Unit::Degrees => "degrees",
            Unit::Share => "share",
            Unit::Score => "score",
            Unit::Ratio => "ratio",
            Unit::Distance => "distance",
        }
    }

    /// A value with its sign.
    pub fn text(self, value: f64) -> String {
        format!("{}{}", self.number(value, value), self.sign())
    }

    /// An interval around a value, with the sign once at its end.
    pub fn range_text(self, interval: Interval, around: f64) -> String {
        format!("{} to {}{}", self.number(interval.low, around), self.number(interval.high, around), self.sign())
    }

    /// A value without its sign, as finely as `like` is written.
    pub fn number(self, value: f64, like: f64) -> String {
        if !value.is_finite() {
            return "?".to_owned();
        }
        let shown = if self == Unit::Share { 100.0 * value } else { value };
        let text = format!("{shown:.*}", self.decimals(like));
        // A rounded -0.0 is 0.
        if text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.') {
            text.trim_start_matches('-').to_owned()
        } else {
            text
        }
    }

    /// The smallest step between two values that are written differently.
    pub fn step(self, like: f64) -> f64 {
        let step = 0.1_f64.powi(self.decimals(like) as i32);
        if self == Unit::Share { step / 100.0 } else { step }
    }

    fn decimals(self, like: f64) -> usize {
        match self {
            Unit::Share => 1,
            Unit::Levels | Unit::Degrees => 2,
            Unit::Score | Unit::Ratio => 3,
            // Frechet distances run from thousandths to hundreds.
            Unit::Distance if like.abs() >= 100.0 => 1,
            Unit::Distance if like.abs() >= 10.0 => 2,
            Unit::Distance => 3,
        }
    }
}

impl Better {
    /// In a word, for people; empty where neither is.
    pub fn words(self) -> &'static str {
        match self {
            Better::Higher => "higher is better",
            Better::Lower => "lower is better",
            Better::NearOne => "1 is best",
            Better::Neither => "",
        }
    }

    /// An arrow for narrow places.
    pub fn arrow(self) -> &'static str {
        match self {
            Better::Higher => "↑",
            Better::Lower => "↓",
            Better::NearOne => "→1",
            Better::Neither => "",
        }
    }

    /// As a file names it.
    pub fn name(self) -> &'static str {
        match self {
            Better::Higher => "higher",
            Better::Lower => "lower",
            Better::NearOne => "nearone",
            Better::Neither => "neither",
        }
    }
}

/// A count as people write it: `10,000`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Seconds as people say them: `42 s`, `3 min 5 s`, `2 h 10 min`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = match whole {
        0..60 => write!(text, "{whole} s"),
        60..3600 => write!(text, "{} min {} s", whole / 60, whole % 60),
        _ => write!(text, "{} h {} min", whole / 3600, whole / 60 % 60),
    };
    text
}

/// A name in the middle of a sentence. Names that begin with a short form, such as `PCA-99`, keep it.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain([second]).chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}
