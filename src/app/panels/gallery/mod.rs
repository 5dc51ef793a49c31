//! The Gallery panel: what is looked for stands in the drawer; on the stage stand the index that is open and, by the
//! chosen tab, its faces, the people in it, a map of it, or copies. Where no index is open, it says how to get one.

mod duplicates;
mod empty;
mod grid;
mod header;
mod map;
mod members;
mod people;
mod query;
mod slot;
mod tile;

use std::fmt::Debug;
use std::hash::Hash;

use eframe::egui::{CentralPanel, Frame, Margin, Rect, RichText, ScrollArea, Ui, vec2};

use super::super::command::Command;
use super::super::gallery::{GalleryCommand, Tab};
use super::{Screen, asking, bar};
use crate::engine::gallery::FaceKey;

pub(super) use query::{clear, show as query};

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let frame = Frame::central_panel(ui.style()).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        bar::show(ui, screen);
        Frame::new().inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            asking::show(ui, screen);
            let mut sight = Vec::new();
            stage(ui, screen, &mut sight);
            if sight != screen.state.gallery.shelf.in_sight() {
                screen.ask(Command::Gallery(GalleryCommand::InSight(sight)));
            }
        });
    });
}

/// What is drawn of the index; `sight` gathers the faces that are.
fn stage(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>) {
    let desk = &screen.state.gallery;
    if desk.folder.is_none() || desk.failed {
        empty::show(ui, screen);
        return;
    }
    header::show(ui, screen);
    if screen.state.gallery.info.is_none() {
        let building = screen.state.indexing_here().is_some();
        says(ui, if building { "The first faces come in a moment…" } else { "The index is being opened…" });
        return;
    }
    match screen.state.gallery.tab {
        Tab::Faces => grid::show(ui, screen, sight),
        Tab::People => people::show(ui, screen, sight),
        Tab::Map => map::show(ui, screen, sight),
        Tab::Duplicates => duplicates::show(ui, screen, sight),
    }
}

fn says(ui: &mut Ui, words: &str) {
    ui.label(RichText::new(words).weak());
}

/// A list of any length whose lines have one height; only those in sight are drawn, each into its place.
fn lines(ui: &mut Ui, salt: impl Hash + Debug, count: usize, height: f32, mut line: impl FnMut(&mut Ui, usize, Rect)) {
    ScrollArea::vertical().auto_shrink([false, false]).id_salt(salt).show_viewport(ui, |ui, viewport| {
        let (corner, width) = (ui.max_rect().min, ui.available_width());
        ui.set_width(width);
        ui.set_height(count as f32 * height);
        let first = (viewport.top() / height).floor().max(0.0) as usize;
        let last = ((viewport.bottom() / height).ceil().max(0.0) as usize).min(count);
        for place in first..last {
            let rect = Rect::from_min_size(corner + vec2(0.0, place as f32 * height), vec2(width, height));
            line(ui, place, rect);
        }
    });
}
