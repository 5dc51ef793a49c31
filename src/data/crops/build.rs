//! From shards and folders to the two sets of a training. The sources are gone through twice: first for whom each
//! picture shows, so that whole people can be held back, then for the pictures that were chosen.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rayon::prelude::*;

use super::check::check;
use super::index::{Index, VERSION};
use super::select::{Choice, Lot, Survey};
use super::source::{Item, Problem, Reader, readers};
use super::writer::{PartFolder, SetWriter};
use super::{CropSet, CropSetError, Label, Report, SubFolders};
use crate::data::hash::Hash;
use crate::face::Expression;

/// Names of the two sets in their folder.
pub const TRAIN: &str = "train";
pub const HELD_OUT: &str = "held-out";

/// Pictures that are in memory and decoded at once, over all cores.
const CHUNK: usize = 32;
/// Rows between two looks at whether to go on while nothing is decoded.
const GLANCE: usize = 1000;

/// How a set is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Pictures held back for measuring where no shard is named `-val-` or `-test-`, at most; 0 holds none back.
    pub held_out: usize,
    /// Pictures trained on, at most; 0 is all.
    pub limit: usize,
    pub seed: u64,
    /// Of folders of crops.
    pub sub_folders: SubFolders,
}

/// What was gathered.
#[derive(Clone, Debug)]
pub struct Built {
    pub train: CropSet,
    /// Empty where nothing could be held back.
    pub held_out: CropSet,
    pub report: Report,
}

