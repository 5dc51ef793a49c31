//! An index open on its folder: made, read, filled, forgotten, deleted. What is asked of it is in `read`, `filter`,
//! `original` and `people`; `update` fills it from pictures.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::card::{From, NewFace};
use super::error::GalleryError;
use super::read::sources;
use super::rows::{self, FileRow, NewRow, ShardRow};
use super::schema::{self, GIVEN};
use super::{FaceKey, files};
use crate::data::atomic::WriteError;
use crate::data::lock;
use crate::face::{FaceCode, ModelName};

/// An index of faces, open. Several may be open on one folder, in this process and in others; what one writes the others
/// see at their next question. It may move to another thread, but is used by one at a time.
#[derive(Debug)]
pub struct Index {
    pub(super) db: Connection,
    folder: PathBuf,
    model: ModelName,
    /// On a disk that cannot be written.
    read_only: bool,
}

impl Index {
    /// Everything that can lie in an index's folder and is its own.
    pub const FILES: [&str; 5] = schema::FILES;

    /// Makes an index without faces in a folder that is empty or not there yet, for codes of this model.
    ///
    /// # Errors
    /// [`GalleryError::Exists`], [`GalleryError::NotEmpty`], [`GalleryError::Busy`] where another process is at it, and
    /// whatever keeps files from being written.
    pub fn create(folder: &Path, model: &ModelName) -> Result<Self, GalleryError> {
        schema::create(folder, model)?;
        Self::open(folder)
    }

