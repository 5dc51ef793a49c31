//! The head's surface: a skull of horizontal sections, with brow, sockets, cheeks, nose, lips and chin raised from it
//! towards the camera. Every length is in distances between the eyes; x to the image's right, y up, z to the camera,
//! the eyes at (-0.5, 0) and (0.5, 0), the origin between the ears.

use super::factors::Values;
use super::math::{V3, add, bell, cross, hill, lerp, step, sub, through, unit};
use super::mouth::Mouth;
use super::raster::{Grid, Vertex};

/// How square the sections are; 2 would be an ellipse.
const SQUARENESS: f32 = 2.25;
const ROWS: usize = 100;
const COLUMNS: usize = 104;
/// Sections are looked up by height in a table of so many.
const TABLE: usize = 256;

/// One horizontal section: half an oval in front, half an oval behind.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    pub y: f32,
    pub half_width: f32,
    /// Where the widest line lies.
    pub centre: f32,
    pub front: f32,
    pub back: f32,
}

impl Section {
    /// A point on it; the angle is 0 in front, positive to the image's right. `out` is added to its radius.
    pub fn point(&self, angle: f32, out: f32) -> V3 {
        let (sin, cos) = angle.sin_cos();
        let bend = |v: f32| v.abs().powf(2.0 / SQUARENESS).copysign(v);
        let depth = if cos > 0.0 { self.front } else { self.back };
        [(self.half_width + out) * bend(sin), self.y, self.centre + (depth + out) * bend(cos)]
    }
}

/// The surface of a head with everything that its owner does with it.
pub struct Head {
    table: Vec<Section>,
    skull: Vec<[f32; 5]>,
    pub mouth: Mouth,
    /// Height of the nose's base.
    pub nose_y: f32,
    pub nose_width: f32,
    nose: [[f32; 2]; 9],
    pub chin_y: f32,
    values: Values,
}

impl Head {
    pub fn new(values: &Values) -> Self {
        let mouth = Mouth::new(values);
        let nose_y = -0.66 - 0.045 * values.nose_length + 0.035 * values.nose_wrinkle;
        let skull = skull(values);
        let table = table(&skull);
        let nose = nose_line(values, nose_y);
        Self {
            chin_y: skull[skull.len() - 2][0],
            nose_width: 0.245 + 0.03 * values.nose_width + 0.02 * values.smile + 0.02 * values.nose_wrinkle,
            table,
            skull,
            mouth,
            nose_y,
            nose,
            values: values.clone(),
        }
    }

    /// The section at a height; those beyond crown and chin are as small as the last one.
    pub fn section(&self, y: f32) -> Section {
        let (top, bottom) = (self.table[0].y, self.table[TABLE - 1].y);
        let at = ((top - y) / (top - bottom)).clamp(0.0, 1.0) * (TABLE - 1) as f32;
        let i = (at as usize).min(TABLE - 2);
        let (a, b, share) = (&self.table[i], &self.table[i + 1], at - i as f32);
        Section {
            y,
            half_width: lerp(a.half_width, b.half_width, share),
            centre: lerp(a.centre, b.centre, share),
            front: lerp(a.front, b.front, share),
            back: lerp(a.back, b.back, share),
        }
    }

    /// Depth of the face at a place in front; what lies beside the head is as deep as its edge.
    pub fn depth(&self, x: f32, y: f32) -> f32 {
        let section = self.section(y);
        let side = (x / section.half_width.max(1e-3)).abs().min(1.0).powf(SQUARENESS);
        let forward = (1.0 - side).powf(1.0 / SQUARENESS);
        section.centre + section.front * forward + self.relief(x, y) * step(0.0, 0.4, forward)
    }

    /// The point of the face at a place in front.
    pub fn lift(&self, [x, y]: [f32; 2]) -> V3 {
        [x, y, self.depth(x, y)]
    }

