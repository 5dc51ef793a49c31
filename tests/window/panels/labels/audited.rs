//! A set of faces of which everything is known, audited once for all tests, and a stand-in for the networks that read it:
//! the red of a picture is the expression that it shows, its green tells the face.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use facespace::audit::{Budget, Options, Source, Tools, build};
use facespace::data::atomic::WriteError;
use facespace::data::sets::{Columns, Format};
use facespace::data::shards::{self, Record};
use facespace::engine::{DeviceChoice, EngineError, Ready, Setup, Worker};
use facespace::face::{CODE_DIM, Direction, Expression, FaceCode, PART_DIM, Pose};
use facespace::find::Finder;
use facespace::gallery::{FaceLabels, From, Index, NewFace};
use facespace::nn::refine::{Refined, Refiner};
use image::{ImageFormat, Rgb, RgbImage};
use rusqlite::{Connection, params};

use super::super::gallery::crowd;
use super::super::{BUNDLED, PATIENCE};
use crate::shared::copy;

pub const FACES: usize = 60;
/// Faces whose label is another one than what they show.
pub const WRONG: [(usize, Expression); 3] = [(0, Expression::Sad), (24, Expression::Happy), (48, Expression::Happy)];
/// As many are to be looked at.
pub const BUDGET: usize = 6;
/// Rows that are put into a database at once.
const BATCH: usize = 5000;

/// What the face of this number shows.
pub fn shown(number: usize) -> Expression {
    match number {
        0..24 => Expression::Happy,
        24..48 => Expression::Sad,
        _ => Expression::Neutral,
    }
}

pub fn given(number: usize) -> Expression {
    WRONG.into_iter().find(|(wrong, _)| *wrong == number).map_or_else(|| shown(number), |(_, label)| label)
}

pub fn name(number: usize) -> String {
    format!("album/{number:02}.png")
}

/// The number of the face of this name.
pub fn number(name: &str) -> usize {
    (0..FACES).find(|number| self::name(*number) == name).unwrap()
}

/// What the row of the face of this name is called.
pub fn row_named(name: &str) -> String {
    let number = number(name);
    format!("{name}, given {}, looks {}", given(number), shown(number))
}

fn red(shown: Expression) -> u8 {
    match shown {
        Expression::Happy => 200,
        Expression::Sad => 120,
        _ => 40,
    }
}

fn painted(shown: Expression, green: u8) -> RgbImage {
    RgbImage::from_fn(128, 128, |x, y| Rgb([red(shown), green, (x + y) as u8 / 2]))
}

/// What the stand-in sees in a picture.
fn code_of(picture: &RgbImage) -> FaceCode {
    let [red, green, _] = picture.get_pixel(0, 0).0;
    let shown = match red {
        161.. => Expression::Happy,
        81..161 => Expression::Sad,
        _ => Expression::Neutral,
    };
    let mut expression = [0.0; PART_DIM];
    expression[shown.index()] = 1.0;
    // No two faces are the same.
    (expression[PART_DIM - 1], expression[PART_DIM - 2]) = (0.02 * f32::from(green % 7), 0.03 * f32::from(green % 5));
    let samples = &BUNDLED.space.samples;
    FaceCode {
        pose: Pose { yaw_deg: f32::from(green), pitch_deg: 0.0, roll_deg: 0.0 },
        expression: Direction::new(expression).unwrap(),
        ..samples[usize::from(green) % samples.len()]
    }
}

/// What the stand-in draws of a code.
fn picture_of(face: &FaceCode) -> RgbImage {
    let strength = |class: &Expression| face.expression.as_array()[class.index()];
    let classes = [Expression::Happy, Expression::Sad, Expression::Neutral];
    let shown = classes.into_iter().max_by(|a, b| strength(a).total_cmp(&strength(b))).unwrap();
    painted(shown, face.pose.yaw_deg.round().clamp(0.0, 255.0) as u8)
}

/// Keeps a stand-in from encoding anything while it is shut.
#[derive(Default)]
pub struct Gate {
    pub shut: AtomicBool,
    /// Somebody stands before it, or has passed.
    pub reached: AtomicBool,
}

/// The stand-in.
pub struct Painter {
    about: Ready,
    gate: Arc<Gate>,
}

impl Painter {
    /// With the bundled weights.
    pub fn open(_: &Setup) -> Result<Box<dyn Worker>, String> {
        Ok(Self::with(BUNDLED.fingerprint(), &Arc::default()))
    }

    pub fn with(fingerprint: String, gate: &Arc<Gate>) -> Box<dyn Worker> {
        let about = Ready {
            device: "Painter".to_owned(),
            is_gpu: false,
            card: BUNDLED.card.clone(),
            space: Arc::new(BUNDLED.space.clone()),
            width: 32,
            fingerprint,
        };
        Box::new(Painter { about, gate: Arc::clone(gate) })
    }
}

impl Worker for Painter {
    fn about(&self) -> Ready {
        self.about.clone()
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        Ok(picture_of(face))
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        let start = Instant::now();
        self.gate.reached.store(true, Ordering::Relaxed);
        while self.gate.shut.load(Ordering::Relaxed) && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(code_of(crop))
    }

    fn refine_step(
        &mut self,
        _: &RgbImage,
        _: &FaceCode,
        _: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        Err(EngineError::NoCode)
    }

    fn reopened(&self, _: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        Ok(Self::with(self.about.fingerprint.clone(), &self.gate))
    }
}

