//! What lies behind a face: a studio, a spot on a wall, lights out of focus, a room's wall, a landscape.

use super::factors::Values;
use super::math::{V3, hsv, lerp, mix, noise, scale, speckle, step};

/// The backdrop of a clip.
pub struct Backdrop {
    kind: usize,
    hue: f32,
    light: f32,
    seed: u32,
}

impl Backdrop {
    pub fn new(v: &Values) -> Self {
        // Where its details lie follows from the numbers that it is made from.
        let seed = (v.backdrop_hue * 1e6) as u32;
        Self { kind: v.backdrop_kind as usize, hue: v.backdrop_hue, light: v.backdrop_light, seed }
    }

    /// Light from a place, x and y from 0 to 1 across the picture and down.
    pub fn at(&self, x: f32, y: f32) -> V3 {
        let value = lerp(0.22, 0.92, self.light);
        let base = hsv(self.hue, 0.35, value);
        let other = hsv(self.hue + 0.12, 0.30, value * 0.55);
        match self.kind {
            0 => mix(base, other, y),
            1 => mix(base, scale(other, 0.5), step(0.1, 0.85, (x - 0.5).hypot(y - 0.4))),
            2 => self.lights(x, y, scale(other, 0.7)),
            3 => self.wall(x, y, base, other),
            _ => self.landscape(x, y),
        }
    }

    fn lights(&self, x: f32, y: f32, ground: V3) -> V3 {
        let mut colour = mix(ground, scale(ground, 0.4), noise(x * 3.0, y * 3.0, self.seed));
        for i in 0..14 {
            let drawn = |what: i32| speckle(i, what, self.seed);
            let (radius, strength) = (0.04 + 0.07 * drawn(2), 0.25 + 0.5 * drawn(3));
            let away = (x - drawn(0)).hypot(y - drawn(1));
            let lamp = hsv(self.hue + 0.35 * drawn(4), 0.45, 0.95);
            colour = mix(colour, lamp, strength * step(radius, radius * 0.8, away));
        }
        colour
    }

    fn wall(&self, x: f32, y: f32, base: V3, other: V3) -> V3 {
        let drawn = |what: i32| speckle(what, 0, self.seed);
        let edge = 0.15 + 0.7 * drawn(1);
        let lean = 0.1 * (drawn(2) - 0.5);
        let panel = step(-0.012, 0.012, x - edge + lean * y);
        let shelf = step(0.012, -0.012, (y - 0.2 - 0.5 * drawn(3)).abs() - 0.03) * step(0.0, 0.02, (x - edge) * 1.0);
        mix(mix(base, other, panel), scale(base, 1.2), 0.6 * shelf)
    }

    fn landscape(&self, x: f32, y: f32) -> V3 {
        let sky = mix(hsv(0.57, 0.45, 0.9), hsv(0.56, 0.12, 0.97), y * 1.4);
        // Two sizes of leaves, askew so that the noise's own squares do not show.
        let (u, v) = (0.8 * x + 0.6 * y, 0.8 * y - 0.6 * x);
        let thick = 0.6 * noise(u * 8.0, v * 8.0, self.seed) + 0.4 * noise(v * 21.0, u * 21.0, self.seed + 1);
        let leaves = hsv(lerp(0.18, 0.36, self.hue), 0.55, 0.24 + 0.45 * thick);
        let tops = 0.30 + 0.35 * noise(x * 3.0, 0.5, self.seed) - 0.2 * (self.light - 0.5);
        mix(scale(sky, 0.6 + 0.4 * self.light), scale(leaves, 0.6 + 0.6 * self.light), step(-0.05, 0.05, y - tops))
    }
}
