//! A face of an index: it can be opened, chosen, dragged and picked up, and says how well it answers.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::epaint::StrokeKind;
use egui::{CursorIcon, Rect, Response, Sense, Stroke, TextureId, Ui, WidgetInfo};

use super::face_tile::{HeldFace, Painted, paint_held};
use crate::app::theme;

/// What is held while a face of the index is dragged: its key there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldHit(pub i64);

/// One face of an index. A click or Enter opens or chooses it, dragging it holds [`HeldHit`]; menus and what hovering
/// shows are the caller's.
#[derive(Clone, Copy, Debug)]
pub struct HitTile<'a> {
    pub key: i64,
    /// The accessible name: "photograph.jpg, 0.87".
    pub name: &'a str,
    /// The picture; without one the tile shows that it is still to come.
    pub texture: Option<TextureId>,
    /// A few signs over its lower edge; none where there is nothing to say.
    pub caption: Option<&'a str>,
    pub chosen: bool,
    /// Picked up with the keyboard.
    pub picked: bool,
}

impl HitTile<'_> {
    /// Shows it in a square; `salt` tells apart the places where one face is shown twice.
    pub fn show(self, ui: &mut Ui, rect: Rect, salt: &str) -> Response {
        let id = ui.make_persistent_id(("hit", salt, self.key));
        let rect = rect.round_ui();
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.dnd_set_drag_payload(HeldHit(self.key));
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), self.chosen, self.name));
        if ui.is_rect_visible(rect) {
            let HitTile { texture, caption, chosen, picked, .. } = self;
            Painted { texture, words: caption, chosen, picked }.paint(ui, &response, rect, rect.shrink(2.0));
        }
        if response.dragged() {
            ui.set_cursor_icon(CursorIcon::Grabbing);
            paint_held(ui, id, rect.width(), self.texture);
        }
        response
    }
}

/// What is let go of over a widget, where it is of this kind; what is of another kind is left for others to take.
pub fn let_go<Payload: std::any::Any + Send + Sync + Copy>(response: &Response) -> Option<Payload> {
    // To take what is of another kind would destroy it.
    response.dnd_hover_payload::<Payload>()?;
    response.dnd_release_payload::<Payload>().map(|held| *held)
}

/// The line around a place that would take what is held over it.
pub fn drop_frame(ui: &Ui, rect: Rect) {
    let line = Stroke::new(theme::STRONG_LINE, theme::accent(ui.visuals()));
    ui.painter().rect_stroke(rect, theme::CORNER, line, StrokeKind::Inside);
}

/// A place that takes faces of the tray and of an index, where it has the keyboard or a face is held, anywhere in the
/// window and over it.
pub fn light_up(ui: &Ui, place: &Response, rect: Rect) {
    if place.has_focus() || is_held::<HeldFace>(ui) || is_held::<HeldHit>(ui) {
        drop_frame(ui, rect);
    }
    let over = place.dnd_hover_payload::<HeldFace>().is_some() || place.dnd_hover_payload::<HeldHit>().is_some();
    if over {
        ui.painter().rect_filled(rect, theme::CORNER, theme::accent(ui.visuals()).gamma_multiply(0.2));
    }
}

/// Whether anything of this kind is held anywhere in the window.
pub fn is_held<Payload: std::any::Any + Send + Sync>(ui: &Ui) -> bool {
    egui::DragAndDrop::has_payload_of_type::<Payload>(ui.ctx())
}
