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
