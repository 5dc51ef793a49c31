//! Whether a picture can be trained on: it decodes, has the size of a stored crop, and its labels are possible.

use std::fs;
use std::path::Path;

use super::source::{Encoded, Item};
use crate::data::image::{PictureError, RgbImage, declared_size, decode, is_stored_crop};

const NOT_READABLE: &str = "cannot be read";
const NOT_DECODED: &str = "cannot be decoded";
const WRONG_SIZE: &str = "not square of 128, 144 or 168 pixels";
const LANDMARKS_OUTSIDE: &str = "landmarks outside the picture";
const MOOD_OUT_OF_RANGE: &str = "valence or arousal outside -1 to 1";
const ANGLE_OUT_OF_RANGE: &str = "angle beyond 180 degrees";

/// How far a landmark may lie beyond the border, in sides of the picture: the jaw of a turned head leaves a tight crop.
const BEYOND: f32 = 0.25;

/// The bytes of an item's picture, if it and its labels can be used.
///
/// # Errors
/// Why not: one of a few reasons that are counted.
pub(super) fn check(item: &Item) -> Result<Vec<u8>, &'static str> {
    if item.valence_arousal.is_some_and(|mood| mood.iter().any(|v| !(-1.0..=1.0).contains(v))) {
        return Err(MOOD_OUT_OF_RANGE);
    }
    if item.pose_deg.is_some_and(|angles| angles.iter().any(|v| !(-180.0..=180.0).contains(v))) {
        return Err(ANGLE_OUT_OF_RANGE);
    }
    let bytes = match &item.picture {
        Encoded::Bytes(bytes) => bytes.clone(),
        Encoded::File(path) => read(path)?,
    };
    let picture = decode(&bytes).map_err(|error| reason(&error))?;
    if !is_stored_crop(picture.dimensions()) {
        return Err(WRONG_SIZE);
    }
    match &item.landmarks {
        Some(points) if !near(points, &picture) => Err(LANDMARKS_OUTSIDE),
        _ => Ok(bytes),
    }
}

/// A file is judged by its header first: photographs among the crops need not be read.
fn read(path: &Path) -> Result<Vec<u8>, &'static str> {
    if declared_size(path).is_some_and(|size| !is_stored_crop(size)) {
        return Err(WRONG_SIZE);
    }
    if !fs::metadata(path).is_ok_and(|about| about.is_file()) {
        return Err(NOT_READABLE);
    }
    fs::read(path).map_err(|_| NOT_READABLE)
}

fn reason(error: &PictureError) -> &'static str {
    match error.problem() {
        PictureError::TooSmall { .. } | PictureError::TooLarge { .. } => WRONG_SIZE,
        _ => NOT_DECODED,
    }
}

fn near(points: &[[f32; 2]; 68], picture: &RgbImage) -> bool {
    let side = picture.width() as f32;
    let range = -BEYOND * side..=(1.0 + BEYOND) * side;
    points.as_flattened().iter().all(|v| range.contains(v))
}
