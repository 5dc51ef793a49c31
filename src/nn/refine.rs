//! A face fitted to one picture of it: the encoder's answer is moved by gradient steps through `G(Phi^-1(f))` until the
//! generator's picture is nearer to the crop, held back by a pull towards that answer (sections 1 and 3 of the method
//! for what is passed).
//!
//! The networks stand still, folded and in evaluation mode; only the 99 numbers of `f` move. Pose is free, the other
//! parts are made unit length in the forward pass and put back onto their spheres after each step.

use std::f32::consts::PI;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use super::disentangler::{Inverse, unit};
use super::generator::Generator;
use super::model::FaceModel;
use super::{Code, NnError, picture};
use crate::face::{CODE_DIM, FaceCode, Part};

/// How many steps a fit takes.
pub const STEPS: usize = 200;

/// Adam's rate at the first step; it falls to zero along half a cosine.
const RATE: f32 = 0.012;
const BETAS: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;
/// What `|f - f0|^2` costs, in units of the error that the fit began with: an identity, expression and style that are
/// all 30 degrees off cost a quarter of it.
const PULL: f32 = 0.3;
/// A pixel in the middle of the crop counts as so many at the corners: hair and background matter less than the face.
const MIDDLE: f32 = 2.5;
/// How far that reaches, as a share of the crop's side.
const REACH: f32 = 0.4;

/// What a fit came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refined {
    /// The best of the faces that were tried, the first among them.
    pub face: FaceCode,
    /// Root of the mean squared pixel error of the first face, in levels of 0..255.
    pub rmse_before: f32,
    /// The same of the best one; never higher.
    pub rmse_after: f32,
}

/// A fit under way.
#[derive(Debug)]
pub struct Refiner {
    crop: RgbImage,
    from: FaceCode,
    passes: Passes,
    at: FaceCode,
    moments: [Code; 2],
    done: usize,
    outcome: Option<Refined>,
}

impl FaceModel {
    /// Begins to fit a face to a crop of 128 x 128, from a face that the encoder saw in it.
    ///
    /// # Errors
    /// [`NnError::PictureSize`].
    pub fn refiner(&self, crop: &RgbImage, from: &FaceCode) -> Result<Refiner, NnError> {
        Ok(Refiner {
            crop: crop.clone(),
            from: *from,
            passes: Passes::of(self, crop, from)?,
            at: *from,
            moments: [[0.0; CODE_DIM]; 2],
            done: 0,
            outcome: None,
        })
    }
}

impl Refiner {
    /// One gradient step; the lowest error so far, as [`Refined::rmse_after`] has it. A step that fails or panics leaves
    /// everything as it was.
    ///
    /// # Errors
    /// [`NnError::Device`], also where the numbers are not finite.
    pub fn step(&mut self) -> Result<f32, NnError> {
        let start = self.outcome.map_or(0.0, |outcome| (outcome.rmse_before / 255.0).powi(2));
        let (gradient, error) = self.passes.measure(&self.at.to_array(), PULL * start)?;
        let rmse = 255.0 * error.sqrt();
        let outcome = match self.outcome {
            None => Refined { face: self.at, rmse_before: rmse, rmse_after: rmse },
            Some(best) if rmse < best.rmse_after => Refined { face: self.at, rmse_after: rmse, ..best },
            Some(best) => best,
        };
        self.outcome = Some(outcome);
        self.advance(&gradient);
        Ok(outcome.rmse_after)
    }

    /// How many steps were made; a fit is at its end after [`STEPS`].
    pub fn done(&self) -> usize {
        self.done
    }

    /// The best so far; none before the first step.
    pub fn outcome(&self) -> Option<Refined> {
        self.outcome
    }

    /// Goes on with the networks of another model of the same weights where they lie on another device.
    ///
    /// # Errors
    /// As [`FaceModel::refiner`].
    pub fn follow(&mut self, model: &FaceModel) -> Result<(), NnError> {
        if self.passes.device != *model.device() {
            self.passes = Passes::of(model, &self.crop, &self.from)?;
        }
        Ok(())
    }

    /// Adam (Kingma and Ba 2015) on the 99 numbers.
    fn advance(&mut self, gradient: &Code) {
        let time = self.done as i32 + 1;
        let rate = RATE * (1.0 + (PI * self.done as f32 / STEPS as f32).min(PI).cos()) / 2.0;
        let [first, second] = &mut self.moments;
        let mut f = self.at.to_array();
        for (i, g) in gradient.iter().enumerate() {
            first[i] += (1.0 - BETAS[0]) * (g - first[i]);
            second[i] += (1.0 - BETAS[1]) * (g * g - second[i]);
            let mean = first[i] / (1.0 - BETAS[0].powi(time));
            let spread = (second[i] / (1.0 - BETAS[1].powi(time))).sqrt();
            f[i] -= rate * mean / (spread + EPSILON);
        }
        // A step is far shorter than a part, so it always has a direction; one that had none would not be taken.
        self.at = FaceCode::from_array(&f).unwrap_or(self.at);
        self.done += 1;
    }
}

