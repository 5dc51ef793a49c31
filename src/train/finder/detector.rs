//! How the detector learns: what it is to answer in tiles, and what a wrong answer costs.

use std::sync::Arc;

use burn::tensor::activation::{sigmoid, softplus};
use burn::tensor::{Device, Tensor, TensorData, s};

use super::super::error::TrainError;
use super::super::learner::Losses;
use super::lesson::Lesson;
use super::material::Material;
use super::mining;
use super::settings::Network;
use super::targets::{ACROSS, TILE};
use super::tiles::{Alarm, NUMBERS, TileBatch, Tiles};
use crate::nn::finder::{Detector, DetectorConfig};

/// What an error of the place weighs beside the score's.
const PLACE: f64 = 0.5;
/// Errors of the place below this (in cells, in the logarithm of the height) cost their square, larger ones themselves.
const SMALL: f64 = 0.1;

/// The detector's training on some material.
pub struct Detection {
    material: Arc<Material>,
    tiles: Tiles,
    config: DetectorConfig,
    seed: u64,
}

impl Detection {
    pub fn new(material: Arc<Material>, config: DetectorConfig, seed: u64) -> Self {
        Self { tiles: Tiles::new(Arc::clone(&material), seed), material, config, seed }
    }
}

impl Lesson for Detection {
    type Network = Detector;
    type Batch = TileBatch;
    type Mined = Alarm;

    const NETWORK: Network = Network::Detector;

    fn fresh(&self, device: &Device) -> Detector {
        self.config.init(device)
    }

    fn batch(&self, step: u64, size: usize, mined: &[Alarm]) -> TileBatch {
        self.tiles.batch(step, size, mined)
    }

    fn objective(&self, network: &Detector, batch: TileBatch, device: &Device) -> (Tensor<1>, Losses) {
        let TileBatch { pictures, is_face, counts, place } = batch;
        let n = pictures.len() / NUMBERS;
        let tensor =
            |values: Vec<f32>, shape: [usize; 4]| Tensor::<4>::from_data(TensorData::new(values, shape), device);
        let answers = network.forward(tensor(pictures, [n, 3, TILE, TILE]));
        let is_face = tensor(is_face, [n, 1, ACROSS, ACROSS]);
        let counts = tensor(counts, [n, 1, ACROSS, ACROSS]);
        let place = tensor(place, [n, 3, ACROSS, ACROSS]);
        let score = score_loss(answers.clone().slice(s![.., 0..1]), is_face.clone(), counts);
        let place = place_loss(answers.slice(s![.., 1..4]), place, is_face);
        let losses = vec![("score", score.clone().inner()), ("place", place.clone().inner())];
        (score + place.mul_scalar(PLACE), losses)
    }

    fn mine(&self, network: &Detector, before: &[Alarm], step: u64) -> Result<Vec<Alarm>, TrainError> {
        mining::alarms(&self.material.scenes, network, before, self.seed, step)
    }
}

/// Focal loss (Lin et al. 2017, with the square of what is missing) of logits where `counts` is 1, over the number of
/// faces. All tensors are of one shape.
pub fn score_loss(logits: Tensor<4>, is_face: Tensor<4>, counts: Tensor<4>) -> Tensor<1> {
    let probability = sigmoid(logits.clone());
    let missed = probability.clone().neg().add_scalar(1.0).square() * softplus(logits.clone().neg(), 1.0);
    let imagined = probability.square() * softplus(logits, 1.0);
    let no_face = is_face.clone().neg().add_scalar(1.0);
    let faces = is_face.clone().sum().clamp_min(1.0);
    ((missed * is_face + imagined * no_face) * counts).sum() / faces
}

/// Errors of place `[n, 3, h, w]` where `is_face` `[n, 1, h, w]` is 1: the mean over those cells of the sum of the three.
pub fn place_loss(answers: Tensor<4>, place: Tensor<4>, is_face: Tensor<4>) -> Tensor<1> {
    let shape = answers.dims();
    let error = (answers - place).square().add_scalar(SMALL * SMALL).sqrt().sub_scalar(SMALL);
    let faces = is_face.clone().sum().clamp_min(1.0);
    (error * is_face.expand(shape)).sum() / faces
}
