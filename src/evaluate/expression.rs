//! Which expression a face shows, read from parts of its code by a small network ([`Reader`], Table 3 of the paper) that
//! is trained on labelled codes that are not measured. Every draw comes from the seed, so the same codes give the same
//! figures.

use serde::{Deserialize, Serialize};

use super::auc::{self, OneVsRest};
use super::bootstrap::{Draws, Measured};
use super::error::{Halt, Stopped};
use super::parts::Watch;
use super::reader::{Reader, softmax};
use super::{Subset, folds};
use crate::face::{Expression, Part};
use crate::nn::Code;

pub use super::reader::MIN_FACES;

/// What is read: the part that should know, all the others, which should not, and each of them alone.
pub const SUBSETS: [Subset; 5] = [
    Subset::Only(Part::Expression),
    Subset::Without(Part::Expression),
    Subset::Only(Part::Pose),
    Subset::Only(Part::Identity),
    Subset::Only(Part::Style),
];

/// A number for each of the eight classes.
type Logits = [f32; Expression::ALL.len()];

/// How well expressions are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expressions {
    /// In the order in which they were asked for.
    pub parts: Vec<ReadExpression>,
    /// How much larger the mean area by probability is from `f_e` than from all but it; none where not both were read.
    pub gap: Option<Measured>,
    /// Labelled faces that were not measured, since the networks saw none of their class.
    pub left_out: usize,
}

/// How well expressions are read from some numbers of the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadExpression {
    pub reads: String,
    /// By the probabilities of the classes.
    pub by_probability: OneVsRest,
    /// By the logits.
    pub by_logit: OneVsRest,
}

/// Codes with an expression each.
#[derive(Clone, Copy)]
pub struct Labelled<'a> {
    pub codes: &'a [Code],
    pub labels: &'a [Expression],
    /// A number for each face, equal for faces of one person.
    pub people: &'a [usize],
}

/// Networks trained on some faces, measured on others; classes that were not trained are left out. None where there
/// are too few faces or classes ([`why_not`]). `watch` hears how many steps of all trainings are done.
///
/// # Errors
/// The networks' failures, and [`Halt::Cancelled`].
pub fn across(
    train: Labelled,
    test: Labelled,
    subsets: &[Subset],
    seed: u64,
    watch: Watch,
) -> Result<Option<Expressions>, Halt> {
    let mut all = Vec::new();
    for (done, &subset) in subsets.iter().enumerate() {
        let mut told = |step: usize, steps: usize| watch(done * steps + step, subsets.len() * steps);
        let inputs = parts(train.codes, subset);
        let Some(reader) = Reader::train(&inputs, train.labels, seed, &mut told)? else { return Ok(None) };
        let faces: Vec<usize> = (0..test.labels.len()).filter(|&i| reader.knows(test.labels[i])).collect();
        let inputs: Vec<Vec<f32>> = faces.iter().map(|&i| subset.of(&test.codes[i])).collect();
        all.push(Read { subset, logits: reader.logits(&inputs)?, faces });
    }
    Ok(measured(&all, test, seed, watch)?)
}

/// The same where all faces are of one set: each fifth is measured by networks trained on the others, whole people
/// together, and a figure is over the scores of all fifths. None where there are too few faces, classes or people
/// ([`why_not`]). `watch` hears how many steps of all trainings are done.
///
/// # Errors
/// The networks' failures, and [`Halt::Cancelled`].
pub fn in_folds(faces: Labelled, subsets: &[Subset], seed: u64, watch: Watch) -> Result<Option<Expressions>, Halt> {
    let Some(fold_of) = folds::by_group(faces.people, seed) else { return Ok(None) };
    let count = folds::count(&fold_of);
    let mut all = Vec::new();
    for (before, &subset) in subsets.iter().enumerate() {
        let inputs = parts(faces.codes, subset);
        let mut read = Read { subset, faces: Vec::new(), logits: Vec::new() };
        for fold in 0..count {
            let done = before * count + fold;
            let mut told = |step: usize, steps: usize| watch(done * steps + step, subsets.len() * count * steps);
            let (train, test) = folds::split(&fold_of, fold);
            let inputs_of = |items: &[usize]| items.iter().map(|&i| inputs[i].clone()).collect::<Vec<_>>();
            let labels: Vec<Expression> = train.iter().map(|&i| faces.labels[i]).collect();
            let reader = Reader::train(&inputs_of(&train), &labels, seed, &mut told)?;
            let Some(reader) = reader else { return Ok(None) };
            let test: Vec<usize> = test.into_iter().filter(|&i| reader.knows(faces.labels[i])).collect();
            read.logits.extend(reader.logits(&inputs_of(&test))?);
            read.faces.extend(test);
        }
        all.push(read);
    }
    Ok(measured(&all, faces, seed, watch)?)
}

