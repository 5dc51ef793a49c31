//! The page of a panel in the middle of the window, and what the panels show alike on theirs and in their drawers.

use eframe::egui::{
    Align, CentralPanel, Frame, Label, Layout, Margin, ProgressBar, Response, RichText, Role, Ui, WidgetInfo, vec2,
};

use super::super::theme;
use super::{Screen, asking, bar};

/// The middle of the window: what `draw` puts below the bar, up to its edges.
pub fn middle(ui: &mut Ui, screen: &mut Screen, draw: impl FnOnce(&mut Ui, &mut Screen)) {
    let frame = Frame::central_panel(ui.style()).inner_margin(Margin::ZERO);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        bar::show(ui, screen);
        draw(ui, screen);
    });
}

/// A page: the row where a path is asked for, what `draw` puts below it, and a margin around both.
pub fn show(ui: &mut Ui, screen: &mut Screen, draw: impl FnOnce(&mut Ui, &mut Screen)) {
    middle(ui, screen, |ui, screen| {
        Frame::new().inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            asking::show(ui, screen);
            draw(ui, screen);
        });
    });
}

/// Above what belongs together in a drawer.
pub fn heading(ui: &mut Ui, words: &str) {
    ui.add_space(2.0 * theme::SPACE);
    ui.label(RichText::new(words).strong());
}

/// Words that explain, as long as they need to be.
pub fn small(ui: &mut Ui, words: &str) {
    ui.add(Label::new(RichText::new(words).small().weak()).wrap());
}

/// The name of a choice, in a column of its own.
pub fn name(ui: &mut Ui, width: f32, words: &str) -> Response {
    let size = vec2(width, theme::ROW);
    let layout = Layout::left_to_right(Align::Center);
    let column = ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        ui.label(words)
    });
    column.inner
}

/// How far something is: a share from 0 to 1, in words, and under which name.
pub fn progress(ui: &mut Ui, share: f32, words: String, name: &str) {
    let bar = ui.add(ProgressBar::new(share).desired_height(theme::ROW * 0.75).text(RichText::new(words).small()));
    bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, name));
}
