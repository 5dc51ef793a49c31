//! What is searched for: faces, each with a weight, and a weight for each part of the code.

use super::codes::{Codes, cosine, pose_likeness};
use crate::face::{Direction, FaceCode, PART_DIM, Part, UnitPart};

/// Faces to compare a collection with.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Faces and how much each counts, 0 or more.
    pub faces: Vec<(FaceCode, f32)>,
    /// How much pose, identity, expression and style count, each -1 to 1: 0 not at all, below 0 the less alike the
    /// better.
    pub weights: [f32; 4],
}

/// Why a query finds nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QueryError {
    #[error("There is no face to search with; give one")]
    NoFace,
    #[error("All faces to search with have the weight 0; give one of them more")]
    NoFaceCounts,
    #[error("A face to search with cannot have the weight {0}; give it a number of 0 or more")]
    FaceWeight(f32),
    #[error("All parts have the weight 0, so that nothing is compared; give one of them another")]
    NoPartCounts,
    #[error("The weight of {part} cannot be {weight}; give it a number from -1 to 1")]
    PartWeight { part: Part, weight: f32 },
    #[error("The faces to search with cancel out in {0}; change their weights or give {0} the weight 0")]
    CancelsOut(Part),
}

impl Query {
    /// One face, with the parts' weights.
    pub fn of(face: &FaceCode, weights: [f32; 4]) -> Self {
        Query { faces: vec![(*face, 1.0)], weights }
    }

    /// What codes are compared with: of several faces their weighted mean, in unit parts its direction.
    ///
    /// # Errors
    /// No face, weights out of their ranges, nothing but zeros, and faces that cancel out in a part that counts.
    pub fn target(&self) -> Result<Target, QueryError> {
        let shares = self.shares()?;
        let total = self.total()?;
        let pose = std::array::from_fn(|i| {
            self.faces.iter().map(|(face, weight)| face.pose.to_array_deg()[i] * weight).sum::<f32>() / total
        });
        let mut target = Target { pose: pose.map(f32::to_radians), units: [[0.0; PART_DIM]; 3], shares };
        for unit in UnitPart::ALL {
            let sum = std::array::from_fn(|i| {
                self.faces.iter().map(|(face, weight)| face.unit(unit).as_array()[i] * (weight / total)).sum::<f32>()
            });
            match Direction::new(sum) {
                Some(direction) => target.units[unit as usize] = *direction.as_array(),
                None if shares[place_of(unit)] != 0.0 => return Err(QueryError::CancelsOut(unit.part())),
                // Nothing is like it, and nothing unlike.
                None => {}
            }
        }
        Ok(target)
    }

    /// The sum of the faces' weights.
    fn total(&self) -> Result<f32, QueryError> {
        if self.faces.is_empty() {
            return Err(QueryError::NoFace);
        }
        if let Some(&(_, weight)) = self.faces.iter().find(|(_, weight)| !weight.is_finite() || *weight < 0.0) {
            return Err(QueryError::FaceWeight(weight));
        }
        let total: f32 = self.faces.iter().map(|(_, weight)| weight).sum();
        if total > 0.0 { Ok(total) } else { Err(QueryError::NoFaceCounts) }
    }

    /// Each part's weight over the sum of all sizes.
    fn shares(&self) -> Result<[f32; 4], QueryError> {
        for (part, weight) in Part::ALL.into_iter().zip(self.weights) {
            // Not a number is in no range.
            if !(-1.0..=1.0).contains(&weight) {
                return Err(QueryError::PartWeight { part, weight });
            }
        }
        let total: f32 = self.weights.iter().map(|weight| weight.abs()).sum();
        if total > 0.0 { Ok(self.weights.map(|weight| weight / total)) } else { Err(QueryError::NoPartCounts) }
    }
}

/// A query made ready: one face, and what each part counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Radians.
    pub(super) pose: [f32; 3],
    /// Unit vectors; all zeros where faces cancel out and the part counts nothing.
    pub(super) units: [[f32; PART_DIM]; 3],
    /// Of the parts in the order of [`Part::ALL`]; their sizes add up to 1.
    pub(super) shares: [f32; 4],
}

impl Target {
    /// How alike the face at `place` is in pose, identity, expression and style: cosines, for pose
    /// [`pose_likeness`]. All four, whatever they count.
    pub fn parts_of(&self, codes: &Codes, place: usize) -> [f32; 4] {
        let [identity, expression, style] =
            UnitPart::ALL.map(|unit| cosine(&codes.unit(unit)[place], &self.units[unit as usize]));
        [pose_likeness(&codes.pose()[place], &self.pose), identity, expression, style]
    }

    /// The score of a face that is so alike: the parts' likenesses, weighed, over the sum of the weights' sizes.
    pub fn score(&self, parts: [f32; 4]) -> f32 {
        self.shares.iter().zip(parts).map(|(share, likeness)| share * likeness).sum()
    }

    /// What a unit part counts, -1 to 1.
    pub(super) fn share(&self, unit: UnitPart) -> f32 {
        self.shares[place_of(unit)]
    }
}

/// Where a unit part stands among all parts.
fn place_of(unit: UnitPart) -> usize {
    // Pose comes before them.
    1 + unit as usize
}
