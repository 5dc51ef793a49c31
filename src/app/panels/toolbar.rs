//! Above the canvas: which face is open, how it is looked at, undo, redo and save.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui};

use super::super::canvas::{Compare, View};
use super::super::command::Command;
use super::super::state::{Drawer, Purpose};
use super::super::theme;
use super::{Screen, WIDE};

/// A name with less room than this would be three points.
const LEAST_NAME: f32 = 8.0 * theme::SPACE;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    ui.horizontal(|ui| {
        screen
            .button(ui, true, "Open…", Command::Ask(Purpose::OpenPictures))
            .on_hover_text("Open photographs or a folder (Ctrl+O)");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            right(ui, screen);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| name(ui, screen));
        });
    });
    // A row that is too long would make the canvas as wide as itself.
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        views(ui, screen);
        ui.separator();
        compare(ui, screen);
    });
}

fn views(ui: &mut Ui, screen: &mut Screen) {
    let has_face = screen.state.open.is_some();
    let can_paste = screen.state.can_paste();
    for view in View::ALL.into_iter().filter(|view| *view != View::Pasted || can_paste) {
        let on = screen.state.view.view == view;
        let response = ui.add_enabled(has_face, Button::new(view.name()).selected(on).frame_when_inactive(on));
        if response.clicked() {
            screen.ask(Command::Look(view));
        }
        response.on_hover_text(match view {
            View::Photograph => "The photograph, with the square that the networks see",
            View::Input => "The square of 128 pixels that the networks see",
            View::Reconstruction => "What the model keeps of the face, before any slider is touched",
            View::Edit => "The face as the sliders have it",
            View::Pasted => "The whole photograph with the edited face put back into it",
        });
    }
}

fn compare(ui: &mut Ui, screen: &mut Screen) {
    let fits = screen.state.open.is_some() && screen.state.view.view != View::Photograph;
    for (compare, name, hover) in [
        (
            Compare::Split,
            "Split",
            "Left of a line that can be dragged the untouched picture, right of it this view (Ctrl+B)",
        ),
        (Compare::Difference, "Difference", "How far each pixel is from the untouched one, as a heat map (Ctrl+D)"),
    ] {
        let on = screen.state.view.compare == compare;
        let response = ui.add_enabled(fits, Button::new(name).selected(on).frame_when_inactive(on));
        if response.clicked() {
            screen.ask(Command::CompareBy(compare));
        }
        response.on_hover_text(hover);
    }
}

/// From the right edge to the left.
fn right(ui: &mut Ui, screen: &mut Screen) {
    let narrow = screen.context.content_rect().width() < WIDE;
    let history = &screen.state.history;
    let (undo, redo) = (history.undo_name(), history.redo_name());
    if narrow {
        let out = screen.state.drawer_out;
        let name = if out { "Hide the sliders" } else { "Show the sliders" };
        let command = if screen.state.drawer == Drawer::Inspector || out {
            Command::ToggleDrawer
        } else {
            Command::Show(Drawer::Inspector)
        };
        screen.sign(ui, true, out, "☰", name, command);
    }
    let ready = screen.state.own().is_some();
    screen
        .button(ui, ready, "Save picture…", Command::Ask(Purpose::SavePicture))
        .on_hover_text(if screen.state.can_paste() {
            "Save the whole photograph with the edited face as PNG, JPEG or WebP (Ctrl+S); the file says that a part of it \
             is synthetic"
        } else {
            "Save the face as PNG, JPEG or WebP (Ctrl+S); the file says that it is synthetic"
        });
    let hover = |way: &str, name: Option<&str>, keys: &str| match name {
        Some(name) => format!("{way} the last {name} ({keys})"),
        None => format!("There is nothing to {} ({keys})", way.to_lowercase()),
    };
    screen.button(ui, redo.is_some(), "Redo", Command::Redo).on_hover_text(hover("Redo", redo, "Ctrl+Shift+Z"));
    screen.button(ui, undo.is_some(), "Undo", Command::Undo).on_hover_text(hover("Undo", undo, "Ctrl+Z"));
}

fn name(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(face) = state.open_face() else { return };
    ui.add_space(8.0);
    let count = state.desk.faces.len();
    if count > 1 {
        let chosen = state.chosen().map_or_else(|| "–".to_owned(), |place| (place + 1).to_string());
        screen.sign(ui, true, false, "‹", "Previous face of the photograph", Command::PreviousFound);
        ui.label(RichText::new(format!("face {chosen} of {count}")).weak());
        screen.sign(ui, true, false, "›", "Next face of the photograph", Command::NextFound);
    } else {
        let place = state.place_of(face.record.id).map_or(0, |place| place + 1);
        ui.label(RichText::new(format!("{place} of {} in the tray", state.faces.len())).weak());
    }
    if ui.available_width() > LEAST_NAME {
        ui.add(Label::new(RichText::new(&face.record.name).strong()).truncate());
    }
}
