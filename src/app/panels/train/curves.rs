//! The losses: one plot for each that was chosen, and what its curve should do.

use std::collections::BTreeSet;

use eframe::egui::{Button, Label, RichText, Slider, Ui};
use egui_plot::LineStyle;

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::theme;
use super::super::super::train::Look;
use super::super::super::train::curves::{SMOOTHEST, logarithms, smoothed};
use super::super::Screen;
use super::plot::{self, Curve};
use super::{explain, says};
use crate::engine::training::{self, RunView};

pub fn show(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    ui.label(RichText::new("Losses").strong());
    if view.curves.is_empty() {
        says(ui, "They come with the first steps.");
        return;
    }
    choice(ui, screen, view);
    controls(ui, screen);
    let look = &screen.state.train.look;
    for curve in screen.state.train.plotted(view) {
        ui.add_space(theme::SPACE);
        let name = sentence_case(&curve.name);
        ui.label(RichText::new(&name).strong().small());
        let lines = lines(ui, curve, look);
        plot::show(ui, &format!("Plot of {}", curve.name), lines, look.logarithmic);
        ui.add(Label::new(RichText::new(explain::loss(&curve.name)).small()).wrap());
    }
}

/// Which losses have a plot.
fn choice(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    let shown: Vec<_> = screen.state.train.plotted(view).into_iter().map(|curve| curve.name.clone()).collect();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        for curve in &view.curves {
            let on = shown.contains(&curve.name);
            let text = RichText::new(sentence_case(&curve.name)).small();
            let response = ui.add(Button::new(text).selected(on));
            if response.clicked() {
                let mut losses: BTreeSet<_> = shown.iter().cloned().collect();
                if !losses.remove(&curve.name) {
                    losses.insert(curve.name.clone());
                }
                look(screen, |look| look.losses = losses);
            }
            response.on_hover_text(explain::loss(&curve.name));
        }
    });
}

fn controls(ui: &mut Ui, screen: &mut Screen) {
    let Look { smoothing, logarithmic, .. } = screen.state.train.look;
    ui.horizontal(|ui| {
        let label = ui.label("Smoothing");
        let mut smoother = smoothing;
        let slider = ui.add(Slider::new(&mut smoother, 0.0..=SMOOTHEST).show_value(false)).labelled_by(label.id);
        if slider.changed() {
            look(screen, |look| look.smoothing = smoother);
        }
        slider.on_hover_text(
            "0 shows every value as it is; further right, each point is the mean of more that came before",
        );
        let mut on = logarithmic;
        if ui
            .checkbox(&mut on, "Logarithmic")
            .on_hover_text("Each line of the grid is ten times the one below")
            .changed()
        {
            look(screen, |look| look.logarithmic = on);
        }
    });
}

fn look(screen: &mut Screen, change: impl FnOnce(&mut Look)) {
    let mut look = screen.state.train.look.clone();
    change(&mut look);
    screen.ask(Command::LookAtTraining(Box::new(look)));
}

fn lines(ui: &Ui, curve: &training::Curve, look: &Look) -> Vec<Curve> {
    let [strong, _, _, weak] = theme::plot_colours(ui.visuals());
    let placed = |points: Vec<[f64; 2]>| if look.logarithmic { logarithms(&points) } else { points };
    let every = placed(smoothed(&curve.points, 0.0));
    if look.smoothing <= 0.0 {
        return vec![Curve { name: "Every value".into(), points: every, colour: strong, style: LineStyle::Solid }];
    }
    let smooth = placed(smoothed(&curve.points, look.smoothing));
    vec![
        Curve { name: "Every value, dotted".into(), points: every, colour: weak, style: LineStyle::dotted_dense() },
        Curve { name: "Smoothed".into(), points: smooth, colour: strong, style: LineStyle::Solid },
    ]
}
