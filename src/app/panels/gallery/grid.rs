//! The faces of the index: with a query the best of each part alone, a row each, and below them all by how well they
//! answer; without one the whole collection. However many there are, only those in sight are drawn.

use eframe::egui::{
    Align, Button, Label, Layout, Rect, RichText, Role, ScrollArea, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::gallery::GalleryCommand;
use super::super::super::theme;
use super::super::super::train::words::thousands;
use super::super::super::widgets::number_text;
use super::super::Screen;
use super::says;
use super::tile::Tile;
use crate::engine::gallery::{FaceKey, FoundFace, SearchAnswer};
use crate::face::Part;

/// From one face to the next.
const STEP: f32 = theme::HIT + theme::SPACE;
/// Side of a face in the rows of single parts, and from one row to the next.
const SMALL: f32 = 16.0 * theme::SPACE;
const ROW_STEP: f32 = SMALL + theme::SPACE;
/// Room for the name of a part.
const NAMES: f32 = 20.0 * theme::SPACE;
/// Faces that a list is asked for beyond those in sight.
const AHEAD: usize = 200;
/// The rows' name where the folded sections are listed.
const FOLDED: &str = "gallery rows";

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let results = &state.gallery.results;
    if let Some(problem) = results.problem() {
        ui.add(Label::new(RichText::new(problem).color(ui.visuals().warn_fg_color)).wrap());
    }
    let Some(answer) = &results.answer else {
        if results.problem().is_none() {
            says(ui, "The faces are being looked through…");
        }
        return;
    };
    let asked = !answer.rows.iter().all(Vec::is_empty);
    ui.horizontal_wrapped(|ui| {
        if asked {
            fold_button(ui, screen);
        }
        let faces = state.gallery.info.as_ref().map_or(0, |info| info.faces);
        ui.label(RichText::new(standing(answer, asked, faces)).small());
    });
    let rows = asked && !state.folded.contains(FOLDED);
    let list = List { answer, rows, asked };
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .id_salt(("hits", results.questions))
        .show_viewport(ui, |ui, viewport| list.show(ui, screen, sight, viewport));
}

/// How many there are, and in which order.
fn standing(answer: &SearchAnswer, asked: bool, faces: usize) -> String {
    let total = thousands(answer.total as u64);
    let which = match answer.total {
        0 if faces == 0 => "There is no face in this index; add a folder of photographs that show some".to_owned(),
        0 => "No face meets the conditions; widen them in the query".to_owned(),
        count if count == faces => format!("All {total} faces"),
        _ => format!("{total} of {} faces meet the conditions", thousands(faces as u64)),
    };
    match (answer.total, asked) {
        (0, _) => which,
        (_, false) => format!("{which}, in the order in which they were found"),
        (_, true) => format!("{which}, the best first, in {:.0} ms", answer.took.as_secs_f64() * 1e3),
    }
}

fn fold_button(ui: &mut Ui, screen: &mut Screen) {
    let sign = if screen.state.folded.contains(FOLDED) { "▸" } else { "▾" };
    let name = "By each part alone";
    let response = ui.add(Button::new(format!("{sign} {name}")).frame_when_inactive(false));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.clicked() {
        screen.ask(Command::Fold(FOLDED.to_owned()));
    }
    response.on_hover_text("The seven faces that are most like the query in one part, whatever the others say");
}

/// What the scrolled area holds.
struct List<'a> {
    answer: &'a SearchAnswer,
    /// The rows of single parts are shown.
    rows: bool,
    /// There is a query, so that scores mean something.
    asked: bool,
}

impl List<'_> {
    fn show(&self, ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, viewport: Rect) {
        let (corner, width) = (ui.max_rect().min, ui.available_width());
        let columns = ((width + theme::SPACE) / STEP).floor().max(1.0) as usize;
        let head = if self.rows { 4.0 * ROW_STEP + 2.0 * theme::SPACE } else { 0.0 };
        let lines = self.answer.total.div_ceil(columns);
        ui.set_width(width);
        ui.set_height(head + lines as f32 * STEP);
        if viewport.top() < head {
            for (row, part) in Part::ALL.into_iter().enumerate() {
                let corner = corner + vec2(0.0, row as f32 * ROW_STEP);
                self.row(ui, screen, sight, part, Rect::from_min_size(corner, vec2(width, SMALL)));
            }
        }
        let first = ((viewport.top() - head) / STEP).floor().max(0.0) as usize;
        let last = (((viewport.bottom() - head) / STEP).ceil().max(0.0) as usize).min(lines);
        for place in first * columns..(last * columns).min(self.answer.total) {
            let at = vec2((place % columns) as f32 * STEP, head + (place / columns) as f32 * STEP);
            let rect = Rect::from_min_size(corner + at, Vec2::splat(theme::HIT));
            match self.answer.hits.get(place) {
                Some(hit) => self.hit(ui, screen, sight, hit, rect),
                // It is on its way.
                None => {
                    ui.painter().rect_filled(rect, theme::CORNER, ui.visuals().widgets.inactive.weak_bg_fill);
                }
            }
        }
        reach(screen, self.answer, last * columns);
    }

    /// The best of one part alone.
    fn row(&self, ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, part: Part, rect: Rect) {
        let colour = theme::part_colour(ui.visuals(), part);
        let name = UiBuilder::new()
            .scope_id(ui.make_persistent_id(("row", part.name())))
            .max_rect(rect.with_max_x(rect.left() + NAMES))
            .layout(Layout::left_to_right(Align::Center));
        ui.new_child(name).label(RichText::new(sentence_case(part.name())).color(colour));
        let row = &self.answer.rows[part as usize];
        for (place, hit) in row.iter().enumerate() {
            let corner = pos2(rect.left() + NAMES + place as f32 * ROW_STEP, rect.top());
            let likeness = number_text(hit.parts[part as usize], 2);
            let tile = Tile {
                score: Some(format!("{part} {likeness}")),
                caption: Some(likeness),
                parts: Some(hit.parts),
                ..Tile::plain(hit.key, part.name())
            };
            tile.show(ui, screen, sight, Rect::from_min_size(corner, Vec2::splat(SMALL)));
        }
    }

    fn hit(&self, ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, hit: &FoundFace, rect: Rect) {
        let score = self.asked.then(|| number_text(hit.score, 2));
        let tile = Tile {
            caption: score.clone(),
            score,
            parts: self.asked.then_some(hit.parts),
            ..Tile::plain(hit.key, "hit")
        };
        tile.show(ui, screen, sight, rect);
    }
}

/// Asks for more of the list before its end is in sight.
fn reach(screen: &mut Screen, answer: &SearchAnswer, last: usize) {
    let ends = answer.hits.len() < answer.total && last + AHEAD > answer.hits.len();
    if ends && last > screen.state.gallery.results.reach {
        screen.ask(Command::Gallery(GalleryCommand::Reach(last)));
    }
}
