//! Label audits: opened, built and closed; how their faces are listed; what is said about labels, and where the result
//! goes.

mod hear;

use std::path::{Path, PathBuf};

use super::super::command::Command;
use super::super::gallery::Use;
use super::super::hands::Hands;
use super::super::labels::command::LabelsCommand;
use super::super::labels::words::short;
use super::super::labels::{Choice, LabelsWish, is_audit};
use super::super::pending::Wish;
use super::super::state::{FaceId, Panel, Purpose, State};
use super::{asked, fail, note, put_away};
use crate::engine::audit::{Budget, Build, Columns, Filter, Source, Verdict};
use crate::engine::open::Placement;
use crate::engine::protocol::Source as Picture;
use crate::face::Expression;

pub(in super::super) use hear::{hear, look};

/// Endings of tables that can hold labels.
const TABLES: [&str; 2] = ["csv", "json"];
/// Endings of files that are sets.
const SETS: [&str; 2] = ["csv", "parquet"];

const ALL_JUDGED: &str = "Every face of this list has a verdict; widen the list, or export the labels";

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: LabelsCommand) {
    match command {
        LabelsCommand::Open(path) => open_audit(state, path),
        LabelsCommand::Audit(source) => audit(state, hands, source),
        LabelsCommand::Into(folder) => into(state, hands, folder),
        LabelsCommand::BringUpToDate => build_again(state, hands, false),
        LabelsCommand::Rebuild => build_again(state, hands, true),
        LabelsCommand::Stop => stop(state),
        LabelsCommand::Close => close(state, hands),
        LabelsCommand::Dropped(paths) => dropped(state, hands, paths),
        LabelsCommand::LookAtTab(tab) => (state.panel, state.labels.tab) = (Panel::Labels, tab),
        LabelsCommand::Choose(choice) => choose(state, *choice),
        LabelsCommand::Cell(given, predicted) => cell(state, given, predicted),
        LabelsCommand::InSight(keys) => state.labels.shelf.look_at(keys),
        LabelsCommand::LookAt(face) => {
            if let Some(place) = state.labels.open.as_ref().and_then(|open| open.place_of(face)) {
                state.labels.look_at(place);
            }
        }
        LabelsCommand::Next => step(state, 1),
        LabelsCommand::Previous => step(state, -1),
        LabelsCommand::NextUnjudged => next_unjudged(state),
        LabelsCommand::CompareWith(face) => compare(state, face),
        LabelsCommand::JudgeAs(by) => {
            state.labels.by = by;
            state.touch();
        }
        LabelsCommand::Export(form, path) => {
            asked(state, hands.audits.export(path, form), Wish::Labels(LabelsWish::Export));
        }
        LabelsCommand::Import(table) => {
            let by = state.labels.judged_by();
            asked(state, hands.audits.import(table, by), Wish::Labels(LabelsWish::Import));
        }
        LabelsCommand::Edit => edit(state, hands),
        verdict => say(state, hands, verdict),
    }
}

/// A verdict on the face that is looked at. The next one is shown once it is on the disk, so that a key that is pressed
/// before says nothing about a face that nobody has seen.
fn say(state: &mut State, hands: &Hands, command: LabelsCommand) {
    if state.labels.open.is_none() || state.pending.has(|wish| *wish == Wish::Labels(LabelsWish::Judge)) {
        return;
    }
    if command == LabelsCommand::Undo {
        // What comes back is to be seen.
        state.panel = Panel::Labels;
        let by = state.labels.judged_by();
        asked(state, hands.audits.undo(by), Wish::Labels(LabelsWish::Judge));
        return;
    }
    let Some((_, row)) = state.labels.looked_at() else { return };
    let (face, given, predicted) = (row.face, row.given, row.predicted);
    let verdict = match command {
        LabelsCommand::RelabelPredicted if predicted == given => {
            note(state, "The prediction is the label that it has; keep it with K, or choose another with 1 to 8");
            return;
        }
        LabelsCommand::RelabelPredicted => Verdict::Relabel(predicted),
        LabelsCommand::Relabel(label) if label != given => Verdict::Relabel(label),
        LabelsCommand::Ambiguous => Verdict::Ambiguous,
        // To give it the label that it has is to keep that.
        _ => Verdict::Keep,
    };
    let by = state.labels.judged_by();
    asked(state, hands.audits.judge(face, verdict, by), Wish::Labels(LabelsWish::Judge));
}

fn step(state: &mut State, by: isize) {
    if let Some(place) = state.labels.list.step(by) {
        state.labels.look_at(place);
    }
}

fn next_unjudged(state: &mut State) {
    let desk = &mut state.labels;
    let Some(open) = &desk.open else { return };
    match desk.list.unjudged(open) {
        Some(place) => desk.look_at(place),
        // Words for those who look for more; an empty list says what it lacks itself.
        None if !desk.list.order().is_empty() => note(state, ALL_JUDGED),
        None => {}
    }
}

fn compare(state: &mut State, with: Option<FaceId>) {
    let name = with.and_then(|id| state.face(id)).map(|face| face.record.name.clone());
    state.labels.compared = with.filter(|_| name.is_some());
    if let Some(name) = name {
        (state.picked, state.gallery.picked) = (None, None);
        note(state, &format!("{name} stands beside the faces of the audit"));
    }
}

fn choose(state: &mut State, choice: Choice) {
    if state.labels.choice != choice {
        state.labels.choice = choice;
        state.touch();
    }
}

fn cell(state: &mut State, given: Expression, predicted: Expression) {
    let mut choice = state.labels.choice.clone();
    let cell = [Some(given), Some(predicted)];
    let chosen = [choice.filter.given, choice.filter.predicted] == cell;
    [choice.filter.given, choice.filter.predicted] = if chosen { [None; 2] } else { cell };
    choose(state, choice);
}

