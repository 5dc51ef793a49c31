//! The Train panel: set up, started, found among the runs. What a running training shows stands in `train/`.

pub mod fake;
mod looking;
mod numbers;
mod steering;

use std::fs;

use facespace::app::train::{Memory, Preset};
use facespace::train::presets;
use facespace::train::status::State;

use super::*;
use fake::FakeRun;

/// The window with the panel open.
pub(super) fn opened_in(opening: Opening) -> Driven {
    let mut harness = opening.open();
    keys(&mut harness, CTRL, Key::Num6);
    harness.step();
    harness
}

/// In a home folder of its own, runs and all.
pub fn train_panel(home: &Path) -> Driven {
    opened_in(stand_in().kept_in(home))
}

/// Where a run of this name lies.
pub fn run_path(home: &Path, name: &str) -> PathBuf {
    home.join("runs").join(name)
}

/// The window at a run.
#[track_caller]
pub fn look_at(harness: &mut Driven, name: &str) {
    let button = format!("Look at {name}");
    until(harness, &button, |harness| has(harness, Role::Button, &button));
    press(harness, &button);
    until(harness, "the run", |harness| has(harness, Role::Button, "All runs"));
}

#[track_caller]
fn choose(harness: &mut Driven, radio: &str) {
    press_by(harness, By::new().role(Role::RadioButton).label(radio));
}

/// A program that only notes with which arguments it was started; what stands before a training's arguments.
#[cfg(unix)]
fn noting(folder: &Path) -> Trainer {
    let script = folder.join("note.sh");
    let text = "for word in \"$@\"; do case \"$word\" in --run=*) run=\"${word#--run=}\";; esac; done\n\
                printf '%s\\n' \"$@\" > \"$run/.noted\" && mv \"$run/.noted\" \"$run/noted\"\n";
    fs::write(&script, text).unwrap();
    ("/bin/sh".into(), vec![script.into()])
}

/// What the program in the place of a training was told, once it was started.
#[cfg(unix)]
#[track_caller]
fn noted(harness: &mut Driven, run: &Path) -> Vec<String> {
    let file = run.join("noted");
    until(harness, "the training", |_| file.exists());
    fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[track_caller]
fn assert_told(arguments: &[String], expected: &[&str]) {
    for argument in expected {
        assert!(arguments.iter().any(|told| told == argument), "{argument} is not in {arguments:?}");
    }
}

#[test]
fn keys_lead_to_the_panel_and_back() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = train_panel(home.path());
    assert!(has(&harness, Role::Button, "Train on synthetic faces") && !has(&harness, Role::Slider, "Yaw"));
    assert!(says(&harness, "Train weights of your own") && says(&harness, "New training"));
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert!(has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Train on synthetic faces"));
    press(&mut harness, "Train");
    assert!(has(&harness, Role::Button, "Start training"));
    press(&mut harness, "Sample 8");
    settle(&mut harness);
    assert_eq!(opened(&harness), "Sample 8");
    assert!(has(&harness, Role::Slider, "Yaw"));
}

#[test]
fn every_preset_is_known_and_explained() {
    let home = tempfile::tempdir().unwrap();
    let harness = train_panel(home.path());
    assert_eq!(Preset::ALL.map(Preset::name).len(), presets::NAMES.len());
    for preset in Preset::ALL {
        assert!(presets::preset(preset.name()).is_some(), "{}", preset.name());
        assert!(has(&harness, Role::RadioButton, preset.title()) && says(&harness, preset.explanation()));
    }
}

#[cfg(unix)]
#[test]
fn one_press_trains_on_synthetic_faces() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = opened_in(stand_in().kept_in(home.path()).trained_by(noting(home.path())));
    press(&mut harness, "Train on synthetic faces");
    let told = noted(&mut harness, &run_path(home.path(), "tiny-1"));
    assert_eq!(told[0], "train");
    assert_told(&told, &["--synthetic=2000", "--preset=tiny", "--stages=all", "--device=auto"]);
    assert!(!told.iter().any(|word| word == "--resume"));
    until(&mut harness, "the run", |harness| has(harness, Role::Button, "All runs"));
}

#[cfg(unix)]
#[test]
fn choices_become_the_training_that_is_started() {
    let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = opened_in(stand_in().kept_in(home.path()).trained_by(noting(home.path())));
    press(&mut harness, "Add a folder…");
    answer(&mut harness, "Folder of shards or crops", &data.path().display().to_string());
    assert!(is_on(&harness, Role::RadioButton, "Shards or a folder"));
    for radio in ["Authors", "CPU", "Stage one only"] {
        choose(&mut harness, radio);
        assert!(is_on(&harness, Role::RadioButton, radio), "{radio}");
    }
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Own batch size"));
    assert!(says(&harness, "batch norm and triplets see only one part at a time"));
    press(&mut harness, "Choose a recogniser…");
    answer(&mut harness, "Recogniser", "/networks/recogniser.safetensors");
    press(&mut harness, "Start training");
    let told = noted(&mut harness, &run_path(home.path(), "authors-1"));
    let folder = format!("--data={}", data.path().display());
    assert_told(&told, &[&folder, "--preset=authors", "--device=cpu", "--stages=autoencoder"]);
    assert_told(&told, &["--set=batch.size=32", "--set=batch.accumulate=1"]);
    assert_told(&told, &["--recogniser=/networks/recogniser.safetensors"]);
}

