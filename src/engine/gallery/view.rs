//! The open index: its codes in memory, and what is looked up in them and on the disk.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::open::Placement;
use super::super::protocol::Source;
use super::thread::Change;
use super::{FaceCard, FaceKey, Filter, FoundFace, GalleryEvent, Info, Query, SearchAnswer, SearchRequest};
use crate::face::Part;
use crate::gallery::{Codes, Hit, Index, Original, Pins, Selection, Target, top};

/// How many faces the row of a part has.
const ROW: usize = 7;
/// Between two looks at an index that grows.
pub(super) const BETWEEN: Duration = Duration::from_secs(2);
/// Reading the codes again may take so large a share of the time.
const READING: u32 = 10;

const NOTHING_TO_UNDO: &str = "There is nothing to undo in this index; name, merge or split people first";

pub(super) struct OpenIndex {
    folder: PathBuf,
    index: Index,
    codes: Arc<Codes>,
    revision: u64,
    /// When the codes were read, and what that took.
    read: (Instant, Duration),
    /// What passes the filter of the last search; none where everything does.
    selected: (Filter, Option<Selection>),
}

impl OpenIndex {
    /// Opens an index and reads its codes.
    ///
    /// # Errors
    /// One sentence with the path at its end.
    pub fn open(folder: PathBuf) -> Result<Self, String> {
        let index = Index::open(&folder).map_err(sentence)?;
        let mut open = OpenIndex {
            folder,
            index,
            codes: Arc::new(Codes::with_capacity(0)),
            revision: 0,
            read: (Instant::now(), Duration::ZERO),
            selected: (Filter::default(), None),
        };
        open.read_codes()?;
        Ok(open)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn codes(&self) -> Arc<Codes> {
        Arc::clone(&self.codes)
    }

    pub fn info(&self) -> Result<Info, String> {
        self.index.info().map_err(sentence)
    }

    pub fn pins(&self) -> Result<Pins, String> {
        self.index.people().map_err(sentence)
    }

    /// Whether it is time to look at it again while it grows.
    pub fn is_due(&self) -> bool {
        let (at, took) = self.read;
        at.elapsed() >= BETWEEN.max(READING * took)
    }

    /// Whether somebody has changed it since its codes were read.
    pub fn has_changed(&self) -> bool {
        self.index.revision() != self.revision
    }

    /// Reads it anew, also after it was rebuilt with other weights; what is known of it then.
    pub fn refresh(&mut self) -> Result<Info, String> {
        self.index = Index::open(&self.folder).map_err(sentence)?;
        self.read_codes()?;
        let info = self.info()?;
        // Counting takes its time, too.
        let (at, took) = self.read;
        self.read = (at, took + at.elapsed());
        Ok(info)
    }

    fn read_codes(&mut self) -> Result<(), String> {
        let started = Instant::now();
        // The old ones go first: there may be hundreds of megabytes of them.
        self.codes = Arc::new(Codes::with_capacity(0));
        self.selected = (Filter::default(), None);
        // What changes while they are read is read the next time.
        let revision = self.index.revision();
        self.codes = Arc::new(self.index.codes().map_err(sentence)?);
        self.revision = revision;
        self.read = (Instant::now(), started.elapsed());
        Ok(())
    }

    /// The answer to a search, as yet without its number.
    pub fn search(&mut self, request: &SearchRequest) -> Result<SearchAnswer, String> {
        let started = Instant::now();
        if let Some(model) = &request.model {
            self.index.require(model).map_err(sentence)?;
        }
        let target = request.query.as_ref().map(Query::target).transpose().map_err(sentence)?;
        self.select(&request.filter)?;
        let selection = self.selected.1.as_deref();
        let total = selection.map_or(self.codes.len(), |selection| selection.iter().filter(|chosen| **chosen).count());
        let limit = request.limit.min(total);
        let (hits, rows) = match (&request.query, &target) {
            (Some(query), Some(target)) => (self.best(target, limit), self.rows(query, target)),
            _ => (self.in_order(limit), Default::default()),
        };
        Ok(SearchAnswer { hits, rows, total, took: started.elapsed(), ..SearchAnswer::default() })
    }

    fn select(&mut self, filter: &Filter) -> Result<(), String> {
        // Sliders ask time and again with the same filter.
        if self.selected.0 != *filter {
            let everything = *filter == Filter::default();
            let select = || self.index.select(filter, &self.codes).map_err(sentence);
            let selection = if everything { None } else { Some(select()?) };
            self.selected = (filter.clone(), selection);
        }
        Ok(())
    }

    fn best(&self, target: &Target, limit: usize) -> Vec<FoundFace> {
        self.found(top(&self.codes, target, self.selected.1.as_deref(), limit), target)
    }

    /// The best of each part alone.
    fn rows(&self, query: &Query, whole: &Target) -> [Vec<FoundFace>; 4] {
        std::array::from_fn(|part| {
            let mut weights = [0.0; Part::ALL.len()];
            weights[part] = 1.0;
            let alone = Query { weights, ..query.clone() };
            // The faces may cancel out in this part, which the query as a whole does not read then.
            let Ok(target) = alone.target() else { return Vec::new() };
            self.found(top(&self.codes, &target, self.selected.1.as_deref(), ROW), whole)
        })
    }

    fn found(&self, hits: Vec<Hit>, target: &Target) -> Vec<FoundFace> {
        let face = |Hit { place, score }| FoundFace {
            key: self.codes.keys()[place],
            score,
            parts: target.parts_of(&self.codes, place),
        };
        hits.into_iter().map(face).collect()
    }

    fn in_order(&self, limit: usize) -> Vec<FoundFace> {
        let chosen = |place: &usize| self.selected.1.as_ref().is_none_or(|selection| selection[*place]);
        let places = (0..self.codes.len()).filter(chosen).take(limit);
        places.map(|place| FoundFace { key: self.codes.keys()[place], score: 0.0, parts: [0.0; 4] }).collect()
    }

    pub fn card(&self, key: FaceKey) -> Result<FaceCard, String> {
        let gone = || "The face is no longer in the index; search again".to_owned();
        self.index.card(key).map_err(sentence)?.ok_or_else(gone)
    }

    /// Where the picture of a face is to be had, by [`super::super::Studio::open`].
    pub fn pick(&self, number: u64, key: FaceKey) -> Result<GalleryEvent, String> {
        let card = self.card(key)?;
        let name = name_of(&card);
        let (source, placement) = match self.index.picture(key).map_err(sentence)? {
            Original::Photo { path, square } => (Source::Path(path), Placement::Square(square)),
            Original::Bytes { bytes, square, .. } => {
                let placement = square.map_or(Placement::Aligned, Placement::Square);
                (Source::Bytes { name: name.clone(), bytes: Cow::Owned(bytes) }, placement)
            }
        };
        Ok(GalleryEvent::Picked { number, key, name, source, placement, code: Box::new(card.code) })
    }

    /// Changes who is who; what was done, in a sentence.
    pub fn change(&mut self, change: Change) -> Result<String, String> {
        let what = match change {
            Change::Rename(members, name) => {
                self.index.rename(&members, &name).map_err(sentence)?;
                format!("{} named {}", faces(members.len()), name.trim())
            }
            Change::Merge(members) => {
                self.index.merge(&members).map_err(sentence)?;
                format!("{} put together as one person", faces(members.len()))
            }
            Change::Split(members, group) => {
                self.index.split(&members, &[group]).map_err(sentence)?;
                format!("{} split off", faces(members.len()))
            }
            Change::Undo => {
                let undone = self.index.undo().map_err(sentence)?.ok_or(NOTHING_TO_UNDO)?;
                format!("Taken back: {undone}")
            }
        };
        // The codes are the same, but names are filtered by.
        self.selected = (Filter::default(), None);
        self.revision = self.index.revision();
        Ok(what)
    }
}

/// What a face is called on its own: its file, with its number there where it is not the first.
fn name_of(card: &FaceCard) -> String {
    let file = card.from.name();
    if card.number > 1 { format!("{file} (face {})", card.number) } else { file }
}

fn faces(count: usize) -> String {
    if count == 1 { "1 face was".to_owned() } else { format!("{count} faces were") }
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}