/// Why [`across`] (with `train`) or [`in_folds`] gives nothing for these faces.
pub fn why_not(train: Option<Labelled>, test: Labelled) -> String {
    let of_train = train.and_then(|train| lacking(train.labels, "training face", MIN_FACES));
    let needed = if train.is_some() { 1 } else { MIN_FACES };
    let of_test = || lacking(test.labels, "face", needed);
    let of_people = || {
        let one = train.is_none() && test.people.iter().all(|&person| person == test.people[0]);
        one.then(|| "All labelled faces are of one person, so there are no folds; give training shards".to_owned())
    };
    of_train.or_else(of_test).or_else(of_people).unwrap_or_else(|| {
        "The faces to train on and those to measure share too few classes; give faces of more of them".to_owned()
    })
}

/// What some labels lack; none where they would do.
fn lacking(labels: &[Expression], which: &str, needed: usize) -> Option<String> {
    let Some(class) = labels.first() else {
        return Some(format!("No {which} is labelled with an expression; give shards that have labels"));
    };
    if labels.iter().all(|label| label == class) {
        return Some(format!("Every labelled {which} is {class}; give shards that have two classes or more"));
    }
    (labels.len() < needed).then(|| {
        format!(
            "Only {} of the {which}s are labelled with an expression, and it takes {needed}; give more of them",
            labels.len()
        )
    })
}

/// The logits of faces by what was read.
struct Read {
    subset: Subset,
    /// Numbers of the faces that have any.
    faces: Vec<usize>,
    logits: Vec<Logits>,
}

fn parts(codes: &[Code], subset: Subset) -> Vec<Vec<f32>> {
    codes.iter().map(|f| subset.of(f)).collect()
}

/// None where too few faces or classes are left. All parts were read on the same faces, in the same order.
fn measured(all: &[Read], test: Labelled, seed: u64, watch: Watch) -> Result<Option<Expressions>, Stopped> {
    let Some(Read { faces, .. }) = all.first() else { return Ok(None) };
    let labels: Vec<Expression> = faces.iter().map(|&i| test.labels[i]).collect();
    let people: Vec<usize> = faces.iter().map(|&i| test.people[i]).collect();
    let draws = Draws::by_group(seed, &people);
    let mut parts = Vec::new();
    let mut own_and_rest: [Option<Vec<Logits>>; 2] = [None, None];
    for read in all {
        // All trainings are done.
        if !watch(1, 1) {
            return Err(Stopped);
        }
        let probabilities: Vec<Logits> = read.logits.iter().map(|row| softmax(*row)).collect();
        let [by_probability, by_logit] =
            [&probabilities, &read.logits].map(|scores| auc::one_vs_rest(scores, &labels, draws));
        let (Some(by_probability), Some(by_logit)) = (by_probability, by_logit) else { return Ok(None) };
        parts.push(ReadExpression { reads: read.subset.name().to_owned(), by_probability, by_logit });
        match read.subset {
            Subset::Only(Part::Expression) => own_and_rest[0] = Some(probabilities),
            Subset::Without(Part::Expression) => own_and_rest[1] = Some(probabilities),
            _ => {}
        }
    }
    let gap = match &own_and_rest {
        [Some(own), Some(rest)] => auc::gap(own, rest, &labels, draws),
        _ => None,
    };
    Ok(Some(Expressions { parts, gap, left_out: test.labels.len() - labels.len() }))
}
