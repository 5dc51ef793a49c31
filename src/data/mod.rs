//! Pictures and labels from disk, and back to it. This room may use `face` and nothing else of the house; it knows no
//! tensors and no window.
//!
//! - [`mod@image`]: bytes to an upright sRGB picture, the crop of a face, and pictures back to marked files.
//! - [`shards`]: labelled crops in Parquet files.
//! - [`sets`]: labelled faces as they are published, and their labels written back.
//! - [`crops`]: the pictures of a training, gathered into files that are read at any place.
//! - [`inputs`]: what a command line names as pictures, and how their results are called.
//! - [`synth`]: faces drawn from geometry, with the truth about each of them.
//! - [`hash`]: numbers that stand for names and files; `lock`: folders that one process writes at a time; `database`:
//!   SQLite files of this program.
//! - [`atomic`]: files that are written whole or not at all; [`when`]: moments as files have them.

pub mod atomic;
pub mod crops;
pub(crate) mod database;
pub mod hash;
pub mod image;
pub mod inputs;
pub(crate) mod lock;
pub mod sets;
pub mod shards;
pub mod synth;
pub mod when;
