//! Whether two pictures show one person, by the Euclidean distance of parts of their codes (Table 2 of the paper). The
//! threshold for the pairs of a fold comes from the other folds.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Subset;
use super::auc;
use super::bootstrap::{self, Measured};
use super::pairs::NamedPair;
use crate::face::Part;
use crate::nn::Code;

/// What the paper's table reads; the part that should know, and all the others, come first.
pub const SUBSETS: [Subset; 5] = [
    Subset::Only(Part::Identity),
    Subset::Without(Part::Identity),
    Subset::Only(Part::Pose),
    Subset::Only(Part::Expression),
    Subset::Only(Part::Style),
];
/// Blocks that a single fold is cut into, so that a threshold can come from the others.
pub const BLOCKS: usize = 10;
/// With fewer pairs an accuracy says little.
pub const FEW: usize = 20;
/// Missing pictures that are named.
const NAMED: usize = 3;

/// Two codes by their numbers, and whether they are of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub a: usize,
    pub b: usize,
    pub same: bool,
    pub fold: usize,
}

/// The pairs of a list whose pictures there are, and what is to be said of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    pub pairs: Vec<Pair>,
    pub remarks: Vec<String>,
}

/// Finds the pictures of a list by their names; `place` gives the number of a picture's code. Where more than half of
/// the pairs are of one fold, the thresholds would come from few or none: all pairs are then cut into ten blocks with
/// about as many of either kind in each.
pub fn placed(listed: &[NamedPair], place: impl Fn(&str) -> Option<usize>) -> Placed {
    let mut missing = BTreeSet::new();
    let mut pairs = Vec::with_capacity(listed.len());
    for pair in listed {
        match (place(&pair.a), place(&pair.b)) {
            (Some(a), Some(b)) => pairs.push(Pair { a, b, same: pair.same, fold: pair.fold }),
            (a, b) => {
                let absent = [(a, &pair.a), (b, &pair.b)].into_iter().filter(|(place, _)| place.is_none());
                missing.extend(absent.map(|(_, name)| name.as_str()));
            }
        }
    }
    let mut remarks = Vec::new();
    if pairs.len() < listed.len() {
        remarks.push(format!(
            "Of the {} pairs {} name a picture that is not in these shards ({}); give the shards that have them",
            listed.len(),
            listed.len() - pairs.len(),
            some_of(&missing)
        ));
    }
    let blocks = if is_one_fold(&pairs) { cut(&mut pairs) } else { 0 };
    if blocks > 1 {
        remarks.push(format!(
            "Most of the pairs are of a single fold; all were cut into {blocks} blocks with about as many of either kind, \
             and the threshold for each comes from the others"
        ));
    }
    if (1..FEW).contains(&pairs.len()) {
        remarks.push(format!(
            "Only {} pairs are left, fewer than {FEW}, so accuracies say little; give the shards of more of them",
            pairs.len()
        ));
    }
    Placed { pairs, remarks }
}

/// The first of several names, and how many more there are.
fn some_of(names: &BTreeSet<&str>) -> String {
    let first = names.iter().take(NAMED).copied().collect::<Vec<&str>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        1 => format!("{first} and 1 more"),
        more => format!("{first} and {more} more"),
    }
}

fn is_one_fold(pairs: &[Pair]) -> bool {
    let folds: BTreeSet<usize> = pairs.iter().map(|pair| pair.fold).collect();
    let largest = folds.iter().map(|fold| pairs.iter().filter(|pair| pair.fold == *fold).count()).max();
    largest.is_some_and(|largest| 2 * largest > pairs.len() && pairs.len() > 1)
}

/// Cuts pairs into blocks; how many.
fn cut(pairs: &mut [Pair]) -> usize {
    for kind in [true, false] {
        let of_kind = pairs.iter().filter(|pair| pair.same == kind).count();
        // As the list has them, so that pairs of one person stay together.
        for (number, pair) in pairs.iter_mut().filter(|pair| pair.same == kind).enumerate() {
            pair.fold = number * BLOCKS / of_kind;
        }
    }
    pairs.iter().map(|pair| pair.fold).collect::<BTreeSet<usize>>().len()
}

/// Why [`verify`] gives nothing for these pairs.
pub fn why_not(pairs: &[Pair]) -> &'static str {
    if pairs.is_empty() {
        "None of the pairs has both of its pictures in these shards; give the shards that have them"
    } else if pairs.iter().all(|pair| pair.same == pairs[0].same) {
        "All pairs that are left are of one kind; give the shards of pairs of one person and of two"
    } else {
        "Too few pairs are left to take a threshold from others; give the shards of more of them"
    }
}

/// How well parts of the code tell people apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// In the order of [`SUBSETS`].
    pub parts: Vec<Verified>,
    /// How much more accurate `f_id` is than all but it.
    pub gap: Measured,
}

/// How well a part of the code tells people apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    pub reads: String,
    /// Share of the pairs that are judged rightly; `n` is the number of pairs.
    pub accuracy: Measured,
    /// How often two pictures of one person are nearer to each other than two of two people; no threshold is needed.
    pub auc: Measured,
}

/// The accuracy of every part, with intervals over pairs; none where the pairs lie in fewer than two folds or are of one
/// kind ([`why_not`]).
pub fn verify(codes: &[Code], pairs: &[Pair], seed: u64) -> Option<Verification> {
    let same: Vec<bool> = pairs.iter().map(|pair| pair.same).collect();
    let (mut parts, mut right) = (Vec::new(), Vec::new());
    for subset in SUBSETS {
        let distance = |pair: &Pair| euclidean(&subset.of(&codes[pair.a]), &subset.of(&codes[pair.b]));
        let distances: Vec<f32> = pairs.iter().map(distance).collect();
        let hits: Vec<f64> = hits(&distances, pairs)?.into_iter().map(|hit| f64::from(u8::from(hit))).collect();
        let nearness: Vec<f32> = distances.iter().map(|distance| -distance).collect();
        parts.push(Verified {
            reads: subset.name().to_owned(),
            accuracy: bootstrap::mean(&hits, seed)?,
            auc: auc::measured(&nearness, &same, seed)?,
        });
        right.push(hits);
    }
    let gaps: Vec<f64> = right[0].iter().zip(&right[1]).map(|(own, rest)| own - rest).collect();
    Some(Verification { parts, gap: bootstrap::mean(&gaps, seed)? })
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

/// The distance up to which pairs are called the same, so that most are judged rightly, from below all distances up to
/// the largest; half-way between two distances, and the smallest of several that are as good.
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
