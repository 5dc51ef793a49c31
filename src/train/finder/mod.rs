//! Training the finder: a detector and a landmarker, from labelled photographs, scenes, crops and drawn photographs.
//!
//! Everything that is drawn is a function of seed, step and purpose, so a training that is gone on with gives the numbers
//! of one that was never stopped. What is set aside ([`material`]) is never trained on.
//!
//! - [`run`], [`settings`], [`watch`]: the whole of it; what it is asked to do; who watches;
//! - `lesson`, `learner`, `feed`: steps, checkpoints, batches made ahead, the same for both networks;
//! - [`detector`], [`tiles`], [`targets`]: what the detector learns, from what, and the answer for every cell;
//! - [`landmarks`], [`frames`]: what the landmarker learns, and from what;
//! - [`mining`]: what networks in training take for faces;
//! - [`material`], [`views`], [`camera`], `collage`, `chance`: pictures, and what becomes of them on the way.

pub mod camera;
pub mod chance;
mod collage;
pub mod detector;
mod feed;
pub mod frames;
pub mod landmarks;
mod learner;
mod lesson;
pub mod material;
pub mod mining;
pub mod run;
pub mod settings;
pub mod targets;
pub mod tiles;
pub mod views;
pub mod watch;
