//! Collections: an index opened, built and deleted; what is looked for in it; what is done with its faces and with the
//! people in it.

mod hear;
mod people;

use std::path::{Path, PathBuf};

use super::super::command::Command;
use super::super::gallery::map::MapLook;
use super::super::gallery::query::{QueryFace, QueryOf};
use super::super::gallery::{GalleryCommand, GalleryWish, Tab, Use, is_index};
use super::super::hands::Hands;
use super::super::labels::LabelsCommand;
use super::super::log::{Bar, Level};
use super::super::pending::Wish;
use super::super::state::{FaceId, Panel, Purpose, State};
use super::super::transfer::{Side, TransferCommand};
use super::{asked, fail, note, open, put_away};
use crate::engine::gallery::{Build, FaceKey};
use crate::engine::open::Placement;
use crate::engine::protocol::{Opened, Source};
use crate::face::Crop;

pub(in super::super) use hear::{hear, look};

const WITHOUT_A_PLACE: &str = "No folder for indexes is known; set FACESPACE_HOME to a folder for them, or build one \
                               with `facespace index build`";
/// Squares of one photograph whose middles are nearer than this, in halves of their side, are those of one face.
const SAME_SQUARE: f32 = 0.2;

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: GalleryCommand) {
    match command {
        GalleryCommand::Open(path) => open_index(state, path),
        GalleryCommand::Index(path) => index(state, hands, vec![path]),
        GalleryCommand::Add(path) => add(state, hands, vec![path]),
        GalleryCommand::Update => build_again(state, hands, false),
        GalleryCommand::Rebuild => build_again(state, hands, true),
        GalleryCommand::StopIndexing => stop(state),
        GalleryCommand::AskDelete => ask_delete(state),
        GalleryCommand::Delete(folder) => delete(state, hands, folder),
        GalleryCommand::Close => close(state, hands),
        GalleryCommand::Export(path) => {
            asked(state, hands.galleries.export(path), Wish::Gallery(GalleryWish::Export));
        }
        GalleryCommand::Dropped(paths) => dropped(state, hands, paths),
        GalleryCommand::LookAt(tab) => (state.panel, state.gallery.tab) = (Panel::Gallery, tab),
        GalleryCommand::InSight(keys) => state.gallery.shelf.look_at(keys),
        GalleryCommand::Reach(place) => state.gallery.results.reach = place,
        GalleryCommand::Use(key, used) => use_face(state, hands, key, used),
        GalleryCommand::ShowFile(key) => show_file(state, hands, key),
        GalleryCommand::PickUp(key) => pick_up(state, key),
        GalleryCommand::MapBy(part) => {
            let map = &mut state.gallery.map;
            (map.part, map.look, map.failed) = (part, MapLook::default(), None);
        }
        GalleryCommand::LookAtMap(look) => state.gallery.map.look = look.checked(),
        GalleryCommand::CompareAgain => state.gallery.duplicates.failed = None,
        other => ask(state, hands, other),
    }
}

/// The query, and what people are told.
fn ask(state: &mut State, hands: &Hands, command: GalleryCommand) {
    match command {
        GalleryCommand::QueryBy(of) => query_by(state, of, false),
        GalleryCommand::QueryByOpen => {
            if let Some(id) = state.open {
                query_by(state, QueryOf::Face(id), true);
            }
        }
        GalleryCommand::QueryByEdit => {
            if let Some(id) = state.open {
                query_by(state, QueryOf::Edit(id), true);
            }
        }
        GalleryCommand::Unquery(place) => {
            if place < state.gallery.query.len() {
                state.gallery.query.remove(place);
            }
        }
        GalleryCommand::ClearQuery => state.gallery.query.clear(),
        GalleryCommand::WeighFace(place, weight) => {
            if let Some(face) = state.gallery.query.get_mut(place) {
                face.weight = weight.clamp(0.01, 1.0);
            }
        }
        GalleryCommand::Weigh(weights) => {
            state.gallery.weights = weights.map(|weight| weight.clamp(-1.0, 1.0));
            state.touch();
        }
        GalleryCommand::Preset(preset) => {
            (state.panel, state.gallery.weights) = (Panel::Gallery, preset.weights());
            state.touch();
        }
        GalleryCommand::Filter(form) => {
            state.gallery.filter = form.checked();
            state.touch();
        }
        other => people::apply(state, hands, other),
    }
}

/// Another index is in hand, or none: what was asked about the old one is of no interest any more.
fn turn_to(state: &mut State, folder: Option<PathBuf>) {
    state.pending.cancel(|wish| matches!(wish, Wish::Gallery(wish) if !wish.outlives_tray()));
    state.gallery.turn_to(folder);
    answered(state);
    state.touch();
}

