//! Runs in a list.

use std::fs;
use std::path::{Path, PathBuf};

use facespace::train::memory;
use facespace::train::metrics::{HeldOut, Line};
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::{RunDir, State, Status};
use facespace::train::scope::{self, Stages};
use facespace::train::summary::{RunSummary, can_go_on, data_of, list_runs};

use super::state;

/// A run that says `state`, with two measurements and a checkpoint; it holds its lock while it lives.
fn run(path: &Path, state_said: State, memory_mb: f64) -> RunDir {
    let run = RunDir::create(path).unwrap();
    let mut config = presets::tiny();
    config.data.paths = vec![run.file("synthetic"), PathBuf::from("/pictures/lfw")];
    run.write_config(&config).unwrap();
    let status = Status {
        state: state_said,
        stage: Some(Stage::Joint),
        step: 70,
        steps: 100,
        seconds: 65.0,
        pictures: 900,
        memory_mb: Some(memory_mb),
        ..Status::begun("CPU")
    };
    run.status_file().write_now(&status).unwrap();
    let mut metrics = run.metrics().unwrap();
    for (step, rmse) in [(50, 20.0), (60, 21.0), (70, f64::NAN)] {
        let held_out =
            HeldOut { rmse, rmse_train: 18.0, rmse_mean_face: 60.0, rmse_pca_99: 25.0, sharpness: 0.8, n: 50 };
        metrics.append(&Line::HeldOut { step, stage: Stage::Joint, held_out }).unwrap();
    }
    run.checkpoints().begin(60).unwrap().commit(&state(60, Some(21.0))).unwrap();
    run
}

fn only(path: &Path) -> RunSummary {
    let mut rows = list_runs(path);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[test]
fn a_run_is_summed_up() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("first");
    drop(run(&path, State::Stopped, 300.0));
    let row = only(&path);
    assert_eq!((row.name.as_str(), row.preset.as_str(), row.state), ("first", "tiny", State::Stopped));
    assert_eq!((row.stage, row.step, row.steps, row.pictures), (Some(Stage::Joint), 70, 100, 900));
    assert_eq!((row.rmse_best, row.rmse_last), (Some(20.0), Some(21.0)));
    assert_eq!((row.rmse_pca_99, row.rmse_mean_face), (Some(25.0), Some(60.0)));
    assert_eq!(row.data, "synthetic faces, lfw");
    assert!(row.can_resume && row.problem.is_none() && !row.probably_for_memory);
    let mut config = presets::tiny();
    config.data.paths = ["/a", "/b", "/c", "/d"].map(PathBuf::from).to_vec();
    assert_eq!(data_of(&config, &path), "a, b, c and 1 more");
}

#[test]
fn a_killed_run_is_told_from_one_that_runs() {
    let home = tempfile::tempdir().unwrap();
    for said in [State::Running, State::Paused, State::Preparing] {
        let path = home.path().join(said.to_string());
        let held = run(&path, said, 300.0);
        let row = only(&path);
        assert_eq!((row.state, row.can_resume), (said, false));
        drop(held);
        let row = only(&path);
        assert_eq!((row.state, row.state_in_words().as_str(), row.can_resume), (State::Killed, "killed", true));
    }
}

#[test]
fn what_has_finished_goes_on_only_where_something_is_left() {
    let config = presets::tiny();
    let all = scope::steps_left(&config, 0);
    assert_eq!((scope::steps_left(&config, all - 3), scope::steps_left(&config, all + 3)), (3, 0));
    assert_eq!(can_go_on(State::Finished, Some(all), Some(&config)), (false, None));
    assert_eq!(can_go_on(State::Finished, None, Some(&config)), (false, None));
    // Its settings were changed, or its last checkpoint is gone.
    assert_eq!(can_go_on(State::Finished, Some(all - 1), Some(&config)), (true, None));
    assert_eq!(can_go_on(State::Stopped, Some(all), Some(&config)), (true, None));
    assert_eq!(can_go_on(State::Killed, Some(5), None), (true, None));
    assert_eq!(can_go_on(State::Discarded, Some(5), Some(&config)), (false, None));
    // A stage that was left out can be chosen.
    for (held_to, next) in [(Stages::Autoencoder, Stages::Disentangle), (Stages::Disentangle, Stages::Joint)] {
        let config = scope::settle(presets::tiny(), held_to, true, &[]).unwrap();
        let done = scope::steps_left(&config, 0);
        assert_eq!(can_go_on(State::Finished, Some(done), Some(&config)), (false, Some(next)));
    }
}

#[test]
fn a_run_killed_for_memory_says_so() {
    let Some(total) = memory::total_mb() else { return };
    let home = tempfile::tempdir().unwrap();
    drop(run(home.path(), State::Running, 0.95 * total as f64));
    let row = only(home.path());
    assert!(row.probably_for_memory);
    assert_eq!(row.state_in_words(), "killed, probably for memory");
    // One that ended well may have taken as much.
    drop(RunDir::resume(home.path()).unwrap());
    let finished = Status { state: State::Finished, ..RunDir::read_status(home.path()).unwrap() };
    RunDir::open(home.path()).unwrap().status_file().write_now(&finished).unwrap();
    assert_eq!(only(home.path()).state_in_words(), "finished");
}

#[test]
fn a_folder_of_runs_is_listed_by_name_and_faults_are_named() {
    let home = tempfile::tempdir().unwrap();
    for name in ["b", "a"] {
        drop(run(&home.path().join(name), State::Finished, 300.0));
    }
    fs::create_dir(home.path().join("pictures")).unwrap();
    fs::create_dir(home.path().join("newer")).unwrap();
    fs::write(home.path().join("newer/config.toml"), "version = 9").unwrap();
    let rows = list_runs(home.path());
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "newer"]);
    let problem = rows[2].problem.as_deref().unwrap();
    crate::cli::assert_sentence(problem);
    assert!(problem.contains("version 9") && problem.ends_with("config.toml"), "{problem}");
    assert!(list_runs(&home.path().join("pictures")).is_empty());
    assert!(list_runs(&home.path().join("nowhere")).is_empty());
}

#[test]
fn a_discarded_run_is_no_fault() {
    let home = tempfile::tempdir().unwrap();
    let held = run(home.path(), State::Discarded, 300.0);
    held.discard().unwrap();
    drop(held);
    let row = only(home.path());
    assert_eq!((row.state, row.can_resume, row.problem), (State::Discarded, false, None));
}
