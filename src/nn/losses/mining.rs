//! Who is compared with whom (section 5 of the method): the triplets that a batch can form, from its labels alone.
//!
//! A batch that can form none gives results that are valid nowhere; the caller drops its triplet terms and counts it.
//! Where a row forms no triplet, its partners are the row itself, so that places always lie in the batch.

use rand_chacha::rand_core::Rng;

use super::geometry::MEASURES;
use super::{place, uniform};
use crate::face::Expression;

/// An expression's negative is at least of this rank in the order of its row, the positive being of rank 1.
pub const FIRST_NEGATIVE: usize = 10;

/// What two labels that differ add to the distance of valence and arousal.
const LABELS_DIFFER: f32 = 0.25;
/// What they add to the distance of landmarks, whose mean over the batch is 1.
const LABELS_DIFFER_GEOMETRY: f32 = 0.5;

/// Triplets whose negatives are picked once the codes are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Mined {
    /// For each row the row that it is to lie near.
    pub positive: Vec<i64>,
    /// Row by row, n * n: which rows it is to lie far from.
    pub negative_allowed: Vec<bool>,
    /// For each row a draw from 0..1, which picks one of its negatives.
    pub pick: Vec<f32>,
    /// 1 where a row has both, otherwise 0.
    pub valid: Vec<f32>,
}

/// Triplets that are complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// For each row the row that it is to lie near.
    pub positive: Vec<i64>,
    /// For each row the row that it is to lie far from.
    pub negative: Vec<i64>,
    /// 1 where a row has both, otherwise 0.
    pub valid: Vec<f32>,
}

impl Mined {
    /// How many triplets there are.
    pub fn count(&self) -> usize {
        count(&self.valid)
    }

    /// For each row the rank, from 0, of the negative to take: one of the `of` nearest, each as likely, or of as many
    /// as it is allowed.
    pub fn ranks(&self, of: usize) -> Vec<i64> {
        let rank = |(row, &share): (&[bool], &f32)| place(share, of.min(allowed(row).count())) as i64;
        self.rows().zip(&self.pick).map(rank).collect()
    }

    /// Takes any negative that is allowed, near or far, each as likely (`paper`).
    pub fn at_random(&self) -> Chosen {
        let n = self.valid.len();
        let mut chosen = Chosen { positive: self.positive.clone(), valid: self.valid.clone(), ..Chosen::none(n) };
        for ((row, &share), negative) in self.rows().zip(&self.pick).zip(&mut chosen.negative) {
            if let Some(found) = allowed(row).nth(place(share, allowed(row).count())) {
                *negative = found as i64;
            }
        }
        chosen
    }

    fn rows(&self) -> impl Iterator<Item = &[bool]> {
        // An empty batch has no rows; chunks of zero would panic.
        self.negative_allowed.chunks_exact(self.valid.len().max(1))
    }
}

impl Chosen {
    /// How many triplets there are.
    pub fn count(&self) -> usize {
        count(&self.valid)
    }

    fn none(n: usize) -> Self {
        let itself: Vec<i64> = (0..n as i64).collect();
        Self { positive: itself.clone(), negative: itself, valid: vec![0.0; n] }
    }
}

/// Identity: f+ is any other picture of the person in the batch, f- one of another person. Pictures of nobody known
/// take no part.
pub fn identity(persons: &[Option<u32>], rng: &mut impl Rng) -> Mined {
    let same = |a: usize, b: usize| persons[a].is_some() && persons[a] == persons[b];
    let other = |a: usize, b: usize| persons[a].is_some() && persons[b].is_some() && persons[a] != persons[b];
    mine(persons.len(), rng, same, other)
}

/// Style: f+ is another picture of the **same clip**, f- one of **another clip of the same person**. The paper's text
/// has it the other way round, which would erase style.
///
/// Numbers of clips are unique over all people.
pub fn style(persons: &[Option<u32>], clips: &[Option<u32>], rng: &mut impl Rng) -> Mined {
    let known = |a: usize| persons[a].is_some() && clips[a].is_some();
    let same = |a: usize, b: usize| known(a) && known(b) && clips[a] == clips[b];
    let other = |a: usize, b: usize| known(a) && known(b) && persons[a] == persons[b] && clips[a] != clips[b];
    mine(persons.len(), rng, same, other)
}

/// Expression: the other rows of one `source` in the `order` of their distance, equal ones in any order; f+ is the
/// first, f- a random one of rank 10 or later (in small batches: of the last third) that lies farther than f+.
///
/// Labels of one source carry its light and sharpness with them, so triplets stay within a source.
pub fn expression(order: &Distances, source: &[u16], rng: &mut impl Rng) -> Chosen {
    let mut chosen = Chosen::none(order.n);
    for row in 0..order.n {
        let pick = uniform(rng);
        let mut ranked: Vec<(f32, u32, usize)> = (0..order.n)
            .filter(|&other| other != row && source[other] == source[row])
            .filter_map(|other| Some((order.get(row, other)?, rng.next_u32(), other)))
            .collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let Some(&(nearest, _, positive)) = ranked.first() else { continue };
        let from = (FIRST_NEGATIVE - 1).min(2 * ranked.len() / 3);
        let farther: Vec<usize> =
            ranked[from..].iter().filter(|(distance, ..)| *distance > nearest).map(|&(.., other)| other).collect();
        if let Some(&negative) = farther.get(place(pick, farther.len())) {
            chosen.positive[row] = positive as i64;
            chosen.negative[row] = negative as i64;
            chosen.valid[row] = 1.0;
        }
    }
    chosen
}

