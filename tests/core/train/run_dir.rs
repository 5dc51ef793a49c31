//! The life of a run directory.

use std::fs;
use std::path::Path;

use facespace::train::control::Word;
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::{RunDir, RunDirError, State, Status, StatusFile};

use super::{names, state};

#[track_caller]
fn refused<T>(outcome: Result<T, RunDirError>, path: &Path) -> RunDirError {
    let Err(error) = outcome else { panic!("it was not refused") };
    let sentence = error.to_string();
    crate::cli::assert_sentence(&sentence);
    assert!(sentence.ends_with(&format!(": {}", path.display())), "{sentence}");
    error
}

#[test]
fn a_run_is_made_left_and_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("deep/run");
    assert!(matches!(refused(RunDir::open(&path), &path), RunDirError::NoRun(_)));
    assert!(matches!(refused(RunDir::resume(&path), &path), RunDirError::NoRun(_)));
    assert!(!path.exists());

    let run = RunDir::create(&path).unwrap();
    assert!(run.is_held() && RunDir::is_locked(&path));
    run.write_config(&presets::tiny()).unwrap();
    drop(run);
    assert!(!RunDir::is_locked(&path));

    assert!(matches!(refused(RunDir::create(&path), &path), RunDirError::Exists(_)));
    let seen = RunDir::open(&path).unwrap();
    assert!(!seen.is_held());
    assert_eq!(seen.read_config().unwrap(), presets::tiny());
    assert_eq!(RunDir::resume(&path).unwrap().read_config().unwrap(), presets::tiny());
}

#[test]
fn two_trainings_in_one_folder_are_one_too_many() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path();
    let run = RunDir::create(path).unwrap();
    assert!(matches!(refused(RunDir::create(path), path), RunDirError::InUse(_)));
    run.write_config(&presets::tiny()).unwrap();
    assert!(matches!(refused(RunDir::resume(path), path), RunDirError::InUse(_)));
    // Looking is allowed, and does not take the lock away.
    assert_eq!(RunDir::open(path).unwrap().read_config().unwrap().preset, "tiny");
    assert!(RunDir::is_locked(path) && RunDir::is_locked(path));
    drop(run);
    RunDir::resume(path).unwrap();
}

#[test]
fn a_folder_that_cannot_be_written_to_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    for path in [file.clone(), file.join("run")] {
        assert!(matches!(refused(RunDir::create(&path), &path), RunDirError::Write(_)));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let locked = home.path().join("locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
        // Root writes everywhere.
        if fs::write(locked.join("probe"), "").is_err() {
            assert!(matches!(refused(RunDir::create(&locked), &locked), RunDirError::Write(_)));
        }
    }
}

#[test]
fn settings_of_a_newer_program_are_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    fs::write(&config, "version = 7\nwibble = 3\n").unwrap();
    let error = refused(RunDir::open(home.path()).unwrap().read_config(), &config);
    assert!(error.to_string().contains("version 7"), "{error}");

    let path = home.path().join("status.json");
    fs::write(&path, r#"{"version": 8, "state": {"wibble": 1}}"#).unwrap();
    assert!(matches!(refused(RunDir::read_status(home.path()), &path), RunDirError::Newer(_)));
    fs::write(&path, r#"{"version": 1, "state": "#).unwrap();
    assert!(matches!(refused(RunDir::read_status(home.path()), &path), RunDirError::Damaged { .. }));
}

#[test]
fn what_a_kill_left_half_written_is_gone_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path();
    let run = RunDir::create(path).unwrap();
    run.write_config(&presets::tiny()).unwrap();
    run.control().send(Word::Stop).unwrap();
    drop(run);
    for name in [".status.json.7-0.part", "previews/.step-1.png.7-1.part", "cache/.codes.7-2.part"] {
        fs::write(path.join(name), "half").unwrap();
    }
    fs::create_dir(path.join("checkpoints/.step-00000009.part")).unwrap();
    fs::write(path.join("checkpoints/.step-00000009.part/networks.safetensors"), "half").unwrap();
    // Somebody else's.
    fs::write(path.join(".notes"), "mine").unwrap();

    let run = RunDir::resume(path).unwrap();
    assert_eq!(names(path), [".notes", "cache", "checkpoints", "config.toml", "lock", "previews"]);
    for folder in ["previews", "cache", "checkpoints"] {
        assert!(names(&run.file(folder)).is_empty(), "{folder}");
    }
    // It was said to the process before.
    assert_eq!(run.control().take(), None);
}

