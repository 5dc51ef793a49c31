//! Settings: what the person chooses once.

use eframe::egui::{Label, RichText, Slider, Ui};

use super::super::command::Command;
use super::super::state::{Purpose, State};
use super::super::store::ThemeChoice;
use super::super::store::settings::SCALES;
use super::super::theme;
use super::Screen;
use crate::engine::{AdapterKind, DeviceChoice, WeightsSource};

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    appearance(ui, screen);
    device(ui, screen);
    weights(ui, screen);
    ui.add_space(2.0 * theme::SPACE);
    ui.label(RichText::new("Privacy").strong());
    ui.label("Nothing leaves this machine. The program makes no network connection at all.");
}

fn appearance(ui: &mut Ui, screen: &mut Screen) {
    let settings = &screen.state.settings;
    ui.label(RichText::new("Theme").strong());
    ui.horizontal(|ui| {
        for choice in ThemeChoice::ALL {
            if ui.radio(settings.theme == choice, choice.name()).clicked() {
                screen.ask(Command::SetTheme(choice));
            }
        }
    });
    ui.add_space(2.0 * theme::SPACE);
    let label = ui.label(RichText::new("Scale").strong());
    // Taken when it is let go of: the window would run away under the hand.
    let mut percent = ui.data(|data| data.get_temp(label.id)).unwrap_or(settings.scale * 100.0);
    let range = SCALES[0] * 100.0..=SCALES[1] * 100.0;
    let slider =
        ui.add(Slider::new(&mut percent, range).step_by(5.0).fixed_decimals(0).suffix(" %")).labelled_by(label.id);
    if slider.dragged() {
        ui.data_mut(|data| data.insert_temp(label.id, percent));
    } else if slider.drag_stopped() || slider.changed() {
        ui.data_mut(|data| data.remove::<f32>(label.id));
        screen.ask(Command::SetScale(percent / 100.0));
    }
    let mut reduced = settings.reduced_motion;
    if ui.checkbox(&mut reduced, "No motion").on_hover_text("New pictures appear at once and do not fade in").changed()
    {
        screen.ask(Command::ReducedMotion(reduced));
    }
}

fn device(ui: &mut Ui, screen: &mut Screen) {
    let chosen = screen.state.settings.device;
    ui.add_space(2.0 * theme::SPACE);
    ui.label(RichText::new("Device").strong());
    let in_use = screen.state.engine.ready.as_ref().map_or("none yet", |ready| &ready.device);
    ui.label(RichText::new(format!("In use is {in_use}")).small());
    let choices = devices(screen.state);
    let none = choices.iter().all(|(device, _)| !matches!(device, DeviceChoice::GpuAt(_)));
    for (device, name) in choices {
        if ui.radio(chosen == device, name).clicked() {
            screen.ask(Command::UseDevice(device));
        }
    }
    if none {
        ui.label(RichText::new("No GPU was found; the CPU needs a few milliseconds for an edit").small().weak());
    }
}

/// The devices that can be chosen, with their names.
pub(super) fn devices(state: &State) -> Vec<(DeviceChoice, String)> {
    let gpus = state.engine.devices.as_ref().map_or(&[][..], |(_, gpus)| gpus);
    let mut choices = vec![(DeviceChoice::Auto, "The best there is".to_owned()), (DeviceChoice::Cpu, "CPU".to_owned())];
    for (place, gpu) in gpus.iter().enumerate() {
        let slow = if gpu.kind == AdapterKind::Software { ", slower than the CPU itself" } else { "" };
        choices.push((DeviceChoice::GpuAt(place), format!("{} ({}, {}{slow})", gpu.name, gpu.kind, gpu.api)));
    }
    choices
}

fn weights(ui: &mut Ui, screen: &mut Screen) {
    ui.add_space(2.0 * theme::SPACE);
    ui.label(RichText::new("Weights").strong());
    if let Some(ready) = &screen.state.engine.ready {
        let card = &ready.card;
        ui.label(&card.name);
        for (name, text) in [("Trained on", &card.data), ("Terms", &card.terms), ("Made by", &card.made_by)] {
            ui.add(Label::new(RichText::new(format!("{name} {text}")).small().weak()).wrap());
        }
    }
    ui.horizontal(|ui| {
        screen.button(ui, true, "Open weights…", Command::Ask(Purpose::OpenWeights));
        let own = screen.state.settings.weights.is_some();
        screen.button(ui, own, "Use the bundled ones", Command::UseWeights(WeightsSource::Bundled));
    });
}