    /// Opens an index, to read and to write; to read alone on a disk that cannot be written.
    ///
    /// # Errors
    /// No index there, one of a newer program, a damaged one, one that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, GalleryError> {
        let (db, read_only) = schema::open(folder)?;
        let model = model_of(&db).map_err(|e| GalleryError::store(folder, &e))?;
        Ok(Index { db, folder: folder.to_owned(), model, read_only })
    }

    /// The index in a folder, a new one where there is none. What is to be put into it is looked at first, so that a
    /// wrong name leaves no empty index behind.
    ///
    /// # Errors
    /// [`GalleryError::NoSource`], [`GalleryError::NotASource`], and those of [`Index::open`] and [`Index::create`].
    pub fn begin(folder: &Path, model: &ModelName, add: &[PathBuf]) -> Result<Self, GalleryError> {
        match Self::open(folder) {
            Err(GalleryError::NoIndex(_)) => {}
            opened => return opened,
        }
        add.iter().try_for_each(|path| files::check_source(path))?;
        match Self::create(folder, model) {
            // Another process has made it in this moment.
            Err(GalleryError::Exists(_)) => Self::open(folder),
            made => made,
        }
    }

    /// Removes an index from the disk with everything in it; its folder, too, where nothing else lies there.
    ///
    /// # Errors
    /// A folder that is no index, [`GalleryError::Busy`] where a process writes it, and what cannot be removed.
    pub fn delete(folder: &Path) -> Result<(), GalleryError> {
        schema::delete(folder)
    }

    /// Whether a process is writing codes into the index in a folder.
    pub fn is_written(folder: &Path) -> bool {
        lock::is_taken(&folder.join(schema::LOCK))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which weights its codes come from.
    pub fn model(&self) -> &ModelName {
        &self.model
    }

    /// Refuses other weights than those that its codes come from.
    ///
    /// # Errors
    /// [`GalleryError::OtherModel`], which offers to rebuild it.
    pub fn require(&self, model: &ModelName) -> Result<(), GalleryError> {
        if self.model.fingerprint == model.fingerprint {
            return Ok(());
        }
        let [made_with, used] = [&self.model, model].map(|model| Box::new(model.clone()));
        Err(GalleryError::OtherModel { path: self.folder.clone(), made_with, used })
    }

    /// Makes it an index of another model: all codes go, and the next update encodes everything anew. Sources, keys of
    /// faces that are found again, and people stay. Of faces that no source holds nothing but the code is known, so they
    /// go altogether.
    ///
    /// # Errors
    /// [`GalleryError::Busy`], and whatever keeps it from being written; it is then as it was.
    pub fn rebuild(&mut self, model: &ModelName) -> Result<(), GalleryError> {
        let _lock = self.lock()?;
        self.write(|db| {
            db.execute("DELETE FROM files WHERE state = ?1", [GIVEN])?;
            db.execute("DELETE FROM codes", [])?;
            db.execute("UPDATE files SET state = ?1, rows_done = 0, round = round + shard", [schema::TO_DO])?;
            db.execute("UPDATE about SET model = ?1, fingerprint = ?2", params![model.name, model.fingerprint])?;
            rows::touch(db)
        })?;
        self.model = model.clone();
        Ok(())
    }

    /// Keeps up with a source no longer and removes what it alone held; how many faces that were.
    ///
    /// # Errors
    /// [`GalleryError::NoSource`] for what is none of its sources, [`GalleryError::Busy`], and whatever keeps it from
    /// being written.
    pub fn forget(&mut self, source: &Path) -> Result<usize, GalleryError> {
        let named = files::named(source)?;
        let _lock = self.lock()?;
        let gone = self.write(|db| {
            let sources = sources(db)?;
            let Some(&(id, ..)) = sources.iter().find(|(_, path, _)| *path == named) else { return Ok(None) };
            // Where one source lies in another, the files stay with the one that is left.
            for (other, path, _) in sources.iter().filter(|(other, ..)| *other != id) {
                rows::hand_over(db, id, *other, path)?;
            }
            let faces: u32 = db.query_row(
                "SELECT count(*) FROM faces JOIN files ON files.id = faces.file WHERE files.source = ?1",
                [id],
                |row| row.get(0),
            )?;
            db.execute("DELETE FROM sources WHERE id = ?1", [id])?;
            db.execute("DELETE FROM people WHERE id NOT IN (SELECT person FROM pins)", [])?;
            rows::touch(db)?;
            Ok(Some(faces as usize))
        })?;
        self.tidy();
        gone.ok_or_else(|| GalleryError::NoSource(source.to_owned()))
    }

    /// Puts faces into the index, all or none; their keys, in order. Their files need not exist. An update leaves them
    /// alone unless a source of the index holds a file of the same path.
    ///
    /// # Errors
    /// [`GalleryError::BadCode`], [`GalleryError::Busy`], [`GalleryError::OtherModel`] where it was rebuilt since it was
    /// opened, and whatever keeps it from being written.
    pub fn insert(&mut self, faces: &[NewFace]) -> Result<Vec<FaceKey>, GalleryError> {
        if faces.iter().any(|face| FaceCode::from_array(&face.code).is_none()) {
            return Err(GalleryError::BadCode);
        }
        let _lock = self.lock_for_codes()?;
        self.write(|db| {
            let mut keys = Vec::with_capacity(faces.len());
            for face in faces {
                let known = rows::file(db, face.from.file())?;
                let (file, round) = known.map_or_else(|| rows::put_file(db, &given(&face.from)), Ok)?;
                keys.push(rows::put_face(db, file, round, &row_of(face))?);
            }
            rows::touch(db)?;
            Ok(keys)
        })
    }

    /// Takes the lock that whoever writes codes holds.
    pub(super) fn lock(&self) -> Result<lock::Lock, GalleryError> {
        self.check_writable()?;
        schema::lock(&self.folder)
    }

    /// Takes that lock to write codes of the model that the index had when it was opened; another process may have rebuilt
    /// it since then.
    pub(super) fn lock_for_codes(&self) -> Result<lock::Lock, GalleryError> {
        let lock = self.lock()?;
        let model = self.read(model_of)?;
        if model.fingerprint == self.model.fingerprint {
            return Ok(lock);
        }
        let (made_with, used) = (Box::new(model), Box::new(self.model.clone()));
        Err(GalleryError::OtherModel { path: self.folder.clone(), made_with, used })
    }

    /// Does `work` in one transaction: all of it is stored, or nothing.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<T>,
    ) -> Result<T, GalleryError> {
        self.check_writable()?;
        let told = |error: rusqlite::Error| GalleryError::store(&self.folder, &error);
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let outcome = work(&transaction).map_err(told)?;
        transaction.commit().map_err(told)?;
        Ok(outcome)
    }

    /// What `work` reads, all of it as it was at one moment.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, GalleryError> {
        let told = |error: rusqlite::Error| GalleryError::store(&self.folder, &error);
        let moment = self.db.unchecked_transaction().map_err(told)?;
        work(&moment).map_err(told)
    }

    /// Brings what was written lately into the database's own file, so that what was deleted lies nowhere else.
    pub(super) fn tidy(&self) {
        // Readers may be in the way; the next one to close does it.
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    fn check_writable(&self) -> Result<(), GalleryError> {
        if self.read_only {
            return Err(WriteError::ReadOnlyDisk(self.folder.clone()).into());
        }
        Ok(())
    }
}

fn model_of(db: &Connection) -> rusqlite::Result<ModelName> {
    db.query_row("SELECT model, fingerprint FROM about", [], |row| {
        Ok(ModelName { name: row.get(0)?, fingerprint: row.get(1)? })
    })
}

/// The file of a face that comes from no update.
fn given(from: &From) -> FileRow<'_> {
    let (shard, pixels) = match from {
        From::Photo { size, .. } => (false, *size),
        From::Row { .. } => (true, (0, 0)),
    };
    FileRow {
        source: None,
        path: from.file(),
        shard,
        size: 0,
        modified: 0,
        content: 0,
        pixels,
        state: GIVEN,
        problem: None,
    }
}

fn row_of(face: &NewFace) -> NewRow {
    let (row, square, found) = match &face.from {
        From::Photo { square, found, .. } => (None, Some(*square), found.clone()),
        From::Row { row, name, .. } => (Some(ShardRow { row: *row, name: name.clone(), content: 0 }), None, None),
    };
    NewRow {
        key: None,
        row,
        number: face.number,
        labels: face.labels.clone(),
        code: face.code,
        confidence: face.confidence,
        square,
        found,
        thumbnail: face.thumbnail.clone(),
    }
}
