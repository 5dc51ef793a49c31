//! How the landmarker learns: points of faces in frames, whether there is a face, and what a wrong answer costs.

use std::path::PathBuf;
use std::sync::Arc;

use burn::tensor::activation::softplus;
use burn::tensor::{Device, Tensor, TensorData};

use super::super::error::TrainError;
use super::super::learner::Losses;
use super::frames::{FrameBatch, Frames, Mistaken, NUMBERS};
use super::lesson::Lesson;
use super::material::Material;
use super::mining::{self, Beside};
use super::settings::Network;
use crate::face::{CROP_SIDE, Crop, Landmarks};
use crate::nn::finder::{FRAME, Landmarker, MeanFace, POINTS, SIDE};

/// What an error of the points weighs beside the one of the answer whether there is a face. In distances of the outer
/// eye corners they are small numbers.
const POINTS_WEIGHT: f64 = 20.0;
/// Errors of a point below this (in those distances) cost their square, larger ones themselves.
const SMALL: f64 = 0.01;

/// The landmarker's training on some material.
pub struct Marking {
    material: Arc<Material>,
    frames: Frames,
    mean: Landmarks,
    detector: PathBuf,
    mean_face: MeanFace,
    seed: u64,
}

impl Marking {
    /// `detector` is the folder of the detector's training, whose false alarms are looked for, too, if there is one.
    pub fn new(material: Arc<Material>, mean_face: MeanFace, detector: PathBuf, seed: u64) -> Self {
        let frames = Frames::new(Arc::clone(&material), seed);
        Self { mean: mean_points(&material), material, frames, detector, mean_face, seed }
    }
}

impl Lesson for Marking {
    type Network = Landmarker;
    type Batch = FrameBatch;
    type Mined = Mistaken;

    const NETWORK: Network = Network::Landmarks;

    fn fresh(&self, device: &Device) -> Landmarker {
        Landmarker::init(device).start_from(&self.mean)
    }

    fn batch(&self, step: u64, size: usize, mined: &[Mistaken]) -> FrameBatch {
        self.frames.batch(step, size, mined)
    }

    fn objective(&self, network: &Landmarker, batch: FrameBatch, device: &Device) -> (Tensor<1>, Losses) {
        let FrameBatch { pictures, points, weights, is_face } = batch;
        let n = pictures.len() / NUMBERS;
        let pictures = Tensor::<4>::from_data(TensorData::new(pictures, [n, 3, SIDE, SIDE]), device);
        let row = |values: Vec<f32>| Tensor::<1>::from_data(TensorData::new(values, [n]), device);
        let truth = Tensor::<2>::from_data(TensorData::new(points, [n, POINTS]), device);
        let (answers, logits) = network.forward(pictures);
        let points = points_loss(answers, truth, row(weights));
        let face = face_loss(logits, row(is_face));
        let losses = vec![("points", points.clone().inner()), ("face", face.clone().inner())];
        (points.mul_scalar(POINTS_WEIGHT) + face, losses)
    }

    fn mine(&self, network: &Landmarker, before: &[Mistaken], step: u64) -> Result<Vec<Mistaken>, TrainError> {
        let beside = Beside { detector: &self.detector, mean_face: &self.mean_face };
        mining::mistaken(&self.material.scenes, network, beside, before, self.seed, step)
    }
}

/// The mean distance of points `[n, 136]` from where they should be, each face's times its number in `weights` `[n]`;
/// those of weight 0 do not count. Distances are rounded off at zero, so that they have a slope there.
pub fn points_loss(answers: Tensor<2>, truth: Tensor<2>, weights: Tensor<1>) -> Tensor<1> {
    let [n, numbers] = answers.dims();
    let faces = weights.clone().greater_elem(0.0).float().sum().clamp_min(1.0);
    let apart = (answers - truth) * weights.clone().unsqueeze_dim::<2>(1);
    // [n, 68, 2] -> [n, 68]
    let squared = apart.reshape([n, numbers / 2, 2]).square().sum_dim(2).squeeze_dim::<2>(2);
    let distance = squared.add_scalar(SMALL * SMALL).sqrt().sub_scalar(SMALL);
    // The distance of a point that does not count is 0.
    distance.sum() / faces.mul_scalar((numbers / 2) as f64)
}

/// The mean cross-entropy of logits `[n]` with `is_face` `[n]`, 1 or 0.
pub fn face_loss(logits: Tensor<1>, is_face: Tensor<1>) -> Tensor<1> {
    (softplus(logits.clone(), 1.0) - logits * is_face).mean()
}

/// The mean points of the material's faces in the frame of their crop, 0 to 1.
fn mean_points(material: &Material) -> Landmarks {
    let crops = material.sources.iter().flat_map(|source| &source.crops);
    let mut sum = [[0.0f64; 2]; 68];
    let mut count = 0.0;
    for labelled in crops.chain(&material.photographs) {
        let Ok(crop) = Crop::from_landmarks(&labelled.landmarks) else { continue };
        let frame = Crop { half_side: FRAME * crop.half_side, ..crop };
        count += 1.0;
        for (sum, point) in sum.iter_mut().zip(&labelled.landmarks) {
            let own = frame.crop_from_photo(*point).map(|c| f64::from(c) / f64::from(CROP_SIDE));
            sum.iter_mut().zip(own).for_each(|(sum, c)| *sum += c);
        }
    }
    sum.map(|point| point.map(|c| (c / f64::max(count, 1.0)) as f32))
}
