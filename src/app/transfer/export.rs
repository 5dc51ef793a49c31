//! The board on its way to files: one labelled sheet, or every cell as a file of its own, put back into its photograph
//! where its target has one. Pictures are drawn as they are needed; a row's photograph is in hand only meanwhile.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::plan::{ColumnKey, Inputs, Plan, Row, Sight};
use super::wanted::PICTURES_AT_A_TIME;
use crate::app::apply::{asked, fail, note, warn};
use crate::app::hands::Hands;
use crate::app::history::FaceRecord;
use crate::app::pending::Wish;
use crate::app::requests;
use crate::app::state::{Face, State};
use crate::engine::open::Placement;
use crate::engine::protocol::{BoardEdge, BoardPicture, Opened, Origin, Paste, RgbImage, Save};
use crate::face::{Board, FaceCode, FaceSpace};

/// Cells that a sheet may have; it then takes 150 MB of memory.
const MOST_CELLS: usize = 2500;
/// What made the files, for their marks.
const MADE_BY: &str = "Transfer panel";
/// What stands for the sources in the file names of a mix.
const MIX: &str = "mix";
/// Signs that a file's name cannot have everywhere.
const NOT_IN_NAMES: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Where the board goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// One picture file.
    Sheet(PathBuf),
    /// A folder of picture files.
    Cells(PathBuf),
}

/// A board that is being saved, as it was when that began.
#[derive(Debug)]
pub struct Export {
    way: Way,
    targets: Vec<Target>,
    columns: Vec<String>,
    /// What is said in the corner of a sheet.
    corner: String,
    model: String,
    /// The files of everybody on the board, which must not be replaced.
    sources: Vec<PathBuf>,
    /// The cells row by row; for a sheet, the faces of the rows and of the columns come after them.
    pieces: Vec<Piece>,
    /// The next piece to be drawn.
    next: usize,
    /// Pieces that are in the sheet or on the disk, or cannot be.
    pub done: usize,
    lacking: usize,
    photo: Photo,
}

/// A face that takes.
#[derive(Debug)]
struct Target {
    record: FaceRecord,
    /// As it is decoded before any edit.
    own: Option<Arc<RgbImage>>,
}

impl Target {
    fn of(face: &Face) -> Self {
        let own = face.seen.as_ref().map(|seen| Arc::clone(&seen.reconstruction));
        Target { record: face.record.clone(), own }
    }
}

#[derive(Debug, Default)]
struct Piece {
    code: Option<FaceCode>,
    /// In a sheet.
    picture: Option<Arc<RgbImage>>,
    /// Among cells.
    file: PathBuf,
}

/// The photograph of a row.
#[derive(Debug)]
enum Photo {
    Unasked,
    Asked(usize),
    /// None where there is none, or it cannot be read.
    Known(usize, Option<Arc<RgbImage>>),
}

/// Whether somebody waits for this because the board is being saved.
fn is_of_export(wish: &Wish) -> bool {
    matches!(wish, Wish::ExportCell(_) | Wish::ExportFile | Wish::ExportPhoto(_))
}

/// Begins to save a board as soon as its faces are known, and asks for what comes next.
pub fn go_on(state: &mut State, hands: &Hands) {
    begin(state);
    let Some(mut export) = state.transfer.export.take() else { return };
    match export.ask(state, hands) {
        Ok(()) if export.done < export.pieces.len() => state.transfer.export = Some(export),
        Ok(()) => export.finish(state, hands),
        Err(sentence) => broken(state, &sentence),
    }
}

/// Nobody wants the board in files any more; those that are there stay.
pub fn call_off(state: &mut State) {
    state.pending.cancel(is_of_export);
    (state.transfer.export, state.transfer.to_save) = (None, None);
}

/// A file could not be written: neither could the next ones.
pub fn broken(state: &mut State, sentence: &str) {
    call_off(state);
    fail(state, sentence);
}

/// A piece was drawn.
pub fn drawn(state: &mut State, hands: &Hands, place: usize, picture: RgbImage) {
    let Some(mut export) = state.transfer.export.take() else { return };
    let picture = Arc::new(picture);
    if let Some(code) = export.pieces.get(place).and_then(|piece| piece.code) {
        state.transfer.pictures.keep(&code, Arc::clone(&picture));
    }
    match export.take(state, hands, place, picture) {
        Ok(()) => state.transfer.export = Some(export),
        Err(sentence) => broken(state, &sentence),
    }
}

/// A piece could not be drawn; the others go on.
pub fn not_drawn(state: &mut State) {
    if let Some(export) = &mut state.transfer.export {
        export.miss();
    }
}

/// A file is on the disk.
pub fn saved(state: &mut State) {
    if let Some(export) = &mut state.transfer.export {
        export.done += 1;
    }
}

