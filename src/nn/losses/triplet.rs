//! Triplets (section 5 of the method; Eq. 12 of the paper, which is misprinted there): a face lies nearer to one of its
//! own kind than to one of another.

use burn::tensor::{Bool, Int, Tensor, TensorData};

use super::mining::{Chosen, Mined};
use super::{UNDER_ROOT, constant, mean_of_valid};

/// How much nearer the own kind must lie.
pub const MARGIN: f64 = 0.2;
/// A triplet that is worse than this teaches nothing more.
pub const MOST: f64 = 0.4;
/// In these the negative is one of so many nearest ones.
pub const NEAREST: usize = 5;

/// Farther than any two codes: what may not be picked.
const FAR: f64 = 1e30;

/// The mean of `d(f, f+) - d(f, f-) + 0.2`, each clamped to 0..0.4, over the triplets that are valid; zero where none
/// is.
///
/// `f`: codes of one part `[n, k]`; `positive` and `negative`: for each row the row that it is compared with, below n
/// also where `valid` is 0; `valid`: 0 or 1 for each row. `d` is the Euclidean distance, or its square.
pub fn triplet(
    f: Tensor<2>,
    positive: Tensor<1, Int>,
    negative: Tensor<1, Int>,
    valid: Tensor<1>,
    squared: bool,
) -> Tensor<1> {
    let near = distance(f.clone(), f.clone().select(0, positive), squared);
    let far = distance(f.clone(), f.select(0, negative), squared);
    mean_of_valid((near - far).add_scalar(MARGIN).clamp(0.0, MOST), valid)
}

/// [`triplet`] with comparisons that were chosen on the CPU.
pub fn chosen_triplet(f: Tensor<2>, chosen: &Chosen, squared: bool) -> Tensor<1> {
    let positive = rows(&chosen.positive, &f);
    let negative = rows(&chosen.negative, &f);
    let valid = weights(&chosen.valid, &f);
    triplet(f, positive, negative, valid, squared)
}

/// [`triplet`] whose negatives are, for each row, one of the `of` nearest that `mined` allows.
pub fn mined_triplet(f: Tensor<2>, mined: &Mined, of: usize, squared: bool) -> Tensor<1> {
    let n = mined.valid.len();
    let allowed = Tensor::<2, Bool>::from_data(TensorData::new(mined.negative_allowed.clone(), [n, n]), &f.device());
    let pick = rows(&mined.ranks(of), &f);
    let negative = nearest_negative(f.clone(), allowed, pick, of);
    let positive = rows(&mined.positive, &f);
    let valid = weights(&mined.valid, &f);
    triplet(f, positive, negative, valid, squared)
}

/// For each row of `f` `[n, k]` the row of rank `pick` (0 is the nearest) among those that `allowed` `[n, n]` lets it
/// have. No gradient passes, and nothing is read back.
///
/// Ranks must lie below `of`, and below the number of rows that are allowed ([`Mined::ranks`] keeps to both); where
/// they do not, and where nothing is allowed, the row that comes back is one that was not allowed.
pub fn nearest_negative(f: Tensor<2>, allowed: Tensor<2, Bool>, pick: Tensor<1, Int>, of: usize) -> Tensor<1, Int> {
    let f = f.without_autodiff();
    let lengths = f.clone().square().sum_dim(1);
    let between = f.clone().matmul(f.transpose()).mul_scalar(2.0);
    let squares = lengths.clone() + lengths.transpose() - between;
    let order = squares.mask_fill(allowed.without_autodiff().bool_not(), FAR).argsort(1);
    let last = of.min(order.dims()[1]).saturating_sub(1) as i64;
    let pick = pick.without_autodiff().clamp(0, last);
    order.gather(1, pick.unsqueeze_dim::<2>(1)).squeeze_dim::<1>(1)
}

/// Distances between the rows of two tensors `[n, k]`, `[n]`.
fn distance(a: Tensor<2>, b: Tensor<2>, squared: bool) -> Tensor<1> {
    let squares = (a - b).square().sum_dim(1).squeeze_dim::<1>(1);
    if squared { squares } else { squares.add_scalar(UNDER_ROOT).sqrt() }
}

fn rows(places: &[i64], like: &Tensor<2>) -> Tensor<1, Int> {
    Tensor::from_data(TensorData::new(places.to_vec(), [places.len()]), &like.device())
}

fn weights(values: &[f32], like: &Tensor<2>) -> Tensor<1> {
    constant(values.to_vec(), [values.len()], like)
}
