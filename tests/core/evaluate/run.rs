//! Whole evaluations, with a stand-in for the networks that shrinks pictures to 99 numbers and draws them again: far
//! quicker, and it counts what it is asked for.

mod bad_input;
mod data;
mod faces;
mod kept;
mod lacking;
mod recogniser;
mod whole;

use std::path::{Path, PathBuf};

use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::evaluate::error::EvaluateError;
use facespace::evaluate::lent::{CardWords, Model};
use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::report::{Report, SetReport};
use facespace::evaluate::run::{Outcome, evaluate};
use facespace::face::{FaceCode, FaceSpace, ModelName, Part};
use facespace::nn::{Code, Encoded};
use image::{ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use super::Noise;
use crate::data::bytes_of;
use crate::face::space;

const SIDE: u32 = 128;
/// Cells of a picture, whose colours are the code.
const ACROSS: u32 = 11;
const DOWN: u32 = 3;
/// What the length of a direction is drawn as.
const LENGTH: f32 = 2.0;
/// Pictures of a person, each with another expression.
const PER_PERSON: usize = 4;

/// Stands in for the networks.
pub struct Shrunk {
    pub space: FaceSpace,
    pub contents: u64,
    pub can_edit: bool,
    pub stretch: bool,
    /// What decoding says, where it is to fail.
    pub failure: Option<String>,
    /// Pictures that were encoded, and codes that were decoded.
    pub encoded: usize,
    pub decoded: usize,
}

impl Shrunk {
    pub fn new() -> Self {
        let space = space();
        Shrunk { space, contents: 1, can_edit: true, stretch: false, failure: None, encoded: 0, decoded: 0 }
    }
}

fn cell(x: u32, y: u32) -> usize {
    (y * DOWN / SIDE * ACROSS + x * ACROSS / SIDE) as usize
}

/// The mean colour of each cell.
fn shrunk(picture: &RgbImage) -> Code {
    let mut code = [0.0; 99];
    let mut counts = [0.0; 33];
    for (x, y, pixel) in picture.enumerate_pixels() {
        counts[cell(x, y)] += 1.0;
        for (channel, level) in pixel.0.into_iter().enumerate() {
            code[3 * cell(x, y) + channel] += (f32::from(level) - 128.0) / 128.0;
        }
    }
    code.iter_mut().enumerate().for_each(|(place, sum)| *sum /= counts[place / 3]);
    code
}

fn drawn(code: &Code) -> RgbImage {
    let level = |place: usize| (128.0 + 128.0 * code[place]).round() as u8;
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let first = 3 * cell(x, y);
        Rgb([level(first), level(first + 1), level(first + 2)])
    })
}

impl Model for Shrunk {
    fn name(&self) -> ModelName {
        ModelName { name: "shrunk".to_owned(), fingerprint: "0".repeat(16) }
    }

    fn contents(&self) -> u64 {
        self.contents
    }

    fn card(&self) -> CardWords {
        CardWords { can_edit: self.can_edit, stretch: self.stretch, ..CardWords::default() }
    }

    fn space(&self) -> &FaceSpace {
        &self.space
    }

    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        self.encoded += crops.len();
        let encoded = |crop: &RgbImage| {
            let z = shrunk(crop);
            let f = FaceCode::from_array(&z).map_or([0.0; 99], |face| face.to_array());
            Encoded { z, f }
        };
        Ok(crops.iter().map(encoded).collect())
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        if let Some(sentence) = &self.failure {
            return Err(EvaluateError::Model(sentence.clone()));
        }
        self.decoded += faces.len();
        let picture = |face: &FaceCode| {
            let mut code = face.to_array();
            code[Part::Identity.range().start..].iter_mut().for_each(|number| *number *= LENGTH);
            drawn(&code)
        };
        Ok(faces.iter().map(picture).collect())
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        self.decoded += codes.len();
        Ok(codes.iter().map(drawn).collect())
    }
}

/// A picture of a person: what is in its four parts is in cells of their own.
pub fn record(number: usize) -> Record {
    let (person, expression) = (number / PER_PERSON, number % PER_PERSON);
    let mut code = [0.0; 99];
    let sources = [number as u64 + 1, 1000 + person as u64, 2000 + expression as u64, 3000 + number as u64];
    for (part, seed) in Part::ALL.into_iter().zip(sources) {
        let mut noise = Noise::new(seed);
        code[part.range()].iter_mut().for_each(|place| *place = 0.4 * noise.next());
    }
    let face = FaceCode::from_array(&shrunk(&drawn(&code))).unwrap();
    Record {
        path: format!("faces/P{person:02}_{:04}.png", expression + 1),
        picture_bytes: bytes_of(drawn(&code), ImageFormat::Png),
        person: Some(format!("P{person:02}")),
        clip: None,
        expression: Some(expression as u8),
        valence: None,
        arousal: None,
        pose_deg: Some(face.pose.to_array_deg()),
        landmarks: None,
        factors: None,
    }
}

/// A folder `data` with shards, and a place for the report.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(desk.path("data")).unwrap();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn put(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Writes a shard with the faces of these numbers.
    pub fn shard(&self, name: &str, faces: impl IntoIterator<Item = usize>) -> PathBuf {
        self.records(name, faces.into_iter().map(record))
    }

    pub fn records(&self, name: &str, records: impl IntoIterator<Item = Record>) -> PathBuf {
        let path = self.path("data").join(name);
        shards::write(&path, records.into_iter().map(Ok::<_, WriteError>)).unwrap();
        path
    }

    pub fn report(&self) -> PathBuf {
        self.path("report")
    }

    /// Evaluates what lies in `data`, to the end.
    pub fn run(&self, model: &mut Shrunk, options: &Options) -> Outcome {
        evaluate(&[self.path("data")], model, options, &self.report(), &mut |_| true).unwrap()
    }
}

/// These parts alone.
pub fn only(parts: &[PartName]) -> Options {
    Options { parts: parts.to_vec(), ..Options::default() }
}

/// The one set of a report.
pub fn the_set(report: &Report) -> &SetReport {
    assert_eq!(report.sets.len(), 1);
    &report.sets[0]
}

pub fn parts_of(set: &SetReport) -> Vec<PartName> {
    set.sections.iter().map(|section| section.part).collect()
}

/// Why a part is not there.
pub fn why(set: &SetReport, part: PartName) -> &str {
    &set.unmeasured.iter().find(|unmeasured| unmeasured.part == part).unwrap().why
}

/// One sentence: a capital first, no period at the end.
pub fn assert_sentence(text: &str) {
    assert!(text.starts_with(|first: char| first.is_uppercase()), "{text}");
    assert!(!text.ends_with('.') && !text.contains('\n'), "{text}");
}

pub fn is_there(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}
