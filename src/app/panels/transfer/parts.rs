//! The drawer of the Transfer panel: which parts are given, how strongly, and what each source counts in a mix.

use eframe::egui::{RichText, Ui};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::theme;
use super::super::super::transfer::TransferCommand;
use super::super::super::widgets::{PartSlider, SliderResponse};
use super::super::Screen;
use super::super::page::small;
use crate::face::Part;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    small(ui, "Every target takes these parts from each source; everything else stays its own.");
    all_except(ui, screen);
    for part in Part::ALL {
        row(ui, screen, part);
    }
    ui.add_space(2.0 * theme::SPACE);
    ui.separator();
    mix(ui, screen);
}

/// Everything at once, but for one part.
fn all_except(ui: &mut Ui, screen: &mut Screen) {
    let menu = ui.menu_button("All except…", |ui| {
        let lines = Part::ALL.into_iter().map(|part| (format!("All except {part}"), Some(part)));
        for (name, except) in lines.chain([("Everything".to_owned(), None)]) {
            let command = Command::Transfer(TransferCommand::GiveAllExcept(except));
            if screen.button(ui, true, &name, command).clicked() {
                ui.close();
            }
        }
    });
    menu.response.on_hover_text("Give every part but one: all except identity puts another person into the picture");
}

fn row(ui: &mut Ui, screen: &mut Screen, part: Part) {
    let given = screen.state.transfer.board.parts[part as usize];
    ui.add_space(2.0 * theme::SPACE);
    let mut on = given.on;
    let words = RichText::new(format!("Give {part}")).color(theme::part_colour(ui.visuals(), part));
    let tick = ui.checkbox(&mut on, words).on_hover_text(match part {
        Part::Pose => "The target turns its head as the source does",
        Part::Identity => "The target becomes the person of the source",
        Part::Expression => "The target does with its face what the source does",
        Part::Style => "The target takes light, colour, picture quality, glasses and background from the source",
    });
    if tick.changed() {
        screen.ask(Command::Transfer(TransferCommand::Give(part, on)));
    }
    let name = format!("Strength of {part}");
    let hover = "How far to go from the target's own (0 %) to the source's (100 %)";
    let answer = percent(ui, [&name, "Strength"], part, given.strength, given.on, hover);
    if let Some((strength, settled)) = asked(&answer, given.strength) {
        screen.ask(Command::Transfer(TransferCommand::Strength { part, strength, settled }));
    }
}

/// Several sources as one: what each of them counts in each part that is given.
fn mix(ui: &mut Ui, screen: &mut Screen) {
    let desk = &screen.state.transfer;
    let mut mixed = desk.board.mixed;
    let tick = ui
        .checkbox(&mut mixed, "Mix the sources")
        .on_hover_text("All sources give together, as one column, each by its weight");
    if tick.changed() {
        screen.ask(Command::Transfer(TransferCommand::Mix(mixed)));
    }
    if !desk.board.mixed {
        small(ui, "Each source has a column of its own.");
        return;
    }
    if desk.plan.sources.len() < 2 {
        small(ui, "Put two or more faces onto the sources to mix them.");
        return;
    }
    for part in Part::ALL.into_iter().filter(|part| desk.board.parts[*part as usize].on) {
        ui.add_space(2.0 * theme::SPACE);
        let colour = theme::part_colour(ui.visuals(), part);
        ui.label(RichText::new(sentence_case(part.name())).color(colour));
        for source in &desk.plan.sources {
            let (id, name) = (source.seat.id, &source.seat.name);
            let weight = desk.board.weight(id, part);
            let spoken = format!("Weight of {name} in {part}");
            let hover = format!("{spoken}: its share among the others' weights; at 0 % it gives nothing");
            let answer = ui.push_id(id, |ui| percent(ui, [&spoken, name], part, weight, true, &hover)).inner;
            if let Some((weight, settled)) = asked(&answer, weight) {
                screen.ask(Command::Transfer(TransferCommand::Weight { source: id, part, weight, settled }));
            }
        }
    }
}

/// A share as a slider of percents in a part's colour, 100 being usual.
fn percent(
    ui: &mut Ui,
    [name, label]: [&str; 2],
    part: Part,
    share: f32,
    enabled: bool,
    hover: &str,
) -> SliderResponse {
    let slider = PartSlider {
        name,
        label,
        part: Some(part),
        range: [0.0, 100.0],
        shaded: None,
        own: 100.0,
        decimals: 0,
        suffix: " %",
        step: 5.0,
        enabled,
        hover,
    };
    slider.show(ui, 100.0 * share)
}

/// The share that a slider was asked for, and whether the hand has let go.
fn asked(answer: &SliderResponse, now: f32) -> Option<(f32, bool)> {
    let share = answer.value.map_or(now, |percent| percent / 100.0);
    (answer.value.is_some() || answer.settled).then_some((share, answer.settled))
}
