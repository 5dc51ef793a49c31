//! Small faces above the slider of an axis, which show what the axis does.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::epaint::StrokeKind;
use egui::{Color32, Rect, Response, Sense, Stroke, TextureId, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use super::part_slider::{LABEL_WIDTH, NUMBER_WIDTH};
use super::{focus_frame, number_text, picture, placeholder};
use crate::app::theme;

const LARGEST: f32 = 10.0 * theme::SPACE;
const SMALLEST: f32 = 5.0 * theme::SPACE;
const GAP: f32 = theme::SPACE;

/// A row of small faces over the rail of the [`super::PartSlider`] below it.
#[derive(Clone, Copy, Debug)]
pub struct AxisStrip<'a> {
    /// The axis: "Identity axis 1". A face is called "NAME at VALUE".
    pub name: &'a str,
    pub values: &'a [f32],
    /// One a value; none is still to come.
    pub textures: &'a [Option<TextureId>],
    pub enabled: bool,
}

impl AxisStrip<'_> {
    /// Shows the strip; the place of the face that was clicked.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let id = ui.make_persistent_id(("axis strip", self.name));
        let mut scope = UiBuilder::new().scope_id(id);
        if !self.enabled {
            scope = scope.disabled();
        }
        ui.scope_builder(scope, |ui| self.strip(ui)).inner
    }

    fn strip(&self, ui: &mut Ui) -> Option<usize> {
        let count = self.values.len();
        if count == 0 {
            return None;
        }
        let before = LABEL_WIDTH + theme::SPACE;
        let rail = ui.available_width() - before - NUMBER_WIDTH - theme::SPACE;
        let side = ((rail + GAP) / count as f32 - GAP).floor().clamp(SMALLEST, LARGEST);
        let used = count as f32 * (side + GAP) - GAP;
        let width = ui.available_width().max(before + used);
        let (_, rect) = ui.allocate_space(vec2(width, side));
        // Spread over the rail: the first face begins where it begins, the last ends where it ends.
        let stride = if count > 1 { ((rail - side) / (count - 1) as f32).max(side + GAP) } else { 0.0 };
        let mut clicked = None;
        for (place, &value) in self.values.iter().enumerate() {
            let corner = pos2(rect.left() + before + place as f32 * stride, rect.top());
            let face = Rect::from_min_size(corner, Vec2::splat(side)).round_ui();
            if self.face(ui, face, place, value).clicked() {
                clicked = Some(place);
            }
        }
        clicked
    }

    fn face(&self, ui: &Ui, rect: Rect, place: usize, value: f32) -> Response {
        let response = ui.interact(rect, ui.make_persistent_id(place), Sense::click());
        let name = format!("{} at {value}", self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        if ui.is_rect_visible(rect) {
            match self.textures.get(place).copied().flatten() {
                Some(texture) => picture(ui.painter(), rect, texture, Color32::WHITE),
                None => placeholder(ui, rect),
            }
            if response.hovered() {
                let line = Stroke::new(theme::STRONG_LINE, ui.visuals().strong_text_color());
                ui.painter().rect_stroke(rect, theme::CORNER, line, StrokeKind::Inside);
            }
            focus_frame(ui, &response, rect);
        }
        response.on_hover_text(format!("Set to {}", number_text(value, 1)))
    }
}
