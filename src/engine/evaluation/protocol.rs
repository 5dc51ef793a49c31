//! What crosses between the window and the evaluations' threads: plain records and pictures, never tensors.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::protocol::Setup;
use crate::evaluate::options::Options;
use crate::evaluate::report::{Comparison, HTML, Report};
use crate::evaluate::run::Step;

/// What is to be measured, on what, and where the report goes.
#[derive(Clone, Debug)]
pub struct Request {
    /// Shards of crops, folders of them, published sets.
    pub data: Vec<PathBuf>,
    pub options: Options,
    /// The report's folder: made where it is missing. What an earlier evaluation left in it and still holds is reused.
    pub out: PathBuf,
    /// Device and weights that are measured. The networks are opened for this evaluation alone, so that the window's
    /// stay free.
    pub setup: Setup,
}

/// How far the evaluation in hand is; only its current state, never a queue of old ones.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationProgress {
    /// Of its ticket.
    pub number: u64,
    /// Name of the set in hand.
    pub set: String,
    pub step: Step,
    /// Done of that step, and all of it: pictures that are prepared or read, a part's own pieces; all is 0 before it is
    /// known.
    pub of_step: [u64; 2],
    /// In estimated work, over all sets and parts; it never falls.
    pub done: u64,
    pub total: u64,
    /// Since the evaluation began.
    pub elapsed: Duration,
    /// Until its end, by how fast it went until now; none before that can be said.
    pub left: Option<Duration>,
}

/// A report to be seen.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Where its pictures are ([`super::Evaluations::want`]).
    pub folder: PathBuf,
    /// The report as a page for the browser; none where it is not there.
    pub page: Option<PathBuf>,
    pub report: Arc<Report>,
}

impl Shown {
    /// A report with what lies beside it in its folder; looks at the disk.
    pub(super) fn new(folder: PathBuf, report: Report) -> Self {
        let page = Some(folder.join(HTML)).filter(|page| page.is_file());
        Shown { folder, page, report: Arc::new(report) }
    }
}

/// What the evaluations say, in order and without loss. Every ticket gets exactly one that closes it
/// ([`EvaluationEvent::closes`]).
#[derive(Clone, Debug)]
pub enum EvaluationEvent {
    /// Everything is measured, and the report is in its folder.
    Done {
        number: u64,
        shown: Shown,
        /// Parts that were taken from an earlier evaluation into the same folder.
        reused: usize,
    },
    /// A report was read.
    Opened { number: u64, shown: Shown },
    /// Two reports stand beside each other.
    Compared {
        number: u64,
        /// As they were given.
        a: PathBuf,
        b: PathBuf,
        comparison: Arc<Comparison>,
    },
    /// A comparison is in its file.
    Saved { number: u64, path: PathBuf },
    /// A request that could not be met.
    Failed { number: u64, sentence: String },
    /// Of an evaluation: the parts that were measured are kept in the folder, and the next one into it goes on from
    /// there. A report that was there before is as it was.
    Cancelled { number: u64 },
    /// Something to know that answers no request.
    Notice(String),
}

impl EvaluationEvent {
    /// The number of the request that this event closes.
    pub fn closes(&self) -> Option<u64> {
        match self {
            EvaluationEvent::Done { number, .. }
            | EvaluationEvent::Opened { number, .. }
            | EvaluationEvent::Compared { number, .. }
            | EvaluationEvent::Saved { number, .. }
            | EvaluationEvent::Failed { number, .. }
            | EvaluationEvent::Cancelled { number } => Some(*number),
            EvaluationEvent::Notice(_) => None,
        }
    }
}
