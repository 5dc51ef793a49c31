//! How sure a figure is: its 95 % interval over samples drawn again from the same items (the percentile bootstrap),
//! seeded.

use std::collections::BTreeMap;

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

/// How samples are drawn again: a plain seed draws item by item.
#[derive(Clone, Copy, Debug)]
pub struct Draws<'a> {
    seed: u64,
    /// A number for each item, equal for those that are drawn together.
    groups: Option<&'a [usize]>,
}

impl From<u64> for Draws<'_> {
    fn from(seed: u64) -> Self {
        Draws { seed, groups: None }
    }
}

impl<'a> Draws<'a> {
    /// Whole groups at a time, people say: pictures of one person are alike, and drawn one by one they would make a
    /// figure look surer than it is. `groups` has a number for each item; where all items are of one group they are
    /// drawn one by one, and the interval is that of this group alone.
    pub fn by_group(seed: u64, groups: &'a [usize]) -> Self {
        Draws { seed, groups: Some(groups) }
    }

    /// The items of each group; none where items are drawn one by one.
    ///
    /// # Panics
    /// Where the groups are not those of `n` items.
    fn clusters(self, n: usize) -> Option<Vec<Vec<usize>>> {
        let groups = self.groups?;
        assert_eq!(groups.len(), n, "every item is of a group");
        let mut clusters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        groups.iter().enumerate().for_each(|(item, &group)| clusters.entry(group).or_default().push(item));
        (1 < clusters.len() && clusters.len() < n).then(|| clusters.into_values().collect())
    }

    /// How often each of `n` items is in a sample, sample by sample.
    fn each(self, n: usize, mut sample: impl FnMut(&[u32])) {
        let clusters = self.clusters(n);
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut counts = vec![0; n];
        for _ in 0..RESAMPLES {
            counts.fill(0);
            match &clusters {
                None => (0..n).for_each(|_| counts[below(&mut random, n)] += 1),
                Some(clusters) => {
                    for _ in 0..clusters.len() {
                        let drawn = &clusters[below(&mut random, clusters.len())];
                        drawn.iter().for_each(|&item| counts[item] += 1);
                    }
                }
            }
            sample(&counts);
        }
    }
}

/// The percentile interval of a figure of `n` items. `statistic` gets how often each item is in a sample (counts that
/// add up to `n`, but for groups of several sizes) and may give none where the sample does not allow the figure; the
/// interval is none where fewer than half of the samples do.
pub fn interval<'a>(
    n: usize,
    draws: impl Into<Draws<'a>>,
    mut statistic: impl FnMut(&[u32]) -> Option<f64>,
) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let mut values = Vec::with_capacity(RESAMPLES);
    draws.into().each(n, |counts| values.extend(statistic(counts).filter(|value| value.is_finite())));
    if values.len() < RESAMPLES / 2 {
        return None;
    }
    percentiles(values)
}

/// A figure of `n` items with its interval; none where the items as they are do not allow it.
pub fn measure<'a>(
    n: usize,
    draws: impl Into<Draws<'a>>,
    mut statistic: impl FnMut(&[u32]) -> Option<f64>,
) -> Option<Measured> {
    let value = statistic(&vec![1; n]).filter(|value| value.is_finite())?;
    Some(Measured { value, interval: interval(n, draws, statistic), n })
}

/// Several figures of the same items, always as many, each as [`measure`] gives it; all of a sample are worked out
/// together.
pub fn measure_each<'a>(
    n: usize,
    draws: impl Into<Draws<'a>>,
    mut statistics: impl FnMut(&[u32]) -> Vec<Option<f64>>,
) -> Vec<Option<Measured>> {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let values = statistics(&vec![1; n]);
    let mut drawn = vec![Vec::new(); values.len()];
    if n > 0 {
        draws.into().each(n, |counts| {
            drawn.iter_mut().zip(statistics(counts)).for_each(|(drawn, value)| drawn.extend(finite(value)));
        });
    }
    let one = |(value, drawn): (Option<f64>, Vec<f64>)| {
        let interval = if drawn.len() < RESAMPLES / 2 { None } else { percentiles(drawn) };
        Some(Measured { value: finite(value)?, interval, n })
    };
    values.into_iter().zip(drawn).map(one).collect()
}

/// The mean of values with its interval; none of no values.
pub fn mean<'a>(values: &[f64], draws: impl Into<Draws<'a>>) -> Option<Measured> {
    measure(values.len(), draws, |counts| weighted_mean(values, counts))
}

/// What the middle 95 of 100 values lie between; none of no values.
pub(super) fn percentiles(mut values: Vec<f64>) -> Option<Interval> {
    if values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some(Interval { low: quantile(&values, TAIL), high: quantile(&values, 1.0 - TAIL) })
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
