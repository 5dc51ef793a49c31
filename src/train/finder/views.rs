//! What the networks see of a photograph while they train: a square of it, turned and mirrored, with its points where
//! they are seen there.

use image::RgbImage;

use crate::data::image::mirrored;
use crate::face::Landmarks;
use crate::face::landmarks::MIRROR_OF;

/// Above this many source pixels to one of the view, each of its pixels is looked up at four places.
const COARSE: f32 = 1.25;

/// A square of a source picture. Its columns run along an axis that is turned clockwise from the source's by
/// `turn_deg`, so what it shows is turned the other way; `mirror` changes left and right of what it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// In source pixels.
    pub centre: [f32; 2],
    pub half_side: f32,
    pub turn_deg: f32,
    pub mirror: bool,
}

impl Window {
    /// The window that shows a point of the source at a place of the view, whose axes run from -1 to 1.
    pub fn showing(point: [f32; 2], at: [f32; 2], half_side: f32, turn_deg: f32, mirror: bool) -> Self {
        let still = Window { centre: [0.0; 2], half_side, turn_deg, mirror };
        let [x, y] = still.source(at);
        Window { centre: [point[0] - x, point[1] - y], ..still }
    }

    /// The place in the source of a point of the view, both axes from -1 to 1.
    pub fn source(&self, [u, v]: [f32; 2]) -> [f32; 2] {
        let (sin, cos) = self.turn_deg.to_radians().sin_cos();
        let (u, v) = (self.sign() * u * self.half_side, v * self.half_side);
        [self.centre[0] + cos * u - sin * v, self.centre[1] + sin * u + cos * v]
    }

    /// Where the view shows a point of the source: 0 to 1 within the view.
    pub fn seen(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (sin, cos) = self.turn_deg.to_radians().sin_cos();
        let (x, y) = (x - self.centre[0], y - self.centre[1]);
        let (u, v) = ((cos * x + sin * y) / self.half_side, (cos * y - sin * x) / self.half_side);
        [self.sign() * u, v].map(|c| (c + 1.0) / 2.0)
    }

    fn sign(&self) -> f32 {
        if self.mirror { -1.0 } else { 1.0 }
    }

    /// Landmarks of the source as the view shows them, 0 to 1; mirrored ones are numbered anew.
    pub fn seen_landmarks(&self, landmarks: &Landmarks) -> Landmarks {
        std::array::from_fn(|i| self.seen(landmarks[if self.mirror { MIRROR_OF[i] } else { i }]))
    }
}

/// What lies outside the source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Beyond {
    /// Its mirror image at the border.
    Mirrored,
    Colour([u8; 3]),
}

/// The window as a picture of `side` x `side` pixels. Shrinking averages first; between pixels lies a straight line.
pub fn cut(source: &RgbImage, window: &Window, side: u32, beyond: Beyond) -> RgbImage {
    let step = 2.0 * window.half_side / side.max(1) as f32;
    let cell = (step.floor() as usize).max(1);
    let fine = if step / cell as f32 > COARSE { 2 } else { 1 };
    let cells = Cells::of(source, window, cell, beyond);
    // The window's axes in cells, for a step of one sample.
    let samples = side as f32 * fine as f32;
    let at = |u: f32, v: f32| cells.place(window.source([u, v]));
    let (origin, right, down) = (at(-1.0, -1.0), at(1.0, -1.0), at(-1.0, 1.0));
    let across = [0, 1].map(|i| (right[i] - origin[i]) / samples);
    let along = [0, 1].map(|i| (down[i] - origin[i]) / samples);
    let share = 1.0 / (fine * fine) as f32;

    let mut view = RgbImage::new(side, side);
    for (row, line) in view.chunks_exact_mut(3 * side as usize).enumerate() {
        for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
            let mut sum = [0.0; 3];
            for sample in 0..fine * fine {
                let i = (column * fine + sample % fine) as f32 + 0.5;
                let j = (row * fine + sample / fine) as f32 + 0.5;
                let point = [0, 1].map(|axis| origin[axis] + across[axis] * i + along[axis] * j);
                cells.add(point, &mut sum);
            }
            for (value, sum) in pixel.iter_mut().zip(sum) {
                // A float becomes the nearest byte: `as` clamps to 0..255.
                *value = (sum * share + 0.5) as u8;
            }
        }
    }
    view
}

