//! Neutral and happy swapped within a person (the paper's transfer of expressions, where there is a truth to compare
//! with): a face gets the `f_e` of another picture of the same person, and the result should look like that picture. It
//! never does in full, since pose and light differ, too; so the face without the change stands beside it.

use std::collections::BTreeMap;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Draws, Measured};
use crate::face::transfer::transfer;
use crate::face::{Expression, FaceCode, Part};
use crate::nn::quality;

/// Two faces of one person by their numbers; the first takes the expression of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub face: usize,
    pub from: usize,
}

/// What the exchanges come to; `n` is their number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// The angle between the expression that is seen in the picture and the other picture's, in degrees.
    pub expression_deg: Measured,
    /// That of the face before.
    pub expression_before_deg: Measured,
    /// Pixel RMSE to the person's other picture.
    pub rmse: Measured,
    /// That of the face decoded without the change.
    pub rmse_before: Measured,
}

/// What is known of one exchange.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The face's code, that of the person's other picture, and that of what was made of both.
    pub own: &'a FaceCode,
    pub from: &'a FaceCode,
    pub again: &'a FaceCode,
    /// What was made, what is made without the change, and the person's other picture.
    pub made: &'a RgbImage,
    pub unchanged: &'a RgbImage,
    pub target: &'a RgbImage,
}

/// The first neutral face of each person with the first happy one, the second with the second and so on, both ways.
/// `people` has a number for each face, equal for faces of one person.
pub fn pairs(people: &[usize], expressions: &[Option<Expression>]) -> Vec<Exchange> {
    let mut by_person: BTreeMap<usize, [Vec<usize>; 2]> = BTreeMap::new();
    for (face, (&person, expression)) in people.iter().zip(expressions).enumerate() {
        let [neutral, happy] = by_person.entry(person).or_default();
        match expression {
            Some(Expression::Neutral) => neutral.push(face),
            Some(Expression::Happy) => happy.push(face),
            _ => {}
        }
    }
    let both = by_person.values().flat_map(|[neutral, happy]| neutral.iter().zip(happy));
    both.flat_map(|(&a, &b)| [Exchange { face: a, from: b }, Exchange { face: b, from: a }]).collect()
}

/// The face with the other one's expression.
pub fn exchanged(own: &FaceCode, from: &FaceCode) -> FaceCode {
    transfer(from, own, &[Part::Expression], 1.0)
}

/// Exchanges, added up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    people: Vec<usize>,
    expression: Vec<f64>,
    expression_before: Vec<f64>,
    squared: Vec<f64>,
    squared_before: Vec<f64>,
}

impl Tally {
    /// Adds an exchange within a person.
    ///
    /// # Panics
    /// Where the pictures differ in size.
    pub fn add(&mut self, person: usize, seen: Seen) {
        let angle = |face: &FaceCode| f64::from(face.expression.angle_deg(&seen.from.expression));
        self.people.push(person);
        self.expression.push(angle(seen.again));
        self.expression_before.push(angle(seen.own));
        self.squared.push(quality::rmse(seen.target, seen.made).powi(2));
        self.squared_before.push(quality::rmse(seen.target, seen.unchanged).powi(2));
    }

    /// What they come to; none of no exchanges.
    pub fn finish(&self, seed: u64) -> Option<Transfer> {
        let draws = Draws::by_group(seed, &self.people);
        let root = |squared: &[f64]| {
            let mean = |counts: &[u32]| bootstrap::weighted_mean(squared, counts).map(f64::sqrt);
            bootstrap::measure(squared.len(), draws, mean)
        };
        Some(Transfer {
            expression_deg: bootstrap::mean(&self.expression, draws)?,
            expression_before_deg: bootstrap::mean(&self.expression_before, draws)?,
            rmse: root(&self.squared)?,
            rmse_before: root(&self.squared_before)?,
        })
    }
}
