//! What lies behind a face: a studio, a spot on a wall, lights out of focus, a room's wall, a landscape; and things in
//! focus, for photographs that show more than a face.

use rand_chacha::ChaCha8Rng;

use super::factors::{Values, share};
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

/// A backdrop as a whole photograph shows it: asked at places apart and smooth between them, since it is out of focus.
pub struct OutOfFocus {
    across: usize,
    down: usize,
    /// Pixels from one place to the next.
    apart: f32,
    places: Vec<V3>,
}

impl OutOfFocus {
    /// Places along the photograph's longer side at most.
    const MOST: f32 = 400.0;

    pub fn new(backdrop: &Backdrop, [width, height]: [f32; 2]) -> Self {
        let apart = (width.max(height) / Self::MOST).max(1.0);
        let [across, down] = [width, height].map(|side| (side / apart).ceil() as usize + 1);
        let place = |i: usize| [i % across, i / across].map(|i| i as f32 * apart);
        let places = (0..across * down).map(place).map(|[x, y]| backdrop.at(x / width, y / height)).collect();
        Self { across, down, apart, places }
    }

    /// Light from a place, in pixels of the photograph.
    pub fn at(&self, [x, y]: [f32; 2]) -> V3 {
        let (u, v) = (x / self.apart, y / self.apart);
        let (i, j) = ((u as usize).min(self.across - 2), (v as usize).min(self.down - 2));
        let first = j * self.across + i;
        let along = |first: usize| mix(self.places[first], self.places[first + 1], u - i as f32);
        mix(along(first), along(first + self.across), v - j as f32)
    }
}

/// How many things stand about in a photograph at most.
const MOST_THINGS: f32 = 9.0;

/// Boxes and balls, plain, striped or grained, with sharp edges.
pub struct Things(Vec<Thing>);

struct Thing {
    round: bool,
    centre: [f32; 2],
    /// Half of its width and height, in pixels.
    half: [f32; 2],
    /// Cosine and sine of its turn.
    turn: [f32; 2],
    colour: V3,
    /// Stripes over its width, 0 for none.
    stripes: f32,
    seed: u32,
}

impl Things {
    /// Draws things for a photograph of this size.
    pub fn drawn(random: &mut ChaCha8Rng, [width, height]: [f32; 2]) -> Self {
        let count = (MOST_THINGS * share(random)) as usize;
        let smaller = width.min(height);
        let things = (0..count).map(|_| {
            let turn = if share(random) < 0.5 { 0.0 } else { 1.2 * (share(random) - 0.5) };
            Thing {
                round: share(random) < 0.4,
                centre: [width * share(random), height * share(random)],
                half: std::array::from_fn(|_| smaller * lerp(0.02, 0.16, share(random))),
                turn: [turn.cos(), turn.sin()],
                colour: hsv(share(random), 0.7 * share(random), lerp(0.12, 0.9, share(random))),
                stripes: if share(random) < 0.4 { (2.0 + 7.0 * share(random)).floor() } else { 0.0 },
                seed: (1e6 * share(random)) as u32,
            }
        });
        Self(things.collect())
    }

    /// The light from a place, in pixels, where `behind` is the light from behind it.
    pub fn before(&self, behind: V3, [x, y]: [f32; 2]) -> V3 {
        self.0.iter().fold(behind, |behind, thing| {
            let (dx, dy) = (x - thing.centre[0], y - thing.centre[1]);
            let [cos, sin] = thing.turn;
            let own = [cos * dx + sin * dy, cos * dy - sin * dx];
            // Pixels to its edge, which is one and a half of them wide.
            let out = if thing.round {
                let [u, v] = [own[0] / thing.half[0], own[1] / thing.half[1]];
                (u.hypot(v) - 1.0) * thing.half[0].min(thing.half[1])
            } else {
                (own[0].abs() - thing.half[0]).max(own[1].abs() - thing.half[1])
            };
            if out > 1.0 {
                return behind;
            }
            let [u, v] = [own[0] / thing.half[0], own[1] / thing.half[1]];
            let grain = 0.8 + 0.25 * noise(4.0 * u, 4.0 * v, thing.seed) + 0.15 * (u - v);
            let dark = if (0.5 * (u + 1.0) * thing.stripes).rem_euclid(1.0) > 0.5 { 0.45 } else { 1.0 };
            mix(behind, scale(thing.colour, grain * dark), step(0.75, -0.75, out))
        })
    }
}
