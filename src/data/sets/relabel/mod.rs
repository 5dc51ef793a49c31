//! New labels in a set's own form, in a folder of their own; the set itself is never written to.

mod parquet_copy;
mod text_copy;
mod words;

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf, absolute};

use words::Words;

use super::affectnet::Affectnet;
use super::affectnet_npy::{ANNOTATIONS, AffectnetNpy, EXPRESSION, read, with_class};
use super::columns::whole_number;
use super::files::{folder_of, name_of};
use super::shards::Shards;
use super::table::{Source, Table};
use super::{Columns, Format, Problem, Set, SetError};
use crate::data::atomic::{self, WriteError};
use crate::data::shards::POSE_FILE;
use crate::face::Expression;

/// AffectNet's number for faces whose expression cannot be told.
const UNCERTAIN: u8 = 9;
/// Where a set without labels of its own in files gets them.
const LABELS: &str = "labels.csv";

/// What a face's label becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relabel {
    To(Expression),
    /// No class can be told.
    Ambiguous,
}

/// What becomes of the label of the face with a key; none where it stays as it is.
type Change<'a> = &'a dyn Fn(&str) -> Option<Relabel>;

/// Writes the labels of a set with changes into the folder `to`, which is made where it does not exist, in the set's
/// own form; the files written, each whole or not at all.
///
/// - AffectNet: its lists, row by row, with another expression; 9 for what is ambiguous.
/// - AffectNet in NumPy files: `annotations/N_exp.npy` of the changed faces alone; 9 again. Where an earlier call
///   changed one that this call does not, the set's own.
/// - Tables: the whole table with another word or number of its own in the column; empty for what is ambiguous.
/// - Shards: copies with other labels, and the table of angles beside them; null for what is ambiguous.
/// - All others: `labels.csv` with `picture` (a face's key) and `expression`, of all faces that have one.
///
/// # Errors
/// A folder within the set or one that cannot be made or written, a set that cannot be read any more, a table without a
/// column or a word for the labels.
pub fn write_labels(
    set: &dyn Set,
    columns: &Columns,
    change: &dyn Fn(&str) -> Option<Relabel>,
    to: &Path,
) -> Result<Vec<PathBuf>, SetError> {
    refuse_set(set.root(), columns, to)?;
    make(to)?;
    match set.format() {
        Format::Affectnet => affectnet(set.root(), columns, change, to),
        Format::AffectnetNpy => affectnet_npy(set.root(), columns, change, to),
        Format::Table => table(set.root(), columns, change, to),
        Format::Shards => shards(set.root(), columns, change, to),
        _ => labels(set, change, to),
    }
}

/// # Errors
/// A folder for the labels in the set's folder, or that of its file, or in that of its pictures.
fn refuse_set(root: &Path, columns: &Columns, to: &Path) -> Result<(), SetError> {
    let target = resolved(to);
    let own = if root.is_dir() { target.starts_with(resolved(root)) } else { target == resolved(&folder_of(root)) };
    let among_pictures = columns.root.as_ref().is_some_and(|pictures| target.starts_with(resolved(pictures)));
    if own || among_pictures { Err(SetError::IntoSet(to.to_owned())) } else { Ok(()) }
}

/// A path without links and dots, also where its last parts do not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let whole = absolute(path).unwrap_or_else(|_| path.to_owned());
    whole.components().fold(PathBuf::new(), |mut there, step| {
        match step {
            Component::ParentDir => {
                there.pop();
            }
            step => there.push(step),
        }
        // Step by step, since two dots lead back from where a link leads to.
        if there.has_root() { fs::canonicalize(&there).unwrap_or(there) } else { there }
    })
}

fn make(folder: &Path) -> Result<(), SetError> {
    if folder.is_file() {
        return Err(SetError::NotAFolder(folder.to_owned()));
    }
    fs::create_dir_all(folder).map_err(|e| SetError::Write(WriteError::new(folder, &e)))
}

/// AffectNet's number for a label, or the one that the user says instead.
///
/// # Errors
/// A class for which the user says none, where AffectNet's number means another one by what he says.
fn code(label: Relabel, columns: &Columns, root: &Path) -> Result<u8, SetError> {
    let Relabel::To(class) = label else { return Ok(UNCERTAIN) };
    let own = class.index() as u8;
    let said: Vec<(u8, Expression)> =
        columns.classes.iter().filter_map(|(word, class)| Some((whole_number(word)?, *class))).collect();
    match said.iter().find(|(_, said)| *said == class) {
        Some((number, _)) => Ok(*number),
        None if said.iter().all(|(number, _)| *number != own) => Ok(own),
        None => Err(SetError::NoWord { path: root.to_owned(), class }),
    }
}

