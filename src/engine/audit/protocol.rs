//! What crosses between the window and the audits' threads: plain records and pictures, never a connection.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::audit::confusion::Confusion;
use crate::audit::{Budget, Card, Counts, Form, ImportReport, Info, Names, Outcome, Row, Score, Source, Step, Verdict};
use crate::engine::protocol::{RgbImage, Setup};
use crate::face::Expression;
use crate::gallery::FaceKey;

/// What is to be audited, and with what.
#[derive(Clone, Debug)]
pub struct Build {
    /// The labelled set; none for the one that the audit is of, as it was named then.
    pub source: Option<Source>,
    /// The audit: made where there is none, else brought up to date; its verdicts stay.
    pub folder: PathBuf,
    /// Device and weights that encode and decode. The networks are opened for this build alone, so that the window's
    /// stay free.
    pub setup: Setup,
    /// How many of the most doubtful faces are to be looked at.
    pub budget: Budget,
    /// Encodes and reads everything anew where the audit is one of another model; its verdicts stay.
    pub rebuild: bool,
}

/// How far the build in hand is; only its current state, never a queue of old ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BuildProgress {
    /// Of its ticket.
    pub number: u64,
    pub step: Step,
    /// Pieces of this step that are done, and of how many; 0 of 0 before it is known.
    pub done: u64,
    pub total: u64,
    /// Since this step began.
    pub elapsed: Duration,
    /// Of this step, by how fast it went until now; none before that can be said.
    pub left: Option<Duration>,
}

/// Which verdicts are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdicts {
    /// Faces with and without a verdict.
    #[default]
    Any,
    /// Faces without one.
    None,
    /// Faces with one, whichever it is.
    Some,
    Keep,
    Relabel,
    Ambiguous,
}

impl Verdicts {
    pub const ALL: [Verdicts; 6] =
        [Verdicts::Any, Verdicts::None, Verdicts::Some, Verdicts::Keep, Verdicts::Relabel, Verdicts::Ambiguous];

    /// Whether a face with this verdict is meant.
    pub fn pass(self, verdict: Option<Verdict>) -> bool {
        match self {
            Verdicts::Any => true,
            Verdicts::None => verdict.is_none(),
            Verdicts::Some => verdict.is_some(),
            Verdicts::Keep => matches!(verdict, Some(Verdict::Keep)),
            Verdicts::Relabel => matches!(verdict, Some(Verdict::Relabel(_))),
            Verdicts::Ambiguous => matches!(verdict, Some(Verdict::Ambiguous)),
        }
    }
}

/// Which faces of the open audit are meant; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub given: Option<Expression>,
    pub predicted: Option<Expression>,
    pub verdict: Verdicts,
    /// A piece of the name, in capitals or not.
    pub text: String,
}

/// How the open audit's faces are to be listed; a newer one replaces it while it waits.
#[derive(Clone, Debug, PartialEq)]
pub struct RankRequest {
    /// The most doubtful by it come first.
    pub score: Score,
    pub filter: Filter,
    /// Only faces that are within the budget of the whole ranking by this score.
    pub within_budget: bool,
}

/// The answer to the newest request for a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RankAnswer {
    /// The number that [`super::Audits::rank`] gave.
    pub number: u64,
    /// Places in the rows, the most doubtful first.
    pub order: Arc<Vec<u32>>,
    /// Of each of them its rank among all faces by this score, from 1.
    pub ranks: Arc<Vec<u32>>,
    /// Faces that pass the filter, also those beyond the budget.
    pub total: usize,
    /// Faces by given (first) and predicted label, in the order of [`Expression::ALL`]. Neither of the two is filtered
    /// by, so that a cell can be chosen and the others still be seen; verdict, name and budget are.
    pub confusion: Confusion,
    /// What was wrong, in a sentence; the list is empty then.
    pub error: Option<String>,
}

