//! Faces and files to rows of the database and back. Everything here runs in a transaction of its caller.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::FaceKey;
use super::card::FaceLabels;
pub(super) use crate::data::database::{misshapen, not_null, path, path_value};
use crate::data::database::{numbers, numbers_of};
use crate::face::{CODE_DIM, Crop, Expression, FaceBox, Found, Pose};

/// A face of a file to store.
pub(super) struct NewRow {
    /// Taken over from an earlier look at the same picture: who it is stays known.
    pub key: Option<FaceKey>,
    /// Of a shard.
    pub row: Option<ShardRow>,
    pub number: usize,
    pub labels: FaceLabels,
    pub code: [f32; CODE_DIM],
    pub confidence: Option<f32>,
    pub square: Option<Crop>,
    pub found: Option<Found>,
    pub thumbnail: Vec<u8>,
}

/// Where a face stands in a shard.
#[derive(Clone)]
pub(super) struct ShardRow {
    pub row: u64,
    pub name: String,
    /// Hash of the picture's bytes.
    pub content: u64,
}

/// A face as it was seen before in a picture that is looked at again.
pub(super) struct OldFace {
    pub key: FaceKey,
    pub square: Option<Crop>,
    /// None where other weights are still to encode it.
    pub code: Option<[f32; CODE_DIM]>,
}

/// A photograph or a shard as it lies on the disk.
#[derive(Clone, Debug)]
pub(super) struct FileRow<'a> {
    pub source: Option<i64>,
    pub path: &'a Path,
    pub shard: bool,
    /// In bytes.
    pub size: u64,
    /// In nanoseconds since 1970.
    pub modified: i64,
    /// Hash of the file's bytes; of a shard's first and last ones.
    pub content: u64,
    /// Width and height of a photograph.
    pub pixels: (u32, u32),
    pub state: i64,
    pub problem: Option<&'a str>,
}

/// A face with its labels and code, as [`TOLD`] selects it.
pub(super) struct Told {
    pub key: FaceKey,
    pub path: PathBuf,
    pub pixels: (u32, u32),
    /// Of a shard.
    pub row: Option<u64>,
    pub name: Option<String>,
    pub number: usize,
    pub labels: FaceLabels,
    pub confidence: Option<f32>,
    pub code: [f32; CODE_DIM],
}

/// Selects what [`told`] reads, of faces that have a code.
pub(super) const TOLD: &str = "SELECT faces.key, files.path, files.width, files.height, faces.row,
    faces.name, faces.number, faces.person, people.name, people.given, faces.clip, faces.expression, faces.valence,
    faces.arousal, faces.confidence, codes.code
    FROM codes JOIN faces ON faces.key = codes.key JOIN files ON files.id = faces.file
    LEFT JOIN pins ON pins.key = faces.key LEFT JOIN people ON people.id = pins.person";

pub(super) fn told(row: &Row) -> rusqlite::Result<Told> {
    Ok(Told {
        key: row.get(0)?,
        path: path(row.get_ref(1)?)?,
        pixels: (row.get(2)?, row.get(3)?),
        row: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
        name: row.get(5)?,
        number: row.get::<_, u32>(6)? as usize,
        labels: labels(row, 7)?,
        confidence: row.get(14)?,
        code: code(row.get_ref(15)?)?,
    })
}

/// Labels from the columns `faces.person, people.name, people.given, faces.clip, faces.expression, faces.valence,
/// faces.arousal`, of which the first is at this place.
pub(super) fn labels(row: &Row, at: usize) -> rusqlite::Result<FaceLabels> {
    let label: Option<String> = row.get(at)?;
    let pinned: Option<String> = row.get(at + 1)?;
    let given: Option<bool> = row.get(at + 2)?;
    let expression: Option<u8> = row.get(at + 4)?;
    Ok(FaceLabels {
        // "Person 3" says less than the name in a shard.
        person: if given == Some(true) { pinned } else { label.or(pinned) },
        clip: row.get(at + 3)?,
        expression: expression.and_then(|class| Expression::ALL.get(usize::from(class)).copied()),
        valence: row.get(at + 5)?,
        arousal: row.get(at + 6)?,
    })
}