    /// What is raised from the skull at a place: the face's features.
    fn relief(&self, x: f32, y: f32) -> f32 {
        let v = &self.values;
        let side = x.abs();
        let my = self.mouth.y;
        let full = 0.5 + 0.2 * v.cheeks_full;
        let cheek_lift = v.smile.max(0.0) + 0.6 * v.nose_wrinkle + 0.5 * v.one_sided * step(0.0, 0.2, x);
        let mut z = 0.0;
        z -= (0.15 + 0.035 * v.eye_depth) * hill(side, y, [0.50, 0.06], [0.25, 0.17]);
        z += 0.085 * hill(side, y, [0.5, 0.0], [0.2, 0.13]);
        z += (0.055 + 0.025 * v.brow_ridge) * hill(side, y, [0.4, 0.33], [0.34, 0.12]);
        z += (0.06 + 0.025 * v.cheekbones) * hill(side, y, [0.72, -0.36], [0.26, 0.2]);
        z += (0.05 * full + 0.06 * cheek_lift) * hill(side, y, [0.55, -0.55 + 0.06 * cheek_lift], [0.24, 0.26]);
        z -= 0.05 * (1.0 - full) * hill(side, y, [0.72, -0.85], [0.2, 0.3]);
        z += 0.10 * hill(x, y, [0.0, my + 0.04], [0.42, 0.30]);
        z -= 0.06 * hill(x, y, [0.0, self.mouth.lower_out(0.0) - 0.07], [0.25, 0.08]);
        z += 0.12 * hill(x, y, [0.0, self.chin_y + 0.24], [0.20 + 0.03 * v.chin_width, 0.16]);
        z += self.mouth.relief(x, y);
        z + self.nose(x, y)
    }

    fn nose(&self, x: f32, y: f32) -> f32 {
        let v = &self.values;
        if y > 0.45 || y < self.nose_y - 0.2 || x.abs() > 0.6 {
            return 0.0;
        }
        // How far down the nose this is, in its nine steps from above the brows to the lip.
        let along = self.nose.windows(2).position(|pair| y >= pair[1][0]).unwrap_or(self.nose.len() - 2);
        let (upper, lower) = (self.nose[along], self.nose[along + 1]);
        let t = along as f32 + ((upper[0] - y) / (upper[0] - lower[0])).clamp(0.0, 1.0);
        let height = through(&self.nose, t)[1];
        let width = lerp(0.115, 0.18 + 0.015 * v.nose_width, step(0.15, self.nose_y + 0.1, y));
        let tip = hill(x, y, [0.0, self.nose_y + 0.10], [0.15, 0.10]) * (0.06 + 0.02 * v.nose_tip);
        let wing_at = [self.nose_width * 0.76, self.nose_y + 0.045];
        let wings = 0.17 * hill(x.abs(), y, wing_at, [0.085, 0.085]);
        height * bell(x, width) + tip + wings
    }

    /// The whole surface as a grid, from the crown to below the chin, once around.
    pub fn grid(&self) -> Grid {
        let last = (self.skull.len() - 1) as f32;
        let mut places = Vec::with_capacity(ROWS * COLUMNS);
        for row in 0..ROWS {
            let section = section_of(through(&self.skull, last * row as f32 / (ROWS - 1) as f32));
            for column in 0..COLUMNS {
                let angle = column_angle(column);
                let mut p = section.point(angle, 0.0);
                if angle.cos() > 0.0 {
                    let forward = (p[2] - section.centre) / section.front.max(1e-3);
                    p[2] += self.relief(p[0], p[1]) * step(0.0, 0.4, forward);
                }
                places.push(p);
            }
        }
        Grid::of(ROWS, COLUMNS, places)
    }
}

/// Around the head, with most columns in front, where the face is.
fn column_angle(column: usize) -> f32 {
    let t = 2.0 * column as f32 / (COLUMNS - 1) as f32 - 1.0;
    std::f32::consts::PI * (0.58 * t + 0.42 * t * t * t)
}

fn section_of([y, half_width, centre, front, back]: [f32; 5]) -> Section {
    let least = |v: f32| v.max(0.004);
    Section { y, half_width: least(half_width), centre, front: least(front), back: least(back) }
}

