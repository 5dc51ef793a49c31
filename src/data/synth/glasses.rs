//! Glasses: a sheet before the eyes, of which rims, bridge and lenses are kept, and two arms to the ears.

use super::factors::Values;
use super::head::Head;
use super::math::{V3, hsv, lerp, mix, scale, srgb, step};
use super::raster::Grid;

const THIN: usize = 1;
const BROAD: usize = 2;
const HALF: usize = 3;

/// What a pair of glasses has at a place of its sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Nothing,
    Rim,
    Lens,
}

/// A pair of glasses.
pub struct Glasses {
    kind: usize,
    pub rim: V3,
    pub lens: V3,
    /// Share of what lies behind that the lens hides.
    pub hides: f32,
}

impl Glasses {
    /// None where nobody wears any.
    pub fn new(v: &Values) -> Option<Self> {
        let kind = v.glasses_kind as usize;
        if kind == 0 {
            return None;
        }
        let c = v.glasses_colour;
        let dark = mix(srgb(16, 14, 16), hsv(c * 3.0, 0.65, 0.40), step(0.35, 0.9, c));
        let metal = mix(srgb(190, 160, 90), srgb(120, 122, 128), c);
        let sun = kind > HALF;
        Some(Self {
            kind,
            rim: if kind == THIN || kind == HALF { metal } else { dark },
            lens: if sun { srgb(26, 22, 22) } else { srgb(225, 235, 245) },
            hides: if sun { 0.90 } else { 0.04 },
        })
    }

    /// Rims and lenses; the tag is the place on the sheet.
    pub fn front(&self, head: &Head) -> Grid {
        const ROWS: usize = 8;
        const COLUMNS: usize = 24;
        let before = head.depth(0.5, -0.1).max(head.depth(0.0, 0.02) - 0.05) + 0.10;
        let (mut places, mut tags) = (Vec::new(), Vec::new());
        for row in 0..ROWS {
            let y = lerp(0.34, -0.46, row as f32 / (ROWS - 1) as f32);
            for column in 0..COLUMNS {
                let x = lerp(-1.14, 1.14, column as f32 / (COLUMNS - 1) as f32);
                // Bent around the face.
                places.push([x, y, before - 0.16 * x * x - 0.08 * (0.2 - y)]);
                tags.push([x, y]);
            }
        }
        tagged(Grid::of(ROWS, COLUMNS, places), tags)
    }

    /// The arm on one side, as far as the ear.
    pub fn arm(&self, head: &Head, side: f32) -> Grid {
        let front = head.depth(0.5, -0.1).max(head.depth(0.0, 0.02) - 0.05) + 0.10 - 0.16 * 1.08 * 1.08;
        let edge = head.section(0.1).half_width + 0.03;
        let thick = if self.kind == THIN || self.kind == HALF { 0.025 } else { 0.05 };
        let mut places = Vec::new();
        for row in [1.0, -1.0] {
            for t in [0.0, 0.3, 1.0] {
                let x = lerp(1.10, edge, step(0.0, 0.4, t));
                places.push([side * x, 0.12 + thick * row, lerp(front, -0.1, t)]);
            }
        }
        tagged(Grid::of(2, 3, places), vec![[9.0, 0.0]; 6])
    }

    /// What is at a place of the sheet.
    pub fn part(&self, [x, y]: [f32; 2]) -> Part {
        if x > 2.0 {
            return Part::Rim;
        }
        let thick = match self.kind {
            THIN | HALF => 0.026,
            BROAD => 0.060,
            _ => 0.04,
        };
        let (half, tall, square) = match self.kind {
            THIN => (0.37, 0.33, 2),
            BROAD => (0.42, 0.29, 5),
            HALF => (0.41, 0.26, 4),
            _ => (0.43, 0.34, 3),
        };
        let [u, v] = [(x.abs() - 0.52) / half, (y + 0.05) / tall];
        let away = (u.abs().powi(square) + v.abs().powi(square)).powf(1.0 / square as f32);
        let rim = 1.0 - thick / half;
        let rimmed = self.kind != HALF || v > -0.1;
        let bridge = x.abs() < 0.16 && (y - 0.06 + 0.25 * x * x).abs() < thick * 0.8;
        let hinge = x.abs() > 0.9 && x.abs() < 1.12 && (y - 0.12).abs() < thick;
        if (away < 1.0 && away > rim && rimmed) || bridge || (hinge && away >= 1.0) {
            Part::Rim
        } else if away < 1.0 {
            Part::Lens
        } else {
            Part::Nothing
        }
    }

    /// The sky in the lens, brighter above.
    pub fn reflection(&self, [x, y]: [f32; 2]) -> V3 {
        let streak = step(0.10, 0.0, (x.abs() - 0.5 - 0.6 * y).abs() - 0.03);
        scale(self.lens, if self.hides > 0.5 { 1.0 + 2.0 * step(-0.2, 0.3, y) } else { 0.5 + 0.8 * streak })
    }
}

fn tagged(mut grid: Grid, tags: Vec<[f32; 2]>) -> Grid {
    grid.vertices.iter_mut().zip(tags).for_each(|(vertex, tag)| vertex.tag = tag);
    grid
}
