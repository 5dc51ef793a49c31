//! Which way a head looks, from its 68 landmarks: the mean head in space is turned, scaled and shifted until its points
//! fall onto them. Numbers only.
//!
//! Space has x to the image's right, y up and z to the camera, and the order of rotations is `R = Rz(-roll) Ry(yaw)
//! Rx(-pitch)` (section 1 of the method), so turning the picture changes roll alone.

use nalgebra::{Matrix2x3, Matrix3, Rotation3, SMatrix, SVector, Vector2, Vector3};

use crate::face::{Landmarks, Pose};
use crate::nn::finder::MeanFace;

/// How far the camera stands from the head, in distances of the outer eye corners: half a metre, say. Landmarks come
/// from pictures taken at all distances; this one brings the fit nearest to the labels of photographs.
const CAMERA: f64 = 6.0;
/// Lips and chin count half: they move with the mouth, and the head does not.
const MOVING: f64 = 0.5;
const CHIN: std::ops::Range<usize> = 3..14;
const LIPS: std::ops::Range<usize> = 48..68;
/// More are needed by no face; nonsense stops here.
const MOST_STEPS: usize = 20;
/// Steps shorter than this (radians, shares of the size) end the fit.
const SHORT: f64 = 1e-7;
/// Smallest share of the one direction over the other in points that still say which way a head looks.
const FLAT: f64 = 1e-3;

/// Unknowns of the fit: three of a small rotation, the scale's logarithm, two of the shift.
const UNKNOWNS: usize = 6;

/// How a head stands before the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadPose {
    pub pose: Pose,
    /// Pixels that the outer eye corners' distance takes when seen from the front.
    pub scale: f32,
    /// Root mean square distance of the landmarks from those of the turned mean head, in distances of the outer eye
    /// corners; 0.04 for most faces.
    pub residual: f32,
}

/// The pose of a head with these landmarks (pixels, y downwards). None where they are not finite, lie on one point or
/// line, or where the mean face is none.
pub fn fit(landmarks: &Landmarks, mean_face: &MeanFace) -> Option<HeadPose> {
    let points = Points::of(landmarks, mean_face)?;
    let mut state = points.start()?;
    let mut cost = points.cost(&state);
    for _ in 0..MOST_STEPS {
        let step = points.step(&state)?;
        let next = state.moved(&step);
        let next_cost = points.cost(&next);
        // A step that leads away, or nowhere that is a number, is not taken.
        if next_cost.is_nan() || next_cost > cost {
            break;
        }
        (state, cost) = (next, next_cost);
        if step.norm() < SHORT {
            break;
        }
    }
    let pose = Pose::from_array_deg(angles_deg(&state.rotation));
    let (scale, residual) = ((state.scale * points.size) as f32, points.residual(&state) as f32);
    let sound = scale.is_finite() && residual.is_finite() && pose.to_array_deg().iter().all(|angle| angle.is_finite());
    sound.then_some(HeadPose { pose, scale, residual })
}

/// The rotation of yaw, pitch and roll in degrees.
pub fn rotation([yaw, pitch, roll]: [f32; 3]) -> Matrix3<f64> {
    let about = |axis: Vector3<f64>, deg: f32| Rotation3::from_scaled_axis(axis * f64::from(deg).to_radians());
    let turned = about(Vector3::z(), -roll) * about(Vector3::y(), yaw) * about(Vector3::x(), -pitch);
    turned.into_inner()
}

/// Yaw, pitch and roll of a rotation, in degrees.
fn angles_deg(rotation: &Matrix3<f64>) -> [f32; 3] {
    let r = |row: usize, column: usize| rotation[(row, column)];
    let yaw = (-r(2, 0)).clamp(-1.0, 1.0).asin();
    let pitch = -r(2, 1).atan2(r(2, 2));
    let roll = -r(1, 0).atan2(r(0, 0));
    [yaw, pitch, roll].map(|angle| angle.to_degrees() as f32)
}

/// A head's rotation; the size and place of its picture, in the units of [`Points`].
struct State {
    rotation: Matrix3<f64>,
    scale: f64,
    shift: Vector2<f64>,
}

impl State {
    fn moved(&self, step: &SVector<f64, UNKNOWNS>) -> Self {
        let turn = Rotation3::from_scaled_axis(Vector3::new(step[0], step[1], step[2])).into_inner();
        Self {
            rotation: turn * self.rotation,
            scale: self.scale * step[3].exp(),
            shift: self.shift + Vector2::new(step[4], step[5]),
        }
    }
}

/// What is fitted to what: points of the picture with y up, their mean at the origin and their mean square 1, and those
/// of the mean head.
struct Points {
    seen: Vec<Vector2<f64>>,
    head: Vec<Vector3<f64>>,
    weights: Vec<f64>,
    /// Pixels of the unit.
    size: f64,
}

impl Points {
    fn of(landmarks: &Landmarks, mean_face: &MeanFace) -> Option<Self> {
        let (seen, size) = normalised(landmarks)?;
        let head: Vec<_> = mean_face.iter().map(|point| Vector3::from(point.map(f64::from))).collect();
        let weights = (0..68).map(|i| if CHIN.contains(&i) || LIPS.contains(&i) { MOVING } else { 1.0 }).collect();
        head.iter().all(|point| point.iter().all(|v| v.is_finite())).then_some(Self { seen, head, weights, size })
    }

