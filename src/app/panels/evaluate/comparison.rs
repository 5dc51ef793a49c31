//! The open report against another: which figures moved by more than their intervals, and which way; and where that can
//! be saved.

use eframe::egui::{Color32, Grid, RichText, ScrollArea, Ui, vec2};

use super::super::super::command::Command;
use super::super::super::evaluate::{PathFor, words};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::Screen;
use super::{band, heading, says, small};
use crate::engine::evaluation::{Comparison, Lone, Moved, Verdict};

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(open) = &state.evaluate.comparison else {
        says(ui, "Choose another report with Compare with… above.");
        return;
    };
    let comparison = &*open.comparison;
    ui.label(RichText::new(words::sentence(&comparison.summary())).size(theme::HEADING));
    for (letter, side, what) in [("A", &comparison.a, "the other report"), ("B", &comparison.b, "this report")] {
        ui.label(format!("{letter} is {what}: {}", words::side(side)));
    }
    ui.add_space(theme::SPACE);
    screen
        .button(ui, true, "Save the comparison…", Command::Ask(Purpose::Evaluate(PathFor::Comparison)))
        .on_hover_text("As a page that can be read, printed and sent (.html), or for other programs (.json)");
    small(ui, &words::sentence(words::MOVED));
    if comparison.moved.iter().any(|moved| words::is_notation(&moved.name)) {
        small(ui, &words::sentence(words::NOTATION));
    }
    for note in &comparison.notes {
        small(ui, &words::sentence(note));
    }
    for (place, moved) in comparison.moved.chunk_by(|one, other| one.set == other.set).enumerate() {
        set(ui, moved, place);
    }
    lone(ui, comparison);
}

/// The figures of one set that moved.
fn set(ui: &mut Ui, moved: &[Moved], place: usize) {
    // A chunk has a first.
    heading(ui, moved.first().map_or("", |first| &first.set));
    ScrollArea::horizontal().id_salt(("moved", place)).show(ui, |ui| {
        let spacing = vec2(4.0 * theme::SPACE, theme::SPACE);
        Grid::new(("figures that moved", place)).striped(true).spacing(spacing).show(ui, |ui| {
            for name in ["Measure", "A", "B", "Change", "B is"] {
                ui.label(RichText::new(name).small().strong());
            }
            ui.end_row();
            for one in moved {
                row(ui, one);
            }
        });
    });
}

fn row(ui: &mut Ui, moved: &Moved) {
    let name = RichText::new(format!("{}: {}", moved.part.title(), moved.name));
    let coloured = moved.face_part.is_some();
    let label = ui.label(if coloured { name.color(band::colour(ui, moved.face_part)) } else { name });
    let measure = words::measure(&moved.key);
    if !measure.is_empty() {
        label.on_hover_text(words::sentence(measure));
    }
    for measured in [&moved.a, &moved.b] {
        let text = RichText::new(moved.unit.text(measured.value)).monospace();
        let label = ui.label(text);
        if let Some(interval) = measured.interval {
            label.on_hover_text(format!("95 % interval {}", moved.unit.range_text(interval, measured.value)));
        }
    }
    ui.label(RichText::new(moved.change_text()).monospace());
    ui.label(RichText::new(words::verdict(moved.verdict)).color(verdict_colour(ui, moved.verdict)));
    ui.end_row();
}

fn verdict_colour(ui: &Ui, verdict: Verdict) -> Color32 {
    let visuals = ui.visuals();
    match verdict {
        Verdict::Better => theme::accent(visuals),
        Verdict::Worse => visuals.error_fg_color,
        Verdict::Moved => visuals.text_color(),
    }
}

/// What one of the two has and the other has not.
fn lone(ui: &mut Ui, comparison: &Comparison) {
    let sides: [(&str, &[Lone]); 2] =
        [("Only in A", comparison.only_in_a.as_slice()), ("Only in B", comparison.only_in_b.as_slice())];
    for (title, lone) in sides {
        if lone.is_empty() {
            continue;
        }
        heading(ui, title);
        for one in lone {
            small(ui, &words::sentence(&one.text()));
        }
    }
}
