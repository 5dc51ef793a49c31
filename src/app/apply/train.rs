//! Trainings: set up, started, steered, looked at, and what the engine says of them.

use std::path::PathBuf;

use super::super::command::Command;
use super::super::hands::Hands;
use super::super::log::{Bar, Level};
use super::super::state::{Panel, State};
use super::super::train::form::{BATCH, FACES, FIRST_FACES};
use super::super::train::{Form, Memory, Preset, Sheet, words};
use super::{fail, fail_with, note, set, warn};
use crate::engine::WeightsSource;
use crate::engine::training::{RunState, TrainRequest, TrainingEvent, Word};

const WITHOUT_A_PLACE: &str = "No folder for runs is known; choose one for this run under Run folder";

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: Command) {
    match command {
        Command::SetTraining(form) => set_form(state, *form),
        Command::AddTrainingData(paths) => {
            let mut form = state.train.form.clone();
            form.add(paths);
            set_form(state, form);
        }
        Command::DropOnTraining(paths) => dropped(state, paths),
        Command::StartTraining => start(state, hands),
        Command::TrainOnSynthetic => {
            let form = Form { synthetic: true, faces: FIRST_FACES, preset: Preset::Tiny, ..state.train.form.clone() };
            set_form(state, form);
            start(state, hands);
        }
        Command::ResumeRun(run_dir, batch) => {
            let request = state.train.form.resumption(run_dir, batch);
            begin(state, hands, request);
        }
        Command::LookAtRun(None) => (state.train.listing, state.train.listed) = (true, false),
        Command::LookAtRun(Some(run)) => watch(state, hands, run),
        Command::ListRuns(folder) => {
            state.train.folder = Some(folder.clone());
            (state.train.runs, state.train.listed) = (None, false);
            set(state, hands, |settings| settings.runs_folder = Some(folder));
        }
        Command::PauseTraining => tell(state, hands, Word::Pause),
        Command::GoOnTraining => tell(state, hands, Word::Go),
        Command::SaveTraining => {
            tell(state, hands, Word::Save);
            note(state, "The training saves a checkpoint at its next step");
        }
        Command::StopTraining => tell(state, hands, Word::Stop),
        Command::AskDiscard => ask_discard(state),
        Command::DiscardTraining => {
            state.bar = None;
            tell(state, hands, Word::Discard);
        }
        Command::LookAtTraining(look) => state.train.look = *look,
        Command::EditWithTraining => edit(state, hands),
        _ => {}
    }
}

fn set_form(state: &mut State, mut form: Form) {
    form.faces = form.faces.clamp(FACES[0], FACES[1]);
    form.batch = form.batch.clamp(BATCH[0], BATCH[1]);
    // Each part holds two pictures at least, since batch norm and triplets see one part at a time.
    form.parts = form.parts.clamp(1, (form.batch / BATCH[0]).max(1));
    if state.train.form != form {
        (state.train.form, state.train.changed_at) = (form, state.now);
    }
}

/// Folders and shards are trained on; anything else is not what this panel takes.
fn dropped(state: &mut State, paths: Vec<PathBuf>) {
    let is_data = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|ending| ending == "parquet");
    let (data, others): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_data);
    if let Some(other) = others.first() {
        let text = format!(
            "Training takes folders and shards (.parquet); drop pictures onto the Edit panel: {}",
            other.display()
        );
        fail(state, &text);
    }
    if !data.is_empty() {
        let mut form = state.train.form.clone();
        form.add(data);
        set_form(state, form);
    }
}

fn start(state: &mut State, hands: &Hands) {
    if let Some(lacks) = state.train.form.lacks() {
        fail(state, lacks);
        return;
    }
    match state.train.free_run() {
        Some(run_dir) => {
            let request = state.train.form.request(run_dir);
            begin(state, hands, request);
        }
        None => fail(state, WITHOUT_A_PLACE),
    }
}

fn begin(state: &mut State, hands: &Hands, request: TrainRequest) {
    if state.train.starting || state.train.running().is_some() {
        fail(state, "A training goes on already; stop it, or let it end first");
        return;
    }
    state.panel = Panel::Train;
    state.bar = None;
    state.train.starting = true;
    hands.trainings.begin(request);
}

/// Looks at another run.
fn watch(state: &mut State, hands: &Hands, run: PathBuf) {
    state.train.listing = false;
    if state.train.watched.as_ref() == Some(&run) {
        return;
    }
    // One that goes on is what the next start of the program has to find.
    let goes_on = state.train.running().is_some();
    hands.trainings.watch(Some(run.clone()));
    state.train.watch(Some(run.clone()));
    if !goes_on {
        set(state, hands, |settings| settings.last_run = Some(run));
    }
}

/// The training that has just begun, which the engine looks at: it is shown, now and after the next start.
fn take(state: &mut State, hands: &Hands, run: PathBuf) {
    let train = &mut state.train;
    (train.starting, train.listing, train.listed) = (false, false, false);
    // The next one needs a place of its own.
    train.form.run_dir = None;
    train.watch(Some(run.clone()));
    set(state, hands, |settings| settings.last_run = Some(run));
}

