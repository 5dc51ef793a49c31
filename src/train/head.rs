//! The expression head, trained on codes that stand still (section 3 of the method).

use burn::module::Module;
use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use rand_chacha::rand_core::Rng;

use super::adam::{Adam, gradients_of};
use super::random::rng_for;
use super::samplers::shuffled;
use crate::face::Expression;
use crate::nn::losses::classification::{counts, cross_entropy, inverse_frequency};
use crate::nn::{ExpressionHead, ExpressionHeadConfig};

const RATE: f64 = 1e-3;
const BATCH: usize = 128;
const CLASSES: usize = Expression::ALL.len();

/// Trains a head on codes of `input` numbers, row by row in `codes`, with a label each; classes without a code are
/// masked out. The head comes back on the plain device. Deterministic on the CPU.
///
/// # Panics
/// Where `codes` does not hold `input` numbers for each label.
pub fn train(
    input: usize,
    codes: &[f32],
    labels: &[Expression],
    steps: u64,
    seed: u64,
    device: &Device,
) -> ExpressionHead {
    assert_eq!(codes.len(), input * labels.len(), "each label has its code");
    let device = device.clone().without_autodiff().autodiff();
    device.seed(seed);
    let mut head = ExpressionHeadConfig { input, classes: CLASSES }.init(&device);
    let counts = counts(labels);
    let weights = Tensor::<1>::from_data(TensorData::new(inverse_frequency(&counts).to_vec(), [CLASSES]), &device);
    let absent = counts.map(|count| count == 0).to_vec();
    let absent = Tensor::<1, Bool>::from_data(TensorData::new(absent, [CLASSES]), &device);
    let mut adam = Adam::new(0.9, 0.999, 0.0);
    for step in 0..if labels.is_empty() { 0 } else { steps } {
        let rows = shuffled(labels.len(), seed, step, BATCH);
        let batch: Vec<f32> = rows.iter().flat_map(|&row| codes[row * input..][..input].iter().copied()).collect();
        let classes: Vec<i64> = rows.iter().map(|&row| labels[row].index() as i64).collect();
        let batch = Tensor::<2>::from_data(TensorData::new(batch, [rows.len(), input]), &device);
        let classes = Tensor::<1, Int>::from_data(TensorData::new(classes, [rows.len()]), &device);
        // Dropout draws from the device.
        device.seed(rng_for(seed, step, "head").next_u64());
        let loss = cross_entropy(head.forward(batch), classes, weights.clone(), absent.clone());
        let mut gradients = loss.backward();
        let named = gradients_of("head", &head, &mut gradients);
        adam.begin();
        head = adam.step("head", RATE, head, named);
    }
    head.valid()
}
