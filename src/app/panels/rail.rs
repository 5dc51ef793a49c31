//! The rail: which panel is open, and below it help, log and settings.

use eframe::egui::{Align, Layout, Panel, RichText, Ui, vec2};
use eframe::egui::{Button, Role, WidgetInfo};

use super::super::command::Command;
use super::super::state::Drawer;
use super::super::theme;
use super::Screen;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    Panel::left("rail").exact_size(theme::RAIL_WIDTH).resizable(false).show(ui, |ui| {
        ui.add_space(theme::SPACE);
        entry(ui, screen, "☺", "Edit", "Edit (Ctrl+1): change pose, expression, identity and style", Drawer::Inspector);
        ui.with_layout(Layout::bottom_up(Align::Center), |ui| {
            ui.add_space(theme::SPACE);
            entry(ui, screen, "⚙", "Settings", "Settings (Ctrl+,): theme, scale, device, weights", Drawer::Settings);
            entry(ui, screen, "☰", "Log", "Log (Ctrl+L): what was said, and a report to copy", Drawer::Log);
            entry(ui, screen, "?", "Help", "Help (F1): what the words mean", Drawer::Help);
        });
    });
}

fn entry(ui: &mut Ui, screen: &mut Screen, sign: &str, name: &str, hover: &str, drawer: Drawer) {
    let on = screen.state.drawer == drawer;
    let text = RichText::new(format!("{sign}\n{name}")).size(theme::SMALL);
    let button = Button::new(text).selected(on).frame_when_inactive(on).min_size(vec2(theme::RAIL_WIDTH - 12.0, 44.0));
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, format!("{name} panel")));
    if response.clicked() {
        screen.ask(Command::Show(drawer));
    }
    response.on_hover_text(hover);
}
