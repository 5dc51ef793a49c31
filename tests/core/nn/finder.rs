//! The finder's two networks and their file: shapes, folding, what is refused and in which words.

use std::collections::{BTreeMap, HashMap};

use burn::module::Module;
use burn::tensor::{Device, Distribution, Tensor};
use facespace::nn::finder::{
    CELL, DetectorConfig, FinderCard, FinderModel, FinderNetworks, FinderWeights, FinderWeightsError, MeanFace, POINTS,
    Planes, SIDE,
};
use facespace::nn::{NnError, tensors};
use image::{Rgb, RgbImage};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use super::assert_close;

/// Narrower than the one that is trained, so that tests are quick.
const CHANNELS: usize = 8;

fn networks() -> FinderNetworks {
    FinderNetworks::init(&DetectorConfig { channels: CHANNELS }, &Device::flex())
}

fn weights() -> FinderWeights {
    let card = FinderCard {
        name: "test finder".to_owned(),
        trained_on: "nothing".to_owned(),
        terms: "none".to_owned(),
        made_by: "a test".to_owned(),
        measured: "not at all".to_owned(),
    };
    FinderWeights { networks: networks(), mean_face: mean_face(), threshold: 0.625, card }
}

fn mean_face() -> MeanFace {
    std::array::from_fn(|i| [0.01 * i as f32, -0.02 * i as f32, 0.3 - 0.001 * i as f32])
}

fn noise(height: usize, width: usize) -> Tensor<4> {
    Tensor::random([2, 3, height, width], Distribution::Uniform(-0.5, 0.5), &Device::flex())
}

#[test]
fn the_detector_answers_for_every_eight_pixels() {
    let detector = networks().detector;
    assert_eq!(detector.forward(noise(40, 64)).dims(), [2, 4, 40 / CELL, 64 / CELL]);
    assert_eq!(detector.forward(noise(CELL, CELL)).dims(), [2, 4, 1, 1]);
    assert_eq!(detector.config(), DetectorConfig { channels: CHANNELS });
}

#[test]
fn the_landmarker_gives_points_and_a_logit() {
    let (points, logit) = networks().landmarker.forward(noise(SIDE, SIDE));
    assert_eq!(points.dims(), [2, POINTS]);
    assert_eq!(logit.dims(), [2]);
}

#[test]
fn the_networks_are_small() {
    let networks = FinderNetworks::init(&DetectorConfig::default(), &Device::flex());
    let count = [tensors::parameter_count(&networks.detector), tensors::parameter_count(&networks.landmarker)];
    assert!(count[0] < 80_000 && count[1] < 600_000, "{count:?}");
}

#[test]
fn an_untrained_landmarker_answers_with_the_mean() {
    let mean = std::array::from_fn(|i| [0.2 + 0.008 * i as f32, 0.8 - 0.008 * i as f32]);
    let landmarker = networks().landmarker.start_from(&mean);
    let (points, _) = landmarker.forward(noise(SIDE, SIDE));
    let points = points.try_into_vec_as::<f32>().unwrap();
    for (found, expected) in points.iter().zip(mean.as_flattened().iter().cycle()) {
        assert!((found - expected).abs() < 0.3, "{found} instead of {expected}");
    }
}

#[test]
fn folding_changes_no_answer_and_leaves_no_norm() {
    let networks = networks();
    let folded = networks.folded();
    let (picture, frame) = (noise(48, 72), noise(SIDE, SIDE));
    assert_close("detector", folded.detector.forward(picture.clone()), networks.detector.forward(picture), 1e-4);
    let (found, expected) = (folded.landmarker.forward(frame.clone()), networks.landmarker.forward(frame));
    assert_close("points", found.0, expected.0, 1e-4);
    assert_eq!(tensors::parameter_count(&folded), folded.num_params(), "running statistics are left");
}

#[test]
fn planes_are_filled_up_with_grey() {
    let picture = RgbImage::from_pixel(10, 12, Rgb([255, 0, 255]));
    assert_eq!(Planes::of(&picture, 0..12).cells(), [2, 2]);
    assert_eq!(Planes::of(&picture, 8..24).cells(), [2, 2]);
    let wide = RgbImage::from_fn(16, 16, |x, y| if x < 10 && y < 12 { Rgb([255, 0, 255]) } else { Rgb([128; 3]) });
    // 128 is 0.002 above the grey that has no byte of its own.
    let model = FinderModel::new(&networks());
    let seen = |picture, rows| model.detect(Planes::of(picture, rows), 0..2, 0.0).unwrap();
    let (filled, whole) = (seen(&picture, 0..12), seen(&wide, 0..16));
    assert_eq!((filled.len(), whole.len()), (4, 4));
    for (a, b) in filled.iter().zip(&whole) {
        assert!((a.probability - b.probability).abs() < 0.005 && (a.height - b.height).abs() < 0.2, "{a:?} {b:?}");
    }
}

