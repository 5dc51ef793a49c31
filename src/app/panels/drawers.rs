//! What stands at the right: the inspector, or settings, log and help in its place. In a narrow window it is a drawer.

use eframe::egui::{Align, Layout, Panel, RichText, ScrollArea, Ui};

use super::super::command::Command;
use super::super::state::Drawer;
use super::super::theme;
use super::{Screen, WIDE, help, inspector, log, settings};

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let narrow = screen.context.content_rect().width() < WIDE;
    if narrow && !screen.state.drawer_out {
        return;
    }
    Panel::right("drawer").exact_size(theme::INSPECTOR_WIDTH).resizable(false).show(ui, |ui| {
        heading(ui, screen, narrow);
        ScrollArea::vertical().auto_shrink([false, false]).id_salt(screen.state.drawer.name()).show(ui, |ui| {
            match screen.state.drawer {
                Drawer::Inspector => inspector::show(ui, screen),
                Drawer::Settings => settings::show(ui, screen),
                Drawer::Log => log::show(ui, screen),
                Drawer::Help => help::show(ui, screen),
            }
            ui.add_space(4.0 * theme::SPACE);
        });
    });
}

impl Drawer {
    fn name(self) -> &'static str {
        match self {
            Drawer::Inspector => "Edit",
            Drawer::Settings => "Settings",
            Drawer::Log => "Log",
            Drawer::Help => "Help",
        }
    }
}

fn heading(ui: &mut Ui, screen: &mut Screen, narrow: bool) {
    ui.add_space(theme::SPACE);
    ui.horizontal(|ui| {
        ui.label(RichText::new(screen.state.drawer.name()).heading());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if screen.state.drawer != Drawer::Inspector {
                screen.sign(ui, true, false, "×", "Back to the sliders", Command::Show(screen.state.drawer));
            } else {
                if narrow {
                    screen.sign(ui, true, false, "×", "Fold the sliders away", Command::ToggleDrawer);
                }
                let ready = screen.state.own().is_some();
                screen
                    .button(ui, ready, "Surprise me", Command::SurpriseAll)
                    .on_hover_text("Draw every part that is not locked at random (Ctrl+J)");
                screen
                    .button(ui, ready, "Reset all", Command::ResetAll)
                    .on_hover_text("Back to the photograph's own values, but for locked parts (Ctrl+R)");
            }
        });
    });
    ui.separator();
}
