//! Area under the receiver's curve: how often a positive item scores above a negative one, ties counting half.

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Draws, Measured};
use crate::face::Expression;

/// The area for scores of which some belong to positive items; none where there is no positive or no negative one.
pub fn auc(scores: &[f32], positive: &[bool]) -> Option<f64> {
    Ranking::new(scores, positive).auc(&vec![1; scores.len()])
}

/// The same with its interval.
pub fn measured<'a>(scores: &[f32], positive: &[bool], draws: impl Into<Draws<'a>>) -> Option<Measured> {
    let ranking = Ranking::new(scores, positive);
    bootstrap::measure(scores.len(), draws, |counts| ranking.auc(counts))
}

/// Items in the order of their scores.
struct Ranking {
    /// Number, score and kind of each item, lowest score first.
    items: Vec<(usize, f32, bool)>,
}

impl Ranking {
    fn new(scores: &[f32], positive: &[bool]) -> Self {
        let mut items: Vec<_> =
            scores.iter().zip(positive).enumerate().map(|(i, (&score, &positive))| (i, score, positive)).collect();
        items.sort_by(|a, b| a.1.total_cmp(&b.1));
        Self { items }
    }

    /// The area where each item counts so often.
    fn auc(&self, counts: &[u32]) -> Option<f64> {
        let (mut wins, mut positives, mut negatives) = (0.0, 0.0, 0.0);
        // Items of one score are tied.
        for tied in self.items.chunk_by(|a, b| a.1 == b.1) {
            let (mut positives_here, mut negatives_here) = (0.0, 0.0);
            for &(item, _, positive) in tied {
                let count = f64::from(counts[item]);
                if positive {
                    positives_here += count;
                } else {
                    negatives_here += count;
                }
            }
            wins += positives_here * (negatives + 0.5 * negatives_here);
            positives += positives_here;
            negatives += negatives_here;
        }
        (positives > 0.0 && negatives > 0.0).then(|| wins / (positives * negatives))
    }
}

/// A class against all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassAuc {
    pub class: Expression,
    /// Of all items.
    pub auc: Measured,
    /// Items of this class.
    pub n: usize,
}

/// Every class against all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneVsRest {
    pub classes: Vec<ClassAuc>,
    /// The mean over these classes, each counting the same.
    pub mean: Measured,
}

/// One-vs-rest areas of items with a score for each of the eight classes; classes without an item are left out. None
/// where the items are of one class or there are none.
pub fn one_vs_rest<'a, R: AsRef<[f32]>>(
    scores: &[R],
    labels: &[Expression],
    draws: impl Into<Draws<'a>>,
) -> Option<OneVsRest> {
    let rankings = Rankings::new(scores, labels);
    let mut figures = bootstrap::measure_each(labels.len(), draws, |counts| {
        let mut areas = rankings.areas(counts);
        let mean = mean(&areas);
        areas.push(mean);
        areas
    });
    let mean = figures.pop()??;
    let class = |(&(class, n), auc): (&(Expression, usize), Option<Measured>)| Some(ClassAuc { class, auc: auc?, n });
    Some(OneVsRest { classes: rankings.classes.iter().zip(figures).map(class).collect::<Option<_>>()?, mean })
}

/// How much larger the mean of the one-vs-rest areas is by some scores than by others of the same items.
pub fn gap<'a, R: AsRef<[f32]>>(
    scores: &[R],
    others: &[R],
    labels: &[Expression],
    draws: impl Into<Draws<'a>>,
) -> Option<Measured> {
    let both = [scores, others].map(|scores| Rankings::new(scores, labels));
    bootstrap::measure(labels.len(), draws, |counts| {
        let [by_scores, by_others] = both.each_ref().map(|rankings| mean(&rankings.areas(counts)));
        Some(by_scores? - by_others?)
    })
}

/// The rankings of all classes that have an item and are not all there is.
struct Rankings {
    /// With the number of their items.
    classes: Vec<(Expression, usize)>,
    of_class: Vec<Ranking>,
}

impl Rankings {
    fn new<R: AsRef<[f32]>>(scores: &[R], labels: &[Expression]) -> Self {
        let (mut classes, mut of_class) = (Vec::new(), Vec::new());
        for class in Expression::ALL {
            let positive: Vec<bool> = labels.iter().map(|&label| label == class).collect();
            let n = positive.iter().filter(|&&positive| positive).count();
            if 0 < n && n < labels.len() {
                let column: Vec<f32> = scores.iter().map(|row| row.as_ref()[class.index()]).collect();
                classes.push((class, n));
                of_class.push(Ranking::new(&column, &positive));
            }
        }
        Self { classes, of_class }
    }

    fn areas(&self, counts: &[u32]) -> Vec<Option<f64>> {
        self.of_class.iter().map(|ranking| ranking.auc(counts)).collect()
    }
}

/// The mean of the areas that a sample allows; none where it allows none.
fn mean(areas: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = areas.iter().copied().flatten().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}
