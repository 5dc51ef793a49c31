//! What lies between a face and its picture in a file: light, a lens, a sensor, a codec, and whatever stands before it.
//! Sizes stay as they are, so no label changes.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};

use super::chance::Chance;
use crate::data::image as pictures;
use crate::data::image::views::Light;

/// How often each thing happens.
const SHADE: f32 = 0.3;
const GREY: f32 = 0.15;
const BLUR: f32 = 0.3;
const NOISE: f32 = 0.35;
const GREY_NOISE: f32 = 0.5;
const JPEG: f32 = 0.4;
/// The strongest of each: share of the light that a shade takes or gives at the border, standard deviation of noise in
/// levels, lowest and highest JPEG quality.
const SHADE_LIMIT: f32 = 0.5;
const NOISE_LIMIT: f32 = 16.0;
const QUALITY: [f32; 2] = [15.0, 90.0];

/// The picture as some camera might have taken it and some program saved it; the strongest blur leaves `softest` of its
/// pixels along a side.
pub fn taken(mut picture: RgbImage, softest: f32, chance: &mut Chance) -> RgbImage {
    if chance.happens(SHADE) {
        shade(&mut picture, chance);
    }
    let side = picture.width().max(1) as f32;
    let light = Light {
        gamma: chance.log_between(0.55, 1.8),
        cast: [0; 3].map(|_| chance.between(0.82, 1.18)),
        contrast: chance.between(0.6, 1.35),
        grey: chance.happens(GREY),
        blur_to_px: chance.happens(BLUR).then(|| (side * chance.between(softest, 0.95)) as u32),
    };
    picture = light.on(picture);
    if chance.happens(NOISE) {
        noise(&mut picture, chance);
    }
    if chance.happens(JPEG) { saved(picture, chance) } else { picture }
}

/// Something in one colour, or with `other` on it, over a part of the picture: `share` of its sides at most, anywhere.
/// The rectangle that it takes: left, top, width, height.
pub fn hidden(picture: &mut RgbImage, other: Option<&RgbImage>, share: f32, chance: &mut Chance) -> [i64; 4] {
    let sides = [picture.width(), picture.height()];
    let size = sides.map(|side| (side as f32 * chance.between(0.3 * share, share)).max(1.0) as u32);
    let place = [0, 1].map(|axis| (chance.between(-0.1, 1.0) * sides[axis] as f32) as i64);
    let thing = match other {
        Some(other) if other.width() >= size[0] && other.height() >= size[1] => {
            let at = [0, 1].map(|axis| {
                let room = [other.width(), other.height()][axis] - size[axis];
                (chance.unit() * room as f32) as u32
            });
            imageops::crop_imm(other, at[0], at[1], size[0], size[1]).to_image()
        }
        _ => RgbImage::from_pixel(size[0], size[1], Rgb(colour(picture, chance))),
    };
    imageops::replace(picture, &thing, place[0], place[1]);
    [place[0], place[1], i64::from(size[0]), i64::from(size[1])]
}

/// Any colour, or one from the picture, such as that of a hand.
fn colour(picture: &RgbImage, chance: &mut Chance) -> [u8; 3] {
    if chance.happens(0.5) {
        return [0; 3].map(|_| chance.below(256) as u8);
    }
    let pixels = (picture.width() * picture.height()) as usize;
    let at = 3 * chance.below(pixels);
    picture.as_raw().get(at..at + 3).map_or([128; 3], |pixel| [pixel[0], pixel[1], pixel[2]])
}

/// More light from one side than from the other.
fn shade(picture: &mut RgbImage, chance: &mut Chance) {
    let (sin, cos) = chance.between(0.0, std::f32::consts::TAU).sin_cos();
    let limit = chance.between(0.0, SHADE_LIMIT);
    let half = [picture.width(), picture.height()].map(|side| (side as f32 / 2.0).max(0.5));
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let [u, v] = [(x as f32 + 0.5) / half[0] - 1.0, (y as f32 + 0.5) / half[1] - 1.0];
        let factor = 1.0 + limit * (cos * u + sin * v).clamp(-1.0, 1.0);
        // A float becomes a byte: `as` clamps to 0..255.
        pixel.0 = pixel.0.map(|level| (f32::from(level) * factor + 0.5) as u8);
    }
}

/// Nearly normal noise, in each colour or in their brightness.
fn noise(picture: &mut RgbImage, chance: &mut Chance) {
    let strength = chance.between(1.0, NOISE_LIMIT) / BYTES_DEVIATION;
    let grey = chance.happens(GREY_NOISE);
    for pixel in picture.chunks_exact_mut(3) {
        let mut drawn = strength * bytes(chance);
        for level in pixel {
            *level = (f32::from(*level) + drawn + 0.5) as u8;
            if !grey {
                drawn = strength * bytes(chance);
            }
        }
    }
}

/// Standard deviation of the sum of four random bytes.
const BYTES_DEVIATION: f32 = 147.8;

/// The sum of four random bytes around 0.
fn bytes(chance: &mut Chance) -> f32 {
    let sum: u32 = chance.bits().to_le_bytes().into_iter().map(u32::from).sum();
    sum as f32 - 510.0
}

/// As a JPEG of some quality leaves it.
fn saved(picture: RgbImage, chance: &mut Chance) -> RgbImage {
    let quality = chance.between(QUALITY[0], QUALITY[1]) as u8;
    let mut file = Vec::new();
    let written = picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality));
    // Memory takes every byte, and what was just encoded can be decoded; were it not so, the picture stays.
    match written.map(|()| pictures::decode(&file)) {
        Ok(Ok(decoded)) => decoded,
        _ => picture,
    }
}
