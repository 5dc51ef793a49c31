//! Evaluations: a model measured, reports opened, compared and their pictures shown behind threads. A stand-in sees one
//! thing in a picture: its green is the face's yaw.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use facespace::data::atomic::WriteError;
use facespace::data::image::{as_aligned, decode};
use facespace::data::shards::{self, Record};
use facespace::data::synth;
use facespace::engine::evaluation::{
    EvaluationEvent, Evaluations, FIGURE_SIDE, Lent, Model, Options, PartName, Picture, Request, Shown, Step, Verdict,
};
use facespace::engine::protocol::RgbImage;
use facespace::engine::slot::Slot;
use facespace::engine::{DeviceChoice, Engine, Setup, Ticket, WeightsSource};
use facespace::evaluate::error::EvaluateError;
use facespace::evaluate::lent::CardWords;
use facespace::evaluate::report::{Comparison, HTML, JSON};
use facespace::face::{FaceCode, FaceSpace, ModelName};
use facespace::nn::weights::Weights;
use facespace::nn::{Code, Encoded};
use image::{ImageFormat, Rgb};
use tempfile::TempDir;

use super::{BUNDLED, Gate, LONG, Script, bell, face};
use crate::data::bytes_of;
use crate::evaluate::report::sample;

/// Faces of the set.
const FACES: usize = 12;
/// The green of the first.
const FIRST: usize = 10;
const PARTS: [PartName; 2] = [PartName::Verification, PartName::Pose];
const GPU_LOST: &str = "The GPU failed; the CPU takes over";

/// A model that reads yaw off the green of a picture.
struct Painter {
    script: Arc<Script>,
    notices: Vec<String>,
}

impl Lent for Painter {
    fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }
}

impl Model for Painter {
    fn name(&self) -> ModelName {
        ModelName { name: "Painter".to_owned(), fingerprint: "0".repeat(16) }
    }

    fn contents(&self) -> u64 {
        1
    }

    fn card(&self) -> CardWords {
        CardWords { can_edit: true, ..CardWords::default() }
    }

    fn space(&self) -> &FaceSpace {
        &BUNDLED.space
    }

    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        let code = |crop: &RgbImage| {
            let green = crop.get_pixel(64, 64).0[1];
            self.script.called(format!("encode {green}"));
            let f = face(f32::from(green)).to_array();
            Encoded { z: f, f }
        };
        Ok(crops.iter().map(code).collect())
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        Ok(faces.iter().map(|face| painted(face.pose.yaw_deg.round() as u8)).collect())
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        let faces: Vec<FaceCode> = codes.iter().filter_map(FaceCode::from_array).collect();
        self.decode(&faces)
    }
}

fn painted(green: u8) -> RgbImage {
    RgbImage::from_pixel(128, 128, Rgb([90, green, 0]))
}

/// A face that looks two degrees further to the side than its picture says.
fn record(number: usize) -> Record {
    let green = (FIRST + number % FACES) as u8;
    Record {
        path: format!("Album/{number:03}.png"),
        picture_bytes: bytes_of(painted(green), ImageFormat::Png),
        person: None,
        clip: None,
        expression: None,
        valence: None,
        arousal: None,
        pose_deg: Some([f32::from(green) + 2.0, 0.0, 0.0]),
        landmarks: None,
        factors: None,
    }
}

/// A set of so many faces in a folder of its own.
fn set(faces: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..faces).map(|number| Ok(record(number)));
    shards::write::<WriteError>(&folder.path().join("album-val-00000.parquet"), rows).unwrap();
    folder
}

fn request(set: &Path, out: &Path) -> Request {
    Request {
        data: vec![set.to_owned()],
        options: Options { parts: PARTS.to_vec(), ..Options::default() },
        out: out.to_owned(),
        setup: Setup::default(),
    }
}

/// A report of one figure of this value, in a folder of its own.
fn reported(rmse: f64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let figure = sample::figure("reconstruction.phi.rmse", sample::measured(rmse, 0.5, 100));
    let report = sample::report_of("album-val", vec![figure]);
    report.write(folder.path()).unwrap();
    folder
}

