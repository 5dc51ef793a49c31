//! The GPU gives what the CPU gives. Ignored by default, because the machine may have none:
//! `cargo test --release --test core -- --ignored gpu_parity`. A software rasteriser passes too.

use burn::tensor::{Device, Tensor};
use facespace::engine::{DeviceChoice, device};
use facespace::nn::tensors::Precision;
use facespace::nn::{FaceModel, Networks, NetworksConfig, Variant, tensors};

use super::{assert_close, fixture};

const TOLERANCE: f32 = 1e-3;

fn gpu() -> Device {
    let (open, notice) = device::open(DeviceChoice::Gpu);
    assert!(open.is_gpu, "{notice:?}");
    eprintln!("on {}", open.name);
    open.device
}

/// `tensor` on the CPU, for the comparison.
fn on_cpu<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    Tensor::from_data(tensor.into_data(), &Device::flex())
}

#[test]
#[ignore = "needs a GPU"]
fn encode_and_decode() {
    let (cpu, gpu) = (Device::flex(), gpu());
    let file = fixture(Variant::Paper);
    compare(&file.networks(&cpu), &file.networks(&gpu), file.pictures(&cpu), &gpu);

    // Real sizes reach other kernels than a fixture's do. Both devices get the CPU's random weights.
    let config = NetworksConfig::new(64, Variant::Authors);
    let large = Networks::init(&config, &cpu);
    let bytes = tensors::save(&large, Precision::Single, &[]).unwrap();
    compare(&large, &Networks::load(bytes, &config, &gpu).unwrap(), file.pictures(&cpu), &gpu);
}

/// Encodes and decodes with the folded networks, as the model does, on both devices.
fn compare(on_the_cpu: &Networks, on_the_gpu: &Networks, x: Tensor<4>, gpu: &Device) {
    let run = |networks: &Networks, x: Tensor<4>| {
        let networks = networks.clone();
        let z = networks.E.fold().forward(x);
        let f = networks.phi.forward(z.clone());
        let picture = networks.G.fold().forward(networks.phi_inverse.forward(f.clone()));
        (z, f, picture)
    };
    let (z, f, picture) = run(on_the_cpu, x.clone());
    let (gpu_z, gpu_f, gpu_picture) = run(on_the_gpu, Tensor::from_data(x.into_data(), gpu));
    assert_close("z on the GPU", on_cpu(gpu_z), z, TOLERANCE);
    assert_close("f on the GPU", on_cpu(gpu_f), f, TOLERANCE);
    assert_close("picture on the GPU", on_cpu(gpu_picture), picture, TOLERANCE);
}

/// Batches are padded on a GPU; what comes back must be only what was asked for.
#[test]
#[ignore = "needs a GPU"]
fn padded_batches_come_back_unpadded() {
    let (cpu, gpu) = (Device::flex(), gpu());
    let file = fixture(Variant::Authors);
    let codes = [[0.1; 99], [0.2; 99], [0.3; 99]];
    let expected = FaceModel::new(file.networks(&cpu), &cpu).entangle(&codes).unwrap();
    let found = FaceModel::new(file.networks(&gpu), &gpu).entangle(&codes).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= TOLERANCE));
    }
}
