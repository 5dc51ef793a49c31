//! Galleries: an index opened, searched, grouped, built and deleted behind threads. A stand-in encodes: a face is told
//! by its yaw, which is the shade of its picture.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use facespace::engine::gallery::{
    Build, FaceKey, Filter, FoundFace, Galleries, GalleryEvent, GroupsAnswer, ModelName, Query, Report, SearchAnswer,
    SearchRequest, THUMBNAIL_SIDE,
};
use facespace::engine::open::Placement;
use facespace::engine::protocol::{RgbImage, Source};
use facespace::engine::{Event, Search, Setup, Ticket, Worker};
use facespace::face::{Crop, Direction, Expression, FaceCode, PART_DIM, Part, Pose};
use facespace::gallery::{FaceLabels, From, Index, NewFace};
use image::{ImageFormat, Rgb};

use super::{BUNDLED, Gate, LONG, Script, StandIn, Window, bell};
use crate::data::bytes_of;

/// Galleries and what a window does with them.
struct Hall {
    galleries: Galleries,
    woken: Receiver<()>,
}

impl Hall {
    fn of(script: &Arc<Script>) -> Self {
        let (wake, woken) = mpsc::channel();
        let script = Arc::clone(script);
        let open = move |_: &Setup| -> Result<Box<dyn Worker>, String> {
            Ok(Box::new(StandIn { script: Arc::clone(&script), device: "Stand-in" }))
        };
        let galleries = Galleries::start(bell(wake), Search::default(), Some(Box::new(open))).unwrap();
        Hall { galleries, woken }
    }

    fn new() -> Self {
        Self::of(&Script::new(|_| ()))
    }

    /// One with an index open.
    fn showing(folder: &Path) -> Self {
        let hall = Self::new();
        let ticket = hall.galleries.open(folder.to_owned()).unwrap();
        assert!(matches!(hall.answer(&ticket), GalleryEvent::Opened { .. }));
        hall
    }

    /// Sleeps until `look` finds something, as a window does that is only woken.
    fn wait<T>(&self, mut look: impl FnMut(&Galleries) -> Option<T>) -> T {
        loop {
            if let Some(found) = look(&self.galleries) {
                return found;
            }
            self.woken.recv_timeout(LONG).expect("nothing came");
        }
    }

    /// All events up to the one that closes this request.
    fn until_closed(&self, ticket: &Ticket) -> Vec<GalleryEvent> {
        let mut events = Vec::new();
        loop {
            events.push(self.wait(Galleries::event));
            if events.last().unwrap().closes() == Some(ticket.number()) {
                return events;
            }
        }
    }

    /// The event that closes this request.
    fn answer(&self, ticket: &Ticket) -> GalleryEvent {
        self.until_closed(ticket).pop().unwrap()
    }

    fn failure(&self, ticket: &Ticket) -> String {
        let event = self.answer(ticket);
        let GalleryEvent::Failed { sentence, .. } = event else { panic!("{event:?}") };
        sentence
    }

    fn build(&self, folder: &Path, add: &Path) -> Report {
        let ticket = self.galleries.build(build(folder, add)).unwrap();
        let event = self.answer(&ticket);
        let GalleryEvent::Built { report, .. } = event else { panic!("{event:?}") };
        *report
    }

    fn search(&self, request: SearchRequest) -> SearchAnswer {
        let number = self.galleries.search(request);
        let answer = self.wait(|galleries| galleries.found(number));
        assert_eq!(answer.number, number);
        answer
    }

    fn everything(&self) -> Vec<FaceKey> {
        let answer = self.search(SearchRequest { limit: 1000, ..SearchRequest::default() });
        assert_eq!((answer.error, answer.total), (None, answer.hits.len()));
        answer.hits.iter().map(|hit| hit.key).collect()
    }

    /// All faces in the order of their yaw; files are looked at side by side and stored in any order.
    fn by_yaw(&self) -> Vec<FaceKey> {
        let mut faces: Vec<(f32, FaceKey)> = self.everything().into_iter().map(|key| (self.yaw_of(key), key)).collect();
        faces.sort_by(|a, b| a.0.total_cmp(&b.0));
        faces.into_iter().map(|(_, key)| key).collect()
    }

    fn yaw_of(&self, key: FaceKey) -> f32 {
        let ticket = self.galleries.card(key).unwrap();
        let event = self.answer(&ticket);
        let GalleryEvent::Card { card, .. } = event else { panic!("{event:?}") };
        card.code.pose.yaw_deg
    }

    fn group(&self, threshold: f32) -> GroupsAnswer {
        let number = self.galleries.group(threshold);
        self.wait(|galleries| galleries.groups(number))
    }
}

