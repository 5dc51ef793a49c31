//! The work of a build, step by step: shards (in `crops`), index, scores, reconstructions.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use image::RgbImage;
use rusqlite::{Connection, TransactionBehavior, params};

use super::build::{Options, Outcome, Progress, Step, Tools};
use super::error::AuditError;
use super::evidence::{self, Found};
use super::labels::Labels;
use super::readings::{self, Chances, ReadingError, Readings};
use super::schema::{About, INDEX};
use super::scores::{Evidence, Score, predicted};
use super::shortcuts::{self, Shortcut};
use super::store::{Audit, ranking};
use super::{mood, neighbours, verdicts};
use crate::data::database::{now, path_value};
use crate::data::image as picture;
use crate::data::sets::{Set, SharedNames};
use crate::evaluate::reader::Reader;
use crate::face::{CROP_SIDE, Crop};
use crate::gallery::{self, Codes, FaceKey, Index, Look};
use crate::nn::Code;

/// Reconstructions that are decoded, read and stored at once.
const BATCH: usize = 32;

/// A build that is going on.
pub(super) struct Making<'a, 't> {
    pub folder: &'a Path,
    pub set: &'a dyn Set,
    pub about: &'a About,
    pub db: Connection,
    pub tools: Tools<'t>,
    pub options: &'a Options,
    pub watch: &'a mut dyn FnMut(Progress) -> bool,
    pub outcome: Outcome,
}

/// What the labels were found to be.
struct Scores {
    readings: Readings,
    votes: Vec<Chances>,
    moods: Vec<Option<f32>>,
    shortcuts: Vec<Shortcut>,
}

impl Making<'_, '_> {
    /// Whether it went to its end.
    pub fn run(&mut self) -> Result<bool, AuditError> {
        let Some(shards) = self.shards()? else { return Ok(false) };
        let Some(index) = self.index(&shards)? else { return Ok(false) };
        let codes = index.codes()?;
        // Names of prepared faces are those that the set has made different already.
        let is_prepared = self.outcome.prepared.is_some();
        let shared = if is_prepared { SharedNames::default() } else { self.set.shared_names() };
        let labels = Labels::read(&index, &codes, &shared)?;
        let source = || self.set.root().to_owned();
        if labels.faces == 0 {
            return Err(AuditError::NoFaces(source()));
        }
        if labels.is_empty() {
            return Err(AuditError::NoLabels { path: source(), faces: labels.faces });
        }
        let Some(scores) = self.score(&labels, &codes)? else { return Ok(false) };
        self.remark(&labels, &scores.readings);
        self.store(&labels, &scores)?;
        self.reconstruct(&codes)
    }

    /// The index of the shards, up to date. None where it was stopped.
    fn index(&mut self, shards: &[PathBuf]) -> Result<Option<Index>, AuditError> {
        let model = &self.about.model;
        let mut index = Index::begin(&self.folder.join(INDEX), model, shards)?;
        // That other weights may be put in their place was settled for the audit as a whole.
        if index.require(model).is_err() {
            index.rebuild(model)?;
        }
        let tools = gallery::Tools { look: &stored_crop, encode: &mut *self.tools.encode, threads: self.tools.threads };
        let mut watch = |progress: gallery::Progress| {
            let (done, total) = (progress.done as u64, progress.total as u64);
            (self.watch)(Progress { step: Step::Indexing, done, total })
        };
        let report = gallery::update(&mut index, shards, tools, &mut watch)?;
        if report.cancelled {
            self.outcome.failed = report.failed;
            return Ok(None);
        }
        // Shards that have gone; those that were given other names were found by now.
        let there: HashSet<PathBuf> = shards.iter().filter_map(|shard| fs::canonicalize(shard).ok()).collect();
        let is_there = |source: &PathBuf| fs::canonicalize(source).is_ok_and(|source| there.contains(&source));
        let gone: Vec<PathBuf> = index.info()?.sources.into_iter().filter(|source| !is_there(source)).collect();
        for source in &gone {
            index.forget(source)?;
        }
        self.outcome.failed = report.failed.into_iter().filter(|(path, _)| is_there(path)).collect();
        Ok(Some(index))
    }