/// Gathers the pictures of shards and folders into the sets [`TRAIN`] and [`HELD_OUT`] in `dir`. What is there already
/// from the same files and options is opened and not made again.
///
/// Shards named `-val-` or `-test-` are held back whole, those named `loose-` or `scenes-` left out; where none is held
/// back so, a twentieth is (section 7 of the method), by whole people where people are known. A folder without shards
/// stands for the crops in it and in its sub-folders. Pictures that cannot be used are counted in the report by reason.
///
/// `progress` hears how many pictures of how many are done, and answers whether to go on.
///
/// # Errors
/// What was named does not exist, cannot be read or is damaged, nothing usable is in it, `dir` cannot be written, or
/// `progress` said no; a half-made set is removed then.
pub fn build(
    dir: &Path,
    paths: &[PathBuf],
    options: &Options,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Built, CropSetError> {
    let readers = readers(paths, options.sub_folders)?;
    let fingerprint = fingerprint(&readers, options)?;
    if let Some(built) = finished(dir, &fingerprint) {
        let pictures = built.report.pictures + built.report.held_out;
        return if progress(pictures, pictures) { Ok(built) } else { Err(CropSetError::Cancelled) };
    }
    let choice = survey(&readers, progress)?.choose(options.held_out, options.limit, options.seed);
    let part = PartFolder::create(dir)?;
    let mut gathering = Gathering::start(&part, &readers, choice.shared_people)?;
    gathering.all(&readers, &choice, progress)?;
    let index = gathering.finish(paths, fingerprint)?;
    part.deliver(dir, &index.sets)?;
    index.write(dir)?;
    open(dir, index)
}

/// The sets that are there, if they were made of the same and are whole.
fn finished(dir: &Path, fingerprint: &str) -> Option<Built> {
    let index = Index::read(dir).ok().filter(|index| index.fingerprint == fingerprint)?;
    open(dir, index).ok()
}

fn open(dir: &Path, index: Index) -> Result<Built, CropSetError> {
    let train = CropSet::of(dir, TRAIN, &index)?;
    let held_out = CropSet::of(dir, HELD_OUT, &index)?;
    Ok(Built { train, held_out, report: index.report })
}

/// A number for all files (path, size, time of change) and options; another one means that the sets must be made again.
fn fingerprint(readers: &[Box<dyn Reader>], options: &Options) -> Result<String, CropSetError> {
    let Options { held_out, limit, seed, sub_folders } = *options;
    let mut hash = Hash::new("set").number(u64::from(VERSION));
    hash = hash.number(held_out as u64).number(limit as u64).number(seed);
    // Sets from before there was a choice stay what they are.
    if sub_folders != SubFolders::Auto {
        hash = hash.text(sub_folders.name());
    }
    for reader in readers {
        hash = hash.text(reader.source()).number(u64::from(reader.is_measured()));
        reader.each_file(&mut |path| hash = with_file(hash, path))?;
    }
    Ok(format!("{:016x}", hash.end()))
}

/// A file that cannot be looked at counts as empty; reading it will tell what is wrong.
fn with_file(hash: Hash, path: &Path) -> Hash {
    let about = fs::metadata(path).ok();
    let changed = about.as_ref().and_then(|about| about.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    hash.text(&whole.to_string_lossy())
        .number(about.map_or(0, |about| about.len()))
        .number(changed.map_or(0, |since| since.as_nanos() as u64))
}

/// Whom each picture shows.
fn survey(readers: &[Box<dyn Reader>], progress: &mut dyn FnMut(u64, u64) -> bool) -> Result<Survey, CropSetError> {
    let total = readers.iter().map(|reader| reader.count()).sum();
    let mut survey = Survey::default();
    for reader in readers {
        for item in reader.items() {
            match item {
                Ok(_) if reader.is_measured() => survey.add_decided(Lot::HeldOut),
                Ok(item) => survey.add(person_of(reader.source(), &item).map(Hash::end)),
                Err(Problem::Skip(_)) => survey.add_decided(Lot::Out),
                Err(Problem::Stop(error)) => return Err(error),
            }
            if survey.len() % GLANCE == 1 && !progress(0, total) {
                return Err(CropSetError::Cancelled);
            }
        }
    }
    Ok(survey)
}

fn person_of(source: &str, item: &Item) -> Option<Hash> {
    Some(Hash::new("person").text(source).text(item.person.as_deref()?))
}

/// Numbers for names in the order in which they are met.
#[derive(Default)]
struct Numbers(HashMap<u64, u32>);

impl Numbers {
    fn of(&mut self, name: Hash) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(name.end()).or_insert(next)
    }
}

/// Both sets while they are written.
struct Gathering {
    train: SetWriter,
    held_out: SetWriter,
    /// The place of each reader's source in `sources`.
    source_of: Vec<u16>,
    sources: Vec<String>,
    people: Numbers,
    clips: Numbers,
    /// People and clips that are trained on.
    trained: [HashSet<u32>; 2],
    report: Report,
}

/// A picture that was chosen, and where it goes.
struct Chosen {
    reader: usize,
    lot: Lot,
    item: Item,
}

impl Gathering {
    fn start(part: &PartFolder, readers: &[Box<dyn Reader>], shared_people: bool) -> Result<Self, CropSetError> {
        let mut sources: Vec<String> = Vec::new();
        let mut source_of = Vec::with_capacity(readers.len());
        for name in readers.iter().map(|reader| reader.source()) {
            let place = sources.iter().position(|known| known == name).unwrap_or_else(|| {
                sources.push(name.to_owned());
                sources.len() - 1
            });
            source_of.push(u16::try_from(place).map_err(|_| CropSetError::TooManySources)?);
        }
        let counts = sources.iter().map(|name| (name.clone(), 0)).collect();
        Ok(Self {
            train: SetWriter::create(part, TRAIN)?,
            held_out: SetWriter::create(part, HELD_OUT)?,
            source_of,
            sources,
            people: Numbers::default(),
            clips: Numbers::default(),
            trained: Default::default(),
            report: Report { sources: counts, shared_people, ..Report::default() },
        })
    }

    /// Goes through all sources and writes what was chosen, some pictures at a time.
    fn all(
        &mut self,
        readers: &[Box<dyn Reader>],
        choice: &Choice,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<(), CropSetError> {
        let total = choice.lots.len() as u64;
        let mut lots = choice.lots.iter().copied();
        let mut done = 0;
        for (reader, source) in readers.iter().enumerate() {
            let mut items = source.items();
            loop {
                let mut chunk = Vec::with_capacity(CHUNK);
                let taken = self.fill(&mut chunk, reader, &mut items, &mut lots)?;
                self.add(chunk)?;
                done += taken;
                if !progress(done, total) {
                    return Err(CropSetError::Cancelled);
                }
                if taken == 0 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes the next [`CHUNK`] items and keeps those that were chosen; how many were taken.
    fn fill(
        &mut self,
        chunk: &mut Vec<Chosen>,
        reader: usize,
        items: &mut dyn Iterator<Item = Result<Item, Problem>>,
        lots: &mut dyn Iterator<Item = Lot>,
    ) -> Result<u64, CropSetError> {
        let mut taken = 0;
        for item in items.take(CHUNK) {
            taken += 1;
            // A file that grew since the survey has more items than were chosen from.
            let lot = lots.next().unwrap_or(Lot::Out);
            match item {
                Ok(item) if lot != Lot::Out => chunk.push(Chosen { reader, lot, item }),
                Ok(_) => {}
                Err(Problem::Skip(reason)) => self.report.skip(reason),
                Err(Problem::Stop(error)) => return Err(error),
            }
        }
        Ok(taken)
    }

    /// Checks pictures on all cores and writes the good ones in their order.
    fn add(&mut self, chunk: Vec<Chosen>) -> Result<(), CropSetError> {
        let checked: Vec<_> = chunk.par_iter().map(|chosen| check(&chosen.item)).collect();
        for (chosen, checked) in chunk.into_iter().zip(checked) {
            let picture = match checked {
                Ok(picture) => picture,
                Err(reason) => {
                    self.report.skip(reason);
                    continue;
                }
            };
            let label = self.label(chosen.reader, &chosen.item);
            if chosen.lot == Lot::Train {
                self.count(&label);
                self.train.add(&picture, label)?;
            } else {
                self.held_out.add(&picture, label)?;
            }
        }
        Ok(())
    }

    fn label(&mut self, reader: usize, item: &Item) -> Label {
        let source = self.source_of[reader];
        let name = &self.sources[usize::from(source)];
        let person = person_of(name, item);
        let whose = person.unwrap_or(Hash::new("nobody").text(name));
        let clip = item.clip.as_deref().map(|clip| whose.text(clip));
        Label {
            source,
            person: person.map(|person| self.people.of(person)),
            clip: clip.map(|clip| self.clips.of(clip)),
            expression: item.expression.and_then(|class| Expression::ALL.get(usize::from(class)).copied()),
            valence_arousal: item.valence_arousal,
            pose_deg: item.pose_deg,
            landmarks: item.landmarks.map(Box::new),
        }
    }

    fn count(&mut self, label: &Label) {
        let report = &mut self.report;
        report.sources[usize::from(label.source)].1 += 1;
        if let Some(class) = label.expression {
            report.expressions[class.index()] += 1;
        }
        report.with_pose += u64::from(label.pose_deg.is_some());
        report.with_landmarks += u64::from(label.landmarks.is_some());
        report.with_valence_arousal += u64::from(label.valence_arousal.is_some());
        self.trained[0].extend(label.person);
        self.trained[1].extend(label.clip);
    }

    /// Closes the files. Nothing to train on is an error.
    fn finish(mut self, paths: &[PathBuf], fingerprint: String) -> Result<Index, CropSetError> {
        self.report.pictures = self.train.rows();
        self.report.held_out = self.held_out.rows();
        [self.report.people, self.report.clips] = self.trained.map(|met| met.len() as u64);
        self.report.sources.retain(|(_, count)| *count > 0);
        if self.report.pictures == 0 {
            let reasons = match self.report.reasons() {
                reasons if reasons.is_empty() => "there are no rows in the shards".to_owned(),
                reasons => reasons,
            };
            return Err(CropSetError::NothingUsable { path: paths.first().cloned().unwrap_or_default(), reasons });
        }
        let sets = vec![self.train.finish()?, self.held_out.finish()?];
        Ok(Index { version: VERSION, fingerprint, sources: self.sources, sets, report: self.report })
    }
}
