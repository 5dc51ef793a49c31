//! The numbers that the inspector shows: what each is called, where it stands on a face, how far it goes, and how it
//! changes an edit. Pure; it knows no widgets.

use std::fmt;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, Uniform};

use crate::face::{AXIS_LIMIT, AngleEdit, Edit, Expression, FaceCode, FaceSpace, PART_DIM, Part, Pose, UnitPart};

/// Where on the shaded range of an axis its small faces lie, from its low end (0) to its high end (1).
pub const STRIP: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// How far the strength of an expression goes; 1 is the mean face of the class.
const CLASS_RANGE: [f32; 2] = [0.0, 1.5];
/// How far each angle can be turned at least, in degrees.
const POSE_SPAN_DEG: [f32; 3] = [60.0, 45.0, 45.0];
/// No angle goes further, in degrees: beyond lies the back of the head.
const POSE_LIMIT_DEG: f32 = 90.0;
/// By how much an axis goes beyond what the training faces showed, in spreads.
const BEYOND: f32 = 1.0;
/// Kept free below 1 for the numbers that are not set, so that they keep a direction.
const RAW_ROOM: f32 = 1e-4;

/// One number of a face that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dial {
    /// Yaw, pitch or roll (0 to 2), in degrees.
    Angle(usize),
    /// Strength of a named expression.
    Class(Expression),
    /// Principal axis 1 to 32, in spreads from the training faces' mean.
    Axis(UnitPart, u8),
    /// Raw number 0 to 31.
    Raw(UnitPart, u8),
}

impl Dial {
    pub fn part(self) -> Part {
        match self {
            Dial::Angle(_) => Part::Pose,
            Dial::Class(_) => Part::Expression,
            Dial::Axis(part, _) | Dial::Raw(part, _) => part.part(),
        }
    }

    /// Where it stands on the face before any edit.
    pub fn own(self, face: &FaceCode, space: &FaceSpace) -> f32 {
        match self {
            Dial::Angle(angle) => face.pose.to_array_deg()[angle],
            Dial::Class(_) => 0.0,
            Dial::Axis(part, axis) => {
                let (known, row) = (space.part(part), usize::from(axis) - 1);
                let offset = face.unit(part).as_array().iter().zip(&known.mean).map(|(v, mean)| v - mean);
                offset.zip(known.axes[row]).map(|(v, a)| v * a).sum::<f32>() / known.spread[row].max(f32::MIN_POSITIVE)
            }
            Dial::Raw(part, number) => face.unit(part).as_array()[usize::from(number)],
        }
    }

    /// Where the edit puts it.
    pub fn value(self, edit: &Edit, face: &FaceCode, space: &FaceSpace) -> f32 {
        let own = self.own(face, space);
        match self {
            Dial::Angle(angle) => match [edit.pose.yaw, edit.pose.pitch, edit.pose.roll][angle] {
                Some(AngleEdit::Set(deg)) => deg,
                Some(AngleEdit::Add(deg)) => own + deg,
                None => own,
            },
            Dial::Class(class) => edit.expression.classes.get(&class).copied().unwrap_or(0.0),
            Dial::Axis(part, axis) => own + edit.part(part).axes.get(&axis).copied().unwrap_or(0.0),
            Dial::Raw(part, number) => edit.part(part).raw.get(&number).copied().unwrap_or(own),
        }
    }

    /// Puts it somewhere; what the edit cannot hold is brought to the nearest that it can.
    pub fn set(self, edit: &mut Edit, face: &FaceCode, space: &FaceSpace, value: f32) {
        match self {
            Dial::Angle(angle) => {
                let pose = &mut edit.pose;
                let turned = value.clamp(-POSE_LIMIT_DEG, POSE_LIMIT_DEG);
                *[&mut pose.yaw, &mut pose.pitch, &mut pose.roll][angle] = Some(AngleEdit::Set(turned));
            }
            Dial::Class(class) if value == 0.0 => drop(edit.expression.classes.remove(&class)),
            Dial::Class(class) => drop(edit.expression.classes.insert(class, value)),
            Dial::Axis(part, axis) => {
                let offset = (value - self.own(face, space)).clamp(-AXIS_LIMIT, AXIS_LIMIT);
                edit.part_mut(part).axes.insert(axis, offset);
            }
            Dial::Raw(part, number) => {
                let raw = &mut edit.part_mut(part).raw;
                raw.remove(&number);
                let others: f32 = raw.values().map(|v| v * v).sum();
                let room = (1.0 - RAW_ROOM - others).max(0.0).sqrt();
                raw.insert(number, value.clamp(-room, room));
            }
        }
    }

