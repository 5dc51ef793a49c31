//! Indexes of invented faces, of which everything is known, put together without networks.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use facespace::face::{Crop, Direction, Expression, FaceCode, ModelName, PART_DIM, Pose};
use facespace::gallery::{FaceLabels, From, Index, NewFace, THUMBNAIL_SIDE};
use image::{ImageFormat, Rgb, RgbImage};

use super::super::BUNDLED;

pub const PEOPLE: [&str; 5] = ["anna", "ben", "carla", "dora", "emil"];
/// Pictures of each of them, one an expression.
pub const EXPRESSIONS: [Expression; 4] =
    [Expression::Neutral, Expression::Happy, Expression::Sad, Expression::Surprise];
/// All of them, with one picture that is there twice.
pub const FACES: usize = PEOPLE.len() * EXPRESSIONS.len() + 1;
/// The second one of those two.
pub const COPY: &str = "anna-0-copy.png";
/// Faces that are put into an index at once.
const BATCH: usize = 5000;

/// The weights of the stand-in.
pub fn model() -> ModelName {
    ModelName { name: BUNDLED.card.name.clone(), fingerprint: BUNDLED.fingerprint() }
}

/// "anna-0.png".
pub fn name(person: usize, number: usize) -> String {
    format!("{}-{number}.png", PEOPLE[person])
}

/// A direction near an axis, turned away from it towards another that nobody else comes near.
fn near(axis: usize, off: f32) -> Direction {
    let mut vector = [0.0; PART_DIM];
    (vector[axis], vector[PART_DIM / 2 + axis]) = (1.0, off);
    Direction::new(vector).unwrap()
}

/// Who it is by identity, what the face does by expression; each picture is turned another way and has a style of its own.
pub fn code(person: usize, number: usize) -> FaceCode {
    let mut style = [0.1; PART_DIM];
    style[person * EXPRESSIONS.len() + number] = 1.0;
    FaceCode {
        pose: Pose { yaw_deg: 15.0 * number as f32 - 20.0, pitch_deg: person as f32, roll_deg: 0.0 },
        identity: near(person, 0.25 * number as f32),
        expression: near(number, 0.05 * person as f32),
        style: Direction::new(style).unwrap(),
    }
}

/// A picture that the stand-in takes for a crop; another one for each face.
fn picture(person: usize, number: usize) -> RgbImage {
    let [red, green] = [40 * person as u8 + 30, 50 * number as u8 + 30];
    RgbImage::from_fn(128, 128, |x, y| Rgb([red, green, (x + y) as u8]))
}

pub fn thumbnail(picture: &RgbImage) -> Vec<u8> {
    let small = image::imageops::thumbnail(picture, THUMBNAIL_SIDE, THUMBNAIL_SIDE);
    let mut bytes = Cursor::new(Vec::new());
    small.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// An index of five people with four pictures each, and of one copy. Pictures lie in `pictures`.
pub fn index(folder: &Path, pictures: &Path) {
    fs::create_dir_all(pictures).unwrap();
    let each = (0..PEOPLE.len()).flat_map(|person| (0..EXPRESSIONS.len()).map(move |number| (person, number)));
    let mut faces: Vec<NewFace> =
        each.map(|(person, number)| face(&pictures.join(name(person, number)), person, number)).collect();
    faces.push(face(&pictures.join(COPY), 0, 0));
    Index::create(folder, &model()).unwrap().insert(&faces).unwrap();
}

fn face(path: &Path, person: usize, number: usize) -> NewFace {
    let picture = picture(person, number);
    picture.save(path).unwrap();
    NewFace {
        from: From::Photo {
            path: path.to_owned(),
            square: Crop::level([64.0, 64.0], 64.0),
            found: None,
            size: picture.dimensions(),
        },
        number: 1,
        labels: FaceLabels { expression: Some(EXPRESSIONS[number]), ..FaceLabels::default() },
        code: code(person, number).to_array(),
        confidence: None,
        thumbnail: thumbnail(&picture),
    }
}

/// An index of very many faces, all different, as if from one shard.
pub fn large(folder: &Path, count: usize) {
    let shard = PathBuf::from("/shards/faces-00000.parquet");
    let thumbnails: Vec<Vec<u8>> =
        (0..PEOPLE.len()).flat_map(|person| (0..4).map(move |number| thumbnail(&picture(person, number)))).collect();
    let mut index = Index::create(folder, &model()).unwrap();
    for first in (0..count).step_by(BATCH) {
        let one = |row: usize| NewFace {
            from: From::Row { shard: shard.clone(), row: row as u64, name: format!("{row:06}.jpg") },
            number: 1,
            labels: FaceLabels::default(),
            code: scattered(row).to_array(),
            confidence: None,
            thumbnail: thumbnails[row % thumbnails.len()].clone(),
        };
        let faces: Vec<NewFace> = (first..count.min(first + BATCH)).map(one).collect();
        index.insert(&faces).unwrap();
    }
}

/// A code that no other row has.
fn scattered(row: usize) -> FaceCode {
    let part = |shift: f32| {
        let number = |i: usize| (row as f32 * 0.37 + shift + i as f32 * (1.0 + row as f32 * 1e-4)).sin();
        Direction::new(std::array::from_fn(number)).unwrap()
    };
    let pose = Pose { yaw_deg: (row % 81) as f32 - 40.0, pitch_deg: (row % 31) as f32 - 15.0, roll_deg: 0.0 };
    FaceCode { pose, identity: part(0.0), expression: part(1.0), style: part(2.0) }
}
