//! Some of many items that come one after the other, spread over all of them: sets are often sorted by person or by
//! class, and the first so many would be of a few people or of one class.

/// Says which items, one by one.
pub(super) struct Spread {
    /// Items that are still to come.
    rest: u64,
    /// From 1 on, it is the next one's turn.
    due: f64,
}

impl Spread {
    /// Over so many items, or nearly.
    pub fn over(count: u64) -> Self {
        Spread { rest: count, due: 1.0 }
    }

    /// Whether the next item is one of them, the first for sure; `left` are still wanted. An item that was of no use is
    /// made up for by later ones, and what comes past the count is taken as it comes.
    pub fn takes(&mut self, left: usize) -> bool {
        self.due += left as f64 / self.rest.max(1) as f64;
        self.rest = self.rest.saturating_sub(1);
        let takes = left > 0 && self.due >= 1.0;
        if takes {
            self.due -= 1.0;
        }
        takes
    }
}

/// The places of `most` of `count` items at most, spread over all of them, in order.
pub fn places(count: usize, most: usize) -> Vec<usize> {
    let taken = count.min(most);
    (0..taken).map(|place| place * count / taken).collect()
}