/// How far the expressions of a batch's faces lie apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    n: usize,
    /// Row by row, n * n; infinite where two faces cannot be compared.
    values: Vec<f32>,
}

impl Distances {
    /// `|(v, a)_i - (v, a)_j|` plus 0.25 where both are labelled and the labels differ. Valence and arousal are in
    /// -1..1; faces without them compare with nobody.
    pub fn by_valence_arousal(valence_arousal: &[Option<[f32; 2]>], labels: &[Option<Expression>]) -> Self {
        Self::between(labels.len(), |a, b| {
            let ([va, aa], [vb, ab]) = (valence_arousal[a]?, valence_arousal[b]?);
            Some((va - vb).hypot(aa - ab) + if differ(labels[a], labels[b]) { LABELS_DIFFER } else { 0.0 })
        })
    }

    /// 0 for the same label, 1 for another; unlabelled faces compare with nobody.
    pub fn by_label(labels: &[Option<Expression>]) -> Self {
        Self::between(labels.len(), |a, b| Some(if labels[a]? == labels[b]? { 0.0 } else { 1.0 }))
    }

    /// Distances of what the faces do by their landmarks (measures without pose, see
    /// [`PoseFree`](super::geometry::PoseFree)) over their mean in the batch, plus 0.5 where both are labelled and the
    /// labels differ. Faces without measures compare with nobody.
    pub fn by_geometry(measures: &[Option<[f32; MEASURES]>], labels: &[Option<Expression>]) -> Self {
        let mut distances = Self::between(labels.len(), |a, b| {
            let (a, b) = (measures[a]?, measures[b]?);
            Some(a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt())
        });
        let mean = distances.mean_between_others();
        let n = distances.n;
        for (place, distance) in distances.values.iter_mut().enumerate() {
            let apart = differ(labels[place / n], labels[place % n]);
            *distance = *distance / mean + if apart { LABELS_DIFFER_GEOMETRY } else { 0.0 };
        }
        distances
    }

    /// The distance of two rows, where they can be compared.
    pub fn get(&self, a: usize, b: usize) -> Option<f32> {
        Some(self.values[a * self.n + b]).filter(|distance| distance.is_finite())
    }

    fn between(n: usize, distance: impl Fn(usize, usize) -> Option<f32>) -> Self {
        let pairs = (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
        Self { n, values: pairs.map(|(a, b)| distance(a, b).unwrap_or(f32::INFINITY)).collect() }
    }

    /// 1 where there is nothing to take a mean of, or everything is alike.
    fn mean_between_others(&self) -> f32 {
        let pairs = (0..self.n).flat_map(|a| (0..a).map(move |b| (a, b)));
        let known: Vec<f32> = pairs.filter_map(|(a, b)| self.get(a, b)).collect();
        let mean = known.iter().sum::<f32>() / known.len().max(1) as f32;
        if mean > 0.0 { mean } else { 1.0 }
    }
}

fn differ(a: Option<Expression>, b: Option<Expression>) -> bool {
    a.is_some() && b.is_some() && a != b
}

fn mine(
    n: usize,
    rng: &mut impl Rng,
    same: impl Fn(usize, usize) -> bool,
    other: impl Fn(usize, usize) -> bool,
) -> Mined {
    let mut mined = Mined {
        positive: (0..n as i64).collect(),
        negative_allowed: Vec::with_capacity(n * n),
        pick: Vec::with_capacity(n),
        valid: vec![0.0; n],
    };
    for row in 0..n {
        // Drawn for every row, so that what one row finds does not move the draws of those after it.
        let which = uniform(rng);
        mined.pick.push(uniform(rng));
        mined.negative_allowed.extend((0..n).map(|i| other(row, i)));
        let own: Vec<usize> = (0..n).filter(|&i| i != row && same(row, i)).collect();
        let negatives = allowed(&mined.negative_allowed[row * n..]).count();
        if let Some(&positive) = own.get(place(which, own.len()))
            && negatives > 0
        {
            mined.positive[row] = positive as i64;
            mined.valid[row] = 1.0;
        }
    }
    mined
}

/// The places of a row that are allowed.
fn allowed(row: &[bool]) -> impl Iterator<Item = usize> {
    row.iter().enumerate().filter(|(_, allowed)| **allowed).map(|(place, _)| place)
}

fn count(valid: &[f32]) -> usize {
    valid.iter().filter(|&&weight| weight > 0.0).count()
}
