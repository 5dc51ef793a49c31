//! What can be said about the label, a button and a key each.

use eframe::egui::{Button, Role, Ui, WidgetInfo};

use super::super::super::command::Command;
use super::super::super::labels::{LabelsCommand, OpenAudit};
use super::super::super::theme;
use super::super::Screen;
use crate::engine::audit::{Row, Verdict};
use crate::face::Expression;

/// A button with its key on it.
struct Keyed<'a> {
    text: &'a str,
    /// What it is called, where that is more than it shows.
    name: &'a str,
    key: &'a str,
    enabled: bool,
    /// It was said.
    on: bool,
    hover: &'a str,
}

impl Keyed<'_> {
    fn show(self, ui: &mut Ui, screen: &mut Screen, command: LabelsCommand) {
        let button = Button::new(self.text).shortcut_text(self.key).selected(self.on);
        let response = ui.add_enabled(self.enabled, button);
        response.widget_info(|| WidgetInfo::selected(Role::Button, self.enabled, self.on, self.name));
        if response.clicked() {
            screen.ask(Command::Labels(command));
        }
        response.on_hover_text(self.hover).on_disabled_hover_text(self.hover);
    }
}

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, open: &OpenAudit, place: u32, row: &Row) {
    let said = open.verdict(place);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        let keep = Keyed {
            text: "Keep",
            name: "Keep",
            key: "K",
            enabled: true,
            on: said == Some(Verdict::Keep),
            hover: "The label is right (K); the next face without a verdict follows",
        };
        keep.show(ui, screen, LabelsCommand::Keep);
        let differs = row.predicted != row.given;
        let relabel = format!("Relabel as {}", row.predicted);
        let predicted = Keyed {
            text: &relabel,
            name: &relabel,
            key: "R",
            enabled: differs,
            on: differs && said == Some(Verdict::Relabel(row.predicted)),
            hover: if differs {
                "The face shows what was predicted (R)"
            } else {
                "The prediction is the label that it has; choose another one below"
            },
        };
        predicted.show(ui, screen, LabelsCommand::RelabelPredicted);
        let ambiguous = Keyed {
            text: "Ambiguous",
            name: "Ambiguous",
            key: "A",
            enabled: true,
            on: said == Some(Verdict::Ambiguous),
            hover: "No label fits, or several do (A); the face has none in the new labels",
        };
        ambiguous.show(ui, screen, LabelsCommand::Ambiguous);
        let undo = Keyed {
            text: "Undo",
            name: "Undo verdict",
            key: "Ctrl+Z",
            enabled: open.counts.total() > 0,
            on: false,
            hover: "Take the last verdict back, and look at its face again (Ctrl+Z)",
        };
        undo.show(ui, screen, LabelsCommand::Undo);
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        for (place, label) in Expression::ALL.into_iter().enumerate() {
            class(ui, screen, place, label, row.given, said);
        }
    });
}

/// One of the classes, by its number. That which the face has already means to keep it.
fn class(ui: &mut Ui, screen: &mut Screen, place: usize, label: Expression, given: Expression, said: Option<Verdict>) {
    let key = (place + 1).to_string();
    let hover = if label == given {
        format!("The face shows {label}, as it is labelled ({key})")
    } else {
        format!("The face shows {label} ({key})")
    };
    let button = Keyed {
        text: label.name(),
        name: &format!("Label it {label}"),
        key: &key,
        enabled: true,
        on: said.is_some_and(|said| said.label(given) == Some(label)),
        hover: &hover,
    };
    button.show(ui, screen, LabelsCommand::Relabel(label));
}
