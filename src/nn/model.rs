//! The face model: the five inference networks behind pictures and plain numbers.

use std::borrow::Cow;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use super::disentangler::{Disentangler, Inverse};
use super::encoder::Encoder;
use super::generator::Generator;
use super::head::ExpressionHead;
use super::networks::Networks;
use super::weights::Weights;
use super::{Code, NnError, picture};
use crate::data::image::views;
use crate::face::{CODE_DIM, Expression, PART_DIM};

/// The most pictures or codes that pass the networks at once.
pub const MAX_BATCH: usize = 32;

/// The same on the CPU, where larger batches were measured to be slower (`benches/README.md`).
pub(super) const MAX_CPU_BATCH: usize = 2;

/// A face as the encoder sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Encoded {
    /// The latent code E(x).
    pub z: Code,
    /// The disentangled code Phi(z).
    pub f: Code,
}

/// Folded networks on one device. Cloning is cheap: the weights are shared.
#[derive(Clone, Debug)]
pub struct FaceModel {
    encoder: Encoder,
    pub(super) generator: Generator,
    disentangler: Disentangler,
    pub(super) inverse: Inverse,
    expression_head: ExpressionHead,
    absent: Vec<usize>,
    /// Colours of crops are stretched before E sees them, as in training.
    stretches: bool,
    pub(super) device: Device,
}

impl FaceModel {
    /// The model of a weights file on `device`; classes whose mean it does not know are absent.
    ///
    /// # Errors
    /// [`NnError::WrongTensors`] where the file's networks are not those that it describes.
    pub fn load(weights: &Weights, device: &Device) -> Result<Self, NnError> {
        let networks = Networks::load(weights.bytes().to_vec(), &weights.config, device)?;
        let absent: Vec<usize> = Expression::ALL
            .into_iter()
            .filter(|class| weights.space.class_mean(*class).is_none())
            .map(Expression::index)
            .collect();
        let model = Self::new(networks, device).with_absent_classes(&absent);
        Ok(Self { stretches: weights.card.stretches, ..model })
    }

    /// A model made of `networks`, which lie on `device`; it takes pictures as they are.
    pub fn new(networks: Networks, device: &Device) -> Self {
        let networks = networks.valid();
        Self {
            encoder: networks.E.fold(),
            generator: networks.G.fold(),
            disentangler: networks.phi,
            inverse: networks.phi_inverse,
            expression_head: networks.expression_head,
            absent: Vec::new(),
            stretches: false,
            device: device.clone().without_autodiff(),
        }
    }

    /// Names the classes that the expression head never saw a picture of; they get probability zero.
    pub fn with_absent_classes(mut self, absent: &[usize]) -> Self {
        self.absent = absent.to_vec();
        self
    }

    /// The device that computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Pictures of 128 x 128 -> their codes, in order.
    ///
    /// # Errors
    /// [`NnError::PictureSize`], [`NnError::Device`].
    pub fn encode(&self, pictures: &[RgbImage]) -> Result<Vec<Encoded>, NnError> {
        self.batched(pictures, |batch| {
            let prepared: Vec<Cow<RgbImage>> = batch.iter().map(|&picture| self.prepared(picture)).collect();
            let x = picture::to_tensor(&prepared.iter().map(|picture| &**picture).collect::<Vec<_>>(), &self.device)?;
            let z = self.encoder.forward(x);
            let f = self.disentangler.forward(z.clone());
            // Both in one tensor, so that the device is waited for once.
            let both = rows::<{ 2 * CODE_DIM }>(Tensor::cat(vec![z, f], 1))?;
            Ok(both.iter().map(Encoded::from_both).collect())
        })
    }

    /// Disentangled codes -> pictures: G(Phi^-1(f)).
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn decode(&self, f: &[Code]) -> Result<Vec<RgbImage>, NnError> {
        self.batched(f, |batch| {
            let z = self.inverse.forward(self.matrix(batch));
            picture::from_tensor(self.generator.forward(z))
        })
    }

    /// Latent codes -> pictures: G(z).
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn decode_latent(&self, z: &[Code]) -> Result<Vec<RgbImage>, NnError> {
        self.batched(z, |batch| picture::from_tensor(self.generator.forward(self.matrix(batch))))
    }

