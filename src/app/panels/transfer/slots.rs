//! The sides of the board: places for faces from the tray, the gallery and the desktop. A face is dragged there, or picked
//! up with Enter and put with Enter.

use eframe::egui::emath::GuiRounding;
use eframe::egui::epaint::StrokeKind;
use eframe::egui::{
    Align2, Button, Context, DragAndDrop, FontId, Id, Pos2, Rect, RichText, Role, Sense, TextStyle, TextWrapMode, Ui,
    UiBuilder, Vec2, WidgetInfo, WidgetText, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::gallery::{GalleryCommand, Use};
use super::super::super::state::{Face, Purpose};
use super::super::super::theme;
use super::super::super::transfer::{Column, ColumnKey, Row, Side, Spot, TransferCommand};
use super::super::super::widgets::{FaceTile, HeldFace, HeldHit, drop_frame, is_held};
use super::super::{CROSS, Screen};
use super::board::{STRIDE, texture};
use crate::face::Part;

impl Side {
    /// What the slot is called, and what is put there.
    fn words(self) -> [&'static str; 2] {
        match self {
            Side::Sources => ["Sources", "Drop the faces that give here"],
            Side::Targets => ["Targets", "Drop the faces that take here"],
        }
    }

    /// What a face of the gallery becomes here.
    fn of_hit(self) -> Use {
        match self {
            Side::Sources => Use::Source,
            Side::Targets => Use::Target,
        }
    }
}

/// Under which name a slot leaves where it lies.
fn slot_id(side: Side) -> Id {
    Id::unique(("slot of the board", side))
}

/// The slot under the pointer: what is dropped from the desktop goes there, where the desktop says where that is.
pub fn side_under_pointer(context: &Context) -> Option<Side> {
    let at = context.input(|input| input.pointer.latest_pos())?;
    let lies_under = |side: &Side| {
        let slot = context.data(|data| data.get_temp::<Rect>(slot_id(*side)));
        slot.is_some_and(|slot| slot.contains(at))
    };
    Side::ALL.into_iter().find(lies_under)
}

/// One side, in `strip`; its first place begins at `start` along it, in points of the window.
pub fn show(ui: &mut Ui, screen: &mut Screen, side: Side, strip: Rect, start: f32) {
    ground(ui, screen, side, strip);
    let mut child = ui.new_child(UiBuilder::new().id_salt(("heads", side)).max_rect(strip));
    child.shrink_clip_rect(strip);
    let plan = &screen.state.transfer.plan;
    let rows = if side == Side::Sources { &plan.sources } else { &plan.rows };
    for (place, row) in rows.iter().enumerate() {
        let rect = place_rect(side, strip, start, place);
        if child.is_rect_visible(rect) {
            face(&mut child, screen, side, rect, row);
        }
    }
    let mut empty = rows.is_empty();
    if side == Side::Sources {
        for column in &plan.columns {
            let ColumnKey::Recipe(id) = column.key else { continue };
            empty = false;
            let rect = place_rect(side, strip, start, column.place);
            if child.is_rect_visible(rect) {
                recipe(&mut child, screen, rect, id, column);
            }
        }
    }
    if empty {
        let (font, colour) = (TextStyle::Small.resolve(ui.style()), ui.visuals().weak_text_color());
        let galley = ui.painter().layout(side.words()[1].to_owned(), font, colour, strip.width() - 4.0 * theme::SPACE);
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), strip).min;
        ui.painter().galley(at.round_ui(), galley, colour);
    }
    drops(ui, screen, side, strip, start);
}

fn place_rect(side: Side, strip: Rect, start: f32, place: usize) -> Rect {
    let along = start + place as f32 * STRIDE;
    let corner = match side {
        Side::Sources => pos2(along, strip.top()),
        Side::Targets => pos2(strip.left(), along),
    };
    Rect::from_min_size(corner, Vec2::splat(STRIDE))
}

