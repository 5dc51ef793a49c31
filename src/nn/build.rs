//! A weights file from a trained model and its training pictures: the pictures are encoded, their codes measured,
//! samples invented, and all of it put beside the networks.

use std::path::PathBuf;

use super::model::FaceModel;
use super::networks::{Networks, NetworksConfig};
use super::statistics::{self, LabelledCode};
use super::weights::{self, Card, WeightsError};
use super::{NnError, samples, tensors};
use crate::data::image::{self, PictureError};
use crate::data::shards::{Record, ShardError, records};
use crate::face::{Expression, FaceCode};

/// Records in memory at a time.
const BATCH: usize = 256;

/// Why no weights file could be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Shards(#[from] ShardError),
    #[error(transparent)]
    Networks(#[from] NnError),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error("A training picture cannot be used ({0}); make the shards again")]
    Picture(#[from] PictureError),
    #[error(
        "The shards hold {0} usable faces, too few to measure; give at least {min}",
        min = statistics::MIN_FACES
    )]
    TooFew(usize),
}

/// Makes a weights file of `model` (a safetensors file of the networks alone, whose settings are read off its shapes)
/// and the shards of crops it was trained on; `progress` hears how many faces have been encoded.
pub fn build(
    model: Vec<u8>,
    shards: &[PathBuf],
    card: &Card,
    device: &burn::tensor::Device,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<u8>, BuildError> {
    let config = NetworksConfig::from_shapes(&tensors::shapes(&model)?)?;
    let face_model = FaceModel::new(Networks::load(model.clone(), &config, device)?, device);
    let faces = encode_shards(&face_model, shards, progress)?;
    let mut space = statistics::measure(&faces).ok_or(BuildError::TooFew(faces.len()))?;
    space.samples = samples::invent(&face_model, &space, samples::CANDIDATES)?;
    Ok(weights::assemble(&model, &config, card, &space)?)
}

/// The code of every face in the shards, with its label.
fn encode_shards(
    model: &FaceModel,
    shards: &[PathBuf],
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<LabelledCode>, BuildError> {
    let mut faces = Vec::new();
    let mut records = records(shards.to_vec());
    loop {
        let batch = records.by_ref().take(BATCH).collect::<Result<Vec<Record>, _>>()?;
        if batch.is_empty() {
            return Ok(faces);
        }
        let crop =
            |i: usize| -> Result<_, BuildError> { Ok(image::as_aligned(&image::decode(&batch[i].picture_bytes)?)) };
        let codes = model.encode_many(batch.len(), crop, |_| ())?;
        for (code, record) in codes.iter().zip(&batch) {
            let label = record.expression.and_then(|label| Expression::ALL.get(usize::from(label)).copied());
            faces.extend(FaceCode::from_array(&code.f).map(|face| (face, label)));
        }
        progress(faces.len());
    }
}
