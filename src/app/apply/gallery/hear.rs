//! What the engine says of collections, into the state.

use std::path::{Path, PathBuf};

use super::super::super::command::Command;
use super::super::super::gallery::map::Drawn;
use super::super::super::gallery::query::{QueryFace, QueryOf};
use super::super::super::gallery::shelf::About;
use super::super::super::gallery::{GalleryCommand, GalleryWish, Use, is_index};
use super::super::super::hands::Hands;
use super::super::super::log::Level;
use super::super::super::pending::Wish;
use super::super::super::state::{Purpose, State};
use super::super::super::train::words::{counted, thousands};
use super::super::{fail, fail_with, note, warn};
use super::{picked, put_into_query, turn_to};
use crate::engine::gallery::{FaceKey, GalleryEvent, Info, Report};

/// Files that could not be indexed and are named in the log, one by one.
const NAMED: usize = 20;

/// The newest answers and thumbnails.
pub(in crate::app) fn look(state: &mut State, hands: &Hands) {
    let desk = &mut state.gallery;
    if desk.results.asked.is_some()
        && let Some(answer) = hands.galleries.found(desk.results.first.max(desk.results.answered + 1))
    {
        desk.results.take(answer);
    }
    if desk.people.asked.is_some()
        && let Some(answer) = hands.galleries.groups(desk.people.first.max(desk.people.answered + 1))
    {
        desk.people.take(answer);
    }
    while let Some((key, picture)) = hands.galleries.thumbnail() {
        desk.shelf.take_thumbnail(key, picture);
    }
}

pub(in crate::app) fn hear(state: &mut State, hands: &mut Hands, event: GalleryEvent) {
    let wish = event.closes().and_then(|number| state.pending.close(number)).map(|request| request.wish);
    let wish = match wish {
        Some(Wish::Gallery(wish)) => Some(wish),
        _ => None,
    };
    match (wish, event) {
        // One that was opened for nobody any more.
        (None, GalleryEvent::Opened { number: Some(_), .. }) => {}
        (_, GalleryEvent::Opened { number, folder, info }) => is_open(state, folder, info, number.is_some()),
        (_, GalleryEvent::Refreshed { info, .. }) if state.gallery.info.is_some() => refreshed(state, info),
        (_, GalleryEvent::Built { folder, report, .. }) => built(state, &folder, &report),
        (Some(GalleryWish::Card(key)), GalleryEvent::Card { card, .. }) => {
            state.gallery.shelf.take_about(key, About::of(&card));
        }
        (Some(GalleryWish::Query(used)), GalleryEvent::Card { card, .. }) => {
            let picture = state.gallery.shelf.thumbnail(card.key).cloned();
            let (of, name) = (QueryOf::Hit(card.key, Box::new(card.code)), About::of(&card).name);
            put_into_query(state, QueryFace { of, name, picture, weight: 1.0 }, used == Use::Query);
        }
        (Some(GalleryWish::Pick(key, used)), GalleryEvent::Picked { source, placement, .. }) => {
            picked(state, hands, key, used, source, placement);
        }
        (Some(GalleryWish::Map(part, revision)), GalleryEvent::Map { keys, points, explained, .. }) => {
            state.gallery.map.drawn = Some(Drawn::new(part, revision, keys, points, explained));
        }
        (Some(GalleryWish::Duplicates(revision)), GalleryEvent::Duplicates { groups, .. }) => {
            state.gallery.duplicates.found = Some((revision, groups));
        }
        (Some(GalleryWish::People), GalleryEvent::PeopleChanged { what, .. }) => {
            note(state, &what);
            let revisions = &mut state.gallery.revisions;
            (revisions.people, revisions.search) = (revisions.people + 1, revisions.search + 1);
        }
        (_, GalleryEvent::Exported { path, faces, .. }) => {
            let text = format!("The codes of {} are exported: {}", counted(faces, "face"), path.display());
            note(state, &text);
        }
        (_, GalleryEvent::Deleted { folder, .. }) => deleted(state, &folder),
        (_, GalleryEvent::Closed) => closed(state),
        (wish, GalleryEvent::Failed { sentence, .. }) => failed(state, wish, &sentence),
        (Some(wish), GalleryEvent::Cancelled { .. }) => called_off(state, wish),
        (_, GalleryEvent::Notice(sentence)) => warn(state, &sentence),
        _ => {}
    }
}

/// An index is open: the one that was asked for, or one that is being built.
fn is_open(state: &mut State, folder: PathBuf, info: Box<Info>, asked_for: bool) {
    // Its faces are other ones, also where it is the same folder as before.
    turn_to(state, Some(folder));
    if asked_for {
        note(state, &format!("The index is open, it holds {}", counted(info.faces, "face")));
    }
    state.gallery.info = Some(info);
}

