//! Which part of the code says what, on faces whose truth is known (synthetic ones): how well each attribute is read
//! from each part, and from everything but its own part. A good code reads each attribute better from its own part
//! than from the rest.
//!
//! Numbers are read by ridge regression and judged by R^2, classes by a ridge classifier and balanced accuracy, each
//! in five folds of whole people. People themselves are read by the nearest mean of a person's other pictures, in five
//! folds of pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use super::ridge::Features;
use super::{Subset, folds};
use crate::face::Part;
use crate::nn::Code;

/// Something that is known of every face.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub name: String,
    /// The part of the code that should say it.
    pub part: Part,
    pub values: Values,
}

/// What an attribute is, for each face.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    Numbers(Vec<f32>),
    Classes(Vec<usize>),
    /// Who it is; no person of a test was left out of the training.
    People,
}

/// How an attribute's reading is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Share of the variance that is explained; below 0 where the mean would have been the better guess.
    #[serde(rename = "R2")]
    R2,
    /// Mean over classes of the share that is read rightly.
    #[serde(rename = "balanced accuracy")]
    BalancedAccuracy,
    /// Share of the faces that are read rightly.
    #[serde(rename = "accuracy")]
    Accuracy,
}

impl Measure {
    pub fn name(self) -> &'static str {
        match self {
            Measure::R2 => "R2",
            Measure::BalancedAccuracy => "balanced accuracy",
            Measure::Accuracy => "accuracy",
        }
    }
}

/// How well an attribute is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub attribute: String,
    /// Name of the part that should say it.
    pub own_part: String,
    pub measure: Measure,
    /// From pose, identity, expression and style, each alone.
    pub from_part: [f64; 4],
    /// From everything but its own part.
    pub from_rest: f64,
    /// What guessing would reach.
    pub chance: f64,
}

impl Row {
    /// From its own part.
    pub fn from_own(&self) -> f64 {
        let place = Part::ALL.iter().position(|part| part.name() == self.own_part);
        // A row is made of a part's own name.
        place.map_or(f64::NAN, |place| self.from_part[place])
    }

    /// Whether its own part says more than the rest.
    pub fn is_disentangled(&self) -> bool {
        self.from_own() > self.from_rest
    }
}

/// How well every attribute is read; its text has a line for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub faces: usize,
    pub people: usize,
    pub rows: Vec<Row>,
}

/// Reads all attributes of faces with the codes `f`; `people` says who each face is. Attributes that are the same for
/// all faces are left out. None where there are fewer than two people or nothing is left.
pub fn table(codes: &[Code], people: &[usize], attributes: &[Attribute], seed: u64) -> Option<Table> {
    let by_person = folds::by_group(people, seed)?;
    let each: Vec<usize> = (0..codes.len()).collect();
    let by_picture = folds::by_group(&each, seed)?;
    let reading = Reading { codes, folds: &by_person };
    let mut rows = Vec::new();
    for part in Part::ALL {
        rows.extend(reading.numbers(&of_part(attributes, part), part));
        for attribute in of_part(attributes, part) {
            match &attribute.values {
                Values::Numbers(_) => {}
                Values::Classes(classes) => rows.extend(reading.classes(attribute, classes)),
                Values::People => {
                    rows.extend(Reading { codes, folds: &by_picture }.people(attribute, people));
                }
            }
        }
    }
    let distinct: BTreeSet<usize> = people.iter().copied().collect();
    (!rows.is_empty()).then_some(Table { faces: codes.len(), people: distinct.len(), rows })
}

fn of_part(attributes: &[Attribute], part: Part) -> Vec<&Attribute> {
    attributes.iter().filter(|attribute| attribute.part == part).collect()
}

/// What attributes of `part` are read from: the four parts, and all but their own.
fn subsets(part: Part) -> [Subset; 5] {
    let [pose, identity, expression, style] = Part::ALL.map(Subset::Only);
    [pose, identity, expression, style, Subset::Without(part)]
}

