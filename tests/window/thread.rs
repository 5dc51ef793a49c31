//! The engine through the window's state, with a stand-in for the networks and nothing drawn.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use eframe::egui::Context;
use facespace::app::answers;
use facespace::app::apply::apply;
use facespace::app::canvas::Picture;
use facespace::app::command::Command;
use facespace::app::hands::Hands;
use facespace::app::launch::{Options, begin};
use facespace::app::log::Level;
use facespace::app::pending::Wish;
use facespace::app::requests::{self, Saved};
use facespace::app::state::{FaceId, Purpose, State};
use facespace::app::store::{Start, Store};
use facespace::engine::keeper::png;
use facespace::engine::protocol::Card;
use facespace::engine::slot::Slot;
use facespace::engine::{DeviceChoice, EngineError, Opener, Ready, Setup, WeightsSource, Worker};
use facespace::face::{AngleEdit, Direction, Edit, FaceCode, PART_DIM, Pose};
use facespace::nn::refine::{Refined, Refiner};
use facespace::nn::weights::Weights;
use image::{Rgb, RgbImage};

use crate::album;

/// Long enough for any machine; a test that waits this long has failed.
const LONG: Duration = Duration::from_secs(180);
/// Seconds of the window's clock from one frame to the next.
const FRAME: f64 = 1.0 / 60.0;
/// A picture of this size is a crop.
pub const CROP: [u32; 2] = [128, 128];

static BUNDLED: LazyLock<Weights> = LazyLock::new(|| Weights::bundled().unwrap());

type Act = dyn Fn(&str, usize) -> Result<(), EngineError> + Send + Sync;

/// What the stand-in was asked, and what it does besides answering: wait, fail or panic. It is told how often the same
/// was asked before, this time among them.
pub struct Script {
    log: Mutex<Vec<String>>,
    act: Box<Act>,
    device: Mutex<&'static str>,
    notices: Mutex<Vec<String>>,
}

impl Script {
    pub fn new(act: impl Fn(&str, usize) -> Result<(), EngineError> + Send + Sync + 'static) -> Arc<Self> {
        let (log, notices) = (Mutex::default(), Mutex::default());
        Arc::new(Script { log, act: Box::new(act), device: Mutex::new("Stand-in"), notices })
    }

    /// Answers at once, whatever it is asked.
    pub fn plain() -> Arc<Self> {
        Script::new(|_, _| Ok(()))
    }

    /// Stops at these calls, each at so many of its kind, until it is let go.
    fn held<const N: usize>(stops: [(&'static str, usize); N]) -> ([Arc<Gate>; N], Arc<Self>) {
        let gates: [Arc<Gate>; N] = std::array::from_fn(|_| Arc::default());
        let theirs = gates.clone();
        let script = Script::new(move |call, times| {
            if let Some(place) = stops.iter().position(|stop| *stop == (call, times)) {
                theirs[place].reached.put(());
                theirs[place].open.wait();
            }
            Ok(())
        });
        (gates, script)
    }

    fn called(&self, call: String) -> Result<(), EngineError> {
        self.log.lock().unwrap().push(call.clone());
        (self.act)(&call, self.count(&call))
    }

    fn count(&self, call: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|known| *known == call).count()
    }

    /// Weights are named after their file; a bad file has none.
    fn opener(self: &Arc<Self>) -> Box<Opener> {
        let script = Arc::clone(self);
        Box::new(move |setup: &Setup| -> Result<Box<dyn Worker>, String> {
            let name = match &setup.weights {
                WeightsSource::Bundled => "Bundled".to_owned(),
                WeightsSource::File(path) => path.file_stem().unwrap().to_string_lossy().into_owned(),
            };
            script.called(format!("open {name}")).map_err(|error| error.to_string())?;
            if name == "bad" {
                return Err("These weights are bad; choose others".to_owned());
            }
            Ok(Box::new(StandIn { script: Arc::clone(&script), name }))
        })
    }
}

#[derive(Default)]
struct Gate {
    reached: Slot<()>,
    open: Slot<()>,
}

/// Tells a face by its yaw and a picture by its shade, as if they were one.
struct StandIn {
    script: Arc<Script>,
    name: String,
}

impl Worker for StandIn {
    fn about(&self) -> Ready {
        Ready {
            device: (*self.script.device.lock().unwrap()).to_owned(),
            is_gpu: false,
            card: Card { name: self.name.clone(), ..BUNDLED.card.clone() },
            space: Arc::new(BUNDLED.space.clone()),
            width: 1,
            fingerprint: BUNDLED.fingerprint(),
        }
    }

    fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut *self.script.notices.lock().unwrap())
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        self.script.called(format!("picture {}", face.pose.yaw_deg))?;
        Ok(plain(face.pose.yaw_deg as u8, CROP))
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        let shade = crop.get_pixel(0, 0).0[0];
        self.script.called(format!("face {shade}"))?;
        let direction = Direction::new([1.0; PART_DIM]).unwrap();
        let pose = Pose { yaw_deg: shade.into(), ..Pose::default() };
        Ok(FaceCode { pose, identity: direction, expression: direction, style: direction })
    }

    fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        _: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        self.script.called(format!("refine {}", crop.get_pixel(0, 0).0[0]))?;
        Ok(Some(Refined { face: *from, rmse_before: 20.0, rmse_after: 15.0 }))
    }

    fn reopened(&self, _: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        *self.script.device.lock().unwrap() = "Another";
        Ok(Box::new(StandIn { script: Arc::clone(&self.script), name: self.name.clone() }))
    }
}

pub fn plain(shade: u8, [width, height]: [u32; 2]) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb([shade; 3]))
}

/// Writes a picture that is all of one shade.
pub fn photograph(folder: &Path, shade: u8, size: [u32; 2]) -> PathBuf {
    let path = folder.join(format!("{shade}.png"));
    fs::write(&path, png(&plain(shade, size)).unwrap()).unwrap();
    path
}

/// A window's state and hands, frame by frame.
pub struct Driven {
    pub state: State,
    pub hands: Hands,
    saved: Saved,
}

impl Driven {
    pub fn open((store, start): (Store, Start), script: &Arc<Script>, paths: Vec<PathBuf>) -> Self {
        let options = Options { paths, opener: Some(script.opener()), search: album::search(), ..Options::default() };
        let (state, hands) = begin(&Context::default(), store, start, options, false).unwrap();
        Driven { state, hands, saved: Saved::default() }
    }

    /// One that keeps nothing.
    pub fn forgetful(script: &Arc<Script>, paths: Vec<PathBuf>) -> Self {
        Driven::open((Store::memory(), Start::default()), script, paths)
    }

    /// One with a face of shade 10 that is open and drawn.
    pub fn with_face(script: &Arc<Script>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut window = Driven::forgetful(script, vec![photograph(folder.path(), 10, CROP)]);
        window.until(drawn);
        window
    }

    /// Opens one more face.
    fn add(&mut self, shade: u8) -> FaceId {
        let folder = tempfile::tempdir().unwrap();
        let count = self.state.faces.len();
        self.command(Command::OpenPaths(vec![photograph(folder.path(), shade, CROP)]));
        self.until(|state| state.faces.len() > count);
        self.state.open.unwrap()
    }

    pub fn command(&mut self, command: Command) {
        apply(&mut self.state, &mut self.hands, command);
    }

    pub fn read(&mut self) {
        self.state.now += FRAME;
        answers::read(&mut self.state, &mut self.hands);
    }

    pub fn ask(&mut self) {
        requests::ask(&mut self.state, &self.hands);
    }

    pub fn save(&mut self) {
        requests::save(&self.state, &self.hands, &mut self.saved);
    }

    pub fn frame(&mut self) {
        self.read();
        self.ask();
        self.save();
    }

