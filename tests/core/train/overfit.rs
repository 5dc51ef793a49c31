//! Whether the networks, the losses and the optimisers can learn anything at all: sixteen faces by heart.

use facespace::data::atomic::WriteError;
use facespace::data::crops::{CropSet, TRAIN};
use facespace::data::image::RgbImage;
use facespace::data::image::views::{self, View};
use facespace::data::{shards, synth};
use facespace::nn::quality;
use facespace::train::config::{Batch, Config, Data, PcaStart};
use facespace::train::presets;

use super::micro::{finished, rarely_kept, with_steps};

const FACES: u64 = 16;

/// `cargo test --release --test core -- --ignored sixteen_faces --nocapture`, most of an hour on two cores; without
/// `--release` it takes about twice as long.
#[test]
#[ignore = "takes most of an hour"]
fn sixteen_faces_are_learned_by_heart() {
    let home = tempfile::tempdir().unwrap();
    // One picture each of sixteen people, and one of somebody else to hold back.
    for (name, people) in [("train", 0..FACES), ("val", 1000..1001)] {
        let path = home.path().join(format!("drawn-{name}-00-of-01.parquet"));
        let row = |person| Ok::<_, WriteError>(synth::record(3, person * synth::PER_PERSON));
        shards::write(&path, people.map(row)).unwrap();
    }
    let run = home.path().join("run");
    let heard = finished(&run, &config(home.path()));
    let mean_face = error_of_the_mean(&CropSet::open(&run.join("cache/crops"), TRAIN).unwrap());
    let (step, measured) = heard.held_out.last().unwrap();
    println!("step {step}: {:.2} on the sixteen, the mean face {mean_face:.2}", measured.rmse_train);
    assert!(measured.rmse_train <= 0.1 * mean_face, "{} beside {mean_face}", measured.rmse_train);
}

/// The PCA start of the preset `tiny` for longer, and with nothing to make it see more than these pictures: no mirrors, no
/// turns, no shifts. Its codes stand still, which is the surest way down, and it looks at nothing but the error.
fn config(faces: &std::path::Path) -> Config {
    let start = presets::tiny();
    let config = Config {
        data: Data {
            paths: vec![faces.to_owned()],
            held_out: FACES as usize,
            workers: 2,
            mirror: false,
            turn_deg: 0.0,
            shift_px: 0.0,
            ..start.data
        },
        batch: Batch { size: FACES as usize, average_half_life: 100.0, cooldown: 0.5, ..start.batch },
        pca_start: PcaStart { learning_rate: 2e-3, ..start.pca_start },
        ..start
    };
    rarely_kept(with_steps(config, [11_000, 0, 0, 0, 0]))
}

/// Root mean squared pixel error of the mean of a set's pictures.
fn error_of_the_mean(set: &CropSet) -> f64 {
    assert_eq!(set.len() as u64, FACES);
    let seen = |i: usize| views::render(&set.picture(i).unwrap(), &View::plain(), false);
    let pictures: Vec<RgbImage> = (0..set.len()).map(seen).collect();
    let mut mean = pictures[0].clone();
    for (place, value) in mean.iter_mut().enumerate() {
        let sum: f64 = pictures.iter().map(|picture| f64::from(picture.as_raw()[place])).sum();
        *value = (sum / pictures.len() as f64).round() as u8;
    }
    let squares: f64 = pictures.iter().map(|picture| quality::rmse(picture, &mean).powi(2)).sum();
    (squares / pictures.len() as f64).sqrt()
}
