//! What the Labels panel still lacks is asked of the engine, once a frame: the audit itself, the list, all about the
//! face that is looked at, the code of the one beside it, and thumbnails of what is in sight.

use super::LabelsWish;
use super::list::Wanted;
use crate::app::apply::asked;
use crate::app::hands::Hands;
use crate::app::pending::Wish;
use crate::app::requests;
use crate::app::state::{Panel, State};
use crate::engine::audit::Verdicts;

/// Asks for what is missing.
pub fn ask(state: &mut State, hands: &Hands) {
    if state.panel != Panel::Labels {
        return;
    }
    open(state, hands);
    if state.labels.open.is_none() {
        return;
    }
    draw(state, hands);
    list(state, hands);
    look(state, hands);
    compare(state, hands);
    let desk = &mut state.labels;
    if let Some(wanted) = desk.shelf.wishes(&mut desk.wished) {
        hands.audits.want(wanted);
    }
}

fn open(state: &mut State, hands: &Hands) {
    let desk = &state.labels;
    let Some(folder) = desk.folder.clone().filter(|_| desk.open.is_none() && !desk.failed) else { return };
    // A build opens what it makes.
    let coming = [Wish::Labels(LabelsWish::Open), Wish::Labels(LabelsWish::Build(folder.clone()))];
    if !state.pending.has(|wish| coming.contains(wish)) {
        asked(state, hands.audits.open(folder), Wish::Labels(LabelsWish::Open));
    }
}

/// Faces are drawn with the device and the weights that the window uses.
fn draw(state: &mut State, hands: &Hands) {
    let setup = &state.engine.setup;
    let used = (setup.device, setup.weights.clone());
    if state.labels.drawn_with.as_ref() != Some(&used) {
        hands.audits.draw_with(setup.clone());
        // What the old ones drew is drawn anew.
        (state.labels.drawn_with, state.labels.look.asked) = (Some(used), None);
    }
}

/// The faces that are meant, in their order; the newest request wins.
fn list(state: &mut State, hands: &Hands) {
    let (choice, list) = (&state.labels.choice, &mut state.labels.list);
    let by_verdict = choice.filter.verdict != Verdicts::Any;
    let wanted = Wanted {
        request: choice.request(),
        revision: list.revision,
        verdicts: if by_verdict { list.verdicts } else { 0 },
    };
    if list.asked.as_ref().is_some_and(|(asked, _)| *asked == wanted) {
        return;
    }
    let number = hands.audits.rank(wanted.request.clone());
    if list.asked.is_none() {
        list.first = number;
    }
    list.asked = Some((wanted, number));
}

fn look(state: &mut State, hands: &Hands) {
    let desk = &mut state.labels;
    let Some(face) = desk.looked_at().map(|(_, row)| row.face) else { return };
    if desk.look.asked.is_some_and(|(asked, _)| asked == face) {
        return;
    }
    let ahead = desk.open.as_ref().map_or_else(Vec::new, |open| desk.list.ahead(open));
    let number = hands.audits.look(face, ahead);
    desk.look.asked = Some((face, number));
}

/// The code of the face that stands beside the one that is looked at. One that was taken out of the tray stands there no
/// more.
fn compare(state: &mut State, hands: &Hands) {
    let Some(id) = state.labels.compared else { return };
    if state.face(id).is_some() {
        requests::see_face(state, hands, id);
    } else {
        state.labels.compared = None;
    }
}
