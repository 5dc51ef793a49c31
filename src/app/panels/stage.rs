//! The stage: the canvas with what stands above it, and what is said where there is no face.

use eframe::egui::{Frame, Key, Margin, Response, RichText, Sense, StrokeKind, Ui};

use super::super::canvas::{FaceMark, Picture, Shown, View};
use super::super::command::Command;
use super::super::gallery::{GalleryCommand, Use};
use super::super::state::{Purpose, State};
use super::super::theme;
use super::super::widgets::{HeldFace, HeldHit, let_go};
use super::{Screen, asking, page, toolbar};
use crate::face::{Crop, FaceBox, Found};

/// Seconds in which a new picture fades in.
const FADE: f64 = 0.08;
/// Seconds after which a line says that a picture is on its way.
const PATIENCE: f64 = 0.3;

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    page::middle(ui, screen, |ui, screen| {
        Frame::new().inner_margin(Margin::symmetric(8, 6)).show(ui, |ui| {
            toolbar::show(ui, screen);
            asking::show(ui, screen);
            welcome(ui, screen);
            marking(ui, screen);
            several(ui, screen);
        });
        if screen.state.open.is_none() {
            empty(ui, screen);
        } else {
            canvas(ui, screen);
        }
    });
}

/// The line of the first start.
fn welcome(ui: &mut Ui, screen: &mut Screen) {
    if screen.state.settings.seen_welcome {
        return;
    }
    ui.horizontal(|ui| {
        let how = if screen.state.drops { "Drop a photograph here" } else { "Open or paste a photograph" };
        ui.label(format!("{how}. Nothing leaves this machine: the program makes no network connection."));
        screen.button(ui, true, "Got it", Command::SeenWelcome);
    });
}

/// What to do with the three handles.
fn marking(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    if state.desk.points.is_none() || state.view.view != View::Photograph {
        return;
    }
    let marked = state.open_face().is_some_and(|face| face.record.square.is_some());
    ui.horizontal_wrapped(|ui| {
        ui.label("Drag the three handles onto both eyes and the mouth, then");
        screen.button(ui, true, "Use this crop", Command::UsePoints);
        let leave = if marked { "Keep the old one" } else { "Not now" };
        screen.button(ui, true, leave, Command::CancelMarking);
    });
}

/// What to do with the boxes of several faces.
fn several(ui: &mut Ui, screen: &mut Screen) {
    let desk = &screen.state.desk;
    if desk.faces.len() < 2 || desk.points.is_some() || screen.state.view.view != View::Photograph {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(format!("{} faces were found; click one to edit it", desk.faces.len()));
        screen.button(ui, true, "Add every face to the tray", Command::AddEveryFace);
    });
}

fn empty(ui: &mut Ui, screen: &mut Screen) {
    let place = ui.interact(ui.available_rect_before_wrap(), ui.scope_id().with("empty stage"), Sense::hover());
    take(ui, screen, &place);
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.35);
        let [first, also] = if screen.state.drops {
            ["Drop a photograph here", "It can also be pasted, or opened from a file or a folder."]
        } else {
            ["Open a photograph", "It can also be pasted."]
        };
        ui.label(RichText::new(first).size(theme::HEADING));
        ui.add_space(theme::SPACE);
        ui.label(also);
        ui.add_space(2.0 * theme::SPACE);
        screen.button(ui, true, "Open pictures…", Command::Ask(Purpose::OpenPictures));
        screen.button(ui, true, "Open the sample faces", Command::OpenSamples);
    });
}

fn canvas(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let scale = preview_scale(state);
    let points = state.desk.points.map(|points| points.map(|point| point.map(|c| c * scale)));
    let placed = state.desk.points.and_then(|[left, right, mouth]| Crop::from_points(left, right, mouth).ok());
    let square = placed.or(state.open_face().and_then(|face| face.record.square));
    let crop = square.map(|square| Crop {
        centre: square.centre.map(|c| c * scale),
        half_side: square.half_side * scale,
        ..square
    });
    let faces = marks(state, scale);
    let (before, before_name) = match state.view.view {
        View::Pasted => (state.desk.preview.as_ref(), "Photograph"),
        _ => (state.desk.input.as_ref(), "Input"),
    };
    let shown = Shown {
        picture: picture(state),
        before,
        before_name,
        after_name: state.view.view.name(),
        crop,
        points,
        faces: &faces,
        busy: is_busy(state),
        fade: fade(state),
    };
    if shown.fade < 1.0 {
        ui.ctx().request_repaint();
    }
    let missing = shown.picture.is_none();
    let answer = screen.canvas.show(ui, &state.view, &shown);
    if missing {
        say_missing(ui, &answer.response, state);
    }
    take(ui, screen, &answer.response);
    let entered = answer.response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if entered && let Some(id) = state.picked {
        screen.ask(Command::OpenFace(id));
    } else if entered && let Some(key) = state.gallery.picked {
        screen.ask(Command::Gallery(GalleryCommand::Use(key, Use::Edit)));
    }
    if let Some(view) = answer.state {
        screen.ask(Command::SetView(view));
    }
    if let Some(place) = answer.face {
        screen.ask(Command::ChooseFace(place));
    }
    if let Some(points) = answer.points {
        screen.ask(Command::MovePoints(points.map(|point| point.map(|c| c / scale))));
    }
}

