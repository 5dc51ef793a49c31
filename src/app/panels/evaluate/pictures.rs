//! A picture of the report, as large as there is room.

use eframe::egui::{Color32, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::super::super::evaluate::words;
use super::super::super::theme;
use super::super::Screen;
use super::{heading, says, small};
use crate::engine::evaluation::Picture;

const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };
/// Height of a place whose picture is still to come.
const EMPTY: f32 = 40.0 * theme::SPACE;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, picture: &Picture) {
    let state = screen.state;
    heading(ui, &picture.title);
    small(ui, &words::sentence(&picture.caption));
    let pixels = match state.evaluate.pictures.get(&picture.file) {
        Some(Some(pixels)) => Some(pixels),
        Some(None) => {
            says(ui, "This picture is not there any more, or cannot be read.");
            small(ui, "Where it is gone, evaluate the same faces again to have it drawn.");
            return;
        }
        None => None,
    };
    let width = ui.available_width();
    let size = match pixels {
        Some(pixels) => {
            let size = vec2(pixels.width().max(1) as f32, pixels.height().max(1) as f32);
            // No larger than it is.
            size * (width / size.x).min(1.0)
        }
        None => vec2(width, EMPTY),
    };
    let texture = pixels.and_then(|pixels| screen.textures.get(&screen.context, pixels, false));
    let (rect, response) = ui.allocate_exact_size(size.max(Vec2::splat(1.0)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &picture.title));
    if !ui.is_rect_visible(rect) {
        return;
    }
    match texture {
        Some(texture) => {
            ui.painter().image(texture, rect, WHOLE, Color32::WHITE);
        }
        None => {
            ui.painter().rect_filled(rect, theme::CORNER, theme::track_fill(ui.visuals()));
        }
    }
}
