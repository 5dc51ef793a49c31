//! Two reports beside each other: which figures moved by more than their intervals.
//!
//! A figure moved where each of its two values lies outside the other's 95 % interval; where only one of the two has an
//! interval, that one decides, and where none has, every change that can be seen does. Two reports are compared to tell
//! two weights apart on the same faces, and what makes those faces hard is in both values alike: whether the intervals
//! overlap would ask for too much. Where the faces are others too, a figure may look moved by chance; a note says so
//! then.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::{Better, Figure, Unit, count};
use super::{PartName, Report, SetReport, Setting};
use crate::evaluate::bootstrap::Measured;
use crate::face::{ModelName, Part};

/// What differs from one report to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub a: Side,
    pub b: Side,
    /// In the order of the first report.
    pub moved: Vec<Moved>,
    /// Figures of both that moved by no more than their intervals.
    pub same: usize,
    pub only_in_a: Vec<Lone>,
    pub only_in_b: Vec<Lone>,
    /// A sentence for each thing to know before the two are compared; no period at the end.
    pub notes: Vec<String>,
}

/// Whose report it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    pub model: ModelName,
    /// When it was made, as RFC 3339 has it.
    pub created: String,
    /// The version of the program that made it.
    pub facespace: String,
}

/// A figure that moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    pub set: String,
    pub part: PartName,
    pub key: String,
    /// With its group.
    pub name: String,
    pub unit: Unit,
    pub better: Better,
    pub face_part: Option<Part>,
    pub a: Measured,
    pub b: Measured,
    pub verdict: Verdict,
}

/// What a move means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The second report's is better.
    Better,
    Worse,
    /// There is no better or worse.
    Moved,
}

/// What one report has of a set and the other has not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lone {
    pub set: String,
    /// Whether the other has nothing of this set.
    pub whole_set: bool,
    pub keys: Vec<String>,
    /// Of the same figures, as people read them.
    pub names: Vec<String>,
}

/// Sets the second report beside the first.
pub fn compare(a: &Report, b: &Report) -> Comparison {
    let (mut moved, mut same) = (Vec::new(), 0);
    for (set, other) in a.sets.iter().filter_map(|set| Some((set, b.set(&set.name)?))) {
        for section in &set.sections {
            for figure in &section.figures {
                match other.figure(&figure.key) {
                    Some(later) if has_moved(figure, later) => {
                        moved.push(Moved::new(&set.name, section.part, figure, later));
                    }
                    Some(_) => same += 1,
                    None => {}
                }
            }
        }
    }
    let (only_in_a, only_in_b) = (lone(a, b), lone(b, a));
    Comparison { a: Side::of(a), b: Side::of(b), moved, same, only_in_a, only_in_b, notes: notes(a, b) }
}

fn has_moved(a: &Figure, b: &Figure) -> bool {
    let (from, to) = (&a.value, &b.value);
    let outside = |value: f64, of: &Measured| of.interval.map(|range| value < range.low || value > range.high);
    match (outside(to.value, from), outside(from.value, to)) {
        (Some(one), Some(other)) => one && other,
        (Some(alone), None) | (None, Some(alone)) => alone,
        (None, None) => (to.value - from.value).abs() >= a.unit.step(from.value),
    }
}

fn lone(of: &Report, other: &Report) -> Vec<Lone> {
    let only = |set: &SetReport| {
        let there = other.set(&set.name);
        let missing = set.figures().filter(|figure| there.is_none_or(|there| there.figure(&figure.key).is_none()));
        let (keys, names) = missing.map(|figure| (figure.key.clone(), figure.full_name())).unzip();
        Lone { set: set.name.clone(), whole_set: there.is_none(), keys, names }
    };
    of.sets.iter().map(only).filter(|lone| lone.whole_set || !lone.keys.is_empty()).collect()
}

fn notes(a: &Report, b: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if a.model.fingerprint == b.model.fingerprint {
        notes.push("Both reports are of weights that encode faces alike".to_owned());
    }
    if a.facespace != b.facespace {
        notes.push(format!(
            "The reports were made by different versions of facespace ({} and {}), which may measure differently",
            a.facespace, b.facespace
        ));
    }
    let other_settings = other_settings(a, b);
    if !other_settings.is_empty() {
        notes.push(format!(
            "The reports were made with other settings ({}), which may be all that moved a figure",
            other_settings.join("; ")
        ));
    }
    for (set, other) in a.sets.iter().filter_map(|set| Some((set, b.set(&set.name)?))) {
        if set.faces != other.faces {
            notes.push(format!(
                "Of {} the first report has {} faces and the second {}, so a figure may look moved by chance",
                set.name,
                count(set.faces),
                count(other.faces)
            ));
        }
    }
    notes
}

