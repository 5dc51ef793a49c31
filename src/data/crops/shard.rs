//! A Parquet shard as a source of pictures.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CropSetError;
use super::source::{Encoded, Item, Items, Problem, Reader};
use crate::data::shards::{POSE_FILE, PoseTable, Record, ShardError, ShardReader};

/// What parts a shard's family from the rest of its name.
const PURPOSES: [&str; 3] = ["-train-", "-val-", "-test-"];

pub(super) struct ShardFile {
    path: PathBuf,
    source: String,
    measured: bool,
    poses: Arc<PoseTable>,
    rows: u64,
}

impl ShardFile {
    /// # Errors
    /// A missing or damaged file, no column `image.bytes`, or a known column of another type.
    pub fn open(path: &Path, measured: bool, poses: Arc<PoseTable>) -> Result<Self, ShardError> {
        let rows = ShardReader::open_with(path, poses.clone())?.rows();
        Ok(Self { path: path.to_owned(), source: family(path), measured, poses, rows })
    }
}

impl Reader for ShardFile {
    fn source(&self) -> &str {
        &self.source
    }

    fn is_measured(&self) -> bool {
        self.measured
    }

    fn count(&self) -> u64 {
        self.rows
    }

    fn each_file(&self, see: &mut dyn FnMut(&Path)) -> Result<(), CropSetError> {
        see(&self.path);
        let angles = self.path.with_file_name(POSE_FILE);
        if angles.exists() {
            see(&angles);
        }
        Ok(())
    }

    fn items(&self) -> Items<'_> {
        match ShardReader::open_with(&self.path, self.poses.clone()) {
            Ok(reader) => Box::new(reader.map(|row| row.map(item_of).map_err(problem_of))),
            Err(error) => Box::new(std::iter::once(Err(problem_of(error)))),
        }
    }
}

/// `lfw` of `lfw-train-00-of-01.parquet`; the whole stem where there is no such part.
fn family(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = PURPOSES.iter().find_map(|purpose| Some(stem.split_once(purpose)?.0)).unwrap_or(&stem);
    name.to_owned()
}

fn item_of(record: Record) -> Item {
    Item {
        picture: Encoded::Bytes(record.picture_bytes),
        person: record.person,
        clip: record.clip,
        expression: record.expression,
        valence_arousal: record.valence.zip(record.arousal).map(|(valence, arousal)| [valence, arousal]),
        pose_deg: record.pose_deg,
        landmarks: record.landmarks,
    }
}

fn problem_of(error: ShardError) -> Problem {
    match error {
        ShardError::BadRow { what, .. } if what.contains("expression") => Problem::Skip("expression is none of 0 to 7"),
        ShardError::BadRow { what, .. } if what.contains("landmarks") => Problem::Skip("landmarks are not 68 points"),
        ShardError::BadRow { .. } => Problem::Skip("no picture in the row"),
        other => Problem::Stop(other.into()),
    }
}
