//! The report at a glance: the figures that matter, what was not measured and why, all sets beside each other, and with
//! what it was measured.

use eframe::egui::{Grid, Label, RichText, ScrollArea, Ui, vec2};

use super::super::super::evaluate::words;
use super::super::super::state::State;
use super::super::super::theme;
use super::super::Screen;
use super::{heading, headlines, small};
use crate::engine::Ready;
use crate::engine::evaluation::{GLANCE, Report, count};

const MEGABYTE: u64 = 1_000_000;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(report) = state.evaluate.report() else { return };
    headlines::show(ui, screen, report);
    small(ui, &words::sentence(words::DRAWN));
    unmeasured(ui, report);
    glance(ui, report);
    remarks(ui, state, report);
    facts(ui, report);
}

/// What was asked for and could not be had.
fn unmeasured(ui: &mut Ui, report: &Report) {
    heading(ui, "Not measured");
    if report.sets.iter().all(|set| set.unmeasured.is_empty()) {
        small(ui, "Everything that was asked for was measured.");
        return;
    }
    for set in &report.sets {
        let mut one = |title: &str, why: &str| {
            let name = if report.sets.len() > 1 { format!("{title}, {}", set.name) } else { title.to_owned() };
            ui.label(RichText::new(name).small().strong());
            ui.add(Label::new(RichText::new(words::said(why)).small()).wrap());
        };
        match set.failure() {
            Some(why) => one("Everything", why),
            None => set.unmeasured.iter().for_each(|unmeasured| one(unmeasured.part.title(), &unmeasured.why)),
        }
    }
}

/// A few figures of every set beside each other, where there are several sets.
fn glance(ui: &mut Ui, report: &Report) {
    let is_measured = |key: &str| report.sets.iter().any(|set| set.figure(key).is_some());
    let columns: Vec<(&str, &str)> = GLANCE.into_iter().filter(|(key, _)| is_measured(key)).collect();
    if report.sets.len() < 2 || columns.is_empty() {
        return;
    }
    heading(ui, "All sets at a glance");
    ScrollArea::horizontal().id_salt("glance").show(ui, |ui| {
        let spacing = vec2(4.0 * theme::SPACE, theme::SPACE);
        Grid::new("all sets").striped(true).spacing(spacing).show(ui, |ui| {
            for name in ["Set", "Faces"].into_iter().chain(columns.iter().map(|(_, name)| *name)) {
                ui.label(RichText::new(name).small().strong());
            }
            ui.end_row();
            for set in &report.sets {
                ui.label(&set.name);
                ui.label(RichText::new(set.faces_text()).monospace());
                for (key, _) in &columns {
                    let figure = set.figure(key);
                    let text = figure.map_or_else(|| "\u{2013}".to_owned(), |figure| figure.text());
                    let label = ui.label(RichText::new(text).monospace());
                    if let Some(figure) = figure {
                        label.on_hover_text(figure.full_name());
                    }
                }
                ui.end_row();
            }
        });
    });
}

/// What is to be known about the whole of it.
fn remarks(ui: &mut Ui, state: &State, report: &Report) {
    let mut remarks = report.remarks.clone();
    let ready = state.engine.ready.as_ref();
    if let Some(used) = ready.map(Ready::model).filter(|used| used.fingerprint != report.model.fingerprint) {
        remarks.push(format!(
            "The report is of the weights {}, and in use are {used}; evaluate again to measure these",
            report.model
        ));
    }
    if remarks.is_empty() {
        return;
    }
    heading(ui, "Remarks");
    for remark in remarks {
        ui.add(Label::new(RichText::new(words::said(&remark)).small()).wrap());
    }
}

/// With what, on what and when.
fn facts(ui: &mut Ui, report: &Report) {
    heading(ui, "How it was measured");
    let memory =
        report.peak_memory_bytes.map(|bytes| format!(", at most {} MB of memory", count((bytes / MEGABYTE) as usize)));
    let took = format!("{}{}", report.took_text(), memory.unwrap_or_default());
    let measured = format!("{} with facespace {}", words::moment(&report.created), report.facespace);
    let weights = report.model.to_string();
    let mut facts = vec![
        ("Weights", weights.as_str()),
        ("Trained on", report.card.data.as_str()),
        ("Measured", measured.as_str()),
        ("It took", took.as_str()),
    ];
    facts.extend(report.settings.iter().map(|setting| (setting.name.as_str(), setting.value.as_str())));
    for (name, value) in facts.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(name).small().weak());
            ui.label(RichText::new(value).small());
        });
    }
}
