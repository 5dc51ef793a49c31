//! What hangs on the head besides its face: ears, neck, shoulders and what is below.

use super::factors::Values;
use super::head::{Head, Section};
use super::math::through;
use super::raster::Grid;

/// The ear on one side (-1 on the image's left); the tag is the place on it, -1 to 1 across and up.
pub fn ear(head: &Head, values: &Values, side: f32) -> Grid {
    const ROWS: usize = 18;
    const COLUMNS: usize = 24;
    let size = 1.0 + 0.08 * values.ear_size;
    let (sin, cos) = (0.55 + 0.13 * values.ears_out).sin_cos();
    let (middle, edge) = (-0.24, head.section(-0.24));
    let (mut places, mut tags) = (Vec::new(), Vec::new());
    for row in 0..ROWS {
        let up = std::f32::consts::PI * row as f32 / (ROWS - 1) as f32;
        for column in 0..COLUMNS {
            let around = std::f32::consts::TAU * column as f32 / (COLUMNS - 1) as f32;
            let (thick, high) = (up.sin() * around.sin(), up.cos());
            // Narrower at the lobe.
            let deep = up.sin() * around.cos() * (1.0 + 0.28 * high);
            let (a, b) = (0.075 * thick, 0.21 * size * deep - 0.12);
            let (x, z) = (cos * a - sin * b, sin * a + cos * b);
            places.push([side * (edge.half_width - 0.045 + x), middle + 0.34 * size * high, z - 0.03]);
            tags.push([deep, high]);
        }
    }
    if side < 0.0 {
        // The mirror turns the surface inside out; the columns the other way round turn it back.
        for row in 0..ROWS {
            places[row * COLUMNS..(row + 1) * COLUMNS].reverse();
            tags[row * COLUMNS..(row + 1) * COLUMNS].reverse();
        }
    }
    let mut grid = Grid::of(ROWS, COLUMNS, places);
    grid.vertices.iter_mut().zip(tags).for_each(|(vertex, tag)| vertex.tag = tag);
    grid
}

/// Neck and shoulders, which turn with the head by a part only.
pub fn shoulders(values: &Values) -> Grid {
    const SECTIONS: [[f32; 5]; 8] = [
        [-0.80, 0.50, -0.15, 0.50, 0.50],
        [-1.30, 0.60, -0.14, 0.60, 0.55],
        [-1.80, 0.62, -0.14, 0.62, 0.58],
        [-2.12, 0.68, -0.18, 0.62, 0.60],
        [-2.36, 0.95, -0.25, 0.62, 0.62],
        [-2.56, 1.55, -0.32, 0.64, 0.66],
        [-2.80, 2.05, -0.36, 0.70, 0.70],
        LOWEST,
    ];
    trunk(values, &SECTIONS, 36)
}

/// Where the shoulders end and the torso begins: height, half width, centre, front, back.
const LOWEST: [f32; 5] = [-3.60, 2.40, -0.36, 0.90, 0.80];

/// What is below the shoulders, for pictures that show more than a crop.
pub fn torso(values: &Values) -> Grid {
    trunk(values, &[LOWEST, [-6.0, 2.35, -0.36, 1.05, 0.90], [-22.0, 2.20, -0.36, 1.10, 1.00]], 12)
}

/// A tube through sections, as wide as its owner is stout.
fn trunk(values: &Values, sections: &[[f32; 5]], rows: usize) -> Grid {
    const COLUMNS: usize = 48;
    let stout = 1.0 + 0.05 * values.jaw_width + 0.04 * values.face_width + 0.03 * values.cheeks_full;
    let mut places = Vec::new();
    for row in 0..rows {
        let t = (sections.len() - 1) as f32 * row as f32 / (rows - 1) as f32;
        let [y, half_width, centre, front, back] = through(sections, t);
        let section = Section { y, half_width: half_width * stout, centre, front, back };
        for column in 0..COLUMNS {
            let angle = std::f32::consts::PI * (2.0 * column as f32 / (COLUMNS - 1) as f32 - 1.0);
            places.push(section.point(angle, 0.0));
        }
    }
    Grid::of(rows, COLUMNS, places)
}
