//! What the state still lacks is asked of the engine, once a frame: the crop's code, the picture of the newest edit, its
//! drift once the hand rests, the small faces of the axes, the photograph behind a face.

use std::sync::Arc;

use super::apply::{self, asked, files, photograph};
use super::beside;
use super::canvas::View;
use super::dials;
use super::evaluate;
use super::gallery;
use super::hands::Hands;
use super::labels;
use super::pending::Wish;
use super::state::{Asked, Face, FaceId, MAIN_AXES, PasteKey, State};
use super::train::wanted;
use super::transfer;
use crate::engine::open::Placement;
use crate::engine::protocol::{Placed, Source};
use crate::face::UnitPart;

/// Seconds that the hand must rest before drift is measured.
const REST: f64 = 0.3;
/// Small faces are asked for so many axes at a time, so that they come in the order in which they are wanted.
const STRIPS_AT_A_TIME: usize = 2;
/// A session is written at most this often while a drag goes on, in seconds.
const SAVE_EVERY: f64 = 2.0;

/// When the session was written last.
#[derive(Debug, Default)]
pub struct Saved {
    changes: u64,
    at: f64,
}

/// Asks for what is missing.
pub fn ask(state: &mut State, hands: &Hands) {
    restore(state, hands);
    if state.demo.is_some() {
        demonstrate(state, hands);
        return;
    }
    wanted::ask(state, hands);
    gallery::wanted::ask(state, hands);
    labels::wanted::ask(state, hands);
    evaluate::wanted::ask(state, hands);
    photo(state, hands);
    see(state, hands);
    transfer::wanted::ask(state, hands);
    render(state, hands);
    beside::ask(state, hands);
    pasted(state, hands);
    files::deliver(state, hands);
    if state.now - state.desk.changed_at >= REST && state.before_drag.is_none() {
        drift(state, hands);
        strips(state, hands);
    }
}

/// Has the session saved where it has changed; an edit in the middle of a drag every few seconds.
pub fn save(state: &State, hands: &Hands, saved: &mut Saved) {
    let drags = state.before_drag.is_some() || state.before_paste.is_some() || state.transfer.before.is_some();
    let dragged = drags && state.now - saved.at > SAVE_EVERY;
    if saved.changes == state.changes && !dragged {
        return;
    }
    *saved = Saved { changes: state.changes, at: state.now };
    hands.store.save_session(state.session());
}

/// Seconds until something is to be asked that nothing else wakes the window for.
pub fn next(state: &State) -> Option<f64> {
    let left = REST - (state.now - state.desk.changed_at);
    let rest = (state.demo.is_none() && state.own().is_some() && left > 0.0).then_some(left);
    rest.into_iter().chain(wanted::next(state)).chain(gallery::wanted::next(state)).min_by(f64::total_cmp)
}

/// The pictures of faces that were in the tray when the program ended.
fn restore(state: &mut State, hands: &Hands) {
    if state.pending.has(|wish| matches!(wish, Wish::Restore(_) | Wish::Recut(_))) {
        return;
    }
    let mut ids: Vec<FaceId> = Vec::new();
    let mut sources = Vec::new();
    let open = state.open;
    let mut faces: Vec<_> = state.faces.iter().filter(|face| face.tile.is_none() && !face.sought).collect();
    faces.sort_by_key(|face| Some(face.record.id) != open);
    for face in faces {
        if let Some(path) = hands.store.picture_path(face.record.id) {
            ids.push(face.record.id);
            sources.push((Source::Path(path), Placement::Aligned));
        }
    }
    for id in &ids {
        // What cannot be read is not tried again.
        if let Some(face) = state.face_mut(*id) {
            face.sought = true;
        }
    }
    if !sources.is_empty() {
        asked(state, hands.studio.open(sources), Wish::Restore(ids));
    }
    recut(state, hands);
}

