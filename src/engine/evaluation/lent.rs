//! The engine as the model that is measured: [`Model`] for [`Engine`], which the terminal lends as it is, and who opens
//! one for an evaluation of the window.

use std::sync::Arc;

use crate::data::hash;
use crate::engine::networks::{Engine, EngineError};
use crate::engine::protocol::{RgbImage, Setup};
use crate::evaluate::error::EvaluateError;
use crate::evaluate::lent::{CardWords, Model};
use crate::face::{FaceCode, FaceSpace, ModelName};
use crate::nn::{Code, Encoded};

/// A model that is lent to an evaluation: the [`Engine`], or a stand-in where the window is tested without networks.
pub trait Lent: Model {
    /// What happened to its device since the last call, one sentence each.
    fn take_notices(&mut self) -> Vec<String>;
}

/// Opens a model, on the evaluations' thread; an error is a sentence without a path.
pub type Lender = dyn Fn(&Setup) -> Result<Box<dyn Lent>, String> + Send;

/// The lender of the real networks.
pub(super) fn open_engine(setup: &Setup) -> Result<Box<dyn Lent>, String> {
    let weights = setup.weights.load().map_err(super::sentence)?;
    let engine = Engine::open(setup.device, Arc::new(weights)).map_err(super::sentence)?;
    Ok(Box::new(engine))
}

impl Lent for Engine {
    fn take_notices(&mut self) -> Vec<String> {
        Engine::take_notices(self)
    }
}

impl Model for Engine {
    fn name(&self) -> ModelName {
        self.weights().model()
    }

    fn contents(&self) -> u64 {
        hash::content(self.weights().bytes())
    }

    fn card(&self) -> CardWords {
        let weights = self.weights();
        let card = weights.card.clone();
        CardWords {
            preset: card.preset,
            data: card.data,
            terms: card.terms,
            made_by: card.made_by,
            width: weights.config.width,
            stretch: card.stretches,
            can_edit: card.can_edit,
        }
    }

    fn space(&self) -> &FaceSpace {
        &self.weights().space
    }

    /// All cores at once.
    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        Engine::encode(self, crops, &|_| ()).map_err(failed)
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        Engine::decode(self, faces).map_err(failed)
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        Engine::decode_latent(self, codes).map_err(failed)
    }
}

fn failed(error: EngineError) -> EvaluateError {
    EvaluateError::Model(error.to_string())
}

/// A lent model that tells at once what happens to its device.
pub(super) struct Heard<'a> {
    lent: Box<dyn Lent>,
    notice: &'a dyn Fn(String),
}

impl<'a> Heard<'a> {
    pub fn new(lent: Box<dyn Lent>, notice: &'a dyn Fn(String)) -> Self {
        let mut heard = Heard { lent, notice };
        heard.tell();
        heard
    }

    fn tell(&mut self) {
        self.lent.take_notices().into_iter().for_each(self.notice);
    }

    fn compute<T>(&mut self, work: impl FnOnce(&mut dyn Lent) -> Result<T, EvaluateError>) -> Result<T, EvaluateError> {
        let outcome = work(&mut *self.lent);
        self.tell();
        outcome
    }
}

impl Model for Heard<'_> {
    fn name(&self) -> ModelName {
        self.lent.name()
    }

    fn contents(&self) -> u64 {
        self.lent.contents()
    }

    fn card(&self) -> CardWords {
        self.lent.card()
    }

    fn space(&self) -> &FaceSpace {
        self.lent.space()
    }

    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        self.compute(|lent| lent.encode(crops))
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        self.compute(|lent| lent.decode(faces))
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        self.compute(|lent| lent.decode_latent(codes))
    }
}
