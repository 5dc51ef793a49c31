//! Codes that no picture gave.

use std::collections::BTreeSet;

use burn::tensor::{Device, Tensor, TensorData};
use facespace::train::autoencoder::random_codes;
use facespace::train::config::RandomCodes;
use facespace::train::random::rng_for;

const DIM: usize = 99;

fn drawn(z: Vec<f32>, kind: RandomCodes, step: u64) -> Vec<f32> {
    let shape = [z.len() / DIM, DIM];
    let z = Tensor::<2>::from_data(TensorData::new(z, shape), &Device::flex());
    random_codes(z, kind, &mut rng_for(1, step, "codes")).try_into_vec_as().unwrap()
}

#[test]
fn codes_lie_on_the_arc_between_two_of_the_batch() {
    const N: usize = 40;
    // Row i is 1 at place i, so that a code tells whom it lies between.
    let mut z = vec![0.0; N * DIM];
    (0..N).for_each(|i| z[i * DIM + i] = 1.0);
    let codes = drawn(z.clone(), RandomCodes::Interpolated, 0);
    let mut partners = BTreeSet::new();
    for (i, code) in codes.chunks_exact(DIM).enumerate() {
        let others: Vec<(usize, f32)> =
            code.iter().copied().enumerate().filter(|&(place, value)| place != i && value != 0.0).collect();
        match others[..] {
            // sqrt(a)^2 + sqrt(1 - a)^2 is 1: as long as both are, where a straight line would be shorter.
            [(partner, value)] => {
                assert!((code[i] * code[i] + value * value - 1.0).abs() < 1e-5, "{i}: {} and {value}", code[i]);
                partners.insert(partner);
            }
            // It met itself.
            [] => {
                assert!((1.0..=1.4143).contains(&code[i]), "{i}: {}", code[i]);
                partners.insert(i);
            }
            _ => panic!("{i} lies between several: {others:?}"),
        }
    }
    // An order of the batch: everyone is somebody's partner, and each draw has another.
    assert_eq!(partners.len(), N);
    assert_eq!(codes, drawn(z.clone(), RandomCodes::Interpolated, 0));
    assert_ne!(codes, drawn(z, RandomCodes::Interpolated, 1));
}

#[test]
fn codes_from_the_prior_know_nothing_of_the_batch() {
    const N: usize = 60;
    let codes = drawn(vec![0.0; N * DIM], RandomCodes::Prior, 0);
    assert_eq!(codes, drawn(vec![5.0; N * DIM], RandomCodes::Prior, 0));
    let count = codes.len() as f32;
    let mean = codes.iter().sum::<f32>() / count;
    let variance = codes.iter().map(|value| value * value).sum::<f32>() / count;
    assert!(mean.abs() < 0.06 && (variance - 1.0).abs() < 0.09, "{mean} {variance}");
    // Between codes of a Gaussian they keep its variance.
    let between = drawn(codes, RandomCodes::Interpolated, 1);
    let variance = between.iter().map(|value| value * value).sum::<f32>() / count;
    assert!((variance - 1.0).abs() < 0.15, "{variance}");
}
