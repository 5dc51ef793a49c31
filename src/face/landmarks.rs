//! The 68 points of a face, in the order that everybody uses: the jaw from the image's left to its right 0..=16, brows
//! 17..=21 and 22..=26, the nose's bridge 27..=30 and its foot 31..=35, eyes 36..=41 and 42..=47, outer lips 48..=59,
//! inner lips 60..=67.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `[x, y]` of each point with y downwards, in pixels of whatever picture is named beside it; a pixel's centre lies at
/// i + 0.5.
pub type Landmarks = [[f32; 2]; 68];

/// The point that each of the 68 becomes in a mirrored face: left and right change places.
pub const MIRROR_OF: [usize; 68] = [
    16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, // jaw
    26, 25, 24, 23, 22, 21, 20, 19, 18, 17, // brows
    27, 28, 29, 30, 35, 34, 33, 32, 31, // nose
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, // eyes
    54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, // lips outside
    64, 63, 62, 61, 60, 67, 66, 65, // lips inside
];

/// The outer corners of the eyes.
pub const OUTER_CORNERS: [usize; 2] = [36, 45];

/// The distance of the outer eye corners, in the landmarks' own unit: what errors of landmarks are measured against.
pub fn eye_corners_apart(landmarks: &Landmarks) -> f32 {
    let [a, b] = OUTER_CORNERS.map(|i| landmarks[i]);
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// Serde of boxed landmarks as a list of 68 pairs; another count is an error.
pub(super) mod pairs {
    use super::*;

    pub fn serialize<S: Serializer>(landmarks: &Landmarks, serializer: S) -> Result<S::Ok, S::Error> {
        landmarks.as_slice().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<Landmarks>, D::Error> {
        let points = Vec::<[f32; 2]>::deserialize(deserializer)?;
        points.try_into().map_err(|points: Vec<_>| {
            D::Error::custom(format_args!("A face has 68 landmarks, and here are {}", points.len()))
        })
    }
}
