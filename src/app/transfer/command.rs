//! What can be done on the board.

use std::path::PathBuf;

use super::arrangement::Side;
use super::plan::{ColumnKey, Sight};
use crate::face::Part;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum TransferCommand {
    /// Puts a face of the tray onto a side, before the place where one is, else at the end.
    Put(Side, u64, Option<usize>),
    /// The face on the canvas, at the end.
    PutOpen(Side),
    /// Opens files and puts their faces onto a side.
    PutFiles(Side, Vec<PathBuf>),
    /// Files that were let go of beside the sides.
    Dropped(Vec<PathBuf>),
    OpenDropped(Vec<PathBuf>),
    Remove(Side, u64),
    RemoveRecipe(u64),
    /// The open face as target, the others of the tray as sources.
    Fill,
    Swap,
    Clear,
    /// Whether a part is given.
    Give(Part, bool),
    /// Everything but this part; none for everything.
    GiveAllExcept(Option<Part>),
    Strength {
        part: Part,
        /// 0 to 1.
        strength: f32,
        settled: bool,
    },
    Mix(bool),
    ToggleMix,
    Weight {
        source: u64,
        part: Part,
        /// 0 to 1.
        weight: f32,
        settled: bool,
    },
    /// The column whose recipe is saved.
    Choose(ColumnKey),
    /// Opens a face with what a column gives it.
    OpenCell(u64, ColumnKey),
    /// What of the board is in sight.
    Look(Sight),
    SaveSheet(PathBuf),
    /// Every cell as a file in this folder.
    SaveCells(PathBuf),
    StopSaving,
    SaveRecipe(PathBuf),
    LoadRecipe(PathBuf),
}
