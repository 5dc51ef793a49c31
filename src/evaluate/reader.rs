//! The small networks that read expressions from parts of the code (section 3 of the method), trained here on labelled
//! numbers: cross-entropy, Adam, on the CPU. Every draw comes from a seed, so the same faces give the same reader. Who
//! has them measure, and by which folds, is for others to say.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use safetensors::SafeTensors;

use super::bootstrap::below;
use super::error::Stopped;
use super::parts::Watch;
use crate::face::Expression;
use crate::nn::NnError;
use crate::nn::head::{DROPOUT, ExpressionHead, ExpressionHeadConfig, HIDDEN};
use crate::nn::losses::classification::{counts, cross_entropy, inverse_frequency};
use crate::nn::tensors::{self, Precision};
use crate::train::adam::{Adam, gradients_of};

/// The fewest labelled faces that a network is trained on.
pub const MIN_FACES: usize = 10;

const CLASSES: usize = Expression::ALL.len();
const BETAS: [f32; 2] = [0.9, 0.999];
/// Added to the logits of classes that were not trained.
const ABSENT: f32 = -1e4;
/// The least chance of a class that was trained, so that it stands apart from one that was not.
const LEAST: f32 = 1e-30;
/// The network's name before the optimiser.
const NAME: &str = "head";
/// Rows that are read at a time.
const ROWS: usize = 1 << 14;
/// What a stored network says beside its tensors.
const SCALES: &str = "scales";
const WEIGHTS: &str = "weights";

/// How a reader is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    pub steps: usize,
    /// Faces of a step.
    pub batch: usize,
    /// The first step's learning rate; it falls on a straight line to 0.
    pub rate: f64,
    /// Spread of the Gaussian noise that is added to every number each time it is seen, over the number's own spread
    /// among the faces.
    pub jitter: f32,
    /// Whether all classes weigh the same, however many faces they have. The probabilities are then those of a set with
    /// as many faces of each class; otherwise they are those of the set itself.
    pub balanced: bool,
}

impl Default for Training {
    /// As the method's tables of expressions are made (Table 3 of the paper).
    fn default() -> Self {
        Training { steps: 400, batch: 128, rate: 2e-3, jitter: 0.0, balanced: true }
    }
}

/// Trained networks that read expressions from numbers of one length: one, or several that were trained on the same
/// faces from other seeds.
pub struct Reader {
    heads: Vec<ExpressionHead>,
    inputs: Inputs,
}

/// What is known of the training faces.
#[derive(Clone, Debug, PartialEq)]
struct Inputs {
    /// Mean and inverse spread of each number.
    scales: Vec<[f32; 2]>,
    /// What a face of each class weighs; 0 where the class has no face.
    weights: [f32; CLASSES],
}

impl Reader {
    /// A network trained as [`Training::default`] says on `inputs`, rows of one length with a label each; none where
    /// there are fewer than [`MIN_FACES`] or all are of one class. `watch` hears before each step how many are done, and
    /// of how many.
    ///
    /// # Errors
    /// [`Stopped`] where `watch` says no.
    pub fn train<R: AsRef<[f32]>>(
        inputs: &[R],
        labels: &[Expression],
        seed: u64,
        watch: Watch,
    ) -> Result<Option<Self>, Stopped> {
        let training = Training::default();
        let Some(mut learner) = Learner::new(inputs, labels, training, seed) else { return Ok(None) };
        while !learner.is_done() {
            if !watch(learner.steps, training.steps) {
                return Err(Stopped);
            }
            learner.step();
        }
        Ok(Some(learner.reader()))
    }

    /// Takes up the networks of another reader, which was trained on the same faces.
    pub fn join(&mut self, other: Reader) {
        debug_assert_eq!(self.inputs, other.inputs);
        self.heads.extend(other.heads);
    }

    /// Whether there were faces of this class to train on.
    pub fn knows(&self, class: Expression) -> bool {
        self.inputs.weights[class.index()] > 0.0
    }

    /// The logits of all eight classes for each row, the mean over the networks; far below the others for classes that
    /// were not trained.
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn logits<R: AsRef<[f32]>>(&self, inputs: &[R]) -> Result<Vec<[f32; CLASSES]>, NnError> {
        self.mean_over_heads(inputs, |logits| logits)
    }

    /// The probabilities of all eight classes for each row, the mean over the networks: exactly 0 for classes that were
    /// not trained, and above 0 for all others.
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn probabilities<R: AsRef<[f32]>>(&self, inputs: &[R]) -> Result<Vec<[f32; CLASSES]>, NnError> {
        self.mean_over_heads(inputs, softmax)
    }

