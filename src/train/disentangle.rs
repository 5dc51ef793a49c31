//! Stage two: Phi and Phi^-1 on the codes of a frozen E, first on cached codes alone, then with the cycle through the
//! frozen G and E (section 5 of the method).

use std::ops::Range;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use rand_chacha::ChaCha8Rng;

use super::accumulate::{self, Accumulated};
use super::adam::{NamedGradients, gradients_of};
use super::codes::{Cached, CodeView, Codes};
use super::config::{Config, Disentangle};
use super::descriptors::Descriptors;
use super::error::TrainError;
use super::exchanges::{Exchange, Exchanges};
use super::learner::{Learner, Losses};
use super::macros::{Macro, MacroBatch, Task, Wanted};
use super::random::{below, rng_for};
use super::tasks::TaskLabels;
use crate::data::crops::{CropSet, Label};
use crate::face::CODE_DIM;
use crate::nn::losses::diff_augment::{draw_shifts, small_shift};
use crate::nn::losses::disentangle::{cross_covariance, cycle, l1};
use crate::nn::losses::geometry::{MEASURES, PoseFree, measures};
use crate::nn::norms::in_evaluation;
use crate::nn::{Disentangler, Encoder, Generator, Inverse};

/// Weight of pose in the cycle where it is not the paper's.
const POSE_IN_CYCLE: f64 = 0.5;
/// How far the swapped picture is moved before it is encoded again, in pixels.
const CYCLE_SHIFT_PX: u32 = 2;
/// Faces from which the measures' dependence on pose is fitted, at most.
const FITTED: usize = 4000;

/// What stages two and three know of the training set.
pub struct Supervision {
    pub set: CropSet,
    pub batches: Arc<Macro>,
    /// Sources whose pictures teach parts and not pixels.
    pub soft_sources: Vec<u16>,
    exchanges: Exchanges,
    pose_free: Option<PoseFree>,
    descriptors: Option<Descriptors>,
}

impl Supervision {
    /// # Errors
    /// A set that cannot be read.
    pub fn new(set: &CropSet, config: &Config, descriptors: Option<Descriptors>) -> Result<Self, TrainError> {
        let geometry = config.disentangle.expression_geometry;
        let soft = |(_, name): &(u16, &String)| config.data.labels_only.contains(name);
        Ok(Supervision {
            batches: Arc::new(Macro::new(set.keys(), config.seed, Wanted::of(&config.disentangle))),
            soft_sources: (0..).zip(set.sources()).filter(soft).map(|(source, _)| source).collect(),
            exchanges: Exchanges::new(set.keys()),
            pose_free: if geometry { fit_pose_free(set)? } else { None },
            descriptors,
            set: set.clone(),
        })
    }

    /// The labels of a batch's task on these rows of it; `relit` as [`TaskLabels::new`] has it.
    ///
    /// # Errors
    /// Descriptors that cannot be read.
    pub fn labels(
        &self,
        batch: &MacroBatch,
        crops: &[usize],
        labels: &[Label],
        relit: Option<Vec<(usize, bool)>>,
    ) -> Result<TaskLabels, TrainError> {
        let labels = TaskLabels::new(batch.task, batch.basis, labels, relit, self.pose_free.as_ref());
        Ok(match &self.descriptors {
            Some(descriptors) if batch.task == Task::Identity => labels.with_targets(descriptors.targets(crops)?),
            _ => labels,
        })
    }
}

fn fit_pose_free(set: &CropSet) -> Result<Option<PoseFree>, TrainError> {
    let mut faces: Vec<([f32; MEASURES], [f32; 3])> = Vec::new();
    for crop in (0..set.len()).step_by(set.len().div_ceil(FITTED).max(1)) {
        let label = set.label(crop)?;
        if let (Some(points), Some(pose)) = (&label.landmarks, label.pose_deg) {
            faces.push((measures(points), pose));
        }
    }
    Ok(PoseFree::fit(&faces))
}

