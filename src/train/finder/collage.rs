//! Pieces of pictures pasted into others with soft edges: more faces before more backgrounds than were photographed.

use image::RgbImage;

use super::views::{Beyond, Window, cut};

/// A piece of a picture, round or nearly square.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    pub source: &'a RgbImage,
    /// In source pixels.
    pub middle: [f32; 2],
    /// Half of its width and height, in source pixels, along its own axes.
    pub radii: [f32; 2],
    /// How far its axes are turned in the source, in degrees clockwise.
    pub lean_deg: f32,
    /// 2 is an ellipse; the higher, the nearer to a rectangle.
    pub power: f32,
    /// Over this share of the radii the edge fades, 0 to 1.
    pub feather: f32,
}

impl Piece<'_> {
    /// How much of the piece there is at a point of the source, 0 to 1.
    fn share(&self, point: [f32; 2]) -> f32 {
        let (sin, cos) = self.lean_deg.to_radians().sin_cos();
        let (x, y) = (point[0] - self.middle[0], point[1] - self.middle[1]);
        let own = [(cos * x + sin * y) / self.radii[0], (cos * y - sin * x) / self.radii[1]];
        let far = own.map(|c| c.abs().powf(self.power));
        let t = ((1.0 - (far[0] + far[1]).powf(1.0 / self.power)) / self.feather.max(0.01)).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    }
}

/// Lays what `window` shows of a piece, as a square of `side` pixels with its first pixel at `at`, over a picture.
/// `relit` changes that square before.
pub fn paste(
    onto: &mut RgbImage,
    piece: &Piece,
    window: &Window,
    side: u32,
    at: [i64; 2],
    relit: impl FnOnce(RgbImage) -> RgbImage,
) {
    let patch = relit(cut(piece.source, window, side, Beyond::Mirrored));
    let (width, height) = (i64::from(onto.width()), i64::from(onto.height()));
    for (column, row, pixel) in patch.enumerate_pixels() {
        let (x, y) = (at[0] + i64::from(column), at[1] + i64::from(row));
        if !(0..width).contains(&x) || !(0..height).contains(&y) {
            continue;
        }
        let place = [column, row].map(|i| (i as f32 + 0.5) / side as f32 * 2.0 - 1.0);
        let share = piece.share(window.source(place));
        // Within the picture, as was just seen.
        let below = onto.get_pixel_mut(x as u32, y as u32);
        for (level, &new) in below.0.iter_mut().zip(&pixel.0) {
            *level = (f32::from(*level) * (1.0 - share) + f32::from(new) * share + 0.5) as u8;
        }
    }
}
