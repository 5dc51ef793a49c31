//! A figure drawn small: a dot on a line, the band of its interval, a stroke where the paper's figure is.

use crate::evaluate::bootstrap::Measured;
use crate::evaluate::report::compare::Moved;
use crate::evaluate::report::figure::{Better, Figure};

use super::escape::escape;

/// Of a drawing, in pixels; the line keeps off its sides, so that a dot at its end is whole.
const WIDTH: f64 = 140.0;
const SIDE: f64 = 5.0;
const HEIGHT: f64 = 16.0;
/// A narrower band could not be seen.
const NARROWEST: f64 = 2.0;
/// Steps at which a scale may begin and end, times a power of ten; there are at least so many on it.
const STEPS: [f64; 4] = [1.0, 2.0, 5.0, 10.0];
const FEWEST: f64 = 4.0;

/// What the two ends of a bar's line stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
}

impl Scale {
    /// From a round number below all of these figures, their intervals and the paper's to one above; from 0 where there
    /// is only one value, since nothing else says how large it is.
    pub fn of<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for figure in figures {
            let ends = figure.value.interval.map(|range| [range.low, range.high]);
            let paper = figure.paper.as_ref().map(|paper| paper.value);
            let one = (figure.better == Better::NearOne).then_some(1.0);
            let all = ends.into_iter().flatten().chain(paper).chain(one).chain([figure.value.value]);
            for value in all.filter(|value| value.is_finite()) {
                (low, high) = (low.min(value), high.max(value));
            }
        }
        if low > high {
            return Scale { low: 0.0, high: 1.0 };
        }
        if low == high {
            (low, high) = (low.min(0.0), if high > 0.0 { high } else { high.max(0.0) + 1.0 });
        }
        let step = step_of(high - low);
        // A hair of room for what is round already but for its last bit.
        Scale { low: (low / step + 1e-9).floor() * step, high: (high / step - 1e-9).ceil() * step }
    }

    /// Around two intervals, with some room beside them; it need not begin at 0.
    fn around(a: &Measured, b: &Measured) -> Self {
        let ends = |measured: &Measured| {
            measured
                .interval
                .map_or([measured.value; 2], |range| [range.low.min(measured.value), range.high.max(measured.value)])
        };
        let ([low_a, high_a], [low_b, high_b]) = (ends(a), ends(b));
        let (low, high) = (low_a.min(low_b), high_a.max(high_b));
        let room = 0.15 * (high - low).max(1e-12);
        Scale { low: low - room, high: high + room }
    }

    /// How far to the right a value is, in pixels.
    fn place(self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        SIDE + share * (WIDTH - 2.0 * SIDE)
    }
}

/// The largest round step of which there are enough in a range.
fn step_of(range: f64) -> f64 {
    let largest = range / FEWEST;
    let power = 10.0_f64.powf(largest.log10().floor());
    let fits = |step: &f64| step * power <= largest * (1.0 + 1e-9);
    STEPS.into_iter().rev().find(fits).unwrap_or(1.0) * power
}

/// The bar of a figure; `against` is a second one of the same unit, drawn hollow.
pub fn bar(figure: &Figure, against: Option<&Figure>, scale: Scale) -> String {
    let unit = figure.unit;
    let mut inside = String::new();
    if figure.better == Better::NearOne {
        inside += &stroke("one", scale.place(1.0), 2.0, 14.0);
    }
    inside += &band(&figure.value, scale, 4.0, 8.0);
    if let Some(paper) = &figure.paper {
        inside += &stroke("paper", scale.place(paper.value), 1.5, 14.5);
    }
    if let Some(against) = against {
        inside += &dot("hollow", scale.place(against.value.value), 8.0);
    }
    inside += &dot("dot", scale.place(figure.value.value), 8.0);
    let interval = figure.interval_text().map(|text| format!(", 95 % interval {text}")).unwrap_or_default();
    let paper = figure.paper.as_ref().map(|paper| format!(", the paper's {}", unit.text(paper.value)));
    let says = format!(
        "{}{interval}{}, on a scale from {} to {}",
        figure.text(),
        paper.unwrap_or_default(),
        unit.number(scale.low, scale.high),
        unit.text(scale.high)
    );
    drawing(&says, HEIGHT, &track(scale, 8.0), &inside)
}

/// Both values of a figure that moved, the first hollow above the second, on a scale of their own.
pub fn pair(moved: &Moved) -> String {
    let scale = Scale::around(&moved.a, &moved.b);
    let inside = band(&moved.a, scale, 2.0, 6.0)
        + &band(&moved.b, scale, 12.0, 6.0)
        + &dot("hollow", scale.place(moved.a.value), 5.0)
        + &dot("dot", scale.place(moved.b.value), 15.0);
    let says = format!("A {}, B {}", moved.unit.text(moved.a.value), moved.unit.text(moved.b.value));
    drawing(&says, 20.0, "", &inside)
}

/// What the signs look like, for the legend: a dot in its band and a stroke.
pub fn sample() -> String {
    let inside = "<rect class=\"band\" x=\"14\" y=\"4\" width=\"26\" height=\"8\" rx=\"2\"/>\
                  <line class=\"paper\" x1=\"52\" x2=\"52\" y1=\"1.5\" y2=\"14.5\"/>\
                  <circle class=\"dot\" cx=\"27\" cy=\"8\" r=\"2.4\"/>";
    format!(
        "<svg width=\"66\" height=\"16\" viewBox=\"0 0 66 16\" role=\"img\" aria-label=\"a bar\">\
         <line class=\"track\" x1=\"5\" x2=\"61\" y1=\"8\" y2=\"8\"/>{inside}</svg>"
    )
}

fn drawing(says: &str, height: f64, track: &str, inside: &str) -> String {
    let says = escape(says);
    format!(
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{says}\">\
         <title>{says}</title>{track}{inside}</svg>"
    )
}

/// The line with its ends, and a mark at 0 where that is between them.
fn track(scale: Scale, y: f64) -> String {
    let (left, right) = (SIDE, WIDTH - SIDE);
    let line = format!("<line class=\"track\" x1=\"{left}\" x2=\"{right}\" y1=\"{y}\" y2=\"{y}\"/>");
    let within = scale.low < 0.0 && scale.high > 0.0;
    let zero = if within { stroke("end", scale.place(0.0), y - 4.0, y + 4.0) } else { String::new() };
    line + &stroke("end", left, y - 3.0, y + 3.0) + &stroke("end", right, y - 3.0, y + 3.0) + &zero
}

fn stroke(class: &str, x: f64, top: f64, bottom: f64) -> String {
    format!("<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top}\" y2=\"{bottom}\"/>")
}

fn dot(class: &str, x: f64, y: f64) -> String {
    format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y}\" r=\"2.4\"/>")
}

/// Nothing where there is no interval.
fn band(measured: &Measured, scale: Scale, top: f64, height: f64) -> String {
    let Some(range) = measured.interval else { return String::new() };
    let (left, right) = (scale.place(range.low), scale.place(range.high));
    let width = (right - left).max(NARROWEST);
    let left = (left + right - width) / 2.0;
    format!("<rect class=\"band\" x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{height}\" rx=\"2\"/>")
}
