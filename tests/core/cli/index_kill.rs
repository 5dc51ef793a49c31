//! Indexing that is killed: the program works on a folder and a shard, is killed at drawn moments, and goes on. What
//! another process saw in the index before the kill is there after it.

use std::path::Path;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use facespace::gallery::{GalleryError, Index};

use super::Desk;
use super::index::{Faces, faces, is_near, other_weights, put_crops, put_shard, read};
use super::index_trouble::{finished, started};

const CROPS: u64 = 16;
const ROWS: u64 = 12;
/// Of the photograph.
const PEOPLE: usize = 3;

/// A sequence that looks drawn and is the same every time.
struct Drawn(u64);

impl Drawn {
    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A folder and a shard, and the index that was made of them in peace.
struct Collection {
    desk: Desk,
    whole: Faces,
    /// What that took.
    time: Duration,
}

impl Collection {
    fn new() -> Self {
        let desk = Desk::empty();
        put_crops(&desk, "in", 13, CROPS);
        super::three().picture.save(desk.path("in/three.png")).unwrap();
        put_shard(&desk, "rows.parquet", 14, ROWS);
        desk.put("w.safetensors", other_weights());
        let begun = Instant::now();
        finished(started(&desk, "index build in rows.parquet -o whole --quiet")).ok();
        let time = begun.elapsed();
        let whole = faces(&desk.path("whole"));
        assert_eq!(whole.len(), CROPS as usize + ROWS as usize + PEOPLE);
        Collection { desk, whole, time }
    }

    /// What the index holds, as another process sees it at any moment; nothing before it is one.
    #[track_caller]
    fn seen(&self, index: &str) -> Faces {
        match Index::open(&self.desk.path(index)) {
            Ok(index) => read(&index).unwrap(),
            // In the moment in which it becomes one, it lets nobody in.
            Err(GalleryError::NoIndex(_) | GalleryError::Busy(_)) => Faces::new(),
            Err(error) => panic!("{error}"),
        }
    }

    /// Lets the program work for a while. How it ended, where it did so by itself, and what was in the index before.
    fn works(&self, arguments: &str, index: &str, life: Duration) -> (Option<ExitStatus>, Faces) {
        let begun = Instant::now();
        let mut child = started(&self.desk, arguments);
        while begun.elapsed() < life {
            if let Some(status) = child.try_wait().unwrap() {
                return (Some(status), Faces::new());
            }
            thread::sleep(Duration::from_millis(1));
        }
        let before = self.seen(index);
        kill(&mut child);
        (None, before)
    }

    /// Everything that is in the index is as it should be.
    #[track_caller]
    fn assert_sound(&self, held: &Faces, whole: &Faces, kill: usize) {
        for (face, (_, code)) in held {
            let (_, right) = whole.get(face).unwrap_or_else(|| panic!("kill {kill}: {face:?} was never there"));
            assert!(is_near(code, right), "kill {kill}: {face:?} has another code");
        }
        // A file is there with all its faces or not at all.
        let people = held.keys().filter(|(name, _)| name == "three.png").count();
        assert!(people == 0 || people == PEOPLE, "kill {kill}: {people} of {PEOPLE} faces of a photograph");
    }
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The database's own look at all of itself.
#[track_caller]
fn assert_intact(index: &Path, kill: usize) {
    let path = index.join("faces.sqlite");
    if !path.exists() {
        // Killed before there was anything.
        return;
    }
    let store = rusqlite::Connection::open(path).unwrap();
    let verdict: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok", "kill {kill}");
}

#[test]
fn five_kills_lose_nothing_but_what_is_in_hand() {
    kills(5);
}

/// `cargo test --test core -- --ignored fifty_kills_lose`
#[test]
#[ignore = "takes minutes"]
fn fifty_kills_lose_nothing_but_what_is_in_hand() {
    kills(50);
}

fn kills(count: usize) {
    let all = Collection::new();
    let mut chance = Drawn(count as u64);
    let (mut killed, mut indexes, mut kept) = (0, 0, 0);
    let mut left = Faces::new();
    while killed < count {
        let index = format!("i-{indexes}");
        let arguments = format!("index build in rows.parquet -o {index} --quiet");
        // Short enough that an index takes several, long enough that each gets somewhere.
        let life = all.time.mul_f64(0.2 + 0.7 * chance.share());
        let (ended, before) = all.works(&arguments, &index, life);
        if let Some(status) = ended {
            assert!(status.success(), "kill {killed}");
            assert_whole(&all, &index);
            (indexes, left) = (indexes + 1, Faces::new());
            continue;
        }
        killed += 1;
        assert_intact(&all.desk.path(&index), killed);
        let after = all.seen(&index);
        for (face, seen) in left.iter().chain(&before) {
            assert_eq!(after.get(face), Some(seen), "kill {killed}: {face:?} is lost");
        }
        all.assert_sound(&after, &all.whole, killed);
        kept += after.len() - left.len();
        left = after;
    }
    println!("{killed} kills of indexing that takes {:.1?}: {kept} faces kept, {indexes} finished", all.time);
    assert!(kept > 0, "no kill came after a face was stored");
    let index = format!("i-{indexes}");
    finished(started(&all.desk, &format!("index build in rows.parquet -o {index} --quiet"))).ok();
    assert_whole(&all, &index);
}

/// The index is the one that was made in peace, but for its keys.
#[track_caller]
fn assert_whole(all: &Collection, index: &str) {
    let held = faces(&all.desk.path(index));
    assert!(held.keys().eq(all.whole.keys()), "{:?}", held.keys());
    all.assert_sound(&held, &all.whole, 0);
}

#[test]
fn a_rebuilding_that_is_killed_is_gone_on_with() {
    let all = Collection::new();
    let new = "index build in rows.parquet -o new --quiet --weights w.safetensors";
    finished(started(&all.desk, new)).ok();
    let new = faces(&all.desk.path("new"));
    finished(started(&all.desk, "index people whole --name 1=Anna --quiet")).ok();
    let mut chance = Drawn(3);
    for kill in 1..=3 {
        let life = all.time.mul_f64(0.3 + 0.5 * chance.share());
        let arguments = "index update whole --rebuild --quiet --weights w.safetensors";
        if let (Some(status), _) = all.works(arguments, "whole", life) {
            assert!(status.success());
            break;
        }
        assert_intact(&all.desk.path("whole"), kill);
        let index = Index::open(&all.desk.path("whole")).unwrap();
        let is_new = index.model() == Index::open(&all.desk.path("new")).unwrap().model();
        let held = read(&index).unwrap();
        all.assert_sound(&held, if is_new { &new } else { &all.whole }, kill);
        assert!(is_new || held.len() == all.whole.len(), "kill {kill}: faces of the old model are lost");
    }
    finished(started(&all.desk, "index update whole --rebuild --quiet --weights w.safetensors")).ok();
    let held = faces(&all.desk.path("whole"));
    assert!(held.keys().eq(new.keys()));
    all.assert_sound(&held, &new, 0);
    let people = finished(started(&all.desk, "index people whole")).ok();
    assert!(people.stdout.contains(" Anna "), "{}", people.stdout);
}
