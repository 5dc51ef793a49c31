//! Where no audit is open: what one is, and how to get one.

use eframe::egui::{Label, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::labels::LabelsCommand;
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::Screen;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.12);
        ui.label(RichText::new("Find the wrong labels of a set").size(theme::HEADING));
        ui.add_space(theme::SPACE);
        ui.label("Whoever labels thousands of faces by what they express gets some of them wrong.");
        ui.label("An audit has small networks read every face without having seen it, and lists those first");
        ui.label("whose label they doubt most. You look at them one by one: keep the label, change it,");
        ui.label("or call it ambiguous, one key each.");
        ui.add_space(2.0 * theme::SPACE);
        screen.button(ui, true, "Audit a set…", Command::Ask(Purpose::AuditSet)).on_hover_text(
            "AffectNet, a folder with a folder for each expression, a CSV or Parquet file with a picture a row, or \
             shards; where the set lies is asked first, then where the audit goes",
        );
        ui.add_space(theme::SPACE);
        screen
            .button(ui, true, "Open an audit…", Command::Ask(Purpose::OpenAudit))
            .on_hover_text("The folder of an audit that was made before, here or with `facespace audit`");
        again(ui, screen);
        ui.add_space(2.0 * theme::SPACE);
        let words = "The set itself is never changed: the result is a new file of labels, and a log of who said what.";
        ui.label(RichText::new(words).weak());
        if screen.state.drops {
            ui.label(RichText::new("A set can also be dropped here.").weak());
        }
    });
}

/// The audit that could not be opened.
fn again(ui: &mut Ui, screen: &mut Screen) {
    let Some(folder) = screen.state.labels.folder.clone() else { return };
    ui.add_space(2.0 * theme::SPACE);
    let text = format!("This audit could not be opened: {}", folder.display());
    ui.add(Label::new(RichText::new(text).small()).truncate());
    screen.button(ui, true, "Open it again", Command::Labels(LabelsCommand::Open(folder)));
}
