//! Each loss against small cases worked by hand, its gradients against finite differences, and who is compared with
//! whom.
//!
//! A tensor keeps the type that it was made with, and the losses make their constants of the type of their input; so
//! these tests compute in double precision without a change to the device, which other tests share.

mod adversarial;
mod classification;
mod diff_augment;
mod disentangle;
mod geometry;
mod mining;
mod reconstruction;
mod triplet;

use burn::tensor::{DType, Device, Int, Tensor, TensorData};

/// A tensor in double precision on the CPU.
fn tensor<const D: usize>(values: &[f64], shape: [usize; D]) -> Tensor<D> {
    on(&Device::flex(), values, shape)
}

fn on<const D: usize>(device: &Device, values: &[f64], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, DType::F64))
}

fn ints(values: &[i64]) -> Tensor<1, Int> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &Device::flex())
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.try_into_vec_as::<f64>().unwrap()
}

#[track_caller]
fn assert_value(found: Tensor<1>, expected: f64, tolerance: f64) {
    let found = found.into_scalar::<f64>();
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

/// Numbers in -1..1 that follow no pattern and are the same each time.
fn scattered(count: usize) -> Vec<f64> {
    (0..count).map(|i| ((i as f64 + 1.0) * 12.9898).sin() * 43.7585).map(|v| 2.0 * (v - v.floor()) - 1.0).collect()
}

/// The gradient of a loss by backpropagation.
fn gradient<const D: usize>(values: &[f64], shape: [usize; D], loss: impl Fn(Tensor<D>) -> Tensor<1>) -> Vec<f64> {
    let x = on(&Device::flex().autodiff(), values, shape).require_grad();
    let gradients = loss(x.clone()).backward();
    numbers(x.grad(&gradients).expect("the loss depends on its input"))
}

/// Holds the gradient of a loss against central differences, at up to a hundred places spread over the input. In double
/// precision a step of 1e-5 leaves errors of about 1e-10 of the loss's curvature.
#[track_caller]
fn assert_gradient<const D: usize>(values: &[f64], shape: [usize; D], loss: impl Fn(Tensor<D>) -> Tensor<1>) {
    const STEP: f64 = 1e-5;
    let found = gradient(values, shape, &loss);
    let largest = found.iter().fold(0.0_f64, |most, slope| most.max(slope.abs()));
    assert!(largest > 0.0 && largest.is_finite(), "the largest slope is {largest}");
    for place in (0..values.len()).step_by(values.len().div_ceil(100)) {
        let at = |offset: f64| {
            let mut moved = values.to_vec();
            moved[place] += offset;
            loss(tensor(&moved, shape)).into_scalar::<f64>()
        };
        let expected = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        let error = (found[place] - expected).abs();
        assert!(error <= 1e-5 * largest, "place {place}: {} is not {expected}", found[place]);
    }
}
