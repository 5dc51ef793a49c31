//! Wrong labels, found among faces whose truth the tests plant.

mod build;
mod confusion;
pub mod desk;
mod mood;
mod names;
mod neighbours;
mod noise;
mod readings;
mod scores;
mod shortcuts;
mod store;
mod tables;
mod verdicts;

use facespace::audit::readings::Labelled;
use facespace::face::{Expression, Part};
use facespace::gallery::Codes;

use crate::evaluate::{Noise, plant};

/// Faces drawn around the middle of their class in `f_e`; nothing else of the code knows the class.
pub struct Drawn {
    pub codes: Codes,
    pub places: Vec<usize>,
    pub given: Vec<Expression>,
    /// Two pictures of each person, one after the other.
    pub groups: Vec<usize>,
}

impl Drawn {
    /// `blur` 0.3 leaves the classes apart, 0.6 lets one face in seven look like another class.
    pub fn faces(given: Vec<Expression>, blur: f32, seed: u64) -> Self {
        let mut noise = Noise::new(seed);
        let mut codes = Codes::with_capacity(given.len());
        for (key, class) in given.iter().enumerate() {
            let mut code = noise.code(0.6);
            code[Part::Expression.range()].iter_mut().for_each(|number| *number *= blur / 0.6);
            plant(&mut code, Part::Expression, class.index(), 1.0);
            assert!(codes.push(key as i64, &code));
        }
        let places = (0..given.len()).collect();
        let groups = (0..given.len()).map(|face| face / 2).collect();
        Drawn { codes, places, given, groups }
    }

    /// Of all eight classes, in turns.
    pub fn of_all(count: usize, blur: f32, seed: u64) -> Self {
        Self::faces((0..count).map(|face| Expression::ALL[face % 8]).collect(), blur, seed)
    }

    pub fn labelled(&self) -> Labelled<'_> {
        Labelled { codes: &self.codes, places: &self.places, given: &self.given, groups: &self.groups }
    }
}

/// Whoever never stops anything.
pub fn go_on(_: f32) -> bool {
    true
}
