//! Principal components of many long rows (pictures at 64 x 64, say), by a randomised SVD: where the PCA start of
//! training takes its codes from, and the baseline that a reconstruction is measured against (sections 4 and 7 of the
//! method). May use `data` for its file; computes on the CPU.
//!
//! Rows are never in memory together: they are asked for in blocks, three times over. A random subspace is multiplied
//! by the scatter matrix three times (that is a randomised SVD with two power iterations), and the components are the
//! principal axes of what is left.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use nalgebra::{DMatrix, SymmetricEigen};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use crate::data::atomic::{self, WriteError};

/// Directions carried along beside the wanted ones, so that the last of those converge, too.
const OVERSAMPLING: usize = 20;
const POWER_ITERATIONS: usize = 2;
/// Numbers of rows in memory at a time, 25 MB: 512 pictures at 64 x 64.
const BLOCK: usize = 512 * 64 * 64 * 3;
/// Shares of the largest variance below this are rounding, and so are spreads below this share of the mean's size.
const RANK_TOLERANCE: f64 = 1e-6;
/// The first bytes of a file.
const MAGIC: [u8; 8] = *b"fs-pca-1";

/// Principal components: `k` orthonormal directions of `d` numbers, widest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// How many components; fewer than were asked for where the rows span fewer directions.
    pub k: usize,
    /// Numbers in a row.
    pub d: usize,
    /// `[d]`.
    pub mean: Vec<f32>,
    /// `[k, d]`, row-major; of each row the largest entry is positive.
    pub components: Vec<f32>,
    /// `[k]`, sample variances along the components, all positive.
    pub variances: Vec<f32>,
}

/// Why a file of components cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PcaError {
    #[error("The principal components cannot be read ({detail}); make them again: {}", path.display())]
    Io { path: PathBuf, detail: String },
    #[error("This is no file of principal components; make them again: {}", .0.display())]
    NotPca(PathBuf),
    #[error("This file of principal components is cut off or damaged; make it again: {}", .0.display())]
    Damaged(PathBuf),
}

impl Pca {
    /// The first `k` components of `rows` rows of `d` numbers; `row` fills in the row of a number, which it is asked
    /// for three times. The same rows and seed give the same components.
    pub fn fit(rows: usize, d: usize, k: usize, seed: u64, row: &mut dyn FnMut(usize, &mut [f32])) -> Self {
        let width = (k + OVERSAMPLING).min(rows).min(d);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut basis: Vec<f32> = (0..width * d).map(|_| StandardNormal.sample(&mut random)).collect();
        let mut scatter = Scatter { rows, d, centre: vec![0.0; d], offset: None, row };
        let mut image = Vec::new();
        for _ in 0..=POWER_ITERATIONS {
            // The basis of the last round is still needed: the image is an image of it.
            if !image.is_empty() {
                basis = image;
            }
            orthonormalise(&mut basis, d);
            image = scatter.times(&basis);
        }
        let mean = scatter.mean();
        let rounding = rows as f64 * dot(&mean, &mean) * RANK_TOLERANCE.powi(2);
        let (components, variances) = principal(&basis, image, [d, k, rows], rounding);
        Self { k: variances.len(), d, mean, components, variances }
    }

    /// A row's `k` codes, which have mean zero and variance one over the rows that the components were taken from.
    pub fn codes(&self, x: &[f32]) -> Vec<f32> {
        let offset: Vec<f32> = x.iter().zip(&self.mean).map(|(x, mean)| x - mean).collect();
        let components = self.components.chunks_exact(self.d.max(1));
        components.zip(&self.variances).map(|(axis, variance)| dot(axis, &offset) as f32 / variance.sqrt()).collect()
    }

    /// The row of `d` numbers that has these codes.
    pub fn reconstruct(&self, codes: &[f32]) -> Vec<f32> {
        let mut row = self.mean.clone();
        for ((axis, code), variance) in self.components.chunks_exact(self.d.max(1)).zip(codes).zip(&self.variances) {
            add_scaled(&mut row, axis, code * variance.sqrt());
        }
        row
    }

    /// Root of the mean squared difference between a row and what its codes give back.
    pub fn error(&self, x: &[f32]) -> f64 {
        let back = self.reconstruct(&self.codes(x));
        let squares: f64 = x.iter().zip(&back).map(|(x, y)| f64::from(x - y).powi(2)).sum();
        (squares / x.len().max(1) as f64).sqrt()
    }

    /// Writes the components to a file, whole or not at all: eight bytes that name the format, k and d as 64-bit
    /// integers, then mean, components and variances as 32-bit floats, all little-endian.
    ///
    /// # Errors
    /// As [`atomic::write`].
    pub fn save(&self, path: &Path) -> Result<(), WriteError> {
        atomic::write_with(path, |out| {
            out.write_all(&MAGIC)?;
            out.write_all(&(self.k as u64).to_le_bytes())?;
            out.write_all(&(self.d as u64).to_le_bytes())?;
            for numbers in [&self.mean, &self.components, &self.variances] {
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                out.write_all(&bytes)?;
            }
            Ok(())
        })
    }

