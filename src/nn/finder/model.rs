//! Both networks of the finder behind pictures and plain numbers; everything here runs on the CPU.

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use image::{RgbImage, imageops};

use super::super::{NnError, picture};
use super::detector::{CELL, SIZE_MIDDLE};
use super::landmarker::{POINTS, SIDE};
use super::{FinderNetworks, MEAN};
use crate::data::image::views;
use crate::face::Landmarks;
use crate::face::landmarks::MIRROR_OF;

/// A height is told as this many times more or less than [`SIZE_MIDDLE`] at most, as a logarithm: no answer of an
/// untrained network may overflow.
const FARTHEST_SIZE: f32 = 2.0;

/// What the detector reads: three planes of `rgb / 255 - 0.5`, both sides multiples of [`CELL`].
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    values: Vec<f32>,
    height: usize,
    width: usize,
}

impl Planes {
    /// Some rows of a picture. The width, and the rows where they go on below the picture, are filled up with middle
    /// grey to whole cells.
    pub fn of(picture: &RgbImage, rows: Range<usize>) -> Self {
        let (across, down) = (picture.width() as usize, picture.height() as usize);
        let (height, width) = (rows.len().next_multiple_of(CELL), across.next_multiple_of(CELL));
        let (first, last) = (rows.start.min(down), rows.end.min(down));
        // Rows of a picture, whose sides are u32, fit one.
        let strip = imageops::crop_imm(picture, 0, first as u32, across as u32, (last - first) as u32).to_image();
        let mut tight = vec![0.0; strip.as_raw().len()];
        views::planes(&strip, MEAN, &mut tight);
        let mut values = vec![0.0; 3 * height * width];
        for channel in 0..3 {
            for row in 0..last - first {
                let source = &tight[(channel * (last - first) + row) * across..][..across];
                values[(channel * height + row) * width..][..across].copy_from_slice(source);
            }
        }
        Self { values, height, width }
    }

    /// Height and width in cells.
    pub fn cells(&self) -> [usize; 2] {
        [self.height / CELL, self.width / CELL]
    }
}

/// Where the detector takes something for a face, in pixels of the picture that it saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// Middle of the face's box.
    pub centre: [f32; 2],
    /// Height of the box, hairline to chin.
    pub height: f32,
    /// 0 to 1.
    pub probability: f32,
}

/// A face's points as the landmarker sees them.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// In units of the frame, 0 to 1 across; beyond it where the face is.
    pub points: Landmarks,
    /// That the frame shows a face, framed as asked; 0 to 1.
    pub probability: f32,
}

/// Both networks, folded. Cloning is cheap: the weights are shared.
#[derive(Clone, Debug)]
pub struct FinderModel {
    networks: FinderNetworks,
    device: Device,
}

impl FinderModel {
    /// A model made of trained networks, which lie on the CPU.
    pub fn new(networks: &FinderNetworks) -> Self {
        Self { networks: networks.folded(), device: Device::flex() }
    }

    /// What the detector sees in `planes`, in those of its rows of cells that are asked for, at this probability or
    /// above it; from top left, row by row.
    ///
    /// # Errors
    /// [`NnError::Device`].
    pub fn detect(&self, planes: Planes, rows: Range<usize>, at_least: f32) -> Result<Vec<Sighting>, NnError> {
        let [down, across] = planes.cells();
        let input = TensorData::new(planes.values, [1, 3, planes.height, planes.width]);
        let answers = picture::read(self.networks.detector.forward(Tensor::from_data(input, &self.device)))?;
        let plane = |number: usize| &answers[number * down * across..][..down * across];
        let [logits, right, below, sizes] = [0, 1, 2, 3].map(plane);
        let mut sightings = Vec::new();
        for row in rows.start..rows.end.min(down) {
            for column in 0..across {
                let cell = row * across + column;
                let probability = sigmoid(logits[cell]);
                // Not a number fails this too.
                if probability >= at_least {
                    let middle = |place: usize, offset: f32| (place as f32 + 0.5 + offset) * CELL as f32;
                    sightings.push(Sighting {
                        centre: [middle(column, right[cell]), middle(row, below[cell])],
                        height: SIZE_MIDDLE * sizes[cell].clamp(-FARTHEST_SIZE, FARTHEST_SIZE).exp(),
                        probability,
                    });
                }
            }
        }
        Ok(sightings)
    }

    /// As [`FinderModel::landmarks`], the mean of looking at each frame and at its mirror image: closer to the truth, in
    /// twice the time.
    ///
    /// # Errors
    /// As there.
    pub fn landmarks_both_ways(&self, frames: &[RgbImage]) -> Result<Vec<Marked>, NnError> {
        let mirrored = frames.iter().map(imageops::flip_horizontal);
        let marked = self.landmarks(&frames.iter().cloned().chain(mirrored).collect::<Vec<_>>())?;
        let (plain, mirrored) = marked.split_at(frames.len());
        Ok(plain.iter().zip(mirrored).map(|(plain, mirrored)| mean(plain, mirrored)).collect())
    }

    /// The points in frames of 64 x 64, in order; they pass the network at once, so keep them few.
    ///
    /// # Errors
    /// [`NnError::PictureSize`], [`NnError::Device`].
    pub fn landmarks(&self, frames: &[RgbImage]) -> Result<Vec<Marked>, NnError> {
        if frames.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = vec![0.0; frames.len() * 3 * SIDE * SIDE];
        for (frame, planes) in frames.iter().zip(values.chunks_exact_mut(3 * SIDE * SIDE)) {
            let (width, height) = frame.dimensions();
            if (width as usize, height as usize) != (SIDE, SIDE) {
                return Err(NnError::PictureSize { width, height, side: SIDE as u32 });
            }
            views::planes(frame, MEAN, planes);
        }
        let input = Tensor::from_data(TensorData::new(values, [frames.len(), 3, SIDE, SIDE]), &self.device);
        let (points, logits) = self.networks.landmarker.forward(input);
        let (points, logits) = (picture::read(points)?, picture::read(logits)?);
        let marked = |(numbers, &logit): (&[f32; POINTS], &f32)| Marked {
            points: std::array::from_fn(|i| [numbers[2 * i], numbers[2 * i + 1]]),
            probability: sigmoid(logit),
        };
        Ok(points.as_chunks::<POINTS>().0.iter().zip(&logits).map(marked).collect())
    }
}

/// The mean of what was seen in a frame and in its mirror image.
fn mean(plain: &Marked, mirrored: &Marked) -> Marked {
    Marked {
        points: std::array::from_fn(|i| {
            let ([x, y], [from_right, again]) = (plain.points[i], mirrored.points[MIRROR_OF[i]]);
            [0.5 * (x + 1.0 - from_right), 0.5 * (y + again)]
        }),
        probability: 0.5 * (plain.probability + mirrored.probability),
    }
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
