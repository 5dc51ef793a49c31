//! What the Gallery panel still lacks is asked of the engine, once a frame: the index itself, the faces that answer the
//! query, groups, the map, copies, and thumbnails and names of what is in sight.

use super::query::{self, Question, Sought};
use super::{FIRST_FACES, GalleryWish, Tab};
use crate::app::apply::asked;
use crate::app::hands::Hands;
use crate::app::pending::Wish;
use crate::app::requests;
use crate::app::state::{Panel, State};
use crate::engine::gallery::SearchRequest;

/// Seconds that the threshold must rest before faces are grouped anew.
const REST: f64 = 0.3;
/// Names are asked for so many at a time, those in sight first.
const NAMES_AT_A_TIME: usize = 16;

/// Asks for what is missing.
pub fn ask(state: &mut State, hands: &Hands) {
    if state.panel != Panel::Gallery {
        return;
    }
    open(state, hands);
    // Who was taken out of the tray is not looked for any more.
    let gone = |id| state.face(id).is_none();
    if state.gallery.query.iter().filter_map(|face| face.of.face()).any(gone) {
        let known: Vec<_> = state.faces.iter().map(|face| face.record.id).collect();
        state.gallery.query.retain(|face| face.of.face().is_none_or(|id| known.contains(&id)));
    }
    if state.gallery.info.is_none() {
        return;
    }
    see(state, hands);
    search(state, hands);
    match state.gallery.tab {
        Tab::Faces => {}
        Tab::People => group(state, hands),
        Tab::Map => map(state, hands),
        Tab::Duplicates => duplicates(state, hands),
    }
    names(state, hands);
    thumbnails(state, hands);
}

/// Seconds until something is to be asked that nothing else wakes the window for.
pub fn next(state: &State) -> Option<f64> {
    let desk = &state.gallery;
    let left = REST - (state.now - desk.people.changed_at);
    let waits = state.panel == Panel::Gallery && desk.tab == Tab::People && !is_grouped(state) && left > 0.0;
    waits.then_some(left)
}

fn open(state: &mut State, hands: &Hands) {
    let desk = &state.gallery;
    let Some(folder) = desk.folder.clone().filter(|_| desk.info.is_none() && !desk.failed) else { return };
    // A build opens what it makes.
    let coming = [Wish::Gallery(GalleryWish::Open), Wish::Gallery(GalleryWish::Build(folder.clone()))];
    if !state.pending.has(|wish| coming.contains(wish)) {
        asked(state, hands.galleries.open(folder), Wish::Gallery(GalleryWish::Open));
    }
}

/// The codes of those that are looked for.
fn see(state: &mut State, hands: &Hands) {
    let faces: Vec<_> = state.gallery.query.iter().filter_map(|face| face.of.face()).collect();
    for face in faces {
        requests::see_face(state, hands, face);
    }
}

/// The faces that answer the query; the newest question wins.
fn search(state: &mut State, hands: &Hands) {
    let (question, unasked) = match query::question(state) {
        Ok(question) => (question, None),
        Err(sentence) => (None, Some(sentence)),
    };
    let desk = &mut state.gallery;
    desk.results.unasked = unasked;
    let Some(question) = question else { return };
    if desk.results.question() != Some(&question) {
        // Another question is looked at from its first answer on.
        (desk.results.reach, desk.results.questions) = (0, desk.results.questions + 1);
    }
    let limit = limit(desk.results.reach);
    let sought = Sought { question, limit, revision: desk.revisions.search };
    if desk.results.asked.as_ref().is_some_and(|(asked, _)| *asked == sought) {
        return;
    }
    let number = hands.galleries.search(request(&sought.question, limit));
    if desk.results.asked.is_none() {
        desk.results.first = number;
    }
    desk.results.asked = Some((sought, number));
}

fn request(question: &Question, limit: usize) -> SearchRequest {
    SearchRequest { query: question.query(), filter: question.filter.filter(), limit, model: question.model.clone() }
}

/// Doubled until it is beyond what is looked at, so that scrolling asks now and then only.
fn limit(reach: usize) -> usize {
    let mut limit = FIRST_FACES;
    while limit < reach + FIRST_FACES / 2 {
        limit *= 2;
    }
    limit
}

fn is_grouped(state: &State) -> bool {
    let desk = &state.gallery;
    let asked = desk.people.asked.map(|(threshold, revision, _)| (threshold, revision));
    asked == Some((desk.threshold, desk.revisions.people))
}

/// Groups for the threshold, once the hand rests.
fn group(state: &mut State, hands: &Hands) {
    if is_grouped(state) || state.now - state.gallery.people.changed_at < REST {
        return;
    }
    let desk = &mut state.gallery;
    let number = hands.galleries.group(desk.threshold);
    if desk.people.asked.is_none() {
        desk.people.first = number;
    }
    desk.people.asked = Some((desk.threshold, desk.revisions.people, number));
    desk.people.error = None;
}

fn map(state: &mut State, hands: &Hands) {
    let desk = &state.gallery;
    let wanted = (desk.map.part, desk.revisions.faces);
    let drawn = desk.map.drawn.as_ref().is_some_and(|drawn| (drawn.part, drawn.revision) == wanted);
    let wish = Wish::Gallery(GalleryWish::Map(wanted.0, wanted.1));
    if drawn || desk.map.failed == Some(wanted) || state.pending.has(|known| *known == wish) {
        return;
    }
    asked(state, hands.galleries.map(wanted.0), wish);
}

fn duplicates(state: &mut State, hands: &Hands) {
    let revision = state.gallery.revisions.faces;
    let duplicates = &state.gallery.duplicates;
    let known = duplicates.found.as_ref().is_some_and(|(of, _)| *of == revision);
    let wish = Wish::Gallery(GalleryWish::Duplicates(revision));
    if known || duplicates.failed == Some(revision) || state.pending.has(|known| *known == wish) {
        return;
    }
    asked(state, hands.galleries.duplicates(), wish);
}

fn names(state: &mut State, hands: &Hands) {
    let under_way = state.pending.count(|wish| matches!(wish, Wish::Gallery(GalleryWish::Card(_))));
    let mut unknown = state.gallery.shelf.unknown();
    unknown.retain(|key| !state.pending.has(|wish| *wish == Wish::Gallery(GalleryWish::Card(*key))));
    unknown.truncate(NAMES_AT_A_TIME.saturating_sub(under_way));
    for key in unknown {
        asked(state, hands.galleries.card(key), Wish::Gallery(GalleryWish::Card(key)));
    }
}

/// The wish list, where it is another one than before.
fn thumbnails(state: &mut State, hands: &Hands) {
    let desk = &mut state.gallery;
    if let Some(wanted) = desk.shelf.wishes(&mut desk.wished) {
        hands.galleries.want(wanted);
    }
}
