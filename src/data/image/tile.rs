//! A picture for a board with words below it, and a frame around it where it is marked.

use image::{Rgb, RgbImage, imageops};

use super::pen::{LINE, PAPER, Pen, blend};

/// Width of the frame, and of the paper in its place where there is none.
const FRAME: u32 = 4;
/// Side of the square with the tick in a frame's corner.
const BADGE: u32 = 18;
/// The tick's corners in shares of the badge, and half the width of its line in pixels.
const TICK: [[f32; 2]; 3] = [[0.2, 0.55], [0.42, 0.77], [0.8, 0.27]];
const HALF_LINE: f32 = 1.4;

/// The picture with these lines below it, each in the middle and shortened where it is wider than the picture. `frame`
/// is the colour of a frame around it with a tick in its corner, since not everybody sees what a colour tells alone.
/// Pictures of one size with as many lines give tiles of one size, framed or not.
pub fn tile(picture: &RgbImage, lines: &[&str], frame: Option<Rgb<u8>>) -> RgbImage {
    let (width, height) = picture.dimensions();
    let framed = [width + 2 * FRAME, height + 2 * FRAME];
    let mut tile = RgbImage::from_pixel(framed[0], framed[1] + LINE * lines.len() as u32, PAPER);
    if let Some(colour) = frame {
        fill(&mut tile, colour, [0, 0], framed);
    }
    imageops::replace(&mut tile, picture, i64::from(FRAME), i64::from(FRAME));
    if let Some(colour) = frame {
        badge(&mut tile, colour, [framed[0].saturating_sub(BADGE), 0]);
    }
    let pen = Pen::new();
    for (number, line) in (0..).zip(lines) {
        let line = pen.fitted(line, width);
        let indent = framed[0].saturating_sub(pen.width(&line)) / 2;
        pen.write(&mut tile, &line, [indent, framed[1] + number * LINE]);
    }
    tile
}

/// Fills a rectangle of this width and height; what lies beyond the picture is left out.
fn fill(picture: &mut RgbImage, colour: Rgb<u8>, [left, top]: [u32; 2], [width, height]: [u32; 2]) {
    imageops::replace(picture, &RgbImage::from_pixel(width, height, colour), i64::from(left), i64::from(top));
}

/// A square with a tick in it.
fn badge(picture: &mut RgbImage, colour: Rgb<u8>, [left, top]: [u32; 2]) {
    fill(picture, colour, [left, top], [BADGE; 2]);
    let tick = TICK.map(|corner| corner.map(|share| share * BADGE as f32));
    for (x, y) in (0..BADGE).flat_map(|y| (0..BADGE).map(move |x| (x, y))) {
        let middle = [x as f32 + 0.5, y as f32 + 0.5];
        let distance = tick.windows(2).map(|ends| distance(middle, [ends[0], ends[1]])).fold(f32::INFINITY, f32::min);
        let cover = (HALF_LINE + 0.5 - distance).clamp(0.0, 1.0);
        // Pictures may be smaller than the badge.
        if let Some(pixel) = picture.get_pixel_mut_checked(left + x, top + y) {
            blend(pixel, PAPER, cover);
        }
    }
}

/// From a point to the nearest of a straight line between two others.
fn distance([x, y]: [f32; 2], [[ax, ay], [bx, by]]: [[f32; 2]; 2]) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}
