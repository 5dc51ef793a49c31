//! A recipe: parts that a face takes from others, each at a strength and mixed from one face or several. It holds the
//! numbers themselves, so that it goes onto any face without the pictures it came from. Its JSON is the file that
//! terminal and window share.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::code::{Direction, FaceCode, PART_DIM, Part, Pose};

/// What this program writes into `version` of a recipe file, and the newest it reads.
pub const RECIPE_VERSION: u32 = 1;
const RECIPE_FORMAT: &str = "facespace recipe";
/// No angle of a face that gives its pose is larger, in degrees.
const POSE_LIMIT_DEG: f32 = 180.0;

/// Why a recipe cannot be read or applied; each is one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecipeError {
    #[error("No face gives its {0}; raise the weight of one, or leave the part out")]
    NoFace(Part),
    #[error("The strength {value} of {part} is out of range; give a number from 0 to 1")]
    Strength { part: Part, value: f32 },
    #[error("The weight {value} of {name} in {part} is out of range; give a number above 0")]
    Weight { part: Part, name: String, value: f32 },
    #[error("The pose of {name} is out of range; give angles from -180 to 180 degrees")]
    Pose { name: String },
    #[error("What {name} gives as {part} is another part; take its {part}")]
    OtherPart { part: Part, name: String },
    #[error("The faces that give their {0} cancel each other out and leave no direction; change their weights")]
    CancelsOut(Part),
    #[error("There is no such cell on the board; choose one of its rows and columns")]
    NoSuchCell,
    #[error("This is not a recipe file of facespace ({0}); save one with `facespace transfer --save-recipe`")]
    NotARecipe(String),
    #[error(
        "This recipe was saved by a newer facespace (format {found}, this one reads up to {RECIPE_VERSION}); update \
         facespace"
    )]
    Newer { found: u64 },
    #[error(
        "This recipe was made with the weights {made_with}, and its numbers mean nothing to the weights {used}; choose \
         those it was made with, or make it anew"
    )]
    OtherModel { made_with: ModelName, used: ModelName },
}

/// Which weights codes come from; those of others mean something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelName {
    /// As people see it.
    pub name: String,
    /// The same for the same networks alone.
    pub fingerprint: String,
}

impl ModelName {
    /// Refuses a recipe that was made with other weights than these.
    ///
    /// # Errors
    /// [`RecipeError::OtherModel`], which names both.
    pub fn require(&self, made_with: &ModelName) -> Result<(), RecipeError> {
        if self.fingerprint == made_with.fingerprint {
            return Ok(());
        }
        Err(RecipeError::OtherModel { made_with: made_with.clone(), used: self.clone() })
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.fingerprint)
    }
}

/// Parts taken from other faces.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Parts", into = "Parts")]
pub struct Recipe {
    /// At most one a part, in the order of [`Part::ALL`]; [`Recipe::give`] keeps it so.
    pub gifts: Vec<Gift>,
}

/// A part taken from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Gift {
    pub part: Part,
    /// The way from the face's own part (0) to the mix (1).
    pub strength: f32,
    /// What is mixed: one face or more.
    pub from: Vec<Ingredient>,
}

/// What one face gives to a mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Ingredient {
    /// Whose it is.
    pub name: String,
    /// Its share among the others' weights; above 0.
    pub weight: f32,
    pub value: PartValue,
}

/// A part of a face by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PartValue {
    Pose(Pose),
    /// Identity, expression or style.
    Unit(Direction),
}

impl PartValue {
    /// This part of the face.
    pub fn of(face: &FaceCode, part: Part) -> Self {
        part.unit().map_or(PartValue::Pose(face.pose), |unit| PartValue::Unit(*face.unit(unit)))
    }

    fn fits(&self, part: Part) -> bool {
        matches!(self, PartValue::Pose(_)) == (part == Part::Pose)
    }
}

impl Recipe {
    /// Each part in `parts`, at the strength beside it, from all the sources by their weights; a source of weight 0
    /// gives nothing.
    pub fn from_faces(sources: &[(String, FaceCode, f32)], parts: &[(Part, f32)]) -> Recipe {
        let mut recipe = Recipe::default();
        for &(part, strength) in parts {
            let giving = sources.iter().filter(|(_, _, weight)| *weight != 0.0);
            let ingredient = |(name, face, weight): &(String, FaceCode, f32)| Ingredient {
                name: name.clone(),
                weight: *weight,
                value: PartValue::of(face, part),
            };
            recipe.give(part, strength, giving.map(ingredient).collect());
        }
        recipe
    }

