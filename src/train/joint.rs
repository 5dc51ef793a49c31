//! Stage three: everything trains, and pictures are decoded from Phi^-1(Phi(z)), so that pixels reach Phi (section 6 of
//! the method).

use std::ops::Range;

use burn::tensor::{Int, Tensor, TensorData};

use super::accumulate::{self, Accumulated};
use super::adam::gradients_of;
use super::autoencoder::{self, Decoded, Generated, Turn};
use super::batches::Batch;
use super::config::Config;
use super::disentangle::{PartLoss, Supervision, Swapped, Through, part_loss, unmoved};
use super::error::TrainError;
use super::learner::{Learner, Losses};
use super::macros::{MacroBatch, Task};
use super::random::rng_for;
use super::seen::{self, NUMBERS};
use super::tasks::TaskLabels;
use super::teachers::Teachers;
use crate::data::crops::Label;

/// One step on a macro-batch; `stage_step` counts within the stage, which decides the task.
///
/// # Errors
/// Labels that cannot be read.
pub fn step(
    learner: &mut Learner,
    config: &Config,
    teachers: &Teachers,
    known: &Supervision,
    batch: Batch,
    [step, stage_step]: [u64; 2],
) -> Result<Losses, TrainError> {
    // What the batch was planned as, which decides the task.
    let drawn = known.batches.batch(stage_step, batch.crops.len());
    let turn = Turn::of_joint(&config.autoencoder, stage_step);
    let seen = Seen::of(batch);
    let parts = accumulate::parts(config.batch.accumulate, seen.crops.len());
    let mut sum = Accumulated::new(parts);
    let mut made = Vec::new();
    for (part, rows) in accumulate::spans(seen.crops.len(), parts).enumerate() {
        let of_task = |drawn: &MacroBatch| {
            known.labels(drawn, &seen.crops[rows.clone()], &seen.labels[rows.clone()], seen.relit(&rows))
        };
        let labels = drawn.as_ref().map(of_task).transpose()?;
        let part =
            Part { number: part, pictures: seen.pictures(learner, &rows), labels, hard: seen.hard(known, &rows) };
        let Objective { total, losses, made: generated, without_triplets } =
            objective(learner, config, teachers, &part, turn, step);
        learner.without_triplets += u64::from(without_triplets);
        let mut gradients = total.backward();
        let networks = &learner.networks;
        let mut named = gradients_of("E", &networks.E, &mut gradients);
        named.extend(gradients_of("G", &networks.G, &mut gradients));
        named.extend(gradients_of("phi", &networks.phi, &mut gradients));
        named.extend(gradients_of("phi_inverse", &networks.phi_inverse, &mut gradients));
        sum.add(named, losses);
        made.extend(generated);
    }
    let [pixels, parts] = [config.autoencoder.learning_rate, config.disentangle.learning_rate]
        .map(|rate| rate * config.joint.rate_factor);
    learner.update_autoencoder(pixels, &mut sum);
    learner.update_disentangler(parts, &mut sum);
    let mut losses = sum.losses();
    if !made.is_empty() {
        losses.extend(autoencoder::train_discriminators(learner, config, made, turn, pixels, step));
    }
    Ok(losses)
}

/// Some rows of a batch.
struct Part {
    number: usize,
    /// `[n, 3, 128, 128]`.
    pictures: Tensor<4>,
    labels: Option<TaskLabels>,
    /// Rows whose pictures teach pixels too.
    hard: Vec<i64>,
}

/// What a part's pictures give the discriminators: the photographs, and what was made of them.
type Made = Option<(Tensor<4>, Generated)>;

/// What everything that trains is asked on a part.
struct Objective {
    total: Tensor<1>,
    losses: Losses,
    made: Made,
    without_triplets: bool,
}

