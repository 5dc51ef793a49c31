//! SQLite files of this program: made, opened, told from those of others, from newer and from damaged ones. What is in
//! them is their owners' business, and so is the sentence for what goes wrong ([`Trouble`]).

mod values;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

pub(crate) use values::{misshapen, not_null, numbers, numbers_of, path, path_value};

use super::atomic::{WriteError, rehearsed_bytes};

/// How long a connection waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(5);
/// Two or three faces' pictures, or twenty codes.
const PAGE: i64 = 8192;
/// Bytes of the smallest page that any database has.
const SMALLEST_PAGE: u64 = 512;
/// Memory for pages, in KiB.
const CACHE_KIB: i64 = 16 * 1024;
const LOG: &str = "-wal";

/// A kind of database, each a file of one name in a folder of its own.
pub(crate) struct Kind {
    /// In the header of the file: what it belongs to.
    pub application: u32,
    /// The version of its format that this program writes, and the newest it reads.
    pub version: u32,
    pub name: &'static str,
    pub sureness: Sureness,
}

/// What a commit survives once it has returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sureness {
    /// The end of the process, however it comes.
    Kill,
    /// Also the end of the computer.
    PowerCut,
}

/// Why a database cannot be made, opened, read or written.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is none.
    Missing,
    /// There is one already.
    Exists,
    /// The file belongs to something else.
    Foreign,
    /// Of this format, which is newer.
    Newer(i64),
    Damaged(String),
    /// It was being written when it was put on a disk that cannot be written.
    Unclosed,
    /// Another connection writes to it.
    Busy,
    /// Nothing can be written; the sentence for that, given the folder.
    Unwritable(fn(PathBuf) -> WriteError),
    Other(String),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::of(&error)
    }
}

impl Trouble {
    pub fn of(error: &rusqlite::Error) -> Self {
        let detail = error.to_string();
        let is_misshapen = matches!(
            error,
            rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::SqlInputError { .. }
        );
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Unwritable(WriteError::DiskFull),
            Some(ErrorCode::ReadOnly) => Self::Unwritable(WriteError::ReadOnlyDisk),
            Some(ErrorCode::PermissionDenied) => Self::Unwritable(WriteError::NoPermission),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(detail),
            _ if is_misshapen => Self::Damaged(detail),
            _ => Self::Other(detail),
        }
    }

    /// For a folder or file that cannot be looked at.
    pub fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Whose file a database is.
enum Whose {
    Ours,
    /// Nothing is in it yet.
    Nobodys,
    Others,
}

impl Kind {
    /// Makes a database in a folder that is there; `fill` makes its tables. What a kill left of an earlier attempt is
    /// finished.
    pub fn create(
        &self,
        folder: &Path,
        fill: impl FnOnce(&Transaction) -> rusqlite::Result<()>,
    ) -> Result<(), Trouble> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = self.connect(&self.path(folder)?, flags)?;
        match self.whose(&db)? {
            (Whose::Ours, version) => {
                self.check_version(version)?;
                return Err(Trouble::Exists);
            }
            (Whose::Others, _) => return Err(Trouble::Foreign),
            (Whose::Nobodys, _) => {}
        }
        db.pragma_update(None, "page_size", PAGE)?;
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        fill(&transaction)?;
        transaction.pragma_update(None, "application_id", self.application)?;
        transaction.pragma_update(None, "user_version", self.version)?;
        transaction.commit()?;
        // Only now, so that what the database is stands in its own file and not beside it.
        Ok(db.pragma_update(None, "journal_mode", "WAL")?)
    }

    /// A connection to the database in a folder, and whether it can only be read: on a disk that cannot be written it
    /// is taken as it lies there.
    pub fn open(&self, folder: &Path) -> Result<(Connection, bool), Trouble> {
        let path = self.path(folder)?;
        let about = fs::metadata(&path).map_err(|e| Trouble::of_io(&e))?;
        if !about.is_file() {
            return Err(Trouble::Missing);
        }
        if (1..SMALLEST_PAGE).contains(&about.len()) {
            // SQLite takes what is shorter than a page for an empty database.
            return Err(Trouble::Damaged("it is shorter than a page".to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = self.connect(&path, flags).and_then(|db| self.whose(&db).map(|whose| (db, whose)));
        let (db, whose) = match opened {
            Err(error) if is_unwritable(&error) => return Ok((self.open_as_it_lies(&path)?, true)),
            opened => opened?,
        };
        self.check(whose)?;
        let read_only = db.is_readonly(rusqlite::MAIN_DB)?;
        if !read_only {
            db.pragma_update(None, "journal_mode", "WAL")?;
        }
        Ok((db, read_only))
    }

    /// Without the files beside the database, which a connection makes otherwise. What lies in them would be missed.
    fn open_as_it_lies(&self, path: &Path) -> Result<Connection, Trouble> {
        let log = path.with_file_name(format!("{}{LOG}", self.name));
        if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
            return Err(Trouble::Unclosed);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = self.connect(Path::new(&unchanging(path)), flags)?;
        self.check(self.whose(&db)?)?;
        Ok(db)
    }

    /// A path that stays what it is when the working folder changes.
    fn path(&self, folder: &Path) -> Result<PathBuf, Trouble> {
        Ok(std::path::absolute(folder).map_err(|e| Trouble::of_io(&e))?.join(self.name))
    }

    fn connect(&self, path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(PATIENCE)?;
        db.pragma_update(None, "foreign_keys", true)?;
        // Codes of faces are personal data: what is deleted is overwritten.
        db.pragma_update(None, "secure_delete", true)?;
        let synchronous = match self.sureness {
            Sureness::Kill => "NORMAL",
            Sureness::PowerCut => "FULL",
        };
        db.pragma_update(None, "synchronous", synchronous)?;
        db.pragma_update(None, "cache_size", -CACHE_KIB)?;
        if let Some(bytes) = rehearsed_bytes() {
            let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / PAGE;
            db.pragma_update(None, "max_page_count", pages.max(1))?;
        }
        Ok(db)
    }

    fn whose(&self, db: &Connection) -> rusqlite::Result<(Whose, i64)> {
        let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let (application, version) = (number("application_id")?, number("user_version")?);
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let whose = if application == i64::from(self.application) {
            Whose::Ours
        } else if (application, tables) == (0, 0) {
            Whose::Nobodys
        } else {
            Whose::Others
        };
        Ok((whose, version))
    }

    fn check(&self, (whose, version): (Whose, i64)) -> Result<(), Trouble> {
        match whose {
            Whose::Ours => self.check_version(version),
            Whose::Nobodys => Err(Trouble::Missing),
            Whose::Others => Err(Trouble::Foreign),
        }
    }

    fn check_version(&self, version: i64) -> Result<(), Trouble> {
        if version > i64::from(self.version) { Err(Trouble::Newer(version)) } else { Ok(()) }
    }
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

/// Whether there is something in a folder, hidden files aside, that is none of its `own` files.
pub(crate) fn holds_other_things(folder: &Path, own: &[&str]) -> bool {
    let mut names = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.any(|name| !name.as_encoded_bytes().starts_with(b".") && !own.iter().any(|own| name == *own))
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