    /// None where it was stopped.
    fn score(&mut self, labels: &Labels, codes: &Codes) -> Result<Option<Scores>, AuditError> {
        let (labelled, seed, total) = (labels.labelled(codes), self.options.seed, labels.len() as u64);
        let mut hear = |step: Step, share: f32| {
            let done = (f64::from(share) * total as f64) as u64;
            (self.watch)(Progress { step, done: done.min(total), total })
        };
        let Some(readings) = readings::read(&labelled, seed, &mut |share| hear(Step::Reading, share))? else {
            return Ok(None);
        };
        let Some(votes) = neighbours::vote(&labelled, &mut |share| hear(Step::Neighbours, share)) else {
            return Ok(None);
        };
        let Some(shortcuts) = shortcuts::measure(&labelled, seed, &mut |share| hear(Step::Shortcuts, share))? else {
            return Ok(None);
        };
        let moods = mood::agreements(&labels.moods, &labels.given);
        Ok(Some(Scores { readings, votes, moods, shortcuts }))
    }

    /// What somebody should know who reads the scores.
    fn remark(&mut self, labels: &Labels, readings: &Readings) {
        let remarks = &mut self.outcome.remarks;
        for (class, faces) in &readings.left_out {
            let are = if *faces == 1 { "1 face is".to_owned() } else { format!("{faces} faces are") };
            remarks.push(format!("Only {are} labelled {class}, too few to judge by; such labels are not ranked"));
        }
        if !labels.has_groups {
            remarks.push("The set does not say who is who; faces of one person may speak for each other".to_owned());
        } else if !readings.by_person {
            remarks.push("There are too few people to part; faces of one person may speak for each other".to_owned());
        }
        if labels.left_out > 0 {
            let faces = if labels.left_out == 1 { "1 face".to_owned() } else { format!("{} faces", labels.left_out) };
            remarks.push(format!("Left out: {faces} with the name of an earlier one; verdicts go by names"));
        }
    }

    /// Stores all scores at once, in the place of those that were there. Reconstructions stay and are read anew.
    fn store(&mut self, labels: &Labels, scores: &Scores) -> Result<(), AuditError> {
        let told = |error: rusqlite::Error| AuditError::store(self.folder, &error);
        let kept = evidence::reconstructions(&self.db).map_err(told)?;
        let kept = read_again(labels, &scores.readings, &kept)?;
        let readers = scores.readings.readers.iter().map(Reader::to_bytes).collect::<Result<Vec<_>, _>>();
        let readers = readers.map_err(ReadingError::from)?;
        let moment = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let stored = put_all(&moment, labels, scores, &kept)
            .and_then(|()| put_readers(&moment, &readers))
            .and_then(|()| put_about(&moment, self.about, labels, scores, self.options));
        stored.and_then(|()| moment.commit()).map_err(told)
    }

    /// Reads the reconstructions of the faces within the budget that were not read yet; whether it went to its end.
    fn reconstruct(&mut self, codes: &Codes) -> Result<bool, AuditError> {
        let mut audit = Audit::open(self.folder)?;
        let rows = audit.rows()?;
        let kept = audit.read(evidence::reconstructions)?;
        let kept: HashSet<FaceKey> = kept.into_iter().map(|(face, _)| face).collect();
        let worst = ranking(&rows, Score::default()).into_iter().take(self.options.budget.of(rows.len()));
        let faces = worst.map(|place| rows[place as usize].face).filter(|face| !kept.contains(face));
        let faces: Vec<(FaceKey, usize)> = faces.filter_map(|face| Some((face, codes.position(face)?))).collect();
        let total = faces.len() as u64;
        let mut done = 0;
        for batch in faces.chunks(BATCH) {
            if !(self.watch)(Progress { step: Step::Reconstructing, done, total }) {
                return Ok(false);
            }
            let asked: Vec<_> = batch.iter().map(|&(_, place)| codes.face(place)).collect();
            let pictures = (self.tools.decode)(&asked).map_err(AuditError::Networks)?;
            let read = (self.tools.encode)(&pictures).map_err(AuditError::Networks)?;
            let read: Vec<(FaceKey, Code)> = batch.iter().map(|&(face, _)| face).zip(read).collect();
            audit.read_reconstructions(&read)?;
            done += batch.len() as u64;
        }
        if total > 0 {
            (self.watch)(Progress { step: Step::Reconstructing, done, total });
        }
        Ok(true)
    }
}

