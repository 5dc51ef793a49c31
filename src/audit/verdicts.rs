//! What people say about labels: a log that only grows. What was said last about a name and not taken back holds. A
//! verdict is on the disk when its function returns.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::card::{LogRow, Qualities, Undone, Verdict};
use super::error::AuditError;
use super::schema::{class_at, numbers_at, verdict_at, verdict_number};
use super::store::Audit;
use crate::data::database::numbers;
use crate::data::sets::SharedNames;
use crate::data::when::{now, rfc3339};
use crate::face::Expression;
use crate::gallery::FaceKey;

/// Who judges where nobody says.
const NOBODY: &str = "somebody";

impl Audit {
    /// Notes what a person, `by` name, says about a face's label; what then holds: the label that the face has already
    /// is one to keep. A verdict that holds already is not noted again.
    ///
    /// # Errors
    /// [`AuditError::NoFace`], and whatever keeps it from being written.
    pub fn judge(&mut self, face: FaceKey, verdict: Verdict, by: &str) -> Result<Verdict, AuditError> {
        let settled = self.write(|db| Step::begin(db, by)?.judge(db, face, verdict))?;
        settled.map(|settled| settled.verdict).ok_or(AuditError::NoFace)
    }

    /// Takes the last judgement or import back that still holds, whoever made it; none where there is nothing to take
    /// back. The log keeps it, with a note `by` whom it was taken back. Faces that the set has no longer are not told.
    ///
    /// # Errors
    /// Whatever keeps it from being written.
    pub fn undo(&mut self, by: &str) -> Result<Option<Undone>, AuditError> {
        self.write(|db| {
            let last = db
                .prepare_cached("SELECT step FROM log WHERE undone_at IS NULL ORDER BY step DESC LIMIT 1")?
                .query_row([], |row| row.get::<_, i64>(0))
                .optional()?;
            let Some(step) = last else { return Ok(None) };
            let mut names =
                db.prepare_cached("SELECT name FROM log WHERE step = ?1 AND undone_at IS NULL ORDER BY id")?;
            let names: Vec<String> = names.query_map([step], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            db.prepare_cached("UPDATE log SET undone_at = ?2, undone_by = ?3 WHERE step = ?1 AND undone_at IS NULL")?
                .execute(params![step, now(), known(by)])?;
            let mut faces = Vec::with_capacity(names.len());
            for name in &names {
                if let Some((face, given)) = face_called(db, name)? {
                    faces.push((face, label(db, name)?.map(|label| Verdict::of(label, given))));
                }
            }
            Ok(names.into_iter().next().map(|name| Undone { faces, name }))
        })
    }

    /// Everything that was said, oldest first, and what of it was taken back.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn log(&self) -> Result<Vec<LogRow>, AuditError> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT at, name, given, verdict, scores, who, undone_at, undone_by FROM log ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                let (from, verdict) = (class_at(row, 2)?, verdict_at(row, 3)?);
                let undone_at: Option<i64> = row.get(6)?;
                let undone_by: Option<String> = row.get(7)?;
                Ok(LogRow {
                    when: rfc3339(row.get(0)?),
                    key: row.get(1)?,
                    from,
                    to: verdict.label(from),
                    verdict,
                    scores: numbers_at(row, 4)?,
                    by: row.get(5)?,
                    undone: undone_at.map(|at| (rfc3339(at), undone_by.unwrap_or_default())),
                })
            })?;
            rows.collect()
        })
    }
}

/// Verdicts that are given, and taken back, together.
pub(super) struct Step<'a> {
    number: i64,
    /// Milliseconds since 1970.
    at: i64,
    by: &'a str,
}

/// What came of a verdict.
pub(super) struct Settled {
    /// What holds.
    pub verdict: Verdict,
    /// Whether it did not hold before.
    pub is_new: bool,
}

impl<'a> Step<'a> {
    pub fn begin(db: &Connection, by: &'a str) -> rusqlite::Result<Self> {
        // That of its first row, so that steps grow as rows do.
        let number = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM log", [], |row| row.get(0))?;
        Ok(Step { number, at: now(), by: known(by) })
    }

