//! The mean head in space, from many faces whose landmarks and pose are labelled: the one whose turned, scaled and
//! shifted pictures come nearest to all of them. Numbers only.

use nalgebra::{Matrix2x3, Matrix3, Vector2, Vector3};

use super::pose::{normalised, rotation};
use crate::face::Landmarks;
use crate::face::landmarks::{MIRROR_OF, OUTER_CORNERS};
use crate::nn::finder::MeanFace;

/// Faces kept at most, 25 MB; more add nothing to a mean.
const MOST_FACES: usize = 20_000;
/// Rounds of the alternation; the shape stands still after ten.
const ROUNDS: usize = 20;
/// Depth shows only in heads that look in different ways. Below this share of what width shows there is none.
const LEAST_DEPTH: f64 = 1e-3;

/// Gathers labelled faces and solves for the mean one.
#[derive(Debug, Default)]
pub struct Builder {
    faces: Vec<Labelled>,
    offered: usize,
    /// Of the faces offered, those whose number this power of two divides are kept.
    halvings: u32,
}

#[derive(Debug)]
struct Labelled {
    /// As [`normalised`].
    seen: Vec<Vector2<f64>>,
    /// Onto the picture's two axes.
    view: Matrix2x3<f64>,
}

impl Builder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a face: landmarks in pixels of a picture, and yaw, pitch and roll of the head in that picture, in degrees.
    /// What is not finite or has no size is left out. Past 20,000 faces every second one is dropped, so that all
    /// sources keep their share.
    pub fn add(&mut self, landmarks: &Landmarks, pose_deg: [f32; 3]) {
        let Some((seen, _)) = normalised(landmarks).filter(|_| pose_deg.iter().all(|angle| angle.is_finite())) else {
            return;
        };
        if self.faces.len() == MOST_FACES {
            let mut number = 0;
            self.faces.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.halvings += 1;
        }
        if self.offered.is_multiple_of(1 << self.halvings) {
            self.faces.push(Labelled { seen, view: rotation(pose_deg).fixed_rows::<2>(0).into_owned() });
        }
        self.offered += 1;
    }

    /// Faces kept.
    pub fn count(&self) -> usize {
        self.faces.len()
    }

    /// The mean head; every face counts in its mirror image, too, which makes it symmetric. None where there are no
    /// faces, or all of them look the same way.
    pub fn solve(&self) -> Option<MeanFace> {
        let mut scales = vec![1.0; self.faces.len()];
        let mut head = self.shape(&scales)?;
        for _ in 1..ROUNDS {
            for (scale, face) in scales.iter_mut().zip(&self.faces) {
                *scale = face.scale(&head);
            }
            head = self.shape(&scales)?;
        }
        let [left, right] = OUTER_CORNERS.map(|i| head[i]);
        let unit = (right - left).norm();
        // Every list here has an entry a landmark.
        (unit.is_finite() && unit > 0.0).then(|| std::array::from_fn(|i| (head[i] / unit).map(|v| v as f32).into()))
    }

    /// The head that fits best where each face's size is known: least squares with one matrix for all points.
    fn shape(&self, scales: &[f64]) -> Option<Vec<Vector3<f64>>> {
        let mut normal = Matrix3::zeros();
        let mut mixed = vec![Vector3::zeros(); MIRROR_OF.len()];
        for (face, &scale) in self.faces.iter().zip(scales) {
            let view = face.view * scale;
            let back = view.transpose();
            normal += back * view;
            for (sum, seen) in mixed.iter_mut().zip(&face.seen) {
                *sum += back * seen;
            }
        }
        // A mirrored face sees the mirrored head from the mirrored side: both sums get their own mirror image.
        let mirror = Matrix3::from_diagonal(&Vector3::new(-1.0, 1.0, 1.0));
        let normal = normal + mirror * normal * mirror;
        let mixed: Vec<_> = (0..mixed.len()).map(|i| mixed[i] + mirror * mixed[MIRROR_OF[i]]).collect();
        let spread = finite(normal)?.symmetric_eigenvalues();
        if spread.min() <= LEAST_DEPTH * spread.max() {
            return None;
        }
        let solver = normal.cholesky()?;
        let head: Vec<_> = mixed.iter().map(|sum| solver.solve(sum)).collect();
        let mean = head.iter().sum::<Vector3<f64>>() / head.len() as f64;
        Some(head.into_iter().map(|point| point - mean).collect())
    }
}

impl Labelled {
    /// The size at which the head's picture comes nearest to this face.
    fn scale(&self, head: &[Vector3<f64>]) -> f64 {
        let (mut along, mut own) = (0.0, 0.0);
        for (seen, point) in self.seen.iter().zip(head) {
            let drawn = self.view * point;
            along += drawn.dot(seen);
            own += drawn.norm_squared();
        }
        along / own
    }
}

/// The decomposition would not end on numbers that are none.
fn finite(matrix: Matrix3<f64>) -> Option<Matrix3<f64>> {
    matrix.iter().all(|v| v.is_finite()).then_some(matrix)
}
