//! The grid of pictures of a step, with its history as a slider.

use eframe::egui::{
    Align, Button, Color32, Label, Layout, Pos2, Rect, RichText, Role, Sense, Slider, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::super::command::Command;
use super::super::super::theme;
use super::super::super::train::words::thousands;
use super::super::super::train::{Look, Sheet};
use super::super::Screen;
use super::{explain, says};
use crate::engine::training::RunView;

/// Width of the rows' names.
const NAMES: f32 = 116.0;
const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };

pub fn show(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    let state = screen.state;
    ui.label(RichText::new("Pictures").strong());
    match state.train.shown_sheet() {
        Some((step, sheet)) => grid(ui, screen, step, sheet),
        None if view.previews.is_empty() => says(ui, "The first ones are drawn after some steps."),
        None => says(ui, "The pictures are being read…"),
    }
    history(ui, screen, view);
}

fn grid(ui: &mut Ui, screen: &mut Screen, step: u64, sheet: &Sheet) {
    let (width, height) = (sheet.picture.width().max(1) as f32, sheet.picture.height().max(1) as f32);
    let scale = ((ui.available_width() - NAMES) / width).clamp(0.1, 2.0);
    let size = vec2(width, height) * scale;
    let row = size.y / sheet.rows.len().max(1) as f32;
    let texture = screen.textures.get(&screen.context, &sheet.picture, false);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        ui.vertical(|ui| {
            for name in &sheet.rows {
                let (shown, meaning) = explain::row(name);
                ui.allocate_ui_with_layout(vec2(NAMES, row), Layout::left_to_right(Align::Center), |ui| {
                    ui.set_min_size(vec2(NAMES, row));
                    ui.add(Label::new(RichText::new(shown).small()).truncate()).on_hover_text(meaning);
                });
            }
        });
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        match texture {
            Some(texture) => {
                ui.painter().image(texture, rect, WHOLE, Color32::WHITE);
            }
            None => {
                ui.painter().rect_filled(rect, theme::CORNER, theme::track_fill(ui.visuals()));
            }
        }
        let name = format!("Pictures of step {}", thousands(step));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    });
}

/// Goes back through the sheets; at the newest it is followed until the slider is moved.
fn history(ui: &mut Ui, screen: &mut Screen, view: &RunView) {
    let (Some(step), Some(last)) = (screen.state.train.shown_step(), view.previews.len().checked_sub(1)) else {
        return;
    };
    let before = view.previews.iter().position(|preview| *preview == step).unwrap_or(last);
    let mut place = before;
    ui.horizontal(|ui| {
        let label = ui.label("History");
        let slider = Slider::new(&mut place, 0..=last.max(1)).show_value(false);
        let slider = ui.add_enabled(last > 0, slider).labelled_by(label.id);
        if slider.changed() && place != before {
            look(screen, view.previews.get(place).copied());
        }
        ui.label(RichText::new(format!("step {}", thousands(step))).monospace());
        let follows = screen.state.train.look.sheet.is_none();
        let newest = ui.add(Button::new("Newest").selected(follows)).on_hover_text("Show each new sheet as it comes");
        if newest.clicked() {
            look(screen, None);
        }
    });
}

fn look(screen: &mut Screen, sheet: Option<u64>) {
    let look = Look { sheet, ..screen.state.train.look.clone() };
    screen.ask(Command::LookAtTraining(Box::new(look)));
}
