//! What a face does, by its 68 landmarks (section 5 of the method, "small data"): lengths over the distance of the
//! eyes, from which the turn of the head is taken out.
//!
//! Landmarks are in the usual order (jaw 0..=16, brows 17..=26, nose 27..=35, eyes 36..=47, lips 48..=59, inner lips
//! 60..=67), `[x, y]` with y downwards.

use nalgebra::{Cholesky, Const, SMatrix, SVector};

/// How many lengths are taken, see [`measures`].
pub const MEASURES: usize = 11;

/// The fewest faces that pose can be regressed out of: three for each term.
pub const MIN_FACES: usize = 3 * TERMS;

/// 1, three angles, their squares, their products.
const TERMS: usize = 10;
/// Brings the angles near one, so that the terms are of one size.
const ANGLE_UNIT_DEG: f64 = 30.0;
/// Added to the normal equations per face: an angle that never changes then has no influence instead of any.
const RIDGE: f64 = 1e-9;
/// Eyes closer than this, in the landmarks' unit, are one point: the measures are then of no use, but finite.
const LEAST_EYES: f32 = 1e-3;
/// A measure that varies less than this is the same on all faces.
const LEAST_SPREAD: f64 = 1e-6;

/// Lengths along and across the line of the eyes, over the distance of the eyes: neither shift, size nor a turn in the
/// image's plane changes them.
///
/// In this order: opening of the inner lips, width of the mouth, height of the lips, corners of the mouth below the
/// middle of the lips, corners below the upper lip, lower lip below the nose, chin below the nose, opening of the
/// eyes, inner and outer ends of the brows above the eyes, gap between the brows. What there is two of is averaged, so
/// that a mirrored face has the same measures.
pub fn measures(landmarks: &[[f32; 2]; 68]) -> [f32; MEASURES] {
    let mean = |places: &[usize]| -> [f32; 2] {
        [0, 1].map(|axis| places.iter().map(|&place| landmarks[place][axis]).sum::<f32>() / places.len() as f32)
    };
    let (left, right) = (mean(&[36, 37, 38, 39, 40, 41]), mean(&[42, 43, 44, 45, 46, 47]));
    let eyes = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0];
    let distance = (right[0] - left[0]).hypot(right[1] - left[1]).max(LEAST_EYES);
    let axis = [(right[0] - left[0]) / distance, (right[1] - left[1]) / distance];
    // From the image's left to its right, and from the brows to the chin.
    let across = |from: [f32; 2], to: [f32; 2]| ((to[0] - from[0]) * axis[0] + (to[1] - from[1]) * axis[1]) / distance;
    let below = |from: [f32; 2], to: [f32; 2]| ((to[1] - from[1]) * axis[0] - (to[0] - from[0]) * axis[1]) / distance;
    let gap = |pairs: &[[usize; 2]]| {
        pairs.iter().map(|&[upper, lower]| below(landmarks[upper], landmarks[lower])).sum::<f32>() / pairs.len() as f32
    };
    let (corners, nose) = (mean(&[48, 54]), landmarks[33]);
    [
        gap(&[[61, 67], [62, 66], [63, 65]]),
        across(landmarks[48], landmarks[54]),
        gap(&[[51, 57]]),
        below(mean(&[62, 66]), corners),
        below(landmarks[51], corners),
        below(nose, landmarks[57]),
        below(nose, landmarks[8]),
        gap(&[[37, 41], [38, 40], [43, 47], [44, 46]]),
        below(mean(&[20, 21, 22, 23]), eyes),
        below(mean(&[17, 18, 25, 26]), eyes),
        across(landmarks[21], landmarks[22]),
    ]
}

/// Takes out of the measures what the pose of the head explains (linear, squares, products), and standardises the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct PoseFree {
    coefficients: SMatrix<f64, TERMS, MEASURES>,
    spread: [f64; MEASURES],
}

impl PoseFree {
    /// Fits it by least squares to faces: their measures, and their yaw, pitch and roll in degrees. None for fewer than
    /// [`MIN_FACES`] faces whose numbers are all finite.
    pub fn fit(faces: &[([f32; MEASURES], [f32; 3])]) -> Option<Self> {
        let finite = |(measures, pose): &&([f32; MEASURES], [f32; 3])| {
            measures.iter().chain(pose).all(|number| number.is_finite())
        };
        let rows: Vec<_> =
            faces.iter().filter(finite).map(|(measures, pose)| (vector(measures), terms(*pose))).collect();
        if rows.len() < MIN_FACES {
            return None;
        }
        let count = rows.len() as f64;
        let mut gram = SMatrix::<f64, TERMS, TERMS>::identity() * (RIDGE * count);
        let mut right = SMatrix::<f64, TERMS, MEASURES>::zeros();
        for (measures, terms) in &rows {
            gram.ger(1.0, terms, terms, 1.0);
            right.ger(1.0, terms, measures, 1.0);
        }
        let cholesky: Cholesky<f64, Const<TERMS>> = Cholesky::new(gram)?;
        let coefficients = cholesky.solve(&right);
        let mut squares = SVector::<f64, MEASURES>::zeros();
        for (measures, terms) in &rows {
            squares += (measures - coefficients.tr_mul(terms)).map(|rest| rest * rest);
        }
        Some(Self { coefficients, spread: std::array::from_fn(|i| (squares[i] / count).sqrt().max(LEAST_SPREAD)) })
    }

    /// The measures of a face of this pose, in degrees, less what such a pose does to them, over their spread.
    pub fn apply(&self, measures: &[f32; MEASURES], pose_deg: [f32; 3]) -> [f32; MEASURES] {
        let rest = vector(measures) - self.coefficients.tr_mul(&terms(pose_deg));
        std::array::from_fn(|i| (rest[i] / self.spread[i]) as f32)
    }
}

fn vector(measures: &[f32; MEASURES]) -> SVector<f64, MEASURES> {
    SVector::from_fn(|i, _| f64::from(measures[i]))
}

fn terms(pose_deg: [f32; 3]) -> SVector<f64, TERMS> {
    let [yaw, pitch, roll] = pose_deg.map(|angle| f64::from(angle) / ANGLE_UNIT_DEG);
    SVector::from([1.0, yaw, pitch, roll, yaw * yaw, pitch * pitch, roll * roll, yaw * pitch, yaw * roll, pitch * roll])
}