/// Another audit is in hand, or none: what was asked about the old one is of no interest any more. A verdict that is on
/// its way is written all the same.
fn turn_to(state: &mut State, folder: Option<PathBuf>) {
    let is_about_old = |wish: &Wish| matches!(wish, Wish::Labels(LabelsWish::Open));
    state.pending.cancel(is_about_old);
    state.labels.turn_to(folder);
    answered(state);
    state.touch();
}

/// Puts away what was asked in the bar about an audit that is another one by now.
fn answered(state: &mut State) {
    let is_of_audit =
        |command: &Command| matches!(command, Command::Labels(_)) || *command == Command::Ask(Purpose::OpenAudit);
    put_away(state, |bar| bar.actions.iter().any(|(_, command)| is_of_audit(command)));
}

/// The file of an audit means its folder.
fn open_audit(state: &mut State, path: PathBuf) {
    let folder = match path.parent() {
        Some(folder) if path.is_file() && is_audit(folder) => folder.to_owned(),
        _ => path,
    };
    state.panel = Panel::Labels;
    if state.labels.folder.as_ref() == Some(&folder) && state.labels.open.is_some() {
        note(state, "This audit is open already");
        return;
    }
    take_up(state, folder);
}

/// Another folder's audit is in hand; the faces of the former one were filtered, not these.
fn take_up(state: &mut State, folder: PathBuf) {
    if state.labels.folder.as_ref() != Some(&folder) {
        state.labels.choice.filter = Filter::default();
    }
    turn_to(state, Some(folder));
}

/// A set was named; next it is asked where its audit goes. An audit in its place is opened.
fn audit(state: &mut State, hands: &mut Hands, source: PathBuf) {
    if is_audit(&source) {
        open_audit(state, source);
        return;
    }
    state.labels.source = Some(source);
    super::apply(state, hands, Command::Ask(Purpose::AuditFolder));
}

fn into(state: &mut State, hands: &Hands, folder: PathBuf) {
    let Some(path) = state.labels.source.take() else {
        fail(state, "No set was named to be audited; choose one with Audit a set");
        return;
    };
    let source = Source { path, format: None, columns: Columns::default() };
    build(state, hands, folder, Some(source), Budget::default(), false);
}

/// With as many faces to look at as before.
fn build_again(state: &mut State, hands: &Hands, rebuild: bool) {
    let desk = &state.labels;
    if let (Some(folder), Some(open)) = (desk.folder.clone(), &desk.open) {
        let budget = Budget::Faces(open.info.budget);
        build(state, hands, folder, None, budget, rebuild);
    }
}

/// Without a source, of the set that the audit is of already.
fn build(state: &mut State, hands: &Hands, folder: PathBuf, source: Option<Source>, budget: Budget, rebuild: bool) {
    let wish = Wish::Labels(LabelsWish::Build(folder.clone()));
    if state.pending.has(|known| *known == wish) {
        fail(state, "This set is being audited already; wait until it is done, or stop it");
        return;
    }
    state.panel = Panel::Labels;
    // What went wrong before is tried again.
    put_away(state, |bar| bar.actions.is_empty());
    answered(state);
    if state.labels.folder.as_ref() != Some(&folder) {
        take_up(state, folder.clone());
    }
    state.labels.failed = false;
    let build = Build { source, folder, setup: state.engine.setup.clone(), budget, rebuild };
    asked(state, hands.audits.build(build), wish);
}

fn stop(state: &mut State) {
    if let Some((number, ..)) = state.auditing_here().or_else(|| state.auditing()) {
        state.pending.cancel_number(number);
        note(state, "The audit stops after the faces in hand; what was done is kept");
    }
}

fn close(state: &mut State, hands: &Hands) {
    match hands.audits.close() {
        Ok(()) => turn_to(state, None),
        Err(refused) => fail(state, &refused.to_string()),
    }
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Folders and tables are audited, an audit is opened, a table of labels goes into the audit that is open.
fn dropped(state: &mut State, hands: &mut Hands, paths: Vec<PathBuf>) {
    let Some(first) = paths.first() else { return };
    if let Some(folder) = paths.iter().find(|path| is_audit(path)) {
        open_audit(state, folder.clone());
    } else if state.labels.open.is_some() && ends_in(first, &TABLES) {
        apply(state, hands, LabelsCommand::Import(first.clone()));
    } else if first.is_dir() || ends_in(first, &SETS) {
        audit(state, hands, first.clone());
    } else {
        let text = format!(
            "Sets of labelled faces are audited here: a folder, a CSV or a Parquet file; drop pictures onto the Edit \
             panel: {}",
            first.display()
        );
        fail(state, &text);
    }
}

/// The crop that the label was judged by, into the tray; one that is there already is opened.
fn edit(state: &mut State, hands: &mut Hands) {
    let desk = &state.labels;
    let Some((place, row)) = desk.looked_at() else { return };
    let name = desk.open.as_ref().map_or("", |open| open.name(place));
    let input = desk.look.known(row.face).and_then(|looked| looked.input.clone());
    let Some(photo) = input else {
        note(state, "The picture of this face is not here yet, or no longer there");
        return;
    };
    let name = short(name).to_owned();
    let known = state.faces.iter().find(|face| face.record.name == name && face.crop.as_ref() == Some(&photo));
    match known.map(|face| face.record.id) {
        Some(id) => super::apply(state, hands, Command::OpenFace(id)),
        None => {
            let picture = Picture::Picture { name, photo };
            asked(state, hands.studio.open(vec![(picture, Placement::Aligned)]), Wish::Hit(Use::Edit, None));
        }
    }
}
