//! What the finder learns from and what it is measured on: labelled crops and photographs, scenes, drawn photographs.
//!
//! Photographs are set aside by a stable hash of the person, or of the path where there is none, scenes by that of the
//! path. What shows the same people, or the same photograph again as a crop, is no more trained on than they are.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use image::RgbImage;
use rayon::prelude::*;

use super::super::error::TrainError;
use super::chance::Chance;
use crate::data::hash::fnv;
use crate::data::image as pictures;
use crate::data::shards::{self, MarkedFace, Record, Scene, ShardError, Wanted, is_for_measuring};
use crate::data::synth::{self, Photograph};
use crate::face::{Crop, FaceBox, Landmarks};

/// One labelled photograph in so many is set aside, and one scene.
const PHOTOGRAPHS_ASIDE: u64 = 20;
const SCENES_ASIDE: u64 = 5;
/// Crops that are kept at most, about 400 MB as files; those beyond are passed over.
const MOST_CROPS: usize = 100_000;
/// A source of crops is drawn as often as its size to this power says, so that small ones are not lost among large.
const SOURCE_POWER: f64 = 0.7;
/// Of drawn photographs, in pixels; every fourth shows nobody.
const DRAWN_SIZE: (u32, u32) = (384, 288);
const NOBODY_EVERY: u64 = 4;
/// The longest row of pictures that cannot be decoded.
const MOST_DAMAGED: usize = 32;

/// A picture with one labelled face; others may be in it.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub path: String,
    /// The picture's file.
    pub bytes: Vec<u8>,
    /// In pixels of the picture.
    pub landmarks: Landmarks,
    /// Yaw, pitch, roll in degrees, as the picture shows them.
    pub pose_deg: Option<[f32; 3]>,
}

/// Crops of one origin.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub crops: Vec<Labelled>,
}

/// A scene, decoded.
#[derive(Clone, Debug)]
pub struct Place {
    pub picture: RgbImage,
    pub faces: Vec<MarkedFace>,
}

/// What is trained on.
#[derive(Debug, Default)]
pub struct Material {
    pub sources: Vec<Source>,
    pub photographs: Vec<Labelled>,
    pub scenes: Vec<Place>,
    /// Some of them with nobody in them.
    pub drawn: Vec<Photograph>,
    /// Pictures that could not be used.
    pub skipped: usize,
}

/// What is measured on.
#[derive(Debug, Default)]
pub struct SetAside {
    pub photographs: Vec<Labelled>,
    pub scenes: Vec<Scene>,
}

/// Whether a labelled photograph is measured on and never trained on.
pub fn is_set_aside(person: Option<&str>, path: &str) -> bool {
    fnv(person.unwrap_or(path).bytes()).is_multiple_of(PHOTOGRAPHS_ASIDE)
}

/// Whether a scene is.
pub fn is_scene_set_aside(path: &str) -> bool {
    fnv(path.bytes()).is_multiple_of(SCENES_ASIDE)
}

/// What is found in shards, before it is divided.
#[derive(Default)]
struct Read {
    crops: Vec<(String, Vec<Record>)>,
    photographs: Vec<Record>,
    scenes: Vec<Scene>,
    skipped: usize,
}

/// Who and what must not be seen in training.
struct Hidden {
    people: HashSet<String>,
    paths: HashSet<String>,
}

impl Hidden {
    fn of(read: &Read) -> Self {
        let all = read.crops.iter().flat_map(|(_, records)| records).chain(&read.photographs);
        let people =
            all.filter_map(|record| record.person.clone()).filter(|name| is_set_aside(Some(name.as_str()), ""));
        let aside = read.photographs.iter().filter(|record| is_set_aside(record.person.as_deref(), &record.path));
        Hidden { people: people.collect(), paths: aside.map(|record| record.path.clone()).collect() }
    }

    /// Where nobody is named, a folder of the picture's path may name somebody.
    fn hides(&self, record: &Record) -> bool {
        let named = match &record.person {
            Some(name) => self.people.contains(name),
            None => record.path.split('/').any(|part| self.people.contains(part)),
        };
        named || self.paths.contains(&record.path)
    }
}

