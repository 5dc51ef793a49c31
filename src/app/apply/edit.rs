//! The edit of the open face: changed, locked, undone.

use super::super::canvas::View;
use super::super::command::Command;
use super::super::dials;
use super::super::history::Change;
use super::super::pending::Wish;
use super::super::state::{Face, Panel, State};
use super::super::transfer::Arrangement;
use super::{fail, note};
use crate::face::{Edit, FaceCode, FaceSpace, Part, Recipe};

pub(super) fn apply(state: &mut State, command: Command) {
    match command {
        Command::SetEdit { edit, settled } => set(state, *edit, settled),
        Command::TakeBack(part) => change(state, |edit, _, _, _| {
            edit.recipe = part.map_or_else(Recipe::default, |part| edit.recipe.without(part));
        }),
        Command::ResetPart(part) => change(state, |edit, _, _, _| dials::reset(edit, part)),
        Command::ResetAll => change(state, |edit, _, _, _| *edit = Edit::default()),
        Command::Surprise(part) => surprise(state, &[part]),
        Command::SurpriseAll => surprise(state, &Part::ALL),
        Command::ToggleLock(part) => {
            state.locks[part as usize] = !state.locks[part as usize];
            state.touch();
        }
        Command::Undo => travel(state, false),
        Command::Redo => travel(state, true),
        _ => {}
    }
}

/// A whole new edit in one step.
fn change(state: &mut State, change: impl Fn(&mut Edit, &FaceCode, &FaceSpace, u64)) {
    state.draws += 1;
    let (Some(mut edit), Some((face, space))) = (state.edit().cloned(), state.own()) else { return };
    change(&mut edit, face, space, state.draws);
    set(state, edit, true);
}

fn surprise(state: &mut State, parts: &[Part]) {
    // Each draw takes one number a part, and no two sessions the same ones.
    state.draws += Part::ALL.len() as u64;
    let start = u64::from(std::process::id()) << 32;
    change(state, |edit, face, space, draw| {
        for (part, place) in parts.iter().zip(0..) {
            dials::surprise(edit, *part, face, space, start + draw + place);
        }
    });
}

/// Puts an edit onto the open face; locked parts stay as they are. The steps of a drag are one change, made when it
/// settles.
fn set(state: &mut State, mut edit: Edit, settled: bool) {
    let Some(id) = state.open else { return };
    let locks = state.locks;
    let now = state.now;
    let Some(face) = state.face_mut(id) else { return };
    for part in Part::ALL.into_iter().filter(|part| locks[*part as usize]) {
        dials::give(&mut edit, &face.record.edit, part);
    }
    let before = std::mem::replace(&mut face.record.edit, edit.clone());
    if before != edit {
        state.desk.changed_at = now;
        show(state);
    }
    let before = state.before_drag.take().unwrap_or(before);
    if settled {
        commit(state, Change::Edit { face: id, before, after: edit });
    } else {
        state.before_drag = Some(before);
    }
}

/// What the hand does is to be seen: the photograph, on which a face was chosen, does not follow it.
fn show(state: &mut State) {
    if state.view.view == View::Photograph && state.desk.points.is_none() && state.own().is_some() {
        state.view.view = View::Edit;
        state.view = state.view.fitted();
    }
}

/// Notes a change that was made, for undo and for the session.
pub(super) fn commit(state: &mut State, change: Change) {
    state.history.push(change);
    if let Some(ready) = &state.engine.ready {
        state.made_with.clone_from(&ready.card.name);
    }
    state.touch();
}

/// A drag that is still under way becomes a step of its own.
pub(super) fn settle(state: &mut State) {
    if let (Some(before), Some(face)) = (state.before_drag.take(), state.open) {
        let after = state.edit().cloned().unwrap_or_default();
        commit(state, Change::Edit { face, before, after });
    }
    if let (Some(before), Some(face)) = (state.before_paste.take(), state.open_face()) {
        let (face, after) = (face.record.id, face.record.paste);
        commit(state, Change::Paste { face, before, after });
    }
    super::transfer::settle(state);
}

/// The open face's own code is another one: its edit is drawn and measured anew. The old picture stays until then.
pub(super) fn own_changed(state: &mut State) {
    state.pending.cancel(|wish| matches!(wish, Wish::Drift(..) | Wish::Strip(..)));
    let desk = &mut state.desk;
    (desk.asked, desk.drift, desk.unmeasured, desk.refused) = (None, None, None, None);
    desk.strips.clear();
}

/// One step back or forward. A step that would change a locked part waits until it is unlocked.
fn travel(state: &mut State, forward: bool) {
    settle(state);
    let mut history = state.history.clone();
    let Some(change) = (if forward { history.redo() } else { history.undo() }) else { return };
    if let Some(part) = locked_part(state, &change) {
        let way = if forward { "Redo" } else { "Undo" };
        fail(state, &format!("{way} would change the {part}, which is locked; unlock it first"));
        return;
    }
    let name = change.name();
    state.history = history;
    make(state, &change);
    state.touch();
    note(state, &format!("{} the {name}", if forward { "Did again" } else { "Took back" }));
}

fn locked_part(state: &State, change: &Change) -> Option<Part> {
    match change {
        Change::Edit { before, after, .. } => {
            Part::ALL.into_iter().find(|part| state.is_locked(*part) && dials::differ(before, after, *part))
        }
        Change::Many(changes) => changes.iter().find_map(|change| locked_part(state, change)),
        _ => None,
    }
}

/// Makes a change to the faces, and brings what it concerns onto the canvas.
fn make(state: &mut State, change: &Change) {
    match change {
        Change::Many(changes) => changes.iter().for_each(|change| make(state, change)),
        Change::Add { place, face } => {
            let back = state.attic.remove(&face.id).unwrap_or_else(|| Face::unread(face.clone()));
            state.faces.insert((*place).min(state.faces.len()), Face { record: face.clone(), ..back });
            super::open(state, Some(face.id));
        }
        Change::Remove { face, .. } => super::faces::take_away(state, face.id),
        Change::Board { after, .. } => {
            state.transfer.board = Arrangement::clone(after).sound();
            // What changes is to be seen.
            state.panel = Panel::Transfer;
        }
        Change::Edit { face: id, .. }
        | Change::Place { face: id, .. }
        | Change::Refine { face: id, .. }
        | Change::Paste { face: id, .. }
        | Change::Rename { face: id, .. } => {
            if state.open != Some(*id) {
                super::open(state, Some(*id));
            }
            let is_place = matches!(change, Change::Place { .. });
            let Some(face) = state.face_mut(*id) else { return };
            let mut records = vec![face.record.clone()];
            change.apply(&mut records);
            face.record = records.remove(0);
            if is_place {
                // The crop is cut anew.
                super::faces::forget_crop(state, *id);
                super::open(state, Some(*id));
            }
            state.desk.changed_at = state.now;
        }
    }
}
