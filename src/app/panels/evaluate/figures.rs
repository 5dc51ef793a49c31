//! The figures of a part, a line each: its name, its value, drawn, its interval, over how many items it is, and the
//! paper's figure where that is of the same data.

use std::sync::Arc;

use eframe::egui::{
    Align2, FontId, Galley, Rect, RichText, Role, Sense, TextStyle, TextWrapMode, Ui, WidgetInfo, WidgetText, pos2,
    vec2,
};

use super::super::super::evaluate::words;
use super::super::super::theme;
use super::band;
use crate::engine::evaluation::{Better, Figure, Section, count};

/// Lowest height of a line, and the room above and below its words.
const LINE: f32 = 6.0 * theme::SPACE;
const MARGIN: f32 = theme::SPACE;
const GAP: f32 = 2.0 * theme::SPACE;
/// The table becomes no wider.
const WIDEST: f32 = 220.0 * theme::SPACE;
/// Widths of the columns; the rest is the name's.
const VALUE: f32 = 18.0 * theme::SPACE;
const RANGE: f32 = 31.0 * theme::SPACE;
const COUNT: f32 = 13.0 * theme::SPACE;
const PAPER: f32 = 17.0 * theme::SPACE;
const DRAWN: [f32; 2] = [20.0 * theme::SPACE, 40.0 * theme::SPACE];
/// The name's width before a drawing gets any, and before the count does.
const NAME: [f32; 2] = [46.0 * theme::SPACE, 30.0 * theme::SPACE];
/// A sign of the part that a figure is about, before its name.
const SWATCH: f32 = 2.0 * theme::SPACE;

/// Where the columns lie, each from its left end; numbers stand at the right of theirs.
#[derive(Clone, Copy)]
struct Columns {
    name: f32,
    value: f32,
    /// Left end and width; none where there is no room.
    drawn: Option<[f32; 2]>,
    range: f32,
    count: Option<f32>,
    paper: Option<f32>,
    width: f32,
}

impl Columns {
    fn of(width: f32, has_paper: bool) -> Self {
        let width = width.min(WIDEST);
        let paper = if has_paper { PAPER + GAP } else { 0.0 };
        let fixed = VALUE + RANGE + 2.0 * GAP + paper;
        let has_count = width - fixed - COUNT - GAP >= NAME[1];
        let fixed = if has_count { fixed + COUNT + GAP } else { fixed };
        let spare = width - fixed - NAME[0] - GAP;
        let drawn = (spare >= DRAWN[0]).then_some(spare.min(DRAWN[1]));
        let name = width - fixed - drawn.map_or(0.0, |drawn| drawn + GAP);
        let value = name + GAP;
        let after_value = value + VALUE + GAP;
        let range = after_value + drawn.map_or(0.0, |drawn| drawn + GAP);
        let after_range = range + RANGE + GAP;
        Columns {
            name,
            value,
            drawn: drawn.map(|drawn| [after_value, drawn]),
            range,
            count: has_count.then_some(after_range),
            paper: has_paper.then_some(after_range + if has_count { COUNT + GAP } else { 0.0 }),
            width,
        }
    }
}

pub(super) fn show(ui: &mut Ui, section: &Section) {
    let paper = section.figures.iter().find_map(|figure| figure.paper.as_ref());
    let columns = Columns::of(ui.available_width(), paper.is_some());
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        headings(ui, columns, paper.map(|paper| paper.on.as_str()));
        for (group, figures) in section.groups() {
            if !group.is_empty() {
                ui.add_space(theme::SPACE);
                ui.label(RichText::new(group).strong().small());
            }
            for figure in figures {
                line(ui, columns, section, figure);
            }
        }
    });
}

fn headings(ui: &mut Ui, columns: Columns, paper: Option<&str>) {
    let (rect, _) = ui.allocate_exact_size(vec2(columns.width, LINE), Sense::hover());
    let heading = |name: &str, hover: &str, left: f32, width: f32, right: bool| {
        let place = Rect::from_min_size(rect.min + vec2(left, 0.0), vec2(width, LINE));
        let response = ui.interact(place, ui.scope_id().with(("figures", name)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
        let words = RichText::new(name).small().weak();
        let galley = cut(ui, words, width);
        let left = if right { place.right() - galley.size().x } else { place.left() };
        let at = pos2(left, place.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, ui.visuals().weak_text_color());
        response.on_hover_text(hover);
    };
    heading("Measure", "What was measured; an arrow says which way is better", 0.0, columns.name, false);
    heading("Value", "What was found", columns.value, VALUE, true);
    if let Some([left, width]) = columns.drawn {
        heading("Drawn", words::DRAWN, left, width, false);
    }
    heading("95 % interval", words::INTERVAL, columns.range, RANGE, false);
    if let Some(left) = columns.count {
        heading("n", words::COUNT, left, COUNT, true);
    }
    if let (Some(left), Some(on)) = (columns.paper, paper) {
        heading(&format!("Paper, {on}"), words::PAPER, left, PAPER, true);
    }
}

fn line(ui: &mut Ui, columns: Columns, section: &Section, figure: &Figure) {
    let name = name(ui, figure, columns.name);
    let size = vec2(columns.width, (name.size().y + 2.0 * MARGIN).max(LINE));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(figure)));
    if ui.is_rect_visible(rect) {
        paint(ui, rect, columns, section, figure, name);
    }
    response.on_hover_text(explained(figure));
}

