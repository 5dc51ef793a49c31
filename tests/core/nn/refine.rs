//! A face fitted to a picture, on the small random networks.

use burn::tensor::Device;
use facespace::face::{Direction, FaceCode, PART_DIM, Pose};
use facespace::nn::quality::rmse;
use facespace::nn::refine::{Refiner, STEPS};
use facespace::nn::{FaceModel, NnError, Variant};
use image::RgbImage;

use super::fixture;

fn model(variant: Variant) -> FaceModel {
    let device = Device::flex();
    FaceModel::new(fixture(variant).networks(&device), &device)
}

/// A face that differs from those of other numbers in every part.
fn face(number: u32) -> FaceCode {
    let direction = |part: u32| {
        let wave = |i: usize| ((i as u32 * (3 + 2 * part) + 7 * number) as f32 * 1.7).sin();
        Direction::new(std::array::from_fn::<f32, PART_DIM, _>(wave)).unwrap()
    };
    let pose = Pose { yaw_deg: 9.0 * number as f32, pitch_deg: -4.0, roll_deg: 2.0 };
    FaceCode { pose, identity: direction(0), expression: direction(1), style: direction(2) }
}

fn picture(model: &FaceModel, face: &FaceCode) -> RgbImage {
    model.decode(&[face.to_array()]).unwrap().remove(0)
}

/// A fit to another face's picture, after so many steps, with what each of them said.
fn fitted(model: &FaceModel, steps: usize) -> (Refiner, Vec<f32>) {
    let mut refiner = model.refiner(&picture(model, &face(2)), &face(1)).unwrap();
    let errors = (0..steps).map(|_| refiner.step().unwrap()).collect();
    (refiner, errors)
}

#[test]
fn the_error_falls_and_what_is_kept_is_the_best() {
    for variant in [Variant::Authors, Variant::Paper] {
        let model = model(variant);
        let (refiner, errors) = fitted(&model, 60);
        assert_eq!(refiner.done(), 60);
        let outcome = refiner.outcome().unwrap();
        eprintln!("{variant:?}: {} to {}", outcome.rmse_before, outcome.rmse_after);
        assert!(errors.is_sorted_by(|earlier, later| earlier >= later));
        assert_eq!((errors[0], errors[59]), (outcome.rmse_before, outcome.rmse_after));
        assert!(outcome.rmse_after < 0.9 * outcome.rmse_before, "{outcome:?}");
        // What it says is what the picture shows, to within the rounding of pixels.
        let crop = picture(&model, &face(2));
        for (face, said) in [(face(1), outcome.rmse_before), (outcome.face, outcome.rmse_after)] {
            let shown = rmse(&crop, &picture(&model, &face)) as f32;
            assert!((shown - said).abs() < 0.5, "{shown} is not {said}");
        }
    }
}

#[test]
fn the_pull_keeps_a_fit_near_its_start() {
    let model = model(Variant::Authors);
    let (refiner, _) = fitted(&model, 60);
    let found = refiner.outcome().unwrap().face;
    let (own, other) = (face(1), face(2));
    for part in facespace::face::UnitPart::ALL {
        let moved = found.unit(part).angle_deg(own.unit(part));
        let whole = other.unit(part).angle_deg(own.unit(part));
        assert!(moved < whole, "{part} moved by {moved} of {whole} degrees");
    }
}

#[test]
fn a_face_that_fits_is_not_made_worse() {
    let model = model(Variant::Authors);
    let crop = picture(&model, &face(1));
    let mut refiner = model.refiner(&crop, &face(1)).unwrap();
    assert_eq!(refiner.outcome(), None);
    for _ in 0..10 {
        refiner.step().unwrap();
    }
    let outcome = refiner.outcome().unwrap();
    assert!(outcome.rmse_after <= outcome.rmse_before, "{outcome:?}");
    let shown = |face: &FaceCode| rmse(&crop, &picture(&model, face));
    assert!(shown(&outcome.face) <= shown(&face(1)) + 0.5);
}

#[test]
fn a_fit_repeats_itself_and_goes_on_with_the_same_model() {
    let model = model(Variant::Authors);
    let (_, expected) = fitted(&model, 6);
    let mut refiner = model.refiner(&picture(&model, &face(2)), &face(1)).unwrap();
    let mut errors = Vec::new();
    for _ in 0..6 {
        refiner.follow(&model).unwrap();
        errors.push(refiner.step().unwrap());
    }
    assert_eq!(errors, expected);
    assert!(refiner.done() < STEPS);
}

#[test]
fn a_crop_of_another_size_is_refused() {
    let error = model(Variant::Authors).refiner(&RgbImage::new(64, 64), &face(1)).unwrap_err();
    assert!(matches!(error, NnError::PictureSize { width: 64, height: 64, side: 128 }), "{error}");
}
