//! Which expression a face shows, read from parts of its code by a small network (Table 3 of the paper). The network
//! is trained here, on labelled codes that are not measured: weighted cross-entropy, Adam, a few hundred steps on the
//! CPU. Every draw comes from the seed, so the same codes give the same figures.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::auc::{self, OneVsRest};
use super::bootstrap::{Measured, below};
use super::{Subset, folds};
use crate::face::{Expression, Part};
use crate::nn::head::{DROPOUT, ExpressionHead, ExpressionHeadConfig, HIDDEN};
use crate::nn::losses::classification::{counts, cross_entropy, inverse_frequency};
use crate::nn::{Code, NnError};
use crate::train::adam::{Adam, gradients_of};

/// What is read: the part that should know, and all the others, which should not.
pub const SUBSETS: [Subset; 2] = [Subset::Only(Part::Expression), Subset::Without(Part::Expression)];
/// The fewest labelled faces that a network is trained on.
pub const MIN_FACES: usize = 10;

const CLASSES: usize = Expression::ALL.len();
const STEPS: usize = 400;
const BATCH: usize = 128;
const LEARNING_RATE: f64 = 2e-3;
const BETAS: [f32; 2] = [0.9, 0.999];
/// Added to the logits of classes that were not trained.
const ABSENT: f32 = -1e4;
/// The network's name before the optimiser.
const NAME: &str = "head";

/// How well expressions are read from some numbers of the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadExpression {
    pub reads: String,
    /// By the probabilities of the classes.
    pub by_probability: OneVsRest,
    /// The mean area by the logits.
    pub by_logit: Measured,
}

/// Codes with an expression each.
#[derive(Clone, Copy)]
pub struct Labelled<'a> {
    pub codes: &'a [Code],
    pub labels: &'a [Expression],
}

/// Networks trained on some faces, measured on others; classes that were not trained are left out. None where there
/// are too few faces or classes.
///
/// # Errors
/// [`NnError::Device`].
pub fn across(train: Labelled, test: Labelled, seed: u64) -> Result<Option<Vec<ReadExpression>>, NnError> {
    let mut all = Vec::new();
    for subset in SUBSETS {
        let Some(reader) = Reader::train(&parts(train.codes, subset), train.labels, seed) else { return Ok(None) };
        let known: Vec<usize> = (0..test.labels.len()).filter(|&i| reader.knows(test.labels[i])).collect();
        let labels: Vec<Expression> = known.iter().map(|&i| test.labels[i]).collect();
        let inputs: Vec<Vec<f32>> = known.iter().map(|&i| subset.of(&test.codes[i])).collect();
        let Some(read) = measured(subset, &reader.logits(&inputs)?, &labels, seed) else { return Ok(None) };
        all.push(read);
    }
    Ok(Some(all))
}

/// The same where all faces are of one set: each fifth is measured by networks trained on the others. Faces of one
/// group (a person, say) stay together. None where there are too few faces, classes or groups.
///
/// # Errors
/// [`NnError::Device`].
pub fn in_folds(faces: Labelled, groups: &[usize], seed: u64) -> Result<Option<Vec<ReadExpression>>, NnError> {
    let Some(fold_of) = folds::by_group(groups, seed) else { return Ok(None) };
    let mut all = Vec::new();
    for subset in SUBSETS {
        let inputs = parts(faces.codes, subset);
        let (mut logits, mut labels) = (Vec::new(), Vec::new());
        for fold in 0..folds::count(&fold_of) {
            let (train, test) = folds::split(&fold_of, fold);
            let inputs_of = |items: &[usize]| items.iter().map(|&i| inputs[i].clone()).collect::<Vec<_>>();
            let labels_of = |items: &[usize]| items.iter().map(|&i| faces.labels[i]).collect::<Vec<_>>();
            let Some(reader) = Reader::train(&inputs_of(&train), &labels_of(&train), seed) else { return Ok(None) };
            let test: Vec<usize> = test.into_iter().filter(|&i| reader.knows(faces.labels[i])).collect();
            logits.extend(reader.logits(&inputs_of(&test))?);
            labels.extend(labels_of(&test));
        }
        let Some(read) = measured(subset, &logits, &labels, seed) else { return Ok(None) };
        all.push(read);
    }
    Ok(Some(all))
}

fn parts(codes: &[Code], subset: Subset) -> Vec<Vec<f32>> {
    codes.iter().map(|f| subset.of(f)).collect()
}

