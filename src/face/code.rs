//! The face code: 99 numbers in four parts (section 3 of the paper), three of them directions on a sphere.

use std::f32::consts::PI;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Numbers in a face code.
pub const CODE_DIM: usize = 99;
/// Numbers in each of identity, expression and style.
pub const PART_DIM: usize = 32;
/// A sum of directions shorter than this points nowhere and is refused.
pub const MIN_LENGTH: f32 = 1e-3;

/// One of the four things a face code tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    Pose,
    Identity,
    Expression,
    Style,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::Pose, Part::Identity, Part::Expression, Part::Style];

    /// Where the part stands in the 99 numbers.
    pub fn range(self) -> Range<usize> {
        match self {
            Part::Pose => 0..3,
            Part::Identity => 3..35,
            Part::Expression => 35..67,
            Part::Style => 67..99,
        }
    }

    /// The same part as one of the three unit vectors; none for pose.
    pub fn unit(self) -> Option<UnitPart> {
        UnitPart::ALL.into_iter().find(|unit| unit.part() == self)
    }

    pub fn name(self) -> &'static str {
        match self {
            Part::Pose => "pose",
            Part::Identity => "identity",
            Part::Expression => "expression",
            Part::Style => "style",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is none of the known ones; its sentence lists them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("There is no {kind} called \"{name}\"; choose one of {known}")]
pub struct UnknownName {
    pub kind: &'static str,
    pub name: String,
    pub known: String,
}

/// The one of `all` that has this name.
pub(super) fn by_name<T: Copy>(
    kind: &'static str,
    all: &[T],
    name_of: fn(T) -> &'static str,
    name: &str,
) -> Result<T, UnknownName> {
    all.iter().copied().find(|&one| name_of(one) == name).ok_or_else(|| UnknownName {
        kind,
        name: name.to_owned(),
        known: all.iter().map(|&one| name_of(one)).collect::<Vec<_>>().join(", "),
    })
}

impl FromStr for Part {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        by_name("part", &Part::ALL, Part::name, name)
    }
}

/// One of the three parts that are unit vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitPart {
    Identity,
    Expression,
    Style,
}

impl UnitPart {
    pub const ALL: [UnitPart; 3] = [UnitPart::Identity, UnitPart::Expression, UnitPart::Style];

    pub fn part(self) -> Part {
        match self {
            UnitPart::Identity => Part::Identity,
            UnitPart::Expression => Part::Expression,
            UnitPart::Style => Part::Style,
        }
    }

    pub fn name(self) -> &'static str {
        self.part().name()
    }
}

impl fmt::Display for UnitPart {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for UnitPart {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        by_name("part with numbered axes", &UnitPart::ALL, UnitPart::name, name)
    }
}

/// Head rotation in degrees: yaw + turns the nose to the image's right, pitch + lifts it, roll + is clockwise in the
/// image.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Pose {
    pub yaw_deg: f32,
    pub pitch_deg: f32,
    pub roll_deg: f32,
}

impl Pose {
    /// The names of the three angles, in the order of the code.
    pub const NAMES: [&'static str; 3] = ["yaw", "pitch", "roll"];

    pub fn from_array_deg([yaw_deg, pitch_deg, roll_deg]: [f32; 3]) -> Self {
        Pose { yaw_deg, pitch_deg, roll_deg }
    }

    pub fn to_array_deg(self) -> [f32; 3] {
        [self.yaw_deg, self.pitch_deg, self.roll_deg]
    }

    /// The straight line from one pose to another; `t` 0 is `self`, 1 is `other`.
    pub fn between(self, other: Pose, t: f32) -> Pose {
        // What is taken in full is what the other has, to the bit.
        if t == 1.0 {
            return other;
        }
        let (a, b) = (self.to_array_deg(), other.to_array_deg());
        Pose::from_array_deg(std::array::from_fn(|i| a[i] + t * (b[i] - a[i])))
    }
}

/// How far the length of a direction may miss 1 by rounding alone.
const ROUNDING: f32 = 4e-6;

/// A unit vector of 32 numbers, which is also its form in files. Read back, it is the same to the bit; numbers of
/// another length are brought to length 1.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(into = "[f32; PART_DIM]", try_from = "[f32; PART_DIM]")]
pub struct Direction([f32; PART_DIM]);

/// Numbers that are no direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these {PART_DIM} numbers are all but zero, or not finite, and give no direction")]
pub struct NoDirection;

impl From<Direction> for [f32; PART_DIM] {
    fn from(direction: Direction) -> Self {
        direction.0
    }
}

impl TryFrom<[f32; PART_DIM]> for Direction {
    type Error = NoDirection;

    fn try_from(numbers: [f32; PART_DIM]) -> Result<Self, NoDirection> {
        let length = numbers.iter().map(|v| v * v).sum::<f32>().sqrt();
        if (length - 1.0).abs() <= ROUNDING {
            return Ok(Direction(numbers));
        }
        Direction::new(numbers).ok_or(NoDirection)
    }
}

impl Direction {
    /// The direction of a vector; none where it is shorter than [`MIN_LENGTH`] or not finite.
    pub fn new(vector: [f32; PART_DIM]) -> Option<Self> {
        let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
        (length.is_finite() && length >= MIN_LENGTH).then(|| Direction(vector.map(|v| v / length)))
    }

