//! The demonstration: a large face, large controls, nothing else.

use eframe::egui::{Align, Button, CentralPanel, Frame, Layout, Panel, RichText, Slider, Ui, WidgetInfo, vec2};

use super::super::canvas::{Shown, ViewState};
use super::super::command::Command;
use super::super::demo::Demo;
use super::super::dials::{Dial, sentence_case};
use super::super::theme;
use super::Screen;
use crate::face::{Expression, FaceSpace};

/// Height of the controls.
const CONTROLS: f32 = 132.0;
/// Height of what is said about them.
const CAPTION: f32 = 48.0;
const LARGE: f32 = 22.0;
/// Height of a large button.
const BUTTON: f32 = 48.0;
/// What the large sliders do.
const SLIDERS: [(&str, Dial); 4] = [
    ("Turn", Dial::Angle(0)),
    ("Nod", Dial::Angle(1)),
    ("Smile", Dial::Class(Expression::Happy)),
    ("Surprise", Dial::Class(Expression::Surprise)),
];

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let Some(demo) = &state.demo else { return };
    let Some(ready) = &state.engine.ready else {
        CentralPanel::default().show(ui, |ui| {
            ui.centered_and_justified(|ui| ui.label(RichText::new("The networks are warming up…").size(LARGE)));
        });
        return;
    };
    Panel::bottom("demonstration controls").exact_size(CONTROLS).resizable(false).show(ui, |ui| {
        ui.add_space(2.0 * theme::SPACE);
        buttons(ui, screen, demo);
        ui.add_space(theme::SPACE);
        sliders(ui, screen, demo, &ready.space);
    });
    let caption = demo.at(state.now, &ready.space).map(|(_, caption)| caption).unwrap_or_default();
    Panel::bottom("demonstration caption").exact_size(CAPTION).resizable(false).show(ui, |ui| {
        ui.centered_and_justified(|ui| ui.label(RichText::new(caption).size(LARGE)));
    });
    CentralPanel::default().frame(Frame::new()).show(ui, |ui| face(ui, screen, demo));
    if demo.moves(state.now) {
        ui.ctx().request_repaint();
    } else {
        ui.ctx().request_repaint_after_secs(1.0);
    }
}

fn face(ui: &mut Ui, screen: &mut Screen, demo: &Demo) {
    let shown = Shown {
        picture: demo.shown.as_ref(),
        before: None,
        before_name: "",
        after_name: "",
        crop: None,
        points: None,
        faces: &[],
        busy: false,
        fade: 1.0,
    };
    let response = screen.canvas.show(ui, &ViewState::default(), &shown).response;
    if response.clicked() || response.drag_started() {
        screen.ask(Command::DemoTouch);
    }
}

fn buttons(ui: &mut Ui, screen: &mut Screen, demo: &Demo) {
    ui.horizontal(|ui| {
        large(ui, screen, "Random face", Command::DemoRandom);
        large(ui, screen, "Morph", Command::DemoMorph);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            large(ui, screen, "Leave", Command::ToggleDemo);
            let text = match demo.rest_left(screen.state.now) {
                Some(left) => format!("The tour goes on after {left:.0} s of rest"),
                None => "Touch anything to take over".to_owned(),
            };
            ui.label(RichText::new(text).size(theme::HEADING).weak());
        });
    });
}

fn large(ui: &mut Ui, screen: &mut Screen, name: &str, command: Command) {
    let button = Button::new(RichText::new(name).size(LARGE)).min_size(vec2(160.0, BUTTON));
    if ui.add(button).clicked() {
        screen.ask(command);
    }
}

fn sliders(ui: &mut Ui, screen: &mut Screen, demo: &Demo, space: &FaceSpace) {
    let known = |dial: &Dial| match dial {
        Dial::Class(class) => space.class_mean(*class).is_some(),
        _ => true,
    };
    let shown: Vec<_> = SLIDERS.into_iter().filter(|(_, dial)| known(dial)).collect();
    let width = ui.available_width() / shown.len().max(1) as f32 - 4.0 * theme::SPACE;
    ui.horizontal(|ui| {
        for (name, dial) in shown {
            ui.allocate_ui_with_layout(vec2(width, BUTTON), Layout::left_to_right(Align::Center), |ui| {
                let label = ui.label(RichText::new(name).size(LARGE));
                ui.add_space(2.0 * theme::SPACE);
                ui.spacing_mut().slider_width = (width - label.rect.width() - 10.0 * theme::SPACE).max(80.0);
                ui.spacing_mut().interact_size.y = BUTTON * 0.7;
                let mut value = demo.value(dial, space).unwrap_or(0.0);
                // Inside what the training faces showed, so that nothing ugly can be asked for.
                let [low, high] = dial.shaded(space);
                let slider = ui.add(Slider::new(&mut value, low..=high).show_value(false));
                slider.widget_info(|| WidgetInfo::slider(true, f64::from(value), name));
                if slider.changed() {
                    screen.ask(Command::DemoSet(dial, value));
                }
                slider.on_hover_text(sentence_case(&dial.explanation()));
            });
        }
    });
}
