//! What is stored of a photograph or a row in one transaction, and what that comes to.

use std::path::Path;

use rusqlite::{Connection, params};

use super::card::FaceLabels;
use super::codes::cosine;
use super::duplicates::SAME_COSINE;
use super::files;
use super::looking::{Outcome, Seen};
use super::plan::{Job, Known, Shard, What, move_file, without_path};
use super::rows::{self, FileRow, NewRow, OldFace, ShardRow};
use super::schema::{DONE, TO_DO};
use super::update::Report;
use crate::face::{CODE_DIM, Crop, FaceCode};

/// A time at which no file was changed, so that the next update takes it for a changed one.
const NEVER: i64 = i64::MIN;

/// A file's or a row's faces with their codes, or what else has come of it.
pub(super) struct Ready {
    pub job: usize,
    pub place: u64,
    pub what: Outcome,
    pub codes: Vec<[f32; CODE_DIM]>,
}

/// What one transaction does; it counts only once that is through.
#[derive(Default)]
pub(super) struct Tally {
    pub report: Report,
    /// Files and rows.
    pub done: usize,
    pub moved: Vec<i64>,
    /// Whether there are other faces than before.
    pub has_changed: bool,
}

impl Tally {
    /// Stores what has come of a job.
    pub fn store(&mut self, db: &Connection, job: &Job, ready: Ready) -> rusqlite::Result<()> {
        match &job.what {
            What::Picture(known) => self.picture(db, job, known.as_ref(), ready),
            What::Shard(shard) => self.row(db, job, shard, ready),
        }
    }

    fn picture(&mut self, db: &Connection, job: &Job, known: Option<&Known>, ready: Ready) -> rusqlite::Result<()> {
        self.done += 1;
        let file = &job.file;
        match ready.what {
            Outcome::Same => {
                if let Some(known) = known {
                    move_file(db, known.id, job.source, file)?;
                }
                self.report.unchanged += 1;
            }
            Outcome::Moved(id) => {
                self.removed(move_file(db, id, job.source, file)?);
                self.moved.push(id);
                self.report.moved += 1;
                self.has_changed = true;
            }
            Outcome::Failed { problem, content, again } => {
                match known {
                    Some(known) if again => keep_unread(db, known.id, &problem)?,
                    _ => {
                        let row = FileRow { problem: Some(&problem), ..file_row(job, content, (0, 0)) };
                        let row = if again { FileRow { modified: NEVER, ..row } } else { row };
                        let (id, _) = rows::put_file(db, &row)?;
                        self.removed(rows::remove_faces(db, id)?);
                    }
                }
                self.failed(&file.path, files::with_path(&problem, &file.path));
            }
            Outcome::Faces { content, pixels, faces, from } => {
                if let Some(id) = from {
                    self.removed(move_file(db, id, job.source, file)?);
                    self.moved.push(id);
                }
                let (id, round) = rows::put_file(db, &file_row(job, content, pixels))?;
                let mut old = rows::old_faces(db, id, None)?;
                let labels = FaceLabels::default();
                self.faces(db, (id, round), None, &labels, (faces, ready.codes), &mut old)?;
                for face in old {
                    self.removed(db.prepare_cached("DELETE FROM faces WHERE key = ?1")?.execute([face.key])?);
                }
                match from {
                    Some(_) => self.report.moved += 1,
                    None => self.stored(known.is_none()),
                }
            }
            // Gone again; what it held goes with the next update. The others are a shard's.
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, db: &Connection, job: &Job, shard: &Shard, ready: Ready) -> rusqlite::Result<()> {
        let file = (shard.id, shard.round);
        match ready.what {
            Outcome::RowKept { old, row, labels } => keep_row(db, file, old, &row, &labels)?,
            Outcome::RowFaces { old, row, labels, faces } => {
                let mut known = match old {
                    Some(old) => rows::old_faces(db, shard.id, Some(old))?,
                    None => Vec::new(),
                };
                // Those that are not seen again go at the end of the shard.
                self.faces(db, file, Some(&row), &labels, (faces, ready.codes), &mut known)?;
            }
            Outcome::RowFailed(sentence) => self.failed(&job.file.path, sentence),
            Outcome::End(problem) => return self.end(db, job, shard, problem),
            // A photograph's.
            _ => return Ok(()),
        }
        self.done += 1;
        self.has_changed = true;
        db.prepare_cached("UPDATE files SET rows_done = ?2 WHERE id = ?1")?
            .execute(params![shard.id, (ready.place + 1).cast_signed()])?;
        Ok(())
    }

    /// Where all rows were read, those of rounds before are no more.
    fn end(&mut self, db: &Connection, job: &Job, shard: &Shard, problem: Option<String>) -> rusqlite::Result<()> {
        let told = problem.as_deref().map(|sentence| without_path(sentence, &job.file.path));
        db.execute("UPDATE files SET state = ?2, problem = ?3 WHERE id = ?1", params![shard.id, DONE, told])?;
        match problem {
            Some(sentence) => self.failed(&job.file.path, sentence),
            None => {
                let faces = db.execute("DELETE FROM faces WHERE file = ?1 AND round < ?2", [shard.id, shard.round])?;
                self.removed(faces);
                self.stored(shard.is_new);
            }
        }
        Ok(())
    }

    /// Stores the faces of a picture. Where one is the same as an old one, it takes that one out of `old` and its key, so
    /// that whom it was said to be stays known.
    fn faces(
        &mut self,
        db: &Connection,
        (file, round): (i64, i64),
        row: Option<&ShardRow>,
        labels: &FaceLabels,
        (faces, codes): (Vec<Seen>, Vec<[f32; CODE_DIM]>),
        old: &mut Vec<OldFace>,
    ) -> rusqlite::Result<()> {
        // The networks see no face in some pictures.
        let seen =
            faces.into_iter().zip(codes).filter_map(|(seen, code)| Some((seen, FaceCode::from_array(&code)?, code)));
        let (mut number, mut kept) = (0, 0);
        for (Seen { look, thumbnail }, meant, code) in seen {
            number += 1;
            let same = old.iter().position(|old| is_same(old, &look.square, &meant));
            let same = same.map(|same| old.swap_remove(same));
            kept += usize::from(same.as_ref().is_some_and(|old| old.code.is_some()));
            let face = NewRow {
                key: same.map(|old| old.key),
                row: row.cloned(),
                number,
                labels: labels.clone(),
                code,
                confidence: look.found.as_ref().map(|found| found.confidence),
                square: Some(look.square),
                found: look.found,
                thumbnail,
            };
            rows::put_face(db, file, round, &face)?;
        }
        self.report.faces_added += number - kept;
        self.report.no_face += usize::from(number == 0);
        self.has_changed |= number > 0;
        Ok(())
    }

    fn stored(&mut self, is_new: bool) {
        self.report.added += usize::from(is_new);
        self.report.changed += usize::from(!is_new);
    }

    fn removed(&mut self, faces: usize) {
        self.report.faces_removed += faces;
        self.has_changed |= faces > 0;
    }

    fn failed(&mut self, path: &Path, sentence: String) {
        self.report.failed.push((path.to_owned(), sentence));
    }
}

fn file_row(job: &Job, content: u64, pixels: (u32, u32)) -> FileRow<'_> {
    FileRow {
        source: Some(job.source),
        path: &job.file.path,
        shard: false,
        size: job.file.size,
        modified: job.file.modified,
        content,
        pixels,
        state: DONE,
        problem: None,
    }
}

