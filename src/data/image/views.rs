//! Training views of a stored crop: mirrored, turned, shifted, re-lit, cut to the 128 pixels that the networks see,
//! with pose and landmarks as they are seen there.
//!
//! One order holds for pixels, pose and landmarks: the picture is mirrored first, then turned clockwise about its
//! middle, then shifted. A stored crop has the scale of the 128-pixel crop and a margin around it, so a view neither
//! shrinks nor enlarges anything: Catmull and Rom's cubic keeps what is sharp without a filter before it, and a view
//! that is neither turned nor shifted by parts of a pixel repeats its pixels exactly.

use image::RgbImage;
use rand_chacha::rand_core::Rng;

use super::light::unit;
use super::resample::{cubic_weights, mirrored};
use crate::face::{CROP_SIDE, landmarks::MIRROR_OF};

pub use super::light::{Light, stretch as stretch_levels};

const SIDE: usize = CROP_SIDE as usize;
const HALF: f32 = CROP_SIDE as f32 / 2.0;

/// How a stored crop is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Left and right changed, before anything else.
    pub mirror: bool,
    /// In degrees, clockwise, as roll is.
    pub turn_deg: f32,
    /// Where the picture moves to, right and down, in pixels of the 128-pixel crop.
    pub shift_px: [f32; 2],
    /// None leaves the colours alone.
    pub light: Option<Light>,
}

impl View {
    /// The crop as it is.
    pub const fn plain() -> Self {
        Self { mirror: false, turn_deg: 0.0, shift_px: [0.0; 2], light: None }
    }

    /// Mirrored half of the time, turned and shifted by up to so much to either side (degrees; pixels of the 128-pixel
    /// crop), but never so far that something from outside the stored picture, `stored_side` pixels wide, would be
    /// seen. The light stays.
    pub fn random(rng: &mut impl Rng, stored_side: u32, turn_deg: f32, shift_px: f32) -> Self {
        let [mirror, turn, across, down] = std::array::from_fn(|_| unit(rng));
        let turn_deg = (2.0 * turn - 1.0) * turn_deg.min(max_turn_deg(stored_side)).max(0.0);
        let reach = shift_px.min(max_shift_px(stored_side, turn_deg)).max(0.0);
        Self { mirror: mirror < 0.5, turn_deg, shift_px: [across, down].map(|v| (2.0 * v - 1.0) * reach), light: None }
    }
}

/// How far a stored crop can be turned before its corners show what is not there, in degrees: 0 for 128 pixels, 8 for
/// 144 and 15 for 168.
pub fn max_turn_deg(stored_side: u32) -> f32 {
    match stored_side {
        0..144 => 0.0,
        144..168 => 8.0,
        _ => 15.0,
    }
}

/// How far a stored crop that is turned so far can be shifted to any side before what is not there is seen, in pixels.
pub fn max_shift_px(stored_side: u32, turn_deg: f32) -> f32 {
    let (sin, cos) = turn_deg.abs().to_radians().sin_cos();
    // The cubic's taps reach a pixel further than the crop's corners.
    (stored_side as f32 / 2.0 - 1.0 - HALF * (sin + cos)).max(0.0)
}

/// The view as a picture of 128 x 128 pixels; with `stretch`, its levels stretched last, as the networks see them. What
/// lies outside the stored picture is its mirror image at the border.
pub fn render(stored: &RgbImage, view: &View, stretch: bool) -> RgbImage {
    let mut picture = sampled(stored, &Map::of(stored.dimensions(), view));
    if let Some(light) = &view.light {
        picture = light.on(picture);
    }
    if stretch {
        stretch_levels(&mut picture);
    }
    picture
}

/// Yaw, pitch and roll in degrees as the view shows them: a mirror negates yaw and roll, a turn adds to roll.
pub fn pose_seen([yaw, pitch, roll]: [f32; 3], view: &View) -> [f32; 3] {
    let sign = if view.mirror { -1.0 } else { 1.0 };
    [sign * yaw, pitch, sign * roll + view.turn_deg]
}

/// The 68 points of a stored picture, in its pixels, as the view shows them, in pixels of the 128-pixel crop. Mirrored
/// points are numbered anew, so that the first eye is the left one in the view too.
pub fn landmarks_seen(landmarks: &[[f32; 2]; 68], stored_side: u32, view: &View) -> [[f32; 2]; 68] {
    let map = Map::of((stored_side, stored_side), view);
    std::array::from_fn(|i| map.seen(landmarks[if view.mirror { MIRROR_OF[i] } else { i }]))
}

