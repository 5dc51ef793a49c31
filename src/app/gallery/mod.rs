//! What the window knows of collections: the index that is open, what is looked for in it, and what was found there.
//!
//! - [`command`]: what can be done; [`query`]: faces, weights and conditions that are looked for;
//! - [`people`]: faces grouped by who they seem to be; [`map`]: all of them in a plane;
//! - [`shelf`]: thumbnails and names, as far as they are in hand;
//! - [`wanted`]: what is asked of the engine for all this, once a frame.

pub mod command;
pub mod map;
pub mod people;
pub mod query;
pub mod shelf;
pub mod wanted;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::state::State;
use super::store::paths;
use super::train::words;
use crate::engine::gallery::{FaceKey, Info, ModelName, SUGGESTED_THRESHOLD, SearchAnswer};
use crate::face::Part;

pub use command::GalleryCommand;
use map::Map;
use people::{People, THRESHOLDS};
use query::{FilterForm, Preset, QueryFace, Question, Sought};
use shelf::Shelf;

/// How many faces are asked for before the list is scrolled.
pub const FIRST_FACES: usize = 500;
/// What the file of an index is called, by which its folder is known.
const INDEX_FILE: &str = "faces.sqlite";

/// What the panel shows of the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Faces,
    People,
    Map,
    Duplicates,
}

impl Tab {
    pub const ALL: [Tab; 4] = [Tab::Faces, Tab::People, Tab::Map, Tab::Duplicates];

    pub fn name(self) -> &'static str {
        match self {
            Tab::Faces => "Faces",
            Tab::People => "People",
            Tab::Map => "Map",
            Tab::Duplicates => "Duplicates",
        }
    }

    pub fn explanation(self) -> &'static str {
        match self {
            Tab::Faces => "All faces, or those most like the query",
            Tab::People => "Faces put together by who they seem to be, to be named",
            Tab::Map => "All faces in a plane: near each other lies what is alike in one part",
            Tab::Duplicates => "Faces that are nearly the same, such as copies of one picture",
        }
    }
}

/// What a face of the index is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Into the tray and the Edit panel.
    Edit,
    /// Into the tray and onto the canvas; the panel stays.
    Tray,
    /// A source of the transfer board.
    Source,
    /// A target of the transfer board.
    Target,
    /// The query's only face.
    Query,
    /// One more face of the query.
    AddToQuery,
    /// Into the tray and beside the faces of the label audit.
    Compare,
}

/// What was asked of the engine about the index and is answered once.
#[derive(Clone, Debug, PartialEq)]
pub enum GalleryWish {
    Open,
    /// The index in this folder, made or brought up to date.
    Build(PathBuf),
    Card(FaceKey),
    /// What is known of a face, to look for it.
    Query(Use),
    Pick(FaceKey, Use),
    /// By this part, of the faces of this revision.
    Map(Part, u64),
    Duplicates(u64),
    People,
    Export,
    Delete,
}

impl GalleryWish {
    /// Whether it goes on when another tray, and with it perhaps another index, is looked at.
    pub fn outlives_tray(&self) -> bool {
        matches!(self, GalleryWish::Build(_) | GalleryWish::People | GalleryWish::Export | GalleryWish::Delete)
    }
}

/// How often the open index has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Revisions {
    /// Anything that a search may show.
    pub search: u64,
    /// Its faces, where nothing goes on.
    pub faces: u64,
    /// Its faces or what people were told.
    pub people: u64,
}

/// The newest answer and what is on its way.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// What was asked for last, and the number of its answer.
    pub asked: Option<(Sought, u64)>,
    /// Number of the first answer that is about this index.
    pub first: u64,
    /// Number of the newest answer, also of one that says what was wrong.
    pub answered: u64,
    /// How far down the list is looked at.
    pub reach: usize,
    pub answer: Option<SearchAnswer>,
    /// Why the newest question has no answer; the one before it stays.
    pub error: Option<String>,
    /// Why what is looked for now cannot be asked at all.
    pub unasked: Option<String>,
    /// Counts the questions; with another one the list begins at its top.
    pub questions: u64,
}

impl Results {
    /// What was asked for last.
    pub fn question(&self) -> Option<&Question> {
        self.asked.as_ref().map(|(sought, _)| &sought.question)
    }

    /// Whether a newer answer is on its way.
    pub fn is_busy(&self) -> bool {
        self.asked.as_ref().is_some_and(|(_, number)| *number > self.answered)
    }

    /// What is wrong with what is looked for.
    pub fn problem(&self) -> Option<&str> {
        self.unasked.as_deref().or(self.error.as_deref())
    }

    /// A newer answer; one that only says what was wrong leaves what was found before.
    pub fn take(&mut self, mut answer: SearchAnswer) {
        self.answered = answer.number;
        self.error = answer.error.take();
        if self.error.is_none() {
            self.answer = Some(answer);
        }
    }
}

/// Faces that are nearly the same.
#[derive(Clone, Debug, Default)]
pub struct Duplicates {
    /// The revision that they are of, and groups of them.
    pub found: Option<(u64, Vec<Vec<FaceKey>>)>,
    /// A revision for which they could not be worked out; it is not tried again by itself.
    pub failed: Option<u64>,
}

