//! A slider dragged, typed, stepped and put back.

use eframe::egui;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use facespace::app::widgets::{PartSlider, number_text};
use facespace::face::Part;

use super::{close, double_click, drag, harness, key, move_to, press, release};

#[derive(Default)]
struct Yaw {
    value: f32,
    enabled: bool,
    /// How often a value came, a change was complete, and the photograph's own was asked for.
    changes: usize,
    settled: usize,
    resets: usize,
}

fn slider() -> PartSlider<'static> {
    PartSlider {
        name: "Yaw",
        label: "Yaw",
        part: Some(Part::Pose),
        range: [-60.0, 60.0],
        shaded: Some([-35.0, 30.0]),
        own: 12.0,
        decimals: 1,
        suffix: "°",
        step: 1.0,
        enabled: true,
        hover: "Turns the head to the side",
    }
}

fn yaw(value: f32) -> Harness<'static, Yaw> {
    harness(Yaw { value, enabled: true, ..Yaw::default() }, |ui, state| {
        let answer = PartSlider { enabled: state.enabled, ..slider() }.show(ui, state.value);
        state.changes += usize::from(answer.value.is_some());
        state.settled += usize::from(answer.settled);
        state.resets += usize::from(answer.reset);
        state.value = answer.value.unwrap_or(state.value);
    })
}

/// The point of the rail at this share of the slider's way.
fn rail(harness: &Harness<'_, Yaw>, share: f32) -> Pos2 {
    let rect = harness.get_by_label("Yaw").rect();
    pos2(rect.left() + 7.0 + share * (rect.width() - 14.0), rect.center().y)
}

fn type_number(harness: &mut Harness<'_, Yaw>, text: &str) {
    harness.get_by_label("Yaw value").click();
    harness.run();
    harness.get_by_label("Yaw value").type_text(text);
    harness.run();
    key(harness, Modifiers::NONE, Key::Enter);
}

#[test]
fn a_press_beside_the_thumb_brings_it_there_at_once() {
    let mut harness = yaw(0.0);
    let at = rail(&harness, 0.75);
    press(&mut harness, at);
    assert!(close(harness.state().value, 30.0), "{}", harness.state().value);
    assert_eq!(harness.state().settled, 0);
    release(&mut harness, at);
    assert_eq!(harness.state().settled, 1);
}

#[test]
fn a_drag_changes_as_it_goes_and_is_complete_once() {
    let mut harness = yaw(0.0);
    let (from, to) = (rail(&harness, 0.5), rail(&harness, 0.25));
    press(&mut harness, from);
    assert_eq!(harness.state().changes, 0, "taken as it lies");
    move_to(&mut harness, from, to);
    assert!(harness.state().changes > 1);
    assert!(close(harness.state().value, -30.0), "{}", harness.state().value);
    assert_eq!(harness.state().settled, 0);
    release(&mut harness, to);
    assert_eq!(harness.state().settled, 1);
}

#[test]
fn a_drag_beyond_the_end_stays_at_the_end() {
    let mut harness = yaw(0.0);
    let (from, to) = (rail(&harness, 0.5), rail(&harness, 1.6));
    drag(&mut harness, from, to);
    assert_eq!(harness.state().value, 60.0);
}

#[test]
fn a_press_on_the_thumb_alone_changes_nothing() {
    let mut harness = yaw(0.04);
    let at = rail(&harness, 0.5);
    press(&mut harness, at);
    release(&mut harness, at);
    assert_eq!((harness.state().value, harness.state().changes, harness.state().settled), (0.04, 0, 0));
}

#[test]
fn with_shift_a_drag_goes_a_tenth_of_the_way() {
    let mut harness = yaw(0.0);
    let (from, to) = (rail(&harness, 0.5), rail(&harness, 1.0));
    press(&mut harness, from);
    harness.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    move_to(&mut harness, from, to);
    harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    release(&mut harness, to);
    assert!(close(harness.state().value, 6.0), "{}", harness.state().value);
}

#[test]
fn escape_takes_a_drag_back() {
    let mut harness = yaw(0.04);
    let (from, to) = (rail(&harness, 0.5), rail(&harness, 0.8));
    press(&mut harness, from);
    move_to(&mut harness, from, to);
    assert!(harness.state().value > 30.0);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(harness.state().value, 0.04);
    release(&mut harness, to);
    assert_eq!(harness.state().value, 0.04);
}

#[test]
fn arrows_step_and_shift_steps_finer() {
    let mut harness = yaw(0.0);
    harness.get_by_label("Yaw").focus();
    harness.run();
    for (modifiers, pressed, expected) in [
        (Modifiers::NONE, Key::ArrowRight, 1.0),
        (Modifiers::NONE, Key::ArrowUp, 2.0),
        (Modifiers::SHIFT, Key::ArrowRight, 2.1),
        (Modifiers::NONE, Key::ArrowLeft, 1.1),
        (Modifiers::SHIFT, Key::ArrowDown, 1.0),
    ] {
        let before = harness.state().settled;
        key(&mut harness, modifiers, pressed);
        assert!(close(harness.state().value, expected), "{} is not {expected}", harness.state().value);
        assert_eq!(harness.state().settled, before + 1);
        assert!(harness.get_by_label("Yaw").is_focused());
    }
}

