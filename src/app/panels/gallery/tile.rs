//! A face of the index, wherever it is shown: its picture, its name, what is known of it, and what can be done with it.

use eframe::egui::{Key, Label, Rect, RichText, Role, Ui, WidgetInfo};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::gallery::shelf::About;
use super::super::super::gallery::{GalleryCommand, Use};
use super::super::super::theme;
use super::super::super::widgets::{HitTile, number_text};
use super::super::Screen;
use crate::engine::gallery::FaceKey;
use crate::face::Part;

/// What a tile shows besides its picture.
pub(super) struct Tile<'a> {
    pub key: FaceKey,
    /// Tells apart the places where one face is shown twice.
    pub salt: &'a str,
    /// Said after the name: "0.87", "identity 0.87"; none where there is nothing to say.
    pub score: Option<String>,
    /// Over its lower edge.
    pub caption: Option<String>,
    /// How like the query each part is.
    pub parts: Option<[f32; 4]>,
    pub chosen: bool,
    /// What a click does; none for opening it.
    pub click: Option<GalleryCommand>,
}

impl<'a> Tile<'a> {
    /// A face and no more.
    pub fn plain(key: FaceKey, salt: &'a str) -> Self {
        Tile { key, salt, score: None, caption: None, parts: None, chosen: false, click: None }
    }

    /// Draws it into a square, and notes that it is in sight.
    pub fn show(self, ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, rect: Rect) {
        if !sight.contains(&self.key) {
            sight.push(self.key);
        }
        let state = screen.state;
        let shelf = &state.gallery.shelf;
        let name = match &self.score {
            Some(score) => format!("{}, {score}", shelf.name(self.key)),
            None => shelf.name(self.key),
        };
        let texture =
            shelf.thumbnail(self.key).and_then(|picture| screen.textures.get(&screen.context, picture, false));
        let tile = HitTile {
            key: self.key,
            name: &name,
            texture,
            caption: self.caption.as_deref(),
            chosen: self.chosen,
            picked: state.gallery.picked == Some(self.key),
        };
        let response = tile.show(ui, rect, self.salt);
        let entered = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        match self.click {
            // With the keyboard a face is picked up first, then put; put where it is, it is opened.
            None if entered && state.gallery.picked != Some(self.key) => {
                screen.ask(Command::Gallery(GalleryCommand::PickUp(Some(self.key))));
            }
            None if entered || response.clicked() => take(screen, self.key, Use::Edit),
            Some(click) if entered || response.clicked() => screen.ask(Command::Gallery(click)),
            _ => {}
        }
        response.context_menu(|ui| menu(ui, screen, self.key));
        let about = state.gallery.shelf.about(self.key);
        response.on_hover_ui(|ui| explain(ui, &name, about.map(|about| &**about), self.parts));
    }
}

fn take(screen: &mut Screen, key: FaceKey, used: Use) {
    screen.ask(Command::Gallery(GalleryCommand::Use(key, used)));
}

fn menu(ui: &mut Ui, screen: &mut Screen, key: FaceKey) {
    for (text, name, command) in [
        ("Edit", "Edit this face", GalleryCommand::Use(key, Use::Edit)),
        ("Use as source", "Use as source", GalleryCommand::Use(key, Use::Source)),
        ("Use as target", "Use as target", GalleryCommand::Use(key, Use::Target)),
        ("Query by this", "Query by this", GalleryCommand::Use(key, Use::Query)),
        ("Add to the query", "Add to the query", GalleryCommand::Use(key, Use::AddToQuery)),
        ("Show file", "Show file", GalleryCommand::ShowFile(key)),
    ] {
        let response = ui.button(text);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        if response.clicked() {
            screen.ask(Command::Gallery(command));
            ui.close();
        }
    }
}

/// What is known of a face, while the pointer rests on it.
fn explain(ui: &mut Ui, name: &str, about: Option<&About>, parts: Option<[f32; 4]>) {
    ui.label(RichText::new(name).strong());
    if let Some(about) = about {
        if !about.labels.is_empty() {
            ui.label(&about.labels);
        }
        ui.add(Label::new(RichText::new(about.file.display().to_string()).small().weak()).wrap());
        if about.missing {
            ui.label(RichText::new("The file is no longer there").small().color(ui.visuals().warn_fg_color));
        }
    }
    let Some(parts) = parts else { return };
    for (part, likeness) in Part::ALL.into_iter().zip(parts) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = theme::SPACE;
            ui.label(RichText::new(number_text(likeness, 2)).monospace().small());
            let colour = theme::part_colour(ui.visuals(), part);
            ui.label(RichText::new(sentence_case(part.name())).small().color(colour));
        });
    }
}