    /// Notes a verdict; none where the face is not judged here.
    pub fn judge(&self, db: &Connection, face: FaceKey, verdict: Verdict) -> rusqlite::Result<Option<Settled>> {
        let mut statement = db.prepare_cached(
            "SELECT evidence.name, rows.given, rows.qualities FROM rows JOIN evidence ON evidence.face = rows.face
             WHERE rows.face = ?1",
        )?;
        let found = statement.query_row([face], |row| {
            let scores: Qualities = numbers_at(row, 2)?;
            Ok((row.get::<_, String>(0)?, class_at(row, 1)?, scores))
        });
        let Some((name, given, scores)) = found.optional()? else { return Ok(None) };
        let asked = verdict.label(given);
        let verdict = Verdict::of(asked, given);
        let is_new = label(db, &name)? != Some(asked);
        if is_new {
            let Step { number, at, by } = self;
            db.prepare_cached(
                "INSERT INTO log (step, at, name, given, verdict, scores, who) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                number,
                at,
                name,
                given.index() as u8,
                verdict_number(verdict),
                numbers(&scores),
                by
            ])?;
        }
        Ok(Some(Settled { verdict, is_new }))
    }
}

/// The label that a name has by the verdict that holds, where there is one; none for an ambiguous face. What somebody
/// kept is that label, also where the set has another one by now.
pub(super) fn label(db: &Connection, name: &str) -> rusqlite::Result<Option<Option<Expression>>> {
    let mut statement = db.prepare_cached(
        "SELECT verdict, given FROM log WHERE name = ?1 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
    )?;
    statement.query_row([name], |row| Ok(verdict_at(row, 0)?.label(class_at(row, 1)?))).optional()
}

/// The same for all faces with a verdict that holds.
pub(super) fn labels(db: &Connection) -> rusqlite::Result<Vec<(FaceKey, Option<Expression>)>> {
    // Beside a largest value SQLite gives the other columns of its row.
    let mut statement = db.prepare_cached(
        "SELECT evidence.face, log.verdict, log.given, max(log.id) FROM log JOIN evidence ON evidence.name = log.name
         WHERE log.undone_at IS NULL GROUP BY log.name",
    )?;
    let labels = statement.query_map([], |row| Ok((row.get(0)?, verdict_at(row, 1)?.label(class_at(row, 2)?))))?;
    labels.collect()
}

/// Lets verdicts follow faces that are called otherwise than when scores were made last, now as `name_of` says: since
/// another shard has a picture of their name by now or has it no longer, or since their shard has another name.
pub(super) fn follow<'a>(db: &Connection, name_of: impl Fn(FaceKey) -> Option<&'a str>) -> rusqlite::Result<()> {
    let mut renamed = HashMap::new();
    let mut statement = db.prepare("SELECT face, name FROM evidence")?;
    let mut faces = statement.query([])?;
    while let Some(row) = faces.next()? {
        let before = row.get_ref(1)?.as_str()?;
        let Some(now) = name_of(row.get(0)?) else { continue };
        // In an index that was made anew the key is another picture's.
        let is_same = SharedNames::name_in_shard(now) == SharedNames::name_in_shard(before);
        if is_same && now != before {
            renamed.insert(before.to_owned(), now);
        }
    }
    if renamed.is_empty() {
        return Ok(());
    }
    let mut statement = db.prepare("SELECT id, name FROM log")?;
    let said = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // All read before any is written: one may get the name that another one had.
    let said: Vec<(i64, String)> = said.collect::<rusqlite::Result<_>>()?;
    let mut rename = db.prepare("UPDATE log SET name = ?2 WHERE id = ?1")?;
    for (id, name) in said {
        if let Some(now) = renamed.get(&name) {
            rename.execute(params![id, now])?;
        }
    }
    Ok(())
}

fn face_called(db: &Connection, name: &str) -> rusqlite::Result<Option<(FaceKey, Expression)>> {
    let mut statement = db.prepare_cached(
        "SELECT rows.face, rows.given FROM evidence JOIN rows ON rows.face = evidence.face WHERE evidence.name = ?1",
    )?;
    statement.query_row([name], |row| Ok((row.get(0)?, class_at(row, 1)?))).optional()
}

fn known(by: &str) -> &str {
    let by = by.trim();
    if by.is_empty() { NOBODY } else { by }
}
