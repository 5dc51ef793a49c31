//! The journal of a prepared folder: how it was asked for, and what is done, shard by shard. It is written anew, whole,
//! after each shard, so that a kill costs the shard in hand.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::PrepareError;
use super::fingerprint::{Fingerprint, Mark};
use super::options::{Options, Points};
use super::report::{LeftOut, Report, Tally, Written};
use crate::data::atomic;
use crate::data::sets::{Format, Set, Split};
use crate::find::Finder;

/// The version of the journal that this program writes, and the newest it reads.
pub const JOURNAL_VERSION: u32 = 1;
/// Its name in the folder.
pub const JOURNAL: &str = "prepare.json";

/// How a folder was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    format: Format,
    /// What its shards are called after.
    set: String,
    /// Where the set lies, for people: it may be moved.
    source: String,
    points: Points,
    finder: String,
    rows_in_shard: u64,
    limit: Option<u64>,
}

impl Settings {
    pub fn new(set: &dyn Set, options: &Options, finder: &Finder) -> Self {
        let root = fs::canonicalize(set.root()).unwrap_or_else(|_| set.root().to_owned());
        Self {
            format: set.format(),
            set: set.name().to_owned(),
            source: root.display().to_string(),
            points: options.points,
            finder: finder.card().name.clone(),
            rows_in_shard: options.rows_in_shard.max(1) as u64,
            limit: options.limit,
        }
    }

    /// Where the two differ, in words for each; none where they do not. Another finder matters only while there is
    /// something left to look at.
    fn difference(&self, asked: &Self, is_done: bool) -> Option<[String; 2]> {
        let words: [fn(&Self) -> String; 4] = [
            |settings| match settings.points {
                Points::Own => "the set's own points".to_owned(),
                Points::Finder => "the finder's points".to_owned(),
            },
            |settings| format!("{} pictures a shard", settings.rows_in_shard),
            |settings| settings.limit.map_or_else(|| "all pictures".to_owned(), |limit| format!("{limit} pictures")),
            |settings| format!("the finder \"{}\"", settings.finder),
        ];
        let count = if is_done { words.len() - 1 } else { words.len() };
        words[..count].iter().map(|words| [words(self), words(asked)]).find(|[before, asked]| before != asked)
    }
}

/// A finished shard with the entries that were gone through for it, or the entries at the end of a part that gave no
/// more rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Piece {
    pub split: Split,
    /// Its file.
    pub shard: Option<String>,
    /// Of that file.
    pub bytes: u64,
    pub rows: u64,
    pub entries: u64,
    /// Names of the first and of the last entry.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Stands for all its entries.
    pub fingerprint: String,
    /// Stands for the files of their pictures; journals of before do not say it.
    pub files: Option<String>,
    pub left_out: Vec<LeftOut>,
    /// Whether it is the last of its part.
    pub ends: bool,
}

/// A piece in hand.
pub(super) struct Draft {
    entries: u64,
    first: Option<String>,
    last: Option<String>,
    fingerprint: Fingerprint,
    left_out: Tally,
}

impl Draft {
    pub fn new() -> Self {
        let (first, last) = (None, None);
        Self { entries: 0, first, last, fingerprint: Fingerprint::new(), left_out: Tally::default() }
    }

    /// One more entry was gone through.
    pub fn add(&mut self, key: String, mark: Mark) {
        self.entries += 1;
        self.fingerprint.add(mark);
        if self.first.is_none() {
            self.first = Some(key.clone());
        }
        self.last = Some(key);
    }

    /// One of them gave no row.
    pub fn leave_out(&mut self, reason: &str, key: &str) {
        self.left_out.add(reason, key);
    }
}

/// A shard's file: its name, its length and the rows in it.
pub(super) struct ShardFile {
    pub name: String,
    pub bytes: u64,
    pub rows: u64,
}

/// A folder's journal in memory.
pub(super) struct Journal {
    folder: PathBuf,
    settings: Settings,
    /// Where the set lay when the folder was worked on before.
    source_before: String,
    /// Whether it knows something that its file does not say yet.
    pub is_ahead: bool,
    pieces: Vec<Piece>,
    left_out: Tally,
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Content<P> {
    version: u32,
    settings: Settings,
    pieces: P,
    /// For people: what would be said if the preparation were stopped here. Not read.
    #[serde(skip_deserializing)]
    report: Option<Report>,
}

impl Journal {
    /// The journal of a folder, or a new one where it has none. What it says counts as far as its shards are still
    /// there.
    ///
    /// # Errors
    /// A journal that cannot be read or is damaged, newer, of another set or of other settings.
    pub fn open(folder: &Path, settings: Settings, splits: &[Split]) -> Result<Self, PrepareError> {
        let folder = folder.to_owned();
        let Some(Content { settings: before, mut pieces, .. }) = read(&folder)? else {
            let (source_before, pieces, left_out) = (settings.source.clone(), Vec::new(), Tally::default());
            return Ok(Self { folder, settings, source_before, is_ahead: false, pieces, left_out });
        };
        if (before.format, &before.set) != (settings.format, &settings.set) {
            return Err(PrepareError::OtherSet { path: folder, prepared: before.source });
        }
        let there = pieces.iter().take_while(|piece| is_there(&folder, piece)).count();
        pieces.truncate(there);
        let ends = |split: &Split| pieces.iter().any(|piece| piece.split == *split && piece.ends);
        if let Some([before, asked]) = before.difference(&settings, splits.iter().all(ends)) {
            return Err(PrepareError::OtherSettings { path: folder, before, asked });
        }
        if pieces.iter().any(|piece| !splits.contains(&piece.split)) {
            return Err(PrepareError::Changed(folder));
        }
        let mut left_out = Tally::default();
        pieces.iter().for_each(|piece| left_out.add_all(&piece.left_out));
        let is_ahead = before.source != settings.source;
        Ok(Self { folder, settings, source_before: before.source, is_ahead, pieces, left_out })
    }

