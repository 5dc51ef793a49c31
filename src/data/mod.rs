//! Pictures and labels from disk, and back to it. This room may use `face` and nothing else of the house; it knows no
//! tensors and no window.
//!
//! - [`mod@image`]: bytes to an upright sRGB picture, the crop of a face, and pictures back to marked files.
//! - [`shards`]: labelled crops in Parquet files.
//! - [`inputs`]: what a command line names as pictures, and how their results are called.
//! - [`atomic`]: files that are written whole or not at all.

pub mod atomic;
pub mod image;
pub mod inputs;
pub mod shards;
