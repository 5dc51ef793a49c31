//! The recogniser as a teacher (section 5 of the method, "Small data: two teachers"): of pictures, and of identity.

use std::fs;

use burn::tensor::{Device, Tensor};

use super::config;
use super::error::TrainError;
use super::learner::Losses;
use crate::nn::recogniser::{Features, Recogniser};

/// The networks that teach; without a recogniser they say nothing.
pub struct Teachers {
    recogniser: Option<Recogniser>,
    perceptual: f64,
    identity: f64,
}

impl Teachers {
    /// Loads what the settings name, on the training device.
    ///
    /// # Errors
    /// A recogniser that cannot be read or is none.
    pub fn load(config: &config::Teachers, device: &Device) -> Result<Self, TrainError> {
        let load = |path: &std::path::PathBuf| {
            let bytes =
                fs::read(path).map_err(|e| TrainError::Unreadable { path: path.clone(), detail: e.to_string() })?;
            Recogniser::load(bytes, device).map_err(|source| TrainError::Recogniser { path: path.clone(), source })
        };
        let recogniser = config.recogniser.as_ref().map(load).transpose()?;
        Ok(Teachers { recogniser, perceptual: config.perceptual, identity: config.identity })
    }

    /// The network, where there is one.
    pub fn recogniser(&self) -> Option<&Recogniser> {
        self.recogniser.as_ref()
    }

    /// How far the recogniser sees decoded pictures from the photographs: its activations (relative L1) and descriptors
    /// (squared distance), weighted. None where it does not teach pictures.
    pub fn picture_loss(&self, photographs: Tensor<4>, decoded: Tensor<4>) -> Option<(Tensor<1>, Losses)> {
        let recogniser = self.recogniser.as_ref().filter(|_| self.perceptual + self.identity > 0.0)?;
        let wanted = recogniser.features(photographs);
        let seen = recogniser.features(decoded);
        let perceptual = activations(&wanted, &seen);
        let identity = (wanted.descriptor.detach() - seen.descriptor).square().sum_dim(1).mean();
        let losses = vec![("perceptual", perceptual.clone().inner()), ("recognised", identity.clone().inner())];
        Some((perceptual * self.perceptual + identity * self.identity, losses))
    }

    /// Whether decoded faces are recognised as whoever gave `f_id`: the squared distance of descriptors `[n, 128]`.
    /// None where the recogniser does not teach pictures.
    pub fn swapped_loss(&self, givers: Tensor<4>, decoded: Tensor<4>) -> Option<Tensor<1>> {
        let recogniser = self.recogniser.as_ref().filter(|_| self.identity > 0.0)?;
        let wanted = recogniser.descriptors(givers).detach();
        Some((wanted - recogniser.descriptors(decoded)).square().sum_dim(1).mean() * self.identity)
    }
}

/// Mean absolute difference over mean absolute value, the mean over the layers.
fn activations(wanted: &Features, seen: &Features) -> Tensor<1> {
    let layers = wanted.activations.iter().zip(&seen.activations).map(|(wanted, seen)| {
        let wanted = wanted.clone().detach();
        let size = wanted.clone().abs().mean().clamp_min(1e-6);
        (wanted - seen.clone()).abs().mean() / size
    });
    let count = wanted.activations.len() as f64;
    // There are four layers, so the sum is there.
    layers.reduce(|a, b| a + b).unwrap_or_else(|| seen.descriptor.clone().mean()) / count
}