/// At the start of the program: where runs are, and the run that was looked at last, which may still go on.
pub(in super::super) fn find_again(state: &mut State, hands: &Hands) {
    state.train.folder = state.settings.runs_folder.clone().or_else(|| hands.store.runs_folder());
    if let Some(run) = state.settings.last_run.clone().filter(|run| run.is_dir()) {
        hands.trainings.watch(Some(run.clone()));
        state.train.watch(Some(run));
        state.train.greet = true;
    }
}

fn tell(state: &mut State, hands: &Hands, word: Word) {
    if state.train.running().is_some() {
        hands.trainings.send(word);
    } else {
        fail(state, "No training goes on that could be told so");
    }
}

/// What cannot be undone needs a second press.
fn ask_discard(state: &mut State) {
    if state.train.running().is_none() {
        return;
    }
    let text = "Discarding stops the training and removes what it has made; that cannot be undone";
    let actions = vec![("Discard for good", Command::DiscardTraining)];
    state.bar = Some(Bar { level: Level::Warning, text: text.to_owned(), actions });
}

/// The newest weights, in the Edit panel; the training goes on.
fn edit(state: &mut State, hands: &mut Hands) {
    match state.train.view.as_ref().and_then(|view| view.weights.clone()) {
        Some(weights) => {
            state.panel = Panel::Edit;
            super::apply(state, hands, Command::UseWeights(WeightsSource::File(weights)));
        }
        None => fail(state, "This run has no weights yet; they come with its first checkpoint"),
    }
}

/// The newest of the watched run.
pub(in super::super) fn look(state: &mut State, hands: &Hands) {
    let Some(view) = hands.trainings.view().filter(|view| state.train.watched.as_ref() == Some(&view.run_dir)) else {
        return;
    };
    if std::mem::take(&mut state.train.greet) {
        greet(state, view.alive, view.step, view.steps, &view.run_dir);
    }
    state.train.view = Some(view);
}

/// Says whether the last session's training still goes on.
fn greet(state: &mut State, alive: bool, step: u64, steps: u64, run_dir: &std::path::Path) {
    if !alive {
        return;
    }
    let (step, steps) = (words::thousands(step), words::thousands(steps));
    let text = format!("The training of the last session goes on, step {step} of {steps}: {}", run_dir.display());
    note(state, &text);
}

/// What the engine says of trainings.
pub(in super::super) fn hear(state: &mut State, hands: &Hands, event: TrainingEvent) {
    match event {
        TrainingEvent::Started { run_dir } => {
            note(state, &format!("The training has started: {}", run_dir.display()));
            take(state, hands, run_dir);
        }
        TrainingEvent::NotStarted(sentence) => {
            (state.train.starting, state.train.listed) = (false, false);
            fail(state, &sentence);
        }
        TrainingEvent::Listed(runs) => state.train.runs = Some(runs),
        TrainingEvent::Estimated { megabytes, available_megabytes, fits_batch, on_gpu } => {
            let memory = Memory { needed_mb: megabytes, available_mb: available_megabytes, fits_batch, on_gpu };
            if let Some(form) = state.train.estimating.take() {
                state.train.estimate = Some((form, Some(memory)));
            }
        }
        TrainingEvent::Preview { step, picture, columns, rows } => {
            if state.train.seeking == Some(step) {
                state.train.seeking = None;
                state.train.keep(step, Sheet { picture, columns, rows });
            }
        }
        TrainingEvent::Ended { run_dir, sentence } => ended(state, hands, run_dir, &sentence),
        TrainingEvent::NewWeights { step, .. } => {
            let text = format!("The training has written new weights at step {}", words::thousands(step));
            note(state, &text);
        }
        TrainingEvent::Failed(sentence) => {
            // Whatever was on its way is not asked for again by itself.
            if let Some(form) = state.train.estimating.take() {
                state.train.estimate = Some((form, None));
            }
            if let Some(step) = state.train.seeking.take() {
                state.train.missing.insert(step);
            }
            warn(state, &sentence);
        }
    }
}

fn ended(state: &mut State, hands: &Hands, run_dir: PathBuf, sentence: &str) {
    // What the run says of its end was there before this was said.
    look(state, hands);
    (state.train.starting, state.train.listed) = (false, false);
    let view = state.train.view.as_deref().filter(|view| view.run_dir == run_dir);
    let meant = [RunState::Finished, RunState::Stopped, RunState::Discarded];
    if view.is_some_and(|view| meant.contains(&view.state)) {
        note(state, sentence);
        return;
    }
    let batch = words::named_batch(sentence);
    let resume = view.is_some_and(|view| view.can_resume).then_some(("Resume", Command::ResumeRun(run_dir, batch)));
    fail_with(state, sentence, resume.into_iter().collect());
}
