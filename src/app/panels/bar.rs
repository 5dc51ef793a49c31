//! The bar above the canvas: one sentence that needs an answer, and what can be done about it.

use eframe::egui::containers::Sides;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Frame, Margin, TextWrapMode, Ui};

use super::super::command::Command;
use super::super::gallery::{GalleryCommand, other_model};
use super::super::labels::{self, LabelsCommand};
use super::super::log::Level;
use super::super::state::{Panel, Purpose, State};
use super::super::theme;
use super::Screen;
use crate::engine::gallery::ModelName;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    if let Some(bar) = &state.bar {
        one(ui, screen, bar.level, &bar.text, &bar.actions, true);
    }
    if state.panel == Panel::Edit
        && let Some(text) = unmarked(state)
    {
        one(ui, screen, Level::Warning, text, &[("Mark the face", Command::MarkFace)], false);
    }
    // While it is built anew, the answer was given.
    if state.panel == Panel::Gallery && state.indexing_here().is_none() {
        let rebuild = Command::Gallery(GalleryCommand::Rebuild);
        other_weights(ui, screen, "index", other_model(state), rebuild);
    }
    if state.panel == Panel::Labels && state.auditing_here().is_none() {
        let rebuild = Command::Labels(LabelsCommand::Rebuild);
        other_weights(ui, screen, "audit", labels::other_model(state), rebuild);
    }
}

/// Where what is in hand was made with other weights than those in use: with these first, with those second.
fn other_weights(
    ui: &mut Ui,
    screen: &mut Screen,
    what: &str,
    models: Option<(ModelName, ModelName)>,
    rebuild: Command,
) {
    let Some((made, used)) = models else { return };
    // Two trainings may have given their weights one name.
    let named = |model: &ModelName| if made.name == used.name { model.to_string() } else { model.name.clone() };
    let text = format!(
        "This {what} was made with the weights {}, whose codes mean other faces than those of {}; rebuild it, or open \
         those weights",
        named(&made),
        named(&used)
    );
    let actions = [("Rebuild", rebuild), ("Open weights…", Command::Ask(Purpose::OpenWeights))];
    one(ui, screen, Level::Warning, &text, &actions, false);
}

/// Why the open photograph has no face yet, while nobody marks it.
fn unmarked(state: &State) -> Option<&'static str> {
    let face = state.open_face()?;
    let waits = face.record.square.is_none() && state.desk.photo.is_some() && state.desk.points.is_none();
    let found = !state.desk.faces.is_empty();
    waits.then_some(if found {
        "No face of this photograph is chosen yet; click one, or mark another by its eyes and mouth"
    } else {
        "No face was found in this photograph; mark its eyes and mouth, or open a picture in which the face is larger"
    })
}

/// A sentence with what can be done about it, from left to right; with a cross where it can be put away.
fn one(ui: &mut Ui, screen: &mut Screen, level: Level, words: &str, actions: &[(&str, Command)], away: bool) {
    let visuals = ui.visuals();
    let fill = if level == Level::Error { theme::error_fill(visuals) } else { theme::warning_fill(visuals) };
    let mut text = LayoutJob::default();
    for (words, colour) in [(level.name(), visuals.strong_text_color()), (words, visuals.text_color())] {
        let gap = if text.is_empty() { 0.0 } else { 2.0 * theme::SPACE };
        text.append(words, gap, TextFormat::simple(FontId::proportional(theme::BODY), colour));
    }
    Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        Sides::new().shrink_left().wrap_mode(TextWrapMode::Wrap).show(
            ui,
            |ui| ui.label(text),
            |ui| {
                if away {
                    screen.sign(ui, true, false, "×", "Put the message away", Command::Dismiss);
                }
                for (name, command) in actions.iter().rev() {
                    screen.button(ui, true, name, command.clone());
                }
            },
        );
    });
}
