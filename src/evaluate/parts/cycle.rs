//! Parts swapped between faces, decoded and encoded again; and neutral and happy pictures of one person exchanged.

use super::{BATCH, MOST_EDITED, Subject, Watch, of_some, require_parts, seen_again, tell};
use crate::evaluate::cycle::{self, Moved, Swap};
use crate::evaluate::error::Halt;
use crate::evaluate::faces::Faces;
use crate::evaluate::lent::Model;
use crate::evaluate::options::PartName;
use crate::evaluate::report::figure::count;
use crate::evaluate::report::{Better, Figure, Section, Unit};
use crate::evaluate::spread::places;
use crate::evaluate::transfer::{self, Exchange, Transfer};
use crate::face::{Expression, FaceCode, Part};

const NO_EXCHANGES: &str = "Neutral and happy of one person were not exchanged, since nobody here has a face labelled \
                            neutral and one labelled happy; give shards that name people and have expression labels";
const NOT_SEEN_AGAIN: &str = "What the exchange of neutral and happy comes to was not measured, since none of the faces \
                              made by it can be encoded again; train on, or choose other weights";

pub(super) fn measure(subject: &Subject, model: &mut dyn Model, watch: Watch) -> Result<Section, Halt> {
    require_parts(model)?;
    let (faces, seed) = (subject.faces, subject.options.seed);
    let chosen = places(faces.len(), MOST_EDITED);
    let of_all = faces.people();
    let people: Vec<usize> = chosen.iter().map(|&face| of_all[face]).collect();
    let Some(partners) = cycle::partners(&people, seed) else {
        return Err(Halt::Unmeasured(
            "Swaps were not measured, since it takes two faces or more; give more of them".to_owned(),
        ));
    };
    let codes: Vec<FaceCode> = chosen.iter().map(|&face| faces.code(face)).collect();
    let (exchanges, of_exchanges) = exchanges(faces);
    let ways = [None].into_iter().chain(Part::ALL.map(Some));
    let total = (1 + Part::ALL.len()) * codes.len() + exchanges.len();
    let mut tally = cycle::Tally::default();
    let mut done = 0;
    for way in ways {
        let asked = match way {
            Some(part) => cycle::swapped(&codes, &partners, part),
            None => codes.clone(),
        };
        for (batch, asked) in asked.chunks(BATCH).enumerate() {
            tell(watch, done, total)?;
            done += asked.len();
            let first = batch * BATCH;
            for (i, again) in seen_again(model, asked)?.into_iter().enumerate() {
                // Pictures that show no face any more have no code to compare.
                if let Some(again) = again {
                    tally.add(first + i, way, &codes[first + i], &asked[i], &again);
                }
            }
        }
    }
    let transferred = transferred(subject, model, &exchanges, &mut |more| tell(watch, done + more, total))?;
    let Some(table) = tally.finish(seed, &people) else {
        return Err(Halt::Unmeasured(
            "Swaps were not measured, since no decoded face can be encoded again; train on, or choose other weights"
                .to_owned(),
        ));
    };
    let mut section = Section::new(PartName::Cycle);
    section.figures.extend(table.unedited.iter().flatten().map(unedited));
    section.figures.extend(table.swaps.iter().flat_map(swap));
    section.figures.extend(transferred.iter().flat_map(exchanged));
    section.notes.push(
        "Angles are between directions, for pose the mean absolute difference of its three angles; what an unchanged \
         face moves by is in all of them"
            .to_owned(),
    );
    section.notes.extend(of_some("Swaps are of", codes.len(), faces.len()));
    section.notes.extend(of_exchanges);
    if transferred.is_none() && !exchanges.is_empty() {
        section.notes.push(NOT_SEEN_AGAIN.to_owned());
    }
    Ok(section)
}

/// What an unchanged face moves by.
fn unedited(moved: &Moved) -> Figure {
    figure(&format!("cycle.unedited.{}", moved.part), &moved.part, "Nothing changed", Better::Lower, moved)
}

