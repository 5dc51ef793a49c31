//! The model that is measured, lent by whoever has networks. Plain pictures and numbers cross, never tensors.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::error::EvaluateError;
use crate::face::{FaceCode, FaceSpace, ModelName};
use crate::nn::{Code, Encoded};

/// What is measured.
pub trait Model {
    /// Name and fingerprint, as recipes and indexes keep them.
    fn name(&self) -> ModelName;

    /// A number for all of the weights: also for the generator's, which the fingerprint leaves out.
    fn contents(&self) -> u64;

    /// What its file says of itself.
    fn card(&self) -> CardWords;

    /// What its training faces looked like as codes.
    fn space(&self) -> &FaceSpace;

    /// Crops of 128 x 128 -> their codes `z` and `f`, in order.
    ///
    /// # Errors
    /// [`EvaluateError::Model`] with the networks' own sentence; so it is below.
    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError>;

    /// Pictures (128 x 128) of faces: G(Phi^-1(f)).
    ///
    /// # Errors
    /// As [`Model::encode`].
    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError>;

    /// Pictures straight from codes `z`: G(z).
    ///
    /// # Errors
    /// As [`Model::encode`].
    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError>;
}

/// What a weights file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardWords {
    pub preset: String,
    /// What it was trained on.
    pub data: String,
    /// On what terms it may be used.
    pub terms: String,
    /// What made the file.
    pub made_by: String,
    /// Feature maps of the encoder's first stage.
    pub width: usize,
    /// Whether pictures are stretched before the networks see them.
    pub stretch: bool,
    /// Whether the parts of its codes mean anything; before stage two they do not.
    pub can_edit: bool,
}