fn paint(ui: &Ui, rect: Rect, columns: Columns, section: &Section, figure: &Figure, name: Arc<Galley>) {
    let (painter, visuals) = (ui.painter(), ui.visuals());
    let (middle, left) = (rect.center().y, rect.left());
    if figure.face_part.is_some() {
        let at = pos2(left + SWATCH / 2.0, middle);
        painter.circle_filled(at, SWATCH / 2.0, band::colour(ui, figure.face_part));
    }
    let indent = indent(figure);
    painter.galley(pos2(left + indent, middle - name.size().y / 2.0), name, visuals.text_color());
    let number = |at: f32, width: f32, text: &str, strong: bool| {
        let colour = if strong { visuals.strong_text_color() } else { visuals.text_color() };
        let font = FontId::monospace(theme::SMALL);
        painter.text(pos2(left + at + width, middle), Align2::RIGHT_CENTER, text, font, colour);
    };
    number(columns.value, VALUE, &figure.text(), true);
    if let Some([at, width]) = columns.drawn {
        let place = Rect::from_x_y_ranges(left + at..=left + at + width, rect.y_range());
        band::draw(ui, place, figure, None, band::scale(section, figure.unit));
    }
    if let Some(interval) = figure.interval_text() {
        let font = FontId::monospace(theme::SMALL);
        let at = pos2(left + columns.range, middle);
        painter.text(at, Align2::LEFT_CENTER, interval, font, visuals.weak_text_color());
    }
    if let Some(at) = columns.count {
        number(at, COUNT, &count(figure.value.n), false);
    }
    if let (Some(at), Some(paper)) = (columns.paper, &figure.paper) {
        number(at, PAPER, &figure.unit.text(paper.value), paper.same_data);
    }
}

fn indent(figure: &Figure) -> f32 {
    if figure.face_part.is_some() { SWATCH + theme::SPACE } else { 0.0 }
}

/// In as many lines as it takes.
fn name(ui: &Ui, figure: &Figure, width: f32) -> Arc<Galley> {
    let arrow = figure.better.arrow();
    let text = if arrow.is_empty() { figure.name.clone() } else { format!("{} {arrow}", figure.name) };
    let words = WidgetText::from(RichText::new(text));
    words.into_galley(ui, Some(TextWrapMode::Wrap), width - indent(figure), TextStyle::Body)
}

/// A line of words, cut off where it is longer.
pub(super) fn cut(ui: &Ui, words: RichText, width: f32) -> Arc<Galley> {
    WidgetText::from(words).into_galley(ui, Some(TextWrapMode::Truncate), width, TextStyle::Body)
}

/// The whole line, as it is read out.
pub(super) fn spoken(figure: &Figure) -> String {
    let mut text = format!("{}, {}", figure.full_name(), figure.text());
    if let Some(interval) = figure.interval_text() {
        text.push_str(&format!(", 95 % interval {interval}"));
    }
    text.push_str(&format!(", n {}", count(figure.value.n)));
    if let Some(paper) = &figure.paper {
        text.push_str(&format!(", the paper {} on {}", figure.unit.text(paper.value), paper.on));
    }
    text
}

/// What hovering says.
fn explained(figure: &Figure) -> String {
    let mut sentences = vec![words::sentence(&spoken(figure))];
    let measure = words::measure(&figure.key);
    if !measure.is_empty() {
        sentences.push(words::sentence(measure));
    }
    match figure.better {
        Better::Higher => sentences.push("Higher is better.".to_owned()),
        Better::Lower => sentences.push("Lower is better.".to_owned()),
        Better::NearOne => sentences.push("1 is best.".to_owned()),
        Better::Neither => {}
    }
    if let Some(note) = figure.paper.as_ref().map(|paper| &paper.note).filter(|note| !note.is_empty()) {
        sentences.push(words::sentence(note));
    }
    sentences.join(" ")
}
