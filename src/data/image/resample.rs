//! The square of a face cut out of a photograph, and squares brought to the networks' size.
//!
//! Shrinking goes in three steps, each simple and each on the needed region only. Whole cells of photograph pixels are
//! averaged, which leaves at least two cells per output pixel; those are sampled bicubically on a grid that lies along
//! the crop, fine enough to lose nothing; Lanczos brings that grid to the output. Enlarging is the middle step alone.

use image::RgbImage;

use crate::face::crop::{CROP_SIDE, Crop};

/// Reach of the Lanczos filter, in output pixels to each side.
const LOBES: usize = 3;
/// Sides of stored crops that have a margin: their middle 128 pixels are the crop.
const STORED_SIDES: [u32; 3] = [128, 144, 168];

/// Cuts `crop` out of the photograph as a picture of `side` x `side` pixels. What lies outside the photograph is its
/// mirror image at the border.
pub fn crop(photo: &RgbImage, crop: &Crop, side: u32) -> RgbImage {
    let side = side as usize;
    let step = 2.0 * crop.half_side / side as f32;
    let cell = (step / 2.0).floor().max(1.0);
    let fineness = (step / cell).ceil().max(1.0) as usize;
    let margin = if fineness > 1 { LOBES * fineness } else { 0 };
    let grid = Grid { crop: *crop, per_pixel: fineness, margin, side };

    let cells = Cells::of(photo, &grid, cell as usize);
    let samples = Raster { width: grid.len(), values: grid.sample(&cells) };
    let shrunk =
        if fineness > 1 { samples.shrunk(fineness).transposed().shrunk(fineness).transposed() } else { samples };

    let bytes = shrunk.values.as_flattened().iter().map(|v| v.round() as u8).collect();
    // The raster has side x side pixels of three values by construction.
    RgbImage::from_raw(side as u32, side as u32, bytes).expect("a raster of the output's size")
}

/// The 128-pixel crop in a stored crop: squares of 128, 144 and 168 pixels, whose margins are 0, 8 and 20. None for a
/// picture of any other size, which is a photograph.
pub fn centre_crop_of_square(picture: &RgbImage) -> Option<RgbImage> {
    if !is_stored_crop(picture.dimensions()) {
        return None;
    }
    let margin = (picture.width() - CROP_SIDE) / 2;
    Some(image::imageops::crop_imm(picture, margin, margin, CROP_SIDE, CROP_SIDE).to_image())
}

/// Whether a picture of this width and height is taken for a stored crop.
pub fn is_stored_crop((width, height): (u32, u32)) -> bool {
    width == height && STORED_SIDES.contains(&width)
}

/// The 128-pixel crop in a picture that the user calls aligned: a stored crop loses its margin, of any other picture
/// the largest square in its middle is brought to 128 pixels.
pub fn as_aligned(picture: &RgbImage) -> RgbImage {
    centre_crop_of_square(picture).unwrap_or_else(|| {
        let [width, height] = [picture.width() as f32, picture.height() as f32];
        crop(picture, &Crop::level([width / 2.0, height / 2.0], width.min(height) / 2.0), CROP_SIDE)
    })
}

/// Sample points along a crop: `per_pixel` to an output pixel on each axis, `margin` more beyond each edge.
struct Grid {
    crop: Crop,
    per_pixel: usize,
    margin: usize,
    side: usize,
}

impl Grid {
    fn len(&self) -> usize {
        self.side * self.per_pixel + 2 * self.margin
    }

    /// Where a sample lies, in photograph pixels.
    fn photo_point(&self, column: usize, row: usize) -> [f32; 2] {
        let unit = CROP_SIDE as f32 / (self.side * self.per_pixel) as f32;
        self.crop.photo_from_crop([column, row].map(|i| (i as f32 + 0.5 - self.margin as f32) * unit))
    }

    fn sample(&self, cells: &Cells) -> Vec<[f32; 3]> {
        let n = self.len();
        let mut values = Vec::with_capacity(n * n);
        for row in 0..n {
            values.extend((0..n).map(|column| cells.bicubic(self.photo_point(column, row))));
        }
        values
    }
}

/// The region of a photograph that a grid needs, in cells of `size` x `size` averaged pixels.
struct Cells {
    size: usize,
    /// Cell coordinates of the first cell, negative where the region reaches beyond the photograph.
    first: [i64; 2],
    raster: Raster,
}

