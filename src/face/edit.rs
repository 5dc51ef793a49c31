//! An edit: what to change on a face, by name. Pure: the same edit on the same code gives the same code, in whatever
//! order its fields were set. Its JSON is the file that terminal and window share.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::{Direction, FaceCode, PART_DIM, Pose, UnitPart};
use super::expression::Expression;
use super::recipe::{ModelName, Recipe, RecipeError};
use super::space::{FaceSpace, PartSpace};

/// What this program writes into `version` of an edit file, and the newest it reads.
pub const EDIT_VERSION: u32 = 1;
/// How far an edit moves along a principal axis, in spreads.
pub const AXIS_LIMIT: f32 = 20.0;
const EDIT_FORMAT: &str = "facespace edit";
/// How far the squares of raw numbers may miss 1 and still count as 1.
const RAW_TOLERANCE: f32 = 1e-6;

/// Why an edit cannot be read or applied; each is one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditError {
    #[error("The value {value} of {what} is out of range; give a number from {low} to {high}")]
    OutOfRange { what: String, value: f32, low: f32, high: f32 },
    #[error("There is no {what}; {part} has {what_kind} {first} to {last}")]
    NoSuchNumber { what: String, part: UnitPart, what_kind: &'static str, first: usize, last: usize },
    #[error("The part {0} has no named classes; take them out, only expression has some")]
    NoClasses(UnitPart),
    #[error("These weights know no expression called {class}; choose one of {known}")]
    UnknownClass { class: Expression, known: String },
    #[error("The changes to {0} cancel each other out and leave no direction; make one of them smaller")]
    TooShort(UnitPart),
    #[error("The numbers set for {part} have squares that add up to {sum:.3}; keep their sum at 1 or below")]
    RawTooLong { part: UnitPart, sum: f32 },
    #[error("The other numbers of {0} are all zero and cannot make up the rest of its length; set fewer numbers")]
    RawLeavesNothing(UnitPart),
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error("This is not an edit file of facespace ({0}); save one with --save-edit")]
    NotAnEdit(String),
    #[error(
        "This edit was saved by a newer facespace (format {found}, this one reads up to {EDIT_VERSION}); update facespace"
    )]
    Newer { found: u64 },
}

/// Changes to one face.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Edit {
    /// Parts taken from other faces, before anything else.
    #[serde(skip_serializing_if = "Recipe::is_empty")]
    pub recipe: Recipe,
    #[serde(skip_serializing_if = "is_default")]
    pub pose: PoseEdit,
    #[serde(skip_serializing_if = "is_default")]
    pub identity: PartEdit,
    #[serde(skip_serializing_if = "is_default")]
    pub expression: PartEdit,
    #[serde(skip_serializing_if = "is_default")]
    pub style: PartEdit,
}

/// Changes to the head's rotation; an angle left out stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PoseEdit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yaw: Option<AngleEdit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pitch: Option<AngleEdit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roll: Option<AngleEdit>,
}

/// An angle in degrees, absolute or added to the face's own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum AngleEdit {
    #[serde(rename = "set_deg")]
    Set(f32),
    #[serde(rename = "add_deg")]
    Add(f32),
}

/// Changes to a unit part. Class mixes and axis offsets are summed and projected to the sphere once; the raw numbers
/// are then put where they were asked to be and the others rescaled around them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PartEdit {
    /// The way along the sphere from the face's own expression (0) to the class mean (1); expression only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<Expression, f32>,
    /// Offset along principal axis 1 to 32, in spreads of the training faces.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub axes: BTreeMap<u8, f32>,
    /// The value of raw number 0 to 31.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub raw: BTreeMap<u8, f32>,
}

#[derive(Serialize, Deserialize)]
struct EditFile {
    format: String,
    version: u32,
    /// The weights that the numbers of the recipe come from; none without a recipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<ModelName>,
    edit: Edit,
}

impl Edit {
    pub fn part(&self, part: UnitPart) -> &PartEdit {
        match part {
            UnitPart::Identity => &self.identity,
            UnitPart::Expression => &self.expression,
            UnitPart::Style => &self.style,
        }
    }

    pub fn part_mut(&mut self, part: UnitPart) -> &mut PartEdit {
        match part {
            UnitPart::Identity => &mut self.identity,
            UnitPart::Expression => &mut self.expression,
            UnitPart::Style => &mut self.style,
        }
    }

