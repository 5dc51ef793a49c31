//! Whether a face with a part of another face shows what was asked for: a part is swapped, the code decoded, the picture
//! encoded again. The swapped part should be the other face's, and the others should be where they were (Eq. 8 of the
//! paper, used as a measure). Whoever has networks decodes and encodes; all figures are in degrees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Draws, Measured};
use super::diversity::shuffled;
use crate::face::transfer::transfer;
use crate::face::{FaceCode, Part, PartAngles};

/// What swaps come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// How far faces without a swap are from their own code once they are decoded and encoded again; none where that was
    /// not tried. What swaps cost beyond it is their own.
    pub unedited: Option<Vec<Moved>>,
    /// A swap of each part that was tried.
    pub swaps: Vec<Swap>,
}

/// What a swap of one part comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swap {
    /// Name of the part that was taken from another face.
    pub part: String,
    /// How far it was asked to go: from the face's own to the other's.
    pub way: Measured,
    /// How far the part that is seen is from the one that was asked for.
    pub error: Measured,
    /// How far each of the other parts is from where it was.
    pub drift: Vec<Moved>,
}

/// How far a part is from where it should be: the angle between two directions, the mean absolute difference of the
/// three angles of pose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    pub part: String,
    pub deg: Measured,
}

/// For each face the one whose parts it takes: never itself, and never another of its own person as long as no person
/// has more than half of the faces. Every face gives once. `people` has a number for each face, equal for faces of one
/// person. None where there are fewer than two faces.
pub fn partners(people: &[usize], seed: u64) -> Option<Vec<usize>> {
    if people.len() < 2 {
        return None;
    }
    let mut by_person: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for face in shuffled(people.len(), seed) {
        by_person.entry(people[face]).or_default().push(face);
    }
    let largest = by_person.values().map(Vec::len).max().unwrap_or(1);
    // Person after person, in any order of people; a step as long as the largest of them leaves every person.
    let mut groups: Vec<Vec<usize>> = by_person.into_values().collect();
    let order: Vec<usize> =
        shuffled(groups.len(), seed).into_iter().flat_map(|group| std::mem::take(&mut groups[group])).collect();
    let step = if largest < order.len() { largest } else { 1 };
    let mut partners = vec![0; order.len()];
    for (place, &face) in order.iter().enumerate() {
        partners[face] = order[(place + step) % order.len()];
    }
    Some(partners)
}

/// Every face with a part of its partner.
pub fn swapped(codes: &[FaceCode], partners: &[usize], part: Part) -> Vec<FaceCode> {
    codes.iter().zip(partners).map(|(own, &partner)| transfer(&codes[partner], own, &[part], 1.0)).collect()
}

/// Faces that were decoded and encoded again, added up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    unedited: Seen,
    swapped: [Seen; Part::ALL.len()],
}

/// Of faces with the same part swapped.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// Their numbers.
    faces: Vec<usize>,
    /// What was asked for against what is seen.
    apart: Vec<PartAngles>,
    /// What the faces were against what was asked for.
    way: Vec<PartAngles>,
}

impl Tally {
    /// Adds a face by its number: the part that was `swapped` (none where nothing was), its `own` code, the one that was
    /// `asked` for, and the code of that one's picture.
    pub fn add(&mut self, face: usize, swapped: Option<Part>, own: &FaceCode, asked: &FaceCode, again: &FaceCode) {
        let seen = match swapped {
            Some(part) => &mut self.swapped[part as usize],
            None => &mut self.unedited,
        };
        seen.faces.push(face);
        seen.apart.push(PartAngles::between(asked, again));
        seen.way.push(PartAngles::between(own, asked));
    }

    /// What it comes to; `people` has a number for every face that was added, equal for faces of one person. None where
    /// no part was swapped.
    pub fn finish(&self, seed: u64, people: &[usize]) -> Option<Table> {
        let swap = |part: Part| {
            let seen = &self.swapped[part as usize];
            let others = Part::ALL.into_iter().filter(|other| *other != part);
            let figure = |angles: &[PartAngles], part| seen.mean_deg(angles, part, seed, people);
            Some(Swap {
                part: part.name().to_owned(),
                way: figure(&seen.way, part)?,
                error: figure(&seen.apart, part)?,
                drift: seen.moved(others, seed, people)?,
            })
        };
        let swaps: Vec<Swap> = Part::ALL.into_iter().filter_map(swap).collect();
        let unedited = self.unedited.moved(Part::ALL.into_iter(), seed, people);
        (!swaps.is_empty()).then_some(Table { unedited, swaps })
    }
}

impl Seen {
    /// None of no faces.
    fn moved(&self, parts: impl Iterator<Item = Part>, seed: u64, people: &[usize]) -> Option<Vec<Moved>> {
        parts
            .map(|part| {
                let deg = self.mean_deg(&self.apart, part, seed, people)?;
                Some(Moved { part: part.name().to_owned(), deg })
            })
            .collect()
    }

    fn mean_deg(&self, angles: &[PartAngles], part: Part, seed: u64, people: &[usize]) -> Option<Measured> {
        let who: Vec<usize> = self.faces.iter().map(|&face| people[face]).collect();
        let values: Vec<f64> = angles.iter().map(|angles| f64::from(angles.part_deg(part))).collect();
        bootstrap::mean(&values, Draws::by_group(seed, &who))
    }
}
