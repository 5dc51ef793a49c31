//! The model behind plain types: pictures in, pictures out, the same numbers as the networks.

use std::sync::atomic::{AtomicUsize, Ordering};

use burn::tensor::{Device, Tensor, TensorData};
use facespace::face::CODE_DIM;
use facespace::nn::picture::{MEAN, SIDE, from_tensor, to_tensor};
use facespace::nn::{Code, FaceModel, NnError, Variant};
use image::{Rgb, RgbImage};

use super::{assert_close, fixture};

fn model() -> FaceModel {
    let device = Device::flex();
    FaceModel::new(fixture(Variant::Authors).networks(&device), &device)
}

/// Pictures that differ from each other in every pixel.
fn picture(number: usize) -> RgbImage {
    RgbImage::from_fn(SIDE as u32, SIDE as u32, |x, y| {
        let level = |factor: usize| ((x as usize * factor + y as usize * 3 + number * 29) % 256) as u8;
        Rgb([level(1), level(2), level(5)])
    })
}

fn pictures(count: usize) -> Vec<RgbImage> {
    (0..count).map(picture).collect()
}

fn assert_codes_close(found: &[Code], expected: &[Code], tolerance: f32) {
    let tensor = |codes: &[Code]| {
        let data = TensorData::new(codes.as_flattened().to_vec(), [codes.len(), CODE_DIM]);
        Tensor::<2>::from_data(data, &Device::flex())
    };
    assert_close("codes", tensor(found), tensor(expected), tolerance);
}

#[test]
fn pictures_survive_the_tensor() {
    let device = Device::flex();
    let given = pictures(3);
    let tensor = to_tensor(&given.iter().collect::<Vec<_>>(), &device).unwrap();
    assert_eq!(tensor.dims(), [3, 3, SIDE, SIDE]);
    assert_eq!(from_tensor(tensor).unwrap(), given);
}

#[test]
fn channels_and_rows_lie_where_the_networks_expect_them() {
    let mut given = RgbImage::new(SIDE as u32, SIDE as u32);
    given.put_pixel(5, 2, Rgb([0, 255, 51]));
    let values: Vec<f32> = to_tensor(&[&given], &Device::flex()).unwrap().try_into_vec_as().unwrap();
    let at = |channel: usize, y: usize, x: usize| values[(channel * SIDE + y) * SIDE + x];
    assert_eq!(at(0, 2, 5), -MEAN[0]);
    assert_eq!(at(1, 2, 5), 1.0 - MEAN[1]);
    assert_eq!(at(2, 2, 5), 0.2 - MEAN[2]);
    assert_eq!(at(1, 5, 2), -MEAN[1]);
}

#[test]
fn colours_out_of_range_are_clamped_and_others_rounded() {
    let device = Device::flex();
    let level = |level: f32| {
        let values = (0..3 * SIDE * SIDE).map(|index| level / 255.0 - MEAN[index / (SIDE * SIDE)]).collect();
        let tensor = Tensor::from_data(TensorData::new(values, [1, 3, SIDE, SIDE]), &device);
        from_tensor(tensor).unwrap()[0].get_pixel(64, 64).0
    };
    assert_eq!(level(-40.0), [0; 3]);
    assert_eq!(level(300.0), [255; 3]);
    assert_eq!(level(100.4), [100; 3]);
    assert_eq!(level(100.6), [101; 3]);
}

#[test]
fn a_picture_of_another_size_is_refused() {
    let error = model().encode(&[picture(0), RgbImage::new(64, 128)]).unwrap_err();
    assert!(matches!(error, NnError::PictureSize { width: 64, height: 128, side: 128 }), "{error}");
}

#[test]
fn the_model_agrees_with_the_networks() {
    let device = Device::flex();
    let networks = fixture(Variant::Authors).networks(&device);
    let model = model();
    let given = picture(4);
    let x = to_tensor(&[&given], &device).unwrap();
    let z = networks.E.forward(x);
    let f = networks.phi.forward(z.clone());
    let encoded = model.encode(std::slice::from_ref(&given)).unwrap()[0];
    let row = |tensor: Tensor<2>| -> Code { tensor.try_into_vec_as::<f32>().unwrap().try_into().unwrap() };
    assert_codes_close(&[encoded.z], &[row(z.clone())], 1e-5);
    assert_codes_close(&[encoded.f], &[row(f.clone())], 1e-5);
    assert_codes_close(&model.disentangle(&[encoded.z]).unwrap(), &[encoded.f], 1e-5);
    let z_tilde = model.entangle(&[encoded.f]).unwrap();
    assert_codes_close(&z_tilde, &[row(networks.phi_inverse.forward(f))], 1e-5);

    // Rounding may fall to either side, so one level of difference is allowed.
    let decoded = model.decode(&[encoded.f]).unwrap();
    let latent = model.decode_latent(&z_tilde).unwrap();
    let unfolded = from_tensor(networks.G.forward(networks.phi_inverse.forward(networks.phi.forward(z)))).unwrap();
    for other in [&latent, &unfolded] {
        assert!(decoded[0].iter().zip(other[0].iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
    }
}

#[test]
fn more_than_a_batch_comes_back_in_order() {
    let model = model();
    let given = pictures(35);
    let together = model.encode(&given).unwrap();
    assert_eq!(together.len(), 35);
    let alone = model.encode(&given[34..]).unwrap();
    assert_codes_close(&[together[34].z], &[alone[0].z], 1e-5);
    assert!(model.encode(&[]).unwrap().is_empty());
}

#[test]
fn absent_expressions_have_no_probability() {
    let f_e = [[0.2; 32], [-0.1; 32]];
    let all = model().expression(&f_e).unwrap();
    let masked = model().with_absent_classes(&[7]).expression(&f_e).unwrap();
    for (all, masked) in all.iter().zip(&masked) {
        assert_eq!(all.len(), 8);
        assert_eq!(masked[7], 0.0);
        assert!((all.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((masked.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        // What is left keeps its proportions.
        assert!((masked[0] / masked[3] - all[0] / all[3]).abs() < 1e-4);
    }
}

#[test]
fn encoding_many_equals_encoding() {
    let model = model();
    let highest = AtomicUsize::new(0);
    let progress = |done: usize| {
        highest.fetch_max(done, Ordering::Relaxed);
    };
    let many = model.encode_many(37, |number| Ok::<_, NnError>(picture(number)), progress).unwrap();
    let expected = model.encode(&pictures(37)).unwrap();
    assert_eq!(many.len(), 37);
    for (found, expected) in many.iter().zip(&expected) {
        assert_codes_close(&[found.z, found.f], &[expected.z, expected.f], 1e-5);
    }
    assert_eq!(highest.into_inner(), 37);
    assert!(model.encode_many(0, |_| -> Result<_, NnError> { unreachable!() }, |_| ()).unwrap().is_empty());
}

#[test]
fn a_picture_that_cannot_be_loaded_ends_the_work_with_its_error() {
    #[derive(Debug)]
    enum Failure {
        Unloadable(usize),
        Model,
    }
    impl From<NnError> for Failure {
        fn from(_: NnError) -> Self {
            Self::Model
        }
    }
    let load = |number: usize| if number == 13 { Err(Failure::Unloadable(number)) } else { Ok(picture(number)) };
    assert!(matches!(model().encode_many(40, load, |_| ()), Err(Failure::Unloadable(13))));
    let small = |_: usize| Ok::<_, Failure>(RgbImage::new(1, 1));
    assert!(matches!(model().encode_many(1, small, |_| ()), Err(Failure::Model)));
}
