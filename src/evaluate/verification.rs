//! Whether two pictures show one person, by the Euclidean distance of parts of their codes (Table 2 of the paper). The
//! threshold for the pairs of a fold comes from the other folds.

use serde::{Deserialize, Serialize};

use super::Subset;
use super::bootstrap::{self, Measured};
use crate::face::Part;
use crate::nn::Code;

/// What the paper's table reads.
pub const SUBSETS: [Subset; 5] = [
    Subset::Only(Part::Identity),
    Subset::Without(Part::Identity),
    Subset::Only(Part::Pose),
    Subset::Only(Part::Expression),
    Subset::Only(Part::Style),
];

/// Two codes by their numbers, and whether they are of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub a: usize,
    pub b: usize,
    pub same: bool,
    pub fold: usize,
}

/// How well a part of the code tells people apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    pub reads: String,
    /// Share of the pairs that are judged rightly; `n` is the number of pairs.
    pub accuracy: Measured,
}

/// The accuracy of every part; none where the pairs lie in fewer than two folds.
pub fn verify(codes: &[Code], pairs: &[Pair], seed: u64) -> Option<Vec<Verified>> {
    let one = |subset: Subset| {
        let distance = |pair: &Pair| euclidean(&subset.of(&codes[pair.a]), &subset.of(&codes[pair.b]));
        let distances: Vec<f32> = pairs.iter().map(distance).collect();
        let hits = hits(&distances, pairs)?;
        let accuracy = bootstrap::mean(&hits.iter().map(|&hit| f64::from(u8::from(hit))).collect::<Vec<_>>(), seed)?;
        Some(Verified { reads: subset.name().to_owned(), accuracy })
    };
    SUBSETS.into_iter().map(one).collect()
}

/// Which pairs are judged rightly by their distances, each with the threshold that judges best in the other folds;
/// none where there are fewer than two folds.
pub fn hits(distances: &[f32], pairs: &[Pair]) -> Option<Vec<bool>> {
    let first = pairs.first()?.fold;
    if pairs.iter().all(|pair| pair.fold == first) {
        return None;
    }
    let last = pairs.iter().map(|pair| pair.fold).max().unwrap_or(first);
    let thresholds: Vec<f32> = (0..=last)
        .map(|fold| {
            let others = pairs.iter().zip(distances).filter(|(pair, _)| pair.fold != fold);
            best_threshold(others.map(|(pair, &distance)| (distance, pair.same)).collect())
        })
        .collect();
    Some(pairs.iter().zip(distances).map(|(pair, &d)| (d <= thresholds[pair.fold]) == pair.same).collect())
}

/// The distance up to which pairs are called the same, so that most are judged rightly; half-way between two
/// distances, and the smallest of several that are as good.
pub fn best_threshold(mut labelled: Vec<(f32, bool)>) -> f32 {
    labelled.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Below all distances nothing is the same: all pairs of two people are right.
    let mut right = labelled.iter().filter(|(_, same)| !same).count() as i64;
    let (mut most, mut best) = (right, f32::NEG_INFINITY);
    for (i, &(distance, same)) in labelled.iter().enumerate() {
        right += if same { 1 } else { -1 };
        let next = labelled.get(i + 1).map(|&(next, _)| next);
        // A threshold cannot part equal distances.
        if right > most && next != Some(distance) {
            most = right;
            best = next.map_or(distance, |next| distance + (next - distance) / 2.0);
        }
    }
    best
}

/// The length of the difference.
pub(super) fn euclidean(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
}
