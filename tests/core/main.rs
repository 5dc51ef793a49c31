//! Everything that needs no window and no GPU.

mod arrows;
mod data;
mod face;
mod nn;
