//! The database of an index: its tables and their version, and connections to it.
//!
//! A file row is a photograph or a shard. A shard that changes is gone through anew as another `round`; faces of rounds
//! before it go when that is at its end. A face without a code is one that other weights are still to encode.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::error::GalleryError;
use crate::data::atomic::WriteError;
use crate::data::database::{self, Kind, Sureness, Trouble};
use crate::data::lock::Lock;
use crate::face::ModelName;

/// The version of the format that this program writes, and the newest it reads.
pub const INDEX_VERSION: u32 = 1;
/// "FSGI", in the header of the database: what it belongs to.
const APPLICATION: u32 = 0x4653_4749;
/// Where the header has it, big endian.
const APPLICATION_AT: usize = 68;
const HEADER: u64 = 100;

pub(super) const DATABASE: &str = "faces.sqlite";
pub(super) const LOCK: &str = "lock";
/// Everything that can lie in an index, in the order in which it is deleted: as long as the database is there, the rest
/// can be deleted once more.
pub(super) const FILES: [&str; 5] = ["faces.sqlite-wal", "faces.sqlite-shm", "faces.sqlite-journal", DATABASE, LOCK];

/// What is lost to a power cut is indexed again.
const KIND: Kind = Kind { application: APPLICATION, version: INDEX_VERSION, name: DATABASE, sureness: Sureness::Kill };

/// States of a file.
pub(super) const TO_DO: i64 = 0;
pub(super) const DONE: i64 = 1;
/// Of faces that were given and come from no update; nobody knows the file.
pub(super) const GIVEN: i64 = 2;

/// `codes_in_order` holds keys alone, so that faces are counted and listed without going through all their codes.
const SCHEMA: &str = "
CREATE TABLE about (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    model TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    revision INTEGER NOT NULL
);
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    path NOT NULL UNIQUE,
    device INTEGER
);
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    source INTEGER REFERENCES sources (id) ON DELETE CASCADE,
    path NOT NULL UNIQUE,
    shard INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    content INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    state INTEGER NOT NULL,
    round INTEGER NOT NULL,
    rows_done INTEGER NOT NULL,
    problem TEXT
);
CREATE INDEX files_by_source ON files (source);
CREATE INDEX files_with_problems ON files (path) WHERE problem IS NOT NULL;
CREATE TABLE faces (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    round INTEGER NOT NULL,
    row INTEGER,
    name TEXT,
    content INTEGER,
    number INTEGER NOT NULL,
    person TEXT,
    clip TEXT,
    expression INTEGER,
    valence REAL,
    arousal REAL,
    confidence REAL
);
CREATE INDEX faces_by_file ON faces (file, row);
CREATE INDEX faces_by_expression ON faces (expression) WHERE expression IS NOT NULL;
CREATE INDEX faces_by_person ON faces (person) WHERE person IS NOT NULL;
CREATE TABLE codes (
    key INTEGER PRIMARY KEY REFERENCES faces (key) ON DELETE CASCADE,
    code BLOB NOT NULL
);
CREATE INDEX codes_in_order ON codes (key);
CREATE TABLE looks (
    key INTEGER PRIMARY KEY REFERENCES faces (key) ON DELETE CASCADE,
    square BLOB,
    found BLOB,
    thumbnail BLOB
);
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    given INTEGER NOT NULL
);
CREATE TABLE pins (
    key INTEGER PRIMARY KEY REFERENCES faces (key) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX pins_by_person ON pins (person);
CREATE TABLE undo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,
    before TEXT NOT NULL
);";

/// Makes the database of an index in a folder, which is made where it is missing. What a kill left of an earlier attempt
/// is finished.
pub(super) fn create(folder: &Path, model: &ModelName) -> Result<(), GalleryError> {
    let there = folder.join(DATABASE).exists();
    if !there && database::holds_other_things(folder, &FILES) {
        return Err(GalleryError::NotEmpty(folder.to_owned()));
    }
    fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, &e))?;
    let _lock = lock(folder)?;
    let created = KIND.create(folder, |db| {
        db.execute_batch(SCHEMA)?;
        db.execute(
            "INSERT INTO about (id, model, fingerprint, created, updated, revision) VALUES (1, ?1, ?2, ?3, ?3, 0)",
            params![model.name, model.fingerprint, database::now()],
        )?;
        Ok(())
    });
    created.map_err(|trouble| match trouble {
        Trouble::Foreign => GalleryError::NotEmpty(folder.to_owned()),
        trouble => GalleryError::of(folder, trouble),
    })
}

/// A connection to the index in a folder, and whether it can only be read: on a disk that cannot be written it is taken
/// as it lies there.
pub(super) fn open(folder: &Path) -> Result<(Connection, bool), GalleryError> {
    KIND.open(folder).map_err(|trouble| GalleryError::of(folder, trouble))
}

/// Takes the lock that whoever writes codes holds.
pub(super) fn lock(folder: &Path) -> Result<Lock, GalleryError> {
    let lock = Lock::take(&folder.join(LOCK)).map_err(|e| WriteError::new(folder, &e))?;
    lock.ok_or_else(|| GalleryError::Busy(folder.to_owned()))
}

/// Removes an index and nothing else; the folder, too, where it is empty then.
pub(super) fn delete(folder: &Path) -> Result<(), GalleryError> {
    if !is_index(folder) {
        return Err(GalleryError::NoIndex(folder.to_owned()));
    }
    let _lock = lock(folder)?;
    for name in FILES {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(WriteError::new(&path, &error).into());
            }
            _ => {}
        }
    }
    // What else lies in it is not the index's.
    let _ = fs::remove_dir(folder);
    Ok(())
}

/// By the header of the database, which a damaged one mostly still has; where it is gone, too, by the company that the
/// file keeps.
fn is_index(folder: &Path) -> bool {
    let mut header = Vec::new();
    let Ok(file) = File::open(folder.join(DATABASE)) else { return false };
    // What cannot be read is not there.
    let _ = file.take(HEADER).read_to_end(&mut header);
    let application = header.get(APPLICATION_AT..).and_then(|bytes| bytes.first_chunk());
    application == Some(&APPLICATION.to_be_bytes())
        || (folder.join(LOCK).is_file() && !database::holds_other_things(folder, &FILES))
}

/// A path that stays what it is when the working folder changes.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, GalleryError> {
    std::path::absolute(path).map_err(|e| GalleryError::unreadable(path, &e))
}
