//! Wrong labels found, seen and corrected (section 5.5 of the paper). May use `evaluate` and what is below it; it knows
//! no window. Whoever builds an audit lends it the finder and the networks ([`Tools`]).
//!
//! An audit is a folder: `audit.sqlite` with scores and verdicts, `index/`, a gallery of the faces with their codes,
//! and `crops/`, shards prepared from a set that is no shards itself. The set is never written to.
//!
//! - [`readings`]: out-of-fold probabilities of the classes; [`neighbours`]: the labels of the nearest faces;
//!   [`scores`]: how good a label looks by them; [`mood`]: by valence and arousal; [`shortcuts`]: what else tells it;
//!   [`confusion`]: given against predicted; [`noise`]: labels flipped on purpose, and found again; `parallel`: jobs on
//!   all cores;
//! - [`store`]: [`Audit`], open on one folder; [`card`]: what it tells; [`error`]: what can be wrong; `schema`: its
//!   tables and their version; `evidence`: what speaks for a label, to them and back;
//! - [`build()`]: an audit made, and brought up to date; `making`: its steps; `crops`: the first of them; `labels`: the
//!   faces of an index that have labels;
//! - `verdicts`: what people say about labels, with undo and a log; [`tables`]: labels and verdicts for other
//!   programs, and back.
pub mod build;
pub mod card;
pub mod confusion;
mod crops;
pub mod error;
mod evidence;
mod labels;
mod making;
pub mod mood;
pub mod neighbours;
pub mod noise;
mod parallel;
pub mod readings;
mod schema;
pub mod scores;
pub mod shortcuts;
pub mod store;
pub mod tables;
mod verdicts;

pub use build::{BadBudget, Budget, Decode, Options, Outcome, Progress, Source, Step, Tools, build};
pub use card::{Card, Counts, Info, LogRow, Names, Neighbour, Qualities, Row, Undone, UnknownVerdict, Verdict};
pub use error::AuditError;
pub use readings::Chances;
pub use schema::AUDIT_VERSION;
pub use scores::Score;
pub use shortcuts::Shortcut;
pub use store::{Audit, ranking};
pub use tables::{Form, ImportReport, Unknown};