    /// Reads what [`Pca::save`] wrote.
    ///
    /// # Errors
    /// A file that cannot be read, is something else, or does not hold as much as its header says.
    pub fn load(path: &Path) -> Result<Self, PcaError> {
        let bytes =
            fs::read(path).map_err(|error| PcaError::Io { path: path.to_owned(), detail: error.to_string() })?;
        let rest = bytes.strip_prefix(&MAGIC).ok_or_else(|| PcaError::NotPca(path.to_owned()))?;
        Self::from_body(rest).ok_or_else(|| PcaError::Damaged(path.to_owned()))
    }

    fn from_body(bytes: &[u8]) -> Option<Self> {
        let (k, rest) = bytes.split_first_chunk::<8>()?;
        let (d, rest) = rest.split_first_chunk::<8>()?;
        let [k, d] = [k, d].map(|number| usize::try_from(u64::from_le_bytes(*number)).ok());
        let (k, d) = (k?, d?);
        let size = k.checked_mul(d)?;
        let total = size.checked_add(k)?.checked_add(d)?;
        let (words, left) = rest.as_chunks::<4>();
        if words.len() != total || !left.is_empty() {
            return None;
        }
        let mut numbers = words.iter().map(|word| f32::from_le_bytes(*word));
        let mut take = |count: usize| numbers.by_ref().take(count).collect::<Vec<f32>>();
        let (mean, components, variances) = (take(d), take(size), take(k));
        let finite = [&mean, &components, &variances].iter().all(|part| part.iter().all(|v| v.is_finite()));
        (finite && variances.iter().all(|&v| v > 0.0)).then_some(Self { k, d, mean, components, variances })
    }
}

/// The scatter matrix of the rows, which is never formed: the sum over rows of (x - mean)(x - mean)^T.
struct Scatter<'a> {
    rows: usize,
    d: usize,
    /// A point near the mean, taken from the rows: sums of large numbers that cancel would lose digits.
    centre: Vec<f32>,
    /// The mean minus `centre`, known after the first time through the rows.
    offset: Option<Vec<f32>>,
    row: &'a mut dyn FnMut(usize, &mut [f32]),
}

impl Scatter<'_> {
    /// The scatter matrix times each row of `basis` `[width, d]`.
    fn times(&mut self, basis: &[f32]) -> Vec<f32> {
        let (d, device) = (self.d, Device::flex());
        let width = basis.len() / d.max(1);
        if width == 0 {
            return Vec::new();
        }
        let tensor =
            |values: Vec<f32>, rows: usize| Tensor::<2>::from_data(TensorData::new(values, [rows, d]), &device);
        let directions = tensor(basis.to_vec(), width);
        let mut image = Tensor::<2>::zeros([width, d], &device);
        let mut sum = vec![0.0f64; d];
        for start in (0..self.rows).step_by(self.rows_in_block()) {
            let block = self.block(start);
            if self.offset.is_none() {
                for x in block.chunks_exact(d) {
                    sum.iter_mut().zip(x).for_each(|(sum, &x)| *sum += f64::from(x));
                }
            }
            let rows = block.len() / d;
            let block = tensor(block, rows);
            let along = block.clone().matmul(directions.clone().transpose());
            image = image + along.transpose().matmul(block);
        }
        let count = self.rows as f64;
        let mean = || sum.iter().map(|sum| (sum / count) as f32).collect();
        let offset: &[f32] = self.offset.get_or_insert_with(mean);
        // The CPU always gives its numbers back, and they were made as f32.
        let mut image = image.try_into_vec_as::<f32>().expect("a matrix of f32 on the CPU");
        for (row, direction) in image.chunks_exact_mut(d).zip(basis.chunks_exact(d)) {
            add_scaled(row, offset, (-count * dot(offset, direction)) as f32);
        }
        image
    }

    fn rows_in_block(&self) -> usize {
        (BLOCK / self.d.max(1)).max(1)
    }

    /// Rows from `start` on, minus the centre.
    fn block(&mut self, start: usize) -> Vec<f32> {
        let rows = self.rows_in_block().min(self.rows - start);
        let mut values = vec![0.0; rows * self.d];
        for (i, x) in values.chunks_exact_mut(self.d).enumerate() {
            (self.row)(start + i, x);
        }
        if start == 0 && self.offset.is_none() {
            for x in values.chunks_exact(self.d) {
                add_scaled(&mut self.centre, x, 1.0 / rows as f32);
            }
        }
        values.chunks_exact_mut(self.d).for_each(|x| add_scaled(x, &self.centre, -1.0));
        values
    }

    fn mean(&self) -> Vec<f32> {
        match &self.offset {
            Some(offset) => self.centre.iter().zip(offset).map(|(centre, offset)| centre + offset).collect(),
            None => self.centre.clone(),
        }
    }
}

