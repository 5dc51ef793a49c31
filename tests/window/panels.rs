//! The window as a whole, driven by accessible names alone.

mod demonstration;
mod end_to_end;
mod evaluate;
mod files;
mod first_start;
mod gallery;
mod hindered;
mod labels;
mod looking;
mod named;
mod opening;
mod palette;
mod photographs;
mod pictures;
mod scrolled;
mod session;
mod settings;
mod sliders;
mod train;
mod transfer;
mod tray;
mod undo;
mod weights;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use eframe::App as _;
use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Vec2, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use egui_kittest::{Harness, HarnessBuilder};
use facespace::app::Options;
use facespace::app::launch;
use facespace::app::pending::Wish;
use facespace::app::state::MAIN_AXES;
use facespace::app::store::{Folders, Start, Store};
use facespace::app::window::Window;
use facespace::engine::evaluation::Lender;
use facespace::engine::{DeviceChoice, EngineError, Opener, Ready, Setup, WeightsSource, Worker};
use facespace::face::{FaceCode, Pose, UnitPart};
use facespace::nn::refine::{Refined, Refiner};
use facespace::nn::weights::Weights;
use image::imageops::FilterType;
use image::{Rgb, RgbImage};

use crate::album;

type Driven = Harness<'static, Window>;

const WIDE: Vec2 = vec2(1280.0, 800.0);
const CTRL: Modifiers = Modifiers::CTRL.plus(Modifiers::COMMAND);
const CTRL_SHIFT: Modifiers = CTRL.plus(Modifiers::SHIFT);
/// The pose of every face that the stand-in sees.
const OWN: Pose = Pose { yaw_deg: 5.0, pitch_deg: -3.0, roll_deg: 2.0 };
/// Long enough for any machine; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(180);

static BUNDLED: LazyLock<Weights> = LazyLock::new(|| Weights::bundled().unwrap());

/// No networks: the picture follows the code and the code follows the crop.
struct StandIn(Ready);

impl StandIn {
    fn on(device: &str) -> Box<dyn Worker> {
        Box::new(StandIn(Ready {
            device: device.to_owned(),
            is_gpu: false,
            card: BUNDLED.card.clone(),
            space: Arc::new(BUNDLED.space.clone()),
            width: 32,
            fingerprint: BUNDLED.fingerprint(),
        }))
    }

    fn open(setup: &Setup) -> Result<Box<dyn Worker>, String> {
        match setup.weights {
            WeightsSource::Bundled => Ok(Self::on("Stand-in")),
            WeightsSource::File(_) => Err("These weights are bad; choose others".to_owned()),
        }
    }
}

impl Worker for StandIn {
    fn about(&self) -> Ready {
        self.0.clone()
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        Ok(tiles_of(face))
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        let (sum, samples) =
            (crop.as_raw().iter().map(|&value| usize::from(value)).sum::<usize>(), &self.0.space.samples);
        Ok(FaceCode { pose: OWN, ..samples[sum % samples.len()] })
    }

    /// In one step: a little nearer.
    fn refine_step(
        &mut self,
        _: &RgbImage,
        from: &FaceCode,
        _: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        let pose = Pose { yaw_deg: from.pose.yaw_deg + 1.0, ..from.pose };
        Ok(Some(Refined { face: FaceCode { pose, ..*from }, rmse_before: 20.0, rmse_after: 15.0 }))
    }

    fn reopened(&self, _: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        Ok(Self::on("Stand-in, reopened"))
    }
}

/// What the stand-in draws: each of the 99 numbers has its tiles.
fn tiles_of(face: &FaceCode) -> RgbImage {
    let code = face.to_array();
    RgbImage::from_fn(128, 128, |x, y| {
        let tile = (x / 16 + 8 * (y / 16)) as usize;
        Rgb([0, 33, 66].map(|shift| (128.0 + 100.0 * (8.0 * code[(tile + shift) % code.len()]).sin()) as u8))
    })
}

