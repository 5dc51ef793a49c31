//! The photograph's pixels as a layer changes them, at the photograph's own resolution. Touches nothing but the mask.

use std::ops::Range;

use rayon::prelude::*;

use super::layer::Layer;
use super::mask::Mask;
use crate::data::image::{RgbImage, mirrored};
use crate::face::{CROP_SIDE, Crop};

/// Reach of the filter that moves the texture, in pixels to each side, and its taps: a cubic would blur by half a pixel
/// more than skin bears.
const LOBES: usize = 3;
const TAPS: usize = 2 * LOBES;
/// Places between two pixels at which the filter is known.
const PHASES: usize = 1024;

/// The photograph with the layer in the square, where the mask lets it; `strength` of the change, above 0.
pub(super) fn blend(photo: &RgbImage, square: &Crop, layer: &Layer, mask: &Mask, strength: f32) -> RgbImage {
    let mut out = photo.clone();
    let [columns, rows] = touched(photo, square, mask);
    let stride = 3 * photo.width() as usize;
    if columns.is_empty() || rows.is_empty() {
        return out;
    }
    let texture = Texture::of(photo);
    // From the crop's pixels to the photograph's.
    let scale = 2.0 * square.half_side / CROP_SIDE as f32;
    let (x_axis, y_axis) = (square.x_axis, square.y_axis());
    let pixel = |column: usize, row: usize, value: &mut [u8]| {
        let place = square.crop_from_photo([column, row].map(|i| i as f32 + 0.5));
        let weight = strength * mask.weight(place);
        if weight <= 0.0 {
            return;
        }
        let touch = layer.at(place);
        let [right, down] = touch.motion.map(|v| weight * scale * v);
        let away = std::array::from_fn(|i| right * x_axis[i] + down * y_axis[i]);
        let moved = texture.at(column, row, away);
        for ((value, moved), colour) in value.iter_mut().zip(moved).zip(touch.colour) {
            // `as` clamps to 0..255; half a level more makes its cut a rounding.
            *value = (moved * (1.0 - weight * touch.novelty) + weight * colour + 0.5) as u8;
        }
    };
    let bytes: &mut [u8] = &mut out;
    let lines = &mut bytes[rows.start * stride..rows.end * stride];
    lines.par_chunks_exact_mut(stride).zip(rows).for_each(|(line, row)| {
        let pixels = line[3 * columns.start..3 * columns.end].chunks_exact_mut(3);
        pixels.zip(columns.clone()).for_each(|(value, column)| pixel(column, row, value));
    });
    out
}

/// The columns and rows of the photograph that the mask can reach.
fn touched(photo: &RgbImage, square: &Crop, mask: &Mask) -> [Range<usize>; 2] {
    let [left, top, right, bottom] = mask.bounds();
    let corners =
        [[left, top], [right, top], [left, bottom], [right, bottom]].map(|corner| square.photo_from_crop(corner));
    let range = |axis: usize, length: u32| {
        let within = |v: f32| v.clamp(0.0, length as f32) as usize;
        let places = corners.map(|corner| corner[axis]);
        let low = places.into_iter().fold(f32::INFINITY, f32::min);
        let high = places.into_iter().fold(f32::NEG_INFINITY, f32::max);
        within(low.floor())..within(high.ceil())
    };
    [range(0, photo.width()), range(1, photo.height())]
}

/// A photograph that can be read between its pixels, by Lanczos' filter; beyond its border it is its mirror image.
struct Texture<'a> {
    pixels: &'a [u8],
    width: usize,
    height: usize,
    filter: Vec<[f32; TAPS]>,
}

impl<'a> Texture<'a> {
    fn of(photo: &'a RgbImage) -> Self {
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let filter = (0..=PHASES).map(|phase| lanczos(phase as f32 / PHASES as f32)).collect();
        Self { pixels: photo.as_raw(), width, height, filter }
    }

    /// The colour so far to the right of a pixel and below it, 0..=255 but for the filter's overshoot.
    fn at(&self, column: usize, row: usize, [right, down]: [f32; 2]) -> [f32; 3] {
        if right == 0.0 && down == 0.0 {
            // What does not move stays exactly what it is.
            let pixel = &self.pixels[3 * (row * self.width + column)..][..3];
            return std::array::from_fn(|c| f32::from(pixel[c]));
        }
        let first = |pixel: usize, away: f32| pixel as i64 + away.floor() as i64 + 1 - LOBES as i64;
        let (x, y) = (first(column, right), first(row, down));
        let (across, along) = (self.weights(right), self.weights(down));
        let inside = |first: i64, length: usize| first >= 0 && first as usize + TAPS <= length;
        let sums = if inside(x, self.width) && inside(y, self.height) {
            self.columns(x as usize, y as usize, along)
        } else {
            self.mirrored_columns(x, y, along)
        };
        std::array::from_fn(|c| across.iter().zip(&sums).map(|(weight, sum)| weight * sum[c]).sum())
    }

    fn weights(&self, away: f32) -> &[f32; TAPS] {
        &self.filter[((away - away.floor()) * PHASES as f32).round() as usize]
    }

    /// Six columns of six pixels, each summed up under the weights.
    fn columns(&self, x: usize, y: usize, weights: &[f32; TAPS]) -> [[f32; 3]; TAPS] {
        let mut sums = [[0.0; 3]; TAPS];
        for (j, weight) in weights.iter().enumerate() {
            let line = &self.pixels[3 * ((y + j) * self.width + x)..][..3 * TAPS];
            for (sum, &value) in sums.as_flattened_mut().iter_mut().zip(line) {
                *sum += weight * f32::from(value);
            }
        }
        sums
    }

    /// The same where they reach over the photograph's border.
    fn mirrored_columns(&self, x: i64, y: i64, weights: &[f32; TAPS]) -> [[f32; 3]; TAPS] {
        let mut sums = [[0.0; 3]; TAPS];
        for (weight, row) in weights.iter().zip(y..) {
            let line = mirrored(row, self.height as i64) * self.width;
            for (sum, column) in sums.iter_mut().zip(x..) {
                let pixel = &self.pixels[3 * (line + mirrored(column, self.width as i64))..][..3];
                for (sum, &value) in sum.iter_mut().zip(pixel) {
                    *sum += weight * f32::from(value);
                }
            }
        }
        sums
    }
}

/// Weights of the pixels around a place `t` (0..=1) past the third of them.
fn lanczos(t: f32) -> [f32; TAPS] {
    let sinc = |x: f32| if x == 0.0 { 1.0 } else { (std::f32::consts::PI * x).sin() / (std::f32::consts::PI * x) };
    let weights: [f32; TAPS] = std::array::from_fn(|i| {
        let x = t + (LOBES - 1) as f32 - i as f32;
        if x.abs() < LOBES as f32 { sinc(x) * sinc(x / LOBES as f32) } else { 0.0 }
    });
    let sum: f32 = weights.iter().sum();
    weights.map(|w| w / sum)
}
