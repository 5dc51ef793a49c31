//! What the Train panel still lacks is asked of the engine, once a frame: the list of runs, what a training will take of
//! the memory, the pictures of a step.

use crate::app::hands::Hands;
use crate::app::state::{Panel, State};

/// Seconds that the form must rest before its memory is worked out.
const REST: f64 = 0.3;

/// Asks for what is missing.
pub fn ask(state: &mut State, hands: &Hands) {
    if state.panel != Panel::Train {
        return;
    }
    list(state, hands);
    estimate(state, hands);
    sheet(state, hands);
}

/// Seconds until something is to be asked that nothing else wakes the window for.
pub fn next(state: &State) -> Option<f64> {
    let train = &state.train;
    let known = train.estimate.as_ref().is_some_and(|(form, _)| *form == train.form);
    let left = REST - (state.now - train.changed_at);
    (state.panel == Panel::Train && !known && left > 0.0).then_some(left)
}

fn list(state: &mut State, hands: &Hands) {
    let Some(folder) = state.train.folder.clone().filter(|_| !state.train.listed) else { return };
    state.train.listed = true;
    hands.trainings.list(folder);
}

/// One at a time, so that each answer is for what was asked.
fn estimate(state: &mut State, hands: &Hands) {
    let train = &mut state.train;
    if train.estimating.is_some() {
        return;
    }
    let known = train.estimate.as_ref().is_some_and(|(form, _)| *form == train.form);
    if known || train.form.lacks().is_some() || state.now - train.changed_at < REST {
        return;
    }
    let Some(run_dir) = train.next_run() else { return };
    hands.trainings.estimate(train.form.request(run_dir));
    train.estimating = Some(train.form.clone());
}

/// The pictures of the step that is looked at.
fn sheet(state: &mut State, hands: &Hands) {
    let train = &mut state.train;
    let Some(step) = train.shown_step().filter(|_| train.seeking.is_none()) else { return };
    if !train.sheets.contains_key(&step) && !train.missing.contains(&step) {
        train.seeking = Some(step);
        hands.trainings.preview(step);
    }
}