/// The figures of a report's first set, as they are written.
fn figures(shown: &Shown) -> Vec<String> {
    shown.report.sets[0].figures().map(|figure| format!("{} {}", figure.key, figure.text())).collect()
}

/// Evaluations and what a window does with them.
struct Room {
    evaluations: Evaluations,
    woken: Receiver<()>,
}

impl Room {
    /// With a model of which something is to be said, and which refuses any weights file.
    fn by(script: &Arc<Script>, notices: Vec<String>) -> Self {
        let (wake, woken) = mpsc::channel();
        let script = Arc::clone(script);
        let lend = move |setup: &Setup| -> Result<Box<dyn Lent>, String> {
            match setup.weights {
                WeightsSource::File(_) => Err("These weights are bad; choose others".to_owned()),
                WeightsSource::Bundled => {
                    Ok(Box::new(Painter { script: Arc::clone(&script), notices: notices.clone() }))
                }
            }
        };
        Room { evaluations: Evaluations::start(bell(wake), Some(Box::new(lend))).unwrap(), woken }
    }

    fn of(script: &Arc<Script>) -> Self {
        Self::by(script, Vec::new())
    }

    fn new() -> Self {
        Self::of(&Script::new(|_| ()))
    }

    /// Sleeps until `look` finds something, as a window does that is only woken.
    fn wait<T>(&self, mut look: impl FnMut(&Evaluations) -> Option<T>) -> T {
        loop {
            if let Some(found) = look(&self.evaluations) {
                return found;
            }
            self.woken.recv_timeout(LONG).expect("nothing came");
        }
    }

    /// All events up to the one that closes this request.
    fn until_closed(&self, ticket: &Ticket) -> Vec<EvaluationEvent> {
        let mut events = Vec::new();
        loop {
            events.push(self.wait(Evaluations::event));
            if events.last().unwrap().closes() == Some(ticket.number()) {
                return events;
            }
        }
    }

    /// The event that closes this request.
    fn answer(&self, ticket: &Ticket) -> EvaluationEvent {
        self.until_closed(ticket).pop().unwrap()
    }

    fn failure(&self, ticket: &Ticket) -> String {
        let event = self.answer(ticket);
        let EvaluationEvent::Failed { sentence, .. } = event else { panic!("{event:?}") };
        sentence
    }

    fn done(&self, ticket: &Ticket) -> (Shown, usize) {
        let event = self.answer(ticket);
        let EvaluationEvent::Done { shown, reused, .. } = event else { panic!("{event:?}") };
        (shown, reused)
    }

    fn opened(&self, path: PathBuf) -> Shown {
        let ticket = self.evaluations.open(path).unwrap();
        let event = self.answer(&ticket);
        let EvaluationEvent::Opened { shown, .. } = event else { panic!("{event:?}") };
        shown
    }
}

#[test]
fn a_model_is_measured_and_what_has_not_changed_is_reused() {
    let (set, home) = (set(FACES), tempfile::tempdir().unwrap());
    let out = home.path().join("report");
    let script = Script::new(|_| ());
    let room = Room::of(&script);
    let ticket = room.evaluations.begin(request(set.path(), &out)).unwrap();
    let (shown, reused) = room.done(&ticket);
    let (done, total) = ticket.progress();
    assert!(total > 0 && done == total, "{done} of {total}");
    assert_eq!((reused, script.log().len()), (0, FACES));
    assert!(room.evaluations.progress().is_none());
    assert_eq!((&shown.folder, &shown.page), (&out, &Some(out.join(HTML))));

    let report = &shown.report;
    assert_eq!(report.model.name, "Painter");
    let [measured] = &report.sets[..] else { panic!("{:?}", report.sets) };
    assert_eq!((&*measured.name, measured.faces), ("album-val", FACES));
    let yaw = measured.figure("pose.yaw").unwrap();
    assert!((yaw.value.value - 2.0).abs() < 1e-3, "{yaw:?}");
    let [unmeasured] = &measured.unmeasured[..] else { panic!("{:?}", measured.unmeasured) };
    assert_eq!(unmeasured.part, PartName::Verification);

    let ticket = room.evaluations.begin(request(set.path(), &out)).unwrap();
    let (again, reused) = room.done(&ticket);
    assert_eq!((reused, script.log().len()), (PARTS.len(), FACES), "no picture is looked at again");
    let opened = room.opened(out.join(JSON));
    assert_eq!(opened.report.created, again.report.created);
    for other in [&again, &opened] {
        assert_eq!(figures(other), figures(&shown));
        assert_eq!(other.report.sets[0].unmeasured, measured.unmeasured);
    }
}

