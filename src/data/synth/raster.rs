//! Grids of points to pixels: a camera, a depth buffer, and for every pixel what is nearest there. What it looks like
//! is decided afterwards, once a pixel.

use super::head::with_normals;
use super::math::{Rotation, V3};
use crate::face::{CROP_SIDE, Crop};

/// Pixels of a stored crop's side; good for turns of 15 degrees.
pub const STORED_SIDE: u32 = 168;
/// Crop pixels around the 128 that the networks see.
pub const MARGIN: f32 = 20.0;
/// Samples a pixel on each axis.
pub const FINE: u32 = 2;
/// Photograph pixels that a distance of one fills at the head's origin; only the crop's rule needs it.
const PHOTO_SCALE: f32 = 100.0;

/// What a pixel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Backdrop,
    Skin,
    Ear,
    Body,
    Hair,
    Frame,
}

#[derive(Clone, Copy, Debug)]
pub struct Vertex {
    pub p: V3,
    pub n: V3,
    /// What the kind of surface wants to know besides.
    pub tag: [f32; 2],
    /// How much of the light gets there, 0 to 1.
    pub open: f32,
}

/// A surface: rows of points, joined to their neighbours.
pub struct Grid {
    rows: usize,
    columns: usize,
    pub vertices: Vec<Vertex>,
}

impl Grid {
    /// A grid with normals from its neighbours; rows run down and columns to the right where it faces the camera.
    pub fn of(rows: usize, columns: usize, places: Vec<V3>) -> Self {
        Self { rows, columns, vertices: with_normals(rows, columns, places) }
    }
}

/// A pinhole before the face.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    pub distance: f32,
}

impl Camera {
    /// A place in photograph pixels, y downwards.
    pub fn project(&self, p: V3) -> [f32; 2] {
        let scale = PHOTO_SCALE * self.distance / (self.distance - p[2]);
        [p[0] * scale, -p[1] * scale]
    }
}

/// What is nearest at a pixel; place and normal in the surface's own coordinates.
#[derive(Clone, Copy, Debug)]
pub struct Fragment {
    pub kind: Kind,
    pub p: V3,
    pub n: V3,
    pub tag: [f32; 2],
    pub open: f32,
}

const NOTHING: Fragment = Fragment { kind: Kind::Backdrop, p: [0.0; 3], n: [0.0; 3], tag: [0.0; 2], open: 1.0 };

/// A rectangle of fine pixels with a depth each.
pub struct Raster {
    camera: Camera,
    /// The square that lies over the rectangle's upper end and is as wide.
    square: Crop,
    /// Fine pixels across and down.
    pub size: [usize; 2],
    depth: Vec<f32>,
    pub fragments: Vec<Fragment>,
}

impl Raster {
    /// A raster of `width` x `height` pixels, each of [`FINE`] samples on an axis. `square` is as wide as it and begins
    /// at its upper left corner, in the camera's pixels.
    pub fn new(camera: Camera, square: Crop, [width, height]: [u32; 2]) -> Self {
        let size = [width, height].map(|side| (side * FINE) as usize);
        let pixels = size[0] * size[1];
        Self { camera, square, size, depth: vec![f32::NEG_INFINITY; pixels], fragments: vec![NOTHING; pixels] }
    }

    /// Draws a grid into the depth buffer. `keep` may leave out fragments.
    pub fn draw(&mut self, grid: &Grid, turn: &Rotation, kind: Kind, keep: impl Fn(&Fragment) -> bool) {
        self.visit(grid, turn, kind, |raster, pixel, depth, fragment| {
            if keep(&fragment) {
                raster.depth[pixel] = depth;
                raster.fragments[pixel] = fragment;
            }
        });
    }

    /// Calls `hit` for each fragment of a grid that is nearer than what was drawn before.
    pub fn visit(
        &mut self,
        grid: &Grid,
        turn: &Rotation,
        kind: Kind,
        mut hit: impl FnMut(&mut Self, usize, f32, Fragment),
    ) {
        let to_fine = self.size[0] as f32 / CROP_SIDE as f32;
        let points: Vec<V3> = grid
            .vertices
            .iter()
            .map(|vertex| {
                let p = turn.apply(vertex.p);
                let [x, y] = self.square.crop_from_photo(self.camera.project(p)).map(|c| c * to_fine);
                [x, y, p[2]]
            })
            .collect();
        for row in 1..grid.rows {
            for column in 1..grid.columns {
                let d = row * grid.columns + column;
                let (a, b, c) = (d - grid.columns - 1, d - grid.columns, d - 1);
                for corners in [[a, c, b], [b, c, d]] {
                    let at = corners.map(|i| points[i]);
                    let vertices = corners.map(|i| &grid.vertices[i]);
                    self.triangle(at, vertices, kind, &mut hit);
                }
            }
        }
    }

    fn triangle(
        &mut self,
        [a, b, c]: [V3; 3],
        vertices: [&Vertex; 3],
        kind: Kind,
        hit: &mut impl FnMut(&mut Self, usize, f32, Fragment),
    ) {
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        // Only what faces away is turned round in the picture; hair and glasses are seen from both sides.
        if area.abs() < 1e-6 || (area > 0.0 && !matches!(kind, Kind::Hair | Kind::Frame)) {
            return;
        }
        let range = |axis: usize| {
            let (low, high) = (a[axis].min(b[axis]).min(c[axis]), a[axis].max(b[axis]).max(c[axis]));
            ((low - 0.5).ceil().max(0.0) as usize, (high + 0.5).floor().clamp(0.0, self.size[axis] as f32) as usize)
        };
        // The share of a corner grows evenly from the side that faces it; counted from `a`, where numbers are small.
        let share = |p: V3, q: V3| {
            let (across, down) = ((q[0] - p[0]) / area, (q[1] - p[1]) / area);
            [-down, across, down * (p[0] - a[0]) - across * (p[1] - a[1])]
        };
        let shares = [share(b, c), share(c, a), share(a, b)];
        let ((left, right), (top, bottom)) = (range(0), range(1));
        for y in top..bottom {
            for x in left..right {
                let (px, py) = (x as f32 + 0.5 - a[0], y as f32 + 0.5 - a[1]);
                let [u, v, w] = shares.map(|[across, down, start]| across * px + down * py + start);
                let pixel = y * self.size[0] + x;
                let depth = u * a[2] + v * b[2] + w * c[2];
                // A hair's breadth over the edge, so that neighbours leave no gap.
                if u.min(v).min(w) < -1e-4 || depth <= self.depth[pixel] {
                    continue;
                }
                let [p, q, r] = vertices;
                let vector = |p: V3, q: V3, r: V3| std::array::from_fn(|i| u * p[i] + v * q[i] + w * r[i]);
                let fragment = Fragment {
                    kind,
                    p: vector(p.p, q.p, r.p),
                    n: vector(p.n, q.n, r.n),
                    tag: std::array::from_fn(|i| u * p.tag[i] + v * q.tag[i] + w * r.tag[i]),
                    open: u * p.open + v * q.open + w * r.open,
                };
                hit(self, pixel, depth, fragment);
            }
        }
    }
}
