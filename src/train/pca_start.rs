//! The PCA start (section 4 of the method): E learns to give the whitened principal components of pictures, G to make
//! the pictures from them. Both targets stand still, so nothing has to co-adapt, and on the CPU each trains on a core of
//! its own.

use std::thread;

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;
use rayon::prelude::*;

use super::accumulate::{self, Accumulated};
use super::adam::gradients_of;
use super::config::Config;
use super::error::TrainError;
use super::learner::{Learner, Losses};
use super::run_dir::RunDir;
use super::samplers::Pool;
use crate::data::atomic::WriteError;
use crate::data::crops::{CropSet, CropSetError};
use crate::data::image::views::{self, View};
use crate::face::CODE_DIM;
use crate::nn::Generator;
use crate::nn::losses::reconstruction::l1_levels;
use crate::nn::many;
use crate::nn::pca::Pca;
use crate::nn::picture::{MEAN, SIDE};

/// Their file in the run's cache.
pub const COMPONENTS: &str = "components.pca";
/// Side of the pictures whose components are taken.
const SMALL: usize = SIDE / 2;
const NUMBERS: usize = 3 * SMALL * SMALL;

/// Whitened components as tensors: a picture's codes are one product away.
pub struct Target {
    /// `[12288, 99]`, each column over the root of its variance.
    axes: Tensor<2>,
    /// `[1, 12288]`.
    mean: Tensor<2>,
    /// `[1, 99]`, what each code's error counts: its standard deviation over their mean. All alike, E would spend itself
    /// on the many that hardly show; by their variances, which is what they are worth in pixels, it was measured to
    /// learn less as well.
    worth: Tensor<2>,
}

/// Pictures of the pool in a random order, at 64 x 64, as bytes: red, green and blue planes.
fn small_pictures(set: &CropSet, pool: &Pool, most: usize, config: &Config) -> Result<Vec<Vec<u8>>, CropSetError> {
    let chosen = pool.some(most, config.seed, "principal components");
    let stretch = config.data.stretches();
    chosen
        .par_iter()
        .filter_map(|&crop| match set.picture(crop) {
            Ok(stored) => Some(Ok(halved(&views::render(&stored, &View::plain(), stretch)))),
            // One that cannot be read is missed by nobody among thousands.
            Err(CropSetError::BadPicture { .. }) => None,
            Err(error) => Some(Err(error)),
        })
        .collect()
}

/// The mean of every 2 x 2 pixels.
fn halved(picture: &RgbImage) -> Vec<u8> {
    let mut small = vec![0; NUMBERS];
    for (channel, plane) in small.chunks_exact_mut(SMALL * SMALL).enumerate() {
        for (place, value) in plane.iter_mut().enumerate() {
            let (x, y) = (2 * (place % SMALL) as u32, 2 * (place / SMALL) as u32);
            let four = [(0, 0), (1, 0), (0, 1), (1, 1)];
            let sum: u16 = four.iter().map(|(dx, dy)| u16::from(picture.get_pixel(x + dx, y + dy)[channel])).sum();
            *value = ((sum + 2) / 4) as u8;
        }
    }
    small
}

/// The components of the training's pictures and their mirrors, from the run's cache where they are there; and whether
/// that has them now.
///
/// # Errors
/// A set that cannot be read.
pub fn components(
    run: &RunDir,
    set: &CropSet,
    pool: &Pool,
    config: &Config,
) -> Result<(Pca, Result<(), WriteError>), TrainError> {
    let path = run.file(RunDir::CACHE).join(COMPONENTS);
    if let Ok(pca) = Pca::load(&path)
        && pca.d == NUMBERS
    {
        return Ok((pca, Ok(())));
    }
    let pictures = small_pictures(set, pool, config.pca_start.pictures, config)?;
    let count = pictures.len();
    let mut row = |i: usize, out: &mut [f32]| {
        let (picture, mirrored) = (&pictures[i % count], i >= count);
        for (place, value) in out.iter_mut().enumerate() {
            let x = place % SMALL;
            let from = if mirrored { place - x + (SMALL - 1 - x) } else { place };
            *value = f32::from(picture[from]) / 255.0 - MEAN[place / (SMALL * SMALL)];
        }
    };
    let pca = Pca::fit(2 * count, NUMBERS, CODE_DIM, config.seed, &mut row);
    let cached = pca.save(&path);
    Ok((pca, cached))
}

