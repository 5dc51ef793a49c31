//! What can be wrong with an audit, each as one sentence with the path last.

use std::path::{Path, PathBuf};

use super::readings::ReadingError;
use super::schema::AUDIT_VERSION;
use crate::data::atomic::WriteError;
use crate::data::database::Trouble;
use crate::data::sets::SetError;
use crate::data::shards::ShardError;
use crate::face::ModelName;
use crate::gallery::GalleryError;
use crate::prepare::PrepareError;

/// Why an audit cannot be made, opened, read or written. Verdicts that were given before are still there.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("There is no audit here; choose the folder of one or audit a set: {}", .0.display())]
    NoAudit(PathBuf),
    #[error("This folder holds other things than an audit; choose an empty or a new one: {}", .0.display())]
    NotEmpty(PathBuf),
    #[error("Another process is writing this audit; wait until it is done, or stop it: {}", .0.display())]
    Busy(PathBuf),
    #[error("This audit was stopped before its scores were there; audit the set again to go on: {}", .0.display())]
    Unfinished(PathBuf),
    #[error(
        "This audit was made by a newer facespace (format {found}, this one reads up to {AUDIT_VERSION}); update \
         facespace: {}",
        path.display()
    )]
    Newer { path: PathBuf, found: i64 },
    #[error(
        "The audit is cut off or damaged ({detail}); put back a copy, or audit the set into another folder: {}",
        path.display()
    )]
    Damaged { path: PathBuf, detail: String },
    #[error(
        "This audit was made with the weights {made_with}, whose codes cannot be compared with those of {used}; use \
         those weights, rebuild it, or choose another folder: {}",
        path.display()
    )]
    OtherModel { path: PathBuf, made_with: Box<ModelName>, used: Box<ModelName> },
    #[error(
        "This folder holds an audit of another set ({}); choose another folder: {}",
        audited.display(),
        path.display()
    )]
    OtherSource { path: PathBuf, audited: PathBuf },
    #[error(
        "Several shards of the set have pictures of one name, which this audit does not tell apart yet; audit the set \
         again (all verdicts stay), then export: {}",
        .0.display()
    )]
    SharedNames(PathBuf),
    #[error("The audit would lie in the set itself; choose a folder outside it: {}", .0.display())]
    IntoSet(PathBuf),
    #[error(
        "This audit was being written when it was put on a disk that cannot be written; copy it to another one: {}",
        .0.display()
    )]
    Unclosed(PathBuf),
    #[error("The audit cannot be used ({detail}); check the disk it lies on, and try again: {}", path.display())]
    Store { path: PathBuf, detail: String },
    #[error("The face is not among those whose labels are judged; choose one of the list")]
    NoFace,
    #[error("No face of the set could be used; see what was left out and why, or choose another set: {}", .0.display())]
    NoFaces(PathBuf),
    #[error(
        "Not one of the {faces} faces has an expression; name the column that has them with --given COLUMN: {}",
        path.display()
    )]
    NoLabels { path: PathBuf, faces: usize },
    #[error(
        "The table lacks a column {column} (it has {found}); name its columns as an export does: {}",
        path.display()
    )]
    NoColumn { path: PathBuf, column: &'static str, found: String },
    #[error(
        "The table holds what a program suggests and nothing that a person said; add a column label or verdict that \
         somebody has filled in: {}",
        .0.display()
    )]
    Suggestions(PathBuf),
    #[error(
        "This is no table of labels ({detail}); choose a CSV or JSON file as an export makes it: {}",
        path.display()
    )]
    NotATable { path: PathBuf, detail: String },
    #[error("The file cannot be read ({detail}); check its name and its permissions: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    /// What the networks say, whole.
    #[error("{0}")]
    Networks(String),
    #[error(transparent)]
    Reading(#[from] ReadingError),
    #[error(transparent)]
    Set(#[from] SetError),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    #[error(transparent)]
    Shard(#[from] ShardError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl AuditError {
    /// The sentence for what is wrong with the database in `folder`.
    pub(super) fn of(folder: &Path, trouble: Trouble) -> Self {
        let path = folder.to_owned();
        match trouble {
            // It has just been made, or is none of ours.
            Trouble::Missing | Trouble::Foreign | Trouble::Exists => Self::NoAudit(path),
            Trouble::Newer(found) => Self::Newer { path, found },
            Trouble::Damaged(detail) => Self::Damaged { path, detail },
            Trouble::Unclosed => Self::Unclosed(path),
            Trouble::Busy => Self::Busy(path),
            Trouble::Unwritable(why) => why(path).into(),
            Trouble::Other(detail) => Self::Store { path, detail },
        }
    }

    /// The sentence for a failure of the database in `folder`.
    pub(super) fn store(folder: &Path, error: &rusqlite::Error) -> Self {
        Self::of(folder, Trouble::of(error))
    }
}