/// Puts away what was asked in the bar about an index that is another one by now.
fn answered(state: &mut State) {
    let is_of_index =
        |command: &Command| matches!(command, Command::Gallery(_)) || *command == Command::Ask(Purpose::OpenIndex);
    put_away(state, |bar| bar.actions.iter().any(|(_, command)| is_of_index(command)));
}

/// The file of an index means its folder.
fn open_index(state: &mut State, path: PathBuf) {
    let folder = match path.parent() {
        Some(folder) if path.is_file() && is_index(folder) => folder.to_owned(),
        _ => path,
    };
    state.panel = Panel::Gallery;
    if state.gallery.folder.as_ref() != Some(&folder) || state.gallery.info.is_none() {
        turn_to(state, Some(folder));
    } else {
        note(state, "This index is open already");
    }
}

/// Makes an index of sources; one that was made of the first of them before is brought up to date.
fn index(state: &mut State, hands: &Hands, sources: Vec<PathBuf>) {
    let Some(first) = sources.first() else { return };
    match state.gallery.folder_for(first) {
        Some(folder) => build(state, hands, folder, sources, false),
        None => fail(state, WITHOUT_A_PLACE),
    }
}

fn add(state: &mut State, hands: &Hands, sources: Vec<PathBuf>) {
    match state.gallery.folder.clone() {
        Some(folder) => build(state, hands, folder, sources, false),
        None => index(state, hands, sources),
    }
}

fn build_again(state: &mut State, hands: &Hands, rebuild: bool) {
    if let Some(folder) = state.gallery.folder.clone() {
        build(state, hands, folder, Vec::new(), rebuild);
    }
}

fn build(state: &mut State, hands: &Hands, folder: PathBuf, add: Vec<PathBuf>, rebuild: bool) {
    let wish = Wish::Gallery(GalleryWish::Build(folder.clone()));
    if state.pending.has(|known| *known == wish) {
        fail(state, "This index is being built already; wait until it is done, or stop it");
        return;
    }
    state.panel = Panel::Gallery;
    // What went wrong before is tried again.
    put_away(state, |bar| bar.actions.is_empty());
    answered(state);
    if state.gallery.folder.as_ref() != Some(&folder) {
        turn_to(state, Some(folder.clone()));
    }
    state.gallery.failed = false;
    let setup = state.engine.setup.clone();
    asked(state, hands.galleries.build(Build { folder, add, setup, rebuild }), wish);
}

fn stop(state: &mut State) {
    if let Some((number, ..)) = state.indexing_here().or_else(|| state.indexing()) {
        state.pending.cancel_number(number);
        note(state, "Indexing stops after the pictures in hand; what was done is kept");
    }
}

/// What cannot be undone needs a second press.
fn ask_delete(state: &mut State) {
    let Some(folder) = state.gallery.folder.clone() else { return };
    let text = format!(
        "Deleting removes the index of {} with all codes, thumbnails and names of people; the pictures stay, and it \
         cannot be undone",
        state.gallery.name()
    );
    let actions = vec![("Delete for good", Command::Gallery(GalleryCommand::Delete(folder)))];
    state.bar = Some(Bar { level: Level::Warning, text, actions });
}

fn delete(state: &mut State, hands: &Hands, folder: PathBuf) {
    answered(state);
    asked(state, hands.galleries.delete(folder), Wish::Gallery(GalleryWish::Delete));
}

fn close(state: &mut State, hands: &Hands) {
    match hands.galleries.close() {
        Ok(()) => turn_to(state, None),
        Err(refused) => fail(state, &refused.to_string()),
    }
}

/// Folders and shards are indexed, an index is opened, pictures are looked for.
fn dropped(state: &mut State, hands: &mut Hands, paths: Vec<PathBuf>) {
    if let Some(folder) = paths.iter().find(|path| is_index(path)) {
        open_index(state, folder.clone());
        return;
    }
    let is_source = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|ending| ending == "parquet");
    let (sources, pictures): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_source);
    if !sources.is_empty() {
        add(state, hands, sources);
    }
    if pictures.is_empty() {
        return;
    }
    if state.gallery.info.is_none() {
        let text =
            "Folders and shards are indexed here; drop one, or open an index first and drop a picture to look for";
        fail(state, text);
        return;
    }
    let pictures = pictures.into_iter().map(|path| (Source::Path(path), Placement::BySize)).collect();
    asked(state, hands.studio.open(pictures), Wish::Hit(Use::AddToQuery, None));
}

