//! Sets of faces made into shards: a set in memory, drawn pictures, and a stand-in for the finder where it need not
//! see.

mod bad_input;
mod disk;
mod faces;
mod resumed;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use facespace::data::sets::{Entries, Entry, Format, Marks, Picture, Problem, Reason, Set, SetError, Split};
use facespace::data::shards::{Record, ShardReader};
use facespace::data::synth::record;
use facespace::face::Expression;
use facespace::find::Finder;
use facespace::prepare::{Options, PrepareError, Progress, Report, prepare};

use crate::find::finds_everywhere;

/// A set that lies nowhere.
pub struct Drawn {
    pub root: PathBuf,
    pub format: Format,
    pub parts: Vec<(Split, Vec<Given>)>,
    /// How many entries it has given.
    pub given: AtomicU64,
}

/// What it gives in one place.
#[derive(Clone)]
pub enum Given {
    Face(Box<Entry>),
    Skipped(String, Reason),
    /// Nothing can be read from here on.
    Broken,
}

impl Drawn {
    pub fn new(root: &Path, parts: Vec<(Split, Vec<Given>)>) -> Self {
        Self { root: root.to_owned(), format: Format::Table, parts, given: AtomicU64::new(0) }
    }

    /// With one part, to train on.
    pub fn of(root: &Path, given: Vec<Given>) -> Self {
        Self::new(root, vec![(Split::Train, given)])
    }

    fn part(&self, split: Split) -> &[Given] {
        self.parts.iter().find(|(part, _)| *part == split).map_or(&[][..], |(_, given)| given.as_slice())
    }
}

impl Set for Drawn {
    fn format(&self) -> Format {
        self.format
    }

    fn name(&self) -> &str {
        "drawn"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        self.parts.iter().map(|(split, _)| *split).collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.part(split).len() as u64
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let count = &self.given;
        let counted = move |_: &&Given| {
            count.fetch_add(1, Ordering::Relaxed);
        };
        let items = self.part(split).iter().inspect(counted).map(move |given| match given {
            Given::Face(entry) => Ok(Entry::clone(entry)),
            Given::Skipped(key, reason) => Err(Problem::skip(key.as_str(), reason.clone())),
            Given::Broken => Err(Problem::Stop(SetError::Empty(self.root.clone()))),
        });
        Ok(Box::new(items))
    }

    fn has_expressions(&self) -> bool {
        true
    }
}

/// A finder that sees a face in every square, and is sure of it.
pub fn sure() -> &'static Finder {
    static SURE: OnceLock<Finder> = OnceLock::new();
    SURE.get_or_init(|| Finder::new(finds_everywhere(4.0)).unwrap())
}

/// Four stored crops with all their labels.
fn crops() -> &'static [Record] {
    static CROPS: OnceLock<Vec<Record>> = OnceLock::new();
    CROPS.get_or_init(|| (0..4).map(|number| record(11, number)).collect())
}

/// A stored crop as an entry.
pub fn stored(number: usize) -> Entry {
    let crop = &crops()[number % 4];
    Entry {
        key: format!("faces/{number:04}.jpg"),
        picture: Picture::Bytes(crop.picture_bytes.clone()),
        marks: Marks::Crop { landmarks: crop.landmarks.map(Box::new), pose_deg: crop.pose_deg },
        person: Some(format!("person {}", number / 3)),
        clip: None,
        expression: Some(Expression::ALL[number % 8]),
        valence: Some(0.25),
        arousal: None,
    }
}

pub fn face(entry: Entry) -> Given {
    Given::Face(Box::new(entry))
}

/// So many stored crops; every seventh is left out, by the set or because it is damaged.
pub fn mixed(count: usize) -> Vec<Given> {
    let given = |number: usize| match number % 14 {
        6 => Given::Skipped(format!("faces/{number:04}.jpg"), Reason::Twice),
        13 => {
            let whole = stored(number);
            let Picture::Bytes(bytes) = &whole.picture else { unreachable!() };
            let half = Picture::Bytes(bytes[..bytes.len() / 2].to_vec());
            face(Entry { picture: half, ..whole })
        }
        _ => face(stored(number)),
    };
    (0..count).map(given).collect()
}

/// Small shards, on two threads.
pub fn options() -> Options {
    Options { rows_in_shard: 4, threads: 2, ..Options::default() }
}

/// Prepares a set with the stand-in for a finder.
pub fn done(set: &Drawn, out: &Path) -> Result<Report, PrepareError> {
    prepare(set, out, &options(), sure(), &mut |_| true)
}

/// The same, stopped once so many pictures are gone through.
pub fn stopped(set: &Drawn, out: &Path, after: u64) -> Report {
    let watch = &mut |progress: Progress| progress.done < after;
    let report = prepare(set, out, &options(), sure(), watch).unwrap();
    assert!(report.cancelled);
    report
}

/// The files of a folder, hidden ones too, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The shards of a folder by name, byte by byte.
pub fn shards(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = names(folder).into_iter().filter(|name| name.ends_with(".parquet"));
    names.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

/// The rows of all shards of a folder, in the order of their names.
pub fn rows(folder: &Path) -> Vec<Record> {
    let names = shards(folder).into_keys();
    names.flat_map(|name| ShardReader::open(&folder.join(name)).unwrap().map(Result::unwrap)).collect()
}

/// A sentence with this in it, which ends with the path.
#[track_caller]
pub fn assert_says(error: &PrepareError, says: &str, path: &Path) {
    let sentence = error.to_string();
    crate::cli::assert_sentence(&sentence);
    assert!(sentence.contains(says), "{sentence:?} does not say {says:?}");
    assert!(sentence.ends_with(&format!(": {}", path.display())), "{sentence:?} does not end with {}", path.display());
}
