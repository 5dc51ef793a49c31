//! What stands in a model whose parts mean nothing yet: Phi as the identity, norms that stand still or are measured
//! anew, and a weights file that says so.

use std::collections::{BTreeMap, HashMap};

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use facespace::face::{CODE_DIM, Part};
use facespace::nn::disentangler::{DisentanglerConfig, InverseConfig};
use facespace::nn::norms::{HasNorms, in_evaluation};
use facespace::nn::tensors::{self, Precision};
use facespace::nn::weights::{self, Card};
use facespace::nn::{Code, Disentangler, Encoder, EncoderConfig, GeneratorConfig, Inverse, Variant, Weights};
use facespace::train::adam::gradients_of;
use safetensors::SafeTensors;

const ROWS: usize = 5;
const TOLERANCE: f32 = 1e-4;

/// Numbers in -`size`..`size` that follow no pattern and are the same each time.
fn scattered(count: usize, size: f32) -> Vec<f32> {
    let scattered = (0..count).map(|i| ((i as f64 + 1.0) * 12.9898).sin() * 43_758.546_9);
    scattered.map(|v| size * (2.0 * (v - v.floor()) - 1.0) as f32).collect()
}

fn codes() -> Vec<f32> {
    scattered(ROWS * CODE_DIM, 3.0)
}

fn on(device: &Device, codes: Vec<f32>) -> Tensor<2> {
    Tensor::from_data(TensorData::new(codes, [ROWS, CODE_DIM]), device)
}

fn rows(codes: Tensor<2>) -> Vec<Code> {
    let codes = codes.try_into_vec_as::<f32>().unwrap();
    codes.as_chunks::<CODE_DIM>().0.to_vec()
}

fn phi(hidden: usize, variant: Variant, device: &Device) -> Disentangler {
    DisentanglerConfig { hidden, variant }.init(device)
}

fn inverse(hidden: usize, variant: Variant, device: &Device) -> Inverse {
    InverseConfig { hidden, variant }.init(device)
}

fn length(code: &Code, part: Part) -> f32 {
    code[part.range()].iter().map(|v| v * v).sum::<f32>().sqrt()
}

/// 1 for pose, and a length for each other part.
fn lengths() -> [f32; CODE_DIM] {
    let mut lengths = [1.0; CODE_DIM];
    for (part, length) in [(Part::Identity, 5.5), (Part::Expression, 0.25), (Part::Style, 4.0)] {
        lengths[part.range()].fill(length);
    }
    lengths
}

#[test]
fn phi_makes_parts_unit_length_and_changes_nothing_else() {
    // 198 is the least that has a pair of units for each number; what is left over is not listened to.
    for hidden in [2 * CODE_DIM, 256] {
        let device = Device::flex();
        let phi = phi(hidden, Variant::Authors, &device).pass_through().unwrap();
        let before = codes().as_chunks::<CODE_DIM>().0.to_vec();
        for (z, f) in before.iter().zip(rows(phi.forward(on(&device, codes())))) {
            for part in Part::ALL {
                let length = if part == Part::Pose { 1.0 } else { length(z, part) };
                for (z, f) in z[part.range()].iter().zip(&f[part.range()]) {
                    assert!((z / length - f).abs() < TOLERANCE, "{part:?} with {hidden}: {f} from {z}");
                }
            }
        }
    }
}

#[test]
fn the_inverse_gives_parts_their_usual_length_back() {
    let device = Device::flex();
    let phi = phi(200, Variant::Authors, &device).pass_through().unwrap();
    let inverse = inverse(200, Variant::Authors, &device).pass_through(&lengths()).unwrap();
    let back = rows(inverse.forward(phi.forward(on(&device, codes()))));
    for (z, back) in codes().as_chunks::<CODE_DIM>().0.iter().zip(back) {
        for part in Part::ALL {
            let first = part.range().start;
            let factor = if part == Part::Pose { 1.0 } else { lengths()[first] / length(z, part) };
            for (z, back) in z[part.range()].iter().zip(&back[part.range()]) {
                assert!((factor * z - back).abs() < TOLERANCE, "{part:?}: {back} from {z}");
            }
        }
    }
    // A code whose parts have these lengths already comes back as it is.
    let usual: Vec<f32> = codes()
        .as_chunks::<CODE_DIM>()
        .0
        .iter()
        .flat_map(|z| {
            let of = |part: Part| if part == Part::Pose { 1.0 } else { length(z, part) };
            let part_of = |i: usize| Part::ALL.into_iter().find(|part| part.range().contains(&i)).unwrap();
            (0..CODE_DIM).map(|i| z[i] * lengths()[i] / of(part_of(i))).collect::<Vec<f32>>()
        })
        .collect();
    let back = inverse.forward(phi.forward(on(&device, usual.clone()))).try_into_vec_as::<f32>().unwrap();
    let worst = usual.iter().zip(&back).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < TOLERANCE, "{worst}");
}

#[test]
fn networks_without_room_for_it_do_not_pass_through() {
    let device = Device::flex();
    for (hidden, variant) in [(2 * CODE_DIM - 1, Variant::Authors), (16, Variant::Authors), (256, Variant::Paper)] {
        assert!(phi(hidden, variant, &device).pass_through().is_none(), "{hidden} {variant:?}");
        assert!(inverse(hidden, variant, &device).pass_through(&lengths()).is_none(), "{hidden} {variant:?}");
    }
}