/// The region of a source that a window needs, in cells of `size` x `size` averaged pixels.
struct Cells {
    size: f32,
    /// Cell coordinates of the first cell.
    first: [f32; 2],
    width: usize,
    height: usize,
    values: Vec<[f32; 3]>,
}

impl Cells {
    fn of(source: &RgbImage, window: &Window, size: usize, beyond: Beyond) -> Self {
        let corners = [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]].map(|corner| window.source(corner));
        let range = |axis: usize| {
            let along = corners.map(|corner| corner[axis] / size as f32);
            let low = along.iter().copied().fold(f32::INFINITY, f32::min);
            let high = along.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            // One more to each side for the straight lines.
            (low.floor() as i64 - 1, high.ceil() as i64 + 1)
        };
        let ((left, right), (top, bottom)) = (range(0), range(1));
        let columns = places(left * size as i64, (right + 1) * size as i64, source.width(), beyond);
        let rows = places(top * size as i64, (bottom + 1) * size as i64, source.height(), beyond);
        let (width, height) = (columns.len() / size, rows.len() / size);
        let fill = match beyond {
            Beyond::Colour(colour) => colour.map(f32::from),
            Beyond::Mirrored => [0.0; 3],
        };
        let mut values = vec![[0.0; 3]; width * height];
        let (pixels, stride) = (source.as_raw(), 3 * source.width() as usize);
        for (y, row) in rows.iter().enumerate() {
            let sums = &mut values[y / size * width..][..width];
            let line = row.map(|row| &pixels[row * stride..][..stride]);
            for (sum, columns) in sums.iter_mut().zip(columns.chunks_exact(size)) {
                for column in columns {
                    let (Some(line), Some(column)) = (line, column) else {
                        sum.iter_mut().zip(fill).for_each(|(sum, value)| *sum += value);
                        continue;
                    };
                    for (sum, &value) in sum.iter_mut().zip(&line[3 * column..][..3]) {
                        *sum += f32::from(value);
                    }
                }
            }
        }
        let area = (size * size) as f32;
        values.as_flattened_mut().iter_mut().for_each(|sum| *sum /= area);
        Self { size: size as f32, first: [left as f32, top as f32], width, height, values }
    }

    /// A point of the source in cells from the first one.
    fn place(&self, point: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| point[axis] / self.size - self.first[axis])
    }

    /// Adds the colour at a place to a sum.
    fn add(&self, [x, y]: [f32; 2], sum: &mut [f32; 3]) {
        // Within the region by construction; rounding may carry a corner a hair over its edge.
        let x = (x - 0.5).clamp(0.0, (self.width - 2) as f32);
        let y = (y - 0.5).clamp(0.0, (self.height - 2) as f32);
        let (column, row) = (x as usize, y as usize);
        let (s, t) = (x - column as f32, y - row as f32);
        let upper = &self.values[row * self.width + column..][..2];
        let lower = &self.values[(row + 1) * self.width + column..][..2];
        let weights = [(1.0 - s) * (1.0 - t), s * (1.0 - t), (1.0 - s) * t, s * t];
        for (c, sum) in sum.iter_mut().enumerate() {
            *sum += weights[0] * upper[0][c]
                + weights[1] * upper[1][c]
                + weights[2] * lower[0][c]
                + weights[3] * lower[1][c];
        }
    }
}

/// The source's pixel for each from `from` to before `to` along one axis; none where it lies outside and is not
/// mirrored.
fn places(from: i64, to: i64, length: u32, beyond: Beyond) -> Vec<Option<usize>> {
    let length = i64::from(length);
    let inside = |i: i64| (0..length).contains(&i).then_some(i as usize);
    (from..to).map(|i| if beyond == Beyond::Mirrored { Some(mirrored(i, length)) } else { inside(i) }).collect()
}