    /// Latent codes -> disentangled codes: Phi(z).
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn disentangle(&self, z: &[Code]) -> Result<Vec<Code>, NnError> {
        self.batched(z, |batch| rows(self.disentangler.forward(self.matrix(batch))))
    }

    /// Disentangled codes -> latent codes: Phi^-1(f).
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn entangle(&self, f: &[Code]) -> Result<Vec<Code>, NnError> {
        self.batched(f, |batch| rows(self.inverse.forward(self.matrix(batch))))
    }

    /// Expression parts `f_e` -> the probability of each class, adding up to one.
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn expression(&self, f_e: &[[f32; PART_DIM]]) -> Result<Vec<Vec<f32>>, NnError> {
        self.batched(f_e, |batch| {
            let logits = self.expression_head.forward(self.matrix(batch));
            let classes = logits.dims()[1];
            let logits = picture::read(logits)?;
            Ok(logits.chunks_exact(classes).map(|row| softmax(row, &self.absent)).collect())
        })
    }

    /// A crop as the encoder reads it and the generator gives it back.
    pub(super) fn prepared<'a>(&self, picture: &'a RgbImage) -> Cow<'a, RgbImage> {
        if self.stretches { Cow::Owned(stretched(picture)) } else { Cow::Borrowed(picture) }
    }

    /// Whether the device is the CPU, where a batch may have any size at no cost.
    pub(super) fn on_cpu(&self) -> bool {
        self.device == Device::flex()
    }

    /// Passes `items` through `run` in batches.
    ///
    /// A GPU compiles and tunes its kernels anew for each size of batch, so there a batch is one item or
    /// [`MAX_BATCH`]; the last is filled up with its last item.
    fn batched<T, U>(&self, items: &[T], run: impl Fn(&[&T]) -> Result<Vec<U>, NnError>) -> Result<Vec<U>, NnError> {
        let mut results = Vec::with_capacity(items.len());
        for chunk in items.chunks(if self.on_cpu() { MAX_CPU_BATCH } else { MAX_BATCH }) {
            let mut batch: Vec<&T> = chunk.iter().collect();
            if let [_, .., last] = chunk
                && !self.on_cpu()
            {
                batch.resize(MAX_BATCH, last);
            }
            let outputs = run(&batch)?;
            results.extend(outputs.into_iter().take(chunk.len()));
        }
        Ok(results)
    }

    /// `[n, N]` of `n` rows.
    fn matrix<const N: usize>(&self, rows: &[&[f32; N]]) -> Tensor<2> {
        let values: Vec<f32> = rows.iter().flat_map(|row| row.iter().copied()).collect();
        Tensor::from_data(TensorData::new(values, [rows.len(), N]), &self.device)
    }
}

fn stretched(picture: &RgbImage) -> RgbImage {
    let mut picture = picture.clone();
    views::stretch_levels(&mut picture);
    picture
}

impl Encoded {
    fn from_both(both: &[f32; 2 * CODE_DIM]) -> Self {
        let mut encoded = Self { z: [0.0; CODE_DIM], f: [0.0; CODE_DIM] };
        encoded.z.copy_from_slice(&both[..CODE_DIM]);
        encoded.f.copy_from_slice(&both[CODE_DIM..]);
        encoded
    }
}

/// The rows of `[n, N]`.
fn rows<const N: usize>(tensor: Tensor<2>) -> Result<Vec<[f32; N]>, NnError> {
    let values = picture::read(tensor)?;
    let (rows, _) = values.as_chunks::<N>();
    Ok(rows.to_vec())
}

/// Probabilities from logits, without the `absent` classes.
fn softmax(logits: &[f32], absent: &[usize]) -> Vec<f32> {
    let present = |class: &usize| !absent.contains(class);
    let peak = (0..logits.len()).filter(present).map(|class| logits[class]).fold(f32::NEG_INFINITY, f32::max);
    let weight = |class: usize| if present(&class) { (logits[class] - peak).exp() } else { 0.0 };
    let weights: Vec<f32> = (0..logits.len()).map(weight).collect();
    let total: f32 = weights.iter().sum();
    // Zero only where every class is absent: then no class has a probability.
    weights.iter().map(|weight| if total > 0.0 { weight / total } else { 0.0 }).collect()
}