fn build(folder: &Path, add: &Path) -> Build {
    Build { folder: folder.to_owned(), add: vec![add.to_owned()], ..Build::default() }
}

/// A folder of crops, each of one shade.
fn crops(shades: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for &shade in shades {
        fs::write(folder.path().join(format!("{shade:03}.png")), png(shade)).unwrap();
    }
    folder
}

fn shade(value: u8) -> RgbImage {
    RgbImage::from_pixel(128, 128, Rgb([value; 3]))
}

fn png(value: u8) -> Vec<u8> {
    bytes_of(shade(value), ImageFormat::Png)
}

fn model() -> ModelName {
    ModelName { name: BUNDLED.card.name.clone(), fingerprint: BUNDLED.fingerprint() }
}

/// A direction near the axis of this number.
fn near(axis: usize, off: f32) -> Direction {
    let mut vector = [0.0; PART_DIM];
    (vector[axis], vector[PART_DIM - 1]) = (1.0, off);
    Direction::new(vector).unwrap()
}

/// Six faces: three of each of two people, the expressions taking turns.
fn face(number: usize) -> FaceCode {
    FaceCode {
        pose: Pose { yaw_deg: 10.0 * number as f32, ..Pose::default() },
        identity: near(number / 3, 0.05 * (number % 3) as f32),
        expression: near(number % 2, 0.0),
        style: near(number, 0.0),
    }
}

fn new_face(number: usize) -> NewFace {
    let expression = [Expression::Happy, Expression::Sad][number % 2];
    NewFace {
        from: From::Photo {
            path: PathBuf::from(format!("/somewhere/{number}.png")),
            square: Crop::level([64.0, 64.0], 64.0),
            found: None,
            size: (128, 128),
        },
        number: 1,
        labels: FaceLabels { expression: Some(expression), ..FaceLabels::default() },
        code: face(number).to_array(),
        confidence: None,
        thumbnail: Vec::new(),
    }
}

/// An index of the six faces, in a folder of its own.
fn six() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("index");
    let mut index = Index::create(&folder, &model()).unwrap();
    index.insert(&(0..6).map(new_face).collect::<Vec<_>>()).unwrap();
    (home, folder)
}

#[test]
fn a_folder_is_indexed_opened_and_kept_up_to_date() {
    let (pictures, home) = (crops(&[10, 20, 30]), tempfile::tempdir().unwrap());
    fs::write(pictures.path().join("broken.png"), b"no picture").unwrap();
    let folder = home.path().join("index");
    let hall = Hall::new();
    let ticket = hall.galleries.build(build(&folder, pictures.path())).unwrap();
    let mut events = hall.until_closed(&ticket);
    let Some(GalleryEvent::Built { report, .. }) = events.pop() else { panic!("{events:?}") };
    assert_eq!((report.added, report.faces_added, report.failed.len()), (3, 3, 1), "{report:?}");
    assert!(report.failed[0].1.ends_with("broken.png"), "{report:?}");
    let (done, total) = ticket.progress();
    assert_eq!(done, total);
    let opened = |event: &&GalleryEvent| matches!(event, GalleryEvent::Opened { number: None, .. });
    assert_eq!(events.iter().filter(opened).count(), 1, "{events:?}");
    assert_eq!(hall.everything().len(), 3);

    fs::write(pictures.path().join("040.png"), png(40)).unwrap();
    let report = hall.build(&folder, pictures.path());
    assert_eq!((report.added, report.unchanged), (1, 4), "{report:?}");
    assert_eq!(hall.everything().len(), 4);
}

#[test]
fn faces_are_found_by_weighted_parts() {
    let (_home, folder) = six();
    let hall = Hall::showing(&folder);
    let keys = hall.everything();
    assert_eq!(keys.len(), 6);

    let query = |weights| Query { faces: vec![(face(0), 1.0)], weights };
    let request = |weights| SearchRequest { query: Some(query(weights)), limit: 2, ..SearchRequest::default() };
    let key = |hit: &FoundFace| hit.key;
    let answer = hall.search(request([0.0, 1.0, 0.0, 0.0]));
    assert_eq!(answer.hits.iter().map(key).collect::<Vec<_>>(), [keys[0], keys[1]]);
    assert_eq!((answer.total, answer.rows.each_ref().map(Vec::len)), (6, [6; 4]));
    assert!((answer.hits[0].score - 1.0).abs() < 1e-5 && answer.hits[0].parts.iter().all(|part| *part > 0.999));
    assert_eq!(answer.rows[2].iter().take(3).map(key).collect::<Vec<_>>(), [keys[0], keys[2], keys[4]]);
    assert!(answer.rows[2][1].parts[3].abs() < 1e-5, "a row tells all four parts");

    // The same expression, another person.
    let answer = hall.search(request([0.0, -0.5, 1.0, 0.0]));
    assert_eq!(key(&answer.hits[0]), keys[4]);
    let filter = Filter { expressions: vec![Expression::Sad], yaw: Some([25.0, 90.0]), ..Filter::default() };
    let answer = hall.search(SearchRequest { filter, ..request([0.0, 1.0, 0.0, 0.0]) });
    assert_eq!((answer.hits.iter().map(key).collect::<Vec<_>>(), answer.total), (vec![keys[3], keys[5]], 2));
}

