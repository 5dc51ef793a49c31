//! A labelled face in a list: its rank, its picture, its name, what it is labelled and what it looks like, how right
//! that seems and what was said about it. With less room the labels stand below the name.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::{
    Align, Color32, Id, Rect, Response, RichText, Sense, TextStyle, TextWrapMode, TextureId, Ui, Vec2, WidgetInfo,
    WidgetText, pos2,
};

use super::{focus_frame, picture, placeholder};
use crate::app::theme;

/// Widths of the columns.
const RANK: f32 = 13.0 * theme::SPACE;
const LABEL: f32 = 19.0 * theme::SPACE;
const QUALITY: f32 = 10.0 * theme::SPACE;
const VERDICT: f32 = 23.0 * theme::SPACE;
/// Between them.
const GAP: f32 = 2.0 * theme::SPACE;
/// From this width on, everything stands in one line.
const ONE_LINE: f32 = 140.0 * theme::SPACE;

/// Where the columns of a row lie, and the headings above them.
#[derive(Clone, Copy, Debug)]
pub struct LabelColumns {
    pub rank: Rect,
    pub picture: Rect,
    pub title: Rect,
    /// Given and predicted label; in a narrow row one text, under the title.
    pub given: Rect,
    pub predicted: Option<Rect>,
    pub quality: Rect,
    pub verdict: Rect,
}

impl LabelColumns {
    /// The columns of a row.
    pub fn of(row: Rect) -> Self {
        let row = row.shrink2(egui::vec2(GAP, 0.0));
        let between = |left: f32, right: f32| Rect::from_x_y_ranges(left..=right.max(left), row.y_range());
        let rank = between(row.left(), row.left() + RANK);
        let side = LabelRow::HEIGHT - 2.0 * theme::SPACE;
        let left = rank.right() + GAP;
        let picture = Rect::from_center_size(pos2(left + side / 2.0, row.center().y), Vec2::splat(side)).round_ui();
        let left = picture.right() + GAP;
        if row.width() >= ONE_LINE {
            let verdict = between(row.right() - VERDICT, row.right());
            let quality = between(verdict.left() - GAP - QUALITY, verdict.left() - GAP);
            let predicted = between(quality.left() - GAP - LABEL, quality.left() - GAP);
            let given = between(predicted.left() - GAP - LABEL, predicted.left() - GAP);
            let title = between(left, given.left() - GAP);
            return LabelColumns { rank, picture, title, given, predicted: Some(predicted), quality, verdict };
        }
        let half = |column: Rect, low: bool| {
            let (top, bottom) =
                if low { (column.center().y, column.bottom()) } else { (column.top(), column.center().y) };
            Rect::from_x_y_ranges(column.x_range(), top..=bottom)
                .translate(egui::vec2(0.0, if low { -1.0 } else { 1.0 }))
        };
        let quality = between(row.right() - QUALITY, row.right());
        let verdict = between(row.right() - VERDICT, row.right());
        LabelColumns {
            rank,
            picture,
            title: half(between(left, quality.left() - GAP), false),
            given: half(between(left, verdict.left() - GAP), true),
            predicted: None,
            quality: half(quality, false),
            verdict: half(verdict, true),
        }
    }
}

/// One row. A click or Enter chooses it; what hovering shows is the caller's.
#[derive(Clone, Copy, Debug)]
pub struct LabelRow<'a> {
    /// The accessible name: "NAME, given happy, looks sad".
    pub name: &'a str,
    /// The picture; without one the row shows that it is still to come.
    pub texture: Option<TextureId>,
    /// It is the one that is looked at.
    pub chosen: bool,
    pub rank: &'a str,
    pub title: &'a str,
    pub given: &'a str,
    pub predicted: &'a str,
    pub quality: &'a str,
    /// Empty where nothing was said.
    pub verdict: &'a str,
}

impl LabelRow<'_> {
    pub const HEIGHT: f32 = 11.0 * theme::SPACE;

    pub fn show(self, ui: &Ui, rect: Rect, id: Id) -> Response {
        let rect = rect.round_ui();
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), self.chosen, self.name));
        if !self.verdict.is_empty() {
            ui.ctx().accesskit_node_builder(id, |node| node.set_description(self.verdict));
        }
        if ui.is_rect_visible(rect) {
            self.paint(ui, &response, rect);
        }
        response
    }

    fn paint(&self, ui: &Ui, response: &Response, rect: Rect) {
        let (painter, visuals) = (ui.painter(), ui.visuals());
        if self.chosen {
            painter.rect_filled(rect, theme::CORNER, visuals.selection.bg_fill);
            let strip = rect.with_max_x(rect.left() + theme::SPACE).shrink2(Vec2::new(0.0, theme::SPACE));
            painter.rect_filled(strip, theme::CORNER, theme::accent(visuals));
        } else if response.hovered() {
            painter.rect_filled(rect, theme::CORNER, visuals.widgets.inactive.weak_bg_fill);
        }
        let columns = LabelColumns::of(rect);
        match self.texture {
            Some(texture) => picture(painter, columns.picture, texture, Color32::WHITE),
            None => placeholder(ui, columns.picture),
        }
        let weak = if self.chosen { visuals.selection.stroke.color } else { visuals.weak_text_color() };
        let text = if self.chosen { visuals.selection.stroke.color } else { visuals.text_color() };
        let number = |words: &str| RichText::new(words).monospace();
        write(ui, columns.rank, number(self.rank).small().color(weak), Align::Max);
        write(ui, columns.title, RichText::new(self.title).color(text), Align::Min);
        write(ui, columns.quality, number(self.quality).color(text), Align::Max);
        write(ui, columns.verdict, RichText::new(self.verdict).small().color(text), Align::Max);
        match columns.predicted {
            Some(predicted) => {
                write(ui, columns.given, RichText::new(self.given).color(text), Align::Min);
                write(ui, predicted, RichText::new(self.predicted).color(text), Align::Min);
            }
            None => {
                let both = format!("{}, looks {}", self.given, self.predicted);
                write(ui, columns.given, RichText::new(both).small().color(weak), Align::Min);
            }
        }
        focus_frame(ui, response, rect);
    }
}

/// One line of words in a column, cut off where it is longer.
fn write(ui: &Ui, column: Rect, words: RichText, align: Align) {
    let wrap = Some(TextWrapMode::Truncate);
    let galley = WidgetText::from(words).into_galley(ui, wrap, column.width(), TextStyle::Body);
    let left = if align == Align::Max { column.right() - galley.size().x } else { column.left() };
    let at = pos2(left, column.center().y - galley.size().y / 2.0);
    ui.painter().galley(at.round_ui(), galley, ui.visuals().text_color());
}
