//! Non-saturating GAN losses on logits (section 4 of the method), positive logits meaning "real".
//!
//! A discriminator learns `says_real(real) + says_fake(fake)`; a generator, or the encoder against D_z, learns
//! `says_real(fake)`.

use burn::tensor::Tensor;
use burn::tensor::activation::softplus;

/// `-log D`, the mean over logits `[n]`: small where they say "real".
pub fn says_real(logits: Tensor<1>) -> Tensor<1> {
    softplus(logits.neg(), 1.0).mean()
}

/// `-log(1 - D)`, the mean over logits `[n]`: small where they say "generated".
pub fn says_fake(logits: Tensor<1>) -> Tensor<1> {
    softplus(logits, 1.0).mean()
}

/// Feature matching: mean |a - b| of what a discriminator sees on average over photographs and over generated pictures,
/// features `[n, maps, h, w]` each. No gradient passes to those of the photographs.
pub fn feature_matching(photographs: Tensor<4>, generated: Tensor<4>) -> Tensor<1> {
    (photographs.mean_dim(0).detach() - generated.mean_dim(0)).abs().mean()
}
