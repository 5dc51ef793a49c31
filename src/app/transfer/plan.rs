//! What the rows, columns and cells of the board are: worked out anew when a face, an edit, a choice or what is in sight
//! changes. A face stands on the board as its sliders have it, without what other faces gave it, so that opening a cell
//! does not change the board. What a recipe is, [`Board`] says, as in the terminal. Pure but for the state that it reads.

use std::collections::HashMap;
use std::ops::Range;

use super::arrangement::Arrangement;
use crate::app::dials::{self, sentence_case};
use crate::app::state::{Face, State};
use crate::face::{Board, Edit, FaceCode, FaceSpace, ModelName, Part, Recipe};

const NOT_SEEN: &str = "is still to be looked at by the networks";
const NO_NETWORKS: &str = "The networks are not there yet";
const NOT_MARKED: &str = "is not marked yet; open it in the editor and mark it, or take it off the board";
const NOT_SEEABLE: &str = "is a crop of which the networks make nothing; mark it anew, or take it off the board";
/// Farther than any cell of a board is from its middle, in cells.
const OUT_OF_SIGHT: f32 = 1e6;

/// Names a column as long as it is on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKey {
    /// What a face gives.
    Face(u64),
    /// What the sources give together.
    Mix,
    /// A recipe that was loaded.
    Recipe(u64),
}

/// A place that shows a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// At an edge.
    Face(u64),
    /// Where a target meets a column.
    Cell(u64, ColumnKey),
}

/// What of the board is in sight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub rows: Range<usize>,
    /// Places along the top.
    pub places: Range<usize>,
}

impl Sight {
    /// How far a cell is from the middle of what is in sight, in cells; those out of sight come after all others.
    fn distance(&self, row: usize, place: usize) -> f32 {
        let from = |at: usize, range: &Range<usize>| at as f32 + 0.5 - (range.start + range.end) as f32 / 2.0;
        let far = from(row, &self.rows).hypot(from(place, &self.places));
        let in_sight = self.rows.contains(&row) && self.places.contains(&place);
        if in_sight { far } else { far + OUT_OF_SIGHT }
    }
}

/// A face at an edge, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    pub id: u64,
    pub name: String,
    /// Its code in the photograph; none before the networks have seen it.
    pub own: Option<FaceCode>,
    /// Without what others gave.
    pub edit: Edit,
    /// Why it has no code, where it has none; after its name.
    lacks: &'static str,
}

impl Seat {
    fn of(face: &Face) -> Self {
        let record = &face.record;
        Seat {
            id: record.id,
            name: record.name.clone(),
            own: face.seen.as_ref().map(|seen| seen.code),
            edit: Edit { recipe: Recipe::default(), ..record.edit.clone() },
            lacks: match record.square {
                None => NOT_MARKED,
                Some(_) if face.unseeable => NOT_SEEABLE,
                Some(_) => NOT_SEEN,
            },
        }
    }

    fn own(&self) -> Result<FaceCode, String> {
        self.own.ok_or_else(|| format!("{} {}", self.name, self.lacks))
    }

    /// The face as its sliders have it, or why there is none, in a sentence.
    fn code(&self, space: Option<&FaceSpace>) -> Result<FaceCode, String> {
        let space = space.ok_or(NO_NETWORKS)?;
        self.edit.apply(&self.own()?, space).map_err(|error| sentence_case(&error.to_string()))
    }
}

/// All that a plan depends on, besides what is in sight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    arrangement: Arrangement,
    sources: Vec<Seat>,
    targets: Vec<Seat>,
    /// None before the networks are there, and where their parts mean nothing yet.
    model: Option<ModelName>,
}

impl Inputs {
    pub fn of(state: &State) -> Self {
        let board = &state.transfer.board;
        // Asked in each frame, and the tray may be long.
        let faces: HashMap<u64, &Face> = state.faces.iter().map(|face| (face.record.id, face)).collect();
        let seat = |id: &u64| faces.get(id).copied().map(Seat::of);
        let ready = state.engine.ready.as_ref().filter(|ready| ready.card.can_edit);
        Inputs {
            arrangement: board.clone(),
            sources: board.sources.iter().filter_map(seat).collect(),
            targets: board.targets.iter().filter_map(seat).collect(),
            model: ready.map(|ready| ready.model()),
        }
    }
}

