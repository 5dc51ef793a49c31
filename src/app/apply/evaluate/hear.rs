//! What the engine says of evaluations and reports, into the state.

use std::path::PathBuf;

use super::super::super::command::Command;
use super::super::super::evaluate::{EvaluateCommand, EvaluateWish, OpenComparison, OpenReport, PathFor, Tab, words};
use super::super::super::hands::Hands;
use super::super::super::log::{Bar, Level};
use super::super::super::pending::Wish;
use super::super::super::state::{Purpose, State};
use super::super::{fail, fail_with, note, warn};
use super::turn_to;
use crate::engine::evaluation::{EvaluationEvent, Shown};

const STOPPED: &str =
    "The evaluation was stopped, and what was measured is kept; start it again with the same faces to go on";

/// How far an evaluation is, and the pictures of the open report.
pub(in crate::app) fn look(state: &mut State, hands: &Hands) {
    let desk = &mut state.evaluate;
    desk.progress = hands.evaluations.progress();
    let Some(number) = desk.open.as_ref().map(|open| open.number) else { return };
    while let Some((file, picture)) = hands.evaluations.picture(number) {
        // One of a part that is no longer looked at is not kept.
        if desk.wished.contains(&file) {
            desk.pictures.insert(file, picture);
        }
    }
}

pub(in crate::app) fn hear(state: &mut State, event: EvaluationEvent) {
    let wish = event.closes().and_then(|number| state.pending.close(number)).map(|request| request.wish);
    let wish = match wish {
        Some(Wish::Evaluate(wish)) => Some(wish),
        _ => None,
    };
    match (wish, event) {
        (Some(EvaluateWish::Run(out)), EvaluationEvent::Done { number, shown, reused }) => {
            done(state, out, number, shown, reused);
        }
        (Some(EvaluateWish::Open), EvaluationEvent::Opened { number, shown }) => is_open(state, number, shown),
        (Some(EvaluateWish::Compare), EvaluationEvent::Compared { a, b, comparison, .. }) => {
            note(state, &comparison.summary());
            state.evaluate.comparison = Some(OpenComparison { reports: [a, b], comparison });
            state.evaluate.tab = Tab::Comparison;
        }
        (Some(EvaluateWish::Save), EvaluationEvent::Saved { path, .. }) => {
            note(state, &format!("The comparison is saved: {}", path.display()));
        }
        (Some(wish), EvaluationEvent::Failed { sentence, .. }) => failed(state, wish, &sentence),
        (Some(wish), EvaluationEvent::Cancelled { .. }) => called_off(state, wish),
        (_, EvaluationEvent::Notice(sentence)) => warn(state, &sentence),
        // What nobody waits for any more.
        _ => {}
    }
}

/// A report is there; it is shown unless another one was opened meanwhile.
fn done(state: &mut State, out: PathBuf, number: u64, shown: Shown, reused: usize) {
    let text = words::done(&shown.report, reused);
    let is_other = state.evaluate.path.as_ref().is_some_and(|path| *path != out);
    if state.evaluate.turned && is_other {
        state.log.say(Level::Note, &text, state.now);
        let actions = vec![("Show its report", Command::Evaluate(EvaluateCommand::Open(out)))];
        state.bar = Some(Bar { level: Level::Note, text, actions });
        return;
    }
    turn_to(state, Some(out));
    is_open(state, number, shown);
    note(state, &text);
}

fn is_open(state: &mut State, number: u64, shown: Shown) {
    let desk = &mut state.evaluate;
    desk.let_go();
    desk.failed = false;
    desk.open = Some(OpenReport { number, shown });
}

fn failed(state: &mut State, wish: EvaluateWish, sentence: &str) {
    match wish {
        EvaluateWish::Open => {
            state.evaluate.failed = true;
            let again = state.evaluate.path.clone().map(|path| Command::Evaluate(EvaluateCommand::Open(path)));
            let mut actions = Vec::from_iter(again.map(|again| ("Try again", again)));
            actions.push(("Open another report…", Command::Ask(Purpose::Evaluate(PathFor::Report))));
            fail_with(state, sentence, actions);
        }
        EvaluateWish::Run(_) | EvaluateWish::Compare | EvaluateWish::Save => fail(state, sentence),
    }
}

fn called_off(state: &mut State, wish: EvaluateWish) {
    match wish {
        EvaluateWish::Open => state.evaluate.failed = true,
        EvaluateWish::Run(_) => {
            state.evaluate.stopped = true;
            note(state, STOPPED);
        }
        EvaluateWish::Compare => {}
        EvaluateWish::Save => note(state, "Saving the comparison was called off; nothing was written"),
    }
}