    /// A second in which nobody does anything.
    pub fn rest(&mut self) {
        for _ in 0..60 {
            self.frame();
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[track_caller]
    pub fn until(&mut self, mut done: impl FnMut(&State) -> bool) {
        let begun = Instant::now();
        loop {
            self.frame();
            if done(&self.state) {
                return;
            }
            assert!(begun.elapsed() < LONG, "it never came; the last word was {:?}", self.state.log.last());
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[track_caller]
    pub fn until_bar(&mut self, says: &str) {
        self.until(|state| state.bar.as_ref().is_some_and(|bar| bar.text.contains(says)));
    }

    #[track_caller]
    fn until_reached(&mut self, gate: &Gate) {
        self.until(|_| gate.reached.take().is_some());
    }

    /// What the bar says.
    pub fn bar(&self) -> &str {
        self.state.bar.as_ref().map_or("", |bar| &bar.text)
    }

    /// What the bar offers to do.
    pub fn offers(&self) -> Vec<(&'static str, Command)> {
        self.state.bar.as_ref().map_or_else(Vec::new, |bar| bar.actions.clone())
    }
}

/// Whether the canvas shows the newest edit.
pub fn drawn(state: &State) -> bool {
    state.edit().is_some_and(|edit| state.desk.is_current(edit))
}

pub fn turned(yaw_deg: f32) -> Edit {
    let mut edit = Edit::default();
    edit.pose.yaw = Some(AngleEdit::Set(yaw_deg));
    edit
}

pub fn turn(yaw_deg: f32) -> Command {
    Command::SetEdit { edit: Box::new(turned(yaw_deg)), settled: true }
}

pub fn shade(picture: &Option<Picture>) -> Option<u8> {
    picture.as_ref().map(|picture| picture.pixels.get_pixel(0, 0).0[0])
}

#[test]
fn an_older_picture_never_replaces_a_newer_one() {
    let ([gate], script) = Script::held([("picture 30", 1)]);
    let mut window = Driven::with_face(&script);
    window.command(turn(30.0));
    window.until_reached(&gate);
    window.command(turn(40.0));
    window.frame();
    gate.open.put(());
    let mut seen = Vec::new();
    window.until(|state| {
        seen.extend(shade(&state.desk.edited));
        drawn(state)
    });
    assert!(seen.is_sorted() && seen.last() == Some(&40), "{seen:?}");
    window.rest();
    assert_eq!(shade(&window.state.desk.edited), Some(40));
}

#[test]
fn the_picture_of_a_face_that_was_left_is_not_shown_on_another() {
    let ([first, second], script) = Script::held([("picture 30", 1), ("picture 50", 1)]);
    let mut window = Driven::with_face(&script);
    let left = window.state.open.unwrap();
    let other = window.add(20);
    window.until(drawn);
    window.command(Command::OpenFace(left));
    window.command(turn(30.0));
    window.until_reached(&first);
    window.command(Command::OpenFace(other));
    window.command(turn(50.0));
    window.frame();
    first.open.put(());
    second.reached.wait();
    window.frame();
    assert_eq!(shade(&window.state.desk.edited), None);
    second.open.put(());
    window.until(drawn);
    assert_eq!(shade(&window.state.desk.edited), Some(50));
}

#[test]
fn a_code_that_comes_late_goes_to_its_own_face() {
    let ([gate], script) = Script::held([("face 20", 1)]);
    let mut window = Driven::with_face(&script);
    let left = window.state.open.unwrap();
    let late = window.add(20);
    window.until_reached(&gate);
    window.command(Command::OpenFace(left));
    window.frame();
    gate.open.put(());
    window.until(|state| state.face(late).unwrap().seen.is_some());
    window.until(drawn);
    let state = &window.state;
    assert_eq!(state.own().unwrap().0.pose.yaw_deg, 10.0);
    assert_eq!((shade(&state.desk.reconstruction), shade(&state.desk.edited)), (Some(10), Some(10)));
    assert_eq!(state.face(late).unwrap().seen.as_ref().unwrap().code.pose.yaw_deg, 20.0);
}

#[test]
fn a_code_of_the_crop_before_is_not_taken_for_that_of_the_next() {
    let ([gate], script) = Script::held([("face 40", 1)]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.png");
    let halves = RgbImage::from_fn(640, 240, |x, _| Rgb([if x < 320 { 40 } else { 60 }; 3]));
    fs::write(&path, png(&halves).unwrap()).unwrap();
    let mut window = Driven::forgetful(&script, vec![path]);
    window.until(|state| state.desk.photo.is_some());
    let mark = |window: &mut Driven, x: f32| {
        window.command(Command::MarkFace);
        window.command(Command::MovePoints([[x - 10.0, 110.0], [x + 10.0, 110.0], [x, 130.0]]));
        window.command(Command::UsePoints);
        window.until(|state| !state.pending.has(|wish| matches!(wish, Wish::Place(..))));
    };
    mark(&mut window, 160.0);
    window.until_reached(&gate);
    mark(&mut window, 480.0);
    gate.open.put(());
    window.until(drawn);
    assert_eq!(window.state.own().unwrap().0.pose.yaw_deg, 60.0);
}

#[test]
fn a_drift_that_comes_late_is_not_told_of_another_face() {
    let ([gate], script) = Script::held([("face 30", 1)]);
    let mut window = Driven::with_face(&script);
    let left = window.state.open.unwrap();
    let other = window.add(20);
    window.until(drawn);
    window.command(Command::OpenFace(left));
    window.command(turn(30.0));
    window.until_reached(&gate);
    window.command(Command::OpenFace(other));
    window.frame();
    gate.open.put(());
    window.until(|state| {
        let Some((edit, drift)) = &state.desk.drift else { return false };
        assert_eq!((edit, drift.asked.yaw_deg), (&Edit::default(), 20.0));
        true
    });
}

#[test]
fn a_crash_is_said_and_the_edit_is_drawn_all_the_same() {
    let script = Script::new(|call, times| {
        assert!(call != "picture 30" || times > 1, "a rehearsed crash");
        Ok(())
    });
    let mut window = Driven::with_face(&script);
    window.command(turn(30.0));
    window.until(drawn);
    assert_eq!(shade(&window.state.desk.edited), Some(30));
    assert_eq!(window.bar(), "The networks stopped (a rehearsed crash) and were started again");
    let said = window.state.log.messages().find(|message| message.sentence == window.bar()).unwrap();
    assert_eq!((said.level, said.times), (Level::Warning, 1));
    assert_eq!(window.state.engine.ready.as_ref().unwrap().device, "Another");
}

#[test]
fn an_edit_that_crashes_the_networks_each_time_is_said_and_given_up() {
    let script = Script::new(|call, _| {
        assert!(call != "picture 30", "a rehearsed crash");
        Ok(())
    });
    let mut window = Driven::with_face(&script);
    window.command(turn(30.0));
    window.until_bar("The networks stopped twice at this request (a rehearsed crash)");
    window.rest();
    assert_eq!(script.count("picture 30"), 2);
    assert_eq!((window.state.edit(), shade(&window.state.desk.edited)), (Some(&turned(30.0)), Some(10)));
    window.command(turn(40.0));
    window.until(drawn);
    assert_eq!(shade(&window.state.desk.edited), Some(40));
}

#[test]
fn a_picture_without_a_face_is_said_once_and_asked_for_once() {
    let script = Script::new(|call, _| if call == "face 20" { Err(EngineError::NoCode) } else { Ok(()) });
    let mut window = Driven::with_face(&script);
    let good = window.state.open.unwrap();
    window.add(20);
    window.until_bar("The networks see no face in this picture");
    window.rest();
    assert_eq!((script.count("face 20"), window.state.log.last().unwrap().times), (1, 1));
    window.command(Command::OpenFace(good));
    window.command(turn(30.0));
    window.until(drawn);
}

#[test]
fn a_drift_that_cannot_be_measured_is_asked_for_once() {
    let script = Script::new(|call, _| if call == "face 30" { Err(EngineError::NoCode) } else { Ok(()) });
    let mut window = Driven::with_face(&script);
    window.command(turn(30.0));
    window.until(|state| state.log.messages().any(|message| message.sentence.contains("see no face")));
    window.rest();
    assert_eq!((script.count("face 30"), window.bar(), drawn(&window.state)), (1, "", true));
}

/// As the real networks tell it; `core::engine::crashes` loses a GPU below them.
#[test]
fn a_lost_device_is_said_and_what_takes_over_is_named() {
    let script = Script::plain();
    let mut window = Driven::with_face(&script);
    let notice = "The GPU Pretend GPU failed (a rehearsed loss); the CPU takes over";
    *script.device.lock().unwrap() = "CPU (pretended)";
    script.notices.lock().unwrap().push(notice.to_owned());
    window.command(turn(30.0));
    window.until(drawn);
    window.until_bar(notice);
    window.until(|state| state.engine.ready.as_ref().unwrap().device == "CPU (pretended)");
    assert_eq!((shade(&window.state.desk.edited), script.count("open Bundled")), (Some(30), 1));
}

#[test]
fn a_code_for_a_removed_face_changes_nothing() {
    let ([gate], script) = Script::held([("face 20", 1)]);
    let mut window = Driven::with_face(&script);
    let removed = window.add(20);
    window.until_reached(&gate);
    window.command(Command::Remove(removed));
    window.frame();
    let before = window.state.session();
    gate.open.put(());
    window.until(|state| !state.pending.has(|wish| *wish == Wish::See(removed)));
    window.until(drawn);
    assert_eq!((window.state.session(), shade(&window.state.desk.reconstruction)), (before, Some(10)));
    window.command(Command::Undo);
    window.until(drawn);
    assert_eq!((window.state.open, shade(&window.state.desk.edited)), (Some(removed), Some(20)));
}

#[test]
fn a_crop_for_a_removed_face_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Driven::with_face(&Script::plain());
    window.command(Command::OpenPaths(vec![photograph(folder.path(), 60, [300, 200])]));
    window.until(|state| state.desk.photo.is_some());
    window.command(Command::MarkFace);
    window.command(Command::UsePoints);
    window.command(Command::RemoveOpen);
    let before = window.state.session();
    window.until(|state| !state.pending.has(|wish| matches!(wish, Wish::Place(..))));
    assert_eq!(window.state.session(), before);
    window.command(Command::Undo);
    window.until(|state| state.desk.photo.is_some());
    assert!(window.state.open_face().unwrap().record.square.is_none());
}

#[test]
fn weights_that_do_not_open_leave_everything_as_it_was() {
    let mut window = Driven::with_face(&Script::plain());
    window.command(turn(30.0));
    window.until(drawn);
    let (before, stamp) = (window.state.session(), window.state.desk.edited.as_ref().unwrap().stamp);
    window.command(Command::UseWeights(WeightsSource::File("folder/bad.safetensors".into())));
    window.until_bar("These weights are bad; choose others; Bundled stays in use: folder/bad.safetensors");
    assert_eq!(window.offers(), [("Open others…", Command::Ask(Purpose::OpenWeights))]);
    window.rest();
    let state = &window.state;
    assert_eq!((state.session(), state.settings.weights.as_ref()), (before, None));
    assert_eq!(state.desk.edited.as_ref().unwrap().stamp, stamp);
    assert_eq!(state.engine.ready.as_ref().unwrap().card.name, "Bundled");
    window.command(turn(40.0));
    window.until(drawn);
}

#[test]
fn without_networks_faces_are_kept_until_some_open() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new(|call, _| if call == "open Bundled" { Err(EngineError::NoCode) } else { Ok(()) });
    let mut window = Driven::forgetful(&script, vec![photograph(folder.path(), 10, CROP)]);
    window.until(|state| state.open.is_some() && state.bar.is_some());
    window.command(turn(30.0));
    window.rest();
    assert_eq!((window.state.edit(), window.state.own().is_none()), (Some(&turned(30.0)), true));
    window.command(Command::UseWeights(WeightsSource::File("Other.safetensors".into())));
    window.until(drawn);
    assert_eq!(shade(&window.state.desk.edited), Some(30));
}
