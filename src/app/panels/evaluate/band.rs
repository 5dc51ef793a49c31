//! A figure drawn small, as in the report's page: a dot in the band of its interval, a stroke where the paper's is.

use eframe::egui::{Color32, Rect, Ui, pos2, vec2};

use super::super::super::theme;
use crate::engine::evaluation::{Better, Figure, Measured, Scale, Section, Unit};
use crate::face::Part;

/// Radius of a dot, and how far the line keeps off the sides, so that one at its end is whole.
const DOT: f32 = 3.0;
const SIDE: f32 = 5.0;
/// Half the heights of a band and of a stroke.
const BAND: f32 = 4.0;
const STROKE: f32 = 7.0;

/// The colour of what is read from a part, or of none.
pub(super) fn colour(ui: &Ui, part: Option<Part>) -> Color32 {
    let visuals = ui.visuals();
    part.map_or_else(|| theme::accent(visuals), |part| theme::part_colour(visuals, part))
}

/// All bars of a unit within a section can be set against each other.
pub(super) fn scale(section: &Section, unit: Unit) -> Scale {
    Scale::of(section.figures.iter().filter(|figure| figure.unit == unit))
}

/// Draws a figure into a place; `against` is a second one of the same unit, drawn hollow.
pub(super) fn draw(ui: &Ui, place: Rect, figure: &Figure, against: Option<&Figure>, scale: Scale) {
    let (painter, visuals) = (ui.painter(), ui.visuals());
    let middle = place.center().y;
    let line = place.shrink2(vec2(SIDE, 0.0));
    let at = |value: f64| {
        let share = (value - scale.low) / (scale.high - scale.low);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) as f32 } else { 0.0 };
        line.left() + share * line.width()
    };
    let around = |half: f32| middle - half..=middle + half;
    painter.hline(line.x_range(), middle, (theme::LINE, theme::track_fill(visuals)));
    let ends = [scale.low, scale.high].into_iter().chain((scale.low < 0.0).then_some(0.0));
    for end in ends {
        painter.vline(at(end), around(DOT), (theme::LINE, theme::track_fill(visuals)));
    }
    if figure.better == Better::NearOne {
        painter.vline(at(1.0), around(STROKE), (theme::LINE, visuals.weak_text_color()));
    }
    let colour = colour(ui, figure.face_part);
    if let Some(band) = band(&figure.value, at, middle) {
        painter.rect_filled(band, 2, visuals.panel_fill.lerp_to_gamma(colour, 0.4));
    }
    if let Some(paper) = &figure.paper {
        painter.vline(at(paper.value), around(STROKE), (theme::STRONG_LINE, visuals.strong_text_color()));
    }
    if let Some(against) = against {
        painter.circle_stroke(pos2(at(against.value.value), middle), DOT, (theme::LINE, visuals.text_color()));
    }
    painter.circle_filled(pos2(at(figure.value.value), middle), DOT, colour);
}

/// Where the interval lies; a narrower one than two points could not be seen.
fn band(measured: &Measured, at: impl Fn(f64) -> f32, middle: f32) -> Option<Rect> {
    let interval = measured.interval?;
    let (left, right) = (at(interval.low), at(interval.high));
    let band = Rect::from_x_y_ranges(left..=right, middle - BAND..=middle + BAND);
    Some(if band.width() < 2.0 { band.expand2(vec2(1.0, 0.0)) } else { band })
}
