//! The recogniser as a teacher, with one whose weights are drawn: what it says of pictures, and a training that hears it.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use facespace::nn::Recogniser;
use facespace::train::config;
use facespace::train::run_dir::RunDir;
use facespace::train::teachers::Teachers;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::micro::{self, finished, rarely_kept, with_steps};

/// Feature maps after each block.
const WIDTHS: [usize; 14] = [32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 256, 256, 256, 256];
const PERCEPTUAL: f64 = 4.0;
const IDENTITY: f64 = 2.0;
const PIXELS: usize = 3 * 128 * 128;

/// Names and shapes of its tensors as its file has them.
fn shapes() -> Vec<(String, Vec<usize>)> {
    let conv = |name: String, [output, input]: [usize; 2], kernel: usize| {
        let weight = (format!("{name}.weight"), vec![output, input, kernel, kernel]);
        [weight, (format!("{name}.bias"), vec![output])]
    };
    let mut shapes = conv("stem".to_owned(), [WIDTHS[0], 3], 7).to_vec();
    let mut input = WIDTHS[0];
    for (block, output) in WIDTHS.into_iter().enumerate() {
        shapes.extend(conv(format!("blocks.{block}.conv1"), [output, input], 3));
        shapes.extend(conv(format!("blocks.{block}.conv2"), [output, output], 3));
        input = output;
    }
    shapes.push(("fc.weight".to_owned(), vec![128, input]));
    shapes
}

/// A recogniser that knows nobody, in a file.
pub fn drawn_recogniser(folder: &Path) -> PathBuf {
    let mut state = 1_u64;
    let mut draw = |scale: f32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        scale * ((state >> 40) as f32 / (1 << 23) as f32 - 1.0)
    };
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = shapes()
        .into_iter()
        .map(|(name, shape)| {
            // What passes fourteen blocks neither grows nor fades.
            let inputs: usize = shape[1..].iter().product();
            let scale = if shape.len() == 1 { 0.05 } else { (2.0 / inputs as f32).sqrt() };
            let count: usize = shape.iter().product();
            let bytes = (0..count).flat_map(|_| draw(scale).to_le_bytes()).collect();
            (name, shape, bytes)
        })
        .collect();
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    let path = folder.join("drawn-recogniser.safetensors");
    fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    path
}

/// The same one, ready to look at pictures.
pub fn recogniser(path: &Path) -> Recogniser {
    Recogniser::load(fs::read(path).unwrap(), &Device::flex()).unwrap()
}

/// `n` pictures of soft stripes, other ones for each `kind`.
fn pictures(n: usize, kind: usize) -> Vec<f32> {
    let value = |i: usize| {
        let (picture, place) = (i / PIXELS, i % PIXELS);
        let (x, y) = (place % 128, place / 128 % 128);
        let wave = (x as f32 / (5 + picture + 3 * kind) as f32).sin() + (y as f32 / (7 + 2 * kind) as f32).cos();
        0.2 * wave + 0.05 * (place / (128 * 128)) as f32
    };
    (0..n * PIXELS).map(value).collect()
}

fn tensor(values: &[f32], device: &Device) -> Tensor<4> {
    let shape = [values.len() / PIXELS, 3, 128, 128];
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn teachers(recogniser: Option<&PathBuf>, perceptual: f64, identity: f64) -> Teachers {
    let settings = config::Teachers { recogniser: recogniser.cloned(), perceptual, identity };
    Teachers::load(&settings, &Device::flex().autodiff()).unwrap()
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.try_into_vec_as::<f32>().unwrap().into_iter().map(f64::from).collect()
}

fn number(tensor: Tensor<1>) -> f64 {
    f64::from(tensor.into_scalar::<f32>())
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-3 * expected.abs() + 1e-6, "{found} is not {expected}");
}

/// The mean squared distance of descriptors of `n` pictures each.
fn squared_distance(n: usize, a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / n as f64
}

#[test]
fn pictures_are_compared_as_the_recogniser_sees_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = drawn_recogniser(folder.path());
    let (plain, device) = (Device::flex(), Device::flex().autodiff());
    let (photographs, decoded) = (pictures(2, 0), pictures(2, 1));
    let recogniser = recogniser(&path);
    let [a, b] = [&photographs, &decoded].map(|values| recogniser.features(tensor(values, &plain)));
    // Each layer's mean difference over the mean size of what the photograph gives, and the mean of the four layers.
    let layers = a.activations.into_iter().zip(b.activations).map(|(a, b)| {
        let (a, b) = (numbers(a), numbers(b));
        let size: f64 = a.iter().map(|a| a.abs()).sum();
        a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f64>() / size
    });
    let perceptual = layers.sum::<f64>() / 4.0;
    let recognised = squared_distance(2, &numbers(a.descriptor), &numbers(b.descriptor));
    assert!(perceptual > 0.05 && recognised > 1e-3, "{perceptual} {recognised}");

    let seen = |perceptual: f64, identity: f64, decoded: &[f32]| {
        let teachers = teachers(Some(&path), perceptual, identity);
        let (total, losses) = teachers.picture_loss(tensor(&photographs, &device), tensor(decoded, &device))?;
        let losses: Vec<(&str, f64)> = losses.into_iter().map(|(name, value)| (name, number(value))).collect();
        Some((number(total.inner()), losses))
    };
    let (total, losses) = seen(PERCEPTUAL, IDENTITY, &decoded).unwrap();
    let [(first, seen_perceptual), (second, seen_recognised)] = losses[..] else { panic!("{losses:?}") };
    assert_eq!((first, second), ("perceptual", "recognised"));
    // Noted without their weights.
    assert_near(seen_perceptual, perceptual);
    assert_near(seen_recognised, recognised);
    assert_near(total, PERCEPTUAL * perceptual + IDENTITY * recognised);
    assert_near(seen(PERCEPTUAL, 0.0, &decoded).unwrap().0, PERCEPTUAL * perceptual);
    assert_near(seen(0.0, IDENTITY, &decoded).unwrap().0, IDENTITY * recognised);
    // The same pictures differ in nothing.
    assert_near(seen(PERCEPTUAL, IDENTITY, &photographs).unwrap().0, 0.0);
    assert!(seen(0.0, 0.0, &decoded).is_none());
}

