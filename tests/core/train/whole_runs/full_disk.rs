//! A disk that takes nothing more: told, tried again, and no reason to stop.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use facespace::nn::Weights;
use facespace::train::config::Config;
use facespace::train::control::Word;
use facespace::train::metrics::Line;
use facespace::train::observer::{Decision, Outcome};
use facespace::train::run_dir::{RunDir, State};

use super::super::micro::{self, rarely_kept, train, with_steps};
use super::super::names;
use super::{lines, steps};

/// Enough for settings, status and metrics, and not for networks or the codes of all faces.
const ROOM: &str = "100000";
/// What takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(300);

/// The program itself, going on with a run.
struct GoingOn<'a> {
    run: &'a Path,
    child: Child,
}

impl<'a> GoingOn<'a> {
    fn start(run: &'a Path, room: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_facespace"));
        command.args(["train", "--resume", "--device", "cpu", "--run"]).arg(run);
        // It is asked for at every write, so another process rehearses it.
        match room {
            Some(room) => command.env("FACESPACE_FAULT_WRITE", room),
            None => command.env_remove("FACESPACE_FAULT_WRITE"),
        };
        let said = File::create(run.with_extension("said")).unwrap();
        GoingOn { run, child: command.stdout(Stdio::null()).stderr(said).spawn().unwrap() }
    }

    /// On stderr, so far.
    fn said(&self) -> String {
        fs::read_to_string(self.run.with_extension("said")).unwrap()
    }

    /// Waits until it has said something.
    #[track_caller]
    fn says(&mut self, words: &str) {
        self.waits(|going| going.said().contains(words));
    }

    /// Waits for its end; its exit code, and all that it said.
    #[track_caller]
    fn ends(mut self) -> (Option<i32>, String) {
        self.waits(|going| going.child.try_wait().unwrap().is_some());
        (self.child.wait().unwrap().code(), self.said())
    }

    #[track_caller]
    fn waits(&mut self, until: impl Fn(&mut Self) -> bool) {
        let begun = Instant::now();
        while !until(self) {
            if begun.elapsed() > PATIENCE {
                self.child.kill().unwrap();
                self.child.wait().unwrap();
                panic!("it hangs: {}", self.said());
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn a_full_disk_is_told_and_the_training_goes_on() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = rarely_kept(with_steps(micro::config(faces.path()), [2, 4, 2, 2, 2]));
    // In stage two, which cannot begin on a full disk.
    stopped_at(&run, &config, 7);

    let (code, said) = GoingOn::start(&run, Some(ROOM)).ends();
    // All steps were done, and what they came to is not saved.
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("The last checkpoint could not be written; free some space and resume the run"), "{said}");
    let warning = said.lines().find(|line| line.contains("The disk is full")).unwrap_or_else(|| panic!("{said}"));
    assert!(warning.ends_with("the training goes on and tries again"), "{warning}");
    crate::cli::assert_sentence(warning);
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.step), (State::Failed, 12));
    // The last good one is there, and nothing half-written beside it.
    assert_eq!(names(&run.join(RunDir::CHECKPOINTS)), ["step-00000006", "step-00000007"]);
    Weights::read(&run.join(RunDir::WEIGHTS)).unwrap();
    assert_eq!(status.weights_step, Some(7));
    let lines = lines(&run);
    assert!(lines.iter().any(|line| matches!(line, Line::Losses { step: 10, .. })));
    assert!(lines.iter().any(|line| matches!(line, Line::Event { event, .. } if event == "warning")));

    // With room again nothing but the steps since then is lost.
    let (code, said) = GoingOn::start(&run, None).ends();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("The disk is full"), "{said}");
    assert_eq!(steps(&run).last(), Some(&12));
    assert!(Weights::read(&run.join(RunDir::WEIGHTS)).unwrap().card.can_edit);
}

#[track_caller]
fn stopped_at(run: &Path, config: &Config, step: u64) {
    let stop = |heard: &micro::Heard| if heard.step == step { Decision::Stop } else { Decision::Continue };
    assert_eq!(train(run, config, false, stop).0.unwrap(), Outcome::Stopped { step });
}

