//! A weights file from a training in the middle: averaged networks, batch norms measured anew, and the statistics of the
//! training's faces, so that the program opens it like any other.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use image::RgbImage;
use rayon::prelude::*;

use super::config::Config;
use super::error::TrainError;
use super::head;
use super::held_out;
use super::learner::Learner;
use super::observer::Stage;
use super::samplers::{Pool, stage_one_plan};
use super::seen::{self, NUMBERS, fill, fitting, readable};
use crate::data::crops::{CropSet, CropSetError};
use crate::data::image::views::{self, View};
use crate::face::{CODE_DIM, Expression, FaceCode, FaceSpace, Part};
use crate::nn::norms::HasNorms;
use crate::nn::statistics::{self, LabelledCode};
use crate::nn::tensors::{self, Precision};
use crate::nn::weights::{self, Card};
use crate::nn::{Code, ExpressionHead, FaceModel, Networks, NnError, samples};

/// Batches that batch norms are measured on.
const NORM_BATCHES: usize = 8;
/// Faces whose codes are measured for the statistics: in passing, and at the end.
const FACES: [usize; 2] = [256, 3000];
/// Faces that are invented to choose the samples from: in passing, and at the end.
const CANDIDATES: [usize; 2] = [64, 384];

/// Everything that an export takes from a training.
pub struct Export<'a> {
    pub config: &'a Config,
    pub set: &'a CropSet,
    pub pool: &'a Pool,
    pub stage: Stage,
    /// Pictures of 128 x 128 that are not trained on.
    pub held_out: &'a [RgbImage],
    /// What the weights were trained on, in a sentence.
    pub data: &'a str,
}

/// The averaged networks with batch norms measured anew on pictures of the training, on the plain device.
///
/// # Errors
/// A set that cannot be read.
pub fn settled(learner: &Learner, export: &Export) -> Result<Networks, TrainError> {
    let Export { config, set, pool, stage, .. } = export;
    let mut networks = learner.average.valid();
    if matches!(stage, Stage::Disentangle | Stage::Cycle) {
        // They stand still in stage two, statistics and all.
        networks.E = learner.networks.E.valid();
        networks.G = learner.networks.G.valid();
        return Ok(networks);
    }
    let batches = norm_batches(set, pool, config)?;
    if !stage.has_parts() {
        networks = without_parts(networks, learner, &batches)?;
    }
    // Batch norms measure while training alone; without gradients nothing is kept for a backward pass that never comes. What
    // goes on from these networks trains them again.
    let mut encoder = networks.E.clone().train().no_grad();
    for (pass, batch) in batches.iter().enumerate() {
        encoder.count_pass(pass);
        encoder.forward(seen::tensor(batch.clone(), &learner.device));
    }
    encoder.usual_passes();
    networks.E = encoder.valid().set_require_grad(true);
    let plain = learner.device.clone().without_autodiff();
    let mut generator = networks.G.clone().train().no_grad();
    for (pass, batch) in batches.iter().enumerate() {
        let z = networks.E.forward(seen::tensor(batch.clone(), &plain));
        let codes = if stage.has_parts() { networks.phi_inverse.forward(networks.phi.forward(z)) } else { z };
        generator.count_pass(pass);
        generator.forward(Tensor::from_inner(codes));
    }
    generator.usual_passes();
    networks.G = generator.valid().set_require_grad(true);
    Ok(networks)
}

/// Phi and its inverse as maps that only make parts unit length and give them their usual length back.
fn without_parts(networks: Networks, learner: &Learner, batches: &[Vec<f32>]) -> Result<Networks, TrainError> {
    let plain = learner.device.clone().without_autodiff();
    let mut codes: Vec<f32> = Vec::new();
    for batch in batches.iter().take(4) {
        let z = networks.E.forward(seen::tensor(batch.clone(), &plain));
        codes.extend(z.try_into_vec_as::<f32>().map_err(|e| NnError::Device { reason: e.to_string() })?);
    }
    let lengths = usual_lengths(codes.as_chunks::<CODE_DIM>().0);
    let Networks { E, G, phi, phi_inverse, expression_head } = networks;
    // Networks of one hidden layer with room for it; others stay as they are, and only reconstruct directly.
    let phi = phi.clone().pass_through().unwrap_or(phi);
    let phi_inverse = phi_inverse.clone().pass_through(&lengths).unwrap_or(phi_inverse);
    Ok(Networks { E, G, phi, phi_inverse, expression_head })
}

/// For each number of a code the mean length of the part it stands in; 1 for pose.
pub fn usual_lengths(codes: &[Code]) -> [f32; CODE_DIM] {
    let mut lengths = [1.0; CODE_DIM];
    for part in [Part::Identity, Part::Expression, Part::Style] {
        let length = |code: &Code| code[part.range()].iter().map(|v| v * v).sum::<f32>().sqrt();
        let mean = codes.iter().map(length).sum::<f32>() / codes.len().max(1) as f32;
        lengths[part.range()].fill(mean);
    }
    lengths
}

