//! Cross-entropy of the expression head (section 3 of the method): classes weigh as much as each other, however many
//! pictures they have, and a class without pictures takes no part.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Bool, Int, Tensor};

use crate::face::Expression;

/// A logit that leaves no probability, and stays finite when it is multiplied by a weight of zero.
const NEVER: f64 = -1e9;

/// `-log p(label)`, the weighted mean over the batch.
///
/// `logits`: `[n, c]`; `labels`: `[n]`, each below c; `class_weights`: `[c]`, 0 for absent classes; `absent`: `[c]`,
/// true where a class is taken out of the softmax. Zero where all labels have weight 0.
pub fn cross_entropy(
    logits: Tensor<2>,
    labels: Tensor<1, Int>,
    class_weights: Tensor<1>,
    absent: Tensor<1, Bool>,
) -> Tensor<1> {
    let dims = logits.dims();
    let masked = logits.mask_fill(absent.unsqueeze_dim::<2>(0).expand(dims), NEVER);
    let right = log_softmax(masked, 1).gather(1, labels.clone().unsqueeze_dim::<2>(1)).squeeze_dim::<1>(1);
    let weights = class_weights.select(0, labels);
    (right.neg() * weights.clone()).sum() / weights.sum().clamp_min(1e-6)
}

/// How many faces each expression has.
pub fn counts(labels: &[Expression]) -> [u64; Expression::ALL.len()] {
    let mut counts = [0; Expression::ALL.len()];
    labels.iter().for_each(|label| counts[label.index()] += 1);
    counts
}

/// The weight of each class: inverse to its number of pictures, 1 on the average picture, 0 where there is none.
pub fn inverse_frequency<const C: usize>(counts: &[u64; C]) -> [f32; C] {
    let total: u64 = counts.iter().sum();
    let present = counts.iter().filter(|&&count| count > 0).count();
    counts.map(|count| if count == 0 { 0.0 } else { (total as f64 / (present as f64 * count as f64)) as f32 })
}
