//! Checkpoints: whole or not there.

use std::fs;
use std::path::Path;
use std::process::Command;

use facespace::data::atomic::WriteError;
use facespace::train::checkpoints::{Checkpoints, Saved, Which};
use facespace::train::run_dir::RunDirError;

use super::{names, state};

fn save(checkpoints: &Checkpoints, step: u64, rmse: Option<f64>) -> Saved {
    let pending = checkpoints.begin(step).unwrap();
    pending.write("networks.safetensors", &step.to_le_bytes()).unwrap();
    pending.commit(&state(step, rmse)).unwrap()
}

fn steps(checkpoints: &Checkpoints) -> Vec<u64> {
    checkpoints.list().unwrap().iter().map(Saved::step).collect()
}

fn fresh() -> (tempfile::TempDir, Checkpoints) {
    let home = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(home.path().join("checkpoints"));
    checkpoints.tidy().unwrap();
    (home, checkpoints)
}

#[test]
fn a_checkpoint_is_there_once_it_is_committed() {
    let (home, checkpoints) = fresh();
    assert_eq!(checkpoints.newest().unwrap(), None);
    let pending = checkpoints.begin(1200).unwrap();
    pending.write("networks.safetensors", b"weights").unwrap();
    assert!(checkpoints.list().unwrap().is_empty());
    let saved = pending.commit(&state(1200, Some(21.5))).unwrap();
    assert_eq!(checkpoints.newest().unwrap(), Some(saved.clone()));
    assert_eq!(saved.path, home.path().join("checkpoints/step-00001200"));
    assert_eq!(names(&saved.path), ["networks.safetensors", "state.json"]);
    assert_eq!(fs::read(saved.file("networks.safetensors")).unwrap(), b"weights");
}

#[test]
fn one_that_is_given_up_leaves_nothing() {
    let (home, checkpoints) = fresh();
    save(&checkpoints, 1, None);
    let pending = checkpoints.begin(2).unwrap();
    pending.write("networks.safetensors", b"weights").unwrap();
    drop(pending);
    assert_eq!(names(&home.path().join("checkpoints")), ["step-00000001"]);
}

#[test]
fn one_of_the_same_step_takes_the_place() {
    let (home, checkpoints) = fresh();
    save(&checkpoints, 7, Some(3.0));
    let pending = checkpoints.begin(7).unwrap();
    pending.write("networks.safetensors", b"newer").unwrap();
    let saved = pending.commit(&state(7, Some(2.0))).unwrap();
    assert_eq!(fs::read(saved.file("networks.safetensors")).unwrap(), b"newer");
    assert_eq!(names(&home.path().join("checkpoints")), ["step-00000007"]);
    assert_eq!(checkpoints.best().unwrap().unwrap().state.held_out_rmse, Some(2.0));
}

/// A kill between the two renames of such a change leaves the old one under a hidden name.
#[test]
fn an_old_one_gets_its_name_back() {
    let (home, checkpoints) = fresh();
    let folder = home.path().join("checkpoints");
    let saved = save(&checkpoints, 7, Some(3.0));
    fs::rename(&saved.path, folder.join(".step-00000007.old.part")).unwrap();
    fs::create_dir(folder.join(".step-00000007.part")).unwrap();
    checkpoints.tidy().unwrap();
    assert_eq!(names(&folder), ["step-00000007"]);
    assert_eq!(checkpoints.newest().unwrap(), Some(saved));
    // With both there, the one with the name counts.
    fs::create_dir(folder.join(".step-00000007.old.part")).unwrap();
    fs::create_dir(folder.join(".step-00000003.gone.part")).unwrap();
    checkpoints.tidy().unwrap();
    assert_eq!(names(&folder), ["step-00000007"]);
}

