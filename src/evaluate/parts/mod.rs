//! The parts of a report, a file each: they gather what a measure reads, say what there is not, and make a [`Section`]
//! of what it gives. What one hangs on beside the faces and the model, and its version, stand here: by those a part of
//! an earlier run is known.

mod cycle;
pub mod disentanglement;
mod expression;
mod figures;
mod identity;
mod pose;
mod reconstruction;
mod retrieval;
mod sampling;
mod verification;

use std::path::Path;

use super::Subset;
use super::error::{EvaluateError, Halt};
use super::faces::Faces;
use super::lent::Model;
use super::options::{Options, PartName};
use super::pairs::NamedPair;
use super::report::Section;
use super::report::figure::count;
use crate::face::{FaceCode, Part};
use crate::nn::recogniser::Recogniser;

/// Hears how much is done, and of how much (in the part's own units); false where that is to be the end.
pub type Watch<'a> = &'a mut dyn FnMut(usize, usize) -> bool;

/// Faces that are swapped and edited at most, spread over all; each takes several decodings.
pub const MOST_EDITED: usize = 2000;
/// Faces decoded at a time.
const BATCH: usize = 64;
/// What there is to say of weights whose codes have no parts.
const NO_PARTS: &str = "These weights were saved before stage two of their training, so no part of a face can be \
                        changed; train on, or choose others";

/// What a part measures. What the user has to point to is there, or a sentence says why not.
pub struct Subject<'a> {
    /// The set's name.
    pub set: &'a str,
    pub faces: &'a Faces,
    /// Faces that pairs name, beyond those that are measured.
    pub beyond: &'a Faces,
    /// Faces that PCA and readers of expressions are trained on; none where the user names none.
    pub training: Result<Option<&'a Faces>, &'a str>,
    pub recogniser: Result<&'a Recogniser, &'a str>,
    pub pairs: Result<&'a [NamedPair], &'a str>,
    pub options: &'a Options,
    /// The folder for pictures, which is there; they are named `SET-...jpg`.
    pub figures: &'a Path,
}

/// What a part hangs on beside the faces, the model and the seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HangsOn {
    pub samples: bool,
    pub pairs: bool,
    pub recogniser: bool,
    pub training: bool,
}

/// What a part hangs on.
pub fn hangs_on(part: PartName) -> HangsOn {
    let none = HangsOn::default();
    match part {
        PartName::Reconstruction | PartName::Expression | PartName::Figures => HangsOn { training: true, ..none },
        PartName::Sampling => HangsOn { samples: true, recogniser: true, ..none },
        PartName::Verification => HangsOn { pairs: true, ..none },
        PartName::Identity => HangsOn { recogniser: true, ..none },
        PartName::Pose | PartName::Retrieval | PartName::Cycle | PartName::Disentanglement => none,
    }
}

/// The version of what a part measures: a part of another one is measured anew.
pub fn version(part: PartName) -> u64 {
    match part {
        PartName::Reconstruction => 2,
        PartName::Sampling => 2,
        PartName::Verification => 2,
        PartName::Expression => 2,
        PartName::Pose => 2,
        PartName::Retrieval => 2,
        PartName::Cycle => 2,
        PartName::Identity => 2,
        PartName::Disentanglement => 2,
        PartName::Figures => 2,
    }
}

/// Measures a part.
///
/// # Errors
/// [`Halt::Unmeasured`] where there is nothing to measure, what the networks and the disk say, [`Halt::Cancelled`].
pub fn measure(part: PartName, subject: &Subject, model: &mut dyn Model, watch: Watch) -> Result<Section, Halt> {
    match part {
        PartName::Reconstruction => reconstruction::measure(subject, model, watch),
        PartName::Sampling => sampling::measure(subject, model, watch),
        PartName::Verification => verification::measure(subject),
        PartName::Expression => expression::measure(subject, model, watch),
        PartName::Pose => pose::measure(subject),
        PartName::Retrieval => retrieval::measure(subject, watch),
        PartName::Cycle => cycle::measure(subject, model, watch),
        PartName::Identity => identity::measure(subject, model, watch),
        PartName::Disentanglement => disentanglement::measure(subject),
        PartName::Figures => figures::measure(subject, model, watch),
    }
}

/// A set's name as the beginning of a file's name.
pub fn file_name(set: &str) -> String {
    set.chars().map(|letter| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '-' }).collect()
}

/// Tells how much is done; a halt where that is to be the end.
fn tell(watch: &mut dyn FnMut(usize, usize) -> bool, done: usize, of: usize) -> Result<(), Halt> {
    if watch(done, of) { Ok(()) } else { Err(Halt::Cancelled) }
}

/// What there is to say where something was done with some of the faces alone, which are spread over all.
fn of_some(what: &str, some: usize, all: usize) -> Option<String> {
    (some < all).then(|| format!("{what} {} of the {} faces, spread over all", count(some), count(all)))
}

/// The part of the code that something is read from; none for what is read from several.
fn part_read(reads: &str) -> Option<Part> {
    Part::ALL.into_iter().find(|part| Subset::Only(*part).name() == reads)
}

/// Faces decoded and their pictures encoded again, in order; none for one that shows no face any more.
fn seen_again(model: &mut dyn Model, faces: &[FaceCode]) -> Result<Vec<Option<FaceCode>>, EvaluateError> {
    let pictures = model.decode(faces)?;
    Ok(model.encode(&pictures)?.iter().map(|code| FaceCode::from_array(&code.f)).collect())
}

/// A halt where the weights' codes have no parts.
fn require_parts(model: &dyn Model) -> Result<(), Halt> {
    if model.card().can_edit { Ok(()) } else { Err(Halt::Unmeasured(NO_PARTS.to_owned())) }
}
