//! Which faces of an index are meant: by label, by pose, by folder.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::codes::Codes;
use super::error::GalleryError;
use super::index::Index;
use super::{FaceKey, files, rows};
use crate::face::Expression;

/// Conditions that a face must all meet; the default has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Any of these; none of them named means all faces, also those without a label.
    pub expressions: Vec<Expression>,
    /// A name or a part of one, capitals or not: of the person in the shard, or of the one named by hand.
    pub person: Option<String>,
    /// From and to, in degrees.
    pub yaw: Option<[f32; 2]>,
    /// From and to, in degrees.
    pub pitch: Option<[f32; 2]>,
    /// From and to, in degrees.
    pub roll: Option<[f32; 2]>,
    /// Photographs and shards in it or in a folder below; or this very file.
    pub in_folder: Option<PathBuf>,
}

/// Whether each face is meant, in the order of the codes.
pub type Selection = Vec<bool>;

impl Index {
    /// The faces that meet all conditions of a filter, among those whose codes are in memory.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn select(&self, filter: &Filter, codes: &Codes) -> Result<Selection, GalleryError> {
        let mut selection = by_pose(filter, codes);
        if !filter.expressions.is_empty() {
            keep(&mut selection, codes, &self.read(|db| with_expressions(db, &filter.expressions))?);
        }
        if let Some(name) = filter.person.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            keep(&mut selection, codes, &self.read(|db| called(db, &name.to_lowercase()))?);
        }
        if let Some(folder) = &filter.in_folder {
            let folder = files::named(folder)?;
            keep(&mut selection, codes, &self.read(|db| inside(db, &folder))?);
        }
        Ok(selection)
    }
}

fn by_pose(filter: &Filter, codes: &Codes) -> Selection {
    let ranges = [filter.yaw, filter.pitch, filter.roll].map(|range| range.map(|range| range.map(f32::to_radians)));
    let fits = |(angle, range): (&f32, &Option<[f32; 2]>)| range.is_none_or(|[low, high]| (low..=high).contains(angle));
    codes.pose().iter().map(|pose| pose.iter().zip(&ranges).all(fits)).collect()
}

/// Leaves those of the selected faces whose keys are among `meant`.
fn keep(selection: &mut Selection, codes: &Codes, meant: &[FaceKey]) {
    let mut kept = vec![false; selection.len()];
    for place in meant.iter().filter_map(|&key| codes.position(key)) {
        kept[place] = selection[place];
    }
    *selection = kept;
}

fn with_expressions(db: &Connection, expressions: &[Expression]) -> rusqlite::Result<Vec<FaceKey>> {
    let mut statement = db.prepare_cached("SELECT key FROM faces WHERE expression = ?1")?;
    let mut keys = Vec::new();
    for class in expressions {
        for key in statement.query_map([class.index() as u8], |row| row.get(0))? {
            keys.push(key?);
        }
    }
    Ok(keys)
}

/// Faces of people with this in their names, which is in small letters.
fn called(db: &Connection, part: &str) -> rusqlite::Result<Vec<FaceKey>> {
    let mut keys = Vec::new();
    // In the order of names, so that each is looked at once.
    for sql in [
        "SELECT key, person FROM faces WHERE person IS NOT NULL ORDER BY person",
        "SELECT pins.key, people.name FROM people JOIN pins ON pins.person = people.id ORDER BY people.id",
    ] {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut last = (Vec::new(), false);
        while let Some(row) = rows.next()? {
            let name = row.get_ref(1)?.as_bytes()?;
            if name != last.0 || last.0.is_empty() {
                let fits = String::from_utf8_lossy(name).to_lowercase().contains(part);
                last = (name.to_vec(), fits);
            }
            if last.1 {
                keys.push(row.get(0)?);
            }
        }
    }
    Ok(keys)
}

/// Faces whose file is this one, or lies somewhere below it.
fn inside(db: &Connection, folder: &Path) -> rusqlite::Result<Vec<FaceKey>> {
    let sql = format!("SELECT faces.key FROM files JOIN faces ON faces.file = files.id WHERE {}", rows::WITHIN);
    let mut statement = db.prepare_cached(&sql)?;
    let keys = statement.query_map(rows::within(folder), |row| row.get(0))?;
    keys.collect()
}
