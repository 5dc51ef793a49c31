//! A plot as this panel draws all of them: it is looked at, not dragged about.

use eframe::egui::{Color32, Role, Sense, TextStyle, Ui, WidgetInfo};
use egui_plot::{Corner, HoverPosition, Legend, Line, LineStyle, Plot};

use super::super::super::theme;
use super::super::super::train::words::thousands;

const HEIGHT: f32 = 176.0;
/// Room for the numbers on the left, so that plots below each other begin at the same place.
const NUMBERS: f32 = 44.0;

/// One line of a plot. What tells it from others is its name, its dashes and its colour.
pub struct Curve {
    pub name: String,
    pub points: Vec<[f64; 2]>,
    pub colour: Color32,
    pub style: LineStyle,
}

/// Draws lines over the steps. `name` is what screen readers call it; with `logarithmic`, values are powers of ten.
pub fn show(ui: &mut Ui, name: &str, lines: Vec<Curve>, logarithmic: bool) {
    let value = move |y: f64| number(if logarithmic { 10.0_f64.powf(y) } else { y });
    let label = move |position: &HoverPosition<'_>| match position {
        HoverPosition::NearDataPoint { plot_name, position, .. } => {
            Some(format!("{plot_name}\nstep {}\n{}", thousands(position.x.max(0.0) as u64), value(position.y)))
        }
        HoverPosition::Elsewhere { .. } => None,
    };
    let plot = Plot::new(name)
        .height(HEIGHT)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .sense(Sense::hover())
        .y_axis_min_width(NUMBERS)
        .x_axis_formatter(|mark, _| thousands(mark.value.max(0.0) as u64))
        .y_axis_formatter(move |mark, _| value(mark.value))
        .label_formatter(label)
        .legend(Legend::default().text_style(TextStyle::Small).position(Corner::RightTop).follow_insertion_order(true));
    let shown = plot.show(ui, |plot| {
        for line in lines {
            plot.line(Line::new(line.name, line.points).color(line.colour).style(line.style).width(theme::STRONG_LINE));
        }
    });
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
}

/// With as many decimals as its size asks for.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.01 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.1e}"),
    }
}
