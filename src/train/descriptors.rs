//! The recogniser's descriptors of every crop, as targets of `f_id` (section 5 of the method, "Small data: two
//! teachers"). Made once and kept on disk; in memory is one small matrix.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use image::RgbImage;
use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::batches::lock;
use super::error::TrainError;
use super::seen::plain;
use crate::data::atomic::{self, WriteError};
use crate::data::crops::CropSet;
use crate::face::PART_DIM;
use crate::nn::recogniser::{DESCRIPTOR_DIM, Recogniser};

/// Their file in the run's cache.
pub const DESCRIPTORS: &str = "descriptors.f32";
/// Crops whose pictures are in memory at a time.
const BLOCK: usize = 64;
const ROW_BYTES: usize = 4 * DESCRIPTOR_DIM;

/// Targets of f_id, read row by row.
pub struct Descriptors {
    path: PathBuf,
    file: Mutex<File>,
    mean: DVector<f64>,
    /// `[32, 128]`: principal axes, each over the square root of its singular value.
    axes: DMatrix<f64>,
}

impl Descriptors {
    /// Describes every crop of the set, or takes up what an earlier start has finished. `progress` hears how many of how
    /// many are done and answers false to stop.
    ///
    /// # Errors
    /// A set that cannot be read, a device that fails, a full disk; [`TrainError::Cancelled`].
    pub fn build(
        path: &Path,
        set: &CropSet,
        recogniser: &Recogniser,
        stretch: bool,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Self, TrainError> {
        let whole = (set.len() * ROW_BYTES) as u64;
        if !std::fs::metadata(path).is_ok_and(|about| about.len() == whole) {
            describe(path, set, recogniser, stretch, progress)?;
        }
        let unreadable = |e: std::io::Error| TrainError::Unreadable { path: path.to_owned(), detail: e.to_string() };
        let mut file = File::open(path).map_err(unreadable)?;
        let (mean, axes) = principal_axes(&mut file, set.len()).map_err(unreadable)?;
        Ok(Descriptors { path: path.to_owned(), file: Mutex::new(file), mean, axes })
    }

    /// The targets of these crops, unit vectors; none where a picture has no direction.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn targets(&self, crops: &[usize]) -> Result<Vec<Option<[f32; PART_DIM]>>, TrainError> {
        let unreadable = |e: std::io::Error| TrainError::Unreadable { path: self.path.clone(), detail: e.to_string() };
        let mut file = lock(&self.file);
        crops.iter().map(|&crop| Ok(self.target(&row(&mut file, crop).map_err(unreadable)?))).collect()
    }

    fn target(&self, descriptor: &DVector<f64>) -> Option<[f32; PART_DIM]> {
        let along = &self.axes * (descriptor - &self.mean);
        let length = along.norm();
        (length > 1e-9).then(|| std::array::from_fn(|i| (along[i] / length) as f32))
    }
}

fn describe(
    path: &Path,
    set: &CropSet,
    recogniser: &Recogniser,
    stretch: bool,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<(), TrainError> {
    let mut bytes = Vec::new();
    let total = set.len();
    let mut outcome = Ok(());
    let written = atomic::write_with(path, |out| {
        for first in (0..total).step_by(BLOCK) {
            bytes.clear();
            outcome = block(set, first..(first + BLOCK).min(total), recogniser, stretch, &mut bytes);
            if outcome.is_ok() && !progress(first as u64, total as u64) {
                outcome = Err(TrainError::Cancelled { discard: false });
            }
            if outcome.is_err() {
                return Err(std::io::ErrorKind::Interrupted.into());
            }
            out.write_all(&bytes)?;
        }
        Ok(())
    });
    outcome?;
    Ok(written.map_err(|e: WriteError| e)?)
}

fn block(
    set: &CropSet,
    crops: std::ops::Range<usize>,
    recogniser: &Recogniser,
    stretch: bool,
    bytes: &mut Vec<u8>,
) -> Result<(), TrainError> {
    let pictures = crops.map(|crop| plain(set, crop, stretch)).collect::<Result<Vec<RgbImage>, _>>()?;
    let described = recogniser.describe(&pictures.iter().collect::<Vec<_>>())?;
    bytes.extend(described.as_flattened().iter().flat_map(|number| number.to_le_bytes()));
    Ok(())
}

fn row(file: &mut File, crop: usize) -> std::io::Result<DVector<f64>> {
    let mut bytes = [0; ROW_BYTES];
    file.seek(SeekFrom::Start((crop * ROW_BYTES) as u64))?;
    file.read_exact(&mut bytes)?;
    let (numbers, _) = bytes.as_chunks::<4>();
    Ok(DVector::from_iterator(DESCRIPTOR_DIM, numbers.iter().map(|&n| f64::from(f32::from_le_bytes(n)))))
}

/// The mean of all descriptors, and their first 32 axes over the square roots of their singular values.
fn principal_axes(file: &mut File, count: usize) -> std::io::Result<(DVector<f64>, DMatrix<f64>)> {
    let mut mean = DVector::zeros(DESCRIPTOR_DIM);
    let mut squares = DMatrix::zeros(DESCRIPTOR_DIM, DESCRIPTOR_DIM);
    for crop in 0..count {
        let descriptor = row(file, crop)?;
        squares.ger(1.0, &descriptor, &descriptor, 1.0);
        mean += descriptor;
    }
    mean /= count.max(1) as f64;
    squares.ger(-(count as f64), &mean, &mean, 1.0);
    let eigen = SymmetricEigen::new(squares);
    let mut order: Vec<usize> = (0..DESCRIPTOR_DIM).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let axes = DMatrix::from_fn(PART_DIM, DESCRIPTOR_DIM, |axis, i| {
        let column = order[axis];
        // An eigenvalue is the square of a singular value.
        eigen.eigenvectors[(i, column)] / eigen.eigenvalues[column].max(1e-12).powf(0.25)
    });
    Ok((mean, axes))
}