#[test]
fn a_search_that_cannot_be_met_says_why() {
    let (_home, folder) = six();
    let hall = Hall::new();
    let query = |weights| Some(Query { faces: vec![(face(0), 1.0)], weights });
    let ask = |query, model| hall.search(SearchRequest { query, model, limit: 5, ..SearchRequest::default() }).error;
    assert_eq!(ask(None, None).unwrap(), "No index is open; open or build one first");
    assert_eq!(hall.group(0.5).error.unwrap(), "No index is open; open or build one first");
    let ticket = hall.galleries.open(folder.clone()).unwrap();
    hall.answer(&ticket);
    assert!(ask(query([0.0; 4]), None).is_some());
    assert_eq!(ask(query([1.0; 4]), Some(model())), None);
    let other = ModelName { name: "other".to_owned(), fingerprint: "other".to_owned() };
    let sentence = ask(query([1.0; 4]), Some(other)).unwrap();
    assert!(sentence.ends_with(&format!(": {}", folder.display())), "{sentence}");
}

#[test]
fn an_index_that_does_not_open_leaves_the_one_before() {
    let (home, folder) = six();
    let hall = Hall::showing(&folder);
    let nothing = home.path().join("nothing");
    let ticket = hall.galleries.open(nothing.clone()).unwrap();
    assert!(hall.failure(&ticket).ends_with(&format!(": {}", nothing.display())));
    assert_eq!(hall.everything().len(), 6);
    hall.galleries.close().unwrap();
    assert!(matches!(hall.wait(Galleries::event), GalleryEvent::Closed));
    let ticket = hall.galleries.card(1).unwrap();
    assert_eq!(hall.failure(&ticket), "No index is open; open or build one first");
}

#[test]
fn people_are_named_merged_split_and_set_back() {
    let (_home, folder) = six();
    let hall = Hall::showing(&folder);
    let keys = hall.everything();
    let sizes = |answer: &GroupsAnswer| answer.groups.iter().map(|group| group.members.len()).collect::<Vec<_>>();
    let before = hall.group(0.8);
    assert_eq!(sizes(&before), [3, 3], "{before:?}");
    assert!(before.groups.iter().all(|group| group.name.is_none()));

    let changed = |ticket: Ticket| {
        let event = hall.answer(&ticket);
        let GalleryEvent::PeopleChanged { what, .. } = event else { panic!("{event:?}") };
        what
    };
    let what = changed(hall.galleries.rename(keys[..3].to_vec(), "Anna".to_owned()).unwrap());
    assert_eq!(what, "3 faces were named Anna");
    let named = hall.group(0.8);
    assert_eq!(named.groups.iter().filter(|group| group.name.as_deref() == Some("Anna")).count(), 1);
    let filter = Filter { person: Some("ann".to_owned()), ..Filter::default() };
    let anna = SearchRequest { filter, limit: 10, ..SearchRequest::default() };
    assert_eq!(hall.search(anna.clone()).total, 3);

    changed(hall.galleries.split(vec![keys[2]], keys[..3].to_vec()).unwrap());
    assert_eq!(sizes(&hall.group(0.8)), [3, 2, 1]);
    changed(hall.galleries.merge(keys.clone()).unwrap());
    assert_eq!(sizes(&hall.group(0.8)), [6]);
    for _ in 0..3 {
        assert!(changed(hall.galleries.undo().unwrap()).starts_with("Taken back: "));
    }
    assert_eq!(sizes(&hall.group(0.8)), [3, 3]);
    assert_eq!(hall.search(anna).total, 0);
    let ticket = hall.galleries.undo().unwrap();
    assert!(hall.failure(&ticket).starts_with("There is nothing to undo"));
}

