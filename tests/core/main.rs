//! Everything that needs no window and no GPU.

mod arrows;
mod audit;
mod cli;
mod data;
mod engine;
mod evaluate;
mod face;
mod find;
mod gallery;
mod network;
mod nn;
mod prepare;
#[path = "../shared.rs"]
mod shared;
mod train;
