//! The window's own widgets, driven by their accessible names, and the contrast of the theme's colours.

mod look;
mod part_slider;
mod pose_pad;
mod theme;
mod tray;

use eframe::egui;
use egui::{Context, Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;

/// A harness in the theme of the window; `show` draws into it.
fn harness<'a, State: 'a>(state: State, show: impl FnMut(&mut egui::Ui, &mut State) + 'a) -> Harness<'a, State> {
    // Steps as short as a screen's, so that two clicks are a double click.
    Harness::builder()
        .with_size(egui::vec2(400.0, 320.0))
        .with_step_dt(1.0 / 60.0)
        .with_max_steps(120)
        .with_context_setup(|context: &Context| facespace::app::theme::install(context))
        .build_ui_state(show, state)
}

/// Presses at one point, moves to another in steps and lets go there.
fn drag<State>(harness: &mut Harness<'_, State>, from: Pos2, to: Pos2) {
    press(harness, from);
    move_to(harness, from, to);
    release(harness, to);
}

fn press<State>(harness: &mut Harness<'_, State>, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
}

fn move_to<State>(harness: &mut Harness<'_, State>, from: Pos2, to: Pos2) {
    for step in 1..=4 {
        harness.hover_at(from + (to - from) * (step as f32 / 4.0));
        harness.step();
    }
}

fn release<State>(harness: &mut Harness<'_, State>, at: Pos2) {
    button(harness, at, false);
    harness.run();
}

fn double_click<State>(harness: &mut Harness<'_, State>, at: Pos2) {
    harness.hover_at(at);
    for pressed in [true, false, true, false] {
        button(harness, at, pressed);
    }
    harness.run();
}

fn button<State>(harness: &Harness<'_, State>, pos: Pos2, pressed: bool) {
    harness.event(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
}

fn key<State>(harness: &mut Harness<'_, State>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-3
}
