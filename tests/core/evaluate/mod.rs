//! Measures against figures worked out by hand, and on codes whose truth the test plants.

mod auc;
mod average_precision;
mod bootstrap;
mod cycle;
mod disentanglement;
mod diversity;
mod expression;
mod figures;
mod finding;
mod frechet;
mod measures;
mod pairs;
mod reader;
mod recognition;
mod reconstruction;
pub mod report;
mod retrieval;
mod run;
mod spread;
mod transfer;
mod verification;

use facespace::face::{CODE_DIM, Part};
use facespace::nn::Code;

/// Whoever watches, and lets it go on.
pub fn go_on(_done: usize, _of: usize) -> bool {
    true
}

/// Numbers that look random, in -1..1.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Noise(seed)
    }

    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    /// A code of nothing but noise of this size.
    pub fn code(&mut self, size: f32) -> Code {
        let mut code = [0.0; CODE_DIM];
        code.iter_mut().for_each(|v| *v = size * self.next());
        code
    }
}

/// Adds `value` to the number at `place` of a part.
pub fn plant(code: &mut Code, part: Part, place: usize, value: f32) {
    code[part.range().start + place] += value;
}
