//! Evaluations: set up, started and stopped; reports opened, compared and shown in the browser.

mod hear;

use std::path::{Path, PathBuf};

use super::super::command::Command;
use super::super::evaluate::{self, EvaluateCommand, EvaluateWish, Form, Tab, is_report};
use super::super::hands::Hands;
use super::super::pending::Wish;
use super::super::state::{Panel, Purpose, State};
use super::{asked, fail, note, put_away};
use crate::engine::evaluation::Request;

pub(in super::super) use hear::{hear, look};

/// Endings of files that can hold faces, pairs and a recogniser.
const SETS: [&str; 2] = ["parquet", "csv"];
const PAIRS: &str = "txt";
const RECOGNISER: &str = "safetensors";

const NO_COMPARISON: &str = "The comparison is not there any more; compare the report with another one again";
const NO_PAGE: &str = "The page of this report does not lie beside it; evaluate again to have it made";

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: EvaluateCommand) {
    match command {
        EvaluateCommand::Choose(form) => choose(state, *form),
        EvaluateCommand::AddData(paths) => change(state, |form| form.add(paths)),
        EvaluateCommand::AddTraining(paths) => change(state, |form| form.add_training(paths)),
        EvaluateCommand::Pairs(path) => change(state, |form| form.pairs = Some(path)),
        EvaluateCommand::Recogniser(path) => change(state, |form| form.recogniser = Some(path)),
        EvaluateCommand::Into(path) => change(state, |form| form.out = Some(path)),
        EvaluateCommand::Dropped(paths) => dropped(state, paths),
        EvaluateCommand::Start => start(state, hands),
        EvaluateCommand::Stop => stop(state),
        EvaluateCommand::Open(path) => open_report(state, path),
        EvaluateCommand::Close => turn_to(state, None),
        EvaluateCommand::Browse => browse(state, hands),
        EvaluateCommand::CompareWith(path) => compare(state, hands, path),
        EvaluateCommand::SaveComparison(path) => save_comparison(state, hands, path),
        EvaluateCommand::LookAtTab(tab) => look_at_tab(state, tab),
        EvaluateCommand::LookAtSet(place) => {
            let desk = &mut state.evaluate;
            let last = desk.report().map_or(0, |report| report.sets.len().saturating_sub(1));
            desk.set = place.min(last);
            desk.let_go();
        }
    }
}

fn choose(state: &mut State, form: Form) {
    let form = form.checked();
    if state.evaluate.form != form {
        state.evaluate.form = form;
        state.touch();
    }
}

fn change(state: &mut State, change: impl FnOnce(&mut Form)) {
    let mut form = state.evaluate.form.clone();
    change(&mut form);
    choose(state, form);
}

/// Sets are measured on, lists of pairs and recognisers are used, a report is opened.
fn dropped(state: &mut State, paths: Vec<PathBuf>) {
    if let Some(report) = paths.iter().find(|path| is_report(path)) {
        open_report(state, report.clone());
        return;
    }
    let mut form = state.evaluate.form.clone();
    let mut other = None;
    for path in paths {
        if path.is_dir() || SETS.iter().any(|ending| ends_in(&path, ending)) {
            form.add(vec![path]);
        } else if ends_in(&path, PAIRS) {
            form.pairs = Some(path);
        } else if ends_in(&path, RECOGNISER) {
            form.recogniser = Some(path);
        } else {
            other = Some(path);
        }
    }
    choose(state, form);
    if let Some(other) = other {
        let text = format!(
            "An evaluation takes folders, shards (.parquet), tables (.csv), lists of pairs (.txt) and recognisers \
             (.safetensors); drop pictures onto the Edit panel: {}",
            other.display()
        );
        fail(state, &text);
    }
}

fn ends_in(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
}

fn start(state: &mut State, hands: &Hands) {
    if let Some(lacks) = evaluate::lacks(state) {
        fail(state, lacks);
        return;
    }
    // There is a place where nothing lacks.
    let Some(out) = evaluate::out(state) else { return };
    let form = &state.evaluate.form;
    let (data, options, setup) = (form.data.clone(), form.options(), state.engine.setup.clone());
    state.panel = Panel::Evaluate;
    // What went wrong before is tried again.
    put_away(state, |bar| bar.actions.is_empty());
    answered(state);
    let desk = &mut state.evaluate;
    (desk.turned, desk.stopped, desk.progress, desk.parts) = (false, false, None, options.parts.clone());
    let request = Request { data, options, out: out.clone(), setup };
    asked(state, hands.evaluations.begin(request), Wish::Evaluate(EvaluateWish::Run(out)));
}

fn stop(state: &mut State) {
    if let Some((number, ..)) = state.evaluating() {
        state.pending.cancel_number(number);
        note(state, "The evaluation stops after the step in hand; what was measured is kept");
    }
}

/// Another report is in hand, or none: what was asked about the old one is of no interest any more.
fn turn_to(state: &mut State, path: Option<PathBuf>) {
    let is_about_old = |wish: &Wish| matches!(wish, Wish::Evaluate(EvaluateWish::Open | EvaluateWish::Compare));
    state.pending.cancel(is_about_old);
    state.evaluate.turn_to(path);
    answered(state);
    state.touch();
}

/// Puts away what was asked in the bar about a report that is another one by now.
fn answered(state: &mut State) {
    let is_of_report = |command: &Command| {
        matches!(command, Command::Evaluate(_)) || matches!(command, Command::Ask(Purpose::Evaluate(_)))
    };
    put_away(state, |bar| bar.actions.iter().any(|(_, command)| is_of_report(command)));
}

fn open_report(state: &mut State, path: PathBuf) {
    state.panel = Panel::Evaluate;
    state.evaluate.turned = true;
    // One that is open may have been made anew.
    turn_to(state, Some(path));
}

fn browse(state: &mut State, hands: &Hands) {
    let Some(open) = &state.evaluate.open else { return };
    match open.shown.page.clone() {
        Some(page) => {
            hands.outside.show_page(&page);
            note(state, &format!("The report opens in the browser: {}", page.display()));
        }
        None => fail(state, NO_PAGE),
    }
}

/// How the open report differs from an earlier one.
fn compare(state: &mut State, hands: &Hands, other: PathBuf) {
    let wish = Wish::Evaluate(EvaluateWish::Compare);
    let Some(path) = state.evaluate.path.clone().filter(|_| state.evaluate.open.is_some()) else { return };
    state.panel = Panel::Evaluate;
    state.pending.cancel(|known| *known == wish);
    asked(state, hands.evaluations.compare(other, path), wish);
}

fn save_comparison(state: &mut State, hands: &Hands, path: PathBuf) {
    let Some(open) = state.evaluate.comparison.clone() else {
        fail(state, NO_COMPARISON);
        return;
    };
    // What went wrong before is tried again.
    put_away(state, |bar| bar.actions.is_empty());
    let wish = Wish::Evaluate(EvaluateWish::Save);
    asked(state, hands.evaluations.save_comparison(open.comparison, open.reports, path), wish);
}

fn look_at_tab(state: &mut State, tab: Tab) {
    state.panel = Panel::Evaluate;
    if state.evaluate.tab != tab {
        state.evaluate.tab = tab;
        state.evaluate.let_go();
    }
}
