//! Neutral and happy pictures of one person, each with the expression of the other: the exchanges that
//! [`transfer`] measures, to look at.

use std::collections::HashSet;

use image::RgbImage;

use super::{Drawing, FigureError, Material, choose, rows};
use crate::data::image::Origin;
use crate::evaluate::faces::Faces;
use crate::evaluate::parts::Watch;
use crate::evaluate::transfer;
use crate::face::{Expression, FaceCode};

const FIGURE: &str = "The swap of neutral and happy";
/// People, one a column.
const SHOWN: usize = 8;

/// Up to eight people, four pictures each: the neutral one, the happy one made neutral, the happy one, the neutral one
/// made happy.
///
/// # Errors
/// Weights without parts, no person with both pictures, and what the networks say.
pub fn draw(material: &mut Material, _: Watch) -> Result<Vec<Drawing>, FigureError> {
    material.require_parts(FIGURE)?;
    let pairs = pairs(material.faces);
    if pairs.is_empty() {
        return Err(FigureError::NoPerson(FIGURE));
    }
    let order = choose::drawn(pairs.len(), material.seed, FIGURE);
    let shown: Vec<[usize; 2]> = order.into_iter().take(SHOWN).map(|place| pairs[place]).collect();
    let both = shown.iter().flat_map(|pair| {
        let [neutral, happy] = pair.map(|face| material.faces.code(face));
        [transfer::exchanged(&neutral, &happy), transfer::exchanged(&happy, &neutral)]
    });
    let swapped: Vec<FaceCode> = both.collect();
    let made = material.model.decode(&swapped)?;
    let real = |side: usize| -> Vec<RgbImage> {
        material.faces.pictures(&shown.iter().map(|pair| pair[side]).collect::<Vec<_>>())
    };
    let made = |side: usize| -> Vec<RgbImage> { made.iter().skip(side).step_by(2).cloned().collect() };
    Ok(vec![Drawing {
        file: "swap-neutral-happy".to_owned(),
        title: "Neutral and happy swapped within a person".to_owned(),
        caption: format!(
            "People of {} who have a neutral and a happy picture ({} of {} who have), one a column, and what is made \
             of each picture with the expression of the other. It stands below the picture that shows what it should \
             come to, but for pose, light and hair, which stay those of the picture it is made of.",
            material.set,
            shown.len(),
            pairs.len()
        ),
        picture: rows(vec![
            ("neutral", real(0)),
            ("happy, made neutral", made(1)),
            ("happy", real(1)),
            ("neutral, made happy", made(0)),
        ]),
        origin: Some(Origin::Composite),
    }])
}

/// A neutral and a happy picture of each person who has both, in the order in which the exchanges are measured.
fn pairs(faces: &Faces) -> Vec<[usize; 2]> {
    let people = faces.people();
    let expressions: Vec<Option<Expression>> = (0..faces.len()).map(|face| faces.expression(face)).collect();
    let mut known = HashSet::new();
    let exchanges = transfer::pairs(&people, &expressions).into_iter();
    let of_neutral = exchanges.filter(|exchange| expressions[exchange.face] == Some(Expression::Neutral));
    of_neutral
        .filter(|exchange| known.insert(people[exchange.face]))
        .map(|exchange| [exchange.face, exchange.from])
        .collect()
}
