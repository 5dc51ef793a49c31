//! What the engine says of label audits, into the state.

use std::path::{Path, PathBuf};

use super::super::super::command::Command;
use super::super::super::hands::Hands;
use super::super::super::labels::command::LabelsCommand;
use super::super::super::labels::words::{short, verdict as said};
use super::super::super::labels::{LabelsWish, OpenAudit};
use super::super::super::log::Level;
use super::super::super::pending::Wish;
use super::super::super::state::{Purpose, State};
use super::super::super::train::words::{counted, thousands};
use super::super::{fail, fail_with, note, warn};
use super::{next_unjudged, turn_to};
use crate::engine::audit::{AuditEvent, Counts, FaceKey, ImportReport, Outcome, Unknown, Verdict};

/// Files that could not be used and are named in the log, one by one.
const NAMED: usize = 20;

/// The newest list, what is known of the face that is looked at, thumbnails, and how far a build is.
pub(in crate::app) fn look(state: &mut State, hands: &Hands) {
    let desk = &mut state.labels;
    desk.progress = hands.audits.progress();
    if desk.list.asked.is_some()
        && let Some(answer) = hands.audits.ranked(desk.list.first.max(desk.list.answered + 1))
    {
        let top = answer.order.first().copied();
        desk.list.take(answer, desk.look.place);
        // Where the face that was looked at is on no list any more, the one on top is looked at.
        if let (Some(place), None) = (top, desk.list.at) {
            desk.look_at(place);
        }
    }
    if let Some((face, number)) = desk.look.asked
        && let Some(looked) = hands.audits.looked(number).filter(|looked| looked.face == face)
    {
        desk.look.looked = Some(looked);
    }
    while let Some((key, picture)) = hands.audits.thumbnail() {
        desk.shelf.take_thumbnail(key, picture);
    }
}

pub(in crate::app) fn hear(state: &mut State, event: AuditEvent) {
    let wish = event.closes().and_then(|number| state.pending.close(number)).map(|request| request.wish);
    let wish = match wish {
        Some(Wish::Labels(wish)) => Some(wish),
        _ => None,
    };
    match (wish, event) {
        // One that was opened for nobody any more.
        (None, AuditEvent::Opened { number: Some(_), .. }) => {}
        (_, AuditEvent::Opened { number, folder, info, rows, names }) => {
            is_open(state, folder, OpenAudit::new(info, rows, names), number.is_some());
        }
        (_, AuditEvent::Refreshed { info, rows, names }) if state.labels.open.is_some() => {
            refreshed(state, OpenAudit::new(info, rows, names));
        }
        (_, AuditEvent::Built { folder, outcome, .. }) => built(state, &folder, &outcome),
        (_, AuditEvent::Judged { face, place, verdict, counts, .. }) => judged(state, face, place, verdict, counts),
        (_, AuditEvent::Undone { name, faces, counts, .. }) => undone(state, &name, &faces, counts),
        (_, AuditEvent::Exported { path, .. }) => note(state, &format!("The audit is exported: {}", path.display())),
        (_, AuditEvent::Imported { path, report, .. }) => imported(state, &path, &report),
        (_, AuditEvent::Closed) => closed(state),
        (wish, AuditEvent::Failed { sentence, .. }) => failed(state, wish, &sentence),
        (Some(wish), AuditEvent::Cancelled { .. }) => called_off(state, wish),
        (_, AuditEvent::Notice(sentence)) => warn(state, &sentence),
        _ => {}
    }
}

/// An audit is open: the one that was asked for, or one that was built.
fn is_open(state: &mut State, folder: PathBuf, open: OpenAudit, asked_for: bool) {
    turn_to(state, Some(folder));
    if asked_for {
        let labels = counted(open.info.labelled, "label");
        note(state, &format!("The audit is open, it judges {labels}; {} are within the budget", open.info.budget));
    }
    state.labels.open = Some(open);
}

/// The open audit has other rows than before; the face that is looked at is found again.
fn refreshed(state: &mut State, open: OpenAudit) {
    let desk = &mut state.labels;
    let face = desk.looked_at().map(|(_, row)| row.face);
    desk.look.place = face.and_then(|face| open.place_of(face));
    // What was read of it may be another by now.
    desk.look.asked = None;
    desk.list.revision += 1;
    desk.open = Some(open);
}

/// The verdict is on the disk, so that the next face may be shown.
fn judged(state: &mut State, face: FaceKey, place: u32, verdict: Verdict, counts: Counts) {
    let Some(open) = about(state, face, place) else { return };
    open.judged(place, Some(verdict), counts);
    let text = format!("{} is {}", short(open.name(place)), said(verdict));
    state.labels.list.verdicts += 1;
    note(state, &text);
    if state.labels.look.place == Some(place) {
        next_unjudged(state);
    }
}

