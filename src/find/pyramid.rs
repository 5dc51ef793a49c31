//! The scales at which a photograph is looked at. The first is the photograph brought to [`WORKING_PIXELS`], each other
//! half of the one before, down to where a face as high as the photograph has the size that the detector knows.
//!
//! A point of the photograph times a level's scale is that point in the level, exactly: where a side is no whole number
//! of pixels, the last one shows less of the photograph than the others.

use std::ops::Range;

use image::RgbImage;
use rayon::prelude::*;

use crate::nn::finder::{CELL, REACH, SIZE_HIGH};

/// Pixels of the first level: 800 x 600, or a panorama's strip of as many. Photographs of any size become no larger than
/// this, so memory and time are bounded; a face must be 20 px high there.
pub const WORKING_PIXELS: u32 = 480_000;
/// Smaller photographs are enlarged towards that size, but no more than so many times.
const MOST_ENLARGED: f64 = 1.5;
/// The detector knows one octave of sizes, so each level is half of the one before.
const STEP: f64 = 0.5;
/// The last level is at most so many pixels high, less than the largest face there: one that is cut off by the border
/// may be higher than the photograph.
const LOWEST: u32 = (0.8 * SIZE_HIGH) as u32;
/// Rows of cells that are worth a core.
const FEWEST_ROWS: usize = 24;

/// A photograph at one scale.
#[derive(Clone, Debug)]
pub struct Level {
    pub picture: RgbImage,
    /// Level pixels to a photograph pixel.
    pub scale: f32,
}

/// A part of a level that the detector sees at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Number of the level.
    pub level: usize,
    /// Rows of the level, in pixels: those that answers are wanted for and those on which the answers depend.
    pub rows: Range<usize>,
    /// Rows of cells, counted from the first of `rows`, whose answers count.
    pub cells: Range<usize>,
}

/// The levels of a photograph, finest first; at least one, unless the photograph has no pixels.
pub fn levels(photo: &RgbImage) -> Vec<Level> {
    if photo.as_raw().is_empty() {
        return Vec::new();
    }
    let pixels = f64::from(photo.width()) * f64::from(photo.height());
    let mut scale = (f64::from(WORKING_PIXELS) / pixels).sqrt().min(MOST_ENLARGED);
    let mut picture = resized(photo, scale);
    let mut levels = Vec::new();
    while picture.height() > LOWEST {
        let next = resized(&picture, STEP);
        levels.push(Level { picture, scale: scale as f32 });
        picture = next;
        scale *= STEP;
    }
    levels.push(Level { picture, scale: scale as f32 });
    levels
}

/// The levels cut into pieces for `cores`, finest level first. Every row of cells counts in one piece, and there as if
/// the level had been seen as a whole.
pub fn pieces(levels: &[Level], cores: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (level, Level { picture, .. }) in levels.iter().enumerate() {
        let rows = (picture.height() as usize).div_ceil(CELL);
        let count = (rows / FEWEST_ROWS).clamp(1, cores.max(1));
        for piece in 0..count {
            let (first, last) = (piece * rows / count, (piece + 1) * rows / count);
            let (from, to) = (first.saturating_sub(REACH), (last + REACH).min(rows));
            pieces.push(Piece { level, rows: from * CELL..to * CELL, cells: first - from..last - from });
        }
    }
    pieces
}

/// A picture at another scale; one pixel at least on each side. Shrinking averages areas, enlarging is linear.
pub fn resized(picture: &RgbImage, scale: f64) -> RgbImage {
    let (columns, rows) = (taps(picture.width(), scale), taps(picture.height(), scale));
    let stride = 3 * picture.width() as usize;
    let pixels = picture.as_raw();
    let mut bytes = vec![0u8; 3 * columns.len() * rows.len()];
    let lines = bytes.par_chunks_exact_mut(3 * columns.len()).zip(rows.par_iter());
    lines.for_each_init(
        || vec![0.0f32; stride],
        |sums, (line, row)| {
            sums.fill(0.0);
            for (source, weight) in pixels[row.first * stride..].chunks_exact(stride).zip(&row.weights) {
                for (sum, &value) in sums.iter_mut().zip(source) {
                    *sum += weight * f32::from(value);
                }
            }
            for (pixel, column) in line.chunks_exact_mut(3).zip(&columns) {
                let mut mean = [0.5; 3];
                for (source, weight) in sums[3 * column.first..].chunks_exact(3).zip(&column.weights) {
                    for (sum, value) in mean.iter_mut().zip(source) {
                        *sum += weight * value;
                    }
                }
                // A float becomes the byte below it; the half was added above.
                pixel.copy_from_slice(&mean.map(|v| v as u8));
            }
        },
    );
    // As many bytes as there are rows and columns, by construction.
    RgbImage::from_raw(columns.len() as u32, rows.len() as u32, bytes).expect("a picture of the new size")
}

/// Of which pixels of a line, and in which shares, one pixel of the resized line is made. The shares sum to 1.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

fn taps(length: u32, scale: f64) -> Vec<Taps> {
    let length = length as usize;
    // A line that fits by a rounding error gets no pixel more.
    let resized = (length as f64 * scale - 1e-3).ceil().max(1.0) as usize;
    (0..resized).map(|i| if scale < 1.0 { area(i, length, scale) } else { linear(i, length, scale) }).collect()
}

/// The stretch of the line under pixel `i`, as far as it lies on the line.
fn area(i: usize, length: usize, scale: f64) -> Taps {
    let from = i as f64 / scale;
    let to = ((i + 1) as f64 / scale).min(length as f64);
    let first = (from as usize).min(length - 1);
    let last = (to.ceil() as usize).clamp(first + 1, length);
    let share = |j: usize| (to.min((j + 1) as f64) - from.max(j as f64)).max(0.0);
    let total: f64 = (first..last).map(share).sum();
    if total <= 0.0 {
        return Taps { first, weights: vec![1.0] };
    }
    Taps { first, weights: (first..last).map(|j| (share(j) / total) as f32).collect() }
}

/// The two pixels around the middle of pixel `i`.
fn linear(i: usize, length: usize, scale: f64) -> Taps {
    let at = ((i as f64 + 0.5) / scale - 0.5).clamp(0.0, (length - 1) as f64);
    let first = (at as usize).min(length.saturating_sub(2));
    let share = (at - first as f64) as f32;
    Taps { first, weights: if length == 1 { vec![1.0] } else { vec![1.0 - share, share] } }
}
