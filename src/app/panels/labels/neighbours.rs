//! The faces of others whose expressions are most like this one, with their labels.

use std::sync::Arc;

use eframe::egui::{Align2, FontId, Rect, RichText, Sense, Ui, Vec2, pos2, vec2};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::labels::{LabelsCommand, words};
use super::super::super::theme;
use super::super::super::widgets::{BoardCell, number_text};
use super::super::Screen;
use super::says;
use crate::engine::audit::{Card, Neighbour};
use crate::engine::protocol::RgbImage;
use crate::face::Expression;

/// Sides of a face: eight of them fill the room.
const SIDES: [f32; 2] = [11.0 * theme::SPACE, 18.0 * theme::SPACE];
const IN_A_ROW: f32 = 8.0;
/// Room for the label below it.
const CAPTION: f32 = 4.0 * theme::SPACE;
/// Shares of the vote that are named.
const VOTES: usize = 3;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, card: &Card, pictures: &[Option<Arc<RgbImage>>]) {
    ui.add_space(theme::SPACE);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Neighbours").strong()).on_hover_text(words::NEIGHBOURS);
        ui.label(RichText::new(votes(card)).small().weak()).on_hover_text(
            "The labels of the twenty nearest faces of other people, as shares: a vote without training",
        );
    });
    if card.neighbours.is_empty() {
        says(ui, "No face of other people is near.");
        return;
    }
    let gap = theme::SPACE;
    let side = ((ui.available_width() - (IN_A_ROW - 1.0) * gap) / IN_A_ROW).clamp(SIDES[0], SIDES[1]).floor();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(gap);
        for (place, neighbour) in card.neighbours.iter().enumerate() {
            one(ui, screen, neighbour, pictures.get(place).and_then(Option::as_ref), side);
        }
    });
}

fn one(ui: &mut Ui, screen: &mut Screen, neighbour: &Neighbour, picture: Option<&Arc<RgbImage>>, side: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(side, side + CAPTION), Sense::hover());
    let name = format!("{}, {}, {}", neighbour.name, neighbour.given, number_text(neighbour.likeness, 2));
    let cell = BoardCell {
        name: &name,
        texture: picture.and_then(|picture| screen.textures.get(&screen.context, picture, false)),
        enabled: true,
    };
    let square = Rect::from_min_size(rect.min, Vec2::splat(side));
    let response = cell.show(ui, square, ui.scope_id().with(("neighbour", neighbour.face)));
    if response.clicked() {
        screen.ask(Command::Labels(LabelsCommand::LookAt(neighbour.face)));
    }
    response.on_hover_text(format!("{name}; click to look at it"));
    let (font, colour) = (FontId::proportional(theme::SMALL), ui.visuals().text_color());
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let at = pos2(rect.center().x, square.bottom() + 2.0);
    painter.text(at, Align2::CENTER_TOP, neighbour.given.name(), font, colour);
}

/// What the nearest faces are labelled, the most frequent first.
fn votes(card: &Card) -> String {
    let mut shares: Vec<_> = Expression::ALL.into_iter().zip(card.votes).filter(|(_, share)| *share > 0.0).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let share = |(label, share): &(Expression, f32)| format!("{label} {}", number_text(*share, 2));
    let words: Vec<_> = shares.iter().take(VOTES).map(share).collect();
    sentence_case(&words.join(", "))
}