fn row(attribute: &Attribute, measure: Measure, [a, b, c, d, from_rest]: [f64; 5], chance: f64) -> Row {
    let own_part = attribute.part.name().to_owned();
    Row { attribute: attribute.name.clone(), own_part, measure, from_part: [a, b, c, d], from_rest, chance }
}

/// Codes in folds.
struct Reading<'a> {
    codes: &'a [Code],
    folds: &'a [usize],
}

impl Reading<'_> {
    /// The numbers among the attributes of a part, all at once.
    fn numbers(&self, attributes: &[&Attribute], part: Part) -> Vec<Row> {
        let numbers: Vec<(&Attribute, &[f32])> = attributes
            .iter()
            .filter_map(|&attribute| match &attribute.values {
                Values::Numbers(values) if values.iter().any(|value| *value != values[0]) => {
                    Some((attribute, values.as_slice()))
                }
                _ => None,
            })
            .collect();
        if numbers.is_empty() {
            return Vec::new();
        }
        let truth = DMatrix::from_fn(self.codes.len(), numbers.len(), |i, j| f64::from(numbers[j].1[i]));
        let weights = vec![1.0; self.codes.len()];
        let scores = subsets(part).map(|subset| match self.predicted(subset, &truth, &weights) {
            Some(predicted) => explained(&truth, &predicted),
            None => vec![f64::NAN; numbers.len()],
        });
        let of = |(j, (attribute, _)): (usize, &(&Attribute, &[f32]))| {
            row(attribute, Measure::R2, scores.each_ref().map(|scores| scores[j]), 0.0)
        };
        numbers.iter().enumerate().map(of).collect()
    }

    fn classes(&self, attribute: &Attribute, classes: &[usize]) -> Option<Row> {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        classes.iter().for_each(|&class| *counts.entry(class).or_default() += 1.0);
        if counts.len() < 2 {
            return None;
        }
        let known: Vec<usize> = counts.keys().copied().collect();
        let truth = DMatrix::from_fn(classes.len(), known.len(), |i, j| if classes[i] == known[j] { 1.0 } else { 0.0 });
        // All classes count the same, however many faces they have.
        let share = classes.len() as f64 / known.len() as f64;
        let weights: Vec<f64> = classes.iter().map(|class| share / counts[class]).collect();
        let scores = subsets(attribute.part).map(|subset| {
            let Some(predicted) = self.predicted(subset, &truth, &weights) else { return f64::NAN };
            let best = |scores: &[f64]| (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
            let guess = |i: usize| known[best(&predicted.row(i).iter().copied().collect::<Vec<f64>>())];
            let guesses: Vec<usize> = (0..classes.len()).map(guess).collect();
            balanced_accuracy(classes, &guesses)
        });
        Some(row(attribute, Measure::BalancedAccuracy, scores, 1.0 / known.len() as f64))
    }

    fn people(&self, attribute: &Attribute, people: &[usize]) -> Option<Row> {
        let distinct: BTreeSet<usize> = people.iter().copied().collect();
        if distinct.len() < 2 {
            return None;
        }
        let scores = subsets(attribute.part).map(|subset| self.nearest_means(subset, people).unwrap_or(f64::NAN));
        Some(row(attribute, Measure::Accuracy, scores, 1.0 / distinct.len() as f64))
    }

    /// Each face as predicted by the other folds: a row for each, a column for each target.
    fn predicted(&self, subset: Subset, truth: &DMatrix<f64>, weights: &[f64]) -> Option<DMatrix<f64>> {
        let places = subset.places();
        let features = Features { codes: self.codes, places: &places };
        let mut all = DMatrix::zeros(truth.nrows(), truth.ncols());
        for fold in 0..folds::count(self.folds) {
            let (train, test) = folds::split(self.folds, fold);
            let of_train: Vec<f64> = train.iter().map(|&i| weights[i]).collect();
            let predicted = features.predict(&train, &truth.select_rows(&train), &of_train, &test)?;
            for (from, &to) in test.iter().enumerate() {
                all.row_mut(to).copy_from(&predicted.row(from));
            }
        }
        Some(all)
    }

    /// Share of the faces that lie nearest to the mean of their own person's other faces; people who have none in the
    /// other folds are passed over. None where that is everybody.
    fn nearest_means(&self, subset: Subset, people: &[usize]) -> Option<f64> {
        let parts: Vec<Vec<f32>> = self.codes.iter().map(|f| subset.of(f)).collect();
        let (mut right, mut total) = (0, 0);
        for fold in 0..folds::count(self.folds) {
            let (train, test) = folds::split(self.folds, fold);
            let means = means(&parts, people, &train);
            for &face in test.iter().filter(|&&face| means.contains_key(&people[face])) {
                let distance = |mean: &[f32]| parts[face].iter().zip(mean).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
                let nearest = means.iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
                right += usize::from(nearest.is_some_and(|(&person, _)| person == people[face]));
                total += 1;
            }
        }
        (total > 0).then(|| right as f64 / total as f64)
    }
}

