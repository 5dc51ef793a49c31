//! Labelled pictures in Parquet files ("shards"), in the layout that Hugging Face's `datasets` gives image sets. Knows
//! nothing of what the pictures show; they stay encoded until someone decodes them.
//!
//! Of the columns only `image.bytes` must be there; `image.path`, `person`, `clip`, `expression`, `valence`, `arousal`,
//! `yaw`, `pitch`, `roll`, `landmarks` and `factors` may. A `pose.parquet` beside the shards replaces the angles of the
//! pictures that it names. Shards of scenes have another column instead, `faces`, a list of boxes: [`scenes()`] reads
//! those.

mod columns;
mod error;
mod find;
mod pose;
mod reader;
mod scenes;
mod writer;

pub(in crate::data) use columns::{Column, Kind, Table};
pub use error::ShardError;
pub(in crate::data) use find::{POSE_FILE, holds_photographs};
pub use find::{Wanted, find_shards, is_for_measuring};
pub use pose::PoseTable;
pub use reader::{Record, ShardReader, records};
pub use scenes::{MarkedFace, Scene, scenes};
pub(crate) use writer::into_io;
pub use writer::write;
