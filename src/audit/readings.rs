//! Which expression each face shows, read from `f_e` by networks that never saw the face or its label.
//!
//! The labels that networks learn from here are partly wrong, and the networks must not learn those by heart: every
//! number is blurred a little each time it is seen, steps are few and grow slowly with the faces, and several networks
//! of different seeds read together. All faces count the same, so that the probabilities are those of this set: where
//! any label may have become any other, the smaller the chance of a label among all, the likelier it is wrong. Networks
//! that were taught with all classes of one weight would give rare classes chances that they do not have in this set,
//! and pass over the many wrong labels among the few faces of a rare class. Neither needs a temperature: taught like
//! this, the chances come out about as large as they are.

use std::collections::BTreeSet;

use super::parallel::{self, Ticks};
use crate::data::hash::mix;
use crate::evaluate::folds;
use crate::evaluate::reader::{Learner, MIN_FACES, Reader, Training, softmax};
use crate::face::{Expression, PART_DIM, Part, UnitPart};
use crate::gallery::Codes;
use crate::nn::losses::classification::counts;
use crate::nn::{Code, NnError};

/// Fewer faces of a class cannot be learned.
pub const MIN_OF_CLASS: usize = 5;
/// Networks of a fold that read together.
const MEMBERS: usize = 3;
/// Noise on every number when it is seen, over the number's spread.
const JITTER: f32 = 0.7;
const RATE: f64 = 2e-3;
/// Steps of a training with [`STEPS_AT`] faces; with `n` times as many faces, `n` to the power of [`GROWTH`] times as many
/// steps.
const STEPS: f64 = 150.0;
const STEPS_AT: f64 = 200.0;
const GROWTH: f64 = 0.45;
/// Faces of a step: one of so many, within these bounds.
const BATCH_SHARE: usize = 16;
const BATCH: [usize; 2] = [32, 256];
/// Parts of a training after each of which its logits are taken, for their mean.
const EPOCHS: usize = 10;
/// After the first of them, networks hardly know anything yet.
const FIRST_EPOCH: usize = 3;

const CLASSES: usize = Expression::ALL.len();

/// A number for each of the eight classes, in the order of [`Expression::ALL`].
pub type Chances = [f32; CLASSES];

/// Faces with a label each.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    pub codes: &'a Codes,
    /// Where each face stands in the codes.
    pub places: &'a [usize],
    pub given: &'a [Expression],
    /// Who it is: equal numbers for one person; a number of its own for a face of which it is not known.
    pub groups: &'a [usize],
}

impl<'a> Labelled<'a> {
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// `f_e` of each face.
    pub fn expressions(&self) -> Vec<&'a [f32; PART_DIM]> {
        let all = self.codes.unit(UnitPart::Expression);
        self.places.iter().map(|&place| &all[place]).collect()
    }
}

/// What was read of each labelled face.
pub struct Readings {
    /// Which fold the face is of; the reader of that number never saw it.
    pub fold: Vec<u8>,
    /// What its fold's reader says: exactly 0 for classes that the reader does not know, above 0 for all others.
    pub probabilities: Vec<Chances>,
    /// The same by the logits averaged over the whole training.
    pub averaged: Vec<Chances>,
    /// One a fold; [`Reader::to_bytes`] and [`Reader::from_bytes`] for the store.
    pub readers: Vec<Reader>,
    /// Classes with too few faces to be learned, and how many: labels of these classes have no score.
    pub left_out: Vec<(Expression, usize)>,
    /// Whether whole people were kept together; false where there are too few people for that.
    pub by_person: bool,
}

/// Why labels cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    #[error("All faces are labelled {0}, and one class alone cannot be judged; add faces of others")]
    OneClass(Expression),
    #[error(
        "These are too few labelled faces to judge any: it takes two classes of {MIN_OF_CLASS} faces or more, and \
         {MIN_FACES} faces to learn from beside those that are judged; add faces"
    )]
    TooFew,
    #[error(transparent)]
    Network(#[from] NnError),
}

