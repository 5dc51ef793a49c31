//! The rail: which panel is open, and below it help, log and settings.

use std::time::Duration;

use eframe::egui::{self, Align, Align2, Button, FontId, Layout, Response, Role, Ui, WidgetInfo, pos2, vec2};

use super::super::command::Command;
use super::super::state::{Drawer, Panel};
use super::super::theme;
use super::super::widgets::{HeldFace, HeldHit, is_held};
use super::Screen;

/// Seconds for which a held face rests on an entry before its panel opens.
const REST: f64 = 0.2;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    egui::Panel::left("rail").exact_size(theme::RAIL_WIDTH).resizable(false).show(ui, |ui| {
        ui.add_space(theme::SPACE);
        for (sign, name, hover, panel) in [
            ("☺", "Edit", "Edit (Ctrl+1): change pose, expression, identity and style", Panel::Edit),
            (
                "🔀",
                "Transfer",
                "Transfer (Ctrl+2): give pose, identity, expression or style of some faces to others",
                Panel::Transfer,
            ),
            (
                "🔍",
                "Gallery",
                "Gallery (Ctrl+3): index a folder, and find faces by person, expression, pose or style",
                Panel::Gallery,
            ),
            ("🏷", "Labels", "Labels (Ctrl+4): find, see and correct wrong labels of a set of faces", Panel::Labels),
            (
                "📏",
                "Evaluate",
                "Evaluate (Ctrl+5): measure how good the weights are, with a report to send",
                Panel::Evaluate,
            ),
            (
                "📈",
                "Train",
                "Train (Ctrl+6): make weights of your own, from your pictures or synthetic faces",
                Panel::Train,
            ),
        ] {
            let on = screen.state.panel == panel;
            let place = entry(ui, screen, [sign, name, hover], on, Command::OpenPanel(panel));
            let takes = !matches!(panel, Panel::Evaluate | Panel::Train);
            if takes && !on && is_rested_upon(ui, &place) {
                screen.ask(Command::OpenPanel(panel));
            }
        }
        ui.with_layout(Layout::bottom_up(Align::Center), |ui| {
            ui.add_space(theme::SPACE);
            drawer(ui, screen, ["⚙", "Settings", "Settings (Ctrl+,): theme, scale, device, weights"], Drawer::Settings);
            drawer(ui, screen, ["☰", "Log", "Log (Ctrl+L): what was said, and a report to copy"], Drawer::Log);
            drawer(ui, screen, ["?", "Help", "Help (F1): what the words mean"], Drawer::Help);
        });
    });
}

/// Whether a face is held over an entry for long enough to be carried there, and not only past it.
fn is_rested_upon(ui: &Ui, entry: &Response) -> bool {
    let since = entry.id.with("held since");
    let held = is_held::<HeldFace>(ui) || is_held::<HeldHit>(ui);
    if !held || !entry.contains_pointer() {
        ui.data_mut(|data| data.remove::<f64>(since));
        return false;
    }
    let now = ui.input(|input| input.time);
    let left = REST - (now - ui.data_mut(|data| *data.get_temp_mut_or(since, now)));
    if left > 0.0 {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(left));
    }
    left <= 0.0
}

fn drawer(ui: &mut Ui, screen: &mut Screen, words: [&str; 3], drawer: Drawer) {
    let on = screen.state.drawer == drawer;
    entry(ui, screen, words, on, Command::Show(drawer));
}

/// A sign with its word below it, and what is said when the pointer rests there.
fn entry(ui: &mut Ui, screen: &mut Screen, [sign, name, hover]: [&str; 3], on: bool, command: Command) -> Response {
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
        screen.ask(command);
    }
    response.on_hover_text(hover)
}
