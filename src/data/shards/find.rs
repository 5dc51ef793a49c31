//! Which files are shards.

use std::fs;
use std::path::{Path, PathBuf};

use super::ShardError;
use crate::data::inputs::files_in;

/// Which shards are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    /// Crops, to train on or to measure on.
    Crops,
    /// Crops that may be trained on: names with `-val-` or `-test-` are for measuring only, `loose-` and `scenes-` hold
    /// whole photographs.
    TrainingCrops,
    /// Crops that are only ever measured on.
    MeasuringCrops,
    /// Whole photographs with one labelled face each, in names with `loose-`.
    Photographs,
    /// Whole photographs with boxes around all their faces, in names with `scenes-`.
    Scenes,
}

/// Name of the table of angles beside the shards, which is none itself.
pub(in crate::data) const POSE_FILE: &str = "pose.parquet";
/// In the names of shards that are only measured on, and in those of whole photographs.
const MEASURED: [&str; 2] = ["-val-", "-test-"];
const LOOSE: &str = "loose-";
const SCENES: &str = "scenes-";

/// The shards among `paths`, in their order; a folder stands for the Parquet files directly in it, sorted by name.
/// `pose.parquet` is left out, and so is what was not asked for, also where it is named file by file.
///
/// # Errors
/// A path that does not exist or cannot be read, and when no shard is left.
pub fn find_shards(paths: &[PathBuf], wanted: Wanted) -> Result<Vec<PathBuf>, ShardError> {
    let mut shards = Vec::new();
    for path in paths {
        let about = fs::metadata(path).map_err(|e| ShardError::from_io(path, &e))?;
        if about.is_dir() {
            let mut found = files_in(path, is_parquet).map_err(|e| ShardError::from_io(path, &e))?;
            found.sort();
            shards.extend(found);
        } else {
            shards.push(path.clone());
        }
    }
    shards.retain(|path| is_wanted(path, wanted));
    if shards.is_empty() {
        return Err(ShardError::NoShards(paths.first().cloned().unwrap_or_default()));
    }
    Ok(shards)
}

/// Whether a shard may never be trained on, by its name.
pub fn is_for_measuring(shard: &Path) -> bool {
    is_measured(&file_name(shard))
}

fn is_measured(name: &str) -> bool {
    MEASURED.iter().any(|part| name.contains(part))
}

/// Whether a shard holds whole photographs, whose labels refer to those and not to crops.
pub(in crate::data) fn holds_photographs(shard: &Path) -> bool {
    let name = file_name(shard);
    [LOOSE, SCENES].iter().any(|part| name.contains(part))
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"))
}

fn is_wanted(shard: &Path, wanted: Wanted) -> bool {
    let name = file_name(shard);
    let fits = match wanted {
        Wanted::All => true,
        Wanted::Crops => !holds_photographs(shard),
        Wanted::TrainingCrops => !holds_photographs(shard) && !is_measured(&name),
        Wanted::MeasuringCrops => !holds_photographs(shard) && is_measured(&name),
        Wanted::Photographs => name.contains(LOOSE),
        Wanted::Scenes => name.contains(SCENES),
    };
    name != POSE_FILE && fits
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
