//! The drawer of the Train panel: the choices of a training that is to begin.

use eframe::egui::{DragValue, Label, RichText, Ui};

use super::super::super::command::Command;
use super::super::super::state::Purpose;
use super::super::super::train::form::{BATCH, FACES};
use super::super::super::train::words::{self, thousands};
use super::super::super::train::{Form, Preset};
use super::super::Screen;
use super::super::page::{heading, small};
use super::super::settings::devices;
use crate::engine::training::{Stages, SubFolders};

/// The button in the drawer's heading, always in sight.
pub fn start(ui: &mut Ui, screen: &mut Screen) {
    let train = &screen.state.train;
    let hindered = if train.running().is_some() {
        Some("A training goes on; stop it or let it end first")
    } else if train.starting {
        Some("The training is being started")
    } else {
        train.form.lacks()
    };
    let ready = hindered.is_none();
    screen
        .button(ui, ready, "Start training", Command::StartTraining)
        .on_hover_text("It runs in a process of its own and goes on when this window is closed")
        .on_disabled_hover_text(hindered.unwrap_or_default());
}

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let before = screen.state.train.form.clone();
    let mut form = before.clone();
    memory(ui, screen, &mut form);
    data(ui, screen, &mut form);
    preset(ui, &mut form);
    device(ui, screen, &mut form);
    stages(ui, &mut form);
    batch(ui, &mut form);
    recogniser(ui, screen, &mut form);
    run_dir(ui, screen, &mut form);
    if form != before {
        screen.ask(Command::SetTraining(Box::new(form)));
    }
}

/// What the training will take, and what there is.
fn memory(ui: &mut Ui, screen: &Screen, form: &mut Form) {
    let Some(memory) = screen.state.train.memory() else {
        small(ui, "What this takes of the memory is worked out…");
        return;
    };
    let free = match memory.available_mb {
        Some(available) => format!(" of {} MB that are free", thousands(available)),
        None if memory.on_gpu => " of the GPU's memory; how much that has is not known".to_owned(),
        None => " of memory".to_owned(),
    };
    let text = format!("Takes about {} MB{free}", thousands(memory.needed_mb));
    if memory.is_enough() {
        small(ui, &text);
        return;
    }
    ui.add(Label::new(RichText::new(text).color(ui.visuals().warn_fg_color)).wrap());
    match memory.fits_batch {
        Some(fits) => {
            ui.horizontal_wrapped(|ui| {
                ui.label(format!("A batch of {fits} fits."));
                if ui.button(format!("Use a batch of {fits}")).clicked() {
                    (form.own_batch, form.batch, form.parts) = (true, fits, 1);
                }
            });
        }
        None => small(ui, "No batch fits; choose a smaller preset or close other programs."),
    }
}

fn data(ui: &mut Ui, screen: &mut Screen, form: &mut Form) {
    heading(ui, "Pictures");
    ui.horizontal(|ui| {
        ui.radio_value(&mut form.synthetic, true, "Synthetic faces")
            .on_hover_text("Faces that this program draws, with everything known about them");
        let faces = DragValue::new(&mut form.faces).range(FACES[0]..=FACES[1]).speed(20.0);
        ui.add_enabled(form.synthetic, faces).accessible_name("How many synthetic faces");
    });
    ui.radio_value(&mut form.synthetic, false, "Shards or a folder");
    let mut gone = None;
    for path in &form.paths {
        ui.horizontal(|ui| {
            let name = words::name(path);
            let remove = ui.small_button("×").on_hover_text("Do not train on it");
            if remove.accessible_name(format!("Leave out {name}")).clicked() {
                gone = Some(path.clone());
            }
            ui.add(Label::new(RichText::new(name).small()).truncate()).on_hover_text(path.display().to_string());
        });
    }
    if let Some(gone) = gone {
        form.paths.retain(|path| *path != gone);
    }
    ui.horizontal(|ui| {
        screen.button(ui, true, "Add a folder…", Command::Ask(Purpose::TrainOnFolder));
        screen.button(ui, true, "Add shards…", Command::Ask(Purpose::TrainOnShards));
    });
    small(ui, "A folder of shards, or of crops of 128, 144 or 168 pixels and sub-folders of them; drop them here.");
    if !form.synthetic {
        sub_folders(ui, form);
    }
}