#[test]
fn what_is_in_hand_is_told_and_reports_open_meanwhile() {
    let (set, home) = (set(FACES), tempfile::tempdir().unwrap());
    let (gate, script) = Gate::at("encode 10");
    let room = Room::by(&script, vec![GPU_LOST.to_owned()]);
    let ticket = room.evaluations.begin(request(set.path(), &home.path().join("report"))).unwrap();
    gate.reached.wait();
    let progress = room.evaluations.progress().unwrap();
    assert_eq!((progress.number, &*progress.set, progress.step), (ticket.number(), "album-val", Step::Read));
    assert_eq!(progress.of_step, [0, FACES as u64]);
    assert!(progress.total > 0 && progress.done < progress.total && progress.left.is_none(), "{progress:?}");
    assert_eq!(ticket.progress(), (progress.done as usize, progress.total as usize));

    let other = reported(20.0);
    for path in [other.path().to_owned(), other.path().join(HTML), other.path().join(JSON)] {
        let shown = room.opened(path);
        assert_eq!((&*shown.folder, shown.page), (other.path(), Some(other.path().join(HTML))));
        assert_eq!(shown.report.sets[0].figures().count(), 1);
    }
    fs::remove_file(other.path().join(HTML)).unwrap();
    assert_eq!(room.opened(other.path().to_owned()).page, None);

    gate.open.put(());
    room.done(&ticket);
}

#[test]
fn what_happens_to_the_device_is_said_first() {
    let (set, home) = (set(FACES), tempfile::tempdir().unwrap());
    let room = Room::by(&Script::new(|_| ()), vec![GPU_LOST.to_owned()]);
    let ticket = room.evaluations.begin(request(set.path(), home.path())).unwrap();
    let events = room.until_closed(&ticket);
    let [EvaluationEvent::Notice(notice), EvaluationEvent::Done { .. }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&**notice, events[0].closes()), (GPU_LOST, None));
}

#[test]
fn an_evaluation_is_called_off_and_gone_on_with() {
    let (set, home) = (set(FACES), tempfile::tempdir().unwrap());
    let (gate, script) = Gate::at("encode 10");
    let room = Room::of(&script);
    let ticket = room.evaluations.begin(request(set.path(), home.path())).unwrap();
    let waiting = room.evaluations.begin(request(set.path(), home.path())).unwrap();
    gate.reached.wait();
    ticket.cancel();
    waiting.cancel();
    gate.open.put(());
    for ticket in [ticket, waiting] {
        assert!(matches!(room.answer(&ticket), EvaluationEvent::Cancelled { .. }));
    }
    assert!(!home.path().join(JSON).exists() && room.evaluations.progress().is_none());
    let ticket = room.evaluations.begin(request(set.path(), home.path())).unwrap();
    room.done(&ticket);
}

