//! The place beside the face that is looked at, for a face of the tray to compare it with; and how far the two are
//! apart, an angle a part.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Label, Role, Ui, WidgetInfo, vec2};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::gallery::{GalleryCommand, Use};
use super::super::super::labels::{LabelsCommand, compared, words};
use super::super::super::theme;
use super::super::super::widgets::{FaceSlot, number_text};
use super::super::{Put, Screen, page};
use crate::engine::audit::Card;
use crate::face::Part;

/// How far from the picture's right edge the cross begins that takes the face away.
const FROM_EDGE: f32 = 3.0 * theme::SPACE;

/// The place, with what is put there and a cross that takes it away.
pub(super) fn slot(ui: &mut Ui, screen: &mut Screen, side: f32) {
    let face = compared::face(screen.state);
    let name = face.map(|face| face.record.name.as_str());
    let tile = face.and_then(|face| face.tile.as_ref());
    let slot = FaceSlot {
        name: "Compare with",
        hint: "Drop a face of the tray here",
        holds: name,
        texture: tile.and_then(|tile| screen.textures.get(&screen.context, tile, false)),
        side,
    };
    let response = slot.show(ui);
    let compare = |with| Command::Labels(LabelsCommand::CompareWith(with));
    match screen.put(&response) {
        Some(Put::Face(id)) => screen.ask(compare(Some(id))),
        Some(Put::Hit(key)) => screen.ask(Command::Gallery(GalleryCommand::Use(key, Use::Compare))),
        None => {}
    }
    if let Some(name) = name {
        let corner = response.rect.right_top() + vec2(-FROM_EDGE, theme::SPACE);
        screen.cross(ui, corner, &format!("Remove {name} from the comparison"), compare(None));
    }
    response.on_hover_text(match name {
        Some(name) => format!("{name}, as it is in its photograph; another face that is put here takes its place"),
        None => words::COMPARE.to_owned(),
    });
}

/// How far the two faces are apart, or why that cannot be said; nothing while no face is compared.
pub(super) fn angles(ui: &mut Ui, screen: &Screen, card: Option<&Card>) {
    let Some(face) = compared::face(screen.state) else { return };
    match compared::apart(screen.state, face, card.map(|card| &card.code)) {
        Ok(angles) => {
            ui.horizontal_wrapped(|ui| {
                for part in Part::ALL {
                    angle(ui, part, angles.map(|angles| angles.part_deg(part)));
                }
            });
        }
        Err(sentence) => page::small(ui, &sentence),
    }
}

fn angle(ui: &mut Ui, part: Part, degrees: Option<f32>) {
    let number = degrees.map_or_else(|| "\u{2013}".to_owned(), |degrees| format!("{}°", number_text(degrees, 1)));
    let name = sentence_case(part.name());
    let visuals = ui.visuals();
    let mut text = LayoutJob::default();
    let letters = TextFormat::simple(FontId::proportional(theme::SMALL), theme::part_colour(visuals, part));
    text.append(&name, 0.0, letters);
    // As wide as the widest angle, so that nothing jumps.
    let digits = TextFormat::simple(FontId::monospace(theme::SMALL), visuals.text_color());
    text.append(&format!("{number:>6}"), theme::SPACE, digits);
    let response = ui.add(Label::new(text).extend());
    let spoken = match degrees {
        Some(_) => format!("{name} {number} apart"),
        None => format!("{name}, not measured yet"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(words::apart(part));
}
