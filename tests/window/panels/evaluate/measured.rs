//! A set of faces of which everything is known, and a stand-in for the networks that are measured on it: the red of a
//! picture tells which face it is, and the code is the truth about it, but for yaw, which is off by a little.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::engine::Setup;
use facespace::engine::evaluation::{CardWords, Lender, Lent, Model, ModelName};
use facespace::evaluate::error::EvaluateError;
use facespace::face::{Direction, FaceCode, FaceSpace, PART_DIM, Pose};
use facespace::nn::{Code, Encoded};
use image::{ImageFormat, Rgb, RgbImage};

use super::super::{BUNDLED, PATIENCE};

/// Faces of the set, and how many of them one person has.
pub const FACES: usize = 32;
pub const OF_A_PERSON: usize = 8;
/// Degrees by which yaw is read wrong.
pub const OFF_DEG: f32 = 2.5;

/// Keeps the stand-in from encoding anything while it is shut.
#[derive(Default)]
pub struct Gate {
    pub shut: AtomicBool,
    /// Somebody stands before it, or has passed.
    pub reached: AtomicBool,
}

/// The stand-in.
struct Sitter(Arc<Gate>);

/// Lends the stand-in, whatever is asked for.
pub fn lender(gate: &Arc<Gate>) -> Box<Lender> {
    let gate = Arc::clone(gate);
    Box::new(move |_: &Setup| -> Result<Box<dyn Lent>, String> { Ok(Box::new(Sitter(Arc::clone(&gate)))) })
}

impl Lent for Sitter {
    fn take_notices(&mut self) -> Vec<String> {
        Vec::new()
    }
}

impl Model for Sitter {
    fn name(&self) -> ModelName {
        ModelName { name: "Sitter".to_owned(), fingerprint: BUNDLED.fingerprint() }
    }

    fn contents(&self) -> u64 {
        7
    }

    fn card(&self) -> CardWords {
        CardWords { data: "nothing".to_owned(), can_edit: true, ..CardWords::default() }
    }

    fn space(&self) -> &FaceSpace {
        &BUNDLED.space
    }

    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        let start = Instant::now();
        self.0.reached.store(true, Ordering::Relaxed);
        while self.0.shut.load(Ordering::Relaxed) && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
        let code = |crop: &RgbImage| {
            let f = code_of(crop.get_pixel(64, 64).0[0]).to_array();
            Encoded { z: f, f }
        };
        Ok(crops.iter().map(code).collect())
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        let number = |face: &FaceCode| (face.pose.yaw_deg - OFF_DEG).round().clamp(0.0, 255.0) as u8;
        Ok(faces.iter().map(|face| painted(number(face))).collect())
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        let faces: Vec<FaceCode> = codes.iter().filter_map(FaceCode::from_array).collect();
        self.decode(&faces)
    }
}

/// What the stand-in sees in the picture of a face.
fn code_of(number: u8) -> FaceCode {
    let number = usize::from(number);
    let [mut identity, mut expression] = [[0.0; PART_DIM]; 2];
    identity[number / OF_A_PERSON % PART_DIM] = 1.0;
    expression[number % 8] = 1.0;
    // No two faces are the same.
    (identity[PART_DIM - 1], expression[PART_DIM - 1]) = (0.01 * (number % 5) as f32, 0.01 * (number % 7) as f32);
    let samples = &BUNDLED.space.samples;
    FaceCode {
        pose: Pose { yaw_deg: number as f32 + OFF_DEG, pitch_deg: 0.0, roll_deg: 0.0 },
        identity: Direction::new(identity).unwrap(),
        expression: Direction::new(expression).unwrap(),
        ..samples[number % samples.len()]
    }
}

fn painted(number: u8) -> RgbImage {
    RgbImage::from_fn(128, 128, |x, y| Rgb([number, (x + y) as u8, (x ^ y) as u8]))
}

fn record(number: usize) -> Record {
    let mut bytes = Cursor::new(Vec::new());
    painted(number as u8).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let person = person(number / OF_A_PERSON);
    Record {
        path: format!("{person}/{person}_{:04}.png", number % OF_A_PERSON + 1),
        picture_bytes: bytes.into_inner(),
        person: Some(person),
        clip: None,
        expression: Some((number % 8) as u8),
        valence: None,
        arousal: None,
        pose_deg: Some([number as f32, 0.0, 0.0]),
        landmarks: None,
        factors: None,
    }
}

fn person(number: usize) -> String {
    ["Ada", "Ben", "Carla", "Dora"][number % 4].to_owned()
}

/// Writes the set into a folder, which it gets its name from.
pub fn set(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let rows = (0..FACES).map(|number| Ok(record(number)));
    shards::write::<WriteError>(&folder.join("album-val-00000.parquet"), rows).unwrap();
    folder.to_owned()
}

/// Writes pairs of its faces as LFW has them: ten of one person and ten of two in each of two folds.
pub fn pairs(path: &Path) -> PathBuf {
    let mut text = "2\t10\n".to_owned();
    for fold in 0..2 {
        for pair in 0..10 {
            let (a, b) = (pair % OF_A_PERSON + 1, (pair + 1 + fold) % OF_A_PERSON + 1);
            text.push_str(&format!("{}\t{a}\t{b}\n", person(pair + fold)));
        }
        for pair in 0..10 {
            let (a, b) = (pair % OF_A_PERSON + 1, (pair + fold) % OF_A_PERSON + 1);
            text.push_str(&format!("{}\t{a}\t{}\t{b}\n", person(pair), person(pair + 1 + fold)));
        }
    }
    fs::write(path, text).unwrap();
    path.to_owned()
}
