//! A cell of a board of faces: a picture that can be pressed.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::epaint::StrokeKind;
use egui::{Color32, Id, Rect, Response, Sense, Stroke, TextureId, Ui, WidgetInfo};

use super::{focus_frame, picture, placeholder};
use crate::app::theme;

/// How much of a picture is seen that no longer is what the cell stands for.
const FADED: f32 = 0.35;

/// One cell. A click or Enter presses it; what hovering shows is the caller's.
#[derive(Clone, Copy, Debug)]
pub struct BoardCell<'a> {
    /// The accessible name: "TARGET with SOURCE".
    pub name: &'a str,
    /// The picture; without one the cell shows that it is still to come.
    pub texture: Option<TextureId>,
    /// Whether it can be pressed; else its picture is faded.
    pub enabled: bool,
}

impl BoardCell<'_> {
    /// Shows it in a square.
    pub fn show(self, ui: &Ui, rect: Rect, id: Id) -> Response {
        let rect = rect.round_ui();
        let response = ui.interact(rect, id, if self.enabled { Sense::click() } else { Sense::hover() });
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled && ui.is_enabled(), self.name));
        if ui.is_rect_visible(rect) {
            let tint = if self.enabled { Color32::WHITE } else { Color32::WHITE.gamma_multiply(FADED) };
            match self.texture {
                Some(texture) => picture(ui.painter(), rect, texture, tint),
                None => placeholder(ui, rect),
            }
            if response.hovered() && self.enabled {
                let line = Stroke::new(theme::STRONG_LINE, ui.visuals().strong_text_color());
                ui.painter().rect_stroke(rect, theme::CORNER, line, StrokeKind::Inside);
            }
            focus_frame(ui, &response, rect);
        }
        response
    }
}
