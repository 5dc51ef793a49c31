//! Labels made wrong on purpose, and how well each score finds them: what a ranking is worth where the truth is known.

use std::fmt;
use std::str::FromStr;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::readings::{self, Chances, Labelled, ReadingError, Readings};
use super::scores::{Evidence, Score};
use super::{mood, neighbours};
use crate::evaluate::Measured;
use crate::evaluate::average_precision;
use crate::face::code::UnknownName;
use crate::face::{Expression, PART_DIM};
use crate::nn::Code;
use crate::train::random::{Permutation, below, rng_for};

/// Faces of a list that somebody looks through.
pub const LOOKED_AT: usize = 100;
/// Share of the time that the readers take.
const READING: f32 = 0.8;

/// Which wrong label a face gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// Each of the others that some face has, as likely as the rest.
    Uniform,
    /// That of the class whose mean `f_e` is nearest to the own class's mean.
    Nearest,
}

impl Rule {
    pub const ALL: [Rule; 2] = [Rule::Uniform, Rule::Nearest];

    pub fn name(self) -> &'static str {
        match self {
            Rule::Uniform => "uniform",
            Rule::Nearest => "nearest",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Rule {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let unknown =
            || UnknownName { kind: "rule", name: name.to_owned(), known: Rule::ALL.map(Rule::name).join(", ") };
        Rule::ALL.into_iter().find(|rule| rule.name() == name).ok_or_else(unknown)
    }
}

/// Mean `f_e` of each class, as it comes (shorter than 1); none where no face has the label.
pub type Means = [Option<[f32; PART_DIM]>; Expression::ALL.len()];

/// The means of labelled faces.
pub fn means(labelled: &Labelled) -> Means {
    let mut sums = [([0.0f64; PART_DIM], 0.0f64); Expression::ALL.len()];
    for (f_e, class) in labelled.expressions().into_iter().zip(labelled.given) {
        let (sum, count) = &mut sums[class.index()];
        sum.iter_mut().zip(f_e).for_each(|(sum, number)| *sum += f64::from(*number));
        *count += 1.0;
    }
    sums.map(|(sum, count)| (count > 0.0).then(|| sum.map(|sum| (sum / count) as f32)))
}

/// Makes the labels of a share of the faces wrong (`rate`, 0 to 1, rounded to whole faces), drawn evenly: all labels,
/// and which of them are wrong now. `means` says which classes there are; where there is one alone, nothing changes.
pub fn flip(given: &[Expression], rate: f64, rule: Rule, means: &Means, seed: u64) -> (Vec<Expression>, Vec<bool>) {
    let mut random = rng_for(seed, (rate * 1e6).round() as u64, rule.name());
    let count = (rate.clamp(0.0, 1.0) * given.len() as f64).round() as usize;
    let order = Permutation::new(given.len(), &mut random);
    let (mut labels, mut wrong) = (given.to_vec(), vec![false; given.len()]);
    for face in order.iter().take(count) {
        let others: Vec<Expression> = Expression::ALL
            .into_iter()
            .filter(|class| *class != given[face] && means[class.index()].is_some())
            .collect();
        let other = match rule {
            _ if others.is_empty() => continue,
            Rule::Uniform => others[below(&mut random, others.len())],
            Rule::Nearest => nearest(given[face], &others, means),
        };
        (labels[face], wrong[face]) = (other, true);
    }
    (labels, wrong)
}

/// The one of the others, of which there is one at least, whose mean is nearest; of equal ones the first.
fn nearest(class: Expression, others: &[Expression], means: &Means) -> Expression {
    let distance = |other: Expression| match (&means[class.index()], &means[other.index()]) {
        (Some(a), Some(b)) => a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>(),
        _ => f32::INFINITY,
    };
    let nearer = |a: Expression, b: Expression| if distance(b) < distance(a) { b } else { a };
    others.iter().copied().reduce(nearer).unwrap_or(class)
}

/// Labelled faces, and how their labels are made wrong.
#[derive(Clone, Copy, Debug)]
pub struct Experiment<'a> {
    /// Labels that are taken for right.
    pub labelled: Labelled<'a>,
    /// Codes of the faces' reconstructions, one for each labelled face.
    pub reconstructions: Option<&'a [Code]>,
    /// Valence and arousal, -1 to 1, of each labelled face.
    pub moods: Option<&'a [Option<[f32; 2]>]>,
    /// Shares of labels to make wrong, 0 to 1, each by each rule.
    pub rates: &'a [f64],
    pub rules: &'a [Rule],
    pub seed: u64,
}

