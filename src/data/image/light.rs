//! Another light on a picture, for training: colours, contrast, grey, a blur. And the percentile stretch that a model
//! may ask for before its networks see a picture.

use image::RgbImage;
use rand_chacha::rand_core::Rng;

use super::resample::cubic_weights;

/// Sides between which a random blur shrinks a picture before it is enlarged again.
const BLUR_PX: [u32; 2] = [40, 80];
/// How often a random light is grey, and how often it blurs.
const GREY: f32 = 0.15;
const BLUR: f32 = 0.25;
/// Parts of the levels that a stretch cuts off at either end.
const CUT: f64 = 0.02;
/// Weights of red, green and blue in a grey.
const LUMINANCE: [f32; 3] = [0.299, 0.587, 0.114];

/// A change of a picture's light, applied in this order: blur, gamma, contrast, cast, grey.
#[derive(Clone, Debug, PartialEq)]
pub struct Light {
    /// Exponent of the levels (0..1): below 1 is brighter.
    pub gamma: f32,
    /// Factor of red, green and blue.
    pub cast: [f32; 3],
    /// Factor of the distance from middle grey.
    pub contrast: f32,
    /// All colour taken away.
    pub grey: bool,
    /// Shrunk to so many pixels and enlarged again: 40 is a face from far away.
    pub blur_to_px: Option<u32>,
}

impl Light {
    /// The light that changes nothing.
    pub const fn plain() -> Self {
        Self { gamma: 1.0, cast: [1.0; 3], contrast: 1.0, grey: false, blur_to_px: None }
    }

    /// Gamma 0.6 to 1.6, cast within 15 %, contrast 0.7 to 1.3, now and then grey or blurred to 40..80 pixels
    /// (section 5 of the method).
    pub fn random(rng: &mut impl Rng) -> Self {
        let [gamma, red, green, blue, contrast, grey, blur, side] = std::array::from_fn(|_| unit(rng));
        let [least, most] = BLUR_PX;
        let side = least + (side * (most - least + 1) as f32) as u32;
        Self {
            // Evenly over the exponent's logarithm, so that brighter and darker are as frequent.
            gamma: 0.6 * (1.6f32 / 0.6).powf(gamma),
            cast: [red, green, blue].map(|v| 0.85 + 0.3 * v),
            contrast: 0.7 + 0.6 * contrast,
            grey: grey < GREY,
            blur_to_px: (blur < BLUR).then_some(side.min(most)),
        }
    }

    /// The picture in this light.
    pub fn on(&self, picture: RgbImage) -> RgbImage {
        let mut picture = match self.blur_to_px {
            Some(side) => blurred(&picture, side.max(1) as usize),
            None => picture,
        };
        let levels = [0, 1, 2].map(|channel| {
            table(|level| {
                let bright = (level / 255.0).powf(self.gamma);
                ((bright - 0.5) * self.contrast + 0.5).clamp(0.0, 1.0) * self.cast[channel] * 255.0
            })
        });
        for pixel in picture.chunks_exact_mut(3) {
            for (value, levels) in pixel.iter_mut().zip(&levels) {
                *value = levels[usize::from(*value)];
            }
            if self.grey {
                let grey: f32 = pixel.iter().zip(LUMINANCE).map(|(&v, weight)| f32::from(v) * weight).sum();
                pixel.fill((grey + 0.5) as u8);
            }
        }
        picture
    }
}

/// A number from 0 to 1, 1 itself excluded.
pub(super) fn unit(rng: &mut impl Rng) -> f32 {
    (rng.next_u32() >> 8) as f32 / (1 << 24) as f32
}

/// Stretches a picture's levels so that the 2nd percentile of all its values, the three colours together, becomes 0 and
/// the 98th becomes 255 (the equalisation of section 2 of the method). A picture of one level stays.
pub fn stretch(picture: &mut RgbImage) {
    let mut counts = [0u64; 256];
    for &value in picture.as_raw() {
        counts[usize::from(value)] += 1;
    }
    let (low, high) = (percentile(&counts, CUT), percentile(&counts, 1.0 - CUT));
    if high - low < 1.0 {
        return;
    }
    let levels = table(|level| (level - low) / (high - low) * 255.0);
    for value in picture.iter_mut() {
        *value = levels[usize::from(*value)];
    }
}