#[test]
fn a_swapped_face_is_held_to_whoever_gave_its_identity() {
    let folder = tempfile::tempdir().unwrap();
    let path = drawn_recogniser(folder.path());
    let (plain, device) = (Device::flex(), Device::flex().autodiff());
    let (givers, decoded) = (pictures(2, 0), pictures(2, 1));
    let recogniser = recogniser(&path);
    let [a, b] = [&givers, &decoded].map(|values| numbers(recogniser.descriptors(tensor(values, &plain))));
    let taught = teachers(Some(&path), PERCEPTUAL, IDENTITY);
    let loss = |decoded: &[f32]| {
        let loss = taught.swapped_loss(tensor(&givers, &device), tensor(decoded, &device));
        number(loss.unwrap().inner())
    };
    assert_near(loss(&decoded), IDENTITY * squared_distance(2, &a, &b));
    assert_near(loss(&givers), 0.0);
    // It says nothing where it does not teach who is seen, or is not there.
    let silent = [teachers(Some(&path), PERCEPTUAL, 0.0), teachers(None, PERCEPTUAL, IDENTITY)];
    for teachers in silent {
        assert!(teachers.swapped_loss(tensor(&givers, &device), tensor(&decoded, &device)).is_none());
    }
    let nobody = teachers(None, PERCEPTUAL, IDENTITY);
    assert!(nobody.recogniser().is_none());
    assert!(nobody.picture_loss(tensor(&givers, &device), tensor(&decoded, &device)).is_none());
}

/// Along the gradient itself, where it is steepest: in single precision single pixels drown in rounding.
#[test]
fn its_gradient_is_that_of_finite_differences() {
    const STEP: f32 = 0.05;
    let folder = tempfile::tempdir().unwrap();
    let taught = teachers(Some(&drawn_recogniser(folder.path())), PERCEPTUAL, IDENTITY);
    let device = Device::flex().autodiff();
    let photographs = tensor(&pictures(1, 0), &device).require_grad();
    let values = pictures(1, 1);
    let decoded = tensor(&values, &device).require_grad();
    let (total, _) = taught.picture_loss(photographs.clone(), decoded.clone()).unwrap();
    let gradients = total.backward();
    let slopes = numbers(decoded.grad(&gradients).unwrap());
    let length = slopes.iter().map(|slope| slope * slope).sum::<f64>().sqrt();
    assert!(length.is_finite() && length > 1e-3, "{length}");
    // Photographs are what they are.
    let moved = photographs.grad(&gradients).map(|slopes| number(slopes.abs().sum()));
    assert_eq!(moved.unwrap_or(0.0), 0.0);

    let at = |step: f32| {
        let along = values.iter().zip(&slopes).map(|(value, slope)| value + step * (slope / length) as f32);
        let moved: Vec<f32> = along.collect();
        number(taught.picture_loss(photographs.clone(), tensor(&moved, &device)).unwrap().0.inner())
    };
    let expected = (at(STEP) - at(-STEP)) / f64::from(2.0 * STEP);
    assert!((length - expected).abs() < 0.05 * expected, "{length} is not {expected}");
}

#[test]
fn a_training_hears_its_teachers_in_every_stage() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let mut config = rarely_kept(with_steps(micro::config(faces.path()), [1, 2, 4, 1, 4]));
    // Few faces, since the recogniser is by far the largest network here.
    config.data.limit = 32;
    config.teachers = config::Teachers {
        recogniser: Some(drawn_recogniser(home.path())),
        perceptual: PERCEPTUAL,
        identity: IDENTITY,
    };
    config.autoencoder.feature_matching = 1.0;
    assert!(config.disentangle.descriptor > 0.0);
    let heard = finished(&run, &config);
    let count = |loss: &str| heard.losses.iter().filter(|name| *name == loss).count();
    // Two steps of stage one and four of stage three.
    assert_eq!((count("perceptual"), count("recognised"), count("swapped recognised")), (6, 6, 4));
    assert!(count("feature matching") > 0 && count("identity") > 0);
    // The targets of f_id: 128 numbers of each face.
    let faces = RunDir::read_status(&run).unwrap().pictures;
    assert!((16..=32).contains(&faces), "{faces}");
    assert_eq!(fs::metadata(run.join("cache/descriptors.f32")).unwrap().len(), faces * 4 * 128);
}