/// How well a score finds wrong labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoiseRow {
    pub rate: f64,
    pub rule: Rule,
    pub score: Score,
    /// Faces that have the score and are ranked by it.
    pub n: usize,
    /// How many of those have a wrong label.
    pub wrong: usize,
    /// Area under the curve of precision over recall, as the average precision; chance reaches `wrong / n`.
    pub auprc: Measured,
    /// Share of wrong labels among the first [`LOOKED_AT`], or among all where there are fewer.
    pub precision_at_100: f64,
    /// Share of all wrong labels that is found among the first `rate * n`.
    pub recall_at_budget: f64,
}

/// Makes labels wrong by every rule at every rate, and ranks them by every score that can be had: a row for each, in the
/// order of rules, rates and [`Score::ALL`]. `watch` gets the share that is done, 0 to 1, and says whether to go on; None
/// where it said no. The same experiment gives the same rows.
///
/// # Errors
/// As [`readings::read`].
pub fn measure(
    experiment: &Experiment,
    watch: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Vec<NoiseRow>>, ReadingError> {
    let means = means(&experiment.labelled);
    let rated = |rule: Rule| experiment.rates.iter().map(move |&rate| (rule, rate));
    let settings: Vec<(Rule, f64)> = experiment.rules.iter().copied().flat_map(rated).collect();
    let mut rows = Vec::new();
    for (number, &(rule, rate)) in settings.iter().enumerate() {
        let mut within = |share: f32| watch((number as f32 + share) / settings.len() as f32);
        let (given, wrong) = flip(experiment.labelled.given, rate, rule, &means, experiment.seed);
        let Some(evidence) = experiment.evidence(&given, &mut within)? else { return Ok(None) };
        let of_score = |score: &Score| row(*score, &evidence, &wrong, (rule, rate), experiment.seed);
        rows.par_extend(Score::ALL.par_iter().filter_map(of_score));
    }
    Ok(Some(rows))
}

impl Experiment<'_> {
    /// What is known of each face where these are the labels.
    fn evidence(
        &self,
        given: &[Expression],
        watch: &mut dyn FnMut(f32) -> bool,
    ) -> Result<Option<Vec<Evidence>>, ReadingError> {
        let labelled = Labelled { given, ..self.labelled };
        let Some(readings) = readings::read(&labelled, self.seed, &mut |share| watch(READING * share))? else {
            return Ok(None);
        };
        let Some(votes) = neighbours::vote(&labelled, &mut |share| watch(READING + (1.0 - READING) * share)) else {
            return Ok(None);
        };
        let reconstructions = self.reconstructions.map(|codes| of_reconstructions(&readings, codes)).transpose()?;
        let moods = self.moods.map(|moods| mood::agreements(moods, given));
        let evidence = |face: usize| Evidence {
            given: given[face],
            probabilities: readings.probabilities[face],
            averaged: readings.averaged[face],
            votes: votes[face],
            reconstruction: reconstructions.as_ref().map(|all| all[face]),
            mood: moods.as_ref().and_then(|all| all[face]),
        };
        Ok(Some((0..labelled.len()).map(evidence).collect()))
    }
}

/// Each reconstruction, read by whoever did not see its face.
fn of_reconstructions(readings: &Readings, codes: &[Code]) -> Result<Vec<Chances>, ReadingError> {
    let mut all = vec![Chances::default(); codes.len()];
    for (fold, reader) in readings.readers.iter().enumerate() {
        let faces: Vec<usize> = (0..codes.len()).filter(|&face| usize::from(readings.fold[face]) == fold).collect();
        let of_fold: Vec<Code> = faces.iter().map(|&face| codes[face]).collect();
        for (face, chances) in faces.into_iter().zip(readings::probabilities(reader, &of_fold)?) {
            all[face] = chances;
        }
    }
    Ok(all)
}

/// None where no face with a wrong label has the score.
fn row(score: Score, evidence: &[Evidence], wrong: &[bool], (rule, rate): (Rule, f64), seed: u64) -> Option<NoiseRow> {
    let qualities = evidence.iter().map(|evidence| score.of(evidence)).zip(wrong);
    // The lowest quality first.
    let (suspicions, wrong): (Vec<f32>, Vec<bool>) =
        qualities.filter(|(quality, _)| !quality.is_nan()).map(|(quality, &wrong)| (-quality, wrong)).unzip();
    let n = wrong.len();
    let auprc = average_precision::measured(&suspicions, &wrong, seed)?;
    let found = |first: usize| average_precision::found(&suspicions, &wrong, first);
    let (first, budget) = (LOOKED_AT.min(n), (rate * n as f64).round() as usize);
    let precision_at_100 = found(first) / first as f64;
    let all = wrong.iter().filter(|wrong| **wrong).count();
    let recall_at_budget = found(budget) / all as f64;
    Some(NoiseRow { rate, rule, score, n, wrong: all, auprc, precision_at_100, recall_at_budget })
}
