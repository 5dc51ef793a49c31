//! The drawer of the Gallery panel: who is looked for, how much each part counts, and which faces are meant at all.

use eframe::egui::{Align, Button, ComboBox, DragValue, Label, Layout, RichText, TextEdit, Ui};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::gallery::GalleryCommand;
use super::super::super::gallery::query::{ANGLES, FilterForm, Preset};
use super::super::super::theme;
use super::super::super::train::words::thousands;
use super::super::super::widgets::{LABEL_WIDTH, PartSlider};
use super::super::Screen;
use super::super::page::{heading, name, small};
use super::slot;
use crate::engine::gallery::Info;
use crate::face::{Expression, Part, Pose};

/// The button in the drawer's heading.
pub(in super::super) fn clear(ui: &mut Ui, screen: &mut Screen) {
    let some = !screen.state.gallery.query.is_empty();
    screen
        .button(ui, some, "Clear the query", Command::Gallery(GalleryCommand::ClearQuery))
        .on_hover_text("Show the whole collection again");
}

pub(in super::super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let Some(info) = &screen.state.gallery.info else {
        ui.add(Label::new(RichText::new("Once an index is open, who is looked for stands here.").weak()).wrap());
        return;
    };
    slot::show(ui, screen);
    ui.horizontal_wrapped(|ui| {
        let face = screen.state.open.is_some();
        screen
            .button(ui, face, "Query by the open face", Command::Gallery(GalleryCommand::QueryByOpen))
            .on_hover_text("Look for the face on the canvas as it is in its photograph");
        screen
            .button(ui, face, "Query by the edit", Command::Gallery(GalleryCommand::QueryByEdit))
            .on_hover_text("Look for the face on the canvas as its sliders have it, also when they move");
    });
    weights(ui, screen);
    filters(ui, screen, info);
}

fn weights(ui: &mut Ui, screen: &mut Screen) {
    heading(ui, "What counts");
    let weights = screen.state.gallery.weights;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        for preset in Preset::ALL {
            let response = ui.add(Button::new(preset.name()).selected(weights == preset.weights()));
            if response.clicked() {
                screen.ask(Command::Gallery(GalleryCommand::Preset(preset)));
            }
            response.on_hover_text(preset.explanation());
        }
    });
    for (place, part) in Part::ALL.into_iter().enumerate() {
        let slider = PartSlider {
            name: &format!("Weight of {part}"),
            label: &sentence_case(part.name()),
            part: Some(part),
            range: [-1.0, 1.0],
            shaded: None,
            own: 0.0,
            decimals: 2,
            suffix: "",
            step: 0.05,
            enabled: true,
            hover: "1 looks for faces that are like the query in this part, -1 for those that are unlike it; at 0 the part \
                    is of no interest",
        };
        if let Some(weight) = slider.show(ui, weights[place]).value {
            let mut weights = weights;
            weights[place] = weight;
            screen.ask(Command::Gallery(GalleryCommand::Weigh(weights)));
        }
    }
    if screen.state.gallery.query.is_empty() {
        let words = "Nobody is looked for yet, so the whole collection is shown.";
        small(ui, words);
    }
}

fn filters(ui: &mut Ui, screen: &mut Screen, info: &Info) {
    let before = &screen.state.gallery.filter;
    let mut form = before.clone();
    ui.add_space(2.0 * theme::SPACE);
    ui.horizontal(|ui| {
        ui.label(RichText::new("Which faces are meant").strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let some = form != FilterForm::default();
            if ui.add_enabled(some, Button::new("All faces")).on_hover_text("Without any of these").clicked() {
                form = FilterForm::default();
            }
        });
    });
    expression(ui, &mut form, info);
    person(ui, &mut form, info);
    for (angle, name) in Pose::NAMES.into_iter().enumerate() {
        range(ui, &sentence_case(name), &mut form.angles[angle]);
    }
    if form != *before {
        screen.ask(Command::Gallery(GalleryCommand::Filter(Box::new(form))));
    }
}

fn expression(ui: &mut Ui, form: &mut FilterForm, info: &Info) {
    ui.horizontal(|ui| {
        let label = name(ui, LABEL_WIDTH, "Expression");
        let shown = |expression: Option<Expression>| match expression {
            None => "Any".to_owned(),
            Some(expression) => {
                let known = info.labels.expressions.iter().find(|(of, _)| *of == expression);
                let count = thousands(known.map_or(0, |(_, count)| *count as u64));
                format!("{}, {count}", sentence_case(expression.name()))
            }
        };
        // One that a former index had can be put away.
        let known = info.labels.expressions.iter().map(|(expression, _)| Some(*expression));
        let combo = ComboBox::from_id_salt("expression").selected_text(shown(form.expression)).show_ui(ui, |ui| {
            for choice in std::iter::once(None).chain(known) {
                if ui.selectable_label(form.expression == choice, shown(choice)).clicked() {
                    form.expression = choice;
                }
            }
        });
        let said = if info.labels.expressions.is_empty() {
            "No face of this index has a label that says its expression"
        } else {
            "By their labels, not by what the networks see; faces without a label are left out"
        };
        combo.response.labelled_by(label.id).on_hover_text(said);
    });
}

fn person(ui: &mut Ui, form: &mut FilterForm, info: &Info) {
    ui.horizontal(|ui| {
        let label = name(ui, LABEL_WIDTH, "Person");
        let field = TextEdit::singleline(&mut form.person).hint_text("Anybody").desired_width(f32::INFINITY);
        ui.add(field).labelled_by(label.id).on_hover_text(format!(
            "A name or a part of one; {} people have names in this index",
            thousands(info.labels.people as u64)
        ));
    });
}

/// An angle from and to.
fn range(ui: &mut Ui, words: &str, range: &mut [f32; 2]) {
    ui.horizontal(|ui| {
        name(ui, LABEL_WIDTH, words);
        let [low, high] = *range;
        ui.add(number(&mut range[0], ANGLES[0], high)).accessible_name(format!("{words} from"));
        ui.label("to");
        ui.add(number(&mut range[1], low, ANGLES[1])).accessible_name(format!("{words} to"));
    });
}

fn number(value: &mut f32, from: f32, to: f32) -> DragValue<'_> {
    DragValue::new(value).range(from..=to).suffix("°").fixed_decimals(0).speed(0.5)
}
