//! Above the faces: what the index is of, how it is kept up to date, how far a build is, and the tabs.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::gallery::{GalleryCommand, Tab};
use super::super::super::state::Purpose;
use super::super::super::theme;
use super::super::super::train::words::{counted, thousands};
use super::super::status::duration;
use super::super::{Screen, drawer_button, page};
use crate::engine::gallery::Info;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    title(ui, screen);
    match screen.state.indexing_here() {
        Some((number, done, total)) => progress(ui, screen, number, done, total),
        None => {
            ui.horizontal_wrapped(|ui| buttons(ui, screen));
        }
    }
    if screen.state.gallery.info.is_some() {
        ui.horizontal_wrapped(|ui| tabs(ui, screen));
    }
    ui.separator();
}

fn title(ui: &mut Ui, screen: &mut Screen) {
    let desk = &screen.state.gallery;
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            drawer_button(ui, screen, "query");
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = ui.add(Label::new(RichText::new(desk.name()).heading()).truncate());
                if let Some(folder) = &desk.folder {
                    name.on_hover_text(format!("The index lies in {}", folder.display()));
                }
                if let Some(info) = &desk.info {
                    ui.add(Label::new(RichText::new(about(info)).weak().small()).truncate());
                }
            });
        });
    });
}

fn about(info: &Info) -> String {
    let mut text = format!("{} in {}", counted(info.faces, "face"), counted(info.files, "file"));
    if info.failed > 0 {
        text.push_str(&format!(", {} of them unreadable", thousands(info.failed as u64)));
    }
    format!("{text} · {:.1} MB", info.bytes as f64 / 1e6)
}

fn buttons(ui: &mut Ui, screen: &mut Screen) {
    let open = screen.state.gallery.info.is_some();
    screen
        .button(ui, open, "Update", Command::Gallery(GalleryCommand::Update))
        .on_hover_text("Look for new, changed and vanished pictures; all others are left alone");
    screen
        .button(ui, open, "Add a folder…", Command::Ask(Purpose::AddToIndex))
        .on_hover_text("Take another folder, or shards, into this index");
    screen
        .button(ui, open, "Export codes…", Command::Ask(Purpose::ExportCodes))
        .on_hover_text("Save the 99 numbers of every face as Parquet, CSV or NPY");
    screen
        .button(ui, true, "Close the index", Command::Gallery(GalleryCommand::Close))
        .on_hover_text("It stays on the disk and can be opened again");
    screen
        .button(ui, open, "Delete the index", Command::Gallery(GalleryCommand::AskDelete))
        .on_hover_text("Remove every code, thumbnail and name; asks once more, and the pictures stay");
}

/// How far a build is. The words stand still while the numbers change.
fn progress(ui: &mut Ui, screen: &mut Screen, number: u64, done: usize, total: usize) {
    let state = screen.state;
    ui.horizontal(|ui| {
        screen
            .button(ui, true, "Stop indexing", Command::Gallery(GalleryCommand::StopIndexing))
            .on_hover_text("What was done is kept; an update goes on from there");
        let left = state.pending.jobs(state.now).into_iter().find(|job| job.number == number).and_then(|job| job.left);
        let left = left.map_or_else(String::new, |left| format!(", {} left", duration(left)));
        let text = match total {
            0 => "Looking for pictures".to_owned(),
            _ => format!("{} of {} pictures{left}", thousands(done as u64), thousands(total as u64)),
        };
        let share = done as f32 / total.max(1) as f32;
        page::progress(ui, share, text, "Indexing progress");
    });
}

fn tabs(ui: &mut Ui, screen: &mut Screen) {
    ui.spacing_mut().item_spacing.x = theme::SPACE;
    for tab in Tab::ALL {
        let on = screen.state.gallery.tab == tab;
        let response = ui.add(Button::new(tab.name()).selected(on).frame_when_inactive(on));
        if response.clicked() {
            screen.ask(Command::Gallery(GalleryCommand::LookAt(tab)));
        }
        response.on_hover_text(tab.explanation());
    }
}