fn swap(swap: &Swap) -> Vec<Figure> {
    let group = format!("Another face's {}", swap.part);
    let of_part = |value| Moved { part: swap.part.clone(), deg: value };
    let key = |what: &str| format!("cycle.{}.{what}", swap.part);
    let mut figures = vec![
        figure(&key("asked"), "From what was asked", &group, Better::Lower, &of_part(swap.error)),
        figure(&key("way"), "How far it was to go", &group, Better::Neither, &of_part(swap.way)),
    ];
    figures.extend(swap.drift.iter().map(|moved| {
        let name = format!("Drift of {}", moved.part);
        figure(&key(&format!("drift_{}", moved.part)), &name, &group, Better::Lower, moved)
    }));
    figures
}

fn figure(key: &str, name: &str, group: &str, better: Better, moved: &Moved) -> Figure {
    let part = Part::ALL.into_iter().find(|part| part.name() == moved.part);
    Figure::new(key, name, Unit::Degrees, better, moved.deg).of(group).about(part)
}

/// Neutral and happy faces of one person, [`MOST_EDITED`] at most and spread over all; and what there is to say where
/// those are not all, or none.
pub(super) fn exchanges(faces: &Faces) -> (Vec<Exchange>, Option<String>) {
    let expressions: Vec<Option<Expression>> = (0..faces.len()).map(|face| faces.expression(face)).collect();
    let all = transfer::pairs(&faces.people(), &expressions);
    let some: Vec<Exchange> = places(all.len(), MOST_EDITED).into_iter().map(|place| all[place]).collect();
    let note = if all.is_empty() {
        Some(NO_EXCHANGES.to_owned())
    } else {
        (some.len() < all.len()).then(|| {
            let (some, all) = (count(some.len()), count(all.len()));
            format!("Exchanges of neutral and happy are {some} of {all} that there are, spread over all")
        })
    };
    (some, note)
}

/// What exchanges within a person come to; none where there are none.
fn transferred(
    subject: &Subject,
    model: &mut dyn Model,
    exchanges: &[Exchange],
    tell: &mut dyn FnMut(usize) -> Result<(), Halt>,
) -> Result<Option<Transfer>, Halt> {
    let faces = subject.faces;
    let people = faces.people();
    let mut tally = transfer::Tally::default();
    let mut done = 0;
    for exchanges in exchanges.chunks(BATCH) {
        tell(done)?;
        done += exchanges.len();
        let own: Vec<FaceCode> = exchanges.iter().map(|exchange| faces.code(exchange.face)).collect();
        let from: Vec<FaceCode> = exchanges.iter().map(|exchange| faces.code(exchange.from)).collect();
        let asked: Vec<FaceCode> = own.iter().zip(&from).map(|(own, from)| transfer::exchanged(own, from)).collect();
        let targets = faces.pictures(&exchanges.iter().map(|exchange| exchange.from).collect::<Vec<_>>());
        let (made, unchanged) = (model.decode(&asked)?, model.decode(&own)?);
        let again = model.encode(&made)?;
        for (i, exchange) in exchanges.iter().enumerate() {
            let Some(again) = FaceCode::from_array(&again[i].f) else { continue };
            let seen = transfer::Seen {
                own: &own[i],
                from: &from[i],
                again: &again,
                made: &made[i],
                unchanged: &unchanged[i],
                target: &targets[i],
            };
            tally.add(people[exchange.face], seen);
        }
    }
    Ok(tally.finish(subject.options.seed))
}

fn exchanged(measured: &Transfer) -> Vec<Figure> {
    let Transfer { expression_deg, expression_before_deg, rmse, rmse_before } = measured;
    let part = Some(Part::Expression);
    [
        ("expression", "Expression, from the other picture's", Unit::Degrees, Better::Lower, part, expression_deg),
        ("expression_before", "Before the exchange", Unit::Degrees, Better::Neither, part, expression_before_deg),
        ("rmse", "Pixel RMSE, to the other picture", Unit::Levels, Better::Lower, None, rmse),
        ("rmse_before", "Pixel RMSE before the exchange", Unit::Levels, Better::Neither, None, rmse_before),
    ]
    .into_iter()
    .map(|(what, name, unit, better, part, value)| {
        Figure::new(format!("cycle.neutral_happy.{what}"), name, unit, better, *value)
            .of("Neutral and happy of one person, exchanged")
            .about(part)
    })
    .collect()
}
