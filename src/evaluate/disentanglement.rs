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
use serde_json::{Value, json};

use super::bootstrap::{self, Draws, Measured};
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
    /// The part that should say it.
    pub own_part: Part,
    pub measure: Measure,
    /// From pose, identity, expression and style, each alone.
    pub from_part: [Measured; 4],
    /// From everything but its own part.
    pub from_rest: Measured,
    /// What guessing would reach.
    pub chance: f64,
}

impl Row {
    /// From its own part.
    pub fn from_own(&self) -> Measured {
        self.from_part[self.own_part as usize]
    }

    /// Whether its own part says more than the rest.
    pub fn is_disentangled(&self) -> bool {
        self.from_own().value > self.from_rest.value
    }
}

/// How well every attribute is read; its text has a line for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub faces: usize,
    pub people: usize,
    /// Share of the attributes that are read better from their own part than from the rest. Its `n` counts attributes;
    /// its interval is over people, as all are.
    pub own_part: Measured,
    pub rows: Vec<Row>,
}

impl Table {
    /// Its figures without intervals, as a training's metrics keep them.
    pub fn plain(&self) -> Value {
        let row = |row: &Row| {
            json!({
                "attribute": row.attribute,
                "own_part": row.own_part,
                "measure": row.measure,
                "from_part": row.from_part.map(|figure| figure.value),
                "from_rest": row.from_rest.value,
                "chance": row.chance,
            })
        };
        json!({ "faces": self.faces, "people": self.people, "rows": self.rows.iter().map(row).collect::<Vec<Value>>() })
    }
}

/// Reads all attributes of faces with the codes `f`; `people` says who each face is, and intervals are over whole people.
/// Attributes that are the same for all faces are left out. None where there are fewer than two people or nothing is
/// left.
pub fn table(codes: &[Code], people: &[usize], attributes: &[Attribute], seed: u64) -> Option<Table> {
    let by_person = folds::by_group(people, seed)?;
    let each: Vec<usize> = (0..codes.len()).collect();
    let by_picture = folds::by_group(&each, seed)?;
    let reading = Reading { codes, folds: &by_person };
    let mut read = Vec::new();
    for part in Part::ALL {
        read.extend(reading.numbers(&of_part(attributes, part), part));
        for attribute in of_part(attributes, part) {
            match &attribute.values {
                Values::Numbers(_) => {}
                Values::Classes(classes) => read.extend(reading.classes(attribute, classes)),
                Values::People => read.extend(Reading { codes, folds: &by_picture }.people(attribute, people)),
            }
        }
    }
    // All of a sample together, so that it is known of each sample which attributes are read better from their own part.
    let draws = Draws::by_group(seed, people);
    let mut figures = bootstrap::measure_each(codes.len(), draws, |drawn| scores(&read, drawn));
    let share = figures.pop()??;
    let of_each = figures.as_chunks::<5>().0;
    let rows: Vec<Row> = read.iter().zip(of_each).filter_map(|(read, figures)| read.row(figures)).collect();
    let distinct: BTreeSet<usize> = people.iter().copied().collect();
    let own_part = Measured { n: rows.len(), ..share };
    (!rows.is_empty()).then_some(Table { faces: codes.len(), people: distinct.len(), own_part, rows })
}

fn of_part(attributes: &[Attribute], part: Part) -> Vec<&Attribute> {
    attributes.iter().filter(|attribute| attribute.part == part).collect()
}

/// What attributes of `part` are read from: the four parts, and all but their own.
fn subsets(part: Part) -> [Subset; 5] {
    let [pose, identity, expression, style] = Part::ALL.map(Subset::Only);
    [pose, identity, expression, style, Subset::Without(part)]
}

/// The five scores of every attribute, one after the other, of faces that count so often each; and last the share of the
/// attributes that are read better from their own part than from the rest.
fn scores(read: &[Read], counts: &[u32]) -> Vec<Option<f64>> {
    let mut all = Vec::with_capacity(5 * read.len() + 1);
    let (mut better, mut known) = (0.0, 0.0);
    for one in read {
        let scores = one.guesses.each_ref().map(|guesses| guesses.score(counts));
        if let (Some(own), Some(rest)) = (scores[one.attribute.part as usize], scores[4]) {
            known += 1.0;
            better += if own > rest { 1.0 } else { 0.0 };
        }
        all.extend(scores);
    }
    all.push((known > 0.0).then(|| better / known));
    all
}

