//! Who looks for faces in photographs: the finder that comes with the program, or a stand-in where a window is tested
//! without its networks.

use std::sync::Arc;

use image::RgbImage;

use crate::face::{Crop, FaceBox, Found};
use crate::find::{Finder, pose};

/// Tells the faces of a photograph, largest first.
pub type Eyes = dyn Fn(&RgbImage) -> Vec<Found> + Send + Sync;

/// What is asked for the faces of a photograph.
#[derive(Clone, Default)]
pub enum Search {
    #[default]
    Bundled,
    StandIn(Arc<Eyes>),
}

impl Search {
    /// Every face of a photograph, largest first; a sentence where the finder fails or `stop` says true.
    pub(super) fn faces(&self, photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Found>, String> {
        match self {
            Search::Bundled => {
                Finder::bundled().and_then(|finder| finder.find(photo, stop)).map_err(|error| error.to_string())
            }
            Search::StandIn(eyes) => Ok(eyes(photo)),
        }
    }

    /// The same on this thread alone, for whoever gives every core photographs of its own.
    pub(super) fn faces_alone(&self, photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Found>, String> {
        match self {
            Search::Bundled => {
                Finder::bundled().and_then(|finder| finder.find_alone(photo, stop)).map_err(|error| error.to_string())
            }
            Search::StandIn(eyes) => Ok(eyes(photo)),
        }
    }

    /// The face in a square that a person placed. A finder that fails sees nothing: the square serves without it.
    pub(super) fn in_square(&self, photo: &RgbImage, square: Crop) -> Option<Found> {
        // It may have wandered off to the face beside.
        let is_there = |found: &Found| found.square().is_ok_and(|seen| seen.is_near(&square));
        match self {
            Search::Bundled => placed(photo, square).filter(is_there),
            Search::StandIn(eyes) => eyes(photo).into_iter().find(is_there),
        }
    }
}

/// What the bundled finder sees in a square, where it is sure.
fn placed(photo: &RgbImage, square: Crop) -> Option<Found> {
    let finder = Finder::bundled().ok()?;
    let (landmarks, confidence) = finder.landmarks(photo, square).ok()?;
    let found = Found {
        frame: FaceBox::from_landmarks(&landmarks)?,
        pose: pose::fit(&landmarks, finder.mean_face())?.pose,
        landmarks: Box::new(landmarks),
        confidence,
    };
    (confidence >= finder.threshold()).then_some(found)
}
