//! The exact search: every code is compared. A search reads the parts that count once, in order, on all cores; it is as
//! fast as they come from memory.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::codes::{Codes, cosine, pose_likeness};
use super::query::Target;
use crate::face::{Part, UnitPart};

/// Faces that are scored at a time: their scores stay in the nearest cache, and a part of them is read in one go.
const BLOCK: usize = 1024;
/// Blocks that a thread takes at the least.
const FEWEST_BLOCKS: usize = 8;

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Where it stands in the codes.
    pub place: usize,
    /// -1 to 1, but for poses that are far apart.
    pub score: f32,
}

/// The `k` faces with the highest scores, best first, of equal ones the first. Only faces that are selected take part
/// where a selection is given, which goes by the places of the codes.
pub fn top(codes: &Codes, target: &Target, selection: Option<&[bool]>, k: usize) -> Vec<Hit> {
    if k == 0 {
        return Vec::new();
    }
    let scan = |mut best: Best, block: usize| {
        let from = block * BLOCK;
        let places = from..(from + BLOCK).min(codes.len());
        // Beyond the end of a selection nothing is selected.
        let selected = selection.map(|all| all.get(from..places.end.min(all.len())).unwrap_or_default());
        if selected.is_none_or(|selected| selected.contains(&true)) {
            let mut scores = [0.0; BLOCK];
            let scores = &mut scores[..places.len()];
            score(codes, target, from, scores);
            best.take(from, scores, selected);
        }
        best
    };
    let blocks = (0..codes.len().div_ceil(BLOCK)).into_par_iter().with_min_len(FEWEST_BLOCKS);
    blocks.fold(|| Best::new(k), scan).reduce(|| Best::new(k), Best::merged).sorted()
}

/// The score of every face, in order.
pub fn scores(codes: &Codes, target: &Target) -> Vec<f32> {
    let mut all = vec![0.0; codes.len()];
    all.par_chunks_mut(BLOCK).enumerate().for_each(|(block, scores)| score(codes, target, block * BLOCK, scores));
    all
}

/// The scores of the faces from `from` on, part by part; parts that count nothing are not read. `scores` are zeros.
fn score(codes: &Codes, target: &Target, from: usize, scores: &mut [f32]) {
    let places = from..from + scores.len();
    let share = target.shares[Part::Pose as usize];
    if share != 0.0 {
        for (score, pose) in scores.iter_mut().zip(&codes.pose()[places.clone()]) {
            *score += share * pose_likeness(pose, &target.pose);
        }
    }
    for unit in UnitPart::ALL {
        let share = target.share(unit);
        if share != 0.0 {
            let wanted = target.units[unit as usize].map(|number| share * number);
            for (score, direction) in scores.iter_mut().zip(&codes.unit(unit)[places.clone()]) {
                *score += cosine(direction, &wanted);
            }
        }
    }
}

/// The best hits so far, `limit` at most; the worst of them is at hand.
struct Best {
    limit: usize,
    heap: BinaryHeap<Ranked>,
    /// What a score must reach to matter.
    bar: f32,
}

impl Best {
    fn new(limit: usize) -> Self {
        Best { limit, heap: BinaryHeap::new(), bar: f32::NEG_INFINITY }
    }

    fn take(&mut self, from: usize, scores: &[f32], selected: Option<&[bool]>) {
        for (i, &score) in scores.iter().enumerate() {
            // Few pass the bar, so what is selected is looked up for those alone.
            if score >= self.bar && selected.is_none_or(|selected| selected.get(i) == Some(&true)) {
                self.offer(Ranked(Hit { place: from + i, score }));
            }
        }
    }

    fn offer(&mut self, hit: Ranked) {
        if self.heap.len() < self.limit {
            self.heap.push(hit);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && hit < *worst
        {
            *worst = hit;
        }
        if self.heap.len() == self.limit {
            self.bar = self.heap.peek().map_or(f32::NEG_INFINITY, |worst| worst.0.score);
        }
    }

    fn merged(mut self, other: Best) -> Best {
        other.heap.into_iter().for_each(|hit| self.offer(hit));
        self
    }

    fn sorted(self) -> Vec<Hit> {
        self.heap.into_sorted_vec().into_iter().map(|ranked| ranked.0).collect()
    }
}

/// A hit among others: the better one comes first, of equal ones that with the smaller place.
struct Ranked(Hit);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.score.total_cmp(&self.0.score).then(self.0.place.cmp(&other.0.place))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}
