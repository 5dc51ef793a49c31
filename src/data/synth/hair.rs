//! Hair: a shell over the skull, cut out where the face is. Where it ends is a height for every angle around the head.

use std::f32::consts::PI;

use super::factors::Values;
use super::head::{Head, Section};
use super::math::{V3, hsv, lerp, mix, noise, srgb, step};
use super::raster::{Fragment, Grid};

const BUZZ: usize = 1;
const PARTED: usize = 3;
const FRINGE: usize = 4;
const LONG: usize = 5;
const CURLY: usize = 6;
const TIED: usize = 7;

/// A haircut.
pub struct Hair {
    kind: usize,
    /// How far it stands off the skull.
    volume: f32,
    /// Height of the hairline in the middle of the forehead.
    line: f32,
    /// Angle from the front at which the face ends.
    side: f32,
    /// Height down to which it hangs at the sides.
    length: f32,
    parting: f32,
    pub colour: V3,
}

impl Hair {
    /// None where the head is bald.
    pub fn new(values: &Values) -> Option<Self> {
        let kind = values.hair_kind as usize;
        let volume = values.hair_volume;
        let natural = 1.02 + 0.07 * values.hairline;
        let (volume, line, side, length) = match kind {
            0 => return None,
            BUZZ => (0.035 + 0.02 * volume, natural, 1.22, 0.0),
            PARTED => (0.13 + 0.12 * volume, natural - 0.08, 1.2, 0.0),
            FRINGE => (0.13 + 0.10 * volume, 0.62 - 0.06 * volume, 1.12, -1.0 - 0.5 * volume),
            LONG => (0.10 + 0.14 * volume, natural, 1.18, -3.2),
            CURLY => (0.24 + 0.26 * volume, natural - 0.08, 1.15, -0.3 - 0.9 * volume),
            TIED => (0.05 + 0.05 * volume, natural, 1.25, 0.0),
            _ => (0.07 + 0.12 * volume, natural - 0.04, 1.2, 0.0),
        };
        Some(Self { kind, volume, line, side, length, parting: values.hair_parting, colour: colour(values) })
    }

    fn hangs(&self) -> bool {
        self.length < 0.0
    }

    /// The height at which the hair ends at an angle from the front.
    fn end(&self, angle: f32) -> f32 {
        let away = angle.abs();
        // From the forehead's middle down to the temples.
        let sweep = match self.kind {
            PARTED => 0.16 * self.parting.signum() * angle.sin() * step(0.0, 0.2, away),
            FRINGE => 0.10 * self.parting * angle.sin(),
            LONG => 0.06 * step(0.12, 0.0, (angle - 0.25 * self.parting).abs()),
            _ => 0.0,
        };
        let inside = (away / self.side).min(1.0);
        let front = lerp(self.line + sweep, 0.12, inside.powi(if self.kind == FRINGE { 6 } else { 3 }));
        let low = if self.hangs() {
            self.length
        } else {
            // Sideburns, around the ear, nape.
            lerp(lerp(-0.22, 0.10, step(1.36, 1.46, away)), -1.0, step(1.80, 2.0, away))
        };
        lerp(front, low, step(self.side - 0.05, self.side + 0.07, away))
    }

    /// How much of the light the hair lets through to a place on the face.
    pub fn lets_through(&self, x: f32, y: f32) -> f32 {
        let angle = (x / 1.12).clamp(-1.0, 1.0).asin();
        1.0 - 0.5 * step(0.10 + 0.6 * self.volume, -0.05, self.end(angle) - y)
    }

    /// The shell; its tag is the angle and the height over the hair's end, both for [`Hair::keeps`].
    pub fn grid(&self, head: &Head) -> Grid {
        const ROWS: usize = 72;
        const COLUMNS: usize = 96;
        let top = head.section(9.0).y.min(1.97);
        let bottom = if self.hangs() { self.length - 0.1 } else { -1.15 };
        let (mut places, mut tags) = (Vec::new(), Vec::new());
        for row in 0..ROWS {
            let t = row as f32 / (ROWS - 1) as f32;
            // Denser near the crown, where sections shrink fast.
            let y = lerp(top, bottom, t * (0.25 + 0.75 * t));
            let section = self.section(head, y);
            for column in 0..COLUMNS {
                let angle = PI * (2.0 * column as f32 / (COLUMNS - 1) as f32 - 1.0);
                let over = y - self.end(angle);
                let mut p = section.point(angle, self.stands_off(angle, y, over));
                p[1] += self.volume * 0.9 * step(0.9, 1.9, y);
                places.push(p);
                tags.push([angle, over]);
            }
        }
        let mut grid = Grid::of(ROWS, COLUMNS, places);
        grid.vertices.iter_mut().zip(tags).for_each(|(vertex, tag)| vertex.tag = tag);
        grid
    }

