//! Area under the receiver's curve: how often a positive item scores above a negative one, ties counting half.

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Measured};
use crate::face::Expression;

/// The area for scores of which some belong to positive items; none where there is no positive or no negative one.
pub fn auc(scores: &[f32], positive: &[bool]) -> Option<f64> {
    Ranking::new(scores, positive).auc(&vec![1; scores.len()])
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
            let total = |kind: bool| -> f64 {
                tied.iter().filter(|item| item.2 == kind).map(|item| f64::from(counts[item.0])).sum()
            };
            let (positives_here, negatives_here) = (total(true), total(false));
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
    pub auc: f64,
    /// Items of this class.
    pub n: usize,
}

/// Every class against all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneVsRest {
    pub classes: Vec<ClassAuc>,
    /// The mean over these classes.
    pub mean: Measured,
}

/// One-vs-rest areas of items with a score for each of the eight classes; classes without an item are left out. None
/// where the items are of one class or there are none.
pub fn one_vs_rest<R: AsRef<[f32]>>(scores: &[R], labels: &[Expression], seed: u64) -> Option<OneVsRest> {
    let mut rankings = Vec::new();
    let mut classes = Vec::new();
    for class in Expression::ALL {
        let of_class: Vec<bool> = labels.iter().map(|&label| label == class).collect();
        let column: Vec<f32> = scores.iter().map(|row| row.as_ref()[class.index()]).collect();
        let ranking = Ranking::new(&column, &of_class);
        if let Some(auc) = ranking.auc(&vec![1; labels.len()]) {
            classes.push(ClassAuc { class, auc, n: of_class.iter().filter(|&&of_class| of_class).count() });
            rankings.push(ranking);
        }
    }
    let mean = bootstrap::measure(labels.len(), seed, |counts| {
        let areas: Vec<f64> = rankings.iter().filter_map(|ranking| ranking.auc(counts)).collect();
        (!areas.is_empty()).then(|| areas.iter().sum::<f64>() / areas.len() as f64)
    })?;
    Some(OneVsRest { classes, mean })
}
