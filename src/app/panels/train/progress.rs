//! Above everything else of a run: what it is, how it stands, and what can be said to it.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::theme;
use super::super::super::train::words::{self, thousands};
use super::super::status::duration;
use super::super::{Screen, drawer_button, page};
use super::says;
use crate::engine::training::{RunState, RunView};

const BEFORE_STAGE_TWO: &str = "Before stage two the weights reconstruct and sample faces; their parts have no meaning \
                                yet, so nothing else is offered with them";

pub fn show(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(words::name(&view.run_dir)).heading()).on_hover_text(view.run_dir.display().to_string());
        ui.label(RichText::new(about(view)).weak().small());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            drawer_button(ui, screen, "choices");
            screen
                .button(ui, true, "All runs", Command::LookAtRun(None))
                .on_hover_text("The list of runs; a training that goes on is not touched by it");
        });
    });
    ui.add(Label::new(standing(view)).wrap());
    if view.alive {
        bar(ui, view);
        facts(ui, view);
    } else if !view.message.is_empty() {
        ui.add(Label::new(&view.message).wrap());
    }
    for sentence in &view.passed_over {
        page::small(ui, sentence);
    }
    ui.horizontal_wrapped(|ui| buttons(ui, screen, view));
    if view.weights.is_some() && !view.can_edit {
        page::small(ui, BEFORE_STAGE_TWO);
    }
}

/// What it is made of.
fn about(view: &RunView) -> String {
    let parts = [&view.preset, &view.data, &view.device];
    let known: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    known.join(" · ")
}

/// State and stage.
fn standing(view: &RunView) -> String {
    let state = words::state(view.state);
    let stage = words::stage(&view.stage);
    match view.state {
        RunState::Preparing if !view.message.is_empty() && view.alive => format!("{state}: {}", view.message),
        RunState::Running | RunState::Paused if !stage.is_empty() => format!("{state}, {stage}"),
        _ if view.step > 0 => format!("{state} at step {} of {}", thousands(view.step), thousands(view.steps)),
        _ => state.to_owned(),
    }
}

fn bar(ui: &mut Ui, view: &RunView) {
    let share = view.step as f32 / view.steps.max(1) as f32;
    let text = format!("{} of {} steps", thousands(view.step), thousands(view.steps));
    page::progress(ui, share, text, "Steps of the training");
}

/// The numbers of this moment; the words stand still while they change.
fn facts(ui: &mut Ui, view: &RunView) {
    let left = view.seconds_left.map_or_else(|| "unknown".to_owned(), duration);
    let facts = [
        ("Steps a second", format!("{:.1}", view.steps_per_second), "Steps that were trained in a second"),
        (
            "Time left",
            left,
            "For all stages, each at its own pace; what a later one takes is worked out from those before it",
        ),
        (
            "Waits for data",
            format!("{:.0} %", 100.0 * view.waiting_share),
            "Share of the time in which the networks wait for pictures; more workers help where it is high",
        ),
        ("Memory", format!("{:.0} MB", view.memory_mb), "What the training holds in memory now"),
    ];
    ui.horizontal_wrapped(|ui| {
        for (name, value, hover) in facts {
            ui.label(RichText::new(name).small().weak()).on_hover_text(hover);
            ui.label(RichText::new(value).monospace()).on_hover_text(hover);
            ui.add_space(2.0 * theme::SPACE);
        }
    });
}

fn buttons(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    if view.alive {
        let (name, command, hover) = if view.state == RunState::Paused {
            ("Go on", Command::GoOnTraining, "Go on where it was paused")
        } else {
            ("Pause", Command::PauseTraining, "Wait after the next step; the memory stays taken")
        };
        screen.button(ui, true, name, command).on_hover_text(hover);
        screen
            .button(ui, true, "Save now", Command::SaveTraining)
            .on_hover_text("Write a checkpoint and weights after the next step, and go on");
        screen
            .button(ui, true, "Stop and save", Command::StopTraining)
            .on_hover_text("Write a checkpoint and end; it can be resumed at any time");
        screen
            .button(ui, true, "Stop and discard…", Command::AskDiscard)
            .on_hover_text("End and remove what it has made; asks once more");
    } else if view.can_resume_with(screen.state.train.form.stages) {
        resume(ui, screen, view);
    }
    edit(ui, screen, view);
}

fn resume(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    let ready = !screen.state.train.starting;
    let hover = "Go on from its last checkpoint, with the device and the stages chosen for a new training";
    if let Some(batch) = words::named_batch(&view.message) {
        let name = format!("Resume with a batch of {batch}");
        let command = Command::ResumeRun(view.run_dir.clone(), Some(batch));
        screen.button(ui, ready, &name, command).on_hover_text("Go on from its last checkpoint with less memory");
    }
    screen.button(ui, ready, "Resume", Command::ResumeRun(view.run_dir.clone(), None)).on_hover_text(hover);
}

fn edit(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    let there = view.weights.is_some();
    screen
        .button(ui, there, "Edit with this", Command::EditWithTraining)
        .on_hover_text("Open the newest weights in the Edit panel; the training is not touched by it")
        .on_disabled_hover_text("The first weights come with the first checkpoint");
    if !there && view.alive {
        says(ui, "The first weights come with the first checkpoint.");
    }
}