/// The mean of each person's faces among `items`.
fn means(parts: &[Vec<f32>], people: &[usize], items: &[usize]) -> BTreeMap<usize, Vec<f32>> {
    let mut sums: BTreeMap<usize, (Vec<f32>, f32)> = BTreeMap::new();
    for &item in items {
        let (sum, count) = sums.entry(people[item]).or_insert_with(|| (vec![0.0; parts[item].len()], 0.0));
        sum.iter_mut().zip(&parts[item]).for_each(|(sum, number)| *sum += number);
        *count += 1.0;
    }
    let mean = |(person, (sum, count)): (usize, (Vec<f32>, f32))| {
        (person, sum.iter().map(|v| v / count).collect::<Vec<f32>>())
    };
    sums.into_iter().map(mean).collect()
}

/// R^2 of each column.
fn explained(truth: &DMatrix<f64>, predicted: &DMatrix<f64>) -> Vec<f64> {
    let of = |j: usize| {
        let (truth, predicted) = (truth.column(j), predicted.column(j));
        let mean = truth.mean();
        let spread: f64 = truth.iter().map(|value| (value - mean).powi(2)).sum();
        let left: f64 = truth.iter().zip(predicted.iter()).map(|(value, guess)| (value - guess).powi(2)).sum();
        1.0 - left / spread
    };
    (0..truth.ncols()).map(of).collect()
}

/// The mean over classes of the share of their items that are guessed.
fn balanced_accuracy(truth: &[usize], guesses: &[usize]) -> f64 {
    let mut classes: BTreeMap<usize, [f64; 2]> = BTreeMap::new();
    for (class, guess) in truth.iter().zip(guesses) {
        let [right, total] = classes.entry(*class).or_default();
        *right += f64::from(u8::from(class == guess));
        *total += 1.0;
    }
    classes.values().map(|[right, total]| right / total).sum::<f64>() / classes.len().max(1) as f64
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.attribute.len()).max().unwrap_or(0).max("attribute".len());
        writeln!(f, "{:width$}  own part    measure            pose     id   expr  style   rest", "attribute")?;
        for row in &self.rows {
            write!(f, "{:width$}  {:10}  {:17}", row.attribute, row.own_part, row.measure.name())?;
            for value in row.from_part.iter().chain([&row.from_rest]) {
                write!(f, "  {value:5.2}")?;
            }
            writeln!(f, "{}", if row.is_disentangled() { "" } else { "  the rest says more" })?;
        }
        let good = self.rows.iter().filter(|row| row.is_disentangled()).count();
        writeln!(
            f,
            "{good} of {} attributes are read better from their own part than from the rest ({} faces of {} people)",
            self.rows.len(),
            self.faces,
            self.people
        )
    }
}