    /// The face with the recipe's parts. Parts that the recipe does not name are returned to the bit.
    ///
    /// # Errors
    /// As [`Recipe::check`].
    pub fn apply(&self, target: &FaceCode) -> Result<FaceCode, RecipeError> {
        self.check()?;
        let mut face = *target;
        for gift in &self.gifts {
            match gift.part.unit() {
                None => face.pose = target.pose.between(gift.mean_pose(), gift.strength),
                Some(unit) => *face.unit_mut(unit) = target.unit(unit).slerp(&gift.mean_direction()?, gift.strength),
            }
        }
        Ok(face)
    }

    /// Takes a part from these faces, whatever gave it before.
    pub fn give(&mut self, part: Part, strength: f32, from: Vec<Ingredient>) {
        *self = self.without(part);
        let place = self.gifts.partition_point(|gift| gift.part < part);
        self.gifts.insert(place, Gift { part, strength, from });
    }

    /// The recipe with this part left to the face itself.
    pub fn without(&self, part: Part) -> Recipe {
        Recipe { gifts: self.gifts.iter().filter(|gift| gift.part != part).cloned().collect() }
    }

    pub fn gift(&self, part: Part) -> Option<&Gift> {
        self.gifts.iter().find(|gift| gift.part == part)
    }

    /// Whether it leaves every face as it is.
    pub fn is_empty(&self) -> bool {
        self.gifts.is_empty()
    }

    /// Strengths and weights in range, of each part a face that gives it, and of several a mix with a direction.
    ///
    /// # Errors
    /// The first gift that is none.
    pub fn check(&self) -> Result<(), RecipeError> {
        self.gifts.iter().try_for_each(Gift::check)
    }

