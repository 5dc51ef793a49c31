//! The Evaluate panel: what is to be measured is chosen in the drawer; on the stage stands the open report, part by
//! part. Where none is open, it says what an evaluation is and how to begin one, or how far the one in hand is.

mod band;
mod comparison;
mod contents;
mod empty;
mod figures;
mod header;
mod headlines;
mod overview;
mod pictures;
mod section;
mod setup;
mod tables;

use eframe::egui::{RichText, ScrollArea, Sense, Ui, UiBuilder};

use super::super::evaluate::Tab;
use super::super::theme;
use super::page::{self, small};
use super::{Screen, says};

pub(super) use setup::{show as setup, start};

/// From this width on, the list of parts stands beside what is shown of them.
const SIDE_BY_SIDE: f32 = 150.0 * theme::SPACE;
/// Width of that list, and the room behind it.
const CONTENTS: f32 = 42.0 * theme::SPACE;
const BETWEEN: f32 = 3.0 * theme::SPACE;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    page::show(ui, screen, stage);
}

fn stage(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let desk = &state.evaluate;
    let running = state.evaluating().is_some();
    if !running && (desk.path.is_none() || desk.failed) {
        empty::show(ui, screen);
        return;
    }
    header::show(ui, screen);
    if desk.open.is_some() {
        report(ui, screen);
    } else if desk.path.is_some() && !desk.failed {
        says(ui, "The report is being opened…");
    } else {
        header::steps(ui, screen);
    }
}

/// The list of parts at the left or, in a narrow stage, above; what was chosen of them beside it or below.
fn report(ui: &mut Ui, screen: &mut Screen) {
    let room = ui.available_rect_before_wrap();
    if room.width() < SIDE_BY_SIDE {
        ui.horizontal_wrapped(|ui| contents::row(ui, screen));
        ui.add_space(theme::SPACE);
        chosen(ui, screen);
        return;
    }
    ui.allocate_rect(room, Sense::hover());
    let end = room.left() + CONTENTS;
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter().vline(end + BETWEEN / 2.0, room.y_range(), line);
    let (left, right) = (room.with_max_x(end), room.with_min_x(end + BETWEEN));
    ui.scope_builder(UiBuilder::new().id_salt("contents").max_rect(left), |ui| contents::side(ui, screen));
    ui.scope_builder(UiBuilder::new().id_salt("chosen").max_rect(right), |ui| chosen(ui, screen));
}

/// Another set or another part begins at its top.
fn chosen(ui: &mut Ui, screen: &mut Screen) {
    let desk = &screen.state.evaluate;
    let salt = ("chosen", desk.tab.name(), desk.set);
    ScrollArea::vertical().auto_shrink([false, false]).id_salt(salt).show(ui, |ui| {
        match screen.state.evaluate.tab {
            Tab::Overview => overview::show(ui, screen),
            Tab::Part(part) => section::show(ui, screen, part),
            Tab::Comparison => comparison::show(ui, screen),
        }
        ui.add_space(4.0 * theme::SPACE);
    });
}

/// A heading above a piece of what is shown.
fn heading(ui: &mut Ui, words: &str) {
    ui.add_space(3.0 * theme::SPACE);
    ui.label(RichText::new(words).strong());
}