/// Looks for a face of the tray, beside those that are looked for or in their place.
fn query_by(state: &mut State, of: QueryOf, alone: bool) {
    let Some(face) = of.face().and_then(|id| state.face(id)) else { return };
    let name = match of {
        QueryOf::Edit(_) => format!("{}, edited", face.record.name),
        _ => face.record.name.clone(),
    };
    put_into_query(state, QueryFace { of, name, picture: None, weight: 1.0 }, alone);
}

fn put_into_query(state: &mut State, face: QueryFace, alone: bool) {
    state.panel = Panel::Gallery;
    (state.picked, state.gallery.picked) = (None, None);
    state.gallery.tab = Tab::Faces;
    if alone {
        state.gallery.query.clear();
    }
    if state.gallery.query.iter().any(|known| known.of == face.of) {
        note(state, &format!("{} is in the query already", face.name));
        return;
    }
    state.gallery.query.push(face);
}

fn show_file(state: &mut State, hands: &Hands, key: FaceKey) {
    match state.gallery.shelf.about(key).cloned() {
        Some(about) if about.file.as_os_str().is_empty() => {
            note(state, "Where this face is from is not known; the log says why");
        }
        Some(about) => hands.outside.show_file(&about.file),
        None => note(state, "What is known of this face is still being read; try again in a moment"),
    }
}

fn pick_up(state: &mut State, key: Option<FaceKey>) {
    (state.picked, state.gallery.picked) = (None, key);
    if let Some(key) = key {
        let text = format!(
            "{} is picked up; Enter opens it, Tab leads to other places, Escape puts it back",
            state.gallery.shelf.name(key)
        );
        note(state, &text);
    }
}

fn use_face(state: &mut State, hands: &Hands, key: FaceKey, used: Use) {
    state.gallery.picked = None;
    if matches!(used, Use::Query | Use::AddToQuery) {
        // Its code is enough, wherever its picture may be.
        asked(state, hands.galleries.card(key), Wish::Gallery(GalleryWish::Query(used)));
        return;
    }
    // A double click asks twice.
    let coming = [Wish::Gallery(GalleryWish::Pick(key, used)), Wish::Hit(used, Some(key))];
    if !state.pending.has(|wish| coming.contains(wish)) {
        asked(state, hands.galleries.pick(key), Wish::Gallery(GalleryWish::Pick(key, used)));
    }
}

/// A face of the index whose picture can be had.
fn picked(state: &mut State, hands: &mut Hands, key: FaceKey, used: Use, source: Source, placement: Placement) {
    let known = match (&source, placement) {
        (Source::Path(path), Placement::Square(square)) => in_tray(state, path, square),
        _ => None,
    };
    match known {
        Some(id) => take(state, hands, used, id),
        None => asked(state, hands.studio.open(vec![(source, placement)]), Wish::Hit(used, Some(key))),
    }
}

/// The same face, where it is in the tray already.
fn in_tray(state: &State, path: &Path, square: Crop) -> Option<FaceId> {
    let is_same = |own: Crop| {
        let [x, y] = [0, 1].map(|axis| own.centre[axis] - square.centre[axis]);
        x.hypot(y) < SAME_SQUARE * square.half_side
    };
    let face = state.faces.iter().find(|face| {
        let record = &face.record;
        record.path.as_deref() == Some(path) && record.square.is_some_and(is_same)
    });
    face.map(|face| face.record.id)
}

/// A face of the index, or a picture that was dropped to be looked for, goes into the tray.
pub(in super::super) fn opened(state: &mut State, hands: &mut Hands, used: Use, key: Option<FaceKey>, opened: Opened) {
    // It may have been asked for as source and as target at once.
    let known = key.and_then(|_| in_tray(state, opened.path.as_deref()?, opened.crop.as_ref()?.square));
    let id = known.unwrap_or_else(|| super::add(state, hands, opened, None));
    take(state, hands, used, id);
}

fn take(state: &mut State, hands: &mut Hands, used: Use, id: FaceId) {
    let side = match used {
        Use::Edit => {
            state.panel = Panel::Edit;
            return open(state, Some(id));
        }
        Use::Tray => return open(state, Some(id)),
        Use::Query | Use::AddToQuery => return query_by(state, QueryOf::Face(id), used == Use::Query),
        Use::Compare => {
            let compare = Command::Labels(LabelsCommand::CompareWith(Some(id)));
            return super::apply(state, hands, compare);
        }
        Use::Source => Side::Sources,
        Use::Target => Side::Targets,
    };
    super::apply(state, hands, Command::Transfer(TransferCommand::Put(side, id, None)));
}