/// All of it.
#[derive(Default)]
pub struct GalleryDesk {
    /// Where the window makes indexes; none where nothing is kept.
    pub home: Option<PathBuf>,
    /// The folder of the index that is open, or to be opened as soon as it is looked at.
    pub folder: Option<PathBuf>,
    /// What is known of it; none while it is not open.
    pub info: Option<Box<Info>>,
    /// It could not be opened; it is not tried again by itself.
    pub failed: bool,
    pub revisions: Revisions,
    pub tab: Tab,
    pub query: Vec<QueryFace>,
    /// How much each part counts, -1 to 1, in the order of [`Part::ALL`].
    pub weights: [f32; 4],
    pub filter: FilterForm,
    pub results: Results,
    /// The cosine of two identities from which they count as one person's.
    pub threshold: f32,
    pub people: People,
    pub map: Map,
    pub duplicates: Duplicates,
    pub shelf: Shelf,
    /// The thumbnails that were wished for last.
    pub wished: Vec<FaceKey>,
    /// A face picked up with the keyboard.
    pub picked: Option<FaceKey>,
}

/// What a session keeps of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kept {
    #[serde(with = "paths")]
    pub folder: Option<PathBuf>,
    /// In the order of [`Part::ALL`].
    pub weights: [f32; 4],
    pub filter: FilterForm,
    pub threshold: f32,
}

impl Default for Kept {
    fn default() -> Self {
        Kept {
            folder: None,
            weights: Preset::SamePerson.weights(),
            filter: FilterForm::default(),
            threshold: SUGGESTED_THRESHOLD,
        }
    }
}

impl Kept {
    /// With numbers that can be.
    pub fn checked(self) -> Self {
        let usual = Kept::default();
        let sound = self.weights.iter().all(|weight| (-1.0..=1.0).contains(weight));
        Kept {
            folder: self.folder,
            weights: if sound { self.weights } else { usual.weights },
            filter: self.filter.checked(),
            threshold: if self.threshold.is_finite() {
                self.threshold.clamp(THRESHOLDS[0], THRESHOLDS[1])
            } else {
                usual.threshold
            },
        }
    }
}

impl GalleryDesk {
    /// As a session left it; the index is opened when it is looked at.
    pub fn new(kept: Kept) -> Self {
        let Kept { folder, weights, filter, threshold } = kept;
        GalleryDesk { folder, weights, filter, threshold, ..GalleryDesk::default() }
    }

    /// What is to be there again after a kill.
    pub fn kept(&self) -> Kept {
        Kept {
            folder: self.folder.clone(),
            weights: self.weights,
            filter: self.filter.clone(),
            threshold: self.threshold,
        }
    }

    /// A project has taken the tray's place: the open index stays where the project names no other, and nobody of the
    /// old tray is looked for.
    pub fn take_over(&mut self, old: &mut GalleryDesk) {
        if self.folder.is_none() || self.folder == old.folder {
            let kept = self.kept();
            *self = std::mem::take(old);
            if kept.folder.is_some() {
                // The same index, looked at as the project has it.
                (self.weights, self.filter, self.threshold) = (kept.weights, kept.filter, kept.threshold);
            }
        }
        self.home = self.home.take().or(old.home.take());
        self.query.retain(|face| face.of.face().is_none());
    }

    /// Another index, or none, is in hand; what was looked for stays but for faces of the old one.
    pub fn turn_to(&mut self, folder: Option<PathBuf>) {
        let old = std::mem::take(self);
        let query = old.query.into_iter().filter(|face| face.of.face().is_some()).collect();
        let revisions = Revisions {
            search: old.revisions.search + 1,
            faces: old.revisions.faces + 1,
            people: old.revisions.people + 1,
        };
        *self = GalleryDesk {
            home: old.home,
            folder,
            revisions,
            tab: old.tab,
            query,
            weights: old.weights,
            filter: old.filter,
            threshold: old.threshold,
            ..GalleryDesk::default()
        };
    }

    /// The index has other faces than before.
    pub fn changed(&mut self, info: Box<Info>) {
        if self.info.as_ref().is_some_and(|old| old.model != info.model) {
            // It was begun anew with other weights.
            self.shelf = Shelf::default();
            self.wished.clear();
            self.query.retain(|face| face.of.face().is_some());
        }
        self.info = Some(info);
        self.revisions.search += 1;
    }

    /// What the index is called: by what it was made of.
    pub fn name(&self) -> String {
        let sources = self.info.as_ref().map_or(&[][..], |info| &info.sources);
        match (sources, &self.folder) {
            ([source], _) => words::name(source),
            ([source, rest @ ..], _) => format!("{} and {} more", words::name(source), rest.len()),
            ([], Some(folder)) => words::name(folder),
            ([], None) => "faces".to_owned(),
        }
    }

    /// The folder for the index of a source, always the same for the same one; none where no place for indexes is known.
    pub fn folder_for(&self, source: &Path) -> Option<PathBuf> {
        Some(folder_in(self.home.as_ref()?, source))
    }

    /// How many faces the newest answer is about.
    pub fn total(&self) -> usize {
        self.results.answer.as_ref().map_or(0, |answer| answer.total)
    }
}

/// The folder among those of `home` for what is made of a source, always the same for the same one.
pub fn folder_in(home: &Path, source: &Path) -> PathBuf {
    let source = std::path::absolute(source).unwrap_or_else(|_| source.to_owned());
    // Two folders of one name stay apart by it.
    let mark = mark(source.as_os_str().as_encoded_bytes());
    home.join(format!("{}-{mark:08x}", words::name(&source)))
}

/// A number for a name, by FNV-1a: two names hardly ever have the same.
pub fn mark(name: &[u8]) -> u32 {
    name.iter().fold(0x811c_9dc5_u32, |mark, byte| (mark ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Whether a folder is that of an index.
pub fn is_index(folder: &Path) -> bool {
    folder.join(INDEX_FILE).is_file()
}

/// The weights that made the index and those in use, where they are others.
pub fn other_model(state: &State) -> Option<(ModelName, ModelName)> {
    let (info, ready) = (state.gallery.info.as_ref()?, state.engine.ready.as_ref()?);
    let used = ready.model();
    (info.model.fingerprint != used.fingerprint).then(|| (info.model.clone(), used))
}
