//! The menu bar: every command in its menu.

use eframe::egui::{Button, MenuBar, Panel, Role, Ui, WidgetInfo};

use super::super::command::{Entry, Menu, entries};
use super::Screen;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    Panel::top("menu").show(ui, |ui| {
        MenuBar::new().ui(ui, |ui| {
            for menu in Menu::ALL {
                let button = ui.menu_button(menu.name(), |ui| {
                    for entry in entries().into_iter().filter(|entry| entry.menu == menu) {
                        line(ui, screen, entry);
                    }
                });
                let name = format!("{} menu", menu.name());
                button.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            }
        });
    });
}

fn line(ui: &mut Ui, screen: &mut Screen, entry: Entry) {
    let mut button = Button::new(entry.name);
    if let Some(shortcut) = &entry.shortcut {
        button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
    }
    let enabled = (entry.ready)(screen.state);
    let response = ui.add_enabled(enabled, button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, entry.name));
    if response.clicked() {
        screen.ask(entry.command);
        ui.close();
    }
}
