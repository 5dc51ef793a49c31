//! Faces that are nearly the same: one picture stored twice, at two sizes, or frames of one burst.
//!
//! All pairs are compared, but most of them never in full. Faces are sorted along the direction in which they differ
//! most, measured in how far duplicates may lie apart, so that a face's duplicates stand within 1 of it; of those the
//! next few such directions leave out nearly all; the rest are compared number by number.

use std::cmp::Reverse;
use std::collections::hash_map::{Entry, HashMap};

use rayon::prelude::*;

use super::codes::{Codes, cosine};
use super::map::{along, principal};
use crate::data::hash::fnv;
use crate::face::UnitPart;

/// Duplicates are as alike as this, by cosine, in each of identity, expression and style.
pub const SAME_COSINE: f32 = 0.985;
/// And none of their three angles differs by more.
pub const SAME_POSE_DEG: f32 = 4.0;
/// Directions taken from each unit part.
const AXES: usize = 2;
/// Directions that leave out pairs, beside the one that faces are sorted along.
const SCREENS: usize = 4;
/// How far apart duplicates lie at most, in the sorted measure; the rest is for rounding.
const REACH: f32 = 1.001;
/// Faces that are screened at a time.
const LANES: usize = 64;
/// Faces whose duplicates are looked for before what was found is put together.
const BATCH: usize = 512;
/// Duplicates of one face that are noted at a time, so that a thousand frames of one scene do not fill the memory.
const MOST: usize = 4096;

/// Groups of faces (places in the codes) of which each is nearly the same as another in the group: the largest group
/// first, in a group by place. None where `stop` said true.
pub fn duplicates(codes: &Codes, stop: &dyn Fn() -> bool) -> Option<Vec<Vec<usize>>> {
    let mut sets = Sets::new(codes.len());
    let distinct = without_copies(codes, &mut sets);
    let sorted = Sorted::new(codes, distinct);
    let mut from = 0;
    while from < sorted.places.len() {
        if stop() {
            return None;
        }
        let to = (from + BATCH).min(sorted.places.len());
        let found: Vec<Vec<usize>> = (from..to).into_par_iter().map(|i| sorted.duplicates_of(i, &sets)).collect();
        for (i, others) in (from..to).zip(&found) {
            others.iter().for_each(|&other| sets.join(sorted.places[i], sorted.places[other]));
        }
        // Once more for a face that had too many: those that it has now are passed over.
        if found.iter().all(|others| others.len() < MOST) {
            from = to;
        }
    }
    Some(sets.groups())
}

/// The places without those whose numbers are the same to the bit as an earlier one's, which are put together at once.
fn without_copies(codes: &Codes, sets: &mut Sets) -> Vec<usize> {
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(codes.len());
    let mut distinct = Vec::with_capacity(codes.len());
    for place in 0..codes.len() {
        let numbers = codes.numbers(place);
        match first.entry(fnv(numbers.iter().flat_map(|number| number.to_bits().to_le_bytes()))) {
            Entry::Occupied(other) if codes.numbers(*other.get()) == numbers => sets.join(*other.get(), place),
            // Two codes may have one hash by chance.
            Entry::Occupied(_) => distinct.push(place),
            Entry::Vacant(free) => {
                free.insert(place);
                distinct.push(place);
            }
        }
    }
    distinct
}

/// Faces in the order of the direction along which they differ most.
struct Sorted<'a> {
    codes: &'a Codes,
    places: Vec<usize>,
    /// Where each lies along it; duplicates are within [`REACH`].
    along: Vec<f32>,
    /// Where each lies along the next few directions, likewise.
    screens: Vec<Vec<f32>>,
}

impl<'a> Sorted<'a> {
    fn new(codes: &'a Codes, mut places: Vec<usize>) -> Self {
        let mut columns = measured(codes);
        // Stable, and there are nine of them.
        columns.sort_by(|a, b| b.variance.total_cmp(&a.variance));
        columns.truncate(1 + SCREENS);
        let screens = columns.split_off(1);
        let first = &columns[0].values;
        places.sort_by(|&a, &b| first[a].total_cmp(&first[b]).then(a.cmp(&b)));
        let in_order = |values: &[f32]| -> Vec<f32> { places.iter().map(|&place| values[place]).collect() };
        let along = in_order(first);
        let screens = screens.iter().map(|column| in_order(&column.values)).collect();
        Sorted { codes, places, along, screens }
    }

