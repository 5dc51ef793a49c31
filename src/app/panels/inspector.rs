//! The inspector: one section a part, with everything that can be changed about a face.

use eframe::egui::{Button, Label, RichText, Ui};

use super::super::dials::{self, Dial, sentence_case};
use super::super::script::rail_id;
use super::super::state::MAIN_AXES;
use super::super::widgets::{AxisStrip, PartSlider, PosePad};
use super::{Screen, photograph, section};
use crate::app::command::Command;
use crate::face::{Edit, Expression, FaceCode, FaceSpace, PART_DIM, Part, Pose, UnitPart};

/// What weights can that know no parts yet.
const BEFORE_STAGE_TWO: &str = "These weights were saved before stage two: they reconstruct and sample faces, but their \
                                parts have no meaning yet; train on to edit";

/// What a section needs of the state, all of it known.
pub struct Bench<'a> {
    pub edit: &'a Edit,
    /// The face that the sliders start from: the photograph's, but for parts that others gave.
    pub own: &'a FaceCode,
    pub space: &'a FaceSpace,
}

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    let (Some(edit), Some((own, space))) = (state.edit(), state.own()) else {
        ui.label(RichText::new(why_nothing(screen)).weak());
        return;
    };
    let base = state.base().unwrap_or(*own);
    let bench = Bench { edit, own: &base, space };
    photograph::remarks(ui, screen);
    if !state.can_edit() {
        ui.add(Label::new(BEFORE_STAGE_TWO).wrap());
        screen
            .button(ui, true, "New face", Command::SurpriseAll)
            .on_hover_text("Draw a face that nobody has from these weights");
        ui.separator();
    }
    ui.add_enabled_ui(state.can_edit(), |ui| sections(ui, screen, &bench));
}

fn sections(ui: &mut Ui, screen: &mut Screen, bench: &Bench) {
    photograph::likeness(ui, screen);
    photograph::section(ui, screen);
    section::show(ui, screen, Part::Pose, |ui, screen| pose(ui, screen, bench));
    section::show(ui, screen, Part::Expression, |ui, screen| {
        expressions(ui, screen, bench);
        axes(ui, screen, bench, UnitPart::Expression);
    });
    section::show(ui, screen, Part::Identity, |ui, screen| axes(ui, screen, bench, UnitPart::Identity));
    section::show(ui, screen, Part::Style, |ui, screen| axes(ui, screen, bench, UnitPart::Style));
}

fn why_nothing(screen: &Screen) -> &'static str {
    let state = screen.state;
    match state.open_face() {
        None => "Open a face, and its sliders stand here.",
        Some(face) if face.record.square.is_none() && !state.desk.faces.is_empty() => {
            "Choose a face on the photograph first."
        }
        Some(face) if face.record.square.is_none() => "Mark the eyes and the mouth on the photograph first.",
        Some(_) if state.engine.failed => "There are no networks; open other weights.",
        Some(face) if face.unseeable => "The networks make nothing of this crop; mark the face anew.",
        Some(_) if state.engine.ready.is_none() => "The networks are warming up; the sliders come in a moment.",
        Some(_) => "The networks look at the face; the sliders come in a moment.",
    }
}

fn pose(ui: &mut Ui, screen: &mut Screen, bench: &Bench) {
    let seen = screen.state.own().map_or(bench.own.pose, |(own, _)| own.pose);
    photograph::landmark_pose(ui, screen, seen);
    let locked = !screen.is_free(Part::Pose);
    let pose = Pose::from_array_deg(std::array::from_fn(|a| Dial::Angle(a).value(bench.edit, bench.own, bench.space)));
    let pad = PosePad { low: bench.space.pose.low, high: bench.space.pose.high, own: bench.own.pose, enabled: !locked };
    let answer = pad.show(ui, pose);
    let mut edit = bench.edit.clone();
    if answer.reset {
        dials::reset(&mut edit, Part::Pose);
    } else if let Some(turned) = answer.pose {
        for (angle, (to, from)) in turned.to_array_deg().into_iter().zip(pose.to_array_deg()).enumerate() {
            // An angle that was not touched stays the photograph's own.
            if to != from {
                Dial::Angle(angle).set(&mut edit, bench.own, bench.space, to);
            }
        }
    }
    if answer.pose.is_some() || answer.settled {
        screen.ask(Command::SetEdit { edit: Box::new(edit), settled: answer.settled });
    }
    for angle in 0..3 {
        slider(ui, screen, bench, Dial::Angle(angle));
    }
}

