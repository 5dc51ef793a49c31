//! How well a ranking puts positive items first: the area under the curve of precision over recall, and what is found
//! among the first so many. Items of one score are tied: none of them comes before another.

use super::bootstrap::{self, Measured};

/// The average precision of scores of which some belong to positive items, the highest first: over all scores, the
/// share of the positive items that have it times the precision among all that have it or a higher one. Not
/// interpolated; a ranking by chance reaches the share of the positive items. None where there is no positive item.
pub fn average_precision(scores: &[f32], positive: &[bool]) -> Option<f64> {
    Ranking::new(scores, positive).average_precision(&vec![1; scores.len()])
}

/// The same with its interval.
pub fn measured(scores: &[f32], positive: &[bool], seed: u64) -> Option<Measured> {
    let ranking = Ranking::new(scores, positive);
    bootstrap::measure(scores.len(), seed, |counts| ranking.average_precision(counts))
}

/// How many positive items are among the `first` with the highest scores. Of tied items that do not all fit in, each is
/// as likely to be among them: the number is what is to be expected.
pub fn found(scores: &[f32], positive: &[bool], first: usize) -> f64 {
    let ranking = Ranking::new(scores, positive);
    let (mut room, mut found) = (first, 0.0);
    for tied in ranking.tied() {
        let positives = tied.iter().filter(|item| item.positive).count() as f64;
        let fitting = tied.len().min(room);
        found += positives * fitting as f64 / tied.len() as f64;
        room -= fitting;
        if room == 0 {
            break;
        }
    }
    found
}

/// Items in the order of their scores, the highest first.
struct Ranking {
    items: Vec<Item>,
}

struct Item {
    /// Which one it is.
    number: usize,
    score: f32,
    positive: bool,
}

impl Ranking {
    fn new(scores: &[f32], positive: &[bool]) -> Self {
        let all = scores.iter().zip(positive).enumerate();
        let mut items: Vec<Item> = all.map(|(number, (&score, &positive))| Item { number, score, positive }).collect();
        items.sort_by(|a, b| b.score.total_cmp(&a.score));
        Self { items }
    }

    /// The items of each score.
    fn tied(&self) -> impl Iterator<Item = &[Item]> {
        self.items.chunk_by(|a, b| a.score == b.score)
    }

    /// The average precision where each item counts so often.
    fn average_precision(&self, counts: &[u32]) -> Option<f64> {
        let (mut sum, mut positives, mut seen) = (0.0, 0.0, 0.0);
        for tied in self.tied() {
            let mut here = 0.0;
            for item in tied {
                let count = f64::from(counts[item.number]);
                seen += count;
                here += if item.positive { count } else { 0.0 };
            }
            if here > 0.0 {
                positives += here;
                sum += here * positives / seen;
            }
        }
        (positives > 0.0).then(|| sum / positives)
    }
}