/// A picture as three planes, red, green and blue, of `rgb / 255 - mean`; `out` holds 3 x width x height numbers.
pub fn planes(picture: &RgbImage, mean: [f32; 3], out: &mut [f32]) {
    let pixels = picture.as_raw().len() / 3;
    assert_eq!(out.len(), 3 * pixels, "three planes of the picture's size");
    for (channel, plane) in out.chunks_exact_mut(pixels.max(1)).enumerate() {
        let levels: [f32; 256] = std::array::from_fn(|level| level as f32 / 255.0 - mean[channel]);
        for (value, pixel) in plane.iter_mut().zip(picture.as_raw().chunks_exact(3)) {
            *value = levels[usize::from(pixel[channel])];
        }
    }
}

/// The one map between a stored picture and its view.
struct Map {
    sin: f32,
    cos: f32,
    /// -1 where mirrored.
    sign: f32,
    shift: [f32; 2],
    /// Middle of the stored picture.
    middle: [f32; 2],
}

impl Map {
    fn of((width, height): (u32, u32), view: &View) -> Self {
        let (sin, cos) = view.turn_deg.to_radians().sin_cos();
        let sign = if view.mirror { -1.0 } else { 1.0 };
        Self { sin, cos, sign, shift: view.shift_px, middle: [width as f32 / 2.0, height as f32 / 2.0] }
    }

    /// Where the view shows a point of the stored picture. With y downwards this matrix turns clockwise.
    fn seen(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (x, y) = (self.sign * (x - self.middle[0]), y - self.middle[1]);
        [self.cos * x - self.sin * y + self.shift[0] + HALF, self.sin * x + self.cos * y + self.shift[1] + HALF]
    }

    /// Where a point of the view lies in the stored picture.
    fn stored(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (x, y) = (x - HALF - self.shift[0], y - HALF - self.shift[1]);
        [self.sign * (self.cos * x + self.sin * y) + self.middle[0], self.cos * y - self.sin * x + self.middle[1]]
    }

    /// How many pixels beyond the stored picture the cubic's taps reach, one more for rounding.
    fn reach(&self, [width, height]: [u32; 2]) -> usize {
        let end = CROP_SIDE as f32 - 0.5;
        let corners = [[0.5, 0.5], [end, 0.5], [0.5, end], [end, end]].map(|corner| self.stored(corner));
        let beyond =
            corners.iter().flat_map(|&[x, y]| [1.5 - x, 1.5 - y, x + 1.5 - width as f32, y + 1.5 - height as f32]);
        beyond.fold(0.0, f32::max).ceil() as usize + 1
    }
}

fn sampled(stored: &RgbImage, map: &Map) -> RgbImage {
    let field = Field::of(stored, map.reach(stored.dimensions().into()));
    let mut picture = RgbImage::new(CROP_SIDE, CROP_SIDE);
    for (row, line) in picture.as_mut().chunks_exact_mut(3 * SIDE).enumerate() {
        let y = row as f32 + 0.5;
        let [first, next] = [0.5, 1.5].map(|x| map.stored([x, y]));
        let step = [map.sign * map.cos, -map.sin];
        debug_assert!((next[0] - first[0] - step[0]).abs() < 1e-3 && (next[1] - first[1] - step[1]).abs() < 1e-3);
        for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
            let along = column as f32;
            let values = field.at(first[0] + along * step[0], first[1] + along * step[1]);
            for (out, value) in pixel.iter_mut().zip(values) {
                // `as` clamps to 0..255; half a level more makes its cut a rounding.
                *out = (value + 0.5) as u8;
            }
        }
    }
    picture
}

/// A picture as floats with some of its mirror image around it, so that no tap needs a look at the border.
struct Field {
    width: usize,
    margin: f32,
    values: Vec<f32>,
}

impl Field {
    fn of(picture: &RgbImage, margin: usize) -> Self {
        let source = |length: u32| -> Vec<usize> {
            let (length, margin) = (i64::from(length), margin as i64);
            (-margin..length + margin).map(|i| mirrored(i, length)).collect()
        };
        let (columns, rows) = (source(picture.width()), source(picture.height()));
        let stride = 3 * picture.width() as usize;
        let mut values = Vec::with_capacity(3 * columns.len() * rows.len());
        for row in rows {
            let line = &picture.as_raw()[row * stride..][..stride];
            for &column in &columns {
                values.extend(line[3 * column..][..3].iter().map(|&v| f32::from(v)));
            }
        }
        Self { width: columns.len(), margin: margin as f32, values }
    }

    /// The colour at a point of the picture.
    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let [x, y] = [x, y].map(|v| v - 0.5 + self.margin);
        // Within the margin neither is negative, so `as` is the floor.
        let (column, row) = (x as usize, y as usize);
        let (across, down) = (cubic_weights(x - column as f32), cubic_weights(y - row as f32));
        let mut lines = [0.0; 12];
        for (j, weight) in down.into_iter().enumerate() {
            let taps = &self.values[3 * ((row + j - 1) * self.width + column - 1)..][..12];
            for (sum, value) in lines.iter_mut().zip(taps) {
                *sum += weight * value;
            }
        }
        std::array::from_fn(|c| (0..4).map(|i| across[i] * lines[3 * i + c]).sum())
    }
}
