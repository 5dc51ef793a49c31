//! How well a model in training reads what is known of synthetic faces, and from which part of the code: measured for
//! runs that train on such faces, on others than those.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use image::RgbImage;
use rayon::prelude::*;

use crate::data::image as picture;
use crate::data::shards::{self, Record, Wanted};
use crate::data::synth::{self, PER_PERSON};
use crate::evaluate::disentanglement::{self, Table};
use crate::evaluate::parts::disentanglement::attributes;
use crate::nn::{Code, FaceModel};

/// People of the measurement; each is seen in [`PER_PERSON`] pictures.
const PEOPLE: u64 = 40;
/// Of faces that no training draws unless it is asked for just these.
const SEED: u64 = 0x7A_B1E0_F7A1;
/// How the names of shards of synthetic faces begin.
const SYNTHETIC: &str = "synthetic-";

/// Whether all that these paths name are synthetic faces.
pub fn are_synthetic(paths: &[PathBuf]) -> bool {
    let is_synthetic = |path: &PathBuf| name(path).starts_with(SYNTHETIC);
    shards::find_shards(paths, Wanted::TrainingCrops).is_ok_and(|shards| shards.iter().all(is_synthetic))
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(OsStr::to_str).unwrap_or_default()
}

/// Faces of which everything is known.
pub struct Truth {
    crops: Vec<RgbImage>,
    records: Vec<Record>,
}

impl Truth {
    /// Draws them, on all cores. None where a picture of our own drawing cannot be read, which does not happen.
    pub fn draw() -> Option<Self> {
        let face = |number: u64| {
            let mut record = synth::record(SEED, number);
            let drawn = picture::decode(&std::mem::take(&mut record.picture_bytes)).ok()?;
            Some((picture::centre_crop_of_square(&drawn)?, record))
        };
        let faces: Option<Vec<(RgbImage, Record)>> = (0..PEOPLE * PER_PERSON).into_par_iter().map(face).collect();
        let (crops, records) = faces?.into_iter().unzip();
        Some(Truth { crops, records })
    }

    /// What the model reads of them. None where the networks fail; whoever trains them hears of it there.
    pub fn table(&self, model: &FaceModel) -> Option<Table> {
        let encoded = model.encode_all(&self.crops, |_| ()).ok()?;
        let codes: Vec<Code> = encoded.iter().map(|code| code.f).collect();
        let people: Vec<usize> = (0..codes.len()).map(|i| i / PER_PERSON as usize).collect();
        let records: Vec<&Record> = self.records.iter().collect();
        disentanglement::table(&codes, &people, &attributes(&records), SEED)
    }
}