    fn section(&self, head: &Head, y: f32) -> Section {
        let skull = head.section(y.max(-0.2));
        if !self.hangs() {
            return head.section(y);
        }
        let hang = step(0.1, -1.2, y);
        Section {
            y,
            half_width: lerp(skull.half_width, 1.02, hang),
            centre: lerp(skull.centre, -0.25, hang),
            front: lerp(skull.front, 0.85, hang),
            back: lerp(skull.back, 0.95, hang),
        }
    }

    fn stands_off(&self, angle: f32, y: f32, over: f32) -> f32 {
        let edge = step(-0.05, 0.35, over);
        let bulk = match self.kind {
            CURLY => 0.7 + 0.6 * noise(angle * 4.0, y * 4.0, 7),
            PARTED => 1.0 + 0.25 * self.parting.signum() * angle.sin(),
            _ => 0.92 + 0.16 * noise(angle * 5.0, y * 1.5, 11),
        };
        let sides = if self.hangs() || self.kind == CURLY { 1.0 } else { lerp(0.45, 1.0, step(0.3, 1.3, y)) };
        0.012 + self.volume * bulk * sides * lerp(0.25, 1.0, edge)
    }

    /// Whether there is hair at a place of the shell: strands end unevenly.
    pub fn keeps(&self, fragment: &Fragment) -> bool {
        let [angle, over] = fragment.tag;
        let uneven = match self.kind {
            CURLY => 0.22 * (noise(angle * 9.0, fragment.p[1] * 9.0, 3) - 0.5),
            FRINGE => 0.16 * (noise(angle * 16.0, fragment.p[1] * 0.8, 3) - 0.5),
            _ => 0.09 * (noise(angle * 30.0, fragment.p[1] * 3.0, 3) - 0.5),
        };
        over + uneven > 0.0
    }

    /// Brightness of the strands at a place, around 1.
    pub fn strands(&self, fragment: &Fragment) -> f32 {
        let ([angle, over], y) = (fragment.tag, fragment.p[1]);
        let grain = match self.kind {
            CURLY => 0.55 + 0.9 * noise(angle * 13.0, y * 13.0, 5) * (0.5 + noise(angle * 30.0, y * 30.0, 6)),
            BUZZ => 0.8 + 0.4 * noise(angle * 50.0, y * 40.0, 5),
            _ => {
                // Swept aside above the forehead, falling at the sides.
                let bent = angle + 0.15 * self.parting * (y - 0.5);
                0.50 + 0.55 * noise(bent * 20.0, y * 1.2, 5) + 0.50 * noise(bent * 58.0, y * 2.0, 6)
            }
        };
        let parting = if matches!(self.kind, LONG | PARTED) {
            1.0 - 0.45 * step(0.05, 0.0, (fragment.p[0] - 0.35 * self.parting).abs()) * step(0.9, 1.2, y)
        } else {
            1.0
        };
        grain * parting * lerp(0.7, 1.0, step(0.0, 0.25, over))
    }
}

/// The colour of brows and beard, which nobody dyes here.
pub fn natural_colour(values: &Values) -> V3 {
    let shades = [
        srgb(22, 18, 17),
        srgb(38, 26, 20),
        srgb(66, 43, 28),
        srgb(108, 70, 40),
        srgb(142, 76, 38),
        srgb(172, 130, 80),
        srgb(212, 180, 128),
    ];
    // Dark skin and light hair seldom go together.
    let at = values.hair_colour.powf(1.0 + 4.0 * values.skin_darkness) * (shades.len() - 1) as f32;
    let i = (at as usize).min(shades.len() - 2);
    let young = mix(shades[i], shades[i + 1], at - i as f32);
    mix(young, srgb(176, 174, 170), step(0.72, 1.05, 0.40 * values.hair_grey + 0.7 * values.age))
}

/// The colour of a clip's hair: the natural one, lighter or darker, and dyed where the tint is strong.
fn colour(values: &Values) -> V3 {
    let tint = values.hair_tint;
    let shaded = natural_colour(values).map(|v| v * (1.0 + 0.35 * tint));
    mix(shaded, hsv(0.98 - 0.4 * step(0.93, 0.96, tint), 0.6, 0.55), 0.7 * step(0.86, 0.9, tint))
}