fn affectnet(root: &Path, columns: &Columns, change: Change, to: &Path) -> Result<Vec<PathBuf>, SetError> {
    let mut written = Vec::new();
    for list in Affectnet::open(root, columns)?.lists {
        let target = to.join(name_of(list.table.path()));
        text_copy::copy(&list.table, list.expression(), &target, &mut |row, _| {
            let label = change(&list.key(row)).map(|label| code(label, columns, root)).transpose()?;
            Ok(label.map(|number| number.to_string()))
        })?;
        written.push(target);
    }
    Ok(written)
}

fn affectnet_npy(root: &Path, columns: &Columns, change: Change, to: &Path) -> Result<Vec<PathBuf>, SetError> {
    let mut written = Vec::new();
    for part in AffectnetNpy::open(root, columns)?.parts {
        let folder = to.join(part.below).join(ANNOTATIONS);
        // What an earlier call has changed must not stay when it is taken back.
        let was_written = folder.is_dir();
        for picture in part.pictures()? {
            let label = change(&part.key(&picture));
            let path = part.annotation(&picture, EXPRESSION);
            let target = folder.join(name_of(&path));
            if label.is_none() && !(was_written && target.is_file()) {
                continue;
            }
            let mut bytes = read(&path).map_err(|e| SetError::from_io(&path, &e))?;
            if let Some(label) = label {
                let other = || SetError::Damaged { path, detail: "it does not hold one class".to_owned() };
                bytes = with_class(&bytes, code(label, columns, root)?).ok_or_else(other)?;
            }
            make(&folder)?;
            atomic::write(&target, &bytes)?;
            written.push(target);
        }
    }
    Ok(written)
}

fn table(root: &Path, columns: &Columns, change: Change, to: &Path) -> Result<Vec<PathBuf>, SetError> {
    let table = Table::open(root, columns)?;
    let given = table.places().fields.given.ok_or_else(|| SetError::NoLabels(root.to_owned()))?;
    let target = to.join(name_of(root));
    match &table.source {
        Source::Text { table: text, .. } => {
            let words = Words::of_text(text, given, columns)?;
            text_copy::copy(text, given, &target, &mut |row, number| {
                let Some(label) = change(&table.key_of_text(row, number)) else { return Ok(None) };
                Ok(Some(words.word(label)?.unwrap_or_default()))
            })?;
        }
        Source::Parquet { names, .. } => {
            let words = Words::of_parquet(root, &names[given], columns)?;
            let mut changes = table.keys()?.map(|key| key.map(|key| change(&key)));
            parquet_copy::copy(root, &names[given], &words, &mut changes, &target)?;
        }
    }
    Ok(vec![target])
}

fn shards(root: &Path, columns: &Columns, change: Change, to: &Path) -> Result<Vec<PathBuf>, SetError> {
    let mut written = Vec::new();
    let set = Shards::open(root, columns)?;
    let given = columns.given.as_deref().unwrap_or("expression");
    for file in &set.files {
        let words = Words::of_parquet(&file.path, given, columns)?;
        let target = to.join(name_of(&file.path));
        let mut changes = file.keys(set.shared())?.map(|key| key.map(|key| change(&key)));
        parquet_copy::copy(&file.path, given, &words, &mut changes, &target)?;
        written.push(target);
    }
    // It stands for the angles of these shards, which would change without it.
    let angles = set.files.first().map(|file| folder_of(&file.path).join(POSE_FILE)).filter(|angles| angles.is_file());
    if let Some(angles) = angles {
        let mut from = fs::File::open(&angles).map_err(|e| SetError::from_io(&angles, &e))?;
        let target = to.join(POSE_FILE);
        atomic::write_with(&target, |out| io::copy(&mut from, out).map(|_| ()))?;
        written.push(target);
    }
    Ok(written)
}

/// The labels of a set whose own form has no file for them.
fn labels(set: &dyn Set, change: Change, to: &Path) -> Result<Vec<PathBuf>, SetError> {
    let target = to.join(LABELS);
    let mut failed = None;
    let written = atomic::write_with(&target, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(["picture", "expression"]).map_err(disk)?;
        for split in set.splits() {
            let entries = set.entries(split).map_err(|error| stopped(&mut failed, error))?;
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(Problem::Skip { .. }) => continue,
                    Err(Problem::Stop(error)) => return Err(stopped(&mut failed, error)),
                };
                let label = match change(&entry.key) {
                    Some(Relabel::To(class)) => class.name(),
                    Some(Relabel::Ambiguous) => "",
                    None => match entry.expression {
                        Some(class) => class.name(),
                        None => continue,
                    },
                };
                writer.write_record([entry.key.as_str(), label]).map_err(disk)?;
            }
        }
        writer.flush()
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(written.map(|()| vec![target])?),
    }
}

/// Keeps what is wrong with the set while a file is written, and gives the error that ends the writing.
fn stopped(failed: &mut Option<SetError>, error: SetError) -> io::Error {
    *failed = Some(error);
    io::Error::other("the set could not be read")
}

/// The operating system's own error where there is one, so that a full disk is told as such.
fn disk(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
