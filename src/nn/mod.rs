//! The networks of the method (sections 3.1 to 3.4 of the paper), the model made of them, and the weights file.
//!
//! This room owns everything that is a tensor at rest: the six networks and the expression head, how their weights
//! are read and written, how they are folded for inference, and [`FaceModel`], which takes and gives plain pictures
//! and numbers. It may use `face` and `data`; it must not import the engine, the trainer or anything of the window.
//!
//! - [`encoder`], [`generator`], [`discriminator`], [`disentangler`], [`head`]: one network (or pair) each, with its
//!   settings beside it;
//! - [`networks`]: all of them under one set of settings, as they lie in a weights file;
//! - [`tensors`]: named tensors from a file into a module and back;
//! - [`picture`]: pictures to tensors and back;
//! - [`model`], [`many`]: the five inference networks behind plain Rust types;
//! - [`refine`]: a face fitted to one picture by gradient steps;
//! - [`losses`]: what they are trained on, and who is compared with whom;
//! - [`weights`], [`space_tensors`]: the weights file and the statistics it carries beside the networks;
//! - [`build`], [`statistics`], [`samples`]: how a weights file is made of a trained model and its pictures;
//! - [`finder`]: the two networks that find faces in photographs, and their file;
//! - [`recogniser`]: somebody else's network that knows people apart, a teacher and a measure;
//! - [`pca`], [`quality`]: the linear baseline; how close and how sharp pictures are.

pub mod build;
mod convolutions;
pub mod discriminator;
pub mod disentangler;
pub mod encoder;
mod error;
pub mod finder;
mod fold;
pub mod generator;
pub mod head;
mod layers;
pub mod losses;
pub mod many;
pub mod model;
pub mod networks;
pub mod norms;
pub mod pca;
pub mod picture;
pub mod quality;
pub mod recogniser;
pub mod refine;
pub mod samples;
pub mod space_tensors;
pub mod statistics;
pub mod tensors;
pub mod weights;

pub use discriminator::{ImageDiscriminator, ImageDiscriminatorConfig, LatentDiscriminator, LatentDiscriminatorConfig};
pub use disentangler::{Disentangler, DisentanglerConfig, Inverse, InverseConfig};
pub use encoder::{Encoder, EncoderConfig};
pub use error::{NnError, TensorFault};
pub use generator::{Generator, GeneratorConfig};
pub use head::{ExpressionHead, ExpressionHeadConfig};
pub use model::{Encoded, FaceModel};
pub use networks::{Discriminators, Networks, NetworksConfig};
pub use pca::Pca;
pub use recogniser::{Recogniser, RecogniserError};
pub use weights::{Weights, WeightsError};

use serde::{Deserialize, Serialize};

use crate::face::CODE_DIM;

/// A face as numbers: either the latent code `z` or the disentangled code `f`; names say which.
pub type Code = [f32; CODE_DIM];

/// Which description of a network to build where the paper's text and its authors' release differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// As the authors' public release has it: the smaller of the two throughout.
    #[default]
    Authors,
    /// As the paper's text has it.
    Paper,
}
