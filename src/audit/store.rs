//! An audit open on its folder, and what is asked of it. People's verdicts are in `verdicts`, tables in `tables`; what
//! `build` makes anew is seen by an audit that is opened after that.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::build::Source;
use super::card::{Card, Counts, Info, Names, Neighbour, Qualities, Row, Verdict};
use super::confusion::{self, Confusion};
use super::error::AuditError;
use super::evidence;
use super::noise::{self, Means};
use super::readings::{self, Chances, Labelled};
use super::schema::{self, AUDIT_VERSION, About, class_at, numbers_at};
use super::scores::{Evidence, Score};
use super::{neighbours, verdicts};
use crate::data::atomic::WriteError;
use crate::evaluate::reader::Reader;
use crate::face::{CODE_DIM, Direction, Expression, FaceCode, ModelName};
use crate::gallery::{Codes, FaceKey, GalleryError, Index};
use crate::nn::Code;

/// Neighbours that a card tells.
const TOLD: usize = 8;

/// The scores and verdicts of a set's labels, open. Several may be open on one folder, in this process and in others;
/// what one writes the others see at their next question. It may move to another thread, but is used by one at a time.
pub struct Audit {
    db: Connection,
    folder: PathBuf,
    about: About,
    index: Index,
    /// On a disk that cannot be written.
    read_only: bool,
    memory: OnceCell<Memory>,
}

/// All judged faces with their codes, for whoever asks what is near a face. Read when it is first asked for.
struct Memory {
    codes: Codes,
    faces: Vec<FaceKey>,
    places: Vec<usize>,
    given: Vec<Expression>,
    groups: Vec<usize>,
    means: Means,
}

