//! Collections of faces on disk, and what is found in them: codes, where they come from, labels, people, thumbnails. May
//! use `face`, `data`, `nn` and `find`; it knows no tensors and no window. Whoever builds an index lends it the finder
//! and the networks as two closures ([`Tools`]).
//!
//! An index is a folder: `faces.sqlite`, and `lock`, held by whoever writes pictures' codes. Readers and whoever names
//! people need no lock; the database keeps them apart.
//!
//! - [`index`]: [`Index`], open on one folder; [`card`]: what it tells; [`filter`]: which of its faces are meant;
//! - `schema`: the tables, their version, the connection; `rows`: faces and files to and from them; `read`, `original`:
//!   what is asked of them; [`error`]: what can be wrong;
//! - [`update()`]: an index brought up to date with its sources; `files`: what those hold; `plan`: what of it is to be
//!   done; `looking`: the threads that decode and look; `storing`, `tally`: what they saw, encoded and kept;
//! - [`people`]: faces put together by hand, with undo; [`mod@export`]: codes as Parquet, CSV and NPY;
//! - [`codes`]: all codes in memory; [`query`], [`search`]: the faces most like a query; [`grouping`]: faces put
//!   together by identity; [`mod@duplicates`]: faces that are nearly the same; [`mod@map`]: all faces in a plane.

pub mod card;
pub mod codes;
pub mod duplicates;
pub mod error;
pub mod export;
mod files;
pub mod filter;
pub mod grouping;
pub mod index;
mod looking;
pub mod map;
mod original;
pub mod people;
mod plan;
pub mod query;
mod read;
mod rows;
mod schema;
pub mod search;
mod storing;
mod tally;
mod undo;
pub mod update;

pub use card::{FaceCard, FaceLabels, From, Info, Labels, NewFace, Original, THUMBNAIL_SIDE};
pub use codes::Codes;
pub use duplicates::duplicates;
pub use error::GalleryError;
pub use export::{Format, export};
pub use filter::{Filter, Selection};
pub use grouping::{Group, Groups, group};
pub use index::Index;
pub use map::{Map, map};
pub use people::{PersonId, Pins};
pub use query::{Query, QueryError, Target};
pub use schema::INDEX_VERSION;
pub use search::{Hit, top};
pub use update::{Encode, Look, LookAt, Progress, Report, Seconds, Tools, update};

/// Which face of an index: its own for as long as the index lives, and no other's after it is gone.
pub type FaceKey = i64;
