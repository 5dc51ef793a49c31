//! Whether somebody else's recogniser takes a picture and its reconstruction for the same person. Biased where that
//! recogniser also taught the model.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Measured, quantile};
use super::verification::euclidean;
use crate::nn::NnError;
use crate::nn::recogniser::{Recogniser, SAME_PERSON};

/// How much of the person is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Share of the pairs of pictures whose descriptors are nearer than 0.6.
    pub same_person: Measured,
    /// Median distance of the descriptors.
    pub distance: Measured,
}

/// Distances of the recogniser's descriptors between pictures and as many others, one by one.
///
/// # Errors
/// As [`Recogniser::describe`].
pub fn distances(recogniser: &Recogniser, a: &[&RgbImage], b: &[&RgbImage]) -> Result<Vec<f32>, NnError> {
    let (a, b) = (recogniser.describe(a)?, recogniser.describe(b)?);
    Ok(a.iter().zip(&b).map(|(a, b)| euclidean(a, b)).collect())
}

/// What distances say; none of no distances.
pub fn kept(distances: &[f32], seed: u64) -> Option<Kept> {
    let same: Vec<f64> = distances.iter().map(|&distance| f64::from(u8::from(distance < SAME_PERSON))).collect();
    let mut order: Vec<usize> = (0..distances.len()).collect();
    order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    let median = |counts: &[u32]| {
        let drawn = order.iter().flat_map(|&i| (0..counts[i]).map(move |_| i));
        let sorted: Vec<f64> = drawn.map(|i| f64::from(distances[i])).collect();
        (!sorted.is_empty()).then(|| quantile(&sorted, 0.5))
    };
    Some(Kept {
        same_person: bootstrap::mean(&same, seed)?,
        distance: bootstrap::measure(distances.len(), seed, median)?,
    })
}
