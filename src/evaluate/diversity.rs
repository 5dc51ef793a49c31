//! How different made faces are from each other, beside how different real ones are: the mean distance within random
//! pairs of faces, in pixels or by the recogniser's descriptors. A model that always makes about the same face has a
//! small one, however good that face is.

use image::RgbImage;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Measured, below, weighted_mean};
use super::verification::euclidean;
use crate::nn::quality;

/// As many pictures as a mean distance in pixels takes.
pub const PICTURES: usize = 1000;

/// Mean distances between faces; `n` is the number of pairs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diversity {
    pub made: Measured,
    pub real: Measured,
    /// The made faces' over the real ones'; 1 is as diverse as they are.
    pub ratio: Measured,
}

/// Faces of two people each, by their numbers, at random, each face in one pair at most. `people` has a number for each
/// face, equal for faces of one person.
pub fn pairs(people: &[usize], seed: u64) -> Vec<[usize; 2]> {
    let order = shuffled(people.len(), seed);
    let (pairs, _) = order.as_chunks::<2>();
    pairs.iter().copied().filter(|[a, b]| people[*a] != people[*b]).collect()
}

/// Root of the mean squared difference of the pictures of each pair, in levels of 0..255.
///
/// # Panics
/// Where two pictures differ in size.
pub fn pixels(pictures: &[RgbImage], pairs: &[[usize; 2]]) -> Vec<f64> {
    pairs.par_iter().map(|&[a, b]| quality::rmse(&pictures[a], &pictures[b])).collect()
}

/// Euclidean distance of the descriptors of each pair.
pub fn descriptors<R: AsRef<[f32]>>(descriptors: &[R], pairs: &[[usize; 2]]) -> Vec<f64> {
    pairs.iter().map(|&[a, b]| f64::from(euclidean(descriptors[a].as_ref(), descriptors[b].as_ref()))).collect()
}

/// Distances between made faces beside those between real ones. None where there are none of either.
pub fn compare(made: &[f64], real: &[f64], seed: u64) -> Option<Diversity> {
    let n = made.len().min(real.len());
    // Drawn from both together: how many of either a sample has varies by little.
    let ratio = bootstrap::measure(made.len() + real.len(), seed, |counts| {
        let (of_made, of_real) = counts.split_at(made.len());
        Some(weighted_mean(made, of_made)? / weighted_mean(real, of_real)?)
    })?;
    Some(Diversity {
        made: bootstrap::mean(made, seed)?,
        real: bootstrap::mean(real, seed)?,
        ratio: Measured { n, ..ratio },
    })
}

/// The numbers `0..n` in any order.
pub(super) fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, below(&mut random, i + 1));
    }
    order
}
