//! The table of head angles that may lie beside shards.

use std::collections::HashMap;
use std::path::Path;

use super::ShardError;
use super::columns::{Kind, Table};
use super::find::POSE_FILE;

/// Yaw, pitch and roll in degrees by a picture's path in its shard.
#[derive(Clone, Debug, Default)]
pub struct PoseTable {
    angles: HashMap<String, [f32; 3]>,
}

impl PoseTable {
    /// Reads `pose.parquet` in a folder; an empty table where there is none.
    ///
    /// # Errors
    /// A file that is damaged or lacks one of `path`, `yaw`, `pitch`, `roll`.
    pub fn beside(folder: &Path) -> Result<Self, ShardError> {
        let path = folder.join(POSE_FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let table = Table::open(&path)?;
        let names = table.require("path", Kind::Bytes)?;
        let (yaw, pitch, roll) = (
            table.require("yaw", Kind::Number)?,
            table.require("pitch", Kind::Number)?,
            table.require("roll", Kind::Number)?,
        );
        let mut angles = HashMap::with_capacity(table.rows() as usize);
        for group in 0..table.row_groups() {
            let names = table.texts(group, names)?;
            let [yaw, pitch, roll] =
                [table.numbers(group, yaw)?, table.numbers(group, pitch)?, table.numbers(group, roll)?];
            let rows = names.into_iter().zip(yaw).zip(pitch).zip(roll);
            angles.extend(
                rows.filter_map(|(((name, yaw), pitch), roll)| {
                    Some((name?, [yaw? as f32, pitch? as f32, roll? as f32]))
                }),
            );
        }
        Ok(Self { angles })
    }

    /// Yaw, pitch and roll of a picture in degrees.
    pub fn get(&self, picture: &str) -> Option<[f32; 3]> {
        self.angles.get(picture).copied()
    }

    /// How many pictures the table names.
    pub fn len(&self) -> usize {
        self.angles.len()
    }

    pub fn is_empty(&self) -> bool {
        self.angles.is_empty()
    }
}