#[cfg(unix)]
#[test]
fn a_run_folder_is_chosen() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = opened_in(stand_in().kept_in(home.path()).trained_by(noting(home.path())));
    let own = home.path().join("elsewhere").join("mine");
    press(&mut harness, "Choose the run folder…");
    answer(&mut harness, "Folder of the new run", &own.display().to_string());
    press(&mut harness, "Start training");
    assert_told(&noted(&mut harness, &own), &["--preset=small-data"]);
}

#[cfg(unix)]
#[test]
fn sub_folders_are_what_they_are_said_to_be() {
    let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = opened_in(stand_in().kept_in(home.path()).trained_by(noting(home.path())));
    assert!(!has(&harness, Role::RadioButton, "Told by their names"));
    press(&mut harness, "Add a folder…");
    answer(&mut harness, "Folder of shards or crops", &data.path().display().to_string());
    assert!(is_on(&harness, Role::RadioButton, "Told by their names"));
    for radio in ["Expressions", "People", "Nothing"] {
        choose(&mut harness, radio);
        assert!(is_on(&harness, Role::RadioButton, radio), "{radio}");
    }
    press(&mut harness, "Start training");
    assert_told(&noted(&mut harness, &run_path(home.path(), "small-data-1")), &["--set=data.sub_folders=nothing"]);
}

#[test]
fn nothing_starts_without_pictures() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = train_panel(home.path());
    assert!(!is_disabled(&harness, Role::Button, "Start training"));
    choose(&mut harness, "Shards or a folder");
    assert!(is_disabled(&harness, Role::Button, "Start training"));
}

#[test]
fn the_memory_is_named_before_the_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = train_panel(home.path());
    choose(&mut harness, "Tiny");
    until(&mut harness, "the estimate", |harness| says(harness, "Takes about"));
}

#[test]
fn of_a_gpus_memory_nothing_is_claimed() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = train_panel(home.path());
    let train = &mut harness.state_mut().state.train;
    let memory = Memory { needed_mb: 5000, available_mb: None, fits_batch: None, on_gpu: true };
    train.estimate = Some((train.form.clone(), Some(memory)));
    harness.run_steps(2);
    assert!(says(&harness, "Takes about 5,000 MB of the GPU's memory; how much that has is not known"));
    assert!(!says(&harness, "A batch of"));
}

#[test]
fn a_folder_that_is_dropped_is_trained_on_and_a_picture_is_not() {
    let (home, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = train_panel(home.path());
    let folder = data.path().join("my faces");
    fs::create_dir(&folder).unwrap();
    let picture = crop_file(data.path(), "anna.png", 40);
    for path in [&folder, &picture] {
        harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(path.clone())));
    }
    harness.run_steps(3);
    assert!(is_on(&harness, Role::RadioButton, "Shards or a folder"));
    assert!(says(&harness, "Training takes folders and shards (.parquet); drop pictures onto the Edit panel"));
    assert!(!has(&harness, Role::Button, "anna.png"), "the picture is in the tray");
    press(&mut harness, "Leave out my faces");
    assert!(!has(&harness, Role::Button, "Leave out my faces"));
}

#[test]
fn runs_are_listed_in_words() {
    let home = tempfile::tempdir().unwrap();
    let mut finished = FakeRun::with_numbers(&run_path(home.path(), "first"));
    finished.turn(State::Finished);
    drop(finished);
    let killed = FakeRun::begun(&run_path(home.path(), "second"));
    killed.keep(1000);
    drop(killed);
    let mut harness = train_panel(home.path());
    until(&mut harness, "the runs", |harness| says(harness, "Finished, step 1,200, best held-out error"));
    assert!(says(&harness, "Was killed, step 1,200; its last checkpoint can be gone on with"));
    assert!(has(&harness, Role::Button, "Resume second") && !has(&harness, Role::Button, "Resume first"));
}

#[test]
fn runs_of_another_folder_are_listed() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(FakeRun::begun(&other.path().join("elsewhere-1")));
    let mut harness = train_panel(home.path());
    press(&mut harness, "Runs in a folder…");
    answer(&mut harness, "Folder of runs", &other.path().display().to_string());
    look_at(&mut harness, "elsewhere-1");
}

#[cfg(unix)]
#[test]
fn a_run_that_was_killed_for_memory_is_resumed_with_a_batch_that_fits() {
    let home = tempfile::tempdir().unwrap();
    let path = run_path(home.path(), "large");
    let mut run = FakeRun::begun(&path);
    run.keep(1000);
    // More than any machine has.
    run.status.memory_mb = Some(1e9);
    run.say();
    drop(run);
    let mut harness = opened_in(stand_in().kept_in(home.path()).trained_by(noting(home.path())));
    look_at(&mut harness, "large");
    until(&mut harness, "the cause", |harness| says(harness, "probably because memory ran out"));
    assert!(says(&harness, "resume it from step 1000"));
    let by = By::new().role(Role::Button).label_contains("Resume with a batch of ");
    let name = harness.get(by).accesskit_node().label().unwrap();
    press(&mut harness, &name);
    let told = noted(&mut harness, &path);
    let batch = name.trim_start_matches("Resume with a batch of ");
    assert_told(&told, &["--resume", &format!("--set=batch.size={batch}")]);
    assert!(!told.iter().any(|word| word.starts_with("--preset") || word.starts_with("--synthetic")), "{told:?}");
}
