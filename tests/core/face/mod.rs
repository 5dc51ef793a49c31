//! The face code, edits, transfers, recipes, boards and drift.

mod board;
mod code;
mod crop;
mod edit;
mod found;
mod landmarks;
mod quality;
mod recipe;

use facespace::face::{CODE_DIM, Direction, Expression, FaceCode, FaceSpace, PART_DIM, PartSpace, Pose, PoseSpace};

/// A code whose parts are different directions without zeros.
pub fn face(seed: usize) -> FaceCode {
    let f: [f32; CODE_DIM] = std::array::from_fn(|i| if i < 3 { 0.1 * i as f32 } else { wave(i * 7 + seed * 13) });
    FaceCode::from_array(&f).unwrap()
}

/// The i-th unit vector.
pub fn basis(i: usize) -> Direction {
    Direction::new(std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 })).unwrap()
}

/// Axes are the coordinate axes, spreads fall from 0.5, the mean of happy is the fourth basis vector.
pub fn space() -> FaceSpace {
    let part = PartSpace {
        mean: [0.0; PART_DIM],
        axes: std::array::from_fn(|i| *basis(i).as_array()),
        spread: std::array::from_fn(|i| 0.5 / (1.0 + i as f32)),
        axis_range: [[-2.0, 2.0]; PART_DIM],
        raw_range: [[-0.5, 0.5]; PART_DIM],
    };
    let pose = Pose::from_array_deg([30.0; 3]);
    FaceSpace {
        pose: PoseSpace { mean: Pose::default(), spread: pose, low: pose, high: pose },
        identity: part.clone(),
        expression: part.clone(),
        style: part,
        class_means: vec![(Expression::Neutral, basis(9)), (Expression::Happy, basis(4))],
        samples: vec![face(1)],
    }
}

fn wave(i: usize) -> f32 {
    (i as f32 * 0.77).sin() + 0.01
}
