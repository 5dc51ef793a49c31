//! What a recogniser measures, with one whose weights are drawn: it knows nobody, but tells pictures apart, always alike.

use std::fs;
use std::path::PathBuf;

use burn::tensor::Device;
use facespace::data::shards::Record;
use facespace::evaluate::lent::Model;
use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::report::SetReport;
use facespace::evaluate::run::evaluate;
use facespace::face::FaceCode;
use facespace::nn::recogniser::{DESCRIPTOR_DIM, Recogniser, SAME_PERSON};
use image::RgbImage;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::lacking::Still;
use super::{Desk, Shrunk, assert_sentence, only, parts_of, record, the_set, why};
use crate::data::fixture;
use crate::evaluate::Noise;

/// Feature maps of the network's blocks.
const WIDTHS: [usize; 14] = [32, 32, 32, 64, 64, 64, 64, 128, 128, 128, 256, 256, 256, 256];
/// Numbers of a descriptor that are not 0 for all pictures.
const SEEN: usize = 8;

/// A file of the recogniser's shape with drawn weights.
fn drawn(seed: u64) -> Vec<u8> {
    let mut noise = Noise::new(seed);
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    let mut put = |name: String, shape: Vec<usize>, drawn: usize, inputs: usize| {
        // Numbers keep about their size from layer to layer.
        let reach = (3.0 / inputs as f32).sqrt();
        let count: usize = shape.iter().product();
        let values = (0..count).map(|i| if i < drawn { reach * noise.next() } else { 0.0 });
        tensors.push((name, shape, values.flat_map(f32::to_le_bytes).collect()));
    };
    let mut conv = |name: String, [input, output]: [usize; 2], side: usize| {
        let inputs = input * side * side;
        put(format!("{name}.weight"), vec![output, input, side, side], output * inputs, inputs);
        put(format!("{name}.bias"), vec![output], 0, 1);
    };
    conv("stem".to_owned(), [3, WIDTHS[0]], 7);
    let before = [WIDTHS[0]].into_iter().chain(WIDTHS);
    for (block, (input, output)) in before.zip(WIDTHS).enumerate() {
        conv(format!("blocks.{block}.conv1"), [input, output], 3);
        conv(format!("blocks.{block}.conv2"), [output, output], 3);
    }
    let last = WIDTHS[WIDTHS.len() - 1];
    put("fc.weight".to_owned(), vec![DESCRIPTOR_DIM, last], SEEN * last, last);
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, None).unwrap()
}

fn put(desk: &Desk, bytes: &[u8]) -> PathBuf {
    let path = desk.path("recogniser.safetensors");
    fs::write(&path, bytes).unwrap();
    path
}

fn notes(set: &SetReport, part: PartName) -> &[String] {
    let section = set.sections.iter().find(|section| section.part == part).unwrap();
    section.notes.iter().for_each(|note| assert_sentence(note));
    &section.notes
}

fn has_note(set: &SetReport, part: PartName, words: &str) -> bool {
    notes(set, part).iter().any(|note| note.contains(words))
}

/// Distances between what a recogniser sees in the faces of the first so many numbers and in what the stand-in makes of
/// them, smallest first.
fn distances(bytes: Vec<u8>, faces: usize) -> Vec<f64> {
    let recogniser = Recogniser::load(bytes, &Device::flex()).unwrap();
    let opened = |number| image::load_from_memory(&record(number).picture_bytes).unwrap().to_rgb8();
    let pictures: Vec<RgbImage> = (0..faces).map(opened).collect();
    let mut model = Shrunk::new();
    let codes = model.encode(&pictures).unwrap();
    let codes: Vec<FaceCode> = codes.iter().map(|code| FaceCode::from_array(&code.f).unwrap()).collect();
    let made = model.decode(&codes).unwrap();
    let [before, after] =
        [&pictures, &made].map(|pictures| recogniser.describe(&pictures.iter().collect::<Vec<_>>()).unwrap());
    let distance = |(a, b): (&[f32; DESCRIPTOR_DIM], &[f32; DESCRIPTOR_DIM])| {
        a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
    };
    let mut all: Vec<f64> = before.iter().zip(&after).map(distance).collect();
    all.sort_by(f64::total_cmp);
    all
}

#[test]
fn who_is_kept_is_what_the_recogniser_sees() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..12);
    let bytes = drawn(1);
    let recogniser = Some(put(&desk, &bytes));
    let options = Options { recogniser, ..only(&[PartName::Identity, PartName::Sampling]) };
    let report = desk.run(&mut Shrunk::new(), &options).report;
    let set = the_set(&report);
    assert_eq!(parts_of(set), [PartName::Sampling, PartName::Identity], "{:?}", set.unmeasured);
    let tried = ["reconstruction", "yaw_left", "yaw_right", "happy", "style", "neutral_happy"];
    for (what, n) in tried.into_iter().zip([12, 12, 12, 12, 12, 6]) {
        for measure in ["same_person", "distance"] {
            let value = set.figure(&format!("identity.{what}.{measure}")).unwrap().value;
            assert!(value.n == n && value.value >= 0.0 && value.interval.is_some(), "{what} {measure}: {value:?}");
        }
    }
    let expected = distances(bytes, 12);
    let median = (expected[5] + expected[6]) / 2.0;
    let found = |measure: &str| set.figure(&format!("identity.reconstruction.{measure}")).unwrap().value.value;
    assert!(median > 0.0 && (found("distance") / median - 1.0).abs() < 1e-2, "{} for {median}", found("distance"));
    let same = expected.iter().filter(|distance| **distance < f64::from(SAME_PERSON)).count();
    assert!((found("same_person") - same as f64 / 12.0).abs() < 1e-9);
    assert!(has_note(set, PartName::Identity, "also taught the weights") && notes(set, PartName::Identity).len() == 2);

    for key in ["", "_real", "_ratio"] {
        let value = set.figure(&format!("sampling.diversity_descriptors{key}")).unwrap().value;
        assert!(value.value > 0.0 && value.interval.is_some(), "{key}: {value:?}");
    }
    assert!(set.figure("sampling.frechet").is_none());
    assert!(
        has_note(set, PartName::Sampling, "it takes 129 faces and there are 12"),
        "{:?}",
        notes(set, PartName::Sampling)
    );
}

