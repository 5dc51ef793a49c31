//! Draws for pictures: each generator is a function of seed, step and purpose, as everywhere in this room.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::super::random::{self, rng_for};

/// A generator with the few distributions that are drawn from here.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// A generator of its own for each seed, step and purpose.
    pub fn new(seed: u64, step: u64, purpose: &str) -> Self {
        Chance(rng_for(seed, step, purpose))
    }

    /// Evenly in 0..1, without 1.
    pub fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Evenly between the two.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Between two positive numbers, their logarithms evenly.
    pub fn log_between(&mut self, low: f32, high: f32) -> f32 {
        low * (high / low).powf(self.unit())
    }

    /// Around 0 with this standard deviation, `limit` at most to both sides.
    pub fn normal(&mut self, deviation: f32, limit: f32) -> f32 {
        let drawn: f32 = StandardNormal.sample(&mut self.0);
        (deviation * drawn).clamp(-limit, limit)
    }

    /// True this often, 0 to 1.
    pub fn happens(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    /// Evenly in `0..count`; 0 where that is empty.
    pub fn below(&mut self, count: usize) -> usize {
        random::below(&mut self.0, count.max(1))
    }

    /// One of them, each as likely; none of none.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        if choices.is_empty() { None } else { choices.get(self.below(choices.len())) }
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }
}
