//! The drawer of the Labels panel: by what the faces are ranked, which of them are listed, whose verdicts they are, and
//! where the result goes.

use eframe::egui::{Checkbox, ComboBox, Label, RichText, TextEdit, Ui};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::labels::{Choice, LabelsCommand, OpenAudit, whoever_is_here, words};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::super::train::words::{counted, thousands};
use super::super::super::widgets::LABEL_WIDTH;
use super::super::Screen;
use super::super::page::{heading, name, small};
use crate::engine::audit::{Filter, Form, Verdicts};
use crate::face::Expression;

/// Width of the names of conditions.
const NAMES: f32 = LABEL_WIDTH + 5.0 * theme::SPACE;

/// The button in the drawer's heading.
pub(in super::super) fn clear(ui: &mut Ui, screen: &mut Screen) {
    let choice = &screen.state.labels.choice;
    let all = Choice { score: choice.score, ..Choice::default() };
    let some = *choice != all;
    screen
        .button(ui, some, "All faces", Command::Labels(LabelsCommand::Choose(Box::new(all))))
        .on_hover_text("List all faces again, without any condition");
}

pub(in super::super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(open) = &state.labels.open else {
        let words = "Once an audit is open, its faces are ranked and chosen from here.";
        ui.add(Label::new(RichText::new(words).weak()).wrap());
        return;
    };
    let before = &state.labels.choice;
    let mut choice = before.clone();
    score(ui, &mut choice, open);
    budget(ui, &mut choice, open);
    filter(ui, &mut choice.filter, open);
    if choice != *before {
        screen.ask(Command::Labels(LabelsCommand::Choose(Box::new(choice))));
    }
    verdicts(ui, screen, open);
    files(ui, screen);
    about(ui, open);
}

fn score(ui: &mut Ui, choice: &mut Choice, open: &OpenAudit) {
    ui.horizontal(|ui| {
        let label = name(ui, NAMES, "Ranked by");
        let combo = ComboBox::from_id_salt("score").selected_text(words::score(choice.score)).show_ui(ui, |ui| {
            for score in &open.info.scores {
                let response = ui.selectable_label(choice.score == *score, words::score(*score));
                if response.clicked() {
                    choice.score = *score;
                }
                response.on_hover_text(score.explanation());
            }
        });
        combo.response.labelled_by(label.id).on_hover_text("What makes a label doubtful");
    });
    small(ui, choice.score.explanation());
}

fn budget(ui: &mut Ui, choice: &mut Choice, open: &OpenAudit) {
    ui.horizontal(|ui| {
        ui.add(Checkbox::new(&mut choice.within_budget, "Within the budget")).on_hover_text(words::BUDGET);
        let text = format!("{} of {}", thousands(open.info.budget as u64), thousands(open.info.labelled as u64));
        ui.label(RichText::new(text).small().weak());
    });
}

fn filter(ui: &mut Ui, filter: &mut Filter, open: &OpenAudit) {
    let with_count = |label: Expression| {
        let known = open.info.classes.iter().find(|(of, _)| *of == label);
        let count = known.map_or(0, |(_, count)| *count as u64);
        format!("{}, {}", sentence_case(label.name()), thousands(count))
    };
    let bare = |label: Expression| sentence_case(label.name());
    class(ui, "Given", words::GIVEN, &mut filter.given, &with_count);
    class(ui, "Predicted", words::PREDICTED, &mut filter.predicted, &bare);
    ui.horizontal(|ui| {
        let label = name(ui, NAMES, "Verdict");
        let shown = words::verdicts(filter.verdict);
        let combo = ComboBox::from_id_salt("verdict").selected_text(shown).show_ui(ui, |ui| {
            for verdicts in Verdicts::ALL {
                if ui.selectable_label(filter.verdict == verdicts, words::verdicts(verdicts)).clicked() {
                    filter.verdict = verdicts;
                }
            }
        });
        combo.response.labelled_by(label.id).on_hover_text(words::VERDICT);
    });
    ui.horizontal(|ui| {
        let label = name(ui, NAMES, "Name contains");
        let field = TextEdit::singleline(&mut filter.text).hint_text("Anything").desired_width(f32::INFINITY);
        ui.add(field).labelled_by(label.id).on_hover_text("A piece of the picture's name in the set, such as a folder");
    });
}

