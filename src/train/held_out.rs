//! How good a training is on pictures that it does not train on, beside what a mean face and 99 principal components
//! would be.

use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::error::TrainError;
use super::metrics::HeldOut;
use super::run_dir::RunDir;
use super::samplers::Pool;
use super::seen::{NUMBERS, plain};
use crate::data::atomic;
use crate::data::crops::{CropSet, CropSetError};
use crate::data::image::views;
use crate::face::CODE_DIM;
use crate::nn::pca::Pca;
use crate::nn::picture::MEAN;
use crate::nn::{Code, FaceModel, NnError, quality};

/// Pictures that are measured, of each kind, at most.
const MEASURED: usize = 200;
/// Pictures below which nothing is said about what is usual.
const FEWEST: usize = 40;
/// The baseline's file in the run's cache.
pub const BASELINE: &str = "baseline.json";
/// Pictures that the principal components of the baseline are taken from, at most.
const BASELINE_PICTURES: usize = 3000;

/// Pictures to measure on, and what they are measured against.
pub struct Measure {
    /// Held-out pictures of 128 x 128.
    pub held_out: Vec<RgbImage>,
    train: Vec<RgbImage>,
    baseline: Baseline,
}

/// Errors on the held-out pictures without any network.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Baseline {
    rmse_mean_face: f64,
    rmse_pca_99: f64,
}

/// How far a reconstruction is from its picture.
pub struct Error {
    /// Root mean squared pixel error, 0 to 255.
    pub rmse: f64,
    /// Sharpness of the reconstructions over that of the pictures.
    pub sharpness: f64,
}

impl Measure {
    /// Chooses the pictures and measures the baseline, or takes it from the run's cache.
    ///
    /// # Errors
    /// Sets that cannot be read, a cache that cannot be written.
    pub fn new(
        run: &RunDir,
        train: &CropSet,
        pool: &Pool,
        held_out: &CropSet,
        config: &Config,
    ) -> Result<Self, TrainError> {
        let held_pool = Pool::of(held_out, &config.data.labels_only);
        let most = MEASURED.min(config.data.held_out.max(1));
        let measured = pictures(train, pool, most, config)?;
        // Too few pictures to hold any back: the error is that on the training, and n says so.
        let held_out = pictures(held_out, &held_pool, most, config)?;
        let path = run.file(RunDir::CACHE).join(BASELINE);
        let cached = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let baseline = match cached {
            Some(baseline) => baseline,
            None => {
                let shown = if held_out.is_empty() { &measured } else { &held_out };
                let baseline = baseline(&pictures(train, pool, BASELINE_PICTURES, config)?, shown, config.seed);
                atomic::write(&path, serde_json::json!(baseline).to_string().as_bytes())?;
                baseline
            }
        };
        Ok(Measure { held_out, train: measured, baseline })
    }

    /// Measures a model: decoded through its parts, or before they mean anything straight from `z`.
    ///
    /// # Errors
    /// A device that fails.
    pub fn measure(&self, model: &FaceModel, through_parts: bool) -> Result<HeldOut, NnError> {
        let train = error(model, through_parts, &self.train)?;
        let held_out = if self.held_out.is_empty() { None } else { Some(error(model, through_parts, &self.held_out)?) };
        let shown = held_out.as_ref().unwrap_or(&train);
        Ok(HeldOut {
            rmse: shown.rmse,
            rmse_train: train.rmse,
            rmse_mean_face: self.baseline.rmse_mean_face,
            rmse_pca_99: self.baseline.rmse_pca_99,
            sharpness: shown.sharpness,
            n: self.held_out.len(),
        })
    }

    /// Pictures to look at: held-out ones, or where there are none those of the training.
    pub fn shown(&self) -> &[RgbImage] {
        if self.held_out.is_empty() { &self.train } else { &self.held_out }
    }
}

/// Reconstructions of pictures: G(Phi^-1(Phi(z))), or G(z).
///
/// # Errors
/// A device that fails.
pub fn reconstructed(model: &FaceModel, through_parts: bool, pictures: &[RgbImage]) -> Result<Vec<RgbImage>, NnError> {
    let codes = model.encode_all(pictures, |_| ())?;
    if through_parts {
        return model.decode(&codes.iter().map(|code| code.f).collect::<Vec<Code>>());
    }
    model.decode_latent(&codes.iter().map(|code| code.z).collect::<Vec<Code>>())
}

/// The error of a model on pictures of 128 x 128.
///
/// # Errors
/// A device that fails.
pub fn error(model: &FaceModel, through_parts: bool, pictures: &[RgbImage]) -> Result<Error, NnError> {
    let made = reconstructed(model, through_parts, pictures)?;
    let n = pictures.len().max(1) as f64;
    let squares: f64 = pictures.iter().zip(&made).map(|(a, b)| quality::rmse(a, b).powi(2)).sum();
    let sharpness = |pictures: &[RgbImage]| pictures.iter().map(quality::sharpness).sum::<f64>();
    Ok(Error { rmse: (squares / n).sqrt(), sharpness: sharpness(&made) / sharpness(pictures).max(1e-9) })
}

/// The pixel RMSE of single reconstructions (0 to 255): the median, and what 97.5 % of them stay below. None of fewer
/// pictures than [`FEWEST`].
///
/// # Errors
/// A device that fails.
pub fn usual_rmse(model: &FaceModel, through_parts: bool, pictures: &[RgbImage]) -> Result<Option<[f32; 2]>, NnError> {
    if pictures.len() < FEWEST {
        return Ok(None);
    }
    let made = reconstructed(model, through_parts, pictures)?;
    let mut errors: Vec<f64> = pictures.iter().zip(&made).map(|(a, b)| quality::rmse(a, b)).collect();
    errors.sort_unstable_by(f64::total_cmp);
    Ok(Some([0.5, 0.975].map(|share| errors[(share * (errors.len() - 1) as f64).round() as usize] as f32)))
}

fn pictures(set: &CropSet, pool: &Pool, most: usize, config: &Config) -> Result<Vec<RgbImage>, CropSetError> {
    let chosen = pool.some(most, config.seed, "measured");
    chosen.par_iter().map(|&crop| plain(set, crop, config.data.stretches())).collect()
}

fn baseline(train: &[RgbImage], shown: &[RgbImage], seed: u64) -> Baseline {
    let fill = |picture: &RgbImage, out: &mut [f32]| views::planes(picture, MEAN, out);
    let pca = Pca::fit(train.len(), NUMBERS, CODE_DIM, seed, &mut |i, out| fill(&train[i], out));
    let errors: Vec<(f64, f64)> = shown
        .par_iter()
        .map(|picture| {
            let mut numbers = vec![0.0; NUMBERS];
            fill(picture, &mut numbers);
            let off = |value: f64| (value * 255.0).powi(2);
            let mean: f64 =
                numbers.iter().zip(&pca.mean).map(|(a, b)| off(f64::from(a - b))).sum::<f64>() / NUMBERS as f64;
            (mean, off(pca.error(&numbers)))
        })
        .collect();
    // In order, and to six places: the same whether it was worked out or read back from the cache.
    let (mean, pca) = errors.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    let root = |sum: f64| ((sum / shown.len().max(1) as f64).sqrt() * 1e6).round() / 1e6;
    Baseline { rmse_mean_face: root(mean), rmse_pca_99: root(pca) }
}
