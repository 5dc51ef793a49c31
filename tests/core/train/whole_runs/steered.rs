//! Trainings that are paused, saved, stopped and discarded, and those that cannot begin or go on.

use std::fs;
use std::path::Path;

use facespace::data::synth;
use facespace::train::TrainError;
use facespace::train::config::Config;
use facespace::train::metrics::Line;
use facespace::train::observer::{Decision, Outcome};
use facespace::train::run_dir::{RunDir, RunDirError, State};
use facespace::train::toml_file::ConfigError;
use safetensors::SafeTensors;

use super::super::micro::{self, finished, rarely_kept, refused, train, with_steps};
use super::super::names;
use super::{lines, start_file, steps};

/// Eight steps of the PCA start and no checkpoint before the last.
fn short(faces: &Path) -> Config {
    rarely_kept(with_steps(micro::config(faces), [8, 0, 0, 0, 0]))
}

fn state(run: &Path) -> State {
    RunDir::read_status(run).unwrap().state
}

#[test]
fn a_training_pauses_and_goes_on() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let mut seen = Vec::new();
    let (outcome, heard) = train(&run, &short(faces.path()), false, |heard| {
        if heard.step != 2 || seen.len() == 3 {
            return Decision::Continue;
        }
        seen.push(state(&run));
        Decision::Pause
    });
    assert_eq!((outcome.unwrap(), heard.step), (Outcome::Finished, 8));
    assert_eq!(seen[1..], [State::Paused, State::Paused]);
    assert_eq!(state(&run), State::Finished);
}

#[test]
fn a_training_saves_when_asked_and_stops_with_all_it_has() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = short(faces.path());
    let mut saved = false;
    let (outcome, heard) = train(&run, &config, false, |heard| match heard.step {
        3 if !std::mem::replace(&mut saved, true) => Decision::Save,
        6 => Decision::Stop,
        _ => Decision::Continue,
    });
    assert_eq!(outcome.unwrap(), Outcome::Stopped { step: 6 });
    assert_eq!((&heard.checkpoints[..], steps(&run)), (&[3, 6][..], vec![3, 6]));
    assert_eq!((state(&run), RunDir::is_locked(&run)), (State::Stopped, false));
    assert!(matches!(refused(&run, &config, false), TrainError::RunDir(RunDirError::Exists(_))));

    let (outcome, heard) = train(&run, &config, true, |_| Decision::Continue);
    assert_eq!((outcome.unwrap(), heard.checkpoints), (Outcome::Finished, vec![8]));
    // One that is finished has nothing to go on with, and stays as it is.
    let (outcome, heard) = train(&run, &config, true, |_| Decision::Continue);
    assert_eq!((outcome.unwrap(), heard.step, steps(&run)), (Outcome::Finished, 0, vec![6, 8]));
}

#[test]
fn what_is_discarded_is_gone() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = short(faces.path());
    let (outcome, _) = train(&run, &config, false, |heard| match heard.step {
        2 if heard.checkpoints.is_empty() => Decision::Save,
        5 => Decision::Discard,
        _ => Decision::Continue,
    });
    assert_eq!(outcome.unwrap(), Outcome::Discarded);
    assert_eq!((names(&run), state(&run)), (vec!["lock".to_owned(), "status.json".to_owned()], State::Discarded));
    // The folder is free for another one.
    finished(&run, &config);
}

#[test]
fn a_training_is_cancelled_before_its_first_step() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let (outcome, heard) = train(&run, &short(faces.path()), false, |_| Decision::Stop);
    let error = outcome.unwrap_err();
    assert!(matches!(error, TrainError::Cancelled { .. }), "{error}");
    assert_eq!((heard.step, state(&run)), (0, State::Stopped));
    let other = home.path().join("other");
    let (outcome, heard) = train(&other, &short(faces.path()), false, |_| Decision::Discard);
    assert_eq!((outcome.unwrap(), heard.step, state(&other)), (Outcome::Discarded, 0, State::Discarded));
    assert_eq!(names(&other), ["lock", "status.json"]);
}