#[test]
fn what_cannot_be_done_says_why() {
    let (set, home) = (set(FACES), tempfile::tempdir().unwrap());
    let out = home.path().join("report");
    let room = Room::new();
    let nothing = home.path().join("nothing");
    let ends_with = |sentence: String, path: &Path| {
        assert!(sentence.ends_with(&format!(": {}", path.display())), "{sentence}");
    };
    let ticket = room.evaluations.begin(request(&nothing, &out)).unwrap();
    ends_with(room.failure(&ticket), &nothing);
    let weights = WeightsSource::File(nothing.clone());
    let setup = Setup { weights, ..Setup::default() };
    let ticket = room.evaluations.begin(Request { setup, ..request(set.path(), &out) }).unwrap();
    let sentence = room.failure(&ticket);
    assert!(sentence.starts_with("These weights are bad"), "{sentence}");
    ends_with(sentence, &nothing);
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    let ticket = room.evaluations.begin(request(set.path(), &file)).unwrap();
    ends_with(room.failure(&ticket), &file);

    let ticket = room.evaluations.open(nothing.clone()).unwrap();
    ends_with(room.failure(&ticket), &nothing);
    let report = reported(20.0);
    let ticket = room.evaluations.compare(report.path().to_owned(), nothing.clone()).unwrap();
    ends_with(room.failure(&ticket), &nothing);
}

#[test]
fn a_crash_costs_its_evaluation_alone() {
    let (set, home) = (set(FACES), tempfile::tempdir().unwrap());
    let first = Mutex::new(true);
    let room = Room::of(&Script::new(move |_| {
        if std::mem::take(&mut *first.lock().unwrap()) {
            panic!("a rehearsed crash");
        }
    }));
    let ticket = room.evaluations.begin(request(set.path(), home.path())).unwrap();
    let sentence = room.failure(&ticket);
    assert!(sentence.contains("(a rehearsed crash)"), "{sentence}");
    assert!(sentence.ends_with(&format!(": {}", home.path().display())), "{sentence}");
    let ticket = room.evaluations.begin(request(set.path(), home.path())).unwrap();
    room.done(&ticket);
}

#[test]
fn two_reports_are_compared() {
    let room = Room::new();
    let (former, later) = (reported(20.0), reported(15.0));
    let ticket = room.evaluations.compare(former.path().to_owned(), later.path().join(JSON)).unwrap();
    let event = room.answer(&ticket);
    let EvaluationEvent::Compared { a, b, comparison, .. } = event else { panic!("{event:?}") };
    assert_eq!((a, b), (former.path().to_owned(), later.path().join(JSON)));
    let [moved] = &comparison.moved[..] else { panic!("{comparison:?}") };
    assert_eq!((moved.verdict, moved.a.value, moved.b.value), (Verdict::Better, 20.0, 15.0));
}

#[test]
fn a_comparison_is_saved_by_its_ending_and_never_over_a_report() {
    let room = Room::new();
    let (former, later, out) = (reported(20.0), reported(15.0), tempfile::tempdir().unwrap());
    let reports = [former.path().to_owned(), later.path().join(JSON)];
    let ticket = room.evaluations.compare(reports[0].clone(), reports[1].clone()).unwrap();
    let event = room.answer(&ticket);
    let EvaluationEvent::Compared { comparison, .. } = event else { panic!("{event:?}") };
    let save = |path: &Path| {
        room.evaluations.save_comparison(Arc::clone(&comparison), reports.clone(), path.to_owned()).unwrap()
    };
    let written = |name: &str| {
        let path = out.path().join(name);
        let event = room.answer(&save(&path));
        let EvaluationEvent::Saved { path: saved, .. } = event else { panic!("{event:?}") };
        assert_eq!(saved, path);
        fs::read_to_string(path).unwrap()
    };
    for name in ["moved.html", "moved.HTM"] {
        assert!(written(name).starts_with("<!doctype html>"), "{name}");
    }
    assert_eq!(serde_json::from_str::<Comparison>(&written("moved.json")).unwrap(), *comparison);

    for (path, words) in [
        (out.path().join("moved.txt"), ".html or .json"),
        (out.path().join("none").join("moved.json"), "does not exist"),
        (former.path().join(HTML), "overwrite one of the reports"),
        (later.path().join(JSON), "overwrite one of the reports"),
    ] {
        let sentence = room.failure(&save(&path));
        assert!(sentence.contains(words) && sentence.ends_with(&format!(": {}", path.display())), "{sentence}");
    }
    assert!(!out.path().join("moved.txt").exists());
    for report in reports {
        assert_eq!(room.opened(report).report.sets[0].figures().count(), 1, "it is as it was");
    }
}

