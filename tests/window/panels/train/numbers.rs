//! Curves, held-out errors, tables and pictures of a training.

use facespace::app::train::curves::{logarithms, smoothed};
use facespace::app::train::words::{named_batch, thousands};
use facespace::train::metrics::Line;
use facespace::train::observer::Stage;

use super::fake::{FakeRun, ROWS};
use super::*;

pub fn with_numbers(home: &Path) -> (Driven, FakeRun) {
    let run = FakeRun::with_numbers(&run_path(home, "tiny-1"));
    let mut harness = train_panel(home);
    look_at(&mut harness, "tiny-1");
    until(&mut harness, "the curves", |harness| has(harness, Role::Image, "Plot of reconstruction"));
    (harness, run)
}

#[test]
fn each_loss_has_a_plot_and_a_sentence_when_it_is_chosen() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, _run) = with_numbers(home.path());
    assert!(says(&harness, "falls quickly, then slowly"));
    assert!(!has(&harness, Role::Image, "Plot of latent"));
    press(&mut harness, "Latent");
    assert!(has(&harness, Role::Image, "Plot of latent") && has(&harness, Role::Image, "Plot of reconstruction"));
    assert!(says(&harness, "hovers around 0.7"));
    press(&mut harness, "Reconstruction");
    assert!(!has(&harness, Role::Image, "Plot of reconstruction"));
}

/// All that trainings note.
const LOSSES: [&str; 21] = [
    "codes",
    "reconstruction",
    "structure",
    "latent",
    "latent discriminator",
    "image",
    "image random",
    "image discriminator",
    "feature matching",
    "perceptual",
    "recognised",
    "swapped recognised",
    "inverse",
    "pose",
    "identity",
    "style",
    "expression",
    "exchanges",
    "decorrelation",
    "cycle",
    "augmentation",
];

#[test]
fn every_loss_has_a_sentence_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, run) = with_numbers(home.path());
    let losses = LOSSES.into_iter().map(|name| (name.to_owned(), 0.5)).collect();
    run.add(&[Line::Losses { step: 1210, stage: Stage::Joint, losses }]);
    until(&mut harness, "all curves", |harness| {
        harness.state().state.train.view.as_ref().is_some_and(|view| view.curves.len() == LOSSES.len())
    });
    let choose = |harness: &mut Driven, name: &str| {
        harness.state_mut().state.train.look.losses = [name.to_owned()].into();
        harness.run_steps(2);
    };
    for name in LOSSES {
        choose(&mut harness, name);
        assert!(has(&harness, Role::Image, &format!("Plot of {name}")), "{name}");
        assert!(!says(&harness, "A part of what is trained"), "{name}");
    }
    // A loss of these is noted times its weight, so no number of its own can be promised.
    choose(&mut harness, "style");
    assert!(says(&harness, "up to 0.4 times its weight"));
}

#[test]
fn curves_are_smoothed_and_made_logarithmic() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, _run) = with_numbers(home.path());
    assert!(has(&harness, Role::CheckBox, "Smoothed") && has(&harness, Role::CheckBox, "Every value, dotted"));
    harness.get_by_role_and_label(Role::Slider, "Smoothing").set_value_accesskit(0.0);
    harness.run_steps(4);
    assert!(!has(&harness, Role::CheckBox, "Smoothed") && has(&harness, Role::CheckBox, "Every value"));
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Logarithmic"));
    assert!(is_on(&harness, Role::CheckBox, "Logarithmic"));
}

#[test]
fn the_held_out_error_stands_beside_what_it_is_measured_by() {
    let home = tempfile::tempdir().unwrap();
    let (harness, _run) = with_numbers(home.path());
    assert!(has(&harness, Role::Image, "Plot of the held-out error"));
    for line in ["Held-out, solid", "Training, dashed", "PCA-99, long dashes", "Mean face, dotted"] {
        assert!(has(&harness, Role::CheckBox, line), "{line}");
    }
    assert!(says(&harness, "mean face 46.0, PCA-99 17.5; sharpness 62 %"));
}

#[test]
fn tables_are_shown_cell_by_cell() {
    let home = tempfile::tempdir().unwrap();
    let (harness, _run) = with_numbers(home.path());
    for words in ["Disentanglement, step 1,200", "Own part", "Rest", "identity", "0.880", "0.350"] {
        assert!(says(&harness, words), "{words}");
    }
}

#[test]
fn the_newest_pictures_are_followed_until_the_slider_is_moved() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, run) = with_numbers(home.path());
    until(&mut harness, "the newest", |harness| has(harness, Role::Image, "Pictures of step 1,200"));
    assert_eq!(ROWS.len(), 7);
    for row in ["Photograph", "Reconstruction", "Identity of next", "Random"] {
        assert!(says(&harness, row), "{row}");
    }
    harness.get_by_role_and_label(Role::Slider, "History").set_value_accesskit(0.0);
    harness.run_steps(2);
    until(&mut harness, "the first", |harness| has(harness, Role::Image, "Pictures of step 600"));
    run.draw(1800);
    // The run is looked at four times a second.
    until(&mut harness, "a third", |harness| {
        harness.state().state.train.view.as_ref().is_some_and(|view| view.previews.len() == 3)
    });
    harness.run_steps(4);
    assert!(has(&harness, Role::Image, "Pictures of step 600"), "the slider was moved");
    press(&mut harness, "Newest");
    until(&mut harness, "the newest", |harness| has(harness, Role::Image, "Pictures of step 1,800"));
}

#[test]
fn a_run_without_numbers_says_when_they_come() {
    let home = tempfile::tempdir().unwrap();
    let _run = FakeRun::begun(&run_path(home.path(), "tiny-1"));
    let mut harness = train_panel(home.path());
    look_at(&mut harness, "tiny-1");
    for words in ["They come with the first steps.", "It is measured every so many steps", "The first ones are drawn"] {
        until(&mut harness, words, |harness| says(harness, words));
    }
}

#[test]
fn smoothing_keeps_a_level_and_passes_over_what_is_no_number() {
    let level: Vec<[f64; 2]> = (0..50).map(|step| [f64::from(step), 3.0]).collect();
    for smoothing in [0.0, 0.6, 0.99] {
        assert!(smoothed(&level, smoothing).iter().all(|[_, value]| (value - 3.0).abs() < 1e-9), "{smoothing}");
    }
    let broken = [[0.0, 4.0], [1.0, f64::NAN], [2.0, 8.0]];
    assert_eq!(smoothed(&broken, 0.0), [[0.0, 4.0], [2.0, 8.0]]);
    // The mean of 4 and 8 with weights 1/4 and 1/2.
    let half = smoothed(&broken, 0.5);
    assert!((half[1][1] - 20.0 / 3.0).abs() < 1e-9, "{half:?}");
    assert_eq!(logarithms(&[[0.0, 100.0], [1.0, 0.0], [2.0, -1.0]]), [[0.0, 2.0]]);
}

#[test]
fn numbers_in_words() {
    let written = [0, 999, 1000, 1_234_567].map(thousands);
    assert_eq!(written, ["0", "999", "1,000", "1,234,567"]);
    assert_eq!(named_batch("Memory ran out; resume it from step 1200 with batch.size 8"), Some(8));
    assert_eq!(named_batch("The training has stopped and was saved at step 5000; resume it when you like"), None);
}