/// A weights file of settled networks; `last` says that the training has ended, which is worth more faces.
///
/// # Errors
/// A set that cannot be read, a device that fails.
pub fn weights_file(
    mut networks: Networks,
    model: &FaceModel,
    export: &Export,
    last: bool,
    device: &Device,
) -> Result<Vec<u8>, TrainError> {
    let Export { config, stage, held_out, .. } = export;
    let plain = device.clone().without_autodiff();
    let faces = measured_faces(model, export, FACES[usize::from(last)])?;
    if stage.has_parts() {
        let steps = config.disentangle.head_steps / if last { 1 } else { 4 };
        networks.expression_head = expression_head(&faces, config, steps, &plain);
    }
    let mut space: FaceSpace =
        // Pictures that are too few are shown several times, so it is the codes that are missing.
        statistics::measure(&faces).ok_or(TrainError::NoCodes)?;
    if !stage.has_parts() {
        space.class_means.clear();
    }
    space.samples = samples::invent(model, &space, CANDIDATES[usize::from(last)])?;
    let card = Card {
        name: format!("{} {stage}", config.preset),
        preset: config.preset.clone(),
        data: export.data.to_owned(),
        terms: "as the pictures it was trained on".to_owned(),
        made_by: format!("facespace {}", env!("CARGO_PKG_VERSION")),
        can_edit: stage.has_parts(),
        stretches: config.data.stretches(),
        usual_rmse: if last { held_out::usual_rmse(model, stage.has_parts(), held_out)? } else { None },
    };
    let sizes = super::learner::sizes(config);
    let bytes = tensors::save(&networks, Precision::Half, &[])?;
    Ok(weights::assemble(&bytes, &sizes, &card, &space)?)
}

/// Codes of up to `most` faces of the training with their labels; small sets give theirs in several views, since
/// statistics need [`statistics::MIN_FACES`].
fn measured_faces(model: &FaceModel, export: &Export, most: usize) -> Result<Vec<LabelledCode>, TrainError> {
    let Export { config, set, pool, .. } = export;
    let mut crops = pool.some(most, config.seed, "statistics");
    let once = crops.len();
    while crops.len() < statistics::MIN_FACES {
        crops.push(crops[crops.len() % once]);
    }
    let (stretch, range) = (config.data.stretches(), config.data.view_range());
    let again = stage_one_plan(&Pool::All(crops.len()), range, config.seed, 0, crops.len()).views;
    let picture = |i: usize| -> Result<RgbImage, TrainError> {
        let stored = readable(set, crops[i])?.1;
        let view = if i < once { View::plain() } else { fitting(&again[i], stored.width()) };
        Ok(views::render(&stored, &view, stretch))
    };
    let codes = model.encode_many(crops.len(), picture, |_| ())?;
    let label = |crop: &usize| Ok::<_, CropSetError>(set.label(*crop)?.expression);
    let labels = crops.iter().map(label).collect::<Result<Vec<_>, _>>()?;
    // A code without a direction is one of a network that has learned nothing yet.
    let faces = codes.iter().zip(labels).filter_map(|(code, label)| Some((FaceCode::from_array(&code.f)?, label)));
    Ok(faces.collect())
}

fn expression_head(faces: &[LabelledCode], config: &Config, steps: u64, device: &Device) -> ExpressionHead {
    let labelled: Vec<(&FaceCode, Expression)> =
        faces.iter().filter_map(|(face, label)| Some((face, (*label)?))).collect();
    let parts: Vec<f32> = labelled.iter().flat_map(|(face, _)| *face.expression.as_array()).collect();
    let labels: Vec<Expression> = labelled.iter().map(|(_, label)| *label).collect();
    head::train(Part::Expression.range().len(), &parts, &labels, steps, config.seed, device)
}

fn norm_batches(set: &CropSet, pool: &Pool, config: &Config) -> Result<Vec<Vec<f32>>, TrainError> {
    let (stretch, range) = (config.data.stretches(), config.data.view_range());
    let size = config.batch.size.clamp(2, 32);
    let batch = |step: usize| {
        let plan = stage_one_plan(pool, range, config.seed, step as u64, size);
        let mut planes = vec![0.0; plan.crops.len() * NUMBERS];
        for ((crop, view), planes) in plan.crops.iter().zip(&plan.views).zip(planes.chunks_exact_mut(NUMBERS)) {
            let stored = readable(set, *crop)?.1;
            fill(&stored, &fitting(view, stored.width()), stretch, planes);
        }
        Ok(planes)
    };
    (0..NORM_BATCHES).into_par_iter().map(batch).collect()
}
