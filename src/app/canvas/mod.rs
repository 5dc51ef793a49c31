//! The canvas: one picture or two compared, zoomed and panned, with what is drawn and dragged upon it. It shows what it
//! is given and answers with what the hand did; it keeps no state but textures, and starts no work.
//!
//! `view` has the geometry, `navigate` zoom and pan, `paint` the pipeline (`shaders/canvas.wgsl`), `textures` and
//! `levels` what it reads, `plain` the drawing without it; `split`, `handles`, `faces` and `overlay` lie upon the picture.

mod faces;
mod handles;
pub mod levels;
mod navigate;
mod overlay;
mod paint;
mod plain;
pub mod ramp;
mod split;
mod textures;
pub mod view;

use std::sync::Arc;

use eframe::egui::accesskit::Role;
use eframe::egui::{ColorImage, CursorIcon, Painter, Response, Sense, Ui, WidgetInfo, vec2};
use eframe::egui_wgpu::{Callback, RenderState};
use image::RgbImage;

use crate::app::theme;
use crate::face::Crop;
pub use faces::FaceMark;
use paint::{Mode, Scene};
pub use view::{Compare, Placement, View, ViewState};

/// A picture for the canvas.
#[derive(Clone, Debug)]
pub struct Picture {
    pub pixels: Arc<RgbImage>,
    /// Another number whenever the pixels are others, so that they are uploaded once.
    pub stamp: u64,
}

/// A picture as egui takes it.
pub fn colour_image(picture: &RgbImage) -> ColorImage {
    ColorImage::from_rgb([picture.width() as usize, picture.height() as usize], picture.as_raw())
}

/// What the canvas is to show.
pub struct Shown<'a> {
    /// The view's picture; without one the canvas is empty.
    pub picture: Option<&'a Picture>,
    /// What it is compared with, in the same frame of the same size.
    pub before: Option<&'a Picture>,
    pub before_name: &'a str,
    pub after_name: &'a str,
    /// Drawn over [`View::Photograph`] alone.
    pub crop: Option<Crop>,
    /// Left eye, right eye and mouth in photograph pixels: handles over [`View::Photograph`] alone.
    pub points: Option<[[f32; 2]; 3]>,
    /// The faces that were found: boxes to choose from over [`View::Photograph`] alone, while there are no handles.
    pub faces: &'a [FaceMark],
    /// A thin line runs along the top.
    pub busy: bool,
    /// How much of the newest picture is there: 0 is the one it replaces, 1 is all of it.
    pub fade: f32,
}

/// What the hand did.
pub struct CanvasResponse {
    pub response: Response,
    /// The state to show from now on: zoom, pan or split changed.
    pub state: Option<ViewState>,
    /// The three points, while one of them is moved and when it is let go.
    pub points: Option<[[f32; 2]; 3]>,
    /// A movement of the points is complete: one step to undo.
    pub points_released: bool,
    /// Which of the faces was chosen.
    pub face: Option<usize>,
}

/// Draws pictures; see [`Canvas::show`].
pub struct Canvas {
    with_pipeline: bool,
}

impl Canvas {
    /// Builds the pipeline; without a render state, pictures are drawn as textures of egui.
    pub fn new(render_state: Option<&RenderState>) -> Self {
        if let Some(state) = render_state {
            paint::install(state);
        }
        Self { with_pipeline: render_state.is_some() }
    }

    /// Fills the room that is left of `ui`. What the hand changes is drawn in the same frame already.
    pub fn show(&self, ui: &mut Ui, state: &ViewState, shown: &Shown) -> CanvasResponse {
        let room = ui.available_size().max(vec2(1.0, 1.0));
        let (canvas, response) = ui.allocate_exact_size(room, Sense::click_and_drag());
        let painter = ui.painter_at(canvas);
        painter.rect_filled(canvas, 0.0, theme::canvas_fill(ui.visuals()));
        let mut answer = CanvasResponse { response, state: None, points: None, points_released: false, face: None };
        if let Some(picture) = drawable(shown.picture) {
            self.show_picture(ui, &painter, state, shown, picture, &mut answer);
        }
        if shown.busy {
            overlay::busy_line(ui, &painter, canvas);
        }
        describe(&answer.response, answer.state.as_ref().unwrap_or(state));
        answer
    }

