//! What is said to a training, and what it says back.

use facespace::train::control::Word;
use facespace::train::presets;
use facespace::train::scope::{self, Stages};
use facespace::train::status::State;

use super::fake::FakeRun;
use super::*;

fn running(home: &Path) -> (Driven, FakeRun) {
    let run = FakeRun::begun(&run_path(home, "tiny-1"));
    let mut harness = train_panel(home);
    look_at(&mut harness, "tiny-1");
    until(&mut harness, "the training", |harness| has(harness, Role::Button, "Pause"));
    (harness, run)
}

#[track_caller]
fn hears(harness: &mut Driven, run: &FakeRun, word: Word) {
    until(harness, word.name(), |_| run.heard() == Some(word));
}

#[test]
fn state_stage_and_numbers_are_said_in_words() {
    let home = tempfile::tempdir().unwrap();
    let (harness, _run) = running(home.path());
    for words in ["Trains, stage one: faces to 99 numbers and back", "12.5", "5:04", "4 %", "812 MB", "CPU (2 cores)"] {
        assert!(says(&harness, words), "{words}");
    }
    assert!(has(&harness, Role::ProgressIndicator, "Steps of the training"));
    assert!(says(&harness, "The first weights come with the first checkpoint."));
    assert!(is_disabled(&harness, Role::Button, "Edit with this"));
    assert!(is_disabled(&harness, Role::Button, "Start training"));
}

#[test]
fn it_is_paused_and_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, mut run) = running(home.path());
    press(&mut harness, "Pause");
    hears(&mut harness, &run, Word::Pause);
    run.turn(State::Paused);
    until(&mut harness, "the pause", |harness| has(harness, Role::Button, "Go on"));
    assert!(says(&harness, "Paused, stage one"));
    press(&mut harness, "Go on");
    hears(&mut harness, &run, Word::Go);
}

#[test]
fn it_saves_and_stops_when_it_is_told() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, mut run) = running(home.path());
    press(&mut harness, "Save now");
    hears(&mut harness, &run, Word::Save);
    command(&mut harness, "stop save training");
    hears(&mut harness, &run, Word::Stop);
    run.keep(1200);
    run.turn(State::Stopped);
    drop(run);
    until(&mut harness, "the end", |harness| has(harness, Role::Button, "Resume"));
    assert!(says(&harness, "Stopped and saved at step 1,200 of 5,000"));
    assert!(!has(&harness, Role::Button, "Put the message away"), "an end that was asked for is no error");
}

#[test]
fn a_finished_run_is_resumed_only_by_a_stage_that_it_left_out() {
    let home = tempfile::tempdir().unwrap();
    let mut run = FakeRun::begun(&run_path(home.path(), "tiny-1"));
    let config = scope::settle(presets::tiny(), Stages::Autoencoder, false, &[]).unwrap();
    run.run.write_config(&config).unwrap();
    run.keep(scope::steps_left(&config, 0));
    run.status.passed_over.unreadable = 2;
    run.turn(State::Finished);
    drop(run);
    let mut harness = train_panel(home.path());
    look_at(&mut harness, "tiny-1");
    until(&mut harness, "the end", |harness| says(harness, "Finished at step 1,200 of 5,000"));
    assert!(says(&harness, "2 pictures could not be read; others took the place"));
    assert!(!has(&harness, Role::Button, "Resume"));
    choose(&mut harness, "Stage two only");
    assert!(has(&harness, Role::Button, "Resume"));
}

#[test]
fn discarding_takes_two_presses() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, run) = running(home.path());
    press(&mut harness, "Stop and discard…");
    assert!(says(&harness, "that cannot be undone"));
    press(&mut harness, "Put the message away");
    press(&mut harness, "Save now");
    // Words are said in order, and this one is the first.
    hears(&mut harness, &run, Word::Save);
    press(&mut harness, "Stop and discard…");
    press(&mut harness, "Discard for good");
    hears(&mut harness, &run, Word::Discard);
    assert!(!has(&harness, Role::Button, "Discard for good"));
}

#[test]
fn an_end_that_nobody_asked_for_is_told_with_what_can_be_done() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, run) = running(home.path());
    run.keep(1000);
    // Long enough for the checkpoint to be seen.
    until(&mut harness, "the checkpoint", |_| run.run.checkpoints().newest().unwrap().is_some());
    drop(run);
    until(&mut harness, "the bar", |harness| has(harness, Role::Button, "Put the message away"));
    assert!(says(&harness, "resume it from step 1000"));
    until(&mut harness, "the state", |harness| says(harness, "Was killed at step 1,200"));
}

#[test]
fn the_status_bar_has_it_and_leads_to_it() {
    let home = tempfile::tempdir().unwrap();
    let (mut harness, _run) = running(home.path());
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert!(!has(&harness, Role::Button, "Pause"));
    assert!(has(&harness, Role::ProgressIndicator, "Training progress"));
    press(&mut harness, "Show the training");
    assert!(has(&harness, Role::Button, "Pause"));
    press(&mut harness, "All runs");
    until(&mut harness, "the list", |harness| says(harness, "Trains, step 1,200"));
    assert!(has(&harness, Role::Button, "Show the training"), "it is still watched");
}

#[test]
fn a_training_of_the_last_session_is_found_again() {
    let home = tempfile::tempdir().unwrap();
    let (harness, mut run) = running(home.path());
    close(harness);
    (run.status.step, run.status.steps) = (2400, 5000);
    run.say();
    let mut harness = stand_in().kept_in(home.path()).open();
    until(&mut harness, "the training", |harness| has(harness, Role::Button, "Show the training"));
    press(&mut harness, "Log");
    assert!(says(&harness, "The training of the last session goes on, step 2,400 of 5,000"));
    press(&mut harness, "Show the training");
    until(&mut harness, "its panel", |harness| has(harness, Role::Button, "Pause"));
}
