//! Which expression a face shows, read from parts of its code by a small network ([`Reader`], Table 3 of the paper) that
//! is trained on labelled codes that are not measured. Every draw comes from the seed, so the same codes give the same
//! figures.

use serde::{Deserialize, Serialize};

use super::auc::{self, OneVsRest};
use super::bootstrap::Measured;
use super::reader::{Reader, softmax};
use super::{Subset, folds};
use crate::face::{Expression, Part};
use crate::nn::{Code, NnError};

pub use super::reader::MIN_FACES;

/// What is read: the part that should know, and all the others, which should not.
pub const SUBSETS: [Subset; 2] = [Subset::Only(Part::Expression), Subset::Without(Part::Expression)];

/// A number for each of the eight classes.
type Logits = [f32; Expression::ALL.len()];

/// How well expressions are read from some numbers of the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadExpression {
    pub reads: String,
    /// By the probabilities of the classes.
    pub by_probability: OneVsRest,
    /// The mean area by the logits.
    pub by_logit: Measured,
}

/// Codes with an expression each.
#[derive(Clone, Copy)]
pub struct Labelled<'a> {
    pub codes: &'a [Code],
    pub labels: &'a [Expression],
}

/// Networks trained on some faces, measured on others; classes that were not trained are left out. None where there
/// are too few faces or classes.
///
/// # Errors
/// [`NnError::Device`].
pub fn across(train: Labelled, test: Labelled, seed: u64) -> Result<Option<Vec<ReadExpression>>, NnError> {
    let mut all = Vec::new();
    for subset in SUBSETS {
        let Some(reader) = Reader::train(&parts(train.codes, subset), train.labels, seed) else { return Ok(None) };
        let known: Vec<usize> = (0..test.labels.len()).filter(|&i| reader.knows(test.labels[i])).collect();
        let labels: Vec<Expression> = known.iter().map(|&i| test.labels[i]).collect();
        let inputs: Vec<Vec<f32>> = known.iter().map(|&i| subset.of(&test.codes[i])).collect();
        let Some(read) = measured(subset, &reader.logits(&inputs)?, &labels, seed) else { return Ok(None) };
        all.push(read);
    }
    Ok(Some(all))
}

/// The same where all faces are of one set: each fifth is measured by networks trained on the others. Faces of one
/// group (a person, say) stay together. None where there are too few faces, classes or groups.
///
/// # Errors
/// [`NnError::Device`].
pub fn in_folds(faces: Labelled, groups: &[usize], seed: u64) -> Result<Option<Vec<ReadExpression>>, NnError> {
    let Some(fold_of) = folds::by_group(groups, seed) else { return Ok(None) };
    let mut all = Vec::new();
    for subset in SUBSETS {
        let inputs = parts(faces.codes, subset);
        let (mut logits, mut labels) = (Vec::new(), Vec::new());
        for fold in 0..folds::count(&fold_of) {
            let (train, test) = folds::split(&fold_of, fold);
            let inputs_of = |items: &[usize]| items.iter().map(|&i| inputs[i].clone()).collect::<Vec<_>>();
            let labels_of = |items: &[usize]| items.iter().map(|&i| faces.labels[i]).collect::<Vec<_>>();
            let Some(reader) = Reader::train(&inputs_of(&train), &labels_of(&train), seed) else { return Ok(None) };
            let test: Vec<usize> = test.into_iter().filter(|&i| reader.knows(faces.labels[i])).collect();
            logits.extend(reader.logits(&inputs_of(&test))?);
            labels.extend(labels_of(&test));
        }
        let Some(read) = measured(subset, &logits, &labels, seed) else { return Ok(None) };
        all.push(read);
    }
    Ok(Some(all))
}

fn parts(codes: &[Code], subset: Subset) -> Vec<Vec<f32>> {
    codes.iter().map(|f| subset.of(f)).collect()
}

fn measured(subset: Subset, logits: &[Logits], labels: &[Expression], seed: u64) -> Option<ReadExpression> {
    let probabilities: Vec<Logits> = logits.iter().map(|row| softmax(*row)).collect();
    Some(ReadExpression {
        reads: subset.name().to_owned(),
        by_probability: auc::one_vs_rest(&probabilities, labels, seed)?,
        by_logit: auc::one_vs_rest(logits, labels, seed)?.mean,
    })
}
