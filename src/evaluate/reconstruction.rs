//! Pictures against what is made of them, in levels of 0..255, and the linear baseline: PCA with as many numbers as a
//! code has.

use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Draws, Measured, weighted_mean};
use super::folds;
use crate::face::CODE_DIM;
use crate::nn::Pca;
use crate::nn::quality;

/// Components of the baseline: as many as a code has numbers, and as many as it has free ones, since the lengths of its
/// three directions are fixed.
pub const COMPONENTS: [usize; 2] = [CODE_DIM, CODE_DIM - 3];
/// How often a fit asks for each picture.
pub const PASSES: usize = 3;

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
    pub fn finish<'a>(&self, draws: impl Into<Draws<'a>>) -> Option<Reconstruction> {
        let (n, draws) = (self.squared.len(), draws.into());
        let authors: Vec<f64> = self.absolute.iter().map(|mae| mae * mae).collect();
        let root = |values: &[f64]| bootstrap::measure(n, draws, |counts| weighted_mean(values, counts).map(f64::sqrt));
        let sharpness = bootstrap::measure(n, draws, |counts| {
            Some(weighted_mean(&self.detail, counts)? / weighted_mean(&self.detail_of_original, counts)?)
        });
        // Of flat originals there is no ratio.
        let flat = Measured { value: 1.0, interval: None, n };
        Some(Reconstruction {
            rmse: root(&self.squared)?,
            rmse_authors: root(&authors)?,
            mae: bootstrap::mean(&self.absolute, draws)?,
            sharpness: sharpness.unwrap_or(flat),
        })
    }

    /// The pixel RMSE over that of `other`, to which the same originals were added in the same order, so that the
    /// interval is of the pictures' own differences. None where there is nothing to divide by.
    pub fn rmse_over<'a>(&self, other: &Tally, draws: impl Into<Draws<'a>>) -> Option<Measured> {
        let n = self.squared.len();
        if n != other.squared.len() {
            return None;
        }
        bootstrap::measure(n, draws, |counts| {
            Some((weighted_mean(&self.squared, counts)? / weighted_mean(&other.squared, counts)?).sqrt())
        })
    }
}

/// What principal components make of pictures: those of other pictures, or of each half of these for the other half.
pub struct Linear {
    /// One, or that of each half.
    fits: Vec<Pca>,
    /// The half of each face; empty where one serves all.
    half_of: Vec<usize>,
    /// Pictures of all fits.
    fitted: usize,
}

impl Linear {
    /// The components of `count` training pictures, all of one size, each of which is asked for three times, in order.
    /// None where there are no more pictures than components.
    ///
    /// # Errors
    /// What `picture` gives.
    pub fn of_others<E>(
        count: usize,
        seed: u64,
        picture: &mut dyn FnMut(usize) -> Result<RgbImage, E>,
    ) -> Result<Option<Self>, E> {
        if count <= CODE_DIM {
            return Ok(None);
        }
        let all: Vec<usize> = (0..count).collect();
        Ok(Some(Self { fits: vec![fit(&all, seed, picture)?], half_of: Vec::new(), fitted: count }))
    }

    /// The components of each half of the measured pictures, for the other half; pictures of one person are of one half.
    /// `people` has a number for each picture. None where a half has no more pictures than components.
    ///
    /// # Errors
    /// What `picture` gives.
    pub fn of_halves<E>(
        people: &[usize],
        seed: u64,
        picture: &mut dyn FnMut(usize) -> Result<RgbImage, E>,
    ) -> Result<Option<Self>, E> {
        let Some(half_of) = folds::dealt(people, 2, seed) else { return Ok(None) };
        let (first, second) = folds::split(&half_of, 1);
        if first.len().min(second.len()) <= CODE_DIM {
            return Ok(None);
        }
        let fits = vec![fit(&first, seed, picture)?, fit(&second, seed, picture)?];
        Ok(Some(Self { fits, half_of, fitted: people.len() }))
    }

    /// What the first so many components make of pictures of faces, numbered from `first` on, of the size of those that
    /// the components come from: for each number in [`COMPONENTS`], in its order. On all cores.
    pub fn made(&self, first: usize, pictures: &[RgbImage]) -> Vec<[RgbImage; COMPONENTS.len()]> {
        pictures.par_iter().enumerate().map(|(i, picture)| self.made_one(first + i, picture)).collect()
    }

    fn made_one(&self, face: usize, picture: &RgbImage) -> [RgbImage; COMPONENTS.len()] {
        // Each half is read by the fit of the other.
        let fit = &self.fits[self.half_of.get(face).map_or(0, |half| 1 - half)];
        let row: Vec<f32> = picture.as_raw().iter().map(|&level| f32::from(level)).collect();
        let codes = fit.codes(&row);
        COMPONENTS.map(|components| {
            // Pictures that vary in few ways have fewer components.
            let codes = &codes[..components.min(codes.len())];
            // A float becomes the nearest byte: `as` clamps to 0..255.
            let levels = fit.reconstruct(codes).into_iter().map(|level| level.round() as u8).collect();
            // As many numbers as the picture has.
            RgbImage::from_raw(picture.width(), picture.height(), levels).expect("a row of the picture's size")
        })
    }

    /// Where the components come from.
    pub fn fitted_on(&self) -> String {
        if self.half_of.is_empty() {
            format!("{} training faces", self.fitted)
        } else {
            "each half of these faces for the other half, by whole people".to_owned()
        }
    }
}

/// The components of the pictures of these numbers.
fn fit<E>(pictures: &[usize], seed: u64, picture: &mut dyn FnMut(usize) -> Result<RgbImage, E>) -> Result<Pca, E> {
    let d = picture(pictures[0])?.as_raw().len();
    let mut failed = None;
    let pca = Pca::fit(pictures.len(), d, CODE_DIM, seed, &mut |i, row: &mut [f32]| {
        // After a failure the rows stay empty; what comes of them is thrown away.
        if failed.is_none() {
            match picture(pictures[i]) {
                Ok(picture) => {
                    row.iter_mut().zip(picture.as_raw()).for_each(|(number, &level)| *number = f32::from(level));
                }
                Err(error) => failed = Some(error),
            }
        }
    });
    failed.map_or(Ok(pca), Err)
}
