//! The status bar: what computes, how long the last edit took, jobs and the last message.

use eframe::egui::{Align, Button, Label, Layout, Panel, ProgressBar, RichText, Role, Ui, WidgetInfo};

use super::super::command::Command;
use super::super::launch::IN_SOFTWARE;
use super::super::pending::Progress;
use super::super::state::{Drawer, Panel as Place};
use super::super::theme;
use super::super::train::words::thousands;
use super::super::transfer::TransferCommand;
use super::Screen;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    Panel::bottom("status").exact_size(theme::STATUS_HEIGHT).resizable(false).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            device(ui, screen);
            if screen.state.drawn_by_cpu {
                ui.separator();
                ui.label(RichText::new("drawn in software").small()).on_hover_text(IN_SOFTWARE);
            }
            for job in screen.state.pending.jobs(screen.state.now) {
                ui.separator();
                progress(ui, screen, &job);
            }
            saving(ui, screen);
            training(ui, screen);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| message(ui, screen));
        });
    });
}

fn device(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(ready) = &state.engine.ready else {
        let waits = if state.engine.failed { "No networks" } else { "Networks are warming up…" };
        ui.label(RichText::new(waits).small());
        return;
    };
    let short = if ready.is_gpu { ready.device.as_str() } else { "CPU" };
    let took = state.engine.took.map_or_else(String::new, |took| format!("  {:.0} ms", took.as_secs_f64() * 1e3));
    let text = RichText::new(format!("{short}{took}")).small();
    let response = ui.add(Button::new(text).frame_when_inactive(false));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Device"));
    if response.clicked() {
        screen.ask(Command::Show(Drawer::Settings));
    }
    response.on_hover_text(format!("{}; the time is what the networks took for the last picture", ready.device));
    ui.separator();
    ui.label(RichText::new(&ready.card.name).small())
        .on_hover_text(format!("{}. Trained on {}. {}", ready.card.preset, ready.card.data, ready.card.terms));
}

fn progress(ui: &mut Ui, screen: &mut Screen, job: &Progress) {
    let share = if job.total == 0 { 0.0 } else { job.done as f32 / job.total as f32 };
    let left = job.left.or_else(|| screen.state.evaluate.left(job.number));
    let left = left.map_or_else(String::new, |left| format!("  {} left", duration(left)));
    let far = if job.counted { format!("{} of {}", job.done, job.total) } else { format!("{:.0} %", 100.0 * share) };
    let text = format!("{} {far}{left}", job.name);
    ui.label(RichText::new(&text).small());
    let bar = ui.add(ProgressBar::new(share).desired_width(80.0).desired_height(8.0));
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, job.name));
    screen.button(ui, true, "Cancel", Command::CancelJob(job.number));
}

/// The board on its way to files.
fn saving(ui: &mut Ui, screen: &mut Screen) {
    let desk = &screen.state.transfer;
    let stop = Command::Transfer(TransferCommand::StopSaving);
    let Some(export) = &desk.export else {
        if desk.to_save.is_some() {
            ui.separator();
            ui.label(RichText::new("Saving the board waits for its faces").small());
            screen.button(ui, true, "Stop saving", stop);
        }
        return;
    };
    ui.separator();
    ui.label(RichText::new(format!("Saving the board {} of {}", export.done, export.total())).small());
    let share = export.done as f32 / export.total().max(1) as f32;
    let bar = ui.add(ProgressBar::new(share).desired_width(80.0).desired_height(8.0));
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Saving the board"));
    screen.button(ui, true, "Stop saving", stop);
}

/// The watched run, while it goes on.
fn training(ui: &mut Ui, screen: &mut Screen) {
    let Some(view) = screen.state.train.running() else { return };
    ui.separator();
    let left = view.seconds_left.map_or_else(String::new, |left| format!("  {} left", duration(left)));
    let doing = if screen.state.train.is_paused() { "Training, paused" } else { "Training" };
    let text = format!("{doing}  {} of {}{left}", thousands(view.step), thousands(view.steps));
    let response = ui.add(Button::new(RichText::new(text).small()).frame_when_inactive(false));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show the training"));
    if response.clicked() && screen.state.panel != Place::Train {
        screen.ask(Command::OpenPanel(Place::Train));
    }
    response.on_hover_text("Show the training; it goes on when this window is closed");
    let share = view.step as f32 / view.steps.max(1) as f32;
    let bar = ui.add(ProgressBar::new(share).desired_width(80.0).desired_height(8.0));
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Training progress"));
}

/// Minutes and seconds, after an hour hours, too.
pub(super) fn duration(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

fn message(ui: &mut Ui, screen: &mut Screen) {
    let Some(last) = screen.state.log.last() else { return };
    let text = RichText::new(&last.sentence).small();
    let label = ui.add(Label::new(text).truncate().sense(eframe::egui::Sense::click()));
    label.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Last message: {}", last.sentence)));
    if label.clicked() {
        screen.ask(Command::Show(Drawer::Log));
    }
    label.on_hover_text(last.whole());
}
