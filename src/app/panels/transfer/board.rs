//! The board itself: sources along the top, targets down the left, a cell where they meet. The edges stay in sight while
//! the cells scroll; only cells in sight are drawn.

use std::ops::Range;

use eframe::egui::{
    Align, Label, Layout, Pos2, Rect, RichText, ScrollArea, Sense, TextureId, Ui, UiBuilder, Vec2, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::state::State;
use super::super::super::theme;
use super::super::super::transfer::{Column, Row, Side, Sight, Spot, TransferCommand};
use super::super::super::widgets::BoardCell;
use super::super::Screen;
use super::slots;

/// From one face to the next, and the breadth of the edges.
pub const STRIDE: f32 = 25.0 * theme::SPACE;
/// Side of a cell.
const CELL: f32 = STRIDE - theme::SPACE;

/// What a place shows: its newest picture, or the one before as long as the newest is not on the graphics card.
pub fn texture(screen: &mut Screen, spot: Spot) -> Option<TextureId> {
    let shown = screen.state.transfer.pictures.shown(spot)?;
    let newest = screen.textures.get(&screen.context, &shown.picture, false);
    newest.or_else(|| screen.textures.get(&screen.context, shown.before.as_ref()?, false))
}

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let room = ui.available_rect_before_wrap();
    ui.allocate_rect(room, Sense::hover());
    let first = room.min + Vec2::splat(STRIDE + theme::SPACE);
    let cells_room = Rect::from_min_max(first, room.max.max(first));
    let top = Rect::from_min_max(pos2(first.x, room.top()), pos2(cells_room.right(), room.top() + STRIDE));
    let left = Rect::from_min_max(pos2(room.left(), first.y), pos2(room.left() + STRIDE, cells_room.bottom()));
    slots::corner(ui, screen, Rect::from_min_size(room.min, Vec2::splat(STRIDE)));
    // The first frame has no plan yet; the edges begin where the cells do.
    let start = if has_cells(screen.state) { cells(ui, screen, cells_room) } else { hint(ui, screen, cells_room) };
    slots::show(ui, screen, Side::Sources, top, start.x);
    slots::show(ui, screen, Side::Targets, left, start.y);
    if screen.state.transfer.board.mixed {
        brace(ui, screen.state, top, start.x);
    }
}

fn has_cells(state: &State) -> bool {
    let plan = &state.transfer.plan;
    !plan.rows.is_empty() && !plan.columns.is_empty()
}

/// The cells in sight; where the first of all begins, in points of the window.
fn cells(ui: &mut Ui, screen: &mut Screen, room: Rect) -> Pos2 {
    let plan = &screen.state.transfer.plan;
    let size = vec2(plan.places() as f32, plan.rows.len() as f32) * STRIDE;
    let builder = UiBuilder::new().id_salt("cells").max_rect(room);
    let area = ScrollArea::both().auto_shrink([false, false]).id_salt("board");
    let shown = ui.scope_builder(builder, |ui| {
        area.show_viewport(ui, |ui, viewport| {
            let (_, whole) = ui.allocate_space(size);
            let sight = Sight {
                rows: in_sight(viewport.top(), viewport.bottom(), plan.rows.len()),
                places: in_sight(viewport.left(), viewport.right(), plan.places()),
            };
            for (at, row) in plan.rows.iter().enumerate().filter(|(at, _)| sight.rows.contains(at)) {
                for column in plan.columns.iter().filter(|column| sight.places.contains(&column.place)) {
                    let corner = whole.min + vec2(column.place as f32, at as f32) * STRIDE;
                    cell(ui, screen, Rect::from_min_size(corner, Vec2::splat(CELL)), row, column);
                }
            }
            (whole.min, sight)
        })
    });
    let (start, sight) = shown.inner.inner;
    if sight != screen.state.transfer.sight {
        screen.ask(Command::Transfer(TransferCommand::Look(sight)));
    }
    start
}

/// The places between two distances from the first.
fn in_sight(from: f32, to: f32, count: usize) -> Range<usize> {
    let first = ((from / STRIDE).floor().max(0.0) as usize).min(count);
    first..((to / STRIDE).ceil().max(0.0) as usize).clamp(first, count)
}

fn cell(ui: &Ui, screen: &mut Screen, rect: Rect, row: &Row, column: &Column) {
    let spot = Spot::Cell(row.seat.id, column.key);
    let name = format!("{} with {}", row.seat.name, column.name);
    let lacks = column.recipe.as_ref().err().or(row.code.as_ref().err());
    let cell = BoardCell { name: &name, texture: texture(screen, spot), enabled: lacks.is_none() };
    let response = cell.show(ui, rect, ui.make_persistent_id(("cell", spot)));
    if response.clicked() {
        screen.ask(Command::Transfer(TransferCommand::OpenCell(row.seat.id, column.key)));
    }
    response.on_hover_text(match lacks {
        None => format!("{name}; click to open it in the editor"),
        Some(sentence) => sentence.clone(),
    });
}

/// Under the sources that are mixed: together they are the first column.
fn brace(ui: &Ui, state: &State, strip: Rect, start: f32) {
    let count = state.transfer.plan.sources.len();
    if count > 1 {
        let line = (theme::STRONG_LINE, theme::accent(ui.visuals()));
        let (left, right) = (start + theme::SPACE, start + count as f32 * STRIDE - 2.0 * theme::SPACE);
        ui.painter().with_clip_rect(strip).hline(left..=right, strip.bottom() - theme::LINE, line);
    }
}

/// What is to be done where there is no cell yet; where the first would begin.
fn hint(ui: &mut Ui, screen: &mut Screen, room: Rect) -> Pos2 {
    let state = screen.state;
    let [heading, explanation] = words(state);
    let layout = Layout::top_down(Align::Center);
    let builder = UiBuilder::new().id_salt("hint").max_rect(room.shrink(4.0 * theme::SPACE)).layout(layout);
    ui.scope_builder(builder, |ui| {
        ui.add_space(room.height() * 0.2);
        ui.add(Label::new(RichText::new(heading).size(theme::HEADING)).wrap());
        ui.add_space(theme::SPACE);
        ui.add(Label::new(explanation).wrap());
        ui.add_space(2.0 * theme::SPACE);
        let marked = state.faces.iter().filter(|face| face.record.square.is_some()).count();
        if marked >= 2 {
            screen
                .button(ui, true, "Fill from the tray", Command::Transfer(TransferCommand::Fill))
                .on_hover_text("The open face takes, the others of the tray give, up to eight of them");
        } else {
            screen.button(ui, true, "Open the sample faces", Command::OpenSamples);
        }
    });
    room.min
}

fn words(state: &State) -> [&'static str; 2] {
    const HOW: &str = "Drag them from the tray below. With the keyboard, pick a face up with Enter, go there with Tab and \
                       put it with Enter.";
    let plan = &state.transfer.plan;
    match (plan.columns.is_empty(), plan.rows.is_empty()) {
        (true, true) => [
            "Put the faces that give along the top, and those that take down the left",
            "Each cell then shows a target with what its source gives. Drag faces from the tray below, or pick one up \
             with Enter, go there with Tab and put it with Enter.",
        ],
        (true, false) => ["Now put the faces that give along the top", HOW],
        _ => ["Now put the faces that take down the left", HOW],
    }
}
