//! Which pictures a step shows, and how: plans as functions of the seed and the step. The batches of stage one; those
//! of stage two are in [`super::macros`].

use super::batches::Plan;
use super::random::{Permutation, rng_for};
use crate::data::crops::{CropSet, Keys};
use crate::data::image::views::{Light, View};

/// The stored side with the widest margin; narrower ones fold the turn when the view is made.
const WIDEST_SIDE: u32 = 168;

/// How far views go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewRange {
    /// Half of them are mirrored.
    pub mirror: bool,
    /// Largest turn, in degrees.
    pub turn_deg: f32,
    /// Largest shift, in pixels of the 128-pixel crop.
    pub shift_px: f32,
}

/// The pictures that stage one learns from.
#[derive(Clone, Debug, PartialEq)]
pub enum Pool {
    /// The first so many.
    All(usize),
    Some(Vec<u32>),
}

impl Pool {
    /// All pictures of the set but those of the sources named in `labels_only`, whose pictures are too soft.
    pub fn of(set: &CropSet, labels_only: &[String]) -> Self {
        Self::of_keys(set.keys(), set.sources(), labels_only)
    }

    /// The same from the keys and the names of the sources.
    pub fn of_keys(keys: &Keys, sources: &[String], labels_only: &[String]) -> Self {
        let left_out: Vec<bool> = sources.iter().map(|name| labels_only.contains(name)).collect();
        let kept = |source: u16| !left_out.get(usize::from(source)).copied().unwrap_or(false);
        if keys.source.iter().all(|&source| kept(source)) {
            return Self::All(keys.source.len());
        }
        Self::Some((0..keys.source.len() as u32).filter(|&crop| kept(keys.source[crop as usize])).collect())
    }

    pub fn len(&self) -> usize {
        match self {
            Self::All(len) => *len,
            Self::Some(crops) => crops.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `most` of the crops at random, or all of them: a function of the seed and the purpose.
    pub fn some(&self, most: usize, seed: u64, purpose: &str) -> Vec<usize> {
        let order = Permutation::new(self.len(), &mut rng_for(seed, 0, purpose));
        order.iter().take(most).map(|place| self.at(place)).collect()
    }

    /// The crop at a place.
    fn at(&self, place: usize) -> usize {
        match self {
            Self::All(_) => place,
            Self::Some(crops) => crops[place] as usize,
        }
    }
}

/// Places `step * n` to `step * n + n` of endless epochs over `0..len`, each epoch an order of its own. Takes no memory
/// but the answer; empty where `len` is 0.
pub fn shuffled(len: usize, seed: u64, step: u64, n: usize) -> Vec<usize> {
    if len == 0 {
        return Vec::new();
    }
    let mut epoch: Option<(u64, Permutation)> = None;
    let first = u128::from(step) * n as u128;
    let mut at = |place: u128| {
        let (number, within) = ((place / len as u128) as u64, (place % len as u128) as usize);
        if epoch.as_ref().is_none_or(|(known, _)| *known != number) {
            epoch = Some((number, Permutation::new(len, &mut rng_for(seed, number, "epoch"))));
        }
        epoch.as_ref().map_or(0, |(_, order)| order.at(within))
    };
    (0..n as u128).map(|offset| at(first + offset)).collect()
}

/// A step of stage one: the next `n` pictures of endless epochs (each shows every picture once, in an order of its
/// own), each in a random view. Without crops where the pool is empty.
pub fn stage_one_plan(pool: &Pool, range: ViewRange, seed: u64, step: u64, n: usize) -> Plan {
    let crops: Vec<usize> = shuffled(pool.len(), seed, step, n).into_iter().map(|place| pool.at(place)).collect();
    let views = views(range, seed, step, crops.len());
    Plan { crops, views, second: Vec::new() }
}

/// `n` random views of a step: mirrored or not, turned and shifted.
pub(super) fn views(range: ViewRange, seed: u64, step: u64, n: usize) -> Vec<View> {
    let mut rng = rng_for(seed, step, "views");
    let view = |_| {
        let view = View::random(&mut rng, WIDEST_SIDE, range.turn_deg, range.shift_px);
        View { mirror: view.mirror && range.mirror, ..view }
    };
    (0..n).map(view).collect()
}

/// `n` random lights of a step.
pub(super) fn lights(seed: u64, step: u64, n: usize) -> Vec<Light> {
    let mut rng = rng_for(seed, step, "lights");
    (0..n).map(|_| Light::random(&mut rng)).collect()
}
