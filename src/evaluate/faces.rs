//! Labelled faces of shards with their codes. Pictures stay encoded in memory and are decoded when they are needed, so
//! that ten thousand faces take a few hundred megabytes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use image::RgbImage;
use rayon::prelude::*;

use super::data;
use super::error::Halt;
use super::lent::Model;
use super::pairs::picture_name;
use super::parts::Watch;
use super::recognition::Descriptor;
use super::retrieval::Known;
use super::spread::{Spread, places};
use crate::data::image as picture;
use crate::data::image::views;
use crate::data::shards::{PoseTable, Record, ShardError, ShardReader};
use crate::face::{CROP_SIDE, Expression, FaceCode, Landmarks};
use crate::nn::quality;
use crate::nn::recogniser::Recogniser;
use crate::nn::{Code, Encoded};

/// Faces that are decoded and encoded together: enough for all cores, few enough that one hears how it goes on.
const BATCH: usize = 64;
/// Faces whose colours are looked at.
const LOOKED_AT: usize = 64;
/// Levels by which a picture that is stretched already may change when it is stretched again.
const UNCHANGED: f64 = 2.0;
/// Contrast, in levels, below which nothing was stretched.
const FLAT: f64 = 30.0;
/// Bytes of a crop's pixels: what is no smaller when it is encoded stays decoded.
const PIXELS: usize = 3 * (CROP_SIDE * CROP_SIDE) as usize;

/// Faces in the order of their shards; all lists are of one length.
#[derive(Default)]
pub struct Faces {
    pictures: Vec<Held>,
    /// What the shards say of them: landmarks in pixels of the 128-pixel crop; the pictures' bytes are gone.
    pub labels: Vec<Record>,
    /// Their codes `z`.
    pub z: Vec<Code>,
    /// Their codes `f`, each with three directions: [`FaceCode::from_array`] gives a face.
    pub f: Vec<Code>,
    /// Pictures that are none of them, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// Faces among them whose label is none of the eight expressions and was left out.
    pub unknown_labels: usize,
    /// Worked out when they are first asked for.
    descriptors: OnceLock<Vec<Descriptor>>,
}

/// A picture in memory, whichever way it is smaller.
enum Held {
    /// A stored crop's file, which has been decoded once.
    File(Vec<u8>),
    Crop(RgbImage),
}

impl Faces {
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The 128-pixel crop of a face.
    pub fn picture(&self, face: usize) -> RgbImage {
        match &self.pictures[face] {
            Held::Crop(crop) => crop.clone(),
            Held::File(bytes) => crop_of(bytes).expect("a crop that was decoded when it was read"),
        }
    }

    /// The crops of several faces, decoded on all cores, in their order.
    pub fn pictures(&self, faces: &[usize]) -> Vec<RgbImage> {
        faces.par_iter().map(|&face| self.picture(face)).collect()
    }

    /// What the recogniser, one and the same whenever it is asked, sees in every face; computed once.
    ///
    /// # Errors
    /// The network's failures, and [`Halt::Cancelled`].
    pub fn descriptors(&self, recogniser: &Recogniser, watch: Watch) -> Result<&[Descriptor], Halt> {
        if let Some(known) = self.descriptors.get() {
            return Ok(known);
        }
        let all: Vec<usize> = (0..self.len()).collect();
        let mut descriptors = Vec::with_capacity(all.len());
        for faces in all.chunks(BATCH) {
            if !watch(descriptors.len(), all.len()) {
                return Err(Halt::Cancelled);
            }
            let pictures = self.pictures(faces);
            descriptors.extend(recogniser.describe(&pictures.iter().collect::<Vec<_>>())?);
        }
        Ok(self.descriptors.get_or_init(|| descriptors))
    }

    /// The 68 points of a face in pixels of its crop, where they are known.
    pub fn landmarks(&self, face: usize) -> Option<&Landmarks> {
        self.labels[face].landmarks.as_ref()
    }

    /// The code of a face.
    pub fn code(&self, face: usize) -> FaceCode {
        FaceCode::from_array(&self.f[face]).expect("codes without a direction are passed over when faces are read")
    }

    /// A number for each face, the same for faces of one person; a face without a name is a person of its own.
    pub fn people(&self) -> Vec<usize> {
        let mut known = HashMap::new();
        let mut number = |i: usize, record: &Record| match &record.person {
            Some(name) => {
                let next = known.len();
                *known.entry(name.clone()).or_insert(next)
            }
            // Past the numbers of all names.
            None => self.labels.len() + i,
        };
        self.labels.iter().enumerate().map(|(i, record)| number(i, record)).collect()
    }

    /// How many people have a name.
    pub fn named_people(&self) -> usize {
        self.labels.iter().filter_map(|record| record.person.as_deref()).collect::<HashSet<_>>().len()
    }

    /// The expression that a face is labelled with.
    pub fn expression(&self, face: usize) -> Option<Expression> {
        Expression::ALL.get(usize::from(self.labels[face].expression?)).copied()
    }