/// What takes a face that was picked up with the keyboard.
fn ground(ui: &Ui, screen: &mut Screen, side: Side, strip: Rect) {
    let [name, hint] = side.words();
    let response = ui.interact(strip, ui.make_persistent_id(("slot", side)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    ui.data_mut(|data| data.insert_temp(slot_id(side), strip));
    ui.painter().rect_filled(strip, theme::CORNER, ui.visuals().faint_bg_color);
    if response.has_focus() {
        drop_frame(ui, strip);
    }
    if response.clicked() {
        if let Some(id) = screen.state.picked {
            screen.ask(Command::Transfer(TransferCommand::Put(side, id, None)));
        } else if let Some(key) = screen.state.gallery.picked {
            screen.ask(Command::Gallery(GalleryCommand::Use(key, side.of_hit())));
        }
    }
    response.on_hover_text(format!(
        "{hint}, from the tray, the gallery or the desktop; or pick one up with Enter and put it here with Enter"
    ));
}

/// A face that stands there.
fn face(ui: &mut Ui, screen: &mut Screen, side: Side, rect: Rect, row: &Row) {
    let state = screen.state;
    let (id, name) = (row.seat.id, &row.seat.name);
    let Some(face) = state.face(id) else { return };
    let drawn = texture(screen, Spot::Face(id));
    let kept = face.tile.as_ref().filter(|_| drawn.is_none());
    let texture = drawn.or_else(|| kept.and_then(|tile| screen.textures.get(&screen.context, tile, false)));
    let key = ColumnKey::Face(id);
    let several = side == Side::Sources && !state.transfer.board.mixed && state.transfer.plan.columns.len() > 1;
    let spoken = format!("{name} in the {}", side.name());
    let tile = FaceTile {
        id,
        name: &spoken,
        texture,
        chosen: several && state.transfer.chosen_column().is_some_and(|column| column.key == key),
        picked: false,
        badge: badge(face),
        side: theme::TILE,
    };
    let place = tile_rect(rect);
    let response = ui.scope_builder(UiBuilder::new().id_salt(("head", id)).max_rect(place), |ui| tile.show(ui)).inner;
    if response.clicked() {
        screen.ask(match side {
            Side::Sources => Command::Transfer(TransferCommand::Choose(key)),
            Side::Targets => Command::OpenFace(id),
        });
    }
    let remove = Command::Transfer(TransferCommand::Remove(side, id));
    response.context_menu(|ui| menu(ui, screen, side, id, &remove));
    cross(ui, screen, place, &format!("Remove {name} from the {}", side.name()), remove);
    caption(ui, rect, name);
}

fn badge(face: &Face) -> Option<&'static str> {
    if face.record.square.is_none() {
        Some("unmarked")
    } else if face.unseeable {
        Some("no code")
    } else {
        None
    }
}

fn menu(ui: &mut Ui, screen: &mut Screen, side: Side, id: u64, remove: &Command) {
    let saves = side == Side::Sources && !screen.state.transfer.board.mixed;
    if saves && ui.button("Save its recipe…").clicked() {
        screen.ask(Command::Transfer(TransferCommand::Choose(ColumnKey::Face(id))));
        screen.ask(Command::Ask(Purpose::SaveRecipe));
        ui.close();
    }
    for (name, command) in [("Open in the editor", Command::OpenFace(id)), ("Take off the board", remove.clone())] {
        if screen.button(ui, true, name, command).clicked() {
            ui.close();
        }
    }
}

/// A recipe that was loaded.
fn recipe(ui: &mut Ui, screen: &mut Screen, rect: Rect, id: u64, column: &Column) {
    let place = tile_rect(rect);
    let chosen = screen.state.transfer.chosen_column().is_some_and(|chosen| chosen.key == column.key);
    let several = screen.state.transfer.plan.columns.len() > 1;
    let words = RichText::new("Recipe").size(theme::SMALL);
    let button = Button::new(words).selected(chosen && several).min_size(place.shrink(theme::SPACE).size());
    let builder = UiBuilder::new().id_salt(("recipe", id)).max_rect(place.shrink(theme::SPACE));
    let response = ui.scope_builder(builder, |ui| ui.add(button)).inner;
    let spoken = format!("Recipe {}", column.name);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen && several, &spoken));
    if response.clicked() {
        screen.ask(Command::Transfer(TransferCommand::Choose(column.key)));
    }
    let given = column.recipe.as_ref().map(|recipe| {
        let parts: Vec<&str> = recipe.gifts.iter().map(|gift| gift.part.name()).collect();
        parts.join(", ")
    });
    response.on_hover_text(match given {
        Ok(parts) => format!("{spoken}, which gives {parts}"),
        Err(sentence) => sentence.clone(),
    });
    let remove = Command::Transfer(TransferCommand::RemoveRecipe(id));
    cross(ui, screen, place, &format!("Remove {} from the sources", column.name), remove);
    caption(ui, rect, &column.name);
}