/// A window that is about to open.
struct Opening {
    size: Vec2,
    home: Option<PathBuf>,
    weights: Option<PathBuf>,
    opener: Option<Box<Opener>>,
    /// The same for the networks that build an index.
    indexer: Option<Box<Opener>>,
    /// And for those that audit labels and draw the audited faces.
    auditor: Option<Box<Opener>>,
    /// What is measured by evaluations.
    lender: Option<Box<Lender>>,
    trainer: Option<Trainer>,
    drawn: bool,
}

/// What is started to train, and what comes before a training's arguments.
type Trainer = (PathBuf, Vec<OsString>);

/// With the real networks on the CPU.
fn networks() -> Opening {
    Opening {
        size: WIDE,
        home: None,
        weights: None,
        opener: None,
        indexer: None,
        auditor: None,
        lender: None,
        trainer: None,
        drawn: false,
    }
}

fn stand_in() -> Opening {
    Opening {
        opener: Some(Box::new(StandIn::open)),
        indexer: Some(Box::new(StandIn::open)),
        auditor: Some(Box::new(labels::audited::Painter::open)),
        lender: Some(evaluate::measured::lender(&Arc::default())),
        ..networks()
    }
}

impl Opening {
    fn sized(self, size: Vec2) -> Self {
        Opening { size, ..self }
    }

    /// Keeps settings and session there.
    fn kept_in(self, home: &Path) -> Self {
        Opening { home: Some(home.to_owned()), ..self }
    }

    fn with_weights(self, path: &Path) -> Self {
        Opening { weights: Some(path.to_owned()), ..self }
    }

    /// Has a program started in the place of a training.
    fn trained_by(self, trainer: Trainer) -> Self {
        Opening { trainer: Some(trainer), ..self }
    }

    /// With pixels: the canvas has its shader.
    fn drawn(self) -> Self {
        Opening { drawn: true, ..self }
    }

    /// The first frames, in which the networks may still be missing.
    fn begin(self) -> Driven {
        let (store, start) = match &self.home {
            Some(home) => Store::open_in(Folders::under(home)),
            None => (Store::memory(), Start::default()),
        };
        let options = Options {
            device: Some(DeviceChoice::Cpu),
            weights: self.weights,
            opener: self.opener,
            indexer: self.indexer,
            auditor: self.auditor,
            lender: self.lender,
            search: album::search(),
            // These tests are in a program of their own, which must never be started to train.
            trainer: Some(self.trainer.unwrap_or_else(|| ("no-trainer".into(), Vec::new()))),
            ..Options::default()
        };
        // Steps as short as a screen's, so that two clicks are a double click.
        let builder: HarnessBuilder<Window> =
            Harness::builder().with_size(self.size).with_step_dt(1.0 / 60.0).with_render_cursor(false);
        let builder = if self.drawn { builder.wgpu() } else { builder };
        builder.build_eframe(move |creation| {
            let (state, hands) = launch::begin(&creation.egui_ctx, store, start, options, false).unwrap();
            Window::new(creation, state, hands)
        })
    }

    fn open(self) -> Driven {
        let mut harness = self.begin();
        settle(&mut harness);
        harness
    }
}

/// Closes the window as a person would.
fn close(harness: Driven) {
    harness.into_state().on_exit();
}

/// Steps until something is so. The engine works in its own time, so that real time passes too.
#[track_caller]
fn until(harness: &mut Driven, what: &str, so: impl Fn(&Driven) -> bool) {
    let start = Instant::now();
    while !so(harness) {
        let state = &harness.state().state;
        assert!(
            start.elapsed() < PATIENCE,
            "{what} did not come; the bar says {:?}, the log ends with {:?}",
            state.bar,
            state.log.last()
        );
        harness.step();
        thread::sleep(Duration::from_millis(2));
    }
}

