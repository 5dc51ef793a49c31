//! The head's angles as the code has them against known ones.

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Draws, Measured};
use crate::face::Pose;
use crate::nn::Code;

/// Mean absolute error of one angle, in degrees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AngleError {
    pub angle: String,
    pub error_deg: Measured,
}

/// The errors of yaw, pitch and roll of codes `f` against true angles in degrees; none of no codes.
pub fn errors<'a>(codes: &[Code], truth_deg: &[[f32; 3]], draws: impl Into<Draws<'a>>) -> Option<Vec<AngleError>> {
    let draws = draws.into();
    let one = |(place, name): (usize, &str)| {
        let error = |(f, truth): (&Code, &[f32; 3])| between_deg(f[place].to_degrees(), truth[place]);
        let errors: Vec<f64> = codes.iter().zip(truth_deg).map(error).collect();
        Some(AngleError { angle: name.to_owned(), error_deg: bootstrap::mean(&errors, draws)? })
    };
    Pose::NAMES.into_iter().enumerate().map(one).collect()
}

/// The smaller way round between two angles.
pub(super) fn between_deg(a: f32, b: f32) -> f64 {
    let turned = f64::from(a - b).rem_euclid(360.0);
    turned.min(360.0 - turned)
}
