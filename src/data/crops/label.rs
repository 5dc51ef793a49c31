//! What is known of a gathered picture, its row in `NAME.labels`, and the part of all rows that stays in memory.
//!
//! The file begins with [`MAGIC`]; row i begins at 8 + 592 i. A row, all numbers little endian:
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | place of the picture in `NAME.pictures`, u64 |
//! | 8..12 | its length in bytes, u32 |
//! | 12..14 | source, u16 |
//! | 14 | expression, u8; 255 none |
//! | 15 | what is there: bit 0 pose, 1 landmarks, 2 valence and arousal |
//! | 16..20 | person, u32; 4294967295 nobody known |
//! | 20..24 | clip, u32; the same |
//! | 24..36 | yaw, pitch, roll in degrees, f32 |
//! | 36..44 | valence, arousal, f32 |
//! | 44..588 | 68 landmarks, x and y each, f32, in pixels of the stored picture |
//! | 588..592 | 0 |
//!
//! What is not there is 0.

use crate::face::Expression;

/// First bytes of a file of labels; the last digit is the layout's version.
pub(super) const MAGIC: [u8; 8] = *b"FSCROPS1";
/// Bytes of a row.
pub(super) const ROW: usize = 592;

/// Stands for a person or clip that is not known in [`Keys`].
pub const NOBODY: u32 = u32::MAX;
/// Stands for an expression that is not known in [`Keys`].
pub const NO_EXPRESSION: u8 = u8::MAX;

const HAS_POSE: u8 = 1;
const HAS_LANDMARKS: u8 = 1 << 1;
const HAS_VALENCE_AROUSAL: u8 = 1 << 2;

const POSE: usize = 24;
const MOOD: usize = 36;
const LANDMARKS: usize = 44;

/// What is known of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Label {
    /// Which of [`super::CropSet::sources`].
    pub source: u16,
    /// Unique over all sources, and the same number in the held-back set.
    pub person: Option<u32>,
    /// Unique over all people.
    pub clip: Option<u32>,
    pub expression: Option<Expression>,
    /// Each -1 to 1.
    pub valence_arousal: Option<[f32; 2]>,
    /// Yaw, pitch, roll in degrees.
    pub pose_deg: Option<[f32; 3]>,
    /// In pixels of the stored picture.
    pub landmarks: Option<Box<[[f32; 2]; 68]>>,
}

/// The part of all labels that batches are chosen by, 12 bytes a picture; one entry a picture in each list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    pub source: Vec<u16>,
    /// [`NOBODY`] where not known.
    pub person: Vec<u32>,
    /// [`NOBODY`] where not known.
    pub clip: Vec<u32>,
    /// A class's place in [`Expression::ALL`]; [`NO_EXPRESSION`] where not known.
    pub expression: Vec<u8>,
    /// Bit 0: pose, 1: landmarks, 2: valence and arousal.
    pub has: Vec<u8>,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Where the picture begins, and how many bytes it has.
    pub place: u64,
    pub length: u32,
    pub label: Label,
}

impl Row {
    pub fn to_bytes(&self) -> [u8; ROW] {
        let Label { source, person, clip, expression, valence_arousal, pose_deg, landmarks } = &self.label;
        let mut row = [0; ROW];
        put(&mut row, 0, &self.place.to_le_bytes());
        put(&mut row, 8, &self.length.to_le_bytes());
        put(&mut row, 12, &source.to_le_bytes());
        row[14] = expression.map_or(NO_EXPRESSION, |class| class.index() as u8);
        put(&mut row, 16, &person.unwrap_or(NOBODY).to_le_bytes());
        put(&mut row, 20, &clip.unwrap_or(NOBODY).to_le_bytes());
        if let Some(angles) = pose_deg {
            row[15] |= HAS_POSE;
            put_floats(&mut row, POSE, angles);
        }
        if let Some(mood) = valence_arousal {
            row[15] |= HAS_VALENCE_AROUSAL;
            put_floats(&mut row, MOOD, mood);
        }
        if let Some(points) = landmarks {
            row[15] |= HAS_LANDMARKS;
            put_floats(&mut row, LANDMARKS, points.as_flattened());
        }
        row
    }

    pub fn from_bytes(row: &[u8; ROW]) -> Self {
        let has = |bit| row[15] & bit != 0;
        let known = |at| Some(u32::from_le_bytes(take(row, at))).filter(|&id| id != NOBODY);
        let label = Label {
            source: u16::from_le_bytes(take(row, 12)),
            person: known(16),
            clip: known(20),
            expression: Expression::ALL.get(usize::from(row[14])).copied(),
            valence_arousal: has(HAS_VALENCE_AROUSAL).then(|| [float(row, MOOD), float(row, MOOD + 4)]),
            pose_deg: has(HAS_POSE).then(|| [0, 4, 8].map(|step| float(row, POSE + step))),
            landmarks: has(HAS_LANDMARKS)
                .then(|| Box::new(std::array::from_fn(|i| [0, 4].map(|step| float(row, LANDMARKS + 8 * i + step))))),
        };
        Self { place: u64::from_le_bytes(take(row, 0)), length: u32::from_le_bytes(take(row, 8)), label }
    }
}

impl Keys {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            source: Vec::with_capacity(rows),
            person: Vec::with_capacity(rows),
            clip: Vec::with_capacity(rows),
            expression: Vec::with_capacity(rows),
            has: Vec::with_capacity(rows),
        }
    }

    pub(super) fn push(&mut self, row: &[u8; ROW]) {
        self.source.push(u16::from_le_bytes(take(row, 12)));
        self.expression.push(row[14]);
        self.has.push(row[15]);
        self.person.push(u32::from_le_bytes(take(row, 16)));
        self.clip.push(u32::from_le_bytes(take(row, 20)));
    }
}

fn put(row: &mut [u8; ROW], at: usize, bytes: &[u8]) {
    row[at..at + bytes.len()].copy_from_slice(bytes);
}

fn put_floats(row: &mut [u8; ROW], at: usize, values: &[f32]) {
    for (i, value) in values.iter().enumerate() {
        put(row, at + 4 * i, &value.to_le_bytes());
    }
}

fn take<const N: usize>(row: &[u8; ROW], at: usize) -> [u8; N] {
    std::array::from_fn(|i| row[at + i])
}

fn float(row: &[u8; ROW], at: usize) -> f32 {
    f32::from_le_bytes(take(row, at))
}