#[test]
fn a_found_face_is_opened_as_a_picture() {
    let (pictures, home) = (crops(&[10, 20]), tempfile::tempdir().unwrap());
    let folder = home.path().join("index");
    let hall = Hall::new();
    hall.build(&folder, pictures.path());
    let [_, key] = hall.by_yaw()[..] else { panic!("two faces") };
    let ticket = hall.galleries.card(key).unwrap();
    let GalleryEvent::Card { card, .. } = hall.answer(&ticket) else { panic!("no card") };
    assert_eq!((card.key, card.number, card.missing), (key, 1, false));

    let ticket = hall.galleries.pick(key).unwrap();
    let event = hall.answer(&ticket);
    let GalleryEvent::Picked { name, source, placement, code, .. } = event else { panic!("{event:?}") };
    assert!(
        matches!(placement, Placement::Square(_)) && matches!(&source, Source::Path(path) if path.ends_with(&name))
    );
    assert!((code.pose.yaw_deg - 20.0).abs() < 1e-3, "{code:?}");
    let window = Window::of(&Script::new(|_| ()));
    let ticket = window.studio.open(vec![(source, placement)]).unwrap();
    let opened = window.until_closed(&ticket).into_iter().find_map(|event| match event {
        Event::Opened { opened, .. } => Some(opened),
        _ => None,
    });
    assert_eq!(opened.unwrap().crop.unwrap().picture, shade(20));

    fs::remove_file(pictures.path().join("020.png")).unwrap();
    let ticket = hall.galleries.pick(key).unwrap();
    assert!(hall.failure(&ticket).ends_with("020.png"));
    let ticket = hall.galleries.card(key + 1000).unwrap();
    assert!(hall.failure(&ticket).starts_with("The face is no longer in the index"));
}

#[test]
fn thumbnails_come_for_what_is_wanted() {
    let (pictures, home) = (crops(&[10, 200]), tempfile::tempdir().unwrap());
    let folder = home.path().join("index");
    let hall = Hall::new();
    hall.build(&folder, pictures.path());
    let [dark, bright] = hall.by_yaw()[..] else { panic!("two faces") };
    let wanted = [bright, bright + 1000, dark];
    hall.galleries.want(wanted.to_vec());
    let mut come = Vec::new();
    while come.len() < 3 {
        come.push(hall.wait(Galleries::thumbnail));
    }
    assert_eq!(come.iter().map(|(key, _)| *key).collect::<Vec<_>>(), wanted);
    let picture = come[0].1.as_ref().unwrap();
    assert_eq!(picture.dimensions(), (THUMBNAIL_SIDE, THUMBNAIL_SIDE));
    assert!(picture.get_pixel(48, 48).0[0] > 150 && come[1].1.is_none() && come[2].1.is_some());

    // Of the index before, none comes any more.
    let (_other_home, other) = six();
    let ticket = hall.galleries.open(other).unwrap();
    hall.answer(&ticket);
    assert!(hall.galleries.thumbnail().is_none());
    hall.galleries.want(vec![hall.everything()[0]]);
    assert!(hall.wait(Galleries::thumbnail).1.is_none(), "these have no thumbnails");
}

#[test]
fn maps_duplicates_and_exports_are_worked_out_beside() {
    let (home, folder) = six();
    let mut index = Index::open(&folder).unwrap();
    index.insert(&[NewFace { number: 2, ..new_face(0) }]).unwrap();
    drop(index);
    let hall = Hall::showing(&folder);
    let all = hall.everything();

    for part in [Part::Pose, Part::Identity] {
        let ticket = hall.galleries.map(part).unwrap();
        let event = hall.answer(&ticket);
        let GalleryEvent::Map { keys, points, explained, .. } = event else { panic!("{event:?}") };
        assert_eq!((keys.as_slice(), points.len()), (all.as_slice(), 7));
        assert!(explained[0] >= explained[1] && explained[0] <= 1.0001, "{explained:?}");
    }
    let ticket = hall.galleries.duplicates().unwrap();
    let event = hall.answer(&ticket);
    let GalleryEvent::Duplicates { groups, .. } = event else { panic!("{event:?}") };
    let mut twice = groups.concat();
    twice.sort_unstable();
    assert_eq!((groups.len(), twice), (1, vec![all[0], all[6]]));

    let path = home.path().join("codes.csv");
    let ticket = hall.galleries.export(path.clone()).unwrap();
    assert!(matches!(hall.answer(&ticket), GalleryEvent::Exported { faces: 7, .. }));
    assert!(fs::read_to_string(&path).unwrap().lines().count() == 8);
    let path = home.path().join("codes.txt");
    let ticket = hall.galleries.export(path.clone()).unwrap();
    assert!(hall.failure(&ticket).ends_with(&format!(": {}", path.display())));
}

