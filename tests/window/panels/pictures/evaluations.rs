//! The Evaluate panel with the real networks, on synthetic faces. The README's picture of it is among them.

use facespace::data::atomic::WriteError;
use facespace::data::shards;
use facespace::data::synth;

use super::*;

/// Three people, sixteen pictures each, and others to train readers on.
const MEASURED: u64 = 48;
const TRAINED_ON: u64 = 48;
const SEED: u64 = 10;

/// Writes synthetic faces as a set of this name.
fn set(folder: &Path, name: &str, numbers: std::ops::Range<u64>) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(format!("{name}-00000.parquet"));
    shards::write::<WriteError>(&path, numbers.map(|number| Ok(synth::record(SEED, number)))).unwrap();
    path
}

/// Until everything is measured, which takes longer than anything else that a test waits for.
#[track_caller]
fn until_done(harness: &mut Driven) {
    let start = Instant::now();
    while harness.state().state.evaluating().is_some() {
        assert!(start.elapsed() < 10 * PATIENCE, "the report did not come");
        harness.step();
        thread::sleep(Duration::from_millis(10));
    }
}

/// Draws a part of the report in both sizes and themes.
#[track_caller]
fn draw_part(harness: &mut Driven, part: &str, name: &str) {
    press(harness, part);
    evaluate::until_open(harness);
    in_all(harness, name);
}

#[test]
fn the_evaluate_panel_in_both_themes_and_sizes() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = networks().kept_in(home.path()).drawn().open();
    press(&mut harness, "Got it");
    keys(&mut harness, CTRL, Key::Num5);
    harness.step();
    in_all(&mut harness, "evaluate-empty");
    let faces = home.path().join("Synthetic faces");
    for (name, numbers) in [("synthetic-val", 0..MEASURED), ("evening-val", MEASURED..2 * MEASURED)] {
        evaluate::add_data(&mut harness, &set(&faces, name, numbers));
    }
    press(&mut harness, "Training data for the readers…");
    let training = set(&home.path().join("more"), "synthetic-train", 3 * MEASURED..3 * MEASURED + TRAINED_ON);
    answer(&mut harness, "Folder or shard to train readers on", &training.display().to_string());
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the choices");
    draw(&mut harness, "evaluate-drawer-900x600-light");
    press(&mut harness, "Fold the choices away");
    in_size(&mut harness, WIDE);
    press(&mut harness, "Start evaluation");
    until(&mut harness, "the steps", |harness| says(harness, "Reading the faces"));
    in_all(&mut harness, "evaluate-running");
    until_done(&mut harness);
    evaluate::until_open(&mut harness);
    in_all(&mut harness, "evaluate-overview");
    draw_part(&mut harness, "Reconstruction", "evaluate");
    draw_part(&mut harness, "Verification, not measured", "evaluate-missing");
    draw_part(&mut harness, "Disentanglement", "evaluate-disentanglement");
    draw_part(&mut harness, "Figures", "evaluate-figures");
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the choices");
    draw(&mut harness, "evaluate-figures-drawer-900x600-light");
    press(&mut harness, "Fold the choices away");
    in_size(&mut harness, vec2(1920.0, 1080.0));
    evaluate::until_open(&mut harness);
    draw(&mut harness, "evaluate-1920x1080-light");
}

#[test]
fn a_comparison_and_the_papers_figures_in_both_themes_and_sizes() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = stand_in().kept_in(home.path()).drawn().open();
    press(&mut harness, "Got it");
    evaluate::open_report(&mut harness, &evaluate::reports::write(&home.path().join("report"), 0.95));
    evaluate::until_open(&mut harness);
    in_all(&mut harness, "evaluate-lfw");
    draw_part(&mut harness, "Verification", "evaluate-paper");
    press(&mut harness, "Compare with…");
    let earlier = evaluate::reports::write(&home.path().join("earlier"), 0.85);
    answer(&mut harness, "Folder of the other report", &earlier.display().to_string());
    until(&mut harness, "the comparison", |harness| has(harness, Role::Button, "Comparison"));
    in_all(&mut harness, "evaluate-comparison");
}
