//! What pictures go through before a network judges them: DiffAugment (translation and colour; the same policy on
//! everything that D_x sees in a step, section 4 of the method), and the small shift of swapped pictures before they
//! are encoded again (section 5).
//!
//! All of it is linear in the pixels, so gradients pass, and nothing is read back. Burn's CPU backend runs matrix
//! products on all cores and most else on one, and the gradient of a slice costs as much as the whole batch for each
//! picture. So colour is one 3 x 3 product a picture, and a shift is two products with matrices that hold a single one
//! in each row.

use burn::tensor::Tensor;
use rand_chacha::rand_core::Rng;

use super::{below, constant, uniform};

/// Largest translation, as a part of the picture's side.
const TRANSLATION: f32 = 1.0 / 8.0;
/// Largest change of brightness, where 1 is the whole range.
const BRIGHTNESS: f32 = 0.25;

/// What happens to one picture: brightness, then saturation, then contrast, then translation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// To the right and downwards, as a part of the picture's side.
    pub shift: [f32; 2],
    /// Added to every value.
    pub brightness: f32,
    /// Factor of each pixel's distance from its own grey.
    pub saturation: f32,
    /// Factor of each value's distance from the picture's mean.
    pub contrast: f32,
}

impl Row {
    /// Changes nothing.
    pub const PLAIN: Row = Row { shift: [0.0; 2], brightness: 0.0, saturation: 1.0, contrast: 1.0 };

    fn draw(rng: &mut impl Rng) -> Self {
        let mut around_zero = |most: f32| (2.0 * uniform(rng) - 1.0) * most;
        Self {
            shift: [around_zero(TRANSLATION), around_zero(TRANSLATION)],
            brightness: around_zero(BRIGHTNESS),
            saturation: 1.0 + around_zero(1.0),
            contrast: 1.0 + around_zero(0.5),
        }
    }
}

/// What happens to the pictures of a batch in one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// One for each picture.
    pub rows: Vec<Row>,
}

impl Policy {
    /// Draws a policy for batches of `n` pictures.
    pub fn draw(rng: &mut impl Rng, n: usize) -> Self {
        Self { rows: (0..n).map(|_| Row::draw(rng)).collect() }
    }

    /// Pictures `[n, c, h, w]` in network space after this policy; what a translation uncovers is 0, the mean colour.
    ///
    /// # Panics
    /// Where the batch is not of the size that the policy was drawn for.
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, _, height, width] = x.dims();
        assert_eq!(n, self.rows.len(), "a policy is drawn for each batch size");
        let pixels = |part: f32, side: usize| (part * side as f32).round() as i32;
        let shifts: Vec<[i32; 2]> =
            self.rows.iter().map(|row| [pixels(row.shift[0], width), pixels(row.shift[1], height)]).collect();
        shifted(self.recoloured(x), &shifts, Uncovered::Zero)
    }

    /// With the mean grey `m` of a pixel and the mean `M` of a picture, the three changes in a row are
    /// `c s x + c (1 - s) m + (1 - c) M + b`: a product over the channels, and one number a picture.
    fn recoloured(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, channels, height, width] = x.dims();
        let mut mix = Vec::with_capacity(n * channels * channels);
        for row in &self.rows {
            let grey = row.contrast * (1.0 - row.saturation) / channels as f32;
            for place in 0..channels * channels {
                let diagonal = place / channels == place % channels;
                mix.push(grey + if diagonal { row.contrast * row.saturation } else { 0.0 });
            }
        }
        let mix = constant(mix, [n, channels, channels], &x);
        let fade = constant(self.rows.iter().map(|row| 1.0 - row.contrast).collect(), [n, 1, 1], &x);
        let light = constant(self.rows.iter().map(|row| row.brightness).collect(), [n, 1, 1], &x);

        let mean = x.clone().reshape([n, 1, channels * height * width]).mean_dim(2);
        let mixed = mix.matmul(x.reshape([n, channels, height * width])) + (mean * fade + light);
        mixed.reshape([n, channels, height, width])
    }
}

/// Draws a shift for each of `n` pictures, `[right, down]`, of at most `most_px` pixels each way.
pub fn draw_shifts(rng: &mut impl Rng, n: usize, most_px: u32) -> Vec<[i32; 2]> {
    let mut draw = || below(rng, 2 * most_px as usize + 1) as i32 - most_px as i32;
    (0..n).map(|_| [draw(), draw()]).collect()
}

/// Pictures `[n, c, h, w]`, each moved by its shift in pixels, `[right, down]`; what that uncovers repeats the border.
///
/// # Panics
/// Where there is not a shift for each picture.
pub fn small_shift(x: Tensor<4>, shifts: &[[i32; 2]]) -> Tensor<4> {
    assert_eq!(x.dims()[0], shifts.len(), "each picture has a shift");
    shifted(x, shifts, Uncovered::Border)
}

/// What a shift puts where the picture has moved away.
#[derive(Clone, Copy)]
enum Uncovered {
    Zero,
    Border,
}

fn shifted(x: Tensor<4>, shifts: &[[i32; 2]], uncovered: Uncovered) -> Tensor<4> {
    if shifts.iter().all(|shift| *shift == [0, 0]) {
        return x;
    }
    let [n, channels, height, width] = x.dims();
    let matrices = |axis: usize, side: usize| {
        let mut values = vec![0.0; n * side * side];
        for (matrix, shift) in values.chunks_exact_mut(side * side).zip(shifts) {
            fill(matrix, side, shift[axis], uncovered);
        }
        values
    };
    let across = constant(matrices(0, width), [n, width, width], &x).swap_dims(1, 2);
    let down = constant(matrices(1, height), [n, 1, height, height], &x);
    let moved = x.reshape([n, channels * height, width]).matmul(across);
    down.matmul(moved.reshape([n, channels, height, width]))
}

/// Row i of the matrix takes the pixel that `shift` moves to place i.
fn fill(matrix: &mut [f32], side: usize, shift: i32, uncovered: Uncovered) {
    let last = side as i64 - 1;
    for (to, row) in matrix.chunks_exact_mut(side).enumerate() {
        let from = to as i64 - i64::from(shift);
        let from = match uncovered {
            Uncovered::Border => from.clamp(0, last),
            Uncovered::Zero if (0..=last).contains(&from) => from,
            Uncovered::Zero => continue,
        };
        row[from as usize] = 1.0;
    }
}
