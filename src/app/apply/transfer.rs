//! The transfer board: who gives, who takes, what is given; cells opened, saved, and recipes read and written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::canvas::View;
use super::super::command::Command;
use super::super::hands::Hands;
use super::super::history::Change;
use super::super::log::{Bar, Level};
use super::super::pending::Wish;
use super::super::state::{FaceId, Panel, State};
use super::super::transfer::export::{self, Way};
use super::super::transfer::plan::with_recipe;
use super::super::transfer::{Arrangement, ColumnKey, Side, TransferCommand, wanted};
use super::{add, asked, commit, faces, fail, note, open, put_away};
use crate::engine::open::Placement;
use crate::engine::protocol::{Opened, Source};
use crate::face::{FaceCode, ModelName, Part, Recipe};

/// How many sources a press puts onto an empty board.
const FILL: usize = 8;

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: TransferCommand) {
    match command {
        TransferCommand::Put(side, id, place) => put(state, side, id, place),
        TransferCommand::PutOpen(side) => {
            if let Some(id) = state.open {
                put(state, side, id, None);
            }
        }
        TransferCommand::PutFiles(side, paths) => put_files(state, hands, side, paths),
        TransferCommand::OpenDropped(paths) => {
            answered(state);
            super::apply(state, hands, Command::OpenPaths(paths));
        }
        TransferCommand::Dropped(paths) => ask_where(state, hands, paths),
        TransferCommand::Fill => fill(state),
        TransferCommand::Choose(column) => state.transfer.chosen = Some(column),
        TransferCommand::OpenCell(target, column) => open_cell(state, hands, target, column),
        TransferCommand::Look(sight) => state.transfer.sight = sight,
        TransferCommand::SaveSheet(path) => save(state, Way::Sheet(path)),
        TransferCommand::SaveCells(folder) => save(state, Way::Cells(folder)),
        TransferCommand::StopSaving => {
            export::call_off(state);
            note(state, "Saving the board was stopped; the files that were written are there");
        }
        TransferCommand::SaveRecipe(path) => save_recipe(state, hands, path),
        TransferCommand::LoadRecipe(path) => asked(state, hands.studio.read_recipe(path), Wish::LoadRecipe),
        other => rearrange(state, other),
    }
}

/// What changes the board alone.
fn rearrange(state: &mut State, command: TransferCommand) {
    // Asked for from elsewhere, it is to be seen.
    state.panel = Panel::Transfer;
    match command {
        TransferCommand::Remove(side, id) => change(state, true, |board| board.remove(side, id)),
        TransferCommand::RemoveRecipe(id) => {
            change(state, true, |board| board.recipes.retain(|loaded| loaded.id != id));
        }
        TransferCommand::Swap => change(state, true, Arrangement::swap),
        TransferCommand::Clear => {
            change(state, true, Arrangement::clear);
            note(state, "The board is cleared; undo brings it back");
        }
        TransferCommand::Give(part, on) => change(state, true, |board| board.parts[part as usize].on = on),
        TransferCommand::GiveAllExcept(except) => change(state, true, |board| {
            Part::ALL.into_iter().for_each(|part| board.parts[part as usize].on = Some(part) != except);
        }),
        TransferCommand::Strength { part, strength, settled } => {
            let strength = strength.clamp(0.0, 1.0);
            change(state, settled, |board| board.parts[part as usize].strength = strength);
        }
        TransferCommand::Mix(mixed) => change(state, true, |board| board.mixed = mixed),
        TransferCommand::ToggleMix => change(state, true, |board| board.mixed = !board.mixed),
        TransferCommand::Weight { source, part, weight, settled } => {
            let weight = weight.clamp(0.0, 1.0);
            change(state, settled, |board| board.set_weight(source, part, weight));
        }
        // All others were done before.
        _ => {}
    }
}