/// Of folders of crops.
fn sub_folders(ui: &mut Ui, form: &mut Form) {
    small(ui, "Sub-folders of crops say:");
    for say in SubFolders::ALL {
        let (title, explanation) = words::sub_folders(say);
        ui.radio_value(&mut form.sub_folders, say, title).on_hover_text(explanation);
    }
}

fn preset(ui: &mut Ui, form: &mut Form) {
    heading(ui, "Preset");
    for preset in Preset::ALL {
        ui.radio_value(&mut form.preset, preset, preset.title()).on_hover_text(preset.explanation());
        small(ui, preset.explanation());
    }
}

fn device(ui: &mut Ui, screen: &Screen, form: &mut Form) {
    heading(ui, "Device");
    for (device, name) in devices(screen.state) {
        ui.radio_value(&mut form.device, device, name);
    }
}

fn stages(ui: &mut Ui, form: &mut Form) {
    heading(ui, "Stages");
    for stages in Stages::ALL {
        let (title, explanation) = words::stages(stages);
        ui.radio_value(&mut form.stages, stages, title).on_hover_text(explanation);
    }
    if !matches!(form.stages, Stages::All | Stages::Autoencoder) {
        small(ui, "Stages two and three go on from what a run has learnt: resume a run with this choice.");
    }
}

fn batch(ui: &mut Ui, form: &mut Form) {
    heading(ui, "Batch");
    ui.checkbox(&mut form.own_batch, "Own batch size").on_hover_text("Otherwise the preset's");
    if !form.own_batch {
        return;
    }
    ui.horizontal(|ui| {
        let label = ui.label("Pictures");
        ui.add(DragValue::new(&mut form.batch).range(BATCH[0]..=BATCH[1]).speed(0.2)).labelled_by(label.id);
        let label = ui.label("in parts").on_hover_text("Gradients of so many parts are added before a step is made");
        let most = (form.batch / BATCH[0]).max(1);
        ui.add(DragValue::new(&mut form.parts).range(1..=most).speed(0.05)).labelled_by(label.id);
    });
    small(ui, "More parts take less memory; batch norm and triplets see only one part at a time.");
}

fn recogniser(ui: &mut Ui, screen: &mut Screen, form: &mut Form) {
    heading(ui, "Recogniser");
    ui.horizontal(|ui| {
        screen
            .button(ui, true, "Choose a recogniser…", Command::Ask(Purpose::Recogniser))
            .on_hover_text("A network that knows people apart and teaches identity where pictures are few");
        if form.recogniser.is_some() && ui.button("Without it").clicked() {
            form.recogniser = None;
        }
    });
    match &form.recogniser {
        Some(path) => {
            ui.add(Label::new(RichText::new(words::name(path)).small()).truncate())
                .on_hover_text(path.display().to_string());
        }
        None => small(ui, "None; training works without one."),
    }
}

fn run_dir(ui: &mut Ui, screen: &mut Screen, form: &mut Form) {
    heading(ui, "Run folder");
    match screen.state.train.next_run() {
        Some(path) => {
            ui.add(Label::new(RichText::new(path.display().to_string()).small()).wrap());
        }
        None => small(ui, "None is known; choose one."),
    }
    ui.horizontal(|ui| {
        screen.button(ui, true, "Choose the run folder…", Command::Ask(Purpose::RunDir));
        if form.run_dir.is_some() && ui.button("The usual one").clicked() {
            form.run_dir = None;
        }
    });
}
