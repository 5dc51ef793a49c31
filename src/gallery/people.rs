//! Faces put together by hand: who is pinned to whom, under which name. Faces that nobody has pinned are grouped anew each
//! time (`grouping`), around those that are.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::error::GalleryError;
use super::index::Index;
use super::{FaceKey, rows, undo};

/// A person of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PersonId(pub i64);

/// Who has been told apart: names, and the faces pinned to each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    pub names: BTreeMap<PersonId, String>,
    /// In the order of keys.
    pub of: Vec<(FaceKey, PersonId)>,
}

impl Index {
    /// The people who were named, merged or split off, and their faces.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn people(&self) -> Result<Pins, GalleryError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT id, name FROM people")?;
            let names = statement.query_map([], |row| Ok((PersonId(row.get(0)?), row.get::<_, String>(1)?)))?;
            let names = names.collect::<rusqlite::Result<_>>()?;
            let mut statement = db.prepare_cached("SELECT key, person FROM pins ORDER BY key")?;
            let of = statement.query_map([], |row| Ok((row.get::<_, FaceKey>(0)?, PersonId(row.get(1)?))))?;
            Ok(Pins { names, of: of.collect::<rusqlite::Result<_>>()? })
        })
    }

    /// Names a group of faces and pins them to that person. A person of whom these are all the faces gets the new name;
    /// where somebody has it already, the faces become theirs.
    ///
    /// # Errors
    /// [`GalleryError::NoName`], [`GalleryError::NoFaces`] where none of them is in the index, and whatever keeps it from
    /// being written.
    pub fn rename(&mut self, members: &[FaceKey], name: &str) -> Result<PersonId, GalleryError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(GalleryError::NoName);
        }
        self.step(members, |db, faces| {
            let person = match called(db, name)? {
                Some(person) => person,
                None => match all_theirs(db, faces)? {
                    Some(person) => person,
                    None => new_person(db, name)?,
                },
            };
            db.execute("UPDATE people SET name = ?2, given = 1 WHERE id = ?1", params![person.0, name])?;
            pin(db, faces, person)?;
            Ok(Some((person, format!("{} named {name}", counted(faces.len())))))
        })
    }

    /// Makes one person of the faces of several groups. Of the people among them the one stays whose name was given; of
    /// several, the one with most faces here.
    ///
    /// # Errors
    /// As [`Index::rename`].
    pub fn merge(&mut self, members: &[FaceKey]) -> Result<PersonId, GalleryError> {
        self.step(members, |db, faces| {
            let mut most = BTreeMap::<i64, (bool, usize)>::new();
            for &face in faces {
                if let Some((person, given)) = pinned(db, face)? {
                    most.entry(person).or_insert((given, 0)).1 += 1;
                }
            }
            // Of equals the one who was there first.
            let best = most.into_iter().max_by_key(|&(person, (given, count))| (given, count, -person));
            let person = match best {
                Some((person, _)) => PersonId(person),
                None => unnamed_person(db)?,
            };
            pin(db, faces, person)?;
            Ok(Some((person, format!("{} put together as {}", counted(faces.len()), name_of(db, person)?))))
        })
    }

    /// Makes a person of their own of some faces, who is called "Person 1" and so on until somebody names them. `groups`
    /// are the whole groups that they are split from, as they are shown: what is left of each is pinned, too, to the
    /// person that it was or to one of its own. Else the faces split off, which it is like, would draw it after them.
    ///
    /// # Errors
    /// As [`Index::rename`].
    pub fn split(&mut self, members: &[FaceKey], groups: &[Vec<FaceKey>]) -> Result<PersonId, GalleryError> {
        let off: BTreeSet<FaceKey> = members.iter().copied().collect();
        let all: Vec<FaceKey> = members.iter().chain(groups.iter().flatten()).copied().collect();
        self.step(&all, |db, faces| {
            let faces: BTreeSet<FaceKey> = faces.iter().copied().collect();
            let own: Vec<FaceKey> = faces.intersection(&off).copied().collect();
            if own.is_empty() {
                return Ok(None);
            }
            // Asked before anybody is pinned elsewhere.
            let mut left = Vec::with_capacity(groups.len());
            for group in groups {
                left.push(left_behind(db, group, |face| faces.contains(face) && !off.contains(face))?);
            }
            let person = unnamed_person(db)?;
            pin(db, &own, person)?;
            for (theirs, rest) in left.into_iter().filter(|(_, rest)| !rest.is_empty()) {
                let theirs = theirs.map_or_else(|| unnamed_person(db), Ok)?;
                pin(db, &rest, theirs)?;
            }
            Ok(Some((person, format!("{} split off as {}", counted(own.len()), name_of(db, person)?))))
        })
    }

    /// Takes the last naming, merging or splitting back and tells what that was, such as "12 faces named Anna"; none
    /// where there is nothing to take back. Faces that have gone since stay gone.
    ///
    /// # Errors
    /// Whatever keeps the index from being written.
    pub fn undo(&mut self) -> Result<Option<String>, GalleryError> {
        self.write(|db| {
            let undone = undo::take_back(db)?;
            if undone.is_some() {
                rows::touch(db)?;
            }
            Ok(undone)
        })
    }

    /// Does something with those of the faces that are in the index, in one step that can be undone: `work` pins them and
    /// tells to whom, and what that was; none where it finds nothing to do.
    fn step(
        &mut self,
        members: &[FaceKey],
        work: impl FnOnce(&Connection, &[FaceKey]) -> rusqlite::Result<Option<(PersonId, String)>>,
    ) -> Result<PersonId, GalleryError> {
        let person = self.write(|db| {
            let faces = present(db, members)?;
            if faces.is_empty() {
                return Ok(None);
            }
            let before = undo::Before::of(db, &faces)?;
            let Some((person, what)) = work(db, &faces)? else { return Ok(None) };
            db.execute("DELETE FROM people WHERE id NOT IN (SELECT person FROM pins)", [])?;
            undo::note(db, &what, before)?;
            rows::touch(db)?;
            Ok(Some(person))
        })?;
        person.ok_or(GalleryError::NoFaces)
    }
}

