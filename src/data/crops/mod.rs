//! The pictures of a training: gathered once from shards and folders ([`build()`]), then read at any place from disk
//! ([`CropSet`]). In memory are the few bytes a picture that batches are chosen by ([`Keys`]), whatever the size of the
//! set. Knows no tensors and no training.
//!
//! A set lies in a folder as `NAME.pictures`, the pictures' own files one after the other, and `NAME.labels`, a row of
//! fixed size for each (the layout is described in `label`); `index.json` says how long both are and what they were
//! made from. A set is written beside its place and renamed, so one whose index is there is whole, and lengths that do
//! not fit mean that someone cut it off: it is made again.
//!
//! Where pictures come from is behind one trait, `source::Reader`; a published data set in its own layout is one more
//! implementation of it.

mod at;
mod build;
mod check;
mod error;
mod folder;
mod index;
mod label;
mod report;
mod select;
mod set;
mod shard;
mod source;
mod writer;

pub use build::{Built, HELD_OUT, Options, TRAIN, build};
pub use error::CropSetError;
pub use folder::SubFolders;
pub use label::{Keys, Label, NO_EXPRESSION, NOBODY};
pub use report::{Report, warnings};
pub use set::CropSet;