    /// The networks as bytes.
    ///
    /// # Errors
    /// [`NnError::Unwritable`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, NnError> {
        let scales = self.inputs.scales.as_flattened();
        let metadata = [(SCALES.to_owned(), listed(scales)), (WEIGHTS.to_owned(), listed(&self.inputs.weights))];
        let mut bytes = Vec::new();
        for head in &self.heads {
            let file = tensors::save(head, Precision::Single, &metadata)?;
            bytes.extend((file.len() as u64).to_le_bytes());
            bytes.extend(file);
        }
        Ok(bytes)
    }

    /// The reader of [`Reader::to_bytes`], with the same numbers to the bit.
    ///
    /// # Errors
    /// [`NnError::Unreadable`] and [`NnError::WrongTensors`] for bytes that are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NnError> {
        let damaged = |reason: &str| NnError::Unreadable { reason: reason.to_owned() };
        let (mut heads, mut known) = (Vec::new(), None);
        let mut rest = bytes;
        while let Some((length, after)) = rest.split_first_chunk::<8>() {
            let length = u64::from_le_bytes(*length);
            let cut_off = || damaged("a reader's networks are cut off");
            let length = usize::try_from(length).ok().filter(|length| *length <= after.len()).ok_or_else(cut_off)?;
            let (file, after) = after.split_at(length);
            let inputs = Inputs::of_file(file).ok_or_else(|| damaged("a reader's scales are missing"))?;
            let config = ExpressionHeadConfig { input: inputs.scales.len(), classes: CLASSES };
            // No draw from the device, which others may be drawing from.
            let blank = config.init_drawn(&mut || 0.5, &Device::flex());
            heads.push(tensors::load(blank, file.to_vec())?.valid());
            if known.get_or_insert_with(|| inputs.clone()) != &inputs {
                return Err(damaged("a reader's networks are not of the same faces"));
            }
            rest = after;
        }
        match known {
            Some(inputs) if rest.is_empty() => Ok(Self { heads, inputs }),
            _ => Err(damaged("a reader's networks are cut off")),
        }
    }

    /// What `of` makes of each network's logits, and the mean of it over the networks.
    fn mean_over_heads<R: AsRef<[f32]>>(
        &self,
        inputs: &[R],
        of: fn([f32; CLASSES]) -> [f32; CLASSES],
    ) -> Result<Vec<[f32; CLASSES]>, NnError> {
        let mut means = vec![[0.0; CLASSES]; inputs.len()];
        let share = 1.0 / self.heads.len() as f32;
        for head in &self.heads {
            for (rows, means) in inputs.chunks(ROWS).zip(means.chunks_mut(ROWS)) {
                for (mean, logits) in means.iter_mut().zip(self.inputs.read(head, rows)?) {
                    mean.iter_mut().zip(of(logits)).for_each(|(mean, number)| *mean += share * number);
                }
            }
        }
        Ok(means)
    }
}

/// A network on its way: one step after the other, so that whoever trains it may look at it in between, or stop.
pub struct Learner<'a, R> {
    head: ExpressionHead,
    inputs: Inputs,
    rows: &'a [R],
    labels: &'a [Expression],
    training: Training,
    optimiser: Adam,
    random: ChaCha8Rng,
    device: Device,
    steps: usize,
}

impl<'a, R: AsRef<[f32]>> Learner<'a, R> {
    /// A network before its first step. `rows` are of one length and have a label each; none where there are fewer than
    /// [`MIN_FACES`] or all are of one class.
    pub fn new(rows: &'a [R], labels: &'a [Expression], training: Training, seed: u64) -> Option<Self> {
        let counts = counts(labels);
        if labels.len() < MIN_FACES || counts.iter().filter(|&&count| count > 0).count() < 2 {
            return None;
        }
        let weights = if training.balanced {
            inverse_frequency(&counts)
        } else {
            counts.map(|count| if count > 0 { 1.0 } else { 0.0 })
        };
        let device = Device::flex().autodiff();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let inputs = Inputs { scales: scales(rows), weights };
        let config = ExpressionHeadConfig { input: inputs.scales.len(), classes: CLASSES };
        let head = config.init_drawn(&mut || unit(&mut random), &device);
        let optimiser = Adam::new(BETAS[0], BETAS[1], 0.0);
        Some(Self { head, inputs, rows, labels, training, optimiser, random, device, steps: 0 })
    }

    pub fn is_done(&self) -> bool {
        self.steps >= self.training.steps
    }

    /// One more step, on faces drawn evenly.
    pub fn step(&mut self) {
        let drawn: Vec<usize> = (0..self.training.batch).map(|_| below(&mut self.random, self.labels.len())).collect();
        let rows = self.rows;
        let batch: Vec<&[f32]> = drawn.iter().map(|&i| rows[i].as_ref()).collect();
        let targets: Vec<Expression> = drawn.iter().map(|&i| self.labels[i]).collect();
        let loss = self.loss(&batch, &targets);
        let gradients = gradients_of(NAME, &self.head, &mut loss.backward());
        let rate = self.training.rate * (1.0 - self.steps as f64 / self.training.steps as f64);
        self.optimiser.begin();
        self.head = self.optimiser.step(NAME, rate, self.head.clone(), gradients);
        self.steps += 1;
    }

