//! What speaks against editing a face, found before it is edited. May use `face` and the plain measures of `nn`; what
//! is said about it stands in `face::quality`.

use image::RgbImage;

use super::framing;
use crate::face::{CROP_SIDE, Crop, Found, Remark};
use crate::nn::quality;

/// Boxes lower than this, in pixels of the photograph, are enlarged more than twice for the networks.
const SMALLEST: f32 = 60.0;
/// Degrees to a side, up or down; training has few faces beyond.
const FURTHEST_YAW_DEG: f32 = 40.0;
const FURTHEST_PITCH_DEG: f32 = 30.0;
/// Share of the crop outside the photograph.
const LARGEST_CUT: f32 = 0.12;
/// Sharpness over contrast of a crop: one in fifty photographs of faces stays below, nearly all do once they are
/// blurred by a Gaussian of 1.5 crop pixels.
const DULLEST: f64 = 0.10;
/// Sharpness of a crop over that of its reconstruction. A network's picture is the softer one of the two, unless the
/// crop is badly blurred.
const DULLEST_TO_RECONSTRUCTION: f64 = 0.7;
/// Contrast below this is none; it keeps an even picture from being divided by nothing.
const LEAST_CONTRAST: f64 = 1.0;
/// Points to a side of the crop that are asked whether they lie in the photograph.
const PROBES: u32 = 64;

/// What is known about a face before it is edited. What is None is not judged.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Width and height of the upright photograph.
    pub photo_size: (u32, u32),
    /// The crop in the photograph; None for a picture that is a crop already.
    pub square: Option<&'a Crop>,
    /// None where the face was marked by hand.
    pub found: Option<&'a Found>,
    /// 128 x 128, as the networks see it.
    pub crop: &'a RgbImage,
    /// What the networks make of it, of the same size.
    pub reconstruction: Option<&'a RgbImage>,
    /// Pixel RMSE (0..255) of reconstructions of validation faces: the median, and what 97.5 % stay below.
    pub usual_rmse: Option<[f32; 2]>,
}

/// All that should be said, in the order of [`Remark`]'s kinds; nothing for a face that is fine.
pub fn remarks(seen: &Seen) -> Vec<Remark> {
    let small = small(seen);
    // A small face is enlarged, and therefore blurred: said once.
    let blurred = if small.is_none() { blurred(seen) } else { None };
    let [turned, tilted] = looking_away(seen);
    [small, blurred, turned, tilted, cut_off(seen), unlike(seen)].into_iter().flatten().collect()
}

fn small(seen: &Seen) -> Option<Remark> {
    let pixels = seen.square?.half_side / framing::HALF_SIDE;
    (pixels < SMALLEST).then_some(Remark::Small { pixels })
}

fn blurred(seen: &Seen) -> Option<Remark> {
    let sharpness = quality::sharpness(seen.crop);
    let dull = sharpness < DULLEST * quality::contrast(seen.crop).max(LEAST_CONTRAST);
    let duller =
        seen.reconstruction.is_some_and(|made| sharpness < DULLEST_TO_RECONSTRUCTION * quality::sharpness(made));
    (dull || duller).then_some(Remark::Blurred)
}

fn looking_away(seen: &Seen) -> [Option<Remark>; 2] {
    let Some(pose) = seen.found.map(|found| found.pose) else { return [None; 2] };
    let (yaw_deg, pitch_deg) = (pose.yaw_deg, pose.pitch_deg);
    [
        (yaw_deg.abs() > FURTHEST_YAW_DEG).then_some(Remark::Turned { yaw_deg }),
        (pitch_deg.abs() > FURTHEST_PITCH_DEG).then_some(Remark::Tilted { pitch_deg }),
    ]
}

fn cut_off(seen: &Seen) -> Option<Remark> {
    let square = seen.square?;
    let (width, height) = (seen.photo_size.0 as f32, seen.photo_size.1 as f32);
    let unit = CROP_SIDE as f32 / PROBES as f32;
    let outside = |&(i, j): &(u32, u32)| {
        let [x, y] = square.photo_from_crop([i, j].map(|k| (k as f32 + 0.5) * unit));
        !((0.0..width).contains(&x) && (0.0..height).contains(&y))
    };
    let probes = (0..PROBES).flat_map(|i| (0..PROBES).map(move |j| (i, j)));
    let share = probes.filter(outside).count() as f32 / (PROBES * PROBES) as f32;
    (share > LARGEST_CUT).then_some(Remark::CutOff { share })
}

fn unlike(seen: &Seen) -> Option<Remark> {
    let made = seen.reconstruction.filter(|made| made.dimensions() == seen.crop.dimensions())?;
    let [_, usual] = seen.usual_rmse?;
    let rmse = quality::rmse(seen.crop, made) as f32;
    (rmse > usual).then_some(Remark::Unlike { rmse, usual })
}
