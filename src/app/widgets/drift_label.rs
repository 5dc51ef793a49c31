//! The drift of a part, beside its heading: words, a number and a short bar.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::text::{LayoutJob, TextFormat};
use egui::{FontFamily, FontId, Rect, Response, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::number_text;
use crate::app::theme;
use crate::face::Part;

/// Room for the longest text, so that nothing jumps when a number comes.
const TEXT_WIDTH: f32 = 21.0 * theme::SPACE;
const BAR: egui::Vec2 = vec2(8.0 * theme::SPACE, theme::SPACE);
/// The bar is full at this drift.
const FULL_DEG: f32 = 20.0;

const EXPLAIN: &str = "How far the face in the picture lies from the face that was asked for, in degrees: the picture \
                       is read again and both are compared, and a small number means that this part came out as asked";

/// "drift 2.1°" and a bar in the part's colour; before it is measured, "drift –" and an empty bar. Its accessible name
/// begins with the part: "Pose drift 2.1°", "Pose drift not measured".
pub fn drift_label(ui: &mut Ui, part: Part, drift_deg: Option<f32>) -> Response {
    let size = vec2(TEXT_WIDTH + theme::SPACE + BAR.x, theme::ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let number = drift_deg.map_or_else(|| "\u{2013}".to_owned(), |drift| format!("{}°", number_text(drift, 1)));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), spoken(part, drift_deg, &number)));
    if ui.is_rect_visible(rect) {
        paint(ui, rect.round_ui(), part, drift_deg, &number);
    }
    response.on_hover_text(EXPLAIN)
}

fn spoken(part: Part, drift_deg: Option<f32>, number: &str) -> String {
    let name = part.name();
    let (first, rest) = name.split_at(1);
    let measured = if drift_deg.is_some() { number } else { "not measured" };
    format!("{}{rest} drift {measured}", first.to_uppercase())
}

fn paint(ui: &Ui, rect: Rect, part: Part, drift_deg: Option<f32>, number: &str) {
    let visuals = ui.visuals();
    let colour = if drift_deg.is_some() { visuals.text_color() } else { visuals.weak_text_color() };
    let words = TextStyle::Small.resolve(ui.style());
    let digits = FontId::new(words.size, FontFamily::Monospace);
    let mut job = LayoutJob::default();
    job.append("drift ", 0.0, TextFormat::simple(words, visuals.weak_text_color()));
    job.append(number, 0.0, TextFormat::simple(digits, colour));
    let galley = ui.painter().layout_job(job);
    let right = rect.right() - BAR.x - theme::SPACE;
    let at = pos2(right - galley.size().x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at.round_ui(), galley, colour);

    let track = Rect::from_center_size(pos2(rect.right() - BAR.x / 2.0, rect.center().y), BAR).round_ui();
    ui.painter().rect_filled(track, 2, theme::track_fill(visuals));
    if let Some(drift) = drift_deg.filter(|drift| drift.is_finite()) {
        let share = (drift / FULL_DEG).clamp(0.0, 1.0);
        let filled = track.with_max_x(track.left() + (share * track.width()).max(2.0)).round_ui();
        ui.painter().rect_filled(filled, 2, theme::part_colour(visuals, part));
    }
}
