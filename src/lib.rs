//! facespace: a photograph of a face as 99 numbers, and back.
//!
//! The rooms, each using only those above it:
//!
//! - [`face`]: what a face is: its code and parts, edits, transfers, the geometry of the crop.
//! - [`data`]: pictures from disk and back, Parquet shards.
//! - [`nn`]: the networks, the model made of them, and the weights file.
//! - [`engine`]: which device computes, and what happens when it fails.
//! - [`cli`]: the program without a window.

pub mod data;
pub mod face;
pub mod nn;
