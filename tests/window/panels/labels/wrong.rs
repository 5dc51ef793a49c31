//! What cannot be used is told in one sentence, and nothing is lost by it.

use super::audited::Gate;
use super::*;

/// The window in which an audit was opened after its file was spoilt.
#[track_caller]
fn with_spoilt(home: &Path, spoil: impl Fn(&mut Vec<u8>)) -> Driven {
    audited::copy_to(&audit_folder(home));
    let file = audit_folder(home).join("audit.sqlite");
    let mut bytes = fs::read(&file).unwrap();
    spoil(&mut bytes);
    fs::write(&file, bytes).unwrap();
    let mut harness = labels_panel(home);
    open_audit(&mut harness, &audit_folder(home));
    harness
}

#[track_caller]
fn assert_refused(harness: &mut Driven, words: &str) {
    until(harness, words, |harness| says(harness, words));
    assert!(has(harness, Role::Button, "Try again") && has(harness, Role::Button, "Open another audit…"));
    assert!(has(harness, Role::Button, "Audit a set…") && says(harness, "This audit could not be opened"));
}

#[test]
fn a_folder_without_an_audit_is_told() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = labels_panel(home.path());
    open_audit(&mut harness, home.path());
    assert_refused(&mut harness, "There is no audit here; choose the folder of one or audit a set");
    audited::copy_to(&audit_folder(home.path()));
    open_audit(&mut harness, &audit_folder(home.path()));
    until_listed(&mut harness);
    assert!(has(&harness, Role::Button, "Keep") && !has(&harness, Role::Button, "Try again"));
}

#[test]
fn an_audit_of_a_newer_program_is_refused() {
    let home = tempfile::tempdir().unwrap();
    // The user's version in the header of the database.
    let mut harness = with_spoilt(home.path(), |bytes| bytes[60..64].copy_from_slice(&99_u32.to_be_bytes()));
    assert_refused(&mut harness, "This audit was made by a newer facespace (format 99");
}

#[test]
fn an_audit_that_is_cut_off_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_spoilt(home.path(), |bytes| bytes.truncate(bytes.len() / 2));
    assert_refused(&mut harness, "The audit is cut off or damaged");
}

/// Audits a set in vain.
#[track_caller]
fn audit_in_vain(harness: &mut Driven, set: &Path, words: &str) {
    press(harness, "Audit a set…");
    answer(harness, "Folder or file of the set", &set.display().to_string());
    until(harness, "the second question", |harness| has(harness, Role::TextInput, "Folder for the audit"));
    press(harness, "Audit");
    until(harness, words, |harness| says(harness, words));
    assert!(has(harness, Role::Button, "Audit a set…"), "nothing is in hand");
}

#[test]
fn a_set_that_cannot_be_audited_is_told() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = labels_panel(home.path());
    audit_in_vain(&mut harness, &home.path().join("nowhere"), "There is no such file or folder; check its name");
    let alone = home.path().join("alone");
    audited::write_shard(&alone, 0, 1..20);
    audit_in_vain(&mut harness, &alone, "All faces are labelled happy, and one class alone cannot be judged");
    let own = audited::set();
    press(&mut harness, "Audit a set…");
    answer(&mut harness, "Folder or file of the set", &own.display().to_string());
    let taken = home.path().join("alone");
    answer(&mut harness, "Folder for the audit", &taken.display().to_string());
    let words = "This folder holds other things than an audit; choose an empty or a new one";
    until(&mut harness, words, |harness| says(harness, words));
}

#[test]
fn a_picture_that_is_dropped_is_no_set() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = labels_panel(home.path());
    let path = crop_file(home.path(), "anna.png", 40);
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(path)));
    harness.step();
    assert!(says(&harness, "Sets of labelled faces are audited here"));
    assert!(desk(&harness).source.is_none());
}

#[test]
fn labels_are_never_written_into_the_set() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    press(&mut harness, "Export labels…");
    answer(&mut harness, "Folder for the new labels", &audited::set().display().to_string());
    let words = "The new labels would be written into the set itself; choose another folder";
    until(&mut harness, words, |harness| says(harness, words));
    assert!(!audited::set().join("log.csv").exists());
}

#[test]
fn a_table_that_is_none_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let path = home.path().join("table.csv");
    fs::write(&path, "colour,size\nred,3\n").unwrap();
    press(&mut harness, "Import a table…");
    answer(&mut harness, "Table of labels", &path.display().to_string());
    until(&mut harness, "the sentence", |harness| harness.state().state.bar.is_some());
    assert!(says(&harness, "column"), "it says which one is missing");
    assert_eq!(desk(&harness).open.as_ref().unwrap().counts.total(), 0);
}

/// A window whose networks are others than those of the audit.
fn with_other_weights(home: &Path) -> Driven {
    const OTHER: &str = "0123456789abcdef";
    let other = || {
        let about = StandIn::on("Stand-in").about();
        Ready { fingerprint: OTHER.to_owned(), ..about }
    };
    let opener: Box<Opener> = Box::new(move |_: &Setup| Ok(Box::new(StandIn(other()))));
    let gate: Arc<Gate> = Arc::default();
    let auditor: Box<Opener> = Box::new(move |_: &Setup| Ok(audited::Painter::with(OTHER.to_owned(), &gate)));
    let opening = Opening { opener: Some(opener), auditor: Some(auditor), ..stand_in() };
    opened_in(opening.kept_in(&window_home(home)))
}

#[test]
fn a_face_is_compared_with_one_of_other_weights_by_eye_alone() {
    let home = tempfile::tempdir().unwrap();
    audited::copy_to(&audit_folder(home.path()));
    let mut harness = with_other_weights(home.path());
    open_audit(&mut harness, &audit_folder(home.path()));
    until_listed(&mut harness);
    transfer::drag_onto(&mut harness, "Sample 8", "Compare with");
    assert!(has(&harness, Role::Button, "Remove Sample 8 from the comparison"));
    assert!(says(&harness, "The two cannot be compared by angles") && !says(&harness, "° apart"));
}

#[test]
fn an_audit_of_other_weights_says_so_and_is_rebuilt_with_its_verdicts() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    keys(&mut harness, Modifiers::NONE, Key::A);
    until(&mut harness, "the next face", |harness| looked_at(harness) == order[1]);
    close(harness);

    let mut harness = with_other_weights(home.path());
    until_listed(&mut harness);
    let words = "This audit was made with the weights";
    assert!(says(&harness, words));
    let (_, row) = desk(&harness).looked_at().unwrap();
    let looked = desk(&harness).look.known(row.face).unwrap();
    assert!(looked.input.is_some() && looked.reconstruction.is_none() && looked.error.is_some());
    press(&mut harness, "Rebuild");
    until(&mut harness, "the end", |harness| harness.state().state.auditing().is_none() && !says(harness, words));
    until_listed(&mut harness);
    assert!(says(&harness, "1 verdict: 0 kept, 0 relabelled, 1 ambiguous"));
    assert_eq!(on_disk(home.path(), &order[0]), Some(Verdict::Ambiguous));
}