/// Notes that faces or people have changed.
pub(super) fn touch(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE about SET revision = revision + 1")?.execute([])?;
    Ok(())
}

/// Writes what a file is, in the place of what was known of it; its number, and which round its faces belong to.
pub(super) fn put_file(db: &Connection, file: &FileRow) -> rusqlite::Result<(i64, i64)> {
    let mut statement = db.prepare_cached(
        "INSERT INTO files (source, path, shard, size, modified, content, width, height, state, round, rows_done, problem)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, ?10)
         ON CONFLICT (path) DO UPDATE SET source = ?1, shard = ?3, size = ?4, modified = ?5, content = ?6, width = ?7,
         height = ?8, state = ?9, problem = ?10
         RETURNING id, round",
    )?;
    let FileRow { source, path, shard, size, modified, content, pixels: (width, height), state, problem } = *file;
    statement.query_row(
        params![
            source,
            path_value(path),
            shard,
            size.cast_signed(),
            modified,
            content.cast_signed(),
            width,
            height,
            state,
            problem
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The number of a file, and which round its faces belong to; none where it is not known.
pub(super) fn file(db: &Connection, path: &Path) -> rusqlite::Result<Option<(i64, i64)>> {
    let mut statement = db.prepare_cached("SELECT id, round FROM files WHERE path = ?1")?;
    statement.query_row([path_value(path)], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Removes a file and its faces; how many those were.
pub(super) fn remove_file(db: &Connection, file: i64) -> rusqlite::Result<usize> {
    let faces = remove_faces(db, file)?;
    db.prepare_cached("DELETE FROM files WHERE id = ?1")?.execute([file])?;
    Ok(faces)
}

/// Removes all faces of a file; how many those were.
pub(super) fn remove_faces(db: &Connection, file: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM faces WHERE file = ?1")?.execute([file])
}

/// Stores a face; its key.
pub(super) fn put_face(db: &Connection, file: i64, round: i64, face: &NewRow) -> rusqlite::Result<FaceKey> {
    let mut statement = db.prepare_cached(
        "INSERT INTO faces (key, file, round, row, name, content, number, person, clip, expression, valence, arousal,
         confidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (key) DO UPDATE SET round = ?3, row = ?4, name = ?5, content = ?6, number = ?7, person = ?8,
         clip = ?9, expression = ?10, valence = ?11, arousal = ?12, confidence = ?13
         RETURNING key",
    )?;
    let labels = &face.labels;
    let row = face.row.as_ref();
    let key: FaceKey = statement.query_row(
        params![
            face.key,
            file,
            round,
            row.map(|row| row.row.cast_signed()),
            row.map(|row| row.name.as_str()),
            row.map(|row| row.content.cast_signed()),
            u32::try_from(face.number).unwrap_or(u32::MAX),
            labels.person,
            labels.clip,
            labels.expression.map(|class| class.index() as u8),
            labels.valence,
            labels.arousal,
            face.confidence
        ],
        |row| row.get(0),
    )?;
    db.prepare_cached("INSERT OR REPLACE INTO codes (key, code) VALUES (?1, ?2)")?
        .execute(params![key, numbers(&face.code)])?;
    db.prepare_cached("INSERT OR REPLACE INTO looks (key, square, found, thumbnail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            key,
            face.square.as_ref().map(square_value),
            face.found.as_ref().map(found_value),
            (!face.thumbnail.is_empty()).then_some(&face.thumbnail)
        ])?;
    Ok(key)
}

/// The faces of a photograph; or those of a row of a shard whose codes are gone, for there may be other faces of this
/// number by now. What is seen there again takes their keys.
pub(super) fn old_faces(db: &Connection, file: i64, row: Option<u64>) -> rusqlite::Result<Vec<OldFace>> {
    const OF_FILE: &str = "SELECT faces.key, looks.square, codes.code FROM faces LEFT JOIN looks
        ON looks.key = faces.key LEFT JOIN codes ON codes.key = faces.key WHERE faces.file = ?1";
    let mut statement = match row {
        None => db.prepare_cached(OF_FILE)?,
        Some(_) => db.prepare_cached(&format!("{OF_FILE} AND faces.row = ?2 AND codes.key IS NULL"))?,
    };
    let bound = [Some(file), row.map(u64::cast_signed)];
    let faces = statement.query_map(params_from_iter(bound.into_iter().flatten()), |row| {
        Ok(OldFace {
            key: row.get(0)?,
            square: not_null(row.get_ref(1)?).map(square).transpose()?,
            code: not_null(row.get_ref(2)?).map(code).transpose()?,
        })
    })?;
    faces.collect()
}

/// Hands the files of a source that are `folder` or lie somewhere below it over to another source.
pub(super) fn hand_over(db: &Connection, source: i64, other: i64, folder: &Path) -> rusqlite::Result<()> {
    let bound = within(folder).into_iter().chain([Value::Integer(other), Value::Integer(source)]);
    let sql = format!("UPDATE files SET source = ?6 WHERE source = ?7 AND {WITHIN}");
    db.execute(&sql, params_from_iter(bound))?;
    Ok(())
}

/// The condition that a file is the one, or lies somewhere below the one, that [`within`] was asked for.
pub(super) const WITHIN: &str = "(files.path = ?1 OR (files.path >= ?2 AND files.path < ?3)
    OR (files.path >= ?4 AND files.path < ?5))";

/// What is bound in [`WITHIN`].
pub(super) fn within(folder: &Path) -> [Value; 5] {
    let path = folder.as_os_str().as_encoded_bytes();
    let separator = MAIN_SEPARATOR as u8;
    let bare = path.strip_suffix(&[separator]).unwrap_or(path);
    let (from, to) = ([bare, &[separator]].concat(), [bare, &[separator + 1]].concat());
    // Paths that are no text are stored as bytes, and the two kinds do not compare.
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).map_or(Value::Null, |text| Value::Text(text.to_owned()));
    [path_value(folder), text(&from), text(&to), Value::Blob(from), Value::Blob(to)]
}

pub(super) fn code(value: ValueRef) -> rusqlite::Result<[f32; CODE_DIM]> {
    numbers_of(value)
}

fn square_value(square: &Crop) -> Vec<u8> {
    let Crop { centre: [x, y], half_side, x_axis: [right, down] } = *square;
    numbers(&[x, y, half_side, right, down])
}

pub(super) fn square(value: ValueRef) -> rusqlite::Result<Crop> {
    let [x, y, half_side, right, down] = numbers_of(value)?;
    Ok(Crop { centre: [x, y], half_side, x_axis: [right, down] })
}

/// Box, pose, confidence, then the 68 points.
fn found_value(found: &Found) -> Vec<u8> {
    let FaceBox { x, y, w, h } = found.frame;
    let [yaw, pitch, roll] = found.pose.to_array_deg();
    let mut values = vec![x, y, w, h, yaw, pitch, roll, found.confidence];
    values.extend_from_slice(found.landmarks.as_flattened());
    numbers(&values)
}

pub(super) fn found(value: ValueRef) -> rusqlite::Result<Found> {
    let values: [f32; 144] = numbers_of(value)?;
    let [x, y, w, h, yaw, pitch, roll, confidence] = *values.first_chunk().unwrap_or(&[0.0; 8]);
    Ok(Found {
        frame: FaceBox { x, y, w, h },
        landmarks: Box::new(std::array::from_fn(|i| [values[8 + 2 * i], values[9 + 2 * i]])),
        pose: Pose::from_array_deg([yaw, pitch, roll]),
        confidence,
    })
}
