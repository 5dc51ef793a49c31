//! A face of the tray beside the one that is looked at, and how far the two are apart.

use std::sync::atomic::Ordering;

use facespace::face::{Part, PartAngles};

use super::*;

const SLOT: &str = "Compare with";

/// Whose face stands in the slot, as a screen reader hears it.
fn beside(harness: &Driven) -> Option<String> {
    let slot = harness.get_by_role_and_label(Role::Button, SLOT);
    // Empty, it says what may be put there.
    let words = slot.accesskit_node().data().description().map(str::to_owned);
    words.filter(|words| !words.starts_with("A face of the tray, to be looked at"))
}

/// That a face of the tray stands beside the one that is looked at, with the angles between the two.
#[track_caller]
fn assert_beside(harness: &Driven, face: &str) {
    assert_eq!(beside(harness).as_deref(), Some(face));
    let desk = desk(harness);
    let (_, row) = desk.looked_at().unwrap();
    let card = desk.look.known(row.face).unwrap().card.clone().unwrap();
    let known = harness.state().state.faces.iter().find(|known| known.record.name == face).unwrap();
    let angles = PartAngles::between(&card.code, &known.seen.as_ref().unwrap().code);
    for (part, name) in Part::ALL.into_iter().zip(["Pose", "Identity", "Expression", "Style"]) {
        let words = format!("{name} {:.1}° apart", angles.part_deg(part));
        assert!(says(harness, &words), "{words}");
    }
    // Who reads the set sees the number of a face as its yaw.
    let yaw = 10.0 + audited::number(&card.name) as f32;
    let turned = ((yaw - OWN.yaw_deg).abs() + OWN.pitch_deg.abs() + OWN.roll_deg.abs()) / 3.0;
    assert!((angles.pose_deg - turned).abs() < 0.1, "{} is not {turned}", angles.pose_deg);
}

#[track_caller]
fn assert_empty(harness: &Driven) {
    assert_eq!(beside(harness), None);
    assert!(!says(harness, "° apart") && !says(harness, "not encoded yet"));
}

#[test]
fn a_face_of_the_tray_is_dragged_beside_the_one_that_is_looked_at() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    assert_empty(&harness);
    compare_with(&mut harness, "Sample 8");
    assert_beside(&harness, "Sample 8");
    let [input, slot] = [(Role::Image, "Input"), (Role::Button, SLOT)].map(|(role, name)| rect(&harness, role, name));
    let alike = (input.size() - slot.size()).length() + (input.top() - slot.top()).abs();
    assert!(alike < 0.5, "{slot:?} is not as large as {input:?}");
    assert!(slot.left() > input.right() && slot.left() < input.right() + 20.0, "{slot:?} is not beside {input:?}");
    // Another one takes its place.
    compare_with(&mut harness, "Sample 9");
    assert_beside(&harness, "Sample 9");
    assert!(has(&harness, Role::Button, "Keep"), "the panel stays");
    assert_eq!(opened(&harness), "Sample 3", "nothing was opened by it");
}

#[test]
fn a_face_is_picked_up_with_enter_and_put_beside_with_enter() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let before = looked_at(&harness);
    focus(&mut harness, Role::Button, "Sample 8");
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(harness.state().state.picked.is_some());
    focus(&mut harness, Role::Button, SLOT);
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(harness.state().state.picked.is_none());
    until(&mut harness, "the angles", |harness| says(harness, "° apart"));
    assert_beside(&harness, "Sample 8");
    assert_eq!(looked_at(&harness), before, "Enter led to no other face");
}

#[test]
fn it_stays_while_one_goes_through_the_list_and_not_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    compare_with(&mut harness, "Sample 8");
    for (key, place) in [(Key::ArrowDown, 1), (Key::K, 2)] {
        keys(&mut harness, Modifiers::NONE, key);
        until(&mut harness, "the next face", |harness| looked_at(harness) == order[place]);
        until_listed(&mut harness);
        assert_beside(&harness, "Sample 8");
    }
    close(harness);
    let mut harness = labels_panel(home.path());
    until_listed(&mut harness);
    assert_empty(&harness);
}

#[test]
fn it_is_taken_away_by_its_cross_and_with_its_face() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    compare_with(&mut harness, "Sample 8");
    press(&mut harness, "Remove Sample 8 from the comparison");
    assert_empty(&harness);
    assert!(!has(&harness, Role::Button, "Remove Sample 8 from the comparison"));
    compare_with(&mut harness, "Sample 8");
    tray::choose(&mut harness, "Sample 8", "Remove from the tray");
    harness.run_steps(2);
    assert_empty(&harness);
}

#[test]
fn a_face_that_is_not_encoded_yet_says_so() {
    let home = tempfile::tempdir().unwrap();
    let gate: Arc<audited::Gate> = Arc::default();
    let theirs = Arc::clone(&gate);
    let opener: Box<Opener> = Box::new(move |_: &Setup| Ok(audited::Painter::with(BUNDLED.fingerprint(), &theirs)));
    let mut harness = with_audit_in(home.path(), Opening { opener: Some(opener), ..stand_in() });
    gate.shut.store(true, Ordering::Relaxed);
    transfer::drag_onto(&mut harness, "Sample 8", SLOT);
    let words = "Sample 8 is not encoded yet; the angles come once the networks have looked at it";
    until(&mut harness, words, |harness| says(harness, words));
    assert!(!says(&harness, "° apart"));
    gate.shut.store(false, Ordering::Relaxed);
    until(&mut harness, "the angles", |harness| says(harness, "° apart") && !says(harness, words));
    assert_eq!(beside(&harness).as_deref(), Some("Sample 8"));
}

#[test]
fn a_photograph_without_a_marked_face_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    open_path(&mut harness, &photograph_file(home.path(), "photograph.png"));
    until(&mut harness, "the offer", |harness| has(harness, Role::Button, "Mark the face"));
    let name = harness.state().state.open_face().unwrap().record.name.clone();
    keys(&mut harness, CTRL, Key::Num4);
    until_listed(&mut harness);
    transfer::drag_onto(&mut harness, &name, SLOT);
    let words = format!("No face of {name} is marked yet; mark it in the Edit panel, or compare with another face");
    assert!(says(&harness, &words));
    assert_eq!(beside(&harness), Some(name));
}

#[test]
fn a_face_let_go_of_elsewhere_says_where_it_is_taken() {
    let mut harness = opened_in(stand_in());
    transfer::drag_onto(&mut harness, "Sample 8", "Audit a set…");
    assert!(last_said(&harness, "Nothing takes a face there; open an audit first"));
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    transfer::drag_onto(&mut harness, "Sample 8", "Keep");
    assert!(last_said(&harness, "Nothing takes a face there; drop it onto Compare with"));
    assert_empty(&harness);
}

#[test]
fn faces_are_carried_over_the_rail() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = gallery::with_crowd(home.path());
    audited::copy_to(&audit_folder(home.path()));
    keys(&mut harness, CTRL, Key::Num4);
    harness.step();
    open_audit(&mut harness, &audit_folder(home.path()));
    until_listed(&mut harness);
    // One of the tray, and one of an index, which goes into the tray first.
    for (panel, face) in [(Key::Num1, "Sample 8"), (Key::Num3, "carla-0.png")] {
        keys(&mut harness, CTRL, panel);
        harness.step();
        if panel == Key::Num3 {
            gallery::until_found(&mut harness);
        }
        transfer::carry_over_rail(&mut harness, face, "Labels", SLOT);
        until(&mut harness, face, |harness| beside(harness).as_deref() == Some(face) && says(harness, "° apart"));
        assert_beside(&harness, face);
    }
}
