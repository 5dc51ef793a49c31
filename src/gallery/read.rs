//! What is asked of an index.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::card::{FaceCard, FaceLabels, From, Info, Labels};
use super::codes::Codes;
use super::error::GalleryError;
use super::index::Index;
use super::rows::{self, TOLD, Told, not_null};
use super::schema::{FILES, INDEX_VERSION};
use super::{FaceKey, files};
use crate::face::{Crop, Expression, FaceCode, Found};

impl Index {
    /// What is known of the whole index.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn info(&self) -> Result<Info, GalleryError> {
        let bytes = FILES.iter().filter_map(|name| fs::metadata(self.folder().join(name)).ok()).map(|file| file.len());
        let bytes: u64 = bytes.sum();
        self.read(|db| {
            let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, u32>(0)).map(|count| count as usize);
            let (created, updated) = db.query_row("SELECT created, updated FROM about", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })?;
            Ok(Info {
                model: self.model().clone(),
                version: INDEX_VERSION,
                sources: sources(db)?.into_iter().map(|(_, path, _)| path).collect(),
                faces: count("SELECT count(*) FROM codes")?,
                files: count("SELECT count(*) FROM files")?,
                failed: count("SELECT count(*) FROM files WHERE problem IS NOT NULL")?,
                bytes,
                created: created.unsigned_abs(),
                updated: updated.unsigned_abs(),
                labels: Labels {
                    expressions: expressions(db)?,
                    people: count(
                        "SELECT count(*) FROM (SELECT person FROM faces WHERE person IS NOT NULL
                         UNION SELECT name FROM people WHERE given)",
                    )?,
                },
            })
        })
    }

    /// The files that could not be read, each with a sentence that ends with its path.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn failures(&self) -> Result<Vec<(PathBuf, String)>, GalleryError> {
        self.read(|db| {
            let mut statement =
                db.prepare("SELECT path, problem FROM files WHERE problem IS NOT NULL ORDER BY path")?;
            let failures = statement.query_map([], |row| {
                let path = rows::path(row.get_ref(0)?)?;
                let sentence = files::with_path(&row.get::<_, String>(1)?, &path);
                Ok((path, sentence))
            })?;
            failures.collect()
        })
    }

    /// How many faces have a code.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn faces(&self) -> Result<usize, GalleryError> {
        self.read(count_codes)
    }

    /// All faces that have a code, oldest first.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn keys(&self) -> Result<Vec<FaceKey>, GalleryError> {
        self.read(|db| {
            let mut keys = Vec::with_capacity(count_codes(db)?);
            let mut statement = db.prepare_cached("SELECT key FROM codes ORDER BY key")?;
            for key in statement.query_map([], |row| row.get(0))? {
                keys.push(key?);
            }
            Ok(keys)
        })
    }

    /// All codes, in the order of [`Index::keys`]. Memory is taken once, by their number.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn codes(&self) -> Result<Codes, GalleryError> {
        self.read(|db| {
            let mut codes = Codes::with_capacity(count_codes(db)?);
            let mut statement = db.prepare_cached("SELECT key, code FROM codes ORDER BY key")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                codes.push(row.get(0)?, &rows::code(row.get_ref(1)?)?);
            }
            Ok(codes)
        })
    }

    /// Hands over key, file, name and labels of every face that has a code, in the order of [`Index::keys`]. The name is
    /// that in the file, a shard; that of a photograph is empty.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn each_labels(&self, mut see: impl FnMut(FaceKey, &Path, &str, FaceLabels)) -> Result<(), GalleryError> {
        self.read(|db| {
            let mut statement = db.prepare(
                "SELECT faces.key, coalesce(faces.name, ''), faces.person, people.name, people.given, faces.clip,
                 faces.expression, faces.valence, faces.arousal, files.path
                 FROM codes JOIN faces ON faces.key = codes.key JOIN files ON files.id = faces.file
                 LEFT JOIN pins ON pins.key = faces.key LEFT JOIN people ON people.id = pins.person ORDER BY codes.key",
            )?;
            let mut faces = statement.query([])?;
            while let Some(row) = faces.next()? {
                let file = rows::path(row.get_ref(9)?)?;
                see(row.get(0)?, &file, row.get_ref(1)?.as_str()?, rows::labels(row, 2)?);
            }
            Ok(())
        })
    }

    /// What is known of a face; none where it is not in the index, or waits for its code. Looks whether its file is there.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn card(&self, key: FaceKey) -> Result<Option<FaceCard>, GalleryError> {
        let known = self.read(|db| {
            let told = db.prepare_cached(&format!("{TOLD} WHERE codes.key = ?1"))?.query_row([key], rows::told);
            let Some(told) = told.optional()? else { return Ok(None) };
            Ok(Some((look(db, key)?, told)))
        })?;
        let Some(((square, found), told)) = known else { return Ok(None) };
        let code = FaceCode::from_array(&told.code).ok_or_else(|| GalleryError::Damaged {
            path: self.folder().to_owned(),
            detail: "a code is no face's".to_owned(),
        })?;
        let Told { labels, number, confidence, .. } = told;
        let from = match told.row {
            Some(row) => From::Row { shard: told.path, row, name: told.name.unwrap_or_default() },
            None => From::Photo {
                path: told.path,
                // Photographs have one; without it the whole of the picture is as good a guess as any.
                square: square.unwrap_or_else(|| whole(told.pixels)),
                found,
                size: told.pixels,
            },
        };
        let missing = fs::metadata(from.file()).is_err();
        Ok(Some(FaceCard { key, from, number, labels, code, confidence, missing }))
    }

    /// A face's picture as a JPEG of [`super::THUMBNAIL_SIDE`] pixels; none where there is none.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn thumbnail(&self, key: FaceKey) -> Result<Option<Vec<u8>>, GalleryError> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT thumbnail FROM looks WHERE key = ?1")?;
            let thumbnail = statement.query_row([key], |row| row.get::<_, Option<Vec<u8>>>(0));
            Ok(thumbnail.optional()?.flatten())
        })
    }

    /// A number that is another one whenever faces or people have changed.
    pub fn revision(&self) -> u64 {
        let revision = self.read(|db| {
            let mut statement = db.prepare_cached("SELECT revision FROM about")?;
            statement.query_row([], |row| row.get::<_, i64>(0))
        });
        // Where it cannot be read, whoever reads anew because of that is told why.
        revision.map_or(u64::MAX, i64::cast_unsigned)
    }
}

