//! Pictures: files and bytes to upright sRGB pixels ([`load`], [`decode`]), the square of a face cut out of them
//! ([`crop`]), its training views ([`views`]), many pictures as one ([`sheet()`], [`board()`] of [`tile()`]s), and
//! pictures back to files that say how they were made ([`save`], [`save_gif`]). May use `face`.
//!
//! Everything past this door is an 8-bit sRGB `RgbImage`, so no other room thinks about orientation, colour profiles,
//! transparency or bit depth.

mod board;
mod colour;
mod decode;
mod encode;
mod error;
mod jpeg;
mod light;
mod pen;
mod resample;
mod sheet;
mod tile;
pub mod views;
mod xmp;

pub use board::{Edge, board};
pub use decode::{MAX_PIXELS, MIN_SIDE, declared_size, declared_size_of, decode, decode_as_stored, load, read};
pub use encode::{Format, SaveError, encode, encode_gif, encode_unmarked, save, save_gif};
pub use error::PictureError;
pub use image::RgbImage;
pub use resample::{as_aligned, centre_crop_of_square, crop, cubic_weights, is_stored_crop, mirrored};
pub use sheet::sheet;
pub use tile::tile;
pub use xmp::{Origin, Provenance};
