//! Faces of nobody beside real ones: how far apart the two crowds are, and how different the faces of either.

use image::RgbImage;

use super::{BATCH, Subject, Watch, tell};
use crate::evaluate::diversity::{self, Diversity};
use crate::evaluate::error::Halt;
use crate::evaluate::frechet;
use crate::evaluate::lent::Model;
use crate::evaluate::options::PartName;
use crate::evaluate::recognition::Descriptor;
use crate::evaluate::report::{Better, Figure, Section, Unit};
use crate::evaluate::spread::places;
use crate::nn::recogniser::DESCRIPTOR_DIM;
use crate::nn::samples::latents;

/// Codes are drawn from N(0, I).
const SPREAD: f32 = 1.0;
const ONE_PERSON: &str = "How much faces differ from each other was not measured, since it takes faces of several people; \
                          give more of them";

pub(super) fn measure(subject: &Subject, model: &mut dyn Model, watch: Watch) -> Result<Section, Halt> {
    let seed = subject.options.seed;
    let mut section = Section::new(PartName::Sampling);
    let people = subject.faces.people();
    let of_real = places(subject.faces.len(), subject.options.samples);
    let who: Vec<usize> = of_real.iter().map(|&face| people[face]).collect();
    // Samples are of nobody, so all of different people.
    let nobody: Vec<usize> = (0..of_real.len()).collect();
    let sampled = sample(subject, model, of_real.len(), watch)?;

    let shown = places(of_real.len(), diversity::PICTURES);
    let real: Vec<usize> = shown.iter().map(|&place| of_real[place]).collect();
    let real_pairs = diversity::pairs(&shown.iter().map(|&place| who[place]).collect::<Vec<_>>(), seed);
    let made_pairs = diversity::pairs(&nobody[..sampled.pictures.len()], seed);
    let compared = diversity::compare(
        &diversity::pixels(&sampled.pictures, &made_pairs),
        &diversity::pixels(&subject.faces.pictures(&real), &real_pairs),
        seed,
    );
    section.figures.extend(compared.iter().flat_map(|it| diverse("pixels", "Difference in pixels", Unit::Levels, it)));
    if compared.is_none() {
        section.notes.push(ONE_PERSON.to_owned());
    }

    match subject.recogniser {
        Ok(recogniser) => {
            let n = of_real.len();
            let all = subject.faces.descriptors(recogniser, &mut |done, of| watch(n + done, n + of))?;
            let real: Vec<Descriptor> = of_real.iter().map(|&face| all[face]).collect();
            let compared = diversity::compare(
                &diversity::descriptors(&sampled.descriptors, &diversity::pairs(&nobody, seed)),
                &diversity::descriptors(&real, &diversity::pairs(&who, seed)),
                seed,
            );
            let group = "Difference of the recogniser's descriptors";
            section.figures.extend(compared.iter().flat_map(|it| diverse("descriptors", group, Unit::Distance, it)));
            apart(&real, &sampled.descriptors, seed, &mut section);
        }
        Err(why) => section.notes.push(format!("The Frechet distance was not measured. {why}")),
    }
    if section.is_empty() {
        return Err(Halt::Unmeasured(
            "Sampling was not measured, since it takes faces of several people; give more of them".to_owned(),
        ));
    }
    section.notes.push(
        "Faces of nobody are what the generator makes of codes drawn from a normal distribution; none is left out"
            .to_owned(),
    );
    Ok(section)
}

/// Faces of nobody.
#[derive(Default)]
struct Sampled {
    /// Of the first ones.
    pictures: Vec<RgbImage>,
    /// Of all, where there is a recogniser.
    descriptors: Vec<Descriptor>,
}

fn sample(subject: &Subject, model: &mut dyn Model, count: usize, watch: Watch) -> Result<Sampled, Halt> {
    let recogniser = subject.recogniser.ok();
    // Without a recogniser only pictures are compared.
    let count = if recogniser.is_some() { count } else { count.min(diversity::PICTURES) };
    let of = if recogniser.is_some() { count + subject.faces.len() } else { count };
    let mut sampled = Sampled::default();
    let mut done = 0;
    for codes in latents(subject.options.seed, count, SPREAD).chunks(BATCH) {
        tell(watch, done, of)?;
        let mut pictures = model.decode_latent(codes)?;
        done += pictures.len();
        if let Some(recogniser) = recogniser {
            sampled.descriptors.extend(recogniser.describe(&pictures.iter().collect::<Vec<_>>())?);
        }
        pictures.truncate(diversity::PICTURES - sampled.pictures.len());
        sampled.pictures.extend(pictures);
    }
    Ok(sampled)
}

/// The Frechet distance, and what it is to be judged by.
fn apart(real: &[Descriptor], made: &[Descriptor], seed: u64, section: &mut Section) {
    let Some(measured) = frechet::compare(real, made, seed) else {
        section.notes.push(format!(
            "The Frechet distance was not measured, since it takes {} faces and there are {}; give more of them",
            frechet::needed(DESCRIPTOR_DIM),
            real.len()
        ));
        return;
    };
    let group = "Frechet distance in the recogniser's features";
    let figure = |key: &str, name: &str, better, value| {
        Figure::new(format!("sampling.{key}"), name, Unit::Distance, better, value).of(group)
    };
    section.figures.push(figure("frechet", "Samples from real faces", Better::Lower, measured.distance));
    let halves = measured.between_halves;
    section.figures.extend(
        halves.map(|value| figure("frechet_real", "Half of the real faces from the others", Better::Neither, value)),
    );
    if halves.is_none() {
        section.notes.push(format!(
            "What is to be expected of real faces, the Frechet distance of one half of them from the other, was not \
             measured, since each half takes {} faces; give more of them",
            frechet::needed(DESCRIPTOR_DIM)
        ));
    }
    section.notes.push(
        "A Frechet distance is to be compared with those of the same recogniser and as many faces alone: it falls as \
         their number rises"
            .to_owned(),
    );
}

fn diverse(key: &str, group: &str, unit: Unit, measured: &Diversity) -> Vec<Figure> {
    let Diversity { made, real, ratio } = measured;
    [
        ("", "Between samples", unit, Better::Neither, made),
        ("_real", "Between real faces", unit, Better::Neither, real),
        ("_ratio", "The former over the latter", Unit::Ratio, Better::NearOne, ratio),
    ]
    .into_iter()
    .map(|(what, name, unit, better, value)| {
        Figure::new(format!("sampling.diversity_{key}{what}"), name, unit, better, *value).of(group)
    })
    .collect()
}
