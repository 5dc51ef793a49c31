//! All faces in a plane, by one part of their codes: the two directions in which that part differs most (principal
//! components).

use nalgebra::{DMatrix, SymmetricEigen};
use rayon::prelude::*;

use super::codes::Codes;
use crate::face::Part;

/// Faces of a partial sum; fixed, so that the sum does not hang on the number of cores.
const BLOCK: usize = 4096;

/// Where each face lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// A point for each face, in the order of the codes; the middle of all is the origin. Across and up, in the part's
    /// own measure (radians for pose).
    pub points: Vec<[f32; 2]>,
    /// The share of the part's variance that lies along each of the two, 0 to 1; zeros where all faces are the same.
    pub explained: [f32; 2],
}

/// The plane of a part. Of each of its two axes the largest number is positive, so that the same codes give the same map.
pub fn map(codes: &Codes, part: Part) -> Map {
    match part.unit() {
        Some(unit) => plane(codes.unit(unit)),
        None => plane(codes.pose()),
    }
}

fn plane<const N: usize>(rows: &[[f32; N]]) -> Map {
    let Principal { mean, axes, shares } = principal(rows);
    let point = |row: &[f32; N]| [0, 1].map(|axis| along(row, &mean, &axes[axis]));
    Map { points: rows.par_iter().map(point).collect(), explained: [0, 1].map(|axis| shares[axis]) }
}

/// The principal components of some rows, widest first; `N` is 2 or more.
pub(super) struct Principal<const N: usize> {
    pub mean: [f32; N],
    /// Unit vectors at right angles to each other.
    pub axes: Vec<[f32; N]>,
    /// The variance along each, over all variance.
    pub shares: Vec<f32>,
}

/// How far a row lies from the mean along an axis.
pub(super) fn along<const N: usize>(row: &[f32; N], mean: &[f32; N], axis: &[f32; N]) -> f32 {
    row.iter().zip(mean).zip(axis).map(|((value, mean), axis)| (value - mean) * axis).sum()
}

pub(super) fn principal<const N: usize>(rows: &[[f32; N]]) -> Principal<N> {
    let count = rows.len().max(1) as f64;
    let sums: Vec<[f64; N]> = rows.par_chunks(BLOCK).map(sum).collect();
    let mean: [f64; N] = std::array::from_fn(|i| sums.iter().map(|sum| sum[i]).sum::<f64>() / count);
    let squares: Vec<[[f64; N]; N]> = rows.par_chunks(BLOCK).map(|rows| products(rows, &mean)).collect();
    let covariance =
        DMatrix::from_fn(N, N, |i, j| squares.iter().map(|products| products[i.max(j)][i.min(j)]).sum::<f64>() / count);
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let axis = |column: usize| oriented(std::array::from_fn(|i| eigen.eigenvectors[(i, column)] as f32));
    let total: f64 = eigen.eigenvalues.iter().map(|value| value.max(0.0)).sum();
    let share = |column: usize| if total > 0.0 { (eigen.eigenvalues[column].max(0.0) / total) as f32 } else { 0.0 };
    Principal {
        mean: mean.map(|value| value as f32),
        axes: order.iter().map(|&column| axis(column)).collect(),
        shares: order.iter().map(|&column| share(column)).collect(),
    }
}

fn sum<const N: usize>(rows: &[[f32; N]]) -> [f64; N] {
    rows.iter().fold([0.0; N], |sum, row| std::array::from_fn(|i| sum[i] + f64::from(row[i])))
}

/// The sum of the products of each two numbers of a row, less the mean; the lower triangle.
fn products<const N: usize>(rows: &[[f32; N]], mean: &[f64; N]) -> [[f64; N]; N] {
    let mut sums = [[0.0; N]; N];
    for row in rows {
        let offset: [f64; N] = std::array::from_fn(|i| f64::from(row[i]) - mean[i]);
        for (i, sums) in sums.iter_mut().enumerate() {
            for (sum, other) in sums.iter_mut().zip(&offset).take(i + 1) {
                *sum += offset[i] * other;
            }
        }
    }
    sums
}

/// An axis has no direction of its own; the one whose largest number is positive is kept.
fn oriented<const N: usize>(axis: [f32; N]) -> [f32; N] {
    let largest = axis.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(1.0);
    if largest < 0.0 { axis.map(|value| -value) } else { axis }
}
