//! Numbers that stand for what a set gives: when one has changed, the set has. Of pictures in files of their own only
//! the name counts; their sizes and times have a number apart, since a set that is copied elsewhere may get others.

use std::fs;
use std::time::UNIX_EPOCH;

use crate::data::hash::{self, Hash};
use crate::data::sets::{Entry, Marks, Picture, Problem};

/// Stands for entries that follow each other.
#[derive(Clone, Copy)]
pub(super) struct Fingerprint {
    entries: Hash,
    files: Hash,
}

/// Stands for what a set gives in one place.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    entry: u64,
    file: u64,
}

impl Fingerprint {
    pub fn new() -> Self {
        Self { entries: Hash::new("prepared"), files: Hash::new("files") }
    }

    /// Adds one of them.
    pub fn add(&mut self, mark: Mark) {
        self.entries = self.entries.number(mark.entry);
        self.files = self.files.number(mark.file);
    }

    /// Stands for what the set says.
    pub fn entries(self) -> String {
        format!("{:016x}", self.entries.end())
    }

    /// Stands for the sizes and times of its pictures' files.
    pub fn files(self) -> String {
        format!("{:016x}", self.files.end())
    }
}

/// The numbers of what a set gives in one place.
pub(super) fn of(item: &Result<Entry, Problem>) -> Mark {
    match item {
        Ok(entry) => Mark { entry: of_entry(entry), file: of_file(&entry.picture) },
        Err(Problem::Skip { key, reason }) => {
            Mark { entry: Hash::new("skip").text(key).text(&reason.to_string()).end(), file: 0 }
        }
        // Nothing comes of it.
        Err(Problem::Stop(_)) => Mark { entry: 0, file: 0 },
    }
}

/// The number of a picture's file by its size and when it was changed last; 0 where it is none or not there.
fn of_file(picture: &Picture) -> u64 {
    let Picture::File(path) = picture else { return 0 };
    let Ok(about) = fs::metadata(path) else { return 0 };
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Hash::new("file").number(about.len()).number(since.as_nanos() as u64).end()
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
