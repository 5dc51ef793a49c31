//! Chance that can be asked again: every draw of a training is a function of the seed, the step and its purpose, so a
//! run that goes on after a kill draws what an uninterrupted one would have drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::data::hash::{fnv, mix};

/// A generator of its own for each seed, step and purpose.
pub fn rng_for(seed: u64, step: u64, purpose: &str) -> ChaCha8Rng {
    // The three are the cipher's key: seed and step stand in it as they are, so no two of them share a stream.
    let named = fnv(purpose.bytes());
    let mut key = [0; 32];
    for (place, word) in key.chunks_exact_mut(8).zip([seed, step, named, mix(named)]) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

/// Uniform in `0..count`; `count` is not 0. The same on every machine.
pub fn below(rng: &mut impl Rng, count: usize) -> usize {
    debug_assert!(count > 0);
    // The bias is below count / 2^64.
    ((u128::from(rng.next_u64()) * count as u128) >> 64) as usize
}

/// A random order of `0..len` that takes no memory: place by place, by a Feistel network (a cipher of its own size).
#[derive(Clone, Debug)]
pub struct Permutation {
    len: u64,
    /// Bits of each half of a place.
    half: u32,
    keys: [u64; Self::ROUNDS],
}

impl Permutation {
    const ROUNDS: usize = 8;

    /// An order of `0..len`, drawn from `rng`.
    pub fn new(len: usize, rng: &mut impl Rng) -> Self {
        let len = len as u64;
        let bits = u64::BITS - len.saturating_sub(1).leading_zeros();
        Self { len, half: bits.div_ceil(2).max(1), keys: std::array::from_fn(|_| rng.next_u64()) }
    }

    /// What stands at `place`, which is below the length.
    pub fn at(&self, place: usize) -> usize {
        debug_assert!((place as u64) < self.len);
        // The network permutes up to four times as many places; from one outside, on until one inside is met.
        let mut value = place as u64;
        loop {
            value = self.shuffle(value);
            if value < self.len {
                return value as usize;
            }
        }
    }

    /// All of `0..len` in this order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len as usize).map(|place| self.at(place))
    }

    fn shuffle(&self, value: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (value >> self.half, value & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        (left << self.half) | right
    }
}
