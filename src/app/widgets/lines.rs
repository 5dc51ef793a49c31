//! A list of any length whose lines have one height; only those in sight are drawn.

use std::fmt::Debug;
use std::hash::Hash;

use eframe::egui;
use egui::style::ScrollAnimation;
use egui::{Rect, ScrollArea, Ui, vec2};

/// Shows a list of `count` lines, each drawn into its place, over all the room that is left.
pub fn lines(ui: &mut Ui, salt: impl Hash + Debug, count: usize, height: f32, line: impl FnMut(&mut Ui, usize, Rect)) {
    lines_to(ui, salt, count, height, None, line);
}

/// As [`lines`], with this line brought into sight, where it is none of those that are.
pub fn lines_to(
    ui: &mut Ui,
    salt: impl Hash + Debug,
    count: usize,
    height: f32,
    seek: Option<usize>,
    mut line: impl FnMut(&mut Ui, usize, Rect),
) {
    ScrollArea::vertical().auto_shrink([false, false]).id_salt(salt).show_viewport(ui, |ui, viewport| {
        let (corner, width) = (ui.max_rect().min, ui.available_width());
        ui.set_width(width);
        ui.set_height(count as f32 * height);
        let place = |at: usize| Rect::from_min_size(corner + vec2(0.0, at as f32 * height), vec2(width, height));
        if let Some(at) = seek.filter(|at| *at < count) {
            // At once: a way of a hundred thousand lines is not to be watched.
            ui.scroll_to_rect_animation(place(at), None, ScrollAnimation::none());
        }
        let first = (viewport.top() / height).floor().max(0.0) as usize;
        let last = ((viewport.bottom() / height).ceil().max(0.0) as usize).min(count);
        for at in first..last {
            line(ui, at, place(at));
        }
    });
}