/// What was read of an attribute, in the order of [`subsets`].
struct Read<'a> {
    attribute: &'a Attribute,
    measure: Measure,
    guesses: [Guesses; 5],
    /// What guessing would reach.
    chance: f64,
}

impl Read<'_> {
    /// None where something could not be judged.
    fn row(&self, figures: &[Option<Measured>; 5]) -> Option<Row> {
        let n = self.guesses[0].faces();
        let [pose, identity, expression, style, from_rest] =
            figures.map(|figure| figure.map(|figure| Measured { n, ..figure }));
        Some(Row {
            attribute: self.attribute.name.clone(),
            own_part: self.attribute.part,
            measure: self.measure,
            from_part: [pose?, identity?, expression?, style?],
            from_rest: from_rest?,
            chance: self.chance,
        })
    }
}

/// What was read of an attribute from some numbers of the code, face by face.
enum Guesses {
    /// How far the truth lies from its mean, and from what was predicted.
    Numbers(Vec<[f64; 2]>),
    /// The class and what was guessed, each one of `classes`.
    Classes { guesses: Vec<[usize; 2]>, classes: usize },
    /// Faces by their numbers, and 1 for a face that was taken for its own person, 0 elsewhere; others were not judged.
    People(Vec<(usize, f64)>),
}

impl Guesses {
    /// Faces that were judged.
    fn faces(&self) -> usize {
        match self {
            Guesses::Numbers(offsets) => offsets.len(),
            Guesses::Classes { guesses, .. } => guesses.len(),
            Guesses::People(right) => right.len(),
        }
    }

    /// As the attribute's [`Measure`] judges faces that count so often each; none where they do not allow it.
    fn score(&self, counts: &[u32]) -> Option<f64> {
        match self {
            Guesses::Numbers(offsets) => explained(offsets, counts),
            Guesses::Classes { guesses, classes } => balanced_accuracy(guesses, *classes, counts),
            Guesses::People(right) => share_right(right, counts),
        }
    }
}

/// None where one is missing.
fn whole<T>(five: [Option<T>; 5]) -> Option<[T; 5]> {
    let [a, b, c, d, e] = five;
    Some([a?, b?, c?, d?, e?])
}

/// Codes in folds.
struct Reading<'a> {
    codes: &'a [Code],
    folds: &'a [usize],
}

