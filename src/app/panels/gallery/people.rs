//! The people of the index: its faces in groups, a line each with its best examples, to be named and looked at.

use eframe::egui::{
    Align, Button, Key, Label, Layout, Rect, RichText, Role, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::gallery::GalleryCommand;
use super::super::super::gallery::people::{THRESHOLDS, title};
use super::super::super::theme;
use super::super::super::train::words::counted;
use super::super::super::widgets::PartSlider;
use super::super::Screen;
use super::tile::Tile;
use super::{lines, members, says};
use crate::engine::gallery::{FaceGroup, FaceKey, SUGGESTED_THRESHOLD};
use crate::face::Part;

/// Side of a face in a line, and height of the line.
const SIDE: f32 = 16.0 * theme::SPACE;
const LINE: f32 = SIDE + 2.0 * theme::SPACE;
/// Width of the name's field and of what stands behind it.
const NAME: f32 = 44.0 * theme::SPACE;
const BEHIND: f32 = 34.0 * theme::SPACE;
/// Width of the threshold's slider.
const THRESHOLD: f32 = 90.0 * theme::SPACE;
/// A line shows so many examples at most.
const EXAMPLES: usize = 6;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let people = &state.gallery.people;
    if let Some((place, group)) = people.group() {
        members::show(ui, screen, sight, place, group);
        return;
    }
    threshold(ui, screen);
    if let Some(error) = &people.error {
        ui.add(Label::new(RichText::new(error).color(ui.visuals().warn_fg_color)).wrap());
    }
    let groups = people.groups();
    if groups.is_empty() {
        if people.error.is_none() {
            says(
                ui,
                if people.is_busy() { "The faces are being grouped…" } else { "There are no faces to group yet." },
            );
        }
        return;
    }
    lines(ui, "groups", groups.len(), LINE, |ui, place, rect| line(ui, screen, sight, place, &groups[place], rect));
}

fn threshold(ui: &mut Ui, screen: &mut Screen) {
    let people = &screen.state.gallery.people;
    ui.horizontal_wrapped(|ui| {
        ui.scope(|ui| {
            ui.set_max_width(THRESHOLD);
            let slider = PartSlider {
                name: "Threshold",
                label: "Threshold",
                part: Some(Part::Identity),
                range: THRESHOLDS,
                shaded: None,
                own: SUGGESTED_THRESHOLD,
                decimals: 2,
                suffix: "",
                step: 0.01,
                enabled: true,
                hover: "How alike two identities must be (the cosine between them) to count as one person's: lower makes \
                        fewer and larger groups, higher more and smaller ones",
            };
            if let Some(threshold) = slider.show(ui, screen.state.gallery.threshold).value {
                screen.ask(Command::Gallery(GalleryCommand::Threshold(threshold)));
            }
        });
        undo(ui, screen);
        let busy = if people.is_busy() { ", being grouped anew…" } else { "" };
        let count = counted(people.groups().len(), "group");
        ui.label(RichText::new(format!("{count}{busy}")).small().weak());
    });
}

pub(super) fn undo(ui: &mut Ui, screen: &mut Screen) {
    screen
        .button(ui, true, "Undo", Command::Gallery(GalleryCommand::UndoPeople))
        .on_hover_text("Take the last naming, merging or splitting back (Ctrl+Z)");
}

/// A group: its best examples, its name, how many faces it has.
fn line(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, place: usize, group: &FaceGroup, rect: Rect) {
    let room = rect.width() - NAME - BEHIND;
    let fits = ((room / (SIDE + theme::SPACE)).floor().max(1.0) as usize).min(EXAMPLES);
    for (column, key) in group.members.iter().take(fits).enumerate() {
        let corner = pos2(rect.left() + column as f32 * (SIDE + theme::SPACE), rect.top() + theme::SPACE);
        let look = GalleryCommand::LookAtGroup(Some(place));
        let tile = Tile { click: Some(look), ..Tile::plain(*key, "example") };
        tile.show(ui, screen, sight, Rect::from_min_size(corner, Vec2::splat(SIDE)));
    }
    let left = rect.left() + fits as f32 * (SIDE + theme::SPACE) + theme::SPACE;
    let first = group.members.first().copied().unwrap_or_default();
    let words = UiBuilder::new()
        .scope_id(ui.make_persistent_id(("group", first)))
        .max_rect(rect.with_min_x(left))
        .layout(Layout::left_to_right(Align::Center));
    let ui = &mut ui.new_child(words);
    name_field(ui, screen, place, group);
    let response = ui.add(Button::new("Look"));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Look at {}", title(group, place))));
    if response.clicked() {
        screen.ask(Command::Gallery(GalleryCommand::LookAtGroup(Some(place))));
    }
    response.on_hover_text("All faces of this group, to merge it with others or to split some off");
    ui.label(RichText::new(count(group)).small().weak());
}

pub(super) fn count(group: &FaceGroup) -> String {
    counted(group.members.len(), "face")
}

/// The name, which is taken with Enter or when the keyboard goes elsewhere; Escape puts the old one back.
pub(super) fn name_field(ui: &mut Ui, screen: &mut Screen, place: usize, group: &FaceGroup) {
    let first = group.members.first().copied().unwrap_or_default();
    let typed = screen.state.gallery.people.naming.as_ref().filter(|(of, _)| *of == first);
    let mut text = typed.map_or_else(|| group.name.clone().unwrap_or_default(), |(_, text)| text.clone());
    let field = TextEdit::singleline(&mut text).id_salt(("name", first)).hint_text("Name").desired_width(NAME - 4.0);
    let name = format!("Name of group {}", place + 1);
    let response = ui.add_sized(vec2(NAME, theme::ROW), field).accessible_name(name);
    if response.changed() {
        screen.ask(Command::Gallery(GalleryCommand::Naming(first, Some(text))));
    }
    if response.lost_focus() {
        let escaped = ui.input(|input| input.key_pressed(Key::Escape));
        let command = if escaped { GalleryCommand::Naming(first, None) } else { GalleryCommand::Name };
        screen.ask(Command::Gallery(command));
    }
}
