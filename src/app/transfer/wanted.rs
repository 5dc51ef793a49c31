//! What the board still lacks is asked of the engine, once a frame: codes of its faces, and pictures of its cells, those
//! in sight and nearest its middle first.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::export;
use super::pictures::key;
use super::plan::{ColumnKey, Inputs, Plan, Spot};
use crate::app::hands::Hands;
use crate::app::pending::Wish;
use crate::app::requests;
use crate::app::state::{Face, Panel, State};

/// Faces are looked at so many at a time, so that the open one does not wait for a whole board.
const CODES_AT_A_TIME: usize = 2;
/// Pictures are asked for so many at a time, so that they come in the order in which they are wanted.
pub(super) const PICTURES_AT_A_TIME: usize = 4;

/// Asks for what is missing.
pub fn ask(state: &mut State, hands: &Hands) {
    let in_sight = state.panel == Panel::Transfer;
    if in_sight || state.transfer.to_save.is_some() {
        see(state, hands);
    }
    export::go_on(state, hands);
    if in_sight {
        refresh(state);
        draw(state, hands);
    } else if state.pending.has(is_cell) {
        // Nobody looks at them now.
        state.pending.cancel(is_cell);
        state.transfer.plan.forget();
    }
}

fn is_cell(wish: &Wish) -> bool {
    matches!(wish, Wish::Cell(_))
}

/// The codes of the faces on the board.
fn see(state: &mut State, hands: &Hands) {
    let is_due = |face: &&Face| !(face.unseeable || state.is_seen(face) && face.remarks.is_some());
    let due: HashSet<u64> = state.faces.iter().filter(is_due).map(|face| face.record.id).collect();
    let faces: Vec<u64> = state.transfer.board.faces().filter(|face| due.contains(face)).collect();
    for face in faces {
        if state.pending.count(|wish| matches!(wish, Wish::See(_))) >= CODES_AT_A_TIME {
            return;
        }
        requests::see_face(state, hands, face);
    }
}

/// The board as it is now, where something has changed; the pictures that are there already are shown.
pub fn refresh(state: &mut State) {
    let inputs = Inputs::of(state);
    if state.transfer.plan.is_of(&inputs, &state.transfer.sight) {
        return;
    }
    let ready = state.engine.ready.as_ref().filter(|ready| ready.card.can_edit);
    let space = ready.map(|ready| Arc::clone(&ready.space));
    state.transfer.plan = Plan::new(inputs, state.transfer.sight.clone(), space.as_deref());
    let untouched: Vec<_> = state.transfer.board.faces().filter_map(|id| state.face(id)?.seen.clone()).collect();
    let desk = &mut state.transfer;
    for seen in untouched {
        desk.pictures.keep(&seen.code, seen.reconstruction);
    }
    let mut due = VecDeque::new();
    for (spot, code) in &desk.plan.near {
        match desk.pictures.get(code) {
            Some(picture) => desk.pictures.show(*spot, picture),
            None if desk.pictures.is_settled(code) => {}
            None => due.push_back(*code),
        }
    }
    desk.due = due;
    leave(state);
}

/// Forgets what nobody waits for any more.
fn leave(state: &mut State) {
    let desk = &mut state.transfer;
    let (board, plan) = (&desk.board, &desk.plan);
    let is_known = |column: ColumnKey| match column {
        ColumnKey::Face(id) => board.sources.contains(&id),
        ColumnKey::Mix => true,
        ColumnKey::Recipe(id) => board.recipes.iter().any(|loaded| loaded.id == id),
    };
    desk.pictures.prune(|spot| match spot {
        Spot::Face(id) => board.sources.contains(&id) || board.targets.contains(&id),
        Spot::Cell(target, column) => board.targets.contains(&target) && is_known(column),
    });
    let spots: HashSet<Spot> = plan.near.iter().map(|(spot, _)| *spot).collect();
    desk.pictures.leave(|spot| spots.contains(&spot));
    let codes: HashSet<_> = plan.near.iter().map(|(_, code)| key(code)).collect();
    state.pending.cancel(|wish| matches!(wish, Wish::Cell(code) if !codes.contains(&key(code))));
}

/// The pictures that are still to be drawn.
fn draw(state: &mut State, hands: &Hands) {
    if state.engine.ready.is_none() {
        return;
    }
    while state.pending.count(is_cell) < PICTURES_AT_A_TIME {
        let Some(code) = state.transfer.due.pop_front() else { return };
        let is_it = |wish: &Wish| matches!(wish, Wish::Cell(asked) if **asked == code);
        if state.transfer.pictures.is_settled(&code) || state.pending.has(is_it) {
            continue;
        }
        match hands.studio.pictures(vec![code]) {
            Ok(ticket) => state.pending.add(ticket, Wish::Cell(Box::new(code)), state.now),
            Err(_) => {
                // So much waits already that the queue is full; the answers wake the window.
                state.transfer.due.push_front(code);
                return;
            }
        }
    }
}
