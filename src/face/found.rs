//! A face as it was found in a photograph: where it is, which way the head looks, and how sure that is.

use serde::{Deserialize, Serialize};

use super::code::Pose;
use super::crop::{Crop, CropError};
use super::landmarks::{Landmarks, pairs};

/// How far the box reaches above the highest brow, over the height of the 68 points: with it the boxes have the shape
/// (width over height 0.78) of those that a detector gives.
const FOREHEAD: f32 = 0.30;

/// A found face, in pixels of the upright photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    #[serde(rename = "box")]
    pub frame: FaceBox,
    #[serde(with = "pairs")]
    pub landmarks: Box<Landmarks>,
    /// Of the head in the photograph, where nothing was levelled yet.
    #[serde(flatten)]
    pub pose: Pose,
    /// 0 to 1.
    pub confidence: f32,
}

impl Found {
    /// The crop of this face in the photograph.
    ///
    /// # Errors
    /// As [`Crop::from_landmarks`].
    pub fn square(&self) -> Result<Crop, CropError> {
        Crop::from_landmarks(&self.landmarks)
    }

    /// The head's pose in the levelled crop, as codes and labels have it: roll is what the crop leaves of it. None
    /// where the landmarks give no crop.
    pub fn pose_in_crop(&self) -> Option<Pose> {
        let square = self.square().ok()?;
        Some(Pose { roll_deg: half_turn(self.pose.roll_deg - square.roll_deg()), ..self.pose })
    }
}

/// An angle in degrees as the same one within -180..180.
fn half_turn(deg: f32) -> f32 {
    (deg + 180.0).rem_euclid(360.0) - 180.0
}

/// A level rectangle in photograph pixels, `[x, y, w, h]` in files; it may reach beyond the photograph.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 4]", into = "[f32; 4]")]
pub struct FaceBox {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl FaceBox {
    /// The box around a face with these landmarks: from the hairline to the chin, from temple to temple. A turned head
    /// is measured in its own axes, those of its crop; the box has that centre, width and height, and is level. None
    /// where the landmarks give no crop.
    pub fn from_landmarks(landmarks: &Landmarks) -> Option<Self> {
        let square = Crop::from_landmarks(landmarks).ok()?;
        let own = landmarks.map(|point| square.crop_from_photo(point));
        let [left, right] = extent(&own, 0);
        let [brow, chin] = extent(&own, 1);
        let top = brow - FOREHEAD * (chin - brow);
        let centre = square.photo_from_crop([(left + right) / 2.0, (top + chin) / 2.0]);
        let per_crop_pixel = square.half_side / (super::crop::CROP_SIDE as f32 / 2.0);
        let (w, h) = (per_crop_pixel * (right - left), per_crop_pixel * (chin - top));
        // Distant points may be finite and their differences not.
        [centre[0], centre[1], w, h].iter().all(|v| v.is_finite()).then(|| Self::around(centre, w, h))
    }

    /// The box of this middle, width and height.
    pub const fn around([x, y]: [f32; 2], w: f32, h: f32) -> Self {
        Self { x: x - w / 2.0, y: y - h / 2.0, w, h }
    }

    pub fn centre(&self) -> [f32; 2] {
        [self.x + self.w / 2.0, self.y + self.h / 2.0]
    }

    pub fn area(&self) -> f32 {
        self.w.max(0.0) * self.h.max(0.0)
    }

    /// Intersection over union, 0 to 1; 0 for boxes without an area.
    pub fn overlap(&self, other: &Self) -> f32 {
        let shared = |a: f32, a_side: f32, b: f32, b_side: f32| ((a + a_side).min(b + b_side) - a.max(b)).max(0.0);
        let both = shared(self.x, self.w, other.x, other.w) * shared(self.y, self.h, other.y, other.h);
        let either = self.area() + other.area() - both;
        if either > 0.0 { both / either } else { 0.0 }
    }

    /// Whether a point of the photograph lies inside.
    pub fn contains(&self, [x, y]: [f32; 2]) -> bool {
        (self.x..self.x + self.w).contains(&x) && (self.y..self.y + self.h).contains(&y)
    }
}

impl From<[f32; 4]> for FaceBox {
    fn from([x, y, w, h]: [f32; 4]) -> Self {
        Self { x, y, w, h }
    }
}

impl From<FaceBox> for [f32; 4] {
    fn from(FaceBox { x, y, w, h }: FaceBox) -> Self {
        [x, y, w, h]
    }
}

/// Lowest and highest coordinate of an axis.
fn extent(points: &Landmarks, axis: usize) -> [f32; 2] {
    points.iter().fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], p| [low.min(p[axis]), high.max(p[axis])])
}
