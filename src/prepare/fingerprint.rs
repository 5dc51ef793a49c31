//! Numbers that stand for what a set gives: when one has changed, the set has. Of pictures in files of their own only
//! the name counts.

use crate::data::hash::{self, Hash};
use crate::data::sets::{Entry, Marks, Picture, Problem};

/// Stands for entries that follow each other.
#[derive(Clone, Copy)]
pub(super) struct Fingerprint(Hash);

impl Fingerprint {
    pub fn new() -> Self {
        Self(Hash::new("prepared"))
    }

    /// Adds the number of one of them.
    pub fn add(&mut self, entry: u64) {
        self.0 = self.0.number(entry);
    }

    pub fn end(self) -> String {
        format!("{:016x}", self.0.end())
    }
}

/// The number of what a set gives in one place.
pub(super) fn of(item: &Result<Entry, Problem>) -> u64 {
    match item {
        Ok(entry) => of_entry(entry),
        Err(Problem::Skip { key, reason }) => Hash::new("skip").text(key).text(&reason.to_string()).end(),
        // Nothing comes of it.
        Err(Problem::Stop(_)) => 0,
    }
}

fn of_entry(entry: &Entry) -> u64 {
    let Entry { key, picture, marks, person, clip, expression, valence, arousal } = entry;
    let mut hash = Hash::new("entry").text(key);
    for name in [person, clip] {
        hash = hash.number(u64::from(name.is_some())).text(name.as_deref().unwrap_or_default());
    }
    hash = hash.number(expression.map_or(0, |class| class.index() as u64 + 1));
    for mood in [valence, arousal] {
        hash = hash.number(mood.map_or(u64::MAX, bits));
    }
    let hash = match picture {
        Picture::File(_) => hash.number(0),
        Picture::Bytes(bytes) => hash.number(1).number(hash::content(bytes)),
    };
    with_marks(hash, marks).end()
}

fn with_marks(hash: Hash, marks: &Marks) -> Hash {
    let with = |hash: Hash, numbers: &[f32]| numbers.iter().fold(hash, |hash, number| hash.number(bits(*number)));
    match marks {
        Marks::None => hash.number(0),
        Marks::Crop { landmarks, pose_deg } => {
            let points = landmarks.as_deref().map_or(&[][..], |points| points.as_flattened());
            let angles = pose_deg.as_ref().map_or(&[][..], |angles| angles.as_slice());
            let hash = hash.number(1).number(points.len() as u64).number(angles.len() as u64);
            with(with(hash, points), angles)
        }
        Marks::Points68(points) => with(hash.number(2), points.as_flattened()),
        Marks::Points5(points) => with(hash.number(3), points.as_flattened()),
        Marks::Box(place) => with(hash.number(4), &<[f32; 4]>::from(*place)),
    }
}

fn bits(value: f32) -> u64 {
    u64::from(value.to_bits())
}
