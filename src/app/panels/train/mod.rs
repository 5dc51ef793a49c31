//! The Train panel: a training is set up in the drawer; on the stage stand the run that is looked at (its progress,
//! curves, pictures and tables) or, where there is none, the list of runs.

mod curves;
mod explain;
mod held_out;
mod plot;
mod progress;
mod runs;
mod setup;
mod sheet;
mod tables;

use eframe::egui::{ScrollArea, Ui};

use super::super::theme;
use super::{Screen, page, says};
use crate::engine::training::RunView;

pub(super) use setup::{show as setup, start};

/// From this width on, curves and pictures stand side by side.
const SIDE_BY_SIDE: f32 = 720.0;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    page::show(ui, screen, |ui, screen| {
        let train = &screen.state.train;
        match (&train.watched, train.view.as_deref()) {
            _ if train.starting => says(ui, "The training is being started…"),
            (Some(_), Some(view)) if !train.listing => run(ui, screen, view),
            (Some(_), None) if !train.listing => says(ui, "The run is being read…"),
            _ => runs::show(ui, screen),
        }
    });
}

fn run(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    progress::show(ui, screen, view);
    ui.separator();
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("run").show(ui, |ui| {
        if ui.available_width() < SIDE_BY_SIDE {
            pictures(ui, screen, view);
            ui.add_space(4.0 * theme::SPACE);
            numbers(ui, screen, view);
        } else {
            ui.columns_const(|[left, right]| {
                left.vertical(|ui| numbers(ui, screen, view));
                right.vertical(|ui| pictures(ui, screen, view));
            });
        }
        ui.add_space(4.0 * theme::SPACE);
        tables::show(ui, view);
    });
}

fn numbers(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    held_out::show(ui, view);
    ui.add_space(4.0 * theme::SPACE);
    curves::show(ui, screen, view);
}

fn pictures(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    sheet::show(ui, screen, view);
}
