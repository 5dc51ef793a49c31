//! What the training faces looked like as codes: the axes an edit moves along, the ranges it should stay in, the
//! expressions it can name. Computed once from the training pictures and kept in the weights file.

use super::code::{Direction, FaceCode, PART_DIM, Pose, UnitPart};
use super::expression::Expression;

/// The training codes' statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceSpace {
    pub pose: PoseSpace,
    pub identity: PartSpace,
    pub expression: PartSpace,
    pub style: PartSpace,
    /// The mean direction of every expression class that had pictures, in the classes' order.
    pub class_means: Vec<(Expression, Direction)>,
    /// Faces to start from, made by this project.
    pub samples: Vec<FaceCode>,
}

/// Pose angles of the training faces in degrees; `low` and `high` are the 1st and 99th percentile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoseSpace {
    pub mean: Pose,
    pub spread: Pose,
    pub low: Pose,
    pub high: Pose,
}

/// Principal axes of one unit part over the training faces.
#[derive(Clone, Debug, PartialEq)]
pub struct PartSpace {
    pub mean: [f32; PART_DIM],
    /// Orthonormal rows, widest first; of each, the largest entry is positive.
    pub axes: [[f32; PART_DIM]; PART_DIM],
    /// Standard deviation along each axis.
    pub spread: [f32; PART_DIM],
    /// 1st and 99th percentile of the offset from the mean along each axis, in spreads.
    pub axis_range: [[f32; 2]; PART_DIM],
    /// 1st and 99th percentile of each of the 32 numbers themselves.
    pub raw_range: [[f32; 2]; PART_DIM],
}

impl FaceSpace {
    pub fn part(&self, part: UnitPart) -> &PartSpace {
        match part {
            UnitPart::Identity => &self.identity,
            UnitPart::Expression => &self.expression,
            UnitPart::Style => &self.style,
        }
    }

    pub fn class_mean(&self, class: Expression) -> Option<&Direction> {
        self.class_means.iter().find(|(known, _)| *known == class).map(|(_, mean)| mean)
    }
}
