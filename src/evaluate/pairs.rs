//! LFW's list of pairs of pictures, of the same person or of two.
//!
//! The first line gives the number of folds and of pairs of either kind in a fold (a single number: one fold). Then
//! each fold has its pairs of one person (`name a b`) and as many of two (`name a name b`), with tabs between.

use std::fs;
use std::path::{Path, PathBuf};

/// A pair of pictures, each named `PERSON_0001` as LFW names its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPair {
    pub a: String,
    pub b: String,
    pub same: bool,
    pub fold: usize,
}

/// Why a list of pairs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PairsError {
    #[error("The list of pairs cannot be read ({detail}); check the path and its permissions: {}", path.display())]
    Io { path: PathBuf, detail: String },
    #[error("This is no list of pairs as LFW has them (line {line}: {what}); choose another file: {}", path.display())]
    Line { path: PathBuf, line: usize, what: String },
    #[error("The list of pairs is cut off ({found} of {expected} pairs); copy it again: {}", path.display())]
    Short { path: PathBuf, found: usize, expected: usize },
}

/// Reads a list of pairs, as it stands there; a list of a single fold is cut where it is used
/// ([`super::verification::placed`]).
///
/// # Errors
/// A file that cannot be read, a line that is no pair, fewer or more lines than the first one says.
pub fn read(path: &Path) -> Result<Vec<NamedPair>, PairsError> {
    let text = fs::read_to_string(path)
        .map_err(|error| PairsError::Io { path: path.to_owned(), detail: error.to_string() })?;
    parse(&text, path)
}

/// As [`read`], of the file's text; `path` is for the error's sentence.
pub fn parse(text: &str, path: &Path) -> Result<Vec<NamedPair>, PairsError> {
    let at = |line: usize, what: String| PairsError::Line { path: path.to_owned(), line, what };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let header = lines.first().copied().unwrap_or_default();
    let (folds, per_kind) =
        sizes(header).ok_or_else(|| at(1, format!("\"{header}\" does not say how many pairs there are")))?;
    let rows = &lines[1..];
    let expected = folds.saturating_mul(per_kind).saturating_mul(2);
    if rows.len() > expected {
        return Err(at(expected + 2, "more pairs than the first line says".to_owned()));
    }
    let mut pairs = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let same = number % (2 * per_kind) < per_kind;
        let fold = number / (2 * per_kind);
        let (a, b) = names(row, same).map_err(|what| at(number + 2, what))?;
        pairs.push(NamedPair { a, b, same, fold });
    }
    if pairs.len() < expected {
        return Err(PairsError::Short { path: path.to_owned(), found: pairs.len(), expected });
    }
    Ok(pairs)
}

/// The name of a picture as a pair gives it, from its path in a shard or on a disk.
pub fn picture_name(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// Folds, and pairs of either kind in each; both at least one.
fn sizes(header: &str) -> Option<(usize, usize)> {
    let numbers: Option<Vec<usize>> = header.split_whitespace().map(|number| number.parse().ok()).collect();
    match *numbers?.as_slice() {
        [folds, pairs] if folds > 0 && pairs > 0 => Some((folds, pairs)),
        [pairs] if pairs > 0 => Some((1, pairs)),
        _ => None,
    }
}

fn names(row: &str, same: bool) -> Result<(String, String), String> {
    // Tabs, since names may have spaces; some copies of the list have spaces only.
    let mut cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    if cells.len() == 1 {
        cells = row.split_whitespace().collect();
    }
    let name = |person: &str, number: &str| match number.parse::<u32>() {
        Ok(number) if !person.is_empty() => Ok(format!("{person}_{number:04}")),
        _ => Err(format!("\"{number}\" is no number of a picture")),
    };
    match (cells.as_slice(), same) {
        (&[person, a, b], true) => Ok((name(person, a)?, name(person, b)?)),
        (&[person, a, other, b], false) => Ok((name(person, a)?, name(other, b)?)),
        (_, true) => Err("a name and two numbers belong there".to_owned()),
        (_, false) => Err("two names with a number each belong there".to_owned()),
    }
}
