//! The stand-in, held up where a test wants it to be.

use super::*;

/// What happens before a picture is drawn and before a face is told, and whether a step of a fit is the last one.
pub struct Hindered {
    pub networks: Box<dyn Worker>,
    pub picture: Box<dyn Fn()>,
    pub face: Box<dyn Fn()>,
    pub refine: Box<dyn Fn() -> bool>,
}

impl Hindered {
    /// The stand-in as it is.
    pub fn open(setup: &Setup) -> Result<Self, String> {
        let networks = StandIn::open(setup)?;
        Ok(Hindered { networks, picture: Box::new(|| ()), face: Box::new(|| ()), refine: Box::new(|| true) })
    }
}

impl Worker for Hindered {
    fn about(&self) -> Ready {
        self.networks.about()
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        (self.picture)();
        self.networks.picture(face)
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        (self.face)();
        self.networks.face(crop)
    }

    fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        fit: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        if (self.refine)() { self.networks.refine_step(crop, from, fit) } else { Ok(None) }
    }

    fn reopened(&self, device: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        self.networks.reopened(device)
    }
}
