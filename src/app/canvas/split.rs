//! The line between the picture before and the view's: dragged, stepped by keys, told to screen readers.

use eframe::egui::accesskit::{Action, ActionData};
use eframe::egui::{
    CursorIcon, EventFilter, Id, Key, Painter, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::overlay::{INK, SHADE, name_tag};
use super::view::Placement;

/// Width of what can be grabbed, in points.
const GRAB: f32 = 12.0;
/// A key step, and one with Shift.
const STEP: f32 = 0.01;
const FINE_STEP: f32 = 0.001;
const NAME: &str = "Split line";

/// The line's own widget; a new split when it was moved.
pub fn interact(ui: &Ui, id: Id, placement: &Placement, split: f32) -> (Response, Option<f32>) {
    let visible = placement.visible();
    let line = Rect::from_center_size(
        pos2(placement.split_x(split), visible.center().y),
        vec2(GRAB, visible.height().max(1.0)),
    );
    let mut response = ui.interact(line, id.with("split"), Sense::click_and_drag());
    let mut moved = None;
    if response.is_pointer_button_down_on()
        && ui.input(|input| input.pointer.primary_down())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        moved = Some(placement.split_at(pointer.x));
    }
    if response.double_clicked() {
        moved = Some(0.5);
    }
    if let Some(stepped) = stepped(ui, &response, split) {
        moved = Some(stepped.clamp(0.0, 1.0));
    }
    let moved = moved.filter(|&moved| moved != split);
    if moved.is_some() {
        response.mark_changed();
    }
    describe(ui, &response, moved.unwrap_or(split));
    (response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal), moved)
}

/// Arrow keys and what a screen reader asks for.
fn stepped(ui: &Ui, response: &Response, split: f32) -> Option<f32> {
    let id = response.id;
    let mut steps = ui.input(|input| {
        input.num_accesskit_action_requests(id, Action::Increment) as f32
            - input.num_accesskit_action_requests(id, Action::Decrement) as f32
    });
    let mut step = STEP;
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        ui.input(|input| {
            steps += input.num_presses(Key::ArrowRight) as f32 - input.num_presses(Key::ArrowLeft) as f32;
            if input.modifiers.shift {
                step = FINE_STEP;
            }
        });
    }
    let asked = ui.input(|input| {
        input
            .accesskit_action_requests(id, Action::SetValue)
            .filter_map(|request| match request.data {
                Some(ActionData::NumericValue(percent)) => Some(percent as f32 / 100.0),
                _ => None,
            })
            .last()
    });
    asked.or((steps != 0.0).then_some(split + steps * step))
}

fn describe(ui: &Ui, response: &Response, split: f32) {
    let percent = f64::from(split) * 100.0;
    response.widget_info(|| WidgetInfo::slider(response.enabled(), percent, NAME));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(100.0);
        node.set_numeric_value_step(f64::from(STEP) * 100.0);
        for action in [Action::SetValue, Action::Increment, Action::Decrement] {
            node.add_action(action);
        }
    });
}

/// The line with its grip, and the names of both sides at the top.
pub fn paint(ui: &Ui, painter: &Painter, placement: &Placement, split: f32, names: [&str; 2], response: &Response) {
    let visible = placement.visible();
    let x = painter.round_to_pixel_center(placement.split_x(split));
    painter.vline(x, visible.y_range(), Stroke::new(3.0, SHADE));
    painter.vline(x, visible.y_range(), Stroke::new(1.0, INK));
    let lit = response.hovered() || response.dragged() || response.has_focus();
    let grip = Rect::from_center_size(pos2(x, visible.center().y), vec2(8.0, 32.0));
    let fill = if lit { ui.visuals().selection.bg_fill } else { SHADE };
    painter.rect(grip, 4.0, fill, Stroke::new(1.0, INK), eframe::egui::StrokeKind::Inside);

    let sides = [
        painter.with_clip_rect(painter.clip_rect().intersect(visible.with_max_x(x - 2.0))),
        painter.with_clip_rect(painter.clip_rect().intersect(visible.with_min_x(x + 2.0))),
    ];
    name_tag(ui, &sides[0], visible.left_top() + vec2(8.0, 8.0), eframe::egui::Align2::LEFT_TOP, names[0]);
    name_tag(ui, &sides[1], visible.right_top() + vec2(-8.0, 8.0), eframe::egui::Align2::RIGHT_TOP, names[1]);
}
