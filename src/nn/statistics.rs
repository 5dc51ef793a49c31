//! The training faces' statistics, from their codes: principal axes and ranges of each part, the range of pose, the
//! mean of each expression class.

use nalgebra::{Const, SMatrix, SymmetricEigen};

use crate::face::{Direction, Expression, FaceCode, FaceSpace, PART_DIM, PartSpace, Pose, PoseSpace, UnitPart};

/// The fewest faces whose spread along 32 axes means anything.
pub const MIN_FACES: usize = 64;

/// The fewest pictures of an expression whose mean is more than those people's faces.
pub const MIN_CLASS_FACES: usize = 30;

/// A training face: its code, and its expression where it is labelled.
pub type LabelledCode = (FaceCode, Option<Expression>);

/// Measures the training faces; `samples` of the result is empty. None for fewer than [`MIN_FACES`].
pub fn measure(faces: &[LabelledCode]) -> Option<FaceSpace> {
    if faces.len() < MIN_FACES {
        return None;
    }
    let part =
        |part: UnitPart| measure_part(&faces.iter().map(|(face, _)| *face.unit(part).as_array()).collect::<Vec<_>>());
    Some(FaceSpace {
        pose: measure_pose(faces),
        identity: part(UnitPart::Identity),
        expression: part(UnitPart::Expression),
        style: part(UnitPart::Style),
        class_means: class_means(faces),
        samples: Vec::new(),
    })
}

fn measure_pose(faces: &[LabelledCode]) -> PoseSpace {
    let angles: [Vec<f32>; 3] =
        std::array::from_fn(|i| faces.iter().map(|(face, _)| face.pose.to_array_deg()[i]).collect());
    let per_angle =
        |measure: &dyn Fn(&[f32]) -> f32| Pose::from_array_deg(std::array::from_fn(|i| measure(&angles[i])));
    PoseSpace {
        mean: per_angle(&mean),
        spread: per_angle(&|values| {
            let centre = mean(values);
            mean(&values.iter().map(|v| (v - centre).powi(2)).collect::<Vec<_>>()).sqrt()
        }),
        low: per_angle(&|values| range(values)[0]),
        high: per_angle(&|values| range(values)[1]),
    }
}

fn measure_part(vectors: &[[f32; PART_DIM]]) -> PartSpace {
    let mean: [f32; PART_DIM] = std::array::from_fn(|i| mean(&vectors.iter().map(|v| v[i]).collect::<Vec<_>>()));
    let mut covariance = SMatrix::<f64, PART_DIM, PART_DIM>::zeros();
    for vector in vectors {
        let offset = nalgebra::SVector::<f64, PART_DIM>::from_fn(|i, _| f64::from(vector[i] - mean[i]));
        covariance.ger(1.0 / vectors.len() as f64, &offset, &offset, 1.0);
    }
    let eigen: SymmetricEigen<f64, Const<PART_DIM>> = SymmetricEigen::new(covariance);
    let mut order: [usize; PART_DIM] = std::array::from_fn(|i| i);
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let axes = order.map(|column| oriented(std::array::from_fn(|i| eigen.eigenvectors[(i, column)] as f32)));
    // The sphere leaves no axis without spread, but a part that a network ignores may.
    let spread = order.map(|column| eigen.eigenvalues[column].max(0.0).sqrt() as f32);
    let along = |axis: usize, vector: &[f32; PART_DIM]| -> f32 {
        (0..PART_DIM).map(|i| axes[axis][i] * (vector[i] - mean[i])).sum::<f32>() / spread[axis].max(1e-6)
    };
    PartSpace {
        mean,
        axes,
        spread,
        axis_range: std::array::from_fn(|axis| range(&vectors.iter().map(|v| along(axis, v)).collect::<Vec<_>>())),
        raw_range: std::array::from_fn(|i| range(&vectors.iter().map(|v| v[i]).collect::<Vec<_>>())),
    }
}

fn class_means(faces: &[LabelledCode]) -> Vec<(Expression, Direction)> {
    let mean_of = |class: Expression| {
        let members: Vec<&FaceCode> =
            faces.iter().filter(|(_, label)| *label == Some(class)).map(|(face, _)| face).collect();
        if members.len() < MIN_CLASS_FACES {
            return None;
        }
        let sum = members
            .iter()
            .fold([0.0; PART_DIM], |sum, face| std::array::from_fn(|i| sum[i] + face.expression.as_array()[i]));
        Some((class, Direction::new(sum)?))
    };
    Expression::ALL.into_iter().filter_map(mean_of).collect()
}

/// An axis has no direction of its own; the one with a positive largest entry is kept, so that the same pictures
/// always give the same axes.
fn oriented(axis: [f32; PART_DIM]) -> [f32; PART_DIM] {
    let largest = axis.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(1.0);
    if largest < 0.0 { axis.map(|v| -v) } else { axis }
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64) as f32
}

/// 1st and 99th percentile.
fn range(values: &[f32]) -> [f32; 2] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    [at(0.01), at(0.99)]
}