    /// The network as it is now.
    pub fn reader(&self) -> Reader {
        Reader { heads: vec![self.head.valid()], inputs: self.inputs.clone() }
    }

    /// What the network gets wrong of a batch.
    fn loss(&mut self, batch: &[&[f32]], targets: &[Expression]) -> Tensor<1> {
        let n = targets.len();
        let mut rows = self.inputs.scaled(batch);
        if self.training.jitter > 0.0 {
            for number in &mut rows {
                let noise: f32 = StandardNormal.sample(&mut self.random);
                *number += self.training.jitter * noise;
            }
        }
        let masks = [mask(n, &mut self.random, &self.device), mask(n, &mut self.random, &self.device)];
        let logits = self.head.forward_dropped(self.inputs.tensor(rows, &self.device), masks);
        let targets: Vec<i64> = targets.iter().map(|class| class.index() as i64).collect();
        let weights = self.inputs.weights;
        let absent = weights.map(|weight| weight == 0.0).to_vec();
        cross_entropy(
            logits,
            Tensor::from_data(TensorData::new(targets, [n]), &self.device),
            Tensor::from_data(TensorData::new(weights.to_vec(), [CLASSES]), &self.device),
            Tensor::from_data(TensorData::new(absent, [CLASSES]), &self.device),
        )
    }
}

impl Inputs {
    /// From the metadata of a stored network; none where they are not there.
    fn of_file(bytes: &[u8]) -> Option<Self> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
        let metadata = metadata.metadata().as_ref()?;
        let scales = numbers(metadata.get(SCALES)?)?;
        let (scales, rest) = scales.as_chunks::<2>();
        let weights: [f32; CLASSES] = numbers(metadata.get(WEIGHTS)?)?.try_into().ok()?;
        (rest.is_empty() && !scales.is_empty()).then(|| Self { scales: scales.to_vec(), weights })
    }

    /// The logits of a network for each row.
    fn read<R: AsRef<[f32]>>(&self, head: &ExpressionHead, rows: &[R]) -> Result<Vec<[f32; CLASSES]>, NnError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let device = Device::flex();
        let logits = head.forward(self.tensor(self.scaled(rows), &device)) + self.absent(&device);
        let numbers = logits.try_into_vec_as::<f32>().map_err(|error| NnError::Device { reason: error.to_string() })?;
        Ok(numbers.as_chunks::<CLASSES>().0.to_vec())
    }

    /// Rows with each number at mean zero and variance one, one after the other.
    fn scaled<R: AsRef<[f32]>>(&self, rows: &[R]) -> Vec<f32> {
        let scaled = |row: &R| -> Vec<f32> {
            row.as_ref().iter().zip(&self.scales).map(|(number, [mean, scale])| (number - mean) * scale).collect()
        };
        rows.iter().flat_map(scaled).collect()
    }

    /// Scaled rows as a tensor: `[rows, numbers]`.
    fn tensor(&self, rows: Vec<f32>, device: &Device) -> Tensor<2> {
        let width = self.scales.len();
        let height = rows.len() / width;
        Tensor::from_data(TensorData::new(rows, [height, width]), device)
    }

    /// What takes untrained classes out of a softmax: `[1, 8]`.
    fn absent(&self, device: &Device) -> Tensor<2> {
        let row = self.weights.map(|weight| if weight > 0.0 { 0.0f32 } else { ABSENT });
        Tensor::from_data(TensorData::new(row.to_vec(), [1, CLASSES]), device)
    }
}

/// The probabilities that logits stand for: 0 for classes that were not trained, above 0 for all others.
pub fn softmax(logits: [f32; CLASSES]) -> [f32; CLASSES] {
    let peak = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights = logits.map(|logit| (logit - peak).exp());
    let total: f32 = weights.iter().sum();
    // Trained logits never come near half of what takes a class out.
    std::array::from_fn(|class| match weights[class] / total {
        chance if logits[class] > 0.5 * ABSENT => chance.max(LEAST),
        chance => chance,
    })
}

/// Mean and inverse spread of each number; a number that never changes keeps its scale.
fn scales<R: AsRef<[f32]>>(rows: &[R]) -> Vec<[f32; 2]> {
    let count = rows.len() as f32;
    let width = rows.first().map_or(0, |row| row.as_ref().len());
    let column = |place: usize| {
        let mean = rows.iter().map(|row| row.as_ref()[place]).sum::<f32>() / count;
        let variance = rows.iter().map(|row| (row.as_ref()[place] - mean).powi(2)).sum::<f32>() / count;
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

/// Numbers as text from which they come back to the bit.
fn listed(numbers: &[f32]) -> String {
    numbers.iter().map(f32::to_string).collect::<Vec<_>>().join(" ")
}

fn numbers(text: &str) -> Option<Vec<f32>> {
    text.split(' ').map(|number| number.parse().ok()).collect()
}
