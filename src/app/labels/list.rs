//! The faces in the order in which their labels are doubted, and the way through them.

use super::OpenAudit;
use crate::engine::audit::{FaceKey, RankAnswer, RankRequest};

/// How many of the faces that come next are made ready.
const AHEAD: usize = 2;

/// All that a list depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub request: RankRequest,
    /// Counts the times that the audit's rows came anew.
    pub revision: u64,
    /// Counts the verdicts, where these are filtered by.
    pub verdicts: u64,
}

/// The newest list, and the one that is on its way.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub revision: u64,
    pub verdicts: u64,
    /// What was asked for last, and the number of its answer.
    pub asked: Option<(Wanted, u64)>,
    /// Number of the first answer that is about this audit.
    pub first: u64,
    /// Number of the newest answer, also of one that says what was wrong.
    pub answered: u64,
    pub answer: Option<RankAnswer>,
    /// Why the newest list could not be made; the one before it stays.
    pub error: Option<String>,
    /// Where in the list the face stands that is looked at; none while it is not on it.
    pub at: Option<usize>,
    /// Where it stood last.
    last: usize,
    /// Counts the times that the face that is looked at is to be brought into sight.
    pub seeks: u64,
}

impl Listing {
    /// Nothing of it, for another audit; its numbers go on.
    pub fn next_audit(self) -> Self {
        Listing {
            revision: self.revision + 1,
            verdicts: self.verdicts,
            answered: self.answered,
            seeks: self.seeks,
            ..Listing::default()
        }
    }

    /// Places of rows, the most doubtful first.
    pub fn order(&self) -> &[u32] {
        self.answer.as_ref().map_or(&[], |answer| &answer.order)
    }

    /// Whether a newer list is on its way.
    pub fn is_busy(&self) -> bool {
        self.asked.as_ref().is_some_and(|(_, number)| *number > self.answered)
    }

    /// A newer list; one that only says what was wrong leaves the one before it. `looked_at` is the place of a row.
    pub fn take(&mut self, mut answer: RankAnswer, looked_at: Option<u32>) {
        self.answered = answer.number;
        self.error = answer.error.take();
        if self.error.is_some() {
            return;
        }
        self.answer = Some(answer);
        self.at = None;
        if let Some(place) = looked_at {
            self.follow(place);
        }
    }

    /// Another row is looked at: where it stands in the list, and that it is to be seen there.
    pub fn follow(&mut self, place: u32) {
        let near = self.at.unwrap_or(self.last);
        let order = self.order();
        // It is nearly always a neighbour of the one before.
        let mut beside = near.saturating_sub(1)..(near + 2).min(order.len());
        let found = beside.find(|at| order[*at] == place);
        self.at = found.or_else(|| order.iter().position(|listed| *listed == place));
        self.last = self.at.unwrap_or(self.last);
        self.seeks += 1;
    }

    /// The row so many places further down, or up; where none is looked at, the one that has taken its place.
    pub fn step(&self, by: isize) -> Option<u32> {
        let order = self.order();
        let end = order.len().checked_sub(1)?;
        let to = self.at.map_or(self.last, |at| at.saturating_add_signed(by));
        Some(order[to.min(end)])
    }

    /// The next row without a verdict, from the top again where there is none further down.
    pub fn unjudged(&self, audit: &OpenAudit) -> Option<u32> {
        self.ahead_of(audit).next()
    }

    /// The faces that will probably be looked at next.
    pub fn ahead(&self, audit: &OpenAudit) -> Vec<FaceKey> {
        let faces = self.ahead_of(audit).filter_map(|place| audit.row(place).map(|row| row.face));
        faces.take(AHEAD).collect()
    }

    /// All rows of the list without a verdict, from the one behind that which is looked at round to that.
    fn ahead_of<'a>(&'a self, audit: &'a OpenAudit) -> impl Iterator<Item = u32> + 'a {
        let order = self.order();
        let (start, looked_at) = match self.at {
            Some(at) => ((at + 1).min(order.len()), order.get(at).copied()),
            None => (self.last.min(order.len()), None),
        };
        let round = order[start..].iter().chain(&order[..start]).copied();
        round.filter(move |place| Some(*place) != looked_at && audit.verdict(*place).is_none())
    }
}
