//! The database of an audit: its tables and their version, and connections to it.
//!
//! Verdicts hang on the names of pictures, not on faces: whatever is made anew, they stay. A picture whose name another
//! shard has, too, is called after its shard as well, and takes its verdicts along when that changes. The log is all
//! that is known of them; what of it was not taken back, and is the last word on a name, holds.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use super::card::Verdict;
use super::error::AuditError;
use super::evidence;
use crate::data::atomic::WriteError;
use crate::data::database::{self, Kind, Sureness, Trouble, misshapen};
use crate::data::lock::Lock;
use crate::data::sets::{Columns, Format};
use crate::face::{Expression, ModelName};

/// The version of the format that this program writes, and the newest it reads.
pub const AUDIT_VERSION: u32 = 1;
/// "FSAU", in the header of the database: what it belongs to.
const APPLICATION: u32 = 0x4653_4155;

const DATABASE: &str = "audit.sqlite";
const LOCK: &str = "lock";
/// Folders: the gallery of the faces, and the shards that were prepared from a set that is no shards itself; while they
/// are made anew since the set has changed, the new ones, and for a moment the old ones.
pub(super) const INDEX: &str = "index";
pub(super) const CROPS: &str = "crops";
pub(super) const NEW_CROPS: &str = "crops-new";
pub(super) const OLD_CROPS: &str = "crops-old";
/// Everything that can lie in an audit.
const OWN: [&str; 9] = [
    DATABASE,
    "audit.sqlite-wal",
    "audit.sqlite-shm",
    "audit.sqlite-journal",
    LOCK,
    INDEX,
    CROPS,
    NEW_CROPS,
    OLD_CROPS,
];

/// A verdict is a person's work.
const KIND: Kind =
    Kind { application: APPLICATION, version: AUDIT_VERSION, name: DATABASE, sureness: Sureness::PowerCut };

/// `rows` is what a list of all faces needs and nothing else, so that it is read in one go.
const SCHEMA: &str = "
CREATE TABLE about (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    model TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    trained_on TEXT NOT NULL,
    source NOT NULL,
    format TEXT NOT NULL,
    columns TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    faces INTEGER NOT NULL,
    unlabelled INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    by_person INTEGER NOT NULL,
    shortcuts TEXT NOT NULL
);
CREATE TABLE readers (
    fold INTEGER PRIMARY KEY,
    reader BLOB NOT NULL
);
CREATE TABLE rows (
    face INTEGER PRIMARY KEY,
    given INTEGER NOT NULL,
    predicted INTEGER NOT NULL,
    person INTEGER NOT NULL,
    qualities BLOB NOT NULL
);
CREATE TABLE evidence (
    face INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    fold INTEGER NOT NULL,
    probabilities BLOB NOT NULL,
    averaged BLOB NOT NULL,
    votes BLOB NOT NULL,
    mood REAL
);
CREATE TABLE reconstructions (
    face INTEGER PRIMARY KEY,
    expression BLOB NOT NULL,
    probabilities BLOB NOT NULL
);
CREATE TABLE log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    step INTEGER NOT NULL,
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    given INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    scores BLOB NOT NULL,
    who TEXT NOT NULL,
    undone_at INTEGER,
    undone_by TEXT
);
CREATE INDEX log_by_name ON log (name) WHERE undone_at IS NULL;
CREATE INDEX log_by_step ON log (step) WHERE undone_at IS NULL;";

/// What an audit is of, and by what.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub model: ModelName,
    pub trained_on: String,
    pub source: PathBuf,
    pub format: Format,
    pub columns: Columns,
    /// Seconds since 1970.
    pub created: i64,
    /// When scores were made; 0 before there are any.
    pub updated: i64,
}

impl About {
    pub fn read(db: &Connection) -> rusqlite::Result<Self> {
        const SQL: &str = "SELECT model, fingerprint, trained_on, source, format, columns, created, updated FROM about";
        db.query_row(SQL, [], |row| {
            let (format, columns): (String, String) = (row.get(4)?, row.get(5)?);
            Ok(About {
                model: ModelName { name: row.get(0)?, fingerprint: row.get(1)? },
                trained_on: row.get(2)?,
                source: database::path(row.get_ref(3)?)?,
                format: format.parse().map_err(|_| misshapen(format!("the format {format}")))?,
                columns: evidence::from_json(&columns)?,
                created: row.get(6)?,
                updated: row.get(7)?,
            })
        })
    }

    fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute(
            "INSERT INTO about (id, model, fingerprint, trained_on, source, format, columns, created, updated, faces,
             unlabelled, left_out, budget, by_person, shortcuts)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0, 0, '[]')",
            params![
                self.model.name,
                self.model.fingerprint,
                self.trained_on,
                database::path_value(&self.source),
                self.format.name(),
                evidence::to_json(&self.columns),
                self.created,
                self.updated
            ],
        )?;
        Ok(())
    }
}

/// The database of the audit in a folder for whoever makes scores, with the lock that he holds. A new one where there
/// is none, for which the folder is made; what is known of it is `about`.
pub(super) fn begin(folder: &Path, about: &About) -> Result<(Connection, Lock), AuditError> {
    let there = folder.join(DATABASE).exists();
    if !there && database::holds_other_things(folder, &OWN) {
        return Err(AuditError::NotEmpty(folder.to_owned()));
    }
    fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, &e))?;
    let lock = Lock::take(&folder.join(LOCK)).map_err(|e| WriteError::new(folder, &e))?;
    let lock = lock.ok_or_else(|| AuditError::Busy(folder.to_owned()))?;
    let created = KIND.create(folder, |db| {
        db.execute_batch(SCHEMA)?;
        about.write(db)
    });
    match created {
        Ok(()) | Err(Trouble::Exists) => {}
        Err(Trouble::Foreign) => return Err(AuditError::NotEmpty(folder.to_owned())),
        Err(trouble) => return Err(AuditError::of(folder, trouble)),
    }
    match open(folder)? {
        (db, false) => Ok((db, lock)),
        (_, true) => Err(WriteError::ReadOnlyDisk(folder.to_owned()).into()),
    }
}

/// A connection to the audit in a folder, and whether it can only be read.
pub(super) fn open(folder: &Path) -> Result<(Connection, bool), AuditError> {
    KIND.open(folder).map_err(|trouble| AuditError::of(folder, trouble))
}

/// Refuses other weights than those that an audit's codes come from.
pub(super) fn require(folder: &Path, made_with: &ModelName, used: &ModelName) -> Result<(), AuditError> {
    if made_with.fingerprint == used.fingerprint {
        return Ok(());
    }
    let [made_with, used] = [made_with, used].map(|model| Box::new(model.clone()));
    Err(AuditError::OtherModel { path: folder.to_owned(), made_with, used })
}

/// Whether a folder holds an audit, finished or not.
pub(super) fn is_audit(folder: &Path) -> bool {
    folder.join(DATABASE).is_file()
}

const AMBIGUOUS: u8 = Expression::ALL.len() as u8;
const KEEP: u8 = AMBIGUOUS + 1;

/// A verdict as the log has it: the number of the class that the label becomes, or one of the two after them.
pub(super) fn verdict_number(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Relabel(class) => class.index() as u8,
        Verdict::Ambiguous => AMBIGUOUS,
        Verdict::Keep => KEEP,
    }
}

/// The verdict in the column at a place.
pub(super) fn verdict_at(row: &Row, at: usize) -> rusqlite::Result<Verdict> {
    match row.get(at)? {
        AMBIGUOUS => Ok(Verdict::Ambiguous),
        KEEP => Ok(Verdict::Keep),
        class => class_of(class).map(Verdict::Relabel),
    }
}

/// The class in the column at a place.
pub(super) fn class_at(row: &Row, at: usize) -> rusqlite::Result<Expression> {
    class_of(row.get(at)?)
}

fn class_of(number: u8) -> rusqlite::Result<Expression> {
    let class = Expression::ALL.get(usize::from(number)).copied();
    class.ok_or_else(|| misshapen(format!("the class {number}")))
}

/// The numbers in the column at a place.
pub(super) fn numbers_at<const N: usize>(row: &Row, at: usize) -> rusqlite::Result<[f32; N]> {
    let value: ValueRef = row.get_ref(at)?;
    database::numbers_of(value)
}