fn pin(db: &Connection, faces: &[FaceKey], person: PersonId) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached("INSERT OR REPLACE INTO pins (key, person) VALUES (?1, ?2)")?;
    for &face in faces {
        statement.execute([face, person.0])?;
    }
    Ok(())
}

/// Who a group is, and those of its faces that `stays` and that nobody has pinned.
fn left_behind(
    db: &Connection,
    group: &[FaceKey],
    stays: impl Fn(&FaceKey) -> bool,
) -> rusqlite::Result<(Option<PersonId>, Vec<FaceKey>)> {
    let (mut theirs, mut rest) = (None, Vec::new());
    for face in group {
        match pinned(db, *face)? {
            Some((person, _)) => theirs = theirs.or(Some(PersonId(person))),
            None if stays(face) => rest.push(*face),
            None => {}
        }
    }
    Ok((theirs, rest))
}

/// Those of the faces that are in the index, each once.
fn present(db: &Connection, members: &[FaceKey]) -> rusqlite::Result<Vec<FaceKey>> {
    let mut statement = db.prepare_cached("SELECT 1 FROM faces WHERE key = ?1")?;
    let mut faces = Vec::with_capacity(members.len());
    for face in members.iter().copied().collect::<BTreeSet<_>>() {
        if statement.exists([face])? {
            faces.push(face);
        }
    }
    Ok(faces)
}

fn called(db: &Connection, name: &str) -> rusqlite::Result<Option<PersonId>> {
    let mut statement = db.prepare_cached("SELECT id FROM people WHERE name = ?1 ORDER BY id")?;
    statement.query_row([name], |row| row.get(0).map(PersonId)).optional()
}

/// The person of whom these are all the faces.
fn all_theirs(db: &Connection, faces: &[FaceKey]) -> rusqlite::Result<Option<PersonId>> {
    let mut people = BTreeMap::<i64, usize>::new();
    for &face in faces {
        if let Some((person, _)) = pinned(db, face)? {
            *people.entry(person).or_default() += 1;
        }
    }
    let (Some((person, here)), None) = (people.pop_first(), people.pop_first()) else { return Ok(None) };
    let all: u32 = db.query_row("SELECT count(*) FROM pins WHERE person = ?1", [person], |row| row.get(0))?;
    Ok((all as usize == here).then_some(PersonId(person)))
}

/// Who a face is pinned to, and whether that name was given.
fn pinned(db: &Connection, face: FaceKey) -> rusqlite::Result<Option<(i64, bool)>> {
    let mut statement = db.prepare_cached(
        "SELECT people.id, people.given FROM pins JOIN people ON people.id = pins.person WHERE pins.key = ?1",
    )?;
    statement.query_row([face], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

fn new_person(db: &Connection, name: &str) -> rusqlite::Result<PersonId> {
    db.execute("INSERT INTO people (name, given) VALUES (?1, 0)", [name])?;
    Ok(PersonId(db.last_insert_rowid()))
}

/// A person with the first name of its kind that nobody has.
fn unnamed_person(db: &Connection) -> rusqlite::Result<PersonId> {
    let mut number = 1;
    while called(db, &format!("Person {number}"))?.is_some() {
        number += 1;
    }
    new_person(db, &format!("Person {number}"))
}

fn name_of(db: &Connection, person: PersonId) -> rusqlite::Result<String> {
    db.query_row("SELECT name FROM people WHERE id = ?1", [person.0], |row| row.get(0))
}

fn counted(faces: usize) -> String {
    if faces == 1 { "1 face".to_owned() } else { format!("{faces} faces") }
}
