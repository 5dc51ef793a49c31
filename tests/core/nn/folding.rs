//! Folding for inference changes no output.

use burn::module::Module;
use burn::tensor::Device;
use facespace::nn::{Variant, tensors};

use super::{assert_close, fixture};

const TOLERANCE: f32 = 1e-5;

#[test]
fn folded_encoder_gives_the_same_codes() {
    let device = Device::flex();
    for variant in [Variant::Authors, Variant::Paper] {
        let file = fixture(variant);
        let encoder = file.networks(&device).E;
        let x = file.pictures(&device);
        assert_close("folded E", encoder.clone().fold().forward(x.clone()), encoder.forward(x), TOLERANCE);
    }
}

#[test]
fn folded_generator_gives_the_same_pictures() {
    let device = Device::flex();
    for variant in [Variant::Authors, Variant::Paper] {
        let file = fixture(variant);
        let generator = file.networks(&device).G;
        let z = file.get::<2>("io.drawn", &device);
        assert_close("folded G", generator.clone().fold().forward(z.clone()), generator.forward(z), TOLERANCE);
    }
}

#[test]
fn folding_twice_is_folding_once() {
    let device = Device::flex();
    let file = fixture(Variant::Paper);
    let networks = file.networks(&device);
    let (x, z) = (file.pictures(&device), file.get::<2>("io.drawn", &device));
    let (encoder, generator) = (networks.E.fold(), networks.G.fold());
    assert_close("E", encoder.clone().fold().forward(x.clone()), encoder.forward(x), 0.0);
    assert_close("G", generator.clone().fold().forward(z.clone()), generator.forward(z), 0.0);
}

#[test]
fn folding_leaves_no_norm_behind() {
    let device = Device::flex();
    let networks = fixture(Variant::Paper).networks(&device);
    // A norm's running statistics are the only numbers that are not counted as learned.
    let statistics = |learned: usize, all: usize| all - learned;
    let (encoder, generator) = (networks.E.fold(), networks.G.fold());
    assert_eq!(statistics(tensors::parameter_count(&encoder), encoder.num_params()), 0);
    assert_eq!(statistics(tensors::parameter_count(&generator), generator.num_params()), 0);
}