/// Reads all labelled faces, each by networks trained on four fifths of them to which neither it nor another picture of
/// its person belongs. `watch` gets the share that is done, 0 to 1, and says whether to go on. None where it said no.
/// The same faces and the same seed give the same readings.
///
/// # Errors
/// One class only, too few faces, and whatever the networks say.
pub fn read(
    labelled: &Labelled,
    seed: u64,
    watch: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Readings>, ReadingError> {
    let plan = Plan::of(labelled, seed)?;
    let inputs = labelled.expressions();
    let folds: Vec<Fold> = (0..folds::count(&plan.fold_of)).map(|fold| plan.fold(fold, &inputs, labelled)).collect();
    let steps = folds.iter().map(|fold| MEMBERS * training(fold.labels.len()).steps).sum::<usize>();
    let train = |job: usize, ticks: &Ticks| folds[job / MEMBERS].member(seed_of(seed, job), ticks);
    let Some(members) = parallel::run::<Member, ReadingError>(folds.len() * MEMBERS, steps, &train, watch)? else {
        return Ok(None);
    };

    let blank = vec![Chances::default(); labelled.len()];
    let (mut probabilities, mut averaged) = (blank.clone(), blank);
    let mut readers = Vec::with_capacity(folds.len());
    let mut members = members.into_iter();
    for fold in &folds {
        let mut reader: Option<Reader> = None;
        for member in members.by_ref().take(MEMBERS) {
            for (&face, logits) in fold.unseen.iter().zip(member.logits) {
                let chances = softmax(logits);
                averaged[face].iter_mut().zip(chances).for_each(|(mean, chance)| *mean += chance / MEMBERS as f32);
            }
            match &mut reader {
                Some(reader) => reader.join(member.reader),
                None => reader = Some(member.reader),
            }
        }
        // Every fold has its members.
        readers.extend(reader);
    }
    for (fold, reader) in folds.iter().zip(&readers) {
        for (&face, chances) in fold.unseen.iter().zip(reader.probabilities(&fold.unseen_inputs)?) {
            probabilities[face] = chances;
        }
    }
    // There are five folds at most.
    let fold = plan.fold_of.iter().map(|&fold| fold as u8).collect();
    let Plan { left_out, by_person, .. } = plan;
    Ok(Some(Readings { fold, probabilities, averaged, readers, left_out, by_person }))
}

/// What a fold's reader says of other codes `f`: of the reconstruction of one of its faces, say.
///
/// # Errors
/// [`ReadingError::Network`].
pub fn probabilities(reader: &Reader, codes: &[Code]) -> Result<Vec<Chances>, ReadingError> {
    let inputs: Vec<&[f32]> = codes.iter().map(|f| &f[Part::Expression.range()]).collect();
    Ok(reader.probabilities(&inputs)?)
}

/// Who is read by whom.
struct Plan {
    fold_of: Vec<usize>,
    by_person: bool,
    /// Whether a class is learned.
    learned: [bool; CLASSES],
    left_out: Vec<(Expression, usize)>,
}

impl Plan {
    fn of(labelled: &Labelled, seed: u64) -> Result<Self, ReadingError> {
        let faces = counts(labelled.given);
        let all = Expression::ALL.into_iter().zip(faces);
        let present: Vec<(Expression, usize)> =
            all.filter(|(_, faces)| *faces > 0).map(|(class, faces)| (class, faces as usize)).collect();
        if let [(class, _)] = present[..] {
            return Err(ReadingError::OneClass(class));
        }
        let learned = faces.map(|faces| faces >= MIN_OF_CLASS as u64);
        let left_out = present.into_iter().filter(|(class, _)| !learned[class.index()]).collect();
        let mut plan = Plan { fold_of: Vec::new(), by_person: true, learned, left_out };
        if let Some(fold_of) = by_person(labelled.groups, seed) {
            plan.fold_of = fold_of;
            if plan.is_enough(labelled.given) {
                return Ok(plan);
            }
        }
        let each: Vec<usize> = (0..labelled.len()).collect();
        plan.by_person = false;
        plan.fold_of = folds::by_group(&each, seed).ok_or(ReadingError::TooFew)?;
        if plan.is_enough(labelled.given) { Ok(plan) } else { Err(ReadingError::TooFew) }
    }

    /// Whether there is something to learn from for every fold.
    fn is_enough(&self, given: &[Expression]) -> bool {
        (0..folds::count(&self.fold_of)).all(|fold| {
            let others = given.iter().zip(&self.fold_of).filter(|(_, own)| **own != fold);
            let mut faces = [0; CLASSES];
            others.filter(|(class, _)| self.learned[class.index()]).for_each(|(class, _)| faces[class.index()] += 1);
            faces.iter().sum::<usize>() >= MIN_FACES && faces.iter().filter(|&&faces| faces > 0).count() > 1
        })
    }

    fn fold<'a>(&self, fold: usize, inputs: &[&'a [f32; PART_DIM]], labelled: &Labelled) -> Fold<'a> {
        let (others, unseen) = folds::split(&self.fold_of, fold);
        let others: Vec<usize> =
            others.into_iter().filter(|&face| self.learned[labelled.given[face].index()]).collect();
        Fold {
            inputs: others.iter().map(|&face| inputs[face]).collect(),
            labels: others.iter().map(|&face| labelled.given[face]).collect(),
            unseen_inputs: unseen.iter().map(|&face| inputs[face]).collect(),
            unseen,
        }
    }
}

