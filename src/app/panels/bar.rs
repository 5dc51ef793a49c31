//! The bar above the canvas: one sentence that needs an answer, and what can be done about it.

use eframe::egui::{Align, Frame, Layout, Margin, RichText, Ui};

use super::super::command::Command;
use super::super::log::Level;
use super::super::theme;
use super::Screen;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let Some(bar) = &screen.state.bar else { return };
    let visuals = ui.visuals();
    let fill = if bar.level == Level::Error { theme::error_fill(visuals) } else { theme::warning_fill(visuals) };
    Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            screen.sign(ui, true, false, "✕", "Put the message away", Command::Dismiss);
            for (name, command) in bar.actions.iter().rev() {
                screen.button(ui, true, name, command.clone());
            }
            ui.with_layout(Layout::left_to_right(Align::Center).with_main_wrap(true), |ui| {
                ui.label(RichText::new(bar.level.name()).strong());
                ui.label(&bar.text);
            });
        });
    });
}
