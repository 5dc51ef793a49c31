//! The palette: every command by its name (Ctrl+K).

use eframe::egui::{
    Align2, Area, Button, Frame, Id, Key, Modifiers, Order, Role, ScrollArea, TextEdit, Ui, WidgetInfo, vec2,
};

use super::super::command::{Command, Entry, matching};
use super::super::theme;
use super::Screen;

const WIDTH: f32 = 440.0;
/// Of the list.
const HEIGHT: f32 = 320.0;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let Some(palette) = &screen.state.palette else { return };
    let mut query = palette.query.clone();
    let chosen = palette.chosen;
    let found = matching(&query);
    // Before the field, which would take the arrow keys for its own.
    let (up, down) = ui.input_mut(|input| {
        (input.consume_key(Modifiers::NONE, Key::ArrowUp), input.consume_key(Modifiers::NONE, Key::ArrowDown))
    });
    if down {
        screen.ask(Command::PaletteChoose(chosen + 1));
    } else if up {
        screen.ask(Command::PaletteChoose(chosen.saturating_sub(1)));
    }
    let area = Area::new(Id::unique("palette")).order(Order::Foreground).anchor(Align2::CENTER_TOP, vec2(0.0, 80.0));
    area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(theme::SPACE * 2.0).show(ui, |ui| {
            ui.set_width(WIDTH);
            let label = ui.label("What shall be done?");
            let field = ui.add(TextEdit::singleline(&mut query).desired_width(f32::INFINITY)).labelled_by(label.id);
            field.request_focus();
            if field.changed() {
                screen.ask(Command::PaletteQuery(query));
            }
            list(ui, screen, found, chosen);
        });
    });
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        screen.ask(Command::TogglePalette);
    }
}

fn list(ui: &mut Ui, screen: &mut Screen, found: Vec<Entry>, chosen: usize) {
    if found.is_empty() {
        ui.label("No command has these words in its name.");
    }
    let entered = ui.input(|input| input.key_pressed(Key::Enter));
    ScrollArea::vertical().max_height(HEIGHT).min_scrolled_height(HEIGHT).show(ui, |ui| {
        for (place, entry) in found.into_iter().enumerate() {
            let mut button = Button::new(entry.name).selected(place == chosen).frame_when_inactive(place == chosen);
            button = button.min_size(vec2(WIDTH, theme::ROW));
            if let Some(shortcut) = &entry.shortcut {
                button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
            }
            let ready = (entry.ready)(screen.state);
            let response = ui.add_enabled(ready, button);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, ready, entry.name));
            if place == chosen {
                response.scroll_to_me(None);
            }
            if response.clicked() || entered && place == chosen && ready {
                screen.ask(Command::TogglePalette);
                screen.ask(entry.command);
            }
        }
    });
}
