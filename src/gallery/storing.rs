//! The thread of an update that encodes and stores what the others saw: every photograph in a transaction of its own,
//! rows of a shard in their order.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use image::RgbImage;

use super::error::GalleryError;
use super::index::Index;
use super::looking::{Looked, Outcome, Seen};
use super::plan::{Job, What};
use super::rows;
use super::tally::{Ready, Tally};
use super::update::{Encode, Progress, Report};
use crate::data::database::now;
use crate::face::CODE_DIM;

/// Crops that are encoded at once. More would be lost by a kill, and fewer would not keep all cores busy.
const BATCH: usize = 16;
/// Files and rows that are stored at once, however few faces they have.
const MOST: usize = 64;
/// How long is waited for something to store between two questions whether to go on.
const GLANCE: Duration = Duration::from_millis(50);

pub(super) struct Storing<'a> {
    index: &'a mut Index,
    encode: &'a mut Encode<'a>,
    jobs: &'a [Job],
    report: Report,
    progress: Progress,
    /// What is to be stored next, in order, and how many crops it has.
    hand: Vec<Looked>,
    crops: usize,
    /// Rows that came before the ones that stand before them, by their shard's place among the jobs.
    early: HashMap<usize, Early>,
    /// Files that were found under another name.
    moved: HashSet<i64>,
}

struct Early {
    /// Which row is to be stored next.
    next: u64,
    rows: BTreeMap<u64, Looked>,
}

impl<'a> Storing<'a> {
    pub fn new(
        index: &'a mut Index,
        encode: &'a mut Encode<'a>,
        jobs: &'a [Job],
        report: Report,
        total: usize,
    ) -> Self {
        Storing {
            index,
            encode,
            jobs,
            report,
            progress: Progress { done: 0, total, faces: 0 },
            hand: Vec::new(),
            crops: 0,
            early: HashMap::new(),
            moved: HashSet::new(),
        }
    }