#[test]
fn words_are_taken_once_and_the_newest_counts() {
    let home = tempfile::tempdir().unwrap();
    let run = RunDir::create(home.path()).unwrap();
    let control = run.control();
    assert_eq!(control.take(), None);
    for word in Word::ALL {
        control.send(word).unwrap();
        assert_eq!(control.take(), Some(word));
        assert_eq!(control.take(), None);
    }
    control.send(Word::Pause).unwrap();
    control.send(Word::Go).unwrap();
    assert_eq!(control.take(), Some(Word::Go));
    for text in ["", "dance", "\u{0}\u{1}"] {
        fs::write(run.file("control"), text).unwrap();
        assert_eq!(control.take(), None);
        assert!(!run.file("control").exists());
    }
    crate::cli::assert_sentence(&"dance".parse::<Word>().unwrap_err());
}

#[test]
fn the_status_comes_back_and_is_not_written_too_often() {
    let home = tempfile::tempdir().unwrap();
    let run = RunDir::create(home.path()).unwrap();
    let mut file: StatusFile = run.status_file();
    let mut status = Status { state: State::Running, steps: 100, ..Status::begun("CPU") };
    assert!(file.write(&status).unwrap());
    status.step = 1;
    assert!(!file.write(&status).unwrap());
    assert_eq!(RunDir::read_status(home.path()).unwrap().step, 0);
    // A new state is told at once.
    status.state = State::Paused;
    assert!(file.write(&status).unwrap());
    status = Status {
        step: 2,
        stage: Some(Stage::PcaStart),
        steps_per_second: f64::NAN,
        seconds_left: Some(f64::INFINITY),
        memory_mb: Some(512.5),
        ..status
    };
    file.write_now(&status).unwrap();
    let read = RunDir::read_status(home.path()).unwrap();
    assert_eq!((read.step, read.stage, read.pid), (2, Some(Stage::PcaStart), std::process::id()));
    assert_eq!((read.steps_per_second, read.seconds_left, read.memory_mb), (0.0, None, Some(512.5)));
    assert!(read.updated_unix_ms >= read.started_unix * 1000 && read.started_unix > 1_700_000_000);
    let text = fs::read_to_string(run.file("status.json")).unwrap();
    assert!(text.contains("\"state\": \"paused\"") && text.contains("\"stage\": \"pca-start\""), "{text}");
    // What an older program did not write is at its default.
    fs::write(run.file("status.json"), r#"{"version": 1, "state": "finished", "new": 3}"#).unwrap();
    assert_eq!(RunDir::read_status(home.path()).unwrap().state, State::Finished);
}

#[test]
fn a_discarded_run_leaves_room_for_a_new_one() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path();
    let run = RunDir::create(path).unwrap();
    run.write_config(&presets::tiny()).unwrap();
    run.status_file().write_now(&Status { state: State::Discarded, ..Status::begun("CPU") }).unwrap();
    run.checkpoints().begin(5).unwrap().commit(&state(5, None)).unwrap();
    run.metrics().unwrap();
    fs::write(run.preview(5, "png"), "picture").unwrap();
    fs::write(run.file("log.txt"), "words").unwrap();
    fs::write(run.file("mine.txt"), "kept").unwrap();
    run.discard().unwrap();
    assert_eq!(names(path), ["lock", "log.txt", "mine.txt", "status.json"]);
    run.discard().unwrap();
    drop(run);
    RunDir::create(path).unwrap();
}
