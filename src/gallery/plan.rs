//! What an update has to do: what the sources hold, against what the index knows.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, params};

use super::error::GalleryError;
use super::files::{self, Listed, Lister};
use super::index::Index;
use super::read::sources;
use super::rows::{self, FileRow};
use super::schema::{DONE, TO_DO};
use crate::data::hash;
use crate::data::inputs::InputError;
use crate::data::shards::{ShardError, ShardReader};

/// What there is to do, in the order of the sources.
#[derive(Default)]
pub(super) struct Plan {
    pub jobs: Vec<Job>,
    /// Photographs: whoever finds one again under another name takes it out.
    pub lost: Lost,
    /// Files that are in no source any more; those that are found again stay.
    pub gone: Vec<i64>,
    /// Sources that are not there.
    pub missing: Vec<i64>,
    pub unchanged: usize,
    pub moved: usize,
    pub failed: Vec<(PathBuf, String)>,
}

/// A file to go through.
pub(super) struct Job {
    pub file: Listed,
    pub source: i64,
    pub what: What,
}

pub(super) enum What {
    /// With what the index knows of a file of this path.
    Picture(Option<Known>),
    Shard(Shard),
}

/// A file of the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub id: i64,
    pub source: Option<i64>,
    pub shard: bool,
    pub size: u64,
    pub modified: i64,
    pub content: u64,
    pub state: i64,
    pub round: i64,
    pub rows_done: u64,
}

/// A shard of which rows are to do.
pub(super) struct Shard {
    pub id: i64,
    pub round: i64,
    /// The first row to do, and how many there are.
    pub from: u64,
    pub rows: u64,
    /// Whether it was never in the index as a whole.
    pub is_new: bool,
    /// Rows of rounds before this one, by the hash of their pictures; whoever finds one again takes it out.
    pub old: Mutex<OldRows>,
}

type OldRows = HashMap<u64, Vec<OldRow>>;

/// A row of an earlier round.
pub(super) struct OldRow {
    pub row: u64,
    pub name: String,
    /// Whether its faces have codes, so that nothing has to be computed for them.
    pub is_coded: bool,
}

impl Known {
    fn lies_as(&self, file: &Listed) -> bool {
        (self.size, self.modified, self.shard) == (file.size, file.modified, file.shard)
    }
}

/// Files that are not where they were, by size and content.
pub(super) type Lost = HashMap<(u64, u64), Vec<Known>>;

