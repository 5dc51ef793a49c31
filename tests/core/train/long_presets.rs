//! The presets that want a GPU and days, for a few steps a stage on narrow networks: what they alone switch on.

use std::path::Path;

use burn::tensor::Device;
use facespace::nn::{Networks, Variant, Weights};
use facespace::train::config::{
    Autoencoder, Batch, Config, Data, Disentangle, Equalisation, Joint, Model, RandomCodes,
};
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::RunDir;

use super::micro::{self, Heard, finished, rarely_kept};

/// The preset on eight pictures a step, with all losses from the second step on.
fn shrunk(preset: Config, faces: &Path) -> Config {
    rarely_kept(Config {
        seed: 3,
        data: Data { paths: vec![faces.to_owned()], held_out: micro::HELD_OUT, workers: 2, ..preset.data },
        model: Model { width: 8, hidden: 64, ..preset.model },
        batch: Batch { size: 8, ..preset.batch },
        // D_x takes part from the second step on and trains at every fourth.
        autoencoder: Autoencoder { steps: 5, image_from: 1, structure_from: 1, ..preset.autoencoder },
        disentangle: Disentangle { cycle_steps: 4, head_steps: 5, ..preset.disentangle },
        joint: Joint { steps: 4, ..preset.joint },
        ..preset
    })
}

/// Trains it to the end; what was heard, and the weights.
fn trained(config: &Config) -> (Heard, Weights) {
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let heard = finished(&run, config);
    assert_eq!(heard.stages, [Stage::Autoencoder, Stage::Cycle, Stage::Joint]);
    for loss in [
        "reconstruction",
        "latent",
        "latent discriminator",
        "image",
        "image random",
        "image discriminator",
        "inverse",
        "pose",
        "identity",
        "style",
        "expression",
        "cycle",
        "augmentation",
    ] {
        assert!(says(&heard, loss), "{loss}");
    }
    for loss in ["codes", "exchanges", "decorrelation", "perceptual"] {
        assert!(!says(&heard, loss), "{loss}");
    }
    let weights = Weights::read(&run.join(RunDir::WEIGHTS)).unwrap();
    Networks::load(weights.bytes().to_vec(), &weights.config, &Device::flex()).unwrap();
    assert!(weights.card.can_edit);
    (heard, weights)
}

fn says(heard: &Heard, loss: &str) -> bool {
    heard.losses.iter().any(|name| name == loss)
}

#[test]
fn the_papers_preset_trains_all_its_stages() {
    let faces = micro::faces();
    let config = shrunk(presets::paper(), faces.path());
    let parts = &config.disentangle;
    assert!(parts.cycle_pose && parts.triplet_squared && parts.random_negatives && !parts.pose_squared);
    assert_eq!(
        (config.autoencoder.random_codes, config.data.equalisation),
        (RandomCodes::Prior, Equalisation::Stretch)
    );
    let (heard, weights) = trained(&config);
    assert!(!says(&heard, "structure"));
    assert_eq!((weights.config.generator, weights.config.width, weights.card.stretches), (Variant::Paper, 8, true));
}

#[test]
fn the_authors_preset_trains_all_its_stages() {
    let faces = micro::faces();
    let config = shrunk(presets::authors(), faces.path());
    let parts = &config.disentangle;
    assert!(!parts.cycle_pose && !parts.triplet_squared && !parts.random_negatives && parts.pose_squared);
    assert_eq!(config.autoencoder.random_codes, RandomCodes::Interpolated);
    let (heard, weights) = trained(&config);
    assert!(says(&heard, "structure"));
    assert_eq!((weights.config.generator, weights.config.width, weights.card.stretches), (Variant::Authors, 8, false));
}