/// Until the newest edit is drawn and measured, and every axis has its small faces.
#[track_caller]
fn settle(harness: &mut Driven) {
    until(harness, "rest", is_still);
}

fn is_still(harness: &Driven) -> bool {
    let state = &harness.state().state;
    let desk = &state.desk;
    let axes = UnitPart::ALL.iter().filter(|part| !state.folded.contains(part.part().name())).count();
    let at_rest = match (state.open_face(), state.own()) {
        (Some(face), Some(_)) => {
            let edit = &face.record.edit;
            desk.is_current(edit)
                && desk.drift.as_ref().is_some_and(|(measured, _)| measured == edit)
                && desk.strips.len() >= axes * usize::from(MAIN_AXES)
                && state.now - desk.shown_at > 0.1
        }
        (Some(face), None) => face.record.square.is_none() && desk.preview.is_some(),
        (None, _) => true,
    };
    at_rest && state.engine.ready.is_some() && !state.pending.has(|wish| *wish != Wish::Devices)
}

fn has(harness: &Driven, role: Role, name: &str) -> bool {
    harness.query_all_by_role_and_label(role, name).next().is_some()
}

/// Whether a label holds these words.
fn says(harness: &Driven, words: &str) -> bool {
    harness.query_all(By::new().role(Role::Label).label_contains(words)).next().is_some()
}

/// Whether a button is held down, a radio chosen, a face open.
fn is_on(harness: &Driven, role: Role, name: &str) -> bool {
    harness.get_by_role_and_label(role, name).accesskit_node().toggled() == Some(Toggled::True)
}

fn is_disabled(harness: &Driven, role: Role, name: &str) -> bool {
    harness.get_by_role_and_label(role, name).accesskit_node().is_disabled()
}

/// Where a slider stands.
fn number(harness: &Driven, name: &str) -> f64 {
    harness.get_by_role_and_label(Role::Slider, name).accesskit_node().numeric_value().unwrap()
}

#[track_caller]
fn assert_number(harness: &Driven, name: &str, expected: f64) {
    let found = number(harness, name);
    assert!((found - expected).abs() < 1e-3, "{name} is {found}, not {expected}");
}

fn rect(harness: &Driven, role: Role, name: &str) -> Rect {
    harness.get_by_role_and_label(role, name).rect()
}

/// What a screen reader hears of the canvas: view and zoom.
fn canvas(harness: &Driven) -> String {
    harness.get_by_role_and_label(Role::Canvas, "Canvas").value().unwrap()
}

/// The face whose tile says that it is open.
fn opened(harness: &Driven) -> String {
    let name = harness.state().state.open_face().unwrap().record.name.clone();
    assert!(is_on(harness, Role::Button, &name), "{name}");
    name
}

/// The edited picture on the canvas.
fn shown(harness: &Driven) -> Arc<RgbImage> {
    Arc::clone(&harness.state().state.desk.edited.as_ref().unwrap().pixels)
}

/// How many steps can be taken back.
fn steps(harness: &Driven) -> usize {
    harness.state().state.history.depth().0
}

#[track_caller]
fn press(harness: &mut Driven, name: &str) {
    press_by(harness, By::new().role(Role::Button).label(name));
}

/// Waits for what is meant as a person would, brings it into sight and clicks on it.
#[track_caller]
fn press_by(harness: &mut Driven, by: By<'_>) {
    until(harness, &format!("{by:?}"), |harness| harness.query_all(by.clone()).next().is_some());
    harness.get(by.clone()).scroll_to_me();
    harness.run_steps(4);
    let node = harness.get(by.clone());
    assert!(!node.accesskit_node().is_disabled(), "cannot be pressed: {by:?}");
    node.click();
    harness.remove_cursor();
    harness.run_steps(2);
}

