//! The database of an index: its tables and their version, and connections to it.
//!
//! A file row is a photograph or a shard. A shard that changes is gone through anew as another `round`; faces of rounds
//! before it go when that is at its end. A face without a code is one that other weights are still to encode.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};

use super::error::GalleryError;
use crate::data::atomic::{WriteError, rehearsed_bytes};
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

/// How long a connection waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(5);
/// Two or three faces' pictures, or twenty codes.
const PAGE: i64 = 8192;
/// Bytes of the smallest page that any database has.
const SMALLEST_PAGE: u64 = 512;
/// Memory for pages, in KiB.
const CACHE_KIB: i64 = 16 * 1024;

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

/// Whose file a database is.
enum Whose {
    Ours,
    /// Nothing is in it yet.
    Nobodys,
    Others,
}

/// Makes the database of an index in a folder, which is made where it is missing. What a kill left of an earlier attempt
/// is finished.
pub(super) fn create(folder: &Path, model: &ModelName) -> Result<(), GalleryError> {
    let there = folder.join(DATABASE).exists();
    if !there && holds_other_things(folder) {
        return Err(GalleryError::NotEmpty(folder.to_owned()));
    }
    fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, &e))?;
    let _lock = lock(folder)?;
    let told = |error: rusqlite::Error| GalleryError::store(folder, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = connect(&absolute(folder)?.join(DATABASE), flags).map_err(told)?;
    match whose(&db).map_err(told)? {
        (Whose::Ours, version) => {
            check_version(folder, version)?;
            return Err(GalleryError::Exists(folder.to_owned()));
        }
        (Whose::Others, _) => return Err(GalleryError::NotEmpty(folder.to_owned())),
        (Whose::Nobodys, _) => {}
    }
    fill(&mut db, model).map_err(told)?;
    // Only now, so that what the database is stands in its own file and not beside it.
    db.pragma_update(None, "journal_mode", "WAL").map_err(told)
}

fn fill(db: &mut Connection, model: &ModelName) -> rusqlite::Result<()> {
    db.pragma_update(None, "page_size", PAGE)?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.execute(
        "INSERT INTO about (id, model, fingerprint, created, updated, revision) VALUES (1, ?1, ?2, ?3, ?3, 0)",
        params![model.name, model.fingerprint, now()],
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", INDEX_VERSION)?;
    transaction.commit()
}

/// A connection to the index in a folder, and whether it can only be read: on a disk that cannot be written it is taken
/// as it lies there.
pub(super) fn open(folder: &Path) -> Result<(Connection, bool), GalleryError> {
    let path = absolute(folder)?.join(DATABASE);
    let about = fs::metadata(&path).map_err(|e| GalleryError::unreadable(folder, &e))?;
    if !about.is_file() {
        return Err(GalleryError::NoIndex(folder.to_owned()));
    }
    if (1..SMALLEST_PAGE).contains(&about.len()) {
        // SQLite takes what is shorter than a page for an empty database.
        let detail = "it is shorter than a page".to_owned();
        return Err(GalleryError::Damaged { path: folder.to_owned(), detail });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = connect(&path, flags).and_then(|db| whose(&db).map(|whose| (db, whose)));
    let (db, whose) = match opened {
        Err(error) if is_unwritable(&error) => return Ok((open_as_it_lies(folder, &path)?, true)),
        opened => opened.map_err(|e| GalleryError::store(folder, &e))?,
    };
    check(folder, whose)?;
    let read_only = db.is_readonly(rusqlite::MAIN_DB).map_err(|e| GalleryError::store(folder, &e))?;
    if !read_only {
        db.pragma_update(None, "journal_mode", "WAL").map_err(|e| GalleryError::store(folder, &e))?;
    }
    Ok((db, read_only))
}

/// Without the files beside the database, which a connection makes otherwise. What lies in them would be missed.
fn open_as_it_lies(folder: &Path, path: &Path) -> Result<Connection, GalleryError> {
    if fs::metadata(folder.join(FILES[0])).is_ok_and(|log| log.len() > 0) {
        return Err(GalleryError::Unclosed(folder.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = connect(Path::new(&unchanging(path)), flags).and_then(|db| whose(&db).map(|whose| (db, whose)));
    let (db, whose) = opened.map_err(|e| GalleryError::store(folder, &e))?;
    check(folder, whose)?;
    Ok(db)
}

fn is_unwritable(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied))
}

/// The path as a URI that says that the file does not change.
fn unchanging(path: &Path) -> String {
    let text = path.as_os_str().as_encoded_bytes();
    let mut uri = "file:".to_owned();
    if !text.starts_with(b"/") {
        uri.push('/');
    }
    for &byte in text {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b':' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Codes of faces are personal data: what is deleted is overwritten.
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    if let Some(bytes) = rehearsed_bytes() {
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / PAGE;
        db.pragma_update(None, "max_page_count", pages.max(1))?;
    }
    Ok(db)
}

fn whose(db: &Connection) -> rusqlite::Result<(Whose, i64)> {
    let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let whose = if application == i64::from(APPLICATION) {
        Whose::Ours
    } else if (application, tables) == (0, 0) {
        Whose::Nobodys
    } else {
        Whose::Others
    };
    Ok((whose, version))
}

fn check(folder: &Path, (whose, version): (Whose, i64)) -> Result<(), GalleryError> {
    match whose {
        Whose::Ours => check_version(folder, version),
        Whose::Nobodys | Whose::Others => Err(GalleryError::NoIndex(folder.to_owned())),
    }
}

fn check_version(folder: &Path, version: i64) -> Result<(), GalleryError> {
    if version > i64::from(INDEX_VERSION) {
        return Err(GalleryError::Newer { path: folder.to_owned(), found: version });
    }
    Ok(())
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
    application == Some(&APPLICATION.to_be_bytes()) || (folder.join(LOCK).is_file() && !holds_other_things(folder))
}

/// Whether there is something in a folder, hidden files aside, that belongs to no index.
fn holds_other_things(folder: &Path) -> bool {
    let mut names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.any(|name| !name.as_encoded_bytes().starts_with(b".") && !FILES.iter().any(|own| name == *own))
}

/// A path that stays what it is when the working folder changes.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, GalleryError> {
    std::path::absolute(path).map_err(|e| GalleryError::unreadable(path, &e))
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