    /// The expression of each face that has one, with the face's number.
    pub fn expressions(&self) -> Vec<(usize, Expression)> {
        (0..self.len()).filter_map(|face| Some((face, self.expression(face)?))).collect()
    }

    /// What searches may find of each face.
    pub fn known(&self) -> Vec<Known<'_>> {
        let labels = self.labels.iter().enumerate();
        labels
            .map(|(face, record)| Known {
                person: record.person.as_deref(),
                clip: record.clip.as_deref(),
                expression: self.expression(face),
                pose_deg: record.pose_deg,
            })
            .collect()
    }
}

/// Whether the colours of nearly all faces are stretched already: of such a picture a stretch makes the same again.
pub fn look_stretched(faces: &Faces) -> bool {
    let looked_at = places(faces.len(), LOOKED_AT);
    let is_stretched = |face: usize| {
        let picture = faces.picture(face);
        let mut again = picture.clone();
        views::stretch_levels(&mut again);
        quality::mae(&picture, &again) < UNCHANGED && quality::contrast(&picture) > FLAT
    };
    let stretched = looked_at.par_iter().filter(|&&face| is_stretched(face)).count();
    !looked_at.is_empty() && 10 * stretched >= 9 * looked_at.len()
}

/// What is read of a set.
pub struct Wanted<'a> {
    pub shards: &'a [PathBuf],
    /// Faces at most, as many of each shard as of the others and spread over it.
    pub limit: usize,
    /// Names of pictures that are read beyond those, wherever they are.
    pub needed: &'a HashSet<String>,
}

/// What was read of a set.
#[derive(Default)]
pub struct Read {
    pub faces: Faces,
    /// Those that were needed beyond them; what is skipped here is not counted.
    pub beyond: Faces,
}

/// Reads faces and encodes them. What cannot be used is counted. `watch` hears how many faces there are, and how many
/// there may be.
///
/// # Errors
/// Shards that cannot be opened, the networks' failures, and [`Halt::Cancelled`].
pub fn read(wanted: &Wanted, model: &mut dyn Model, watch: Watch) -> Result<Read, Halt> {
    let Wanted { shards, limit, needed } = *wanted;
    let mut reading = Reading { limit, model, watch, read: Read::default(), needed: needed.clone() };
    reading.shards(shards, limit)?;
    Ok(reading.read)
}

/// Reads faces to train on, `limit` at most, as [`read`] does. PCA takes faces of all kinds and what reads expressions
/// takes labels: half of the faces come from shards that have expression labels, more of them where the other shards have
/// too few, and fewer where they have too few themselves.
///
/// # Errors
/// As [`read`].
pub fn read_to_train(shards: &[PathBuf], limit: usize, model: &mut dyn Model, watch: Watch) -> Result<Faces, Halt> {
    let (labelled, others): (Vec<PathBuf>, Vec<PathBuf>) = shards.iter().cloned().partition(|shard| is_labelled(shard));
    let of_others: u64 = others.iter().map(|shard| data::rows(shard)).sum();
    let most = limit.saturating_sub(of_others as usize).max(limit.div_ceil(2));
    let mut reading = Reading { limit, model, watch, read: Read::default(), needed: HashSet::new() };
    let taken = reading.shards(&labelled, most)?;
    reading.shards(&others, limit - taken)?;
    Ok(reading.read.faces)
}

/// Whether a shard has expression labels; what cannot be opened is said when it is read.
fn is_labelled(shard: &Path) -> bool {
    ShardReader::open_with(shard, Arc::default()).and_then(|reader| reader.has_expressions()).unwrap_or(false)
}

/// A row that is to be decoded.
struct Row {
    record: Record,
    /// Whether it is one of those to measure, and not only needed.
    in_share: bool,
    /// Whether its label is none of the eight expressions.
    lost_label: bool,
}

struct Reading<'a> {
    /// Faces at most, without those that are only needed.
    limit: usize,
    model: &'a mut dyn Model,
    watch: Watch<'a>,
    read: Read,
    /// Names that were not found yet.
    needed: HashSet<String>,
}

