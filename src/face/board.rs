//! A board of transfers, as in the paper's Fig. 5: faces that take stand down its side, faces that give along its top,
//! and each cell is the face of its row with parts of its column's. Terminal and window ask here what a cell is.

use super::code::{FaceCode, Part};
use super::recipe::{Ingredient, PartValue, Recipe, RecipeError};

/// Who gives, who takes, and what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// The faces that give: what each is called, its code, and its weight where they are mixed.
    pub sources: Vec<(String, FaceCode, f32)>,
    /// The faces that take: what each is called, and its code.
    pub targets: Vec<(String, FaceCode)>,
    /// How strongly each part is given, from 0 to 1, in the order of [`Part::ALL`]; none where it is not.
    pub parts: [Option<f32>; 4],
    /// Whether the sources are one column, mixed by their weights.
    pub mixed: bool,
    /// What each source's weight is multiplied with in each part, in the order of [`Part::ALL`]; 1 where a source has
    /// no entry.
    pub mix: Vec<[f32; 4]>,
}

impl Board {
    pub fn rows(&self) -> usize {
        self.targets.len()
    }

    /// One a source; one for all of them where they are mixed.
    pub fn columns(&self) -> usize {
        if self.mixed { self.sources.len().min(1) } else { self.sources.len() }
    }

    /// Who gives in this column, as people read it; empty for a column that is not there.
    pub fn column_name(&self, column: usize) -> String {
        let gives = |source: usize| (0..Part::ALL.len()).any(|part| self.weight(source, part) != 0.0);
        let names: Vec<&str> = self.givers(column).filter(|giver| gives(giver.0)).map(|giver| giver.1).collect();
        names.join(" + ")
    }

    /// What is given, as people read it: "pose, expression 70 %".
    pub fn parts_text(&self) -> String {
        let text = |part: Part, strength: f32| {
            let share = format!("{part} {:.0} %", 100.0 * strength);
            if strength == 1.0 { part.to_string() } else { share }
        };
        let given = Part::ALL.into_iter().zip(self.parts).filter_map(|(part, strength)| Some(text(part, strength?)));
        given.collect::<Vec<_>>().join(", ")
    }

    /// The face that stands above a column: the source itself, or the mix of all of them in every part.
    ///
    /// # Errors
    /// No such column, and a mix that has no direction in some part.
    pub fn head(&self, column: usize) -> Result<FaceCode, RecipeError> {
        let (_, _, first) = self.givers(column).next().ok_or(RecipeError::NoSuchCell)?;
        self.recipe_of(column, &[Some(1.0); 4])?.apply(first)
    }

    /// What every face of the column takes.
    ///
    /// # Errors
    /// No such column, strengths and weights out of range, a part that nobody gives, a mix without a direction.
    pub fn recipe(&self, column: usize) -> Result<Recipe, RecipeError> {
        self.recipe_of(column, &self.parts)
    }

    /// The face of a cell.
    ///
    /// # Errors
    /// No such cell, and as [`Board::recipe`].
    pub fn cell(&self, row: usize, column: usize) -> Result<FaceCode, RecipeError> {
        let (_, target) = self.targets.get(row).ok_or(RecipeError::NoSuchCell)?;
        self.recipe(column)?.apply(target)
    }

    fn recipe_of(&self, column: usize, parts: &[Option<f32>; 4]) -> Result<Recipe, RecipeError> {
        if column >= self.columns() {
            return Err(RecipeError::NoSuchCell);
        }
        let mut recipe = Recipe::default();
        for (place, part) in Part::ALL.into_iter().enumerate() {
            let Some(strength) = parts[place] else { continue };
            let from = self.givers(column).filter_map(|(source, name, face)| {
                let weight = self.weight(source, place);
                let value = PartValue::of(face, part);
                (weight != 0.0).then(|| Ingredient { name: name.to_owned(), weight, value })
            });
            recipe.give(part, strength, from.collect());
        }
        recipe.check()?;
        Ok(recipe)
    }

    /// The sources of a column: the place of each, its name and code.
    fn givers(&self, column: usize) -> impl Iterator<Item = (usize, &str, &FaceCode)> {
        let end = self.sources.len();
        let places = match (self.mixed, column) {
            (true, 0) => 0..end,
            (true, _) => end..end,
            (false, _) => column.min(end)..column.saturating_add(1).min(end),
        };
        places.map(move |place| {
            let (name, face, _) = &self.sources[place];
            (place, name.as_str(), face)
        })
    }

    /// What a source counts in a part, among those of its column.
    fn weight(&self, source: usize, part: usize) -> f32 {
        if !self.mixed {
            return 1.0;
        }
        self.sources[source].2 * self.mix.get(source).map_or(1.0, |weights| weights[part])
    }
}
