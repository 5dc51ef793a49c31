//! Whether somebody else's recogniser takes two pictures for the same person: an input and its reconstruction, an input
//! and its edit. Biased where that recogniser also taught the model ([`BIASED`]).

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Draws, Measured, quantile};
use super::verification::euclidean;
use crate::face::edit::{AngleEdit, Edit};
use crate::face::transfer::transfer;
use crate::face::{Expression, FaceCode, FaceSpace, Part};
use crate::nn::recogniser::{DESCRIPTOR_DIM, SAME_PERSON};

/// Who is in a picture, as the recogniser's `describe` gives it.
pub type Descriptor = [f32; DESCRIPTOR_DIM];

/// What is to be said beside every figure here.
pub const BIASED: &str = "If this recogniser also taught the weights, it flatters them; measure with another one, too";

/// How far a head is turned, in degrees.
const TURN_DEG: f32 = 20.0;

/// How much of the person is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Share of the pairs of pictures whose descriptors are nearer than 0.6.
    pub same_person: Measured,
    /// Median distance of the descriptors.
    pub distance: Measured,
}

/// Distances of descriptors from as many others, one by one.
pub fn between(a: &[Descriptor], b: &[Descriptor]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| euclidean(a, b)).collect()
}

/// What distances say; none of no distances.
pub fn kept<'a>(distances: &[f32], draws: impl Into<Draws<'a>>) -> Option<Kept> {
    let draws = draws.into();
    let same: Vec<f64> = distances.iter().map(|&distance| f64::from(u8::from(distance < SAME_PERSON))).collect();
    let mut order: Vec<usize> = (0..distances.len()).collect();
    order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    let median = |counts: &[u32]| {
        let drawn = order.iter().flat_map(|&i| (0..counts[i]).map(move |_| i));
        let sorted: Vec<f64> = drawn.map(|i| f64::from(distances[i])).collect();
        (!sorted.is_empty()).then(|| quantile(&sorted, 0.5))
    };
    Some(Kept {
        same_person: bootstrap::mean(&same, draws)?,
        distance: bootstrap::measure(distances.len(), draws, median)?,
    })
}

/// An edit that should leave the person alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The head turned by 20 degrees, the nose to the image's left.
    YawLeft,
    YawRight,
    /// The mean happy expression of the training faces.
    Happy,
    /// The style of another face.
    Style,
}

impl Change {
    pub const ALL: [Change; 4] = [Change::YawLeft, Change::YawRight, Change::Happy, Change::Style];

    /// As keys of figures have it.
    pub fn key(self) -> &'static str {
        match self {
            Change::YawLeft => "yaw_left",
            Change::YawRight => "yaw_right",
            Change::Happy => "happy",
            Change::Style => "style",
        }
    }

    /// As people see it.
    pub fn name(self) -> &'static str {
        match self {
            Change::YawLeft => "Turned 20° to the left",
            Change::YawRight => "Turned 20° to the right",
            Change::Happy => "Made happy",
            Change::Style => "Style of another face",
        }
    }

    /// The edited face; `other` gives its style. None where the edit cannot be made: the weights know no happy faces,
    /// or the head would be turned by more than 90 degrees.
    pub fn apply(self, own: &FaceCode, other: &FaceCode, space: &FaceSpace) -> Option<FaceCode> {
        let mut edit = Edit::default();
        match self {
            Change::YawLeft => edit.pose.yaw = Some(AngleEdit::Add(-TURN_DEG)),
            Change::YawRight => edit.pose.yaw = Some(AngleEdit::Add(TURN_DEG)),
            Change::Happy => edit.expression.classes = [(Expression::Happy, 1.0)].into(),
            Change::Style => return Some(transfer(other, own, &[Part::Style], 1.0)),
        }
        edit.apply(own, space).ok()
    }
}
