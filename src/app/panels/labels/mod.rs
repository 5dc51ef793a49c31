//! The Labels panel: which faces are meant stands in the drawer; on the stage stand the faces whose labels are
//! doubted, in a list, and beside it, by the chosen tab, the one that is looked at, who is taken for what, or what else
//! tells the labels. Where no audit is open, it says what one is and how to get one.

mod compared;
mod empty;
mod face;
mod filters;
mod header;
mod list;
mod matrix;
mod more;
mod neighbours;
mod pictures;
mod probabilities;
mod shortcuts;
mod verdicts;

use eframe::egui::{Button, Rect, Sense, Ui, UiBuilder, pos2};

use super::super::command::Command;
use super::super::labels::{LabelsCommand, OpenAudit, Tab};
use super::super::theme;
use super::{Screen, page, says};
use crate::engine::audit::FaceKey;

pub(super) use filters::{clear, show as filters};

/// From this width on, list and face stand side by side.
const SIDE_BY_SIDE: f32 = 160.0 * theme::SPACE;
/// Between them.
const BETWEEN: f32 = 3.0 * theme::SPACE;
/// The list's share of the room, and how wide it may become.
const SHARE: f32 = 0.43;
const WIDEST: f32 = 150.0 * theme::SPACE;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    page::show(ui, screen, |ui, screen| {
        let mut sight = Vec::new();
        stage(ui, screen, &mut sight);
        if sight != screen.state.labels.shelf.in_sight() {
            screen.ask(Command::Labels(LabelsCommand::InSight(sight)));
        }
    });
}

/// What is drawn of the audit; `sight` gathers the faces that are.
fn stage(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let desk = &state.labels;
    let building = state.auditing_here().is_some();
    if desk.folder.is_none() || desk.failed && !building {
        empty::show(ui, screen);
        return;
    }
    header::show(ui, screen);
    match &desk.open {
        Some(open) => split(ui, screen, open, sight),
        None if building => header::steps(ui, desk.progress.map(|progress| progress.step)),
        None => says(ui, "The audit is being opened…"),
    }
}

/// The list at the left or, in a narrow stage, above; the rest beside it or below.
fn split(ui: &mut Ui, screen: &mut Screen, open: &OpenAudit, sight: &mut Vec<FaceKey>) {
    let room = ui.available_rect_before_wrap();
    ui.allocate_rect(room, Sense::hover());
    let [first, second] = if room.width() >= SIDE_BY_SIDE {
        let end = room.left() + (SHARE * room.width()).min(WIDEST).floor();
        let line = ui.visuals().widgets.noninteractive.bg_stroke;
        ui.painter().vline(end + BETWEEN / 2.0, room.y_range(), line);
        [room.with_max_x(end), room.with_min_x(end + BETWEEN)]
    } else {
        let end = room.top() + (SHARE * room.height()).floor();
        let line = ui.visuals().widgets.noninteractive.bg_stroke;
        ui.painter().hline(room.x_range(), end + BETWEEN / 2.0, line);
        [room.with_max_y(end), Rect::from_min_max(pos2(room.left(), end + BETWEEN), room.max)]
    };
    ui.scope_builder(UiBuilder::new().id_salt("audited").max_rect(first), |ui| list::show(ui, screen, open, sight));
    ui.scope_builder(UiBuilder::new().id_salt("beside").max_rect(second), |ui| {
        ui.horizontal_wrapped(|ui| tabs(ui, screen));
        match screen.state.labels.tab {
            Tab::Face => face::show(ui, screen, open, sight),
            Tab::Confusion => matrix::show(ui, screen),
            Tab::Shortcuts => shortcuts::show(ui, open),
        }
    });
}

fn tabs(ui: &mut Ui, screen: &mut Screen) {
    ui.spacing_mut().item_spacing.x = theme::SPACE;
    for tab in Tab::ALL {
        let on = screen.state.labels.tab == tab;
        let response = ui.add(Button::new(tab.name()).selected(on).frame_when_inactive(on));
        if response.clicked() {
            screen.ask(Command::Labels(LabelsCommand::LookAtTab(tab)));
        }
        response.on_hover_text(tab.explanation());
    }
}