impl Reading<'_> {
    /// The numbers among the attributes of a part, all at once.
    fn numbers<'a>(&self, attributes: &[&'a Attribute], part: Part) -> Vec<Read<'a>> {
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
        let predicted = subsets(part).map(|subset| self.predicted(subset, &truth, &weights));
        let Some(predicted) = whole(predicted) else { return Vec::new() };
        let offsets = |j: usize, predicted: &DMatrix<f64>| {
            let (truth, predicted) = (truth.column(j), predicted.column(j));
            let mean = truth.mean();
            Guesses::Numbers(
                truth.iter().zip(predicted.iter()).map(|(value, guess)| [value - mean, value - guess]).collect(),
            )
        };
        let of = |(j, &(attribute, _)): (usize, &(&'a Attribute, &[f32]))| {
            let guesses = predicted.each_ref().map(|predicted| offsets(j, predicted));
            Read { attribute, measure: Measure::R2, guesses, chance: 0.0 }
        };
        numbers.iter().enumerate().map(of).collect()
    }

    fn classes<'a>(&self, attribute: &'a Attribute, classes: &[usize]) -> Option<Read<'a>> {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        classes.iter().for_each(|&class| *counts.entry(class).or_default() += 1.0);
        if counts.len() < 2 {
            return None;
        }
        let known: BTreeMap<usize, usize> = counts.keys().enumerate().map(|(place, &class)| (class, place)).collect();
        let places: Vec<usize> = classes.iter().map(|class| known[class]).collect();
        let truth = DMatrix::from_fn(classes.len(), known.len(), |i, j| if places[i] == j { 1.0 } else { 0.0 });
        // All classes count the same, however many faces they have.
        let share = classes.len() as f64 / known.len() as f64;
        let weights: Vec<f64> = classes.iter().map(|class| share / counts[class]).collect();
        let guesses = subsets(attribute.part).map(|subset| {
            let predicted = self.predicted(subset, &truth, &weights)?;
            let best = |i: usize| {
                let scores = predicted.row(i);
                (0..known.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0)
            };
            let guesses = places.iter().enumerate().map(|(i, &place)| [place, best(i)]).collect();
            Some(Guesses::Classes { guesses, classes: known.len() })
        });
        let chance = 1.0 / known.len() as f64;
        Some(Read { attribute, measure: Measure::BalancedAccuracy, guesses: whole(guesses)?, chance })
    }

    fn people<'a>(&self, attribute: &'a Attribute, people: &[usize]) -> Option<Read<'a>> {
        let distinct: BTreeSet<usize> = people.iter().copied().collect();
        if distinct.len() < 2 {
            return None;
        }
        let guesses = subsets(attribute.part).map(|subset| Guesses::People(self.nearest_means(subset, people)));
        Some(Read { attribute, measure: Measure::Accuracy, guesses, chance: 1.0 / distinct.len() as f64 })
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

    /// Each face, and 1 where it lies nearest to the mean of its own person's other faces, 0 elsewhere; faces of people who
    /// have none in the other folds are passed over.
    fn nearest_means(&self, subset: Subset, people: &[usize]) -> Vec<(usize, f64)> {
        let parts: Vec<Vec<f32>> = self.codes.iter().map(|f| subset.of(f)).collect();
        let mut all = Vec::new();
        for fold in 0..folds::count(self.folds) {
            let (train, test) = folds::split(self.folds, fold);
            let means = means(&parts, people, &train);
            for &face in test.iter().filter(|&&face| means.contains_key(&people[face])) {
                let distance = |mean: &[f32]| parts[face].iter().zip(mean).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
                let nearest = means.iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
                let is_right = nearest.is_some_and(|(&person, _)| person == people[face]);
                all.push((face, f64::from(u8::from(is_right))));
            }
        }
        all
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

/// R^2 of items that count so often each: of offsets from the mean and from what was predicted. None where they do not
/// vary.
fn explained(offsets: &[[f64; 2]], counts: &[u32]) -> Option<f64> {
    let (mut total, mut sum, mut squares, mut left) = (0.0, 0.0, 0.0, 0.0);
    for ([offset, missed], &count) in offsets.iter().zip(counts) {
        let count = f64::from(count);
        total += count;
        sum += count * offset;
        squares += count * offset * offset;
        left += count * missed * missed;
    }
    let spread = squares - sum * sum / total;
    (spread > 0.0).then(|| 1.0 - left / spread)
}

/// The mean over classes of the share of their items that are guessed: of a class and a guess for each item, where items
/// count so often each.
fn balanced_accuracy(guesses: &[[usize; 2]], classes: usize, counts: &[u32]) -> Option<f64> {
    let mut of_class = vec![[0.0; 2]; classes];
    for (&[class, guess], &count) in guesses.iter().zip(counts) {
        let [right, total] = &mut of_class[class];
        *total += f64::from(count);
        *right += if class == guess { f64::from(count) } else { 0.0 };
    }
    let there = of_class.iter().filter(|[_, total]| *total > 0.0);
    let shares: Vec<f64> = there.map(|[right, total]| right / total).collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

/// The share of some items that are right, where items count so often each.
fn share_right(right: &[(usize, f64)], counts: &[u32]) -> Option<f64> {
    let (mut sum, mut total) = (0.0, 0.0);
    for &(item, right) in right {
        let count = f64::from(counts[item]);
        sum += count * right;
        total += count;
    }
    (total > 0.0).then(|| sum / total)
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.attribute.len()).max().unwrap_or(0).max("attribute".len());
        writeln!(f, "{:width$}  own part    measure            pose     id   expr  style   rest", "attribute")?;
        for row in &self.rows {
            write!(f, "{:width$}  {:10}  {:17}", row.attribute, row.own_part.name(), row.measure.name())?;
            for figure in row.from_part.iter().chain([&row.from_rest]) {
                write!(f, "  {:5.2}", figure.value)?;
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
