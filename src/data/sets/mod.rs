//! Sets of labelled faces as they are published, each read face by face, and their labels written back in the set's own
//! form. Pictures stay encoded; what stands in a set that cannot be used is counted, not fatal. Only `relabel` writes,
//! and never into the set.
//!
//! - `entry`: what a reader gives, and what a set is; `error`: what can be wrong with it; `columns`: what its columns
//!   and classes are called.
//! - `files`, `walk`: folders and the names in them; rows that name the same picture twice. `lists`: text files that go
//!   beside pictures.
//! - `affectnet`, `affectnet_npy`, `celeba`, `vggface2`, `voxceleb`, `lfw`, `folders`, `table`, `shards`: a format
//!   each.
//! - `shared_names`: pictures of one name in several shards, told apart.
//! - `recognise`: which of them a file or folder is.
//! - `relabel`: new labels in the set's own form.

mod affectnet;
mod affectnet_npy;
mod celeba;
mod columns;
mod entry;
mod error;
mod files;
mod folders;
mod lfw;
mod lists;
mod recognise;
mod relabel;
mod shards;
mod shared_names;
mod table;
mod vggface2;
mod voxceleb;
mod walk;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

pub use columns::Columns;
pub use entry::{Entries, Entry, Marks, Picture, Problem, Set, Split};
pub use error::{Reason, SetError};
pub use relabel::{Relabel, write_labels};
pub use shared_names::SharedNames;

use crate::face::code::UnknownName;

/// How a set lies on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Affectnet,
    AffectnetNpy,
    Celeba,
    Vggface2,
    Voxceleb,
    Lfw,
    Folders,
    Table,
    Shards,
}

impl Format {
    pub const ALL: [Format; 9] = [
        Format::Affectnet,
        Format::AffectnetNpy,
        Format::Celeba,
        Format::Vggface2,
        Format::Voxceleb,
        Format::Lfw,
        Format::Folders,
        Format::Table,
        Format::Shards,
    ];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Affectnet => "affectnet",
            Format::AffectnetNpy => "affectnet-npy",
            Format::Celeba => "celeba",
            Format::Vggface2 => "vggface2",
            Format::Voxceleb => "voxceleb",
            Format::Lfw => "lfw",
            Format::Folders => "folders",
            Format::Table => "table",
            Format::Shards => "shards",
        }
    }

    /// What lies there and what is taken from it, in one sentence.
    pub fn explanation(self) -> &'static str {
        match self {
            Format::Affectnet => {
                "training.csv and validation.csv with face box, 68 landmarks, expression, valence and arousal, beside \
                 Manually_Annotated_Images"
            }
            Format::AffectnetNpy => "train_set and val_set, each with images/N.jpg and annotations/N_exp.npy and more",
            Format::Celeba => "img_align_celeba with list_landmarks_align_celeba.txt, identity_CelebA.txt and others",
            Format::Vggface2 => {
                "train and test with a folder a person, bb_landmark/loose_landmark_train.csv for points"
            }
            Format::Voxceleb => "frames of films as person/video/frame.jpg",
            Format::Lfw => "a folder a person with Name_0001.jpg, people*.txt and pairs.txt where they are there",
            Format::Folders => "a folder a label: expressions where its name is one, people otherwise",
            Format::Table => {
                "a CSV or Parquet file with a picture a row, its columns named by --picture, --given and so on"
            }
            Format::Shards => "Parquet files that this program prepared, or others with a column image.bytes",
        }
    }

    /// Opens a set that is known to have this format.
    fn open(self, path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
        match self {
            Format::Affectnet => affectnet::open(path, columns),
            Format::AffectnetNpy => affectnet_npy::open(path, columns),
            Format::Celeba => celeba::open(path, columns),
            Format::Vggface2 => vggface2::open(path, columns),
            Format::Voxceleb => voxceleb::open(path, columns),
            Format::Lfw => lfw::open(path, columns),
            Format::Folders => folders::open(path, columns),
            Format::Table => table::open(path, columns),
            Format::Shards => shards::open(path, columns),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownName {
            kind: "format",
            name: name.to_owned(),
            known: Format::ALL.map(Format::name).join(", "),
        })
    }
}

/// Opens a set; without a format, what lies at `path` says which one it is. No picture is read.
///
/// # Errors
/// A path that does not exist or cannot be read, a set of no known format, one that lacks files or columns of its
/// format (which are named), one without faces.
pub fn open(path: &Path, format: Option<Format>, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    if !path.exists() {
        return Err(SetError::Missing(path.to_owned()));
    }
    let format = match format {
        Some(format) => format,
        None => recognise::recognise(path, columns)?,
    };
    format.open(path, columns)
}
