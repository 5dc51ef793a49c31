//! Training the model (sections 4 to 6 of the method; sections 3.1 to 3.4 of the paper): from pictures to a weights
//! file, in a run directory that can be stopped, killed and gone on with.
//!
//! May use `find`, `nn`, `data` and `face`. It knows no window and no terminal: whoever starts a training gives an
//! [`observer::Observer`], which hears what happens and is asked at every step.
//!
//! - [`run`]: the whole of it; `workbench`: what a stage needs; `schedule`: which stage a step belongs to;
//! - `pca_start`, [`autoencoder`], `disentangle`, `joint`: the stages; `tasks`, [`teachers`], [`descriptors`]: what
//!   teaches them; [`head`]: the expression head;
//! - `learner`: everything that learns; [`adam`], `average`: how;
//! - [`config`], [`presets`], [`toml_file`], [`scope`]: the settings, where they start, how they are written, what they
//!   are held to;
//! - [`batches`], [`codes`]: pictures and cached codes on their way to the networks;
//! - [`random`], [`samplers`], [`macros`], [`exchanges`]: which of them a step takes; [`shortfalls`]: what a set cannot
//!   teach;
//! - `keeping`: what a training writes; [`pace`]: how fast it is, how long the rest takes; [`run_dir`], [`checkpoints`], [`metrics`], [`control`], [`status`]: what lies in
//!   a run directory; [`summary`]: runs in a list;
//! - `export`, `previews`, `held_out`: what comes out, how it looks, how good it is;
//! - [`finder`]: the networks that find faces in photographs, trained by themselves;
//! - [`memory`]: what a training will take, and what there is; [`mod@bench`], `laps`: how fast its steps are.

mod accumulate;
pub mod adam;
mod asked;
pub mod autoencoder;
mod average;
pub mod batches;
pub mod bench;
pub mod checkpoints;
pub mod codes;
mod codes_render;
pub mod config;
pub mod control;
pub mod descriptors;
mod disentangle;
mod error;
pub mod exchanges;
mod export;
mod fields;
pub mod finder;
mod groups;
pub mod head;
mod held_out;
mod joint;
mod keeping;
mod laps;
mod learner;
pub mod macros;
pub mod memory;
pub mod metrics;
pub mod observer;
pub mod pace;
mod pca_start;
pub mod presets;
mod previews;
pub mod random;
pub mod run;
pub mod run_dir;
pub mod samplers;
mod schedule;
pub mod scope;
mod seen;
pub mod shortfalls;
pub mod status;
pub mod summary;
mod tasks;
pub mod teachers;
pub mod toml_file;
mod workbench;

pub use config::Config;
pub use error::TrainError;