#[test]
fn an_index_of_another_model_is_rebuilt_when_asked() {
    let (pictures, home) = (crops(&[10, 20]), tempfile::tempdir().unwrap());
    let folder = home.path().join("index");
    let other = ModelName { name: "other".to_owned(), fingerprint: "other".to_owned() };
    drop(Index::create(&folder, &other).unwrap());
    let hall = Hall::showing(&folder);
    let ticket = hall.galleries.build(build(&folder, pictures.path())).unwrap();
    let sentence = hall.failure(&ticket);
    assert!(sentence.contains("other") && sentence.ends_with(&format!(": {}", folder.display())), "{sentence}");

    let ticket = hall.galleries.build(Build { rebuild: true, ..build(&folder, pictures.path()) }).unwrap();
    let events = hall.until_closed(&ticket);
    assert!(matches!(events.last(), Some(GalleryEvent::Built { .. })), "{events:?}");
    let mut models = events.iter().filter_map(|event| match event {
        GalleryEvent::Refreshed { info, faces: 2 } => Some(info.model.clone()),
        _ => None,
    });
    assert_eq!(models.next_back(), Some(model()), "{events:?}");
}

#[test]
fn a_build_is_called_off_and_gone_on_with() {
    let (pictures, home) = (crops(&(1..=100).collect::<Vec<u8>>()), tempfile::tempdir().unwrap());
    let folder = home.path().join("index");
    let (gate, script) = Gate::at("face 20");
    let hall = Hall::of(&script);
    let ticket = hall.galleries.build(build(&folder, pictures.path())).unwrap();
    let waiting = hall.galleries.build(build(&folder, pictures.path())).unwrap();
    gate.reached.wait();
    ticket.cancel();
    waiting.cancel();
    gate.open.put(());
    let event = hall.answer(&ticket);
    assert!(matches!(&event, GalleryEvent::Built { report, .. } if report.cancelled), "{event:?}");
    assert!(matches!(hall.answer(&waiting), GalleryEvent::Cancelled { .. }));
    let report = hall.build(&folder, pictures.path());
    assert!(!report.cancelled);
    assert_eq!(hall.everything().len(), 100);
}

#[test]
fn networks_that_crash_cost_one_build() {
    let (pictures, home) = (crops(&[10, 20]), tempfile::tempdir().unwrap());
    let folder = home.path().join("index");
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let script = Script::new(move |call| {
        if call == "face 20" && calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            panic!("a rehearsed crash");
        }
    });
    let hall = Hall::of(&script);
    let ticket = hall.galleries.build(build(&folder, pictures.path())).unwrap();
    let sentence = hall.failure(&ticket);
    assert!(sentence.contains("a rehearsed crash"), "{sentence}");
    assert_eq!(hall.build(&folder, pictures.path()).failed.len(), 0);
    assert_eq!(hall.everything().len(), 2);
}

#[test]
fn an_index_is_deleted_and_other_folders_are_not() {
    let (home, folder) = six();
    let hall = Hall::showing(&folder);
    hall.galleries.want(hall.everything());
    let ticket = hall.galleries.delete(folder.clone()).unwrap();
    let events = hall.until_closed(&ticket);
    assert!(matches!(events[..], [GalleryEvent::Closed, GalleryEvent::Deleted { .. }]), "{events:?}");
    assert!(!folder.join("faces.sqlite").exists());

    let pictures = crops(&[10]);
    let ticket = hall.galleries.delete(pictures.path().to_owned()).unwrap();
    assert!(hall.failure(&ticket).ends_with(&format!(": {}", pictures.path().display())));
    assert!(pictures.path().join("010.png").exists() && home.path().exists());
}

#[test]
fn the_end_waits_for_no_build() {
    let (pictures, home) = (crops(&(0..100).collect::<Vec<u8>>()), tempfile::tempdir().unwrap());
    let folder = home.path().join("index");
    let begun = Arc::new(facespace::engine::slot::Slot::default());
    let rings = Arc::clone(&begun);
    let script = Script::new(move |_| {
        rings.put(());
        std::thread::sleep(Duration::from_millis(20));
    });
    let hall = Hall::of(&script);
    hall.galleries.build(build(&folder, pictures.path())).unwrap();
    begun.wait();
    let started = Instant::now();
    drop(hall);
    assert!(started.elapsed() < Duration::from_secs(4));
    assert!(script.log().len() < 100, "{} calls", script.log().len());
    // What was stored stays, and the next one goes on.
    let hall = Hall::new();
    let report = hall.build(&folder, pictures.path());
    assert_eq!(report.failed.len(), 0);
    assert_eq!(hall.everything().len(), 100);
}