    /// The faces after `i` that are nearly the same and not in a group with it yet; [`MOST`] of them at most.
    fn duplicates_of(&self, i: usize, sets: &Sets) -> Vec<usize> {
        let mut found = Vec::new();
        let group = sets.root(self.places[i]);
        let end = i + self.along[i..].partition_point(|at| at - self.along[i] <= REACH);
        for from in (i + 1..end).step_by(LANES) {
            let to = (from + LANES).min(end);
            let kept = self.screened(i, from, to);
            for (j, _) in (from..to).zip(kept).filter(|(_, kept)| *kept) {
                let (a, b) = (self.places[i], self.places[j]);
                if sets.root(b) != group && is_same(self.codes, a, b) {
                    found.push(j);
                    if found.len() == MOST {
                        return found;
                    }
                }
            }
        }
        found
    }

    /// Which of the faces `from..to`, [`LANES`] at most, may be duplicates of `i`.
    fn screened(&self, i: usize, from: usize, to: usize) -> [bool; LANES] {
        let mut kept = [true; LANES];
        for screen in &self.screens {
            let own = screen[i];
            for (kept, other) in kept.iter_mut().zip(&screen[from..to]) {
                *kept &= (other - own).abs() <= REACH;
            }
        }
        kept
    }
}

/// Where all faces lie along a direction, measured so that duplicates lie within 1 of each other.
struct Column {
    values: Vec<f32>,
    variance: f64,
}

impl Column {
    fn of(values: Vec<f32>) -> Self {
        let count = values.len().max(1) as f64;
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
        let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
        Column { values, variance }
    }
}

/// The three angles, and the directions in which each unit part differs most.
fn measured(codes: &Codes) -> Vec<Column> {
    let angle = SAME_POSE_DEG.to_radians();
    let pose = |i: usize| Column::of(codes.pose().iter().map(|pose| pose[i] / angle).collect());
    let mut columns: Vec<Column> = (0..3).map(pose).collect();
    // The chord between unit vectors of that cosine; no direction shows more of it than all of it.
    let chord = (2.0 - 2.0 * SAME_COSINE).sqrt();
    for unit in UnitPart::ALL {
        let rows = codes.unit(unit);
        let found = principal(rows);
        for axis in &found.axes[..AXES] {
            columns.push(Column::of(rows.par_iter().map(|row| along(row, &found.mean, axis) / chord).collect()));
        }
    }
    columns
}

fn is_same(codes: &Codes, a: usize, b: usize) -> bool {
    let angle = SAME_POSE_DEG.to_radians();
    let alike = |unit: UnitPart| cosine(&codes.unit(unit)[a], &codes.unit(unit)[b]) > SAME_COSINE;
    let near = |(a, b): (&f32, &f32)| (a - b).abs() <= angle;
    codes.pose()[a].iter().zip(&codes.pose()[b]).all(near) && UnitPart::ALL.into_iter().all(alike)
}

/// Which faces were put together so far: each knows another one of its group, and the first knows itself.
struct Sets {
    earlier: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Sets { earlier: (0..len).collect() }
    }

    /// The first face of the group.
    fn root(&self, mut place: usize) -> usize {
        while self.earlier[place] != place {
            place = self.earlier[place];
        }
        place
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a_root, b_root) = (self.root(a), self.root(b));
        let root = a_root.min(b_root);
        // Both know the first one from now on, which keeps the ways short.
        for place in [a_root, b_root, a, b] {
            self.earlier[place] = root;
        }
    }

    fn groups(&self) -> Vec<Vec<usize>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.earlier.len()];
        (0..self.earlier.len()).for_each(|place| members[self.root(place)].push(place));
        let mut groups: Vec<Vec<usize>> = members.into_iter().filter(|group| group.len() > 1).collect();
        // Stable: of two that are as large, the one with the earlier first face.
        groups.sort_by_key(|group| Reverse(group.len()));
        groups
    }
}