#[test]
fn pictures_of_a_report_come_for_what_is_wanted() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("report");
    fs::create_dir_all(folder.join("figures")).unwrap();
    let save = |path: PathBuf, size: [u32; 2]| RgbImage::new(size[0], size[1]).save(path).unwrap();
    save(folder.join("figures/small.png"), [64, 48]);
    save(folder.join("figures/wide.png"), [2 * FIGURE_SIDE, 64]);
    save(home.path().join("elsewhere.png"), [64, 64]);
    fs::write(folder.join("figures/broken.png"), "no picture").unwrap();

    let files = ["figures/small.png", "figures/wide.png", "figures/broken.png", "figures/none.png", "../elsewhere.png"];
    let picture = |file: &str| Picture { title: String::new(), caption: String::new(), file: file.to_owned() };
    let pictures = files.map(picture);
    let room = Room::new();
    room.evaluations.want(7, &folder, &pictures);
    let come = files.map(|_| room.wait(|evaluations| evaluations.picture(7)));
    assert_eq!(come.each_ref().map(|(file, _)| &**file), files);
    let sizes = come.map(|(_, picture)| picture.map(|picture| picture.dimensions()));
    assert_eq!(sizes, [Some((64, 48)), Some((FIGURE_SIDE, 32)), None, None, None]);

    // What was wanted of another report is none of this one.
    room.evaluations.want(8, &folder, &pictures[..1]);
    room.evaluations.want(9, &folder, &pictures[1..2]);
    assert_eq!(room.wait(|evaluations| evaluations.picture(9)).0, files[1]);
    assert!(room.evaluations.picture(9).is_none());
}

#[test]
fn the_end_waits_for_no_evaluation() {
    let (set, home) = (set(400), tempfile::tempdir().unwrap());
    let begun = Arc::new(Slot::default());
    let rings = Arc::clone(&begun);
    let script = Script::new(move |_| {
        rings.put(());
        std::thread::sleep(Duration::from_millis(10));
    });
    let room = Room::of(&script);
    room.evaluations.begin(request(set.path(), home.path())).unwrap();
    begun.wait();
    let started = Instant::now();
    drop(room);
    assert!(started.elapsed() < Duration::from_secs(4));
    assert!(script.log().len() < 400 && !home.path().join(JSON).exists());
}

#[test]
fn the_engine_is_the_model_that_it_has_opened() {
    let mut engine = Engine::open(DeviceChoice::Cpu, Arc::new(BUNDLED.clone())).unwrap();
    let crop = as_aligned(&decode(&synth::record(7, 3).picture_bytes).unwrap());
    let seen = engine.face(&crop).unwrap();
    let drawn = engine.picture(&seen).unwrap();

    let model: &mut dyn Model = &mut engine;
    assert_eq!((model.name(), model.space()), (BUNDLED.model(), &BUNDLED.space));
    let CardWords { preset, data, width, can_edit, .. } = model.card();
    assert_eq!((&preset, &data), (&BUNDLED.card.preset, &BUNDLED.card.data));
    assert_eq!((width, can_edit), (32, true));
    let codes = model.encode(std::slice::from_ref(&crop)).unwrap();
    let [Encoded { z, f }] = &codes[..] else { panic!("{codes:?}") };
    let code = FaceCode::from_array(f).unwrap();
    assert!(code.identity.angle_deg(&seen.identity) < 0.1 && (code.pose.yaw_deg - seen.pose.yaw_deg).abs() < 0.1);
    assert_eq!(model.decode(&[seen]).unwrap(), [drawn]);
    assert_eq!(model.decode_latent(&[*z]).unwrap()[0].dimensions(), (128, 128));

    let contents = model.contents();
    let mut other = BUNDLED.bytes().to_vec();
    // The last number of the last tensor.
    *other.last_mut().unwrap() ^= 1;
    let other = Weights::from_bytes(other).unwrap();
    let other = Engine::open(DeviceChoice::Cpu, Arc::new(other)).unwrap();
    assert_ne!(Model::contents(&other), contents);
}
