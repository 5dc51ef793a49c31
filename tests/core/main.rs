//! Everything that needs no window and no GPU.

mod arrows;
mod cli;
mod data;
mod face;
mod nn;
