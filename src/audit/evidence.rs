//! What speaks for a label and against it, to rows of the database and back. Everything here runs in a transaction of
//! its caller.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::card::Qualities;
use super::readings::Chances;
use super::schema::{class_at, numbers_at};
use super::scores::{Evidence, Score};
use crate::data::database::{misshapen, numbers};
use crate::face::{CODE_DIM, Expression, PART_DIM, Part};
use crate::gallery::FaceKey;
use crate::nn::Code;

/// A face whose label is judged.
pub(super) struct Found {
    /// Of its picture in the set.
    pub name: String,
    /// The reader of this number did not see it.
    pub fold: u8,
    pub predicted: Expression,
    pub evidence: Evidence,
}

/// How good the label looks by each score.
pub(super) fn qualities(evidence: &Evidence) -> Qualities {
    Score::ALL.map(|score| score.of(evidence))
}

pub(super) fn read(db: &Connection, face: FaceKey) -> rusqlite::Result<Option<Found>> {
    let mut statement = db.prepare_cached(
        "SELECT evidence.name, evidence.fold, rows.given, rows.predicted, evidence.probabilities, evidence.averaged,
         evidence.votes, reconstructions.probabilities, evidence.mood
         FROM evidence JOIN rows ON rows.face = evidence.face
         LEFT JOIN reconstructions ON reconstructions.face = evidence.face WHERE evidence.face = ?1",
    )?;
    let found = statement.query_row([face], |row| {
        let is_read = row.get_ref(7)? != rusqlite::types::ValueRef::Null;
        Ok(Found {
            name: row.get(0)?,
            fold: row.get(1)?,
            predicted: class_at(row, 3)?,
            evidence: Evidence {
                given: class_at(row, 2)?,
                probabilities: numbers_at(row, 4)?,
                averaged: numbers_at(row, 5)?,
                votes: numbers_at(row, 6)?,
                reconstruction: is_read.then(|| numbers_at(row, 7)).transpose()?,
                mood: row.get(8)?,
            },
        })
    });
    found.optional()
}

/// The probabilities of all rows, in their order.
pub(super) fn probabilities(db: &Connection) -> rusqlite::Result<Vec<Chances>> {
    let mut statement = db.prepare("SELECT probabilities FROM evidence ORDER BY face")?;
    let chances = statement.query_map([], |row| numbers_at(row, 0))?;
    chances.collect()
}

/// Stores a judged face; `person` is equal for faces that belong together.
pub(super) fn put(db: &Connection, face: FaceKey, person: usize, found: &Found) -> rusqlite::Result<()> {
    let Found { name, fold, predicted, evidence } = found;
    db.prepare_cached("INSERT INTO rows (face, given, predicted, person, qualities) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            face,
            evidence.given.index() as u8,
            predicted.index() as u8,
            u32::try_from(person).unwrap_or(u32::MAX),
            numbers(&qualities(evidence))
        ])?;
    db.prepare_cached(
        "INSERT INTO evidence (face, name, fold, probabilities, averaged, votes, mood)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        face,
        name,
        fold,
        numbers(&evidence.probabilities),
        numbers(&evidence.averaged),
        numbers(&evidence.votes),
        evidence.mood
    ])?;
    Ok(())
}

/// Stores what is read in a face's reconstruction, whose code is `f`, and the qualities that come of it.
pub(super) fn put_reconstruction(
    db: &Connection,
    face: FaceKey,
    f: &Code,
    chances: &Chances,
    qualities: &Qualities,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO reconstructions (face, expression, probabilities) VALUES (?1, ?2, ?3)")?
        .execute(params![face, numbers(&f[Part::Expression.range()]), numbers(chances)])?;
    db.prepare_cached("UPDATE rows SET qualities = ?2 WHERE face = ?1")?.execute(params![face, numbers(qualities)])?;
    Ok(())
}

/// Stores what another reader says of a reconstruction that was read before.
pub(super) fn change_reconstruction(db: &Connection, face: FaceKey, chances: &Chances) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE reconstructions SET probabilities = ?2 WHERE face = ?1")?
        .execute(params![face, numbers(chances)])?;
    Ok(())
}

/// Reconstructions that were read before: the faces, and codes of which the expression part alone is filled.
pub(super) fn reconstructions(db: &Connection) -> rusqlite::Result<Vec<(FaceKey, Code)>> {
    let mut statement = db.prepare("SELECT face, expression FROM reconstructions")?;
    let found = statement.query_map([], |row| {
        let expression: [f32; PART_DIM] = numbers_at(row, 1)?;
        let mut code = [0.0; CODE_DIM];
        code[Part::Expression.range()].copy_from_slice(&expression);
        Ok((row.get(0)?, code))
    })?;
    found.collect()
}

/// Plain records as a column has them.
pub(super) fn to_json(records: &impl Serialize) -> String {
    // Of names and numbers, which always have a JSON form.
    serde_json::to_string(records).unwrap_or_default()
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|e| misshapen(e.to_string()))
}
