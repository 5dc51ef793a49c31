//! A run that was stopped and gone on with, or taken back to an earlier checkpoint, gives the numbers of one that was
//! not.

use std::path::Path;
use std::thread;

use facespace::train::TrainError;
use facespace::train::checkpoints::Which;
use facespace::train::config::{Checkpoint, Config};
use facespace::train::metrics::Line;
use facespace::train::observer::{Decision, Outcome};
use facespace::train::run_dir::{RunDir, RunDirError, State};

use super::super::micro::{self, diary, in_a_process};
use super::{KEPT, lines, steps, tensors_of};

/// Trains to the end in as many processes as there are stops, and one more.
fn trained(run: &Path, stops: &[u64]) {
    let faces = micro::faces();
    let config = micro::config(faces.path());
    for (turn, stop) in stops.iter().copied().map(Some).chain([None]).enumerate() {
        in_a_process(run, &config, (turn > 0).then_some("newest"), stop);
    }
}

/// Two runs came to the same: what was lost, what was measured, and every number of the newest checkpoint.
#[track_caller]
pub fn assert_same_numbers(run: &Path, whole: &Path) {
    assert_eq!(measured(run), measured(whole));
    assert_same_lines(&means(run), &means(whole));
    assert_same_end(run, whole);
}

#[track_caller]
fn assert_same_lines(found: &str, expected: &str) {
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

/// What was measured of the networks, bit for bit.
fn measured(run: &Path) -> Vec<(u64, [u64; 3], usize)> {
    let held_out = lines(run).into_iter().filter_map(|line| match line {
        Line::HeldOut { step, held_out: m, .. } => {
            Some((step, [m.rmse, m.rmse_train, m.sharpness].map(f64::to_bits), m.n))
        }
        _ => None,
    });
    held_out.collect()
}

/// Means of losses as they stand in the file.
fn means(run: &Path) -> String {
    let text = std::fs::read_to_string(run.join(RunDir::METRICS)).unwrap();
    text.lines().filter(|line| line.contains("\"losses\"")).map(|line| format!("{line}\n")).collect()
}

#[track_caller]
fn assert_same_end(run: &Path, whole: &Path) {
    let newest = |run: &Path| RunDir::open(run).unwrap().checkpoints().newest().unwrap().unwrap();
    let (found, expected) = (newest(run), newest(whole));
    assert_eq!((found.step(), &found.state), (expected.step(), &expected.state));
    let names = crate::train::names(&expected.path);
    assert_eq!(crate::train::names(&found.path), names);
    let files = names.iter().filter(|name| name.ends_with(".safetensors"));
    let pairs = files.map(|name| (found.file(name), expected.file(name)));
    let pairs: Vec<_> = pairs.chain([(run.join(RunDir::WEIGHTS), whole.join(RunDir::WEIGHTS))]).collect();
    assert!(pairs.len() > 5, "{pairs:?}");
    for (found, expected) in pairs {
        let (numbers, expected) = (tensors_of(&found), tensors_of(&expected));
        assert_eq!(numbers.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        let differ: Vec<_> =
            numbers.iter().filter(|(name, bytes)| expected[*name] != **bytes).map(|(n, _)| n).collect();
        assert!(differ.is_empty(), "{}: {differ:?}", found.display());
    }
}

#[test]
fn a_stopped_run_goes_on_as_if_it_had_not_been() {
    let home = tempfile::tempdir().unwrap();
    let [whole, anywhere, between] = ["whole", "anywhere", "between"].map(|name| home.path().join(name));
    let _faces = micro::faces();
    thread::scope(|scope| {
        let all = [
            scope.spawn(|| trained(&whole, &[])),
            // In the middle of each stage, where no checkpoint is due.
            scope.spawn(|| trained(&anywhere, &[2, 7, 13, 17, 21])),
            // Where one is, at the ends of stages among them.
            scope.spawn(|| trained(&between, &[5, 10, 16, 18])),
        ];
        all.into_iter().for_each(|one| one.join().unwrap());
    });
    let expected = diary(&whole);
    assert!(expected.lines().count() > 60, "{expected}");
    assert_eq!(measured(&whole).iter().map(|(step, ..)| *step).collect::<Vec<_>>(), KEPT);
    for run in [&anywhere, &between] {
        assert_same_lines(&diary(run), &expected);
        assert_same_numbers(run, &whole);
    }
    let resumed = lines(&between).iter().filter(|line| matches!(line, Line::Event { .. })).count();
    assert_eq!(resumed, 4);
}

#[test]
fn a_run_goes_on_from_any_checkpoint_that_it_has() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let start = micro::config(faces.path());
    let config = Config { checkpoint: Checkpoint { keep: 10, ..start.checkpoint }, ..start };
    in_a_process(&run, &config, None, None);
    assert_eq!(steps(&run), KEPT);
    let (whole, numbers, losses) = (diary(&run), measured(&run), means(&run));
    let status = RunDir::read_status(&run).unwrap();

    // One that is not there is refused by those that are, and the run stays what it was.
    let (outcome, _) = micro::train_from(&run, &config, Some(Which::Step(7)), |_| Decision::Continue);
    let error = outcome.unwrap_err();
    assert!(matches!(error, TrainError::RunDir(RunDirError::NoCheckpoint { .. })), "{error}");
    crate::cli::assert_sentence(&error.to_string());
    let says = "There is no checkpoint of step 7; choose one of the steps 5, 10, 15, 18, 20, 22: ";
    assert!(error.to_string().starts_with(says), "{error}");
    assert_eq!((RunDir::read_status(&run).unwrap(), steps(&run)), (status, KEPT.to_vec()));

    // What came after it is trained again, and comes to the same.
    in_a_process(&run, &config, Some("15"), None);
    assert_eq!(RunDir::read_status(&run).unwrap().state, State::Finished);
    assert_eq!((steps(&run), measured(&run)), (KEPT.to_vec(), numbers));
    assert_same_lines(&means(&run), &losses);
    let later = whole.lines().filter(|line| line.split(' ').next().unwrap().parse::<u64>().unwrap() > 15);
    assert_same_lines(&diary(&run)[whole.len()..], &later.collect::<Vec<_>>().join("\n"));

    // Nothing that is newer stays: neither checkpoints nor what was measured nor what was drawn.
    let (outcome, _) = micro::train_from(&run, &config, Some(Which::Step(5)), |heard| {
        if heard.step == 0 {
            return Decision::Continue;
        }
        assert_eq!((heard.step, steps(&run)), (6, vec![5]));
        assert!(lines(&run).iter().all(|line| line.step() <= 6));
        assert!((6..=22).all(|step| !RunDir::preview_in(&run, step, "png").exists()));
        Decision::Stop
    });
    assert_eq!(outcome.unwrap(), Outcome::Stopped { step: 6 });
}
