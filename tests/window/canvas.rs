//! The canvas: its geometry, what the hand does upon it, and the pixels that its shader draws (in software).

mod drawn;
mod geometry;
mod hands;

use std::sync::Arc;

use eframe::egui::{Context, Frame, Pos2, Rect, Ui, Vec2, pos2, vec2};
use egui_kittest::{Harness, HarnessBuilder};
use facespace::app::canvas::{Canvas, Compare, FaceMark, Picture, Shown, View, ViewState};
use facespace::face::Crop;
use image::RgbImage;

const SIZE: Vec2 = vec2(416.0, 316.0);

/// What a test shows, and what the canvas answered.
#[derive(Default)]
struct Bench {
    state: ViewState,
    picture: Option<Picture>,
    before: Option<Picture>,
    crop: Option<Crop>,
    points: Option<[[f32; 2]; 3]>,
    faces: Vec<FaceMark>,
    /// The face that was chosen last.
    chosen: Option<usize>,
    busy: bool,
    fade: f32,
    /// How often a movement of the points was complete.
    released: usize,
    canvas: Option<Rect>,
}

impl Bench {
    fn new(picture: Picture) -> Self {
        Self { picture: Some(picture), fade: 1.0, ..Self::default() }
    }

    fn compared(picture: Picture, before: Picture, compare: Compare) -> Self {
        let state = ViewState { compare, ..ViewState::default() };
        Self { state, before: Some(before), ..Self::new(picture) }
    }

    fn photograph(picture: Picture) -> Self {
        Self { state: ViewState { view: View::Photograph, ..ViewState::default() }, ..Self::new(picture) }
    }

    fn canvas(&self) -> Rect {
        self.canvas.unwrap()
    }

    fn show(&mut self, ui: &mut Ui, canvas: &Canvas) {
        let shown = Shown {
            picture: self.picture.as_ref(),
            before: self.before.as_ref(),
            before_name: "Photograph",
            after_name: "Edit",
            crop: self.crop,
            points: self.points,
            faces: &self.faces,
            busy: self.busy,
            fade: self.fade,
        };
        let answer = canvas.show(ui, &self.state, &shown);
        self.canvas = Some(answer.response.rect);
        if let Some(state) = answer.state {
            self.state = state;
        }
        if let Some(points) = answer.points {
            self.points = Some(points);
        }
        self.released += usize::from(answer.points_released);
        self.chosen = answer.face.or(self.chosen);
    }
}

fn picture(stamp: u64, width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Picture {
    let pixels = RgbImage::from_fn(width, height, |x, y| image::Rgb(colour(x, y)));
    Picture { pixels: Arc::new(pixels), stamp }
}

fn plain(stamp: u64, colour: [u8; 3]) -> Picture {
    picture(stamp, 128, 128, |_, _| colour)
}

fn builder() -> HarnessBuilder<Bench> {
    // Steps as short as a screen's, so that two clicks are a double click.
    Harness::builder().with_size(SIZE).with_step_dt(1.0 / 60.0).with_render_cursor(false)
}

/// Without a pipeline: for what needs no pixels.
fn hands_on(bench: Bench) -> Harness<'static, Bench> {
    let canvas = Canvas::new(None);
    builder().build_ui_state(move |ui, bench: &mut Bench| bench.show(ui, &canvas), bench)
}

fn dragged(harness: &mut Harness<Bench>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.step();
    harness.drag_at(from);
    harness.step();
    for part in [0.25, 0.5, 0.75, 1.0] {
        harness.hover_at(from + (to - from) * part);
        harness.step();
    }
    harness.drop_at(to);
    harness.step();
}
