//! Verdicts: a key and a button each, on the disk before the next face shows, and taken back.

use facespace::face::Expression;

use super::*;

/// Says something about the face that is looked at, until the one at a place shows.
#[track_caller]
fn say(harness: &mut Driven, key: Key, next: &str) {
    keys(harness, Modifiers::NONE, key);
    until(harness, "the next face", |harness| looked_at(harness) == next);
}

#[test]
fn a_key_says_what_is_right_and_the_next_face_shows_once_that_is_on_the_disk() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    let shown = audited::shown(audited::number(&order[1]));
    for (place, key, verdict) in [
        (0, Key::K, Verdict::Keep),
        (1, Key::R, Verdict::Relabel(shown)),
        (2, Key::A, Verdict::Ambiguous),
        (3, Key::Num4, Verdict::Relabel(Expression::Surprise)),
    ] {
        say(&mut harness, key, &order[place + 1]);
        assert_eq!(on_disk(home.path(), &order[place]), Some(verdict), "{key:?}");
    }
    assert!(says(&harness, "4 verdicts: 1 kept, 2 relabelled, 1 ambiguous"));
    // What has a verdict is passed over, from the end of the list round to its start.
    press(&mut harness, &audited::row_named(&order[0]));
    until_listed(&mut harness);
    assert!(is_on(&harness, Role::Button, "Keep"));
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(looked_at(&harness), order[4]);
}

#[test]
fn buttons_say_the_same_as_keys() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    let shown = audited::shown(audited::number(&order[0]));
    for (place, button, verdict) in [
        (0, format!("Relabel as {shown}"), Verdict::Relabel(shown)),
        (1, "Ambiguous".to_owned(), Verdict::Ambiguous),
        (2, "Label it fear".to_owned(), Verdict::Relabel(Expression::Fear)),
        (3, "Keep".to_owned(), Verdict::Keep),
    ] {
        press(&mut harness, &button);
        until(&mut harness, "the next face", |harness| looked_at(harness) == order[place + 1]);
        assert_eq!(on_disk(home.path(), &order[place]), Some(verdict), "{button}");
        until_listed(&mut harness);
    }
    press(&mut harness, &audited::row_named(&order[2]));
    until_listed(&mut harness);
    assert!(is_on(&harness, Role::Button, "Label it fear") && !is_on(&harness, Role::Button, "Keep"));
    let name = audited::row_named(&order[2]);
    let row = harness.get_by_role_and_label(Role::Button, &name);
    assert_eq!(row.accesskit_node().data().description(), Some("now fear"));
}

#[test]
fn the_label_that_a_face_has_is_kept_by_its_number_and_the_prediction_needs_to_be_another() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    // The last one is surely right.
    for _ in 0..order.len() {
        keys(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    until_listed(&mut harness);
    let last = order.last().unwrap();
    assert_eq!(looked_at(&harness), *last);
    let label = audited::given(audited::number(last));
    assert!(is_disabled(&harness, Role::Button, &format!("Relabel as {label}")));
    keys(&mut harness, Modifiers::NONE, Key::R);
    harness.run_steps(3);
    assert!(last_said(&harness, "The prediction is the label that it has"));
    assert_eq!(on_disk(home.path(), last), None);
    let key = [Key::Num1, Key::Num2, Key::Num3][label.index()];
    say(&mut harness, key, &order[0]);
    assert_eq!(on_disk(home.path(), last), Some(Verdict::Keep));
}

#[test]
fn a_verdict_is_taken_back_by_key_and_by_button() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    assert!(is_disabled(&harness, Role::Button, "Undo verdict"));
    say(&mut harness, Key::K, &order[1]);
    say(&mut harness, Key::A, &order[2]);
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the face before", |harness| looked_at(harness) == order[1]);
    assert_eq!((on_disk(home.path(), &order[0]), on_disk(home.path(), &order[1])), (Some(Verdict::Keep), None));
    press(&mut harness, "Undo verdict");
    until(&mut harness, "the first face", |harness| looked_at(harness) == order[0]);
    assert_eq!(on_disk(home.path(), &order[0]), None);
    assert!(says(&harness, "No verdicts yet"));
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the sentence", |harness| says(harness, "There is no verdict to take back in this audit"));
    // What was said before holds again.
    say(&mut harness, Key::K, &order[1]);
    press(&mut harness, &audited::row_named(&order[0]));
    until_listed(&mut harness);
    say(&mut harness, Key::A, &order[1]);
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the first verdict", |harness| last_said(harness, "Taken back"));
    assert_eq!(on_disk(home.path(), &order[0]), Some(Verdict::Keep));
}

