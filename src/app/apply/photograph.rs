//! The photograph around a face: another of its faces chosen, all of them put into the tray, the code fitted to it, the
//! edit put back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::beside;
use super::super::canvas::View;
use super::super::command::Command;
use super::super::hands::Hands;
use super::super::history::{Change, Refinement};
use super::super::pending::{More, Wish};
use super::super::state::{Face, FaceId, Seen, State};
use super::edit::own_changed;
use super::{add, asked, commit, fail, note, open};
use crate::engine::open::{Cropped, Placement};
use crate::engine::protocol::{Opened, Paste, RgbImage, Source};
use crate::face::{Edit, FaceCode, Found, PasteOptions};

pub(super) fn apply(state: &mut State, hands: &Hands, command: Command) {
    match command {
        Command::ChooseFace(place) => choose(state, hands, place),
        Command::NextFound => step(state, hands, 1),
        Command::PreviousFound => step(state, hands, state.desk.faces.len().saturating_sub(1)),
        Command::AddEveryFace => add_every(state, hands),
        Command::SetPaste { options, settled } => set_paste(state, options, settled),
        Command::Refine => refine(state, hands),
        Command::Unrefine => unrefine(state),
        _ => {}
    }
}

/// The found face so many places further on, round the end.
fn step(state: &mut State, hands: &Hands, by: usize) {
    let count = state.desk.faces.len();
    if count > 0 {
        let place = state.chosen().map_or(0, |place| (place + by) % count);
        choose(state, hands, place);
    }
}

/// Opens a found face: where the tray has it already, there; else in the place of an open face that nothing was done to,
/// or beside it. An edit, a fit, also one under way, and a crop corrected by hand are not given up for another face.
fn choose(state: &mut State, hands: &Hands, place: usize) {
    let Some(found) = state.desk.faces.get(place).cloned() else { return };
    state.desk.points = None;
    if state.chosen() == Some(place) {
        return;
    }
    if let Some(id) = held(state, place) {
        open(state, Some(id));
        return;
    }
    let Some(face) = state.open_face() else { return };
    let id = face.record.id;
    let record = &face.record;
    let worked_on = record.edit != Edit::default() || record.refined.is_some() || record.points.is_some();
    let touched = worked_on || state.refining().is_some();
    // The last choice counts.
    state.pending.cancel(|wish| match wish {
        Wish::Choose(other, _) => *other == id,
        Wish::AddFaces(more) => more.open,
        _ => false,
    });
    let wish = if touched {
        let faces = vec![(place, found.clone())];
        Wish::AddFaces(Box::new(More { beside: id, faces, added: BTreeMap::new(), open: true }))
    } else {
        Wish::Choose(id, Box::new(found.clone()))
    };
    cut(state, hands, &[found], wish);
}

/// The face of the tray that is this one of the open photograph.
fn held(state: &State, place: usize) -> Option<FaceId> {
    let open = state.open_face()?;
    let is_it = |face: &&Face| face.shares_photo(open) && face.place_among(&state.desk.faces) == Some(place);
    state.faces.iter().find(is_it).map(|face| face.record.id)
}

fn add_every(state: &mut State, hands: &Hands) {
    let Some(beside) = state.open else { return };
    let all = Arc::clone(&state.desk.faces);
    let missing = all.iter().cloned().enumerate().filter(|(place, _)| held(state, *place).is_none());
    let faces: Vec<_> = missing.collect();
    if faces.is_empty() {
        note(state, "Every face of this photograph is in the tray already");
        return;
    }
    if state.pending.has(|wish| matches!(wish, Wish::AddFaces(_))) {
        return;
    }
    let found: Vec<_> = faces.iter().map(|(_, found)| found.clone()).collect();
    let more = More { beside, faces, added: BTreeMap::new(), open: false };
    cut(state, hands, &found, Wish::AddFaces(Box::new(more)));
}

/// Has the squares of faces cut out of the photograph in hand.
fn cut(state: &mut State, hands: &Hands, found: &[Found], wish: Wish) {
    let (Some(photo), Some(face)) = (state.desk.photo.clone(), state.open_face()) else { return };
    let name = face.record.name.clone();
    let squares: Result<Vec<_>, _> = found.iter().map(Found::square).collect();
    match squares {
        Ok(squares) => {
            let source =
                |square| (Source::Picture { name: name.clone(), photo: Arc::clone(&photo) }, Placement::Square(square));
            asked(state, hands.studio.open(squares.into_iter().map(source).collect()), wish);
        }
        Err(error) => fail(state, &error.to_string()),
    }
}

