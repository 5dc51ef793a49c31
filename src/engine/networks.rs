//! The model on the chosen device. Whatever a GPU does wrong, the work is done again on the CPU.

use std::sync::Arc;

use image::RgbImage;

use super::device::{self, DeviceChoice, Fault, OpenDevice};
use super::guard::guarded;
use crate::face::{CODE_DIM, Drift, FaceCode};
use crate::nn::NnError;
use crate::nn::model::{Encoded, FaceModel};
use crate::nn::refine::{Refined, Refiner, STEPS};
use crate::nn::weights::{Weights, WeightsError};

/// Work that could not be done on any device.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Networks(#[from] NnError),
    #[error("The networks stopped on the CPU ({0}); please report this")]
    Crashed(String),
    #[error("The operating system gives no more threads ({0}); close other programs and try again")]
    NoThread(String),
    #[error("The networks see no face in this picture (its code has no direction); choose another picture")]
    NoCode,
}

/// A model that computes on one device and moves to the CPU when that fails.
pub struct Engine {
    weights: Arc<Weights>,
    model: FaceModel,
    device: OpenDevice,
    notices: Vec<String>,
}

impl Engine {
    /// Builds the networks on the chosen device, or on the CPU with a notice that says why.
    pub fn open(choice: DeviceChoice, weights: Arc<Weights>) -> Result<Self, EngineError> {
        let (mut device, notice) = device::open(choice);
        let mut notices: Vec<String> = notice.into_iter().collect();
        if device.is_gpu {
            match on_gpu(|| FaceModel::load(&weights, &device.device)) {
                Ok(model) => return Ok(Engine { weights, model, device, notices }),
                Err(reason) => notices.push(lost(&device, &reason)),
            }
            device = device::cpu();
        }
        let model = on_cpu(|| FaceModel::load(&weights, &device.device))?;
        Ok(Engine { weights, model, device, notices })
    }

    /// The same weights on another device, or anew on the same.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn reopened(&self, choice: DeviceChoice) -> Result<Self, EngineError> {
        Engine::open(choice, Arc::clone(&self.weights))
    }

    pub fn device(&self) -> &OpenDevice {
        &self.device
    }

    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// What happened to the device since the last call, one sentence each.
    pub fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// Codes of 128 x 128 crops, in their order; `progress` hears how many are done.
    pub fn encode(
        &mut self,
        crops: &[RgbImage],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Encoded>, EngineError> {
        self.run(|model| model.encode_all(crops, progress))
    }

    /// The code of one crop as a face.
    pub fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        let codes = self.run(|model| model.encode(std::slice::from_ref(crop)))?;
        codes.first().and_then(|code| FaceCode::from_array(&code.f)).ok_or(EngineError::NoCode)
    }

    /// Pictures (128 x 128) of faces: G(Phi^-1(f)).
    pub fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EngineError> {
        let codes: Vec<_> = faces.iter().map(FaceCode::to_array).collect();
        self.run(|model| model.decode(&codes))
    }

    /// The picture of one face.
    pub fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        // One code in, one picture out.
        Ok(self.decode(std::slice::from_ref(face))?.remove(0))
    }

    /// Pictures straight from the encoder's codes: G(z).
    pub fn decode_latent(&mut self, codes: &[[f32; CODE_DIM]]) -> Result<Vec<RgbImage>, EngineError> {
        self.run(|model| model.decode_latent(codes))
    }

    /// Faces of the encoder's codes: Phi(z).
    pub fn disentangle(&mut self, codes: &[[f32; CODE_DIM]]) -> Result<Vec<FaceCode>, EngineError> {
        let codes = self.run(|model| model.disentangle(codes))?;
        codes.iter().map(|f| FaceCode::from_array(f).ok_or(EngineError::NoCode)).collect()
    }

    /// The edited face's picture, encoded again, against what was asked (Eq. 8); `own` is the face before the edit.
    pub fn drift(&mut self, own: &FaceCode, asked: &FaceCode) -> Result<Drift, EngineError> {
        let (own_again, asked_again) = (self.seen_again(own)?, self.seen_again(asked)?);
        Ok(Drift::new(own, &own_again, asked, &asked_again))
    }

    /// Fits a face to its crop of 128 x 128, from the encoder's answer, and measures what came of it. `progress` hears
    /// how many steps are done, and of how many, before each of them and at the end; where it says false, nothing comes
    /// back.
    pub fn refine(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Option<Refined>, EngineError> {
        let mut fit = None;
        for done in 0.. {
            if !progress(done, STEPS) {
                break;
            }
            if let Some(refined) = self.refine_step(crop, from, &mut fit)? {
                progress(STEPS, STEPS);
                return Ok(Some(refined));
            }
        }
        Ok(None)
    }

    /// One gradient step of [`Engine::refine`]; `fit` is empty before the first and kept for the next. The outcome after
    /// the last.
    pub fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        fit: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        let refiner = match fit {
            Some(refiner) => refiner,
            None => fit.insert(Box::new(self.run(|model| model.refiner(crop, from))?)),
        };
        self.advance(refiner)?;
        Ok(refiner.outcome().filter(|_| refiner.done() >= STEPS))
    }

    /// One step, done again on the CPU where the GPU fails.
    fn advance(&mut self, refiner: &mut Refiner) -> Result<(), EngineError> {
        if self.device.is_gpu {
            match on_gpu(|| refiner.follow(&self.model).and_then(|()| refiner.step())) {
                Ok(_) => return Ok(()),
                Err(reason) => self.move_to_cpu(&reason)?,
            }
        }
        on_cpu(|| refiner.follow(&self.model).and_then(|()| refiner.step()))?;
        Ok(())
    }

    fn seen_again(&mut self, face: &FaceCode) -> Result<FaceCode, EngineError> {
        let picture = self.picture(face)?;
        self.face(&picture)
    }

    fn run<T>(&mut self, work: impl Fn(&FaceModel) -> Result<T, NnError>) -> Result<T, EngineError> {
        if self.device.is_gpu {
            let outcome = on_gpu(|| {
                if Fault::from_env() == Some(Fault::Lost) {
                    panic!("a rehearsed loss");
                }
                work(&self.model)
            });
            match outcome {
                Ok(result) => return Ok(result),
                Err(reason) => self.move_to_cpu(&reason)?,
            }
        }
        on_cpu(|| work(&self.model))
    }

    fn move_to_cpu(&mut self, reason: &str) -> Result<(), EngineError> {
        self.notices.push(lost(&self.device, reason));
        self.device = device::cpu();
        self.model = on_cpu(|| FaceModel::load(&self.weights, &self.device.device))?;
        Ok(())
    }
}

/// Work on a GPU; whether it fails or panics, the reason is one line for people.
fn on_gpu<T>(work: impl FnOnce() -> Result<T, NnError>) -> Result<T, String> {
    guarded(work)?.map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}

/// Work on the CPU, below which there is nothing to turn to.
fn on_cpu<T>(work: impl FnOnce() -> Result<T, NnError>) -> Result<T, EngineError> {
    Ok(guarded(work).map_err(EngineError::Crashed)??)
}

fn lost(device: &OpenDevice, reason: &str) -> String {
    format!("The GPU {} failed ({reason}); the CPU takes over", device.name)
}