#[test]
fn an_edit_is_undone_where_it_was_made() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    type_number(&mut harness, "Yaw", "20");
    keys(&mut harness, CTRL, Key::Num4);
    until_listed(&mut harness);
    say(&mut harness, Key::K, &order[1]);
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the face before", |harness| looked_at(harness) == order[0]);
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert_number(&harness, "Yaw", 20.0);
    keys(&mut harness, CTRL, Key::Z);
    harness.run_steps(2);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[track_caller]
fn assert_unsaid(harness: &mut Driven) {
    harness.run_steps(10);
    assert_eq!(desk(harness).open.as_ref().unwrap().counts.total(), 0);
}

#[test]
fn what_is_typed_is_no_verdict_and_neither_is_a_key_of_another_panel() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    focus(&mut harness, Role::TextInput, "Name contains");
    for key in [Key::K, Key::A, Key::Num3] {
        keys(&mut harness, Modifiers::NONE, key);
    }
    assert_unsaid(&mut harness);
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    keys(&mut harness, CTRL, Key::K);
    harness.run_steps(2);
    keys(&mut harness, Modifiers::NONE, Key::K);
    assert_unsaid(&mut harness);
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    press_by(&mut harness, By::new().role(Role::ComboBox).label("Verdict"));
    harness.run_steps(2);
    keys(&mut harness, Modifiers::NONE, Key::K);
    assert_unsaid(&mut harness);
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    keys(&mut harness, Modifiers::NONE, Key::K);
    assert_unsaid(&mut harness);
}

#[test]
fn a_key_that_is_held_down_gives_one_verdict() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    let down = Event::Key { key: Key::K, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE };
    for _ in 0..3 {
        harness.event(down.clone());
        harness.step();
        until(&mut harness, "the next face", |harness| looked_at(harness) == order[1]);
        until_listed(&mut harness);
    }
    assert_eq!(desk(&harness).open.as_ref().unwrap().counts.total(), 1);
}

#[test]
fn a_list_without_a_verdict_shrinks_and_says_when_it_is_done() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Within the budget"));
    choose(&mut harness, "Verdict", "None yet");
    let order = listed(&harness);
    assert_eq!(order.len(), audited::BUDGET);
    for (place, next) in order[1..].iter().enumerate() {
        say(&mut harness, Key::K, next);
        until_listed(&mut harness);
        assert_eq!(listed(&harness), order[place + 1..], "{next}");
    }
    keys(&mut harness, Modifiers::NONE, Key::K);
    until(&mut harness, "the word of it", |harness| last_said(harness, "Every face of this list has a verdict"));
    until_listed(&mut harness);
    assert!(listed(&harness).is_empty() && says(&harness, "6 verdicts: 6 kept"));
    // What comes back is on the list again.
    press(&mut harness, "Undo verdict");
    until(&mut harness, "the face", |harness| last_said(harness, "Taken back"));
    until_listed(&mut harness);
    assert_eq!((listed(&harness), looked_at(&harness)), (vec![order[5].clone()], order[5].clone()));
}

#[test]
fn the_log_says_by_whom() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    press_by(&mut harness, By::new().role(Role::TextInput).label("Judged by"));
    harness.event(Event::Text("Ada".to_owned()));
    harness.run_steps(2);
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    say(&mut harness, Key::K, &order[1]);
    let log = Audit::open(&audit_folder(home.path())).unwrap().log().unwrap();
    assert_eq!((log.len(), &*log[0].by, &log[0].key, log[0].verdict), (1, "Ada", &order[0], Verdict::Keep));
}
