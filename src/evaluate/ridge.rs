//! Ridge regression of several numbers on numbers of codes, fitted on some items and read off others.

use nalgebra::DMatrix;

use crate::nn::Code;

/// Weight of the penalty, over the number of items; features have variance one.
const PENALTY: f64 = 1e-3;

/// Some of the items of a data set: the numbers at `places` of the codes of `items`.
pub struct Features<'a> {
    pub codes: &'a [Code],
    pub places: &'a [usize],
}

impl Features<'_> {
    fn of(&self, items: &[usize]) -> DMatrix<f64> {
        DMatrix::from_fn(items.len(), self.places.len(), |i, j| f64::from(self.codes[items[i]][self.places[j]]))
    }

    /// The regression of `targets` (a row for each item of `train`) as it predicts the items of `test`, a row for each.
    /// `weights` says how much each training item counts. None where nothing can be fitted.
    pub fn predict(
        &self,
        train: &[usize],
        targets: &DMatrix<f64>,
        weights: &[f64],
        test: &[usize],
    ) -> Option<DMatrix<f64>> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 || self.places.is_empty() {
            return None;
        }
        let (mut x, mut y, mut unseen) = (self.of(train), targets.clone(), self.of(test));
        let feature_means = centre(&mut x, weights, total);
        let target_means = centre(&mut y, weights, total);
        for (j, mean) in feature_means.into_iter().enumerate() {
            let squares: f64 = x.column(j).iter().zip(weights).map(|(v, w)| v * v * w).sum();
            let spread = (squares / total).sqrt();
            // A number that never changes says nothing.
            let scale = if spread > 1e-9 { 1.0 / spread } else { 0.0 };
            x.column_mut(j).iter_mut().for_each(|v| *v *= scale);
            unseen.column_mut(j).iter_mut().for_each(|v| *v = (*v - mean) * scale);
        }
        let mut weighted = x.clone();
        for (mut row, weight) in weighted.row_iter_mut().zip(weights) {
            row *= *weight;
        }
        let mut gram = weighted.tr_mul(&x);
        for i in 0..gram.nrows() {
            gram[(i, i)] += PENALTY * total;
        }
        let coefficients = gram.cholesky()?.solve(&weighted.tr_mul(&y));
        let mut predicted = unseen * coefficients;
        for (j, mean) in target_means.into_iter().enumerate() {
            predicted.column_mut(j).iter_mut().for_each(|v| *v += mean);
        }
        Some(predicted)
    }
}

/// Takes each column's weighted mean from it; the means.
fn centre(matrix: &mut DMatrix<f64>, weights: &[f64], total: f64) -> Vec<f64> {
    let mut means = Vec::with_capacity(matrix.ncols());
    for mut column in matrix.column_iter_mut() {
        let mean = column.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
        column.iter_mut().for_each(|v| *v -= mean);
        means.push(mean);
    }
    means
}
