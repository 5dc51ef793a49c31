//! What the window knows of label audits: the one that is open, how its faces are listed, which of them is looked at,
//! and what was said about their labels.
//!
//! - [`command`]: what can be done; [`words`]: steps, verdicts and terms in words;
//! - [`compared`]: the face of the tray that stands beside the one that is looked at;
//! - [`list`]: the faces in the order in which they are doubted, and the way through them;
//! - [`wanted`]: what is asked of the engine for all this, once a frame.

pub mod command;
pub mod compared;
pub mod list;
pub mod wanted;
pub mod words;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::gallery::folder_in;
use super::gallery::shelf::Shelf;
use super::state::{FaceId, State};
use super::store::paths;
use super::train::words::name;
use crate::engine::audit::{
    BuildProgress, Counts, FaceKey, Filter, Info, Looked, ModelName, Names, RankRequest, Row, Score, Verdict,
};
use crate::engine::{DeviceChoice, WeightsSource};

pub use command::LabelsCommand;
use list::Listing;

/// What the file of an audit is called, by which its folder is known.
const AUDIT_FILE: &str = "audit.sqlite";
/// Whose verdicts they are where the system does not say who sits here.
const SOMEBODY: &str = "somebody";

/// What the panel shows beside the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Face,
    Confusion,
    Shortcuts,
}

impl Tab {
    pub const ALL: [Tab; 3] = [Tab::Face, Tab::Confusion, Tab::Shortcuts];

    pub fn name(self) -> &'static str {
        match self {
            Tab::Face => "Face",
            Tab::Confusion => "Confusion",
            Tab::Shortcuts => "Shortcuts",
        }
    }

    pub fn explanation(self) -> &'static str {
        match self {
            Tab::Face => "The face that is looked at, with all that speaks for and against its label",
            Tab::Confusion => "How many faces of each label look like each other; a press on a number lists them",
            Tab::Shortcuts => "Whether the label can be guessed from something else than the expression",
        }
    }
}

/// By what the faces are ranked, and which of them are listed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choice {
    pub score: Score,
    pub filter: Filter,
    /// Only as many of the most doubtful ones as are to be looked at.
    pub within_budget: bool,
}

impl Choice {
    pub fn request(&self) -> RankRequest {
        RankRequest { score: self.score, filter: self.filter.clone(), within_budget: self.within_budget }
    }
}

/// What was asked of the engine about audits and is answered once.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelsWish {
    Open,
    /// The audit in this folder, made or brought up to date.
    Build(PathBuf),
    /// A verdict, or one that is taken back.
    Judge,
    Export,
    Import,
}

/// The audit that is open. Its rows are the engine's and stay as they came; what was said since lies beside them.
#[derive(Clone, Debug)]
pub struct OpenAudit {
    pub info: Box<Info>,
    pub rows: Arc<Vec<Row>>,
    /// In the order of the rows.
    pub names: Arc<Names>,
    /// Verdicts since the rows came, by the place of their row; none within for one that was taken back.
    said: HashMap<u32, Option<Verdict>>,
    /// Of the whole audit.
    pub counts: Counts,
}

impl OpenAudit {
    pub fn new(info: Box<Info>, rows: Arc<Vec<Row>>, names: Arc<Names>) -> Self {
        let counts = info.verdicts;
        OpenAudit { info, rows, names, said: HashMap::new(), counts }
    }

    pub fn row(&self, place: u32) -> Option<&Row> {
        self.rows.get(place as usize)
    }

    /// The picture's name in the set; empty where there is no such row.
    pub fn name(&self, place: u32) -> &str {
        let place = place as usize;
        if place < self.names.len() { self.names.get(place) } else { "" }
    }

    pub fn verdict(&self, place: u32) -> Option<Verdict> {
        let row = || self.row(place).and_then(|row| row.verdict);
        self.said.get(&place).copied().unwrap_or_else(row)
    }

    /// How right the label looks, 0 to 1; none where it is not known by this score.
    pub fn quality(&self, place: u32, score: Score) -> Option<f32> {
        self.row(place).map(|row| row.quality(score)).filter(|quality| quality.is_finite())
    }

    /// The row of a face. Looks through all of them.
    pub fn place_of(&self, face: FaceKey) -> Option<u32> {
        self.rows.iter().position(|row| row.face == face).map(|place| place as u32)
    }

    /// A verdict is on the disk, or one is taken back there.
    pub fn judged(&mut self, place: u32, verdict: Option<Verdict>, counts: Counts) {
        self.said.insert(place, verdict);
        self.counts = counts;
    }
}