fn measured(subset: Subset, logits: &[Vec<f32>], labels: &[Expression], seed: u64) -> Option<ReadExpression> {
    let probabilities: Vec<Vec<f32>> = logits.iter().map(|row| softmax(row)).collect();
    Some(ReadExpression {
        reads: subset.name().to_owned(),
        by_probability: auc::one_vs_rest(&probabilities, labels, seed)?,
        by_logit: auc::one_vs_rest(logits, labels, seed)?.mean,
    })
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let peak = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = logits.iter().map(|logit| (logit - peak).exp()).collect();
    let total: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// A trained network that reads expressions from numbers of one length.
pub struct Reader {
    head: ExpressionHead,
    /// Mean and inverse spread of each number over the training faces.
    scales: Vec<[f32; 2]>,
    /// Weight of each class: the inverse of its share; 0 where it has no face.
    weights: [f32; CLASSES],
}

impl Reader {
    /// A network trained on `inputs`, rows of one length with a label each; none where there are fewer than
    /// [`MIN_FACES`] or all are of one class.
    pub fn train(inputs: &[Vec<f32>], labels: &[Expression], seed: u64) -> Option<Self> {
        let weights = inverse_frequency(&counts(labels));
        if labels.len() < MIN_FACES || weights.iter().filter(|&&weight| weight > 0.0).count() < 2 {
            return None;
        }
        let device = Device::flex().autodiff();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let scales = scales(inputs);
        let config = ExpressionHeadConfig { input: scales.len(), classes: CLASSES };
        let head = config.init_drawn(&mut || unit(&mut random), &device);
        let mut reader = Self { head, scales, weights };
        let mut optimiser = Adam::new(BETAS[0], BETAS[1], 0.0);
        for step in 0..STEPS {
            let drawn: Vec<usize> = (0..BATCH).map(|_| below(&mut random, labels.len())).collect();
            let batch: Vec<&Vec<f32>> = drawn.iter().map(|&i| &inputs[i]).collect();
            let targets: Vec<Expression> = drawn.iter().map(|&i| labels[i]).collect();
            let loss = reader.loss(&batch, &targets, &mut random, &device);
            let gradients = gradients_of(NAME, &reader.head, &mut loss.backward());
            let rate = LEARNING_RATE * (1.0 - step as f64 / STEPS as f64);
            optimiser.begin();
            reader.head = optimiser.step(NAME, rate, reader.head, gradients);
        }
        reader.head = reader.head.valid();
        Some(reader)
    }

    /// Whether there were faces of this class to train on.
    pub fn knows(&self, class: Expression) -> bool {
        self.weights[class.index()] > 0.0
    }

    /// The logits of all eight classes for each row; far below the others for classes that were not trained.
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn logits(&self, inputs: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, NnError> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        let device = Device::flex();
        let rows: Vec<&Vec<f32>> = inputs.iter().collect();
        let logits = self.head.forward(self.tensor(&rows, &device)) + self.absent(&device);
        let numbers = logits.try_into_vec_as::<f32>().map_err(|error| NnError::Device { reason: error.to_string() })?;
        Ok(numbers.chunks_exact(CLASSES).map(<[f32]>::to_vec).collect())
    }

    /// What the network gets wrong of a batch.
    fn loss(&self, batch: &[&Vec<f32>], targets: &[Expression], random: &mut impl Rng, device: &Device) -> Tensor<1> {
        let n = targets.len();
        let masks = [mask(n, random, device), mask(n, random, device)];
        let logits = self.head.forward_dropped(self.tensor(batch, device), masks);
        let targets: Vec<i64> = targets.iter().map(|class| class.index() as i64).collect();
        let absent = self.weights.map(|weight| weight == 0.0).to_vec();
        cross_entropy(
            logits,
            Tensor::from_data(TensorData::new(targets, [n]), device),
            Tensor::from_data(TensorData::new(self.weights.to_vec(), [CLASSES]), device),
            Tensor::from_data(TensorData::new(absent, [CLASSES]), device),
        )
    }

    /// Rows with each number at mean zero and variance one: `[rows, numbers]`.
    fn tensor(&self, rows: &[&Vec<f32>], device: &Device) -> Tensor<2> {
        let scaled = |row: &&Vec<f32>| -> Vec<f32> {
            row.iter().zip(&self.scales).map(|(number, [mean, scale])| (number - mean) * scale).collect()
        };
        let numbers: Vec<f32> = rows.iter().flat_map(scaled).collect();
        Tensor::from_data(TensorData::new(numbers, [rows.len(), self.scales.len()]), device)
    }

    /// What takes untrained classes out of a softmax: `[1, 8]`.
    fn absent(&self, device: &Device) -> Tensor<2> {
        let row = self.weights.map(|weight| if weight > 0.0 { 0.0f32 } else { ABSENT });
        Tensor::from_data(TensorData::new(row.to_vec(), [1, CLASSES]), device)
    }
}

/// Mean and inverse spread of each number; a number that never changes keeps its scale.
fn scales(rows: &[Vec<f32>]) -> Vec<[f32; 2]> {
    let count = rows.len() as f32;
    let width = rows.first().map_or(0, Vec::len);
    let column = |place: usize| {
        let mean = rows.iter().map(|row| row[place]).sum::<f32>() / count;
        let variance = rows.iter().map(|row| (row[place] - mean).powi(2)).sum::<f32>() / count;
        [mean, if variance > 1e-12 { 1.0 / variance.sqrt() } else { 1.0 }]
    };
    (0..width).map(column).collect()
}

/// What dropout multiplies a hidden layer by: `[n, 200]`.
fn mask(n: usize, random: &mut impl Rng, device: &Device) -> Tensor<2> {
    let kept = (1.0 / (1.0 - DROPOUT)) as f32;
    let numbers: Vec<f32> =
        (0..n * HIDDEN).map(|_| if f64::from(unit(random)) < DROPOUT { 0.0 } else { kept }).collect();
    Tensor::from_data(TensorData::new(numbers, [n, HIDDEN]), device)
}

/// Evenly spread over 0..1.
fn unit(random: &mut impl Rng) -> f32 {
    (random.next_u32() >> 8) as f32 / (1 << 24) as f32
}
