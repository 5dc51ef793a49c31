//! Sets of labelled faces to shards of crops, as section 2 of the method has them: 168 x 168 pixels, with landmarks and
//! pose. May use `face`, `data`, `nn` and `find`; it knows no tensors and no window.
//!
//! A prepared folder holds shards (`SET-train-00000.parquet`, `SET-val-00000.parquet`, `SET-test-00000.parquet`), the
//! journal `prepare.json`, which says what is done, and `lock`, held by whoever prepares.
//!
//! - `run`: [`prepare()`]: a set gone through, part by part and shard by shard; [`options`]: what can be asked for;
//! - `crew`: the threads that make the rows, and their order; `face`: one row, from a picture and its marks; `which`:
//!   the face that is meant, among those that the finder sees;
//! - `folder`: the folder, held by one process; `journal`: what is done, on disk; `fingerprint`: whether the set is as
//!   it was; [`report`]: what came of it; [`error`]: what can be wrong.

mod crew;
pub mod error;
mod face;
mod fingerprint;
mod folder;
mod journal;
pub mod options;
pub mod report;
mod run;
mod which;

pub use error::PrepareError;
pub use face::STORED_SIDE;
pub use folder::LOCK;
pub use journal::JOURNAL;
pub use options::{Options, Points, Progress, ROWS_IN_SHARD};
pub use report::{LeftOut, Report, Written};
pub use run::prepare;
