//! The crop: which square of a photograph the networks see, and the map between the two. Pure geometry; it touches
//! no pixels.
//!
//! Points are `[x, y]` with y downwards. A pixel's centre lies at i + 0.5, so the middle of the first pixel of a
//! picture is (0.5, 0.5) and a picture of n pixels spans 0..n.

use serde::{Deserialize, Serialize};

/// Side of the picture that the networks see, in pixels.
pub const CROP_SIDE: u32 = 128;

/// Side of the square over the distance of the eyes, and over the distance from eyes to mouth: the larger one counts,
/// so that a turned head (eyes close together) and an open mouth both stay inside.
const SIDE_PER_EYES: f32 = 2.65;
const SIDE_PER_EYES_TO_MOUTH: f32 = 2.45;
/// Where the square's centre lies on the way from the eyes to the mouth.
const CENTRE_TOWARDS_MOUTH: f32 = 0.62;
/// In photograph pixels: eyes closer than this are one point.
const SHORTEST: f32 = 1e-3;

/// A square in a photograph, turned with the face.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crop {
    /// Middle of the square, in photograph pixels.
    pub centre: [f32; 2],
    /// Half of the square's side, in photograph pixels.
    pub half_side: f32,
    /// Unit vector along which the crop's columns run, in the photograph.
    pub x_axis: [f32; 2],
}

/// Why points of a face give no crop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CropError {
    #[error("The face's points are not finite numbers; mark the face again")]
    NotFinite,
    #[error("Both eyes lie on one point; mark the face again")]
    EyesCoincide,
    #[error("Eyes and mouth give no upright direction; mark the face again")]
    NoDirection,
}

impl Crop {
    /// The crop of a face with 68 landmarks in photograph pixels, in the usual order (eyes 36..=41 and 42..=47, corners
    /// of the mouth 48 and 54).
    ///
    /// # Errors
    /// As [`Crop::from_points`].
    pub fn from_landmarks(landmarks: &[[f32; 2]; 68]) -> Result<Self, CropError> {
        Self::from_points(mean(&landmarks[36..42]), mean(&landmarks[42..48]), mean(&[landmarks[48], landmarks[54]]))
    }

    /// The crop of a face with three known points in photograph pixels; left and right are those of the image.
    ///
    /// # Errors
    /// When a coordinate is not finite, the eyes coincide, or the mouth cancels the direction that the eyes give.
    pub fn from_points(left_eye: [f32; 2], right_eye: [f32; 2], mouth: [f32; 2]) -> Result<Self, CropError> {
        if [left_eye, right_eye, mouth].as_flattened().iter().any(|v| !v.is_finite()) {
            return Err(CropError::NotFinite);
        }
        let eyes = mean(&[left_eye, right_eye]);
        let across = sub(right_eye, left_eye);
        let down = sub(mouth, eyes);
        if length(across) < SHORTEST {
            return Err(CropError::EyesCoincide);
        }
        let x = sub(across, quarter_turn(down));
        if length(x) < SHORTEST {
            return Err(CropError::NoDirection);
        }
        Ok(Self {
            centre: add(eyes, scale(down, CENTRE_TOWARDS_MOUTH)),
            half_side: (SIDE_PER_EYES * length(across)).max(SIDE_PER_EYES_TO_MOUTH * length(down)) / 2.0,
            x_axis: scale(x, 1.0 / length(x)),
        })
    }

    /// The level square with this centre and half side, in photograph pixels.
    pub const fn level(centre: [f32; 2], half_side: f32) -> Self {
        Self { centre, half_side, x_axis: [1.0, 0.0] }
    }

    /// The same square with `margin` more crop pixels on each side: what is stored for training, 8 px for pictures of
    /// 144 and 20 px for pictures of 168.
    pub fn widened(self, margin: f32) -> Self {
        Self { half_side: self.half_side * (1.0 + 2.0 * margin / CROP_SIDE as f32), ..self }
    }

    /// Unit vector along which the crop's rows follow each other, in the photograph.
    pub fn y_axis(&self) -> [f32; 2] {
        quarter_turn(self.x_axis)
    }

    /// From crop coordinates (0..128 on each axis) to photograph pixels.
    pub fn photo_from_crop(&self, point: [f32; 2]) -> [f32; 2] {
        let [u, v] = point.map(|c| (c / (CROP_SIDE as f32 / 2.0) - 1.0) * self.half_side);
        add(self.centre, add(scale(self.x_axis, u), scale(self.y_axis(), v)))
    }

    /// From photograph pixels to crop coordinates (0..128 on each axis).
    pub fn crop_from_photo(&self, point: [f32; 2]) -> [f32; 2] {
        let offset = sub(point, self.centre);
        [dot(offset, self.x_axis), dot(offset, self.y_axis())]
            .map(|c| (c / self.half_side + 1.0) * (CROP_SIDE as f32 / 2.0))
    }

    /// Whether two squares can be of one face: a hand, or another program's points, are not as exact as the finder.
    pub fn is_near(&self, other: &Self) -> bool {
        let apart = length(sub(self.centre, other.centre));
        let ratio = self.half_side / other.half_side;
        apart < other.half_side / 2.0 && (0.6..1.7).contains(&ratio)
    }

    /// The in-plane rotation that the crop takes out of the photograph, in degrees; positive is clockwise, as roll is.
    pub fn roll_deg(&self) -> f32 {
        self.x_axis[1].atan2(self.x_axis[0]).to_degrees()
    }
}

fn mean(points: &[[f32; 2]]) -> [f32; 2] {
    let sum = points.iter().fold([0.0; 2], |sum, &p| add(sum, p));
    scale(sum, 1.0 / points.len() as f32)
}

/// Clockwise in the image, since y runs downwards: right becomes down.
fn quarter_turn(v: [f32; 2]) -> [f32; 2] {
    [-v[1], v[0]]
}

fn add(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

fn sub(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

fn scale(a: [f32; 2], by: f32) -> [f32; 2] {
    [a[0] * by, a[1] * by]
}

fn dot(a: [f32; 2], b: [f32; 2]) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

fn length(a: [f32; 2]) -> f32 {
    a[0].hypot(a[1])
}
