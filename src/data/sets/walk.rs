//! The folders of a set and the pictures in them, in a fixed order and with the names of one folder at a time; the parts
//! that some of them stand for. Knows names, never what is in a file.

use std::path::{Path, PathBuf};

use super::files::{folders, pictures};
use super::{Entry, Picture, Problem, Reason, SetError, Split};

/// Folders deeper than this below where a walk begins are not looked into: no set is so deep, and links may lead in a
/// circle.
const DEEPEST: usize = 8;
/// Folders that are looked into to tell how many pictures many of them hold.
const SAMPLED: usize = 12;

/// One folder of a walk.
pub(super) struct Visit {
    /// Its path below where the walk began, with `/`; empty for that folder itself.
    pub below: String,
    /// The names of the pictures directly in it, sorted.
    pub pictures: Vec<String>,
}

/// A folder and all folders in it, each before those that it holds, sorted by name. Ends after an error.
pub(super) struct Walk {
    top: PathBuf,
    /// Where it has still to go; the next one is the last.
    ahead: Vec<String>,
}

impl Walk {
    pub fn new(top: PathBuf) -> Self {
        Walk { top, ahead: vec![String::new()] }
    }

    fn visit(&mut self, below: String) -> Result<Visit, SetError> {
        let folder = self.top.join(&below);
        if steps(&below).count() < DEEPEST {
            let inside = folders(&folder)?;
            self.ahead.extend(inside.iter().rev().map(|name| joined(&below, name)));
        }
        Ok(Visit { pictures: pictures(&folder)?, below })
    }
}

impl Iterator for Walk {
    type Item = Result<Visit, SetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let below = self.ahead.pop()?;
        let visit = self.visit(below);
        if visit.is_err() {
            self.ahead.clear();
        }
        Some(visit)
    }
}

/// The names in a path with `/`.
pub(super) fn steps(below: &str) -> impl Iterator<Item = &str> {
    below.split('/').filter(|step| !step.is_empty())
}

/// A path with `/` below another one; either may be empty.
pub(super) fn joined(above: &str, below: &str) -> String {
    let between = if above.is_empty() || below.is_empty() { "" } else { "/" };
    format!("{above}{between}{below}")
}

/// A picture's name without its ending.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether there is a picture in a folder or below it.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn has_pictures(top: &Path) -> Result<bool, SetError> {
    for visit in Walk::new(top.to_owned()) {
        if !visit?.pictures.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many pictures the folders of these names hold, or nearly: they are counted in a few of them, evenly spread.
pub(super) fn nearly(top: &Path, names: &[String]) -> u64 {
    let step = names.len().div_ceil(SAMPLED).max(1);
    let (mut looked_into, mut found) = (0, 0);
    for name in names.iter().step_by(step) {
        looked_into += 1;
        found += Walk::new(top.join(name)).flatten().map(|visit| visit.pictures.len() as u64).sum::<u64>();
    }
    found * names.len() as u64 / u64::max(looked_into, 1)
}

/// The part that a folder is by its name. Numbers, which stand for parts in tables, are not names of folders of parts.
pub(super) fn part_named(name: &str) -> Option<Split> {
    if name.bytes().all(|digit| digit.is_ascii_digit()) { None } else { Split::from_word(name) }
}

/// A folder of a set whose pictures are a part of it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub split: Split,
    pub folder: PathBuf,
    /// Its path below the set's root with `/`, for keys; empty for the root itself.
    pub below: String,
}

impl Part {
    /// The folders in `top` that `split_of` takes for a part's by their names, in the order of [`Split::ALL`].
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn in_folder(top: &Path, below: &str, split_of: fn(&str) -> Option<Split>) -> Result<Vec<Self>, SetError> {
        let named = folders(top)?.into_iter().filter_map(|name| Some((split_of(&name)?, name)));
        let part =
            |(split, name): (Split, String)| Part { split, folder: top.join(&name), below: joined(below, &name) };
        let mut parts: Vec<Part> = named.map(part).collect();
        parts.sort_by_key(|part| part.split);
        Ok(parts)
    }

    /// The key of a picture that lies at `below` in this part.
    pub fn key(&self, below: &str, picture: &str) -> String {
        joined(&joined(&self.below, below), picture)
    }

    /// The entry of a picture that lies at `below` in this part, of which nothing is known yet.
    pub fn entry(&self, below: &str, picture: &str) -> Entry {
        Entry::bare(self.key(below, picture), Picture::File(self.folder.join(below).join(picture)))
    }

    /// How many pictures it has, or nearly; quick.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn count(&self) -> Result<u64, SetError> {
        Ok(pictures(&self.folder)?.len() as u64 + nearly(&self.folder, &folders(&self.folder)?))
    }
}

/// The parts that some folders are, each once, in the order of [`Split::ALL`].
pub(super) fn splits_of<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Vec<Split> {
    let mut splits: Vec<Split> = parts.into_iter().map(|part| part.split).collect();
    splits.sort_unstable();
    splits.dedup();
    splits
}

/// What a reader hands out one by one.
pub(super) type Item = Result<Entry, Problem>;

/// A picture that is there and that nothing in the set speaks of.
pub(super) fn without_row(key: String) -> Item {
    Err(Problem::Skip { key, reason: Reason::NoRow })
}

/// A list of entries, or why there is none.
pub(super) fn or_stop(entries: Result<Vec<Item>, SetError>) -> Vec<Item> {
    entries.unwrap_or_else(|error| vec![Err(Problem::Stop(error))])
}

/// Lets nothing follow a [`Problem::Stop`].
pub(super) fn until_stop(entries: impl Iterator<Item = Item>) -> impl Iterator<Item = Item> {
    let mut stopped = false;
    entries.take_while(move |entry| !std::mem::replace(&mut stopped, matches!(entry, Err(Problem::Stop(_)))))
}
