//! Each format on a small copy of its real layout, which the test writes.

mod affectnet;
mod affectnet_npy;
mod celeba;
mod classes;
mod folders;
mod lfw;
mod recognise;
mod relabel;
mod shards;
mod table;
mod vggface2;
mod voxceleb;

use std::fs;
use std::path::Path;

use facespace::data::sets::{Columns, Entry, Format, Problem, Reason, Set, Split, open};
use facespace::face::Landmarks;
use image::{ImageFormat, Rgb, RgbImage};

use crate::data::bytes_of;

/// Writes a small picture, and the folders that it lies in.
pub fn picture(root: &Path, path: &str) {
    let flat = RgbImage::from_pixel(8, 10, Rgb([120, 90, 60]));
    let format = if path.ends_with(".png") { ImageFormat::Png } else { ImageFormat::Jpeg };
    file(root, path, &bytes_of(flat, format));
}

/// Writes a file, and the folders that it lies in.
pub fn file(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

pub fn opened(path: &Path, format: Format) -> Box<dyn Set> {
    open(path, Some(format), &Columns::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Why a set is not opened.
pub fn refusal(path: &Path, format: Option<Format>) -> String {
    open(path, format, &Columns::default()).err().unwrap().to_string()
}

/// The entries of a part, and what was left out with its reason.
pub fn read(set: &dyn Set, split: Split) -> (Vec<Entry>, Vec<(String, Reason)>) {
    let (mut entries, mut skipped) = (Vec::new(), Vec::new());
    for item in set.entries(split).unwrap() {
        match item {
            Ok(entry) => entries.push(entry),
            Err(Problem::Skip { key, reason }) => skipped.push((key, reason)),
            Err(Problem::Stop(error)) => panic!("{error}"),
        }
    }
    (entries, skipped)
}

/// The keys of entries.
pub fn keys(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.key.as_str()).collect()
}

/// What was left out, as it is counted.
pub fn told(skipped: &[(String, Reason)]) -> Vec<(&str, String)> {
    skipped.iter().map(|(key, reason)| (key.as_str(), reason.to_string())).collect()
}

/// Why the reading of a part ends early; what it gives before that does not matter.
pub fn stop(set: &dyn Set, split: Split) -> String {
    let stopped = set.entries(split).unwrap().find_map(|item| match item {
        Err(Problem::Stop(error)) => Some(error.to_string()),
        _ => None,
    });
    stopped.unwrap()
}

/// 68 landmarks of a level face with its eyes 40 pixels apart, moved by `dx`.
pub fn points(dx: f32) -> Landmarks {
    std::array::from_fn(|i| {
        let [x, y] = match i {
            36..42 => [30.0, 40.0],
            42..48 => [70.0, 40.0],
            48 => [38.0, 80.0],
            54 => [62.0, 80.0],
            _ => [50.0, 60.0 + i as f32 / 4.0],
        };
        [x + dx, y]
    })
}