/// The named classes as buttons, one at a time, and how strong the chosen one is.
fn expressions(ui: &mut Ui, screen: &mut Screen, bench: &Bench) {
    let locked = !screen.is_free(Part::Expression);
    let known = Expression::ALL.into_iter().filter(|class| bench.space.class_mean(*class).is_some());
    ui.horizontal_wrapped(|ui| {
        for class in known {
            let on = bench.edit.expression.classes.contains_key(&class);
            let name = sentence_case(class.name());
            let response = ui.add_enabled(!locked, Button::new(&name).selected(on));
            if response.clicked() {
                let mut edit = bench.edit.clone();
                edit.expression.classes.clear();
                if !on {
                    edit.expression.classes.insert(class, 1.0);
                }
                screen.ask(Command::SetEdit { edit: Box::new(edit), settled: true });
            }
            response.on_hover_text(format!("Towards the mean {class} face of the training pictures; again to undo"));
        }
    });
    let chosen: Vec<Expression> = bench.edit.expression.classes.keys().copied().collect();
    for class in chosen {
        slider(ui, screen, bench, Dial::Class(class));
    }
}

/// The axes that matter most, each with small faces that show what it does; and all numbers in a drawer.
fn axes(ui: &mut Ui, screen: &mut Screen, bench: &Bench, part: UnitPart) {
    for axis in 1..=MAIN_AXES {
        strip(ui, screen, bench, part, axis);
        slider(ui, screen, bench, Dial::Axis(part, axis));
    }
    let name = format!("All {PART_DIM} numbers of {part}");
    let open = screen.state.folded.contains(&name);
    let sign = if open { "▾" } else { "▸" };
    if ui.add(Button::new(format!("{sign} {name}")).frame_when_inactive(false)).clicked() {
        screen.ask(Command::Fold(name));
    }
    if open {
        for number in 0..PART_DIM as u8 {
            slider(ui, screen, bench, Dial::Raw(part, number));
        }
    }
}

fn strip(ui: &mut Ui, screen: &mut Screen, bench: &Bench, part: UnitPart, axis: u8) {
    let values = dials::strip_values(part, axis, bench.space);
    let pictures = screen.state.desk.strips.get(&(part, axis));
    let textures: Vec<_> = (0..values.len())
        .map(|place| {
            let picture = pictures.and_then(|pictures| pictures.get(place))?;
            screen.textures.get(&screen.context, picture, true)
        })
        .collect();
    let dial = Dial::Axis(part, axis);
    let enabled = screen.is_free(part.part());
    let strip = AxisStrip { name: &dial.to_string(), values: &values, textures: &textures, enabled };
    if let Some(place) = strip.show(ui) {
        let mut edit = bench.edit.clone();
        dial.set(&mut edit, bench.own, bench.space, values[place]);
        screen.ask(Command::SetEdit { edit: Box::new(edit), settled: true });
    }
}

/// One number.
fn slider(ui: &mut Ui, screen: &mut Screen, bench: &Bench, dial: Dial) {
    let Bench { edit, own, space } = bench;
    let slider = PartSlider {
        name: &dial.to_string(),
        label: &dial.label(),
        part: Some(dial.part()),
        range: dial.range(edit, own, space),
        shaded: Some(dial.shaded(space)),
        own: dial.own(own, space),
        decimals: dial.decimals(),
        suffix: dial.suffix(),
        step: dial.step(),
        enabled: screen.is_free(dial.part()),
        hover: &dial.explanation(),
    };
    let answer = slider.show(ui, dial.value(edit, own, space));
    if dial == Dial::Angle(0) {
        // For the drag that measures itself.
        ui.data_mut(|data| data.insert_temp(rail_id(), answer.response.rect));
    }
    if answer.value.is_none() && !answer.settled {
        return;
    }
    let mut changed = Edit::clone(edit);
    match answer.value {
        _ if answer.reset => dial.clear(&mut changed),
        Some(value) => dial.set(&mut changed, own, space, value),
        None => {}
    }
    screen.ask(Command::SetEdit { edit: Box::new(changed), settled: answer.settled });
}
