//! What the engine says, into the state.

use std::sync::Arc;

use super::apply::{self, fail, fail_with, note, warn};
use super::apply::{faces, files, train};
use super::command::Command;
use super::dials::sentence_case;
use super::hands::Hands;
use super::log::Level;
use super::pending::{Request, Wish};
use super::state::{FaceId, Purpose, Seen, State};
use crate::engine::protocol::{Opened, RgbImage};
use crate::engine::{Event, Ready, WeightsSource};
use crate::face::FaceCode;

/// Reads all that has come since the last frame.
pub fn read(state: &mut State, hands: &mut Hands) {
    while let Some(event) = hands.studio.event() {
        hear(state, hands, event);
    }
    picture(state, hands);
    train::look(state, hands);
    while let Some(event) = hands.trainings.next() {
        train::hear(state, hands, event);
    }
    while let Some(answer) = hands.outside.answer() {
        files::answer(state, hands, answer);
    }
    while let Some(sentence) = hands.store.failures() {
        warn(state, &sentence);
    }
}

/// The newest picture, for the demonstration or the canvas.
fn picture(state: &mut State, hands: &Hands) {
    let first = match (&state.demo, &state.desk.asked) {
        (Some(demo), _) => demo.first,
        (None, Some(_)) => state.desk.first.max(state.desk.shown + 1),
        (None, None) => return,
    };
    let Some(rendered) = hands.studio.rendered(first) else { return };
    state.engine.took = Some(rendered.took);
    let drawn = state.stamped(Arc::new(rendered.picture));
    match &mut state.demo {
        Some(demo) => demo.shown = Some(drawn),
        None => {
            state.desk.edited = Some(drawn);
            state.desk.shown = rendered.number;
            state.desk.shown_at = state.now;
        }
    }
}

fn hear(state: &mut State, hands: &mut Hands, event: Event) {
    match event {
        Event::Ready(ready) => become_ready(state, hands, ready),
        Event::Opened { number, opened } => opened_one(state, hands, number, *opened),
        Event::NotOpened { number, sentence, .. } => not_opened(state, number, &sentence),
        Event::Notice(sentence) | Event::Restarted(sentence) => warn(state, &sentence),
        Event::NotReady(sentence) => not_ready(state, &sentence),
        Event::Failed { number, sentence } => failed(state, number, &sentence),
        other => {
            let Some(number) = other.closes() else { return };
            if let Some(request) = state.pending.close(number) {
                answered(state, hands, request, other);
            }
        }
    }
}

fn become_ready(state: &mut State, hands: &Hands, ready: Ready) {
    let same = state.engine.ready.as_ref().is_some_and(|old| old.card == ready.card && old.space == ready.space);
    let first = state.engine.ready.is_none();
    note(state, &format!("{} computes with {}", ready.device, ready.card.name));
    (state.engine.ready, state.engine.failed) = (Some(ready), false);
    if !same {
        state.pending.cancel(|wish| matches!(wish, Wish::See(_) | Wish::Drift(..) | Wish::Strip(..)));
        state.faces.iter_mut().chain(state.attic.values_mut()).for_each(|face| {
            (face.seen, face.unseeable) = (None, false);
        });
        // The old picture stays until there is a new one.
        let desk = &mut state.desk;
        (desk.asked, desk.reconstruction) = (None, None);
        (desk.drift, desk.unmeasured) = (None, None);
        desk.strips.clear();
        files::other_weights(state);
    }
    if first {
        apply::asked(state, hands.studio.list_devices(), Wish::Devices);
    }
}

fn not_ready(state: &mut State, sentence: &str) {
    state.engine.failed = true;
    let actions = vec![
        ("Use the bundled weights", Command::UseWeights(WeightsSource::Bundled)),
        ("Open weights…", Command::Ask(Purpose::OpenWeights)),
    ];
    fail_with(state, sentence, actions);
}

fn opened_one(state: &mut State, hands: &Hands, number: u64, opened: Opened) {
    let Some(wish) = state.pending.get_mut(number).map(|request| request.wish.clone()) else { return };
    match wish {
        Wish::Open { opened: those, .. } => {
            // They are decoded side by side and come in any order.
            let place = opened.place;
            let first = those.first_key_value().is_none_or(|(lowest, _)| place < *lowest);
            let untouched = those.is_empty() || state.open.is_some_and(|open| those.values().any(|id| *id == open));
            let before = those.range(place..).next().map(|(_, id)| *id);
            let (photo, preview) = (Arc::clone(&opened.photo), Arc::clone(&opened.preview));
            let id = apply::add(state, hands, opened, before);
            if let Some(Wish::Open { opened: those, .. }) =
                state.pending.get_mut(number).map(|request| &mut request.wish)
            {
                those.insert(place, id);
            }
            if first && untouched {
                apply::open(state, Some(id));
                take_photo(state, photo, preview);
            }
        }
        Wish::Restore(ids) => {
            if let Some(id) = ids.get(opened.place).copied() {
                restored(state, id, opened.tile);
            }
        }
        Wish::Photo(id) if state.open == Some(id) => take_photo(state, opened.photo, opened.preview),
        Wish::Place(id, points) => faces::place(state, hands, id, points, &opened),
        Wish::Recut(id) => faces::take_crop(state, hands, id, &opened),
        _ => {}
    }
}

