//! The pictures of the board: those that were drawn, by the code that they show, and the one that each place shows until
//! there is a newer one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::plan::Spot;
use crate::engine::protocol::RgbImage;
use crate::face::{CODE_DIM, FaceCode};

/// Pictures that are kept, at 48 KiB each.
const KEPT: usize = 1024;

/// A code to the bit.
pub type Key = [u32; CODE_DIM];

/// The key of a code.
pub fn key(code: &FaceCode) -> Key {
    code.to_array().map(f32::to_bits)
}

/// All of them.
#[derive(Default)]
pub struct Pictures {
    drawn: HashMap<Key, Drawn>,
    shown: HashMap<Spot, Shown>,
    /// Codes of which no picture could be drawn; they are not tried again.
    refused: HashSet<Key>,
    clock: u64,
}

struct Drawn {
    picture: Arc<RgbImage>,
    used: u64,
}

/// What a place shows.
#[derive(Clone, Debug)]
pub struct Shown {
    pub picture: Arc<RgbImage>,
    /// What it showed before, for as long as the newer one is not on the graphics card.
    pub before: Option<Arc<RgbImage>>,
}

impl Pictures {
    /// The picture of a code, where it was drawn.
    pub fn get(&mut self, code: &FaceCode) -> Option<Arc<RgbImage>> {
        self.clock += 1;
        let drawn = self.drawn.get_mut(&key(code))?;
        drawn.used = self.clock;
        Some(Arc::clone(&drawn.picture))
    }

    /// Whether nothing is to be asked about a code any more.
    pub fn is_settled(&self, code: &FaceCode) -> bool {
        let key = key(code);
        self.drawn.contains_key(&key) || self.refused.contains(&key)
    }

    /// Keeps the picture of a code, and lets go of those that were used least lately where there are many.
    pub fn keep(&mut self, code: &FaceCode, picture: Arc<RgbImage>) {
        self.clock += 1;
        self.drawn.insert(key(code), Drawn { picture, used: self.clock });
        if self.drawn.len() > KEPT {
            let mut ages: Vec<u64> = self.drawn.values().map(|drawn| drawn.used).collect();
            ages.sort_unstable();
            // A quarter at once, so that this is not done for each picture.
            let oldest = ages[ages.len() - 3 * KEPT / 4];
            self.drawn.retain(|_, drawn| drawn.used >= oldest);
        }
    }

    /// No picture of this code could be drawn.
    pub fn refuse(&mut self, code: &FaceCode) {
        self.refused.insert(key(code));
    }

    /// A place shows a picture from now on.
    pub fn show(&mut self, spot: Spot, picture: Arc<RgbImage>) {
        match self.shown.get_mut(&spot) {
            Some(shown) if Arc::ptr_eq(&shown.picture, &picture) => {}
            Some(shown) => shown.before = Some(std::mem::replace(&mut shown.picture, picture)),
            None => drop(self.shown.insert(spot, Shown { picture, before: None })),
        }
    }

    /// What a place shows.
    pub fn shown(&self, spot: Spot) -> Option<&Shown> {
        self.shown.get(&spot)
    }

    /// Forgets what is shown at other places, as far as there are many.
    pub fn leave(&mut self, is_near: impl Fn(Spot) -> bool) {
        if self.shown.len() > KEPT {
            self.shown.retain(|spot, _| is_near(*spot));
        }
    }

    /// Forgets what is shown at places that are not on the board any more.
    pub fn prune(&mut self, is_there: impl Fn(Spot) -> bool) {
        self.shown.retain(|spot, _| is_there(*spot));
    }

    /// The same codes give other pictures now. What is shown stays until then.
    pub fn forget(&mut self) {
        self.drawn.clear();
        self.refused.clear();
    }
}
