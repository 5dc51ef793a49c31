//! How a training's end reaches the window: in words, whoever ended it and whether or not this window started it.

use std::fs;

use facespace::engine::training::{RunState, TrainingEvent};
use facespace::train::run_dir::{RunDir, State, Status};

use super::{Desk, wait_for};

#[test]
fn the_end_of_a_finished_training_is_told() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    let status = desk.runs(pid);
    desk.checkpoint(1000);
    desk.write_status(&Status { state: State::Finished, step: 1000, ..status });
    desk.tell("exit 0");
    assert_eq!(window.end(), "The training has finished");
    let view = window.view(|view| !view.alive);
    assert_eq!((view.state, view.can_resume), (RunState::Finished, false), "nothing is left");
    assert_eq!(view.message, "The training has finished");
}

#[test]
fn a_stopped_training_can_be_resumed_and_a_discarded_one_cannot() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    let status = desk.runs(pid);
    desk.checkpoint(120);
    desk.write_status(&Status { state: State::Stopped, ..status.clone() });
    desk.tell("exit 0");
    assert_eq!(window.end(), "The training has stopped and was saved at step 120; resume it when you like");
    assert!(window.view(|view| !view.alive).can_resume);
    desk.write_status(&Status { state: State::Discarded, ..status });
    assert!(!window.view(|view| view.state == RunState::Discarded).can_resume);
}

#[test]
fn a_training_that_fails_at_once_says_why() {
    let desk = Desk::new();
    fs::create_dir_all(&desk.run).unwrap();
    fs::write(desk.run.join(RunDir::LOG), "What an earlier one said; forget it\n").unwrap();
    let (window, _) = desk.started();
    desk.tell("echo remark >&2; echo 'The pictures are bad; choose others: x.parquet' >&2; exit 1");
    assert_eq!(window.end(), "The pictures are bad; choose others: x.parquet");
    let view = window.view(|view| !view.alive);
    assert_eq!(view.message, "The pictures are bad; choose others: x.parquet");
    assert_eq!((view.state, view.can_resume), (RunState::Failed, false));
}

#[test]
fn a_training_that_ends_without_a_word_is_told_as_that() {
    let desk = Desk::new();
    fs::create_dir_all(&desk.run).unwrap();
    fs::write(desk.run.join(RunDir::LOG), "What an earlier one said; forget it\n").unwrap();
    let (window, _) = desk.started();
    desk.tell("exit 3");
    assert_eq!(window.end(), "The training ended without a word (exit code 3); start it again");
}

#[test]
fn a_panic_is_told_with_its_words() {
    let desk = Desk::new();
    let (window, _) = desk.started();
    desk.checkpoint(40);
    desk.tell("printf \"thread 'main' panicked at x.rs:1:1:\\nout of luck\\nnote: run with more\\n\" >&2; exit 101");
    assert_eq!(window.end(), "The training crashed (out of luck); please report this, and resume it from step 40");
}

#[test]
fn a_training_that_the_system_killed_is_recognised() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    desk.write_config();
    desk.runs(pid);
    desk.checkpoint(50);
    desk.checkpoint(100);
    window.view(|view| view.state == RunState::Running);
    desk.tell("kill -9 $$");
    let sentence = window.end();
    let says = "The training was stopped by the system, probably because memory ran out; resume it from step 100";
    let batch = sentence.strip_prefix(says).unwrap_or_else(|| panic!("{sentence}"));
    // Half of the preset's 16 at most, where that fits here.
    let batch = batch.strip_prefix(" with batch.size ").map(|size| size.parse::<usize>().unwrap());
    assert!(batch.is_none_or(|size| (2..=8).contains(&size)), "{sentence}");
    let view = window.view(|view| view.state == RunState::Killed);
    assert!(view.can_resume && !view.alive && view.message == sentence);
}

#[test]
fn another_signal_is_named() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    desk.runs(pid);
    desk.checkpoint(100);
    desk.tell("kill -15 $$");
    assert_eq!(window.end(), "The training ended without a word (signal 15); resume it from step 100");
}

#[test]
fn a_closed_window_leaves_the_training_and_finds_it_again() {
    let desk = Desk::new();
    let (window, pid) = desk.started();
    let lock = desk.lock();
    desk.runs(pid);
    window.view(|view| view.state == RunState::Running);
    drop(window);
    desk.tell("touch \"$run/still there\"");
    wait_for(&desk.run.join("still there"));

    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    let view = window.view(|view| view.alive);
    assert_eq!((view.state, view.step), (RunState::Running, 120));
    assert!(!view.can_resume);
    desk.checkpoint(100);
    desk.tell("exit 0");
    drop(lock);
    assert_eq!(window.end(), "The training ended without a word; resume it from step 100");
    let view = window.view(|view| !view.alive);
    assert_eq!(view.state, RunState::Killed);
    assert!(view.can_resume);
}

#[test]
fn a_run_that_was_killed_for_memory_is_recognised_afterwards() {
    let desk = Desk::new();
    desk.write_config();
    let status = desk.runs(1);
    // More than any machine has.
    desk.write_status(&Status { memory_mb: Some(1e12), ..status });
    desk.checkpoint(100);
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    let view = window.view(|_| true);
    assert_eq!((view.state, view.alive, view.can_resume), (RunState::Killed, false, true));
    let says = "The training was stopped by the system, probably because memory ran out; resume it from step 100";
    assert!(view.message.starts_with(says), "{}", view.message);
    assert_eq!(window.trainings.next(), None, "it is no news");
}

#[test]
fn a_run_that_ends_well_elsewhere_is_told_without_alarm() {
    let desk = Desk::new();
    let lock = desk.lock();
    let status = desk.runs(1);
    let window = desk.window();
    window.trainings.watch(Some(desk.run.clone()));
    window.view(|view| view.alive);
    desk.write_status(&Status { state: State::Stopped, step: 130, ..status });
    drop(lock);
    let sentence = "The training has stopped and was saved at step 130; resume it when you like";
    assert_eq!(window.event(), TrainingEvent::Ended { run_dir: desk.run.clone(), sentence: sentence.to_owned() });
}
