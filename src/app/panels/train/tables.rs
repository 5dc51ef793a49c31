//! The tables of a run, such as how well each attribute is read from its own part and from the rest.

use eframe::egui::{Grid, RichText, ScrollArea, Ui, vec2};

use super::super::super::dials::sentence_case;
use super::super::super::theme;
use super::super::super::train::words::thousands;
use crate::engine::training::{RunView, Table};

pub fn show(ui: &mut Ui, view: &RunView) {
    for (place, table) in view.tables.iter().enumerate() {
        ui.label(RichText::new(format!("{}, step {}", sentence_case(&table.title), thousands(table.step))).strong());
        ScrollArea::horizontal().id_salt(("table", place)).show(ui, |ui| grid(ui, place, table));
        ui.add_space(4.0 * theme::SPACE);
    }
}

fn grid(ui: &mut Ui, place: usize, table: &Table) {
    let spacing = vec2(4.0 * theme::SPACE, theme::SPACE);
    Grid::new(("table", place)).striped(true).spacing(spacing).show(ui, |ui| {
        for column in &table.columns {
            ui.label(RichText::new(sentence_case(column)).small().strong());
        }
        ui.end_row();
        for row in &table.rows {
            for (column, cell) in row.iter().enumerate() {
                let text = RichText::new(cell);
                ui.label(if column == 0 { text } else { text.monospace() });
            }
            ui.end_row();
        }
    });
}
