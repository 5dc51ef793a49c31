//! Everything that needs no window and no GPU.

mod arrows;
mod face;
mod nn;