    /// Takes it out of the edit: the face's own value again.
    pub fn clear(self, edit: &mut Edit) {
        match self {
            Dial::Angle(0) => edit.pose.yaw = None,
            Dial::Angle(1) => edit.pose.pitch = None,
            Dial::Angle(_) => edit.pose.roll = None,
            Dial::Class(class) => drop(edit.expression.classes.remove(&class)),
            Dial::Axis(part, axis) => drop(edit.part_mut(part).axes.remove(&axis)),
            Dial::Raw(part, number) => drop(edit.part_mut(part).raw.remove(&number)),
        }
    }

    /// What the training faces showed: their 1st and 99th percentile.
    pub fn shaded(self, space: &FaceSpace) -> [f32; 2] {
        match self {
            Dial::Angle(angle) => [space.pose.low.to_array_deg()[angle], space.pose.high.to_array_deg()[angle]],
            Dial::Class(_) => [0.0, 1.0],
            Dial::Axis(part, axis) => space.part(part).axis_range[usize::from(axis) - 1],
            Dial::Raw(part, number) => space.part(part).raw_range[usize::from(number)],
        }
    }

    /// How far its slider goes: somewhat beyond the shaded range, and as far as this face and this edit need.
    pub fn range(self, edit: &Edit, face: &FaceCode, space: &FaceSpace) -> [f32; 2] {
        let [low, high] = match self {
            Dial::Angle(angle) => [-POSE_SPAN_DEG[angle], POSE_SPAN_DEG[angle]],
            Dial::Class(_) => CLASS_RANGE,
            Dial::Axis(..) => {
                let [low, high] = self.shaded(space);
                [(low - BEYOND).floor(), (high + BEYOND).ceil()]
            }
            Dial::Raw(..) => [-1.0, 1.0],
        };
        let (own, value) = (self.own(face, space), self.value(edit, face, space));
        [low.min(own).min(value), high.max(own).max(value)]
    }

    /// What an arrow key moves it by.
    pub fn step(self) -> f32 {
        match self {
            Dial::Angle(_) => 1.0,
            Dial::Class(_) => 0.05,
            Dial::Axis(..) => 0.1,
            Dial::Raw(..) => 0.01,
        }
    }

    pub fn decimals(self) -> usize {
        if let Dial::Angle(_) = self { 1 } else { 2 }
    }

    pub fn suffix(self) -> &'static str {
        if let Dial::Angle(_) = self { "°" } else { "" }
    }

    /// What it is called beside its slider, under the heading of its part.
    pub fn label(self) -> String {
        match self {
            Dial::Angle(angle) => sentence_case(Pose::NAMES[angle]),
            Dial::Class(_) => "Strength".to_owned(),
            Dial::Axis(_, axis) => format!("Axis {axis}"),
            Dial::Raw(_, number) => format!("Number {number}"),
        }
    }

    /// One sentence for somebody who has not read the paper.
    pub fn explanation(self) -> String {
        match self {
            Dial::Angle(0) => "Turns the nose to the right of the picture (plus) or to the left (minus)".to_owned(),
            Dial::Angle(1) => "Lifts the nose (plus) or lowers it (minus)".to_owned(),
            Dial::Angle(_) => "Tilts the head clockwise (plus) or the other way (minus)".to_owned(),
            Dial::Class(class) => format!("How far the face goes towards the mean {class} face; 1 arrives there"),
            Dial::Axis(part, axis) => format!(
                "The way in which the training faces differ most in {part}, number {axis} of 32; the unit is their spread"
            ),
            Dial::Raw(part, number) => {
                format!("Number {number} of the 32 that write {part}, as the networks use it; the others give way")
            }
        }
    }
}

