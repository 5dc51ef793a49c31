//! What else tells the labels: how well they are guessed from each part of the code alone.

use eframe::egui::{
    Align2, Color32, FontId, Label, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

use super::super::super::labels::{OpenAudit, words};
use super::super::super::theme;
use super::super::super::train::words::counted;
use super::super::super::widgets::number_text;
use super::says;
use crate::engine::audit::Shortcut;
use crate::face::Part;

/// Height of a line, widths of its name and its numbers.
const LINE: f32 = 8.0 * theme::SPACE;
const NAME: f32 = 36.0 * theme::SPACE;
const NUMBERS: f32 = 36.0 * theme::SPACE;
const BAR: f32 = 2.0 * theme::SPACE;
/// Where a bar begins: guessing gives this.
const CHANCE: f64 = 0.5;

const AUC: &str =
    "The area under the ROC curve, the mean of all classes, read out of fold: 0.5 is guessing, 1 is never wrong";

pub(super) fn show(ui: &mut Ui, open: &OpenAudit) {
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("shortcuts").show(ui, |ui| {
        ui.add(Label::new(RichText::new(words::SHORTCUT).small().weak()).wrap());
        ui.add_space(2.0 * theme::SPACE);
        if open.info.shortcuts.is_empty() {
            says(ui, "Nothing could be measured; there are too few faces or too few people.");
            return;
        }
        for shortcut in &open.info.shortcuts {
            line(ui, shortcut);
        }
        ui.add_space(2.0 * theme::SPACE);
        ui.add(
            Label::new(
                RichText::new(format!("{AUC}. Behind each number stand the ends of its 95 % interval.")).small().weak(),
            )
            .wrap(),
        );
    });
}

/// What is read, as words, and whose colour it has.
fn reads(shortcut: &Shortcut) -> (&str, Option<Part>, &'static str) {
    match shortcut.reads.as_str() {
        "f_e" => ("Expression", Some(Part::Expression), "What the label is meant to say; the higher the better"),
        "f_p" => {
            ("Pose alone", Some(Part::Pose), "How the head is turned; near 0.5 where it says nothing of the label")
        }
        "f_id" => ("Identity alone", Some(Part::Identity), "Who it is; near 0.5 where it says nothing of the label"),
        "f_s" => (
            "Style alone",
            Some(Part::Style),
            "Light, colour and picture quality; near 0.5 where they say nothing of the label",
        ),
        "f without f_e" => ("All but expression", None, "Pose, identity and style together: what a shortcut can reach"),
        other => (other, None, "A piece of the code"),
    }
}

fn line(ui: &mut Ui, shortcut: &Shortcut) {
    let (name, part, meaning) = reads(shortcut);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let auc = &shortcut.auc;
    let number = number_text(auc.value as f32, 2);
    let interval = auc.interval.as_ref().map_or_else(String::new, |interval| {
        format!("  {} to {}", number_text(interval.low as f32, 2), number_text(interval.high as f32, 2))
    });
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}, {number}")));
    let visuals = ui.visuals();
    let colour: Color32 = part.map_or(visuals.text_color(), |part| theme::part_colour(visuals, part));
    let middle = rect.center().y;
    let font = FontId::proportional(theme::BODY);
    ui.painter().text(pos2(rect.left(), middle), Align2::LEFT_CENTER, name, font, colour);
    let (left, right) = (rect.left() + NAME, (rect.right() - NUMBERS).max(rect.left() + NAME + 10.0 * theme::SPACE));
    let track = Rect::from_x_y_ranges(left..=right, middle - BAR / 2.0..=middle + BAR / 2.0);
    ui.painter().rect_filled(track, 2, theme::track_fill(visuals));
    let share = ((auc.value - CHANCE) / (1.0 - CHANCE)).clamp(0.0, 1.0) as f32;
    let filled = track.with_max_x(track.left() + share * track.width());
    ui.painter().rect_filled(filled, 2, colour);
    let font = FontId::monospace(theme::SMALL);
    let at = pos2(right + 2.0 * theme::SPACE, middle);
    ui.painter().text(at, Align2::LEFT_CENTER, format!("{number}{interval}"), font, visuals.text_color());
    response.on_hover_text(format!("{meaning}. Measured on {}", counted(auc.n, "face")));
}
