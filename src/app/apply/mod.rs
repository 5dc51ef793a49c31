//! Commands into changes of the state: the only place, beside the engine's answers, where it changes.

mod edit;
pub(super) mod evaluate;
pub(super) mod faces;
pub(super) mod files;
pub(super) mod gallery;
pub(super) mod labels;
pub(super) mod photograph;
pub(super) mod train;
pub(super) mod transfer;

use eframe::egui::ViewportCommand;

use super::canvas::{Compare, View};
use super::command::{Command, matching};
use super::demo::Demo;
use super::gallery::GalleryCommand;
use super::hands::Hands;
use super::labels::LabelsCommand;
use super::log::{Bar, Level};
use super::pending::Wish;
use super::state::{Drawer, Palette, Panel, State};
use super::store::Settings;
use super::store::settings::SCALES;
use crate::engine::{Refused, Ticket};

use edit::commit;
pub(super) use faces::{add, open};

/// Does what a command says. What cannot be done is said in the bar, and nothing is lost.
pub fn apply(state: &mut State, hands: &mut Hands, command: Command) {
    if is_about_a_face(&command) {
        state.panel = Panel::Edit;
    }
    match command {
        Command::OpenPaths(..)
        | Command::OpenPasted(..)
        | Command::Paste
        | Command::OpenSamples
        | Command::OpenFace(..)
        | Command::NextFace
        | Command::PreviousFace
        | Command::PickUp(..)
        | Command::DroppedNowhere
        | Command::Rename(..)
        | Command::ShowFile(..)
        | Command::Remove(..)
        | Command::RemoveOpen
        | Command::MarkFace
        | Command::MovePoints(..)
        | Command::UsePoints
        | Command::CancelMarking => faces::apply(state, hands, command),
        Command::ChooseFace(..)
        | Command::NextFound
        | Command::PreviousFound
        | Command::AddEveryFace
        | Command::SetPaste { .. }
        | Command::Refine
        | Command::Unrefine => photograph::apply(state, hands, command),
        Command::Undo if state.is_among_people() => gallery::apply(state, hands, GalleryCommand::UndoPeople),
        Command::Redo if state.is_among_people() => {
            note(state, "What was taken back about people is done again by hand; name, merge or split them once more");
        }
        Command::Undo if state.is_judging() => labels::apply(state, hands, LabelsCommand::Undo),
        Command::Redo if state.is_judging() => {
            note(state, "A verdict that was taken back is given again by its key");
        }
        Command::SetEdit { .. }
        | Command::TakeBack(..)
        | Command::ResetPart(..)
        | Command::ResetAll
        | Command::Surprise(..)
        | Command::SurpriseAll
        | Command::ToggleLock(..)
        | Command::Undo
        | Command::Redo => edit::apply(state, command),
        Command::Ask(..)
        | Command::Typed(..)
        | Command::Browse
        | Command::TakeTyped
        | Command::CancelAsking
        | Command::SavePicture(..)
        | Command::SaveFace(..)
        | Command::CopyPicture
        | Command::SaveEdit(..)
        | Command::LoadEdit(..)
        | Command::SaveProject(..)
        | Command::OpenProject(..)
        | Command::UseWeights(..)
        | Command::UseDevice(..) => files::apply(state, hands, command),
        Command::SetTraining(..)
        | Command::AddTrainingData(..)
        | Command::DropOnTraining(..)
        | Command::StartTraining
        | Command::TrainOnSynthetic
        | Command::ResumeRun(..)
        | Command::LookAtRun(..)
        | Command::ListRuns(..)
        | Command::PauseTraining
        | Command::GoOnTraining
        | Command::SaveTraining
        | Command::StopTraining
        | Command::AskDiscard
        | Command::DiscardTraining
        | Command::LookAtTraining(..)
        | Command::EditWithTraining => train::apply(state, hands, command),
        Command::Transfer(command) => transfer::apply(state, hands, command),
        Command::Gallery(command) => gallery::apply(state, hands, command),
        Command::Labels(command) => labels::apply(state, hands, command),
        Command::Evaluate(command) => evaluate::apply(state, hands, command),
        Command::SetView(..) | Command::Look(..) | Command::CompareBy(..) | Command::Zoom(..) | Command::Fit => {
            look(state, command);
        }
        Command::ToggleDemo | Command::DemoTouch | Command::DemoSet(..) | Command::DemoRandom | Command::DemoMorph => {
            demonstrate(state, hands, command)
        }
        other => arrange(state, hands, other),
    }
}

/// Whether a command brings a face onto the canvas, which then is to be seen.
fn is_about_a_face(command: &Command) -> bool {
    matches!(
        command,
        Command::OpenPaths(..)
            | Command::OpenPasted(..)
            | Command::OpenSamples
            | Command::OpenFace(..)
            | Command::NextFace
            | Command::PreviousFace
            | Command::MarkFace
            | Command::ChooseFace(..)
            | Command::NextFound
            | Command::PreviousFound
            | Command::OpenProject(..)
            | Command::Look(..)
            | Command::CompareBy(..)
    )
}

/// The canvas.
fn look(state: &mut State, command: Command) {
    match command {
        Command::SetView(view) => state.view = view,
        Command::Look(View::Pasted) if !state.can_paste() => return,
        Command::Look(view) => {
            if view.is_whole() && state.desk.photo.is_none() {
                // Its file may be there again.
                state.desk.photo_failed = false;
            }
            state.view.view = view;
            state.view = state.view.fitted();
        }
        Command::CompareBy(compare) if state.view.compare == compare => state.view.compare = Compare::Off,
        Command::CompareBy(compare) => state.view.compare = compare,
        Command::Zoom(by) => state.view.zoom = (state.view.zoom * by).max(1.0),
        _ => state.view = state.view.fitted(),
    }
    state.touch();
}

