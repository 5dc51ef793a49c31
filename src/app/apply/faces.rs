//! Faces: into the tray, onto the canvas, marked on their photograph, and away again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::super::canvas::View;
use super::super::command::Command;
use super::super::hands::Hands;
use super::super::history::{Change, FaceRecord, Placing};
use super::super::log::Level;
use super::super::pending::Wish;
use super::super::samples;
use super::super::state::{Desk, Face, FaceId, Panel, State};
use super::edit::settle;
use super::{asked, commit, fail, fail_with, note};
use crate::engine::open::Placement;
use crate::engine::protocol::{Opened, RgbImage, Source};
use crate::face::{Crop, Found, Landmarks};

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: Command) {
    match command {
        Command::OpenPaths(paths) => open_paths(state, hands, paths),
        Command::OpenPasted(photo) => ask_to_open(state, hands, vec![pasted(photo)], false),
        Command::Paste => hands.context.send_viewport_cmd(eframe::egui::ViewportCommand::RequestPaste),
        Command::OpenSamples => open_samples(state, hands),
        Command::OpenFace(id) => {
            state.picked = None;
            if state.open != Some(id) {
                open(state, Some(id));
            }
        }
        Command::NextFace => step(state, 1),
        Command::PreviousFace => step(state, state.faces.len().saturating_sub(1)),
        Command::PickUp(id) => pick_up(state, id),
        Command::DroppedNowhere => {
            let text = nowhere(state);
            note(state, text);
        }
        Command::Rename(id, name) => rename(state, id, &name),
        Command::ShowFile(id) => show_file(state, hands, id),
        Command::Remove(id) => remove(state, id),
        Command::RemoveOpen => {
            if let Some(id) = state.open {
                remove(state, id);
            }
        }
        Command::MarkFace => mark(state),
        Command::MovePoints(points) => state.desk.points = Some(points),
        Command::UsePoints => use_points(state, hands),
        Command::CancelMarking => state.desk.points = None,
        _ => {}
    }
}

fn open_paths(state: &mut State, hands: &Hands, paths: Vec<PathBuf>) {
    let sources = paths.into_iter().map(|path| (Source::Path(path), Placement::BySize)).collect();
    ask_to_open(state, hands, sources, false);
}

fn pasted(photo: Arc<RgbImage>) -> (Source, Placement) {
    (Source::Picture { name: "Pasted picture".to_owned(), photo }, Placement::BySize)
}

fn ask_to_open(state: &mut State, hands: &Hands, sources: Vec<(Source, Placement)>, samples: bool) {
    if !sources.is_empty() {
        asked(state, hands.studio.open(sources), Wish::Open { opened: BTreeMap::new(), samples });
    }
}

/// Those that are not in the tray already.
fn open_samples(state: &mut State, hands: &Hands) {
    if state.pending.has(|wish| matches!(wish, Wish::Open { samples: true, .. })) {
        return;
    }
    let known = |name: &str| state.faces.iter().any(|face| face.record.sample && face.record.name == name);
    let missing = samples::ALL.iter().filter(|(name, _)| !known(name));
    let sources: Vec<_> = missing
        .map(|(name, bytes)| {
            (Source::Bytes { name: (*name).to_owned(), bytes: Cow::Borrowed(*bytes) }, Placement::BySize)
        })
        .collect();
    if sources.is_empty() {
        note(state, "The sample faces are in the tray already");
    }
    ask_to_open(state, hands, sources, true);
}