/// One face of the set, two of a person.
fn record(number: usize) -> Record {
    let mut bytes = Cursor::new(Vec::new());
    painted(shown(number), 10 + number as u8).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let pleasant = match shown(number) {
        Expression::Happy => 0.7,
        Expression::Sad => -0.6,
        _ => 0.0,
    };
    Record {
        path: name(number),
        picture_bytes: bytes.into_inner(),
        person: Some(format!("person {}", number / 2)),
        clip: None,
        expression: Some(given(number).index() as u8),
        valence: Some(pleasant + 0.01 * (number % 5) as f32),
        arousal: Some(0.01 * (number % 7) as f32),
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

/// Writes these faces of the set as one shard.
pub fn write_shard(folder: &Path, shard: usize, numbers: impl Iterator<Item = usize>) {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(format!("album-train-{shard:05}.parquet"));
    shards::write::<WriteError>(&path, numbers.map(|number| Ok(record(number)))).unwrap();
}

/// The set and its audit, in a place that the next run of the tests clears.
static AUDITED: LazyLock<[PathBuf; 2]> = LazyLock::new(|| {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("window-audited");
    let _ = fs::remove_dir_all(&home);
    let [set, audit] = ["set", "audit"].map(|name| home.join(name));
    write_shard(&set, 0, 0..FACES);
    let source = Source { path: set.clone(), format: Some(Format::Shards), columns: Columns::default() };
    let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
        Ok(crops.iter().map(|crop| code_of(crop).to_array()).collect())
    };
    let mut decode =
        |faces: &[FaceCode]| -> Result<Vec<RgbImage>, String> { Ok(faces.iter().map(picture_of).collect()) };
    let finder = Finder::bundled().unwrap();
    let tools = Tools { finder, encode: &mut encode, decode: &mut decode, threads: 1 };
    let options = Options { budget: Budget::Faces(BUDGET), ..Options::default() };
    let outcome = build(&audit, &source, &crowd::model(), "other faces", tools, &options, &mut |_| true).unwrap();
    assert!(outcome.info.is_some() && !outcome.cancelled, "{outcome:?}");
    [set, audit]
});

/// Where the set lies.
pub fn set() -> &'static Path {
    &AUDITED[0]
}

/// A copy of the audit, for one test.
pub fn copy_to(folder: &Path) {
    copy(&AUDITED[1], folder);
}

/// What a row of the large audit is called: "000123.jpg".
pub fn large_name(row: usize) -> String {
    format!("{row:06}.jpg")
}

/// An audit of very many labels: the small one with other rows, of faces whose pictures are nowhere.
pub fn large(folder: &Path, count: usize) {
    copy_to(folder);
    let index = folder.join("index");
    fs::remove_dir_all(&index).unwrap();
    let keys = large_index(&index, count);
    let mut db = Connection::open(folder.join("audit.sqlite")).unwrap();
    let moment = db.transaction().unwrap();
    moment.execute_batch("DELETE FROM rows; DELETE FROM evidence; DELETE FROM reconstructions").unwrap();
    for (row, key) in keys.into_iter().enumerate() {
        let (given, predicted) = (row % 8, row / 8 % 8);
        // Any order but that of the rows.
        let quality = (row as u64 * 2_654_435_761 % 1_000_003) as f32 / 1_000_003.0;
        let qualities = [quality, quality, quality, f32::NAN, quality, f32::NAN, 0.0];
        moment
            .prepare_cached("INSERT INTO rows (face, given, predicted, person, qualities) VALUES (?1, ?2, ?3, ?4, ?5)")
            .unwrap()
            .execute(params![key, given as i64, predicted as i64, row as i64, bytes(&qualities)])
            .unwrap();
        let chances = bytes(&[0.125; 8]);
        moment
            .prepare_cached(
                "INSERT INTO evidence (face, name, fold, probabilities, averaged, votes) VALUES (?1, ?2, 0, ?3, ?3, ?3)",
            )
            .unwrap()
            .execute(params![key, large_name(row), chances])
            .unwrap();
    }
    let budget = count as i64 / 20;
    moment.execute("UPDATE about SET faces = ?1, unlabelled = 0, budget = ?2", params![count as i64, budget]).unwrap();
    moment.commit().unwrap();
}

fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The faces of the large audit, as if from one shard; their keys.
fn large_index(folder: &Path, count: usize) -> Vec<i64> {
    let shard = PathBuf::from("/shards/faces-00000.parquet");
    let pictures: Vec<_> = (0..FACES).map(|number| painted(shown(number), 10 + number as u8)).collect();
    let thumbnails: Vec<_> = pictures.iter().map(crowd::thumbnail).collect();
    let codes: Vec<_> = pictures.iter().map(|picture| code_of(picture).to_array()).collect();
    let mut index = Index::create(folder, &crowd::model()).unwrap();
    let mut keys = Vec::with_capacity(count);
    for first in (0..count).step_by(BATCH) {
        let one = |row: usize| NewFace {
            from: From::Row { shard: shard.clone(), row: row as u64, name: large_name(row) },
            number: 1,
            labels: FaceLabels { expression: Some(Expression::ALL[row % 8]), ..FaceLabels::default() },
            code: codes[row % codes.len()],
            confidence: None,
            thumbnail: thumbnails[row % thumbnails.len()].clone(),
        };
        let faces: Vec<NewFace> = (first..count.min(first + BATCH)).map(one).collect();
        keys.extend(index.insert(&faces).unwrap());
    }
    keys
}