#[test]
fn maps_that_pass_through_still_learn() {
    let device = Device::flex().autodiff();
    let phi = phi(200, Variant::Authors, &device).pass_through().unwrap();
    let inverse = inverse(200, Variant::Authors, &device).pass_through(&lengths()).unwrap();
    let back = inverse.forward(phi.forward(on(&device, codes())));
    let mut found = (back * on(&device, scattered(ROWS * CODE_DIM, 1.0))).sum().backward();
    for (count, named) in
        [(10, gradients_of("phi", &phi, &mut found)), (4, gradients_of("phi_inverse", &inverse, &mut found))]
    {
        assert_eq!(named.len(), count, "{:?}", named.keys());
        for (name, gradient) in named {
            let slope = gradient.abs().sum().into_scalar::<f32>();
            assert!(slope.is_finite() && slope > 0.0, "{name}: {slope}");
        }
    }
}

/// Pictures of noise; another number gives others.
fn pictures(number: usize, device: &Device) -> Tensor<4> {
    const NUMBERS: usize = 3 * 128 * 128;
    let mut values = scattered((number + 2) * NUMBERS, 0.5 + number as f32);
    Tensor::from_data(TensorData::new(values.split_off(number * NUMBERS), [2, 3, 128, 128]), device)
}

/// The running statistics of a network by name.
fn statistics<M: Module>(network: &M) -> BTreeMap<String, Vec<f32>> {
    let bytes = tensors::save(&network.valid(), Precision::Single, &[]).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let running = file.tensors().into_iter().filter(|(name, _)| name.contains("running_"));
    let numbers = |data: &[u8]| data.as_chunks::<4>().0.iter().map(|word| f32::from_le_bytes(*word)).collect();
    let found: BTreeMap<String, Vec<f32>> = running.map(|(name, view)| (name, numbers(view.data()))).collect();
    assert!(!found.is_empty());
    found
}

fn encoder(device: &Device) -> Encoder {
    EncoderConfig { width: 2 }.init(device)
}

#[test]
fn in_evaluation_norms_stand_still_and_gradients_flow() {
    let device = Device::flex().autodiff();
    let encoder = encoder(&device);
    encoder.forward(pictures(0, &device));
    let before = statistics(&encoder);

    let still = in_evaluation(encoder.clone());
    let alone = still.forward(pictures(1, &device).narrow(0, 0, 1)).inner();
    let z = still.forward(pictures(1, &device));
    let first = z.clone().inner().narrow(0, 0, 1);
    let off = (alone - first).abs().max().into_scalar::<f32>();
    assert!(off < 1e-5, "a picture's code hangs on the others of its batch: {off}");
    let mut found = z.square().sum().backward();
    let named = gradients_of("E", &still, &mut found);
    assert!(named.contains_key("E.conv.weight") && named.contains_key("E.fc.weight"), "{:?}", named.keys());
    assert!(named.into_values().all(|gradient| gradient.abs().sum().into_scalar::<f32>().is_finite()));
    assert_eq!(statistics(&still), before);
    assert_eq!(statistics(&encoder), before);

    // The one that it was made of still trains.
    encoder.forward(pictures(1, &device));
    assert_ne!(statistics(&encoder), before);
}

#[test]
fn counted_passes_make_the_plain_mean() {
    let device = Device::flex().autodiff();
    measured_anew(&encoder(&device), |network, number| drop(network.forward(pictures(number, &device))));
    let generator = GeneratorConfig { width: 2, variant: Variant::Paper }.init(&device);
    measured_anew(&generator, |network, number| {
        drop(network.forward(on(&device, scattered(ROWS * CODE_DIM, 1.0 + number as f32))));
    });
}

fn measured_anew<M: HasNorms>(network: &M, pass: impl Fn(&M, usize)) {
    const PASSES: usize = 3;
    // In training every norm uses its batch's own statistics, so each pass can be looked at alone.
    let alone: Vec<BTreeMap<String, Vec<f32>>> = (0..PASSES)
        .map(|number| {
            let mut network = network.valid().train();
            network.count_pass(0);
            pass(&network, number);
            statistics(&network)
        })
        .collect();
    let mut counted = network.valid().train();
    for number in 0..PASSES {
        counted.count_pass(number);
        pass(&counted, number);
    }
    for (name, found) in statistics(&counted) {
        for (place, found) in found.into_iter().enumerate() {
            let expected = alone.iter().map(|one| one[&name][place]).sum::<f32>() / PASSES as f32;
            let tolerance = TOLERANCE * (1.0 + expected.abs());
            assert!((found - expected).abs() < tolerance, "{name}: {found} is not {expected}");
        }
    }
}

#[test]
fn a_weights_file_says_whether_it_can_edit() {
    let bundled = Weights::bundled().unwrap();
    assert!(bundled.card.can_edit);
    let file = |can_edit: bool| {
        let card = Card { can_edit, ..bundled.card.clone() };
        weights::assemble(bundled.bytes(), &bundled.config, &card, &bundled.space).unwrap()
    };
    for can_edit in [true, false] {
        assert_eq!(Weights::from_bytes(file(can_edit)).unwrap().card.can_edit, can_edit);
    }
    // Files from before there was a trainer say nothing, and can.
    let bytes = file(false);
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata: HashMap<String, String> = metadata.metadata().clone().unwrap();
    assert_eq!(metadata.remove("can_edit").as_deref(), Some("false"));
    let silent = SafeTensors::deserialize(&bytes).unwrap();
    let silent = safetensors::serialize(silent.tensors(), Some(metadata)).unwrap();
    assert!(Weights::from_bytes(silent).unwrap().card.can_edit);
}
