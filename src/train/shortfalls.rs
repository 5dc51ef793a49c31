//! What a set will not teach in stages two and three, in sentences before the first step. Read off what batches are drawn
//! from, so that what is said is what happens.

use std::collections::{BTreeMap, BTreeSet};

use super::config::Config;
use super::groups::{GEOMETRY, LANDMARKS, POSE, having};
use super::macros::{Basis, Macro, Task, Wanted};
use crate::data::crops::{Keys, NO_EXPRESSION, NOBODY};
use crate::nn::losses::geometry::MIN_FACES;

/// One sentence for each; none where the settings train no parts.
pub fn sentences(keys: &Keys, config: &Config) -> Vec<String> {
    let parts = &config.disentangle;
    if parts.cached_steps + parts.cycle_steps + config.joint.steps == 0 {
        return Vec::new();
    }
    let wanted = Wanted::of(parts);
    let batches = Macro::new(keys, config.seed, wanted);
    let missing = |task: Task| !batches.tasks().contains(&task);
    let said = [
        missing(Task::Identity).then(|| format!("{}: identity does not train from people", without_people(keys))),
        batches.relit().then(|| format!("{}: style trains from re-lit views", without_clips(keys))),
        unlabelled(keys, &batches, wanted).map(|why| format!("{why}: expression does not train from labels")),
        missing(Task::Pose).then(|| format!("{}: pose does not train", without_angles(keys))),
        unmeasured(keys, &batches, wanted)
            .map(|why| format!("{why}: expression does not train from the face's geometry")),
    ];
    said.into_iter().flatten().collect()
}

fn without_angles(keys: &Keys) -> &'static str {
    match having(keys, POSE) {
        0 => "No picture says how the head is turned",
        _ => "No source has two pictures that say how the head is turned",
    }
}

fn without_people(keys: &Keys) -> &'static str {
    let people: BTreeSet<u32> = keys.person.iter().copied().filter(|&person| person != NOBODY).collect();
    match people.len() {
        0 => "No picture says whom it shows",
        1 => "All pictures with a name show one person",
        _ => "No source shows two people in two pictures or more each",
    }
}

fn without_clips(keys: &Keys) -> &'static str {
    if keys.clip.iter().all(|&clip| clip == NOBODY) {
        "No picture says which clip it is from"
    } else {
        "Nobody is shown in two clips of two pictures or more each"
    }
}

/// Why labels say nothing of expression; none where they do.
fn unlabelled(keys: &Keys, batches: &Macro, wanted: Wanted) -> Option<String> {
    let fewest = wanted.min_labelled;
    if batches.expression_pools().iter().any(|pool| pool.has_labels(keys, fewest)) {
        return None;
    }
    let mut by_source: BTreeMap<u16, usize> = BTreeMap::new();
    for (&source, _) in keys.source.iter().zip(&keys.expression).filter(|(_, class)| **class != NO_EXPRESSION) {
        *by_source.entry(source).or_default() += 1;
    }
    let labelled: usize = by_source.values().sum();
    let most = by_source.values().max().copied().unwrap_or_default();
    Some(match labelled {
        0 => "No face has an expression label".to_owned(),
        1 => "Only 1 face has an expression label".to_owned(),
        _ if labelled < fewest => format!("Only {labelled} faces have an expression label"),
        _ if most < fewest => format!("No source has {fewest} faces with an expression label"),
        _ => format!(
            "No source has {fewest} labelled faces of several expressions, with landmarks where its other faces have them"
        ),
    })
}

/// Why nothing is measured of expression; none where something is, or where it is not wanted.
fn unmeasured(keys: &Keys, batches: &Macro, wanted: Wanted) -> Option<String> {
    if !wanted.geometry || batches.expression_pools().iter().any(|pool| pool.basis != Basis::Label) {
        return None;
    }
    Some(match (having(keys, LANDMARKS), having(keys, GEOMETRY)) {
        (0, _) => "No picture has landmarks".to_owned(),
        (_, 0) => "No picture has both landmarks and angles".to_owned(),
        (_, 1) => "Only 1 picture has landmarks and angles".to_owned(),
        (_, both) if both < MIN_FACES => format!("Only {both} pictures have landmarks and angles"),
        _ => format!("No source has {} pictures with landmarks and angles", wanted.min_labelled),
    })
}
