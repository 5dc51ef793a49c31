//! The tray: the faces at hand. They are opened with a click or Enter, dragged from here to wherever a face is taken,
//! and have their own menu.

use eframe::egui::{
    Align2, Button, Direction, FontId, Id, Key, LayerId, Layout, Order, Panel, Response, RichText, Role, ScrollArea,
    Ui, WidgetInfo, vec2,
};

use super::super::command::Command;
use super::super::gallery::{GalleryCommand, Use};
use super::super::state::{Face, Purpose};
use super::super::theme;
use super::super::transfer::{Side, TransferCommand};
use super::super::widgets::{FaceTile, HeldHit, drop_frame, is_held, let_go};
use super::Screen;
use crate::face::Edit;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let tray = Panel::bottom("tray").exact_size(theme::TRAY_HEIGHT).resizable(false).show(ui, |ui| {
        ui.add_space(theme::SPACE);
        ui.horizontal_top(|ui| {
            add(ui, screen);
            tiles(ui, screen);
        });
    });
    take_hit(ui, screen, &tray.response);
}

/// A face of the index that is held over the tray, or let go of there.
fn take_hit(ui: &Ui, screen: &mut Screen, tray: &Response) {
    if let Some(HeldHit(key)) = let_go(tray) {
        screen.ask(Command::Gallery(GalleryCommand::Use(key, Use::Tray)));
    }
    if !is_held::<HeldHit>(ui) {
        return;
    }
    drop_frame(ui, tray.rect.shrink(2.0));
    if tray.dnd_hover_payload::<HeldHit>().is_some() {
        let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, Id::unique("let go")));
        painter.rect_filled(tray.rect.shrink(2.0), theme::CORNER, ui.visuals().panel_fill.gamma_multiply(0.86));
        let (font, colour) = (FontId::proportional(theme::HEADING), ui.visuals().strong_text_color());
        painter.text(tray.rect.center(), Align2::CENTER_CENTER, "Let go to open", font, colour);
    }
}

fn add(ui: &mut Ui, screen: &mut Screen) {
    let size = vec2(theme::TILE * 0.6, theme::TILE);
    let button = Button::new(RichText::new("+").size(theme::HEADING));
    let response =
        ui.allocate_ui_with_layout(size, Layout::centered_and_justified(Direction::LeftToRight), |ui| ui.add(button));
    let response = response.inner;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Add faces"));
    if response.clicked() {
        screen.ask(Command::Ask(Purpose::OpenPictures));
    }
    response.on_hover_text("Add faces: open pictures or a folder, or paste one");
}

/// Only those in sight are drawn.
fn tiles(ui: &mut Ui, screen: &mut Screen) {
    let count = screen.state.faces.len();
    if count == 0 {
        ui.label(RichText::new("No faces yet").weak());
        screen.button(ui, true, "Samples", Command::OpenSamples).on_hover_text("Open the sample faces");
        return;
    }
    let width = theme::TILE + theme::SPACE;
    ScrollArea::horizontal().auto_shrink([false, false]).show_viewport(ui, |ui, viewport| {
        ui.set_width(width * count as f32);
        ui.set_height(theme::TILE);
        let first = (viewport.left() / width).floor().max(0.0) as usize;
        let last = ((viewport.right() / width).ceil() as usize).min(count);
        ui.spacing_mut().item_spacing.x = theme::SPACE;
        ui.horizontal(|ui| {
            if first > 0 {
                ui.add_space(first as f32 * width - theme::SPACE);
            }
            for place in first..last {
                tile(ui, screen, place);
            }
        });
    });
}

fn tile(ui: &mut Ui, screen: &mut Screen, place: usize) {
    let state = screen.state;
    let face = &state.faces[place];
    let id = face.record.id;
    let texture = face.tile.as_ref().and_then(|tile| screen.textures.get(&screen.context, tile, false));
    let tile = FaceTile {
        id,
        name: &face.record.name,
        texture,
        chosen: state.open == Some(id),
        picked: state.picked == Some(id),
        badge: badge(face),
        side: theme::TILE,
    };
    let response = ui.push_id(id, |ui| tile.show(ui)).inner;
    // With the keyboard a face is picked up first, then put; put where it is, it is opened.
    let entered = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if entered && state.picked != Some(id) {
        screen.ask(Command::PickUp(Some(id)));
    } else if entered || response.clicked() {
        screen.ask(Command::OpenFace(id));
    }
    response.context_menu(|ui| {
        let has_file = face.record.path.is_some();
        for (enabled, name, command) in [
            (true, "Rename…", Command::Ask(Purpose::Rename(id))),
            (true, "Add to sources", Command::Transfer(TransferCommand::Put(Side::Sources, id, None))),
            (true, "Add to targets", Command::Transfer(TransferCommand::Put(Side::Targets, id, None))),
            (has_file, "Show file", Command::ShowFile(id)),
            (true, "Remove from the tray", Command::Remove(id)),
        ] {
            if screen.button(ui, enabled, name, command).clicked() {
                ui.close();
            }
        }
    });
}

fn badge(face: &Face) -> Option<&'static str> {
    if face.record.square.is_none() {
        Some("unmarked")
    } else if face.record.edit != Edit::default() {
        Some("edited")
    } else {
        None
    }
}
