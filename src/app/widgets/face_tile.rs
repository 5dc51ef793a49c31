//! A face of the tray, which can be opened, dragged and picked up.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::epaint::StrokeKind;
use egui::{
    Align2, Color32, CursorIcon, Id, LayerId, Order, Pos2, Rect, Response, Sense, Shape, Stroke, TextStyle, TextureId,
    Ui, Vec2, WidgetInfo, pos2,
};

use super::{focus_frame, picture, placeholder};
use crate::app::theme;

/// What is held while a face is dragged: the face's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldFace(pub u64);

/// One face of the tray. A click or Enter opens it, dragging it holds [`HeldFace`]; menus are the caller's.
#[derive(Clone, Copy, Debug)]
pub struct FaceTile<'a> {
    pub id: u64,
    /// The accessible name, and what hovering shows.
    pub name: &'a str,
    /// The picture; without one the tile shows that it is still to come.
    pub texture: Option<TextureId>,
    /// This face is open.
    pub chosen: bool,
    /// Picked up with the keyboard.
    pub picked: bool,
    /// A short word in the corner, and to screen readers: "edited", "unmarked".
    pub badge: Option<&'a str>,
    /// Side of the tile; [`theme::TILE`] in the tray.
    pub side: f32,
}

impl FaceTile<'_> {
    pub fn show(self, ui: &mut Ui) -> Response {
        let id = ui.make_persistent_id(("face", self.id));
        let (_, rect) = ui.allocate_space(Vec2::splat(self.side));
        let rect = rect.round_ui();
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.dnd_set_drag_payload(HeldFace(self.id));
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), self.chosen, self.name));
        if let Some(badge) = self.badge {
            ui.ctx().accesskit_node_builder(id, |node| node.set_description(badge));
        }
        if ui.is_rect_visible(rect) {
            self.paint(ui, &response, rect);
        }
        if response.dragged() {
            ui.set_cursor_icon(CursorIcon::Grabbing);
            paint_held(ui, id, self.side, self.texture);
        }
        response.on_hover_text(self.name)
    }

    fn paint(&self, ui: &Ui, response: &Response, rect: Rect) {
        // The line around a chosen face lies outside its picture, with a gap between, on any colour of skin.
        let inner = rect.shrink(theme::SPACE);
        let FaceTile { texture, badge, chosen, picked, .. } = *self;
        Painted { texture, words: badge, chosen, picked }.paint(ui, response, rect, inner);
        if chosen {
            // The frame of the keyboard is the same line; a second one inside tells that it is here.
            focus_frame(ui, response, inner);
        }
    }
}

/// What is seen of a face that can be chosen and picked up.
pub(super) struct Painted<'a> {
    pub texture: Option<TextureId>,
    pub words: Option<&'a str>,
    pub chosen: bool,
    pub picked: bool,
}

impl Painted<'_> {
    /// The picture and the words in `inner`, the lines up to the edge of `rect`.
    pub fn paint(&self, ui: &Ui, response: &Response, rect: Rect, inner: Rect) {
        let (painter, visuals) = (ui.painter(), ui.visuals());
        match self.texture {
            Some(texture) => {
                let dimmed = response.dragged() || self.picked;
                picture(painter, inner, texture, Color32::WHITE.gamma_multiply(if dimmed { 0.5 } else { 1.0 }));
            }
            None => placeholder(ui, inner),
        }
        if let Some(words) = self.words {
            strip(ui, inner, words);
        }
        let strong = Stroke::new(theme::STRONG_LINE, theme::accent(visuals));
        if self.picked {
            painter.extend(dashed(rect.shrink(1.0), strong));
        } else if self.chosen {
            painter.rect_stroke(rect, theme::CORNER + 2, strong, StrokeKind::Inside);
        } else if response.hovered() {
            let line = Stroke::new(theme::LINE, visuals.text_color());
            painter.rect_stroke(inner.expand(1.0), theme::CORNER, line, StrokeKind::Outside);
        }
        focus_frame(ui, response, rect);
    }
}

/// A few signs on a pale strip along the lower edge of a picture.
fn strip(ui: &Ui, inner: Rect, words: &str) {
    let (painter, visuals) = (ui.painter().with_clip_rect(inner.intersect(ui.clip_rect())), ui.visuals());
    let font = TextStyle::Small.resolve(ui.style());
    let text = painter.layout_no_wrap(words.to_owned(), font, visuals.strong_text_color());
    let height = text.size().y + 2.0;
    let back = Rect::from_min_max(pos2(inner.left(), inner.bottom() - height), inner.right_bottom());
    painter.rect_filled(back.round_ui(), 0, visuals.panel_fill.gamma_multiply(0.86));
    let at = Align2::CENTER_CENTER.align_size_within_rect(text.size(), back).min;
    painter.galley(at.round_ui(), text, visuals.strong_text_color());
}

/// The face under the pointer while it is held.
pub(super) fn paint_held(ui: &Ui, id: Id, side: f32, texture: Option<TextureId>) {
    let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, id.with("held")));
    let rect = Rect::from_min_size(pointer + Vec2::splat(theme::SPACE), Vec2::splat(0.75 * side)).round_ui();
    if let Some(texture) = texture {
        picture(&painter, rect, texture, Color32::WHITE.gamma_multiply(0.85));
    }
    let line = Stroke::new(theme::STRONG_LINE, theme::accent(ui.visuals()));
    painter.rect_stroke(rect, theme::CORNER, line, StrokeKind::Outside);
}

fn dashed(rect: Rect, line: Stroke) -> Vec<Shape> {
    let corners: [Pos2; 5] =
        [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    Shape::dashed_line(&corners, line, 6.0, 4.0)
}
