//! The folder of a report, and the parts in it that are kept: each with a key for everything that it hangs on, so that
//! it is taken from there while that is the same.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::given::Given;
use crate::data::atomic::{self, WriteError};
use crate::data::hash::{self, Hash};
use crate::data::lock::Lock;
use crate::data::shards::ShardError;
use crate::evaluate::data::DataSet;
use crate::evaluate::error::EvaluateError;
use crate::evaluate::options::{Options, PartName};
use crate::evaluate::parts;
use crate::evaluate::report::Section;
use crate::prepare::{self, JOURNAL};

const PARTS: &str = "parts";
const FIGURES: &str = "figures";
const CROPS: &str = "crops";
const LOCK: &str = "lock";
/// The angles beside shards, which go before theirs.
const ANGLES: &str = "pose.parquet";

/// The folder of a report, held while this lives.
pub(super) struct Folder {
    path: PathBuf,
    _lock: Lock,
}

impl Folder {
    /// Takes a folder, which is made where it is missing. What a killed process left half written goes.
    ///
    /// # Errors
    /// A file in its place, the folder of the data itself, one that another process holds or that cannot be written.
    pub fn take(path: &Path, sets: &[DataSet]) -> Result<Self, EvaluateError> {
        if path.is_file() {
            return Err(EvaluateError::NotAFolder(path.to_owned()));
        }
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if sets.iter().flat_map(DataSet::folders).any(|folder| real(&folder) == real(path)) {
            return Err(EvaluateError::IntoData(path.to_owned()));
        }
        for folder in [PARTS, FIGURES].map(|name| path.join(name)) {
            fs::create_dir_all(&folder).map_err(|error| WriteError::new(&folder, &error))?;
        }
        let lock = path.join(PARTS).join(LOCK);
        let lock = Lock::take(&lock).map_err(|error| WriteError::new(&lock, &error))?;
        let lock = lock.ok_or_else(|| EvaluateError::Busy(path.to_owned()))?;
        for folder in [path.to_owned(), path.join(PARTS), path.join(FIGURES)] {
            remove_unfinished(&folder);
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where pictures go.
    pub fn figures(&self) -> PathBuf {
        self.path.join(FIGURES)
    }

    /// Where published sets are prepared.
    pub fn crops(&self) -> PathBuf {
        self.path.join(CROPS)
    }

    /// Takes away what earlier runs prepared and this one, which is done, did not: folders below [`Self::crops`] that are
    /// called as [`Source::folder`](crate::evaluate::data::Source::folder) calls them, hold the journal of a preparation,
    /// and nothing of `used`. What is no shard of that set, or is reached through a link, stays, and its folder with it.
    pub fn clear_crops(&self, used: &[PathBuf]) {
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let used: Vec<PathBuf> = used.iter().map(|path| real(path)).collect();
        for entry in fs::read_dir(self.crops()).into_iter().flatten().flatten() {
            let folder = real(&entry.path());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !used.iter().any(|path| path.starts_with(&folder)) {
                remove_prepared(&folder);
            }
        }
    }

    fn file(&self, set: &str, part: PartName) -> PathBuf {
        self.path.join(PARTS).join(format!("{}-{part}.json", parts::file_name(set)))
    }

    /// The part that is kept under this key with all its pictures, if it is.
    pub fn kept(&self, set: &str, part: PartName, key: &str) -> Option<Kept> {
        let bytes = fs::read(self.file(set, part)).ok()?;
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        let is_whole = match &kept.made {
            Made::Section(section) => section.pictures.iter().all(|picture| self.path.join(&picture.file).is_file()),
            Made::Unmeasured(_) => true,
        };
        (kept.key == key && is_whole).then_some(kept)
    }

    /// Keeps a part.
    ///
    /// # Errors
    /// As [`atomic::write`].
    pub fn keep(&self, set: &str, part: PartName, kept: &Kept) -> Result<(), WriteError> {
        // All keys are texts and all numbers finite.
        let text = serde_json::to_string_pretty(kept).expect("a section is plain values");
        atomic::write(&self.file(set, part), text.as_bytes())
    }
}

/// Files that a killed process was writing.
fn remove_unfinished(folder: &Path) {
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in names {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(".part") {
            // It may be somebody else's, and it harms nobody.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes what was prepared into a folder, and the folder where nothing else is in it.
fn remove_prepared(folder: &Path) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let is_key = |key: &str| key.len() == 8 && key.bytes().all(|digit| digit.is_ascii_hexdigit());
    let Some((set, _)) = name.rsplit_once('-').filter(|(_, key)| is_key(key)) else { return };
    if !folder.join(JOURNAL).is_file() {
        return;
    }
    // What cannot be removed harms nobody, and the next run tries again.
    remove_unfinished(folder);
    let shard = format!("{set}-");
    let files = || fs::read_dir(folder).into_iter().flatten().flatten();
    let is_shard = |name: &str| name.starts_with(&shard) && name.ends_with(".parquet");
    for entry in files().filter(|entry| is_shard(&entry.file_name().to_string_lossy())) {
        let _ = fs::remove_file(entry.path());
    }
    // Without its journal what is left in a folder would be nobody's.
    if files().all(|entry| [JOURNAL, prepare::LOCK].iter().any(|name| entry.file_name() == *name)) {
        for name in [JOURNAL, prepare::LOCK] {
            let _ = fs::remove_file(folder.join(name));
        }
        let _ = fs::remove_dir(folder);
    }
}

/// What a part came to, and the faces that it was measured on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub key: String,
    pub about: About,
    pub made: Made,
}

/// What is known of a set's faces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct About {
    pub faces: usize,
    pub people: usize,
    pub skipped: BTreeMap<String, usize>,
    /// A sentence for each thing to know about them.
    pub remarks: Vec<String>,
    /// Of a part that is measured with training faces, a sentence where some of them are of the same people or are the
    /// same pictures.
    #[serde(default)]
    pub trained_on: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Made {
    Section(Section),
    /// A sentence: why not.
    Unmeasured(String),
}

/// Stands for everything that a part of a set hangs on: `model`, the lent weights; `stamp`, the set's shards.
pub(super) fn key(part: PartName, model: u64, stamp: u64, options: &Options, given: &Given) -> String {
    let hangs_on = parts::hangs_on(part);
    let hash = Hash::new("part").text(part.name()).number(parts::version(part)).number(model).number(stamp);
    let hash = hash.number(options.faces as u64).number(options.seed);
    let with = |hash: Hash, is_needed: bool, number: u64| if is_needed { hash.number(number) } else { hash };
    let hash = with(hash, hangs_on.samples, options.samples as u64);
    let hash = with(hash, hangs_on.pairs, given.pairs_key);
    let hash = with(hash, hangs_on.recogniser, given.recogniser_key);
    let hash = with(hash, hangs_on.training, given.training_key);
    format!("{:016x}", hash.end())
}

/// Stands for what is in some shards, whatever they are called and wherever they lie: their sizes and ends.
///
/// # Errors
/// As [`stamp`].
pub(super) fn contents(shards: &[PathBuf]) -> Result<u64, ShardError> {
    let mut hash = Hash::new("contents");
    for shard in shards {
        let unreadable =
            |error: io::Error| ShardError::Unreadable { path: shard.to_owned(), detail: error.to_string() };
        let length = fs::metadata(shard).map_err(unreadable)?.len();
        hash = hash.number(length).number(hash::ends(shard).map_err(unreadable)?);
    }
    Ok(hash.end())
}

/// Stands for the shards of a set: their names, sizes, ages and ends, and those of the angles beside them.
///
/// # Errors
/// [`ShardError::Unreadable`].
pub(super) fn stamp(shards: &[PathBuf]) -> Result<u64, ShardError> {
    let mut hash = Hash::new("shards");
    for shard in shards {
        hash = with_file(hash, shard)?;
        let angles = shard.with_file_name(ANGLES);
        if angles.is_file() {
            hash = with_file(hash, &angles)?;
        }
    }
    Ok(hash.end())
}

fn with_file(hash: Hash, path: &Path) -> Result<Hash, ShardError> {
    let unreadable = |error: io::Error| ShardError::Unreadable { path: path.to_owned(), detail: error.to_string() };
    let about = fs::metadata(path).map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = hash::ends(path).map_err(unreadable)?;
    Ok(hash.text(&name).number(about.len()).number(modified(&about)).number(ends))
}

/// When a file was changed last, in nanoseconds since 1970; 0 where the disk does not say.
fn modified(about: &Metadata) -> u64 {
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_nanos() as u64)
}
