//! What a training will take, and what there is.

use facespace::train::config::{Batch, Model};
use facespace::train::memory::{self, estimate, fills, largest_batch, megabytes_of};
use facespace::train::{Config, presets};

fn with(change: impl Fn(&mut Config)) -> f64 {
    let mut config = presets::small_data();
    change(&mut config);
    estimate(&config, 10_000).megabytes
}

#[test]
fn it_grows_with_the_batch_the_width_and_the_teachers() {
    let plain = with(|_| ());
    assert!(with(|c| c.batch.size = 64) > 1.5 * plain);
    assert!(with(|c| c.model.width = 64) > 1.5 * plain);
    assert!(with(|c| c.model.variant = facespace::nn::Variant::Paper) > plain);
    assert!(with(|c| c.model.hidden = 4000) > plain);
    assert!(with(|c| c.data.workers = 8) > plain);
    assert!(with(|c| c.teachers.recogniser = Some("r".into())) > plain);
    // Smaller batches that pass one after the other take less.
    assert!(with(|c| c.batch.accumulate = 4) < 0.6 * plain);
    assert!(with(|c| c.joint.steps = 0) < plain);
}

/// The peaks of the autoencoder's step in `benches/README.md`, "Training".
#[test]
fn the_autoencoder_alone_is_estimated_a_fifth_above_what_was_measured() {
    let preset = presets::small_data();
    for (width, size, measured) in [(32, 16, 535.0), (64, 16, 1107.0), (32, 100, 2370.0), (64, 100, 4422.0)] {
        let mut config = Config {
            model: Model { width, ..preset.model.clone() },
            batch: Batch { size, ..preset.batch.clone() },
            ..preset.clone()
        };
        (config.pca_start.steps, config.joint.steps) = (0, 0);
        (config.disentangle.cached_steps, config.disentangle.cycle_steps) = (0, 0);
        let share = estimate(&config, 400).megabytes / measured;
        assert!((1.15..1.25).contains(&share), "width {width}, batch {size}: {share}");
    }
}

/// What trainings of all stages held at their end: `tiny` on 1,350 synthetic faces, a short `small-data` on 1,000
/// photographs with a recogniser.
#[test]
fn whole_runs_are_estimated_above_what_they_held() {
    let mut taught = presets::small_data();
    taught.teachers.recogniser = Some("recogniser.safetensors".into());
    taught.batch.size = 32;
    for (config, pictures, held) in [(presets::tiny(), 1350, 403.0), (taught, 1000, 1032.0)] {
        let megabytes = estimate(&config, pictures).megabytes;
        assert!(megabytes > 1.1 * held && megabytes < 2.0 * held, "{}: {megabytes}", config.preset);
    }
}

/// A set of a hundred thousand pictures takes hardly more than one of ten thousand.
#[test]
fn it_hardly_grows_with_the_set() {
    let config = presets::tiny();
    let (few, many) = (estimate(&config, 10_000), estimate(&config, 100_000));
    assert!(many.megabytes > few.megabytes && many.megabytes < 1.1 * few.megabytes, "{few:?} {many:?}");
}

#[test]
fn the_largest_batch_is_the_last_that_fits() {
    let mut config = presets::small_data();
    for (accumulate, megabytes) in [(1, 2000.0), (1, 8000.0), (4, 4000.0)] {
        config.batch.accumulate = accumulate;
        let batch = largest_batch(&config, megabytes).unwrap();
        let takes = |size: usize| {
            let mut config = config.clone();
            config.batch.size = size;
            estimate(&config, 0).megabytes
        };
        assert!(batch.is_multiple_of(accumulate));
        assert!(takes(batch) <= megabytes && takes(batch + accumulate) > megabytes, "{batch}");
    }
    assert_eq!(largest_batch(&config, 100.0), None);
}

#[test]
fn what_the_system_says_is_read() {
    let text = "Name:\tfacespace\nVmHWM:\t 2000000 kB\nVmRSS:\t   1000 kB\n";
    assert_eq!(megabytes_of(text, "VmHWM"), Some(2048));
    assert_eq!(megabytes_of(text, "VmRSS"), Some(1));
    assert_eq!(megabytes_of(text, "VmSwap"), None);
    if cfg!(target_os = "linux") {
        let (now, peak) = (memory::now_mb().unwrap(), memory::peak_mb().unwrap());
        assert!(now > 1.0 && peak >= now, "{now} {peak}");
        let (total, free) = (memory::total_mb().unwrap(), memory::available_mb().unwrap());
        assert!(total >= free && free > 0, "{total} {free}");
        assert!(memory::fits(&presets::tiny()).is_none_or(|batch| batch >= 2));
    }
}

#[test]
fn a_process_that_had_nearly_all_was_probably_ended_for_it() {
    assert!(fills(15_000.0, 16_000, 15_900));
    assert!(fills(7500.0, 16_000, 8000));
    assert!(!fills(7000.0, 16_000, 8000));
}