/// What was chosen for one report and not for the other: `Seed 1 and 2`.
fn other_settings(a: &Report, b: &Report) -> Vec<String> {
    let other = |of_a: &Setting| {
        let of_b = b.settings.iter().find(|of_b| of_b.name == of_a.name && of_a.differs_from(of_b))?;
        Some(format!("{} {} and {}", of_a.name, of_a.value, of_b.value))
    };
    a.settings.iter().filter_map(other).collect()
}

impl Side {
    fn of(report: &Report) -> Self {
        Side { model: report.model.clone(), created: report.created.clone(), facespace: report.facespace.clone() }
    }
}

impl Moved {
    fn new(set: &str, part: PartName, a: &Figure, b: &Figure) -> Self {
        Moved {
            set: set.to_owned(),
            part,
            key: a.key.clone(),
            name: a.full_name(),
            unit: a.unit,
            better: a.better,
            face_part: a.face_part,
            a: a.value,
            b: b.value,
            verdict: verdict(a.better, a.value.value, b.value.value),
        }
    }

    /// From the first to the second, with its sign: `+1.3 %`, `-0.04`.
    pub fn change_text(&self) -> String {
        let change = self.b.value - self.a.value;
        let sign = if change < 0.0 { "" } else { "+" };
        format!("{sign}{}{}", self.unit.number(change, self.a.value), self.unit.sign())
    }
}

fn verdict(better: Better, a: f64, b: f64) -> Verdict {
    let (from, to) = match better {
        Better::Higher => (a, b),
        Better::Lower => (-a, -b),
        Better::NearOne => (-(a - 1.0).abs(), -(b - 1.0).abs()),
        Better::Neither => return Verdict::Moved,
    };
    if to > from {
        Verdict::Better
    } else if to < from {
        Verdict::Worse
    } else {
        Verdict::Moved
    }
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::Better, Verdict::Worse, Verdict::Moved];

    pub fn name(self) -> &'static str {
        match self {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Moved => "moved",
        }
    }
}

impl Comparison {
    pub fn count(&self, verdict: Verdict) -> usize {
        self.moved.iter().filter(|moved| moved.verdict == verdict).count()
    }

    /// `3 figures are better, 1 is worse, 41 stay within their intervals`.
    pub fn summary(&self) -> String {
        if self.moved.is_empty() && self.same == 0 {
            return "The two reports have no figure in common".to_owned();
        }
        let mut parts = Vec::new();
        for (verdict, verb) in [(Verdict::Better, "better"), (Verdict::Worse, "worse")] {
            parts.extend(said(self.count(verdict), &format!("is {verb}"), &format!("are {verb}")));
        }
        parts.extend(said(self.count(Verdict::Moved), "moved", "moved"));
        parts.extend(said(self.same, "stays within its interval", "stay within their intervals"));
        let text = parts.join(", ");
        text.replacen(' ', if text.starts_with("1 ") { " figure " } else { " figures " }, 1)
    }
}

fn said(n: usize, one: &str, several: &str) -> Option<String> {
    match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{} {several}", count(n))),
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "A  {}, {}", self.a.model, self.a.created)?;
        writeln!(f, "B  {}, {}", self.b.model, self.b.created)?;
        writeln!(f, "{}", self.summary())?;
        let mut set = None;
        for moved in &self.moved {
            if set != Some(&moved.set) {
                set = Some(&moved.set);
                writeln!(f, "\n{:46} {:>9}  {:>9}  {:>9}", moved.set, "A", "B", "change")?;
            }
            let value = |measured: &Measured| moved.unit.text(measured.value);
            let (name, verdict) = (format!("  {}", moved.name), moved.verdict.name());
            let (a, b) = (value(&moved.a), value(&moved.b));
            writeln!(f, "{name:46} {a:>9}  {b:>9}  {:>9}  {verdict}", moved.change_text())?;
        }
        for (side, only) in [("A", &self.only_in_a), ("B", &self.only_in_b)] {
            for lone in only {
                writeln!(f, "\nOnly in {side}: {}", lone.text())?;
            }
        }
        Ok(())
    }
}

impl Lone {
    /// `lfw-val, all of it`, or the set and the figures' names.
    pub fn text(&self) -> String {
        if self.whole_set {
            format!("{}, all of it", self.set)
        } else {
            format!("{}: {}", self.set, self.names.join("; "))
        }
    }
}