/// Components and variances from an orthonormal `basis` Q and its `image` Z = C Q (both `[width, d]`, C the scatter).
///
/// With X the rows, X Q = P R for an orthonormal P, R^T R = Q^T Z, and P^T X = R^-T Z^T: its singular values and right
/// vectors are those of the rows, as far as the subspace goes.
/// Eigenvalues of the scatter below `rounding` are none.
fn principal(basis: &[f32], image: Vec<f32>, [d, k, rows]: [usize; 3], rounding: f64) -> (Vec<f32>, Vec<f32>) {
    if image.is_empty() || rows < 2 {
        return (Vec::new(), Vec::new());
    }
    let (values, vectors) = descending(products(basis, &image, d));
    let real = |values: &[f64]| values.iter().filter(|&&v| v > rounding.max(RANK_TOLERANCE * values[0])).count();
    let rank = real(&values);
    if rank == 0 {
        return (Vec::new(), Vec::new());
    }
    let whiten = DMatrix::from_fn(rank, values.len(), |i, j| vectors[(j, i)] / values[i].sqrt());
    let rows_of_b = combined(&whiten, image, d);

    let (values, vectors) = descending(products(&rows_of_b, &rows_of_b, d));
    let kept = real(&values).min(k);
    let turn = DMatrix::from_fn(kept, rank, |i, j| vectors[(j, i)] / values[i].sqrt());
    let mut components = combined(&turn, rows_of_b, d);
    orthonormalise(&mut components, d);
    components.chunks_exact_mut(d).for_each(orient);
    let variances = values[..kept].iter().map(|value| (value / (rows - 1) as f64) as f32).collect();
    (components, variances)
}

/// `matrix` `[m, n]` times `rows` `[n, d]`.
fn combined(matrix: &DMatrix<f64>, rows: Vec<f32>, d: usize) -> Vec<f32> {
    let device = Device::flex();
    let (m, n) = matrix.shape();
    if m == 0 {
        return Vec::new();
    }
    let weights: Vec<f32> = matrix.transpose().iter().map(|&weight| weight as f32).collect();
    let weights = Tensor::<2>::from_data(TensorData::new(weights, [m, n]), &device);
    let rows = Tensor::<2>::from_data(TensorData::new(rows, [n, d]), &device);
    // As in `Scatter::times`.
    weights.matmul(rows).try_into_vec_as::<f32>().expect("a matrix of f32 on the CPU")
}

/// The symmetric matrix of inner products of the rows of `a` with those of `b`.
fn products(a: &[f32], b: &[f32], d: usize) -> DMatrix<f64> {
    let n = a.len() / d;
    let entries: Vec<f64> = (0..n * n)
        .into_par_iter()
        .map(|at| if at / n <= at % n { dot(&a[at / n * d..][..d], &b[at % n * d..][..d]) } else { 0.0 })
        .collect();
    DMatrix::from_fn(n, n, |i, j| entries[i.min(j) * n + i.max(j)])
}

/// Eigenvalues, largest first, and eigenvectors as columns in the same order.
fn descending(matrix: DMatrix<f64>) -> (Vec<f64>, DMatrix<f64>) {
    let eigen = SymmetricEigen::new(matrix);
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let values = order.iter().map(|&i| eigen.eigenvalues[i]).collect();
    (values, eigen.eigenvectors.select_columns(&order))
}

/// Makes the rows orthonormal, by Gram and Schmidt's method; twice, since once leaves rounding. A row that the others
/// span becomes rounding, or zero.
fn orthonormalise(rows: &mut [f32], d: usize) {
    for _ in 0..2 {
        let mut rest = &mut *rows;
        while !rest.is_empty() {
            let (first, after) = std::mem::take(&mut rest).split_at_mut(d);
            let length = dot(first, first).sqrt();
            let scale = if length > f64::from(f32::MIN_POSITIVE) { (1.0 / length) as f32 } else { 0.0 };
            first.iter_mut().for_each(|v| *v *= scale);
            let first = &*first;
            after.par_chunks_exact_mut(d).for_each(|row| {
                let along = dot(first, row);
                add_scaled(row, first, -along as f32);
            });
            rest = after;
        }
    }
}

/// A component has no direction of its own; the one whose largest entry is positive is kept.
fn orient(axis: &mut [f32]) {
    let largest = axis.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(1.0);
    if largest < 0.0 {
        axis.iter_mut().for_each(|v| *v = -*v);
    }
}

fn add_scaled(to: &mut [f32], from: &[f32], scale: f32) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += scale * from);
}

/// The inner product, in lanes that do not wait for each other.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut lanes = [0.0f64; 8];
    for (a, b) in a.iter().zip(b) {
        for (lane, (&a, &b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += f64::from(a) * f64::from(b);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
    lanes.iter().sum::<f64>() + rest
}
