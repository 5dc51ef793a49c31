//! The recogniser against the outputs of an independent implementation of it.

use std::path::PathBuf;

use burn::tensor::{Device, Tensor};
use facespace::nn::recogniser::{DESCRIPTOR_DIM, Recogniser, RecogniserError};
use facespace::nn::{Variant, picture};
use image::{Rgb, RgbImage};

use super::{Tensors, assert_close, fixture, package};

/// As `parity` finds them: set FACESPACE_REFERENCE to the folder that holds `recogniser.safetensors` and
/// `io.safetensors`.
fn reference() -> Option<PathBuf> {
    let folder =
        std::env::var_os("FACESPACE_REFERENCE").map_or_else(|| package().join("../shared/reference"), PathBuf::from);
    if folder.join("recogniser.safetensors").exists() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no recogniser in {}", folder.display());
    None
}

#[test]
fn descriptors_match_those_of_the_reference() {
    let Some(folder) = reference() else { return };
    let device = Device::flex();
    let bytes = std::fs::read(folder.join("recogniser.safetensors")).unwrap();
    let io = Tensors::open(&folder.join("io.safetensors"));
    let x = io.get::<4>("x", &device);
    let expected = io.get::<2>("descriptor(x)", &device);

    let recogniser = Recogniser::load(bytes.clone(), &device).unwrap();
    assert_close("descriptors", recogniser.descriptors(x.clone()), expected.clone(), 1e-3);
    let features = recogniser.features(x.clone());
    let shapes = features.activations.each_ref().map(Tensor::dims);
    assert_eq!(shapes, [[4, 32, 35, 35], [4, 64, 17, 17], [4, 128, 8, 8], [4, 256, 4, 4]]);

    // With gradients it takes another way through the convolutions, and the pictures get them.
    let device = device.autodiff();
    let teacher = Recogniser::load(bytes, &device).unwrap();
    let x = io.get::<4>("x", &device).require_grad();
    let found = teacher.descriptors(x.clone());
    assert_close("descriptors with gradients", found.clone().inner(), expected, 1e-3);
    let gradients = found.square().sum().backward();
    let slope = x.grad(&gradients).unwrap().abs().sum().into_scalar::<f32>();
    assert!(slope.is_finite() && slope > 0.0, "{slope}");
}

#[test]
fn plain_pictures_get_the_same_descriptors() {
    let Some(folder) = reference() else { return };
    let device = Device::flex();
    let bytes = std::fs::read(folder.join("recogniser.safetensors")).unwrap();
    let recogniser = Recogniser::load(bytes, &device).unwrap();
    let side = picture::SIDE as u32;
    let drawn = |n: u32| RgbImage::from_fn(side, side, |x, y| Rgb([(x * n) as u8, (y * 2) as u8, (x + y) as u8]));
    let pictures: Vec<RgbImage> = (1..20).map(drawn).collect();
    let pictures: Vec<&RgbImage> = pictures.iter().collect();
    let described = recogniser.describe(&pictures).unwrap();
    assert_eq!(described.len(), pictures.len());
    let alone = recogniser.descriptors(picture::to_tensor(&pictures[17..18], &device).unwrap());
    let found = Tensor::<1>::from_floats(described[17], &device).reshape([1, DESCRIPTOR_DIM]);
    assert_close("the same picture in a batch", found, alone, 1e-4);
}

#[test]
fn other_files_are_refused_in_words() {
    let device = Device::flex();
    let error = Recogniser::load(fixture(Variant::Authors).0, &device).unwrap_err();
    assert!(matches!(&error, RecogniserError::OtherShape { faults } if faults.len() == 59), "{error}");
    assert!(error.to_string().contains("is missing") && error.to_string().len() < 300, "{error}");
    let error = Recogniser::load(b"no network".to_vec(), &device).unwrap_err();
    assert!(matches!(error, RecogniserError::Unreadable { .. }), "{error}");
}