/// The square of the open face where an undo has moved it.
fn recut(state: &mut State, hands: &Hands) {
    let Some(face) = state.open_face() else { return };
    let (Some(square), None, false) = (face.record.square, &face.crop, state.desk.photo_failed) else { return };
    if face.tile.is_none() {
        return;
    }
    let Some(source) = source(state, hands, face.record.id) else { return };
    asked(state, hands.studio.open(vec![(source, Placement::Square(square))]), Wish::Recut(face.record.id));
}

/// Where the photograph of a face is to be had.
pub(super) fn source(state: &State, hands: &Hands, id: FaceId) -> Option<Source> {
    let face = state.face(id)?;
    let in_hand = (state.open == Some(id)).then(|| state.desk.photo.clone()).flatten().or_else(|| face.photo.clone());
    if let Some(photo) = in_hand {
        return Some(Source::Picture { name: face.record.name.clone(), photo });
    }
    let kept = || hands.store.photo_path(id).filter(|path| path.is_file());
    face.record.path.clone().or_else(kept).map(Source::Path)
}

/// The photograph, where it is looked at, still to be marked, or the edit is to be put back into it.
fn photo(state: &mut State, hands: &Hands) {
    let Some(face) = state.open_face() else { return };
    let id = face.record.id;
    let record = &face.record;
    let is_whole = record.photograph.is_some() || record.points.is_some();
    let wanted = state.view.view.is_whole() || is_whole || record.square.is_none();
    let there = state.desk.photo.is_some() || state.desk.photo_failed || state.pending.has(|w| *w == Wish::Photo(id));
    // The face itself comes first.
    if !wanted || there || face.tile.is_none() {
        return;
    }
    match source(state, hands, id) {
        Some(source) => asked(state, hands.studio.open(vec![(source, Placement::BySize)]), Wish::Photo(id)),
        None => state.desk.photo_failed = true,
    }
}

fn see(state: &mut State, hands: &Hands) {
    if let Some(id) = state.open {
        see_face(state, hands, id);
    }
}

/// The code of a face: the encoder's, or in its place the one that was fitted to the photograph.
pub(super) fn see_face(state: &mut State, hands: &Hands, id: FaceId) {
    if state.engine.ready.is_none() {
        return;
    }
    let Some(face) = state.face(id).filter(|face| !face.unseeable) else { return };
    if state.is_seen(face) && face.remarks.is_some() {
        return;
    }
    let Some(crop) = face.crop.clone() else { return };
    if state.pending.has(|wish| *wish == Wish::See(id)) {
        return;
    }
    let answer = match state.refinement_of(face).filter(|_| face.remarks.is_some()) {
        Some((_, code)) => hands.studio.pictures(vec![code]),
        None => hands.studio.encode(crop.as_ref().clone(), placed(face)),
    };
    asked(state, answer, Wish::See(id));
}

/// Where the crop of a face lies in its photograph.
fn placed(face: &Face) -> Option<Placed> {
    let record = &face.record;
    let [width, height] = record.photograph?;
    Some(Placed { photo_size: (width, height), square: record.square?, found: record.found.as_deref().cloned() })
}

/// The picture of the newest edit.
fn render(state: &mut State, hands: &Hands) {
    let Some(edit) = state.edit().cloned() else { return };
    if state.desk.asked.as_ref().is_some_and(|asked| asked.edit == edit)
        || state.desk.refused.is_some() && !moved(state)
    {
        return;
    }
    let Some((own, space)) = state.own() else { return };
    match edit.apply(own, space) {
        Ok(code) => {
            let number = hands.studio.render(code);
            if state.desk.asked.is_none() {
                state.desk.first = number;
            }
            state.desk.refused = None;
            state.desk.asked = Some(Asked { number, edit, code, at: state.now });
            state.pending.cancel(|wish| matches!(wish, Wish::Drift(..)));
        }
        Err(error) => {
            let sentence = dials::sentence_case(&error.to_string());
            apply::fail(state, &sentence);
            state.desk.refused = Some(sentence);
            state.desk.refused_at = state.desk.changed_at;
        }
    }
}

