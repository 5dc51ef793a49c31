//! What the networks are trained on: the losses of the three stages (sections 4 to 6 of the method; sections 3.1 to
//! 3.4 of the paper), and what decides which faces are compared.
//!
//! Losses take tensors and give a tensor of one element; none of them reads a number back from the device, and each
//! has finite gradients where a distance is zero. All tensors of a call must lie on one device and be of one type.
//! What is drawn at random is drawn on the CPU from the caller's generator, never on the device.
//!
//! - [`reconstruction`], [`adversarial`]: pictures against pictures, real against generated;
//! - [`triplet`], [`disentangle`], [`classification`]: codes against codes and labels;
//! - [`mining`], [`geometry`]: plain Rust: who is compared with whom, and what a face does by its landmarks;
//! - [`diff_augment`]: what pictures go through before a discriminator or the second encoding sees them.

pub mod adversarial;
pub mod classification;
pub mod diff_augment;
pub mod disentangle;
pub mod geometry;
pub mod mining;
pub mod reconstruction;
pub mod triplet;

use burn::tensor::{Tensor, TensorData};
use rand_chacha::rand_core::Rng;
use rand_distr::{Distribution, StandardUniform};

/// Added under every root, so that its slope stays finite at zero; at lengths near one it is lost in rounding.
const UNDER_ROOT: f64 = 1e-12;

/// Numbers from the CPU as a tensor on the device and of the type of `like`.
fn constant<const D: usize, const E: usize>(values: Vec<f32>, shape: [usize; E], like: &Tensor<D>) -> Tensor<E> {
    Tensor::from_data(TensorData::new(values, shape), (&like.device(), like.dtype()))
}

/// The mean of those `values` `[n]` whose weight in `valid` `[n]` is 1; zero where all weights are 0.
fn mean_of_valid(values: Tensor<1>, valid: Tensor<1>) -> Tensor<1> {
    (values * valid.clone()).sum() / valid.sum().clamp_min(1.0)
}

/// A number in 0..1, without 1.
fn uniform(rng: &mut impl Rng) -> f32 {
    StandardUniform.sample(rng)
}

/// A whole number below `n`, each as likely; 0 where `n` is 0.
fn below(rng: &mut impl Rng, n: usize) -> usize {
    place(uniform(rng), n)
}

/// Where a `share` in 0..1 falls among `n` places in a row; 0 where `n` is 0.
fn place(share: f32, n: usize) -> usize {
    ((share * n as f32) as usize).min(n.saturating_sub(1))
}
