//! The bar above the canvas: one sentence that needs an answer, and what can be done about it.

use eframe::egui::containers::Sides;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Frame, Margin, TextWrapMode, Ui};

use super::super::command::Command;
use super::super::log::Level;
use super::super::theme;
use super::Screen;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let Some(bar) = &screen.state.bar else { return };
    let visuals = ui.visuals();
    let fill = if bar.level == Level::Error { theme::error_fill(visuals) } else { theme::warning_fill(visuals) };
    let mut text = LayoutJob::default();
    for (words, colour) in [(bar.level.name(), visuals.strong_text_color()), (&bar.text, visuals.text_color())] {
        let gap = if text.is_empty() { 0.0 } else { 2.0 * theme::SPACE };
        text.append(words, gap, TextFormat::simple(FontId::proportional(theme::BODY), colour));
    }
    Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        Sides::new().shrink_left().wrap_mode(TextWrapMode::Wrap).show(
            ui,
            |ui| ui.label(text),
            |ui| {
                screen.sign(ui, true, false, "×", "Put the message away", Command::Dismiss);
                for (name, command) in bar.actions.iter().rev() {
                    screen.button(ui, true, name, command.clone());
                }
            },
        );
    });
}
