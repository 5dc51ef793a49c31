//! What a reader gives: one face of a set with what the set says of it, and what a set is.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{Format, Reason, SetError, SharedNames};
use crate::face::{Expression, FaceBox, Landmarks};

/// What a part of a set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    Train,
    Val,
    Test,
}

impl Split {
    pub const ALL: [Split; 3] = [Split::Train, Split::Val, Split::Test];

    /// As in the names of shards: `train`, `val`, `test`.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Val => "val",
            Split::Test => "test",
        }
    }

    /// The part that a word of a table or folder means, in capitals or not: these and other words in use, and CelebA's
    /// numbers 0 to 2. None for the rest.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_lowercase().as_str() {
            "train" | "training" | "0" => Some(Split::Train),
            "val" | "valid" | "validation" | "dev" | "publictest" | "1" => Some(Split::Val),
            "test" | "testing" | "privatetest" | "2" => Some(Split::Test),
            _ => None,
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One face of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The picture's name in the set, unique in it: its path below the set's root with `/`, or what the table calls it.
    /// Labels are given back under it.
    pub key: String,
    pub picture: Picture,
    pub marks: Marks,
    pub person: Option<String>,
    /// Unique within the person.
    pub clip: Option<String>,
    pub expression: Option<Expression>,
    /// -1 to 1.
    pub valence: Option<f32>,
    /// -1 to 1.
    pub arousal: Option<f32>,
}

impl Entry {
    /// A face of which nothing is known.
    pub fn bare(key: String, picture: Picture) -> Self {
        let (person, clip, expression, valence, arousal) = (None, None, None, None, None);
        Self { key, picture, marks: Marks::None, person, clip, expression, valence, arousal }
    }
}

/// A picture's file, not decoded.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Not read yet.
    File(PathBuf),
    Bytes(Vec<u8>),
}

/// Where the face is, in pixels of the picture as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Marks {
    /// Not said.
    None,
    /// The picture is a stored crop as SPEC.md describes it, to be kept as it is.
    Crop {
        landmarks: Option<Box<Landmarks>>,
        pose_deg: Option<[f32; 3]>,
    },
    Points68(Box<Landmarks>),
    /// The middles of the left eye in the image, of the right one, the tip of the nose, the left corner of the mouth
    /// and the right one.
    Points5([[f32; 2]; 5]),
    Box(FaceBox),
}

/// Why there is no entry where one should be.
#[derive(Debug)]
pub enum Problem {
    /// This one cannot be used, for one of a few reasons; the others can.
    Skip { key: String, reason: Reason },
    /// Nothing more can be read.
    Stop(SetError),
}

impl Problem {
    pub fn skip(key: impl Into<String>, reason: Reason) -> Self {
        Problem::Skip { key: key.into(), reason }
    }
}

impl From<SetError> for Problem {
    fn from(error: SetError) -> Self {
        Problem::Stop(error)
    }
}

/// The faces of a part of a set, one after the other, and in their places why one cannot be used. Nothing follows a
/// [`Problem::Stop`].
pub type Entries<'a> = Box<dyn Iterator<Item = Result<Entry, Problem>> + Send + 'a>;

/// A set of labelled faces as it is published. It gives the same entries in the same order whenever it is asked; at any
/// time it has one file open and holds one folder's names, a row (of Parquet a group of rows) of its tables and some 16
/// bytes a row to tell duplicates.
pub trait Set: Send + Sync {
    fn format(&self) -> Format;

    /// What shards made of it are called after: lower case, without spaces and hyphens.
    fn name(&self) -> &str;

    /// The file or folder that it was opened at.
    fn root(&self) -> &Path;

    /// The parts that it has, in the order of [`Split::ALL`].
    fn splits(&self) -> Vec<Split>;

    /// How many entries a part has, or nearly: for progress.
    fn count(&self, split: Split) -> u64;

    /// The entries of a part; none for a part that it does not have. What only the end shows (a file without a row,
    /// a row without a file, classes of which none is known) comes last.
    ///
    /// # Errors
    /// What was there when the set was opened and is no longer.
    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError>;

    /// Whether it can have expressions.
    fn has_expressions(&self) -> bool;

    /// The names that several of its shards have, whose pictures have keys with their shards in them. None where
    /// pictures lie in no shards.
    fn shared_names(&self) -> SharedNames {
        SharedNames::default()
    }
}
