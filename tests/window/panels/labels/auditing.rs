//! Sets that are audited here: asked for, watched, stopped, brought up to date.

use std::sync::atomic::Ordering;

use super::audited::Gate;
use super::*;

/// Where the set lies that a test may change.
fn own_set(home: &Path) -> PathBuf {
    let folder = home.join("holidays");
    audited::write_shard(&folder, 0, 0..audited::FACES);
    folder
}

/// Names the set, and takes the place for its audit that is proposed.
#[track_caller]
fn audit(harness: &mut Driven, set: &Path) {
    press(harness, "Audit a set…");
    answer(harness, "Folder or file of the set", &set.display().to_string());
    until(harness, "the second question", |harness| has(harness, Role::TextInput, "Folder for the audit"));
    press(harness, "Audit");
}

#[track_caller]
fn until_audited(harness: &mut Driven) {
    until(harness, "the audit", |harness| {
        harness.state().state.auditing().is_none() && has(harness, Role::Button, "Bring up to date")
    });
    until_listed(harness);
}

#[test]
fn a_set_is_audited_by_two_answers() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = labels_panel(home.path());
    audit(&mut harness, &own_set(home.path()));
    until_audited(&mut harness);
    assert!(last_said(&harness, "The audit is done, 60 labels judged, 3 of them within the budget"));
    assert!(says(&harness, "holidays") && says(&harness, "60 labels, 3 within the budget"));
    let mut first: Vec<usize> = listed(&harness)[..3].iter().map(|name| audited::number(name)).collect();
    first.sort_unstable();
    assert_eq!(first, audited::WRONG.map(|(number, _)| number));
    let made = fs::read_dir(window_home(home.path()).join("audits")).unwrap().next().unwrap().unwrap().path();
    assert!(made.join("audit.sqlite").is_file(), "{}", made.display());
    assert!(made.file_name().unwrap().to_str().unwrap().starts_with("holidays-"), "{}", made.display());
}

#[test]
fn a_set_that_is_dropped_is_audited() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = labels_panel(home.path());
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(own_set(home.path()))));
    harness.step();
    until(&mut harness, "the question", |harness| has(harness, Role::TextInput, "Folder for the audit"));
    press(&mut harness, "Audit");
    until_audited(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);
    // An audit that is dropped is opened.
    let folder = desk(&harness).folder.clone().unwrap();
    press(&mut harness, "Close the audit");
    until(&mut harness, "the empty panel", |harness| has(harness, Role::Button, "Audit a set…"));
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(folder)));
    harness.step();
    until_listed(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);
}

#[test]
fn a_set_that_has_grown_is_brought_up_to_date_and_verdicts_stay() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("holidays");
    audited::write_shard(&folder, 0, 0..audited::FACES - 1);
    let mut harness = labels_panel(home.path());
    audit(&mut harness, &folder);
    until_audited(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES - 1);
    let order = listed(&harness);
    keys(&mut harness, Modifiers::NONE, Key::K);
    until(&mut harness, "the next face", |harness| looked_at(harness) == order[1]);
    audited::write_shard(&folder, 1, audited::FACES - 1..audited::FACES);
    press(&mut harness, "Bring up to date");
    until(&mut harness, "the end", |harness| last_said(harness, "The audit is done, 60 labels judged"));
    until_audited(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);
    assert_eq!(looked_at(&harness), order[1], "the face is found again");
    assert!(says(&harness, "1 verdict: 1 kept, 0 relabelled, 0 ambiguous"));
}

#[test]
fn an_audit_is_watched_stopped_and_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let set = own_set(home.path());
    let gate: Arc<Gate> = Arc::default();
    gate.shut.store(true, Ordering::Relaxed);
    let theirs = Arc::clone(&gate);
    let auditor: Box<Opener> = Box::new(move |_: &Setup| Ok(audited::Painter::with(BUNDLED.fingerprint(), &theirs)));
    let opening = Opening { auditor: Some(auditor), ..stand_in() };
    let mut harness = opened_in(opening.kept_in(&window_home(home.path())));
    audit(&mut harness, &set);
    until(&mut harness, "the step", |harness| {
        gate.reached.load(Ordering::Relaxed) && has(harness, Role::ProgressIndicator, "Audit progress")
    });
    assert!(says(&harness, "Encoding the faces") && says(&harness, "The networks write each face as 99 numbers"));
    // All else goes on meanwhile.
    keys(&mut harness, CTRL, Key::Num1);
    type_number(&mut harness, "Yaw", "20");
    keys(&mut harness, CTRL, Key::Num4);
    harness.step();
    press(&mut harness, "Stop the audit");
    gate.shut.store(false, Ordering::Relaxed);
    until(&mut harness, "the stop", |harness| last_said(harness, "The audit was stopped, and what was done is kept"));
    assert!(has(&harness, Role::Button, "Audit a set…") && !has(&harness, Role::Button, "Try again"));
    audit(&mut harness, &set);
    until_audited(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);
}
