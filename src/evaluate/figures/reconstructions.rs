//! Fig. 3: faces beside what is kept of them in 99 numbers, by the model on both of its ways back and by PCA.

use std::collections::HashSet;

use image::RgbImage;

use super::{Drawing, FigureError, Material, choose, rows};
use crate::data::image::{Origin, tile};
use crate::evaluate::error::Stopped;
use crate::evaluate::parts::Watch;
use crate::evaluate::reconstruction::{Linear, PASSES};
use crate::face::{CODE_DIM, FaceCode};
use crate::nn::{Code, quality};

const FIGURE: &str = "Fig. 3";
/// Faces in a row.
const SHOWN: usize = 8;
/// PCA is fitted on so many faces at most: its picture hardly changes with more.
const PCA_FACES: usize = 1000;

/// A row for the faces and one for each way back, the difference to the face below each picture.
///
/// # Errors
/// Fewer than eight faces, what the networks say, and [`FigureError::Stopped`].
pub fn draw(material: &mut Material, watch: Watch) -> Result<Vec<Drawing>, FigureError> {
    let shown = material.people(FIGURE, SHOWN)?;
    let inputs = material.faces.pictures(&shown);
    let mut lines = vec![("input", inputs.iter().map(|input| tile(input, &[""], None)).collect())];
    let beside = |made: &[RgbImage]| -> Vec<RgbImage> {
        let one =
            |(input, made): (&RgbImage, &RgbImage)| tile(made, &[&format!("{:.1}", quality::rmse(input, made))], None);
        inputs.iter().zip(made).map(one).collect()
    };
    let mut ways = String::new();
    if material.model.card().can_edit {
        let codes: Vec<FaceCode> = shown.iter().map(|&face| material.faces.code(face)).collect();
        lines.push(("through Phi", beside(&material.model.decode(&codes)?)));
        ways += "through Phi and back, as an edit that changes nothing is decoded; ";
    }
    let z: Vec<Code> = shown.iter().map(|&face| material.faces.z[face]).collect();
    lines.push(("direct", beside(&material.model.decode_latent(&z)?)));
    ways += "directly from the encoder's code";
    match by_pca(material, &shown, &inputs, watch)? {
        Some((made, fitted_on)) => {
            lines.push(("PCA-99", beside(&made)));
            ways += &format!("; and by PCA with {CODE_DIM} components of {fitted_on}");
        }
        None => ways += &format!(". PCA is not shown, since it takes more than {CODE_DIM} other faces"),
    }
    Ok(vec![Drawing {
        file: "fig-3-reconstructions".to_owned(),
        title: "Fig. 3: faces and what is kept of them".to_owned(),
        caption: format!(
            "Faces of {} as they are, and made again from {CODE_DIM} numbers: {ways}. The number below a picture is \
             its difference to the face above, the root of the mean square over all pixels (0 to 255).",
            material.set
        ),
        picture: rows(lines),
        origin: Some(Origin::Composite),
    }])
}

/// What PCA makes of the inputs, and what it was fitted on: the training faces, or those of other people than are
/// shown. None where they are too few.
fn by_pca(
    material: &Material,
    shown: &[usize],
    inputs: &[RgbImage],
    watch: Watch,
) -> Result<Option<(Vec<RgbImage>, String)>, Stopped> {
    let (faces, others, whose) = match material.training {
        Some(training) => (training, (0..training.len()).collect::<Vec<_>>(), "training faces"),
        None => {
            let people = material.faces.people();
            let known: HashSet<usize> = shown.iter().map(|&face| people[face]).collect();
            let others = (0..people.len()).filter(|&face| !known.contains(&people[face])).collect();
            (material.faces, others, "other people's faces in the set")
        }
    };
    let order = choose::drawn(others.len(), material.seed, "the faces of PCA");
    let fitted: Vec<usize> = order.into_iter().take(PCA_FACES).map(|place| others[place]).collect();
    let (mut asked, total) = (0, PASSES * fitted.len());
    let mut picture = |place: usize| {
        asked += 1;
        if watch(asked.min(total), total) { Ok(faces.picture(fitted[place])) } else { Err(Stopped) }
    };
    let linear = Linear::of_others(fitted.len(), material.seed, &mut picture)?;
    Ok(linear.map(|linear| {
        // One fit serves all, whatever their places.
        let made = linear.made(0, inputs).into_iter().map(|[as_many, _]| as_many).collect();
        (made, format!("{} {whose}", fitted.len()))
    }))
}
