//! Pictures against pictures: the mean absolute error, and the contrast-structure term of SSIM (section 4 of the
//! method).

use burn::tensor::Tensor;

use super::constant;

/// Side of the Gaussian window in pixels; a picture must be at least as wide and high.
pub const WINDOW: usize = 31;
const SIGMA: f32 = 1.5;
/// (0.03 * 2)^2: SSIM's second constant for values that span a range of 2.
const C2: f64 = 0.0036;
const LEVELS: f64 = 255.0;

/// Mean |x - y| of pictures `[n, c, h, w]` in network space (where 1 is the whole range), in levels of 0..255.
pub fn l1_levels(x: Tensor<4>, y: Tensor<4>) -> Tensor<1> {
    (x - y).abs().mean().mul_scalar(LEVELS)
}

/// How alike two batches of pictures `[n, c, h, w]` are in contrast and structure, whatever their brightness: the mean
/// of `(2 cov(x, y) + C2) / (var(x) + var(y) + C2)` over a Gaussian window of 31 pixels, per channel, without padding.
/// 1 for equal pictures; a mean below 0 (opposite structure) is given as 0.
///
/// # Panics
/// Where a picture is smaller than [`WINDOW`] in either direction.
pub fn contrast_structure(x: Tensor<4>, y: Tensor<4>) -> Tensor<1> {
    let [_, _, height, width] = x.dims();
    assert!(height >= WINDOW && width >= WINDOW, "pictures of {width} x {height} are smaller than the window");
    // A Gaussian is separable: one product with a banded matrix along each direction.
    let across = constant(band(width), [width - WINDOW + 1, width], &x).transpose();
    let down = constant(band(height), [1, height - WINDOW + 1, height], &x);
    let blur = |map: Tensor<4>| blurred(map, across.clone(), down.clone());

    // Both variances are only needed as their sum, so four blurred maps do instead of five.
    let (mean_x, mean_y) = (blur(x.clone()), blur(y.clone()));
    let squares = blur(x.clone().square() + y.clone().square());
    let products = blur(x * y);
    let variances = squares - (mean_x.clone().square() + mean_y.clone().square());
    let covariance = products - mean_x * mean_y;
    let similarity = covariance.mul_scalar(2.0).add_scalar(C2) / variances.add_scalar(C2);
    // Clamped once it is a single number: clamped pixels would pass no gradient where they are worst.
    similarity.mean().clamp(0.0, 1.0)
}

/// `map` `[n, c, h, w]`, blurred to `[n * c, h - 30, w - 30]`.
fn blurred(map: Tensor<4>, across: Tensor<2>, down: Tensor<3>) -> Tensor<3> {
    let [n, channels, height, width] = map.dims();
    let narrow = width - WINDOW + 1;
    let rows = map.reshape([n * channels * height, width]).matmul(across);
    down.matmul(rows.reshape([n * channels, height, narrow]))
}

/// The blur of a row of `side` pixels as a matrix `[side - 30, side]`: each row the window, one place further on.
fn band(side: usize) -> Vec<f32> {
    let middle = (WINDOW / 2) as f32;
    let bell: [f32; WINDOW] = std::array::from_fn(|i| (-((i as f32 - middle) / SIGMA).powi(2) / 2.0).exp());
    let sum: f32 = bell.iter().sum();
    let outputs = side - WINDOW + 1;
    let mut matrix = vec![0.0; outputs * side];
    for (place, row) in matrix.chunks_exact_mut(side).enumerate() {
        for (weight, value) in row[place..].iter_mut().zip(bell) {
            *weight = value / sum;
        }
    }
    matrix
}
