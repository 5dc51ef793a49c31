//! Audits: a set audited, opened, listed, looked at and judged behind threads. A stand-in encodes and draws: the red of
//! a picture is the expression that it shows, its green the face's yaw, by which the face is told.

mod looking;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use facespace::audit::Audit;
use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::engine::audit::{
    AuditEvent, Audits, Budget, Build, Columns, FaceKey, Filter, Form, Format, Info, Looked, Names, RankAnswer,
    RankRequest, Row, Score, Source, Verdict, Verdicts,
};
use facespace::engine::protocol::RgbImage;
use facespace::engine::{DeviceChoice, EngineError, Ready, Setup, Ticket, Worker};
use facespace::face::{Direction, Expression, FaceCode, PART_DIM, Pose};
use facespace::nn::refine::{Refined, Refiner};
use image::{ImageFormat, Rgb};
use tempfile::TempDir;

use super::{BUNDLED, Gate, LONG, Script, bell, face};
use crate::data::bytes_of;
use crate::shared::copy;

/// Faces of the set: the first half show happiness, the others sadness.
const FACES: usize = 60;
/// Those whose label says otherwise.
const WRONG: [usize; 2] = [0, 30];
const NONE_OPEN: &str = "No audit is open; open one or audit a set first";

const HAPPY: u8 = 200;
const SAD: u8 = 50;

/// Networks that see two colours.
struct Painter {
    script: Arc<Script>,
    fingerprint: String,
}

impl Worker for Painter {
    fn about(&self) -> Ready {
        Ready {
            device: "Stand-in".to_owned(),
            is_gpu: false,
            card: BUNDLED.card.clone(),
            space: Arc::new(BUNDLED.space.clone()),
            width: 1,
            fingerprint: self.fingerprint.clone(),
        }
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        let green = face.pose.yaw_deg.round() as u8;
        self.script.called(format!("picture {green}"));
        let [happy, sad] = [Expression::Happy, Expression::Sad].map(|class| face.expression.as_array()[class.index()]);
        Ok(painted(if happy > sad { HAPPY } else { SAD }, green))
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        let [red, green, _] = crop.get_pixel(64, 64).0;
        self.script.called(format!("face {green}"));
        let shown = if red > 127 { Expression::Happy } else { Expression::Sad };
        let mut expression = [0.0; PART_DIM];
        expression[shown.index()] = 1.0;
        expression[PART_DIM - 1] = 0.02 * f32::from(green % 7);
        let code = face(0.0);
        let pose = Pose { yaw_deg: f32::from(green), ..Pose::default() };
        Ok(FaceCode { pose, expression: Direction::new(expression).unwrap(), ..code })
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
        Err(EngineError::NoCode)
    }
}

fn painted(red: u8, green: u8) -> RgbImage {
    RgbImage::from_pixel(128, 128, Rgb([red, green, 0]))
}

/// The green of the face of this number.
fn green(number: usize) -> u8 {
    10 + number as u8
}

fn shown(number: usize) -> (Expression, u8) {
    if number < FACES / 2 { (Expression::Happy, HAPPY) } else { (Expression::Sad, SAD) }
}

fn given(number: usize) -> Expression {
    match shown(number).0 {
        Expression::Happy if WRONG.contains(&number) => Expression::Sad,
        _ if WRONG.contains(&number) => Expression::Happy,
        shown => shown,
    }
}

/// What the face of this number is called.
fn name(number: usize) -> String {
    format!("Album/{}-{number:02}.png", given(number))
}

fn record(number: usize) -> Record {
    Record {
        path: name(number),
        picture_bytes: bytes_of(painted(shown(number).1, green(number)), ImageFormat::Png),
        person: None,
        clip: None,
        expression: Some(given(number).index() as u8),
        valence: None,
        arousal: None,
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

fn write_set(folder: &Path) {
    let rows = (0..FACES).map(|number| Ok(record(number)));
    shards::write::<WriteError>(&folder.join("album-train-00000.parquet"), rows).unwrap();
}

/// A set in a folder of its own.
fn set() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    folder
}

/// The set, audited once for all tests, in a place that the next run of the tests clears.
static AUDITED: LazyLock<PathBuf> = LazyLock::new(|| {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("audited");
    let _ = fs::remove_dir_all(&home);
    let [set, audit] = ["set", "audit"].map(|name| home.join(name));
    fs::create_dir_all(&set).unwrap();
    write_set(&set);
    let room = Room::new();
    let ticket = room.audits.build(build(&set, &audit)).unwrap();
    let event = room.answer(&ticket);
    assert!(matches!(event, AuditEvent::Built { .. }), "{event:?}");
    audit
});

/// A copy of that audit, for one test.
fn audited() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("audit");
    copy(&AUDITED, &folder);
    (home, folder)
}

