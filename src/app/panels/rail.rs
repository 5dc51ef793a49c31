//! The rail: which panel is open, and below it help, log and settings.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Button, FontId, Layout, Panel, Role, Ui, WidgetInfo, vec2};

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
    let visuals = ui.visuals();
    let colour = if on { visuals.strong_text_color() } else { visuals.text_color() };
    let mut text = LayoutJob::default();
    for (line, size) in [(sign, theme::HEADING), (name, theme::SMALL)] {
        let format = TextFormat::simple(FontId::proportional(size), colour);
        text.append(if line == name { "\n" } else { "" }, 0.0, format.clone());
        text.append(line, 0.0, format);
    }
    text.halign = Align::Center;
    let button = Button::new(text).selected(on).frame_when_inactive(on);
    let response = ui.add_sized(vec2(theme::RAIL_WIDTH - 4.0 * theme::SPACE, 2.0 * theme::ROW), button);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    if response.clicked() {
        screen.ask(Command::Show(drawer));
    }
    response.on_hover_text(hover);
}
