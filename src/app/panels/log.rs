//! The log: what was said, newest first.

use eframe::egui::{Label, RichText, Ui};

use super::super::command::Command;
use super::super::log::Level;
use super::super::theme;
use super::Screen;

/// Messages that are shown.
const SHOWN: usize = 100;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    screen
        .button(ui, true, "Copy report", Command::CopyReport)
        .on_hover_text("Versions, device and the last messages for the clipboard; no pictures, no paths");
    ui.add_space(2.0 * theme::SPACE);
    if screen.state.log.last().is_none() {
        ui.label(RichText::new("Nothing was said yet.").weak());
    }
    for message in screen.state.log.messages().rev().take(SHOWN) {
        let times = if message.times > 1 { format!(" ({} times)", message.times) } else { String::new() };
        let head = RichText::new(format!("{:.1} s  {}{times}", message.at, message.level.name())).small();
        ui.label(if message.level == Level::Note { head.weak() } else { head.strong() });
        ui.add(Label::new(message.whole()).wrap());
        ui.add_space(theme::SPACE);
    }
}