fn build(set: &Path, folder: &Path) -> Build {
    let source = Source { path: set.to_owned(), format: Some(Format::Shards), columns: Columns::default() };
    Build {
        source: Some(source),
        folder: folder.to_owned(),
        setup: Setup::default(),
        budget: Budget::Faces(4),
        rebuild: false,
    }
}

fn request() -> RankRequest {
    RankRequest { score: Score::SelfConfidence, filter: Filter::default(), within_budget: false }
}

/// Audits and what a window does with them.
struct Room {
    audits: Audits,
    woken: Receiver<()>,
}

/// An audit as a window knows it.
struct Known {
    info: Info,
    rows: Arc<Vec<Row>>,
    names: Arc<Names>,
}

impl Known {
    /// Where the row of the face of this number is.
    fn place(&self, number: usize) -> u32 {
        let name = name(number);
        (0..self.names.len()).find(|place| self.names.get(*place) == name).unwrap() as u32
    }

    fn face(&self, number: usize) -> FaceKey {
        self.rows[self.place(number) as usize].face
    }

    fn places(&self, numbers: impl IntoIterator<Item = usize>) -> Vec<u32> {
        sorted(numbers.into_iter().map(|number| self.place(number)).collect())
    }
}

fn sorted(mut places: Vec<u32>) -> Vec<u32> {
    places.sort_unstable();
    places
}

impl Room {
    fn by(script: &Arc<Script>, fingerprint: String) -> Self {
        let (wake, woken) = mpsc::channel();
        let script = Arc::clone(script);
        let open = move |_: &Setup| -> Result<Box<dyn Worker>, String> {
            script.called("open".to_owned());
            Ok(Box::new(Painter { script: Arc::clone(&script), fingerprint: fingerprint.clone() }))
        };
        Room { audits: Audits::start(bell(wake), Some(Box::new(open))).unwrap(), woken }
    }

    fn of(script: &Arc<Script>) -> Self {
        Self::by(script, BUNDLED.fingerprint())
    }

    fn new() -> Self {
        Self::of(&Script::new(|_| ()))
    }

    /// Sleeps until `look` finds something, as a window does that is only woken.
    fn wait<T>(&self, mut look: impl FnMut(&Audits) -> Option<T>) -> T {
        loop {
            if let Some(found) = look(&self.audits) {
                return found;
            }
            self.woken.recv_timeout(LONG).expect("nothing came");
        }
    }

    /// All events up to the one that closes this request.
    fn until_closed(&self, ticket: &Ticket) -> Vec<AuditEvent> {
        let mut events = Vec::new();
        loop {
            events.push(self.wait(Audits::event));
            if events.last().unwrap().closes() == Some(ticket.number()) {
                return events;
            }
        }
    }

    /// The event that closes this request.
    fn answer(&self, ticket: &Ticket) -> AuditEvent {
        self.until_closed(ticket).pop().unwrap()
    }

    fn failure(&self, ticket: &Ticket) -> String {
        let event = self.answer(ticket);
        let AuditEvent::Failed { sentence, .. } = event else { panic!("{event:?}") };
        sentence
    }

    fn open(&self, folder: &Path) -> Known {
        let ticket = self.audits.open(folder.to_owned()).unwrap();
        let event = self.answer(&ticket);
        let AuditEvent::Opened { info, rows, names, .. } = event else { panic!("{event:?}") };
        Known { info: *info, rows, names }
    }

    fn rank(&self, request: RankRequest) -> RankAnswer {
        let number = self.audits.rank(request);
        let answer = self.wait(|audits| audits.ranked(number));
        assert_eq!(answer.number, number);
        answer
    }

    fn listed(&self, filter: Filter) -> Vec<u32> {
        let answer = self.rank(RankRequest { filter, ..request() });
        assert_eq!((answer.total, answer.error), (answer.order.len(), None));
        sorted(answer.order.to_vec())
    }

