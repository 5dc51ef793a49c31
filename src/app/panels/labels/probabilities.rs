//! How probable each class is, for the photograph and for its reconstruction.

use eframe::egui::{Align2, FontId, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::labels::words;
use super::super::super::theme;
use super::super::super::widgets::number_text;
use crate::engine::audit::{Card, Chances, Row};
use crate::face::{Expression, Part};

/// Height of a class, width of its name and of a number.
const LINE: f32 = 4.5 * theme::SPACE;
const NAME: f32 = 28.0 * theme::SPACE;
const NUMBER: f32 = 9.0 * theme::SPACE;
const GAP: f32 = 2.0 * theme::SPACE;
/// Height of a bar, and how long one may become.
const BAR: f32 = 2.0 * theme::SPACE;
const LONGEST: f32 = 50.0 * theme::SPACE;

/// Where the two bars of a line lie.
#[derive(Clone, Copy)]
struct Columns {
    bar: f32,
    width: f32,
}

impl Columns {
    fn of(width: f32) -> Self {
        let bar = ((width - NAME - 2.0 * (NUMBER + GAP)) / 2.0).clamp(8.0 * theme::SPACE, LONGEST).floor();
        Columns { bar, width: NAME + 2.0 * (bar + NUMBER + GAP) }
    }

    /// The left end of a bar.
    fn left(self, which: usize) -> f32 {
        NAME + which as f32 * (self.bar + NUMBER + GAP)
    }
}

pub(super) fn show(ui: &mut Ui, row: &Row, card: Option<&Card>) {
    let columns = Columns::of(ui.available_width());
    let input = card.map(|card| &card.probabilities);
    let reconstruction = card.and_then(|card| card.reconstruction.as_ref());
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        headings(ui, columns);
        for label in Expression::ALL {
            let (rect, _) = ui.allocate_exact_size(vec2(columns.width, LINE), Sense::hover());
            name(ui, rect, label, row);
            for (which, place, probabilities) in [(0, "input", input), (1, "reconstruction", reconstruction)] {
                bar(ui, rect, columns, which, place, label, probabilities);
            }
        }
    });
}

fn headings(ui: &mut Ui, columns: Columns) {
    const INPUT: &str = "How probable each class is for the photograph, as networks read it that never saw this face; \
                         all eight add up to 1, and that of the given label is its self-confidence";
    let (rect, _) = ui.allocate_exact_size(vec2(columns.width, LINE), Sense::hover());
    for (which, name, hover) in [(0, "Input", INPUT), (1, "Reconstruction", words::RECONSTRUCTION)] {
        let at = rect.min + vec2(columns.left(which), 0.0);
        let place = Rect::from_min_size(at, vec2(columns.bar + NUMBER, LINE));
        let text = RichText::new(name).small().weak();
        let child = UiBuilder::new().id_salt(("probabilities", which)).max_rect(place);
        ui.new_child(child).label(text).on_hover_text(hover);
    }
}

fn name(ui: &Ui, rect: Rect, label: Expression, row: &Row) {
    let visuals = ui.visuals();
    let (given, predicted) = (label == row.given, label == row.predicted);
    let words = match (given, predicted) {
        (true, true) => format!("{label}, both"),
        (true, false) => format!("{label}, given"),
        (false, true) => format!("{label}, looks so"),
        (false, false) => label.name().to_owned(),
    };
    let colour = if given || predicted { visuals.strong_text_color() } else { visuals.weak_text_color() };
    let font = FontId::proportional(theme::SMALL);
    let at = pos2(rect.left(), rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, colour);
}

fn bar(
    ui: &Ui,
    rect: Rect,
    columns: Columns,
    which: usize,
    place: &str,
    label: Expression,
    probabilities: Option<&Chances>,
) {
    let left = rect.left() + columns.left(which);
    let whole = Rect::from_min_size(pos2(left, rect.top()), vec2(columns.bar + NUMBER, LINE));
    let probability = probabilities.map(|all| all[label.index()]);
    let number = probability.map_or_else(|| "\u{2013}".to_owned(), |value| number_text(value, 2));
    let response = ui.interact(whole, ui.scope_id().with(("probability", which, label.index())), Sense::hover());
    let spoken = match probability {
        Some(_) => format!("Probability of {label} in the {place}, {number}"),
        None => format!("Probability of {label} in the {place}, not read yet"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let visuals = ui.visuals();
    let track = Rect::from_center_size(pos2(left + columns.bar / 2.0, rect.center().y), vec2(columns.bar, BAR));
    ui.painter().rect_filled(track, 2, theme::track_fill(visuals));
    if let Some(value) = probability.filter(|value| value.is_finite()) {
        let filled = track.with_max_x(track.left() + value.clamp(0.0, 1.0) * track.width());
        ui.painter().rect_filled(filled, 2, theme::part_colour(visuals, Part::Expression));
    }
    let font = FontId::monospace(theme::SMALL);
    let at = pos2(left + columns.bar + NUMBER - theme::SPACE, rect.center().y);
    ui.painter().text(at, Align2::RIGHT_CENTER, number, font, visuals.text_color());
    response.on_hover_text(spoken);
}