    fn show_picture(
        &self,
        ui: &Ui,
        painter: &Painter,
        state: &ViewState,
        shown: &Shown,
        picture: &Picture,
        answer: &mut CanvasResponse,
    ) {
        let (width, height) = picture.pixels.dimensions();
        let before = drawable(shown.before).filter(|_| state.compare != Compare::Off);
        let placement = Placement::new(answer.response.rect, [width, height], state);
        let id = answer.response.id;
        let mut next = state.clone();

        let split = (before.is_some() && state.compare == Compare::Split).then(|| {
            let (response, moved) = split::interact(ui, id, &placement, state.split);
            next.split = moved.unwrap_or(state.split);
            response
        });
        let points = shown.points.filter(|_| state.view == View::Photograph);
        let handles = points.map(|points| handles::interact(ui, id, &placement, points));
        let boxed: &[FaceMark] = if state.view == View::Photograph && points.is_none() { shown.faces } else { &[] };
        let boxes = faces::interact(ui, id, &placement, boxed);
        let upon = split.iter().chain(handles.iter().flat_map(|handles| &handles.responses));
        let moved = navigate::moved(ui, &answer.response, placement, upon);
        if moved != placement {
            next = moved.into_state(&next);
        }

        self.paint_picture(painter, &moved, &next, picture, before, (id.value(), shown.fade));
        if let Some(crop) = shown.crop.filter(|_| state.view == View::Photograph) {
            overlay::crop_square(painter, &moved, &crop);
        }
        faces::paint(ui, painter, boxed, &boxes.0);
        answer.face = boxes.1;
        if let Some(response) = &split {
            let names = [shown.before_name, shown.after_name];
            split::paint(ui, painter, &moved, next.split, names, response);
        } else if before.is_some() {
            overlay::legend(ui, painter, moved.visible());
        }
        if let (Some(points), Some(handles)) = (points, &handles) {
            handles::paint(ui, painter, &moved, handles.points.unwrap_or(points), &handles.responses);
            (answer.points, answer.points_released) = (handles.points, handles.released);
        }
        if moved.zoom() > 1.0 && answer.response.hovered() {
            let held = answer.response.dragged();
            ui.ctx().set_cursor_icon(if held { CursorIcon::Grabbing } else { CursorIcon::Grab });
        }
        answer.state = (next != *state).then_some(next);
    }

    fn paint_picture(
        &self,
        painter: &Painter,
        placement: &Placement,
        state: &ViewState,
        after: &Picture,
        before: Option<&Picture>,
        (id, fade): (u64, f32),
    ) {
        let rect = placement.rect();
        let mode = match (before, state.compare) {
            (None, _) | (_, Compare::Off) => Mode::One,
            (_, Compare::Split) => Mode::Split(placement.split_x(state.split)),
            (_, Compare::Difference) => Mode::Difference,
        };
        if !self.with_pipeline {
            let rect = view::on_pixels(rect, painter.pixels_per_point());
            return plain::paint(painter, rect, mode, fade, after, before);
        }
        let scene = Scene { id, rect, mode, fade, after: after.clone(), before: before.cloned() };
        painter.add(Callback::new_paint_callback(painter.clip_rect(), scene));
    }
}

/// A picture without pixels is none.
fn drawable(picture: Option<&Picture>) -> Option<&Picture> {
    picture.filter(|picture| picture.pixels.width() > 0 && picture.pixels.height() > 0)
}

fn describe(response: &Response, state: &ViewState) {
    let value = format!("{}, zoom {:.0} %", state.view.name(), state.zoom * 100.0);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(value.clone()),
        ..WidgetInfo::labeled(Role::Canvas, response.enabled(), "Canvas")
    });
}