/// The photograph of a row was opened.
pub fn photo(state: &mut State, row: usize, opened: &Opened) {
    let Some(export) = &mut state.transfer.export else { return };
    let size = export.targets.get(row).and_then(|target| target.record.photograph);
    if size == Some(<[u32; 2]>::from(opened.photo.dimensions())) {
        export.photo = Photo::Known(row, Some(Arc::clone(&opened.photo)));
    } else {
        no_photo(state, row, "The file holds a picture of another size now");
    }
}

/// The photograph of a row cannot be had; its cells are saved without it.
pub fn no_photo(state: &mut State, row: usize, sentence: &str) {
    let Some(export) = &mut state.transfer.export else { return };
    export.photo = Photo::Known(row, None);
    let name = export.targets.get(row).map(|target| target.record.name.clone()).unwrap_or_default();
    warn(state, &format!("The cells of {name} are saved as faces of 128 pixels, without their photograph. {sentence}"));
}

fn begin(state: &mut State) {
    let Some(way) = state.transfer.to_save.clone() else { return };
    // What can be known of the faces is waited for.
    let waits = |face: &Face| face.crop.is_some() && face.seen.is_none() && !face.unseeable;
    let comes = state.transfer.board.faces().filter_map(|id| state.face(id)).any(waits);
    if !state.engine.failed && (comes || state.engine.ready.is_none()) {
        return;
    }
    state.transfer.to_save = None;
    match Export::new(state, way) {
        Ok(export) => state.transfer.export = Some(export),
        Err(sentence) => fail(state, &sentence),
    }
}

impl Export {
    fn new(state: &mut State, way: Way) -> Result<Self, String> {
        let ready = state.engine.ready.as_ref().filter(|ready| ready.card.can_edit);
        let ready = ready.ok_or("There are no weights with parts to give; open others")?;
        let (space, model) = (Arc::clone(&ready.space), ready.card.name.clone());
        let plan = Plan::new(Inputs::of(state), Sight::default(), Some(&space));
        let cells = plan.rows.len() * plan.columns.len();
        if cells == 0 {
            return Err("The board has no cell yet; put a face onto its sources and one onto its targets".to_owned());
        }
        if matches!(way, Way::Sheet(_)) && cells > MOST_CELLS {
            return Err(format!(
                "A sheet has room for {MOST_CELLS} cells and the board has {cells}; save the cells as files, or take \
                 faces off the board"
            ));
        }
        let everybody: Vec<&Face> = state.transfer.board.faces().filter_map(|id| state.face(id)).collect();
        let sources = everybody.iter().filter_map(|face| face.record.path.clone()).collect();
        let untouched: Vec<_> = everybody.iter().filter_map(|face| face.seen.clone()).collect();
        let targets = plan.rows.iter().filter_map(|row| state.face(row.seat.id)).map(Target::of).collect();
        let corner = Board { parts: state.transfer.board.strengths(), ..Board::default() }.parts_text();
        let pieces = pieces(&way, &plan, &space);
        for seen in untouched {
            state.transfer.pictures.keep(&seen.code, seen.reconstruction);
        }
        let columns = plan.columns.into_iter().map(|column| column.name).collect();
        let photo = Photo::Unasked;
        Ok(Export { way, targets, columns, corner, model, sources, pieces, next: 0, done: 0, lacking: 0, photo })
    }

    /// How many pieces there are.
    pub fn total(&self) -> usize {
        self.pieces.len()
    }

    /// Asks for the next pieces, a few at a time.
    fn ask(&mut self, state: &mut State, hands: &Hands) -> Result<(), String> {
        while state.pending.count(is_of_export) < PICTURES_AT_A_TIME && self.next < self.pieces.len() {
            if !self.has_photo(state, hands) {
                break;
            }
            let place = self.next;
            self.next += 1;
            let Some(code) = self.pieces[place].code else {
                self.miss();
                continue;
            };
            if let Some(picture) = state.transfer.pictures.get(&code) {
                self.take(state, hands, place, picture)?;
                continue;
            }
            let ticket = hands.studio.pictures(vec![code]).map_err(|refused| refused.to_string())?;
            state.pending.add(ticket, Wish::ExportCell(place), state.now);
        }
        Ok(())
    }

    fn miss(&mut self) {
        self.done += 1;
        self.lacking += 1;
    }

    /// Whether the photograph that the next cell is put into is in hand, or known not to be had; else it is asked for.
    fn has_photo(&mut self, state: &mut State, hands: &Hands) -> bool {
        if matches!(self.way, Way::Sheet(_)) {
            return true;
        }
        let row = self.next / self.columns.len();
        match self.photo {
            Photo::Known(known, _) if known == row => return true,
            Photo::Asked(known) if known == row => return false,
            // Those of the row before still need theirs.
            _ if state.pending.has(|wish| matches!(wish, Wish::ExportCell(_))) => return false,
            _ => {}
        }
        self.photo = Photo::Known(row, None);
        let record = &self.targets[row].record;
        let (Some(_), Some(square)) = (record.photograph, record.square) else { return true };
        let Some(source) = requests::source(state, hands, record.id) else { return true };
        if let Ok(ticket) = hands.studio.open(vec![(source, Placement::Square(square))]) {
            state.pending.add(ticket, Wish::ExportPhoto(row), state.now);
            self.photo = Photo::Asked(row);
        }
        matches!(self.photo, Photo::Known(..))
    }