/// The one face of a stored crop.
fn stored_crop(photo: &RgbImage, _: &dyn Fn() -> bool) -> Result<Vec<Look>, String> {
    let (width, height) = photo.dimensions();
    let square = Crop::level([width as f32 / 2.0, height as f32 / 2.0], CROP_SIDE as f32 / 2.0);
    let picture = picture::centre_crop_of_square(photo)
        .ok_or_else(|| format!("It is {width} x {height} pixels, which no crop is; prepare the set again"))?;
    Ok(vec![Look { square, picture, found: None }])
}

/// What the new readers say of reconstructions whose expression is known, by the places of their faces.
fn read_again(
    labels: &Labels,
    readings: &Readings,
    kept: &[(FaceKey, Code)],
) -> Result<HashMap<usize, Chances>, AuditError> {
    let mut chances = HashMap::new();
    let placed = kept.iter().filter_map(|(face, code)| Some((labels.keys.binary_search(face).ok()?, *code)));
    let placed: Vec<(usize, Code)> = placed.collect();
    for (fold, reader) in readings.readers.iter().enumerate() {
        let (places, codes): (Vec<usize>, Vec<Code>) =
            placed.iter().filter(|(place, _)| usize::from(readings.fold[*place]) == fold).copied().unzip();
        if !codes.is_empty() {
            chances.extend(places.into_iter().zip(readings::probabilities(reader, &codes)?));
        }
    }
    Ok(chances)
}

fn put_all(db: &Connection, labels: &Labels, scores: &Scores, kept: &HashMap<usize, Chances>) -> rusqlite::Result<()> {
    verdicts::follow(db, |face| labels.name(face))?;
    for table in ["rows", "evidence"] {
        db.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let readings = &scores.readings;
    for place in 0..labels.len() {
        let found = Found {
            name: labels.names.get(place).to_owned(),
            fold: readings.fold[place],
            predicted: predicted(&readings.probabilities[place]),
            evidence: Evidence {
                given: labels.given[place],
                probabilities: readings.probabilities[place],
                averaged: readings.averaged[place],
                votes: scores.votes[place],
                reconstruction: kept.get(&place).copied(),
                mood: scores.moods[place],
            },
        };
        let face = labels.keys[place];
        evidence::put(db, face, labels.groups[place], &found)?;
        if let Some(chances) = kept.get(&place) {
            evidence::change_reconstruction(db, face, chances)?;
        }
    }
    db.execute("DELETE FROM reconstructions WHERE face NOT IN (SELECT face FROM rows)", [])?;
    Ok(())
}

fn put_readers(db: &Connection, readers: &[Vec<u8>]) -> rusqlite::Result<()> {
    db.execute("DELETE FROM readers", [])?;
    for (fold, reader) in readers.iter().enumerate() {
        db.execute("INSERT INTO readers (fold, reader) VALUES (?1, ?2)", params![fold as i64, reader])?;
    }
    Ok(())
}

fn put_about(
    db: &Connection,
    about: &About,
    labels: &Labels,
    scores: &Scores,
    options: &Options,
) -> rusqlite::Result<()> {
    let count = |faces: usize| u32::try_from(faces).unwrap_or(u32::MAX);
    db.execute(
        "UPDATE about SET trained_on = ?1, source = ?2, format = ?3, columns = ?4, updated = ?5, faces = ?6,
         unlabelled = ?7, left_out = ?8, budget = ?9, by_person = ?10, shortcuts = ?11",
        params![
            about.trained_on,
            path_value(&about.source),
            about.format.name(),
            evidence::to_json(&about.columns),
            now(),
            count(labels.faces),
            count(labels.unlabelled),
            count(labels.left_out),
            count(options.budget.of(labels.len())),
            labels.has_groups && scores.readings.by_person,
            evidence::to_json(&scores.shortcuts)
        ],
    )?;
    Ok(())
}
