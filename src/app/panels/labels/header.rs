//! Above list and face: what the audit is of, how it is brought up to date, and how far that is.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::labels::{LabelsCommand, OpenAudit, words};
use super::super::super::theme;
use super::super::super::train::words::{counted, thousands};
use super::super::status::duration;
use super::super::{Screen, drawer_button, page};
use crate::engine::audit::{BuildProgress, Step};

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let building = screen.state.auditing_here();
    title(ui, screen, building.is_some());
    if let Some((number, ..)) = building {
        let progress = screen.state.labels.progress.filter(|progress| progress.number == number);
        stop(ui, screen, progress);
    }
    ui.separator();
}

fn title(ui: &mut Ui, screen: &mut Screen, building: bool) {
    let state = screen.state;
    let desk = &state.labels;
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            drawer_button(ui, screen, "filters");
            if !building {
                buttons(ui, screen, desk.open.is_some());
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = ui.add(Label::new(RichText::new(desk.name()).heading()).truncate());
                if let Some(folder) = &desk.folder {
                    name.on_hover_text(format!("The audit lies in {}", folder.display()));
                }
                if let Some(open) = &desk.open {
                    let about = ui.add(Label::new(RichText::new(about(open)).weak().small()).truncate());
                    about.on_hover_text(words::BUDGET);
                }
            });
        });
    });
}

fn about(open: &OpenAudit) -> String {
    let info = &open.info;
    let labels = counted(info.labelled, "label");
    format!("{labels}, {} within the budget · {}", thousands(info.budget as u64), words::counts(open.counts))
}

/// From the right edge to the left.
fn buttons(ui: &mut Ui, screen: &mut Screen, open: bool) {
    screen
        .button(ui, true, "Close the audit", Command::Labels(LabelsCommand::Close))
        .on_hover_text("It stays on the disk and can be opened again");
    screen
        .button(ui, open, "Bring up to date", Command::Labels(LabelsCommand::BringUpToDate))
        .on_hover_text("Take in what has changed in the set, and read all labels again; verdicts stay");
}

/// How far the audit is. The words stand still while the numbers change.
fn stop(ui: &mut Ui, screen: &mut Screen, progress: Option<BuildProgress>) {
    ui.horizontal(|ui| {
        screen
            .button(ui, true, "Stop the audit", Command::Labels(LabelsCommand::Stop))
            .on_hover_text("What was done is kept; audit the set into the same folder to go on from there");
        let (text, share) = match progress {
            Some(progress) => (far(&progress), progress.done as f32 / progress.total.max(1) as f32),
            None => ("The networks are being opened".to_owned(), 0.0),
        };
        page::progress(ui, share, text, "Audit progress");
    });
}

fn far(progress: &BuildProgress) -> String {
    let [step, _] = words::step(progress.step);
    let at = Step::ALL.iter().position(|step| *step == progress.step).map_or(1, |at| at + 1);
    let left = progress.left.map_or_else(String::new, |left| format!(", {} left", duration(left.as_secs_f64())));
    let done = match progress.total {
        0 => String::new(),
        total => format!(", {} of {}", thousands(progress.done), thousands(total)),
    };
    format!("{step}, step {at} of {}{done}{left}", Step::ALL.len())
}

/// What an audit does, one step after the other, while there is nothing else to see.
pub(super) fn steps(ui: &mut Ui, now: Option<Step>) {
    let at = now.and_then(|now| Step::ALL.iter().position(|step| *step == now)).unwrap_or(0);
    ui.add_space(2.0 * theme::SPACE);
    for (place, step) in Step::ALL.into_iter().enumerate() {
        let [name, meaning] = words::step(step);
        let sign = match place {
            _ if place < at => "✔",
            _ if place == at => "▸",
            _ => "·",
        };
        ui.horizontal(|ui| {
            ui.label(RichText::new(sign).monospace());
            let name = RichText::new(name);
            ui.label(if place == at { name.strong() } else { name });
            ui.add(Label::new(RichText::new(meaning).small().weak()).truncate());
        });
    }
}