    pub fn as_array(&self) -> &[f32; PART_DIM] {
        &self.0
    }

    /// The angle between two directions, in degrees, 0 to 180.
    pub fn angle_deg(&self, other: &Direction) -> f32 {
        self.angle(other).to_degrees()
    }

    /// The way along the sphere; `t` 0 is `self`, 1 is `other`, beyond either end the great circle goes on. Between
    /// opposite directions every way is as short; the one taken passes through a fixed perpendicular.
    pub fn slerp(&self, other: &Direction, t: f32) -> Direction {
        // What is taken in full is what the other has, to the bit.
        if t == 1.0 {
            return *other;
        }
        let angle = self.angle(other);
        if angle < 1e-6 {
            return *self;
        }
        let towards = self.perpendicular_towards(other);
        let (sin, cos) = (t * angle).sin_cos();
        // Cannot be short: the two terms are orthogonal unit vectors.
        Direction(std::array::from_fn(|i| cos * self.0[i] + sin * towards[i]))
    }

    /// From the chord's length, which stays exact where the cosine is flat.
    fn angle(&self, other: &Direction) -> f32 {
        let norm =
            |sign: f32| self.0.iter().zip(&other.0).map(|(a, b)| (a + sign * b) * (a + sign * b)).sum::<f32>().sqrt();
        2.0 * norm(-1.0).atan2(norm(1.0)).min(PI)
    }

    /// The unit vector at right angles to `self` in the plane of both.
    fn perpendicular_towards(&self, other: &Direction) -> [f32; PART_DIM] {
        let reject = |v: &[f32; PART_DIM]| {
            let dot: f32 = self.0.iter().zip(v).map(|(a, b)| a * b).sum();
            std::array::from_fn(|i| v[i] - dot * self.0[i])
        };
        let rejected = Direction::new(reject(&other.0)).unwrap_or_else(|| {
            let smallest = (0..PART_DIM).min_by(|&i, &j| self.0[i].abs().total_cmp(&self.0[j].abs()));
            let mut axis = [0.0; PART_DIM];
            axis[smallest.unwrap_or(0)] = 1.0;
            // The smallest of 32 coordinates of a unit vector is below 0.18, so the rest of the axis is long.
            Direction::new(reject(&axis)).unwrap_or(*self)
        });
        rejected.0
    }
}

/// A face as the method writes it: `f`, the disentangled code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceCode {
    pub pose: Pose,
    pub identity: Direction,
    pub expression: Direction,
    pub style: Direction,
}

impl FaceCode {
    /// From the 99 numbers of `f` (pose in radians); none where a part has no direction or the pose is not finite.
    pub fn from_array(f: &[f32; CODE_DIM]) -> Option<Self> {
        let unit = |part: Part| Direction::new(std::array::from_fn(|i| f[part.range().start + i]));
        let pose = Pose::from_array_deg(std::array::from_fn(|i| f[i].to_degrees()));
        pose.to_array_deg().iter().all(|angle| angle.is_finite()).then_some(())?;
        Some(FaceCode {
            pose,
            identity: unit(Part::Identity)?,
            expression: unit(Part::Expression)?,
            style: unit(Part::Style)?,
        })
    }

    /// The 99 numbers of `f`, pose in radians.
    pub fn to_array(&self) -> [f32; CODE_DIM] {
        let mut f = [0.0; CODE_DIM];
        f[Part::Pose.range()].copy_from_slice(&self.pose.to_array_deg().map(f32::to_radians));
        for part in UnitPart::ALL {
            f[part.part().range()].copy_from_slice(self.unit(part).as_array());
        }
        f
    }

    /// Names of the 99 columns of a table of faces: pose in degrees, then the 32 numbers of each part.
    pub fn columns() -> Vec<String> {
        let pose = Pose::NAMES.iter().map(|name| format!("{name}_deg"));
        let parts = UnitPart::ALL.iter().flat_map(|part| (0..PART_DIM).map(move |i| format!("{part}.{i}")));
        pose.chain(parts).collect()
    }

    /// The numbers under those names.
    pub fn values(&self) -> Vec<f32> {
        let parts = UnitPart::ALL.iter().flat_map(|&part| *self.unit(part).as_array());
        self.pose.to_array_deg().into_iter().chain(parts).collect()
    }

    pub fn unit(&self, part: UnitPart) -> &Direction {
        match part {
            UnitPart::Identity => &self.identity,
            UnitPart::Expression => &self.expression,
            UnitPart::Style => &self.style,
        }
    }

    pub fn unit_mut(&mut self, part: UnitPart) -> &mut Direction {
        match part {
            UnitPart::Identity => &mut self.identity,
            UnitPart::Expression => &mut self.expression,
            UnitPart::Style => &mut self.style,
        }
    }
}