/// Puts an opened picture into the tray, before a face or at its end; its identifier.
pub(in super::super) fn add(state: &mut State, hands: &Hands, opened: Opened, before: Option<FaceId>) -> FaceId {
    let id = state.next_id;
    state.next_id += 1;
    let sample = opened.path.is_none() && samples::ALL.iter().any(|(name, _)| *name == opened.name);
    let record = FaceRecord {
        id,
        name: opened.name,
        path: opened.path.clone(),
        square: opened.crop.as_ref().map(|crop| crop.square),
        sample,
        photograph: opened.is_photo.then(|| opened.photo.dimensions().into()),
        found: opened.crop.as_ref().and_then(|crop| crop.found.as_ref()).and_then(kept),
        ..FaceRecord::default()
    };
    hands.store.save_picture(id, Arc::clone(&opened.tile));
    let crop = opened.crop.map(|crop| Arc::new(crop.picture));
    let photo = opened.path.is_none().then_some(opened.photo);
    if let Some(photo) = &photo {
        hands.store.save_photo(id, Arc::clone(photo));
    }
    let place = before.and_then(|id| state.place_of(id)).unwrap_or(state.faces.len());
    let face = Face { tile: Some(opened.tile), crop, photo, ..Face::unread(record) };
    state.faces.insert(place, face);
    state.touch();
    id
}

/// A found face as a session can keep it: JSON knows no infinity.
pub(super) fn kept(found: &Found) -> Option<Box<Found>> {
    let frame = <[f32; 4]>::from(found.frame);
    let pose = found.pose.to_array_deg();
    let mut numbers = found.landmarks.as_flattened().iter().chain(&frame).chain(&pose).chain([&found.confidence]);
    numbers.all(|v| v.is_finite()).then(|| Box::new(found.clone()))
}

/// Brings a face onto the canvas, or clears it. A photograph that both lie in stays in hand.
pub(in super::super) fn open(state: &mut State, id: Option<FaceId>) {
    settle(state);
    let next = id.and_then(|id| state.face(id));
    let shared = state.open_face().zip(next).is_some_and(|(old, next)| old.shares_photo(next));
    state.open = id;
    state.touch();
    state.waiting = None;
    state.pending.cancel(|wish| matches!(wish, Wish::Drift(..) | Wish::Strip(..) | Wish::Photo(_)));
    let old = std::mem::replace(&mut state.desk, Desk { changed_at: state.now, ..Desk::default() });
    if shared {
        (state.desk.photo, state.desk.preview, state.desk.faces) = (old.photo, old.preview, old.faces);
    }
    if state.view.view == View::Pasted && !state.can_paste() {
        state.view.view = View::Edit;
    }
    let Some(face) = state.open_face().cloned() else { return };
    state.desk.input = face.crop.map(|crop| state.stamped(crop));
    state.desk.reconstruction = face.seen.map(|seen| state.stamped(seen.reconstruction));
    if face.record.square.is_none() {
        state.view.view = View::Photograph;
    }
}

/// What is said of a face that was let go of where nothing takes it.
fn nowhere(state: &State) -> &'static str {
    match state.panel {
        Panel::Edit => "Nothing takes a face there; drop it onto the canvas to open it",
        Panel::Transfer => "Nothing takes a face there; drop it onto the sources or onto the targets",
        Panel::Gallery if state.gallery.info.is_some() => {
            "Nothing takes a face there; drop it onto the query to look for it"
        }
        Panel::Gallery => "Nothing takes a face there; open an index first, then drop it onto the query",
        Panel::Labels if state.labels.open.is_some() => {
            "Nothing takes a face there; drop it onto Compare with, beside the face that is looked at"
        }
        Panel::Labels => "Nothing takes a face there; open an audit first, then drop it beside one of its faces",
        Panel::Evaluate | Panel::Train => {
            "Nothing takes a face there; carry it over another panel's sign at the left, and drop it there"
        }
    }
}

fn pick_up(state: &mut State, id: Option<FaceId>) {
    // One face is picked up at a time.
    (state.picked, state.gallery.picked) = (id, None);
    if let Some(face) = id.and_then(|id| state.face(id)) {
        let text = format!(
            "{} is picked up; Enter opens it, Tab leads to other places, Escape puts it back",
            face.record.name
        );
        note(state, &text);
    }
}

/// The face so many places further on, round the end.
fn step(state: &mut State, by: usize) {
    let place = state.open.and_then(|id| state.place_of(id)).unwrap_or(0);
    if let Some(face) = state.faces.get((place + by) % state.faces.len().max(1)) {
        open(state, Some(face.record.id));
    }
}

