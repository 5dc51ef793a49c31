//! The Transfer panel: on the stage the board, with the faces that give along its top and those that take down its left;
//! in the drawer the parts that are given.

mod board;
mod parts;
mod slots;

use eframe::egui::{Align, Frame, Label, Layout, Margin, RichText, Ui};

use super::super::command::Command;
use super::super::pending::Wish;
use super::super::state::{Purpose, State};
use super::super::transfer::TransferCommand;
use super::{Screen, asking, drawer_button, page};

pub(super) use parts::show as parts;
pub use slots::side_under_pointer;

const BEFORE_STAGE_TWO: &str = "These weights were saved before stage two: they know no parts that could be given yet; \
                                train on, or open others";
/// Sentences about what keeps cells empty that are shown at once.
const FAULTS: usize = 2;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    page::middle(ui, screen, |ui, screen| {
        Frame::new().inner_margin(Margin::symmetric(8, 6)).show(ui, |ui| {
            heading(ui, screen);
            buttons(ui, screen);
            asking::show(ui, screen);
            faults(ui, screen);
            board::show(ui, screen);
        });
    });
}

fn heading(ui: &mut Ui, screen: &mut Screen) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Transfer").heading());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            drawer_button(ui, screen, "parts");
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(standing(screen.state)).small().weak()).truncate());
            });
        });
    });
}

/// What is on the board, and how far it is drawn.
fn standing(state: &State) -> String {
    let plan = &state.transfer.plan;
    let cells = plan.rows.len() * plan.columns.len();
    let count = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let mut text = format!("{}, {}", count(plan.rows.len(), "target"), count(plan.sources.len(), "source"));
    if cells > 0 {
        text += &format!(", {}", count(cells, "cell"));
    }
    let left = state.transfer.due.len() + state.pending.count(|wish| matches!(wish, Wish::Cell(_)));
    if left > 0 {
        text += &format!(", {left} still to be drawn");
    }
    text
}

fn buttons(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let has_cells = state.has_cells();
    let gives = state.transfer.chosen_column();
    let save_recipe = match gives {
        Some(column) => format!("Save what {} gives as a file that applies to other faces and folders", column.name),
        None => "Save what a source gives as a file; put a face onto the sources first".to_owned(),
    };
    let any = !state.transfer.board.is_empty();
    let can_save_recipe = gives.is_some();
    let ask = Command::Ask;
    let lines = [
        (has_cells, "Save sheet…", ask(Purpose::SaveSheet), "Save the whole board as one picture with all names"),
        (
            has_cells,
            "Save cells…",
            ask(Purpose::SaveCells),
            "Save every cell as a file in a folder, in its whole photograph where the target has one",
        ),
        (can_save_recipe, "Save recipe…", ask(Purpose::SaveRecipe), save_recipe.as_str()),
        (true, "Load recipe…", ask(Purpose::LoadRecipe), "Put a recipe from a file onto the board, as a column"),
        (
            any,
            "Swap sources and targets",
            Command::Transfer(TransferCommand::Swap),
            "Those that give take, and those that take give",
        ),
        (
            any,
            "Clear the board",
            Command::Transfer(TransferCommand::Clear),
            "Take everybody off the board; they stay in the tray, and undo brings the board back",
        ),
    ];
    ui.horizontal_wrapped(|ui| {
        for (enabled, name, command, hover) in lines {
            screen.button(ui, enabled, name, command).on_hover_text(hover).on_disabled_hover_text(hover);
        }
    });
}

/// Why cells stay empty, and that nothing is given where that is so.
fn faults(ui: &mut Ui, screen: &Screen) {
    let desk = &screen.state.transfer;
    let mut faults = desk.plan.faults();
    let engine = &screen.state.engine;
    if engine.failed {
        faults.insert(0, "There are no networks; open other weights");
    } else if !screen.state.can_edit() {
        faults.insert(0, BEFORE_STAGE_TWO);
    }
    for sentence in faults.iter().take(FAULTS) {
        let text = RichText::new(*sentence).small().color(ui.visuals().warn_fg_color);
        ui.add(Label::new(text).wrap());
    }
    if faults.len() > FAULTS {
        ui.label(RichText::new(format!("and {} more", faults.len() - FAULTS)).small().weak());
    }
    let gives = desk.board.parts.iter().any(|given| given.on);
    if !gives && !desk.plan.rows.is_empty() && !desk.plan.sources.is_empty() {
        ui.label(RichText::new("No part is given, so every cell is its target; choose what is given.").small().weak());
    }
}
