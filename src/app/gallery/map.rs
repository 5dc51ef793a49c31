//! All faces of the index in a plane, by one part: where they lie, which are in sight, which is nearest.

use std::ops::Range;

use crate::engine::gallery::FaceKey;
use crate::face::Part;

/// The plane is sorted into so many cells a side, so that a view of it costs what it shows.
const CELLS: usize = 64;
/// How near one can go.
const NEAREST: f32 = 400.0;

/// The map and how it is looked at.
#[derive(Clone, Debug)]
pub struct Map {
    /// What it is to be drawn by.
    pub part: Part,
    pub look: MapLook,
    pub drawn: Option<Drawn>,
    /// Part and revision that could not be drawn; they are not asked for again.
    pub failed: Option<(Part, u64)>,
}

impl Default for Map {
    fn default() -> Self {
        Map { part: Part::Identity, look: MapLook::default(), drawn: None, failed: None }
    }
}

/// Which piece of the plane is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapLook {
    /// The middle of what is seen, -1 to 1 on each axis.
    pub centre: [f32; 2],
    /// 1 shows all of it.
    pub zoom: f32,
}

impl Default for MapLook {
    fn default() -> Self {
        MapLook { centre: [0.0; 2], zoom: 1.0 }
    }
}

impl MapLook {
    /// Held within the plane.
    pub fn checked(self) -> Self {
        let zoom = if self.zoom.is_finite() { self.zoom.clamp(1.0, NEAREST) } else { 1.0 };
        let way = 1.0 - 1.0 / zoom;
        let centre = self.centre.map(|c| if c.is_finite() { c.clamp(-way, way) } else { 0.0 });
        MapLook { centre, zoom }
    }
}

/// A map that was drawn. Its points are sorted by where they lie, so that a view of it costs what it shows.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub part: Part,
    /// Of the faces that it shows.
    pub revision: u64,
    /// One a point.
    pub keys: Vec<FaceKey>,
    /// -1 to 1 on each axis, both to the same scale.
    pub points: Vec<[f32; 2]>,
    /// The share of the whole variance along each axis, 0 to 1.
    pub explained: [f32; 2],
    /// Where each cell begins among the points, row by row, and the end of the last.
    starts: Vec<usize>,
}

impl Drawn {
    /// `keys` and `points` go together.
    pub fn new(part: Part, revision: u64, keys: Vec<FaceKey>, points: Vec<[f32; 2]>, explained: [f32; 2]) -> Self {
        let points = centred(points);
        let mut starts = vec![0; CELLS * CELLS + 1];
        for point in &points {
            starts[cell(*point) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let (mut sorted_keys, mut sorted_points) = (vec![0; points.len()], vec![[0.0; 2]; points.len()]);
        for (key, point) in keys.into_iter().zip(points) {
            let place = &mut next[cell(point)];
            (sorted_keys[*place], sorted_points[*place]) = (key, point);
            *place += 1;
        }
        Drawn { part, revision, keys: sorted_keys, points: sorted_points, explained, starts }
    }

    /// How many points lie between two corners, or a little beside; at most so many.
    pub fn about(&self, low: [f32; 2], high: [f32; 2]) -> usize {
        self.cells(low, high).map(|cell| cell.len()).sum()
    }

    /// Places of the points between two corners, of those that are divided by `step`.
    pub fn between(&self, low: [f32; 2], high: [f32; 2], step: usize) -> impl Iterator<Item = usize> + '_ {
        let step = step.max(1);
        let within = move |place: &usize| {
            let point = self.points[*place];
            (0..2).all(|axis| (low[axis]..=high[axis]).contains(&point[axis]))
        };
        let stepped = move |cell: Range<usize>| (cell.start.next_multiple_of(step)..cell.end).step_by(step);
        self.cells(low, high).flat_map(stepped).filter(within)
    }

    /// The place of the point nearest to another, no farther than `reach`.
    pub fn nearest(&self, to: [f32; 2], reach: f32) -> Option<usize> {
        let distance = |place: &usize| (self.points[*place][0] - to[0]).hypot(self.points[*place][1] - to[1]);
        let around = self.between(to.map(|c| c - reach), to.map(|c| c + reach), 1);
        around.filter(|place| distance(place) <= reach).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    fn cells(&self, low: [f32; 2], high: [f32; 2]) -> impl Iterator<Item = Range<usize>> + '_ {
        let [columns, rows] = [0, 1].map(|axis| axis_cell(low[axis])..=axis_cell(high[axis]));
        let cells = rows.flat_map(move |row| columns.clone().map(move |column| row * CELLS + column));
        cells.map(move |cell| self.starts[cell]..self.starts[cell + 1])
    }
}

/// The points around 0, the farthest coordinate at 1.
fn centred(mut points: Vec<[f32; 2]>) -> Vec<[f32; 2]> {
    let start = [[f32::INFINITY, f32::NEG_INFINITY]; 2];
    let spans = points.iter().fold(start, |spans, point| {
        [0, 1].map(|axis| [spans[axis][0].min(point[axis]), spans[axis][1].max(point[axis])])
    });
    let middle = spans.map(|[low, high]| (low + high) / 2.0);
    let half = spans.iter().map(|[low, high]| (high - low) / 2.0).fold(f32::MIN_POSITIVE, f32::max);
    for point in &mut points {
        *point = [0, 1].map(|axis| ((point[axis] - middle[axis]) / half).clamp(-1.0, 1.0));
    }
    points
}

fn axis_cell(at: f32) -> usize {
    // Anything outside is held at the edge; no number is held at 0.
    (((at + 1.0) / 2.0 * CELLS as f32) as usize).min(CELLS - 1)
}

fn cell([x, y]: [f32; 2]) -> usize {
    axis_cell(y) * CELLS + axis_cell(x)
}
