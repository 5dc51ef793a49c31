//! A face fitted to its photograph: asked for, watched, called off, taken back.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::super::hindered::Hindered;
use super::*;

const BEFORE_AND_AFTER: &str = "Pixel error 20.0 before refining, 15.0 now";

#[test]
fn a_face_is_refined_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open(stand_in(), folder.path(), "one.png", album::one());
    let before = shown(&harness);
    press(&mut harness, "Refine");
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
    settle(&mut harness);
    let refined = f64::from(OWN.yaw_deg) + 1.0;
    assert_number(&harness, "Yaw", refined);
    assert!(!has(&harness, Role::Button, "Refine") && shown(&harness) != before);

    press(&mut harness, "Undo refine");
    until(&mut harness, "the button", |harness| has(harness, Role::Button, "Refine"));
    settle(&mut harness);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    assert!(shown(&harness) == before);
    // Both are steps like others.
    press(&mut harness, "Undo");
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
    settle(&mut harness);
    assert_number(&harness, "Yaw", refined);
    press(&mut harness, "Undo");
    until(&mut harness, "the button", |harness| has(harness, Role::Button, "Refine"));
    settle(&mut harness);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    press(&mut harness, "Redo");
    settle(&mut harness);
    assert_number(&harness, "Yaw", refined);
}

#[test]
fn an_edit_survives_refining() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open(stand_in(), folder.path(), "one.png", album::one());
    press(&mut harness, "Happy");
    type_number(&mut harness, "Pitch", "7");
    press(&mut harness, "Refine");
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
    settle(&mut harness);
    assert!(is_on(&harness, Role::Button, "Happy"));
    assert_number(&harness, "Pitch", 7.0);
    assert_number(&harness, "Yaw", f64::from(OWN.yaw_deg) + 1.0);
}

#[test]
fn another_crop_needs_another_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open(stand_in(), folder.path(), "one.png", album::one());
    press(&mut harness, "Refine");
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
    settle(&mut harness);
    keys(&mut harness, CTRL, Key::M);
    until(&mut harness, "the handles", has_handles);
    focus(&mut harness, Role::Button, "Mouth");
    for _ in 0..8 {
        keys(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    press(&mut harness, "Use this crop");
    until(&mut harness, "the button", |harness| has(harness, Role::Button, "Refine"));
    settle(&mut harness);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    press(&mut harness, "Undo");
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
}

/// A window whose fits have many steps and end only when they are let, with a photograph; what lets the fit end, and
/// counts its steps.
fn patient(folder: &Path) -> (Driven, Arc<AtomicBool>, Arc<AtomicUsize>) {
    let (go, taken) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let (theirs, counter) = (Arc::clone(&go), Arc::clone(&taken));
    let opener: Box<Opener> = Box::new(move |setup: &Setup| {
        let (go, taken) = (Arc::clone(&theirs), Arc::clone(&counter));
        let refine = move || {
            taken.fetch_add(1, Ordering::Relaxed);
            let last = go.load(Ordering::Relaxed);
            if !last {
                thread::sleep(Duration::from_millis(20));
            }
            last
        };
        Ok(Box::new(Hindered { refine: Box::new(refine), ..Hindered::open(setup)? }))
    });
    let opening = Opening { opener: Some(opener), ..stand_in() };
    (open(opening, folder, "one.png", album::one()), go, taken)
}

/// Steps of the fit that are done.
fn done(harness: &Driven) -> usize {
    harness.state().state.refining().map_or(0, |(_, done, _)| done)
}

#[test]
fn a_fit_is_watched_and_sliders_go_on_working() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, go, taken) = patient(folder.path());
    press(&mut harness, "Refine");
    until(&mut harness, "progress", |harness| done(harness) >= 3 && says(harness, "Refining, "));
    assert!(has(&harness, Role::ProgressIndicator, "Refining the face"));
    assert!(has(&harness, Role::Button, "Cancel refining") && !has(&harness, Role::Button, "Refine"));
    until(&mut harness, "the status bar", |harness| has(harness, Role::ProgressIndicator, "Refining"));
    let before = (shown(&harness), taken.load(Ordering::Relaxed));
    type_number(&mut harness, "Yaw", "25");
    until(&mut harness, "the edit", |harness| shown(harness) != before.0);
    assert!(taken.load(Ordering::Relaxed) < before.1 + 100, "the edit did not wait for the fit");
    go.store(true, Ordering::Relaxed);
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
    settle(&mut harness);
    assert_number(&harness, "Yaw", 25.0);
}

#[test]
fn a_fit_that_is_called_off_leaves_the_face_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (mut harness, go, taken) = patient(folder.path());
    let (before, made) = (shown(&harness), steps(&harness));
    press(&mut harness, "Refine");
    until(&mut harness, "progress", |harness| done(harness) >= 2);
    press(&mut harness, "Cancel refining");
    until(&mut harness, "the button", |harness| has(harness, Role::Button, "Refine"));
    settle(&mut harness);
    assert!(shown(&harness) == before && steps(&harness) == made);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    let stopped = taken.load(Ordering::Relaxed);
    harness.run_steps(10);
    thread::sleep(Duration::from_millis(60));
    assert!(taken.load(Ordering::Relaxed) <= stopped + 1, "it goes on");
    // It can be begun again.
    go.store(true, Ordering::Relaxed);
    press(&mut harness, "Refine");
    until(&mut harness, "the fit", |harness| says(harness, BEFORE_AND_AFTER));
}