/// The photograph of the open face; one that is not marked yet gets its handles.
fn take_photo(state: &mut State, photo: Arc<RgbImage>, preview: Arc<RgbImage>) {
    state.desk.photo = Some(photo);
    state.desk.preview = Some(state.stamped(preview));
    let unmarked = state.open_face().is_some_and(|face| face.record.square.is_none());
    if state.desk.points.is_none() && (unmarked || state.desk.to_mark) {
        faces::mark(state);
    }
}

fn restored(state: &mut State, id: FaceId, picture: Arc<RgbImage>) {
    let attic = state.attic.get_mut(&id);
    let Some(face) = state.faces.iter_mut().find(|face| face.record.id == id).or(attic) else { return };
    if face.tile.is_some() {
        return;
    }
    face.take_kept(picture);
    faces::show_anew(state, id);
}

fn not_opened(state: &mut State, number: u64, sentence: &str) {
    let wish = state.pending.get_mut(number).map(|request| request.wish.clone());
    match wish {
        Some(Wish::Photo(id) | Wish::Recut(id)) => faces::photo_missing(state, id, sentence),
        Some(Wish::Restore(_)) => warn(state, &format!("A face of the last session has lost its picture. {sentence}")),
        _ => fail(state, sentence),
    }
}

fn failed(state: &mut State, number: u64, sentence: &str) {
    match state.pending.close(number).map(|request| request.wish) {
        Some(Wish::Weights(_) | Wish::BundledWeights) => {
            let actions = vec![("Open others…", Command::Ask(Purpose::OpenWeights))];
            fail_with(state, sentence, actions);
        }
        Some(Wish::Drift(id, edit)) => {
            state.log.say(Level::Warning, sentence, state.now);
            if state.open == Some(id) {
                state.desk.unmeasured = Some(*edit);
            }
        }
        Some(Wish::Strip(id, part, axis)) => {
            state.log.say(Level::Warning, sentence, state.now);
            if state.open == Some(id) {
                state.desk.strips.insert((part, axis), Vec::new());
            }
        }
        Some(Wish::See(id)) => {
            if let Some(face) = state.face_mut(id) {
                face.unseeable = true;
            }
            fail(state, sentence);
        }
        Some(_) => fail(state, sentence),
        // A render is no ticket; one that was replaced is of no interest.
        None if state.desk.asked.as_ref().is_some_and(|asked| asked.number == number) => fail(state, sentence),
        None => {}
    }
}

fn answered(state: &mut State, hands: &mut Hands, request: Request, event: Event) {
    match (request.wish, event) {
        (Wish::See(id), Event::Encoded { face, reconstruction, .. }) => see(state, id, *face, reconstruction),
        (Wish::Drift(id, edit), Event::Drift { drift, .. }) if state.open == Some(id) => {
            state.desk.drift = Some((*edit, drift));
        }
        (Wish::Strip(id, part, axis), Event::Pictures { pictures, .. }) if state.open == Some(id) => {
            state.desk.strips.insert((part, axis), pictures.into_iter().map(Arc::new).collect());
        }
        (Wish::Save | Wish::SaveEdit, Event::Saved { path, .. }) => note(state, &format!("Saved: {}", path.display())),
        (Wish::LoadEdit(id), Event::EditRead { path, edit, .. }) => load_edit(state, hands, id, *edit, &path),
        (Wish::Devices, Event::Devices { cpu, gpus, .. }) => state.engine.devices = Some((cpu, gpus)),
        (Wish::Weights(path), Event::Done { .. }) => {
            apply::set(state, hands, |settings| settings.weights = Some(path));
        }
        (Wish::BundledWeights, Event::Done { .. }) => apply::set(state, hands, |settings| settings.weights = None),
        (Wish::Open { .. }, Event::Cancelled { .. }) => {
            note(state, "Opening was cancelled; the pictures that were read are in the tray");
        }
        _ => {}
    }
}

fn see(state: &mut State, id: FaceId, code: FaceCode, reconstruction: RgbImage) {
    let reconstruction = Arc::new(reconstruction);
    let Some(face) = state.face_mut(id) else { return };
    face.seen = Some(Seen { code, reconstruction: Arc::clone(&reconstruction) });
    if state.open == Some(id) {
        let picture = state.stamped(reconstruction);
        state.desk.reconstruction = Some(picture);
    }
}

fn load_edit(state: &mut State, hands: &mut Hands, id: FaceId, edit: crate::face::Edit, path: &std::path::Path) {
    if state.open != Some(id) {
        return;
    }
    if let Some((face, space)) = state.own()
        && let Err(error) = edit.apply(face, space)
    {
        fail(state, &format!("{}: {}", sentence_case(&error.to_string()), path.display()));
        return;
    }
    apply::apply(state, hands, Command::SetEdit { edit: Box::new(edit), settled: true });
    note(state, &format!("The edit is loaded: {}", path.display()));
}