impl Memory {
    fn labelled(&self) -> Labelled<'_> {
        Labelled { codes: &self.codes, places: &self.places, given: &self.given, groups: &self.groups }
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Audit").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Audit {
    /// Opens an audit, to read and to judge; to read alone on a disk that cannot be written.
    ///
    /// # Errors
    /// No audit there, one that has no scores yet, one of a newer program, a damaged one, one that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, AuditError> {
        let (db, read_only) = schema::open(folder)?;
        let about = About::read(&db).map_err(|e| AuditError::store(folder, &e))?;
        if about.updated == 0 {
            return Err(AuditError::Unfinished(folder.to_owned()));
        }
        let index = match Index::open(&folder.join(schema::INDEX)) {
            Err(GalleryError::NoIndex(_)) => return Err(AuditError::Unfinished(folder.to_owned())),
            opened => opened?,
        };
        if index.require(&about.model).is_err() {
            return Err(AuditError::Unfinished(folder.to_owned()));
        }
        Ok(Audit { db, folder: folder.to_owned(), about, index, read_only, memory: OnceCell::new() })
    }

    /// Whether a folder holds an audit, finished or not.
    pub fn is_audit(folder: &Path) -> bool {
        schema::is_audit(folder)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which weights its codes come from.
    pub fn model(&self) -> &ModelName {
        &self.about.model
    }

    /// Refuses other weights than those that its codes come from.
    ///
    /// # Errors
    /// [`AuditError::OtherModel`].
    pub fn require(&self, model: &ModelName) -> Result<(), AuditError> {
        schema::require(&self.folder, &self.about.model, model)
    }

    /// The set, as it was named: what brings the audit up to date.
    pub fn source(&self) -> Source {
        let About { source, format, columns, .. } = &self.about;
        Source { path: source.clone(), format: Some(*format), columns: columns.clone() }
    }

    /// The gallery of its faces: their pictures, thumbnails and codes.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What is known of the whole audit.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn info(&self) -> Result<Info, AuditError> {
        let rows = self.rows()?;
        let is_known = |score: &Score| rows.iter().any(|row| !row.quality(*score).is_nan());
        let scores = Score::ALL.into_iter().filter(is_known).collect();
        self.read(|db| {
            let about = About::read(db)?;
            db.query_row("SELECT faces, unlabelled, left_out, budget, by_person, shortcuts FROM about", [], |row| {
                let shortcuts: String = row.get(5)?;
                Ok(Info {
                    model: about.model,
                    trained_on: about.trained_on,
                    source: about.source,
                    format: about.format,
                    version: AUDIT_VERSION,
                    created: about.created.unsigned_abs(),
                    updated: about.updated.unsigned_abs(),
                    faces: row.get::<_, u32>(0)? as usize,
                    labelled: rows.len(),
                    unlabelled: row.get::<_, u32>(1)? as usize,
                    left_out: row.get::<_, u32>(2)? as usize,
                    budget: row.get::<_, u32>(3)? as usize,
                    classes: classes(&rows),
                    verdicts: counts(&rows),
                    folds_by_person: row.get(4)?,
                    shortcuts: evidence::from_json(&shortcuts)?,
                    scores,
                })
            })
        })
    }

    /// All faces whose labels are judged, by their keys.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn rows(&self) -> Result<Vec<Row>, AuditError> {
        self.read(rows_of)
    }

    /// The names of the rows, in their order.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn names(&self) -> Result<Names, AuditError> {
        self.read(names_of)
    }

    /// The rows and their names, as they were at one moment.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn named_rows(&self) -> Result<(Vec<Row>, Names), AuditError> {
        self.read(|db| Ok((rows_of(db)?, names_of(db)?)))
    }

    /// So many of the worst are to be looked at.
    pub(super) fn budget(&self) -> Result<usize, AuditError> {
        let budget: u32 = self.read(|db| db.query_row("SELECT budget FROM about", [], |row| row.get(0)))?;
        Ok(budget as usize)
    }

    /// The name of a row's picture in the set.
    ///
    /// # Errors
    /// [`AuditError::NoFace`], and a database that cannot be read.
    pub fn name(&self, face: FaceKey) -> Result<String, AuditError> {
        let name = self.read(|db| {
            let mut statement = db.prepare_cached("SELECT name FROM evidence WHERE face = ?1")?;
            statement.query_row([face], |row| row.get(0)).optional()
        })?;
        name.ok_or(AuditError::NoFace)
    }

    /// The row of the picture of this name.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn find(&self, name: &str) -> Result<Option<FaceKey>, AuditError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT face FROM evidence WHERE name = ?1")?;
            statement.query_row([name], |row| row.get(0)).optional()
        })
    }

    /// How many faces of each given class look like each class.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn confusion(&self) -> Result<Confusion, AuditError> {
        Ok(confusion::count(self.rows()?.iter().map(|row| (row.given, row.predicted))))
    }

    /// What is known of a row. The first card takes longer: for it all codes are read.
    ///
    /// # Errors
    /// [`AuditError::NoFace`], and a database that cannot be read.
    pub fn card(&self, face: FaceKey) -> Result<Card, AuditError> {
        let known = self.index.card(face)?.ok_or(AuditError::NoFace)?;
        let found = self.read(|db| evidence::read(db, face))?.ok_or(AuditError::NoFace)?;
        let label = self.read(|db| verdicts::label(db, &found.name))?;
        let given = found.evidence.given;
        let memory = self.memory()?;
        let predicted = found.predicted;
        let as_class = |class: Expression| {
            let mean = memory.means[class.index()].and_then(Direction::new);
            (class, FaceCode { expression: mean.unwrap_or(known.code.expression), ..known.code })
        };
        Ok(Card {
            face,
            given,
            predicted,
            verdict: label.map(|label| Verdict::of(label, given)),
            qualities: evidence::qualities(&found.evidence),
            probabilities: found.evidence.probabilities,
            averaged: found.evidence.averaged,
            votes: found.evidence.votes,
            reconstruction: found.evidence.reconstruction,
            name: found.name,
            person: known.labels.person,
            valence: known.labels.valence,
            arousal: known.labels.arousal,
            neighbours: self.neighbours(memory, face)?,
            code: known.code,
            counterfactual: [as_class(given), as_class(predicted)],
        })
    }

    /// Reads a face's reconstruction, whose code is `f` (pose in radians), by the reader that did not see the face, and
    /// keeps what it says where the disk takes it. The probabilities, and the qualities as they are with them.
    ///
    /// # Errors
    /// [`AuditError::NoFace`], the networks, and whatever keeps it from being written.
    pub fn read_reconstruction(
        &mut self,
        face: FaceKey,
        f: &[f32; CODE_DIM],
    ) -> Result<(Chances, Qualities), AuditError> {
        self.read_reconstructions(&[(face, *f)])?.pop().ok_or(AuditError::NoFace)
    }

    /// The same for several faces at once.
    pub(super) fn read_reconstructions(
        &mut self,
        faces: &[(FaceKey, Code)],
    ) -> Result<Vec<(Chances, Qualities)>, AuditError> {
        let mut readers = HashMap::new();
        let mut all = Vec::with_capacity(faces.len());
        for (face, f) in faces {
            let found = self.read(|db| evidence::read(db, *face))?.ok_or(AuditError::NoFace)?;
            let reader = match readers.entry(found.fold) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.reader(found.fold)?),
            };
            for chances in readings::probabilities(reader, std::slice::from_ref(f))? {
                let evidence = Evidence { reconstruction: Some(chances), ..found.evidence };
                all.push((chances, evidence::qualities(&evidence)));
            }
        }
        if !self.read_only {
            let made = (self.about.model.fingerprint.clone(), self.about.updated);
            self.write(|db| {
                let now = About::read(db)?;
                if (now.model.fingerprint, now.updated) != made {
                    // Made anew meanwhile, by readers that have not seen this.
                    return Ok(());
                }
                for ((face, f), (chances, qualities)) in faces.iter().zip(&all) {
                    evidence::put_reconstruction(db, *face, f, chances, qualities)?;
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn reader(&self, fold: u8) -> Result<Reader, AuditError> {
        let bytes: Vec<u8> = self.read(|db| {
            let mut statement = db.prepare_cached("SELECT reader FROM readers WHERE fold = ?1")?;
            statement.query_row([fold], |row| row.get(0))
        })?;
        let damaged =
            |_| AuditError::Damaged { path: self.folder.clone(), detail: "one of its readers is none".to_owned() };
        Reader::from_bytes(&bytes).map_err(damaged)
    }

    fn neighbours(&self, memory: &Memory, face: FaceKey) -> Result<Vec<Neighbour>, AuditError> {
        let Ok(at) = memory.faces.binary_search(&face) else { return Ok(Vec::new()) };
        let near = neighbours::nearest(&memory.labelled(), at, TOLD);
        near.into_iter()
            .map(|near| {
                let (face, given) = (memory.faces[near.at], memory.given[near.at]);
                Ok(Neighbour { face, name: self.name(face)?, given, likeness: near.likeness })
            })
            .collect()
    }

    fn memory(&self) -> Result<&Memory, AuditError> {
        if let Some(memory) = self.memory.get() {
            return Ok(memory);
        }
        let codes = self.index.codes()?;
        let (mut faces, mut places, mut given, mut groups) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        self.read(|db| {
            let mut statement = db.prepare("SELECT face, given, person FROM rows ORDER BY face")?;
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                let face: FaceKey = row.get(0)?;
                // One that has gone from the index since scores were made is nobody's neighbour.
                let Some(place) = codes.position(face) else { continue };
                faces.push(face);
                places.push(place);
                given.push(class_at(row, 1)?);
                groups.push(row.get::<_, u32>(2)? as usize);
            }
            Ok(())
        })?;
        let means = noise::means(&Labelled { codes: &codes, places: &places, given: &given, groups: &groups });
        let memory = Memory { codes, faces, places, given, groups, means };
        Ok(self.memory.get_or_init(|| memory))
    }

    /// Does `work` in one transaction: all of it is on the disk once this returns, or nothing is.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&Transaction) -> rusqlite::Result<T>) -> Result<T, AuditError> {
        if self.read_only {
            return Err(WriteError::ReadOnlyDisk(self.folder.clone()).into());
        }
        let told = |error: rusqlite::Error| AuditError::store(&self.folder, &error);
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let outcome = work(&transaction).map_err(told)?;
        transaction.commit().map_err(told)?;
        Ok(outcome)
    }

    /// What `work` reads, all of it as it was at one moment.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, AuditError> {
        let told = |error: rusqlite::Error| AuditError::store(&self.folder, &error);
        let moment = self.db.unchecked_transaction().map_err(told)?;
        work(&moment).map_err(told)
    }
}

