//! Who is on the board and what is given: what a session keeps of it, and what a step of undo takes back. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::face::{ModelName, Part, Recipe};

/// The two edges of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Along the top: the faces that give.
    Sources,
    /// Down the left: the faces that take.
    Targets,
}

impl Side {
    pub const ALL: [Side; 2] = [Side::Sources, Side::Targets];

    /// In the middle of a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Side::Sources => "sources",
            Side::Targets => "targets",
        }
    }
}

/// What is given of a part.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    pub on: bool,
    /// From the target's own (0) to the source's (1); kept while the part is not given.
    pub strength: f32,
}

/// A recipe that was read from a file: a column of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadedRecipe {
    /// No other one on the board has it.
    pub id: u64,
    /// What its file is called, without the ending.
    pub name: String,
    /// The weights that its numbers come from.
    pub model: ModelName,
    pub recipe: Recipe,
}

/// The board. Faces are named by their numbers in the tray; one that was taken out of the tray keeps its place, for
/// undo, and is not shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Arrangement {
    pub sources: Vec<u64>,
    pub targets: Vec<u64>,
    /// In the order of [`Part::ALL`].
    pub parts: [Given; 4],
    /// The sources are one column, mixed by their weights.
    pub mixed: bool,
    /// What sources count in each part, 0 to 1, in the order of [`Part::ALL`]; a source without an entry counts 1.
    pub weights: BTreeMap<u64, [f32; 4]>,
    pub recipes: Vec<LoadedRecipe>,
}

impl Default for Arrangement {
    /// Nobody, and the expression to be given: a board that does something as soon as there are faces.
    fn default() -> Self {
        Arrangement {
            sources: Vec::new(),
            targets: Vec::new(),
            parts: Part::ALL.map(|part| Given { on: part == Part::Expression, strength: 1.0 }),
            mixed: false,
            weights: BTreeMap::new(),
            recipes: Vec::new(),
        }
    }
}

impl Arrangement {
    pub fn side(&self, side: Side) -> &[u64] {
        match side {
            Side::Sources => &self.sources,
            Side::Targets => &self.targets,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut Vec<u64> {
        match side {
            Side::Sources => &mut self.sources,
            Side::Targets => &mut self.targets,
        }
    }

    /// Puts a face onto a side, before the one that stands at `place` now, else at the end. One that is there already
    /// moves.
    pub fn put(&mut self, side: Side, face: u64, place: Option<usize>) {
        let list = self.side_mut(side);
        let before = place.and_then(|place| list.get(place).copied());
        if before == Some(face) {
            return;
        }
        list.retain(|other| *other != face);
        let place = before.and_then(|before| list.iter().position(|other| *other == before));
        list.insert(place.unwrap_or(list.len()), face);
    }

    pub fn remove(&mut self, side: Side, face: u64) {
        self.side_mut(side).retain(|other| *other != face);
    }

    /// Takes everybody and every loaded recipe off the board; which parts are given stays.
    pub fn clear(&mut self) {
        *self = Arrangement { parts: self.parts, mixed: self.mixed, ..Arrangement::default() };
    }

    pub fn swap(&mut self) {
        std::mem::swap(&mut self.sources, &mut self.targets);
    }

    /// Whether nobody and nothing is on the board.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty() && self.targets.is_empty() && self.recipes.is_empty()
    }

    /// How strongly each part is given, none where it is not.
    pub fn strengths(&self) -> [Option<f32>; 4] {
        self.parts.map(|given| given.on.then_some(given.strength))
    }

    /// What a source counts where the sources are mixed.
    pub fn weight(&self, source: u64, part: Part) -> f32 {
        self.weights.get(&source).map_or(1.0, |weights| weights[part as usize])
    }

    pub fn set_weight(&mut self, source: u64, part: Part, weight: f32) {
        let weights = self.weights.entry(source).or_insert([1.0; 4]);
        weights[part as usize] = weight;
        if *weights == [1.0; 4] {
            self.weights.remove(&source);
        }
    }

    /// Puts a recipe behind the others, in the place of one of the same name.
    pub fn load(&mut self, name: String, model: ModelName, recipe: Recipe) {
        let id = self.recipes.iter().map(|known| known.id + 1).max().unwrap_or(1);
        let loaded = LoadedRecipe { id, name, model, recipe };
        match self.recipes.iter_mut().find(|known| known.name == loaded.name) {
            Some(known) => *known = loaded,
            None => self.recipes.push(loaded),
        }
    }

    /// The faces that it names.
    pub fn faces(&self) -> impl Iterator<Item = u64> + '_ {
        self.sources.iter().chain(&self.targets).copied()
    }

    /// The same with faces whose numbers are higher.
    pub fn shifted(mut self, by: u64) -> Self {
        // A number from a file that no window wrote stays one that nobody has.
        let higher = |face: u64| face.saturating_add(by);
        self.sources.iter_mut().chain(&mut self.targets).for_each(|face| *face = higher(*face));
        self.weights = self.weights.into_iter().map(|(face, weights)| (higher(face), weights)).collect();
        self
    }

    /// With every number in its range.
    pub fn sound(mut self) -> Self {
        let share = |value: f32| if value.is_finite() { value.clamp(0.0, 1.0) } else { 1.0 };
        self.parts = self.parts.map(|given| Given { strength: share(given.strength), ..given });
        self.weights.values_mut().for_each(|weights| *weights = weights.map(share));
        self.recipes.retain(|loaded| loaded.recipe.check().is_ok());
        self
    }

    /// What is left of one from a file: known faces, each once a side, and numbers in their ranges.
    pub fn checked(mut self, known: &BTreeSet<u64>) -> Self {
        for side in Side::ALL {
            let mut seen = BTreeSet::new();
            self.side_mut(side).retain(|face| known.contains(face) && seen.insert(*face));
        }
        self.weights.retain(|face, _| known.contains(face));
        let mut seen = BTreeSet::new();
        self.recipes.retain(|loaded| loaded.id < u64::from(u32::MAX) && seen.insert(loaded.id));
        self.sound()
    }
}
