//! The faces of the audit, the most doubtful label first. However many there are, only those in sight are drawn.

use eframe::egui::{Align, Id, Label, Layout, Rect, RichText, Sense, Ui, UiBuilder, vec2};

use super::super::super::command::Command;
use super::super::super::labels::list::Listing;
use super::super::super::labels::words::{self, short};
use super::super::super::labels::{LabelsCommand, OpenAudit};
use super::super::super::theme;
use super::super::super::train::words::{counted, thousands};
use super::super::super::widgets::{LabelColumns, LabelRow, lines_to};
use super::super::Screen;
use super::says;
use crate::engine::audit::{FaceKey, RankAnswer};

/// Height of the headings.
const HEADINGS: f32 = 5.0 * theme::SPACE;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, open: &OpenAudit, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let list = &state.labels.list;
    if let Some(error) = &list.error {
        ui.add(Label::new(RichText::new(error).color(ui.visuals().warn_fg_color)).wrap());
    }
    let Some(answer) = &list.answer else {
        if list.error.is_none() {
            says(ui, "The faces are being ranked…");
        }
        return;
    };
    ui.add(Label::new(RichText::new(standing(screen, open, answer)).small()).wrap());
    if answer.order.is_empty() {
        return;
    }
    headings(ui);
    let seek = seek(ui, list);
    lines_to(ui, "doubted", answer.order.len(), LabelRow::HEIGHT, seek, |ui, at, rect| {
        row(ui, screen, open, sight, answer, at, rect);
    });
}

/// How many there are, and which.
fn standing(screen: &Screen, open: &OpenAudit, answer: &RankAnswer) -> String {
    let choice = &screen.state.labels.choice;
    let (shown, all) = (answer.order.len(), open.info.labelled);
    let filter = words::filter(&choice.filter);
    if shown == 0 {
        let within = if answer.total > 0 { " within the budget" } else { "" };
        return format!("No face{within} meets the conditions; widen them in the filters");
    }
    let mut text = match shown {
        _ if shown == all => format!("All {}", counted(all, "label")),
        _ => format!("{} of {}", thousands(shown as u64), counted(all, "label")),
    };
    if !filter.is_empty() {
        text = format!("{text}, {filter}");
    }
    if choice.within_budget {
        text.push_str(", within the budget");
    }
    format!("{text}; the most doubtful first, by {}", choice.score.name().replace('-', " "))
}

fn headings(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADINGS), Sense::hover());
    let columns = LabelColumns::of(rect);
    let heading = |ui: &mut Ui, column: Rect, name: &str, hover: &str, right: bool| {
        let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        let column = Rect::from_x_y_ranges(column.x_range(), rect.y_range());
        let place = UiBuilder::new().id_salt(("heading", name)).max_rect(column).layout(layout);
        let text = RichText::new(name).small().weak();
        ui.new_child(place).add(Label::new(text).truncate()).on_hover_text(hover);
    };
    heading(ui, columns.rank, "Rank", words::RANK, true);
    match columns.predicted {
        Some(predicted) => {
            heading(ui, columns.title, "Name", "The picture's name in the set", false);
            heading(ui, columns.given, "Given", words::GIVEN, false);
            heading(ui, predicted, "Looks", words::PREDICTED, false);
            heading(ui, columns.verdict, "Verdict", words::VERDICT, true);
        }
        None => heading(ui, columns.title, "Name, given label, what it looks like", words::PREDICTED, false),
    }
    heading(ui, columns.quality, "Quality", words::QUALITY, true);
}

/// The line that is to be brought into sight, once each time that another face is looked at.
fn seek(ui: &Ui, list: &Listing) -> Option<usize> {
    let id = Id::unique("sought label");
    if ui.data(|data| data.get_temp::<u64>(id)) == Some(list.seeks) {
        return None;
    }
    ui.data_mut(|data| data.insert_temp(id, list.seeks));
    list.at
}

fn row(
    ui: &mut Ui,
    screen: &mut Screen,
    open: &OpenAudit,
    sight: &mut Vec<FaceKey>,
    answer: &RankAnswer,
    at: usize,
    rect: Rect,
) {
    let desk = &screen.state.labels;
    let place = answer.order[at];
    let Some(row) = open.row(place) else { return };
    sight.push(row.face);
    let rank = answer.ranks.get(at).copied().unwrap_or_default();
    let name = open.name(place);
    let spoken = format!("{name}, given {}, looks {}", row.given, row.predicted);
    let thumbnail = desk.shelf.thumbnail(row.face);
    let shown = LabelRow {
        name: &spoken,
        texture: thumbnail.and_then(|picture| screen.textures.get(&screen.context, picture, true)),
        chosen: desk.look.place == Some(place),
        rank: &thousands(rank.into()),
        title: short(name),
        given: row.given.name(),
        predicted: row.predicted.name(),
        quality: &words::quality(open.quality(place, desk.choice.score)),
        verdict: &open.verdict(place).map(words::verdict).unwrap_or_default(),
    };
    let response = shown.show(ui, rect, ui.make_persistent_id(("labelled", row.face)));
    if rank as usize == open.info.budget {
        // Where the budget ends.
        let line = (theme::STRONG_LINE, theme::accent(ui.visuals()));
        ui.painter().hline(rect.x_range(), rect.bottom() - theme::LINE, line);
    }
    if response.clicked() {
        screen.ask(Command::Labels(LabelsCommand::LookAt(row.face)));
    }
    response.on_hover_text(name);
}