fn rename(state: &mut State, id: FaceId, name: &str) {
    let name = name.trim();
    let Some(face) = state.face_mut(id) else { return };
    if name.is_empty() || name == face.record.name {
        return;
    }
    let before = std::mem::replace(&mut face.record.name, name.to_owned());
    commit(state, Change::Rename { face: id, before, after: name.to_owned() });
}

fn show_file(state: &mut State, hands: &Hands, id: FaceId) {
    let Some(face) = state.face(id) else { return };
    match &face.record.path {
        Some(path) => hands.outside.show_file(path),
        None => {
            let text = format!("{} did not come from a file; save its picture to have one", face.record.name);
            note(state, &text);
        }
    }
}

fn remove(state: &mut State, id: FaceId) {
    let (Some(place), Some(face)) = (state.place_of(id), state.face(id)) else { return };
    let record = face.record.clone();
    let text = format!("{} was removed from the tray; undo puts it back", record.name);
    take_away(state, id);
    commit(state, Change::Remove { place, face: record });
    note(state, &text);
}

/// Takes a face out of the tray; its neighbour comes onto the canvas in its place.
pub(super) fn take_away(state: &mut State, id: FaceId) {
    let Some(place) = state.place_of(id) else { return };
    // Seconds of work for nobody.
    state.pending.cancel(|wish| *wish == Wish::Refine(id));
    state.attic.insert(id, state.faces.remove(place));
    if state.picked == Some(id) {
        state.picked = None;
    }
    if state.open == Some(id) {
        let neighbour = state.faces.get(place).or(state.faces.last()).map(|face| face.record.id);
        open(state, neighbour);
    }
}

/// Shows the three handles on the photograph, as soon as that is there.
pub(in super::super) fn mark(state: &mut State) {
    state.view.view = View::Photograph;
    state.view = state.view.fitted();
    state.desk.to_mark = state.desk.photo.is_none();
    let Some(photo) = &state.desk.photo else { return };
    let size = photo.dimensions();
    let marked = state.open_face().and_then(|face| {
        let record = &face.record;
        let found = record.found.as_ref().map(|found| on_landmarks(&found.landmarks));
        record.points.or(found).or(record.square.map(|square| on_square(&square)))
    });
    state.desk.points = Some(marked.unwrap_or_else(|| first_points(size)));
}

