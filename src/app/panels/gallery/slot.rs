//! The query's slot: faces are put into it from the tray, the list and the desktop, by hand or by keyboard; below it
//! stand those that are in it.

use std::sync::Arc;

use eframe::egui::{
    Align, Align2, Color32, FontId, Label, Layout, Pos2, Rect, Response, RichText, Role, Sense, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::gallery::query::{QueryFace, QueryOf};
use super::super::super::gallery::{GalleryCommand, Use};
use super::super::super::theme;
use super::super::super::widgets::{PartSlider, light_up};
use super::super::{Put, Screen};
use crate::engine::protocol::RgbImage;

const HIGH: f32 = 18.0 * theme::SPACE;
/// Once there is somebody in it.
const LOW: f32 = 10.0 * theme::SPACE;
/// Side of a face below it.
const SIDE: f32 = 10.0 * theme::SPACE;
/// The whole of a texture.
const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };

pub(super) fn show(ui: &mut Ui, screen: &mut Screen) {
    let empty = screen.state.gallery.query.is_empty();
    let size = vec2(ui.available_width(), if empty { HIGH } else { LOW });
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), "Query"));
    paint(ui, &response, rect, if empty { "Drop a face to look for" } else { "Drop one more to mix" });
    take(screen, &response);
    response.on_hover_text(
        "A face of the tray, of this list or a picture from the desktop; a face picked up with Enter is put here with \
         Enter",
    );
    let query = &screen.state.gallery.query;
    for (place, face) in query.iter().enumerate() {
        ui.push_id(place, |ui| entry(ui, screen, place, face, query.len() > 1));
    }
}

fn paint(ui: &Ui, response: &Response, rect: Rect, words: &str) {
    let visuals = ui.visuals();
    ui.painter().rect_filled(rect, theme::CORNER, visuals.extreme_bg_color);
    ui.painter().rect_stroke(rect, theme::CORNER, visuals.widgets.inactive.bg_stroke, StrokeKind::Inside);
    let (font, colour) = (FontId::proportional(theme::BODY), visuals.weak_text_color());
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, font, colour);
    light_up(ui, response, rect);
}

/// What is let go of over it, or put there with the keyboard.
fn take(screen: &mut Screen, response: &Response) {
    match screen.put(response) {
        Some(Put::Face(id)) => screen.ask(Command::Gallery(GalleryCommand::QueryBy(QueryOf::Face(id)))),
        Some(Put::Hit(key)) => screen.ask(Command::Gallery(GalleryCommand::Use(key, Use::AddToQuery))),
        None => {}
    }
}

/// One face of the query, with what it counts where there are several.
fn entry(ui: &mut Ui, screen: &mut Screen, place: usize, face: &QueryFace, several: bool) {
    ui.horizontal(|ui| {
        let state = screen.state;
        let tile = face.of.face().and_then(|id| state.face(id)?.tile.as_ref());
        portrait(ui, screen, face.picture.as_ref().or(tile));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = format!("Remove {} from the query", face.name);
            screen.sign(ui, true, false, "×", &name, Command::Gallery(GalleryCommand::Unquery(place)));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(&face.name)).truncate());
            });
        });
    });
    if !several {
        return;
    }
    let slider = PartSlider {
        name: &format!("Weight of {}", face.name),
        label: "Weight",
        part: None,
        range: [5.0, 100.0],
        shaded: None,
        own: 100.0,
        decimals: 0,
        suffix: " %",
        step: 5.0,
        enabled: true,
        hover: "How much this face counts in the mix that is looked for",
    };
    if let Some(percent) = slider.show(ui, 100.0 * face.weight).value {
        screen.ask(Command::Gallery(GalleryCommand::WeighFace(place, percent / 100.0)));
    }
}

fn portrait(ui: &mut Ui, screen: &mut Screen, picture: Option<&Arc<RgbImage>>) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(SIDE), Sense::hover());
    let texture = picture.and_then(|picture| screen.textures.get(&screen.context, picture, false));
    match texture {
        Some(texture) => ui.painter().image(texture, rect, WHOLE, Color32::WHITE),
        None => ui.painter().rect_filled(rect, theme::CORNER, theme::track_fill(ui.visuals())),
    };
}
