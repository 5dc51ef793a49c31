//! How good the reconstructions are of pictures that the training has not seen, beside those that it has, the mean
//! face and PCA.

use eframe::egui::{Label, RichText, Ui};
use egui_plot::LineStyle;

use super::super::super::theme;
use super::plot::{self, Curve, number};
use super::{explain, says};
use crate::engine::training::{HeldOutPoint, RunView};

pub fn show(ui: &mut Ui, view: &RunView) {
    ui.label(RichText::new("Held-out error").strong());
    let Some(last) = view.held_out.last() else {
        says(ui, "It is measured every so many steps, on pictures that are held back.");
        return;
    };
    let mut text = format!("Now {}", number(last.rmse));
    for (name, value) in [("mean face", last.rmse_mean_face), ("PCA-99", last.rmse_pca_99)] {
        if value.is_finite() {
            text.push_str(&format!(", {name} {}", number(value)));
        }
    }
    if last.sharpness.is_finite() {
        text.push_str(&format!("; sharpness {:.0} % of the pictures'", 100.0 * last.sharpness));
    }
    ui.label(RichText::new(text).small());
    plot::show(ui, "Plot of the held-out error", lines(ui, &view.held_out), false);
    ui.add(Label::new(RichText::new(explain::HELD_OUT).small()).wrap());
}

fn lines(ui: &Ui, measured: &[HeldOutPoint]) -> Vec<Curve> {
    let [held_out, training, pca, mean] = theme::plot_colours(ui.visuals());
    type Value = fn(&HeldOutPoint) -> f64;
    let lines: [(&str, Value, _, LineStyle); 4] = [
        ("Held-out, solid", |point| point.rmse, held_out, LineStyle::Solid),
        ("Training, dashed", |point| point.rmse_train, training, LineStyle::dashed_dense()),
        ("PCA-99, long dashes", |point| point.rmse_pca_99, pca, LineStyle::Dashed { length: 16.0 }),
        ("Mean face, dotted", |point| point.rmse_mean_face, mean, LineStyle::dotted_dense()),
    ];
    let curves = lines.into_iter().map(|(name, value, colour, style)| {
        let all = measured.iter().map(|point| [point.step as f64, value(point)]);
        Curve { name: name.to_owned(), points: all.filter(|[_, value]| value.is_finite()).collect(), colour, style }
    });
    curves.filter(|curve| !curve.points.is_empty()).collect()
}