/// The eyes and the mouth of 68 landmarks.
fn on_landmarks(landmarks: &Landmarks) -> [[f32; 2]; 3] {
    [&landmarks[36..42], &landmarks[42..48], &[landmarks[48], landmarks[54]][..]].map(|points| {
        let sum = points.iter().fold([0.0; 2], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
        sum.map(|v| v / points.len() as f32)
    })
}

/// Where the handles stand before anybody has moved them: a face in the middle of the photograph.
fn first_points((width, height): (u32, u32)) -> [[f32; 2]; 3] {
    let (middle, side) = ([width as f32 / 2.0, height as f32 / 2.0], width.min(height) as f32 / 2.0);
    on_square(&Crop::level(middle, side * 0.8))
}

/// The eyes and the mouth of a face that fills a crop square.
fn on_square(square: &Crop) -> [[f32; 2]; 3] {
    [[40.0, 50.0], [88.0, 50.0], [64.0, 96.0]].map(|point| square.photo_from_crop(point))
}

fn use_points(state: &mut State, hands: &Hands) {
    let (Some(id), Some(points), Some(photo)) = (state.open, state.desk.points, state.desk.photo.clone()) else {
        return;
    };
    let name = state.open_face().map(|face| face.record.name.clone()).unwrap_or_default();
    let source = Source::Picture { name, photo };
    asked(state, hands.studio.open(vec![(source, Placement::Points(points))]), Wish::Place(id, points));
}

/// A face was marked, or another one was chosen: its square, and what the networks see of it now.
pub(in super::super) fn place(
    state: &mut State,
    hands: &Hands,
    id: FaceId,
    points: Option<[[f32; 2]; 3]>,
    found: Option<&Found>,
    opened: &Opened,
) {
    let Some(cropped) = &opened.crop else { return };
    let Some(face) = state.face_mut(id) else { return };
    let before = face.record.placing();
    let found = found.or(cropped.found.as_ref()).and_then(kept);
    let after = Placing { square: Some(cropped.square), points, found, refined: None };
    face.record.put(after.clone());
    commit(state, Change::Place { face: id, before, after });
    take_crop(state, hands, id, opened);
}

/// The face was marked by hand.
pub(in super::super) fn place_marked(
    state: &mut State,
    hands: &Hands,
    id: FaceId,
    points: [[f32; 2]; 3],
    opened: &Opened,
) {
    place(state, hands, id, Some(points), None, opened);
    if state.open == Some(id) {
        state.desk.points = None;
        state.view.view = View::Edit;
    }
}

/// The square of a face is another one now: what is known about its old crop is forgotten, and what is still asked about
/// it would be an answer about somebody else.
pub(super) fn forget_crop(state: &mut State, id: FaceId) {
    state.pending.cancel(|wish| match wish {
        Wish::See(of) | Wish::Refine(of) | Wish::Recut(of) => *of == id,
        _ => false,
    });
    if let Some(face) = state.face_mut(id) {
        face.crop = None;
        face.forget_seen();
    }
}

/// The pixels of a face's square.
pub(in super::super) fn take_crop(state: &mut State, hands: &Hands, id: FaceId, opened: &Opened) {
    let Some(cropped) = &opened.crop else { return };
    let crop = Arc::new(cropped.picture.clone());
    hands.store.save_picture(id, Arc::clone(&crop));
    forget_crop(state, id);
    let Some(face) = state.face_mut(id) else { return };
    (face.tile, face.crop) = (Some(Arc::clone(&crop)), Some(Arc::clone(&crop)));
    show_anew(state, id);
}

/// Shows the open face with its new picture; its photograph stays.
pub(in super::super) fn show_anew(state: &mut State, id: FaceId) {
    if state.open == Some(id) {
        open(state, Some(id));
    }
}

/// A photograph that could not be read again, because its file is gone or has changed: the face stays. Nothing is said
/// while nobody looks at it.
pub(in super::super) fn photo_missing(state: &mut State, id: FaceId, sentence: &str) {
    if state.open == Some(id) {
        state.desk.photo_failed = true;
    }
    let face = state.open_face().filter(|face| face.record.id == id);
    let unseen = face.is_some_and(|face| face.record.square.is_some() && face.crop.is_some());
    if unseen && !state.view.view.is_whole() {
        return;
    }
    let text = format!("The photograph is not shown, the face and its edit are still here. {sentence}");
    fail_with(state, &text, vec![("Look at the edit", Command::Look(View::Edit))]);
}

/// What a face of an older session lacks: that it lies in a photograph, and its landmarks where it was found there.
pub(in super::super) fn know_photograph(state: &mut State, id: FaceId, size: [u32; 2]) {
    let faces = Arc::clone(&state.desk.faces);
    let Some(face) = state.face_mut(id) else { return };
    let same = face.place_among(&faces).map(|place| &faces[place]).filter(|found| {
        let (Some(own), Ok(square)) = (face.record.square, found.square()) else { return false };
        let apart = (own.centre[0] - square.centre[0]).hypot(own.centre[1] - square.centre[1]);
        let larger = own.half_side / square.half_side;
        apart < 0.35 * own.half_side && (0.7..1.4).contains(&larger)
    });
    face.record.photograph = Some(size);
    face.record.found = face.record.found.take().or(same.and_then(kept));
    state.touch();
}

/// A photograph in which no face was found: it waits to be marked.
pub(in super::super) fn no_face(state: &mut State, name: &str) {
    state.log.say(Level::Warning, &format!("No face was found in {name}; mark its eyes and mouth by hand"), state.now);
}

/// A dropped thing that is no file.
pub(in super::super) fn nothing_dropped(state: &mut State) {
    fail(state, "Nothing that was dropped is a file; drop pictures or folders");
}
