//! A picture of a face with its name below it, to be looked at only.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::{Align2, Color32, FontId, Rect, Response, Sense, TextureId, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::{picture, placeholder};
use crate::app::theme;

/// Room below the picture for its name.
pub(super) const CAPTION: f32 = theme::SMALL + 1.5 * theme::SPACE;

/// The picture; what hovering says is the caller's.
#[derive(Clone, Copy, Debug)]
pub struct Portrait<'a> {
    /// The accessible name, and what stands below it.
    pub name: &'a str,
    /// Without one the place shows that the picture is still to come.
    pub texture: Option<TextureId>,
    pub side: f32,
}

impl Portrait<'_> {
    pub fn show(self, ui: &mut Ui) -> Response {
        let size = vec2(self.side, self.side + CAPTION);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, ui.is_enabled(), self.name));
        if ui.is_rect_visible(rect) {
            let square = Rect::from_min_size(rect.min, Vec2::splat(self.side)).round_ui();
            match self.texture {
                Some(texture) => picture(ui.painter(), square, texture, Color32::WHITE),
                None => placeholder(ui, square),
            }
            let at = pos2(square.center().x, square.bottom() + theme::SPACE);
            let (font, colour) = (FontId::proportional(theme::SMALL), ui.visuals().text_color());
            ui.painter().text(at, Align2::CENTER_TOP, self.name, font, colour);
        }
        response
    }
}
