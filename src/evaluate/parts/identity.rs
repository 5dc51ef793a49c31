//! Whether the recogniser still sees the same person: after a face was reconstructed, edited, or given the expression
//! of another picture of that person.

use image::RgbImage;

use super::cycle::exchanges;
use super::{BATCH, MOST_EDITED, NO_PARTS, Subject, Watch, of_some, tell};
use crate::evaluate::bootstrap::Draws;
use crate::evaluate::cycle::partners;
use crate::evaluate::error::Halt;
use crate::evaluate::lent::Model;
use crate::evaluate::options::PartName;
use crate::evaluate::recognition::{self, BIASED, Change, Descriptor};
use crate::evaluate::report::{Better, Figure, Section, Unit};
use crate::evaluate::spread::places;
use crate::evaluate::transfer;
use crate::face::FaceCode;
use crate::nn::recogniser::{Recogniser, SAME_PERSON};

pub(super) fn measure(subject: &Subject, model: &mut dyn Model, watch: Watch) -> Result<Section, Halt> {
    let recogniser = subject.recogniser.map_err(|why| Halt::Unmeasured(why.to_owned()))?;
    let faces = subject.faces;
    let (tries, notes) = tries(subject, model);
    // Descriptors alone are half of the work of pictures that are decoded, too.
    let mut done = faces.len() / 2;
    let total = done + tries.iter().map(|one| one.asked.len()).sum::<usize>();
    let inputs = faces.descriptors(recogniser, &mut |described, _| watch(described / 2, total))?;
    let mut section = Section::new(PartName::Identity);
    let people = faces.people();
    for one in &tries {
        let mut made = Vec::with_capacity(one.asked.len());
        for asked in one.asked.chunks(BATCH) {
            tell(watch, done, total)?;
            done += asked.len();
            made.extend(described(recogniser, &model.decode(asked)?)?);
        }
        let before: Vec<Descriptor> = one.faces.iter().map(|&face| inputs[face]).collect();
        let who: Vec<usize> = one.faces.iter().map(|&face| people[face]).collect();
        let draws = Draws::by_group(subject.options.seed, &who);
        if let Some(kept) = recognition::kept(&recognition::between(&before, &made), draws) {
            let figure = |what: &str, name: &str, unit, better, value| {
                Figure::new(format!("identity.{}.{what}", one.key), name, unit, better, value).of(one.name)
            };
            section.figures.push(figure("same_person", "Same person", Unit::Share, Better::Higher, kept.same_person));
            let name = "Distance of the descriptors, median";
            section.figures.push(figure("distance", name, Unit::Distance, Better::Lower, kept.distance));
        }
    }
    section.notes.push(format!("The same person are descriptors nearer than {SAME_PERSON}"));
    section.notes.push(BIASED.to_owned());
    section.notes.extend(notes);
    Ok(section)
}

fn described(recogniser: &Recogniser, pictures: &[RgbImage]) -> Result<Vec<Descriptor>, Halt> {
    Ok(recogniser.describe(&pictures.iter().collect::<Vec<_>>())?)
}

/// Faces, and what is decoded in their place.
struct Try {
    key: &'static str,
    name: &'static str,
    faces: Vec<usize>,
    asked: Vec<FaceCode>,
}

/// Everything that is tried, and what there is to say of what is not.
fn tries(subject: &Subject, model: &dyn Model) -> (Vec<Try>, Vec<String>) {
    let faces = subject.faces;
    let all: Vec<usize> = (0..faces.len()).collect();
    let asked = all.iter().map(|&face| faces.code(face)).collect();
    let mut tries = vec![Try { key: "reconstruction", name: "Reconstructed", faces: all, asked }];
    if !model.card().can_edit {
        return (tries, vec![NO_PARTS.to_owned()]);
    }
    let chosen = places(faces.len(), MOST_EDITED);
    let edits = edits(subject, model, &chosen);
    let mut notes: Vec<String> = of_some("Edits are of", chosen.len(), faces.len()).into_iter().collect();
    notes.extend(edits.iter().filter_map(|(change, one)| impossible(*change, one.faces.len(), chosen.len())));
    tries.extend(edits.into_iter().map(|(_, one)| one));
    let (exchanges, of_exchanges) = exchanges(faces);
    let asked = exchanges.iter().map(|one| transfer::exchanged(&faces.code(one.face), &faces.code(one.from)));
    tries.push(Try {
        key: "neutral_happy",
        name: "Neutral and happy of one person, exchanged",
        asked: asked.collect(),
        faces: exchanges.iter().map(|one| one.face).collect(),
    });
    notes.extend(of_exchanges);
    (tries, notes)
}

/// Every change of the chosen faces, where it can be made.
fn edits(subject: &Subject, model: &dyn Model, chosen: &[usize]) -> Vec<(Change, Try)> {
    let faces = subject.faces;
    let of_all = faces.people();
    let people: Vec<usize> = chosen.iter().map(|&face| of_all[face]).collect();
    // One face alone has no other; its own style changes nothing.
    let partners = partners(&people, subject.options.seed).unwrap_or_else(|| (0..chosen.len()).collect());
    let one = |change: Change| {
        let edited = chosen.iter().zip(&partners).filter_map(|(&face, &partner)| {
            let (own, other) = (faces.code(face), faces.code(chosen[partner]));
            Some((face, change.apply(&own, &other, model.space())?))
        });
        let (faces, asked) = edited.unzip();
        (change, Try { key: change.key(), name: change.name(), faces, asked })
    };
    Change::ALL.into_iter().map(one).collect()
}

/// What there is to say where a change cannot be made to all of the faces.
fn impossible(change: Change, made: usize, of: usize) -> Option<String> {
    if made == of {
        return None;
    }
    let name = change.name();
    Some(match change {
        Change::Happy => format!(
            "{name} was not measured, since these weights were trained on too few faces labelled happy; choose others"
        ),
        _ => format!("{name} was not measured on {} of {of} faces, which would look away by more than 90°", of - made),
    })
}