/// The photograph with the edit put back into it, while that is looked at. The preview is pasted into, which is as large
/// as the screen needs.
fn pasted(state: &mut State, hands: &Hands) {
    let desk = &state.desk;
    // Until the edit is drawn from the face's newest code, the old picture stays.
    let drawn = desk.asked.is_some() && desk.shown >= desk.first;
    if state.view.view != View::Pasted || !drawn {
        return;
    }
    let (Some(preview), Some(own), Some(edited)) = (&desk.preview, &desk.reconstruction, &desk.edited) else { return };
    let Some(options) = state.open_face().map(|face| face.record.paste) else { return };
    let stamps = [preview.stamp, own.stamp, edited.stamp];
    let key = PasteKey { stamps, options, others: beside::key(state) };
    if desk.pasted.asked.as_ref().is_some_and(|(asked, _)| *asked == key) {
        return;
    }
    let Some(paste) = photograph::paste(state) else { return };
    let number = hands.studio.paste(paste.into_copy(Arc::clone(&preview.pixels)));
    let now = state.now;
    let pasted = &mut state.desk.pasted;
    if pasted.asked.is_none() {
        pasted.first = number;
    }
    (pasted.asked, pasted.asked_at) = (Some((key, number)), now);
}

/// Whether the edit is another one than that which gave no picture.
fn moved(state: &State) -> bool {
    state.desk.changed_at > state.desk.refused_at
}

fn drift(state: &mut State, hands: &Hands) {
    let (Some(id), Some(edit), Some((own, _))) = (state.open, state.edit(), state.own()) else { return };
    if state.desk.drift_of(edit).is_some()
        || state.desk.unmeasured.as_ref() == Some(edit)
        || !state.desk.is_current(edit)
        || state.pending.has(|wish| matches!(wish, Wish::Drift(..)))
    {
        return;
    }
    let Some(code) = state.desk.asked.as_ref().map(|asked| asked.code) else { return };
    let (own, wish) = (*own, Wish::Drift(id, Box::new(edit.clone())));
    asked(state, hands.studio.drift(own, code), wish);
}

/// The small faces of the axes that are in sight.
fn strips(state: &mut State, hands: &Hands) {
    let (Some(id), Some(base)) = (state.open, state.base()) else { return };
    if state.desk.strips_of != Some(base) {
        // What others gave is part of the face on which an axis is shown.
        state.pending.cancel(|wish| matches!(wish, Wish::Strip(..)));
        state.desk.strips.clear();
        state.desk.strips_of = Some(base);
    }
    let in_sight = UnitPart::ALL.into_iter().filter(|part| !state.folded.contains(part.name()));
    let wanted: Vec<_> = in_sight.flat_map(|part| (1..=MAIN_AXES).map(move |axis| (part, axis))).collect();
    for (part, axis) in wanted {
        if state.pending.count(|wish| matches!(wish, Wish::Strip(..))) >= STRIPS_AT_A_TIME {
            return;
        }
        let wish = Wish::Strip(id, part, axis);
        if state.desk.strips.contains_key(&(part, axis)) || state.pending.has(|known| *known == wish) {
            continue;
        }
        let faces = state.space().and_then(|space| dials::strip(part, axis, &base, space));
        match faces {
            Some(faces) => asked(state, hands.studio.pictures(faces), wish),
            None => drop(state.desk.strips.insert((part, axis), Vec::new())),
        }
    }
}

fn demonstrate(state: &mut State, hands: &Hands) {
    let (Some(demo), Some(ready)) = (&mut state.demo, &state.engine.ready) else { return };
    demo.tick(state.now);
    let space = Arc::clone(&ready.space);
    let Some((face, _)) = demo.at(state.now, &space) else { return };
    if demo.asked.is_some_and(|(_, asked)| asked == face) {
        return;
    }
    let number = hands.studio.render(face);
    if demo.asked.is_none() {
        demo.first = number;
    }
    demo.asked = Some((number, face));
}