/// The level below which this part of all values lies, between two levels where it falls between two values.
fn percentile(counts: &[u64; 256], part: f64) -> f32 {
    let total: u64 = counts.iter().sum();
    let place = part * total.saturating_sub(1) as f64;
    let level_of = |rank: u64| {
        let mut before = 0;
        counts.iter().position(|count| {
            before += count;
            before > rank
        })
    };
    let [low, high] = [place.floor(), place.ceil()].map(|rank| level_of(rank as u64).unwrap_or(0) as f32);
    low + (high - low) * place.fract() as f32
}

/// A byte for each byte; `to` maps levels of 0..=255, what leaves that range is clamped.
fn table(to: impl Fn(f32) -> f32) -> [u8; 256] {
    std::array::from_fn(|level| (to(level as f32) + 0.5) as u8)
}

/// Shrunk to `side` pixels by a triangle filter, enlarged again by the cubic.
fn blurred(picture: &RgbImage, side: usize) -> RgbImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels: Vec<[f32; 3]> = picture.pixels().map(|pixel| pixel.0.map(f32::from)).collect();
    let (thin, flat) = (side.min(width), side.min(height));
    let small = across(&across(&pixels, width, &taps(width, thin)), height, &taps(height, flat));
    let again = across(&across(&small, thin, &taps(thin, width)), flat, &taps(flat, height));
    let bytes = again.as_flattened().iter().map(|v| (v + 0.5) as u8).collect();
    // As many pixels come back as went in.
    RgbImage::from_raw(picture.width(), picture.height(), bytes).expect("a raster of the picture's size")
}

/// The samples that one output sample is made of: the first one and their weights, which sum to 1.
struct Taps {
    first: usize,
    weights: Vec<f32>,
}

fn taps(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f32 / to as f32;
    let at = |i: usize| (i as f32 + 0.5) * scale;
    (0..to).map(|i| if scale > 1.0 { shrinking(at(i), scale, from) } else { enlarging(at(i), from) }).collect()
}

fn shrinking(centre: f32, scale: f32, length: usize) -> Taps {
    let first = (centre - scale).max(0.0) as usize;
    let last = ((centre + scale) as usize).min(length - 1);
    let weights: Vec<f32> = (first..=last).map(|i| (1.0 - (i as f32 + 0.5 - centre).abs() / scale).max(0.0)).collect();
    let sum: f32 = weights.iter().sum();
    Taps { first, weights: weights.into_iter().map(|weight| weight / sum).collect() }
}

/// Beyond the ends the last sample goes on: its weight is added to.
fn enlarging(centre: f32, length: usize) -> Taps {
    let place = centre - 0.5;
    let before = place.floor();
    let index = |i: usize| (before as i64 + i as i64 - 1).clamp(0, length as i64 - 1) as usize;
    let first = index(0);
    let mut weights = vec![0.0; index(3) - first + 1];
    for (i, weight) in cubic_weights(place - before).into_iter().enumerate() {
        weights[index(i) - first] += weight;
    }
    Taps { first, weights }
}

/// Each row of `width` pixels resampled; rows become columns, so that twice is both ways and upright again.
fn across(pixels: &[[f32; 3]], width: usize, taps: &[Taps]) -> Vec<[f32; 3]> {
    let mut out = Vec::with_capacity(taps.len() * pixels.len() / width);
    for Taps { first, weights } in taps {
        for row in pixels.chunks_exact(width) {
            let mut sum = [0.0; 3];
            for (pixel, weight) in row[*first..].iter().zip(weights) {
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += weight * value;
                }
            }
            out.push(sum);
        }
    }
    out
}
