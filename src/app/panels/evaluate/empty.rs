//! Where no report is open: what an evaluation is, and how to begin one.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::evaluate::{self, EvaluateCommand, PathFor};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::super::train::words::counted;
use super::super::{Screen, WIDE, drawer_button};
use super::small;

const STEPS: [&str; 3] = [
    "1  Add faces, best with labels: shards (Parquet files of faces that are cut out), or a set as it was published \
     (LFW, CelebA, AffectNet, folders).",
    "2  Choose the parts of the report. Each says what it measures and what it needs.",
    "3  Start. It can be stopped at any time, and what was measured once is not measured again.",
];

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    if screen.context.content_rect().width() < WIDE {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| drawer_button(ui, screen, "choices"))
        });
    }
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.08);
        ui.label(RichText::new("Measure how good the weights are").size(theme::HEADING));
        ui.add_space(theme::SPACE);
        ui.label("How well do they draw a face again from the 99 numbers that they write it as? Does each part of");
        ui.label("these, such as identity or pose, say what it should, and do the others not say it? An evaluation");
        ui.label("measures it on faces of your own, each figure with its 95 % interval and beside that of the paper");
        ui.label("behind the method, and writes a report with pictures that you can send.");
        ui.add_space(2.0 * theme::SPACE);
        for step in STEPS {
            ui.add(Label::new(RichText::new(step).small()).wrap());
        }
        ui.add_space(2.0 * theme::SPACE);
        buttons(ui, screen);
        again(ui, screen);
        ui.add_space(2.0 * theme::SPACE);
        small(ui, "Without faces at hand, `facespace synth -o faces` draws some of which everything is known.");
        if screen.state.drops {
            small(ui, "Faces and reports can also be dropped here.");
        }
    });
}

fn buttons(ui: &mut Ui, screen: &mut Screen) {
    let desk = &screen.state.evaluate;
    let sets = desk.form.data.len();
    let hover = if desk.stopped {
        ui.label("The last evaluation was stopped, and what it measured is kept.");
        "Goes on with it: what was measured with these choices is not measured again"
    } else {
        "With the choices of the new evaluation"
    };
    if sets == 0 {
        screen
            .button(ui, true, "Measure on a folder…", Command::Ask(Purpose::Evaluate(PathFor::Folder)))
            .on_hover_text("A folder of shards, or of a set as it was published");
    } else {
        let lacks = evaluate::lacks(screen.state);
        ui.label(format!("{} to measure on.", counted(sets, "place")));
        screen
            .button(ui, lacks.is_none(), "Evaluate now", Command::Evaluate(EvaluateCommand::Start))
            .on_hover_text(hover)
            .on_disabled_hover_text(lacks.unwrap_or_default());
    }
    ui.add_space(theme::SPACE);
    screen
        .button(ui, true, "Open a report…", Command::Ask(Purpose::Evaluate(PathFor::Report)))
        .on_hover_text("The folder of a report that was made before, here or with `facespace evaluate`");
}

/// The report that could not be opened.
fn again(ui: &mut Ui, screen: &mut Screen) {
    let Some(path) = screen.state.evaluate.path.clone() else { return };
    ui.add_space(2.0 * theme::SPACE);
    let text = format!("This report could not be opened: {}", path.display());
    ui.add(Label::new(RichText::new(text).small()).truncate());
    screen.button(ui, true, "Open it again", Command::Evaluate(EvaluateCommand::Open(path)));
}
