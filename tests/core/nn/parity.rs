//! Each network gives what PyTorch's gives, from the same weights; and has as many parameters as the method says.

use std::path::PathBuf;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, s};
use facespace::nn::{Discriminators, EncoderConfig, GeneratorConfig, Networks, NetworksConfig, Variant, tensors};

use super::{Tensors, assert_close, fixture, package};

const TOLERANCE: f32 = 1e-4;

#[test]
fn parameter_counts_at_width_64() {
    let device = Device::flex();
    let encoder = EncoderConfig { width: 64 }.init(&device);
    assert_eq!(tensors::parameter_count(&encoder), 11_227_299);
    let generator = GeneratorConfig { width: 64, variant: Variant::Authors }.init(&device);
    assert_eq!(tensors::parameter_count(&generator), 10_699_776);
}

/// Lazy parameters would be shared with copies made of the network, and frozen with them.
#[test]
fn parameters_of_new_networks_are_created() {
    struct AllCreated;
    impl ModuleVisitor for AllCreated {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            assert!(param.is_initialized());
        }
    }
    let config = NetworksConfig { hidden: 16, ..NetworksConfig::new(8, Variant::Paper) };
    Networks::init(&config, &Device::flex()).visit(&mut AllCreated);
    Discriminators::init(&config, &Device::flex()).visit(&mut AllCreated);
}

#[test]
fn authors_networks_match_pytorch() {
    networks_match_pytorch(Variant::Authors);
}

#[test]
fn paper_networks_match_pytorch() {
    networks_match_pytorch(Variant::Paper);
}

fn networks_match_pytorch(variant: Variant) {
    let device = Device::flex();
    let file = fixture(variant);
    assert_eq!(file.config(), NetworksConfig { hidden: 16, ..NetworksConfig::new(8, variant) });

    let networks = file.networks(&device);
    let [z, f, z_tilde] = ["io.z", "io.f", "io.z_tilde"].map(|name| file.get::<2>(name, &device));
    let drawn = file.get::<2>("io.drawn", &device);
    let thirds = s![.., .., ..;3, ..;3];
    assert_close("E", networks.E.forward(file.pictures(&device)), z.clone(), TOLERANCE);
    assert_close("Phi", networks.phi.forward(z), f.clone(), TOLERANCE);
    assert_close("Phi^-1", networks.phi_inverse.forward(f.clone()), z_tilde.clone(), TOLERANCE);
    let picture = networks.G.forward(z_tilde).slice(thirds);
    assert_close("G", picture, file.get::<4>("io.picture", &device), TOLERANCE);
    let picture = networks.G.forward(drawn.clone()).slice(thirds);
    assert_close("G of a drawn code", picture, file.get::<4>("io.picture_of_drawn", &device), TOLERANCE);
    let logits = networks.expression_head.forward(f.slice(s![.., 35..67]));
    assert_close("expression head", logits, file.get::<2>("io.expression", &device), TOLERANCE);

    let critics = file.discriminators(&device);
    assert_close("D_z", critics.D_z.forward(drawn), file.get::<1>("io.D_z", &device), TOLERANCE);
    assert_close("D_x", critics.D_x.forward(file.pictures(&device)), file.get::<1>("io.D_x", &device), TOLERANCE);
}

/// Trained networks of another implementation, with the outputs it gave. They are not part of the repository: set
/// FACESPACE_REFERENCE to the folder that holds `model.safetensors` and `io.safetensors`.
#[test]
fn trained_networks_match_their_own_outputs() {
    let folder =
        std::env::var_os("FACESPACE_REFERENCE").map_or_else(|| package().join("../shared/reference"), PathBuf::from);
    if !folder.join("model.safetensors").exists() {
        eprintln!("SKIPPED: no reference networks in {}", folder.display());
        return;
    }
    let device = Device::flex();
    let model = Tensors::open(&folder.join("model.safetensors"));
    let io = Tensors::open(&folder.join("io.safetensors"));
    assert_eq!(model.config(), NetworksConfig::new(32, Variant::Authors));

    let networks = model.networks(&device);
    let x = io.get::<4>("x", &device);
    let [z, f, z_tilde] = ["z", "f", "z~"].map(|name| io.get::<2>(name, &device));
    let picture = io.get::<4>("G(z~)", &device);
    let expression = io.get::<2>("expression", &device);

    assert_close("E", networks.E.forward(x.clone()), z.clone(), TOLERANCE);
    assert_close("Phi", networks.phi.forward(z), f.clone(), TOLERANCE);
    assert_close("Phi^-1", networks.phi_inverse.forward(f.clone()), z_tilde.clone(), TOLERANCE);
    assert_close("G", networks.G.forward(z_tilde.clone()), picture.clone(), TOLERANCE);
    let logits = networks.expression_head.forward(f.clone().slice(s![.., 35..67]));
    assert_close("expression head", softmax(logits, 1), expression.clone(), TOLERANCE);

    let chain_f = networks.phi.forward(networks.E.forward(x));
    assert_close("chain to f", chain_f.clone(), f, TOLERANCE);
    let logits = networks.expression_head.forward(chain_f.clone().slice(s![.., 35..67]));
    assert_close("chain to expression", softmax(logits, 1), expression, TOLERANCE);
    let chain_z = networks.phi_inverse.forward(chain_f);
    assert_close("chain to z~", chain_z.clone(), z_tilde, TOLERANCE);
    assert_close("chain to the picture", networks.G.forward(chain_z), picture, TOLERANCE);
}
