//! The face as it is in the set, what the networks keep of it, and the face with the mean expression of both labels.

use std::sync::Arc;

use eframe::egui::Ui;

use super::super::super::labels::words;
use super::super::super::theme;
use super::super::super::widgets::Portrait;
use super::super::Screen;
use crate::engine::audit::{Looked, Row};
use crate::engine::protocol::RgbImage;

/// Sides of a picture: four of them fill the room.
const SIDES: [f32; 2] = [16.0 * theme::SPACE, 40.0 * theme::SPACE];
const INPUT: &str = "The face as it is in the set, in the square that the networks see";

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, row: &Row, looked: Option<&Looked>) {
    let gap = 2.0 * theme::SPACE;
    let side = ((ui.available_width() - 3.0 * gap) / 4.0).clamp(SIDES[0], SIDES[1]).floor();
    let input = looked.and_then(|looked| looked.input.as_ref());
    let gone = looked.is_some_and(|looked| looked.done);
    // The small picture of the list stands in until the large one is there.
    let stand_in = screen.state.labels.shelf.thumbnail(row.face).filter(|_| !gone);
    let [given, predicted] = [row.given, row.predicted].map(|label| format!("As {label}"));
    let drawn = |which: usize| looked.and_then(|looked| looked.counterfactuals[which].as_ref());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let mut picture = |name: &str, picture: Option<&Arc<RgbImage>>, hover: &str| {
            let texture = picture.and_then(|picture| screen.textures.get(&screen.context, picture, false));
            Portrait { name, texture, side }.show(ui).on_hover_text(hover);
        };
        picture("Input", input.or(stand_in), INPUT);
        picture("Reconstruction", looked.and_then(|looked| looked.reconstruction.as_ref()), words::RECONSTRUCTION);
        picture(&given, drawn(0), words::COUNTERFACTUAL);
        if row.predicted != row.given {
            picture(&predicted, drawn(1), words::COUNTERFACTUAL);
        }
    });
}