#[test]
fn the_newest_and_the_best_are_kept() {
    let (home, checkpoints) = fresh();
    for (step, rmse) in [(1, None), (2, Some(9.0)), (3, Some(f64::NAN)), (4, Some(12.0)), (5, Some(9.5)), (6, None)] {
        save(&checkpoints, step, rmse);
    }
    assert_eq!(checkpoints.best().unwrap().unwrap().step(), 2);
    checkpoints.prune(3).unwrap();
    assert_eq!(steps(&checkpoints), [2, 4, 5, 6]);
    checkpoints.prune(1).unwrap();
    assert_eq!(steps(&checkpoints), [2, 6]);
    checkpoints.prune(0).unwrap();
    assert_eq!(steps(&checkpoints), [2, 6]);
    assert_eq!(names(&home.path().join("checkpoints")).len(), 2);
    checkpoints.remove_after(2).unwrap();
    assert_eq!(steps(&checkpoints), [2]);
}

#[test]
fn any_of_them_can_be_gone_on_from_and_others_are_refused() {
    let (_home, checkpoints) = fresh();
    assert_eq!(checkpoints.find(Which::Newest).unwrap(), None);
    let refused = |which: &str| {
        let error = checkpoints.find(which.parse().unwrap()).unwrap_err();
        crate::cli::assert_sentence(&error.to_string());
        error.to_string()
    };
    assert!(refused("3").starts_with("There is no checkpoint of step 3; there is none at all, leave out --from"));
    save(&checkpoints, 1, None);
    assert!(refused("best").starts_with("No checkpoint was measured yet; the only one is that of step 1: "));
    save(&checkpoints, 2, Some(9.0));
    save(&checkpoints, 4, Some(9.5));
    let step = |which: &str| checkpoints.find(which.parse().unwrap()).unwrap().unwrap().step();
    assert_eq!(["newest", "best", "1", "4"].map(step), [4, 2, 1, 4]);
    let says = refused("3");
    assert!(says.starts_with("There is no checkpoint of step 3; choose one of the steps 1, 2, 4: "), "{says}");
    assert!("oldest".parse::<Which>().unwrap_err().contains("say best, newest or a step"));
}

#[test]
fn what_is_no_checkpoint_is_left_out_and_a_newer_one_is_named() {
    let (home, checkpoints) = fresh();
    let folder = home.path().join("checkpoints");
    save(&checkpoints, 5, None);
    fs::create_dir(folder.join("step-00000008")).unwrap();
    fs::create_dir(folder.join("step-00000009")).unwrap();
    fs::write(folder.join("step-00000009/state.json"), "{\"version\": 1, ").unwrap();
    fs::write(folder.join("step-nine"), "").unwrap();
    fs::create_dir(folder.join("mine")).unwrap();
    assert_eq!(steps(&checkpoints), [5]);
    fs::write(folder.join("step-00000009/state.json"), "{\"version\": 2, \"wibble\": 1}").unwrap();
    let error = checkpoints.list().unwrap_err();
    assert!(matches!(error, RunDirError::Newer(_)), "{error}");
    crate::cli::assert_sentence(&error.to_string());
}

/// Names the folder to the second process.
const TARGET: &str = "FACESPACE_TEST_CHECKPOINTS";

/// The environment of this process belongs to all tests, so the full disk is met in a second one.
#[test]
fn a_full_disk_is_told_and_the_next_try_may_work() {
    let (home, checkpoints) = fresh();
    save(&checkpoints, 1, None);
    let folder = home.path().join("checkpoints");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "train::checkpoints::on_a_full_disk", "--nocapture"])
        .env("FACESPACE_FAULT_WRITE", "1000")
        .env(TARGET, &folder)
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    assert_eq!(names(&folder), ["step-00000001", "step-00000003"]);
}

#[test]
fn on_a_full_disk() {
    let Some(folder) = std::env::var_os(TARGET) else { return };
    let checkpoints = Checkpoints::new(Path::new(&folder).to_owned());
    let pending = checkpoints.begin(2).unwrap();
    let error = pending.write("networks.safetensors", &[0; 2000]).unwrap_err();
    assert!(matches!(error, WriteError::DiskFull(_)), "{error}");
    drop(pending);
    assert_eq!(steps(&checkpoints), [1]);
    save(&checkpoints, 3, None);
}
