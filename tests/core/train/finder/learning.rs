//! Trainings of a few steps: they end with a finder that can be opened, and go on with the numbers that they would have
//! had.

use std::fs;
use std::path::Path;

use facespace::find::Finder;
use facespace::nn::finder::FinderWeights;
use facespace::train::TrainError;
use facespace::train::finder::run::{FINDER, Outcome, run};
use facespace::train::finder::settings::{Course, Network, Request};
use facespace::train::finder::watch::{Event, Watch};
use facespace::train::run_dir::RunDirError;

use super::drawn_shards;

/// Hears everything and stops at a step of a network, if told to.
#[derive(Default)]
struct Listener {
    stop_at: Option<(Network, u64)>,
    at: Option<(Network, u64)>,
    losses: Vec<(Network, u64, Vec<f64>)>,
    mined: Vec<(Network, u64)>,
    written: usize,
}

impl Watch for Listener {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Step(progress) => {
                self.at = Some((progress.network, progress.step));
                let losses = progress.losses.iter().map(|(_, value)| *value).collect();
                self.losses.push((progress.network, progress.step, losses));
            }
            Event::Mined { network, step, .. } => self.mined.push((*network, *step)),
            Event::Written(_) => self.written += 1,
            Event::Preparing(_) | Event::Remark(_) | Event::Saved { .. } => (),
        }
    }

    fn goes_on(&mut self) -> bool {
        self.at.is_none() || self.at != self.stop_at
    }
}

fn request(data: &Path, run_dir: &Path, steps: u64) -> Request {
    let course = |network: Network| Course {
        steps,
        batch: 3,
        mine_every: 2,
        save_every: 2,
        warm_up: 1,
        ..Course::usual(network)
    };
    Request {
        data: vec![data.to_owned()],
        run_dir: run_dir.to_owned(),
        output: None,
        only: None,
        detector: course(Network::Detector),
        landmarks: course(Network::Landmarks),
        drawn: 2,
        leave_out: Vec::new(),
        resume: false,
        name: "tiny".to_owned(),
        terms: "drawn".to_owned(),
        measured: String::new(),
    }
}

#[test]
fn a_few_steps_of_both_networks_end_with_a_finder() {
    let (data, runs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drawn_shards(data.path());
    let copy = runs.path().join("copy.safetensors");
    let request = Request { output: Some(copy.clone()), ..request(data.path(), &runs.path().join("r"), 3) };
    let mut listener = Listener::default();
    let outcome = run(&request, &mut listener).unwrap();
    let Outcome::Written { path, threshold } = outcome else { panic!("{outcome:?}") };
    assert_eq!(path, runs.path().join("r").join(FINDER));
    assert!((0.5..=0.9).contains(&threshold));
    assert_eq!(listener.written, 2);
    assert_eq!(listener.mined, [(Network::Detector, 2), (Network::Landmarks, 2)]);
    assert_eq!(listener.losses.len(), 6);
    assert!(listener.losses.iter().all(|(.., losses)| losses.iter().all(|loss| loss.is_finite() && *loss >= 0.0)));

    let weights = FinderWeights::read(&path).unwrap();
    assert_eq!((weights.card.name.as_str(), weights.card.terms.as_str()), ("tiny", "drawn"));
    assert!(weights.card.trained_on.contains("scenes"), "{}", weights.card.trained_on);
    assert_eq!(fs::read(&path).unwrap(), fs::read(&copy).unwrap());
    let picture = facespace::data::synth::photograph(1, (120, 100), 1).picture;
    Finder::new(weights).unwrap().find(&picture, &|| false).unwrap();

    let lines = fs::read_to_string(runs.path().join("r/detector/metrics.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((line["step"].as_u64(), line["losses"]["score"].is_number()), (Some(3), true));

    let again = run(&request, &mut Listener::default()).unwrap_err();
    assert!(matches!(again, TrainError::RunDir(RunDirError::Exists(_))), "{again}");
}

#[test]
fn two_processes_may_train_a_network_each() {
    let (data, runs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drawn_shards(data.path());
    let one = |network: Network| Request { only: Some(network), ..request(data.path(), runs.path(), 1) };
    let outcome = run(&one(Network::Landmarks), &mut Listener::default()).unwrap();
    assert_eq!(outcome, Outcome::OneOfTwo(Network::Landmarks));
    let outcome = run(&one(Network::Detector), &mut Listener::default()).unwrap();
    assert!(matches!(outcome, Outcome::Written { .. }), "{outcome:?}");
}

/// Copies a folder of folders of files.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// From one checkpoint, once through and once stopped in between: other tests draw from the same generator of random
/// numbers, so two trainings from the start would begin with other networks.
#[test]
fn a_training_that_is_gone_on_with_has_the_same_numbers() {
    let (data, runs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drawn_shards(data.path());
    let (whole, parted) = (runs.path().join("whole"), runs.path().join("parted"));
    for network in Network::ALL {
        let go = |run_dir: &Path, resume: bool, stop_at: Option<u64>| {
            let request = Request { only: Some(network), resume, ..request(data.path(), run_dir, 6) };
            let stop_at = stop_at.map(|step| (network, step));
            let mut listener = Listener { stop_at, ..Listener::default() };
            (run(&request, &mut listener).unwrap(), listener.losses)
        };
        let (outcome, _) = go(&whole, false, Some(2));
        assert_eq!(outcome, Outcome::Stopped { network, step: 2 });
        let _ = fs::remove_dir_all(&parted);
        copied(&whole, &parted);
        let (_, expected) = go(&whole, true, None);
        let (outcome, mut found) = go(&parted, true, Some(5));
        assert_eq!(outcome, Outcome::Stopped { network, step: 5 });
        found.extend(go(&parted, true, None).1);
        assert_eq!(found, expected);
        let finished = |run: &Path| fs::read(run.join(network.name()).join("finished.safetensors")).unwrap();
        assert!(finished(&whole) == finished(&parted), "{}", network.name());
    }
}
