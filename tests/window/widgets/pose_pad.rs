//! The head turned on its pad.

use eframe::egui;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use facespace::app::widgets::PosePad;
use facespace::face::Pose;

use super::{close, double_click, drag, harness, key, press, release};

struct Turned {
    pose: Pose,
    enabled: bool,
    settled: usize,
    resets: usize,
}

const OWN: Pose = Pose { yaw_deg: 5.0, pitch_deg: -3.0, roll_deg: 2.0 };
const AHEAD: Pose = Pose { yaw_deg: 0.0, pitch_deg: 0.0, roll_deg: 0.0 };

fn pad(pose: Pose) -> Harness<'static, Turned> {
    harness(Turned { pose, enabled: true, settled: 0, resets: 0 }, |ui, state| {
        let pad = PosePad {
            low: Pose { yaw_deg: -48.0, pitch_deg: -24.0, roll_deg: -15.0 },
            high: Pose { yaw_deg: 46.0, pitch_deg: 20.0, roll_deg: 14.0 },
            own: OWN,
            enabled: state.enabled,
        };
        let answer = pad.show(ui, state.pose);
        state.settled += usize::from(answer.settled);
        state.resets += usize::from(answer.reset);
        state.pose = answer.pose.unwrap_or(state.pose);
    })
}

#[test]
fn dragging_right_turns_right_and_dragging_up_lifts() {
    let mut harness = pad(AHEAD);
    let from = harness.get_by_label("Head pad").rect().center();
    drag(&mut harness, from, from + vec2(40.0, -20.0));
    let pose = harness.state().pose;
    assert!(pose.yaw_deg > 5.0 && pose.pitch_deg > 5.0, "{pose:?}");
    assert_eq!((pose.roll_deg, harness.state().settled), (0.0, 1));
}

#[test]
fn a_press_on_the_head_takes_it_as_it_lies() {
    let mut harness = pad(AHEAD);
    let at = harness.get_by_label("Head pad").rect().center() + vec2(6.0, 8.0);
    press(&mut harness, at);
    release(&mut harness, at);
    assert_eq!((harness.state().pose, harness.state().settled), (AHEAD, 0));
}

#[test]
fn a_press_beside_the_head_brings_it_there() {
    let mut harness = pad(AHEAD);
    let at = harness.get_by_label("Head pad").rect().center() + vec2(80.0, 0.0);
    press(&mut harness, at);
    assert!(harness.state().pose.yaw_deg > 10.0);
    release(&mut harness, at);
    assert_eq!(harness.state().settled, 1);
}

#[test]
fn the_head_stops_at_the_pads_edge() {
    let mut harness = pad(AHEAD);
    let from = harness.get_by_label("Head pad").rect().center();
    drag(&mut harness, from, from + vec2(5000.0, 5000.0));
    let pose = harness.state().pose;
    assert_eq!((pose.yaw_deg, pose.pitch_deg), (60.0, -30.0));
}

#[test]
fn the_handle_above_the_head_tilts_it() {
    let mut harness = pad(AHEAD);
    let handle = harness.get_by_label("Head roll").rect().center();
    drag(&mut harness, handle, handle + vec2(10.0, 0.0));
    let pose = harness.state().pose;
    assert!(pose.roll_deg > 10.0 && pose.roll_deg <= 30.0, "{pose:?}");
    assert_eq!((pose.yaw_deg, pose.pitch_deg, harness.state().settled), (0.0, 0.0, 1));
}

#[test]
fn arrows_turn_by_a_degree_and_with_shift_by_a_tenth() {
    let mut harness = pad(AHEAD);
    harness.get_by_label("Head pad").focus();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::ArrowRight);
    key(&mut harness, Modifiers::NONE, Key::ArrowUp);
    key(&mut harness, Modifiers::SHIFT, Key::ArrowRight);
    key(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    let pose = harness.state().pose;
    assert!(close(pose.yaw_deg, 1.1) && close(pose.pitch_deg, 0.9), "{pose:?}");
    assert_eq!(harness.state().settled, 4);
}

#[test]
fn the_roll_handle_is_reached_and_stepped_too() {
    let mut harness = pad(AHEAD);
    key(&mut harness, Modifiers::NONE, Key::Tab);
    assert!(harness.get_by_label("Head pad").is_focused());
    key(&mut harness, Modifiers::NONE, Key::Tab);
    assert!(harness.get_by_label("Head roll").is_focused());
    key(&mut harness, Modifiers::NONE, Key::ArrowRight);
    harness.get_by_label("Head roll").increment_accesskit();
    harness.run();
    assert_eq!(harness.state().pose.roll_deg, 2.0);
}

#[test]
fn a_double_click_returns_to_the_photographs_own() {
    let mut harness = pad(AHEAD);
    let at = harness.get_by_label("Head pad").rect().center();
    double_click(&mut harness, at);
    assert_eq!((harness.state().pose, harness.state().resets), (OWN, 1));
}

#[test]
fn a_disabled_pad_does_nothing() {
    let mut harness = pad(AHEAD);
    harness.state_mut().enabled = false;
    harness.run();
    let from = harness.get_by_label("Head pad").rect().center();
    drag(&mut harness, from, from + vec2(40.0, 0.0));
    double_click(&mut harness, from);
    harness.get_by_label("Head roll").set_value_accesskit(5.0);
    harness.run();
    assert_eq!((harness.state().pose, harness.state().settled, harness.state().resets), (AHEAD, 0, 0));
}

#[test]
fn a_screen_reader_hears_the_three_angles() {
    let mut harness = pad(OWN);
    harness.run();
    let pad = harness.get_by_label("Head pad");
    assert_eq!(pad.value().as_deref(), Some("yaw 5.0°, pitch \u{2212}3.0°, roll 2.0°"));
    assert_eq!(pad.accesskit_node().data().role_description(), Some("two-way slider"));
}
