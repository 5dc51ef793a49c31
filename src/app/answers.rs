//! What the engine says, into the state.

use std::sync::Arc;

use super::apply::{self, fail, fail_with, note, warn};
use super::apply::{evaluate, faces, files, gallery, labels, photograph, train, transfer};
use super::beside;
use super::canvas::View;
use super::command::Command;
use super::dials::sentence_case;
use super::hands::Hands;
use super::log::Level;
use super::pending::{Request, Wish};
use super::state::{FaceId, Purpose, Seen, State};
use super::transfer::export;
use crate::engine::protocol::{Opened, RgbImage};
use crate::engine::{Event, Ready, WeightsSource};
use crate::face::{FaceCode, Found, Remark};

/// Reads all that has come since the last frame.
pub fn read(state: &mut State, hands: &mut Hands) {
    while let Some(event) = hands.studio.event() {
        hear(state, hands, event);
    }
    picture(state, hands);
    pasted(state, hands);
    train::look(state, hands);
    while let Some(event) = hands.trainings.next() {
        train::hear(state, hands, event);
    }
    gallery::look(state, hands);
    while let Some(event) = hands.galleries.event() {
        gallery::hear(state, hands, event);
    }
    labels::look(state, hands);
    while let Some(event) = hands.audits.event() {
        labels::hear(state, event);
    }
    evaluate::look(state, hands);
    while let Some(event) = hands.evaluations.event() {
        evaluate::hear(state, event);
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
            beside::keep(state);
        }
    }
}

