//! A place for one face beside other pictures: empty, it says what is put there; else it shows the face that was.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::epaint::StrokeKind;
use egui::text::LayoutJob;
use egui::{
    Align, Color32, Rect, Response, Sense, TextStyle, TextWrapMode, TextureId, Ui, Vec2, WidgetInfo, WidgetText, pos2,
    vec2,
};

use super::portrait::CAPTION;
use super::{light_up, picture, placeholder};
use crate::app::theme;

/// The place, as large as a [`super::Portrait`]. It lights up while a face is held; what is put there, and what hovering
/// says, is the caller's.
#[derive(Clone, Copy, Debug)]
pub struct FaceSlot<'a> {
    /// The accessible name, and what stands below it while it is empty.
    pub name: &'a str,
    /// What stands in it while it is empty.
    pub hint: &'a str,
    /// Whose face stands there, if one does: below it, and to screen readers its description.
    pub holds: Option<&'a str>,
    /// The picture of that face; without one the place shows that it is still to come.
    pub texture: Option<TextureId>,
    pub side: f32,
}

impl FaceSlot<'_> {
    pub fn show(self, ui: &mut Ui) -> Response {
        let size = vec2(self.side, self.side + CAPTION);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name));
        if let Some(face) = self.holds {
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(face));
        }
        if ui.is_rect_visible(rect) {
            let square = Rect::from_min_size(rect.min, Vec2::splat(self.side)).round_ui();
            match (self.holds, self.texture) {
                (None, _) => empty(ui, square, self.hint),
                (Some(_), Some(texture)) => picture(ui.painter(), square, texture, Color32::WHITE),
                (Some(_), None) => placeholder(ui, square),
            }
            light_up(ui, &response, square);
            caption(ui, square, self.holds.unwrap_or(self.name));
        }
        response
    }
}

fn empty(ui: &Ui, square: Rect, hint: &str) {
    let (painter, visuals) = (ui.painter(), ui.visuals());
    painter.rect_filled(square, theme::CORNER, visuals.extreme_bg_color);
    painter.rect_stroke(square, theme::CORNER, visuals.widgets.inactive.bg_stroke, StrokeKind::Inside);
    let (font, colour) = (TextStyle::Small.resolve(ui.style()), visuals.weak_text_color());
    let mut words = LayoutJob::simple(hint.to_owned(), font, colour, square.width() - 2.0 * theme::SPACE);
    words.halign = Align::Center;
    let galley = painter.layout_job(words);
    // What is centred lies around its own middle.
    let at = pos2(square.center().x, square.center().y - galley.size().y / 2.0);
    painter.galley(at.round_ui(), galley, colour);
}

/// A name below it, cut off where it would run into the next picture's.
fn caption(ui: &Ui, square: Rect, name: &str) {
    let width = square.width() + theme::SPACE;
    let galley = WidgetText::from(name).into_galley(ui, Some(TextWrapMode::Truncate), width, TextStyle::Small);
    let at = pos2(square.center().x - galley.size().x / 2.0, square.bottom() + theme::SPACE);
    ui.painter().galley(at.round_ui(), galley, ui.visuals().text_color());
}
