//! facespace: a photograph of a face as 99 numbers, and back.
//!
//! The rooms of the house; each may use those above it and none below:
//!
//! - [`face`]: what a face is: its code and parts, edits, transfers, drift, the geometry of the crop;
//! - [`data`]: pictures from disk and back, Parquet shards, files written whole or not at all;
//! - [`nn`]: the networks, the model made of them, the weights file;
//! - [`find`]: the faces of a photograph: where they are, which way they look, and how an edited one is put back;
//! - [`prepare`]: sets of labelled faces as they are published, to shards of crops;
//! - [`gallery`]: collections of faces on disk: their codes, the faces most like others, people;
//! - [`train`]: the three stages, from pictures to a weights file, in a run directory;
//! - [`evaluate`]: how good a model is: reconstruction, recognition, expression, disentanglement;
//! - [`audit`]: wrong labels of a set found, seen and corrected;
//! - [`engine`]: which device computes, what happens when it fails, and the thread that a window asks;
//! - `app`: the window, in builds with the feature `gui`: what is known, what can be done, what is seen;
//! - [`cli`]: the program in the terminal, one file a subcommand; one of them opens the window.
//!
//! A photograph becomes an edited one on this way: `data::image` decodes it, `find` places the crop, `nn` encodes it
//! (`E`, then `Phi`), `face::Edit` changes the code, `nn` decodes it (`Phi^-1`, then `G`), `find::paste` puts the change
//! back, `data::image` saves it.

#[cfg(feature = "gui")]
pub mod app;
pub mod audit;
pub mod cli;
pub mod data;
pub mod engine;
pub mod evaluate;
pub mod face;
pub mod find;
pub mod gallery;
pub mod nn;
pub mod prepare;
pub mod train;