    fn judge(&self, face: FaceKey, verdict: Verdict) -> AuditEvent {
        let ticket = self.audits.judge(face, verdict, "Anna".to_owned()).unwrap();
        self.answer(&ticket)
    }

    /// All that is said of a face, up to the last.
    fn look(&self, face: FaceKey, ahead: Vec<FaceKey>) -> Vec<Looked> {
        let number = self.audits.look(face, ahead);
        let mut steps = Vec::new();
        loop {
            let looked: Looked = self.wait(|audits| audits.looked(number));
            assert_eq!((looked.number, looked.face), (number, face));
            steps.push(looked);
            if steps.last().unwrap().done {
                return steps;
            }
        }
    }
}

#[test]
fn a_set_is_audited_and_its_wrong_labels_lead_the_list() {
    let (set, home) = (set(), tempfile::tempdir().unwrap());
    let folder = home.path().join("audit");
    let room = Room::new();
    let ticket = room.audits.build(build(set.path(), &folder)).unwrap();
    let mut events = room.until_closed(&ticket);
    let Some(AuditEvent::Built { outcome, .. }) = events.pop() else { panic!("{events:?}") };
    assert!(!outcome.cancelled && room.audits.progress().is_none(), "{outcome:?}");
    let [AuditEvent::Opened { number: None, info, rows, names, .. }] = &events[..] else { panic!("{events:?}") };
    let known = Known { info: (**info).clone(), rows: Arc::clone(rows), names: Arc::clone(names) };
    assert_eq!((known.info.faces, known.info.labelled, known.rows.len()), (FACES, FACES, FACES));
    assert_eq!(known.info.budget, 4);

    let answer = room.rank(request());
    assert_eq!(sorted(answer.order[..2].to_vec()), known.places(WRONG));
    assert_eq!((answer.total, answer.ranks.len()), (FACES, FACES));
    assert_eq!(&answer.ranks[..3], [1, 2, 3]);

    // Once more without a word of what it is of; the same audit stays open.
    let again = Build { source: None, ..build(set.path(), &folder) };
    let ticket = room.audits.build(again).unwrap();
    let events = room.until_closed(&ticket);
    assert!(matches!(events[..], [AuditEvent::Refreshed { .. }, AuditEvent::Built { .. }]), "{events:?}");
}

#[test]
fn lists_are_filtered_and_count_what_looks_like_what() {
    let (_home, folder) = audited();
    let room = Room::new();
    let known = room.open(&folder);
    let (happy, sad) = (Some(Expression::Happy), Some(Expression::Sad));
    let cell = |given, predicted| Filter { given, predicted, ..Filter::default() };
    assert_eq!(room.listed(cell(sad, happy)), known.places([WRONG[0]]));
    assert_eq!(room.listed(cell(happy, None)), known.places((0..FACES).filter(|i| Some(given(*i)) == happy)));
    let text = |text: &str| Filter { text: text.to_owned(), ..Filter::default() };
    assert_eq!(room.listed(text(" album/SAD-0")), known.places([0]));
    assert!(room.listed(text("nobody")).is_empty());

    let answer = room.rank(RankRequest { filter: cell(sad, happy), within_budget: true, ..request() });
    let counted: u32 = answer.confusion.iter().flatten().sum();
    assert_eq!((answer.order.len(), answer.total, counted), (1, 1, 4), "the matrix is of all within the budget");
    assert_eq!(answer.confusion[Expression::Sad.index()][Expression::Happy.index()], 1);
    assert!(answer.ranks[0] <= 2, "{answer:?}");

    let with = |verdict| Filter { verdict, ..Filter::default() };
    room.judge(known.face(0), Verdict::Relabel(Expression::Happy));
    room.judge(known.face(1), Verdict::Keep);
    room.judge(known.face(2), Verdict::Ambiguous);
    assert_eq!(room.listed(with(Verdicts::Some)), known.places([0, 1, 2]));
    assert_eq!(room.listed(with(Verdicts::None)), known.places(3..FACES));
    for (verdict, number) in [(Verdicts::Relabel, 0), (Verdicts::Keep, 1), (Verdicts::Ambiguous, 2)] {
        assert_eq!(room.listed(with(verdict)), known.places([number]));
    }
}

