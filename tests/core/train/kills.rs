//! A run directory after a kill: a second process writes as a training does, and is killed at fifty drawn moments.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use facespace::train::checkpoints::Saved;
use facespace::train::metrics::{self, Line};
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::{RunDir, State, Status};

use super::{names, state};
use crate::shared::{self, DIARY};

/// Names the folder to the second process.
const TARGET: &str = "FACESPACE_TEST_RUN";
const FILES: [&str; 3] = ["networks.safetensors", "averaged.safetensors", "optimisers.bin"];
const KEEP: usize = 2;

/// A sequence that looks drawn and is the same every time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// What a file of a checkpoint holds; every one is as long as its step says.
fn contents(step: u64, file: &str) -> Vec<u8> {
    let length = 20_000 + (step as usize * 7919 + file.len() * 104_729) % 50_000;
    (0..length).map(|i| (i as u64 * 31 + step) as u8).collect()
}

#[test]
fn fifty_kills_never_leave_a_broken_checkpoint() {
    kills(50, 50);
}

/// `cargo test --release --test core -- --ignored a_thousand_kills`
#[test]
#[ignore = "takes minutes"]
fn a_thousand_kills_never_leave_a_broken_checkpoint() {
    kills(1000, 1000);
}

fn kills(seed: u64, count: u64) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("run");
    let mut chance = Drawn(seed);
    let (mut newest, mut committed) = (0, 0);
    for moment in 0..count {
        let diary = killed_after(Duration::from_micros(chance.below(150_000)), home.path());
        committed += diary.len();
        let noted = diary.last().copied().unwrap_or(newest);
        // Looked at as another process would, before anything is tidied.
        let seen = RunDir::open(&path).unwrap();
        seen.checkpoints().list().unwrap().iter().for_each(assert_whole);
        assert_eq!(RunDir::read_status(&path).unwrap().state, State::Running);
        assert_eq!(seen.read_config().unwrap(), presets::tiny());

        let run = RunDir::resume(&path).unwrap();
        let list = run.checkpoints().list().unwrap();
        list.iter().for_each(assert_whole);
        assert_eq!(names(&run.file("checkpoints")).len(), list.len(), "moment {moment}");
        assert!(names(&path).iter().all(|name| !name.ends_with(".part")), "moment {moment}: {:?}", names(&path));
        newest = run.checkpoints().newest().unwrap().map_or(0, |saved| saved.step());
        assert!(newest >= noted, "moment {moment}: step {newest} is the newest, {noted} was committed");
        assert!(newest == 0 || metrics::read(&run.file("metrics.jsonl")).unwrap().iter().any(|l| l.step() == newest));
    }
    println!("{committed} checkpoints, the last at step {newest}");
    assert!(committed as u64 >= count, "{committed} checkpoints");
}

#[track_caller]
fn assert_whole(saved: &Saved) {
    for file in FILES {
        let found = fs::read(saved.file(file)).unwrap_or_else(|e| panic!("{}: {e}", saved.file(file).display()));
        assert!(found == contents(saved.step(), file), "{} of step {} is broken", file, saved.step());
    }
}

/// Lets a second process work until its first checkpoint, and then for a while; the steps that it committed.
fn killed_after(life: Duration, home: &Path) -> Vec<u64> {
    fs::write(home.join(DIARY), "").unwrap();
    let environment = [(TARGET, home.as_os_str())];
    let has_begun = |diary: &str| diary.contains('\n');
    let diary = shared::killed_after(life, "train::kills::writes_until_killed", home, &environment, has_begun);
    diary.iter().filter_map(|line| line.parse().ok()).collect()
}

#[test]
fn writes_until_killed() {
    let Some(home) = std::env::var_os(TARGET) else { return };
    let home = Path::new(&home);
    let path = home.join("run");
    let mut diary = File::options().append(true).open(home.join(DIARY)).unwrap();
    let run = if path.join("config.toml").exists() { RunDir::resume(&path) } else { RunDir::create(&path) }.unwrap();
    if !run.file("config.toml").exists() {
        run.write_config(&presets::tiny()).unwrap();
    }
    let checkpoints = run.checkpoints();
    let mut step = checkpoints.newest().unwrap().map_or(0, |saved| saved.step());
    let mut metrics = run.metrics().unwrap();
    metrics.truncate_after(step).unwrap();
    let mut status_file = run.status_file();
    let mut status = Status { state: State::Running, ..Status::begun("CPU") };
    let begun = Instant::now();
    // In case nobody kills it.
    while begun.elapsed() < Duration::from_secs(20) {
        step += 1;
        let losses = BTreeMap::from([("reconstruction".to_owned(), step as f64)]);
        metrics.append(&Line::Losses { step, stage: Stage::Autoencoder, losses }).unwrap();
        status.step = step;
        status_file.write_now(&status).unwrap();
        let pending = checkpoints.begin(step).unwrap();
        FILES.iter().for_each(|file| pending.write(file, &contents(step, file)).unwrap());
        pending.commit(&state(step, Some(1.0 / step as f64))).unwrap();
        if step.is_multiple_of(3) {
            // "Save" right after a checkpoint writes it again.
            let pending = checkpoints.begin(step).unwrap();
            FILES.iter().for_each(|file| pending.write(file, &contents(step, file)).unwrap());
            pending.commit(&state(step, Some(1.0 / step as f64))).unwrap();
        }
        writeln!(diary, "{step}").unwrap();
        checkpoints.prune(KEEP).unwrap();
    }
}
