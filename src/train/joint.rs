//! Stage three: everything trains, and pictures are decoded from Phi^-1(Phi(z)), so that pixels reach Phi (section 6 of
//! the method).

use burn::tensor::{Tensor, TensorData};

use super::adam::gradients_of;
use super::autoencoder::{self, Decoded};
use super::batches::Batch;
use super::config::Config;
use super::disentangle::{Supervision, Through, part_loss, unmoved};
use super::error::TrainError;
use super::learner::{Learner, Losses};
use super::random::rng_for;
use super::teachers::Teachers;
use crate::data::crops::Label;
use crate::nn::picture::SIDE;

/// One step on a macro-batch; `stage_step` counts within the stage, which decides the task.
///
/// # Errors
/// Labels that cannot be read.
pub fn step(
    learner: &mut Learner,
    config: &Config,
    teachers: &Teachers,
    known: &Supervision,
    batch: &Batch,
    [step, stage_step]: [u64; 2],
) -> Result<Losses, TrainError> {
    let seen = Seen::of(learner, known, batch);
    let count = batch.crops.len() as u64;
    let labels = known.labels([stage_step, count], &seen.crops, &seen.labels, seen.relit)?;
    let networks = &learner.networks;
    let z = networks.E.forward(seen.pictures.clone());
    let f = networks.phi.forward(z.clone());
    let settings = &config.disentangle;
    let (parts, mut losses) =
        part_loss(settings, &networks.phi_inverse, z.clone(), f.clone(), labels.as_ref(), config.seed, step);
    let mut disentangled = parts;
    let mut taught = None;
    if let Some(labels) = &labels {
        let (encoder, generator) = unmoved(learner);
        let mut random = rng_for(config.seed, step, "cycle");
        let through =
            Through { encoder: &encoder, generator: &generator, phi: &networks.phi, phi_inverse: &networks.phi_inverse };
        let swapped = through.swapped(f.clone().detach(), labels, &mut random);
        taught = givers_recognised(teachers, &seen.pictures, labels, &swapped);
        let (cycled, named) = swapped.loss(settings, labels, &mut random);
        losses.extend(named);
        disentangled = disentangled + cycled;
    }
    let mut total = disentangled * (settings.scale * config.joint.disentangle);
    if let Some(recognised) = taught {
        losses.push(("swapped recognised", recognised.clone().inner()));
        total = total + recognised;
    }
    let decoded = Decoded { z, codes: networks.phi_inverse.forward(f) };
    let mut random = rng_for(config.seed, step, "joint");
    let turn = autoencoder::Turn::of_joint(&config.autoencoder, stage_step);
    // Pictures that are too soft teach parts and not pixels.
    let made = if seen.soft {
        None
    } else {
        let (pixels, named, made) =
            autoencoder::objective(learner, config, teachers, seen.pictures.clone(), decoded, turn, &mut random);
        losses.extend(named);
        total = total + pixels * config.joint.autoencoder;
        Some(made)
    };
    update(learner, config, total);
    if let Some(made) = made {
        let rate = config.autoencoder.learning_rate * config.joint.rate_factor;
        losses.extend(autoencoder::train_discriminators(
            learner,
            config,
            seen.pictures,
            made,
            turn,
            rate,
            &mut rng_for(config.seed, step, "discriminators"),
        ));
    }
    Ok(losses)
}

/// The rows of a batch: the first views, and where style is told by re-lit ones these after them.
struct Seen {
    pictures: Tensor<4>,
    crops: Vec<usize>,
    labels: Vec<Label>,
    relit: Option<Vec<(usize, bool)>>,
    /// One of its sources is for labels only.
    soft: bool,
}

impl Seen {
    fn of(learner: &Learner, known: &Supervision, batch: &Batch) -> Self {
        let doubled = !batch.second.is_empty();
        let half = batch.crops.len().div_ceil(2);
        let numbers = 3 * SIDE * SIDE;
        let (mut values, mut crops, mut labels) = (batch.pictures.clone(), batch.crops.clone(), batch.labels.clone());
        let mut relit = None;
        if doubled {
            // As many pictures as any other batch has: half in one light, half in another.
            values.truncate(half * numbers);
            values.extend(&batch.second[..half * numbers]);
            crops.truncate(half);
            labels.truncate(half);
            let rows = [false, true].into_iter().flat_map(|lit| crops.iter().map(move |&crop| (crop, lit)));
            relit = Some(rows.collect());
            crops.extend(crops.clone());
            labels.extend(batch.second_labels[..half].iter().cloned());
        }
        let soft = labels.iter().any(|label| known.soft_sources.contains(&label.source));
        let n = crops.len();
        let pictures = Tensor::from_data(TensorData::new(values, [n, 3, SIDE, SIDE]), &learner.device);
        Seen { pictures, crops, labels, relit, soft }
    }
}

/// The decoded face must be recognised as whoever gave `f_id`.
fn givers_recognised(
    teachers: &Teachers,
    pictures: &Tensor<4>,
    labels: &super::tasks::TaskLabels,
    swapped: &super::disentangle::Swapped,
) -> Option<Tensor<1>> {
    let n = pictures.dims()[0];
    let by = if labels.task == super::macros::Task::Identity { swapped.by() } else { 0 };
    let rows: Vec<i64> = (0..n).map(|row| ((row + by) % n) as i64).collect();
    let rows = Tensor::from_data(TensorData::new(rows, [n]), &pictures.device());
    teachers.swapped_loss(pictures.clone().select(0, rows), swapped.pictures.clone())
}

fn update(learner: &mut Learner, config: &Config, total: Tensor<1>) {
    let mut gradients = total.backward();
    let networks = &learner.networks;
    let encoder = gradients_of("E", &networks.E, &mut gradients);
    let generator = gradients_of("G", &networks.G, &mut gradients);
    let phi = gradients_of("phi", &networks.phi, &mut gradients);
    let inverse = gradients_of("phi_inverse", &networks.phi_inverse, &mut gradients);
    let rate = config.autoencoder.learning_rate * config.joint.rate_factor;
    let adam = &mut learner.adams.autoencoder;
    adam.begin();
    learner.networks.E = adam.step("E", rate, learner.networks.E.clone(), encoder);
    learner.networks.G = adam.step("G", rate, learner.networks.G.clone(), generator);
    let rate = config.disentangle.learning_rate * config.joint.rate_factor;
    let adam = &mut learner.adams.disentangler;
    adam.begin();
    learner.networks.phi = adam.step("phi", rate, learner.networks.phi.clone(), phi);
    learner.networks.phi_inverse = adam.step("phi_inverse", rate, learner.networks.phi_inverse.clone(), inverse);
}