#[test]
fn a_verdict_is_on_the_disk_when_it_is_said_and_can_be_taken_back() {
    let (_home, folder) = audited();
    let room = Room::new();
    let known = room.open(&folder);
    let on_disk = || Audit::open(&folder).unwrap().rows().unwrap()[known.place(0) as usize].verdict;
    let (face, relabel) = (known.face(0), Verdict::Relabel(Expression::Happy));
    let event = room.judge(face, relabel);
    let AuditEvent::Judged { place, verdict, counts, .. } = event else { panic!("{event:?}") };
    assert_eq!((place, verdict, on_disk()), (known.place(0), relabel, Some(relabel)));
    assert_eq!((counts.relabel, counts.total()), (1, 1));
    room.judge(face, Verdict::Ambiguous);
    assert_eq!(on_disk(), Some(Verdict::Ambiguous));

    for expected in [Some(relabel), None] {
        let ticket = room.audits.undo("Bert".to_owned()).unwrap();
        let event = room.answer(&ticket);
        let AuditEvent::Undone { faces, name: first, counts, .. } = event else { panic!("{event:?}") };
        assert_eq!((faces, first), (vec![(face, known.place(0), expected)], name(0)));
        assert_eq!((counts.total(), on_disk()), (usize::from(expected.is_some()), expected));
    }
    let ticket = room.audits.undo("Bert".to_owned()).unwrap();
    assert!(room.failure(&ticket).starts_with("There is no verdict to take back"));
    let ticket = room.audits.judge(face + 1000, Verdict::Keep, "Anna".to_owned()).unwrap();
    assert!(room.failure(&ticket).starts_with("The face is not among those"));
}

#[test]
fn verdicts_that_were_given_before_the_end_are_kept() {
    let (_home, folder) = audited();
    let room = Room::new();
    let known = room.open(&folder);
    for number in 0..20 {
        room.audits.judge(known.face(number), Verdict::Keep, "Anna".to_owned()).unwrap();
    }
    drop(room);
    assert_eq!(Audit::open(&folder).unwrap().info().unwrap().verdicts.keep, 20);
}

#[test]
fn nothing_is_told_of_an_audit_that_is_not_open() {
    let (home, folder) = audited();
    let room = Room::new();
    let all_fail = || {
        assert_eq!(room.rank(request()).error.unwrap(), NONE_OPEN);
        let looked = room.look(1, vec![2]);
        assert_eq!((looked.len(), looked[0].error.as_deref()), (1, Some(NONE_OPEN)));
        for ticket in [
            room.audits.judge(1, Verdict::Keep, "Anna".to_owned()),
            room.audits.undo("Anna".to_owned()),
            room.audits.export(home.path().join("log.csv"), Form::Log),
            room.audits.import(home.path().join("log.csv"), "Anna".to_owned()),
        ] {
            assert_eq!(room.failure(&ticket.unwrap()), NONE_OPEN);
        }
    };
    all_fail();
    let known = room.open(&folder);
    let nothing = home.path().join("nothing");
    let ticket = room.audits.open(nothing.clone()).unwrap();
    assert!(room.failure(&ticket).ends_with(&format!(": {}", nothing.display())));
    assert_eq!(room.rank(request()).total, known.rows.len(), "the one before stays");
    room.audits.close().unwrap();
    assert!(matches!(room.wait(Audits::event), AuditEvent::Closed));
    all_fail();
}