#[test]
fn a_stage_whose_codes_have_no_room_waits_for_it() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = rarely_kept(with_steps(micro::config(faces.path()), [2, 4, 2, 2, 2]));
    stopped_at(&run, &config, 1);
    // Full as long as this file is there.
    let full = home.path().join("full");
    fs::write(&full, "").unwrap();
    let room = format!("{ROOM},{}", full.display());

    // Whoever does not want to wait is heard.
    let mut going = GoingOn::start(&run, Some(&room));
    going.says("the training waits and tries again");
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.step), (State::Preparing, 6));
    assert!(status.message.starts_with("The disk is full"), "{}", status.message);
    RunDir::open(&run).unwrap().control().send(Word::Stop).unwrap();
    let (code, said) = going.ends();
    assert!(code == Some(1) && said.contains("start it again with --resume"), "{said}");
    assert_eq!(RunDir::read_status(&run).unwrap().state, State::Stopped);

    let mut going = GoingOn::start(&run, Some(&room));
    going.says("the training waits and tries again");
    // Long enough for it to be refused again, which it says once.
    thread::sleep(Duration::from_secs(3));
    fs::remove_file(&full).unwrap();
    let (code, said) = going.ends();
    assert_eq!(code, Some(0), "{said}");
    let told: Vec<&str> = said.lines().filter(|line| line.contains("waits and tries again")).collect();
    assert!(told.len() == 1 && told[0].contains("codes.f32"), "{told:?}");
    crate::cli::assert_sentence(told[0]);
    assert_eq!(steps(&run).last(), Some(&12));
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.step, &status.message[..]), (State::Finished, 12, ""));
}

#[test]
fn the_last_status_is_tried_again() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = rarely_kept(with_steps(micro::config(faces.path()), [8, 0, 0, 0, 0]));
    let status = run.join(RunDir::STATUS);
    thread::scope(|scope| {
        scope.spawn(|| {
            // The last checkpoint is there, and the status follows it.
            let begun = Instant::now();
            while begun.elapsed() < PATIENCE && !run.join(RunDir::CHECKPOINTS).join("step-00000008").exists() {
                thread::sleep(Duration::from_millis(10));
            }
            thread::sleep(Duration::from_secs(1));
            fs::remove_dir(&status).unwrap();
        });
        let (outcome, _) = train(&run, &config, false, |heard| {
            // A folder is in the way of the file, as no permission keeps root from writing.
            if heard.step == 7 {
                fs::remove_file(&status).unwrap();
                fs::create_dir(&status).unwrap();
            }
            Decision::Continue
        });
        assert_eq!(outcome.unwrap(), Outcome::Finished);
    });
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.step), (State::Finished, 8));
}

#[test]
fn a_checkpoint_that_failed_is_tried_again_before_the_next_is_due() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = rarely_kept(with_steps(micro::config(faces.path()), [30, 0, 0, 0, 0]));
    let folder = run.join(RunDir::CHECKPOINTS);
    let mut asked_at = 0;
    let (outcome, heard) = train(&run, &config, false, |heard| {
        let first_time = std::mem::replace(&mut asked_at, heard.step) != heard.step;
        match heard.step {
            // A file is in the way of the folder, as no permission keeps root from writing.
            3 if first_time => {
                fs::remove_dir(&folder).unwrap();
                fs::write(&folder, "in the way").unwrap();
                Decision::Save
            }
            8 if first_time => {
                fs::remove_file(&folder).unwrap();
                fs::create_dir(&folder).unwrap();
                Decision::Continue
            }
            _ => Decision::Continue,
        }
    });
    assert_eq!(outcome.unwrap(), Outcome::Finished);
    // Twenty steps after the failure, and at the end.
    assert_eq!((&heard.checkpoints[..], steps(&run)), (&[23, 30][..], vec![23, 30]));
    let told: Vec<_> = heard.remarks.iter().filter(|remark| remark.contains("tries again")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, &status.message[..]), (State::Finished, ""));
}