/// The newest photograph with the edit put back.
fn pasted(state: &mut State, hands: &Hands) {
    let pasted = &state.desk.pasted;
    if pasted.asked.is_none() {
        return;
    }
    let Some(answer) = hands.studio.pasted(pasted.first.max(pasted.shown + 1)) else { return };
    let picture = state.stamped(answer.picture);
    (state.desk.pasted.picture, state.desk.pasted.shown) = (Some(picture), answer.number);
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
        state.pending.cancel(|wish| {
            matches!(wish, Wish::See(_) | Wish::Beside(..) | Wish::Refine(_) | Wish::Drift(..) | Wish::Strip(..))
        });
        state.faces.iter_mut().chain(state.attic.values_mut()).for_each(|face| face.forget_seen());
        transfer::other_weights(state);
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

fn opened_one(state: &mut State, hands: &mut Hands, number: u64, opened: Opened) {
    let Some(wish) = state.pending.get_mut(number).map(|request| request.wish.clone()) else { return };
    match wish {
        Wish::Open { opened: those, .. } => {
            // They are decoded side by side and come in any order.
            let place = opened.place;
            let first = those.first_key_value().is_none_or(|(lowest, _)| place < *lowest);
            let untouched = those.is_empty() || state.open.is_some_and(|open| those.values().any(|id| *id == open));
            let before = those.range(place..).next().map(|(_, id)| *id);
            let photo = Photo::of(&opened);
            if opened.is_photo && opened.crop.is_none() && opened.faces.is_empty() {
                faces::no_face(state, &opened.name);
            }
            let id = apply::add(state, hands, opened, before);
            if let Some(Wish::Open { opened: those, .. }) =
                state.pending.get_mut(number).map(|request| &mut request.wish)
            {
                those.insert(place, id);
            }
            if first && untouched {
                apply::open(state, Some(id));
                if photo.faces.len() > 1 {
                    // Which of them is meant is chosen there.
                    state.view.view = View::Photograph;
                    state.view = state.view.fitted();
                }
                take_photo(state, photo);
            }
        }
        Wish::PutFiles(side, those) => transfer::arrived(state, hands, number, side, &those, opened),
        Wish::ExportPhoto(row) => export::photo(state, row, &opened),
        Wish::Restore(ids) => {
            if let Some(id) = ids.get(opened.place).copied() {
                restored(state, id, opened.tile);
            }
        }
        Wish::Photo(id) if state.open == Some(id) && is_another(state, &opened) => {
            let path = opened.path.unwrap_or_else(|| opened.name.into());
            let sentence =
                format!("The file holds a picture of another size now; open it as a new face: {}", path.display());
            faces::photo_missing(state, id, &sentence);
        }
        Wish::Photo(id) if state.open == Some(id) => take_photo(state, Photo::of(&opened)),
        Wish::Place(id, points) => faces::place_marked(state, hands, id, points, &opened),
        Wish::Choose(id, found) => faces::place(state, hands, id, None, Some(&*found), &opened),
        Wish::AddFaces(more) => photograph::added(state, hands, number, &more, opened),
        Wish::Recut(id) => faces::take_crop(state, hands, id, &opened),
        Wish::Hit(used, key) => gallery::opened(state, hands, used, key, opened),
        _ => {}
    }
}

/// Whether a photograph is not the one in which the open face was found: its square would lie somewhere else there.
fn is_another(state: &State, opened: &Opened) -> bool {
    let placed = state.open_face().filter(|face| face.record.square.is_some());
    let size = placed.and_then(|face| face.record.photograph);
    size.is_some_and(|size| size != <[u32; 2]>::from(opened.photo.dimensions()))
}

/// A photograph that was opened.
struct Photo {
    pixels: Arc<RgbImage>,
    preview: Arc<RgbImage>,
    faces: Arc<Vec<Found>>,
    /// It is no crop of a face.
    is_whole: bool,
}

impl Photo {
    fn of(opened: &Opened) -> Self {
        Photo {
            pixels: Arc::clone(&opened.photo),
            preview: Arc::clone(&opened.preview),
            faces: Arc::clone(&opened.faces),
            is_whole: opened.is_photo,
        }
    }
}

/// The photograph of the open face, and the handles that somebody waits for.
fn take_photo(state: &mut State, photo: Photo) {
    let size = photo.pixels.dimensions();
    state.desk.photo = Some(photo.pixels);
    state.desk.preview = Some(state.stamped(photo.preview));
    state.desk.faces = photo.faces;
    let unknown = state.open_face().filter(|face| face.record.photograph.is_none() && photo.is_whole);
    if let Some(id) = unknown.map(|face| face.record.id) {
        faces::know_photograph(state, id, size.into());
    }
    if state.desk.points.is_none() && state.desk.to_mark {
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
        Some(Wish::ExportPhoto(row)) => export::no_photo(state, row, sentence),
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
        Some(Wish::Cell(code)) => transfer::not_drawn(state, &code, sentence),
        Some(Wish::ExportCell(_)) => {
            state.log.say(Level::Warning, sentence, state.now);
            export::not_drawn(state);
        }
        Some(Wish::ExportFile) => export::broken(state, sentence),
        Some(_) => fail(state, sentence),
        None if state.desk.pasted.asked.as_ref().is_some_and(|(_, asked)| *asked == number) => {
            // The last one stays, and nothing is on its way any more.
            state.desk.pasted.shown = number;
            fail(state, sentence);
        }
        // A render is no ticket; one that was replaced is of no interest.
        None if state.desk.asked.as_ref().is_some_and(|asked| asked.number == number) => fail(state, sentence),
        None => {}
    }
}

fn answered(state: &mut State, hands: &mut Hands, request: Request, event: Event) {
    match (request.wish, event) {
        (Wish::See(id), Event::Encoded { face, reconstruction, remarks, .. }) => {
            see(state, id, *face, reconstruction, remarks);
        }
        (Wish::See(id), Event::Pictures { pictures, .. }) => see_refined(state, id, pictures),
        (Wish::Refine(id), Event::Refined { face, reconstruction, rmse, .. }) => {
            photograph::refined(state, id, &face, reconstruction, rmse);
        }
        (Wish::Refine(_), Event::Cancelled { .. }) => note(state, "Refining was cancelled; the face is as before"),
        (Wish::Drift(id, edit), Event::Drift { drift, .. }) if state.open == Some(id) => {
            state.desk.drift = Some((*edit, drift));
        }
        (Wish::Strip(id, part, axis), Event::Pictures { pictures, .. }) if state.open == Some(id) => {
            state.desk.strips.insert((part, axis), pictures.into_iter().map(Arc::new).collect());
        }
        (Wish::Beside(id, of), Event::Pictures { pictures, .. }) => {
            pictures.into_iter().for_each(|picture| beside::drawn(state, id, (*of).clone(), picture));
        }
        (Wish::Save | Wish::SaveEdit, Event::Saved { path, .. }) => note(state, &format!("Saved: {}", path.display())),
        (Wish::Save, Event::Cancelled { .. }) => note(state, "Saving was cancelled; nothing was written"),
        (Wish::LoadEdit(id), Event::EditRead { path, edit, model, .. }) => {
            // What others gave means nothing to other weights.
            let ready = state.engine.ready.as_ref();
            let unfit = ready.zip(model).and_then(|(ready, model)| ready.model().require(&model).err());
            match unfit {
                Some(error) => fail(state, &format!("{error}: {}", path.display())),
                None => load_edit(state, hands, id, *edit, &path),
            }
        }
        (Wish::LoadRecipe, Event::RecipeRead { path, recipe, model, .. }) => {
            transfer::loaded(state, &path, *recipe, model);
        }
        (Wish::Cell(code), Event::Pictures { pictures, .. }) => {
            pictures.into_iter().for_each(|picture| state.transfer.take(&code, picture));
        }
        (Wish::ExportCell(place), Event::Pictures { pictures, .. }) => {
            pictures.into_iter().for_each(|picture| export::drawn(state, hands, place, picture));
        }
        (Wish::ExportFile, Event::Saved { .. }) => export::saved(state),
        (Wish::Devices, Event::Devices { cpu, gpus, .. }) => state.engine.devices = Some((cpu, gpus)),
        (Wish::Weights(path), Event::Done { .. }) => {
            state.engine.setup.weights = WeightsSource::File(path.clone());
            apply::set(state, hands, |settings| settings.weights = Some(path));
        }
        (Wish::BundledWeights, Event::Done { .. }) => {
            state.engine.setup.weights = WeightsSource::Bundled;
            apply::set(state, hands, |settings| settings.weights = None);
        }
        (Wish::Open { .. } | Wish::AddFaces(_) | Wish::PutFiles(..), Event::Cancelled { .. }) => {
            note(state, "Opening was cancelled; the pictures that were read are in the tray");
        }
        _ => {}
    }
}

fn see(state: &mut State, id: FaceId, code: FaceCode, reconstruction: RgbImage, remarks: Vec<Remark>) {
    let Some(face) = state.face_mut(id) else { return };
    face.remarks = Some(remarks);
    // Else its fitted code is drawn next.
    if state.face(id).and_then(|face| state.refinement_of(face)).is_none() {
        photograph::look_at(state, id, Seen { code, reconstruction: Arc::new(reconstruction), refined: false });
    }
}

/// The picture of a code that was fitted to its photograph.
fn see_refined(state: &mut State, id: FaceId, pictures: Vec<RgbImage>) {
    let code = state.face(id).and_then(|face| state.refinement_of(face)).map(|(_, code)| code);
    if let (Some(code), Some(picture)) = (code, pictures.into_iter().next()) {
        photograph::look_at(state, id, Seen { code, reconstruction: Arc::new(picture), refined: true });
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