impl Target {
    /// On the device that trains, without gradients.
    pub fn new(pca: &Pca, device: &Device) -> Self {
        let mut axes = vec![0.0; NUMBERS * CODE_DIM];
        for (column, (axis, variance)) in pca.components.chunks_exact(pca.d).zip(&pca.variances).enumerate() {
            for (row, value) in axis.iter().enumerate() {
                axes[row * CODE_DIM + column] = value / variance.sqrt().max(1e-6);
            }
        }
        let deviations: Vec<f32> = pca.variances.iter().map(|variance| variance.sqrt()).collect();
        let mean = deviations.iter().sum::<f32>() / deviations.len().max(1) as f32;
        let mut worth: Vec<f32> = deviations.iter().map(|deviation| deviation / mean.max(1e-9)).collect();
        // Small sets span fewer directions than a code has.
        worth.resize(CODE_DIM, 0.0);
        Target {
            worth: Tensor::from_data(TensorData::new(worth, [1, CODE_DIM]), device),
            axes: Tensor::from_data(TensorData::new(axes, [NUMBERS, CODE_DIM]), device),
            mean: Tensor::from_data(TensorData::new(pca.mean.clone(), [1, NUMBERS]), device),
        }
    }

    /// Pictures `[n, 3, 128, 128]` -> whitened codes `[n, 99]`.
    pub fn codes(&self, pictures: Tensor<4>) -> Tensor<2> {
        let n = pictures.dims()[0];
        // [n, 3, 64, 2, 64, 2], the mean over both twos.
        let small = pictures.reshape([n, 3, SMALL, 2, SMALL, 2]).mean_dim(5).mean_dim(3);
        (small.reshape([n, NUMBERS]) - self.mean.clone()).matmul(self.axes.clone())
    }
}

/// G as it begins: it hears each code as loud as that code shows in pictures, so that it need not first learn to ignore
/// the many that hardly do. `loudness` are the components' standard deviations over their root mean square.
pub fn attuned(generator: Generator, pca: &Pca) -> Generator {
    let mean = pca.variances.iter().sum::<f32>() / pca.variances.len().max(1) as f32;
    let mut loudness: Vec<f32> = pca.variances.iter().map(|variance| (variance / mean.max(1e-9)).sqrt()).collect();
    loudness.resize(CODE_DIM, 0.0);
    generator.listening(&loudness)
}

/// Where E and G compute: on the CPU a thread each, which burn's backend then keeps to.
pub struct Cores(Option<[rayon::ThreadPool; 2]>);

impl Cores {
    /// # Errors
    /// [`TrainError::NoThread`].
    pub fn new(device: &Device) -> Result<Self, TrainError> {
        let alone = |name| many::alone(name).map_err(|e| TrainError::NoThread(e.to_string()));
        let on_cpu = device.clone().without_autodiff() == Device::flex();
        let several = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
        Ok(Cores(if on_cpu && several { Some([alone("train-e")?, alone("train-g")?]) } else { None }))
    }

    /// Both, side by side where there are cores for it.
    fn both<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        let Some([first, second]) = &self.0 else { return (a(), b()) };
        thread::scope(|scope| {
            let other = scope.spawn(|| first.install(a));
            let b = second.install(b);
            // It panics only where the backend does; that is passed on as it came.
            (other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), b)
        })
    }
}

/// One step of both on pictures `[n, 3, 128, 128]`.
pub fn step(learner: &mut Learner, config: &Config, target: &Target, cores: &Cores, pictures: &Tensor<4>) -> Losses {
    let n = pictures.dims()[0];
    let parts = accumulate::parts(config.batch.accumulate, n);
    let mut sum = Accumulated::new(parts);
    for rows in accumulate::spans(n, parts) {
        let pictures = pictures.clone().slice_dim(0, rows);
        let codes = target.codes(pictures.clone());
        let (encoder, generator) = (&learner.networks.E, &learner.networks.G);
        let encode = || {
            let squares = (encoder.forward(pictures.clone()) - codes.clone()).square();
            let error = (squares * target.worth.clone()).mean();
            (gradients_of("E", encoder, &mut error.backward()), error.inner())
        };
        let decode = || {
            let error = l1_levels(pictures.clone(), generator.forward(codes.clone()));
            (gradients_of("G", generator, &mut error.backward()), error.inner())
        };
        let ((mut gradients, code_error), (for_generator, picture_error)) = cores.both(encode, decode);
        gradients.extend(for_generator);
        sum.add(gradients, vec![("codes", code_error), ("reconstruction", picture_error)]);
    }
    learner.update_autoencoder(config.pca_start.learning_rate, &mut sum);
    sum.losses()
}