/// A row whose picture is the same as before: its faces stay, under its new number and with its new labels.
fn keep_row(
    db: &Connection,
    (file, round): (i64, i64),
    old: u64,
    row: &ShardRow,
    labels: &FaceLabels,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "UPDATE faces SET row = ?4, round = ?2, person = ?5, clip = ?6, expression = ?7, valence = ?8, arousal = ?9
         WHERE file = ?1 AND row = ?3 AND round < ?2",
    )?;
    statement.execute(params![
        file,
        round,
        old.cast_signed(),
        row.row.cast_signed(),
        labels.person,
        labels.clip,
        labels.expression.map(|class| class.index() as u8),
        labels.valence,
        labels.arousal
    ])?;
    Ok(())
}

/// Notes that a file could not be read, which says nothing about the faces that it had.
fn keep_unread(db: &Connection, file: i64, problem: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE files SET state = ?2, modified = ?3, problem = ?4 WHERE id = ?1")?
        .execute(params![file, TO_DO, NEVER, problem])?;
    Ok(())
}

/// Whether a face lies where an old one did and, as far as the code of that one is known, is like it.
fn is_same(old: &OldFace, square: &Crop, face: &FaceCode) -> bool {
    let is_alike = |other: FaceCode| cosine(other.identity.as_array(), face.identity.as_array()) > SAME_COSINE;
    old.square.as_ref().is_some_and(|other| is_near(other, square))
        && old.code.as_ref().is_none_or(|code| FaceCode::from_array(code).is_some_and(is_alike))
}

/// Whether two squares in one picture are of one face.
fn is_near(a: &Crop, b: &Crop) -> bool {
    let apart = (a.centre[0] - b.centre[0]).hypot(a.centre[1] - b.centre[1]);
    apart < b.half_side / 2.0 && (0.6..1.7).contains(&(a.half_side / b.half_side))
}