/// One step on cached codes; `stage_step` counts within the stage, which decides the task.
///
/// # Errors
/// Codes or labels that cannot be read.
pub fn cached_step(
    learner: &mut Learner,
    config: &Config,
    known: &Supervision,
    codes: &Codes,
    [step, stage_step]: [u64; 2],
) -> Result<Losses, TrainError> {
    let batch = CachedBatch::of(known, codes, stage_step, config.disentangle.cached_batch)?;
    let rows = batch.rows.len();
    let plain = plain_loss(learner, config, known, codes, &batch, 0..rows, step)?;
    learner.without_triplets += u64::from(plain.without_triplets);
    let mut sum = Accumulated::new(1);
    sum.add(gradients(learner, plain.total), plain.losses);
    learner.update_disentangler(config.disentangle.learning_rate, &mut sum);
    Ok(sum.losses())
}

/// One step with the cycle terms.
///
/// # Errors
/// As [`cached_step`].
pub fn cycle_step(
    learner: &mut Learner,
    config: &Config,
    known: &Supervision,
    codes: &Codes,
    frozen: &Frozen,
    [step, stage_step]: [u64; 2],
) -> Result<Losses, TrainError> {
    let batch = CachedBatch::of(known, codes, stage_step, config.batch.size)?;
    let parts = accumulate::parts(config.batch.accumulate, batch.rows.len());
    let mut sum = Accumulated::new(parts);
    for (part, span) in accumulate::spans(batch.rows.len(), parts).enumerate() {
        let plain = plain_loss(learner, config, known, codes, &batch, span, step)?;
        learner.without_triplets += u64::from(plain.without_triplets);
        let (mut total, mut losses) = (plain.total, plain.losses);
        if let Some(labels) = &plain.labels {
            let mut random = rng_for(config.seed, step, &format!("cycle {part}"));
            let through = Through {
                encoder: &frozen.encoder,
                generator: &frozen.generator,
                phi: &learner.networks.phi,
                phi_inverse: &learner.networks.phi_inverse,
            };
            let swapped = through.swapped(plain.f.detach(), labels, &mut random);
            let (cycled, named) = swapped.loss(&config.disentangle, labels, &mut random);
            losses.extend(named);
            total = total + cycled * config.disentangle.scale;
        }
        sum.add(gradients(learner, total), losses);
    }
    learner.update_disentangler(config.disentangle.learning_rate, &mut sum);
    Ok(sum.losses())
}

fn gradients(learner: &Learner, total: Tensor<1>) -> NamedGradients {
    let mut gradients = total.backward();
    let mut named = gradients_of("phi", &learner.networks.phi, &mut gradients);
    named.extend(gradients_of("phi_inverse", &learner.networks.phi_inverse, &mut gradients));
    named
}

/// The cached codes of a step, and what is known of them.
struct CachedBatch {
    /// None for an empty set, which has no rows either.
    batch: Option<MacroBatch>,
    rows: Vec<Cached>,
    labels: Vec<Label>,
}

impl CachedBatch {
    /// `n` of them; `stage_step` counts within the stage.
    fn of(known: &Supervision, codes: &Codes, stage_step: u64, n: usize) -> Result<Self, TrainError> {
        let batch = known.batches.batch(stage_step, n);
        let rows = batch.as_ref().map_or(Vec::new(), |batch| known.batches.cached_of(batch, stage_step, n));
        let labels = rows.iter().map(|&row| codes.label(&known.set, row)).collect::<Result<Vec<_>, _>>()?;
        Ok(CachedBatch { batch, rows, labels })
    }
}

fn read(learner: &Learner, codes: &Codes, rows: &[Cached]) -> Result<Tensor<2>, TrainError> {
    let numbers = codes.codes(rows)?;
    Ok(Tensor::from_data(TensorData::new(numbers, [rows.len(), CODE_DIM]), &learner.device))
}

/// The terms without pictures of some rows.
struct Plain {
    total: Tensor<1>,
    losses: Losses,
    /// `[n, 99]`.
    f: Tensor<2>,
    labels: Option<TaskLabels>,
    without_triplets: bool,
}

