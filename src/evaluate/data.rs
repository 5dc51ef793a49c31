//! What is measured on: shards grouped into sets by their names, and published sets, which are made into shards first.

use std::collections::HashSet;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::EvaluateError;
use super::pairs::picture_name;
use super::spread::Spread;
use crate::data::hash::Hash;
use crate::data::sets::{self, Columns, Entries, Format, Problem, Set, SetError, Split};
use crate::data::shards::{ShardError, ShardReader, Wanted, find_shards};
use crate::find::Finder;
use crate::prepare::{self, prepare};

/// The column of a shard's pictures.
const PICTURES: &str = "image.bytes";

/// One set of faces.
pub struct DataSet {
    /// Such as `lfw-val`; no two sets have one name.
    pub name: String,
    /// Its shards, in their order; none of a set that is still to be prepared.
    pub shards: Vec<PathBuf>,
    /// What it is to be made of.
    pub source: Option<Source>,
    /// How many pictures the published set has that some were taken of; none of a set that is there as a whole.
    pub published: Option<u64>,
}

/// A set as it was published.
pub struct Source {
    set: Box<dyn Set>,
    /// What else was said of it.
    said: String,
}

/// The sets at some paths, in their order. Shards are one set where they lie in one folder and their names differ in a
/// number at the end alone (`lfw-val-00-of-02`, `lfw-val-01-of-02`); a folder of shards stands for all sets in it.
/// Anything else is opened as a published set, and so are shards whose columns the user names.
///
/// # Errors
/// No path, one that does not exist or cannot be read, what is no set of faces.
pub fn open(paths: &[PathBuf], format: Option<Format>, columns: &Columns) -> Result<Vec<DataSet>, EvaluateError> {
    let mut found = Found::default();
    for path in paths {
        if !path.exists() {
            return Err(SetError::Missing(path.clone()).into());
        }
        let shards = shards_at(path, format, columns)?;
        if shards.is_empty() {
            found.source(Source::open(path, format, columns)?);
        } else {
            found.shards(shards);
        }
    }
    if found.sets.is_empty() { Err(EvaluateError::NoData) } else { Ok(found.sets) }
}

/// The shards of crops at a path, where that is what the user means.
fn shards_at(path: &Path, format: Option<Format>, columns: &Columns) -> Result<Vec<PathBuf>, ShardError> {
    let is_parquet = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    let is_other = format.is_some_and(|format| format != Format::Shards) || *columns != Columns::default();
    if is_other || !(path.is_dir() || is_parquet) {
        return Ok(Vec::new());
    }
    let wanted = if path.is_dir() { Wanted::Crops } else { Wanted::All };
    let shards = match find_shards(&[path.to_owned()], wanted) {
        Err(ShardError::NoShards(_)) => Vec::new(),
        other => other?,
    };
    // Tables without pictures are a set of another kind; what is wrong with a shard is said when it is read.
    let is_table = |first: &PathBuf| {
        let opened = ShardReader::open_with(first, Arc::default());
        matches!(opened, Err(ShardError::NoColumn { column, .. }) if column == PICTURES)
    };
    Ok(if shards.first().is_some_and(is_table) { Vec::new() } else { shards })
}

/// What was found so far.
#[derive(Default)]
struct Found {
    sets: Vec<DataSet>,
    /// The folder and the name of each set's shards.
    groups: Vec<(PathBuf, String)>,
    /// Shards that belong to a set.
    taken: HashSet<PathBuf>,
}

impl Found {
    fn shards(&mut self, shards: Vec<PathBuf>) {
        for shard in shards {
            let real = fs::canonicalize(&shard).unwrap_or_else(|_| shard.clone());
            let group = (real.parent().unwrap_or(Path::new("")).to_owned(), family(&shard));
            if !self.taken.insert(real) {
                continue;
            }
            match self.groups.iter().position(|known| *known == group) {
                Some(place) => self.sets[place].shards.push(shard),
                None => {
                    let name = self.free_name(&group.1);
                    self.push(group, DataSet { name, shards: vec![shard], source: None, published: None });
                }
            }
        }
    }

    fn source(&mut self, source: Source) {
        let name = self.free_name(source.set.name());
        // No shard lies at a place without a name.
        let set = DataSet { name, shards: Vec::new(), source: Some(source), published: None };
        self.push((PathBuf::new(), String::new()), set);
    }

    fn push(&mut self, group: (PathBuf, String), set: DataSet) {
        self.groups.push(group);
        self.sets.push(set);
    }

    /// The name, or it with a number, where another set has it.
    fn free_name(&self, name: &str) -> String {
        free_name(name, |name| self.sets.iter().any(|set| set.name.eq_ignore_ascii_case(name)))
    }
}

/// The name, or it with the first number from 2 on that gives one that is not taken.
pub(super) fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number: usize| format!("{name}-{number}"));
    let mut names = iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).expect("numbers do not end")
}

