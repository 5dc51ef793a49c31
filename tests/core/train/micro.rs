//! Trainings of seconds, on networks that are as small as they can be and synthetic faces: here, or in a process of
//! their own.
//!
//! The CPU has one generator of random numbers for the whole process, from which dropout draws; tests run side by side
//! in one process. So whoever compares numbers bit for bit trains in a process of its own ([`in_a_process`]), as the
//! program does.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use burn::tensor::Device;
use facespace::data::synth;
use facespace::nn::Weights;
use facespace::train::checkpoints::Which;
use facespace::train::config::{Autoencoder, Batch, Checkpoint, Config, Data, Disentangle, Joint, Model, PcaStart};
use facespace::train::metrics::HeldOut;
use facespace::train::observer::{Decision, Event, Observer, Outcome, Stage};
use facespace::train::run::{self, Request};
use facespace::train::{TrainError, presets, toml_file};
use tempfile::TempDir;

/// The run directory of a second process, the step at which it is to stop, and the checkpoint to go on from.
const RUN: &str = "FACESPACE_TEST_TRAINING";
const STOP_AT: &str = "FACESPACE_TEST_STOP_AT";
const RESUME: &str = "FACESPACE_TEST_RESUME";

/// Of 80 faces, eight to measure on.
pub const TRAIN: usize = 72;
pub const HELD_OUT: usize = 8;

/// The last step of each stage of [`config`].
pub const ENDS: [(Stage, u64); 5] =
    [(Stage::PcaStart, 4), (Stage::Autoencoder, 10), (Stage::Disentangle, 16), (Stage::Cycle, 18), (Stage::Joint, 22)];
pub const STEPS: u64 = 22;

/// A folder of synthetic faces in shards, shared by the tests that run at the same time and removed after the last.
/// They are not named as synthetic, so that the program does not measure them against the truth.
pub fn faces() -> Arc<TempDir> {
    static FACES: Mutex<Weak<TempDir>> = Mutex::new(Weak::new());
    let mut shared = FACES.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let written = synth::write(folder.path(), TRAIN + HELD_OUT, 4, &|_| true).unwrap();
        assert_eq!((written.train, written.held_back), (TRAIN, HELD_OUT));
        for shard in written.shards {
            let name = shard.file_name().unwrap().to_str().unwrap().replace("synthetic-", "drawn-");
            fs::rename(&shard, shard.with_file_name(name)).unwrap();
        }
        *shared = Arc::downgrade(&folder);
        folder
    })
}

/// All five stages within 22 steps; every fifth is kept.
pub fn config(faces: &Path) -> Config {
    let start = presets::tiny();
    Config {
        seed: 5,
        data: Data { paths: vec![faces.to_owned()], held_out: HELD_OUT, workers: 2, ..start.data },
        model: Model { width: 2, hidden: 200, ..start.model },
        batch: Batch { size: 4, average_half_life: 40.0, ..start.batch },
        pca_start: PcaStart { steps: 4, pictures: 200, ..start.pca_start },
        autoencoder: Autoencoder { steps: 6, image_from: 1, structure_from: 3, ..start.autoencoder },
        disentangle: Disentangle {
            cached_steps: 6,
            cycle_steps: 2,
            cached_batch: 8,
            head_steps: 5,
            ..start.disentangle
        },
        joint: Joint { steps: 4, ..start.joint },
        checkpoint: Checkpoint {
            every: 5,
            keep: 2,
            measure_every: 5,
            preview_every: 10,
            first_look: 0,
            rarer_on_codes: 1,
        },
        ..start
    }
}

/// The same with so many steps in each stage, as in [`ENDS`].
pub fn with_steps(mut config: Config, [pca, autoencoder, cached, cycle, joint]: [u64; 5]) -> Config {
    config.pca_start.steps = pca;
    config.autoencoder.steps = autoencoder;
    (config.disentangle.cached_steps, config.disentangle.cycle_steps) = (cached, cycle);
    config.joint.steps = joint;
    config
}

/// The same with checkpoints at the ends of stages alone.
pub fn rarely_kept(mut config: Config) -> Config {
    config.checkpoint =
        Checkpoint { every: 1000, measure_every: 1000, preview_every: 1000, first_look: 0, ..config.checkpoint };
    config
}

/// What an observer has heard so far.
#[derive(Default)]
pub struct Heard {
    pub step: u64,
    pub stages: Vec<Stage>,
    pub losses: Vec<String>,
    pub remarks: Vec<String>,
    pub held_out: Vec<(u64, HeldOut)>,
    pub checkpoints: Vec<u64>,
    /// The step of each weights file, and whether it can edit.
    pub exported: Vec<(u64, bool)>,
    pub previews: Vec<PathBuf>,
}

struct Watcher<F> {
    heard: Heard,
    decide: F,
}

