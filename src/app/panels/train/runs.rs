//! The runs of a folder, to look at and to go on with; and what to do where there are none.

use eframe::egui::{Align, Button, Frame, Label, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo};

use super::super::super::command::Command;
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::super::train::words::{self, thousands};
use super::super::Screen;
use super::super::drawer_button;
use super::plot::number;
use super::says;
use crate::engine::training::{RunRow, RunState};

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let runs = state.train.runs.as_deref().unwrap_or_default();
    if runs.is_empty() {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| drawer_button(ui, screen, "choices"))
        });
        empty(ui, screen);
        return;
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new("Runs").heading());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            drawer_button(ui, screen, "choices");
            screen.button(ui, true, "Other folder…", Command::Ask(Purpose::RunsFolder));
            first(ui, screen);
        });
    });
    folder(ui, screen);
    ui.add_space(theme::SPACE);
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("runs").show(ui, |ui| {
        for run in runs {
            row(ui, screen, run);
        }
    });
}

fn empty(ui: &mut Ui, screen: &mut Screen) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.25);
        ui.label(RichText::new("Train weights of your own").size(theme::HEADING));
        ui.add_space(theme::SPACE);
        ui.label("Choose pictures and a preset at the right and press Start training, or begin with drawn faces:");
        ui.label("nothing is needed for those, and the first blurred faces appear within a minute.");
        ui.add_space(2.0 * theme::SPACE);
        first(ui, screen);
        ui.add_space(2.0 * theme::SPACE);
        screen
            .button(ui, true, "Runs in a folder…", Command::Ask(Purpose::RunsFolder))
            .on_hover_text("Look at trainings that were made before, here or in a terminal");
        folder(ui, screen);
    });
}

fn first(ui: &mut Ui, screen: &mut Screen) {
    let ready = !screen.state.train.starting;
    screen
        .button(ui, ready, "Train on synthetic faces", Command::TrainOnSynthetic)
        .on_hover_text("Draws 2,000 faces and trains small networks on them, all three stages in a few minutes");
}

fn folder(ui: &mut Ui, screen: &Screen) {
    let words = match &screen.state.train.folder {
        Some(folder) => format!("Runs lie in {}", folder.display()),
        None => "No folder for runs is known yet".to_owned(),
    };
    ui.add(Label::new(RichText::new(words).small().weak()).truncate());
}

fn row(ui: &mut Ui, screen: &mut Screen, run: &RunRow) {
    let name = words::name(&run.run_dir);
    Frame::group(ui.style()).corner_radius(theme::CORNER).show(ui, |ui| {
        ui.horizontal(|ui| {
            let response = ui.add(Button::new(RichText::new(&name).strong()).frame_when_inactive(false));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Look at {name}")));
            if response.clicked() {
                screen.ask(Command::LookAtRun(Some(run.run_dir.clone())));
            }
            response.on_hover_text(run.run_dir.display().to_string());
            says(ui, &about(run));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if run.can_resume_with(screen.state.train.form.stages) {
                    let command = Command::ResumeRun(run.run_dir.clone(), None);
                    let ready = !screen.state.train.starting;
                    screen.named(ui, ready, "Resume", &format!("Resume {name}"), command);
                }
            });
        });
        ui.add(Label::new(RichText::new(standing(run)).small()).wrap());
    });
}

fn about(run: &RunRow) -> String {
    match (run.preset.is_empty(), run.data.is_empty()) {
        (false, false) => format!("{} · {}", run.preset, run.data),
        _ => format!("{}{}", run.preset, run.data),
    }
}

/// How it stands, and what can be done about it.
fn standing(run: &RunRow) -> String {
    let mut text = words::state(run.state).to_owned();
    if run.step > 0 {
        text.push_str(&format!(", step {}", thousands(run.step)));
    }
    if let Some(best) = run.best_rmse.filter(|best| best.is_finite()) {
        text.push_str(&format!(", best held-out error {}", number(best)));
    }
    match (run.state, run.can_resume) {
        (RunState::Killed, true) => {
            text.push_str("; its last checkpoint can be gone on with, look at it for the cause")
        }
        (RunState::Killed, false) => text.push_str("; it had no checkpoint yet, start it again"),
        _ => {}
    }
    text
}
