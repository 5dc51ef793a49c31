//! A stored picture as a training sees it: the view that its margin allows, the labels in that view.

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use crate::data::crops::{CropSet, CropSetError, Label};
use crate::data::image::views::{self, View};
use crate::nn::picture::{MEAN, SIDE};

/// Numbers of a prepared picture: three planes of 128 x 128.
pub const NUMBERS: usize = 3 * SIDE * SIDE;

/// Pictures in a row that may be unreadable before the set as a whole is.
const TRIES: usize = 64;

/// The crop at `crop`, or the next one after it that can be read (from the last on to the first): its number and its
/// picture.
///
/// # Errors
/// What is wrong with `crop` where the 63 after it cannot be read either, or an empty set.
pub(super) fn readable(set: &CropSet, crop: usize) -> Result<(usize, RgbImage), CropSetError> {
    let first = match set.picture(crop) {
        Ok(picture) => return Ok((crop, picture)),
        Err(error) => error,
    };
    let others = (1..TRIES.min(set.len())).map(|step| (crop + step) % set.len());
    let found = others.filter_map(|other| Some((other, set.picture(other).ok()?))).next();
    found.ok_or(first)
}

/// That picture as it is, at 128 x 128.
///
/// # Errors
/// As [`readable`].
pub(super) fn plain(set: &CropSet, crop: usize, stretch: bool) -> Result<RgbImage, CropSetError> {
    Ok(views::render(&readable(set, crop)?.1, &View::plain(), stretch))
}

/// A view of a stored picture as the [`NUMBERS`] that the networks take.
pub(super) fn fill(stored: &RgbImage, view: &View, stretch: bool, planes: &mut [f32]) {
    views::planes(&views::render(stored, view, stretch), MEAN, planes);
}

/// Prepared pictures one after the other as a tensor `[n, 3, 128, 128]`.
pub(super) fn tensor(planes: Vec<f32>, device: &Device) -> Tensor<4> {
    let n = planes.len() / NUMBERS;
    Tensor::from_data(TensorData::new(planes, [n, 3, SIDE, SIDE]), device)
}

/// The view with its turn folded back into what the picture's margin allows, so that no angle is met more often than
/// its neighbours, as clamping would have it at the limit; and its shift held to what the turn leaves of the margin.
pub(super) fn fitting(view: &View, stored_side: u32) -> View {
    let turn_deg = folded(view.turn_deg, views::max_turn_deg(stored_side));
    let (sin, cos) = turn_deg.abs().to_radians().sin_cos();
    let room = ((stored_side as f32 - SIDE as f32 * (sin + cos)) / 2.0).max(0.0);
    View { turn_deg, shift_px: view.shift_px.map(|shift| shift.clamp(-room, room)), ..view.clone() }
}

/// `value` reflected at `limit` and `-limit` until it lies between them.
fn folded(value: f32, limit: f32) -> f32 {
    if value.abs() <= limit {
        return value;
    }
    if limit <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let along = (value + limit).rem_euclid(4.0 * limit);
    (if along <= 2.0 * limit { along - limit } else { 3.0 * limit - along }).clamp(-limit, limit)
}

/// A crop's label in a view that fits it: the angles, and the landmarks in pixels of the 128-pixel crop.
pub(super) fn label_seen(label: &Label, stored_side: u32, view: &View) -> Label {
    let landmarks = label.landmarks.as_ref().map(|points| Box::new(views::landmarks_seen(points, stored_side, view)));
    Label { pose_deg: label.pose_deg.map(|pose| views::pose_seen(pose, view)), landmarks, ..label.clone() }
}