impl Plan {
    /// Compares the sources, and `add` among them from now on, with the index; none where `go_on` said no.
    pub fn make(
        index: &mut Index,
        add: &[PathBuf],
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Self>, GalleryError> {
        let added = add_sources(index, add)?;
        let (sources, mut known) = index.read(|db| Ok((sources(db)?, known_files(db)?)))?;
        let mut plan = Plan::default();
        let mut lister = Lister::new(index.folder());
        let (mut found, mut kept) = (Vec::new(), Vec::new());
        for (source, path, device) in sources {
            let is_elsewhere = lister.has_been_in(&path);
            let Some(mut listing) = lister.list(&path, go_on) else { return Ok(None) };
            let is_empty = listing.files.is_empty() && listing.unreadable.is_empty() && !is_elsewhere;
            let now_on = files::device(&path);
            // Where a disk is not mounted, its folder may still be there, empty and on another disk.
            if is_empty && device != now_on && known.values().any(|file| file.source == Some(source)) {
                listing.unreadable.push((path.clone(), files::with_path(files::NOT_THERE, &path)));
            } else if is_empty && added.contains(&path) {
                plan.failed.push((path.clone(), InputError::NoPictures(path.clone()).to_string()));
            } else if device != now_on && !listing.files.is_empty() {
                index
                    .write(|db| db.execute("UPDATE sources SET device = ?2 WHERE id = ?1", params![source, now_on]))?;
            }
            if listing.unreadable.iter().any(|(unreadable, _)| *unreadable == path) {
                plan.missing.push(source);
            }
            found.extend(listing.files.into_iter().map(|file| (source, file)));
            kept.extend(listing.unreadable.iter().map(|(path, _)| path.clone()));
            plan.failed.append(&mut listing.unreadable);
        }
        let mut to_do = Vec::new();
        for (source, file) in found {
            match known.remove(&file.path) {
                Some(known) if known.lies_as(&file) && known.state == DONE => plan.unchanged += 1,
                known => to_do.push((source, file, known)),
            }
        }
        let mut lost_shards = plan.lose(known, &kept);
        for (source, file, known) in to_do {
            if file.shard {
                plan.add_shard(index, source, file, known, &mut lost_shards)?;
            } else {
                plan.jobs.push(Job { file, source, what: What::Picture(known) });
            }
        }
        Ok(Some(plan))
    }

    /// Files and rows to do.
    pub fn total(&self) -> usize {
        let of = |job: &Job| match &job.what {
            What::Picture(_) => 1,
            What::Shard(shard) => shard.rows.saturating_sub(shard.from) as usize,
        };
        self.jobs.iter().map(of).sum()
    }

    /// Notes the files that were not listed; the shards among them come back. Below what cannot be read they may still be
    /// there; but where the same content lies elsewhere, that is where they are now.
    fn lose(&mut self, unlisted: HashMap<PathBuf, Known>, kept: &[PathBuf]) -> Lost {
        let mut shards = Lost::new();
        for (path, known) in unlisted.into_iter().filter(|(_, known)| known.source.is_some()) {
            if !kept.iter().any(|folder| path.starts_with(folder)) {
                self.gone.push(known.id);
            }
            let lost = if known.shard { &mut shards } else { &mut self.lost };
            lost.entry((known.size, known.content)).or_default().push(known);
        }
        shards
    }

    /// Finds out what is to be done for a shard that is not as the index knows it, and notes its beginning there. One that
    /// was only touched is gone through anew, which costs little: its ends do not tell whether a label in its middle is
    /// another one.
    fn add_shard(
        &mut self,
        index: &mut Index,
        source: i64,
        file: Listed,
        mut known: Option<Known>,
        lost: &mut Lost,
    ) -> Result<(), GalleryError> {
        let content = match hash::ends(&file.path) {
            Ok(content) => content,
            Err(error) => {
                let error = ShardError::Unreadable { path: file.path.clone(), detail: error.to_string() };
                self.failed.push((file.path, error.to_string()));
                return Ok(());
            }
        };
        let mut is_same = known.is_some_and(|known| known.shard && (known.size, known.content) == (file.size, content));
        if !is_same && let Some(found) = lost.get_mut(&(file.size, content)).and_then(Vec::pop) {
            index.write(|db| move_file(db, found.id, source, &file).and_then(|_| rows::touch(db)))?;
            self.gone.retain(|gone| *gone != found.id);
            if found.state == DONE && found.modified == file.modified {
                self.moved += 1;
                return Ok(());
            }
            (known, is_same) = (Some(found), true);
        }
        let (round, from) = match known {
            // Gone on with where it was left.
            Some(known) if is_same && known.state != DONE && known.modified == file.modified => {
                (known.round, known.rows_done)
            }
            Some(known) => (known.round + 1, 0),
            None => (0, 0),
        };
        let rows = ShardReader::open_with(&file.path, Arc::default()).map(|reader| reader.rows());
        let problem = rows.as_ref().err().map(ToString::to_string);
        let row = FileRow {
            source: Some(source),
            path: &file.path,
            shard: true,
            size: file.size,
            modified: file.modified,
            content,
            pixels: (0, 0),
            state: if problem.is_some() { DONE } else { TO_DO },
            problem: problem.as_deref().map(|sentence| without_path(sentence, &file.path)),
        };
        let (id, old) = index.write(|db| begin_shard(db, &row, round, from))?;
        match rows {
            Ok(rows) => {
                let shard = Shard { id, round, from, rows, is_new: round == 0, old: Mutex::new(old) };
                self.jobs.push(Job { file, source, what: What::Shard(shard) });
            }
            // What was read of it before stays.
            Err(error) => self.failed.push((file.path, error.to_string())),
        }
        Ok(())
    }
}

fn begin_shard(db: &Connection, file: &FileRow, round: i64, from: u64) -> rusqlite::Result<(i64, OldRows)> {
    let (id, _) = rows::put_file(db, file)?;
    db.prepare_cached("UPDATE files SET round = ?2, rows_done = ?3 WHERE id = ?1")?.execute(params![
        id,
        round,
        from.cast_signed()
    ])?;
    Ok((id, old_rows(db, id, round)?))
}

/// Takes sources up, but for those that are some already; the paths under which they are known.
fn add_sources(index: &mut Index, add: &[PathBuf]) -> Result<Vec<PathBuf>, GalleryError> {
    if add.is_empty() {
        return Ok(Vec::new());
    }
    add.iter().try_for_each(|path| files::check_source(path))?;
    let known: Vec<PathBuf> = index.read(sources)?.into_iter().map(|(_, path, _)| path).collect();
    let mut added = Vec::new();
    let mut new = Vec::new();
    for path in add {
        let path = files::named(path)?;
        match known.iter().find(|known| files::real(known) == files::real(&path)) {
            Some(known) => added.push(known.clone()),
            None => {
                new.push((rows::path_value(&path), files::device(&path)));
                added.push(path);
            }
        }
    }
    index.write(|db| {
        for (path, device) in &new {
            db.execute("INSERT OR IGNORE INTO sources (path, device) VALUES (?1, ?2)", params![path, device])?;
        }
        Ok(())
    })?;
    Ok(added)
}

fn known_files(db: &Connection) -> rusqlite::Result<HashMap<PathBuf, Known>> {
    let mut statement =
        db.prepare("SELECT path, id, source, shard, size, modified, content, state, round, rows_done FROM files")?;
    let files = statement.query_map([], |row| {
        let unsigned = |place: usize| row.get::<_, i64>(place).map(i64::cast_unsigned);
        let known = Known {
            id: row.get(1)?,
            source: row.get(2)?,
            shard: row.get(3)?,
            size: unsigned(4)?,
            modified: row.get(5)?,
            content: unsigned(6)?,
            state: row.get(7)?,
            round: row.get(8)?,
            rows_done: unsigned(9)?,
        };
        Ok((rows::path(row.get_ref(0)?)?, known))
    })?;
    files.collect()
}

/// Notes that a file lies elsewhere now, or was touched; how many faces of another one had to go from there.
pub(super) fn move_file(db: &Connection, id: i64, source: i64, file: &Listed) -> rusqlite::Result<usize> {
    let path = rows::path_value(&file.path);
    let removed = match rows::file(db, &file.path)? {
        Some((other, _)) if other != id => rows::remove_file(db, other)?,
        _ => 0,
    };
    db.prepare_cached("UPDATE files SET source = ?2, path = ?3, size = ?4, modified = ?5 WHERE id = ?1")?
        .execute(params![id, source, path, file.size.cast_signed(), file.modified])?;
    Ok(removed)
}

/// Rows of a shard from before this round, by the hash of their pictures.
fn old_rows(db: &Connection, file: i64, round: i64) -> rusqlite::Result<OldRows> {
    let mut statement = db.prepare(
        "SELECT faces.content, faces.row, faces.name, min(codes.key IS NOT NULL) FROM faces
         LEFT JOIN codes ON codes.key = faces.key WHERE faces.file = ?1 AND faces.round < ?2 AND faces.row IS NOT NULL
         GROUP BY faces.row ORDER BY faces.row DESC",
    )?;
    let mut old = OldRows::new();
    let mut rows = statement.query([file, round])?;
    while let Some(row) = rows.next()? {
        let content: Option<i64> = row.get(0)?;
        let name: Option<String> = row.get(2)?;
        let known = OldRow {
            row: row.get::<_, i64>(1)?.cast_unsigned(),
            name: name.unwrap_or_default(),
            is_coded: row.get(3)?,
        };
        old.entry(content.unwrap_or_default().cast_unsigned()).or_default().push(known);
    }
    Ok(old)
}

/// A sentence without the path at its end, which may change.
pub(super) fn without_path<'a>(sentence: &'a str, path: &Path) -> &'a str {
    sentence.strip_suffix(&format!(": {}", path.display())).unwrap_or(sentence)
}
