//! The map: every face of the index a point in a plane, near each other what is alike in one part. It is zoomed, moved
//! and asked; where few are in sight, they are shown themselves.

use eframe::egui::accesskit::Role;
use eframe::egui::{
    Button, Color32, CursorIcon, EventFilter, FontId, Id, Key, LayerId, Mesh, Order, Pos2, Rect, Response, RichText,
    Sense, Shape, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::dials::sentence_case;
use super::super::super::gallery::map::{Drawn, MapLook};
use super::super::super::gallery::{GalleryCommand, Use};
use super::super::super::theme;
use super::super::Screen;
use super::says;
use super::tile::Tile;
use crate::engine::gallery::FaceKey;
use crate::face::Part;

/// Points drawn at most; of more, every second, fourth and so on is.
const DRAWN: usize = 6000;
/// Up to so many faces in sight are shown by their pictures.
const PICTURED: usize = 60;
/// Sides of a point and of a small face.
const POINT: f32 = 3.0;
const FACE: f32 = 12.0 * theme::SPACE;
/// How near the pointer must be to a point, in points of the screen.
const REACH: f32 = 10.0;
/// Points of scrolling that zoom by a factor of e.
const SCROLL_PER_ZOOM: f32 = 200.0;
/// Zoom of one key press, and points of one arrow key.
const KEY_ZOOM: f32 = 1.25;
const KEY_PAN: f32 = 32.0;
/// The whole of a texture.
const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let map = &state.gallery.map;
    ui.horizontal_wrapped(|ui| parts(ui, screen));
    if map.failed == Some((map.part, state.gallery.revisions.faces)) {
        says(ui, "The map could not be drawn.");
        screen.button(ui, true, "Draw it again", Command::Gallery(GalleryCommand::MapBy(map.part)));
        return;
    }
    match &map.drawn {
        // Until there is one by the chosen part, the one before it stays.
        Some(drawn) => plane(ui, screen, sight, drawn),
        None => says(ui, "The map is being drawn…"),
    }
}

/// Which part it is drawn by, and how much of it the plane tells.
fn parts(ui: &mut Ui, screen: &mut Screen) {
    ui.spacing_mut().item_spacing.x = theme::SPACE;
    let map = &screen.state.gallery.map;
    for part in Part::ALL {
        let on = map.part == part;
        let text = RichText::new(sentence_case(part.name())).color(theme::part_colour(ui.visuals(), part));
        let response = ui.add(Button::new(text).selected(on).frame_when_inactive(on));
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, format!("Map by {part}")));
        if response.clicked() && !on {
            screen.ask(Command::Gallery(GalleryCommand::MapBy(part)));
        }
        response.on_hover_text(format!("Near each other lies what is alike in {part}"));
    }
    if let Some(drawn) = map.drawn.as_ref().filter(|drawn| drawn.part == map.part) {
        let [first, second] = drawn.explained.map(|share| 100.0 * share);
        let text = format!("its two widest directions, {first:.0} and {second:.0} % of all differences");
        ui.label(RichText::new(text).small().weak())
            .on_hover_text("The less they tell, the more faces lie side by side here that are not alike");
    }
    if map.drawn.as_ref().is_some_and(|drawn| drawn.part != map.part) {
        ui.label(RichText::new("being drawn…").small().weak());
    }
    let all = map.look == MapLook::default();
    screen
        .named(ui, !all, "Fit", "Show the whole map", Command::Gallery(GalleryCommand::LookAtMap(MapLook::default())))
        .on_hover_text("Scroll to come nearer, drag to move, click a face to open it");
}

/// The plane on the screen: its second axis points upwards.
#[derive(Clone, Copy)]
struct View {
    rect: Rect,
    look: MapLook,
}

impl View {
    /// Points of the screen to one of the plane.
    fn scale(&self) -> f32 {
        (self.rect.size().min_elem() / 2.0 - REACH).max(1.0) * self.look.zoom
    }

    fn place(&self, [x, y]: [f32; 2]) -> Pos2 {
        self.rect.center() + self.scale() * vec2(x - self.look.centre[0], self.look.centre[1] - y)
    }

    fn point(&self, at: Pos2) -> [f32; 2] {
        let way = (at - self.rect.center()) / self.scale();
        [self.look.centre[0] + way.x, self.look.centre[1] - way.y]
    }

    /// The lowest and the highest corner that is in sight.
    fn corners(&self) -> [[f32; 2]; 2] {
        [self.point(self.rect.left_bottom()), self.point(self.rect.right_top())]
    }

    fn panned(mut self, by: Vec2) -> Self {
        let by = by / self.scale();
        self.look.centre = [self.look.centre[0] - by.x, self.look.centre[1] + by.y];
        self
    }

    /// What lies at `around` stays there.
    fn zoomed(mut self, around: Pos2, by: f32) -> Self {
        let fixed = self.point(around);
        self.look.zoom *= by;
        self.look = MapLook { centre: self.look.centre, ..self.look.checked() };
        let moved = self.point(around);
        self.look.centre = [0, 1].map(|axis| self.look.centre[axis] + fixed[axis] - moved[axis]);
        self
    }
}