/// The index's sources: their numbers, paths, and the devices they were on.
pub(super) fn sources(db: &Connection) -> rusqlite::Result<Vec<(i64, PathBuf, Option<i64>)>> {
    let mut statement = db.prepare("SELECT id, path, device FROM sources ORDER BY id")?;
    let sources = statement.query_map([], |row| Ok((row.get(0)?, rows::path(row.get_ref(1)?)?, row.get(2)?)))?;
    sources.collect()
}

pub(super) fn count_codes(db: &Connection) -> rusqlite::Result<usize> {
    let mut statement = db.prepare_cached("SELECT count(*) FROM codes")?;
    statement.query_row([], |row| row.get::<_, u32>(0)).map(|count| count as usize)
}

fn expressions(db: &Connection) -> rusqlite::Result<Vec<(Expression, usize)>> {
    let mut statement = db.prepare(
        "SELECT expression, count(*) FROM faces WHERE expression IS NOT NULL GROUP BY expression ORDER BY expression",
    )?;
    let counts = statement.query_map([], |row| Ok((row.get::<_, u8>(0)?, row.get::<_, u32>(1)?)))?;
    let mut expressions = Vec::new();
    for count in counts {
        let (class, faces) = count?;
        expressions.extend(Expression::ALL.get(usize::from(class)).map(|class| (*class, faces as usize)));
    }
    Ok(expressions)
}

/// Where a face lies in its photograph, and what the finder saw there.
fn look(db: &Connection, key: FaceKey) -> rusqlite::Result<(Option<Crop>, Option<Found>)> {
    let mut statement = db.prepare_cached("SELECT square, found FROM looks WHERE key = ?1")?;
    let look = statement.query_row([key], |row| {
        let square = not_null(row.get_ref(0)?).map(rows::square).transpose()?;
        let found = not_null(row.get_ref(1)?).map(rows::found).transpose()?;
        Ok((square, found))
    });
    Ok(look.optional()?.unwrap_or_default())
}

fn whole((width, height): (u32, u32)) -> Crop {
    let (width, height) = (width as f32, height as f32);
    Crop::level([width / 2.0, height / 2.0], width.min(height) / 2.0)
}
