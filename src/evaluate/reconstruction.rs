//! Pictures against what is made of them, in levels of 0..255, and the linear baseline: PCA with as many numbers as a
//! code has.

use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Measured, weighted_mean};
use crate::face::CODE_DIM;
use crate::nn::Pca;
use crate::nn::quality;

/// How good reconstructions are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconstruction {
    /// Root of the mean squared difference over all pixels of all pictures.
    pub rmse: Measured,
    /// The paper's authors' figure: root of the mean over pictures of the squared mean absolute difference.
    pub rmse_authors: Measured,
    /// Mean absolute difference.
    pub mae: Measured,
    /// Fine detail of the reconstructions over that of the originals; 1 is as sharp as they are.
    pub sharpness: Measured,
}

/// Differences picture by picture, added up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    squared: Vec<f64>,
    absolute: Vec<f64>,
    detail: Vec<f64>,
    detail_of_original: Vec<f64>,
}

impl Tally {
    /// Adds an original and what was made of it.
    ///
    /// # Panics
    /// Where they differ in size.
    pub fn add(&mut self, original: &RgbImage, made: &RgbImage) {
        self.squared.push(quality::rmse(original, made).powi(2));
        self.absolute.push(quality::mae(original, made));
        self.detail.push(quality::sharpness(made));
        self.detail_of_original.push(quality::sharpness(original));
    }

    /// What the differences come to; none of no pictures.
    pub fn finish(&self, seed: u64) -> Option<Reconstruction> {
        let n = self.squared.len();
        let authors: Vec<f64> = self.absolute.iter().map(|mae| mae * mae).collect();
        let root = |values: &[f64]| bootstrap::measure(n, seed, |counts| weighted_mean(values, counts).map(f64::sqrt));
        let sharpness = bootstrap::measure(n, seed, |counts| {
            Some(weighted_mean(&self.detail, counts)? / weighted_mean(&self.detail_of_original, counts)?)
        });
        // Of flat originals there is no ratio.
        let flat = Measured { value: 1.0, interval: None, n };
        Some(Reconstruction {
            rmse: root(&self.squared)?,
            rmse_authors: root(&authors)?,
            mae: bootstrap::mean(&self.absolute, seed)?,
            sharpness: sharpness.unwrap_or(flat),
        })
    }

    /// Adds `test` pictures and what 99 principal components of the `train` pictures make of them; false, and nothing
    /// added, where there are too few of those.
    pub fn add_pca(&mut self, train: &[&RgbImage], test: &[&RgbImage], seed: u64) -> bool {
        if train.len() <= CODE_DIM {
            return false;
        }
        let d = train[0].as_raw().len();
        let pca = Pca::fit(train.len(), d, CODE_DIM, seed, &mut |i, row: &mut [f32]| {
            row.iter_mut().zip(train[i].as_raw()).for_each(|(number, &level)| *number = f32::from(level));
        });
        let made: Vec<RgbImage> = test.par_iter().map(|picture| projected(&pca, picture)).collect();
        test.iter().zip(&made).for_each(|(original, made)| self.add(original, made));
        true
    }
}

/// What the components keep of a picture.
fn projected(pca: &Pca, picture: &RgbImage) -> RgbImage {
    let row: Vec<f32> = picture.as_raw().iter().map(|&level| f32::from(level)).collect();
    // A float becomes the nearest byte: `as` clamps to 0..255.
    let levels = pca.reconstruct(&pca.codes(&row)).into_iter().map(|level| level.round() as u8).collect();
    // As many numbers as the picture has.
    RgbImage::from_raw(picture.width(), picture.height(), levels).expect("a row of the picture's size")
}
