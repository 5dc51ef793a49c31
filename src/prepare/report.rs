//! What came of a preparation, and what was left out, counted by reason.

use serde::{Deserialize, Serialize};

use crate::data::sets::{Format, Split};

/// Names kept of what was left out for one reason.
const EXAMPLES: usize = 20;
/// Reasons told apart; a set whose words are all unknown has as many as it has words.
const MOST_REASONS: usize = 100;
const OTHER: &str = "another reason";

/// What came of a preparation: of the whole folder, those parts among them that an earlier run has prepared. A shard
/// that was in hand when it was stopped does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub format: Format,
    /// Where the set lies.
    pub source: String,
    pub written: Written,
    /// The most frequent reason first.
    pub left_out: Vec<LeftOut>,
    /// That this run took.
    pub seconds: f64,
    /// Pictures that this run passed over, since an earlier one had gone through them.
    pub resumed: u64,
    /// Whether it was stopped before its end.
    pub cancelled: bool,
}

impl Report {
    /// Pictures that were left out, for all reasons.
    pub fn left_out_count(&self) -> u64 {
        self.left_out.iter().map(|left| left.count).sum()
    }
}

/// Rows of the shards of each part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub train: u64,
    pub val: u64,
    pub test: u64,
}

impl Written {
    pub fn of(&self, split: Split) -> u64 {
        match split {
            Split::Train => self.train,
            Split::Val => self.val,
            Split::Test => self.test,
        }
    }

    pub fn total(&self) -> u64 {
        self.train + self.val + self.test
    }

    pub(super) fn add(&mut self, split: Split, rows: u64) {
        match split {
            Split::Train => self.train += rows,
            Split::Val => self.val += rows,
            Split::Test => self.test += rows,
        }
    }
}

/// Pictures that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// In a few words: "the picture is cut off or damaged".
    pub reason: String,
    pub count: u64,
    /// Names of the first of them, 20 at most.
    pub examples: Vec<String>,
}

/// What was left out so far, in the order in which the reasons came up.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Vec<LeftOut>);

impl Tally {
    /// Counts one more picture.
    pub fn add(&mut self, reason: &str, key: &str) {
        let place = self.place(reason);
        self.0[place].count += 1;
        if self.0[place].examples.len() < EXAMPLES {
            self.0[place].examples.push(key.to_owned());
        }
    }

    /// Counts what another one holds.
    pub fn add_all(&mut self, others: &[LeftOut]) {
        for other in others {
            let place = self.place(&other.reason);
            let left = &mut self.0[place];
            left.count += other.count;
            let room = EXAMPLES.saturating_sub(left.examples.len());
            left.examples.extend(other.examples.iter().take(room).cloned());
        }
    }

    /// What of this one is worth keeping behind `before`: all counts, and the examples for which there is room there.
    pub fn behind(mut self, before: &Tally) -> Vec<LeftOut> {
        for left in &mut self.0 {
            let known = before.0.iter().find(|known| known.reason == left.reason);
            let kept = match known {
                Some(known) => known.examples.len(),
                None if before.0.len() < MOST_REASONS => 0,
                None => EXAMPLES,
            };
            left.examples.truncate(EXAMPLES.saturating_sub(kept));
        }
        self.0
    }

    /// The most frequent reason first, equally frequent ones in the order in which they came up.
    pub fn sorted(mut self) -> Vec<LeftOut> {
        self.0.sort_by_key(|left| std::cmp::Reverse(left.count));
        self.0
    }

    fn place(&mut self, reason: &str) -> usize {
        let known = |reasons: &[LeftOut], reason: &str| reasons.iter().position(|left| left.reason == reason);
        if let Some(place) = known(&self.0, reason) {
            return place;
        }
        let reason = if self.0.len() < MOST_REASONS { reason } else { OTHER };
        known(&self.0, reason).unwrap_or_else(|| {
            self.0.push(LeftOut { reason: reason.to_owned(), count: 0, examples: Vec::new() });
            self.0.len() - 1
        })
    }
}