/// One of the faces that are to come into the tray has come.
pub(in super::super) fn added(state: &mut State, hands: &Hands, number: u64, more: &More, opened: Opened) {
    let place = opened.place;
    let (Some((face_place, found)), Some(beside)) = (more.faces.get(place), state.face(more.beside).cloned()) else {
        return;
    };
    let Some(cropped) = opened.crop.clone() else { return };
    let is_it = |face: &&Face| face.shares_photo(&beside) && face.record.square == Some(cropped.square);
    if let Some(id) = state.faces.iter().find(is_it).map(|face| face.record.id) {
        // Asked for twice while it was on its way.
        if more.open && state.open == Some(more.beside) {
            open(state, Some(id));
        }
        return;
    }
    let behind = more.added.range(..place).next_back().map_or(more.beside, |(_, id)| *id);
    let before = state.place_of(behind).and_then(|place| state.faces.get(place + 1)).map(|face| face.record.id);
    let opened = Opened {
        name: format!("{}, face {}", bare(&beside.record.name), face_place + 1),
        path: beside.record.path.clone(),
        crop: Some(Cropped { found: Some(found.clone()), ..cropped }),
        is_photo: true,
        ..opened
    };
    let id = add(state, hands, opened, before);
    if let Some(Wish::AddFaces(more)) = state.pending.get_mut(number).map(|request| &mut request.wish) {
        more.added.insert(place, id);
    }
    if more.open && place == 0 && state.open == Some(more.beside) {
        open(state, Some(id));
    }
}

/// A name without the number of a face behind it.
fn bare(name: &str) -> &str {
    let split = name.rsplit_once(", face ");
    split.filter(|(_, number)| number.parse::<usize>().is_ok()).map_or(name, |(bare, _)| bare)
}

/// Another way of putting the edit back. The steps of a drag are one change, made when it settles.
fn set_paste(state: &mut State, options: PasteOptions, settled: bool) {
    let options = match options.checked() {
        Ok(options) => options,
        Err(error) => return fail(state, &error.to_string()),
    };
    let Some(id) = state.open else { return };
    let Some(face) = state.face_mut(id) else { return };
    let before = std::mem::replace(&mut face.record.paste, options);
    let before = state.before_paste.take().unwrap_or(before);
    if state.view.view != View::Pasted && state.can_paste() {
        // What the slider does is to be seen.
        state.view.view = View::Pasted;
        state.view = state.view.fitted();
    }
    if settled {
        commit(state, Change::Paste { face: id, before, after: options });
    } else {
        state.before_paste = Some(before);
    }
}

/// The open photograph with its edited faces, as they are to be pasted, once all of it is known. The open face lies over
/// the others.
pub(in super::super) fn paste(state: &State) -> Option<Paste> {
    let (face, desk) = (state.open_face()?, &state.desk);
    face.record.photograph?;
    let open = face.record.pasted(&desk.reconstruction.as_ref()?.pixels, &desk.edited.as_ref()?.pixels)?;
    let mut faces = beside::pasted(state)?;
    faces.push(open);
    Some(Paste { photo: desk.photo.clone()?, faces })
}

fn refine(state: &mut State, hands: &Hands) {
    if !state.can_refine() {
        return;
    }
    let Some(face) = state.open_face() else { return };
    let (Some(crop), Some(seen)) = (face.crop.clone(), face.seen.as_ref()) else { return };
    let (id, from) = (face.record.id, seen.code);
    asked(state, hands.studio.refine(crop.as_ref().clone(), from), Wish::Refine(id));
}

/// A face was fitted to its photograph: its code is another one now.
pub(in super::super) fn refined(
    state: &mut State,
    id: FaceId,
    code: &FaceCode,
    reconstruction: RgbImage,
    rmse: [f32; 2],
) {
    let Some(ready) = &state.engine.ready else { return };
    let refinement = Refinement::new(code, rmse, &ready.card.name);
    let known = refinement.and_then(|refinement| refinement.code().map(|code| (refinement, code)));
    let Some((refinement, code)) = known else {
        fail(state, "The face could not be refined, its numbers ran away; mark the face anew and try again");
        return;
    };
    let Some(face) = state.face_mut(id) else { return };
    let after = Some(Box::new(refinement));
    let before = std::mem::replace(&mut face.record.refined, after.clone());
    commit(state, Change::Refine { face: id, before, after });
    look_at(state, id, Seen { code, reconstruction: Arc::new(reconstruction), refined: true });
    note(state, &format!("The face is refined: pixel error {:.1} before, {:.1} now", rmse[0], rmse[1]));
}

fn unrefine(state: &mut State) {
    let Some(id) = state.open.filter(|_| state.refinement().is_some()) else { return };
    let Some(face) = state.face_mut(id) else { return };
    let before = face.record.refined.take();
    commit(state, Change::Refine { face: id, before, after: None });
}

/// What the weights make of a face.
pub(in super::super) fn look_at(state: &mut State, id: FaceId, seen: Seen) {
    let reconstruction = Arc::clone(&seen.reconstruction);
    let Some(face) = state.face_mut(id) else { return };
    face.seen = Some(seen);
    if state.open == Some(id) {
        let picture = state.stamped(reconstruction);
        state.desk.reconstruction = Some(picture);
        own_changed(state);
    }
}