#[test]
fn a_run_whose_checkpoints_are_gone_begins_again() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = rarely_kept(with_steps(micro::config(faces.path()), [12, 0, 0, 0, 0]));
    finished(&run, &config);
    fs::remove_dir_all(run.join(RunDir::CHECKPOINTS)).unwrap();
    let (outcome, heard) = train(&run, &config, true, |_| Decision::Continue);
    assert_eq!((outcome.unwrap(), heard.checkpoints), (Outcome::Finished, vec![12]));
    // The numbers of the first time have gone with them.
    let lines = lines(&run);
    assert_eq!(lines.iter().filter(|line| matches!(line, Line::Losses { step: 10, .. })).count(), 1);
    assert_eq!(lines.iter().filter(|line| matches!(line, Line::HeldOut { .. })).count(), 1);
}

/// The file of networks with an infinite number in E's last layer.
fn broken_file(folder: &Path) -> std::path::PathBuf {
    let path = start_file(folder);
    let mut bytes = fs::read(&path).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let place = file.tensor("E.fc.bias").unwrap().data().as_ptr() as usize - bytes.as_ptr() as usize;
    bytes[place..place + 4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_loss_that_is_no_number_ends_the_training_by_name() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    // Norms and bounded losses keep even absurd rates finite for long, so the networks begin with what those lead to.
    let mut config = short(faces.path());
    config.model.start_from = Some(broken_file(home.path()));
    let error = refused(&run, &config, false);
    assert!(matches!(&error, TrainError::NotFinite { loss, step: 1 } if loss == "codes"), "{error}");
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.message), (State::Failed, error.to_string()));
    assert!(steps(&run).is_empty() && !run.join(RunDir::WEIGHTS).exists());
}

#[test]
fn settings_that_lead_nowhere_are_refused_before_anything_is_made() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = micro::config(faces.path());
    assert!(matches!(refused(&run, &with_steps(config.clone(), [0; 5]), false), TrainError::NoSteps));
    let newer = Config { version: 99, ..config.clone() };
    assert!(matches!(refused(&run, &newer, false), TrainError::Config(ConfigError::Newer(99))));
    assert!(matches!(refused(&run, &config, true), TrainError::RunDir(RunDirError::NoRun(_))));
    assert!(!run.exists());
}

#[test]
fn pictures_that_are_too_few_or_gone_are_named() {
    let home = tempfile::tempdir().unwrap();
    let crops = home.path().join("crops");
    fs::create_dir(&crops).unwrap();
    for number in 0..4 {
        fs::write(crops.join(format!("{number}.jpg")), synth::record(4, number).picture_bytes).unwrap();
    }
    let error = refused(&home.path().join("few"), &micro::config(&crops), false);
    assert!(matches!(error, TrainError::TooFewPictures(3)), "{error}");
    let gone = home.path().join("gone");
    let error = refused(&home.path().join("none"), &micro::config(&gone), false);
    assert!(matches!(error, TrainError::Set(_)) && error.to_string().ends_with("/gone"), "{error}");
    assert_eq!(state(&home.path().join("none")), State::Failed);
}

#[test]
fn two_trainings_do_not_share_a_folder() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let (config, mut tried) = (short(faces.path()), false);
    let (outcome, _) = train(&run, &config, false, |heard| {
        if heard.step == 1 && !std::mem::replace(&mut tried, true) {
            for resume in [false, true] {
                let error = refused(&run, &config, resume);
                assert!(matches!(error, TrainError::RunDir(RunDirError::InUse(_))), "{error}");
            }
        }
        Decision::Continue
    });
    assert_eq!((outcome.unwrap(), tried), (Outcome::Finished, true));
}

#[test]
fn a_checkpoint_of_other_networks_is_refused() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = short(faces.path());
    finished(&run, &config);
    let mut wider = with_steps(config.clone(), [20, 0, 0, 0, 0]);
    wider.model.width = 4;
    let error = refused(&run, &wider, true);
    assert!(matches!(error, TrainError::OtherWidth { found: 2, wanted: 4, .. }), "{error}");
    let mut deeper = config.clone();
    deeper.model.hidden = 208;
    assert!(matches!(refused(&run, &deeper, true), TrainError::OtherNetworks(_)));
    // The run is what it was.
    assert_eq!(RunDir::open(&run).unwrap().read_config().unwrap(), config);

    let saved = RunDir::open(&run).unwrap().checkpoints().newest().unwrap().unwrap();
    fs::write(saved.file("adam-autoencoder.safetensors"), "no state").unwrap();
    assert!(matches!(refused(&run, &config, true), TrainError::Moments(_)));
    fs::write(saved.file("networks.safetensors"), "no networks").unwrap();
    assert!(matches!(refused(&run, &config, true), TrainError::Networks(_)));
}