#[test]
fn sightings_lie_in_their_cells_and_have_a_size() {
    let model = FinderModel::new(&networks());
    let picture = RgbImage::from_pixel(32, 24, Rgb([90, 120, 60]));
    let sightings = model.detect(Planes::of(&picture, 0..24), 1..2, 0.0).unwrap();
    assert_eq!(sightings.len(), 4, "one row of cells was asked for");
    assert!(sightings.iter().all(|seen| seen.height > 0.0 && seen.centre.iter().all(|v| v.is_finite())));
    assert!(sightings.iter().all(|seen| (0.0..=1.0).contains(&seen.probability)));
    assert!(model.detect(Planes::of(&picture, 0..24), 0..3, 0.9).unwrap().is_empty(), "untrained, it takes nothing");
}

#[test]
fn frames_of_another_size_are_refused() {
    let model = FinderModel::new(&networks());
    let frames = [RgbImage::new(64, 64), RgbImage::new(64, 63)];
    assert_eq!(model.landmarks(&frames[..1]).unwrap().len(), 1);
    assert!(model.landmarks(&[]).unwrap().is_empty());
    assert!(matches!(model.landmarks(&frames), Err(NnError::PictureSize { width: 64, height: 63, side: 64 })));
}

#[test]
fn a_file_comes_back_as_it_was_written() {
    let weights = weights();
    let again = FinderWeights::from_bytes(weights.to_bytes().unwrap()).unwrap();
    assert_eq!(again.card, weights.card);
    assert_eq!(again.mean_face, weights.mean_face);
    assert_eq!(again.threshold, weights.threshold);
    let frame = noise(SIDE, SIDE);
    let (found, expected) = (again.networks, weights.networks);
    // Half precision.
    assert_close("detector", found.detector.forward(frame.clone()), expected.detector.forward(frame.clone()), 1e-2);
    assert_close("points", found.landmarker.forward(frame.clone()).0, expected.landmarker.forward(frame).0, 1e-2);
}

#[test]
fn the_bundled_finder_is_whole_or_says_so() {
    match FinderWeights::bundled() {
        Ok(weights) => assert!((0.0..=1.0).contains(&weights.threshold)),
        Err(error) => assert_eq!(
            error.to_string(),
            "This facespace was built without a finder; mark faces by hand, or build it with trained weights"
        ),
    }
}

/// The file without the tensors that `keep` refuses and with other metadata.
fn changed(keep: impl Fn(&str) -> bool, metadata: &[(&str, &str)]) -> Vec<u8> {
    let bytes = weights().to_bytes().unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut all: HashMap<String, String> = header.metadata().clone().unwrap();
    all.extend(metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let kept: BTreeMap<String, TensorView> = file.tensors().into_iter().filter(|(name, _)| keep(name)).collect();
    safetensors::serialize(kept, Some(all)).unwrap()
}

fn refusal(bytes: Vec<u8>) -> String {
    FinderWeights::from_bytes(bytes).unwrap_err().to_string()
}

#[test]
fn other_files_are_refused_with_a_sentence() {
    let all = |_: &str| true;
    let sentences = [
        (Vec::new(), "This finder is cut off or damaged (it is empty); copy it again"),
        (
            changed(all, &[("format", "facespace weights")]),
            "This is not a finder (it is \"facespace weights\"); choose a file made by `facespace train finder`",
        ),
        (
            changed(all, &[("format", "")]),
            "This is not a finder (it does not name facespace); choose a file made by `facespace train finder`",
        ),
        (
            changed(all, &[("version", "2")]),
            "This finder was made by a newer facespace (format 2, this one reads up to 1); update facespace",
        ),
        (
            changed(all, &[("channels", "40")]),
            "This finder has another shape (channels 8, though it is described as 40); choose a file made by \
             `facespace train finder`",
        ),
        (
            changed(all, &[("threshold", "nan")]),
            "This finder is cut off or damaged (its threshold is no number from 0 to 1); copy it again",
        ),
        (
            changed(|name| name != "mean_face", &[]),
            "This finder has another shape (mean_face is missing); choose a file made by `facespace train finder`",
        ),
        (
            changed(|name| name != "landmarker.fc.bias", &[]),
            "This finder has another shape (landmarker.fc.bias is missing); choose a file made by \
             `facespace train finder`",
        ),
    ];
    for (bytes, sentence) in sentences {
        assert_eq!(refusal(bytes), sentence);
    }
    assert!(refusal(b"<html>not found</html>".to_vec()).starts_with("This"));
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let bytes = weights().to_bytes().unwrap();
    for length in [bytes.len() / 2, bytes.len() - 1] {
        let result = FinderWeights::from_bytes(bytes[..length].to_vec());
        assert!(matches!(result, Err(FinderWeightsError::Damaged(_))), "{length} bytes: {result:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_said_so() {
    let result = FinderWeights::read(std::path::Path::new("no/such/finder.safetensors"));
    assert!(result.unwrap_err().to_string().ends_with("check the path and its permissions"));
}