/// A face at an edge.
#[derive(Clone, Debug)]
pub struct Row {
    pub seat: Seat,
    /// The face as its sliders have it, or why that is not known, in a sentence.
    pub code: Result<FaceCode, String>,
}

impl Row {
    /// Its code, where that is known.
    pub fn known(&self) -> Option<FaceCode> {
        self.code.as_ref().ok().copied()
    }
}

/// What is given to every face.
#[derive(Clone, Debug)]
pub struct Column {
    pub key: ColumnKey,
    pub name: String,
    /// Its place along the top, where the faces that give stand one a place.
    pub place: usize,
    /// The face above it; none for a loaded recipe and while it is unknown.
    pub head: Option<FaceCode>,
    /// Or why there is none, in a sentence.
    pub recipe: Result<Recipe, String>,
}

/// The board as it is.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    inputs: Option<Inputs>,
    /// The faces along the top, one a place; loaded recipes come after them.
    pub sources: Vec<Row>,
    pub rows: Vec<Row>,
    pub columns: Vec<Column>,
    sight: Sight,
    /// What in and around sight is to be drawn, nearest its middle first.
    pub near: Vec<(Spot, FaceCode)>,
}

impl Plan {
    /// The plan of these faces; what of it is to be drawn is that around what is in sight. Without a space nobody has a
    /// code.
    pub fn new(inputs: Inputs, sight: Sight, space: Option<&FaceSpace>) -> Self {
        let row = |seat: &Seat| Row { code: seat.code(space), seat: seat.clone() };
        let sources: Vec<Row> = inputs.sources.iter().map(row).collect();
        let rows = inputs.targets.iter().map(row).collect();
        let mut columns = face_columns(&inputs.arrangement, &sources);
        let first = sources.len();
        columns.extend(inputs.arrangement.recipes.iter().enumerate().map(|(place, loaded)| Column {
            key: ColumnKey::Recipe(loaded.id),
            name: loaded.name.clone(),
            place: first + place,
            head: None,
            recipe: match &inputs.model {
                Some(model) => model.require(&loaded.model).map(|()| loaded.recipe.clone()).map_err(|e| e.to_string()),
                None => Ok(loaded.recipe.clone()),
            },
        }));
        let mut plan = Plan { inputs: Some(inputs), sources, rows, columns, sight, near: Vec::new() };
        plan.near = space.map(|space| plan.nearest(space)).unwrap_or_default();
        plan
    }

    /// Whether nothing has changed since.
    pub fn is_of(&self, inputs: &Inputs, sight: &Sight) -> bool {
        self.inputs.as_ref() == Some(inputs) && self.sight == *sight
    }

    /// It is worked out anew at the next look, whatever has changed.
    pub fn forget(&mut self) {
        self.inputs = None;
    }

    /// Places along the top.
    pub fn places(&self) -> usize {
        let last = self.columns.iter().map(|column| column.place + 1).max().unwrap_or(0);
        last.max(self.sources.len())
    }

    pub fn column(&self, key: ColumnKey) -> Option<&Column> {
        self.columns.iter().find(|column| column.key == key)
    }

    /// What keeps cells empty and does not pass by itself, a sentence each.
    pub fn faults(&self) -> Vec<&str> {
        let of_faces = self.sources.iter().chain(&self.rows).filter_map(|row| row.code.as_ref().err());
        let of_columns = self.columns.iter().filter_map(|column| column.recipe.as_ref().err());
        let passes = |sentence: &str| sentence.ends_with(NOT_SEEN) || sentence == NO_NETWORKS;
        let mut faults: Vec<&str> = Vec::new();
        for sentence in of_faces.chain(of_columns).map(String::as_str) {
            if !passes(sentence) && !faults.contains(&sentence) {
                faults.push(sentence);
            }
        }
        faults
    }