/// What is known of the looked-at face so far: each holds all that the one before it held, and more.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The number that [`super::Audits::look`] gave.
    pub number: u64,
    pub face: FaceKey,
    /// Comes first, with the verdict of this moment. Its `reconstruction` and the score by it are filled in once the
    /// reconstruction has been read.
    pub card: Option<Arc<Card>>,
    /// The crop that the label was judged by, 128 x 128. None where the picture is gone, also at the end.
    pub input: Option<Arc<RgbImage>>,
    /// 128 x 128, as the two below.
    pub reconstruction: Option<Arc<RgbImage>>,
    /// This face with the mean expression of the given and of the predicted label, as in the card.
    pub counterfactuals: [Option<Arc<RgbImage>>; 2],
    /// Thumbnails in the order of the card's neighbours.
    pub neighbours: Vec<Option<Arc<RgbImage>>>,
    /// Nothing more comes for this face.
    pub done: bool,
    /// Why something of it is missing, in a sentence.
    pub error: Option<String>,
}

/// What the audits say, in order and without loss. Every ticket gets exactly one that closes it
/// ([`AuditEvent::closes`]).
#[derive(Clone, Debug)]
pub enum AuditEvent {
    /// An audit is open; the one before it is not any more. `number` is none where a build opened it at its end.
    Opened {
        number: Option<u64>,
        folder: PathBuf,
        info: Box<Info>,
        /// All labelled faces. Their verdicts are those of this moment; later ones come as [`AuditEvent::Judged`] and
        /// [`AuditEvent::Undone`], and the rows are not sent anew for them.
        rows: Arc<Vec<Row>>,
        /// In the order of the rows.
        names: Arc<Names>,
    },
    /// The open audit has other rows, scores or verdicts than before, as after a build or an import: as if it had been
    /// opened again, but it is the same, and so are the faces' keys. Rank again for it.
    Refreshed {
        info: Box<Info>,
        rows: Arc<Vec<Row>>,
        names: Arc<Names>,
    },
    /// A build has come to its end. What is open was refreshed, or opened, before. Also one that was called off says
    /// what came of it.
    Built {
        number: u64,
        folder: PathBuf,
        outcome: Box<Outcome>,
    },
    /// A verdict is on the disk.
    Judged {
        number: u64,
        face: FaceKey,
        /// Of its row.
        place: u32,
        verdict: Verdict,
        /// Of the whole audit, after it.
        counts: Counts,
    },
    /// The last verdict, or the last import, is taken back, on the disk, too.
    Undone {
        number: u64,
        /// The first of them by its name in the set.
        name: String,
        /// One after a verdict, many after an import: the place of its row, and the verdict that holds again.
        faces: Vec<(FaceKey, u32, Option<Verdict>)>,
        counts: Counts,
    },
    /// Labels or a table are written.
    Exported {
        number: u64,
        form: Form,
        path: PathBuf,
        /// What was written, for labels more than one file.
        files: Vec<PathBuf>,
    },
    /// A table was read back; the open audit was refreshed before.
    Imported {
        number: u64,
        path: PathBuf,
        report: Box<ImportReport>,
    },
    /// No audit is open any more.
    Closed,
    /// A request that could not be met; what was there before stays.
    Failed {
        number: u64,
        sentence: String,
    },
    Cancelled {
        number: u64,
    },
    /// Something to know that answers no request.
    Notice(String),
}

impl AuditEvent {
    /// The number of the request that this event closes.
    pub fn closes(&self) -> Option<u64> {
        match self {
            AuditEvent::Opened { number, .. } => *number,
            AuditEvent::Built { number, .. }
            | AuditEvent::Judged { number, .. }
            | AuditEvent::Undone { number, .. }
            | AuditEvent::Exported { number, .. }
            | AuditEvent::Imported { number, .. }
            | AuditEvent::Failed { number, .. }
            | AuditEvent::Cancelled { number } => Some(*number),
            AuditEvent::Refreshed { .. } | AuditEvent::Closed | AuditEvent::Notice(_) => None,
        }
    }
}