fn tile_rect(rect: Rect) -> Rect {
    let corner = pos2(rect.center().x - theme::TILE / 2.0, rect.top() + theme::SPACE / 2.0);
    Rect::from_min_size(corner, Vec2::splat(theme::TILE)).round_ui()
}

/// What takes it off the board, at the corner of its picture.
fn cross(ui: &mut Ui, screen: &mut Screen, tile: Rect, name: &str, command: Command) {
    screen.cross(ui, tile.right_top() - vec2(CROSS / 2.0 - theme::SPACE, 0.0), name, command);
}

/// The name, below the picture.
fn caption(ui: &Ui, rect: Rect, name: &str) {
    let words = WidgetText::from(name);
    let width = rect.width() - 2.0 * theme::SPACE;
    let galley = words.into_galley(ui, Some(TextWrapMode::Truncate), width, TextStyle::Small);
    let at = pos2(rect.center().x - galley.size().x / 2.0, tile_rect(rect).bottom() + theme::SPACE / 2.0);
    ui.painter().galley(at.round_ui(), galley, ui.visuals().text_color());
}

/// Lights up while a face is held, and takes one that is let go of.
fn drops(ui: &Ui, screen: &mut Screen, side: Side, strip: Rect, start: f32) {
    let [face, hit] = [is_held::<HeldFace>(ui), is_held::<HeldHit>(ui)];
    if !face && !hit {
        return;
    }
    let Some(at) = ui.input(|input| input.pointer.interact_pos()).filter(|at| strip.contains(*at)) else {
        let line = (theme::LINE, theme::accent(ui.visuals()));
        ui.painter().rect_stroke(strip, theme::CORNER, line, StrokeKind::Inside);
        return;
    };
    drop_frame(ui, strip);
    if !ui.input(|input| input.pointer.any_released()) {
        return;
    }
    if face && let Some(held) = DragAndDrop::take_payload::<HeldFace>(ui.ctx()) {
        let place = place_at(screen, side, at, start);
        screen.ask(Command::Transfer(TransferCommand::Put(side, held.0, place)));
    } else if hit && let Some(held) = DragAndDrop::take_payload::<HeldHit>(ui.ctx()) {
        screen.ask(Command::Gallery(GalleryCommand::Use(held.0, side.of_hit())));
    }
}

/// Before whom a face is put that is let go of there; none for the end.
fn place_at(screen: &Screen, side: Side, at: Pos2, start: f32) -> Option<usize> {
    let desk = &screen.state.transfer;
    let (along, rows) = match side {
        Side::Sources => (at.x - start, &desk.plan.sources),
        Side::Targets => (at.y - start, &desk.plan.rows),
    };
    // Left of the middle of a face is before it.
    let before = rows.get((along / STRIDE + 0.5).max(0.0) as usize)?;
    desk.board.side(side).iter().position(|id| *id == before.seat.id)
}

/// The free corner: what the sides are, and what is given.
pub fn corner(ui: &Ui, screen: &Screen, rect: Rect) {
    let (painter, visuals) = (ui.painter(), ui.visuals());
    let font = FontId::proportional(theme::SMALL);
    let weak = visuals.weak_text_color();
    let inner = rect.shrink(theme::SPACE);
    painter.text(inner.right_top(), Align2::RIGHT_TOP, "Sources ▸", font.clone(), weak);
    painter.text(inner.left_bottom(), Align2::LEFT_BOTTOM, "Targets ▾", font.clone(), weak);
    let board = &screen.state.transfer.board;
    let given = Part::ALL.into_iter().zip(board.strengths());
    let lines: Vec<_> = given.filter_map(|(part, strength)| Some((part, strength?))).collect();
    let height = theme::SMALL + 2.0;
    let top = inner.center().y - height * lines.len() as f32 / 2.0;
    for (line, (part, strength)) in lines.into_iter().enumerate() {
        let text = if strength == 1.0 { part.to_string() } else { format!("{part} {:.0} %", 100.0 * strength) };
        let at = pos2(inner.center().x, top + height * (line as f32 + 0.5));
        painter.text(at, Align2::CENTER_CENTER, text, font.clone(), theme::part_colour(visuals, part));
    }
}
