//! The figures that matter, one of each kind, as cards; a press on one leads to its part.

use eframe::egui::{Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::super::super::command::Command;
use super::super::super::evaluate::{EvaluateCommand, Tab};
use super::super::super::theme;
use super::super::Screen;
use super::{band, figures};
use crate::engine::evaluation::{Headline, Report, Scale, headlines};

/// How wide a card may be.
const WIDTHS: [f32; 2] = [46.0 * theme::SPACE, 64.0 * theme::SPACE];
const HEIGHT: f32 = 37.0 * theme::SPACE;
const GAP: f32 = 2.0 * theme::SPACE;
const MARGIN: f32 = 2.0 * theme::SPACE;
/// Height of the drawing.
const DRAWN: f32 = 5.0 * theme::SPACE;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, report: &Report) {
    let cards = headlines(report);
    if cards.is_empty() {
        return;
    }
    let room = ui.available_width();
    let in_a_row = ((room + GAP) / (WIDTHS[0] + GAP)).floor().max(1.0);
    let width = ((room - (in_a_row - 1.0) * GAP) / in_a_row).min(WIDTHS[1]).floor();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        for card in &cards {
            one(ui, screen, report, card, width);
        }
    });
}

fn one(ui: &mut Ui, screen: &mut Screen, report: &Report, card: &Headline, width: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("headline", card.title)), Sense::click());
    let spoken = format!("{}, {} on {}", card.title, figures::spoken(card.figure), card.set);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    if ui.is_rect_visible(rect) {
        let visuals = ui.visuals();
        let line = if response.has_focus() || response.hovered() {
            Stroke::new(theme::STRONG_LINE, theme::accent(visuals))
        } else {
            visuals.widgets.noninteractive.bg_stroke
        };
        ui.painter().rect(rect, theme::CORNER, visuals.faint_bg_color, line, StrokeKind::Inside);
        paint(ui, rect.shrink(MARGIN), card);
    }
    if response.clicked() {
        lead(screen, report, card);
    }
    response.on_hover_text(format!("{spoken}; click to see the whole part"));
}

fn paint(ui: &Ui, place: Rect, card: &Headline) {
    let figure = card.figure;
    let mut lines = Lines { ui, place, top: place.top() };
    lines.write(RichText::new(card.title).strong());
    lines.write(RichText::new(format!("{}, {}", figure.full_name(), card.set)).small().weak());
    let value = RichText::new(figure.text()).monospace().size(theme::HEADING);
    lines.write(value.color(band::colour(ui, figure.face_part)));
    let against = card.against.map(|(_, other)| other);
    let scale = Scale::of([figure].into_iter().chain(against));
    let drawn = Rect::from_min_size(pos2(place.left(), lines.top), vec2(place.width(), DRAWN));
    band::draw(ui, drawn, figure, against, scale);
    lines.top += DRAWN;
    if let Some(interval) = figure.interval_text() {
        lines.write(RichText::new(format!("95 %  {interval}")).small());
    }
    if let Some((name, other)) = card.against {
        lines.write(RichText::new(format!("{name}  {}", other.text())).small());
    }
    if let Some(paper) = &figure.paper {
        let text = format!("paper, {}  {}", paper.on, figure.unit.text(paper.value));
        lines.write(RichText::new(text).small());
    }
}

/// Lines of words below each other, each cut off at the end of the card.
struct Lines<'a> {
    ui: &'a Ui,
    place: Rect,
    top: f32,
}

impl Lines<'_> {
    fn write(&mut self, words: RichText) {
        let galley = figures::cut(self.ui, words, self.place.width());
        let (at, height) = (pos2(self.place.left(), self.top), galley.size().y);
        self.ui.painter().galley(at, galley, self.ui.visuals().text_color());
        self.top += height + 1.0;
    }
}

/// To the part that holds the figure, on its set.
fn lead(screen: &mut Screen, report: &Report, card: &Headline) {
    let Some(place) = report.sets.iter().position(|set| set.name == card.set) else { return };
    let sections = &report.sets[place].sections;
    let holds = sections.iter().find(|section| section.figures.iter().any(|figure| figure.key == card.figure.key));
    if let Some(section) = holds {
        screen.ask(Command::Evaluate(EvaluateCommand::LookAtSet(place)));
        screen.ask(Command::Evaluate(EvaluateCommand::LookAtTab(Tab::Part(section.part))));
    }
}
