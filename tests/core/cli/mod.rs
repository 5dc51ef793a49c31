//! The program from end to end, as someone at a terminal meets it: every test runs the real thing in a folder of its
//! own, on faces that it invented or on pictures that the test draws.

mod apply;
mod audit;
mod audit_trouble;
mod bad_input;
mod bad_weights;
mod contract;
mod edit;
mod encode;
mod evaluate;
mod faults;
mod find;
mod index;
mod index_kill;
mod index_trouble;
mod marks;
mod photographs;
mod prepare;
mod put_back;
mod reconstruct;
mod runs;
mod sample;
mod search;
mod synth;
mod tools;
mod train;
mod train_finder;
mod transfer;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use facespace::data::synth::{Photograph, photograph};
use facespace::face::{Direction, UnitPart};
use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

/// A folder in which the program is run; it is the working folder, so that every path is short and relative.
pub struct Desk(TempDir);

/// What a run came to.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Desk {
    pub fn empty() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    /// With three faces, `a.png`, `b.png` and `c.png`.
    pub fn with_faces() -> Self {
        let desk = Desk::empty();
        for (name, bytes) in ["a.png", "b.png", "c.png"].iter().zip(faces()) {
            desk.put(name, bytes);
        }
        desk
    }

    /// With two photographs, `one.png` with one person in it and `three.png` with three, and a grey wall, `none.png`.
    pub fn with_photographs() -> Self {
        let desk = Desk::empty();
        one().picture.save(desk.path("one.png")).unwrap();
        three().picture.save(desk.path("three.png")).unwrap();
        RgbImage::from_pixel(320, 240, Rgb([128; 3])).save(desk.path("none.png")).unwrap();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and the folders it lies in.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn picture(&self, name: &str) -> RgbImage {
        facespace::data::image::load(&self.path(name)).unwrap()
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    /// Every file under the folder, hidden ones too, by relative path and sorted.
    pub fn files(&self) -> Vec<String> {
        self.files_in("")
    }

    pub fn files_in(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }

    /// Runs the program on the CPU with these arguments, separated by spaces.
    pub fn run(&self, arguments: &str) -> Run {
        self.run_with(&[], &format!("{arguments} --device cpu"))
    }

    /// Runs it with these environment variables, on the device that the arguments name.
    pub fn run_with(&self, environment: &[(&str, &str)], arguments: &str) -> Run {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        Run::of(&command.output().unwrap())
    }

    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_facespace"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path());
        for variable in ["FACESPACE_FAULT_GPU", "FACESPACE_FAULT_WRITE"] {
            command.env_remove(variable);
        }
        command
    }

    /// The rows that `encode` prints, by file.
    pub fn codes(&self, arguments: &str) -> HashMap<String, Row> {
        let run = self.run(&format!("encode {arguments}")).ok();
        rows(&run.stdout).into_iter().map(|row| (row.file.clone(), row)).collect()
    }
}

impl Run {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Run {
            code: output.status.code().expect("not ended by a signal"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// It worked, and had nothing to say.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self
    }

    /// It ended with `code` after one sentence per failure, each about the path beside it.
    #[track_caller]
    pub fn failed(self, code: i32, failures: &[(&str, &str)]) -> Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(lines.len(), failures.len(), "{}", self.stderr);
        for (line, (says, path)) in lines.iter().zip(failures) {
            assert!(line.contains(says), "{line:?} does not say {says:?}");
            assert!(line.ends_with(&format!(": {path}")), "{line:?} does not end with {path}");
            assert_sentence(line);
        }
        self
    }

    /// The command line was refused in one sentence, which need not be about a path.
    #[track_caller]
    pub fn refused(self, says: &str) -> Self {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.contains(says), "{} does not say {says:?}", self.stderr);
        assert_sentence(self.stderr.trim_end());
        self
    }

    /// The command line could not be read: its parser says why, with the usage below.
    #[track_caller]
    pub fn misread(self, says: &str) -> Self {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert!(self.stderr.contains(says), "{} does not say {says:?}", self.stderr);
        assert!(self.stdout.is_empty(), "{}", self.stdout);
        self
    }
}

/// A sentence for people: capital first, what to do after the semicolon, no word of the machinery.
#[track_caller]
pub fn assert_sentence(line: &str) {
    assert!(line.starts_with(|c: char| c.is_uppercase()), "{line:?} does not begin with a capital");
    assert!(line.contains("; "), "{line:?} does not say what to do");
    // "None of them" is no word of the machinery.
    let line = line.replace("None of ", "");
    for debris in ["error:", "Error:", "panicked", "RUST_BACKTRACE", "unwrap", "src/", "Some(", "None"] {
        assert!(!line.contains(debris), "{line:?} has {debris:?} in it");
    }
}

/// A row of `encode`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub file: String,
    /// Yaw, pitch and roll in degrees, then the 32 numbers of identity, expression and style.
    pub values: Vec<f32>,
}

impl Row {
    pub fn yaw_deg(&self) -> f32 {
        self.values[0]
    }

    /// The same numbers but for rounding, which depends on the size of the batch.
    pub fn is_near(&self, other: &Row) -> bool {
        self.values.iter().zip(&other.values).all(|(a, b)| (a - b).abs() < 1e-3)
    }

    pub fn part(&self, part: UnitPart) -> Direction {
        Direction::new(std::array::from_fn(|i| self.values[part.part().range().start + i])).unwrap()
    }
}

/// The rows of a CSV with a header.
pub fn rows(csv: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| Row {
            file: record[0].to_owned(),
            values: record.iter().skip(1).map(|value| value.parse().unwrap()).collect(),
        })
        .collect()
}

/// Three invented faces as PNG files, made once for all tests.
fn faces() -> &'static [Vec<u8>; 3] {
    static FACES: OnceLock<[Vec<u8>; 3]> = OnceLock::new();
    FACES.get_or_init(|| {
        let desk = Desk::empty();
        desk.run("sample --count 3 --seed 1 -o faces").ok();
        [1, 2, 3].map(|number| desk.bytes(&format!("faces/sample-000{number}.png")))
    })
}

/// A drawn photograph of one person.
pub fn one() -> &'static Photograph {
    static ONE: OnceLock<Photograph> = OnceLock::new();
    ONE.get_or_init(|| photograph(3, (480, 400), 1))
}

/// A drawn photograph of three people.
pub fn three() -> &'static Photograph {
    static THREE: OnceLock<Photograph> = OnceLock::new();
    THREE.get_or_init(|| photograph(5, (780, 300), 3))
}

/// The first of the invented faces.
pub fn a_face() -> RgbImage {
    facespace::data::image::decode(&faces()[0]).unwrap()
}

/// Two pictures that are the same but for rounding.
#[track_caller]
pub fn assert_same(a: &RgbImage, b: &RgbImage) {
    let worst = crate::data::worst(a, b);
    assert!(worst <= 1, "the pictures differ by {worst}");
}

#[track_caller]
pub fn assert_differs(a: &RgbImage, b: &RgbImage) {
    let worst = crate::data::worst(a, b);
    assert!(worst > 8, "the pictures differ by {worst} only");
}

/// Whether `path` is kept from this process by its permissions; root is kept from nothing.
pub fn is_locked(path: &Path) -> bool {
    fs::File::open(path).is_err()
}
