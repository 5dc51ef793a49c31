//! Gathering the pictures of a training, on shards and folders made here.

mod bad_input;
mod kept;
mod memory;
mod sets;

use std::fs;
use std::path::{Path, PathBuf};

use facespace::data::atomic::WriteError;
use facespace::data::crops::{Built, CropSetError, Options, SubFolders, build};
use facespace::data::shards::{self, Record};
use image::ImageFormat;

use super::{bytes_of, pattern};

const OPTIONS: Options = Options { held_out: 500, limit: 0, seed: 7, sub_folders: SubFolders::Auto };

/// A crop that is `side` pixels wide.
fn jpeg(side: u32) -> Vec<u8> {
    bytes_of(pattern(side, side), ImageFormat::Jpeg)
}

fn bare(picture_bytes: Vec<u8>) -> Record {
    Record {
        path: "p.jpg".to_owned(),
        picture_bytes,
        person: None,
        clip: None,
        expression: None,
        valence: None,
        arousal: None,
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

/// 68 different points within 128 pixels.
fn points() -> [[f32; 2]; 68] {
    std::array::from_fn(|i| [20.0 + i as f32, 100.5 - i as f32])
}

/// A record of a person with every label.
fn full(person: &str, clip: &str) -> Record {
    Record {
        person: Some(person.to_owned()),
        clip: Some(clip.to_owned()),
        expression: Some(1),
        valence: Some(0.5),
        arousal: Some(-0.25),
        pose_deg: Some([10.0, -5.0, 2.0]),
        landmarks: Some(points()),
        ..bare(jpeg(128))
    }
}

/// `people` people with `each` pictures.
fn crowd(people: usize, each: usize) -> Vec<Record> {
    let of = |person: usize| (0..each).map(move |_| full(&format!("p{person}"), "c"));
    (0..people).flat_map(of).collect()
}

fn shard(folder: &Path, name: &str, rows: Vec<Record>) -> PathBuf {
    let path = folder.join(name);
    shards::write(&path, rows.into_iter().map(Ok::<_, WriteError>)).unwrap();
    path
}

/// Gathers into `folder/set`, which nothing interrupts.
fn gather(folder: &Path, paths: &[PathBuf], options: &Options) -> Result<Built, CropSetError> {
    build(&folder.join("set"), paths, options, &mut |_, _| true)
}

/// The sentence of why that does not work.
fn refusal(folder: &Path, paths: &[PathBuf]) -> String {
    gather(folder, paths, &OPTIONS).unwrap_err().to_string()
}

fn picture_in(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