impl Reading<'_> {
    /// Reads `limit` faces of some shards, as many of each as of the others where they have them, and what is needed
    /// beyond; how many of the limit there were.
    fn shards(&mut self, shards: &[PathBuf], limit: usize) -> Result<usize, Halt> {
        let mut left = limit;
        let mut poses: Option<(&Path, Arc<PoseTable>)> = None;
        for (number, shard) in shards.iter().enumerate() {
            let folder = shard.parent().unwrap_or(Path::new(""));
            let beside = match poses {
                Some((known, poses)) if known == folder => poses,
                _ => Arc::new(PoseTable::beside(folder)?),
            };
            poses = Some((folder, beside.clone()));
            let share = left.div_ceil(shards.len() - number);
            left -= self.shard(ShardReader::open_with(shard, beside)?.leaving_out_labels(), share)?;
        }
        Ok(limit - left)
    }

    /// Reads `share` faces of a shard, and what is needed beyond; how many of the share there were.
    fn shard(&mut self, mut rows: ShardReader, share: usize) -> Result<usize, Halt> {
        let mut taken = 0;
        let mut spread = Spread::over(rows.rows());
        loop {
            let batch = self.batch(&mut rows, &mut spread, share - taken);
            if batch.is_empty() {
                return Ok(taken);
            }
            taken += self.add(batch)?;
            let (done, total) = (self.read.faces.len(), self.limit);
            if !(self.watch)(done.min(total), total) {
                return Err(Halt::Cancelled);
            }
        }
    }

    /// The next rows that are wanted, `left` of the share at most; none at the end of the shard, or where the rest of
    /// it is of no use.
    fn batch(&mut self, rows: &mut ShardReader, spread: &mut Spread, left: usize) -> Vec<Row> {
        let mut batch = Vec::new();
        let mut of_share = 0;
        // Half of what is missing at most: some of it may be of no use, and others are to come in its place.
        let most = left.div_ceil(2);
        while batch.len() < BATCH && (of_share < most || left == 0) {
            if left == 0 && self.needed.is_empty() {
                break;
            }
            let left_out = rows.labels_left_out();
            let Some(row) = rows.next() else { break };
            let lost_label = rows.labels_left_out() > left_out;
            let in_share = spread.takes(left - of_share);
            let record = match row {
                Ok(record) => record,
                Err(error) => {
                    match error {
                        ShardError::BadRow { .. } if in_share => self.skip("the shard's row is wrong"),
                        // What is wrong with a row that nobody wants is not looked for.
                        ShardError::BadRow { .. } => {}
                        _ if left > 0 => self.skip("the rest of the shard is damaged"),
                        _ => {}
                    }
                    continue;
                }
            };
            let is_needed = !self.needed.is_empty() && self.needed.remove(picture_name(&record.path));
            if in_share || is_needed {
                of_share += usize::from(in_share);
                batch.push(Row { record, in_share, lost_label });
            }
        }
        batch
    }

    /// Decodes and encodes rows; how many of the share have become faces.
    fn add(&mut self, rows: Vec<Row>) -> Result<usize, Halt> {
        let decoded: Vec<Result<Stored, &str>> =
            rows.par_iter().map(|row| Stored::of(&row.record.picture_bytes)).collect();
        let mut ready = Vec::with_capacity(rows.len());
        let mut crops = Vec::with_capacity(rows.len());
        for (row, stored) in rows.into_iter().zip(decoded) {
            match stored {
                Ok(Stored { crop, margin }) => {
                    crops.push(crop);
                    ready.push((row, margin));
                }
                Err(reason) if row.in_share => self.skip(reason),
                Err(_) => {}
            }
        }
        let codes = if crops.is_empty() { Vec::new() } else { self.model.encode(&crops)? };
        let mut taken = 0;
        for (((row, margin), crop), code) in ready.into_iter().zip(crops).zip(codes) {
            if FaceCode::from_array(&code.f).is_none() {
                if row.in_share {
                    self.skip("the networks see no face in the picture");
                }
                continue;
            }
            taken += usize::from(row.in_share);
            let faces = if row.in_share { &mut self.read.faces } else { &mut self.read.beyond };
            faces.unknown_labels += usize::from(row.lost_label);
            faces.push(row.record, crop, margin, code);
        }
        Ok(taken)
    }

    fn skip(&mut self, reason: &str) {
        *self.read.faces.skipped.entry(reason.to_owned()).or_default() += 1;
    }
}

impl Faces {
    fn push(&mut self, mut record: Record, crop: RgbImage, margin: f32, code: Encoded) {
        let bytes = std::mem::take(&mut record.picture_bytes);
        for point in record.landmarks.iter_mut().flatten() {
            *point = point.map(|place| place - margin);
        }
        self.pictures.push(if bytes.len() < PIXELS { Held::File(bytes) } else { Held::Crop(crop) });
        self.labels.push(record);
        self.z.push(code.z);
        self.f.push(code.f);
    }
}

/// What is in a stored picture.
struct Stored {
    crop: RgbImage,
    /// How far the crop lies from the picture's edge, in pixels.
    margin: f32,
}

impl Stored {
    /// None where it cannot be used, and why.
    fn of(bytes: &[u8]) -> Result<Self, &'static str> {
        let decoded = picture::decode(bytes).map_err(|_| "the picture cannot be read")?;
        let crop = picture::centre_crop_of_square(&decoded);
        let crop = crop.ok_or("the picture is no crop of 128, 144 or 168 pixels")?;
        Ok(Stored { crop, margin: (decoded.width() - CROP_SIDE) as f32 / 2.0 })
    }
}

/// The crop in a stored picture; none where it is no stored crop.
fn crop_of(bytes: &[u8]) -> Option<RgbImage> {
    Some(Stored::of(bytes).ok()?.crop)
}
