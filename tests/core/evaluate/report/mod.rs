//! The report as it is written, with numbers that are made up.

mod compare;
mod csv;
mod files;
mod headline;
mod html;
mod number;
mod paper;
pub mod sample;
mod text;
