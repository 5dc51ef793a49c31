//! A set gone through, part by part and shard by shard.

use std::fs;
use std::iter::{self, Fuse};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use super::crew::{Crew, Item, Line};
use super::error::PrepareError;
use super::face::Left;
use super::fingerprint::{self, Fingerprint};
use super::folder::Folder;
use super::journal::{Draft, Journal, Settings, ShardFile};
use super::options::{Options, Progress};
use super::report::Report;
use crate::data::atomic::WriteError;
use crate::data::sets::{Entries, Problem, Set, SetError, Split};
use crate::data::shards::{self, Record};
use crate::find::Finder;

/// Entries of earlier runs that are passed over between two questions whether to go on.
const PASSED: u64 = 1000;
/// Reasons that are told where nothing could be used.
const TOLD: usize = 3;

/// Prepares a set: shards of 168-pixel crops (JPEG, quality 95) with landmarks, pose and the set's labels in `out`, a
/// folder that is made where it is missing; `path` in a row is the entry's key. A folder of which some is done already
/// is gone on with after its last finished shard; one that is done stays as it is, once the set has been gone through
/// and is still the same.
///
/// A face is cut out by the set's 68 points; by its five points, and the finder adds 68 where it is sure of them; or
/// by the finder's points where the set has a box (the face that overlaps it most) or nothing (the largest near the
/// middle). What the set calls a crop stays as it is. Pictures that cannot be used are counted by reason. Rows come in
/// the set's order, whatever `threads` is; in memory are the rows of a row group and the pictures in hand.
///
/// `watch` hears how far it is, after every picture and several times a second while one takes long, and stops it by
/// answering false: finished shards stay.
///
/// # Errors
/// The set cannot be read (further) or is empty; none of its pictures can be used; `out` is the set itself, holds other
/// shards, those of another set, of other settings or of the set before it changed, is written by another process or
/// cannot be written; the finder or the threads fail; pictures in files have other sizes or times than when they were
/// cut out, in a set that lies where it lay. Finished shards stay; a folder without any is left as it was.
pub fn prepare(
    set: &dyn Set,
    out: &Path,
    options: &Options,
    finder: &Finder,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Result<Report, PrepareError> {
    let splits = set.splits();
    let folder = Folder::take(out, set.root())?;
    let journal = Journal::open(out, Settings::new(set, options, finder), &splits)?;
    let limit = options.limit.unwrap_or(u64::MAX);
    let total = splits.iter().map(|split| set.count(*split)).sum::<u64>().min(limit);
    let mut run = Run {
        set,
        out,
        rows_in_shard: options.rows_in_shard.max(1) as u64,
        limit,
        started: Instant::now(),
        journal,
        watch,
        progress: Progress { total, ..Progress::default() },
        resumed: 0,
    };
    let outcome = run.all(&splits, options, finder);
    if !run.journal.has_shards() {
        folder.leave_as_it_was();
    }
    match outcome {
        Ok(()) => whole(set, run.report(false)),
        Err(Halt::Cancelled) => Ok(run.report(true)),
        Err(Halt::Failed(error)) => Err(error),
    }
}

/// The report of a set that was gone through to its end.
fn whole(set: &dyn Set, report: Report) -> Result<Report, PrepareError> {
    let path = set.root().to_owned();
    if report.written.total() > 0 {
        return Ok(report);
    }
    if report.left_out.is_empty() {
        return Err(SetError::Empty(path).into());
    }
    let mut reasons: Vec<String> =
        report.left_out.iter().take(TOLD).map(|left| format!("{} ({})", left.reason, left.count)).collect();
    if report.left_out.len() > TOLD {
        reasons.push("and others".to_owned());
    }
    Err(PrepareError::NothingUsable { path, reasons: reasons.join(", ") })
}

/// Why a preparation ends early.
pub(super) enum Halt {
    Cancelled,
    Failed(PrepareError),
}

impl From<PrepareError> for Halt {
    fn from(error: PrepareError) -> Self {
        Halt::Failed(error)
    }
}

impl From<SetError> for Halt {
    fn from(error: SetError) -> Self {
        Halt::Failed(error.into())
    }
}

impl From<WriteError> for Halt {
    fn from(error: WriteError) -> Self {
        Halt::Failed(error.into())
    }
}

/// Tells the threads to stop when it goes.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A preparation under way.
struct Run<'a> {
    set: &'a dyn Set,
    out: &'a Path,
    rows_in_shard: u64,
    limit: u64,
    started: Instant,
    journal: Journal,
    watch: &'a mut dyn FnMut(Progress) -> bool,
    progress: Progress,
    /// Entries that an earlier run has gone through.
    resumed: u64,
}

