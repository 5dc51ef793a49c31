//! What is kept on the disk: sessions, settings, projects, and the thread that writes them.

mod keeper;
mod project;
mod session;
mod settings;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use facespace::app::canvas::{Compare, View, ViewState};
use facespace::app::evaluate;
use facespace::app::gallery::Kept;
use facespace::app::history::History;
use facespace::app::labels;
use facespace::app::store::{Folders, Session, Start, Store};
use facespace::app::transfer::arrangement::Given;
use facespace::app::transfer::{Arrangement, Side};
use facespace::face::{Ingredient, ModelName, Part, PartValue, Pose, Recipe};
use image::{Rgb, RgbImage};
use tempfile::TempDir;

use crate::history::Play;

const PATIENCE: Duration = Duration::from_secs(20);

/// A home folder of its own, gone at the end.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open(&self) -> (Store, Start) {
        Store::open_in(Folders::under(self.0.path()))
    }

    /// Opens a store that has nothing to say, saves a session in it and closes it.
    fn with_session(session: &Session) -> Self {
        let home = Home::new();
        let (store, start) = home.open();
        assert!(start.sentences.is_empty() && store.writable(), "{:?}", start.sentences);
        store.save_session(session.clone());
        assert!(store.flush(PATIENCE));
        home
    }

    /// Names in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Something of everything, drawn from a seed.
fn a_session(seed: u64, steps: usize) -> Session {
    let (mut play, mut history) = (Play::new(seed), History::default());
    for _ in 0..steps {
        play.step(&mut history);
    }
    history.undo().unwrap().apply(&mut play.faces);
    let next_id = history.faces().last().unwrap() + 1;
    let transfer = a_board(&play);
    Session {
        open: play.faces.first().map(|face| face.id),
        faces: play.faces,
        view: ViewState { view: View::Input, compare: Compare::Split, split: 0.3, zoom: 2.5, pan: [0.1, -0.2] },
        locks: [true, false, false, true],
        folded: vec!["Style".to_owned()],
        weights_name: "light 1.2".to_owned(),
        history,
        next_id,
        evaluate: evaluate::Kept {
            form: evaluate::Form { data: vec!["/faces/größer".into()], faces: 500, ..evaluate::Form::default() },
            report: Some("/report/of holidays".into()),
        },
        transfer,
        gallery: Kept { folder: Some("/index/of holidays".into()), weights: [0.0, -0.5, 1.0, 0.0], ..Kept::default() },
        labels: labels::Kept {
            folder: Some("/audit/of holidays".into()),
            by: "Ada".to_owned(),
            ..labels::Kept::default()
        },
    }
}

/// The tray's faces on both sides of the transfer board, mixed, and a recipe.
fn a_board(play: &Play) -> Arrangement {
    let mut board = Arrangement { mixed: true, ..Arrangement::default() };
    for face in &play.faces {
        board.put(Side::Sources, face.id, None);
        board.put(Side::Targets, face.id, Some(0));
        board.set_weight(face.id, Part::Style, 0.3);
    }
    board.parts[Part::Pose as usize] = Given { on: true, strength: 0.7 };
    let turned = Pose { yaw_deg: 12.5, pitch_deg: -3.0, roll_deg: 0.1 };
    let from = Ingredient { name: "größer".to_owned(), weight: 0.4, value: PartValue::Pose(turned) };
    let mut recipe = Recipe::default();
    recipe.give(Part::Pose, 0.9, vec![from]);
    let model = ModelName { name: "light 1.2".to_owned(), fingerprint: "0123456789abcdef".to_owned() };
    board.load("turned".to_owned(), model, recipe);
    board
}

fn a_picture(shade: u8) -> RgbImage {
    RgbImage::from_fn(128, 128, |x, y| Rgb([shade, x as u8, y as u8]))
}

/// One sentence for people, with the path at its end.
#[track_caller]
fn assert_sentence(sentence: &str, says: &str, path: &Path) {
    assert!(sentence.starts_with(|c: char| c.is_uppercase() || c == 'f'), "{sentence}");
    assert!(sentence.contains(says), "{sentence:?} does not say {says:?}");
    assert!(sentence.contains("; "), "{sentence:?} does not say what to do");
    assert!(sentence.ends_with(&format!(": {}", path.display())), "{sentence:?} does not end with {}", path.display());
}

/// Runs one test of this binary again in a process of its own, since the environment belongs to all tests.
fn again(test: &str, environment: &[(&str, &str)], home: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(TARGET, home).envs(environment.iter().copied());
    command
}

/// Names the home folder to a second process.
const TARGET: &str = "FACESPACE_TEST_TARGET";
