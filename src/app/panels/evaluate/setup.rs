//! The drawer of the Evaluate panel: what the next evaluation measures, with what, and where its report goes.

use std::path::{Path, PathBuf};

use eframe::egui::{Align, DragValue, Label, Layout, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::evaluate::form::{FACES, SAMPLES};
use super::super::super::evaluate::{self, EvaluateCommand, Form, PathFor, words};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::super::train::words::name;
use super::super::Screen;
use super::{heading, small};
use crate::engine::evaluation::{PartName, explanation};

/// The button in the drawer's heading, always in sight.
pub fn start(ui: &mut Ui, screen: &mut Screen) {
    let lacks = evaluate::lacks(screen.state);
    screen
        .button(ui, lacks.is_none(), "Start evaluation", Command::Evaluate(EvaluateCommand::Start))
        .on_hover_text("It can be stopped at any time; what was measured is kept and not measured again")
        .on_disabled_hover_text(lacks.unwrap_or_default());
}

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let before = &state.evaluate.form;
    let mut form = before.clone();
    weights(ui, screen);
    data(ui, screen, &mut form);
    beside(ui, screen, &mut form);
    parts(ui, &mut form);
    out(ui, screen, &mut form);
    if form != *before {
        screen.ask(Command::Evaluate(EvaluateCommand::Choose(Box::new(form))));
    }
}

fn given(of: PathFor) -> Command {
    Command::Ask(Purpose::Evaluate(of))
}

/// What is measured.
fn weights(ui: &mut Ui, screen: &mut Screen) {
    let ready = screen.state.engine.ready.as_ref();
    let text = match ready {
        Some(ready) => format!("Measures the weights in use, {}, on {}", ready.card.name, ready.device),
        None if screen.state.engine.failed => "There are no networks to measure; open other weights.".to_owned(),
        None => "The networks are warming up…".to_owned(),
    };
    small(ui, &text);
    screen
        .button(ui, true, "Other weights…", Command::Ask(Purpose::OpenWeights))
        .on_hover_text("Open other weights for the whole window, and measure those");
}

fn data(ui: &mut Ui, screen: &mut Screen, form: &mut Form) {
    heading(ui, "Faces to measure on");
    paths(ui, &mut form.data, "Leave out");
    ui.horizontal(|ui| {
        screen.button(ui, true, "Add data…", given(PathFor::Folder)).on_hover_text(
            "A folder of shards, or a set as it was published: LFW, CelebA, AffectNet, VGGFace2, folders",
        );
        screen
            .button(ui, true, "Add shards…", given(PathFor::Shards))
            .on_hover_text("Parquet files of crops; those that differ in a number at the end alone are one set");
    });
    ui.horizontal(|ui| {
        let label = ui.label("Faces of each set, at most").on_hover_text(words::FACES);
        let faces = DragValue::new(&mut form.faces).range(FACES[0]..=FACES[1]).speed(20.0);
        ui.add(faces).labelled_by(label.id).on_hover_text(words::FACES);
    });
    ui.horizontal(|ui| {
        let label = ui.label("Samples, at most").on_hover_text(words::SAMPLES);
        let samples = DragValue::new(&mut form.samples).range(SAMPLES[0]..=SAMPLES[1]).speed(20.0);
        ui.add_enabled(form.parts.contains(&PartName::Sampling), samples)
            .labelled_by(label.id)
            .on_hover_text(words::SAMPLES)
            .on_disabled_hover_text("Sampling alone draws them; choose it below, among the parts of the report");
    });
}

/// Files by their names, each to be left out again.
fn paths(ui: &mut Ui, paths: &mut Vec<PathBuf>, leave_out: &str) {
    let mut gone = None;
    for path in paths.iter() {
        ui.horizontal(|ui| {
            if one(ui, path, &format!("{leave_out} {}", name(path))) {
                gone = Some(path.clone());
            }
        });
    }
    if let Some(gone) = gone {
        paths.retain(|path| *path != gone);
    }
}

/// A file by its name, and whether it is to be left out.
fn one(ui: &mut Ui, path: &Path, leave_out: &str) -> bool {
    let remove = ui.small_button("×").on_hover_text(leave_out);
    let gone = remove.accessible_name(leave_out).clicked();
    ui.add(Label::new(RichText::new(name(path)).small()).truncate()).on_hover_text(path.display().to_string());
    gone
}

/// What is not measured itself.
fn beside(ui: &mut Ui, screen: &mut Screen, form: &mut Form) {
    heading(ui, "Files that some parts need");
    let pairs = ["Pairs…", "Without pairs", "None: whether two faces are one person is not measured"];
    file(ui, screen, &mut form.pairs, pairs, PathFor::Pairs, words::PAIRS);
    let recogniser = ["Recogniser…", "Without the recogniser", "None: whether a person is kept is not measured"];
    file(ui, screen, &mut form.recogniser, recogniser, PathFor::Recogniser, words::RECOGNISER);
    screen.button(ui, true, "Training data for the readers…", given(PathFor::Training)).on_hover_text(words::TRAINING);
    if form.training.is_empty() {
        small(ui, "None: readers are trained on a part of the measured faces, and measured on the rest");
    }
    paths(ui, &mut form.training, "Do not train on");
}

/// A file that may be given: its button, how to do without, and what that means.
fn file(
    ui: &mut Ui,
    screen: &mut Screen,
    path: &mut Option<PathBuf>,
    [button, without, none]: [&str; 3],
    of: PathFor,
    hover: &str,
) {
    ui.horizontal(|ui| {
        screen.button(ui, true, button, given(of)).on_hover_text(hover);
        let gone = path.as_deref().is_some_and(|path| one(ui, path, without));
        if gone {
            *path = None;
        }
    });
    if path.is_none() {
        small(ui, none);
    }
}

fn parts(ui: &mut Ui, form: &mut Form) {
    heading(ui, "Parts of the report");
    ui.horizontal(|ui| {
        if ui.button("All parts").clicked() {
            form.parts = PartName::ALL.into_iter().collect();
        }
        if ui.button("No part").clicked() {
            form.parts.clear();
        }
    });
    for part in PartName::ALL {
        ui.horizontal(|ui| {
            let mut on = form.parts.contains(&part);
            let lacks = on && form.missing(part).is_some();
            if ui.checkbox(&mut on, part.title()).on_hover_text(explanation(part)).changed() {
                if on {
                    form.parts.insert(part);
                } else {
                    form.parts.remove(&part);
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let needs = RichText::new(words::needs(part)).small();
                let colour = ui.visuals().warn_fg_color;
                ui.label(if lacks { needs.color(colour) } else { needs.weak() });
            });
        });
    }
}

fn out(ui: &mut Ui, screen: &mut Screen, form: &mut Form) {
    heading(ui, "Result folder");
    match evaluate::out(screen.state) {
        Some(path) => {
            ui.add(Label::new(RichText::new(path.display().to_string()).small()).wrap()).on_hover_text(words::OUT);
        }
        None if form.data.is_empty() => small(ui, "One of the program's own, by the name of the set."),
        None => small(ui, "None is known; choose one."),
    }
    ui.horizontal(|ui| {
        screen.button(ui, true, "Choose the result folder…", given(PathFor::Out)).on_hover_text(words::OUT);
        if form.out.is_some() && ui.button("The usual folder").clicked() {
            form.out = None;
        }
    });
    ui.add_space(2.0 * theme::SPACE);
}
