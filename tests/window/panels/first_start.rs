//! The first minute.

use facespace::engine::slot::Slot;

use super::*;

#[test]
fn a_sample_face_is_open_and_twelve_lie_in_the_tray() {
    let harness = stand_in().open();
    for number in 1..=12 {
        assert!(has(&harness, Role::Button, &format!("Sample {number}")), "{number}");
    }
    assert!(opened(&harness).starts_with("Sample "));
    assert_eq!(canvas(&harness), "Edited, zoom 100 %");
}

#[test]
fn the_sliders_are_live() {
    let harness = stand_in().open();
    for name in ["Yaw", "Pitch", "Roll", "Expression axis 1", "Identity axis 6", "Style axis 6"] {
        assert!(!is_disabled(&harness, Role::Slider, name), "{name}");
    }
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn the_first_line_goes_away_for_good() {
    let home = tempfile::tempdir().unwrap();
    let words = "Drop a photograph here. Nothing leaves this machine";
    let mut harness = stand_in().kept_in(home.path()).open();
    assert!(says(&harness, words));
    press(&mut harness, "Got it");
    assert!(!says(&harness, words));
    close(harness);
    let harness = stand_in().kept_in(home.path()).open();
    assert!(!says(&harness, words));
}

#[test]
fn the_window_is_there_before_the_networks() {
    let gate = Arc::new(Slot::default());
    let theirs = Arc::clone(&gate);
    let opener: Box<Opener> = Box::new(move |setup: &Setup| {
        theirs.wait();
        StandIn::open(setup)
    });
    let mut harness = Opening { opener: Some(opener), ..stand_in() }.begin();
    until(&mut harness, "the samples", |harness| has(harness, Role::Button, "Sample 1"));
    let waits = ["Networks are warming up…", "the sliders come in a moment"].map(|words| says(&harness, words));
    gate.put(());
    assert_eq!(waits, [true, true]);
    settle(&mut harness);
    assert!(has(&harness, Role::Slider, "Yaw"));
}