/// The inverse, the task, the exchanges, what keeps parts apart, on a span of the batch's rows.
fn plain_loss(
    learner: &Learner,
    config: &Config,
    known: &Supervision,
    codes: &Codes,
    batch: &CachedBatch,
    span: Range<usize>,
    step: u64,
) -> Result<Plain, TrainError> {
    let settings = &config.disentangle;
    let networks = &learner.networks;
    let rows = &batch.rows[span.clone()];
    let crops: Vec<usize> = rows.iter().map(|row| row.crop).collect();
    let of_task = |drawn: &MacroBatch| {
        let relit = drawn.relit.then(|| rows.iter().map(|row| (row.crop, row.view == CodeView::Relit)).collect());
        known.labels(drawn, &crops, &batch.labels[span.clone()], relit)
    };
    let labels = batch.batch.as_ref().map(of_task).transpose()?;
    let z = read(learner, codes, rows)?;
    let f = networks.phi.forward(z.clone());
    let PartLoss { mut total, mut losses, without_triplets } =
        part_loss(settings, &networks.phi_inverse, z, f.clone(), labels.as_ref(), [config.seed, step]);
    if settings.exchanges > 0.0 {
        // Those of the whole batch lie one after the other, so that the parts of a step draw different ones.
        let exchanges = known.exchanges.draw(config.seed, step, batch.rows.len());
        if let Some(exchanges) = exchanges.get(span).filter(|exchanges| !exchanges.is_empty()) {
            let loss = exchanged(learner, codes, exchanges)?;
            losses.push(("exchanges", loss.clone().inner()));
            total = total + loss * settings.exchanges;
        }
    }
    Ok(Plain { total: total * settings.scale, losses, f, labels, without_triplets })
}

/// What the parts of some codes are asked.
pub struct PartLoss {
    pub total: Tensor<1>,
    pub losses: Losses,
    /// The task teaches by triplets, and the codes' labels can form none.
    pub without_triplets: bool,
}

/// The inverse, the task and what keeps parts apart, on codes `z` and their `f`; shared with stage three.
pub fn part_loss(
    settings: &Disentangle,
    phi_inverse: &Inverse,
    z: Tensor<2>,
    f: Tensor<2>,
    labels: Option<&TaskLabels>,
    [seed, step]: [u64; 2],
) -> PartLoss {
    let inverse = l1(z, phi_inverse.forward(f.clone()));
    let mut losses = vec![("inverse", inverse.clone().inner())];
    let mut total = inverse * settings.inverse;
    let mut random = rng_for(seed, step, "triplets");
    let mut without_triplets = false;
    if let Some(labels) = labels {
        let task = labels.loss(settings, f.clone(), &mut random);
        without_triplets = task.without_triplets;
        if let Some(loss) = task.loss {
            losses.push((task_name(labels.task), loss.clone().inner()));
            total = total + loss;
        }
    }
    if settings.decorrelation > 0.0 {
        let shared = cross_covariance(f);
        losses.push(("decorrelation", shared.clone().inner()));
        total = total + shared * settings.decorrelation;
    }
    PartLoss { total, losses, without_triplets }
}

fn task_name(task: Task) -> &'static str {
    match task {
        Task::Pose => "pose",
        Task::Identity => "identity",
        Task::Style => "style",
        Task::Expression => "expression",
    }
}

/// Codes that took a part from another picture against the code of the picture that must come out.
fn exchanged(learner: &Learner, codes: &Codes, exchanges: &[Exchange]) -> Result<Tensor<1>, TrainError> {
    let n = exchanges.len();
    let rows = |which: fn(&Exchange) -> Cached| exchanges.iter().map(which).collect::<Vec<_>>();
    let takers = learner.networks.phi.forward(read(learner, codes, &rows(|one| one.taker))?);
    let givers = learner.networks.phi.forward(read(learner, codes, &rows(|one| one.giver))?);
    let answers = read(learner, codes, &rows(|one| one.answer))?;
    let mut given = vec![0.0; n * CODE_DIM];
    for (exchange, row) in exchanges.iter().zip(given.chunks_exact_mut(CODE_DIM)) {
        exchange.parts().iter().for_each(|part| row[part.range()].fill(1.0));
    }
    let given = Tensor::<2>::from_data(TensorData::new(given, [n, CODE_DIM]), &learner.device);
    let mixed = takers * given.clone().neg().add_scalar(1.0) + givers * given;
    Ok(l1(learner.networks.phi_inverse.forward(mixed), answers))
}

