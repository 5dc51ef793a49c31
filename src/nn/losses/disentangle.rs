//! Codes against what they should be (section 5 of the method; Eq. 8 to 14 of the paper). Every L1 is a mean over batch
//! and dimensions.

use burn::tensor::{Tensor, s};

use super::{UNDER_ROOT, constant, mean_of_valid};
use crate::face::{CODE_DIM, Part};

/// Variances are standardised by the root of themselves plus this, so that a number that never changes counts for
/// nothing.
const LEAST_VARIANCE: f64 = 1e-6;

/// Mean |a - b| of codes `[n, k]`: `z` against `Phi^-1(f)`, an exchange against its known answer, or the paper's cycle
/// over all 99 numbers.
pub fn l1(a: Tensor<2>, b: Tensor<2>) -> Tensor<1> {
    (a - b).abs().mean()
}

/// The cycle: the code that was `asked` for against the one that is `seen` in its picture, both `[n, 99]`: mean |a - b|
/// over the 96 numbers that are not pose, to which each of the three that are adds with the weight `pose`.
pub fn cycle(asked: Tensor<2>, seen: Tensor<2>, pose: f64) -> Tensor<1> {
    let error = (asked - seen).abs();
    let rest = error.clone().slice(s![.., Part::Pose.range().end..]).mean();
    let share = pose * Part::Pose.range().len() as f64 / (CODE_DIM - Part::Pose.range().len()) as f64;
    if pose == 0.0 { rest } else { rest + error.slice(s![.., Part::Pose.range()]).mean().mul_scalar(share) }
}

/// Pose `f_p` `[n, 3]` in radians against the `truth` `[n, 3]`, over the rows whose `valid` `[n]` is 1: mean absolute
/// error (`paper`), or mean squared error (`authors`, `squared`). Zero where no row is valid; the truth of the others
/// may be any finite number.
pub fn pose(f_p: Tensor<2>, truth: Tensor<2>, valid: Tensor<1>, squared: bool) -> Tensor<1> {
    let error = f_p - truth;
    let error = if squared { error.square() } else { error.abs() };
    mean_of_valid(error.mean_dim(1).squeeze_dim::<1>(1), valid)
}

/// `1 - cos` between codes `f` and their `target`, both `[n, k]` of any length, over the rows whose `valid` `[n]` is 1;
/// zero where none is.
pub fn cosine(f: Tensor<2>, target: Tensor<2>, valid: Tensor<1>) -> Tensor<1> {
    let lengths = f.clone().square().sum_dim(1) * target.clone().square().sum_dim(1);
    let cos = (f * target).sum_dim(1) / lengths.add_scalar(UNDER_ROOT).sqrt();
    mean_of_valid(cos.neg().add_scalar(1.0).squeeze_dim::<1>(1), valid)
}

/// The sum of squared covariances between numbers of different parts of `f` `[n, 99]`, each number standardised over
/// the batch. Parts that have nothing to do with each other have about 3360 / n, by chance.
pub fn cross_covariance(f: Tensor<2>) -> Tensor<1> {
    let n = f.dims()[0];
    let centred = f.clone() - f.mean_dim(0);
    let spread = centred.clone().square().mean_dim(0).add_scalar(LEAST_VARIANCE).sqrt();
    let standard = centred / spread;
    let between = constant(part_pairs(), [CODE_DIM, CODE_DIM], &standard);
    let covariance = standard.clone().transpose().matmul(standard).div_scalar(n as f64);
    (covariance.square() * between).sum()
}

/// 1 where a row belongs to an earlier part than its column, `[99, 99]`: each pair once.
fn part_pairs() -> Vec<f32> {
    let part = |i: usize| Part::ALL.iter().position(|part| part.range().contains(&i));
    let pairs = (0..CODE_DIM).flat_map(|row| (0..CODE_DIM).map(move |column| (row, column)));
    pairs.map(|(row, column)| if part(row) < part(column) { 1.0 } else { 0.0 }).collect()
}
