//! A set of drawn crops, and audits of it by stand-ins for the networks: the red of a picture is the expression that it
//! shows, its green which face it is.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use facespace::audit::{
    Audit, AuditError, Budget, Options, Outcome, Progress, Row, Source, Step, Tools, build as build_audit,
};
use facespace::data::atomic::WriteError;
use facespace::data::sets::Columns;
use facespace::data::shards::{self, Record};
use facespace::face::{CODE_DIM, Expression, FaceCode, ModelName, Part};
use facespace::find::Finder;
use image::{ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use crate::data::bytes_of;
use crate::gallery::model;
use crate::shared::copy;

/// Faces with a label: the first 24 show happiness, the next 20 sadness, the others nothing.
pub const FACES: usize = 60;
/// After them faces without one, and another one of the name of face 5.
pub const UNLABELLED: usize = 4;
/// The faces whose label is wrong, with that label.
pub const WRONG: [(usize, Expression); 2] = [(0, Expression::Sad), (30, Expression::Neutral)];
/// Of what an audit is made of first.
pub const BUDGET: usize = 6;
pub const CARD: &str = "drawn faces";

pub fn shown(number: usize) -> Expression {
    match number {
        0..24 => Expression::Happy,
        24..44 => Expression::Sad,
        _ => Expression::Neutral,
    }
}

pub fn given(number: usize) -> Expression {
    WRONG.iter().find(|(wrong, _)| *wrong == number).map_or(shown(number), |(_, label)| *label)
}

/// What the face of this number is called.
pub fn name(number: usize) -> String {
    format!("Album/{number:02}.png")
}

/// A flat picture of a face; somewhat off the middle between two, for pictures that are encoded with losses.
pub fn picture(class: Expression, number: usize, side: u32) -> RgbImage {
    RgbImage::from_pixel(side, side, Rgb([20 + 40 * class.index() as u8, 2 + 4 * number as u8, 0]))
}

fn seen(picture: &RgbImage) -> (usize, usize) {
    let [red, green, _] = picture.get_pixel(64, 64).0;
    (usize::from(red) / 40, usize::from(green) / 4)
}

fn code(picture: &RgbImage) -> [f32; CODE_DIM] {
    let (class, number) = seen(picture);
    let mut code = [0.0; CODE_DIM];
    code[0] = (number as f32).to_radians();
    for part in [Part::Identity, Part::Style] {
        code[part.range().start + number % 32] = 1.0;
    }
    let expression = Part::Expression.range().start;
    code[expression + class] = 1.0;
    code[expression + 8 + number % 8] = 0.4;
    code
}

fn drawn(face: &FaceCode) -> RgbImage {
    let numbers = face.expression.as_array();
    let class = Expression::ALL.into_iter().max_by(|a, b| numbers[a.index()].total_cmp(&numbers[b.index()])).unwrap();
    picture(class, face.pose.yaw_deg.round() as usize, 128)
}

pub fn record(number: usize) -> Record {
    let mood = match shown(number) {
        Expression::Happy => [0.7, 0.3],
        Expression::Sad => [-0.6, -0.3],
        _ => [0.0, 0.0],
    };
    let is_felt = number % 10 != 9;
    let [valence, arousal] = mood.map(|value| is_felt.then_some(value + 0.01 * (number % 5) as f32));
    Record {
        path: name(number),
        picture_bytes: bytes_of(picture(shown(number), number, 128), ImageFormat::Png),
        person: Some(format!("person {}", number / 2)),
        clip: None,
        expression: Some(given(number).index() as u8),
        valence,
        arousal,
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

/// Everything that is in the set.
pub fn records() -> Vec<Record> {
    let labelled = (0..FACES).map(record);
    let bare = (FACES..FACES + UNLABELLED).map(|number| Record { expression: None, ..record(number) });
    labelled.chain(bare).chain([record(5)]).collect()
}

/// The one shard of a set in a folder, which is made.
pub fn shard(set: &Path) -> PathBuf {
    set.join("album-train-00000.parquet")
}

pub fn write_set(set: &Path, records: Vec<Record>) {
    fs::create_dir_all(set).unwrap();
    shards::write::<WriteError>(&shard(set), records.into_iter().map(Ok)).unwrap();
}

pub fn source(path: &Path) -> Source {
    Source { path: path.to_owned(), format: None, columns: Columns::default() }
}

/// A build by the stand-ins.
pub struct Build<'a> {
    pub source: Source,
    pub folder: &'a Path,
    pub model: ModelName,
    pub options: Options,
    /// Stopped when it comes to this.
    pub stop: Option<Step>,
}

/// What it took.
#[derive(Default)]
pub struct Work {
    pub encoded: usize,
    pub drawn: usize,
    /// The last word on each step.
    pub steps: Vec<Progress>,
}

impl<'a> Build<'a> {
    pub fn new(set: &Path, folder: &'a Path) -> Self {
        let options = Options { budget: Budget::Faces(BUDGET), ..Options::default() };
        Build { source: source(set), folder, model: model("plain"), options, stop: None }
    }

    pub fn run(&self) -> (Result<Outcome, AuditError>, Work) {
        let (encoded, painted) = (Cell::new(0), Cell::new(0));
        let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
            encoded.set(encoded.get() + crops.len());
            Ok(crops.iter().map(code).collect())
        };
        let mut decode = |faces: &[FaceCode]| -> Result<Vec<RgbImage>, String> {
            painted.set(painted.get() + faces.len());
            Ok(faces.iter().map(drawn).collect())
        };
        let mut steps: Vec<Progress> = Vec::new();
        let mut watch = |progress: Progress| {
            steps.retain(|known| known.step != progress.step);
            steps.push(progress);
            self.stop != Some(progress.step)
        };
        let finder = Finder::bundled().unwrap();
        let tools = Tools { finder, encode: &mut encode, decode: &mut decode, threads: 2 };
        let outcome = build_audit(self.folder, &self.source, &self.model, CARD, tools, &self.options, &mut watch);
        (outcome, Work { encoded: encoded.get(), drawn: painted.get(), steps })
    }

    #[track_caller]
    pub fn refused(&self) -> AuditError {
        self.run().0.unwrap_err()
    }
}

/// The set and its audit, made once for all tests, in a place that the next run of the tests clears.
static AUDITED: LazyLock<PathBuf> = LazyLock::new(|| {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("audited-by-colour");
    let _ = fs::remove_dir_all(&home);
    write_set(&home.join("set"), records());
    Build::new(&home.join("set"), &home.join("audit")).run().0.unwrap();
    home
});

/// A copy of that audit, for one test.
pub struct Desk(TempDir);

impl Desk {
    pub fn audited() -> Self {
        let desk = Desk::empty();
        copy(&AUDITED.join("audit"), &desk.folder());
        desk
    }

    pub fn empty() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Of the audit.
    pub fn folder(&self) -> PathBuf {
        self.path("audit")
    }

    /// That all audits are of; nobody writes to it.
    pub fn set() -> PathBuf {
        AUDITED.join("set")
    }

    pub fn audit(&self) -> Audit {
        Audit::open(&self.folder()).unwrap()
    }

    /// A build of the same set into the same folder.
    pub fn again<'a>(&self, folder: &'a Path) -> Build<'a> {
        Build::new(&Desk::set(), folder)
    }
}

/// The row of the face of this number.
#[track_caller]
pub fn row(audit: &Audit, number: usize) -> Row {
    let face = audit.find(&name(number)).unwrap().unwrap();
    audit.rows().unwrap().into_iter().find(|row| row.face == face).unwrap()
}

/// A sentence with this in it, which ends with the path.
#[track_caller]
pub fn assert_says(error: &AuditError, says: &str, path: &Path) {
    let sentence = error.to_string();
    crate::cli::assert_sentence(&sentence);
    assert!(sentence.contains(says), "{sentence:?} does not say {says:?}");
    assert!(sentence.ends_with(&format!(": {}", path.display())), "{sentence:?} does not end with {}", path.display());
}
