//! Fig. 3: faces of nobody, made of codes that are drawn at random.

use super::{Drawing, FigureError, Material};
use crate::data::image::{Origin, sheet};
use crate::evaluate::parts::Watch;
use crate::nn::samples::latents;

const SHOWN: usize = 24;
const IN_ROW: usize = 8;

/// A sheet of sampled faces.
///
/// # Errors
/// What the networks say.
pub fn draw(material: &mut Material, _: Watch) -> Result<Vec<Drawing>, FigureError> {
    let pictures = material.model.decode_latent(&latents(material.seed, SHOWN, 1.0))?;
    Ok(vec![Drawing {
        file: "fig-3-samples".to_owned(),
        title: "Fig. 3: faces of nobody".to_owned(),
        caption: format!(
            "The first {SHOWN} faces that the generator makes of codes drawn from a normal distribution; none was left \
             out."
        ),
        picture: sheet(&pictures, IN_ROW),
        origin: Some(Origin::Generated),
    }])
}
