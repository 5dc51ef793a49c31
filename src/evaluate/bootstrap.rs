//! How sure a figure is: its 95 % interval over samples drawn again from the same items, seeded.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

/// Samples drawn again.
pub const RESAMPLES: usize = 1000;
/// What the interval leaves out at each end.
const TAIL: f64 = 0.025;

/// Where a figure lies in 95 of 100 samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// A figure, over how many items, and its interval where one can be had.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    pub value: f64,
    pub interval: Option<Interval>,
    pub n: usize,
}

/// The percentile interval of a figure of `n` items. `statistic` gets how often each item is in a sample (its `n`
/// counts add up to `n`) and may give none where the sample does not allow the figure; the interval is none where
/// fewer than half of the samples do.
pub fn interval(n: usize, seed: u64, mut statistic: impl FnMut(&[u32]) -> Option<f64>) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut counts = vec![0; n];
    let mut values = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        counts.fill(0);
        for _ in 0..n {
            counts[below(&mut random, n)] += 1;
        }
        values.extend(statistic(&counts).filter(|value| value.is_finite()));
    }
    if values.len() < RESAMPLES / 2 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some(Interval { low: quantile(&values, TAIL), high: quantile(&values, 1.0 - TAIL) })
}

/// A figure of `n` items with its interval; none where the items as they are do not allow it.
pub fn measure(n: usize, seed: u64, mut statistic: impl FnMut(&[u32]) -> Option<f64>) -> Option<Measured> {
    let value = statistic(&vec![1; n]).filter(|value| value.is_finite())?;
    Some(Measured { value, interval: interval(n, seed, statistic), n })
}

/// The mean of values with its interval; none of no values.
pub fn mean(values: &[f64], seed: u64) -> Option<Measured> {
    measure(values.len(), seed, |counts| weighted_mean(values, counts))
}

/// The mean of values that count so often each.
pub(super) fn weighted_mean(values: &[f64], counts: &[u32]) -> Option<f64> {
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let sum: f64 = values.iter().zip(counts).map(|(value, &count)| value * f64::from(count)).sum();
    (total > 0.0).then(|| sum / total)
}

/// The value below which this share of sorted values lies, between neighbours on a straight line.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let low = sorted[at.floor() as usize];
    low + (sorted[at.ceil() as usize] - low) * at.fract()
}

/// A whole number in `0..n`, each as likely as the others but for one part in 2^64 / n.
pub(super) fn below(random: &mut impl Rng, n: usize) -> usize {
    ((u128::from(random.next_u64()) * n as u128) >> 64) as usize
}
