//! Items in folds of about the same size, whole groups together, so that nothing is tested on what it was trained on.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::bootstrap::below;

/// Folds of a cross-validation.
pub const FOLDS: usize = 5;

/// A fold in `0..FOLDS` for each item, equal for items of one group; fewer folds where there are fewer groups, none
/// where there are fewer than two.
pub fn by_group(groups: &[usize], seed: u64) -> Option<Vec<usize>> {
    dealt(groups, FOLDS, seed)
}

/// The same into as many folds as are wanted.
pub fn dealt(groups: &[usize], wanted: usize, seed: u64) -> Option<Vec<usize>> {
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for &group in groups {
        *sizes.entry(group).or_default() += 1;
    }
    if sizes.len() < 2 {
        return None;
    }
    let mut order: Vec<(usize, usize)> = sizes.into_iter().collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for i in (1..order.len()).rev() {
        order.swap(i, below(&mut random, i + 1));
    }
    // Large groups first, each into the emptiest fold.
    order.sort_by_key(|&(_, size)| std::cmp::Reverse(size));
    let mut filled = vec![0; wanted.min(order.len())];
    let mut fold_of = BTreeMap::new();
    for (group, size) in order {
        // There are two folds at least.
        let emptiest = (0..filled.len()).min_by_key(|&fold| filled[fold]).unwrap_or(0);
        filled[emptiest] += size;
        fold_of.insert(group, emptiest);
    }
    Some(groups.iter().map(|group| fold_of[group]).collect())
}

/// The numbers of all items outside a fold, and of those in it.
pub fn split(folds: &[usize], fold: usize) -> (Vec<usize>, Vec<usize>) {
    (0..folds.len()).partition(|&item| folds[item] != fold)
}

/// How many folds there are.
pub fn count(folds: &[usize]) -> usize {
    folds.iter().max().map_or(0, |last| last + 1)
}
