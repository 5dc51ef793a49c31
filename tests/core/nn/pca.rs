//! Principal components against a direct decomposition.

use std::fs;

use facespace::nn::Pca;
use facespace::nn::pca::PcaError;
use nalgebra::DMatrix;

/// Numbers that look random, in -1..1.
fn noise(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// Rows whose numbers vary less and less along hidden directions, far from zero.
fn rows(count: usize, d: usize, rank: usize) -> Vec<Vec<f32>> {
    let mut draw = noise(7);
    let axes: Vec<Vec<f32>> = (0..rank).map(|_| (0..d).map(|_| draw()).collect()).collect();
    let row = |_| {
        let mut row = vec![100.0; d];
        for (i, axis) in axes.iter().enumerate() {
            let along = draw() * 8.0 * 0.8f32.powi(i as i32);
            row.iter_mut().zip(axis).for_each(|(v, a)| *v += along * a);
        }
        row
    };
    (0..count).map(row).collect()
}

fn fit(rows: &[Vec<f32>], k: usize) -> Pca {
    Pca::fit(rows.len(), rows[0].len(), k, 5, &mut |i, row| row.copy_from_slice(&rows[i]))
}

#[test]
fn components_are_those_of_a_direct_decomposition() {
    let (n, d, k) = (90, 40, 6);
    let rows = rows(n, d, 30);
    let pca = fit(&rows, k);
    assert_eq!((pca.k, pca.d), (k, d));

    let mean: Vec<f64> = (0..d).map(|j| rows.iter().map(|row| f64::from(row[j])).sum::<f64>() / n as f64).collect();
    assert!(pca.mean.iter().zip(&mean).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-3));
    let centred = DMatrix::from_fn(n, d, |i, j| f64::from(rows[i][j]) - mean[j]);
    let svd = centred.svd(false, true);
    let v_t = svd.v_t.unwrap();
    for i in 0..k {
        let variance = svd.singular_values[i].powi(2) / (n - 1) as f64;
        assert!((f64::from(pca.variances[i]) / variance - 1.0).abs() < 1e-3, "variance {i}");
        let axis = &pca.components[i * d..][..d];
        let cosine: f64 = axis.iter().zip(v_t.row(i).iter()).map(|(a, b)| f64::from(*a) * b).sum();
        assert!(cosine.abs() > 0.999, "axis {i}: {cosine}");
        for j in 0..=i {
            let other = &pca.components[j * d..][..d];
            let dot: f32 = axis.iter().zip(other).map(|(a, b)| a * b).sum();
            assert!((dot - if i == j { 1.0 } else { 0.0 }).abs() < 1e-5, "axes {i} and {j}: {dot}");
        }
    }
}

#[test]
fn codes_have_mean_zero_and_variance_one() {
    let rows = rows(200, 50, 25);
    let pca = fit(&rows, 8);
    let codes: Vec<Vec<f32>> = rows.iter().map(|row| pca.codes(row)).collect();
    for i in 0..8 {
        let mean = codes.iter().map(|code| code[i]).sum::<f32>() / 200.0;
        let variance = codes.iter().map(|code| (code[i] - mean).powi(2)).sum::<f32>() / 199.0;
        assert!(mean.abs() < 1e-3 && (variance - 1.0).abs() < 1e-3, "code {i}: {mean}, {variance}");
    }
}

#[test]
fn rows_of_few_directions_have_few_components_and_come_back_whole() {
    let rows = rows(60, 30, 3);
    let pca = fit(&rows, 10);
    assert_eq!(pca.k, 3);
    assert!(rows.iter().all(|row| pca.error(row) < 1e-3));
    assert!(fit(&rows, 1).error(&rows[5]) > 0.1);
    let same = vec![vec![4.0; 12]; 9];
    let flat = fit(&same, 5);
    assert_eq!(flat.k, 0);
    assert!(flat.reconstruct(&[]).iter().all(|v| (v - 4.0).abs() < 1e-5));
    assert_eq!(fit(&same[..1], 5).k, 0);
}

/// So long that they do not fit into one block; what is hidden in them is small enough to be worked out directly.
#[test]
fn long_rows_pass_in_blocks() {
    let (n, d, rank) = (700, 20_000, 5);
    let mut draw = noise(3);
    let hidden = DMatrix::from_fn(n, rank, |_, j| f64::from(draw()) * (j + 1) as f64);
    let mut asked = 0;
    let pca = Pca::fit(n, d, rank, 1, &mut |i, row| {
        asked += 1;
        row.fill(50.0);
        // Hidden number j is spread over every fifth place, which is a unit vector times it.
        let unit = 1.0 / ((d / rank) as f64).sqrt();
        row.iter_mut().enumerate().for_each(|(at, v)| *v += (hidden[(i, at % rank)] * unit) as f32);
    });
    assert_eq!(asked, 3 * n);
    let means = hidden.row_mean();
    let centred = DMatrix::from_fn(n, rank, |i, j| hidden[(i, j)] - means[j]);
    let mut expected: Vec<f64> =
        centred.svd(false, false).singular_values.iter().map(|s| s * s / (n - 1) as f64).collect();
    expected.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(pca.k, rank);
    for (found, expected) in pca.variances.iter().zip(expected) {
        assert!((f64::from(*found) / expected - 1.0).abs() < 1e-2, "{found} for {expected}");
    }
}

#[test]
fn the_same_seed_gives_the_same_components() {
    let rows = rows(80, 35, 20);
    assert_eq!(fit(&rows, 7), fit(&rows, 7));
}

#[test]
fn components_are_kept_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.pca");
    let pca = fit(&rows(50, 12, 9), 4);
    pca.save(&path).unwrap();
    assert_eq!(Pca::load(&path).unwrap(), pca);

    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 24 + 4 * (12 + 48 + 4));
    for length in [8, 20, bytes.len() - 1] {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(matches!(Pca::load(&path), Err(PcaError::Damaged(_))), "{length} bytes");
    }
    let mut huge = bytes.clone();
    huge[8..24].fill(0xff);
    fs::write(&path, huge).unwrap();
    assert!(matches!(Pca::load(&path), Err(PcaError::Damaged(_))));
    fs::write(&path, "something else").unwrap();
    let error = Pca::load(&path).unwrap_err();
    assert!(matches!(error, PcaError::NotPca(_)) && error.to_string().ends_with("c.pca"), "{error}");
    assert!(matches!(Pca::load(&folder.path().join("no.pca")), Err(PcaError::Io { .. })));
}
