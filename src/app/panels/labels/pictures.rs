//! The face as it is in the set, beside it the place for one to compare it with, what the networks keep of it, and the
//! face with the mean expression of both labels.

use std::sync::Arc;

use eframe::egui::Ui;

use super::super::super::labels::words;
use super::super::super::theme;
use super::super::super::widgets::Portrait;
use super::super::Screen;
use super::compared;
use crate::engine::audit::{Looked, Row};
use crate::engine::protocol::RgbImage;

/// Sides of a picture: five of them fill the room.
const SIDES: [f32; 2] = [18.0 * theme::SPACE, 40.0 * theme::SPACE];
const IN_A_ROW: f32 = 5.0;
const INPUT: &str = "The face as it is in the set, in the square that the networks see";

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, row: &Row, looked: Option<&Looked>) {
    let gap = 2.0 * theme::SPACE;
    let side = ((ui.available_width() - (IN_A_ROW - 1.0) * gap) / IN_A_ROW).clamp(SIDES[0], SIDES[1]).floor();
    let input = looked.and_then(|looked| looked.input.as_ref());
    let gone = looked.is_some_and(|looked| looked.done);
    // The small picture of the list stands in until the large one is there.
    let stand_in = screen.state.labels.shelf.thumbnail(row.face).filter(|_| !gone);
    let reconstruction = looked.and_then(|looked| looked.reconstruction.as_ref());
    let [given, predicted] = [row.given, row.predicted].map(|label| format!("As {label}"));
    let drawn = |which: usize| looked.and_then(|looked| looked.counterfactuals[which].as_ref());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        picture(ui, screen, side, "Input", input.or(stand_in), INPUT);
        compared::slot(ui, screen, side);
        picture(ui, screen, side, "Reconstruction", reconstruction, words::RECONSTRUCTION);
        picture(ui, screen, side, &given, drawn(0), words::COUNTERFACTUAL);
        if row.predicted != row.given {
            picture(ui, screen, side, &predicted, drawn(1), words::COUNTERFACTUAL);
        }
    });
}

fn picture(ui: &mut Ui, screen: &mut Screen, side: f32, name: &str, picture: Option<&Arc<RgbImage>>, hover: &str) {
    let texture = picture.and_then(|picture| screen.textures.get(&screen.context, picture, false));
    Portrait { name, texture, side }.show(ui).on_hover_text(hover);
}
