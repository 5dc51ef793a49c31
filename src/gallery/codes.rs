//! The codes of a whole collection in memory, part by part, so that a search reads the parts that it compares and no
//! others. A face takes its 99 numbers and its key, 404 bytes; there is no second copy.

use std::fmt;

use super::FaceKey;
use crate::face::{CODE_DIM, FaceCode, PART_DIM, Part, UnitPart};

/// Sums side by side in a product, so that none waits for the other: two registers of four numbers, or one of eight.
const LANES: usize = 8;

/// The codes of many faces; a face is known by its place, 0 for the first.
#[derive(Default)]
pub struct Codes {
    keys: Vec<FaceKey>,
    /// Yaw, pitch and roll in radians.
    pose: Vec<[f32; 3]>,
    /// Identity, expression and style, all of them unit vectors.
    parts: [Vec<[f32; PART_DIM]>; 3],
    /// Whether a key came after a larger one.
    unordered: bool,
}

impl Codes {
    /// Room for so many faces, taken at once.
    pub fn with_capacity(faces: usize) -> Self {
        Codes {
            keys: Vec::with_capacity(faces),
            pose: Vec::with_capacity(faces),
            parts: std::array::from_fn(|_| Vec::with_capacity(faces)),
            unordered: false,
        }
    }

    /// Adds a face by the 99 numbers of `f` (pose in radians). Numbers in which a part has no direction, or that are not
    /// finite, are no face: they are left out, and the answer is false.
    pub fn push(&mut self, key: FaceKey, f: &[f32; CODE_DIM]) -> bool {
        let Some(code) = FaceCode::from_array(f) else { return false };
        self.unordered |= self.keys.last().is_some_and(|&last| last >= key);
        self.keys.push(key);
        // As they came, and not by way of degrees.
        self.pose.push(std::array::from_fn(|i| f[Part::Pose.range().start + i]));
        for unit in UnitPart::ALL {
            self.parts[unit as usize].push(*code.unit(unit).as_array());
        }
        true
    }

    /// How many faces there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys, in the order of the places.
    pub fn keys(&self) -> &[FaceKey] {
        &self.keys
    }

    /// Yaw, pitch and roll of all faces, in radians.
    pub fn pose(&self) -> &[[f32; 3]] {
        &self.pose
    }

    /// One part of all faces, each a unit vector.
    pub fn unit(&self, part: UnitPart) -> &[[f32; PART_DIM]] {
        &self.parts[part as usize]
    }

    /// The 99 numbers of a face, pose in radians.
    pub fn numbers(&self, place: usize) -> [f32; CODE_DIM] {
        let mut f = [0.0; CODE_DIM];
        f[Part::Pose.range()].copy_from_slice(&self.pose[place]);
        for unit in UnitPart::ALL {
            f[unit.part().range()].copy_from_slice(&self.unit(unit)[place]);
        }
        f
    }

    /// The face at a place that is below [`Codes::len`].
    pub fn face(&self, place: usize) -> FaceCode {
        FaceCode::from_array(&self.numbers(place)).expect("push takes no numbers without a direction")
    }

    /// Where the face with this key stands.
    pub fn position(&self, key: FaceKey) -> Option<usize> {
        if self.unordered {
            return self.keys.iter().position(|&one| one == key);
        }
        self.keys.binary_search(&key).ok()
    }

    /// What the faces take, in bytes.
    pub fn bytes(&self) -> usize {
        self.len() * (CODE_DIM * size_of::<f32>() + size_of::<FaceKey>())
    }
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Codes").field("faces", &self.len()).finish_non_exhaustive()
    }
}

/// How alike two directions are: the cosine of the angle between unit vectors, -1 to 1.
pub fn cosine(a: &[f32; PART_DIM], b: &[f32; PART_DIM]) -> f32 {
    let mut sums = [0.0; LANES];
    add_products(&mut sums, a, b);
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Adds the products of two vectors to sums side by side. A call of its own on purpose: inlined into a loop over faces
/// it would be compiled to take the same number of several faces at a time, which lie far from each other.
#[inline(never)]
fn add_products(sums: &mut [f32; LANES], a: &[f32; PART_DIM], b: &[f32; PART_DIM]) {
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
}

/// How alike two poses are: `1 - d^2 / 2`, where `d` is the Euclidean distance over yaw, pitch and roll in radians. For
/// small angles that is the cosine of `d`, so that it can be weighed against [`cosine`]; 1 for the same pose, 0.97 at 15
/// degrees, 0 at 81, below -1 only past 114.
pub fn pose_likeness(a: &[f32; 3], b: &[f32; 3]) -> f32 {
    let squares: f32 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    1.0 - 0.5 * squares
}
