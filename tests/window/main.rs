//! The window, driven by accessible names, and what it is made of. Needs a driver that draws in software, no GPU.

mod canvas;
mod history;
mod shaders;
mod store;
mod widgets;
