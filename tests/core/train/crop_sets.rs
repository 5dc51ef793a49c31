//! Small sets of drawn pictures, gathered as a training gathers them.

use std::fs::{self, OpenOptions};
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::path::Path;

use facespace::data::atomic::WriteError;
use facespace::data::crops::{CropSet, Keys, NO_EXPRESSION, NOBODY, Options, SubFolders, TRAIN, build};
use facespace::data::shards::{self, Record};
use image::{ImageFormat, Rgb, RgbImage};

/// A picture that no other number has: soft stripes in colours of its own.
pub fn picture(number: usize, side: u32) -> RgbImage {
    let wave = |v: u32, number: usize| (128.0 + 100.0 * (v as f32 / 9.0 + number as f32).sin()) as u8;
    RgbImage::from_fn(side, side, |x, y| Rgb([wave(x, number), wave(y, 3 * number), (number * 41 % 256) as u8]))
}

/// A row without labels but for angles and landmarks, which tell its number.
pub fn record(number: usize, side: u32) -> Record {
    let mut bytes = Cursor::new(Vec::new());
    picture(number, side).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let point = |i: usize| [20.0 + i as f32, 30.0 + (number % 40) as f32];
    Record {
        path: format!("{number}.png"),
        picture_bytes: bytes.into_inner(),
        person: None,
        clip: None,
        expression: None,
        valence: None,
        arousal: None,
        pose_deg: Some([number as f32 / 10.0, 0.0, 1.0]),
        landmarks: Some(std::array::from_fn(point)),
        factors: None,
    }
}

/// Gathers rows, a shard for each source, into a set in `folder`.
pub fn set_of(folder: &Path, sources: &[(&str, Vec<Record>)]) -> CropSet {
    let mut paths = Vec::new();
    for (name, rows) in sources {
        let path = folder.join(format!("{name}-train-00-of-01.parquet"));
        shards::write(&path, rows.iter().cloned().map(Ok::<_, WriteError>)).unwrap();
        paths.push(path);
    }
    let options = Options { held_out: 0, limit: 0, seed: 1, sub_folders: SubFolders::Auto };
    build(&folder.join("set"), &paths, &options, &mut |_, _| true).unwrap().train
}

/// A set of `count` pictures of 168 pixels, nothing known but what [`record`] gives.
pub fn plain_set(folder: &Path, count: usize) -> CropSet {
    let set = set_of(folder, &[("drawn", (0..count).map(|number| record(number, 168)).collect())]);
    assert_eq!(set.len(), count);
    set
}

/// Makes a picture of [`set_of`] unreadable.
pub fn damage(folder: &Path, crop: usize) {
    damage_in(&folder.join("set"), crop);
}

/// Makes a gathered picture unreadable; where it lies stands in its row of labels.
pub fn damage_in(set: &Path, crop: usize) {
    let labels = fs::read(set.join(format!("{TRAIN}.labels"))).unwrap();
    let row = &labels[8 + 592 * crop..];
    let place = u64::from_le_bytes(row[..8].try_into().unwrap());
    let length = u32::from_le_bytes(row[8..12].try_into().unwrap());
    let mut pictures = OpenOptions::new().write(true).open(set.join(format!("{TRAIN}.pictures"))).unwrap();
    pictures.seek(SeekFrom::Start(place)).unwrap();
    pictures.write_all(&vec![0; length as usize]).unwrap();
}

/// Keys row by row; persons and clips are made unique over the sources by the caller.
#[derive(Clone, Copy)]
pub struct Row {
    pub source: u16,
    pub person: Option<u32>,
    pub clip: Option<u32>,
    pub expression: Option<u8>,
    pub has: u8,
}

impl Row {
    pub const fn of(source: u16) -> Self {
        Self { source, person: None, clip: None, expression: None, has: 0 }
    }
}

pub fn keys(rows: impl IntoIterator<Item = Row>) -> Keys {
    let mut keys = Keys::default();
    for row in rows {
        keys.source.push(row.source);
        keys.person.push(row.person.unwrap_or(NOBODY));
        keys.clip.push(row.clip.unwrap_or(NOBODY));
        keys.expression.push(row.expression.unwrap_or(NO_EXPRESSION));
        keys.has.push(row.has);
    }
    keys
}
