//! How far apart two sets of pictures are as a whole: the Frechet distance of the Gaussians that describe their rows of
//! features. In the features of a recogniser that the user has it is no FID, which needs Inception's, and it is to be
//! compared with figures of the same recogniser and as many pictures alone: it falls as their number rises.

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Interval, Measured, below};

/// Rows are drawn again in blocks of neighbours: pictures of one person lie side by side in most sets, and sums of
/// blocks are added up once.
const BLOCKS: usize = 100;
/// Samples drawn again; each costs two decompositions.
const RESAMPLES: usize = 200;

/// How far made pictures are from real ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frechet {
    pub distance: Measured,
    /// Of two halves of the real pictures from each other, which is as near as pictures of this kind come with half as
    /// many; none where the halves are too small.
    pub between_halves: Option<Measured>,
}

/// The fewest rows of so many numbers that describe a Gaussian.
pub fn needed(numbers: usize) -> usize {
    numbers + 1
}

/// The distance of made from real pictures by their features, rows of one length. None where there are fewer of either
/// than [`needed`], or a number is not finite.
pub fn compare<R: AsRef<[f32]>>(real: &[R], made: &[R], seed: u64) -> Option<Frechet> {
    let (real, made) = (Blocks::of(real)?, Blocks::of(made)?);
    let [even, odd] = real.halves();
    Some(Frechet { distance: measured(&real, &made, seed)?, between_halves: measured(&even, &odd, seed) })
}

/// The distance of two sets of rows of one length; `n` is the smaller number of rows. The interval says how far the
/// distance scatters where as many pictures are drawn anew: it is centred on the figure, since samples with repeated
/// pictures are farther apart by themselves. None as in [`compare`].
pub fn distance<R: AsRef<[f32]>>(a: &[R], b: &[R], seed: u64) -> Option<Measured> {
    measured(&Blocks::of(a)?, &Blocks::of(b)?, seed)
}

fn measured(a: &Blocks, b: &Blocks, seed: u64) -> Option<Measured> {
    let n = a.rows().min(b.rows());
    if n < needed(a.centre.len()) || a.centre.len() != b.centre.len() {
        return None;
    }
    let value = between(&a.gaussian(&vec![1; a.all.len()])?, &b.gaussian(&vec![1; b.all.len()])?);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = |blocks: &Blocks| {
        let mut counts = vec![0; blocks.all.len()];
        (0..counts.len()).for_each(|_| counts[below(&mut random, blocks.all.len())] += 1);
        blocks.gaussian(&counts)
    };
    let sample = |_| Some(between(&drawn(a)?, &drawn(b)?));
    let values: Vec<f64> = (0..RESAMPLES).filter_map(sample).collect();
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let centred = |range: Interval| Interval {
        low: (value + range.low - mean).max(0.0),
        high: (value + range.high - mean).max(0.0),
    };
    Some(Measured { value, interval: bootstrap::percentiles(values).map(centred), n })
}

/// Rows in blocks, as sums from which mean and covariance of any choice of blocks follow.
struct Blocks {
    /// A point near the mean: sums of large numbers that cancel would lose digits.
    centre: DVector<f64>,
    all: Vec<Block>,
}

#[derive(Clone)]
struct Block {
    rows: usize,
    /// Of the rows less the centre, and of their outer products.
    sum: DVector<f64>,
    products: DMatrix<f64>,
}

struct Gaussian {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl Blocks {
    /// None of no rows, and where a number is not finite.
    fn of<R: AsRef<[f32]>>(rows: &[R]) -> Option<Self> {
        let dim = rows.first()?.as_ref().len();
        let mut centre = DVector::<f64>::zeros(dim);
        for row in rows {
            centre.iter_mut().zip(row.as_ref()).for_each(|(sum, &number)| *sum += f64::from(number));
        }
        centre /= rows.len() as f64;
        if dim == 0 || centre.iter().any(|number| !number.is_finite()) {
            return None;
        }
        let count = BLOCKS.min(rows.len());
        let block = |i: usize| {
            let rows = &rows[i * rows.len() / count..(i + 1) * rows.len() / count];
            let offset = DMatrix::from_fn(rows.len(), dim, |i, j| f64::from(rows[i].as_ref()[j]) - centre[j]);
            Block { rows: rows.len(), sum: offset.row_sum_tr(), products: offset.tr_mul(&offset) }
        };
        let all = (0..count).map(block).collect();
        Some(Blocks { centre, all })
    }

    /// Every other block, and those between them.
    fn halves(&self) -> [Blocks; 2] {
        [0, 1].map(|first| Blocks {
            centre: self.centre.clone(),
            all: self.all.iter().skip(first).step_by(2).cloned().collect(),
        })
    }

    fn rows(&self) -> usize {
        self.all.iter().map(|block| block.rows).sum()
    }

    /// Mean and sample covariance of the rows where each block counts so often; none of fewer than two rows.
    fn gaussian(&self, counts: &[u32]) -> Option<Gaussian> {
        let dim = self.centre.len();
        let (mut total, mut mean, mut covariance) = (0.0, DVector::zeros(dim), DMatrix::zeros(dim, dim));
        for (block, &count) in self.all.iter().zip(counts).filter(|(_, count)| **count > 0) {
            let count = f64::from(count);
            total += count * block.rows as f64;
            mean.axpy(count, &block.sum, 1.0);
            covariance.zip_apply(&block.products, |sum: &mut f64, product| *sum += count * product);
        }
        if total < 2.0 {
            return None;
        }
        mean /= total;
        covariance -= &mean * mean.transpose() * total;
        covariance /= total - 1.0;
        Some(Gaussian { mean: mean + &self.centre, covariance })
    }
}

/// `|m_a - m_b|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2)`.
fn between(a: &Gaussian, b: &Gaussian) -> f64 {
    let root = square_root(&a.covariance);
    let product = &root * &b.covariance * &root;
    // Symmetric but for rounding; what should be 0 may be a little less.
    let symmetric = (&product + product.transpose()) * 0.5;
    let shared: f64 = symmetric.symmetric_eigenvalues().iter().map(|value| value.max(0.0).sqrt()).sum();
    let apart = (&a.mean - &b.mean).norm_squared();
    (apart + a.covariance.trace() + b.covariance.trace() - 2.0 * shared).max(0.0)
}

/// The symmetric root of a covariance.
fn square_root(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(covariance.clone());
    let mut scaled = eigenvectors.clone();
    for (mut column, value) in scaled.column_iter_mut().zip(eigenvalues.iter()) {
        column *= value.max(0.0).sqrt();
    }
    scaled * eigenvectors.transpose()
}