/// Changes the board; that is one step of undo, and the steps of a drag are one when it settles.
fn change(state: &mut State, settled: bool, change: impl FnOnce(&mut Arrangement)) {
    let before = state.transfer.board.clone();
    change(&mut state.transfer.board);
    state.transfer.before.get_or_insert(before);
    if settled {
        settle(state);
    }
}

/// A drag on the board that is still under way becomes a step of its own.
pub(super) fn settle(state: &mut State) {
    if let Some(before) = state.transfer.before.take() {
        let after = Box::new(state.transfer.board.clone());
        commit(state, Change::Board { before: Box::new(before), after });
    }
}

/// Puts a face of the tray onto a side.
fn put(state: &mut State, side: Side, id: FaceId, place: Option<usize>) {
    let Some(face) = state.face(id) else { return };
    let text = format!("{} is among the {}", face.record.name, side.name());
    state.picked = None;
    change(state, true, |board| board.put(side, id, place));
    note(state, &text);
}

fn put_files(state: &mut State, hands: &Hands, side: Side, paths: Vec<PathBuf>) {
    answered(state);
    let pictures = without_recipes(state, hands, paths);
    let sources: Vec<_> = pictures.into_iter().map(|path| (Source::Path(path), Placement::BySize)).collect();
    if !sources.is_empty() {
        asked(state, hands.studio.open(sources), Wish::PutFiles(side, BTreeMap::new()));
    }
}

/// Puts the question away where dropped pictures shall go.
fn answered(state: &mut State) {
    let asks = |command: &Command| matches!(command, Command::Transfer(TransferCommand::PutFiles(..)));
    put_away(state, |bar| bar.actions.iter().any(|(_, command)| asks(command)));
}

/// A recipe is no picture: it is put onto the board as one.
fn without_recipes(state: &mut State, hands: &Hands, paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let is_recipe = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let (recipes, pictures): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_recipe);
    for path in recipes {
        asked(state, hands.studio.read_recipe(path), Wish::LoadRecipe);
    }
    pictures
}

/// Files were let go of on the board, and the desktop does not say where.
fn ask_where(state: &mut State, hands: &Hands, paths: Vec<PathBuf>) {
    let paths = without_recipes(state, hands, paths);
    if paths.is_empty() {
        return;
    }
    let text = match paths.len() {
        1 => "Where shall the dropped picture go?".to_owned(),
        count => format!("Where shall the {count} dropped pictures and folders go?"),
    };
    let onto = |side| Command::Transfer(TransferCommand::PutFiles(side, paths.clone()));
    let actions = vec![
        ("Use as sources", onto(Side::Sources)),
        ("Use as targets", onto(Side::Targets)),
        ("Open in the editor", Command::Transfer(TransferCommand::OpenDropped(paths.clone()))),
    ];
    state.bar = Some(Bar { level: Level::Note, text, actions });
}

/// A face that was opened for a side of the board; they come in any order. `those` came before it.
pub(in super::super) fn arrived(
    state: &mut State,
    hands: &Hands,
    number: u64,
    side: Side,
    those: &BTreeMap<usize, FaceId>,
    opened: Opened,
) {
    let place = opened.place;
    let before = those.range(place..).next().map(|(_, id)| *id);
    if opened.is_photo && opened.crop.is_none() && opened.faces.is_empty() {
        faces::no_face(state, &opened.name);
    }
    let id = add(state, hands, opened, before);
    if let Some(Wish::PutFiles(_, those)) = state.pending.get_mut(number).map(|request| &mut request.wish) {
        those.insert(place, id);
    }
    let behind = before.and_then(|before| state.transfer.board.side(side).iter().position(|known| *known == before));
    put(state, side, id, behind);
}