    /// Puts a picture into the sheet, or has it saved.
    fn take(&mut self, state: &mut State, hands: &Hands, place: usize, picture: Arc<RgbImage>) -> Result<(), String> {
        let Some(piece) = self.pieces.get_mut(place) else { return Ok(()) };
        if let Way::Sheet(_) = self.way {
            piece.picture = Some(picture);
            self.done += 1;
            return Ok(());
        }
        let path = piece.file.clone();
        let paste = self.paste(place / self.columns.len(), &picture).map(Box::new);
        let origin = if paste.is_some() { Origin::Composite } else { Origin::Generated };
        let (model, sources) = (self.model.clone(), self.sources.clone());
        let command = MADE_BY.to_owned();
        let save = Save { path, picture, paste, origin, command, model, sources, makes_folder: true };
        let ticket = hands.studio.save(save).map_err(|refused| refused.to_string())?;
        state.pending.add(ticket, Wish::ExportFile, state.now);
        Ok(())
    }

    /// How a cell goes back into its target's photograph, where that is in hand.
    fn paste(&self, row: usize, picture: &Arc<RgbImage>) -> Option<Paste> {
        let Photo::Known(known, Some(photo)) = &self.photo else { return None };
        let Target { record, own } = self.targets.get(row).filter(|_| *known == row)?;
        Some(Paste { photo: Arc::clone(photo), faces: vec![record.pasted(own.as_ref()?, picture)?] })
    }

    /// Everything is there.
    fn finish(self, state: &mut State, hands: &Hands) {
        let (rows, columns) = (self.targets.len(), self.columns.len());
        let lacking = match self.lacking {
            0 => String::new(),
            lacking => format!(", {lacking} have no picture"),
        };
        match self.way {
            Way::Cells(folder) => {
                let saved = rows * columns - self.lacking;
                let cells = if saved == 1 { "cell is" } else { "cells are" };
                note(state, &format!("{saved} {cells} saved{lacking}: {}", folder.display()));
            }
            Way::Sheet(path) => {
                let mut pictures = self.pieces.into_iter().map(|piece| piece.picture);
                let cells: Vec<Vec<_>> = (0..rows).map(|_| pictures.by_ref().take(columns).collect()).collect();
                let names = self.targets.into_iter().map(|target| target.record.name).chain(self.columns);
                let edge = |(label, picture)| BoardEdge { label, picture };
                let mut down: Vec<BoardEdge> = names.zip(pictures).map(edge).collect();
                let across = down.split_off(rows);
                let (corner, model, sources) = (self.corner, self.model, self.sources);
                let board = BoardPicture { cells, across, down, corner, command: MADE_BY.to_owned(), model, sources };
                if !lacking.is_empty() {
                    note(state, &format!("Of the faces on the sheet{lacking}"));
                }
                asked(state, hands.studio.save_board(path, board), Wish::Save);
            }
        }
    }
}

/// The cells row by row; for a sheet, the edges after them.
fn pieces(way: &Way, plan: &Plan, space: &FaceSpace) -> Vec<Piece> {
    let piece = |code: Option<FaceCode>| Piece { code, ..Piece::default() };
    let cells = plan.rows.iter().flat_map(|row| plan.columns.iter().map(move |column| (row, column)));
    let mut pieces: Vec<Piece> = cells.map(|(row, column)| piece(plan.cell(row, column, space).ok())).collect();
    match way {
        Way::Cells(folder) => name_files(&mut pieces, plan, folder),
        Way::Sheet(_) => {
            let edges = plan.rows.iter().map(Row::known).chain(plan.columns.iter().map(|column| column.head));
            pieces.extend(edges.map(piece));
        }
    }
    pieces
}

/// `TARGET--SOURCE.png` for each cell, numbered where a name was taken.
fn name_files(pieces: &mut [Piece], plan: &Plan, folder: &Path) {
    let cells = plan.rows.iter().flat_map(|row| plan.columns.iter().map(move |column| (row, column)));
    let mut taken = HashSet::new();
    for (piece, (row, column)) in pieces.iter_mut().zip(cells) {
        let source = if column.key == ColumnKey::Mix { MIX.to_owned() } else { stem(&column.name) };
        let name = format!("{}--{source}", stem(&row.seat.name));
        let (mut file, mut number) = (name.clone(), 1);
        // Some disks tell no small letters from large ones.
        while !taken.insert(file.to_lowercase()) {
            number += 1;
            file = format!("{name}-{number}");
        }
        piece.file = folder.join(format!("{file}.png"));
    }
}

/// A name without its ending, as a part of a file's name.
pub(super) fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
    let sign = |sign: char| if sign.is_control() || NOT_IN_NAMES.contains(&sign) { '_' } else { sign };
    stem.chars().map(sign).collect()
}
