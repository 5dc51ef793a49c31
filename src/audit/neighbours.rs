//! The labels of the faces that are most alike in `f_e`, a second opinion that nothing is trained for. Pictures of the
//! same person have no voice: they may be frames of one clip, wrong in the same way.

use rayon::prelude::*;

use super::readings::{Chances, Labelled};
use crate::evaluate::spread::places;
use crate::face::{Expression, PART_DIM};
use crate::gallery::codes::cosine;

/// Faces that have a voice on each.
pub const NEIGHBOURS: usize = 20;
/// Of more labelled faces than these, as many, evenly spread over all, may be neighbours: they say as much, and the time
/// grows with the faces alone and not with their square.
const VOTERS: usize = 100_000;
/// Faces compared at once.
const TILE: usize = 16;
/// Faces that one core compares with a tile while that is in the nearest cache.
const SHARE: usize = 32;
/// Faces between two questions whether to go on.
const BATCH: usize = 2048;

/// A labelled face near another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Which of the labelled faces it is: its place among the labels, not in the codes.
    pub at: usize,
    /// Cosine of the two `f_e`, -1 to 1.
    pub likeness: f32,
}

/// For each face the shares of the classes among the labels of its [`NEIGHBOURS`] nearest faces of other people, and one
/// more voice that is shared out as the classes are among all faces, so that few voices do not speak too loudly. Shares
/// add up to 1. `watch` gets the share that is done, 0 to 1, and says whether to go on; None where it said no.
pub fn vote(labelled: &Labelled, watch: &mut dyn FnMut(f32) -> bool) -> Option<Vec<Chances>> {
    let expressions = labelled.expressions();
    let voters = Voters::among(labelled, &expressions);
    let mut common = Chances::default();
    labelled.given.iter().for_each(|class| common[class.index()] += 1.0 / labelled.len() as f32);
    let mut votes = Vec::with_capacity(labelled.len());
    for (batch, groups) in expressions.chunks(BATCH).zip(labelled.groups.chunks(BATCH)) {
        if !watch(votes.len() as f32 / labelled.len() as f32) {
            return None;
        }
        let shares = batch.par_chunks(SHARE).zip(groups.par_chunks(SHARE));
        let nearest: Vec<Nearest> = shares.flat_map_iter(|(faces, groups)| voters.nearest(faces, groups)).collect();
        votes.extend(nearest.into_iter().map(|nearest| nearest.shares(labelled.given, &common)));
    }
    Some(votes)
}

/// The `k` labelled faces of other people that are most like the labelled face at `at`, the nearest first, of equal ones
/// the first.
pub fn nearest(labelled: &Labelled, at: usize, k: usize) -> Vec<Near> {
    let expressions = labelled.expressions();
    let others = (0..labelled.len()).filter(|&other| labelled.groups[other] != labelled.groups[at]);
    let like = |other: usize| Near { at: other, likeness: cosine(expressions[other], expressions[at]) };
    let mut all: Vec<Near> = others.map(like).collect();
    let order = |a: &Near, b: &Near| b.likeness.total_cmp(&a.likeness).then(a.at.cmp(&b.at));
    if k < all.len() {
        all.select_nth_unstable_by(k, order);
        all.truncate(k);
    }
    all.sort_by(order);
    all
}

/// Faces whose labels count, sixteen at a time, the same number of each side by side.
struct Voters {
    tiles: Vec<Tile>,
}

struct Tile {
    numbers: [[f32; TILE]; PART_DIM],
    /// Which labelled face each is, and whose; of the last tile some may be free.
    faces: Vec<(usize, usize)>,
}

impl Voters {
    fn among(labelled: &Labelled, expressions: &[&[f32; PART_DIM]]) -> Self {
        let chosen = places(labelled.len(), VOTERS);
        let tile = |faces: &[usize]| {
            let mut numbers = [[0.0; TILE]; PART_DIM];
            for (lane, &face) in faces.iter().enumerate() {
                numbers.iter_mut().zip(expressions[face]).for_each(|(row, number)| row[lane] = *number);
            }
            Tile { numbers, faces: faces.iter().map(|&face| (face, labelled.groups[face])).collect() }
        };
        Voters { tiles: chosen.chunks(TILE).map(tile).collect() }
    }

    /// The nearest voters to each of some faces.
    fn nearest(&self, faces: &[&[f32; PART_DIM]], groups: &[usize]) -> Vec<Nearest> {
        let mut nearest: Vec<Nearest> = faces.iter().map(|_| Nearest::default()).collect();
        for tile in &self.tiles {
            for ((nearest, face), own) in nearest.iter_mut().zip(faces).zip(groups) {
                let cosines = tile.cosines(face);
                // All at once: that one of them is nearer is rare.
                if cosines.iter().fold(false, |any, cosine| any | (*cosine > nearest.bar)) {
                    for (likeness, (at, group)) in cosines.into_iter().zip(&tile.faces) {
                        if likeness > nearest.bar && group != own {
                            nearest.take(Near { at: *at, likeness });
                        }
                    }
                }
            }
        }
        nearest
    }
}

impl Tile {
    fn cosines(&self, wanted: &[f32; PART_DIM]) -> [f32; TILE] {
        let mut sums = [0.0; TILE];
        for (row, number) in self.numbers.iter().zip(wanted) {
            sums.iter_mut().zip(row).for_each(|(sum, other)| *sum += other * number);
        }
        sums
    }
}

/// The nearest faces so far, the nearest first; [`NEIGHBOURS`] at most.
struct Nearest {
    faces: Vec<Near>,
    /// What a face must be above to be among them.
    bar: f32,
}

impl Default for Nearest {
    fn default() -> Self {
        Nearest { faces: Vec::with_capacity(NEIGHBOURS + 1), bar: f32::NEG_INFINITY }
    }
}

impl Nearest {
    fn take(&mut self, face: Near) {
        // Behind those that are as near and came before.
        let place = self.faces.partition_point(|known| known.likeness >= face.likeness);
        self.faces.insert(place, face);
        self.faces.truncate(NEIGHBOURS);
        if let [.., last] = &self.faces[..]
            && self.faces.len() == NEIGHBOURS
        {
            self.bar = last.likeness;
        }
    }

    /// What its faces say, and one more voice that says what is common.
    fn shares(&self, given: &[Expression], common: &Chances) -> Chances {
        let mut voices = *common;
        self.faces.iter().for_each(|near| voices[given[near.at].index()] += 1.0);
        voices.map(|voice| voice / (self.faces.len() + 1) as f32)
    }
}