/// The name by which it is found, unique in the window.
impl fmt::Display for Dial {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Dial::Angle(angle) => f.write_str(&sentence_case(Pose::NAMES[*angle])),
            Dial::Class(class) => write!(f, "{} strength", sentence_case(class.name())),
            Dial::Axis(part, axis) => write!(f, "{} axis {axis}", sentence_case(part.name())),
            Dial::Raw(part, number) => write!(f, "{} number {number}", sentence_case(part.name())),
        }
    }
}

/// With a capital at the start.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Takes all changes of a part out of an edit, and what others gave.
pub fn reset(edit: &mut Edit, part: Part) {
    give(edit, &Edit::default(), part);
}

/// Gives a part of `from` to `edit`.
pub fn give(edit: &mut Edit, from: &Edit, part: Part) {
    match part {
        Part::Pose => edit.pose = from.pose,
        Part::Identity => edit.identity = from.identity.clone(),
        Part::Expression => edit.expression = from.expression.clone(),
        Part::Style => edit.style = from.style.clone(),
    }
    match from.recipe.gift(part) {
        Some(gift) => edit.recipe.give(part, gift.strength, gift.from.clone()),
        None => edit.recipe = edit.recipe.without(part),
    }
}

/// Whether an edit changes a part.
pub fn changes(edit: &Edit, part: Part) -> bool {
    differ(edit, &Edit::default(), part)
}

/// Whether two edits make something else of a part.
pub fn differ(a: &Edit, b: &Edit, part: Part) -> bool {
    let changed_otherwise = match part {
        Part::Pose => a.pose != b.pose,
        Part::Identity => a.identity != b.identity,
        Part::Expression => a.expression != b.expression,
        Part::Style => a.style != b.style,
    };
    changed_otherwise || a.recipe.gift(part) != b.recipe.gift(part)
}

/// Draws a part at random, as it is spread among the training faces. The same draw gives the same.
pub fn surprise(edit: &mut Edit, part: Part, face: &FaceCode, space: &FaceSpace, draw: u64) {
    let mut chance = ChaCha8Rng::seed_from_u64(draw);
    reset(edit, part);
    let Some(unit) = UnitPart::ALL.into_iter().find(|unit| unit.part() == part) else {
        for angle in 0..3 {
            let [low, high] = Dial::Angle(angle).shaded(space);
            let turned = Uniform::new_inclusive(low, high).map_or(low, |way| way.sample(&mut chance));
            Dial::Angle(angle).set(edit, face, space, turned.round());
        }
        return;
    };
    for axis in 1..=PART_DIM as u8 {
        let dial = Dial::Axis(unit, axis);
        let [low, high] = dial.shaded(space);
        let drawn: f32 = StandardNormal.sample(&mut chance);
        dial.set(edit, face, space, drawn.clamp(low.min(high), high));
    }
}

/// The faces that show what a principal axis does: `face` with the axis put at each place of [`STRIP`], and these
/// places. None where the axis gives no face.
pub fn strip(part: UnitPart, axis: u8, face: &FaceCode, space: &FaceSpace) -> Option<Vec<FaceCode>> {
    let dial = Dial::Axis(part, axis);
    let faces = strip_values(part, axis, space).map(|value| {
        let mut edit = Edit::default();
        dial.set(&mut edit, face, space, value);
        edit.apply(face, space).ok()
    });
    faces.into_iter().collect()
}

/// Where the small faces of an axis lie on its slider.
pub fn strip_values(part: UnitPart, axis: u8, space: &FaceSpace) -> [f32; STRIP.len()] {
    let [low, high] = Dial::Axis(part, axis).shaded(space);
    STRIP.map(|t| low + t * (high - low))
}
