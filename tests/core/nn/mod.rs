//! The networks against an independent implementation of them, and the model against the networks.

mod convolutions;
mod finder;
mod fingerprint;
mod folding;
#[cfg(feature = "gpu")]
mod gpu_parity;
mod loading;
mod losses;
mod model;
mod parity;
mod pass_through;
mod pca;
mod quality;
mod recogniser;
mod refine;
mod statistics;

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use facespace::nn::{Discriminators, Networks, NetworksConfig, Variant, tensors};
use safetensors::SafeTensors;

/// The bytes of a file, with access to the float32 tensors in it.
struct Tensors(Vec<u8>);

impl Tensors {
    fn open(path: &Path) -> Self {
        Self(std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    fn get<const D: usize>(&self, name: &str, device: &Device) -> Tensor<D> {
        let file = SafeTensors::deserialize(&self.0).unwrap();
        let view = file.tensor(name).unwrap();
        assert_eq!(view.dtype(), safetensors::Dtype::F32, "{name}");
        let (words, _) = view.data().as_chunks::<4>();
        let values: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
        Tensor::from_data(TensorData::new(values, view.shape().to_vec()), device)
    }

    fn config(&self) -> NetworksConfig {
        NetworksConfig::from_shapes(&tensors::shapes(&self.0).unwrap()).unwrap()
    }

    fn networks(&self, device: &Device) -> Networks {
        Networks::load(self.0.clone(), &self.config(), device).unwrap()
    }

    fn discriminators(&self, device: &Device) -> Discriminators {
        Discriminators::load(self.0.clone(), &self.config(), device).unwrap()
    }

    /// A fixture's pictures, which are stored at a quarter of their side.
    fn pictures(&self, device: &Device) -> Tensor<4> {
        let [n, channels, height, width] = self.get::<4>("io.x", device).dims();
        self.get::<4>("io.x", device)
            .reshape([n, channels, height, 1, width, 1])
            .expand([n, channels, height, 4, width, 4])
            .reshape([n, channels, 4 * height, 4 * width])
    }
}

/// Tiny random networks with inputs and outputs, written by `tests/fixtures/make_fixture.py`.
fn fixture(variant: Variant) -> Tensors {
    let name = match variant {
        Variant::Authors => "authors.safetensors",
        Variant::Paper => "paper.safetensors",
    };
    Tensors::open(&package().join("tests/fixtures").join(name))
}

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Length of the difference over the length of `expected`.
fn relative_error<const D: usize>(found: Tensor<D>, expected: Tensor<D>) -> f32 {
    assert_eq!(found.dims(), expected.dims());
    let length = |tensor: Tensor<D>| tensor.square().sum().sqrt().into_scalar::<f32>();
    length(found - expected.clone()) / length(expected)
}

#[track_caller]
fn assert_close<const D: usize>(what: &str, found: Tensor<D>, expected: Tensor<D>, tolerance: f32) {
    let error = relative_error(found, expected);
    eprintln!("{what}: relative error {error:.1e}");
    assert!(error <= tolerance, "{what}: relative error {error:e} is above {tolerance:e}");
}
