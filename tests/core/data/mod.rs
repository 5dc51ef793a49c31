//! Tests of the data room, on pictures that they make themselves.

mod atomic;
mod board;
mod colour;
mod crops;
mod decode;
mod encode;
mod hash;
mod inputs;
mod photograph;
mod resample;
pub mod scenes;
mod sets;
mod shard_writer;
mod shards;
mod synth;
mod tile;
mod views;

use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// Two waves and a ramp: smooth, and different everywhere.
pub fn pattern(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |t: f32| (127.5 + 100.0 * t.sin()) as u8;
        Rgb([wave(x as f32 / 9.0), wave(y as f32 / 7.0), ((x + 2 * y) % 256) as u8])
    })
}

/// Pixels that no codec can guess, so that a cut anywhere takes something away.
pub fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 1u32;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, r, g, b] = state.to_le_bytes();
        Rgb([r, g, b])
    })
}

/// Four quarters: red, green / blue, white.
pub fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (true, false) => Rgb([0, 0, 255]),
        (false, false) => Rgb([255, 255, 255]),
    })
}

pub fn bytes_of(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

pub fn assert_colour(picture: &RgbImage, at: (u32, u32), expected: [u8; 3], tolerance: u8) {
    let found = picture.get_pixel(at.0, at.1).0;
    let near = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= tolerance);
    assert!(near, "{found:?} at {at:?} is not {expected:?}");
}

/// Largest difference of two pictures in any channel.
pub fn worst(a: &RgbImage, b: &RgbImage) -> u8 {
    assert_eq!(a.dimensions(), b.dimensions());
    a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}
