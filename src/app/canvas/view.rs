//! What the canvas shows and where: views, zoom, pan and the maps between photograph and screen. Pure geometry; it
//! draws nothing.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};
use serde::{Deserialize, Serialize};

/// The picture fits when it stands this far from the canvas's edges, in points.
pub const MARGIN: f32 = 8.0;
/// The largest zoom over the fitted size.
pub const MAX_ZOOM: f32 = 32.0;

/// What the canvas shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// The photograph with its crop square.
    Photograph,
    /// The crop that the networks see.
    Input,
    /// What the model keeps of it.
    Reconstruction,
    /// The edited face.
    #[default]
    Edit,
    /// The photograph with the edited face put back into it.
    Pasted,
}

impl View {
    /// In the order of their buttons.
    pub const ALL: [Self; 5] = [Self::Photograph, Self::Input, Self::Reconstruction, Self::Edit, Self::Pasted];

    /// Whether it shows the whole photograph.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Photograph | Self::Pasted)
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photograph => "Photograph",
            Self::Input => "Input",
            Self::Reconstruction => "Reconstruction",
            Self::Edit => "Edited",
            Self::Pasted => "Pasted",
        }
    }
}

/// How two pictures are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compare {
    /// The view's picture alone.
    #[default]
    Off,
    /// Left of a line the picture before, right of it the view's.
    Split,
    /// A heat map of what differs.
    Difference,
}

/// How the canvas is looked at; kept in the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewState {
    pub view: View,
    pub compare: Compare,
    /// Where the split line stands on the visible part of the picture: 0 at its left, 1 at its right.
    pub split: f32,
    /// 1 fits the picture into the canvas.
    pub zoom: f32,
    /// From the canvas's middle to the picture's, over the size of the fitted picture.
    pub pan: [f32; 2],
}

impl Default for ViewState {
    fn default() -> Self {
        Self { view: View::default(), compare: Compare::default(), split: 0.5, zoom: 1.0, pan: [0.0; 2] }
    }
}

impl ViewState {
    /// The same view with the whole picture in sight.
    pub fn fitted(&self) -> Self {
        Self { zoom: 1.0, pan: [0.0; 2], ..self.clone() }
    }
}

/// Where a picture of a size lies on a canvas. The state it was made of is brought into its limits: a file may hold
/// any numbers, and the window changes its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    canvas: Rect,
    /// Size of the picture in its own pixels.
    size: Vec2,
    /// Size at zoom 1, in points.
    fitted: Vec2,
    zoom: f32,
    /// From the canvas's middle to the picture's, in points.
    offset: Vec2,
}

impl Placement {
    /// A picture of `size` pixels on a canvas.
    pub fn new(canvas: Rect, size: [u32; 2], state: &ViewState) -> Self {
        let size = Vec2::from(size.map(|side| side.max(1) as f32));
        let room = room(canvas);
        let fitted = size * (room.x / size.x).min(room.y / size.y);
        let placed = Self { canvas, size, fitted, zoom: finite(state.zoom, 1.0), offset: Vec2::ZERO };
        placed.moved_to(placed.zoom, fitted * Vec2::from(state.pan.map(|part| finite(part, 0.0))))
    }

    /// The whole picture on the screen, in points; it may reach beyond the canvas.
    pub fn rect(&self) -> Rect {
        Rect::from_center_size(self.canvas.center() + self.offset, self.fitted * self.zoom)
    }

    /// The part of it that the canvas shows.
    pub fn visible(&self) -> Rect {
        self.rect().intersect(self.canvas)
    }

    /// 1 when the picture fits.
    pub fn zoom(&self) -> f32 {
        self.zoom
    }

    /// Points on the screen a pixel of the picture.
    pub fn scale(&self) -> f32 {
        self.fitted.x * self.zoom / self.size.x
    }

    /// `state` with this placement's zoom and pan.
    pub fn into_state(self, state: &ViewState) -> ViewState {
        let pan = self.offset / self.fitted;
        ViewState { zoom: self.zoom, pan: [pan.x, pan.y], ..state.clone() }
    }

    /// Zoomed by a factor; what lies under `pointer` stays there as far as the limits let it.
    pub fn zoomed(self, pointer: Pos2, factor: f32) -> Self {
        let zoom = finite(self.zoom * factor, self.zoom).clamp(1.0, MAX_ZOOM);
        let from_pointer = self.canvas.center() + self.offset - pointer;
        self.moved_to(zoom, pointer + from_pointer * (zoom / self.zoom) - self.canvas.center())
    }

    /// Moved by so many points.
    pub fn panned(self, by: Vec2) -> Self {
        self.moved_to(self.zoom, self.offset + by)
    }

    /// From the picture's pixels to the screen.
    pub fn screen_from_picture(&self, point: [f32; 2]) -> Pos2 {
        self.rect().min + Vec2::from(point) * self.rect().size() / self.size
    }

    /// From the screen to the picture's pixels, also beyond its edges.
    pub fn picture_from_screen(&self, point: Pos2) -> [f32; 2] {
        let place = (point - self.rect().min) / self.rect().size() * self.size;
        [place.x, place.y]
    }

    /// The nearest point inside the picture, in its pixels.
    pub fn inside(&self, point: [f32; 2]) -> [f32; 2] {
        [point[0].clamp(0.0, self.size.x), point[1].clamp(0.0, self.size.y)]
    }

    /// Where a split of 0 to 1 stands on the screen.
    pub fn split_x(&self, split: f32) -> f32 {
        let visible = self.visible();
        visible.left() + finite(split, 0.5).clamp(0.0, 1.0) * visible.width()
    }

    /// The split of a line there.
    pub fn split_at(&self, x: f32) -> f32 {
        let visible = self.visible();
        ((x - visible.left()) / visible.width().max(1.0)).clamp(0.0, 1.0)
    }

    /// Zoom and offset within their limits: a side with room around it is centred, one without covers the room.
    fn moved_to(self, zoom: f32, offset: Vec2) -> Self {
        let zoom = zoom.clamp(1.0, MAX_ZOOM);
        let slack = ((self.fitted * zoom - room(self.canvas)) / 2.0).max(Vec2::ZERO);
        Self { zoom, offset: offset.clamp(-slack, slack), ..self }
    }
}

/// The part of the canvas that a fitted picture may fill.
fn room(canvas: Rect) -> Vec2 {
    (canvas.size() - vec2(2.0 * MARGIN, 2.0 * MARGIN)).max(vec2(1.0, 1.0))
}

fn finite(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() { value } else { otherwise }
}

/// A rectangle whose edges lie between pixels of the screen, so that a picture's edges are sharp.
pub fn on_pixels(rect: Rect, pixels_per_point: f32) -> Rect {
    let snap = |point: Pos2| {
        let [x, y] = [point.x, point.y].map(|part| (part * pixels_per_point).round() / pixels_per_point);
        pos2(x, y)
    };
    Rect::from_min_max(snap(rect.min), snap(rect.max))
}
