//! What the Evaluate panel still lacks is asked of the engine, once a frame: the report itself, and the pictures of the
//! part that is looked at.

use super::EvaluateWish;
use crate::app::apply::asked;
use crate::app::hands::Hands;
use crate::app::pending::Wish;
use crate::app::state::{Panel, State};
use crate::engine::evaluation::Picture;

/// Asks for what is missing.
pub fn ask(state: &mut State, hands: &Hands) {
    if state.panel != Panel::Evaluate {
        return;
    }
    open(state, hands);
    pictures(state, hands);
}

fn open(state: &mut State, hands: &Hands) {
    let desk = &state.evaluate;
    let Some(path) = desk.path.clone().filter(|_| desk.open.is_none() && !desk.failed) else { return };
    let wish = Wish::Evaluate(EvaluateWish::Open);
    if !state.pending.has(|known| *known == wish) {
        asked(state, hands.evaluations.open(path), wish);
    }
}

/// Those that are not there yet, where they are others than were asked for last.
fn pictures(state: &mut State, hands: &Hands) {
    let desk = &state.evaluate;
    let (Some(open), Some(section)) = (&desk.open, desk.section()) else { return };
    let is_missing = |picture: &&Picture| !desk.pictures.contains_key(&picture.file);
    let missing: Vec<&Picture> = section.pictures.iter().filter(is_missing).collect();
    let files: Vec<String> = missing.iter().map(|picture| picture.file.clone()).collect();
    if files == desk.wished {
        return;
    }
    hands.evaluations.want(open.number, &open.shown.folder, missing);
    state.evaluate.wished = files;
}
