//! The faces of a photograph: where they are, which way they look, how good they will serve, and how an edited one is
//! put back. Pictures, points and plain numbers only: the two networks are [`crate::nn::finder`]'s. May use `face`,
//! `data` and `nn`.
//!
//! - [`finder`]: [`Finder`], from a photograph to its faces;
//! - [`pyramid`], [`framing`], [`suppression`], `workers`: the scales that it looks at; from boxes to squares; one
//!   answer a face; every core at work;
//! - [`pose`], [`mean_face`]: which way a head looks, from its landmarks and the mean head in space;
//! - [`quality`]: what speaks against editing a face, in words;
//! - [`paste`]: an edited face back into its photograph.

mod error;
pub mod finder;
pub mod framing;
pub mod mean_face;
pub mod paste;
pub mod pose;
pub mod pyramid;
pub mod quality;
pub mod suppression;
mod workers;

pub use error::FindError;
pub use finder::Finder;
pub use framing::frame_of_box;
