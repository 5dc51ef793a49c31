//! Boxes, squares and frames: from where the detector saw a face to what the landmarker is shown. Pure geometry, in
//! photograph pixels.

use crate::face::{Crop, FaceBox};
use crate::nn::finder::FRAME;

/// Half of the crop's side over the height of the face's box, and how far the crop's centre lies below the box's, over
/// the same height.
pub(super) const HALF_SIDE: f32 = 0.475;
const BELOW: f32 = 0.10;
/// Width of a face's box over its height, where only the height is known.
pub const ASPECT: f32 = 0.78;

/// The level square that the box of a face implies: about the face's crop, as far as a box can tell.
pub fn frame_of_box(face: &FaceBox) -> Crop {
    let [x, y] = face.centre();
    Crop::level([x, y + BELOW * face.h], HALF_SIDE * face.h)
}

/// What the landmarker is shown of a face with this crop.
pub fn framed(square: &Crop) -> Crop {
    Crop { half_side: FRAME * square.half_side, ..*square }
}

/// The box of a face of which only middle and height are known.
pub fn box_of_height([x, y]: [f32; 2], height: f32) -> FaceBox {
    let width = ASPECT * height;
    FaceBox { x: x - width / 2.0, y: y - height / 2.0, w: width, h: height }
}
