//! The window, driven by accessible names, and what it is made of. Needs a driver that draws in software, no GPU.

mod album;
mod bad_input;
mod canvas;
mod history;
mod kill;
mod panels;
mod shaders;
#[path = "../shared.rs"]
mod shared;
mod store;
mod thread;
mod widgets;