/// The rows from the worst label to the best by a score, as their places; of equal ones the first, and those of which
/// the score is not known last.
pub fn ranking(rows: &[Row], score: Score) -> Vec<u32> {
    let quality = |row: &Row| Some(row.quality(score)).filter(|quality| !quality.is_nan()).unwrap_or(f32::INFINITY);
    let mut order: Vec<(f32, u32)> = rows.iter().zip(0..).map(|(row, place)| (quality(row), place)).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(_, place)| place).collect()
}

pub(super) fn rows_of(db: &Connection) -> rusqlite::Result<Vec<Row>> {
    let labels: HashMap<FaceKey, Option<Expression>> = verdicts::labels(db)?.into_iter().collect();
    let mut statement = db.prepare_cached("SELECT face, given, predicted, qualities FROM rows ORDER BY face")?;
    let mut rows = Vec::new();
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (face, given) = (row.get(0)?, class_at(row, 1)?);
        let verdict = labels.get(&face).map(|&label| Verdict::of(label, given));
        rows.push(Row { face, given, predicted: class_at(row, 2)?, verdict, qualities: numbers_at(row, 3)? });
    }
    Ok(rows)
}

pub(super) fn names_of(db: &Connection) -> rusqlite::Result<Names> {
    let mut statement = db.prepare_cached("SELECT name FROM evidence ORDER BY face")?;
    let mut names = Names::default();
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        names.push(row.get_ref(0)?.as_str()?);
    }
    Ok(names)
}

/// How many rows each class has that some have.
fn classes(rows: &[Row]) -> Vec<(Expression, usize)> {
    let of = |class: Expression| rows.iter().filter(|row| row.given == class).count();
    Expression::ALL.into_iter().map(|class| (class, of(class))).filter(|(_, faces)| *faces > 0).collect()
}

fn counts(rows: &[Row]) -> Counts {
    let mut counts = Counts::default();
    for verdict in rows.iter().filter_map(|row| row.verdict) {
        match verdict {
            Verdict::Keep => counts.keep += 1,
            Verdict::Relabel(_) => counts.relabel += 1,
            Verdict::Ambiguous => counts.ambiguous += 1,
        }
    }
    counts
}
