//! A disk that takes nothing more: told, tried again, and no reason to stop.

use std::fs;
use std::path::Path;
use std::process::Command;

use facespace::nn::Weights;
use facespace::train::metrics::Line;
use facespace::train::observer::{Decision, Outcome};
use facespace::train::run_dir::{RunDir, State};

use super::super::micro::{self, rarely_kept, train, with_steps};
use super::super::names;
use super::{lines, steps};

/// Enough for settings, status and metrics, and not for networks.
const ROOM: &str = "100000";

/// Goes on with a run by the program itself; its exit code, and what it says on stderr.
fn gone_on(run: &Path, room: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_facespace"));
    command.args(["train", "--resume", "--device", "cpu", "--run"]).arg(run);
    // It is asked for at every write, so another process rehearses it.
    match room {
        Some(room) => command.env("FACESPACE_FAULT_WRITE", room),
        None => command.env_remove("FACESPACE_FAULT_WRITE"),
    };
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn a_full_disk_is_told_and_the_training_goes_on() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = with_steps(micro::config(faces.path()), [2, 4, 2, 2, 2]);
    let stop = |heard: &micro::Heard| if heard.step == 1 { Decision::Stop } else { Decision::Continue };
    assert_eq!(train(&run, &config, false, stop).0.unwrap(), Outcome::Stopped { step: 1 });

    let (code, said) = gone_on(&run, Some(ROOM));
    // All steps were done, and what they came to is not saved.
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("The last checkpoint could not be written; free some space and resume the run"), "{said}");
    let warning = said.lines().find(|line| line.contains("The disk is full")).unwrap_or_else(|| panic!("{said}"));
    assert!(warning.ends_with("the training goes on and tries again"), "{warning}");
    crate::cli::assert_sentence(warning);
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.step), (State::Failed, 12));
    // The last good one is there, and nothing half-written beside it.
    assert_eq!(names(&run.join(RunDir::CHECKPOINTS)), ["step-00000001"]);
    assert!(!Weights::read(&run.join(RunDir::WEIGHTS)).unwrap().card.can_edit);
    let lines = lines(&run);
    assert!(lines.iter().any(|line| matches!(line, Line::Losses { step: 10, .. })));
    assert!(lines.iter().any(|line| matches!(line, Line::Event { event, .. } if event == "warning")));

    // With room again nothing but the steps since then is lost.
    let (code, said) = gone_on(&run, None);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("The disk is full"), "{said}");
    assert_eq!(steps(&run).last(), Some(&12));
    assert!(Weights::read(&run.join(RunDir::WEIGHTS)).unwrap().card.can_edit);
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