/// `lfw-val` of `lfw-val-00-of-01.parquet` and of `lfw-val-00000.parquet`; the whole stem where it has no number.
fn family(shard: &Path) -> String {
    let stem = shard.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let without_count =
        stem.rsplit_once("-of-").filter(|(_, count)| is_number(count)).map_or(&*stem, |(front, _)| front);
    match without_count.rsplit_once(['-', '_']) {
        Some((name, number)) if is_number(number) && !name.is_empty() => name.to_owned(),
        _ => stem.clone(),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl DataSet {
    /// How many faces there are at most, of `limit` a set; of a set that is still to be prepared, over all its parts.
    pub fn count(&self, limit: usize) -> u64 {
        let limit = limit as u64;
        match &self.source {
            Some(source) => source.set.splits().into_iter().map(|part| source.set.count(part).min(limit)).sum(),
            None => self.shards.iter().map(|shard| rows(shard)).sum::<u64>().min(limit),
        }
    }

    /// How many faces it holds, measured or not.
    pub fn held(&self) -> u64 {
        self.published.unwrap_or_else(|| self.count(usize::MAX))
    }

    /// The folders that it is read from; of a set that is one file, that.
    pub fn folders(&self) -> Vec<PathBuf> {
        let source = self.source.iter().map(|source| source.set.root().to_owned());
        let real = |shard: &PathBuf| fs::canonicalize(shard).unwrap_or_else(|_| shard.clone());
        let folder = |shard: &PathBuf| real(shard).parent().unwrap_or(Path::new("")).to_owned();
        self.shards.iter().map(folder).chain(source).collect()
    }
}

/// Rows of a shard; 0 of one that cannot be opened, which is said when it is read.
pub(super) fn rows(shard: &Path) -> u64 {
    ShardReader::open_with(shard, Arc::default()).map_or(0, |reader| reader.rows())
}

impl Source {
    fn open(path: &Path, format: Option<Format>, columns: &Columns) -> Result<Self, SetError> {
        let set = sets::open(path, format, columns)?;
        let said = format!("{format:?} {columns:?}");
        Ok(Self { set, said })
    }

    /// The folder below `crops` for what [`Source::prepare`] makes of it, another one for each choice.
    pub fn folder(&self, crops: &Path, limit: usize, needed: &HashSet<String>) -> PathBuf {
        let few = Few { set: &*self.set, limit, needed };
        crops.join(format!("{}-{:08x}", self.set.name(), few.key(&self.said) as u32))
    }

    /// Makes shards of crops of it in its [`Source::folder`]: of each of its parts `limit` faces spread over it, and
    /// those beyond whose pictures' names are `needed`. What an earlier run has made is taken as it is. The sets that
    /// come of it, one a part; none where `watch`, which hears how many pictures are done and of how many, says no.
    ///
    /// # Errors
    /// As [`prepare()`].
    pub fn prepare(
        &self,
        folder: &Path,
        limit: usize,
        needed: &HashSet<String>,
        watch: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<Vec<DataSet>>, EvaluateError> {
        let few = Few { set: &*self.set, limit, needed };
        let mut told = |progress: prepare::Progress| watch(progress.done, progress.total);
        let report = prepare(&few, folder, &prepare::Options::default(), Finder::bundled()?, &mut told)?;
        if report.cancelled {
            return Ok(None);
        }
        let mut sets = open(&[folder.to_owned()], Some(Format::Shards), &Columns::default())?;
        for split in self.set.splits() {
            let count = self.set.count(split);
            // As the shards of a part are called.
            let name = format!("{}-{}", self.set.name(), split.name());
            let cut = sets.iter_mut().filter(|set| set.name == name && count > limit as u64);
            cut.for_each(|set| set.published = Some(count));
        }
        Ok(Some(sets))
    }
}

/// Some faces of each part of a set, and beyond them those that are needed.
struct Few<'a> {
    set: &'a dyn Set,
    limit: usize,
    needed: &'a HashSet<String>,
}

impl Few<'_> {
    /// Stands for what is taken of the set, so that another choice goes into another folder.
    fn key(&self, said: &str) -> u64 {
        let mut needed: Vec<&String> = self.needed.iter().collect();
        needed.sort();
        let root = fs::canonicalize(self.set.root()).unwrap_or_else(|_| self.set.root().to_owned());
        let hash = Hash::new("few").text(&root.to_string_lossy()).text(said).number(self.limit as u64);
        needed.into_iter().fold(hash, |hash, name| hash.text(name)).end()
    }
}

impl Set for Few<'_> {
    fn format(&self) -> Format {
        self.set.format()
    }

    fn name(&self) -> &str {
        self.set.name()
    }

    fn root(&self) -> &Path {
        self.set.root()
    }

    fn splits(&self) -> Vec<Split> {
        self.set.splits()
    }

    fn count(&self, split: Split) -> u64 {
        self.set.count(split).min((self.limit + self.needed.len()) as u64)
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let mut entries = self.set.entries(split)?;
        let mut spread = Spread::over(self.set.count(split));
        let (mut left, mut needed) = (self.limit, self.needed.clone());
        Ok(Box::new(iter::from_fn(move || {
            while left > 0 || !needed.is_empty() {
                let entry = entries.next()?;
                let is_needed = entry.as_ref().is_ok_and(|entry| needed.remove(picture_name(&entry.key)));
                let in_share = spread.takes(left);
                left -= usize::from(in_share && entry.is_ok());
                if in_share || is_needed || matches!(entry, Err(Problem::Stop(_))) {
                    return Some(entry);
                }
            }
            None
        })))
    }

    fn has_expressions(&self) -> bool {
        self.set.has_expressions()
    }
}