/// The window around the face.
fn arrange(state: &mut State, hands: &mut Hands, command: Command) {
    match command {
        Command::Show(drawer) if state.drawer == drawer => {
            state.drawer = Drawer::Inspector;
            state.drawer_out = drawer == Drawer::Inspector && !state.drawer_out;
        }
        Command::Show(drawer) => {
            state.drawer = drawer;
            state.drawer_out = true;
        }
        Command::OpenPanel(panel) => open_panel(state, panel),
        Command::ToggleDrawer => state.drawer_out = !state.drawer_out,
        Command::Fold(section) => {
            if !state.folded.remove(&section) {
                state.folded.insert(section);
            }
            state.touch();
        }
        Command::SetTheme(theme) => set(state, hands, |settings| settings.theme = theme),
        Command::SetScale(scale) => set(state, hands, |settings| settings.scale = scale.clamp(SCALES[0], SCALES[1])),
        Command::ReducedMotion(reduced) => set(state, hands, |settings| settings.reduced_motion = reduced),
        Command::SeenWelcome => set(state, hands, |settings| settings.seen_welcome = true),
        Command::TogglePalette => {
            state.palette = if state.palette.is_some() { None } else { Some(Palette::default()) };
        }
        Command::PaletteQuery(query) => state.palette = Some(Palette { query, chosen: 0 }),
        Command::PaletteChoose(chosen) => {
            if let Some(palette) = &mut state.palette {
                palette.chosen = chosen.min(matching(&palette.query).len().saturating_sub(1));
            }
        }
        Command::CopyReport => {
            let ready = state.engine.ready.as_ref();
            let device = ready.map_or("not ready yet", |ready| &ready.device);
            let model = ready.map_or("not ready yet", |ready| &ready.card.name);
            hands.context.copy_text(state.log.report(device, model));
            note(state, "The report is on the clipboard; it holds no pictures and no paths");
        }
        Command::Dismiss => state.bar = None,
        Command::CancelJob(number) => state.pending.cancel_number(number),
        Command::ToggleDebug => state.debug = !state.debug,
        Command::ToggleFullscreen => fill_screen(state, hands, !state.fullscreen),
        Command::Quit => hands.context.send_viewport_cmd(ViewportCommand::Close),
        // All others were given to their own rooms.
        _ => {}
    }
}

/// Another panel; asked for again, its own drawer in the place of another, or out and in where the window is narrow.
fn open_panel(state: &mut State, panel: Panel) {
    let (same, own) = (state.panel == panel, state.drawer == Drawer::Inspector);
    state.drawer_out = if same && own { !state.drawer_out } else { same };
    (state.panel, state.drawer) = (panel, Drawer::Inspector);
    // Runs may have come or gone in a terminal.
    state.train.listed = false;
}

pub(super) fn set(state: &mut State, hands: &Hands, change: impl FnOnce(&mut Settings)) {
    change(&mut state.settings);
    hands.store.save_settings(state.settings.clone());
}

fn fill_screen(state: &mut State, hands: &Hands, fill: bool) {
    state.fullscreen = fill;
    hands.context.send_viewport_cmd(ViewportCommand::Fullscreen(fill));
}

fn demonstrate(state: &mut State, hands: &Hands, command: Command) {
    if command == Command::ToggleDemo {
        let start = state.demo.is_none();
        state.demo = start.then(|| Demo::new(state.now));
        // The face in hand is drawn anew when the demonstration is over.
        state.desk.asked = None;
        state.palette = None;
        fill_screen(state, hands, start);
        return;
    }
    state.draws += 2;
    let (now, draw) = (state.now, state.draws + (now_seed() << 8));
    let (Some(demo), Some(ready)) = (&mut state.demo, &state.engine.ready) else { return };
    match command {
        Command::DemoSet(dial, value) => demo.set(dial, value, now, &ready.space),
        Command::DemoRandom => demo.random(draw, now, &ready.space),
        Command::DemoMorph => demo.morph(draw, now, &ready.space),
        _ => demo.touch(now, &ready.space),
    }
}

/// Another number at each start of the program.
fn now_seed() -> u64 {
    u64::from(std::process::id())
}

/// Something was done.
pub(super) fn note(state: &mut State, text: &str) {
    state.log.say(Level::Note, text, state.now);
}

/// Something is not as it was asked for, and goes on.
pub(super) fn warn(state: &mut State, text: &str) {
    state.log.say(Level::Warning, text, state.now);
    state.bar = Some(Bar { level: Level::Warning, text: text.to_owned(), actions: Vec::new() });
}

/// Something could not be done.
pub(super) fn fail(state: &mut State, text: &str) {
    fail_with(state, text, Vec::new());
}

/// Something could not be done, and this can be done instead.
pub(super) fn fail_with(state: &mut State, text: &str, actions: Vec<(&'static str, Command)>) {
    state.log.say(Level::Error, text, state.now);
    state.bar = Some(Bar { level: Level::Error, text: text.to_owned(), actions });
}

/// Puts the bar away where it holds this.
pub(super) fn put_away(state: &mut State, is_it: impl Fn(&Bar) -> bool) {
    if state.bar.as_ref().is_some_and(is_it) {
        state.bar = None;
    }
}

/// Notes what was asked of the engine, or says why it was not taken.
pub(super) fn asked(state: &mut State, asked: Result<Ticket, Refused>, wish: Wish) {
    match asked {
        Ok(ticket) => state.pending.add(ticket, wish, state.now),
        Err(refused) => fail(state, &refused.to_string()),
    }
}
