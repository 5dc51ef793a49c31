//! What can be wrong with a preparation, each as one sentence with the path last.

use std::path::PathBuf;

use super::journal::JOURNAL_VERSION;
use crate::data::atomic::WriteError;
use crate::data::sets::SetError;
use crate::find::FindError;

/// Why a set is not prepared. Shards that are finished stay.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error("Another process prepares pictures in this folder; wait until it is done, or stop it: {}", .0.display())]
    Busy(PathBuf),
    #[error("The set itself lies in this folder; choose another one for what is made of it: {}", .0.display())]
    IntoSet(PathBuf),
    #[error("There is a file in place of the folder for the shards; choose another folder: {}", .0.display())]
    NotAFolder(PathBuf),
    #[error("This folder holds other shards; choose an empty or a new one: {}", .0.display())]
    NotEmpty(PathBuf),
    #[error(
        "This folder was prepared by a newer facespace (format {found}, this one reads up to {JOURNAL_VERSION}); \
         update facespace: {}",
        path.display()
    )]
    Newer { path: PathBuf, found: u32 },
    #[error(
        "What is known about this folder is cut off or damaged ({detail}); delete the folder, or prepare the set into \
         another one: {}",
        path.display()
    )]
    Damaged { path: PathBuf, detail: String },
    #[error("The folder cannot be read ({detail}); check its permissions and the disk: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("This folder holds pictures of another set ({prepared}); choose another folder: {}", path.display())]
    OtherSet { path: PathBuf, prepared: String },
    #[error(
        "This folder was begun with {before} and not with {asked}; ask for the same, or choose another folder: {}",
        path.display()
    )]
    OtherSettings { path: PathBuf, before: String, asked: String },
    #[error(
        "The set has changed since this folder was prepared; prepare it into another folder, or delete this one: {}",
        .0.display()
    )]
    Changed(PathBuf),
    #[error(
        "Pictures of the set were replaced under their names since this folder was prepared, their sizes or times are \
         others; prepare it into another folder, or delete this one: {}",
        .0.display()
    )]
    Replaced(PathBuf),
    #[error(
        "No picture of the set could be used ({reasons}); check that they are whole and show faces: {}",
        path.display()
    )]
    NothingUsable { path: PathBuf, reasons: String },
    #[error("The operating system gives no more threads ({0}); close other programs and try again")]
    NoThread(String),
    #[error(transparent)]
    Set(#[from] SetError),
    #[error(transparent)]
    Find(#[from] FindError),
    #[error(transparent)]
    Write(#[from] WriteError),
}
