//! The picture that a face was found in, from where it lies.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::card::Original;
use super::error::GalleryError;
use super::index::Index;
use super::schema::GIVEN;
use super::{FaceKey, files, rows};
use crate::data::hash;
use crate::data::image::{self as picture, PictureError, RgbImage};
use crate::data::shards::{ShardError, ShardReader};
use crate::face::{CROP_SIDE, Crop};

/// Where a face comes from, as far as its picture goes.
struct Place {
    path: PathBuf,
    size: u64,
    modified: i64,
    /// Of a photograph's file.
    file_content: u64,
    state: i64,
    /// Number and name in a shard, and hash of the picture there.
    row: Option<(u64, String, u64)>,
    square: Option<Crop>,
    /// Whether the finder saw the face there, as it does not in a stored crop.
    is_found: bool,
}

impl Index {
    /// The picture that a face was found in: where the photograph lies, or the bytes from the shard.
    ///
    /// # Errors
    /// [`GalleryError::NoFace`]; [`GalleryError::Gone`] and [`GalleryError::Changed`] where the picture is not what was
    /// indexed; a shard that cannot be read.
    pub fn picture(&self, key: FaceKey) -> Result<Original, GalleryError> {
        let place = self.read(|db| place(db, key))?.ok_or(GalleryError::NoFace)?;
        if let Some((row, name, content)) = place.row {
            let bytes = in_shard(&place.path, row)?;
            // What was given without a picture has no hash.
            if place.state != GIVEN && hash::content(&bytes) != content {
                return Err(GalleryError::Changed(place.path));
            }
            return Ok(Original::Bytes { name, bytes, square: place.square.filter(|_| place.is_found) });
        }
        if !is_unchanged(&place)? {
            return Err(GalleryError::Changed(place.path));
        }
        let square = place.square.ok_or(GalleryError::NoFace)?;
        Ok(Original::Photo { path: place.path, square })
    }

    /// The square of a face as it was encoded, 128 x 128, cut out of its picture anew.
    ///
    /// # Errors
    /// As [`Index::picture`], and a picture that cannot be decoded.
    pub fn crop(&self, key: FaceKey) -> Result<RgbImage, GalleryError> {
        match self.picture(key)? {
            Original::Photo { path, square } => Ok(picture::crop(&picture::load(&path)?, &square, CROP_SIDE)),
            Original::Bytes { name, bytes, square } => {
                let photo = picture::decode(&bytes).map_err(|e| e.at(Path::new(&name)))?;
                let cut = |square| picture::crop(&photo, &square, CROP_SIDE);
                Ok(square.map_or_else(|| picture::as_aligned(&photo), cut))
            }
        }
    }
}

fn place(db: &Connection, key: FaceKey) -> rusqlite::Result<Option<Place>> {
    let mut statement = db.prepare_cached(
        "SELECT files.path, files.size, files.modified, files.content, files.state, faces.row, faces.name,
         faces.content, looks.square, looks.found IS NOT NULL FROM faces JOIN files ON files.id = faces.file
         LEFT JOIN looks ON looks.key = faces.key WHERE faces.key = ?1",
    )?;
    let place = statement.query_row([key], |row| {
        let number: Option<i64> = row.get(5)?;
        let name: Option<String> = row.get(6)?;
        let content: Option<i64> = row.get(7)?;
        let square: Option<Vec<u8>> = row.get(8)?;
        Ok(Place {
            path: rows::path(row.get_ref(0)?)?,
            size: row.get::<_, i64>(1)?.cast_unsigned(),
            modified: row.get(2)?,
            file_content: row.get::<_, i64>(3)?.cast_unsigned(),
            state: row.get(4)?,
            row: number.map(|row| {
                (row.cast_unsigned(), name.unwrap_or_default(), content.unwrap_or_default().cast_unsigned())
            }),
            square: square.map(|bytes| rows::square(ValueRef::Blob(&bytes))).transpose()?,
            is_found: row.get(9)?,
        })
    });
    place.optional()
}

/// Whether a photograph is still the one that was indexed. One that was only copied or touched is.
fn is_unchanged(place: &Place) -> Result<bool, GalleryError> {
    let gone = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => GalleryError::Gone(place.path.clone()),
        _ => PictureError::from(error).at(&place.path).into(),
    };
    let about = fs::metadata(&place.path).map_err(gone)?;
    if place.state == GIVEN || (about.len(), files::modified(&about)) == (place.size, place.modified) {
        return Ok(true);
    }
    let bytes = picture::read(&place.path);
    Ok(about.len() == place.size && bytes.is_ok_and(|bytes| hash::content(&bytes) == place.file_content))
}

/// The bytes of a picture in a shard.
fn in_shard(shard: &Path, row: u64) -> Result<Vec<u8>, GalleryError> {
    let gone = |error: ShardError| match error {
        ShardError::Missing(path) => GalleryError::Gone(path),
        other => other.into(),
    };
    let mut reader = ShardReader::open_with(shard, Arc::default()).map_err(gone)?;
    reader.pass_over(row)?;
    match reader.next() {
        Some(record) => Ok(record?.picture_bytes),
        None => Err(GalleryError::Changed(shard.to_owned())),
    }
}
