//! Batches that can form no triplet and pictures that cannot be read are counted, and told.

use facespace::train::config::{Batch, Config};
use facespace::train::observer::{Decision, Outcome, PassedOver};
use facespace::train::run_dir::RunDir;

use super::super::crop_sets::damage_in;
use super::super::micro::{self, Heard, finished, rarely_kept, train, with_steps};

#[test]
fn batches_without_triplets_are_counted() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    // Two pictures in each part: three make a triplet.
    let config = rarely_kept(with_steps(micro::config(faces.path()), [2, 0, 0, 8, 0]));
    let config = Config { batch: Batch { accumulate: 2, ..config.batch }, ..config };
    let run = home.path().join("run");
    let heard = finished(&run, &config);
    // Every task has its turn twice, and pose needs no triplets.
    let counted = PassedOver { without_triplets: 2 * 2 * 3, unreadable: 0 };
    assert_eq!(RunDir::read_status(&run).unwrap().passed_over, counted);
    assert!(heard.losses.iter().any(|name| name == "pose"));
    assert!(["identity", "style", "expression"].iter().all(|task| heard.losses.iter().all(|name| name != task)));
    assert_eq!(counted.sentences(), ["12 batches could form no triplet and taught without"]);

    // The count belongs to the step: what a stop interrupts is not counted twice.
    let other = home.path().join("other");
    for (resume, step) in [(false, 4), (true, 7)] {
        let decide = |heard: &Heard| if heard.step == step { Decision::Stop } else { Decision::Continue };
        assert_eq!(train(&other, &config, resume, decide).0.unwrap(), Outcome::Stopped { step });
    }
    train(&other, &config, true, |_| Decision::Continue).0.unwrap();
    assert_eq!(RunDir::read_status(&other).unwrap().passed_over, counted);
}

#[test]
fn pictures_that_cannot_be_read_are_counted() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = rarely_kept(with_steps(micro::config(faces.path()), [14, 0, 0, 0, 0]));
    let mut damaged = false;
    let (outcome, heard) = train(&run, &config, false, |heard| {
        if heard.step == 1 && !std::mem::replace(&mut damaged, true) {
            let set = run.join(RunDir::CACHE).join("crops");
            (0..24).for_each(|crop| damage_in(&set, crop));
        }
        Decision::Continue
    });
    assert_eq!((outcome.unwrap(), heard.step), (Outcome::Finished, 14));
    let PassedOver { without_triplets, unreadable } = RunDir::read_status(&run).unwrap().passed_over;
    // Each once, and those that nobody asked for not at all.
    assert!(without_triplets == 0 && (1..=24).contains(&unreadable), "{unreadable}");
    let one = PassedOver { without_triplets: 0, unreadable: 1 };
    assert_eq!(one.sentences(), ["1 picture could not be read; others took the place"]);
    assert!(PassedOver::default().sentences().is_empty());
}
