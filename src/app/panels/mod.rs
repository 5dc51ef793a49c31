//! What the window shows, one file a panel. A panel reads the state and answers with commands; it changes nothing, reads
//! no file and waits for nothing.

mod asking;
mod bar;
mod drawers;
mod evaluate;
mod gallery;
mod help;
mod inspector;
mod labels;
mod log;
mod menu;
mod page;
mod palette;
mod photograph;
mod rail;
mod section;
mod settings;
mod show;
mod stage;
mod status;
mod toolbar;
mod train;
mod transfer;
mod tray;

use eframe::egui::{
    Align, Align2, Button, Context, DragAndDrop, FontId, Id, LayerId, Layout, Order, Pos2, Rect, Response, RichText,
    Role, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
};

use super::canvas::Canvas;
use super::command::Command;
use super::state::{Drawer, FaceId, Panel, State};
use super::textures::Textures;
use super::theme;
use super::transfer::Side;
use super::widgets::{HeldFace, HeldHit, is_held, let_go};
use crate::engine::gallery::FaceKey;
use crate::face::Part;

pub use transfer::side_under_pointer;

/// Narrower than this, the inspector is a drawer.
pub const WIDE: f32 = 1200.0;
/// Height of the cross that takes away what stands in a place.
const CROSS: f32 = 4.5 * theme::SPACE;

/// What panels are given.
pub struct Screen<'a> {
    pub state: &'a State,
    pub canvas: &'a Canvas,
    pub textures: &'a mut Textures,
    /// What was asked for in this frame.
    pub commands: Vec<Command>,
    pub context: Context,
}

/// A face that is put into a place.
enum Put {
    /// One of the tray.
    Face(FaceId),
    /// One of an index.
    Hit(FaceKey),
}

impl Screen<'_> {
    pub fn ask(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Whether a part can be changed: it is not locked, and the weights know it.
    fn is_free(&self, part: Part) -> bool {
        !self.state.is_locked(part) && self.state.can_edit()
    }

    /// A button that asks for a command.
    fn button(&mut self, ui: &mut Ui, enabled: bool, text: &str, command: Command) -> Response {
        let response = ui.add_enabled(enabled, Button::new(text));
        if response.clicked() {
            self.ask(command);
        }
        response
    }

    /// A button that is called by more than it shows, where several show the same.
    fn named(&mut self, ui: &mut Ui, enabled: bool, text: &str, name: &str, command: Command) -> Response {
        let response = ui.add_enabled(enabled, Button::new(text));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
        if response.clicked() {
            self.ask(command);
        }
        response
    }

    /// A button that shows a sign and is called by its name.
    fn sign(&mut self, ui: &mut Ui, enabled: bool, on: bool, sign: &str, name: &str, command: Command) -> Response {
        let button = Button::new(RichText::new(sign)).selected(on).frame_when_inactive(on);
        let response = ui.add_enabled(enabled, button);
        response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
        if response.clicked() {
            self.ask(command);
        }
        response.on_hover_text(name)
    }

    /// The face that is let go of over a place, or put there with the keyboard.
    fn put(&self, place: &Response) -> Option<Put> {
        let (face, hit) = if place.clicked() {
            (self.state.picked, self.state.gallery.picked)
        } else {
            (let_go(place).map(|HeldFace(id)| id), let_go(place).map(|HeldHit(key)| key))
        };
        face.map(Put::Face).or(hit.map(Put::Hit))
    }

    /// A small cross on a picture, from `corner` on, which takes away what stands there.
    fn cross(&mut self, ui: &mut Ui, corner: Pos2, name: &str, command: Command) {
        let place = Rect::from_min_size(corner, Vec2::splat(CROSS));
        let layout = Layout::top_down(Align::Min);
        // It lies on what is there already, and moves nothing that follows.
        let mut child = ui.new_child(UiBuilder::new().id_salt(("cross", name)).max_rect(place).layout(layout));
        child.spacing_mut().button_padding = Vec2::ZERO;
        child.spacing_mut().interact_size = place.size();
        self.named(&mut child, true, "×", name, command).on_hover_text(name);
    }
}

/// Where the window is narrow: what opens the drawer with a panel's own inspector, which holds `what`.
fn drawer_button(ui: &mut Ui, screen: &mut Screen, what: &str) {
    if screen.context.content_rect().width() >= WIDE {
        return;
    }
    let out = screen.state.drawer_out && screen.state.drawer == Drawer::Inspector;
    let name = format!("{} the {what}", if out { "Hide" } else { "Show" });
    let command = if screen.state.drawer == Drawer::Inspector || screen.state.drawer_out {
        Command::ToggleDrawer
    } else {
        Command::Show(Drawer::Inspector)
    };
    screen.sign(ui, true, out, "☰", &name, command);
}

/// Words in the place of what is not there.
fn says(ui: &mut Ui, words: &str) {
    ui.label(RichText::new(words).weak());
}

/// The whole window.
pub fn show(ui: &mut Ui, screen: &mut Screen) {
    if screen.state.demo.is_some() {
        show::show(ui, screen);
        return;
    }
    menu::show(ui, screen);
    status::show(ui, screen);
    rail::show(ui, screen);
    tray::show(ui, screen);
    drawers::show(ui, screen);
    match screen.state.panel {
        Panel::Edit => stage::show(ui, screen),
        Panel::Transfer => transfer::show(ui, screen),
        Panel::Gallery => gallery::show(ui, screen),
        Panel::Labels => labels::show(ui, screen),
        Panel::Evaluate => evaluate::show(ui, screen),
        Panel::Train => train::show(ui, screen),
    }
    palette::show(ui, screen);
    drops(ui, screen);
}

/// Where files from the desktop hang over the window, and where a face was let go of that nothing took.
fn drops(ui: &Ui, screen: &mut Screen) {
    let released = ui.input(|input| input.pointer.any_released());
    if released && (is_held::<HeldFace>(ui) || is_held::<HeldHit>(ui)) {
        DragAndDrop::clear_payload(ui.ctx());
        screen.ask(Command::DroppedNowhere);
    }
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let (window, line) = (ui.ctx().content_rect(), (theme::STRONG_LINE, theme::accent(ui.visuals())));
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, Id::unique("drop")));
    painter.rect_filled(window, 0.0, ui.visuals().panel_fill.gamma_multiply(0.7));
    painter.rect_stroke(window.shrink(2.0 * theme::SPACE), theme::CORNER, line, StrokeKind::Inside);
    let (font, colour) = (FontId::proportional(theme::HEADING), ui.visuals().strong_text_color());
    let words = match screen.state.panel {
        Panel::Train => "Let go to train on it",
        Panel::Transfer => match side_under_pointer(ui.ctx()) {
            Some(Side::Sources) => "Let go to put it onto the sources",
            Some(Side::Targets) => "Let go to put it onto the targets",
            None => "Let go to say where it goes",
        },
        Panel::Gallery if screen.state.gallery.info.is_some() => "Let go to look for a picture or to add a folder",
        Panel::Gallery => "Let go to search a folder",
        Panel::Labels if screen.state.labels.open.is_some() => "Let go to audit a set or to import a table of labels",
        Panel::Labels => "Let go to audit a set",
        Panel::Evaluate => "Let go to measure on it, or to open a report",
        _ => "Let go to open",
    };
    painter.text(window.center(), Align2::CENTER_CENTER, words, font, colour);
}