/// E and G as they stand still: norms folded, gradients to what passes through them and not to themselves.
pub struct Frozen {
    encoder: Encoder,
    generator: Generator,
}

impl Frozen {
    pub fn of(learner: &Learner) -> Self {
        Frozen {
            encoder: learner.networks.E.valid().fold().train().no_grad(),
            generator: learner.networks.G.valid().fold().train().no_grad(),
        }
    }
}

/// The networks that a swapped code passes.
pub struct Through<'a> {
    pub encoder: &'a Encoder,
    pub generator: &'a Generator,
    pub phi: &'a Disentangler,
    pub phi_inverse: &'a Inverse,
}

/// Codes of which one part was moved within the batch, their pictures, and what is seen in those.
pub struct Swapped {
    /// How many rows the part was moved by.
    by: usize,
    asked: Tensor<2>,
    /// `[n, 3, 128, 128]`.
    pub pictures: Tensor<4>,
    seen: Tensor<2>,
}

impl Through<'_> {
    /// Moves the task's part of `f` `[n, 99]` (without gradients) by some rows, so that no row keeps its own, decodes,
    /// moves the picture a little and encodes it again.
    pub fn swapped(&self, f: Tensor<2>, labels: &TaskLabels, random: &mut ChaCha8Rng) -> Swapped {
        let n = f.dims()[0];
        let by = if n > 1 { 1 + below(random, n - 1) } else { 0 };
        let range = labels.task.part().range();
        let rows: Vec<i64> = (0..n).map(|row| ((row + by) % n) as i64).collect();
        let rows = Tensor::from_data(TensorData::new(rows, [n]), &f.device());
        let moved = f.clone().narrow(1, range.start, range.len()).select(0, rows);
        let mut pieces = Vec::new();
        if range.start > 0 {
            pieces.push(f.clone().narrow(1, 0, range.start));
        }
        pieces.push(moved);
        if range.end < CODE_DIM {
            pieces.push(f.narrow(1, range.end, CODE_DIM - range.end));
        }
        let asked = Tensor::cat(pieces, 1);
        let pictures = self.generator.forward(self.phi_inverse.forward(asked.clone()));
        let shifts = draw_shifts(random, n, CYCLE_SHIFT_PX);
        let seen = self.phi.forward(self.encoder.forward(small_shift(pictures.clone(), &shifts)));
        Swapped { by, asked, pictures, seen }
    }
}

impl Swapped {
    /// The cycle term and the task on what is seen.
    pub fn loss(self, settings: &Disentangle, labels: &TaskLabels, random: &mut ChaCha8Rng) -> (Tensor<1>, Losses) {
        let cycled = if settings.cycle_pose {
            l1(self.asked, self.seen.clone())
        } else {
            cycle(self.asked, self.seen.clone(), POSE_IN_CYCLE)
        };
        let mut losses = vec![("cycle", cycled.clone().inner())];
        let mut total = cycled * settings.cycle;
        // The same labels in another order: where they form no triplet, that was counted with the batch.
        if let Some(task) = labels.rolled(self.by).loss(settings, self.seen, random).loss {
            losses.push(("augmentation", task.clone().inner()));
            total = total + task * settings.augmentation;
        }
        (total, losses)
    }

    /// How many rows the part was moved by.
    pub fn by(&self) -> usize {
        self.by
    }
}

/// E and G in training, but for the pass of swapped pictures, which neither uses nor moves a batch's statistics.
pub fn unmoved(learner: &Learner) -> (Encoder, Generator) {
    (in_evaluation(learner.networks.E.clone()), in_evaluation(learner.networks.G.clone()))
}