fn objective(learner: &Learner, config: &Config, teachers: &Teachers, part: &Part, turn: Turn, step: u64) -> Objective {
    let networks = &learner.networks;
    let settings = &config.disentangle;
    let z = networks.E.forward(part.pictures.clone());
    let f = networks.phi.forward(z.clone());
    let labels = part.labels.as_ref();
    let PartLoss { mut total, mut losses, without_triplets } =
        part_loss(settings, &networks.phi_inverse, z.clone(), f.clone(), labels, [config.seed, step]);
    let mut recognised = None;
    if let Some(labels) = labels {
        let (encoder, generator) = unmoved(learner);
        let mut random = rng_for(config.seed, step, &format!("cycle {}", part.number));
        let through = Through {
            encoder: &encoder,
            generator: &generator,
            phi: &networks.phi,
            phi_inverse: &networks.phi_inverse,
        };
        let swapped = through.swapped(f.clone().detach(), labels, &mut random);
        recognised = givers_recognised(teachers, &part.pictures, labels, &swapped);
        let (cycled, named) = swapped.loss(settings, labels, &mut random);
        losses.extend(named);
        total = total + cycled;
    }
    total = total * (settings.scale * config.joint.disentangle);
    if let Some(recognised) = recognised {
        losses.push(("swapped recognised", recognised.clone().inner()));
        total = total + recognised;
    }
    // Two, for the norms; pictures that are too soft teach parts and not pixels.
    if part.hard.len() < 2 {
        return Objective { total, losses, made: None, without_triplets };
    }
    let rows = Tensor::<1, Int>::from_data(TensorData::new(part.hard.clone(), [part.hard.len()]), &learner.device);
    let photographs = part.pictures.clone().select(0, rows.clone());
    let codes = networks.phi_inverse.forward(f.select(0, rows.clone()));
    let decoded = Decoded { z: z.select(0, rows), codes };
    let mut random = rng_for(config.seed, step, &format!("joint {}", part.number));
    let (pixels, named, generated) =
        autoencoder::objective(learner, config, teachers, photographs.clone(), decoded, turn, &mut random);
    losses.extend(named);
    let total = total + pixels * config.joint.autoencoder;
    Objective { total, losses, made: Some((photographs, generated)), without_triplets }
}

/// The rows of a batch: the first views, and where style is told by re-lit ones half of each.
struct Seen {
    numbers: Vec<f32>,
    crops: Vec<usize>,
    labels: Vec<Label>,
    /// From this row on the views are re-lit.
    relit_from: Option<usize>,
}

impl Seen {
    fn of(batch: Batch) -> Self {
        let Batch { mut pictures, mut crops, mut labels, second, second_labels, .. } = batch;
        let mut relit_from = None;
        if !second.is_empty() {
            // As many pictures as any other batch has: half in one light, half in another.
            let half = crops.len().div_ceil(2);
            pictures.truncate(half * NUMBERS);
            pictures.extend(&second[..half * NUMBERS]);
            crops.truncate(half);
            crops.extend_from_within(..);
            labels.truncate(half);
            labels.extend(second_labels.into_iter().take(half));
            relit_from = Some(half);
        }
        Seen { numbers: pictures, crops, labels, relit_from }
    }

    fn pictures(&self, learner: &Learner, rows: &Range<usize>) -> Tensor<4> {
        seen::tensor(self.numbers[rows.start * NUMBERS..rows.end * NUMBERS].to_vec(), &learner.device)
    }

    fn relit(&self, rows: &Range<usize>) -> Option<Vec<(usize, bool)>> {
        let from = self.relit_from?;
        Some(rows.clone().map(|row| (self.crops[row], row >= from)).collect())
    }

    fn hard(&self, known: &Supervision, rows: &Range<usize>) -> Vec<i64> {
        let hard = |row: &usize| !known.soft_sources.contains(&self.labels[*row].source);
        rows.clone().filter(hard).map(|row| (row - rows.start) as i64).collect()
    }
}

/// The decoded face must be recognised as whoever gave `f_id`.
fn givers_recognised(
    teachers: &Teachers,
    pictures: &Tensor<4>,
    labels: &TaskLabels,
    swapped: &Swapped,
) -> Option<Tensor<1>> {
    let n = pictures.dims()[0];
    let by = if labels.task == Task::Identity { swapped.by() } else { 0 };
    let rows: Vec<i64> = (0..n).map(|row| ((row + by) % n) as i64).collect();
    let rows = Tensor::<1, Int>::from_data(TensorData::new(rows, [n]), &pictures.device());
    teachers.swapped_loss(pictures.clone().select(0, rows), swapped.pictures.clone())
}
