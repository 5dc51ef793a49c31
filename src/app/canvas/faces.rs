//! The faces that were found in the photograph, as boxes to choose from by pointer or keyboard.

use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, Color32, CursorIcon, Id, Painter, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

use super::overlay::{INK, SHADE, name_tag};
use super::view::Placement;
use crate::face::FaceBox;

/// A found face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceMark {
    /// In pixels of the picture that is shown.
    pub frame: FaceBox,
    /// It is the one that is open.
    pub chosen: bool,
}

/// A box that is in sight, with its place among the faces.
pub struct Seen {
    place: usize,
    rect: Rect,
    response: Response,
}

/// The boxes' own widgets, called "Face 1 of 3"; which one was chosen. Smaller faces come later, and so lie above a larger
/// one that they are in.
pub fn interact(ui: &Ui, id: Id, placement: &Placement, faces: &[FaceMark]) -> (Vec<Seen>, Option<usize>) {
    let mut seen = Vec::new();
    let mut chosen = None;
    for (place, face) in faces.iter().enumerate() {
        let FaceBox { x, y, w, h } = face.frame;
        let whole =
            Rect::from_two_pos(placement.screen_from_picture([x, y]), placement.screen_from_picture([x + w, y + h]));
        let rect = whole.intersect(placement.visible());
        if !rect.is_positive() || !rect.is_finite() {
            continue;
        }
        let response = ui.interact(rect, id.with(("face", place)), Sense::click());
        if response.clicked() {
            chosen = Some(place);
        }
        let name = format!("Face {} of {}", place + 1, faces.len());
        response.widget_info(|| WidgetInfo::selected(Role::Button, response.enabled(), face.chosen, &name));
        seen.push(Seen { place, rect, response: response.on_hover_cursor(CursorIcon::PointingHand) });
    }
    (seen, chosen)
}

/// Light frames with a dark edge, each with its number; that of the chosen face is thicker.
pub fn paint(ui: &Ui, painter: &Painter, faces: &[FaceMark], seen: &[Seen]) {
    for Seen { place, rect, response } in seen {
        let lit = response.hovered() || response.has_focus();
        let width = if faces[*place].chosen { 3.0 } else { 1.5 };
        let colour = if lit { ui.visuals().selection.bg_fill.gamma_multiply(0.4) } else { Color32::TRANSPARENT };
        painter.rect_stroke(*rect, 4.0, Stroke::new(width + 2.0, SHADE), StrokeKind::Middle);
        painter.rect(*rect, 4.0, colour, Stroke::new(width, INK), StrokeKind::Middle);
        let name = (place + 1).to_string();
        name_tag(ui, painter, rect.left_top() + vec2(4.0, 4.0), Align2::LEFT_TOP, &name);
    }
}