/// What was taken back is looked at again.
fn undone(state: &mut State, name: &str, faces: &[(FaceKey, u32, Option<Verdict>)], counts: Counts) {
    for (face, place, verdict) in faces {
        if let Some(open) = about(state, *face, *place) {
            open.judged(*place, *verdict, counts);
        }
    }
    state.labels.list.verdicts += 1;
    let text = match faces {
        [(.., Some(verdict))] => format!("Taken back, {} is {} again", short(name), said(*verdict)),
        [_] => format!("Taken back, {} has no verdict again", short(name)),
        _ => format!("Taken back, the verdicts on {}", counted(faces.len(), "face")),
    };
    note(state, &text);
    if let [(_, place, _), ..] = faces {
        state.labels.look_at(*place);
    }
}

/// The open audit, where this is one of its rows.
fn about(state: &mut State, face: FaceKey, place: u32) -> Option<&mut OpenAudit> {
    state.labels.open.as_mut().filter(|open| open.row(place).is_some_and(|row| row.face == face))
}

fn built(state: &mut State, folder: &Path, outcome: &Outcome) {
    let left_out = outcome.prepared.iter().flat_map(|report| &report.left_out);
    let mut troubles: Vec<_> = left_out
        .map(|left| format!("{} left out ({})", counted(left.count as usize, "picture"), left.reason))
        .collect();
    troubles.extend(outcome.failed.iter().take(NAMED).map(|(_, sentence)| sentence.clone()));
    for sentence in &troubles {
        state.log.say(Level::Warning, sentence, state.now);
    }
    for remark in &outcome.remarks {
        note(state, remark);
    }
    if outcome.cancelled {
        unmade(state, folder);
        note(state, "The audit was stopped, and what was done is kept; audit the set into the same folder to go on");
        return;
    }
    let Some(info) = &outcome.info else { return };
    let done = format!(
        "The audit is done, {} judged, {} of them within the budget",
        counted(info.labelled, "label"),
        thousands(info.budget as u64)
    );
    if troubles.is_empty() {
        note(state, &done);
    } else {
        warn(state, &format!("{done}; the log says what could not be used"));
    }
}

fn imported(state: &mut State, path: &Path, report: &ImportReport) {
    let verdicts = report.keep + report.relabel + report.ambiguous;
    let mut text = format!("{} taken over", counted(verdicts, "verdict"));
    for (what, unknown) in [("unknown name", &report.unknown_keys), ("unknown class", &report.unknown_classes)] {
        if unknown.count > 0 {
            text.push_str(&format!(", {}", strangers(what, unknown)));
        }
    }
    let text = format!("{text}: {}", path.display());
    if report.unknown_keys.count + report.unknown_classes.count > 0 { warn(state, &text) } else { note(state, &text) }
}

fn strangers(what: &str, unknown: &Unknown) -> String {
    let example = unknown.examples.first().map_or_else(String::new, |example| format!(" (such as {example})"));
    let rows = if unknown.count == 1 { "row has" } else { "rows have" };
    format!("{} {rows} an {what}{example}", thousands(unknown.count as u64))
}

/// What this window has closed is forgotten already; another one is on its way.
fn closed(state: &mut State) {
    let coming = |wish: &Wish| matches!(wish, Wish::Labels(LabelsWish::Open | LabelsWish::Build(_)));
    if state.labels.open.is_some() && !state.pending.has(coming) {
        turn_to(state, None);
    }
}

fn failed(state: &mut State, wish: Option<LabelsWish>, sentence: &str) {
    let desk = &mut state.labels;
    match wish {
        Some(LabelsWish::Open) => {
            desk.failed = true;
            let again = desk.folder.clone().map(|folder| Command::Labels(LabelsCommand::Open(folder)));
            let mut actions = Vec::from_iter(again.map(|again| ("Try again", again)));
            actions.push(("Open another audit…", Command::Ask(Purpose::OpenAudit)));
            fail_with(state, sentence, actions);
        }
        Some(LabelsWish::Build(folder)) => {
            unmade(state, &folder);
            fail(state, sentence);
        }
        _ => fail(state, sentence),
    }
}

/// A build came to nothing. Where no audit is open that was there before, none is in hand: what lies in the folder is not
/// finished.
fn unmade(state: &mut State, folder: &Path) {
    if state.labels.open.is_none() && state.labels.folder.as_deref() == Some(folder) {
        turn_to(state, None);
    }
}

fn called_off(state: &mut State, wish: LabelsWish) {
    match wish {
        LabelsWish::Open => state.labels.failed = true,
        LabelsWish::Export => note(state, "The export was called off; nothing was written"),
        LabelsWish::Build(folder) => {
            unmade(state, &folder);
            note(state, "The audit was called off before it had begun");
        }
        _ => {}
    }
}
