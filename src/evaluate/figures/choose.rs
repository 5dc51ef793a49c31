//! Which faces a figure shows: drawn by the seed, of different people where there are such, and for some figures far
//! from each other in a part of the code.

use std::collections::HashSet;

use crate::train::random::{Permutation, rng_for};

/// All of `0..count` in an order that is drawn by the seed, another for each purpose.
pub fn drawn(count: usize, seed: u64, purpose: &str) -> Vec<usize> {
    Permutation::new(count, &mut rng_for(seed, 0, purpose)).iter().collect()
}

/// The first `count` of the faces in `order`, each of another person as long as there are such; then others in turn.
/// `people` has a number for each face, the same for faces of one person.
pub fn of_different_people(order: &[usize], people: &[usize], count: usize) -> Vec<usize> {
    let mut seen = HashSet::new();
    let (first, further): (Vec<usize>, Vec<usize>) = order.iter().partition(|&&face| seen.insert(people[face]));
    first.into_iter().chain(further).take(count).collect()
}

/// `count` of the candidates that are far from each other: the first, and each next one the candidate whose nearest
/// among those already chosen is farthest; of equal ones the first.
pub fn far_apart(candidates: &[usize], count: usize, distance: impl Fn(usize, usize) -> f32) -> Vec<usize> {
    let mut left = candidates.to_vec();
    let mut chosen: Vec<usize> = Vec::with_capacity(count);
    while chosen.len() < count && !left.is_empty() {
        let nearest =
            |place: usize| chosen.iter().map(|&other| distance(left[place], other)).fold(f32::INFINITY, f32::min);
        // Backwards, since of equal ones the last is taken.
        let next = (0..left.len()).rev().max_by(|&a, &b| nearest(a).total_cmp(&nearest(b)));
        chosen.extend(next.map(|place| left.remove(place)));
    }
    chosen
}