    /// The recipe as the text of a recipe file, with the weights that its numbers come from.
    pub fn to_json(&self, model: &ModelName) -> String {
        let file = RecipeFile {
            format: RECIPE_FORMAT.to_owned(),
            version: RECIPE_VERSION,
            model: model.fingerprint.clone(),
            model_name: model.name.clone(),
            parts: self.clone(),
        };
        // A struct of numbers and names always has a JSON form.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// Reads the text of a recipe file and checks it as [`Recipe::check`] does; with it come the weights it was made
    /// with, for [`ModelName::require`]. The version is looked at first, so that a newer file is named as that whatever
    /// else is new in it.
    ///
    /// # Errors
    /// Another file, a newer one, numbers out of range.
    pub fn from_json(text: &str) -> Result<(Recipe, ModelName), RecipeError> {
        let not_a_recipe = |e: serde_json::Error| RecipeError::NotARecipe(e.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(not_a_recipe)?;
        if value["format"] != RECIPE_FORMAT {
            return Err(RecipeError::NotARecipe(format!("\"format\" is not \"{RECIPE_FORMAT}\"")));
        }
        match value["version"].as_u64() {
            Some(found) if found > u64::from(RECIPE_VERSION) => return Err(RecipeError::Newer { found }),
            Some(_) => {}
            None => return Err(RecipeError::NotARecipe("\"version\" is missing".to_owned())),
        }
        let file: RecipeFile = serde_json::from_str(text).map_err(not_a_recipe)?;
        file.parts.check()?;
        Ok((file.parts, ModelName { name: file.model_name, fingerprint: file.model }))
    }
}

impl Gift {
    fn check(&self) -> Result<(), RecipeError> {
        let Gift { part, strength, from } = self;
        // NaN is in no range.
        if !(0.0..=1.0).contains(strength) {
            return Err(RecipeError::Strength { part: *part, value: *strength });
        }
        if from.is_empty() {
            return Err(RecipeError::NoFace(*part));
        }
        from.iter().try_for_each(|ingredient| ingredient.check(*part))?;
        // The mean of poses always is one.
        if *part != Part::Pose {
            self.mean_direction()?;
        }
        Ok(())
    }

    /// The ingredients with their shares, which add up to 1. There is at least one, and all weights are above 0.
    fn shares(&self) -> impl Iterator<Item = (f64, &PartValue)> {
        let sum: f64 = self.from.iter().map(|ingredient| f64::from(ingredient.weight)).sum();
        self.from.iter().map(move |ingredient| (f64::from(ingredient.weight) / sum, &ingredient.value))
    }

    fn mean_pose(&self) -> Pose {
        let mut mean = [0.0; 3];
        for (share, value) in self.shares() {
            if let PartValue::Pose(pose) = value {
                mean.iter_mut().zip(pose.to_array_deg()).for_each(|(sum, deg)| *sum += share * f64::from(deg));
            }
        }
        Pose::from_array_deg(mean.map(|deg| deg as f32))
    }

    fn mean_direction(&self) -> Result<Direction, RecipeError> {
        // A single one stays as it is, to the bit.
        if let [Ingredient { value: PartValue::Unit(only), .. }] = self.from.as_slice() {
            return Ok(*only);
        }
        let mut sum = [0.0; PART_DIM];
        for (share, value) in self.shares() {
            if let PartValue::Unit(direction) = value {
                sum.iter_mut().zip(direction.as_array()).for_each(|(sum, v)| *sum += share * f64::from(*v));
            }
        }
        Direction::new(sum.map(|v| v as f32)).ok_or(RecipeError::CancelsOut(self.part))
    }
}

impl Ingredient {
    fn check(&self, part: Part) -> Result<(), RecipeError> {
        let name = || self.name.clone();
        let counts = self.weight > 0.0 && self.weight.is_finite();
        if !counts {
            return Err(RecipeError::Weight { part, name: name(), value: self.weight });
        }
        if !self.value.fits(part) {
            return Err(RecipeError::OtherPart { part, name: name() });
        }
        match self.value {
            PartValue::Pose(pose) if !pose.to_array_deg().iter().all(|deg| deg.abs() <= POSE_LIMIT_DEG) => {
                Err(RecipeError::Pose { name: name() })
            }
            _ => Ok(()),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct RecipeFile {
    format: String,
    version: u32,
    model: String,
    model_name: String,
    parts: Recipe,
}

/// How a recipe stands in files: by part, each with values of its own kind.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pose: Option<Given<Pose>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Given<Direction>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<Given<Direction>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<Given<Direction>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given<V> {
    strength: f32,
    from: Vec<Giver<V>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Giver<V> {
    name: String,
    weight: f32,
    value: V,
}

impl<V> Given<V> {
    /// Ingredients of another kind are left out; [`Recipe::check`] names them.
    fn new(gift: Gift, value: fn(PartValue) -> Option<V>) -> Self {
        let giver = |Ingredient { name, weight, value: given }| Some(Giver { name, weight, value: value(given)? });
        Given { strength: gift.strength, from: gift.from.into_iter().filter_map(giver).collect() }
    }

    fn into_gift(self, part: Part, value: fn(V) -> PartValue) -> Gift {
        let ingredient =
            |giver: Giver<V>| Ingredient { name: giver.name, weight: giver.weight, value: value(giver.value) };
        Gift { part, strength: self.strength, from: self.from.into_iter().map(ingredient).collect() }
    }
}

impl From<Recipe> for Parts {
    fn from(recipe: Recipe) -> Self {
        let pose = |value: PartValue| if let PartValue::Pose(pose) = value { Some(pose) } else { None };
        let unit = |value: PartValue| if let PartValue::Unit(direction) = value { Some(direction) } else { None };
        let mut parts = Parts::default();
        for gift in recipe.gifts {
            match gift.part {
                Part::Pose => parts.pose = Some(Given::new(gift, pose)),
                Part::Identity => parts.identity = Some(Given::new(gift, unit)),
                Part::Expression => parts.expression = Some(Given::new(gift, unit)),
                Part::Style => parts.style = Some(Given::new(gift, unit)),
            }
        }
        parts
    }
}

impl From<Parts> for Recipe {
    fn from(parts: Parts) -> Self {
        let Parts { pose, identity, expression, style } = parts;
        let unit = |given: Option<Given<Direction>>, part| given.map(|given| given.into_gift(part, PartValue::Unit));
        let gifts = [
            pose.map(|given| given.into_gift(Part::Pose, PartValue::Pose)),
            unit(identity, Part::Identity),
            unit(expression, Part::Expression),
            unit(style, Part::Style),
        ];
        Recipe { gifts: gifts.into_iter().flatten().collect() }
    }
}
