//! The window's own widgets. Each is a plain struct that is filled, shown and gone; what it answers is a value, never a
//! change of anybody's state. They know [`crate::face`] and the theme, not the window.
//!
//! All of them can be reached with Tab, stepped with the arrows (Shift for a tenth of a step), put back with a double
//! click or Backspace, and are known to screen readers and tests by name.

mod axis_strip;
mod board_cell;
mod drift_label;
mod face_slot;
mod face_tile;
mod head;
mod hit_tile;
mod keys;
mod label_row;
mod lines;
mod part_slider;
mod portrait;
mod pose_pad;
mod pull;

pub use axis_strip::AxisStrip;
pub use board_cell::BoardCell;
pub use drift_label::drift_label;
pub use face_slot::FaceSlot;
pub use face_tile::{FaceTile, HeldFace};
pub use hit_tile::{HeldHit, HitTile, drop_frame, is_held, let_go, light_up};
pub use label_row::{LabelColumns, LabelRow};
pub use lines::{lines, lines_to};
pub use part_slider::{LABEL_WIDTH, NUMBER_WIDTH, PartSlider, SliderResponse};
pub use portrait::Portrait;
pub use pose_pad::{PadResponse, PosePad};

use eframe::egui;
use egui::epaint::{RectShape, StrokeKind};
use egui::{Color32, Painter, Pos2, Rect, Response, Stroke, TextureId, Ui, pos2};

use super::theme;

/// The whole of a texture.
const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };

/// A number as the window writes it: a true minus, no minus before zero, always the same decimals.
pub fn number_text(value: f32, decimals: usize) -> String {
    let text = format!("{:.*}", decimals, value.abs());
    let zero = text.bytes().all(|byte| byte == b'0' || byte == b'.');
    if value < 0.0 && !zero { format!("\u{2212}{text}") } else { text }
}

/// The number that a person typed: either minus, comma or point, the unit or not.
fn typed_number(text: &str, suffix: &str) -> Option<f64> {
    let text = text.trim();
    let bare: String = text
        .strip_suffix(suffix)
        .unwrap_or(text)
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| match sign {
            '\u{2212}' | '\u{2013}' => '-',
            ',' => '.',
            other => other,
        })
        .collect();
    bare.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `value` to so many decimals.
fn rounded(value: f64, decimals: usize) -> f64 {
    let scale = 10.0_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
    (value * scale).round() / scale
}

/// The line around a widget that has the keyboard.
fn focus_frame(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let line = Stroke::new(theme::STRONG_LINE, theme::accent(ui.visuals()));
        ui.painter().rect_stroke(rect, theme::CORNER, line, StrokeKind::Inside);
    }
}

/// A picture with the theme's corners.
fn picture(painter: &Painter, rect: Rect, texture: TextureId, tint: Color32) {
    painter.add(RectShape::filled(rect, theme::CORNER, tint).with_texture(texture, WHOLE));
}

/// Where a picture will be: a head and shoulders, pale.
fn placeholder(ui: &Ui, rect: Rect) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let visuals = ui.visuals();
    painter.rect_filled(rect, theme::CORNER, visuals.widgets.inactive.weak_bg_fill);
    let (centre, side) = (rect.center(), rect.width());
    let pale = theme::track_fill(visuals);
    painter.circle_filled(pos2(centre.x, rect.top() + 0.4 * side), 0.18 * side, pale);
    painter.circle_filled(pos2(centre.x, rect.top() + 0.96 * side), 0.32 * side, pale);
}