    /// Puts every change of `other` over this one's.
    pub fn overlay(&mut self, other: Edit) {
        self.pose = PoseEdit {
            yaw: other.pose.yaw.or(self.pose.yaw),
            pitch: other.pose.pitch.or(self.pose.pitch),
            roll: other.pose.roll.or(self.pose.roll),
        };
        let Edit { recipe, pose: _, identity, expression, style } = other;
        for gift in recipe.gifts {
            self.recipe.give(gift.part, gift.strength, gift.from);
        }
        for (part, changes) in
            [(UnitPart::Identity, identity), (UnitPart::Expression, expression), (UnitPart::Style, style)]
        {
            let own = self.part_mut(part);
            own.classes.extend(changes.classes);
            own.axes.extend(changes.axes);
            own.raw.extend(changes.raw);
        }
    }

    /// The edited face. Parts that the edit does not name are returned to the bit.
    pub fn apply(&self, face: &FaceCode, space: &FaceSpace) -> Result<FaceCode, EditError> {
        self.check()?;
        let base = self.base(face)?;
        let mut edited = FaceCode { pose: self.pose.apply(base.pose)?, ..base };
        for part in UnitPart::ALL {
            let changes = self.part(part);
            if *changes != PartEdit::default() {
                *edited.unit_mut(part) = changes.apply(part, base.unit(part), space)?;
            }
        }
        Ok(edited)
    }

    /// The face that the other changes start from: its own parts, but for those that the recipe takes from others.
    pub fn base(&self, own: &FaceCode) -> Result<FaceCode, EditError> {
        Ok(self.recipe.apply(own)?)
    }

    /// Every number finite, in range and of a part that has it, and the raw numbers of a part short enough for it.
    pub fn check(&self) -> Result<(), EditError> {
        self.recipe.check()?;
        for (name, angle) in Pose::NAMES.iter().zip([self.pose.yaw, self.pose.pitch, self.pose.roll]) {
            match angle {
                Some(AngleEdit::Set(deg)) => in_range(|| format!("{name} in degrees"), deg, -90.0, 90.0)?,
                Some(AngleEdit::Add(deg)) => in_range(|| format!("{name} in degrees"), deg, -180.0, 180.0)?,
                None => {}
            }
        }
        UnitPart::ALL.into_iter().try_for_each(|part| self.part(part).check(part))
    }

