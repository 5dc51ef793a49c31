//! A section of the inspector: the heading of a part, its drift, and what is done to the part as a whole.

use eframe::egui::{Align, Button, Label, Layout, RichText, Role, Ui, WidgetInfo};

use super::super::command::Command;
use super::super::dials::{self, sentence_case};
use super::super::theme;
use super::super::widgets::{drift_label, number_text};
use super::Screen;
use crate::face::{Part, PartAngles, Pose};

/// Room between sections.
const BETWEEN: f32 = 2.0 * theme::SPACE;

pub fn show(ui: &mut Ui, screen: &mut Screen, part: Part, content: impl FnOnce(&mut Ui, &mut Screen)) {
    heading(ui, screen, part);
    if !screen.state.folded.contains(part.name()) {
        gift(ui, screen, part);
        achieved(ui, screen, part);
        content(ui, screen);
    }
    ui.add_space(BETWEEN);
    ui.separator();
}

fn heading(ui: &mut Ui, screen: &mut Screen, part: Part) {
    let folded = screen.state.folded.contains(part.name());
    let name = sentence_case(part.name());
    ui.horizontal(|ui| {
        let colour = theme::part_colour(ui.visuals(), part);
        let sign = if folded { "▸" } else { "▾" };
        let text = RichText::new(format!("{sign} {name}")).strong().color(colour);
        let response = ui.add(Button::new(text).frame_when_inactive(false));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.clicked() {
            screen.ask(Command::Fold(part.name().to_owned()));
        }
        response.on_hover_text(explanation(part));
        let measured = screen.state.edit().and_then(|edit| screen.state.desk.drift_of(edit));
        let drift = drift_label(ui, part, measured.map(|drift| drift.per_part.part_deg(part)));
        drift.on_hover_text(
            "Drift: the picture is read by the networks once more, and this is how far what they see is from what was \
             asked, less what the untouched face misses by itself",
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| buttons(ui, screen, part));
    });
}

fn buttons(ui: &mut Ui, screen: &mut Screen, part: Part) {
    let locked = screen.state.is_locked(part);
    let changed = screen.state.edit().is_some_and(|edit| dials::changes(edit, part));
    let lock = if locked { ("🔒", format!("Unlock {part}")) } else { ("🔓", format!("Lock {part}")) };
    screen.sign(ui, true, locked, lock.0, &lock.1, Command::ToggleLock(part));
    screen.sign(ui, changed && !locked, false, "↺", &format!("Reset {part}"), Command::ResetPart(part));
    screen.sign(ui, !locked, false, "🎲", &format!("Surprise me with {part}"), Command::Surprise(part));
}

/// Who gave the part and how much of it, where others did.
fn gift(ui: &mut Ui, screen: &mut Screen, part: Part) {
    let Some(gift) = screen.state.edit().and_then(|edit| edit.recipe.gift(part)) else { return };
    let names: Vec<&str> = gift.from.iter().map(|ingredient| ingredient.name.as_str()).collect();
    let text = format!("From {}, {:.0} %", names.join(" + "), 100.0 * gift.strength);
    let free = !screen.state.is_locked(part);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = screen.button(ui, free, "Take back", Command::TakeBack(Some(part)));
            // Each part that was given has such a button.
            ui.ctx().accesskit_node_builder(button.id, |node| node.set_description(part.name()));
            button.on_hover_text(format!("Back to the {part} of the photograph; what the sliders do to it stays"));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let words = RichText::new(&text).small().color(theme::part_colour(ui.visuals(), part));
                ui.add(Label::new(words).truncate()).on_hover_text(format!("The {part} was given. {text}"));
            });
        });
    });
}

/// What was asked and what came of it, where the part was changed and measured. Always one line, so that no slider moves
/// away under the hand.
fn achieved(ui: &mut Ui, screen: &Screen, part: Part) {
    let Some(edit) = screen.state.edit() else { return };
    let text = match (part, screen.state.desk.drift_of(edit)) {
        _ if !dials::changes(edit, part) => "As in the photograph".to_owned(),
        (_, None) => "Measured when the sliders rest".to_owned(),
        (Part::Pose, Some(drift)) => {
            format!("Asked {}, achieved {}", angles(drift.asked), angles(drift.achieved))
        }
        (_, Some(drift)) => {
            let own_and_asked = screen.state.own().zip(screen.state.desk.asked.as_ref());
            let moved = own_and_asked.map(|((own, _), asked)| PartAngles::between(own, &asked.code).part_deg(part));
            format!("Asked to move {:.0}°, missed by {:.0}°", moved.unwrap_or_default(), drift.per_part.part_deg(part))
        }
    };
    ui.add(Label::new(RichText::new(text).small().weak()).truncate()).on_hover_text(
        "Asked is where the sliders stand; achieved is what the networks see when they look at the new picture",
    );
}

fn angles(pose: Pose) -> String {
    pose.to_array_deg().map(|angle| number_text(angle, 0) + "°").join(" ")
}

fn explanation(part: Part) -> &'static str {
    match part {
        Part::Pose => "Pose: how the head is turned, in three angles",
        Part::Identity => "Identity: who it is, whatever the expression, the light and the turn of the head",
        Part::Expression => "Expression: what the face does, such as smiling",
        Part::Style => "Style: everything else, such as light, colour, picture quality, glasses and background",
    }
}
