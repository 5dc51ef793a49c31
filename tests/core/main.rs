//! Everything that needs no window and no GPU.

mod arrows;
mod data;
mod engine;
mod face;
mod nn;