    /// The face of a cell, or why there is none, in a sentence.
    pub fn cell(&self, row: &Row, column: &Column, space: &FaceSpace) -> Result<FaceCode, String> {
        let recipe = column.recipe.as_ref().map_err(Clone::clone)?;
        let edit = with_recipe(&row.seat.edit, recipe);
        edit.apply(&row.seat.own()?, space).map_err(|error| sentence_case(&error.to_string()))
    }

    /// What in and around sight is to be drawn, in the order in which it is wanted.
    fn nearest(&self, space: &FaceSpace) -> Vec<(Spot, FaceCode)> {
        // What scrolls into sight next is drawn after what is there.
        let (rows, places) = (around(&self.sight.rows, self.rows.len()), around(&self.sight.places, self.places()));
        let sources = within(&places, self.sources.len());
        let edges = self.sources.get(sources).unwrap_or_default().iter();
        let edges = edges.chain(self.rows.get(rows.clone()).unwrap_or_default());
        let mut near: Vec<(f32, Spot, FaceCode)> =
            edges.filter_map(|row| Some((-1.0, Spot::Face(row.seat.id), row.known()?))).collect();
        for (at, row) in rows.clone().zip(self.rows.get(rows).unwrap_or_default()) {
            for column in self.columns.iter().filter(|column| places.contains(&column.place)) {
                if let Ok(code) = self.cell(row, column, space) {
                    near.push((self.sight.distance(at, column.place), Spot::Cell(row.seat.id, column.key), code));
                }
            }
        }
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        near.into_iter().map(|(_, spot, code)| (spot, code)).collect()
    }
}

/// One column a source, or one for all of them.
fn face_columns(arrangement: &Arrangement, sources: &[Row]) -> Vec<Column> {
    let known: Vec<(&Seat, FaceCode)> = sources.iter().filter_map(|row| Some((&row.seat, row.known()?))).collect();
    let weights = |(seat, _): &(&Seat, FaceCode)| Part::ALL.map(|part| arrangement.weight(seat.id, part));
    let board = Board {
        sources: known.iter().map(|(seat, code)| (seat.name.clone(), *code, 1.0)).collect(),
        targets: Vec::new(),
        parts: arrangement.strengths(),
        mixed: arrangement.mixed,
        mix: known.iter().map(weights).collect(),
    };
    let recipe = |column: usize| board.recipe(column).map_err(|error| error.to_string());
    if arrangement.mixed {
        // A mix of fewer faces would be another mix.
        let unknown = sources.iter().find_map(|row| row.code.as_ref().err().cloned());
        let name = Some(board.column_name(0)).filter(|name| !name.is_empty());
        let mix = Column {
            key: ColumnKey::Mix,
            name: name.unwrap_or_else(|| "the mix".to_owned()),
            place: 0,
            head: board.head(0).ok(),
            recipe: unknown.map_or_else(|| recipe(0), Err),
        };
        return if sources.is_empty() { Vec::new() } else { vec![mix] };
    }
    let mut next = 0..;
    let column = |(place, row): (usize, &Row)| Column {
        key: ColumnKey::Face(row.seat.id),
        name: row.seat.name.clone(),
        place,
        head: row.known(),
        // Those without a code are none of the board's.
        recipe: row.code.clone().and_then(|_| recipe(next.next().unwrap_or_default())),
    };
    sources.iter().enumerate().map(column).collect()
}

/// An edit with a recipe in the place of what others gave before; what the sliders did to the parts that it gives is
/// taken out, since they did it to other values.
pub fn with_recipe(edit: &Edit, recipe: &Recipe) -> Edit {
    let mut edit = edit.clone();
    recipe.gifts.iter().for_each(|gift| dials::reset(&mut edit, gift.part));
    edit.recipe = recipe.clone();
    edit
}

/// A range with as much again on either side, inside so many.
fn around(range: &Range<usize>, count: usize) -> Range<usize> {
    within(&(range.start.saturating_sub(range.len())..range.end + range.len()), count)
}

fn within(range: &Range<usize>, count: usize) -> Range<usize> {
    range.start.min(count)..range.end.min(count)
}
