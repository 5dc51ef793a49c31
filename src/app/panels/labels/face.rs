//! The face that is looked at: what can be said about its label, and below that all that speaks for and against it.

use eframe::egui::{Align, Label, Layout, RichText, ScrollArea, Ui};

use super::super::super::command::Command;
use super::super::super::labels::words::{self, short};
use super::super::super::labels::{LabelsCommand, OpenAudit};
use super::super::super::theme;
use super::super::Screen;
use super::{compared, more, neighbours, pictures, probabilities, says, verdicts};
use crate::engine::audit::{FaceKey, Row};

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, open: &OpenAudit, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let Some((place, row)) = state.labels.looked_at() else {
        says(ui, "Choose a face of the list, and all about its label stands here.");
        return;
    };
    if !sight.contains(&row.face) {
        // Its small picture stands in for the large one until that is there.
        sight.push(row.face);
    }
    title(ui, screen, open, place, row);
    verdicts::show(ui, screen, open, place, row);
    let looked = state.labels.look.known(row.face);
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("looked at").show(ui, |ui| {
        if let Some(error) = looked.and_then(|looked| looked.error.as_ref()) {
            ui.add(Label::new(RichText::new(error).small().color(ui.visuals().warn_fg_color)).wrap());
        }
        pictures::show(ui, screen, row, looked);
        let card = looked.and_then(|looked| looked.card.as_deref());
        compared::angles(ui, screen, card);
        probabilities::show(ui, row, card);
        if let (Some(card), Some(looked)) = (card, looked) {
            neighbours::show(ui, screen, card, &looked.neighbours);
        }
        more::show(ui, open, place, card);
        ui.add_space(2.0 * theme::SPACE);
    });
}

/// Which face it is, what it is labelled and what it looks like.
fn title(ui: &mut Ui, screen: &mut Screen, open: &OpenAudit, place: u32, row: &Row) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let here = screen.state.labels.look.known(row.face).is_some_and(|looked| looked.input.is_some());
            screen
                .button(ui, here, "Edit this face", Command::Labels(LabelsCommand::Edit))
                .on_hover_text("Take it into the tray and the Edit panel");
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = open.name(place);
                ui.add(Label::new(RichText::new(short(name)).strong()).truncate()).on_hover_text(name);
            });
        });
    });
    ui.horizontal_wrapped(|ui| {
        ui.label(format!("Given {}", row.given)).on_hover_text(words::GIVEN);
        ui.label(format!("looks {}", row.predicted)).on_hover_text(words::PREDICTED);
        let quality = open.quality(place, screen.state.labels.choice.score);
        ui.label(RichText::new(format!("quality {}", words::quality(quality))).weak()).on_hover_text(words::QUALITY);
        if let Some(verdict) = open.verdict(place) {
            ui.label(RichText::new(words::verdict(verdict)).strong()).on_hover_text(words::VERDICT);
        }
    });
}