/// The sections that make a skull, from the crown to below the chin: height, half width, centre, front, back.
fn skull(v: &Values) -> Vec<[f32; 5]> {
    const PLAIN: [[f32; 5]; 13] = [
        [1.86, 0.02, -0.12, 0.02, 0.02],
        [1.74, 0.52, -0.12, 0.70, 0.68],
        [1.48, 0.86, -0.10, 1.05, 1.08],
        [1.05, 1.03, -0.05, 1.30, 1.36],
        [0.50, 1.11, 0.0, 1.39, 1.48],
        [0.0, 1.10, 0.0, 1.39, 1.45],
        [-0.45, 1.08, 0.0, 1.36, 1.30],
        [-0.90, 0.99, 0.05, 1.29, 1.05],
        [-1.30, 0.85, 0.15, 1.17, 0.80],
        [-1.56, 0.64, 0.35, 0.95, 0.60],
        [-1.73, 0.43, 0.55, 0.74, 0.50],
        [-1.81, 0.25, 0.68, 0.52, 0.40],
        [-1.82, 0.02, 0.70, 0.10, 0.10],
    ];
    let drop = 0.30 * v.jaw_drop;
    let mut skull = PLAIN.to_vec();
    for section in &mut skull {
        let y = section[0];
        let low = step(-0.3, -1.7, y);
        let jaw = bell(y + 1.25, 0.45);
        section[1] *= 1.0 + 0.035 * v.face_width + 0.05 * v.jaw_width * jaw + 0.10 * v.chin_width * bell(y + 1.8, 0.3);
        section[1] += 0.025 * v.cheekbones * bell(y + 0.35, 0.35) + 0.03 * v.cheeks_full * bell(y + 0.95, 0.4);
        // A fallen jaw draws the cheeks in.
        section[1] *= 1.0 - 0.07 * v.jaw_drop * bell(y + 1.2, 0.5);
        section[0] *= 1.0 + 0.025 * v.face_length;
        section[0] -= (0.05 * v.chin_length + drop) * low;
    }
    skull
}

/// The sections again, at even heights.
fn table(skull: &[[f32; 5]]) -> Vec<Section> {
    const STEPS: usize = 720;
    let at = |step: usize| section_of(through(skull, (skull.len() - 1) as f32 * step as f32 / STEPS as f32));
    let (top, bottom) = (skull[0][0], skull[skull.len() - 1][0]);
    let mut step = 0;
    let fill = (0..TABLE).map(|i| {
        let y = lerp(top, bottom, i as f32 / (TABLE - 1) as f32);
        while step < STEPS && at(step).y > y {
            step += 1;
        }
        Section { y, ..at(step) }
    });
    fill.collect()
}

/// The ridge of the nose from above the brows to the lip: height of the place, height of the ridge.
fn nose_line(v: &Values, base: f32) -> [[f32; 2]; 9] {
    let bridge = 0.03 * v.nose_bridge;
    let tip = 0.035 * v.nose_tip;
    [
        [0.45, 0.0],
        [0.30, 0.02],
        [0.12, 0.06 + bridge],
        [lerp(0.12, base, 0.35), 0.17 + 1.2 * bridge],
        [lerp(0.12, base, 0.65), 0.27 + bridge],
        [base + 0.10, 0.35 + tip],
        [base + 0.02, 0.29 + tip],
        [base - 0.06, 0.10],
        [base - 0.20, 0.0],
    ]
}

/// Normals of a grid of places, from its neighbours.
pub fn with_normals(rows: usize, columns: usize, places: Vec<V3>) -> Vec<Vertex> {
    let at = |row: usize, column: usize| places[row * columns + column];
    let mut vertices = Vec::with_capacity(places.len());
    for row in 0..rows {
        for column in 0..columns {
            let down = sub(at((row + 1).min(rows - 1), column), at(row.saturating_sub(1), column));
            let right = sub(at(row, (column + 1).min(columns - 1)), at(row, column.saturating_sub(1)));
            let p = at(row, column);
            vertices.push(Vertex { p, n: unit(add(cross(down, right), [0.0, 0.0, 1e-6])), tag: [0.0; 2], open: 1.0 });
        }
    }
    vertices
}
