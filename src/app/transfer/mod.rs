//! What the window knows of the transfer board: who gives, who takes, and what came of it.
//!
//! - [`arrangement`]: who is on the board and what is given; [`command`]: what can be done;
//! - [`plan`]: what its rows, columns and cells are; [`pictures`]: what they show;
//! - [`wanted`]: what is asked of the engine for all this, once a frame; [`export`]: the board on its way to files.

pub mod arrangement;
pub mod command;
pub mod export;
pub mod pictures;
pub mod plan;
pub mod wanted;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::protocol::RgbImage;
use crate::face::FaceCode;

pub use arrangement::{Arrangement, Side};
pub use command::TransferCommand;
use export::{Export, Way};
use pictures::Pictures;
pub use plan::{Column, ColumnKey, Plan, Row, Sight, Spot};

/// All of it.
#[derive(Default)]
pub struct TransferDesk {
    /// What a session keeps.
    pub board: Arrangement,
    /// The board before the drag that is under way.
    pub before: Option<Arrangement>,
    /// The column whose recipe is saved; where none was chosen, the first.
    pub chosen: Option<ColumnKey>,
    /// What of the board is in sight.
    pub sight: Sight,
    pub plan: Plan,
    pub pictures: Pictures,
    /// Codes that are still to be drawn, in the order in which they are wanted.
    pub due: VecDeque<FaceCode>,
    /// The board is to be saved as soon as its faces are known.
    pub to_save: Option<Way>,
    /// The board that is being saved.
    pub export: Option<Export>,
}

impl TransferDesk {
    /// As a session left it.
    pub fn new(board: Arrangement) -> Self {
        TransferDesk { board, ..TransferDesk::default() }
    }

    /// The column whose recipe is saved.
    pub fn chosen_column(&self) -> Option<&Column> {
        self.chosen.and_then(|key| self.plan.column(key)).or(self.plan.columns.first())
    }

    /// What the file of that column's recipe is called.
    pub fn recipe_file(&self) -> String {
        let name = self.chosen_column().map_or("board", |column| &column.name);
        format!("{}-recipe.json", export::stem(name))
    }

    /// A picture that was asked for.
    pub fn take(&mut self, code: &FaceCode, picture: RgbImage) {
        let picture = Arc::new(picture);
        self.pictures.keep(code, Arc::clone(&picture));
        for (spot, _) in self.plan.near.iter().filter(|(_, wanted)| wanted == code) {
            self.pictures.show(*spot, Arc::clone(&picture));
        }
    }

    /// Other weights are in use: everything is drawn anew, and the old pictures stay until then.
    pub fn other_weights(&mut self) {
        self.pictures.forget();
        self.plan.forget();
        self.due.clear();
    }
}