fn double_click(harness: &mut Driven, at: Pos2) {
    // Long enough after other clicks not to be a triple one.
    harness.run_steps(60);
    harness.hover_at(at);
    for pressed in [true, false, true, false] {
        harness.event(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    harness.remove_cursor();
    harness.step();
}

fn hold(harness: &mut Driven, at: Pos2) {
    harness.hover_at(at);
    harness.step();
    harness.drag_at(at);
    harness.step();
}

fn move_to(harness: &mut Driven, from: Pos2, to: Pos2) {
    for part in [0.25, 0.5, 0.75, 1.0] {
        harness.hover_at(from + (to - from) * part);
        harness.step();
    }
}

fn let_go(harness: &mut Driven, at: Pos2) {
    harness.drop_at(at);
    harness.step();
}

fn drag(harness: &mut Driven, from: Pos2, to: Pos2) {
    hold(harness, from);
    move_to(harness, from, to);
    let_go(harness, to);
}

/// A key down and up, a frame each.
fn keys(harness: &mut Driven, modifiers: Modifiers, key: Key) {
    for pressed in [true, false] {
        harness.event(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
        harness.step();
    }
}

fn focus(harness: &mut Driven, role: Role, name: &str) {
    harness.get_by_role_and_label(role, name).focus();
    harness.run_steps(2);
}

/// Types over what a field holds that takes the keyboard by itself.
#[track_caller]
fn type_over(harness: &mut Driven, field: &str, text: &str) {
    until(harness, field, |harness| {
        harness.query_all_by_role_and_label(Role::TextInput, field).any(|node| node.is_focused())
    });
    keys(harness, CTRL, Key::A);
    keys(harness, Modifiers::NONE, Key::Delete);
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(2);
}

/// Types into the row above the canvas and presses Enter.
#[track_caller]
fn answer(harness: &mut Driven, field: &str, text: &str) {
    type_over(harness, field, text);
    keys(harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(2);
}

/// Types a number beside a slider.
#[track_caller]
fn type_number(harness: &mut Driven, slider: &str, text: &str) {
    press_by(harness, By::new().label(&format!("{slider} value")));
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(2);
    keys(harness, Modifiers::NONE, Key::Enter);
}

/// Has a command done by the palette, found by some of its words.
#[track_caller]
fn command(harness: &mut Driven, words: &str) {
    keys(harness, CTRL, Key::K);
    type_over(harness, "What shall be done?", words);
    keys(harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(2);
}

#[track_caller]
fn open_path(harness: &mut Driven, path: &Path) {
    press(harness, "Open…");
    answer(harness, "Picture or folder", &path.display().to_string());
}

/// A file that is a crop by its size.
fn crop_file(folder: &Path, name: &str, shade: u8) -> PathBuf {
    let path = folder.join(name);
    RgbImage::from_fn(128, 128, |x, y| Rgb([shade, x as u8, y as u8])).save(&path).unwrap();
    path
}

/// A file in which no face is found, so that it is to be marked: a sample before a wall, where the handles are at first.
fn photograph_file(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/sample-01.png");
    let face = image::open(sample).unwrap().resize(288, 288, FilterType::CatmullRom).to_rgb8();
    let mut photograph = RgbImage::from_fn(480, 360, |x, y| Rgb([150 + (x / 8) as u8, 160, 170 + (y / 6) as u8]));
    image::imageops::replace(&mut photograph, &face, 96, 36);
    photograph.save(&path).unwrap();
    path
}

/// Opens a photograph in which no face is found, and puts the handles onto it.
#[track_caller]
fn open_to_mark(harness: &mut Driven, path: &Path) {
    open_path(harness, path);
    until(harness, "the offer", |harness| has(harness, Role::Button, "Mark the face"));
    press(harness, "Mark the face");
    until(harness, "the handles", has_handles);
}

fn has_handles(harness: &Driven) -> bool {
    ["Left eye", "Right eye", "Mouth"].iter().all(|name| has(harness, Role::Button, name))
}