impl Material {
    /// Reads everything in these shards and folders of shards that may be trained on, but for photographs whose path has
    /// one of the texts to `leave_out` in it, and draws so many photographs; those are functions of the seed.
    ///
    /// # Errors
    /// Shards that are missing or damaged, and [`TrainError::TooFewPictures`] without labelled faces.
    pub fn read(paths: &[PathBuf], leave_out: &[String], seed: u64, drawn: u64) -> Result<Self, TrainError> {
        let mut read = Read::default();
        for shard in shards_of(paths, Wanted::TrainingCrops)? {
            read.crops(&shard)?;
        }
        for shard in shards_of(paths, Wanted::Photographs)?.iter().filter(|shard| !is_for_measuring(shard)) {
            let photographs = read.records(shard, usize::MAX)?;
            read.photographs.extend(photographs);
        }
        for shard in shards_of(paths, Wanted::Scenes)?.iter().filter(|shard| !is_for_measuring(shard)) {
            read.scenes.extend(shards::scenes(shard)?);
        }
        let material = Material { drawn: drawn_photographs(seed, drawn), ..read.divided(leave_out) };
        let faces =
            material.photographs.len() + material.sources.iter().map(|source| source.crops.len()).sum::<usize>();
        if faces == 0 { Err(TrainError::TooFewPictures(faces)) } else { Ok(material) }
    }

    /// A crop, sources drawn by their size and with a lean towards small ones; none without crops.
    pub fn crop(&self, chance: &mut Chance) -> Option<&Labelled> {
        let weight = |source: &Source| (source.crops.len() as f64).powf(SOURCE_POWER);
        let mut left = f64::from(chance.unit()) * self.sources.iter().map(weight).sum::<f64>();
        let place = self.sources.iter().position(|source| {
            left -= weight(source);
            left < 0.0
        });
        let source = &self.sources.get(place.unwrap_or(0))?.crops;
        chance.one_of(source)
    }

    /// What this was trained on, in a sentence.
    pub fn description(&self) -> String {
        let crops: Vec<String> =
            self.sources.iter().map(|source| format!("{} {}", source.crops.len(), source.name)).collect();
        let crops = if crops.is_empty() { "none".to_owned() } else { crops.join(", ") };
        format!(
            "{} photographs with one labelled face, {} scenes, {} drawn photographs, crops: {crops}",
            self.photographs.len(),
            self.scenes.len(),
            self.drawn.len(),
        )
    }
}

impl SetAside {
    /// What the shards among `paths` have to measure on: what training sets aside, and all of shards that are only
    /// measured on.
    ///
    /// # Errors
    /// Shards that are missing or damaged.
    pub fn read(paths: &[PathBuf]) -> Result<Self, TrainError> {
        let mut aside = SetAside::default();
        for shard in shards_of(paths, Wanted::Photographs)? {
            let records = Read::default().records(&shard, usize::MAX)?;
            let whole = is_for_measuring(&shard);
            let wanted = |record: &Record| whole || is_set_aside(record.person.as_deref(), &record.path);
            aside.photographs.extend(records.into_iter().filter(wanted).filter_map(labelled));
        }
        for shard in shards_of(paths, Wanted::Scenes)? {
            let whole = is_for_measuring(&shard);
            let scenes = shards::scenes(&shard)?.into_iter();
            aside.scenes.extend(scenes.filter(|scene| whole || is_scene_set_aside(&scene.path)));
        }
        Ok(aside)
    }
}

impl Read {
    fn crops(&mut self, shard: &Path) -> Result<(), TrainError> {
        let kept: usize = self.crops.iter().map(|(_, records)| records.len()).sum();
        let records = self.records(shard, MOST_CROPS.saturating_sub(kept))?;
        let name = origin(shard);
        match self.crops.iter_mut().find(|(known, _)| *known == name) {
            Some((_, crops)) => crops.extend(records),
            None => self.crops.push((name, records)),
        }
        Ok(())
    }

