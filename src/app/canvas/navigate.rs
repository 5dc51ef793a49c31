//! Zoom and pan by wheel, pinch, drag and keys.

use eframe::egui::{EventFilter, InputState, Key, Modifiers, PointerButton, Pos2, Rect, Response, Ui, Vec2, vec2};

use super::view::Placement;

/// Points of scrolling that zoom by a factor of e.
const SCROLL_PER_ZOOM: f32 = 200.0;
/// Zoom of one key press.
const KEY_ZOOM: f32 = 1.25;
/// Points of one arrow key.
const KEY_PAN: f32 = 32.0;

/// Where the picture lies after this frame's input. `others` are the widgets upon the canvas: the middle button pans
/// through them.
pub fn moved<'a>(
    ui: &Ui,
    response: &'a Response,
    placement: Placement,
    others: impl Iterator<Item = &'a Response>,
) -> Placement {
    let canvas = response.rect;
    let mut moved = placement;
    if response.dragged_by(PointerButton::Primary) {
        moved = moved.panned(response.drag_delta());
    }
    let middle = PointerButton::Middle;
    if let Some(dragged) = std::iter::once(response).chain(others).find(|widget| widget.dragged_by(middle)) {
        moved = moved.panned(dragged.drag_delta());
    }
    let over = ui.rect_contains_pointer(canvas);
    if over {
        moved = wheeled(ui, moved);
    }
    // Keys belong to what has the focus; while nothing has it, to what lies under the pointer.
    if response.has_focus() || over && !ui.ctx().egui_wants_keyboard_input() {
        moved = keyed(ui, response, canvas, moved);
    }
    if response.double_clicked() { moved.zoomed(canvas.center(), 0.0) } else { moved }
}

fn wheeled(ui: &Ui, placement: Placement) -> Placement {
    let (pointer, factor, pan) = ui.input(|input| {
        let scroll = (input.smooth_scroll_delta().y / SCROLL_PER_ZOOM).exp();
        let pan = input.multi_touch().map_or(Vec2::ZERO, |touch| touch.translation_delta);
        (input.pointer.hover_pos(), scroll * input.zoom_delta(), pan)
    });
    match pointer {
        Some(pointer) if factor != 1.0 || pan != Vec2::ZERO => placement.zoomed(pointer, factor).panned(pan),
        _ => placement,
    }
}

fn keyed(ui: &Ui, response: &Response, canvas: Rect, placement: Placement) -> Placement {
    let (steps, pointer) = ui.input_mut(|input| (zoom_steps(input), input.pointer.hover_pos()));
    let mut moved = placement;
    if steps != 0 {
        let around: Pos2 = pointer.filter(|&pointer| canvas.contains(pointer)).unwrap_or(canvas.center());
        moved = moved.zoomed(around, KEY_ZOOM.powi(steps));
    }
    // A fitted picture has nowhere to go: the arrows then lead to the next widget, as everywhere.
    if response.has_focus() && moved.zoom() > 1.0 {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        moved = moved.panned(ui.input(arrows) * KEY_PAN);
    }
    moved
}

/// The keys as they are, without Ctrl: with it they scale the window.
fn zoom_steps(input: &mut InputState) -> i32 {
    let mut presses = |key| input.count_and_consume_key(Modifiers::NONE, key) as i32;
    presses(Key::Plus) + presses(Key::Equals) - presses(Key::Minus)
}

/// An arrow looks at what lies on its side: the picture moves the other way.
fn arrows(input: &InputState) -> Vec2 {
    let presses = |key| input.num_presses(key) as f32;
    vec2(presses(Key::ArrowLeft) - presses(Key::ArrowRight), presses(Key::ArrowUp) - presses(Key::ArrowDown))
}