    /// The nearest turned and scaled head as a very distant camera sees it: a linear fit, its two rows made orthogonal.
    fn start(&self) -> Option<State> {
        let total: f64 = self.weights.iter().sum();
        let head_mean = self.head.iter().zip(&self.weights).map(|(p, w)| p * *w).sum::<Vector3<f64>>() / total;
        let seen_mean = self.seen.iter().zip(&self.weights).map(|(p, w)| p * *w).sum::<Vector2<f64>>() / total;
        let (mut normal, mut mixed) = (Matrix3::zeros(), Matrix2x3::zeros());
        for ((seen, head), weight) in self.seen.iter().zip(&self.head).zip(&self.weights) {
            let (seen, head) = (seen - seen_mean, head - head_mean);
            normal += head * head.transpose() * *weight;
            mixed += seen * head.transpose() * *weight;
        }
        let linear = mixed * normal.try_inverse()?;
        // The decomposition would not end on numbers that are none.
        linear.iter().all(|v| v.is_finite()).then_some(())?;
        let parts = linear.svd(true, true);
        let [wide, narrow] = [parts.singular_values[0], parts.singular_values[1]];
        if narrow <= FLAT * wide {
            return None;
        }
        let rows = parts.u? * parts.v_t?;
        let (right, up) = (rows.row(0).transpose(), rows.row(1).transpose());
        let rotation = Matrix3::from_rows(&[right.transpose(), up.transpose(), right.cross(&up).transpose()]);
        let scale = (wide + narrow) / 2.0;
        let shift = seen_mean - (rotation * head_mean).xy() * scale;
        Some(State { rotation, scale, shift })
    }

    /// Where a point of the head is seen, less the shift and over the scale, and the point itself, turned.
    fn seen_of(state: &State, head: &Vector3<f64>) -> (Vector2<f64>, Vector3<f64>) {
        let turned = state.rotation * head;
        (turned.xy() / (1.0 - turned.z / CAMERA), turned)
    }

    fn squares<'a>(&'a self, state: &'a State) -> impl Iterator<Item = f64> + 'a {
        let seen_of = |head: &Vector3<f64>| Self::seen_of(state, head).0 * state.scale + state.shift;
        self.seen.iter().zip(&self.head).map(move |(seen, head)| (seen - seen_of(head)).norm_squared())
    }

    fn cost(&self, state: &State) -> f64 {
        self.squares(state).zip(&self.weights).map(|(square, weight)| square * weight).sum()
    }

    fn residual(&self, state: &State) -> f64 {
        (self.squares(state).sum::<f64>() / self.seen.len() as f64).sqrt() / state.scale
    }

    /// A step of Gauss and Newton.
    fn step(&self, state: &State) -> Option<SVector<f64, UNKNOWNS>> {
        let mut normal = SMatrix::<f64, UNKNOWNS, UNKNOWNS>::zeros();
        let mut gradient = SVector::<f64, UNKNOWNS>::zeros();
        for ((seen, head), weight) in self.seen.iter().zip(&self.head).zip(&self.weights) {
            let (at, turned) = Self::seen_of(state, head);
            let missing = seen - (at * state.scale + state.shift);
            let depth = 1.0 - turned.z / CAMERA;
            // A small rotation w moves a point p by w x p: these are the columns of that for x, y and z.
            let moves = [
                Vector3::new(0.0, -turned.z, turned.y),
                Vector3::new(turned.z, 0.0, -turned.x),
                Vector3::new(-turned.y, turned.x, 0.0),
            ];
            for axis in 0..2 {
                let mut row = SVector::<f64, UNKNOWNS>::zeros();
                for (slope, by) in row.iter_mut().zip(&moves) {
                    *slope = state.scale * (by[axis] + at[axis] * by.z / CAMERA) / depth;
                }
                row[3] = state.scale * at[axis];
                row[4 + axis] = 1.0;
                normal += row * row.transpose() * *weight;
                gradient += row * (missing[axis] * *weight);
            }
        }
        Some(normal.cholesky()?.solve(&gradient))
    }
}

/// Landmarks with y up, their mean at the origin and their mean square distance from it 1, and the pixels of that unit.
/// None where they are not finite or lie on one point.
pub(super) fn normalised(landmarks: &Landmarks) -> Option<(Vec<Vector2<f64>>, f64)> {
    let points: Vec<_> = landmarks.iter().map(|&[x, y]| Vector2::new(f64::from(x), -f64::from(y))).collect();
    let count = points.len() as f64;
    let mean = points.iter().sum::<Vector2<f64>>() / count;
    let size = (points.iter().map(|point| (point - mean).norm_squared()).sum::<f64>() / count).sqrt();
    // Also false where a coordinate is not finite.
    (size > 1e-6 && size.is_finite()).then(|| (points.iter().map(|point| (point - mean) / size).collect(), size))
}