/// One of the classes, or any.
fn class(
    ui: &mut Ui,
    words: &str,
    hover: &str,
    chosen: &mut Option<Expression>,
    called: &dyn Fn(Expression) -> String,
) {
    ui.horizontal(|ui| {
        let label = name(ui, NAMES, words);
        let shown = |choice: Option<Expression>| choice.map_or_else(|| "Any".to_owned(), called);
        let combo = ComboBox::from_id_salt(words).selected_text(shown(*chosen)).show_ui(ui, |ui| {
            for choice in std::iter::once(None).chain(Expression::ALL.map(Some)) {
                if ui.selectable_label(*chosen == choice, shown(choice)).clicked() {
                    *chosen = choice;
                }
            }
        });
        combo.response.labelled_by(label.id).on_hover_text(hover);
    });
}

fn verdicts(ui: &mut Ui, screen: &mut Screen, open: &OpenAudit) {
    heading(ui, "Verdicts");
    ui.add(Label::new(RichText::new(words::counts(open.counts)).small()).wrap()).on_hover_text(words::VERDICT);
    ui.horizontal(|ui| {
        let label = name(ui, NAMES, "Judged by");
        let mut by = screen.state.labels.by.clone();
        let field = TextEdit::singleline(&mut by).hint_text(whoever_is_here()).desired_width(f32::INFINITY);
        let response = ui.add(field).labelled_by(label.id);
        if response.changed() {
            screen.ask(Command::Labels(LabelsCommand::JudgeAs(by)));
        }
        response.on_hover_text("Whose verdicts these are; the name stands beside each of them in the log");
    });
    let words = "K keeps, R takes the prediction, A is ambiguous, 1 to 8 give a class, Up and Down go through the \
                 list, Enter to the next without a verdict, Ctrl+Z takes one back.";
    small(ui, words);
}

fn files(ui: &mut Ui, screen: &mut Screen) {
    heading(ui, "The result");
    for (text, form, hover) in [
        (
            "Export labels…",
            Form::Labels,
            "New label files in the set's own form, with every verdict in them, and the log; the set stays as it is",
        ),
        ("Export for cleanlab…", Form::Cleanlab, "A CSV with labels, predictions and qualities as cleanlab has them"),
        ("Export for FiftyOne…", Form::FiftyOne, "A JSON file of labels that FiftyOne reads beside the pictures"),
        ("Export the log…", Form::Log, "A CSV with every verdict: when, on what, from what to what, by whom"),
    ] {
        screen.button(ui, true, text, Command::Ask(Purpose::ExportAudit(form))).on_hover_text(hover);
    }
    screen.button(ui, true, "Import a table…", Command::Ask(Purpose::ImportLabels)).on_hover_text(
        "A table of these that was changed in another program: labels that differ become verdicts, which one undo \
         takes back",
    );
}

/// What the scores rest on.
fn about(ui: &mut Ui, open: &OpenAudit) {
    heading(ui, "This audit");
    let info = &open.info;
    let folds = if info.folds_by_person {
        "Faces of one person were never read by networks that had seen that person."
    } else {
        "It is not known who is who, so a network may have seen other pictures of the person that it reads."
    };
    let mut lines =
        vec![format!("Encoded by {}, which was trained on {}.", info.model.name, info.trained_on), folds.to_owned()];
    for (count, why) in
        [(info.unlabelled, "without a label"), (info.left_out, "not judged, since earlier ones have their names")]
    {
        if count > 0 {
            lines.push(format!("{} {why}.", counted(count, "face")));
        }
    }
    for line in lines {
        small(ui, &line);
    }
}