    /// The rows of a shard that have landmarks, so many at most. A row that is wrong is passed over.
    fn records(&mut self, shard: &Path, most: usize) -> Result<Vec<Record>, ShardError> {
        let mut records = Vec::new();
        for record in shards::records(vec![shard.to_owned()]) {
            if records.len() == most {
                break;
            }
            match record {
                Ok(record) if record.landmarks.is_some() => records.push(record),
                Ok(_) | Err(ShardError::BadRow { .. }) => self.skipped += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(records)
    }

    fn divided(mut self, leave_out: &[String]) -> Material {
        // Whom they show stays hidden: they may be measured on.
        let hidden = Hidden::of(&self);
        self.photographs.retain(|record| !leave_out.iter().any(|text| record.path.contains(text)));
        let kept = |records: Vec<Record>| -> Vec<Labelled> {
            records.into_iter().filter(|record| !hidden.hides(record)).filter_map(labelled).collect()
        };
        let sources = self.crops.into_iter().map(|(name, records)| Source { name, crops: kept(records) });
        let sources = sources.filter(|source| !source.crops.is_empty()).collect();
        let photographs = kept(self.photographs);
        let scenes: Vec<Scene> = self.scenes.into_iter().filter(|scene| !is_scene_set_aside(&scene.path)).collect();
        let wanted = scenes.len();
        let scenes: Vec<Place> = scenes.into_par_iter().filter_map(decoded).collect();
        let skipped = self.skipped + wanted - scenes.len();
        Material { sources, photographs, scenes, drawn: Vec::new(), skipped }
    }
}

impl Labelled {
    /// The picture; none where its file is damaged.
    pub fn picture(&self) -> Option<RgbImage> {
        pictures::decode(&self.bytes).ok()
    }

    /// The face's box in its own axes, and how far those are turned, in degrees clockwise.
    pub fn place(&self) -> Option<(FaceBox, f32)> {
        place_of(&self.landmarks)
    }
}

/// The box of a face with these landmarks, and how far the face leans, in degrees clockwise.
pub fn place_of(landmarks: &Landmarks) -> Option<(FaceBox, f32)> {
    Some((FaceBox::from_landmarks(landmarks)?, Crop::from_landmarks(landmarks).ok()?.roll_deg()))
}

/// What `pick` gives, drawn again where it cannot be decoded or gives nothing; none after many tries.
pub fn decodable<'a>(
    chance: &mut Chance,
    mut pick: impl FnMut(&mut Chance) -> Option<&'a Labelled>,
) -> Option<(&'a Labelled, RgbImage)> {
    (0..MOST_DAMAGED).find_map(|_| {
        let labelled = pick(chance)?;
        Some((labelled, labelled.picture()?))
    })
}

fn shards_of(paths: &[PathBuf], wanted: Wanted) -> Result<Vec<PathBuf>, ShardError> {
    match shards::find_shards(paths, wanted) {
        Err(ShardError::NoShards(_)) => Ok(Vec::new()),
        found => found,
    }
}

/// The part of a shard's name that says where its pictures are from.
fn origin(shard: &Path) -> String {
    let name = shard.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    name.split("-train").next().unwrap_or_default().to_owned()
}

/// A record as far as it is needed here; none where its points are those of no face.
fn labelled(record: Record) -> Option<Labelled> {
    let landmarks = record.landmarks?;
    place_of(&landmarks)?;
    Some(Labelled { path: record.path, bytes: record.picture_bytes, landmarks, pose_deg: record.pose_deg })
}

fn decoded(scene: Scene) -> Option<Place> {
    Some(Place { picture: pictures::decode(&scene.picture_bytes).ok()?, faces: scene.faces })
}

fn drawn_photographs(seed: u64, count: u64) -> Vec<Photograph> {
    let people = |number: u64| if number.is_multiple_of(NOBODY_EVERY) { 0 } else { 1 + (number % 3) as usize };
    // Far from the seeds that anybody asks for by hand.
    let own = |number: u64| seed.wrapping_add(0xF1_4DE5_0000 + number);
    (0..count).into_par_iter().map(|number| synth::photograph(own(number), DRAWN_SIZE, people(number))).collect()
}