/// Lights up while a face of the tray or of the index is held over it, and opens one that is let go of.
fn take(ui: &Ui, screen: &mut Screen, place: &Response) {
    if let Some(HeldFace(id)) = let_go(place) {
        screen.ask(Command::OpenFace(id));
    } else if let Some(HeldHit(key)) = let_go(place) {
        screen.ask(Command::Gallery(GalleryCommand::Use(key, Use::Edit)));
    }
    if place.dnd_hover_payload::<HeldFace>().is_some() || place.dnd_hover_payload::<HeldHit>().is_some() {
        let line = (theme::STRONG_LINE, theme::accent(ui.visuals()));
        ui.painter().rect_stroke(place.rect.shrink(2.0), 0.0, line, StrokeKind::Inside);
    }
}

/// The found faces, in pixels of the preview.
fn marks(state: &State, scale: f32) -> Vec<FaceMark> {
    let chosen = state.chosen();
    let mark = |(place, face): (usize, &Found)| {
        let FaceBox { x, y, w, h } = face.frame;
        let frame = FaceBox { x: x * scale, y: y * scale, w: w * scale, h: h * scale };
        FaceMark { frame, chosen: chosen == Some(place) }
    };
    state.desk.faces.iter().enumerate().map(mark).collect()
}

/// Pixels of the preview to one of the photograph.
fn preview_scale(state: &State) -> f32 {
    match (&state.desk.preview, &state.desk.photo) {
        (Some(preview), Some(photo)) => preview.pixels.width() as f32 / photo.width().max(1) as f32,
        _ => 1.0,
    }
}

/// What the view shows; while it is on its way, what comes nearest to it.
fn picture(state: &State) -> Option<&Picture> {
    let desk = &state.desk;
    match state.view.view {
        View::Photograph => desk.preview.as_ref().or(desk.input.as_ref().filter(|_| desk.photo_failed)),
        View::Input => desk.input.as_ref(),
        View::Reconstruction => desk.reconstruction.as_ref().or(desk.input.as_ref()),
        View::Pasted => desk.pasted.picture.as_ref().or(desk.preview.as_ref()),
        View::Edit => desk.edited.as_ref().or(desk.reconstruction.as_ref()).or(desk.input.as_ref()),
    }
}

fn is_busy(state: &State) -> bool {
    let desk = &state.desk;
    let pasted = &desk.pasted;
    let draws = desk.asked.as_ref().is_some_and(|asked| asked.number > desk.shown && state.now - asked.at > PATIENCE);
    let pastes = pasted.asked.as_ref().is_some_and(|(_, number)| *number > pasted.shown);
    draws || state.view.view == View::Pasted && pastes && state.now - pasted.asked_at > PATIENCE
}

/// 1 where nothing fades.
fn fade(state: &State) -> f32 {
    // Under the hand each picture is soon replaced; only the last one may take its time.
    if state.settings.reduced_motion || state.before_drag.is_some() || state.view.view != View::Edit {
        return 1.0;
    }
    ((state.now - state.desk.shown_at) / FADE).clamp(0.0, 1.0) as f32
}

fn say_missing(ui: &Ui, response: &eframe::egui::Response, state: &State) {
    let unmarked = state.open_face().is_some_and(|face| face.record.square.is_none());
    let text = match (state.desk.photo_failed, unmarked) {
        (true, true) => "This photograph cannot be read any more; open it again from its file",
        (true, false) => "This face came without a photograph; look at the input instead",
        (false, true) if !state.view.view.is_whole() => "Mark the face on its photograph first",
        (false, _) => "The picture is on its way",
    };
    let font = eframe::egui::FontId::proportional(theme::BODY);
    let colour = ui.visuals().weak_text_color();
    ui.painter().text(response.rect.center(), eframe::egui::Align2::CENTER_CENTER, text, font, colour);
}