#[test]
fn steps_stop_at_the_end() {
    let mut harness = yaw(59.5);
    harness.get_by_label("Yaw").focus();
    harness.run();
    for _ in 0..3 {
        key(&mut harness, Modifiers::NONE, Key::ArrowRight);
    }
    assert_eq!((harness.state().value, harness.state().changes), (60.0, 1));
}

#[test]
fn tab_reaches_the_rail_and_then_the_number() {
    let mut harness = yaw(0.0);
    key(&mut harness, Modifiers::NONE, Key::Tab);
    assert!(harness.get_by_label("Yaw").is_focused());
    key(&mut harness, Modifiers::NONE, Key::Tab);
    assert!(harness.get_by_label("Yaw value").is_focused());
}

#[test]
fn a_typed_number_is_taken_with_comma_minus_or_unit_and_held_to_the_range() {
    for (text, expected) in
        [("25", 25.0), ("-7.25", -7.25), ("\u{2212}7,5", -7.5), ("12.5°", 12.5), ("400", 60.0), ("-1e9", -60.0)]
    {
        let mut harness = yaw(3.0);
        type_number(&mut harness, text);
        assert_eq!(harness.state().value, expected, "{text}");
        assert_eq!((harness.state().changes, harness.state().settled), (1, 1), "{text}");
    }
}

#[test]
fn what_is_no_number_changes_nothing() {
    for text in ["left", "nan", "inf", ""] {
        let mut harness = yaw(3.0);
        type_number(&mut harness, text);
        assert_eq!((harness.state().value, harness.state().settled), (3.0, 0), "{text}");
    }
}

#[test]
fn a_field_that_is_entered_and_left_keeps_the_value_to_the_last_decimal() {
    let mut harness = yaw(3.217_43);
    harness.get_by_label("Yaw value").click();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!((harness.state().value, harness.state().changes), (3.217_43, 0));
}

#[test]
fn the_number_steps_with_the_arrows() {
    let mut harness = yaw(3.0);
    harness.get_by_label("Yaw value").click();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert_eq!((harness.state().value, harness.state().settled), (4.0, 1));
}

#[test]
fn a_double_click_returns_to_the_photographs_own() {
    let mut harness = yaw(-20.0);
    let at = rail(&harness, 0.8);
    double_click(&mut harness, at);
    assert_eq!((harness.state().value, harness.state().resets), (12.0, 1));
}

#[test]
fn backspace_returns_to_the_photographs_own() {
    let mut harness = yaw(-20.0);
    harness.get_by_label("Yaw").focus();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::Backspace);
    assert_eq!((harness.state().value, harness.state().resets, harness.state().settled), (12.0, 1, 1));
}

#[test]
fn a_disabled_slider_does_nothing() {
    let mut harness = yaw(0.0);
    harness.state_mut().enabled = false;
    harness.run();
    let (from, to) = (rail(&harness, 0.5), rail(&harness, 0.9));
    drag(&mut harness, from, to);
    double_click(&mut harness, from);
    harness.get_by_label("Yaw").focus();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::ArrowRight);
    harness.get_by_label("Yaw").set_value_accesskit(5.0);
    harness.get_by_label("Yaw").increment_accesskit();
    harness.run();
    type_number(&mut harness, "25");
    assert_eq!((harness.state().value, harness.state().changes, harness.state().settled), (0.0, 0, 0));
    assert!(harness.get_by_label("Yaw").accesskit_node().is_disabled());
}

#[test]
fn a_screen_reader_knows_it_and_sets_it() {
    let mut harness = yaw(2.0);
    harness.run();
    {
        let slider = harness.get_by_role_and_label(Role::Slider, "Yaw");
        let node = slider.accesskit_node();
        assert_eq!(node.numeric_value(), Some(2.0));
        assert_eq!(node.min_numeric_value(), Some(-60.0));
        assert_eq!(node.max_numeric_value(), Some(60.0));
        assert_eq!(node.numeric_value_step(), Some(1.0));
        assert_eq!(slider.value().as_deref(), Some("2.0°"));
        slider.increment_accesskit();
    }
    harness.run();
    assert_eq!(harness.state().value, 3.0);
    harness.get_by_label("Yaw").decrement_accesskit();
    harness.run();
    harness.get_by_label("Yaw").set_value_accesskit(-500.0);
    harness.run();
    assert_eq!((harness.state().value, harness.state().settled), (-60.0, 3));
}

#[test]
fn a_value_beyond_the_range_is_shown_and_kept() {
    let mut harness = yaw(75.0);
    harness.run();
    assert_eq!(harness.state().changes, 0);
    assert_eq!(harness.get_by_label("Yaw value").value().as_deref(), Some("75.0°"));
}

#[test]
fn numbers_are_written_alike() {
    assert_eq!(number_text(-0.04, 1), "0.0");
    assert_eq!(number_text(-1.25, 2), "\u{2212}1.25");
    assert_eq!(number_text(12.0, 0), "12");
}