    /// The places of what is done of a part of the set, in order.
    pub fn places(&self, split: Split) -> Vec<usize> {
        (0..self.pieces.len()).filter(|&place| self.pieces[place].split == split).collect()
    }

    /// The piece at one of these places.
    pub fn piece(&self, place: usize) -> &Piece {
        &self.pieces[place]
    }

    /// Compares the entries that the set gives with those that the piece at a place was made of. The files of a set that
    /// was moved, and those of which nothing was noted, are taken as they are, and noted.
    ///
    /// # Errors
    /// [`Journal::changed`], [`PrepareError::Replaced`].
    pub fn check(&mut self, place: usize, seen: Fingerprint) -> Result<(), PrepareError> {
        let (files, is_moved) = (Some(seen.files()), self.source_before != self.settings.source);
        let piece = &mut self.pieces[place];
        if piece.fingerprint != seen.entries() {
            return Err(self.changed());
        }
        if piece.files == files {
            return Ok(());
        }
        if piece.files.is_some() && !is_moved {
            return Err(PrepareError::Replaced(self.folder.clone()));
        }
        (piece.files, self.is_ahead) = (files, true);
        Ok(())
    }

    /// Whether any shard is finished.
    pub fn has_shards(&self) -> bool {
        self.pieces.iter().any(|piece| piece.shard.is_some())
    }

    /// What to say where the set does not give what it gave when its pieces were made.
    pub fn changed(&self) -> PrepareError {
        let path = self.folder.clone();
        if self.source_before == self.settings.source {
            PrepareError::Changed(path)
        } else {
            PrepareError::OtherSet { path, prepared: self.source_before.clone() }
        }
    }

    /// Adds a finished piece; on disk with [`Self::write`].
    pub fn add(&mut self, split: Split, draft: Draft, file: Option<ShardFile>, ends: bool) {
        let Draft { entries, first, last, fingerprint, left_out } = draft;
        let left_out = left_out.behind(&self.left_out);
        self.left_out.add_all(&left_out);
        let (bytes, rows) = file.as_ref().map_or((0, 0), |file| (file.bytes, file.rows));
        let (shard, files) = (file.map(|file| file.name), Some(fingerprint.files()));
        let fingerprint = fingerprint.entries();
        self.pieces.push(Piece { split, shard, bytes, rows, entries, first, last, fingerprint, files, left_out, ends });
    }

    /// What came of it so far.
    pub fn report(&self, seconds: f64, resumed: u64, cancelled: bool) -> Report {
        let mut written = Written::default();
        self.pieces.iter().for_each(|piece| written.add(piece.split, piece.rows));
        Report {
            format: self.settings.format,
            source: self.settings.source.clone(),
            written,
            left_out: self.left_out.clone().sorted(),
            seconds,
            resumed,
            cancelled,
        }
    }

    /// Writes it, whole.
    ///
    /// # Errors
    /// What keeps the file from being written.
    pub fn write(&self, report: Report) -> Result<(), PrepareError> {
        let settings = self.settings.clone();
        let content = Content { version: JOURNAL_VERSION, settings, pieces: &self.pieces, report: Some(report) };
        // Numbers, names and texts alone: there is nothing in it that JSON cannot say.
        let text = serde_json::to_vec_pretty(&content).expect("a journal is plain data");
        Ok(atomic::write(&self.folder.join(JOURNAL), &text)?)
    }
}

/// Whether a piece's shard is there as it was written.
fn is_there(folder: &Path, piece: &Piece) -> bool {
    let shard = piece.shard.as_ref().map(|name| folder.join(name));
    shard.is_none_or(|path| fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() == piece.bytes))
}

/// What a folder's journal says; none where there is none.
fn read(folder: &Path) -> Result<Option<Content<Vec<Piece>>>, PrepareError> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let path = folder.to_owned();
    let text = match fs::read(folder.join(JOURNAL)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(PrepareError::Unreadable { path, detail: error.to_string() }),
    };
    let damaged = |error: serde_json::Error| PrepareError::Damaged { path: path.clone(), detail: error.to_string() };
    let Version { version } = serde_json::from_slice(&text).map_err(damaged)?;
    if version > JOURNAL_VERSION {
        return Err(PrepareError::Newer { path, found: version });
    }
    serde_json::from_slice(&text).map(Some).map_err(damaged)
}
