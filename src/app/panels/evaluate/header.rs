//! Above the report: what it is of, what can be done with it, how far the evaluation in hand is, which set is looked
//! at.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::evaluate::{EvaluateCommand, OpenReport, PathFor, words};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::status::duration;
use super::super::{Screen, drawer_button, page};
use super::{heading, small};
use crate::engine::evaluation::{self, EvaluationProgress, PartName, Step, explanation};

const READING: &str = "The networks write each face as 99 numbers; a set as it was published is cut into crops before";

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let open = state.evaluate.open.as_ref();
    title(ui, screen, open);
    if let Some((number, done, total)) = state.evaluating() {
        let progress = state.evaluate.progress_of(number);
        stop(ui, screen, progress, done as f32 / total.max(1) as f32);
    }
    if let Some(open) = open {
        ui.horizontal_wrapped(|ui| buttons(ui, screen, open));
        ui.horizontal_wrapped(|ui| sets(ui, screen, open));
    }
    ui.separator();
}

fn title(ui: &mut Ui, screen: &mut Screen, open: Option<&OpenReport>) {
    let name = match open {
        Some(open) => words::title(open.report()),
        None if screen.state.evaluate.path.is_some() => "A report".to_owned(),
        None => "A new report".to_owned(),
    };
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            drawer_button(ui, screen, "choices");
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let label = ui.add(Label::new(RichText::new(name).heading()).truncate());
                if let Some(open) = open {
                    label.on_hover_text(format!("The report lies in {}", open.shown.folder.display()));
                }
            });
        });
    });
}

fn buttons(ui: &mut Ui, screen: &mut Screen, open: &OpenReport) {
    let there = open.shown.page.is_some();
    screen
        .button(ui, there, "Open the report", Command::Evaluate(EvaluateCommand::Browse))
        .on_hover_text("All of it as one page in the browser, to be read, printed or sent")
        .on_disabled_hover_text("Its page does not lie beside it");
    screen
        .button(ui, true, "Compare with…", Command::Ask(Purpose::Evaluate(PathFor::Other)))
        .on_hover_text("Choose an earlier report: which figures of this one are better or worse by more than chance");
    screen
        .button(ui, true, "Close the report", Command::Evaluate(EvaluateCommand::Close))
        .on_hover_text("It stays on the disk and can be opened again");
    let report = open.report();
    let took = evaluation::duration(report.seconds);
    let about = format!("{}, took {took}", words::moment(&report.created));
    ui.label(RichText::new(about).small().weak()).on_hover_text("When it was measured, and how long that took");
}

/// One set of them is looked at.
fn sets(ui: &mut Ui, screen: &mut Screen, open: &OpenReport) {
    let desk = &screen.state.evaluate;
    let Some(shown) = desk.set() else { return };
    let sets = &open.report().sets;
    if sets.len() > 1 {
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        for (place, set) in sets.iter().enumerate() {
            let on = set.name == shown.name;
            let response = ui.add(Button::new(set.name.as_str()).selected(on).frame_when_inactive(on));
            if response.clicked() {
                screen.ask(Command::Evaluate(EvaluateCommand::LookAtSet(place)));
            }
            response.on_hover_text(words::size(set));
        }
    }
    ui.label(RichText::new(words::size(shown)).small().weak());
}

/// How far the evaluation is. The words stand still while the numbers change.
fn stop(ui: &mut Ui, screen: &mut Screen, progress: Option<&EvaluationProgress>, share: f32) {
    ui.horizontal(|ui| {
        screen
            .button(ui, true, "Stop the evaluation", Command::Evaluate(EvaluateCommand::Stop))
            .on_hover_text("What was measured is kept; start it again with the same faces to go on from there");
        let text = match progress {
            Some(progress) => {
                let left = progress.left.map(|left| format!(", {} left", duration(left.as_secs_f64())));
                format!("{}{}", words::doing(progress), left.unwrap_or_default())
            }
            None => "The networks are being opened".to_owned(),
        };
        page::progress(ui, share, text, "Evaluation progress");
    });
}

/// What is measured on the set in hand, one part after the other, while there is nothing else to see.
pub(super) fn steps(ui: &mut Ui, screen: &Screen) {
    let desk = &screen.state.evaluate;
    let step = desk.progress.as_ref().map(|progress| progress.step);
    if let Some(progress) = &desk.progress {
        heading(ui, &progress.set);
    }
    let at = match step {
        Some(Step::Part(part)) => desk.parts.iter().position(|known| *known == part).map_or(0, |at| at + 1),
        _ => 0,
    };
    line(ui, 0, at, "Reading the faces", READING);
    for (place, part) in desk.parts.iter().enumerate() {
        line(ui, place + 1, at, PartName::title(*part), explanation(*part));
    }
    ui.add_space(2.0 * theme::SPACE);
    small(ui, "The report is shown here as soon as it is done. Everything else in this window can be used meanwhile.");
}

fn line(ui: &mut Ui, place: usize, at: usize, name: &str, meaning: &str) {
    let sign = match place {
        _ if place < at => "✔",
        _ if place == at => "▸",
        _ => "·",
    };
    ui.horizontal(|ui| {
        ui.label(RichText::new(sign).monospace());
        let text = RichText::new(name);
        ui.label(if place == at { text.strong() } else { text });
        ui.add(Label::new(RichText::new(meaning).small().weak()).truncate());
    });
}