/// The open face takes, the others of the tray give.
fn fill(state: &mut State) {
    let marked = state.faces.iter().filter(|face| face.record.square.is_some()).map(|face| face.record.id);
    let marked: Vec<FaceId> = marked.collect();
    let open = state.open.filter(|open| marked.contains(open)).or(marked.first().copied());
    let Some(target) = open else {
        return fail(state, "No face of the tray is marked yet; mark one in the Edit panel");
    };
    state.panel = Panel::Transfer;
    let others = marked.len() - 1;
    let sources: Vec<FaceId> = marked.into_iter().filter(|id| *id != target).take(FILL).collect();
    change(state, true, |board| {
        sources.iter().for_each(|id| board.put(Side::Sources, *id, None));
        board.put(Side::Targets, target, None);
    });
    if others > FILL {
        note(state, &format!("The first {FILL} of {others} other faces give; drag more there from the tray"));
    }
}

/// Opens a target in the editor, with what a column gives it in its edit.
fn open_cell(state: &mut State, hands: &mut Hands, target: FaceId, column: ColumnKey) {
    let Some(recipe) = state.transfer.plan.column(column).map(|column| column.recipe.clone()) else { return };
    let recipe = match recipe {
        Ok(recipe) => recipe,
        Err(sentence) => return fail(state, &sentence),
    };
    if state.face(target).is_none() {
        return;
    }
    state.panel = Panel::Edit;
    if state.open != Some(target) {
        open(state, Some(target));
    }
    let Some(edit) = state.edit().map(|edit| Box::new(with_recipe(edit, &recipe))) else { return };
    super::apply(state, hands, Command::SetEdit { edit, settled: true });
    state.view.view = View::Edit;
    state.view = state.view.fitted();
    let locked = recipe.gifts.iter().map(|gift| gift.part).find(|part| state.is_locked(*part));
    if let Some(part) = locked {
        note(state, &format!("The {part} is locked and stays as it was; unlock it and open the cell again"));
    }
}

/// The board goes to files as soon as its faces are known.
fn save(state: &mut State, way: Way) {
    if state.transfer.export.is_some() || state.transfer.to_save.is_some() {
        fail(state, "The board is being saved already; wait until that is done, or stop it");
        return;
    }
    state.transfer.to_save = Some(way);
}

fn save_recipe(state: &mut State, hands: &Hands, path: PathBuf) {
    wanted::refresh(state);
    let recipe = state.transfer.chosen_column().map(|column| column.recipe.clone());
    let model = state.engine.ready.as_ref().map(|ready| ready.model());
    match (recipe, model) {
        (Some(Ok(recipe)), _) if recipe.is_empty() => fail(state, "Nothing is given yet; give a part first"),
        (Some(Ok(recipe)), Some(model)) => {
            asked(state, hands.studio.save_recipe(path, recipe, model), Wish::Save);
        }
        (Some(Err(sentence)), _) => fail(state, &sentence),
        (Some(Ok(_)), None) => fail(state, "There are no networks yet; try again in a moment"),
        (None, _) => fail(state, "Nobody gives anything yet; put a face onto the sources"),
    }
}

/// A recipe that was read: a column of its own.
pub(in super::super) fn loaded(state: &mut State, path: &Path, recipe: Recipe, model: ModelName) {
    if let Some(ready) = &state.engine.ready
        && let Err(error) = ready.model().require(&model)
    {
        return fail(state, &format!("{error}: {}", path.display()));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    change(state, true, |board| board.load(name, model, recipe));
    state.panel = Panel::Transfer;
    note(state, &format!("The recipe is on the board: {}", path.display()));
}

/// No picture of a code could be drawn.
pub(in super::super) fn not_drawn(state: &mut State, code: &FaceCode, sentence: &str) {
    state.transfer.pictures.refuse(code);
    fail(state, sentence);
}

/// Other weights are in use.
pub(in super::super) fn other_weights(state: &mut State) {
    state.pending.cancel(|wish| matches!(wish, Wish::Cell(_)));
    state.transfer.other_weights();
    if state.transfer.export.is_some() {
        export::broken(state, "The weights in use are others now, so saving the board was stopped; save it again");
    }
}
