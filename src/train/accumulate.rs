//! A step in several smaller batches whose gradients are added (`batch.accumulate`). Batch norms and triplets see the
//! smaller ones; with one part a step is what it is without.

use super::adam::{NamedGradients, added, scaled};
use super::learner::Losses;

/// Gradients and losses of a step: the means over its parts.
pub struct Accumulated {
    parts: usize,
    gradients: NamedGradients,
    /// By name, with the number of parts that had it.
    losses: Vec<(&'static str, burn::tensor::Tensor<1>, usize)>,
}

impl Accumulated {
    /// Of a step in so many parts.
    pub fn new(parts: usize) -> Self {
        Accumulated { parts: parts.max(1), gradients: NamedGradients::new(), losses: Vec::new() }
    }

    pub fn add(&mut self, gradients: NamedGradients, losses: Losses) {
        let gradients = if self.parts == 1 { gradients } else { scaled(gradients, 1.0 / self.parts as f32) };
        self.gradients = added(std::mem::take(&mut self.gradients), gradients);
        for (name, value) in losses {
            match self.losses.iter().position(|(known, ..)| *known == name) {
                Some(place) => {
                    let (_, sum, count) = self.losses.swap_remove(place);
                    self.losses.push((name, sum + value, count + 1));
                }
                None => self.losses.push((name, value, 1)),
            }
        }
    }

    /// The gradients of the network with this prefix.
    pub fn of(&mut self, prefix: &str) -> NamedGradients {
        let own = |name: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'));
        let (own, rest) = std::mem::take(&mut self.gradients).into_iter().partition(|(name, _)| own(name));
        self.gradients = rest;
        own
    }

    pub fn losses(self) -> Losses {
        self.losses.into_iter().map(|(name, sum, count)| (name, sum.div_scalar(count as f64))).collect()
    }
}

/// In how many parts `n` rows pass.
pub fn parts(accumulate: usize, n: usize) -> usize {
    // A batch norm needs two rows.
    accumulate.clamp(1, (n / 2).max(1))
}

/// The rows of each part.
pub fn spans(n: usize, parts: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..parts).map(move |part| n * part / parts..n * (part + 1) / parts)
}