/// The networks that a code passes, and what its picture is compared with; all on one device.
#[derive(Debug)]
struct Passes {
    inverse: Inverse,
    generator: Generator,
    /// `[1, 3, 128, 128]`, less the mean colour.
    crop: Tensor<4>,
    /// The mean colour, `[1, 3, 1, 1]`.
    mean: Tensor<4>,
    /// `[1, 1, 128, 128]`, one on average.
    weights: Tensor<4>,
    /// The encoder's answer, `[1, 99]`.
    from: Tensor<2>,
    /// With autodiff.
    device: Device,
}

impl Passes {
    fn of(model: &FaceModel, crop: &RgbImage, from: &FaceCode) -> Result<Self, NnError> {
        let device = model.device().clone().autodiff();
        Ok(Self {
            // Gradients pass through both and go to neither.
            inverse: model.inverse.clone().train().no_grad(),
            generator: model.generator.clone().train().no_grad(),
            crop: picture::to_tensor(&[&*model.prepared(crop)], &device)?,
            mean: Tensor::from_data(TensorData::new(picture::MEAN.to_vec(), [1, 3, 1, 1]), model.device()),
            weights: Tensor::from_data(TensorData::new(weights(), [1, 1, picture::SIDE, picture::SIDE]), &device),
            from: row(&from.to_array(), &device),
            device,
        })
    }

    /// The gradient of the weighted mean squared error plus `pull |f - f0|^2`, and the plain mean squared error of what
    /// a picture can show of it; pixels counted in 0..1.
    fn measure(&self, at: &Code, pull: f32) -> Result<(Code, f32), NnError> {
        let at = row(at, &self.device).require_grad();
        let f = on_spheres(&at);
        let shown = self.generator.forward(self.inverse.forward(f.clone()));
        let error = self.visible_error(shown.clone().inner());
        let squares = (shown - self.crop.clone()).square();
        let away = (f - self.from.clone()).square().sum();
        let loss = (squares * self.weights.clone()).mean() + away * pull;
        let mut gradients = loss.backward();
        let gradient = at
            .grad_remove(&mut gradients)
            .ok_or_else(|| NnError::Device { reason: "it gave no gradient".to_owned() })?;
        // Both in one tensor, so that the device is waited for once.
        let numbers = picture::read(Tensor::cat(vec![gradient.reshape([CODE_DIM]), error], 0))?;
        let Some((gradient, &[error])) = numbers.split_first_chunk::<CODE_DIM>() else {
            return Err(NnError::Device { reason: "it gave too few numbers".to_owned() });
        };
        if numbers.iter().any(|number| !number.is_finite()) {
            return Err(NnError::Device { reason: "its numbers are not finite".to_owned() });
        }
        Ok((*gradient, error))
    }

    /// Colours beyond black and white are those.
    fn visible_error(&self, shown: Tensor<4>) -> Tensor<1> {
        let colours = (shown + self.mean.clone()).clamp(0.0, 1.0);
        (colours - (self.crop.clone().inner() + self.mean.clone())).square().mean()
    }
}

/// `[1, 99]`.
fn row(code: &Code, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(code.to_vec(), [1, CODE_DIM]), device)
}

/// `[n, 99]` with identity, expression and style at length one.
fn on_spheres(code: &Tensor<2>) -> Tensor<2> {
    let part = |part: Part| {
        let numbers = code.clone().narrow(1, part.range().start, part.range().len());
        if part == Part::Pose { numbers } else { unit(numbers) }
    };
    Tensor::cat(Vec::from(Part::ALL.map(part)), 1)
}

/// What each pixel counts, row-major; one on average.
fn weights() -> Vec<f32> {
    let side = picture::SIDE;
    let offset = |i: usize| (i as f32 + 0.5) / side as f32 - 0.5;
    let weight = |x: f32, y: f32| 1.0 + (MIDDLE - 1.0) * (-(x * x + y * y) / (REACH * REACH)).exp();
    let mut weights: Vec<f32> = (0..side * side).map(|i| weight(offset(i % side), offset(i / side))).collect();
    let mean = weights.iter().sum::<f32>() / weights.len() as f32;
    weights.iter_mut().for_each(|weight| *weight /= mean);
    weights
}