#[test]
fn labels_go_out_as_tables_and_come_back() {
    let (home, folder) = audited();
    let room = Room::new();
    let known = room.open(&folder);
    let table = home.path().join("labels.csv");
    let ticket = room.audits.export(table.clone(), Form::Cleanlab).unwrap();
    let event = room.answer(&ticket);
    assert!(matches!(&event, AuditEvent::Exported { form: Form::Cleanlab, path, .. } if *path == table), "{event:?}");
    // In another program the first face is given its right label; labels stand in the last column.
    let text = fs::read_to_string(&table).unwrap();
    let relabelled = |line: &str| match line.strip_suffix(&Expression::Sad.index().to_string()) {
        Some(rest) if line.starts_with(&name(0)) => format!("{rest}{}\n", Expression::Happy.index()),
        _ => format!("{line}\n"),
    };
    fs::write(&table, text.lines().map(relabelled).collect::<String>()).unwrap();
    let ticket = room.audits.import(table, "Bert".to_owned()).unwrap();
    let events = room.until_closed(&ticket);
    let [AuditEvent::Refreshed { rows, .. }, AuditEvent::Imported { report, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((report.relabel, report.unchanged), (1, known.rows.len() - 1), "{report:?}");
    assert_eq!(rows[known.place(0) as usize].verdict, Some(Verdict::Relabel(Expression::Happy)));
    let relabelled = Filter { verdict: Verdicts::Relabel, ..Filter::default() };
    assert_eq!(room.listed(relabelled), known.places([0]), "lists are of the new rows");

    let unwritable = home.path().join("audit").join("audit.sqlite").join("labels.csv");
    let ticket = room.audits.export(unwritable.clone(), Form::Cleanlab).unwrap();
    assert!(room.failure(&ticket).contains(&unwritable.parent().unwrap().display().to_string()));
}

#[test]
fn a_list_is_always_of_the_rows_that_were_given_last() {
    let (_home, folder) = audited();
    let room = Room::new();
    let known = room.open(&folder);
    room.rank(request());
    // Opened anew, and nobody has looked at the event yet.
    let ticket = room.audits.open(folder).unwrap();
    let number = room.audits.rank(request());
    let (done, total) = (1, 1);
    let started = Instant::now();
    while ticket.progress() != (done, total) {
        assert!(started.elapsed() < LONG);
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(Duration::from_millis(50));
    assert!(room.audits.ranked(number).is_none());
    let event = room.answer(&ticket);
    assert!(matches!(&event, AuditEvent::Opened { rows, .. } if !Arc::ptr_eq(rows, &known.rows)));
    assert_eq!(room.wait(|audits| audits.ranked(number)).total, FACES);
}

#[test]
fn thumbnails_come_for_what_is_wanted() {
    let (_home, folder) = audited();
    let room = Room::new();
    let known = room.open(&folder);
    let wanted = [known.face(3), known.face(3) + 1000, known.face(40)];
    room.audits.want(wanted.to_vec());
    let come = wanted.map(|_| room.wait(Audits::thumbnail));
    assert_eq!(come.each_ref().map(|(key, _)| *key), wanted);
    assert_eq!(come.each_ref().map(|(_, picture)| picture.is_some()), [true, false, true]);
}

#[test]
fn an_audit_is_called_off_and_gone_on_with() {
    let (set, home) = (set(), tempfile::tempdir().unwrap());
    let folder = home.path().join("audit");
    let (gate, script) = Gate::at("face 20");
    let room = Room::of(&script);
    let ticket = room.audits.build(build(set.path(), &folder)).unwrap();
    let waiting = room.audits.build(build(set.path(), &folder)).unwrap();
    gate.reached.wait();
    ticket.cancel();
    waiting.cancel();
    gate.open.put(());
    let event = room.answer(&ticket);
    assert!(matches!(&event, AuditEvent::Built { outcome, .. } if outcome.cancelled), "{event:?}");
    assert!(matches!(room.answer(&waiting), AuditEvent::Cancelled { .. }));
    let ticket = room.audits.build(build(set.path(), &folder)).unwrap();
    let events = room.until_closed(&ticket);
    assert!(matches!(events[..], [AuditEvent::Opened { .. }, AuditEvent::Built { .. }]), "{events:?}");
}

#[test]
fn what_cannot_be_audited_says_why() {
    let home = tempfile::tempdir().unwrap();
    let room = Room::new();
    let nothing = home.path().join("nothing");
    let ticket = room.audits.build(build(&nothing, &home.path().join("audit"))).unwrap();
    let sentence = room.failure(&ticket);
    assert!(sentence.ends_with(&format!(": {}", nothing.display())), "{sentence}");
    let none = Build { source: None, ..build(&nothing, &nothing) };
    let ticket = room.audits.build(none).unwrap();
    assert!(room.failure(&ticket).starts_with("There is no audit here"));
}

#[test]
fn the_end_waits_for_no_audit() {
    let (set, home) = (set(), tempfile::tempdir().unwrap());
    let begun = Arc::new(facespace::engine::slot::Slot::default());
    let rings = Arc::clone(&begun);
    let script = Script::new(move |call| {
        if call.starts_with("face") {
            rings.put(());
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let room = Room::of(&script);
    room.audits.build(build(set.path(), &home.path().join("audit"))).unwrap();
    begun.wait();
    let started = Instant::now();
    drop(room);
    assert!(started.elapsed() < Duration::from_secs(4));
}
