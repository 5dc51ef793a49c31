//! What the keyboard and screen readers ask of a widget with numbers.

use eframe::egui;
use egui::accesskit::{Action, ActionData};
use egui::{Event, EventFilter, Id, Key, Response, Ui};

/// A step with Shift held, as a share of a whole one.
const FINE: f32 = 0.1;

/// Steps asked for this frame; whole steps are 1, fine ones a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Steps {
    /// To the right.
    pub(super) across: f32,
    /// Upwards.
    pub(super) up: f32,
    /// Backspace: back to the photograph's own.
    pub(super) reset: bool,
}

/// The arrows pressed on a widget that has the keyboard. They do not move on to the next widget meanwhile.
pub(super) fn steps(ui: &Ui, response: &Response) -> Steps {
    let mut steps = Steps::default();
    if !response.has_focus() || !response.enabled() {
        return steps;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    ui.input(|input| {
        for event in &input.events {
            let Event::Key { key, pressed: true, modifiers, .. } = event else { continue };
            // With these the arrows are somebody else's shortcut.
            if modifiers.alt || modifiers.ctrl || modifiers.command {
                continue;
            }
            let size = if modifiers.shift { FINE } else { 1.0 };
            match key {
                Key::ArrowLeft => steps.across -= size,
                Key::ArrowRight => steps.across += size,
                Key::ArrowDown => steps.up -= size,
                Key::ArrowUp => steps.up += size,
                Key::Backspace => steps.reset = true,
                _ => {}
            }
        }
    });
    steps
}

/// Steps that a screen reader asked for.
pub(super) fn reader_steps(ui: &Ui, id: Id) -> f32 {
    ui.input(|input| {
        input.num_accesskit_action_requests(id, Action::Increment) as f32
            - input.num_accesskit_action_requests(id, Action::Decrement) as f32
    })
}

/// The number that a screen reader asked for; the last one of the frame counts.
pub(super) fn reader_value(ui: &Ui, id: Id) -> Option<f32> {
    ui.input(|input| {
        let asked = input.accesskit_action_requests(id, Action::SetValue).filter_map(|request| match request.data {
            Some(ActionData::NumericValue(value)) if value.is_finite() => Some(value as f32),
            _ => None,
        });
        asked.last()
    })
}

/// Tells screen readers what a number is, how far it goes and what can be asked of it.
pub(super) fn declare(ui: &Ui, id: Id, value: f32, range: [f32; 2], step: f32, text: String) {
    let enabled = ui.is_enabled();
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_numeric_value(value.into());
        node.set_min_numeric_value(range[0].into());
        node.set_max_numeric_value(range[1].into());
        node.set_numeric_value_step(step.into());
        node.set_value(text);
        if enabled {
            node.add_action(Action::SetValue);
            if value < range[1] {
                node.add_action(Action::Increment);
            }
            if value > range[0] {
                node.add_action(Action::Decrement);
            }
        }
    });
}
