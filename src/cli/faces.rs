//! Labelled faces of shards, in memory, with their codes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use image::RgbImage;

use super::context::{Context, Stop};
use crate::data::image as picture;
use crate::data::shards::{self, Record, ShardReader, Wanted};
use crate::evaluate::pairs::picture_name;
use crate::face::{Expression, FaceCode};
use crate::nn::Code;

/// Faces in the order of their shards; the lists are of one length.
#[derive(Default)]
pub struct Faces {
    /// The 128-pixel crops.
    pub pictures: Vec<RgbImage>,
    /// Their labels; the pictures' bytes are gone.
    pub labels: Vec<Record>,
    /// Their codes `f`.
    pub codes: Vec<Code>,
    /// Pictures that are none of them, by reason.
    pub skipped: BTreeMap<String, usize>,
}

impl Faces {
    pub fn len(&self) -> usize {
        self.pictures.len()
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

    /// The expression of each face that has one, with the face's number.
    pub fn expressions(&self) -> Vec<(usize, Expression)> {
        let class = |record: &Record| Expression::ALL.get(usize::from(record.expression?)).copied();
        self.labels.iter().enumerate().filter_map(|(i, record)| Some((i, class(record)?))).collect()
    }
}

/// About `limit` faces of the shards, as many of each as of the others, with their codes; beyond that, pictures whose
/// names are `needed`. What cannot be used is counted.
///
/// # Errors
/// Shards that cannot be opened, and the networks' failures.
pub fn read(
    context: &mut Context,
    paths: &[PathBuf],
    wanted: Wanted,
    limit: usize,
    needed: &HashSet<String>,
) -> Result<Faces, Stop> {
    let shards = shards::find_shards(paths, wanted)?;
    let mut faces = Faces::default();
    let bar = context.progress(limit, "reading faces");
    let mut left = limit;
    for (number, shard) in shards.iter().enumerate() {
        let share = left.div_ceil(shards.len() - number);
        let mut taken = 0;
        for record in ShardReader::open(shard)? {
            let in_share = taken < share;
            if !in_share && needed.is_empty() {
                break;
            }
            match record {
                Ok(record) if in_share || needed.contains(picture_name(&record.path)) => {
                    let added = faces.add(record);
                    taken += usize::from(in_share && added);
                    bar.set_position(faces.len() as u64);
                }
                Ok(_) => {}
                Err(_) => faces.skip("the shard's row is wrong"),
            }
        }
        left -= taken;
    }
    bar.finish_and_clear();
    encode(context, faces)
}

impl Faces {
    /// Adds a face; false where its picture is no crop.
    fn add(&mut self, mut record: Record) -> bool {
        let bytes = std::mem::take(&mut record.picture_bytes);
        let Ok(decoded) = picture::decode(&bytes) else {
            self.skip("the picture cannot be read");
            return false;
        };
        match picture::centre_crop_of_square(&decoded) {
            Some(crop) => {
                self.pictures.push(crop);
                self.labels.push(record);
                true
            }
            None => {
                self.skip("the picture is no crop of 128, 144 or 168 pixels");
                false
            }
        }
    }

    fn skip(&mut self, reason: &str) {
        *self.skipped.entry(reason.to_owned()).or_default() += 1;
    }
}

fn encode(context: &mut Context, faces: Faces) -> Result<Faces, Stop> {
    let bar = context.progress(faces.len(), "encoding");
    let encoded = context.engine()?.encode(&faces.pictures, &|done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    let mut usable = Faces { skipped: faces.skipped, ..Faces::default() };
    for ((crop, record), code) in faces.pictures.into_iter().zip(faces.labels).zip(encoded) {
        if FaceCode::from_array(&code.f).is_none() {
            usable.skip("the networks see no face in the picture");
            continue;
        }
        usable.pictures.push(crop);
        usable.labels.push(record);
        usable.codes.push(code.f);
    }
    Ok(usable)
}