    /// The edit as the text of an edit file. What others gave is told with the weights that it was made with, where
    /// those are known.
    pub fn to_json(&self, made_with: Option<&ModelName>) -> String {
        let model = made_with.filter(|_| !self.recipe.is_empty()).cloned();
        let file = EditFile { format: EDIT_FORMAT.to_owned(), version: EDIT_VERSION, model, edit: self.clone() };
        // A struct of numbers and names with string keys always has a JSON form.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// Reads the text of an edit file and checks it as [`Edit::check`] does; with it come the weights that what others
    /// gave was made with, for [`ModelName::require`]. The version is looked at first, so that a newer file is named as
    /// that whatever else is new in it.
    pub fn from_json(text: &str) -> Result<(Edit, Option<ModelName>), EditError> {
        let not_an_edit = |e: serde_json::Error| EditError::NotAnEdit(e.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(not_an_edit)?;
        if value["format"] != EDIT_FORMAT {
            return Err(EditError::NotAnEdit(format!("\"format\" is not \"{EDIT_FORMAT}\"")));
        }
        match value["version"].as_u64() {
            Some(found) if found > u64::from(EDIT_VERSION) => return Err(EditError::Newer { found }),
            Some(_) => {}
            None => return Err(EditError::NotAnEdit("\"version\" is missing".to_owned())),
        }
        let file: EditFile = serde_json::from_str(text).map_err(not_an_edit)?;
        file.edit.check()?;
        Ok((file.edit, file.model))
    }
}

impl PoseEdit {
    fn apply(&self, own: Pose) -> Result<Pose, EditError> {
        let mut angles = own.to_array_deg();
        for ((angle, edit), name) in angles.iter_mut().zip([self.yaw, self.pitch, self.roll]).zip(Pose::NAMES) {
            match edit {
                Some(AngleEdit::Set(deg)) => *angle = deg,
                Some(AngleEdit::Add(deg)) => *angle += deg,
                None => continue,
            }
            in_range(|| format!("{name} in degrees after the edit"), *angle, -90.0, 90.0)?;
        }
        Ok(Pose::from_array_deg(angles))
    }
}

impl PartEdit {
    fn check(&self, part: UnitPart) -> Result<(), EditError> {
        if !self.classes.is_empty() && part != UnitPart::Expression {
            return Err(EditError::NoClasses(part));
        }
        for (class, &amount) in &self.classes {
            in_range(|| class.to_string(), amount, -2.0, 2.0)?;
        }
        for (&axis, &spreads) in &self.axes {
            number_exists(part, "axis", axis, 1)?;
            in_range(|| format!("axis {part}.{axis}"), spreads, -AXIS_LIMIT, AXIS_LIMIT)?;
        }
        for (&number, &value) in &self.raw {
            number_exists(part, "number", number, 0)?;
            in_range(|| format!("{part}.{number}"), value, -1.0, 1.0)?;
        }
        let sum = self.raw_length_squared();
        if sum > 1.0 + RAW_TOLERANCE { Err(EditError::RawTooLong { part, sum }) } else { Ok(()) }
    }

    fn raw_length_squared(&self) -> f32 {
        self.raw.values().map(|v| v * v).sum()
    }

    fn apply(&self, part: UnitPart, own: &Direction, space: &FaceSpace) -> Result<Direction, EditError> {
        let mut sum = *own.as_array();
        self.add_classes(&mut sum, own, space)?;
        self.add_axes(&mut sum, space.part(part));
        let projected = Direction::new(sum).ok_or(EditError::TooShort(part))?;
        self.place_raw(part, projected)
    }

    fn add_classes(&self, sum: &mut [f32; PART_DIM], own: &Direction, space: &FaceSpace) -> Result<(), EditError> {
        for (&class, &amount) in &self.classes {
            let mean = space.class_mean(class).ok_or_else(|| EditError::UnknownClass {
                class,
                known: space.class_means.iter().map(|(known, _)| known.name()).collect::<Vec<_>>().join(", "),
            })?;
            let reached = own.slerp(mean, amount);
            for ((s, to), from) in sum.iter_mut().zip(reached.as_array()).zip(own.as_array()) {
                *s += to - from;
            }
        }
        Ok(())
    }

    fn add_axes(&self, sum: &mut [f32; PART_DIM], space: &PartSpace) {
        for (&axis, &spreads) in &self.axes {
            let row = usize::from(axis) - 1;
            for (s, a) in sum.iter_mut().zip(space.axes[row]) {
                *s += spreads * space.spread[row] * a;
            }
        }
    }

    fn place_raw(&self, part: UnitPart, projected: Direction) -> Result<Direction, EditError> {
        if self.raw.is_empty() {
            return Ok(projected);
        }
        let is_raw = |i: usize| self.raw.contains_key(&(i as u8));
        let others: f32 = (0..PART_DIM).filter(|&i| !is_raw(i)).map(|i| projected.as_array()[i].powi(2)).sum();
        let rest = (1.0 - self.raw_length_squared()).max(0.0);
        if rest > RAW_TOLERANCE && others < 1e-12 {
            return Err(EditError::RawLeavesNothing(part));
        }
        let scale = if rest > RAW_TOLERANCE { (rest / others).sqrt() } else { 0.0 };
        let mut numbers = projected.as_array().map(|v| v * scale);
        for (&i, &value) in &self.raw {
            numbers[usize::from(i)] = value;
        }
        Direction::new(numbers).ok_or(EditError::TooShort(part))
    }
}

fn in_range(what: impl Fn() -> String, value: f32, low: f32, high: f32) -> Result<(), EditError> {
    // NaN is in no range.
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(EditError::OutOfRange { what: what(), value, low, high })
}

fn number_exists(part: UnitPart, kind: &'static str, number: u8, first: usize) -> Result<(), EditError> {
    let last = first + PART_DIM - 1;
    if (first..=last).contains(&usize::from(number)) {
        return Ok(());
    }
    let what_kind = if kind == "axis" { "axes" } else { "numbers" };
    Err(EditError::NoSuchNumber { what: format!("{kind} {part}.{number}"), part, what_kind, first, last })
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
