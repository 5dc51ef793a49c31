//! A table of the report: what has too many numbers for a line each.

use eframe::egui::{Grid, RichText, ScrollArea, Ui, vec2};

use super::super::super::dials::sentence_case;
use super::super::super::evaluate::words;
use super::super::super::theme;
use super::{band, heading, small};
use crate::engine::evaluation::{Cell, Column, Table, count};

/// `place` tells it from the other tables of the part.
pub(super) fn show(ui: &mut Ui, table: &Table, place: usize) {
    heading(ui, &sentence_case(&table.title));
    ScrollArea::horizontal().id_salt(("table of the report", place)).show(ui, |ui| {
        let spacing = vec2(4.0 * theme::SPACE, theme::SPACE);
        Grid::new(("rows of the report", place)).striped(true).spacing(spacing).show(ui, |ui| {
            for column in &table.columns {
                let text = RichText::new(sentence_case(&column.name)).small().strong();
                let part = column.face_part;
                ui.label(if part.is_some() { text.color(band::colour(ui, part)) } else { text });
            }
            ui.end_row();
            for row in &table.rows {
                for (column, cell) in table.columns.iter().zip(row) {
                    one(ui, column, cell);
                }
                ui.end_row();
            }
        });
    });
    if !table.note.is_empty() {
        small(ui, &words::sentence(&table.note));
    }
}

fn one(ui: &mut Ui, column: &Column, cell: &Cell) {
    let text = cell.text(column);
    let words = RichText::new(text.as_str());
    let response = ui.label(if column.unit.is_some() { words.monospace() } else { words });
    if let (Cell::Measured(measured), Some(unit)) = (cell, column.unit) {
        let interval = measured.interval.map(|interval| unit.range_text(interval, measured.value));
        let interval = interval.map_or_else(String::new, |interval| format!(", 95 % interval {interval}"));
        response.on_hover_text(format!("{text}{interval}, n {}", count(measured.n)));
    }
}
