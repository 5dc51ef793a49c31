//! What the studio thread, the indexer and the audits compute with: the [`Engine`], or a stand-in where the window is
//! measured or tested without networks.

use std::sync::Arc;

use image::RgbImage;

use super::device::DeviceChoice;
use super::guard::guarded;
use super::networks::{Engine, EngineError};
use super::protocol::{Ready, Setup};
use crate::face::{CODE_DIM, FaceCode};
use crate::nn::refine::{Refined, Refiner};

/// Networks on a device. A method that panics, or fails with [`EngineError::Crashed`], costs its job one retry on
/// networks built anew.
pub trait Worker {
    /// What computes now.
    fn about(&self) -> Ready;

    /// What happened to the device since the last call, one sentence each; nothing ever does to one that cannot fail.
    fn take_notices(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// The picture of a face, 128 x 128.
    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError>;

    /// The pictures of many faces, 128 x 128, in their order.
    fn pictures(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EngineError> {
        faces.iter().map(|face| self.picture(face)).collect()
    }

    /// The face on a crop of 128 x 128.
    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError>;

    /// The codes of many crops of 128 x 128, in their order: what an index is built from.
    fn codes(&mut self, crops: &[RgbImage]) -> Result<Vec<[f32; CODE_DIM]>, EngineError> {
        crops.iter().map(|crop| Ok(self.face(crop)?.to_array())).collect()
    }

    /// One more step of fitting a face to its crop of 128 x 128, from the encoder's answer; what came of it after the
    /// last. `fit` is empty before the first step, and is this worker's to fill and to find again.
    fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        fit: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError>;

    /// The same weights on another device, or anew on the same.
    fn reopened(&self, device: DeviceChoice) -> Result<Box<dyn Worker>, EngineError>;
}

/// Makes a worker, on the studio thread; an error is a sentence without a path.
pub type Opener = dyn Fn(&Setup) -> Result<Box<dyn Worker>, String> + Send;

/// Has a worker compute something: a panic becomes an error, and `notice` hears what happened to the device meanwhile.
pub(super) fn computed<T>(
    worker: &mut dyn Worker,
    notice: impl FnMut(String),
    work: impl FnOnce(&mut dyn Worker) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let outcome = guarded(|| work(worker)).unwrap_or_else(|panic| Err(EngineError::Crashed(panic)));
    worker.take_notices().into_iter().for_each(notice);
    outcome
}

/// The opener of the real networks.
pub(super) fn open_engine(setup: &Setup) -> Result<Box<dyn Worker>, String> {
    let weights = setup.weights.load().map_err(|e| e.to_string())?;
    let engine = Engine::open(setup.device, Arc::new(weights)).map_err(|e| e.to_string())?;
    Ok(Box::new(engine))
}

impl Worker for Engine {
    fn about(&self) -> Ready {
        let weights = self.weights();
        Ready {
            device: self.device().name.clone(),
            is_gpu: self.device().is_gpu,
            card: weights.card.clone(),
            space: Arc::new(weights.space.clone()),
            width: weights.config.width,
            fingerprint: weights.fingerprint(),
        }
    }

    fn take_notices(&mut self) -> Vec<String> {
        Engine::take_notices(self)
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        Engine::picture(self, face)
    }

    /// A batch at once.
    fn pictures(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EngineError> {
        self.decode(faces)
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        Engine::face(self, crop)
    }

    /// All cores at once.
    fn codes(&mut self, crops: &[RgbImage]) -> Result<Vec<[f32; CODE_DIM]>, EngineError> {
        Ok(self.encode(crops, &|_| ())?.into_iter().map(|code| code.f).collect())
    }

    fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        fit: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        Engine::refine_step(self, crop, from, fit)
    }

    fn reopened(&self, device: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        Ok(Box::new(Engine::reopened(self, device)?))
    }
}
