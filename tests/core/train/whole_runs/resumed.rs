//! A run that was stopped and gone on with gives the numbers of one that was not.

use std::path::Path;
use std::thread;

use facespace::train::metrics::Line;
use facespace::train::run_dir::RunDir;

use super::super::micro::{self, diary, in_a_process};
use super::{KEPT, lines, tensors_of};

/// Trains to the end in as many processes as there are stops, and one more.
fn trained(run: &Path, stops: &[u64]) {
    let faces = micro::faces();
    let config = micro::config(faces.path());
    for (turn, stop) in stops.iter().copied().map(Some).chain([None]).enumerate() {
        in_a_process(run, &config, turn > 0, stop);
    }
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
        assert_eq!(measured(run), measured(&whole));
        assert_same_lines(&means(run), &means(&whole));
        assert_same_end(run, &whole);
    }
    let resumed = lines(&between).iter().filter(|line| matches!(line, Line::Event { .. })).count();
    assert_eq!(resumed, 4);
}
