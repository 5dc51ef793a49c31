//! Whole trainings after a kill: the program itself trains, is killed at drawn moments, and goes on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use facespace::nn::{Discriminators, Networks, Weights};
use facespace::train::adam::Adam;
use facespace::train::checkpoints::Saved;
use facespace::train::run_dir::{RunDir, State};
use facespace::train::{metrics, toml_file};

use super::micro::{self, STEPS};
use super::names;
use super::whole_runs::resumed::assert_same_numbers;

/// A training that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(300);

/// A sequence that looks drawn and is the same every time.
struct Drawn(u64);

impl Drawn {
    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Runs one after the other, each killed until it has finished.
struct Desk {
    home: tempfile::TempDir,
    runs: usize,
}

impl Desk {
    fn run(&self) -> PathBuf {
        self.home.path().join(format!("run-{}", self.runs))
    }

    /// The first, which nobody kills.
    fn whole(&self) -> PathBuf {
        self.home.path().join("run-0")
    }

    /// Starts the training, or goes on with it.
    fn trains(&self) -> Child {
        let run = self.run();
        let mut command = Command::new(env!("CARGO_BIN_EXE_facespace"));
        command.args(["train", "--device", "cpu", "--quiet", "--run"]).arg(&run);
        if run.join(RunDir::CONFIG).exists() {
            command.arg("--resume");
        } else {
            command.arg("--config").arg(self.home.path().join("micro.toml"));
        }
        let complaints = File::create(self.home.path().join("complaints")).unwrap();
        command.env_remove("FACESPACE_FAULT_WRITE").stdout(Stdio::null()).stderr(complaints).spawn().unwrap()
    }

    fn complaint(&self) -> String {
        fs::read_to_string(self.home.path().join("complaints")).unwrap()
    }

    /// Trains to the end.
    fn finishes(&self) {
        let status = ended(&mut self.trains(), PATIENCE).expect("the training hangs");
        assert!(status.success(), "{}", self.complaint());
        let run = self.run();
        let status = RunDir::read_status(&run).unwrap();
        assert_eq!((status.state, status.step), (State::Finished, STEPS));
        assert_eq!(newest(&run), Some(STEPS));
        let weights = Weights::read(&run.join(RunDir::WEIGHTS)).unwrap();
        assert!(weights.card.can_edit);
        Networks::load(weights.bytes().to_vec(), &weights.config, &Device::flex()).unwrap();
    }
}

/// How the process ended, where it did so in time; it is killed where it did not.
fn ended(child: &mut Child, time: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if begun.elapsed() >= time {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn newest(run: &Path) -> Option<u64> {
    RunDir::open(run).ok()?.checkpoints().newest().unwrap().map(|saved| saved.step())
}

/// Everything in it can be taken up.
#[track_caller]
fn assert_whole(saved: &Saved) {
    let read = |name: &str| fs::read(saved.file(name)).unwrap_or_else(|e| panic!("{name} of {}: {e}", saved.step()));
    let device = Device::flex();
    for name in ["networks.safetensors", "averaged.safetensors"] {
        Networks::load(read(name), &saved.state.networks, &device).unwrap();
    }
    Discriminators::load(read("discriminators.safetensors"), &saved.state.networks, &device).unwrap();
    for name in ["autoencoder", "latent", "image", "disentangler"] {
        Adam::new(0.9, 0.999, 0.0).restore(&read(&format!("adam-{name}.safetensors"))).unwrap();
    }
}

#[test]
fn ten_kills_leave_a_run_that_goes_on() {
    kills(10, 5);
}

/// `cargo test --test core -- --ignored fifty_kills_leave`
#[test]
#[ignore = "takes minutes"]
fn fifty_kills_leave_a_run_that_goes_on() {
    kills(50, 1);
}

/// `cargo test --release --test core -- --ignored five_hundred_kills_leave`
#[test]
#[ignore = "takes an hour"]
fn five_hundred_kills_leave_a_run_that_goes_on() {
    kills(500, 1);
}

/// Kills trainings that keep a checkpoint every so many steps; the more often they do, the more kills fall into that.
fn kills(count: u64, every: u64) {
    let faces = micro::faces();
    let mut desk = Desk { home: tempfile::tempdir().unwrap(), runs: 0 };
    let mut config = micro::config(faces.path());
    config.checkpoint.every = every;
    fs::write(desk.home.path().join("micro.toml"), toml_file::to_toml(&config).unwrap()).unwrap();
    let begun = Instant::now();
    desk.finishes();
    let whole = begun.elapsed();

    let mut chance = Drawn(count);
    desk.runs += 1;
    let (mut before, mut killed, mut steps) = (None, 0, 0);
    while killed < count {
        // Short enough that a run takes several, long enough that each gets somewhere.
        let life = whole.mul_f64(0.6 * chance.share());
        if let Some(status) = ended(&mut desk.trains(), life) {
            assert!(status.success(), "{}", desk.complaint());
            assert_eq!(newest(&desk.run()), Some(STEPS));
            assert_same_numbers(&desk.run(), &desk.whole());
            (desk.runs, before) = (desk.runs + 1, None);
            continue;
        }
        killed += 1;
        let run = desk.run();
        // Killed before there was anything to go on with.
        let Ok(seen) = RunDir::open(&run) else { continue };
        assert!(!RunDir::is_locked(&run), "kill {killed}");
        let list = seen.checkpoints().list().unwrap();
        list.iter().for_each(assert_whole);
        let found = list.last().map(Saved::step);
        assert!(found >= before, "kill {killed}: {found:?} is the newest and was {before:?}");
        steps += found.unwrap_or(0) - before.unwrap_or(0);
        before = found;
        metrics::read(&run.join(RunDir::METRICS)).unwrap();
        let weights = run.join(RunDir::WEIGHTS);
        if weights.exists() {
            Weights::read(&weights).unwrap();
        }
        if run.join(RunDir::CONFIG).exists() {
            assert_eq!(seen.read_config().unwrap().model, config.model);
            // What was half-written goes when it is taken up.
            let run = RunDir::resume(&run).unwrap();
            assert_eq!(names(&run.file(RunDir::CHECKPOINTS)).len(), list.len(), "kill {killed}");
        }
    }
    println!("{killed} kills of trainings of {whole:.1?}: {steps} steps done and kept, {} finished", desk.runs - 1);
    assert!(steps > 0, "no kill came after a checkpoint");
    desk.finishes();
    // A process of its own has the CPU's generator for itself, so kills cost time and change no number.
    assert_same_numbers(&desk.run(), &desk.whole());
}
