//! When a training is looked at and kept.

use facespace::train::config::Checkpoint;
use facespace::train::presets;

use super::micro::{self, finished, with_steps};

#[test]
fn the_first_look_comes_early_and_those_on_codes_are_rarer() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let mut config = with_steps(micro::config(faces.path()), [6, 0, 12, 0, 0]);
    config.checkpoint =
        Checkpoint { every: 5, keep: 9, measure_every: 5, preview_every: 5, first_look: 2, rarer_on_codes: 3 };
    let heard = finished(&home.path().join("run"), &config);
    // The second step, every fifth of the PCA start and every fifteenth on codes, and the ends of stages one and two.
    let measured: Vec<u64> = heard.held_out.iter().map(|(step, _)| *step).collect();
    assert_eq!(measured, [2, 5, 6, 15, 18]);
    assert_eq!(heard.checkpoints, [5, 6, 15, 18]);
    let drawn = heard.previews.iter().map(|path| path.file_stem().unwrap().to_str().unwrap());
    assert_eq!(drawn.collect::<Vec<_>>(), measured.iter().map(|step| format!("step-{step:08}")).collect::<Vec<_>>());
}

/// At seven steps a second the first face comes a quarter of a minute after the first step, and a kill costs a minute.
#[test]
fn tiny_shows_and_keeps_something_early() {
    let config = presets::tiny();
    let looks = &config.checkpoint;
    assert!((1..=100).contains(&looks.first_look) && looks.every <= 400 && looks.preview_every <= 400);
    // None falls just before a stage's end, where all of it is done once more.
    let stage_one = config.pca_start.steps + config.autoencoder.steps;
    assert!((looks.every / 3..).contains(&(stage_one % looks.every)), "{stage_one}");
}
