//! Every face decoded from its code in both ways, and what PCA keeps of it, against its picture.

use super::{BATCH, Subject, Watch, tell};
use crate::evaluate::bootstrap::Draws;
use crate::evaluate::error::Halt;
use crate::evaluate::lent::Model;
use crate::evaluate::options::PartName;
use crate::evaluate::reconstruction::{COMPONENTS, Linear, PASSES, Reconstruction, Tally};
use crate::evaluate::report::{Better, Figure, Section, Unit};
use crate::face::FaceCode;

/// What a face that is decoded costs, over a picture that a fit asks for.
const DECODED: usize = 20;
const TOO_FEW: &str = "PCA was not measured for want of faces; give training shards (--head-data)";

pub(super) fn measure(subject: &Subject, model: &mut dyn Model, watch: Watch) -> Result<Section, Halt> {
    let faces = subject.faces;
    let mut section = Section::new(PartName::Reconstruction);
    let linear = linear(subject, watch, &mut section)?;
    let (mut through_phi, mut direct) = (Tally::default(), Tally::default());
    let mut by_pca: [Tally; COMPONENTS.len()] = Default::default();
    let fitted = PASSES * fitted(subject);
    let all: Vec<usize> = (0..faces.len()).collect();
    for numbers in all.chunks(BATCH) {
        tell(watch, fitted + DECODED * numbers[0], fitted + DECODED * faces.len())?;
        let pictures = faces.pictures(numbers);
        let codes: Vec<FaceCode> = numbers.iter().map(|&face| faces.code(face)).collect();
        let made = model.decode(&codes)?;
        pictures.iter().zip(&made).for_each(|(picture, made)| through_phi.add(picture, made));
        let made = model.decode_latent(&faces.z[numbers[0]..][..numbers.len()])?;
        pictures.iter().zip(&made).for_each(|(picture, made)| direct.add(picture, made));
        for (picture, made) in pictures.iter().zip(linear.iter().flat_map(|linear| linear.made(numbers[0], &pictures)))
        {
            by_pca.iter_mut().zip(&made).for_each(|(tally, made)| tally.add(picture, made));
        }
    }
    let people = faces.people();
    let draws = Draws::by_group(subject.options.seed, &people);
    // There are faces, so there are figures.
    section.figures.extend(through_phi.finish(draws).iter().flat_map(|it| figures("phi", "Through Phi", it)));
    if let Some(ratio) = through_phi.rmse_over(&by_pca[0], draws) {
        let name = format!("Pixel RMSE over that of PCA-{}", COMPONENTS[0]);
        let key = format!("reconstruction.phi.rmse_over_pca_{}", COMPONENTS[0]);
        section.figures.push(Figure::new(key, name, Unit::Ratio, Better::Lower, ratio).of("Through Phi"));
    }
    section.figures.extend(direct.finish(draws).iter().flat_map(|it| figures("direct", "Direct", it)));
    for (components, tally) in COMPONENTS.into_iter().zip(&by_pca) {
        let (key, group) = (format!("pca_{components}"), format!("PCA-{components}"));
        section.figures.extend(tally.finish(draws).iter().flat_map(|it| figures(&key, &group, it)));
    }
    section.notes.push(
        "Through Phi is decoded from the disentangled code, as an edit that changes nothing is; direct from the \
         encoder's own code. A code's three directions have unit length, so PCA with three components fewer has as \
         many free numbers"
            .to_owned(),
    );
    Ok(section)
}

/// Pictures that the fits are made of.
fn fitted(subject: &Subject) -> usize {
    match subject.training {
        Ok(Some(training)) => training.len(),
        Ok(None) => subject.faces.len(),
        Err(_) => 0,
    }
}

/// PCA of the training faces, or of each half of these faces for the other half; none where that cannot be had, which
/// the section then says.
fn linear(subject: &Subject, watch: Watch, section: &mut Section) -> Result<Option<Linear>, Halt> {
    let (faces, seed) = (subject.faces, subject.options.seed);
    let count = fitted(subject);
    let total = PASSES * count + DECODED * faces.len();
    let mut asked = 0;
    let mut told = |asked_now: usize| {
        asked += asked_now;
        tell(watch, asked.min(PASSES * count), total)
    };
    let linear = match subject.training {
        Err(why) => {
            section.notes.push(format!("PCA was not measured. {why}"));
            return Ok(None);
        }
        Ok(Some(training)) => Linear::of_others(count, seed, &mut |face| told(1).map(|()| training.picture(face)))?,
        Ok(None) => Linear::of_halves(&faces.people(), seed, &mut |face| told(1).map(|()| faces.picture(face)))?,
    };
    section.notes.push(match &linear {
        Some(linear) => format!("PCA comes from {}", linear.fitted_on()),
        None => TOO_FEW.to_owned(),
    });
    Ok(linear)
}

fn figures(key: &str, group: &str, measured: &Reconstruction) -> Vec<Figure> {
    let Reconstruction { rmse, rmse_authors, mae, sharpness } = measured;
    [
        ("rmse", "Pixel RMSE", Unit::Levels, Better::Lower, rmse),
        ("rmse_authors", "RMSE as the authors define it", Unit::Levels, Better::Lower, rmse_authors),
        ("mae", "Mean absolute error", Unit::Levels, Better::Lower, mae),
        ("sharpness", "Sharpness over the original's", Unit::Ratio, Better::NearOne, sharpness),
    ]
    .into_iter()
    .map(|(what, name, unit, better, value)| {
        Figure::new(format!("reconstruction.{key}.{what}"), name, unit, better, *value).of(group)
    })
    .collect()
}