impl Cells {
    fn of(photo: &RgbImage, grid: &Grid, size: usize) -> Self {
        let last = grid.len() - 1;
        let corners = [(0, 0), (last, 0), (0, last), (last, last)].map(|(x, y)| grid.photo_point(x, y));
        let range = |axis: usize| {
            let along = corners.map(|corner| corner[axis] / size as f32);
            let low = along.iter().copied().fold(f32::INFINITY, f32::min);
            let high = along.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            // Two more to each side for the taps of the bicubic filter.
            (low.floor() as i64 - 2, high.floor() as i64 + 2)
        };
        let ((left, right), (top, bottom)) = (range(0), range(1));
        let source = |from: i64, to: i64, length: u32| -> Vec<usize> {
            (from * size as i64..(to + 1) * size as i64).map(|i| mirrored(i, i64::from(length))).collect()
        };
        let columns = source(left, right, photo.width());
        let rows = source(top, bottom, photo.height());

        let width = (right - left + 1) as usize;
        let mut values = vec![[0.0; 3]; width * (bottom - top + 1) as usize];
        let (pixels, stride) = (photo.as_raw(), photo.width() as usize * 3);
        for (y, &row) in rows.iter().enumerate() {
            let line = &pixels[row * stride..][..stride];
            let cells = &mut values[y / size * width..][..width];
            for (cell, columns) in cells.iter_mut().zip(columns.chunks_exact(size)) {
                for &column in columns {
                    for (sum, &value) in cell.iter_mut().zip(&line[column * 3..][..3]) {
                        *sum += f32::from(value);
                    }
                }
            }
        }
        let area = (size * size) as f32;
        values.as_flattened_mut().iter_mut().for_each(|sum| *sum /= area);
        Self { size, first: [left, top], raster: Raster { width, values } }
    }

    /// The picture between the cells' centres at a point in photograph pixels, by Catmull and Rom's cubic.
    fn bicubic(&self, point: [f32; 2]) -> [f32; 3] {
        let [x, y] = [0, 1].map(|axis| point[axis] / self.size as f32 - self.first[axis] as f32 - 0.5);
        let (column, row) = (x.floor() as usize, y.floor() as usize);
        let (across, down) = (cubic_weights(x - x.floor()), cubic_weights(y - y.floor()));
        let mut sum = [0.0; 3];
        for (j, wy) in down.into_iter().enumerate() {
            let line = &self.raster.values[(row + j - 1) * self.raster.width + column - 1..][..4];
            for (pixel, wx) in line.iter().zip(across) {
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += wx * wy * value;
                }
            }
        }
        sum
    }
}

/// Rows of RGB values, 0..=255 but for the overshoot of the filters.
struct Raster {
    width: usize,
    values: Vec<[f32; 3]>,
}

impl Raster {
    /// Each row shrunk by a whole factor with a Lanczos filter; the row's margin of [`LOBES`] output pixels at each end
    /// is used up.
    fn shrunk(&self, factor: usize) -> Self {
        let taps = lanczos_taps(factor);
        let width = self.width / factor - 2 * LOBES;
        let mut values = Vec::with_capacity(self.values.len() / factor);
        for row in self.values.chunks_exact(self.width) {
            for column in 0..width {
                let mut sum = [0.0; 3];
                for (pixel, tap) in row[column * factor..].iter().zip(&taps) {
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += tap * value;
                    }
                }
                values.push(sum);
            }
        }
        Self { width, values }
    }

    fn transposed(&self) -> Self {
        let height = self.values.len() / self.width;
        let columns = (0..self.width).flat_map(|x| (0..height).map(move |y| self.values[y * self.width + x]));
        Self { width: height, values: columns.collect() }
    }
}

/// Weights of the samples under one output pixel and its neighbours to both sides; they sum to 1.
fn lanczos_taps(factor: usize) -> Vec<f32> {
    let count = (2 * LOBES + 1) * factor;
    let sinc = |x: f32| if x == 0.0 { 1.0 } else { (std::f32::consts::PI * x).sin() / (std::f32::consts::PI * x) };
    let weight = |i: usize| {
        let x = (i as f32 + 0.5 - count as f32 / 2.0) / factor as f32;
        if x.abs() < LOBES as f32 { sinc(x) * sinc(x / LOBES as f32) } else { 0.0 }
    };
    let weights: Vec<f32> = (0..count).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|w| w / sum).collect()
}

/// Weights of the four neighbours of a point `t` (0..1) past the second of them.
pub fn cubic_weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [0.5 * (-t3 + 2.0 * t2 - t), 0.5 * (3.0 * t3 - 5.0 * t2 + 2.0), 0.5 * (-3.0 * t3 + 4.0 * t2 + t), 0.5 * (t3 - t2)]
}

/// The index that `i` falls on when a line of `length` pixels is mirrored at its borders, as often as it takes.
pub fn mirrored(i: i64, length: i64) -> usize {
    let i = i.rem_euclid(2 * length);
    if i < length { i as usize } else { (2 * length - 1 - i) as usize }
}