/// The face that is looked at.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The place of its row.
    pub place: Option<u32>,
    /// The face that the engine was asked about last, and the number of its answers.
    pub asked: Option<(FaceKey, u64)>,
    /// As much as is known of it by now.
    pub looked: Option<Looked>,
}

impl Look {
    /// What is known of a face, where it is the one that is looked at.
    pub fn known(&self, face: FaceKey) -> Option<&Looked> {
        self.looked.as_ref().filter(|looked| looked.face == face)
    }
}

/// All of it.
#[derive(Default)]
pub struct LabelsDesk {
    /// Where the window makes audits; none where nothing is kept.
    pub home: Option<PathBuf>,
    /// The set that is audited as soon as it is said where the result goes.
    pub source: Option<PathBuf>,
    /// The folder of the audit that is open, or to be opened as soon as it is looked at.
    pub folder: Option<PathBuf>,
    /// None while it is not open.
    pub open: Option<OpenAudit>,
    /// It could not be opened; it is not tried again by itself.
    pub failed: bool,
    /// How far the build in hand is, this one's or another's.
    pub progress: Option<BuildProgress>,
    pub tab: Tab,
    pub choice: Choice,
    pub list: Listing,
    pub look: Look,
    /// The face of the tray that stands beside those that are looked at.
    pub compared: Option<FaceId>,
    pub shelf: Shelf,
    /// The thumbnails that were wished for last.
    pub wished: Vec<FaceKey>,
    /// Whose verdicts they are.
    pub by: String,
    /// The device and the weights that faces are drawn with, as far as the engine was told.
    pub drawn_with: Option<(DeviceChoice, WeightsSource)>,
}

/// What a session keeps of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kept {
    #[serde(with = "paths")]
    pub folder: Option<PathBuf>,
    pub choice: Choice,
    /// Empty for whoever the system says.
    pub by: String,
}

impl LabelsDesk {
    /// As a session left it; the audit is opened when it is looked at.
    pub fn new(kept: Kept) -> Self {
        let Kept { folder, choice, by } = kept;
        LabelsDesk { folder, choice, by, ..LabelsDesk::default() }
    }

    /// What is to be there again after a kill.
    pub fn kept(&self) -> Kept {
        Kept { folder: self.folder.clone(), choice: self.choice.clone(), by: self.by.clone() }
    }

    /// Another audit, or none, is in hand.
    pub fn turn_to(&mut self, folder: Option<PathBuf>) {
        let old = std::mem::take(self);
        *self = LabelsDesk {
            home: old.home,
            source: old.source,
            folder,
            progress: old.progress,
            tab: old.tab,
            choice: old.choice,
            list: old.list.next_audit(),
            compared: old.compared,
            by: old.by,
            drawn_with: old.drawn_with,
            ..LabelsDesk::default()
        };
    }

    /// What the audit is called: by the set that it is of.
    pub fn name(&self) -> String {
        match (&self.open, &self.folder) {
            (Some(open), _) => name(&open.info.source),
            (None, Some(folder)) => name(folder),
            (None, None) => "labels".to_owned(),
        }
    }

    /// Where the audit of a set goes if nobody says otherwise, always the same place for the same one; none where no
    /// place for audits is known.
    pub fn folder_for(&self, source: &Path) -> Option<PathBuf> {
        Some(folder_in(self.home.as_ref()?, source))
    }

    /// Whose verdicts they are.
    pub fn judged_by(&self) -> String {
        let by = self.by.trim();
        if by.is_empty() { whoever_is_here() } else { by.to_owned() }
    }

    /// The row that is looked at, with its place.
    pub fn looked_at(&self) -> Option<(u32, &Row)> {
        let place = self.look.place?;
        Some((place, self.open.as_ref()?.row(place)?))
    }

    /// Looks at another row.
    pub fn look_at(&mut self, place: u32) {
        self.look.place = Some(place);
        self.list.follow(place);
    }
}

/// The name by which the system knows who sits here.
pub fn whoever_is_here() -> String {
    let known = ["USER", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    known.map(|name| name.trim().to_owned()).find(|name| !name.is_empty()).unwrap_or_else(|| SOMEBODY.to_owned())
}

/// Whether a folder is that of an audit.
pub fn is_audit(folder: &Path) -> bool {
    folder.join(AUDIT_FILE).is_file()
}

/// The weights that made the audit and those in use, where they are others.
pub fn other_model(state: &State) -> Option<(ModelName, ModelName)> {
    let (open, ready) = (state.labels.open.as_ref()?, state.engine.ready.as_ref()?);
    let used = ready.model();
    (open.info.model.fingerprint != used.fingerprint).then(|| (open.info.model.clone(), used))
}
