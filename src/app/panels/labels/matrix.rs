//! Who is taken for what: faces by their given label and by what they look like. A press on a number lists them.

use eframe::egui::{
    Align2, FontId, Label, Rect, RichText, Role, ScrollArea, Sense, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::labels::LabelsCommand;
use super::super::super::theme;
use super::super::super::train::words::thousands;
use super::super::Screen;
use super::says;
use crate::engine::audit::Confusion;
use crate::face::{Expression, Part};

/// Height of a cell, the widths that it can have, and the width of the rows' names.
const LINE: f32 = 7.0 * theme::SPACE;
const WIDTHS: [f32; 2] = [11.0 * theme::SPACE, 18.0 * theme::SPACE];
const NAMES: f32 = 14.0 * theme::SPACE;
const GAP: f32 = 0.5 * theme::SPACE;
/// From here on a number is written in thousands.
const MANY: u32 = 100_000;

const EXPLAIN: &str = "Each row holds the faces that are given one label, each column those that look like one; where \
                       they meet stands how many there are. Off the diagonal label and prediction disagree.";

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(answer) = &state.labels.list.answer else {
        says(ui, "The faces are being counted…");
        return;
    };
    ui.add(Label::new(RichText::new(EXPLAIN).small().weak()).wrap());
    ui.add_space(theme::SPACE);
    let width = ((ui.available_width() - NAMES) / Expression::ALL.len() as f32).clamp(WIDTHS[0], WIDTHS[1]).floor();
    ScrollArea::both().auto_shrink([false, false]).id_salt("confusion").show(ui, |ui| {
        let lines = Expression::ALL.len() as f32 + 1.0;
        let size = vec2(NAMES + (lines - 1.0) * width, lines * LINE);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        headings(ui, rect, width);
        for given in Expression::ALL {
            for predicted in Expression::ALL {
                let at = vec2(NAMES + predicted.index() as f32 * width, (given.index() + 1) as f32 * LINE);
                let place = Rect::from_min_size(rect.min + at, vec2(width, LINE)).shrink(GAP);
                cell(ui, screen, &answer.confusion, given, predicted, place);
            }
        }
    });
}

fn headings(ui: &Ui, rect: Rect, width: f32) {
    let (font, visuals) = (FontId::proportional(theme::SMALL), ui.visuals());
    let corner = rect.min + vec2(0.0, LINE / 2.0);
    ui.painter().text(corner, Align2::LEFT_CENTER, "given", font.clone(), visuals.weak_text_color());
    for label in Expression::ALL {
        let row = pos2(rect.left(), rect.top() + (label.index() as f32 + 1.5) * LINE);
        ui.painter().text(row, Align2::LEFT_CENTER, label.name(), font.clone(), visuals.text_color());
        let left = rect.left() + NAMES + label.index() as f32 * width;
        let column = Rect::from_min_size(pos2(left, rect.top()), vec2(width, LINE));
        // A name that is longer than its column is cut off there.
        let painter = ui.painter().with_clip_rect(column.intersect(ui.clip_rect()));
        let galley = painter.layout_no_wrap(label.name().to_owned(), font.clone(), visuals.text_color());
        let at = pos2((column.center().x - galley.size().x / 2.0).max(left), column.center().y - galley.size().y / 2.0);
        painter.galley(at, galley, visuals.text_color());
    }
}

fn cell(ui: &Ui, screen: &mut Screen, counts: &Confusion, given: Expression, predicted: Expression, rect: Rect) {
    let row = &counts[given.index()];
    let count = row[predicted.index()];
    let name = format!("{} given {given} look {predicted}", thousands(count.into()));
    let filter = &screen.state.labels.choice.filter;
    let chosen = [filter.given, filter.predicted] == [Some(given), Some(predicted)];
    // An empty one that is chosen can be let go of.
    let enabled = count > 0 || chosen;
    let id = ui.scope_id().with(("cell", given.index(), predicted.index()));
    let response = ui.interact(rect, id, if enabled { Sense::click() } else { Sense::hover() });
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, chosen, &name));
    let (painter, visuals) = (ui.painter(), ui.visuals());
    let share = count as f32 / row.iter().sum::<u32>().max(1) as f32;
    let full = theme::part_fill(visuals, Part::Expression);
    let corner = theme::CORNER;
    painter.rect_filled(rect, corner, visuals.faint_bg_color.lerp_to_gamma(full, share.sqrt()));
    if given == predicted {
        painter.rect_stroke(rect, corner, visuals.widgets.inactive.bg_stroke, StrokeKind::Inside);
    }
    if chosen || response.has_focus() || enabled && response.hovered() {
        let line = (theme::STRONG_LINE, theme::accent(visuals));
        painter.rect_stroke(rect.expand2(Vec2::splat(1.0)), corner, line, StrokeKind::Inside);
    }
    let colour = if count > 0 { visuals.strong_text_color() } else { visuals.weak_text_color() };
    painter.text(rect.center(), Align2::CENTER_CENTER, short(count), FontId::monospace(theme::SMALL), colour);
    if response.clicked() {
        screen.ask(Command::Labels(LabelsCommand::Cell(given, predicted)));
    }
    let hover = match (chosen, enabled) {
        (true, _) => format!("{name}; click to list all faces again"),
        (false, true) => format!("{name}; click to list them"),
        (false, false) => name,
    };
    response.on_hover_text(hover);
}

/// A number that fits into a cell.
fn short(count: u32) -> String {
    if count < MANY { thousands(count.into()) } else { format!("{}k", count / 1000) }
}