/// Folds of whole people; none where there are too few of them.
pub(super) fn by_person(groups: &[usize], seed: u64) -> Option<Vec<usize>> {
    let people: BTreeSet<usize> = groups.iter().copied().collect();
    if people.len() < folds::FOLDS { None } else { folds::by_group(groups, seed) }
}

/// Faces that are read, and the others that the reader learns from.
struct Fold<'a> {
    inputs: Vec<&'a [f32; PART_DIM]>,
    labels: Vec<Expression>,
    /// Which faces are read.
    unseen: Vec<usize>,
    unseen_inputs: Vec<&'a [f32; PART_DIM]>,
}

/// One of the networks of a fold.
struct Member {
    reader: Reader,
    /// For each face that is read, the mean over the epochs.
    logits: Vec<Chances>,
}

impl Fold<'_> {
    /// None where it was stopped.
    fn member(&self, seed: u64, ticks: &Ticks) -> Result<Option<Member>, ReadingError> {
        let training = training(self.labels.len());
        let mut learner = Learner::new(&self.inputs, &self.labels, training, seed).ok_or(ReadingError::TooFew)?;
        let mut logits = vec![Chances::default(); self.unseen.len()];
        for epoch in 0..EPOCHS {
            // So many steps are done after each.
            for _ in training.steps * epoch / EPOCHS..training.steps * (epoch + 1) / EPOCHS {
                learner.step();
                if !ticks.go_on() {
                    return Ok(None);
                }
            }
            if epoch + 1 >= FIRST_EPOCH {
                let share = 1.0 / (EPOCHS + 1 - FIRST_EPOCH) as f32;
                for (mean, now) in logits.iter_mut().zip(learner.reader().logits(&self.unseen_inputs)?) {
                    mean.iter_mut().zip(now).for_each(|(mean, logit)| *mean += share * logit);
                }
            }
        }
        Ok(Some(Member { reader: learner.reader(), logits }))
    }
}

/// How a network learns from so many faces.
fn training(faces: usize) -> Training {
    let steps = STEPS * (faces as f64 / STEPS_AT).powf(GROWTH);
    let batch = (faces / BATCH_SHARE).clamp(BATCH[0], BATCH[1]);
    Training { steps: steps.round() as usize, batch, rate: RATE, jitter: JITTER, balanced: false }
}

/// A seed of its own for each network.
fn seed_of(seed: u64, job: usize) -> u64 {
    mix(mix(seed).wrapping_add(job as u64 + 1))
}
