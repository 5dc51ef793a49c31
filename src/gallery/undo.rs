//! How people were put together before each step, in the index itself, so that a step can be taken back on another day.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{FaceKey, rows};

/// Steps that can be taken back; older ones are forgotten.
const STEPS: i64 = 100;

/// What a step changes, as it was.
#[derive(Serialize, Deserialize)]
pub(super) struct Before {
    /// All people: number, name, and whether that was given.
    people: Vec<(i64, String, bool)>,
    /// The faces of the step, and whose they were.
    pins: Vec<(FaceKey, Option<i64>)>,
}

impl Before {
    pub fn of(db: &Connection, faces: &[FaceKey]) -> rusqlite::Result<Self> {
        let mut statement = db.prepare_cached("SELECT id, name, given FROM people")?;
        let people = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let people = people.collect::<rusqlite::Result<_>>()?;
        let mut statement = db.prepare_cached("SELECT person FROM pins WHERE key = ?1")?;
        let mut pins = Vec::with_capacity(faces.len());
        for &face in faces {
            pins.push((face, statement.query_row([face], |row| row.get(0)).optional()?));
        }
        Ok(Before { people, pins })
    }
}

/// Notes a step that was done.
pub(super) fn note(db: &Connection, what: &str, mut before: Before) -> rusqlite::Result<()> {
    // Only those who are called otherwise now, or are no more.
    let mut same = db.prepare_cached("SELECT 1 FROM people WHERE id = ?1 AND name = ?2 AND given = ?3")?;
    let mut changed = Vec::new();
    for person in before.people {
        if !same.exists(params![person.0, person.1, person.2])? {
            changed.push(person);
        }
    }
    before.people = changed;
    let text = serde_json::to_string(&before).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    db.execute("INSERT INTO undo (what, before) VALUES (?1, ?2)", [what, text.as_str()])?;
    db.execute("DELETE FROM undo WHERE id <= ?1", [db.last_insert_rowid() - STEPS])?;
    Ok(())
}

/// Takes the last step back; what it was.
pub(super) fn take_back(db: &Connection) -> rusqlite::Result<Option<String>> {
    let last = db.query_row("SELECT id, what, before FROM undo ORDER BY id DESC LIMIT 1", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    });
    let Some((id, what, before)) = last.optional()? else { return Ok(None) };
    let before: Before = serde_json::from_str(&before).map_err(|e| rows::misshapen(e.to_string()))?;
    for (person, name, given) in &before.people {
        db.execute(
            "INSERT INTO people (id, name, given) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET name = ?2, given = ?3",
            params![person, name, given],
        )?;
    }
    for (face, person) in &before.pins {
        db.prepare_cached("DELETE FROM pins WHERE key = ?1")?.execute([face])?;
        if let Some(person) = person {
            // A face may have gone since, and with its last one a person.
            db.prepare_cached(
                "INSERT INTO pins (key, person) SELECT faces.key, people.id FROM faces, people
                 WHERE faces.key = ?1 AND people.id = ?2",
            )?
            .execute([face, person])?;
        }
    }
    db.execute("DELETE FROM people WHERE id NOT IN (SELECT person FROM pins)", [])?;
    db.execute("DELETE FROM undo WHERE id = ?1", [id])?;
    Ok(Some(what))
}