impl<F: FnMut(&Heard) -> Decision> Observer for Watcher<F> {
    fn hear(&mut self, event: &Event) {
        let heard = &mut self.heard;
        match event {
            Event::Step(progress) => {
                assert_eq!(progress.step, if heard.step == 0 { progress.step } else { heard.step + 1 });
                assert!(progress.losses.iter().all(|(_, value)| value.is_finite()), "{progress:?}");
                heard.step = progress.step;
                if heard.stages.last() != Some(&progress.stage) {
                    heard.stages.push(progress.stage);
                }
                let names = progress.losses.iter().map(|(name, _)| (*name).to_owned());
                heard.losses.extend(names);
            }
            Event::Remark(sentence) => heard.remarks.push((*sentence).to_owned()),
            Event::HeldOut { step, measured } => heard.held_out.push((*step, **measured)),
            Event::Checkpoint { step } => heard.checkpoints.push(*step),
            Event::Exported(path) => heard.exported.push((heard.step, Weights::read(path).unwrap().card.can_edit)),
            Event::Preview(path) => heard.previews.push(path.to_path_buf()),
            Event::Preparing { .. } => (),
        }
    }

    fn ask(&mut self) -> Decision {
        (self.decide)(&self.heard)
    }
}

/// Trains in this process; `decide` is asked as an observer is.
pub fn train(
    run_dir: &Path,
    config: &Config,
    resume: bool,
    decide: impl FnMut(&Heard) -> Decision,
) -> (Result<Outcome, TrainError>, Heard) {
    train_from(run_dir, config, resume.then_some(Which::Newest), decide)
}

/// The same from any checkpoint; a new run with none.
pub fn train_from(
    run_dir: &Path,
    config: &Config,
    resume: Option<Which>,
    decide: impl FnMut(&Heard) -> Decision,
) -> (Result<Outcome, TrainError>, Heard) {
    let request = Request {
        run_dir: run_dir.to_owned(),
        config: config.clone(),
        synthetic: None,
        resume,
        device_name: "CPU".to_owned(),
    };
    let mut watcher = Watcher { heard: Heard::default(), decide };
    let outcome = run::run(request, &Device::flex(), &mut watcher);
    (outcome, watcher.heard)
}

/// A new training that nobody interrupts and that finishes.
#[track_caller]
pub fn finished(run_dir: &Path, config: &Config) -> Heard {
    let (outcome, heard) = train(run_dir, config, false, |_| Decision::Continue);
    assert_eq!(outcome.unwrap(), Outcome::Finished);
    heard
}

/// Why a new training does not begin or ends, one sentence.
#[track_caller]
pub fn refused(run_dir: &Path, config: &Config, resume: bool) -> TrainError {
    let (outcome, _) = train(run_dir, config, resume, |_| Decision::Continue);
    let error = outcome.unwrap_err();
    crate::cli::assert_sentence(&error.to_string());
    error
}

/// Trains in a process of its own, to the end or until so many steps are done, from a checkpoint where one is named; each
/// step's losses come into the diary, bit for bit.
#[track_caller]
pub fn in_a_process(run_dir: &Path, config: &Config, from: Option<&str>, stop_at: Option<u64>) {
    fs::write(run_dir.with_extension("toml"), toml_file::to_toml(config).unwrap()).unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "train::micro::trains_in_a_process", "--nocapture"]).env(RUN, run_dir);
    if let Some(checkpoint) = from {
        command.env(RESUME, checkpoint);
    }
    if let Some(step) = stop_at {
        command.env(STOP_AT, step.to_string());
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// What [`in_a_process`] has noted of a run: a line for each loss of each step.
pub fn diary(run_dir: &Path) -> String {
    fs::read_to_string(run_dir.with_extension("diary")).unwrap()
}

#[test]
fn trains_in_a_process() {
    let Some(run_dir) = env::var_os(RUN).map(PathBuf::from) else { return };
    let stop_at: Option<u64> = env::var(STOP_AT).ok().map(|step| step.parse().unwrap());
    let config = toml_file::from_toml(&fs::read_to_string(run_dir.with_extension("toml")).unwrap()).unwrap();
    let diary = File::options().append(true).create(true).open(run_dir.with_extension("diary")).unwrap();
    let resume = env::var(RESUME).ok().map(|checkpoint| checkpoint.parse().unwrap());
    let request = Request { run_dir, config, synthetic: None, resume, device_name: "CPU".into() };
    let outcome = run::run(request, &Device::flex(), &mut Writer { diary, step: 0, stop_at }).unwrap();
    assert_eq!(outcome, stop_at.map_or(Outcome::Finished, |step| Outcome::Stopped { step }));
}

/// Notes every number of every step.
struct Writer {
    diary: File,
    step: u64,
    stop_at: Option<u64>,
}

impl Observer for Writer {
    fn hear(&mut self, event: &Event) {
        let Event::Step(progress) = event else { return };
        self.step = progress.step;
        for (name, value) in &progress.losses {
            writeln!(self.diary, "{} {} {name} {value:?} {:016x}", progress.step, progress.stage, value.to_bits())
                .unwrap();
        }
    }

    fn ask(&mut self) -> Decision {
        if Some(self.step) == self.stop_at { Decision::Stop } else { Decision::Continue }
    }
}
