//! All networks under one set of settings, and how a weights file becomes them.
//!
//! Burn creates parameters at first use, and copies made before that share the unmade parameter; freezing one copy
//! (as every step of a GAN does) would then quietly freeze them all. So whatever leaves an `init` here has its
//! parameters created. Loading builds lazily instead: random numbers that a file replaces are never drawn.

#![allow(non_snake_case)] // E, G, D_z and D_x are the paper's letters and the file's names.

use burn::module::Module;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::discriminator::{
    ImageDiscriminator, ImageDiscriminatorConfig, LatentDiscriminator, LatentDiscriminatorConfig,
};
use super::disentangler::{Disentangler, DisentanglerConfig, Inverse, InverseConfig};
use super::encoder::{Encoder, EncoderConfig};
use super::generator::{Generator, GeneratorConfig};
use super::head::{ExpressionHead, ExpressionHeadConfig};
use super::layers::initialised;
use super::tensors::{self, TensorShapes};
use super::{NnError, TensorFault, Variant};
use crate::face::PART_DIM;

/// The settings of all networks: their sizes, and which description each follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworksConfig {
    /// Feature maps of the first encoder stage, on which every convolution's size depends.
    pub width: usize,
    /// Size of the hidden layers of D_z, Phi and Phi^-1.
    pub hidden: usize,
    /// How many expressions there are.
    pub classes: usize,
    pub generator: Variant,
    pub disentangler: Variant,
    pub inverse: Variant,
    pub latent_discriminator: Variant,
    pub image_discriminator: Variant,
}

impl Default for NetworksConfig {
    fn default() -> Self {
        Self::new(64, Variant::Authors)
    }
}

/// The networks that inference needs, named as in a weights file.
#[derive(Module, Debug)]
pub struct Networks {
    pub E: Encoder,
    pub G: Generator,
    pub phi: Disentangler,
    pub phi_inverse: Inverse,
    pub expression_head: ExpressionHead,
}

/// The networks that only training needs.
#[derive(Module, Debug)]
pub struct Discriminators {
    pub D_z: LatentDiscriminator,
    pub D_x: ImageDiscriminator,
}

impl NetworksConfig {
    /// Every network after the same description; hidden layers of 1000, eight expressions.
    pub fn new(width: usize, variant: Variant) -> Self {
        Self {
            width,
            hidden: 1000,
            classes: 8,
            generator: variant,
            disentangler: variant,
            inverse: variant,
            latent_discriminator: variant,
            image_discriminator: variant,
        }
    }

    /// Reads the settings off the names and shapes of a file's tensors, for files that do not state them.
    ///
    /// Where the file has no discriminators (it need not), theirs are the authors'.
    ///
    /// # Errors
    /// [`NnError::WrongTensors`] where a tensor that shows a size is missing.
    pub fn from_shapes(shapes: &TensorShapes) -> Result<Self, NnError> {
        let outputs = |name: &str| {
            let size = shapes.get(name).and_then(|shape| shape.first());
            size.copied().ok_or_else(|| TensorFault::Missing { name: name.to_owned() })
        };
        let sizes = [outputs("E.conv.weight"), outputs("phi.fc.weight"), outputs("expression_head.fc3.bias")];
        let [Ok(width), Ok(hidden), Ok(classes)] = sizes else {
            return Err(NnError::WrongTensors { faults: sizes.into_iter().filter_map(Result::err).collect() });
        };
        let variant = |paper: bool| if paper { Variant::Paper } else { Variant::Authors };
        let with = |name: &str| variant(shapes.contains_key(name));
        Ok(Self {
            width,
            hidden,
            classes,
            generator: with("G.refine.0.conv1.weight"),
            disentangler: with("phi.fc2.weight"),
            inverse: with("phi_inverse.fc3.weight"),
            latent_discriminator: with("D_z.layers.2.fc.weight"),
            image_discriminator: variant(outputs("D_x.blocks.0.conv.weight").is_ok_and(|first| first == width)),
        })
    }

    fn build(&self, device: &Device) -> Networks {
        let Self { width, hidden, classes, .. } = *self;
        Networks {
            E: EncoderConfig { width }.build(device),
            G: GeneratorConfig { width, variant: self.generator }.build(device),
            phi: DisentanglerConfig { hidden, variant: self.disentangler }.build(device),
            phi_inverse: InverseConfig { hidden, variant: self.inverse }.build(device),
            expression_head: ExpressionHeadConfig { input: PART_DIM, classes }.build(device),
        }
    }

    fn build_discriminators(&self, device: &Device) -> Discriminators {
        let Self { width, hidden, .. } = *self;
        Discriminators {
            D_z: LatentDiscriminatorConfig { hidden, variant: self.latent_discriminator }.build(device),
            D_x: ImageDiscriminatorConfig { width, variant: self.image_discriminator }.build(device),
        }
    }
}

impl Networks {
    /// Networks with random weights, drawn from the device's generator.
    pub fn init(config: &NetworksConfig, device: &Device) -> Self {
        initialised(config.build(device))
    }

    /// Networks with the weights of a safetensors file.
    ///
    /// # Errors
    /// [`NnError::Unreadable`] and [`NnError::WrongTensors`], as [`tensors::load`].
    pub fn load(bytes: Vec<u8>, config: &NetworksConfig, device: &Device) -> Result<Self, NnError> {
        tensors::load(config.build(device), bytes)
    }
}

impl Discriminators {
    /// Discriminators with random weights, drawn from the device's generator.
    pub fn init(config: &NetworksConfig, device: &Device) -> Self {
        initialised(config.build_discriminators(device))
    }

    /// Discriminators with the weights of a safetensors file.
    ///
    /// # Errors
    /// As [`Networks::load`].
    pub fn load(bytes: Vec<u8>, config: &NetworksConfig, device: &Device) -> Result<Self, NnError> {
        tensors::load(config.build_discriminators(device), bytes)
    }
}