impl Run<'_> {
    fn all(&mut self, splits: &[Split], options: &Options, finder: &Finder) -> Result<(), Halt> {
        if !self.journal.has_shards() {
            // Before any work: where even this cannot be written, nothing can.
            self.journal.write(self.report(true))?;
        }
        let stop = AtomicBool::new(false);
        let crew = Crew::new(finder, options.points, &stop);
        thread::scope(|scope| {
            // Also where it ends by an error: nobody shall go on looking for nobody.
            let _stopping = Stopping(&stop);
            let mut line = crew.start(scope, options.threads)?;
            splits.iter().try_for_each(|split| self.part(*split, &mut line))
        })?;
        if self.resumed < self.progress.done || self.journal.is_ahead {
            self.journal.write(self.report(false))?;
        }
        Ok(())
    }

    fn report(&self, cancelled: bool) -> Report {
        self.journal.report(self.started.elapsed().as_secs_f64(), self.resumed, cancelled)
    }

    fn part(&mut self, split: Split, line: &mut Line) -> Result<(), Halt> {
        let left = usize::try_from(self.limit.saturating_sub(self.progress.done)).unwrap_or(usize::MAX);
        let set = self.set;
        let entries: Entries = Box::new(set.entries(split)?.take(left));
        let mut entries = entries.fuse();
        let (mut number, mut ends) = self.pass_over(split, &mut entries)?;
        while !ends {
            ends = self.piece(split, number, &mut entries, line)?;
            number += 1;
        }
        Ok(())
    }

    /// Goes through the entries of a part that are done, and sees whether they are what they were. The number of the
    /// next shard, and whether the part is done.
    fn pass_over(&mut self, split: Split, entries: &mut Fuse<Entries>) -> Result<(usize, bool), Halt> {
        let Self { journal, watch, progress, resumed, .. } = self;
        let (mut number, mut ends) = (0, false);
        for place in journal.places(split) {
            let mut seen = Fingerprint::new();
            for _ in 0..journal.piece(place).entries {
                match entries.next() {
                    Some(Err(Problem::Stop(error))) => return Err(error.into()),
                    Some(item) => seen.add(fingerprint::of(&item)),
                    None => return Err(journal.changed().into()),
                }
                progress.done += 1;
                *resumed += 1;
                if progress.done.is_multiple_of(PASSED) && !tell(watch, progress) {
                    return Err(Halt::Cancelled);
                }
            }
            journal.check(place, seen)?;
            let piece = journal.piece(place);
            progress.written += piece.rows;
            number += usize::from(piece.shard.is_some());
            ends = piece.ends;
        }
        if ends && entries.next().is_some() {
            return Err(journal.changed().into());
        }
        Ok((number, ends))
    }

    /// Writes the next shard of a part; whether that is its last.
    fn piece(
        &mut self,
        split: Split,
        number: usize,
        entries: &mut Fuse<Entries>,
        line: &mut Line,
    ) -> Result<bool, Halt> {
        let mut draft = Draft::new();
        let Some(first) = self.row(entries, line, &mut draft)? else {
            self.keep(split, draft, None, true)?;
            return Ok(true);
        };
        let name = format!("{}-{}-{number:05}.parquet", self.set.name(), split.name());
        let path = self.out.join(&name);
        let (mut left, mut ends) = (self.rows_in_shard - 1, false);
        let others = iter::from_fn(|| {
            left = left.checked_sub(1)?;
            let row = self.row(entries, line, &mut draft).transpose();
            if !matches!(row, Some(Ok(_))) {
                // The writer may ask again.
                left = 0;
                ends = row.is_none();
            }
            row
        });
        let all = iter::once(Ok(first)).chain(others).map(|row| row.map(|record| *record));
        let rows = shards::write(&path, all)?;
        let bytes = fs::metadata(&path).map_err(|error| WriteError::new(&path, &error))?.len();
        self.keep(split, draft, Some(ShardFile { name, bytes, rows }), ends)?;
        Ok(ends)
    }

    fn keep(&mut self, split: Split, draft: Draft, file: Option<ShardFile>, ends: bool) -> Result<(), PrepareError> {
        self.journal.add(split, draft, file, ends);
        self.journal.write(self.report(true))
    }

    /// The next row of a part; none after the last. What is left out on the way is noted.
    fn row(
        &mut self,
        entries: &mut Fuse<Entries>,
        line: &mut Line,
        draft: &mut Draft,
    ) -> Result<Option<Box<Record>>, Halt> {
        let Self { watch, progress, .. } = self;
        loop {
            let Some(item) = line.next(entries, &mut || tell(watch, progress))? else { return Ok(None) };
            let Item { key, mark, made } = item;
            progress.done += 1;
            let row = match made {
                Ok(row) => Some(row),
                Err(Left::Out(reason)) => {
                    draft.leave_out(&reason, &key);
                    None
                }
                Err(Left::Failed(error)) => return Err(PrepareError::from(error).into()),
            };
            draft.add(key, mark);
            progress.written += u64::from(row.is_some());
            if !tell(watch, progress) {
                return Err(Halt::Cancelled);
            }
            if row.is_some() {
                return Ok(row);
            }
        }
    }
}

/// Tells how far it is; false where that is to be the end.
fn tell(watch: &mut dyn FnMut(Progress) -> bool, progress: &mut Progress) -> bool {
    // What a set says of its size may be nearly right only.
    progress.total = progress.total.max(progress.done);
    watch(*progress)
}
