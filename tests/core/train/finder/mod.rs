//! Training the finder, on pictures that are drawn here.

mod learning;
mod material;
mod pictures;
mod targets;

use std::path::{Path, PathBuf};

use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::data::synth::{self, Photograph, photograph};
use facespace::face::FaceBox;
use image::{ImageFormat, RgbImage};

use crate::data::{bytes_of, scenes};

/// A record of a picture with one labelled face.
pub fn record(path: &str, person: Option<&str>, picture: &RgbImage, landmarks: [[f32; 2]; 68]) -> Record {
    Record {
        path: path.to_owned(),
        picture_bytes: bytes_of(picture.clone(), ImageFormat::Png),
        person: person.map(str::to_owned),
        clip: None,
        expression: None,
        valence: None,
        arousal: None,
        pose_deg: Some([0.0; 3]),
        landmarks: Some(landmarks),
        factors: None,
    }
}

pub fn write(path: &Path, rows: Vec<Record>) {
    shards::write(path, rows.into_iter().map(Ok::<_, WriteError>)).unwrap();
}

/// A face of someone, looking in some direction, in a photograph of its own.
fn portrait(number: u64) -> Record {
    let Photograph { picture, faces, poses } = photograph(number, (120, 100), 1);
    let path = format!("portrait-{number}.png");
    Record { pose_deg: Some(poses[0].to_array_deg()), ..record(&path, None, &picture, faces[0]) }
}

/// Shards of drawn crops, photographs and scenes.
pub fn drawn_shards(folder: &Path) -> Vec<PathBuf> {
    write(&folder.join("drawn-train-00-of-01.parquet"), (0..6).map(|person| synth::record(3, 16 * person)).collect());
    write(&folder.join("loose-drawn-train-00-of-01.parquet"), (100..110).map(portrait).collect());
    let with_face = photograph(7, (130, 110), 1);
    let frame = FaceBox::from_landmarks(&with_face.faces[0]).unwrap();
    let rows: Vec<_> = (0..4)
        .map(|number| match number {
            0 => scenes::scene("scene-0.png", &with_face.picture, &[(frame.into(), true)]),
            _ => scenes::scene(&format!("scene-{number}.png"), &photograph(number, (130, 110), 0).picture, &[]),
        })
        .collect();
    scenes::write(&folder.join("scenes-train-00-of-01.parquet"), &rows);
    vec![folder.to_owned()]
}