/// The open index has other faces than before.
fn refreshed(state: &mut State, info: Box<Info>) {
    state.gallery.changed(info);
    if state.indexing_here().is_none() {
        // Another program has written it; a build of this window says so at its end.
        other_faces(state);
    }
}

/// What was worked out for all faces is worked out anew.
fn other_faces(state: &mut State) {
    let revisions = &mut state.gallery.revisions;
    (revisions.faces, revisions.people) = (revisions.faces + 1, revisions.people + 1);
    // Files may have moved.
    state.gallery.shelf.doubt();
}

fn built(state: &mut State, folder: &Path, report: &Report) {
    if state.gallery.folder.as_deref() == Some(folder) {
        state.gallery.revisions.search += 1;
        other_faces(state);
    }
    for (_, sentence) in report.failed.iter().take(NAMED) {
        state.log.say(Level::Warning, sentence, state.now);
    }
    let done = summary(report);
    match report.failed.len() {
        0 => note(state, &done),
        1 => warn(state, &format!("{done}; one file could not be read, the log names it")),
        count => {
            let text = format!("{done}; {} files could not be read, the log names them", thousands(count as u64));
            warn(state, &text);
        }
    }
}

/// What came of a build, in one sentence.
fn summary(report: &Report) -> String {
    let mut parts = vec![counted(report.faces_added, "new face")];
    for (count, what, more) in [
        (report.faces_removed, "face", " removed"),
        (report.moved, "file", " moved"),
        (report.no_face, "picture", " without a face"),
    ] {
        if count > 0 {
            parts.push(counted(count, what) + more);
        }
    }
    let how = if report.cancelled { "Indexing was stopped and what was done is kept" } else { "Indexing is done" };
    format!("{how}, {}", parts.join(", "))
}

fn deleted(state: &mut State, folder: &Path) {
    if state.gallery.folder.as_deref() == Some(folder) {
        turn_to(state, None);
    }
    note(state, &format!("The index is deleted, nothing of it is left: {}", folder.display()));
}

/// What this window has closed is forgotten already; another one is on its way.
fn closed(state: &mut State) {
    let coming = |wish: &Wish| matches!(wish, Wish::Gallery(GalleryWish::Open | GalleryWish::Build(_)));
    if state.gallery.info.is_some() && !state.pending.has(coming) {
        turn_to(state, None);
    }
}

fn failed(state: &mut State, wish: Option<GalleryWish>, sentence: &str) {
    let desk = &mut state.gallery;
    match wish {
        Some(GalleryWish::Card(key)) => nameless(state, key, sentence),
        Some(GalleryWish::Open) => {
            desk.failed = true;
            let again = desk.folder.clone().map(|folder| Command::Gallery(GalleryCommand::Open(folder)));
            let mut actions = Vec::from_iter(again.map(|again| ("Try again", again)));
            actions.push(("Open another index…", Command::Ask(Purpose::OpenIndex)));
            fail_with(state, sentence, actions);
        }
        Some(GalleryWish::Build(folder)) => {
            unmade(state, &folder);
            fail(state, sentence);
        }
        Some(GalleryWish::Map(part, revision)) => {
            desk.map.failed = Some((part, revision));
            fail(state, sentence);
        }
        Some(GalleryWish::Duplicates(revision)) => {
            desk.duplicates.failed = Some(revision);
            fail(state, sentence);
        }
        _ => fail(state, sentence),
    }
}

/// A build came to nothing: an index that was there before is opened, else none is in hand.
fn unmade(state: &mut State, folder: &Path) {
    let desk = &state.gallery;
    if desk.info.is_none() && desk.folder.as_deref() == Some(folder) && !is_index(folder) {
        turn_to(state, None);
    }
}

/// A face about which nothing can be told is not asked for again; the log says why.
fn nameless(state: &mut State, key: FaceKey, sentence: &str) {
    state.log.say(Level::Warning, sentence, state.now);
    let name = state.gallery.shelf.name(key);
    let about = About { name, file: PathBuf::new(), labels: String::new(), missing: true };
    state.gallery.shelf.take_about(key, about);
}

fn called_off(state: &mut State, wish: GalleryWish) {
    match wish {
        GalleryWish::Open => state.gallery.failed = true,
        GalleryWish::Map(part, revision) => state.gallery.map.failed = Some((part, revision)),
        GalleryWish::Duplicates(revision) => state.gallery.duplicates.failed = Some(revision),
        GalleryWish::Export => note(state, "The export was called off; nothing was written"),
        GalleryWish::Build(folder) => {
            unmade(state, &folder);
            note(state, "Indexing was called off before it had begun");
        }
        _ => {}
    }
}
