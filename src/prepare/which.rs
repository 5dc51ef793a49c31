//! Which face of a picture is meant, among those that the finder sees. Geometry, and a part of a picture cut out.

use image::{RgbImage, imageops};

use crate::face::{Crop, FaceBox, Found, Landmarks};

/// A face is looked for in a square around its box that is so many times as large: in a large photograph the finder
/// would not see a small face.
const AROUND: f32 = 2.0;
/// What shares less with the box (intersection over union) is another face. Boxes of sets are drawn tight or loose.
const SAME: f32 = 0.2;
/// The box of a face over half of its crop's side, as detectors draw it.
const BOX: [f32; 2] = [1.64, 2.1];

/// The part of a picture in which the face of a box is looked for, and where its corner lies; none where the box is no
/// box or lies outside.
pub(super) fn around(photo: &RgbImage, place: &FaceBox) -> Option<(RgbImage, [u32; 2])> {
    let half = AROUND * place.w.max(place.h) / 2.0;
    let centre = place.centre();
    if !(half.is_finite() && place.w > 0.0 && place.h > 0.0 && centre.iter().all(|v| v.is_finite())) {
        return None;
    }
    // Float to integer saturates.
    let [(left, right), (top, bottom)] = [(centre[0], photo.width()), (centre[1], photo.height())]
        .map(|(middle, length)| ((middle - half).floor() as u32, ((middle + half).ceil() as u32).min(length)));
    if left >= right || top >= bottom {
        return None;
    }
    let part = imageops::crop_imm(photo, left, top, right - left, bottom - top).to_image();
    Some((part, [left, top]))
}

/// The face that overlaps a box most; none where nothing is seen there.
pub(super) fn in_box<'f>(faces: &'f [Found], place: &FaceBox) -> Option<&'f Found> {
    let shares = faces.iter().map(|face| (face, face.frame.overlap(place))).filter(|(_, share)| *share >= SAME);
    shares.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(face, _)| face)
}

/// The largest face whose middle lies in the middle half of a picture of this width and height, across and down; where
/// there is none, the largest of all. `faces` come largest first.
pub(super) fn near_middle(faces: &[Found], (width, height): (u32, u32)) -> Option<&Found> {
    let half = FaceBox::around([width as f32 / 2.0, height as f32 / 2.0], width as f32 / 2.0, height as f32 / 2.0);
    faces.iter().find(|face| half.contains(face.frame.centre())).or(faces.first())
}

/// The box of a face with this crop.
pub(super) fn box_of(square: &Crop) -> FaceBox {
    let [w, h] = BOX.map(|sides| sides * square.half_side);
    FaceBox::around(square.centre, w, h)
}

/// The same points where the picture has its corner elsewhere.
pub(super) fn shifted(landmarks: &Landmarks, by: [u32; 2]) -> Landmarks {
    landmarks.map(|[x, y]| [x + by[0] as f32, y + by[1] as f32])
}

/// The same box where the picture has its corner elsewhere.
pub(super) fn box_from(place: &FaceBox, corner: [u32; 2]) -> FaceBox {
    FaceBox { x: place.x - corner[0] as f32, y: place.y - corner[1] as f32, ..*place }
}
