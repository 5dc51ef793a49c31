//! The three points of a face on its photograph, as handles to be dragged or stepped by keys.

use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, Color32, CursorIcon, EventFilter, Id, Key, Painter, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2,
    WidgetInfo, vec2,
};

use super::overlay::{INK, SHADE, name_tag};
use super::view::Placement;

/// Left and right are those of the picture.
pub const NAMES: [&str; 3] = ["Left eye", "Right eye", "Mouth"];

const RADIUS: f32 = 8.0;
/// Side of what can be grabbed, in points.
const GRAB: f32 = 24.0;
/// A key step in photograph pixels, and one with Shift.
const STEP: f32 = 1.0;
const FINE_STEP: f32 = 0.1;

/// What happened to the handles in a frame.
pub struct Moved {
    /// All three points when one has moved, or was let go.
    pub points: Option<[[f32; 2]; 3]>,
    /// The movement is complete.
    pub released: bool,
    pub responses: [Response; 3],
}

pub fn interact(ui: &Ui, id: Id, placement: &Placement, points: [[f32; 2]; 3]) -> Moved {
    let mut placed = points;
    let mut released = false;
    let responses = [0, 1, 2].map(|place| {
        let (response, point, done) = one(ui, id.with(NAMES[place]), placement, points[place], NAMES[place]);
        placed[place] = point;
        released |= done;
        response
    });
    Moved { points: (placed != points || released).then_some(placed), released, responses }
}

fn one(ui: &Ui, id: Id, placement: &Placement, point: [f32; 2], name: &str) -> (Response, [f32; 2], bool) {
    let centre = placement.screen_from_picture(point);
    let mut response = ui.interact(Rect::from_center_size(centre, vec2(GRAB, GRAB)), id, Sense::drag());
    let mut placed = point;
    let mut released = false;
    if let Some(pointer) = dragged_to(ui, &response, centre) {
        placed = placement.inside(placement.picture_from_screen(pointer));
        response.request_focus();
    }
    released |= response.drag_stopped_by(eframe::egui::PointerButton::Primary);
    if let Some(step) = key_step(ui, &response) {
        placed = placement.inside([point[0] + step.x, point[1] + step.y]);
        released = true;
    }
    if placed != point {
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(format!("x {:.1}, y {:.1}", placed[0], placed[1])),
        ..WidgetInfo::labeled(Role::Button, response.enabled(), name)
    });
    (response.on_hover_and_drag_cursor(CursorIcon::Crosshair), placed, released)
}

/// Where the handle's middle is dragged to. It keeps its distance to the pointer, so that grabbing its rim moves
/// nothing.
fn dragged_to(ui: &Ui, response: &Response, centre: Pos2) -> Option<Pos2> {
    let primary = eframe::egui::PointerButton::Primary;
    if response.drag_started_by(primary) {
        let origin = ui.input(|input| input.pointer.press_origin())?;
        ui.data_mut(|data| data.insert_temp(response.id, centre - origin));
    }
    // Only a pointer that moves moves the handle.
    if !response.dragged_by(primary) || response.drag_delta() == Vec2::ZERO {
        return None;
    }
    let apart: Vec2 = ui.data(|data| data.get_temp(response.id)).unwrap_or_default();
    response.interact_pointer_pos().map(|pointer| pointer + apart)
}

/// Arrow keys, in photograph pixels.
fn key_step(ui: &Ui, response: &Response) -> Option<Vec2> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let steps = ui.input(|input| {
        let presses = |key| input.num_presses(key) as f32;
        let step = if input.modifiers.shift { FINE_STEP } else { STEP };
        step * vec2(presses(Key::ArrowRight) - presses(Key::ArrowLeft), presses(Key::ArrowDown) - presses(Key::ArrowUp))
    });
    (steps != Vec2::ZERO).then_some(steps)
}

/// Rings with their names; the inside stays free, so that the eye below is seen.
pub fn paint(ui: &Ui, painter: &Painter, placement: &Placement, points: [[f32; 2]; 3], responses: &[Response; 3]) {
    for ((point, name), response) in points.into_iter().zip(NAMES).zip(responses) {
        let centre = placement.screen_from_picture(point);
        if !centre.is_finite() {
            continue;
        }
        let lit = response.hovered() || response.dragged() || response.has_focus();
        let colour = if lit { ui.visuals().selection.bg_fill } else { Color32::TRANSPARENT };
        painter.circle_stroke(centre, RADIUS, Stroke::new(4.0, SHADE));
        painter.circle(centre, RADIUS, colour.gamma_multiply(0.5), Stroke::new(2.0, INK));
        painter.circle_filled(centre, 1.5, INK);
        name_tag(ui, painter, centre + vec2(0.0, RADIUS + 4.0), Align2::CENTER_TOP, name);
    }
}
