//! Where no index is open: what one is for, and how to get one.

use eframe::egui::{Label, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::gallery::GalleryCommand;
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::Screen;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.2);
        ui.label(RichText::new("Search a collection of faces").size(theme::HEADING));
        ui.add_space(theme::SPACE);
        let first =
            if screen.state.drops { "Drop a folder of photographs here" } else { "Choose a folder of photographs" };
        ui.label(format!("{first}: every face in it is found and encoded once,"));
        ui.label("and can then be searched by person, expression, pose and style.");
        ui.add_space(2.0 * theme::SPACE);
        screen.button(ui, true, "Choose a folder…", Command::Ask(Purpose::IndexFolder)).on_hover_text(
            "A folder of photographs with all folders in it, or of shards; the index is kept by this program",
        );
        ui.add_space(theme::SPACE);
        screen
            .button(ui, true, "Open an index…", Command::Ask(Purpose::OpenIndex))
            .on_hover_text("The folder of an index that was made before, here or with `facespace index build`");
        again(ui, screen);
        ui.add_space(2.0 * theme::SPACE);
        ui.label(
            RichText::new("Nothing leaves this machine; deleting the index removes every code and picture in it.")
                .weak(),
        );
    });
}

/// The index that could not be opened.
fn again(ui: &mut Ui, screen: &mut Screen) {
    let Some(folder) = screen.state.gallery.folder.clone() else { return };
    ui.add_space(2.0 * theme::SPACE);
    let text = format!("This index could not be opened: {}", folder.display());
    ui.add(Label::new(RichText::new(text).small()).truncate());
    screen.button(ui, true, "Open it again", Command::Gallery(GalleryCommand::Open(folder)));
}
