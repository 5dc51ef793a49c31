//! What an index tells about itself and its faces: plain records, no connection in them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::FaceKey;
use crate::face::{CODE_DIM, Crop, Expression, FaceCode, Found, ModelName};

/// Width and height of a face's stored thumbnail, in pixels.
pub const THUMBNAIL_SIDE: u32 = 96;

/// What is known of an index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Info {
    /// Which weights its codes come from.
    pub model: ModelName,
    /// Of the format.
    pub version: u32,
    /// Folders, photographs and shards that it is kept up to date with, in the order in which they were added.
    pub sources: Vec<PathBuf>,
    pub faces: usize,
    /// Photographs and shards with or without faces, also those that could not be read.
    pub files: usize,
    /// Photographs and shards that could not be read; see [`super::Index::failures`].
    pub failed: usize,
    /// What it takes on the disk.
    pub bytes: u64,
    /// Seconds since 1970.
    pub created: u64,
    /// The end of the last update, in seconds since 1970; when it was made, before there was one.
    pub updated: u64,
    pub labels: Labels,
}

/// Which labels an index has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Labels {
    /// How many faces have each expression, for those that some have.
    pub expressions: Vec<(Expression, usize)>,
    /// Different names of people, from shards and given by hand.
    pub people: usize,
}

/// What is known of a face.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceCard {
    pub key: FaceKey,
    pub from: From,
    /// Which face of its picture it is, 1 for the largest.
    pub number: usize,
    pub labels: FaceLabels,
    pub code: FaceCode,
    /// How sure the finder was, 0 to 1; none for a stored crop, in which it did not look.
    pub confidence: Option<f32>,
    /// Whether the file is no longer where it was.
    pub missing: bool,
}

/// Where a face comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum From {
    Photo {
        path: PathBuf,
        /// Where the face lies, in pixels of the photograph.
        square: Crop,
        /// None in a stored crop.
        found: Option<Found>,
        /// Width and height of the photograph, in pixels.
        size: (u32, u32),
    },
    Row {
        shard: PathBuf,
        /// Counted from 0.
        row: u64,
        /// The picture's own name in the shard.
        name: String,
    },
}

impl From {
    /// The photograph or the shard.
    pub fn file(&self) -> &Path {
        match self {
            From::Photo { path, .. } => path,
            From::Row { shard, .. } => shard,
        }
    }

    /// A short name for people: the photograph's, or the picture's in its shard.
    pub fn name(&self) -> String {
        match self {
            From::Photo { path, .. } => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            From::Row { name, .. } => name.clone(),
        }
    }
}

/// What is known of a face beside its code.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FaceLabels {
    /// The name given by hand, else the one in the shard.
    pub person: Option<String>,
    /// Pictures of one recording share it.
    pub clip: Option<String>,
    pub expression: Option<Expression>,
    /// -1 to 1.
    pub valence: Option<f32>,
    /// -1 to 1.
    pub arousal: Option<f32>,
}

/// A face to put into an index.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFace {
    pub from: From,
    /// Which face of its picture it is, from 1.
    pub number: usize,
    pub labels: FaceLabels,
    /// `f`, pose in radians; it must be one that [`FaceCode::from_array`] takes.
    pub code: [f32; CODE_DIM],
    pub confidence: Option<f32>,
    /// A JPEG of [`THUMBNAIL_SIDE`] pixels; empty for none.
    pub thumbnail: Vec<u8>,
}

/// The picture that a face was found in, to be opened.
#[derive(Clone, Debug, PartialEq)]
pub enum Original {
    Photo {
        path: PathBuf,
        /// Where the face lies, in pixels of the photograph.
        square: Crop,
    },
    Bytes {
        name: String,
        /// Of the picture's file.
        bytes: Vec<u8>,
        /// Where the face lies, in pixels of the picture; none where that is a stored crop.
        square: Option<Crop>,
    },
}
