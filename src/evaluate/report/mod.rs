//! All that was measured of a model on some sets of faces, and how it is written: as a text for a terminal, as JSON, as
//! CSV and as one page that a researcher can send. May use `data` (files) and `face`; it measures nothing.
//!
//! - [`figure`], [`table`]: what a section holds, and how a number is written everywhere; [`keys`]: their names;
//! - [`words`]: what each part is, in a sentence; [`paper`]: the paper's own figures, where they can be set beside ours;
//! - [`headline`]: the five figures that matter;
//! - [`mod@text`], [`csv`], [`html`]: the report written;
//! - [`mod@compare`]: which figures moved from one report to another.

pub mod compare;
pub mod csv;
mod error;
pub mod figure;
mod files;
pub mod headline;
pub mod html;
pub mod keys;
pub mod paper;
pub mod style;
pub mod table;
pub mod text;
pub mod words;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use compare::{Comparison, Moved, Verdict, compare};
pub use error::ReportError;
pub use figure::{Better, Figure, Paper, Unit};
pub use files::{CSV, ComparisonFormat, HTML, JSON};
pub use headline::{Headline, headlines};
pub use table::{Cell, Column, Table};

use super::lent::CardWords;
use super::options::PartName;
use crate::face::ModelName;

/// What this program writes into `version` of a report, and the newest it reads.
pub const REPORT_VERSION: u32 = 1;
/// Digits of the number that tells files of one name apart.
const DIGITS: usize = 8;

/// What was measured, and what not and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Of this format: [`REPORT_VERSION`].
    pub version: u32,
    /// The version of the program that measured.
    pub facespace: String,
    pub model: ModelName,
    pub card: CardWords,
    /// When, as RFC 3339 has it.
    pub created: String,
    pub seconds: f64,
    /// Parts that were taken from an earlier run, whose time is not in `seconds`.
    #[serde(default)]
    pub reused: usize,
    pub peak_memory_bytes: Option<u64>,
    /// How it was asked for, such as the recogniser's file: a name and a value each, for people.
    #[serde(default)]
    pub settings: Vec<Setting>,
    pub sets: Vec<SetReport>,
    /// A sentence for each thing to know about the whole report.
    pub remarks: Vec<String>,
}

/// Something that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub name: String,
    pub value: String,
}

/// What was measured on one set of faces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetReport {
    /// Such as `lfw-val`.
    pub name: String,
    /// Faces that were measured.
    pub faces: usize,
    /// Faces that the set holds; 0 where that is not known.
    #[serde(default)]
    pub held: usize,
    /// People among them, as far as they have names; 0 where none has.
    pub people: usize,
    /// Pictures that were passed over, by reason.
    pub skipped: BTreeMap<String, usize>,
    pub sections: Vec<Section>,
    pub unmeasured: Vec<Unmeasured>,
}

/// One part of the report on one set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub part: PartName,
    pub title: String,
    /// What it is, in one sentence for someone who has not read the paper.
    pub explanation: String,
    /// Those of a group stand together.
    pub figures: Vec<Figure>,
    pub tables: Vec<Table>,
    pub pictures: Vec<Picture>,
    /// A sentence for each thing to know about how it was measured; no period at the end.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A picture beside the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub title: String,
    /// What is seen, in a sentence or two.
    pub caption: String,
    /// Below the report's folder, with `/` between: `figures/lfw-val-transfer-pose.jpg`.
    pub file: String,
}

/// A part that was asked for and is not in the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmeasured {
    pub part: PartName,
    /// A sentence: why, and what to give for it; no period at the end.
    pub why: String,
}

impl Setting {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Setting { name: name.into(), value: value.into() }
    }

    /// Files by their names, and what stands for their contents behind those: "recogniser.safetensors, 3f2a9c01".
    pub fn of_files(name: impl Into<String>, files: &str, contents: u64) -> Self {
        Setting::new(name, format!("{files}, {:0DIGITS$x}", contents as u32))
    }

    /// Whether something else was chosen. Reports of earlier versions name files without their contents: to those,
    /// files of one name are the same.
    pub fn differs_from(&self, other: &Setting) -> bool {
        let ([files, contents], [others, of_others]) = (self.parted(), other.parted());
        files != others || (contents != of_others && !contents.is_empty() && !of_others.is_empty())
    }

    /// What was chosen, and what stands for the contents of files; that is empty where there is nothing of the kind.
    fn parted(&self) -> [&str; 2] {
        let is_number = |text: &str| text.len() == DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        match self.value.rsplit_once(", ") {
            Some((files, contents)) if is_number(contents) => [files, contents],
            _ => [self.value.as_str(), ""],
        }
    }
}

impl Section {
    /// A section that holds nothing yet, with the part's title and explanation.
    pub fn new(part: PartName) -> Self {
        Section {
            part,
            title: part.title().to_owned(),
            explanation: words::explanation(part).to_owned(),
            figures: Vec::new(),
            tables: Vec::new(),
            pictures: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether there is nothing to see in it.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.tables.is_empty() && self.pictures.is_empty()
    }

    /// Its figures, those of a group together, in the order in which the groups come up.
    pub fn groups(&self) -> Vec<(&str, Vec<&Figure>)> {
        let mut groups: Vec<(&str, Vec<&Figure>)> = Vec::new();
        for figure in &self.figures {
            match groups.iter_mut().find(|(name, _)| *name == figure.group) {
                Some((_, of_group)) => of_group.push(figure),
                None => groups.push((&figure.group, vec![figure])),
            }
        }
        groups
    }
}

impl Picture {
    /// Where its file is in the report's folder; none where it names one elsewhere, as a report of somebody else's may.
    pub fn path(&self, folder: &Path) -> Option<PathBuf> {
        let file = Path::new(&self.file);
        let stays = file.components().all(|component| matches!(component, Component::Normal(_)));
        (stays && !self.file.is_empty()).then(|| folder.join(file))
    }
}

impl SetReport {
    /// All its figures, in the order of the report.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.sections.iter().flat_map(|section| &section.figures)
    }

    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.figures().find(|figure| figure.key == key)
    }

    /// Whether only some of the faces that it holds were measured. Pictures that were passed over are no such faces.
    pub fn is_part(&self) -> bool {
        self.faces > 0 && self.faces + self.skipped.values().sum::<usize>() < self.held
    }

    /// Why nothing of it was measured at all, where that is one and the same for all parts: its faces cannot be read.
    pub fn failure(&self) -> Option<&str> {
        let (first, others) = self.unmeasured.split_first()?;
        let is_same = self.sections.is_empty() && others.iter().all(|other| other.why == first.why);
        (is_same && !others.is_empty()).then_some(first.why.as_str())
    }

    /// Sets the paper's figures beside its own where the data set is the same, and a note where it is not.
    pub fn beside_the_paper(&mut self) {
        let part = self.is_part().then(|| self.faces_text());
        for section in &mut self.sections {
            for figure in &mut section.figures {
                figure.paper = paper::beside(&self.name, part.as_deref(), &figure.key);
            }
            let note = paper::note(&self.name, section).filter(|note| !section.notes.contains(note));
            section.notes.extend(note);
        }
    }
}

impl Report {
    /// The set of that name.
    pub fn set(&self, name: &str) -> Option<&SetReport> {
        self.sets.iter().find(|set| set.name == name)
    }
}
