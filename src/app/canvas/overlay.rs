//! What is drawn over the picture: the crop square, the heat map's legend, the line of a busy engine, name tags.

use eframe::egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, TextStyle, Ui, pos2, vec2,
};

use super::ramp;
use super::view::Placement;
use crate::face::{CROP_SIDE, Crop};

/// Over a picture of any colour: light lines on a dark shade, in both themes.
pub const INK: Color32 = Color32::WHITE;
pub const SHADE: Color32 = Color32::from_black_alpha(150);
/// What lies outside the crop.
const OUTSIDE: Color32 = Color32::from_black_alpha(110);

/// Seconds a busy line takes from left to right.
const BUSY_PERIOD: f64 = 1.2;
const BUSY_HEIGHT: f32 = 2.0;

/// Size of the legend's band and the levels told below it.
const LEGEND: [f32; 2] = [160.0, 8.0];
const LEGEND_LEVELS: [u8; 4] = [0, 16, 64, 255];

/// The square that the networks see; around it the photograph is darker.
pub fn crop_square(painter: &Painter, placement: &Placement, crop: &Crop) {
    let side = CROP_SIDE as f32;
    let corners = |margin: f32| {
        let [low, high] = [-margin, side + margin];
        [[low, low], [high, low], [high, high], [low, high]]
            .map(|corner| placement.screen_from_picture(crop.photo_from_crop(corner)))
    };
    let inner = corners(0.0);
    if !inner.iter().all(|corner| corner.is_finite()) {
        return;
    }
    // So wide that the ring covers every photograph in which the square is still to be seen.
    let visible = placement.visible();
    let outer = corners(side * (1.0 + 4.0 * visible.size().max_elem() / inner[0].distance(inner[1]).max(1.0)));
    let inside = painter.with_clip_rect(painter.clip_rect().intersect(visible));
    inside.add(Shape::mesh(ring(inner, outer)));
    for (width, colour) in [(3.0, SHADE), (1.5, INK)] {
        inside.add(Shape::closed_line(inner.to_vec(), Stroke::new(width, colour)));
    }
}

/// Four quadrangles between two squares.
fn ring(inner: [Pos2; 4], outer: [Pos2; 4]) -> Mesh {
    let mut mesh = Mesh::default();
    for corner in inner.into_iter().chain(outer) {
        mesh.colored_vertex(corner, OUTSIDE);
    }
    for side in 0..4 {
        let next = (side + 1) % 4;
        mesh.add_triangle(side, next, side + 4);
        mesh.add_triangle(next, next + 4, side + 4);
    }
    mesh
}

/// What the colours of the difference mean.
pub fn legend(ui: &Ui, painter: &Painter, visible: Rect) {
    let font = small(ui);
    let [width, height] = LEGEND;
    let plate = Rect::from_min_max(
        visible.right_bottom() - vec2(width + 48.0, height + font.size + 28.0),
        visible.right_bottom() - vec2(8.0, 8.0),
    );
    painter.rect_filled(plate, 4.0, Color32::from_black_alpha(190));
    let band = Rect::from_min_size(plate.min + vec2(8.0, 8.0), vec2(width, height));
    painter.add(Shape::mesh(band_mesh(band)));
    painter.rect_stroke(band, 0.0, Stroke::new(1.0, Color32::from_white_alpha(90)), StrokeKind::Outside);
    for levels in LEGEND_LEVELS {
        let x = band.left() + ramp::place(levels) * band.width();
        painter.vline(x, band.bottom()..=band.bottom() + 3.0, Stroke::new(1.0, INK));
        let (align, text) = match levels {
            0 => (Align2::LEFT_TOP, "0".to_owned()),
            255 => (Align2::CENTER_TOP, "255 levels".to_owned()),
            _ => (Align2::CENTER_TOP, levels.to_string()),
        };
        painter.text(pos2(x, band.bottom() + 4.0), align, text, font.clone(), INK);
    }
}

fn band_mesh(band: Rect) -> Mesh {
    let mut mesh = Mesh::default();
    let last = (ramp::STOPS.len() - 1) as f32;
    for (stop, [r, g, b]) in ramp::STOPS.into_iter().enumerate() {
        let x = band.left() + band.width() * stop as f32 / last;
        for y in [band.top(), band.bottom()] {
            mesh.colored_vertex(pos2(x, y), Color32::from_rgb(r, g, b));
        }
        if let Some(first) = (2 * stop as u32).checked_sub(2) {
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first + 1, first + 2, first + 3);
        }
    }
    mesh
}

/// A thin line along the top of the canvas; it stands still where motion is not wanted.
pub fn busy_line(ui: &Ui, painter: &Painter, canvas: Rect) {
    let top = Rect::from_min_size(canvas.min, vec2(canvas.width(), BUSY_HEIGHT));
    let colour = ui.visuals().selection.bg_fill;
    if ui.style().animation_time <= 0.0 {
        painter.rect_filled(top, 0.0, colour);
        return;
    }
    let part = (ui.input(|input| input.time) / BUSY_PERIOD).fract() as f32;
    let length = 0.3 * top.width();
    let left = top.left() - length + part * (top.width() + length);
    painter.rect_filled(Rect::from_min_size(pos2(left, top.top()), vec2(length, BUSY_HEIGHT)), 0.0, colour);
    ui.ctx().request_repaint();
}

/// A name on a dark plate; returns the plate.
pub fn name_tag(ui: &Ui, painter: &Painter, at: Pos2, align: Align2, name: &str) -> Rect {
    if name.is_empty() {
        return Rect::from_min_size(at, vec2(0.0, 0.0));
    }
    let text = painter.layout_no_wrap(name.to_owned(), small(ui), INK);
    let plate = align.anchor_size(at, text.size() + vec2(12.0, 4.0));
    painter.rect_filled(plate, 4.0, SHADE);
    painter.galley(plate.min + vec2(6.0, 2.0), text, INK);
    plate
}

fn small(ui: &Ui) -> FontId {
    TextStyle::Small.resolve(ui.style())
}
