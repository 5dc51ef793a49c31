//! Square fields of numbers: what motion and change are computed on. Knows no photographs.
//!
//! Places are `[x, y]` with y downwards; the number of column i and row j lies at (i + 0.5, j + 0.5), as pixels do.
//! Beyond its border a field goes on as its mirror image where it is blurred and with its last number where it is read.

use crate::data::image::{RgbImage, cubic_weights, mirrored};

/// Standard deviation of the blur before every second point is dropped, in points.
const HALVING_BLUR: f32 = 0.8;
/// How far a Gaussian is followed, in standard deviations.
const BLUR_REACH: f32 = 2.5;

/// A square field with `C` numbers at each point, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plane<const C: usize> {
    side: usize,
    values: Vec<[f32; C]>,
}

impl Plane<3> {
    /// The colours of a square picture, 0..=255.
    pub(super) fn of(picture: &RgbImage) -> Self {
        let values = picture.pixels().map(|pixel| pixel.0.map(f32::from)).collect();
        Self { side: picture.width() as usize, values }
    }

    /// As bright as the eye sees it (Rec. 601), 0..=255.
    pub(super) fn light(&self) -> Plane<1> {
        self.map(|[red, green, blue]| [0.299 * red + 0.587 * green + 0.114 * blue])
    }
}

impl Plane<1> {
    /// How the numbers rise to the right and downwards, per point.
    pub(super) fn slopes(&self) -> Plane<2> {
        let last = self.side - 1;
        Plane::from_fn(self.side, |x, y| {
            let [left] = self.at(x.saturating_sub(1), y);
            let [right] = self.at((x + 1).min(last), y);
            let [above] = self.at(x, y.saturating_sub(1));
            let [below] = self.at(x, (y + 1).min(last));
            [(right - left) / 2.0, (below - above) / 2.0]
        })
    }
}

impl<const C: usize> Plane<C> {
    /// From a function of column and row.
    pub(super) fn from_fn(side: usize, mut value: impl FnMut(usize, usize) -> [f32; C]) -> Self {
        let mut values = Vec::with_capacity(side * side);
        for y in 0..side {
            values.extend((0..side).map(|x| value(x, y)));
        }
        Self { side, values }
    }

    pub(super) fn side(&self) -> usize {
        self.side
    }

    pub(super) fn at(&self, column: usize, row: usize) -> [f32; C] {
        self.values[row * self.side + column]
    }

    pub(super) fn values(&self) -> &[[f32; C]] {
        &self.values
    }

    pub(super) fn values_mut(&mut self) -> &mut [[f32; C]] {
        &mut self.values
    }

    pub(super) fn map<const D: usize>(&self, of: impl Fn([f32; C]) -> [f32; D]) -> Plane<D> {
        Plane { side: self.side, values: self.values.iter().map(|&v| of(v)).collect() }
    }

    /// Both fields point by point; they have one size.
    pub(super) fn with<const D: usize, const R: usize>(
        &self,
        other: &Plane<D>,
        of: impl Fn([f32; C], [f32; D]) -> [f32; R],
    ) -> Plane<R> {
        let pairs = self.values.iter().zip(&other.values);
        Plane { side: self.side, values: pairs.map(|(&a, &b)| of(a, b)).collect() }
    }

    /// Blurred by a Gaussian of this standard deviation, in points.
    pub(super) fn blurred(&self, sigma: f32) -> Self {
        let reach = (BLUR_REACH * sigma).ceil().max(1.0) as i64;
        let weights: Vec<f32> = (-reach..=reach).map(|i| (-((i * i) as f32) / (2.0 * sigma * sigma)).exp()).collect();
        let sum: f32 = weights.iter().sum();
        let weights: Vec<f32> = weights.into_iter().map(|w| w / sum).collect();
        self.rows_filtered(&weights).transposed().rows_filtered(&weights).transposed()
    }

    /// Each row under an odd number of weights.
    fn rows_filtered(&self, weights: &[f32]) -> Self {
        let reach = (weights.len() / 2) as i64;
        let length = self.side as i64;
        let sources: Vec<usize> = (-reach..length + reach).map(|i| mirrored(i, length)).collect();
        let mut values = vec![[0.0; C]; self.values.len()];
        let mut line = Vec::with_capacity(sources.len());
        for (row, sums) in self.values.chunks_exact(self.side).zip(values.chunks_exact_mut(self.side)) {
            line.clear();
            line.extend(sources.iter().map(|&i| row[i]));
            for (i, weight) in weights.iter().enumerate() {
                let taps = line[i..][..self.side].as_flattened();
                for (sum, tap) in sums.as_flattened_mut().iter_mut().zip(taps) {
                    *sum += weight * tap;
                }
            }
        }
        Self { side: self.side, values }
    }

    fn transposed(&self) -> Self {
        Self::from_fn(self.side, |x, y| self.at(y, x))
    }

    /// Half as many points on each axis, of an even number.
    pub(super) fn halved(&self) -> Self {
        let fine = self.blurred(HALVING_BLUR);
        Self::from_fn(self.side / 2, |x, y| {
            let [a, b] = [fine.at(2 * x, 2 * y), fine.at(2 * x + 1, 2 * y)];
            let [c, d] = [fine.at(2 * x, 2 * y + 1), fine.at(2 * x + 1, 2 * y + 1)];
            std::array::from_fn(|i| (a[i] + b[i] + c[i] + d[i]) / 4.0)
        })
    }

    /// Twice as many points on each axis, with the same numbers between them.
    pub(super) fn doubled(&self) -> Self {
        Self::from_fn(2 * self.side, |x, y| self.linear([x, y].map(|i| (i as f32 + 0.5) / 2.0)))
    }

    /// The numbers at a place, on straight lines between the points; the side is 2 or more.
    pub(super) fn linear(&self, place: [f32; 2]) -> [f32; C] {
        let last = self.side - 1;
        let [x, y] = place.map(|v| (v - 0.5).clamp(0.0, last as f32));
        let (column, row) = ((x as usize).min(last - 1), (y as usize).min(last - 1));
        let (right, down) = (x - column as f32, y - row as f32);
        let [a, b] = [self.at(column, row), self.at(column + 1, row)];
        let [c, d] = [self.at(column, row + 1), self.at(column + 1, row + 1)];
        std::array::from_fn(|i| {
            let (above, below) = (a[i] + right * (b[i] - a[i]), c[i] + right * (d[i] - c[i]));
            above + down * (below - above)
        })
    }

    /// The numbers at a place, by Catmull and Rom's cubic.
    pub(super) fn cubic(&self, place: [f32; 2]) -> [f32; C] {
        let last = self.side as i32 - 1;
        let [x, y] = place.map(|v| v.clamp(0.0, self.side as f32) - 0.5);
        // Neither is below -0.5: one more makes the cut a floor.
        let (column, row) = ((x + 1.0) as i32 - 1, (y + 1.0) as i32 - 1);
        let (across, down) = (cubic_weights(x - column as f32), cubic_weights(y - row as f32));
        let columns: [usize; 4] = std::array::from_fn(|i| (column - 1 + i as i32).clamp(0, last) as usize);
        let mut sum = [0.0; C];
        for (j, wy) in down.into_iter().enumerate() {
            let start = (row - 1 + j as i32).clamp(0, last) as usize * self.side;
            for (&i, wx) in columns.iter().zip(across) {
                let weight = wx * wy;
                for (sum, value) in sum.iter_mut().zip(&self.values[start + i]) {
                    *sum += weight * value;
                }
            }
        }
        sum
    }
}
