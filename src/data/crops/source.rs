//! Where pictures come from: the one door that every layout of files goes through.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CropSetError;
use super::folder::{FolderReader, SubFolders};
use super::shard::ShardFile;
use crate::data::inputs::InputError;
use crate::data::shards::{PoseTable, ShardError, Wanted, find_shards};

/// A picture that has not been looked at, and what its source says of it.
pub(super) struct Item {
    pub picture: Encoded,
    /// Unique within the source.
    pub person: Option<String>,
    /// Unique within the person.
    pub clip: Option<String>,
    /// 0 to 7.
    pub expression: Option<u8>,
    pub valence_arousal: Option<[f32; 2]>,
    pub pose_deg: Option<[f32; 3]>,
    pub landmarks: Option<[[f32; 2]; 68]>,
}

/// A picture's file.
pub(super) enum Encoded {
    Bytes(Vec<u8>),
    /// Not read yet.
    File(PathBuf),
}

/// Why there is no item where one should be.
pub(super) enum Problem {
    /// This one cannot be used, for one of a few reasons; the others can.
    Skip(&'static str),
    /// Nothing more can be read.
    Stop(CropSetError),
}

pub(super) type Items<'a> = Box<dyn Iterator<Item = Result<Item, Problem>> + 'a>;

/// A source of pictures. It is gone through twice and must give the same items in the same order; at any time it holds
/// one group of rows or one folder's names, never all pictures.
pub(super) trait Reader {
    /// Name that people are unique under, and that settings name.
    fn source(&self) -> &str;

    /// Only ever measured on.
    fn is_measured(&self) -> bool;

    /// How many items there are, or nearly.
    fn count(&self) -> u64;

    /// Every file that it reads, each in its turn: when one has changed, the set is made again.
    fn each_file(&self, see: &mut dyn FnMut(&Path)) -> Result<(), CropSetError>;

    fn items(&self) -> Items<'_>;
}

/// The readers for what a user named, in that order; in a folder by name, shards to train on first. A folder with
/// shards stands for those, any other for its pictures and those in its sub-folders. What is named twice is taken once.
///
/// # Errors
/// Nothing named, a path that does not exist or cannot be read, a folder with neither shards nor pictures, sub-folders
/// that are not what they are to be, a damaged shard or one without pictures in it, and nothing left to train on.
pub(super) fn readers(paths: &[PathBuf], sub_folders: SubFolders) -> Result<Vec<Box<dyn Reader>>, CropSetError> {
    let first = paths.first().ok_or(CropSetError::NoData)?;
    let mut found = Found { sub_folders, ..Found::default() };
    for path in paths {
        let about = fs::metadata(path).map_err(|_| InputError::Missing(path.clone()))?;
        let training = shards(path, Wanted::TrainingCrops)?;
        let measured = shards(path, Wanted::MeasuringCrops)?;
        if about.is_dir() && shards(path, Wanted::All)?.is_empty() {
            found.folder(path)?;
        }
        for shard in training {
            found.shard(&shard, false)?;
        }
        for shard in measured {
            found.shard(&shard, true)?;
        }
    }
    if found.readers.iter().all(|reader| reader.is_measured()) {
        return Err(CropSetError::NoneToTrain(first.clone()));
    }
    Ok(found.readers)
}

/// Shards at a path; none where it has none.
fn shards(path: &Path, wanted: Wanted) -> Result<Vec<PathBuf>, ShardError> {
    match find_shards(&[path.to_owned()], wanted) {
        Err(ShardError::NoShards(_)) => Ok(Vec::new()),
        other => other,
    }
}

#[derive(Default)]
struct Found {
    readers: Vec<Box<dyn Reader>>,
    sub_folders: SubFolders,
    /// What is taken already.
    known: HashSet<PathBuf>,
    /// The table of angles of the last folder with shards.
    poses: Option<(PathBuf, Arc<PoseTable>)>,
}

impl Found {
    fn is_new(&mut self, path: &Path) -> bool {
        // A path that cannot be resolved will fail by itself when it is read.
        self.known.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
    }

    fn folder(&mut self, path: &Path) -> Result<(), CropSetError> {
        if self.is_new(path) {
            let name = self.free_name(folder_name(path));
            self.readers.push(Box::new(FolderReader::open(path, name, self.sub_folders)?));
        }
        Ok(())
    }

    fn shard(&mut self, path: &Path, measured: bool) -> Result<(), CropSetError> {
        if !self.is_new(path) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let poses = match &self.poses {
            Some((known, poses)) if known == folder => poses.clone(),
            _ => Arc::new(PoseTable::beside(folder)?),
        };
        self.poses = Some((folder.to_owned(), poses.clone()));
        self.readers.push(Box::new(ShardFile::open(path, measured, poses)?));
        Ok(())
    }

    /// Two folders of one name are two sources: their people are not the same, whatever they are called.
    fn free_name(&self, name: String) -> String {
        let taken = |name: &String| self.readers.iter().any(|reader| reader.source() == name);
        if !taken(&name) {
            return name;
        }
        let names = (2..).map(|number| format!("{name}-{number}"));
        names.into_iter().find(|name| !taken(name)).unwrap_or(name)
    }
}

/// The last part of a folder's path, also where that is written as `.` or `..`.
fn folder_name(path: &Path) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    whole.file_name().map_or_else(|| "pictures".to_owned(), |name| name.to_string_lossy().into_owned())
}