fn plane(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, drawn: &Drawn) {
    let (rect, response) = ui.allocate_exact_size(ui.available_size().max(vec2(1.0, 1.0)), Sense::click_and_drag());
    let name = format!("Map of {}", drawn.part);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
    let before = screen.state.gallery.map.look;
    let view = moved(ui, &response, View { rect, look: before });
    let view = View { look: view.look.checked(), ..view };
    if view.look != before {
        screen.ask(Command::Gallery(GalleryCommand::LookAtMap(view.look)));
    }
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, theme::CORNER, theme::canvas_fill(ui.visuals()));
    let [low, high] = view.corners();
    let few = drawn.about(low, high) <= DRAWN && drawn.between(low, high, 1).take(PICTURED + 1).count() <= PICTURED;
    if few {
        faces(ui, screen, sight, drawn, view);
    } else {
        points(ui, drawn, view);
        ask_point(ui, screen, sight, drawn, view, &response);
    }
    if response.has_focus() {
        let line = (theme::STRONG_LINE, theme::accent(ui.visuals()));
        painter.rect_stroke(rect, theme::CORNER, line, StrokeKind::Inside);
    }
}

/// After what the hand and the keys did.
fn moved(ui: &Ui, response: &Response, view: View) -> View {
    let mut view = view;
    if response.dragged() {
        view = view.panned(response.drag_delta());
    }
    if ui.rect_contains_pointer(view.rect) {
        let (pointer, factor) = ui.input(|input| {
            let scroll = (input.smooth_scroll_delta().y / SCROLL_PER_ZOOM).exp();
            (input.pointer.hover_pos(), scroll * input.zoom_delta())
        });
        if let Some(pointer) = pointer.filter(|_| factor != 1.0) {
            view = view.zoomed(pointer, factor);
        }
    }
    if response.has_focus() {
        let (steps, way) = ui.input(|input| {
            let presses = |key| input.num_presses(key) as f32;
            let steps = presses(Key::Plus) + presses(Key::Equals) - presses(Key::Minus);
            let across = presses(Key::ArrowLeft) - presses(Key::ArrowRight);
            (steps, vec2(across, presses(Key::ArrowUp) - presses(Key::ArrowDown)))
        });
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        view = view.zoomed(view.rect.center(), KEY_ZOOM.powf(steps)).panned(KEY_PAN * way);
    }
    view
}

/// Every point in sight, or of many as many as can be told apart.
fn points(ui: &Ui, drawn: &Drawn, view: View) {
    let [low, high] = view.corners();
    let step = drawn.about(low, high).div_ceil(DRAWN).next_power_of_two();
    let colour = theme::part_colour(ui.visuals(), drawn.part).gamma_multiply(0.75);
    let mut mesh = Mesh::default();
    for place in drawn.between(low, high, step) {
        mesh.add_colored_rect(Rect::from_center_size(view.place(drawn.points[place]), Vec2::splat(POINT)), colour);
    }
    ui.painter_at(view.rect).add(Shape::mesh(mesh));
}

/// Few faces, each where it lies; those in front were indexed last.
fn faces(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, drawn: &Drawn, view: View) {
    let [low, high] = view.corners();
    let ui =
        &mut ui.new_child(UiBuilder::new().scope_id(ui.make_persistent_id("faces of the map")).max_rect(view.rect));
    ui.set_clip_rect(view.rect.intersect(ui.clip_rect()));
    for place in drawn.between(low, high, 1) {
        let rect = Rect::from_center_size(view.place(drawn.points[place]), Vec2::splat(FACE));
        Tile::plain(drawn.keys[place], "map").show(ui, screen, sight, rect);
    }
}

/// The point under the pointer: who it is, and opened by a click.
fn ask_point(ui: &Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>, drawn: &Drawn, view: View, response: &Response) {
    let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else { return };
    let Some(place) = drawn.nearest(view.point(pointer), REACH / view.scale()) else { return };
    let key = drawn.keys[place];
    sight.push(key);
    ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
    let line = (theme::STRONG_LINE, ui.visuals().strong_text_color());
    ui.painter_at(view.rect).circle_stroke(view.place(drawn.points[place]), 2.0 * POINT, line);
    card(ui, screen, key, pointer, view.rect);
    if response.clicked() {
        screen.ask(Command::Gallery(GalleryCommand::Use(key, Use::Edit)));
    }
}

/// A small picture beside the pointer, with the name below; it stays inside the plane.
fn card(ui: &Ui, screen: &mut Screen, key: FaceKey, pointer: Pos2, within: Rect) {
    let shelf = &screen.state.gallery.shelf;
    let name = shelf.name(key);
    let texture = shelf.thumbnail(key).and_then(|picture| screen.textures.get(&screen.context, picture, false));
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("face of the map")));
    let (font, colour) = (FontId::proportional(theme::SMALL), ui.visuals().text_color());
    let words = painter.layout_no_wrap(name, font, colour);
    let margin = Vec2::splat(theme::SPACE);
    let size = vec2(theme::HIT.max(words.size().x), theme::HIT + words.size().y) + 3.0 * margin;
    let corner =
        |at: f32, size: f32, end: f32| if at + 3.0 * REACH + size < end { at + REACH } else { at - REACH - size };
    let at = pos2(corner(pointer.x, size.x, within.right()), corner(pointer.y, size.y, within.bottom()));
    let frame = Rect::from_min_size(at, size);
    painter.rect_filled(frame, theme::CORNER, ui.visuals().panel_fill);
    let line = ui.visuals().window_stroke;
    painter.rect_stroke(frame, theme::CORNER, line, StrokeKind::Inside);
    let picture = Rect::from_min_size(at + margin, Vec2::splat(theme::HIT));
    match texture {
        Some(texture) => painter.image(texture, picture, WHOLE, Color32::WHITE),
        None => painter.rect_filled(picture, theme::CORNER, theme::track_fill(ui.visuals())),
    };
    painter.galley(pos2(picture.left(), picture.bottom() + theme::SPACE), words, colour);
}