    /// Stores all that comes, until nothing more does or `watch` says no; whether that was the end.
    pub fn run(
        &mut self,
        looked: Receiver<Looked>,
        watch: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<bool, GalleryError> {
        loop {
            let more = match looked.recv_timeout(GLANCE) {
                Ok(first) => {
                    self.take(first);
                    while self.crops < BATCH
                        && self.hand.len() < MOST
                        && let Ok(next) = looked.try_recv()
                    {
                        self.take(next);
                    }
                    true
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => false,
            };
            self.flush()?;
            if !watch(self.progress) {
                return Ok(false);
            }
            if !more {
                return Ok(true);
            }
        }
    }

    /// Removes what is in no source any more, and what that leaves behind.
    pub fn finish(&mut self, gone: &[i64], missing: &[i64]) -> Result<(), GalleryError> {
        let started = Instant::now();
        let gone: Vec<i64> = gone.iter().copied().filter(|file| !self.moved.contains(file)).collect();
        let has_moved = self.report.moved > 0;
        let faces = self.index.write(|db| {
            let mut faces = 0;
            for &file in &gone {
                faces += rows::remove_file(db, file)?;
            }
            // A folder that was moved is a source no longer once all it held was found elsewhere.
            for source in missing.iter().filter(|_| has_moved) {
                db.execute(
                    "DELETE FROM sources WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE source = ?1)",
                    [source],
                )?;
            }
            db.execute("DELETE FROM people WHERE id NOT IN (SELECT person FROM pins)", [])?;
            db.execute("UPDATE about SET updated = ?1", [now()])?;
            if !gone.is_empty() {
                rows::touch(db)?;
            }
            Ok(faces)
        })?;
        self.report.removed += gone.len();
        self.report.faces_removed += faces;
        self.index.tidy();
        self.report.seconds.store += started.elapsed().as_secs_f64();
        Ok(())
    }

    pub fn into_report(self) -> Report {
        self.report
    }

    /// Puts something in hand as soon as it is its turn.
    fn take(&mut self, looked: Looked) {
        let What::Shard(shard) = &self.jobs[looked.job].what else { return self.hold(looked) };
        let job = looked.job;
        let early = self.early.entry(job).or_insert_with(|| Early { next: shard.from, rows: BTreeMap::new() });
        early.rows.insert(looked.place, looked);
        let mut ready = Vec::new();
        while let Some(row) = early.rows.remove(&early.next) {
            early.next += 1;
            ready.push(row);
        }
        ready.into_iter().for_each(|row| self.hold(row));
    }

    fn hold(&mut self, looked: Looked) {
        self.crops += faces_of(&looked.what).len();
        self.hand.push(looked);
    }

    /// Encodes and stores what is in hand.
    fn flush(&mut self) -> Result<(), GalleryError> {
        let mut hand = mem::take(&mut self.hand);
        self.crops = 0;
        let crops: Vec<RgbImage> = hand
            .iter_mut()
            .flat_map(|looked| faces_of_mut(&mut looked.what))
            .map(|seen| mem::replace(&mut seen.look.picture, RgbImage::new(0, 0)))
            .collect();
        let mut codes = self.encoded(&crops)?.into_iter();
        let ready = hand.into_iter().map(|Looked { job, place, what }| {
            let codes = codes.by_ref().take(faces_of(&what).len()).collect();
            Ready { job, place, what, codes }
        });
        // Rows of one shard that follow each other share a transaction.
        let mut together: Vec<Vec<Ready>> = Vec::new();
        for one in ready {
            let is_row = matches!(self.jobs[one.job].what, What::Shard(_));
            match together.last_mut() {
                Some(last) if is_row && last[0].job == one.job => last.push(one),
                _ => together.push(vec![one]),
            }
        }
        let started = Instant::now();
        let stored = together.into_iter().try_for_each(|group| self.store(group));
        self.report.seconds.store += started.elapsed().as_secs_f64();
        stored
    }

    fn encoded(&mut self, crops: &[RgbImage]) -> Result<Vec<[f32; CODE_DIM]>, GalleryError> {
        if crops.is_empty() {
            return Ok(Vec::new());
        }
        let started = Instant::now();
        let codes = (self.encode)(crops).map_err(GalleryError::Networks)?;
        self.report.seconds.encode += started.elapsed().as_secs_f64();
        if codes.len() == crops.len() {
            return Ok(codes);
        }
        let sentence = format!("The networks gave {} codes for {} faces; report this", codes.len(), crops.len());
        Err(GalleryError::Networks(sentence))
    }

    /// Stores a photograph, or rows of one shard.
    fn store(&mut self, group: Vec<Ready>) -> Result<(), GalleryError> {
        let Some(first) = group.first() else { return Ok(()) };
        let job = &self.jobs[first.job];
        let mut tally = Tally::default();
        self.index.write(|db| {
            for one in group {
                tally.store(db, job, one)?;
            }
            if tally.has_changed {
                rows::touch(db)?;
            }
            Ok(())
        })?;
        self.progress.done += tally.done;
        self.progress.faces += tally.report.faces_added;
        self.moved.extend(tally.moved);
        let (sum, more) = (&mut self.report, tally.report);
        sum.added += more.added;
        sum.changed += more.changed;
        sum.moved += more.moved;
        sum.unchanged += more.unchanged;
        sum.faces_added += more.faces_added;
        sum.faces_removed += more.faces_removed;
        sum.no_face += more.no_face;
        sum.failed.extend(more.failed);
        Ok(())
    }
}

fn faces_of(what: &Outcome) -> &[Seen] {
    match what {
        Outcome::Faces { faces, .. } | Outcome::RowFaces { faces, .. } => faces,
        _ => &[],
    }
}

fn faces_of_mut(what: &mut Outcome) -> &mut [Seen] {
    match what {
        Outcome::Faces { faces, .. } | Outcome::RowFaces { faces, .. } => faces,
        _ => &mut [],
    }
}
