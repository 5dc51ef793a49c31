//! What the detector is to answer in every cell of a training tile.

use crate::nn::finder::{CELL, SIZE_HIGH, SIZE_LOW, SIZE_MIDDLE};

/// Side of a tile in pixels and in cells.
pub const TILE: usize = 128;
pub const ACROSS: usize = TILE / CELL;
/// Cells of a tile.
pub const CELLS: usize = ACROSS * ACROSS;

/// Faces are answered with yes a little beyond the octave of sizes, so that none falls between two levels; up to
/// `UNCLEAR` times beyond it neither answer is wrong.
const WIDENED: f32 = 1.12;
const UNCLEAR: f32 = 1.4;
/// In heights of the face: cells nearer to its centre are answered with yes, and around those neither answer is wrong.
const NEAR: f32 = 0.2;
const BESIDE: f32 = 0.4;
/// In heights of a labelled face: nearer than this there is no other face.
const ALONE: f32 = 0.75;
/// In heights and widths of a box that is a face or not: nearer to its centre neither answer is wrong.
const DOUBTFUL: f32 = 0.75;

/// What a tile shows, in its pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    pub faces: Vec<Face>,
    /// What is a face or not.
    pub doubtful: Vec<Face>,
    /// Whether nothing else in the tile is a face; otherwise only what is near to the known ones is known.
    pub complete: bool,
}

/// Middle and height of a face's box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    pub centre: [f32; 2],
    pub height: f32,
}

/// The answers, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    /// 1 where a face's centre is, else 0.
    pub is_face: Vec<f32>,
    /// 1 where that answer is asked for, else 0.
    pub counts: Vec<f32>,
    /// Where a face's centre is: how far right and down of the cell's middle it lies, in cells, and the logarithm of
    /// the height over [`SIZE_MIDDLE`]. Three planes of cells.
    pub place: Vec<f32>,
}

/// How a face's size relates to those that are looked for.
#[derive(Clone, Copy, PartialEq)]
enum Size {
    Wanted,
    Unclear,
    Other,
}

impl Size {
    fn of(height: f32) -> Self {
        let within = |by: f32| (SIZE_LOW / by..=SIZE_HIGH * by).contains(&height);
        if within(WIDENED) {
            Size::Wanted
        } else if within(UNCLEAR) {
            Size::Unclear
        } else {
            Size::Other
        }
    }
}

impl Targets {
    pub fn of(truth: &Truth) -> Self {
        let mut targets = Targets { is_face: vec![0.0; CELLS], counts: vec![0.0; CELLS], place: vec![0.0; 3 * CELLS] };
        for cell in 0..CELLS {
            let middle = [cell % ACROSS, cell / ACROSS].map(|i| (i as f32 + 0.5) * CELL as f32);
            match answer(truth, middle) {
                Answer::Face(face) => {
                    targets.is_face[cell] = 1.0;
                    targets.counts[cell] = 1.0;
                    let [right, down] = [0, 1].map(|axis| (face.centre[axis] - middle[axis]) / CELL as f32);
                    let place = [right, down, (face.height / SIZE_MIDDLE).ln()];
                    for (plane, value) in place.into_iter().enumerate() {
                        targets.place[plane * CELLS + cell] = value;
                    }
                }
                Answer::Nothing => targets.counts[cell] = 1.0,
                Answer::Unknown => (),
            }
        }
        targets
    }
}

enum Answer<'a> {
    Face(&'a Face),
    Nothing,
    Unknown,
}

fn answer(truth: &Truth, middle: [f32; 2]) -> Answer<'_> {
    let apart = |face: &Face| {
        let [x, y] = [0, 1].map(|axis| face.centre[axis] - middle[axis]);
        (x.hypot(y) / face.height.max(1.0), x.abs().max(y.abs()) <= CELL as f32 / 2.0)
    };
    let mut unclear = false;
    let mut nearest: Option<(f32, &Face)> = None;
    for face in &truth.faces {
        let (distance, in_cell) = apart(face);
        match Size::of(face.height) {
            Size::Wanted if distance < NEAR || in_cell => {
                if nearest.is_none_or(|(other, _)| distance < other) {
                    nearest = Some((distance, face));
                }
            }
            Size::Wanted | Size::Unclear => unclear |= distance < BESIDE,
            Size::Other => (),
        }
    }
    if let Some((_, face)) = nearest {
        return Answer::Face(face);
    }
    let near_known = truth.faces.iter().any(|face| apart(face).0 < ALONE);
    let doubtful = truth.doubtful.iter().any(|face| {
        let (distance, in_cell) = apart(face);
        distance < DOUBTFUL || in_cell
    });
    if unclear || doubtful || !(truth.complete || near_known) { Answer::Unknown } else { Answer::Nothing }
}
