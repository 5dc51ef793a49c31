//! What a source holds at this moment: photographs in a folder and in those below it, shards of crops directly in it, or
//! one file. Hidden files and folders are left out, links are followed but in no circle, and nothing is listed twice.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use super::error::GalleryError;
use super::schema;
use crate::data::inputs::{InputError, is_picture};
use crate::data::shards::{Wanted, find_shards};

/// About a source whose disk is not connected, or that is gone for good.
pub(super) const NOT_THERE: &str =
    "The source is not there, so its faces were kept; connect its disk, or take it out with `facespace index forget`";

/// A file that can be indexed.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub path: PathBuf,
    pub shard: bool,
    /// In bytes.
    pub size: u64,
    /// In nanoseconds since 1970.
    pub modified: i64,
}

/// What a source holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub files: Vec<Listed>,
    /// Folders and files below which nothing is known at this moment, each with a sentence.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// What was listed so far, over all sources, by its real path.
pub(super) struct Lister {
    /// The index's own folder, which holds no pictures.
    own: PathBuf,
    folders: HashSet<PathBuf>,
    /// Files that were named, and those that links point to.
    files: HashSet<PathBuf>,
}

impl Lister {
    pub fn new(index: &Path) -> Self {
        Lister { own: real(index), folders: HashSet::new(), files: HashSet::new() }
    }

    /// Whether a source was gone through already, as a part of another one.
    pub fn has_been_in(&self, source: &Path) -> bool {
        let source = real(source);
        let is_hidden = source.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let is_beside = !is_hidden && source.parent().is_some_and(|folder| self.folders.contains(folder));
        self.folders.contains(&source) || (is_beside && source.is_file())
    }

    /// What a source holds that no source before it did; none where `go_on`, which is asked all along, says no.
    pub fn list(&mut self, source: &Path, go_on: &mut dyn FnMut() -> bool) -> Option<Listing> {
        let mut listing = Listing::default();
        let again = self.has_been_in(source);
        match fs::metadata(source) {
            Ok(about) if about.is_dir() => {}
            Ok(about) => {
                if !again && self.files.insert(real(source)) {
                    listing.files.push(Listed::new(source.to_owned(), is_parquet(source), &about));
                }
                return Some(listing);
            }
            Err(error) => {
                let sentence = match error.kind() {
                    io::ErrorKind::NotFound => with_path(NOT_THERE, source),
                    _ => unreadable(source, &error),
                };
                listing.unreadable.push((source.to_owned(), sentence));
                return Some(listing);
            }
        }
        let mut walk = WalkDir::new(source).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            if !go_on() {
                return None;
            }
            match entry {
                // Its shards alone are still to be listed, which are no part of a folder above.
                Ok(entry) if again && entry.file_type().is_dir() && entry.depth() == 0 => {}
                Ok(entry) if entry.file_type().is_dir() => {
                    if again || is_hidden(&entry) || !self.enter(entry.path()) {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) => listing.add(self, entry, again),
                Err(error) => listing.note(source, &error),
            }
        }
        Some(listing)
    }

    /// Whether a folder is still to be gone through.
    fn enter(&mut self, folder: &Path) -> bool {
        let folder = real(folder);
        folder != self.own && self.folders.insert(folder)
    }

    /// Whether a file is listed elsewhere: under the path that it links to, or because it was named itself.
    fn has(&mut self, entry: &DirEntry) -> bool {
        if !entry.path_is_symlink() {
            return !self.files.is_empty() && self.files.contains(&real(entry.path()));
        }
        let target = real(entry.path());
        let is_walked = target.parent().is_some_and(|folder| self.folders.contains(folder));
        is_walked || !self.files.insert(target)
    }
}

impl Listing {
    fn add(&mut self, lister: &mut Lister, entry: DirEntry, shards_alone: bool) {
        // Shards lie directly in what is named; deeper down other programs keep their tables.
        let shard = entry.depth() == 1 && is_shard(entry.path());
        let fits = shard || (!shards_alone && is_picture(entry.path()));
        let wanted = fits && !is_hidden(&entry) && entry.file_type().is_file();
        if !wanted || lister.has(&entry) {
            return;
        }
        match entry.metadata() {
            Ok(about) => self.files.push(Listed::new(entry.into_path(), shard, &about)),
            Err(error) => self.note(entry.path(), &error),
        }
    }

    /// Notes what cannot be looked at; a link in a circle or to nothing, and a file that has just gone, are not there.
    fn note(&mut self, source: &Path, error: &walkdir::Error) {
        let Some(cause) = error.io_error().filter(|cause| cause.kind() != io::ErrorKind::NotFound) else { return };
        let path = error.path().unwrap_or(source);
        self.unreadable.push((path.to_owned(), unreadable(path, cause)));
    }
}

impl Listed {
    fn new(path: PathBuf, shard: bool, about: &Metadata) -> Self {
        Listed { path, shard, size: about.len(), modified: modified(about) }
    }
}

/// The path under which a source or folder is known: from the root, and without steps back, which would hide that two
/// paths are one.
pub(super) fn named(path: &Path) -> Result<PathBuf, GalleryError> {
    // Without a slash at its end.
    let path: PathBuf = schema::absolute(path)?.components().collect();
    if path.components().any(|part| part == Component::ParentDir) { Ok(real(&path)) } else { Ok(path) }
}

/// Refuses what can never be a source.
pub(super) fn check_source(path: &Path) -> Result<(), GalleryError> {
    let about = fs::metadata(path).map_err(|_| GalleryError::NoSource(path.to_owned()))?;
    let is_other_table = is_parquet(path) && !is_shard(path);
    if about.is_dir() || (about.is_file() && !is_other_table) {
        return Ok(());
    }
    Err(GalleryError::NotASource(path.to_owned()))
}

/// When a file was changed last, in nanoseconds since 1970; 0 where the disk does not say.
pub(super) fn modified(about: &Metadata) -> i64 {
    let Ok(time) = about.modified() else { return 0 };
    let signed = |nanos: u128| i64::try_from(nanos).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => signed(since.as_nanos()),
        Err(before) => -signed(before.duration().as_nanos()),
    }
}

/// Which disk a folder is on, where the system tells.
#[cfg(unix)]
pub(super) fn device(path: &Path) -> Option<i64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|about| about.dev().cast_signed())
}

#[cfg(not(unix))]
pub(super) fn device(_: &Path) -> Option<i64> {
    None
}

/// A sentence about a file, with its path last.
pub(super) fn with_path(sentence: &str, path: &Path) -> String {
    format!("{sentence}: {}", path.display())
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    InputError::Folder { path: path.to_owned(), detail: error.to_string() }.to_string()
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"))
}

/// Whether a file is a shard of crops, by its name.
fn is_shard(path: &Path) -> bool {
    is_parquet(path) && find_shards(&[path.to_owned()], Wanted::Crops).is_ok()
}

/// The path behind all links; as it is, where there is none.
pub(super) fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
