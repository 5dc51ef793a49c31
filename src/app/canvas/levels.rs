//! A picture as the texture levels the shader reads: each half the side of the one before, so that a reduced
//! photograph averages all of its pixels. Plain bytes, no device.

use image::RgbImage;

/// Below this side a level is not halved again: nobody looks at a photograph that small.
const SMALLEST: u32 = 16;

/// Opaque RGBA rows of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// How many levels a picture of this size gets.
pub fn count(width: u32, height: u32) -> u32 {
    let smaller = width.min(height);
    (0..32).take_while(|&level| level == 0 || smaller >> level >= SMALLEST).count() as u32
}

/// All levels of a picture whose sides are at most `limit` pixels, which is what a device may hold; of a larger
/// picture the levels that fit.
pub fn of(picture: &RgbImage, limit: u32) -> Vec<Level> {
    let mut level = full(picture);
    while level.width.max(level.height) > limit {
        level = halved(&level);
    }
    let count = count(level.width, level.height);
    let mut levels = vec![level];
    for place in 1..count as usize {
        levels.push(halved(&levels[place - 1]));
    }
    levels
}

/// A picture at half its size.
pub fn half(picture: &RgbImage) -> Level {
    halved(&full(picture))
}

fn full(picture: &RgbImage) -> Level {
    let rgba = picture.as_raw().chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
    Level { width: picture.width(), height: picture.height(), rgba }
}

/// Each pixel the rounded mean of four; the last row and column of an odd side are left out, as graphics cards do.
fn halved(level: &Level) -> Level {
    let [width, height] = [level.width, level.height].map(|side| (side / 2).max(1));
    let row = level.width as usize * 4;
    // A side of one pixel has no second one: its only one counts twice.
    let right = if level.width > 1 { 4 } else { 0 };
    let below = if level.height > 1 { row } else { 0 };
    let mut rgba = Vec::with_capacity((width * height * 4) as usize);
    for y in 0..height as usize {
        let rows = &level.rgba[2 * y * row..];
        for x in 0..width as usize {
            let at = 8 * x;
            for channel in at..at + 4 {
                let four = [channel, channel + right, channel + below, channel + right + below];
                let sum: u16 = four.iter().map(|&place| u16::from(rows[place])).sum();
                rgba.push(((sum + 2) / 4) as u8);
            }
        }
    }
    Level { width, height, rgba }
}
