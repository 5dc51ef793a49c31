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

use eframe::egui::Ui;

use super::super::command::Command;
use super::super::gallery::{GalleryCommand, Tab};
use super::super::widgets::lines;
use super::{Screen, page, says};
use crate::engine::gallery::FaceKey;

pub(super) use query::{clear, show as query};

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    page::show(ui, screen, |ui, screen| {
        let mut sight = Vec::new();
        stage(ui, screen, &mut sight);
        if sight != screen.state.gallery.shelf.in_sight() {
            screen.ask(Command::Gallery(GalleryCommand::InSight(sight)));
        }
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