#[test]
fn samples_are_as_far_from_real_faces_as_the_recogniser_sees_them() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..132);
    let recogniser = Some(put(&desk, &drawn(2)));
    let options = Options { recogniser, samples: 130, ..only(&[PartName::Sampling]) };
    let report = desk.run(&mut Shrunk::new(), &options).report;
    let set = the_set(&report);
    let value = set.figure("sampling.frechet").unwrap().value;
    assert!(value.n == 130 && value.value > 0.0 && value.interval.is_some(), "{value:?}");
    assert!(set.figure("sampling.frechet_real").is_none());
    assert!(has_note(set, PartName::Sampling, "each half takes 129 faces"), "{:?}", notes(set, PartName::Sampling));
    assert!(has_note(set, PartName::Sampling, "of the same recogniser and as many faces alone"));
}

#[test]
fn what_another_recogniser_of_the_same_name_says_is_measured_anew() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..8);
    let options = |seed: u64| {
        let recogniser = Some(put(&desk, &drawn(seed)));
        Options { recogniser, ..only(&[PartName::Identity, PartName::Pose]) }
    };
    let run = |options: Options| {
        let outcome = desk.run(&mut Shrunk::new(), &options);
        (outcome.reused, the_set(&outcome.report).figure("identity.happy.distance").unwrap().value.value)
    };
    let (first, again, other) = (run(options(3)), run(options(3)), run(options(4)));
    assert_eq!((first.0, again.0, other.0), (0, 2, 1), "pose hangs on no recogniser");
    assert!((first.1 - again.1).abs() < 1e-9 && (first.1 - other.1).abs() > 1e-3 * first.1, "{first:?} {other:?}");
}

#[test]
fn weights_of_the_model_are_no_recogniser() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..24);
    for (file, says) in [
        (fixture("authors.safetensors"), "This recogniser has another shape"),
        (drawn(5)[..1000].to_vec(), "not a readable recogniser"),
    ] {
        let recogniser = Some(put(&desk, &file));
        let parts = [PartName::Identity, PartName::Sampling, PartName::Pose];
        let outcome = desk.run(&mut Shrunk::new(), &Options { recogniser, ..only(&parts) });
        let set = the_set(&outcome.report);
        let why = why(set, PartName::Identity);
        assert!(why.contains(says) && why.ends_with("recogniser.safetensors"), "{why}");
        assert_sentence(why);
        assert_eq!(parts_of(set), [PartName::Sampling, PartName::Pose], "the others are made");
        assert!(has_note(set, PartName::Sampling, says));
    }
}

#[test]
fn edits_that_cannot_be_made_are_said() {
    let desk = Desk::new();
    let bare = |number| Record { expression: None, ..record(number) };
    desk.records("drawn-val-00-of-01.parquet", (0..4).map(bare));
    let recogniser = Some(put(&desk, &drawn(6)));
    let options = Options { recogniser, ..only(&[PartName::Identity]) };
    let run = |model: &mut Still| {
        evaluate(&[desk.path("data")], model, &options, &desk.report(), &mut |_| true).unwrap().report
    };
    let mut model = Still { yaw_deg: 80.0, ..Still::new() };
    model.space.class_means.clear();
    let report = run(&mut model);
    let set = the_set(&report);
    let keys: Vec<&str> =
        set.figures().map(|figure| figure.key.as_str()).filter(|key| key.contains("person")).collect();
    let expected = ["reconstruction", "yaw_left", "style"].map(|what| format!("identity.{what}.same_person"));
    assert_eq!(keys, expected);
    for says in [
        "Turned 20° to the right was not measured on 4 of 4 faces",
        "Made happy was not measured",
        "Neutral and happy of one person were not exchanged",
    ] {
        assert!(has_note(set, PartName::Identity, says), "{says} in {:?}", notes(set, PartName::Identity));
    }
    assert!(!has_note(set, PartName::Identity, "to the left"));

    let place = desk.report().join("parts");
    fs::remove_dir_all(place).unwrap();
    let report = run(&mut Still { can_edit: false, ..Still::new() });
    assert!(has_note(the_set(&report), PartName::Identity, "before stage two"));
    assert_eq!(the_set(&report).figures().count(), 2, "of the reconstruction");
}
