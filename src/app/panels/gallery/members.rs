//! One group of faces: its name, with whom it is one person after all, and which of its faces are somebody else's.

use eframe::egui::{Button, Rect, RichText, ScrollArea, Ui, Vec2, vec2};

use super::super::super::command::Command;
use super::super::super::gallery::GalleryCommand;
use super::super::super::gallery::people::title;
use super::super::super::theme;
use super::super::Screen;
use super::people::{count, name_field, undo};
use super::tile::Tile;
use super::{lines, says};
use crate::engine::gallery::{FaceGroup, FaceKey};

const STEP: f32 = theme::HIT + theme::SPACE;
/// Groups that a menu offers; the largest come first.
const OFFERED: usize = 200;
/// Height of that menu's list.
const MENU: f32 = 320.0;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, place: usize, group: &FaceGroup) {
    ui.horizontal_wrapped(|ui| {
        screen
            .named(ui, true, "‹ All groups", "All groups", Command::Gallery(GalleryCommand::LookAtGroup(None)))
            .on_hover_text("Back to the list");
        ui.label(RichText::new(title(group, place)).strong());
        ui.label(RichText::new(count(group)).small().weak());
    });
    ui.horizontal_wrapped(|ui| {
        name_field(ui, screen, place, group);
        merge(ui, screen, place);
        split(ui, screen, group);
        undo(ui, screen);
    });
    let chosen = &screen.state.gallery.people.chosen;
    let said = match chosen.len() {
        0 => "Click the faces that are somebody else's to split them off".to_owned(),
        count => format!("{count} chosen"),
    };
    ui.label(RichText::new(said).small().weak());
    let columns = ((ui.available_width() + theme::SPACE) / STEP).floor().max(1.0) as usize;
    let first = group.members.first();
    lines(ui, ("members", first), group.members.len().div_ceil(columns), STEP, |ui, line, rect| {
        for (column, key) in group.members.iter().skip(line * columns).take(columns).enumerate() {
            let corner = rect.min + vec2(column as f32 * STEP, 0.0);
            let tile = Tile {
                chosen: chosen.contains(key),
                click: Some(GalleryCommand::Choose(*key)),
                ..Tile::plain(*key, "member")
            };
            tile.show(ui, screen, sight, Rect::from_min_size(corner, Vec2::splat(theme::HIT)));
        }
    });
}

/// The other groups, to be made one with this.
fn merge(ui: &mut Ui, screen: &mut Screen, place: usize) {
    let groups = screen.state.gallery.people.groups();
    let menu = ui.menu_button("Merge with…", |ui| {
        ScrollArea::vertical().max_height(MENU).show(ui, |ui| {
            for (other, group) in groups.iter().enumerate().take(OFFERED).filter(|(other, _)| *other != place) {
                if ui.add(Button::new(format!("{}, {}", title(group, other), count(group)))).clicked() {
                    screen.ask(Command::Gallery(GalleryCommand::MergeWith(other)));
                    ui.close();
                }
            }
            if groups.len() > OFFERED {
                says(ui, "Smaller groups are made one by giving both the same name.");
            }
        });
    });
    menu.response.on_hover_text("The faces of both groups are one person's from then on");
}

fn split(ui: &mut Ui, screen: &mut Screen, group: &FaceGroup) {
    let chosen = screen.state.gallery.people.chosen.len();
    let some = chosen > 0 && chosen < group.members.len();
    screen
        .button(ui, some, "Split off", Command::Gallery(GalleryCommand::SplitOff))
        .on_hover_text("Make a person of their own of the chosen faces")
        .on_disabled_hover_text("Choose some of the faces first, but not all");
}
