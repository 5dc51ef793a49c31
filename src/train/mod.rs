//! Training the model (sections 4 to 6 of the specification; sections 3.1 to 3.4 of the paper): from pictures to a
//! weights file, in a run directory that can be stopped, killed and gone on with.
//!
//! May use `nn`, `data` and `face`. It knows no window and no terminal: whoever starts a training gives an
//! [`Observer`], which hears what happens and is asked at every step.
//!
//! - [`config`], [`presets`], [`toml_file`]: the settings, where they start, how they are written;
//! - [`run`]: the whole of it; [`observer`]: what it says and asks;
//! - [`run_dir`], [`checkpoint`], [`metrics`], [`control`]: what lies in a run directory;
//! - [`batches`], [`samplers`], [`codes`]: pictures and cached codes on their way to the networks;
//! - [`pca_start`], [`autoencoder`], [`disentangle`], [`joint`]: the stages;
//! - [`export`], [`previews`], [`held_out`]: what comes out, how it looks, how good it is.

pub mod config;

pub use config::Config;
