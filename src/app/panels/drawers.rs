//! What stands at the right: the inspector, or settings, log and help in its place. In a narrow window it is a drawer.

use eframe::egui::{self, Align, Layout, RichText, ScrollArea, Ui};

use super::super::command::Command;
use super::super::state::{Drawer, Panel};
use super::super::theme;
use super::{Screen, WIDE, evaluate, gallery, help, inspector, labels, log, settings, train, transfer};

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let narrow = screen.context.content_rect().width() < WIDE;
    if narrow && !screen.state.drawer_out {
        return;
    }
    egui::Panel::right("drawer").exact_size(theme::INSPECTOR_WIDTH).resizable(false).show(ui, |ui| {
        heading(ui, screen, narrow);
        ScrollArea::vertical().auto_shrink([false, false]).id_salt(name(screen)).show(ui, |ui| {
            match (screen.state.drawer, screen.state.panel) {
                (Drawer::Inspector, Panel::Edit) => inspector::show(ui, screen),
                (Drawer::Inspector, Panel::Transfer) => transfer::parts(ui, screen),
                (Drawer::Inspector, Panel::Gallery) => gallery::query(ui, screen),
                (Drawer::Inspector, Panel::Labels) => labels::filters(ui, screen),
                (Drawer::Inspector, Panel::Evaluate) => evaluate::setup(ui, screen),
                (Drawer::Inspector, Panel::Train) => train::setup(ui, screen),
                (Drawer::Settings, _) => settings::show(ui, screen),
                (Drawer::Log, _) => log::show(ui, screen),
                (Drawer::Help, _) => help::show(ui, screen),
            }
            ui.add_space(4.0 * theme::SPACE);
        });
    });
}

fn name(screen: &Screen) -> &'static str {
    match (screen.state.drawer, screen.state.panel) {
        (Drawer::Inspector, Panel::Edit) => "Edit",
        (Drawer::Inspector, Panel::Transfer) => "What is given",
        (Drawer::Inspector, Panel::Gallery) => "Look for",
        (Drawer::Inspector, Panel::Labels) => "Which faces",
        (Drawer::Inspector, Panel::Evaluate) => "New evaluation",
        (Drawer::Inspector, Panel::Train) => "New training",
        (Drawer::Settings, _) => "Settings",
        (Drawer::Log, _) => "Log",
        (Drawer::Help, _) => "Help",
    }
}

fn heading(ui: &mut Ui, screen: &mut Screen, narrow: bool) {
    ui.add_space(theme::SPACE);
    ui.horizontal(|ui| {
        ui.label(RichText::new(name(screen)).heading());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| right(ui, screen, narrow));
    });
    ui.separator();
}

/// From the right edge to the left.
fn right(ui: &mut Ui, screen: &mut Screen, narrow: bool) {
    let panel = screen.state.panel;
    let [back, fold] = match panel {
        Panel::Edit => ["Back to the sliders", "Fold the sliders away"],
        Panel::Transfer => ["Back to the parts", "Fold the parts away"],
        Panel::Gallery => ["Back to the query", "Fold the query away"],
        Panel::Labels => ["Back to the filters", "Fold the filters away"],
        Panel::Evaluate => ["Back to the evaluation", "Fold the choices away"],
        Panel::Train => ["Back to the training", "Fold the choices away"],
    };
    if screen.state.drawer != Drawer::Inspector {
        screen.sign(ui, true, false, "×", back, Command::Show(screen.state.drawer));
        return;
    }
    if narrow {
        screen.sign(ui, true, false, "×", fold, Command::ToggleDrawer);
    }
    match panel {
        Panel::Edit => all(ui, screen),
        Panel::Transfer => {}
        Panel::Gallery => gallery::clear(ui, screen),
        Panel::Labels => labels::clear(ui, screen),
        Panel::Evaluate => evaluate::start(ui, screen),
        Panel::Train => train::start(ui, screen),
    }
}

/// What is done with all parts of the face.
fn all(ui: &mut Ui, screen: &mut Screen) {
    let ready = screen.state.own().is_some();
    screen
        .button(ui, ready, "Surprise me", Command::SurpriseAll)
        .on_hover_text("Draw every part that is not locked at random (Ctrl+J)");
    screen
        .button(ui, ready, "Reset all", Command::ResetAll)
        .on_hover_text("Back to the photograph's own values, but for locked parts (Ctrl+R)");
}
