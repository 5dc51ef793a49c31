//! Requests to the networks as rows of short steps, so that a render waits for one pass of one network and never for a
//! whole job.

use image::RgbImage;

use super::networks::EngineError;
use super::protocol::{Event, Placed};
use super::ticket::Ticket;
use super::worker::Worker;
use crate::face::{Drift, FaceCode, Remark};
use crate::find::quality;
use crate::nn::refine::{self, Refined, Refiner};

/// A request with what is done of it.
pub(super) struct Job {
    pub ticket: Ticket,
    pub work: Work,
    /// Whether the networks crashed at it once already.
    pub retried: bool,
}

/// What is asked of the networks. A step that panics leaves this as it was, so it can be tried again.
pub(super) enum Work {
    Encode {
        crop: RgbImage,
        placed: Option<Box<Placed>>,
        face: Option<Box<FaceCode>>,
    },
    Refine {
        crop: RgbImage,
        from: Box<FaceCode>,
        fit: Option<Box<Refiner>>,
        refined: Option<Box<Refined>>,
    },
    Drift {
        /// Before and after the edit.
        faces: Box<[FaceCode; 2]>,
        /// Their pictures encoded again.
        again: Vec<FaceCode>,
        /// The picture that is to be encoded next.
        picture: Option<RgbImage>,
    },
    Pictures {
        faces: Vec<FaceCode>,
        pictures: Vec<RgbImage>,
    },
}

impl Work {
    pub fn encode(crop: RgbImage, placed: Option<Placed>) -> Self {
        Work::Encode { crop, placed: placed.map(Box::new), face: None }
    }

    pub fn refine(crop: RgbImage, from: FaceCode) -> Self {
        Work::Refine { crop, from: Box::new(from), fit: None, refined: None }
    }

    pub fn drift(own: FaceCode, asked: FaceCode) -> Self {
        Work::Drift { faces: Box::new([own, asked]), again: Vec::new(), picture: None }
    }

    pub fn pictures(faces: Vec<FaceCode>) -> Self {
        Work::Pictures { faces, pictures: Vec::new() }
    }

    /// How many steps it takes.
    pub fn len(&self) -> usize {
        match self {
            Work::Encode { .. } => 2,
            // The steps, and the picture of what came of them.
            Work::Refine { .. } => refine::STEPS + 1,
            Work::Drift { .. } => 4,
            Work::Pictures { faces, .. } => faces.len(),
        }
    }

    /// One pass of one network, or one step of a fit; the answer once it is there.
    pub fn step(&mut self, number: u64, worker: &mut dyn Worker) -> Result<Option<Event>, EngineError> {
        match self {
            Work::Encode { crop, face: unknown @ None, .. } => *unknown = Some(Box::new(worker.face(crop)?)),
            Work::Encode { crop, placed, face: Some(face) } => {
                let reconstruction = worker.picture(face)?;
                let remarks = remarks(crop, placed.as_deref(), &reconstruction, worker);
                return Ok(Some(Event::Encoded { number, face: face.clone(), reconstruction, remarks }));
            }
            Work::Refine { crop, from, fit, refined: unknown @ None } => {
                *unknown = worker.refine_step(crop, from, fit)?.map(Box::new);
            }
            Work::Refine { refined: Some(refined), .. } => {
                let Refined { face, rmse_before, rmse_after } = **refined;
                let (face, reconstruction) = (Box::new(face), worker.picture(&face)?);
                return Ok(Some(Event::Refined { number, face, reconstruction, rmse: [rmse_before, rmse_after] }));
            }
            Work::Drift { faces, again, picture } => match picture {
                None => *picture = Some(worker.picture(&faces[again.len()])?),
                Some(shown) => {
                    again.push(worker.face(shown)?);
                    *picture = None;
                    if let ([own, asked], [own_again, asked_again]) = (&**faces, &again[..]) {
                        let drift = Drift::new(own, own_again, asked, asked_again);
                        return Ok(Some(Event::Drift { number, drift }));
                    }
                }
            },
            Work::Pictures { faces, pictures } => {
                if let Some(face) = faces.get(pictures.len()) {
                    pictures.push(worker.picture(face)?);
                }
                if pictures.len() == faces.len() {
                    return Ok(Some(Event::Pictures { number, pictures: std::mem::take(pictures) }));
                }
            }
        }
        Ok(None)
    }
}

/// What is to be said about a crop: of where it lies, where that is known, and of what the networks make of it.
fn remarks(crop: &RgbImage, placed: Option<&Placed>, reconstruction: &RgbImage, worker: &dyn Worker) -> Vec<Remark> {
    quality::remarks(&quality::Seen {
        photo_size: placed.map_or(crop.dimensions(), |placed| placed.photo_size),
        square: placed.map(|placed| &placed.square),
        found: placed.and_then(|placed| placed.found.as_ref()),
        crop,
        reconstruction: Some(reconstruction),
        usual_rmse: worker.about().card.usual_rmse,
    })
}
