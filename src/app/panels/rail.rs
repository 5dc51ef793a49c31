//! The rail: which panel is open, and below it help, log and settings.

use eframe::egui::{Align, Align2, Button, FontId, Layout, Panel, Role, Ui, WidgetInfo, pos2, vec2};

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

/// A sign with its word below it.
fn entry(ui: &mut Ui, screen: &mut Screen, sign: &str, name: &str, hover: &str, drawer: Drawer) {
    let on = screen.state.drawer == drawer;
    let size = vec2(theme::RAIL_WIDTH - 4.0 * theme::SPACE, 2.0 * theme::ROW);
    let response = ui.add_sized(size, Button::new("").selected(on).frame_when_inactive(on));
    let visuals = ui.style().interact_selectable(&response, on);
    let (top, middle) = (response.rect.top(), response.rect.center().x);
    for (text, size, down) in [(sign, theme::HEADING, 0.34), (name, theme::SMALL, 0.76)] {
        let place = pos2(middle, top + down * response.rect.height());
        ui.painter().text(place, Align2::CENTER_CENTER, text, FontId::proportional(size), visuals.text_color());
    }
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    if response.clicked() {
        screen.ask(Command::Show(drawer));
    }
    response.on_hover_text(hover);
}
