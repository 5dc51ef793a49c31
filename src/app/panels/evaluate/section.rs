//! One part of the report on the set that is looked at: its figures, tables and pictures, or why it was not measured.

use eframe::egui::{Label, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::evaluate::{self, EvaluateCommand, words};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::Screen;
use super::{figures, pictures, says, small, tables};
use crate::engine::evaluation::{PartName, Section, Unmeasured, explanation};

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, part: PartName) {
    let state = screen.state;
    let desk = &state.evaluate;
    ui.label(RichText::new(part.title()).size(theme::HEADING));
    small(ui, explanation(part));
    ui.add_space(theme::SPACE);
    match (desk.section(), desk.unmeasured(part)) {
        (Some(section), _) => measured(ui, screen, section),
        (None, Some(unmeasured)) => missing(ui, screen, unmeasured),
        (None, None) => says(ui, "This part was not asked for; choose it for the next evaluation."),
    }
}

fn measured(ui: &mut Ui, screen: &mut Screen, section: &Section) {
    if !section.figures.is_empty() {
        figures::show(ui, section);
    }
    notes(ui, section);
    for (place, table) in section.tables.iter().enumerate() {
        tables::show(ui, table, place);
    }
    for picture in &section.pictures {
        pictures::show(ui, screen, picture);
    }
}

/// Its own, and what keeps the paper's figures apart, each once.
fn notes(ui: &mut Ui, section: &Section) {
    let mut notes: Vec<&str> = section.notes.iter().map(String::as_str).collect();
    for paper in section.figures.iter().filter_map(|figure| figure.paper.as_ref()) {
        if !paper.note.is_empty() && !notes.contains(&paper.note.as_str()) {
            notes.push(&paper.note);
        }
    }
    if !notes.is_empty() {
        ui.add_space(2.0 * theme::SPACE);
    }
    if section.figures.iter().any(|figure| words::is_notation(&figure.full_name())) {
        small(ui, &words::sentence(words::NOTATION));
    }
    for note in notes {
        small(ui, &words::said(note));
    }
}

/// Why, and what can be given for it.
fn missing(ui: &mut Ui, screen: &mut Screen, unmeasured: &Unmeasured) {
    ui.label(RichText::new("Not measured").strong());
    ui.add(Label::new(words::said(&unmeasured.why)).wrap());
    ui.add_space(theme::SPACE);
    ui.horizontal_wrapped(|ui| {
        if let Some(path) = screen.state.evaluate.form.missing(unmeasured.part) {
            screen.button(ui, true, words::give(path), Command::Ask(Purpose::Evaluate(path)));
        }
        let lacks = evaluate::lacks(screen.state);
        screen
            .button(ui, lacks.is_none(), "Evaluate again", Command::Evaluate(EvaluateCommand::Start))
            .on_hover_text("With the choices of a new evaluation; what has not changed is not measured again")
            .on_disabled_hover_text(lacks.unwrap_or_default());
    });
}
