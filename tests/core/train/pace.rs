//! How long a training still takes, from paces that are made up.

use facespace::train::observer::Stage;
use facespace::train::pace::{Rates, Stretch, seconds_left};

fn stretch(stage: Stage, steps: u64, batch: usize) -> Stretch {
    Stretch { stage, steps, batch }
}

#[track_caller]
fn assert_takes(ahead: &[Stretch], rates: &[(Stage, f64)], seconds: f64) {
    let rates: Rates = rates.iter().copied().collect();
    let found = seconds_left(ahead, &rates).unwrap();
    assert!((found - seconds).abs() < 1e-6 * seconds.max(1.0), "{found} s, not {seconds}");
}

/// The stages as `small-data` has them.
const WHOLE: [(Stage, u64, usize); 5] = [
    (Stage::PcaStart, 2000, 32),
    (Stage::Autoencoder, 2500, 32),
    (Stage::Disentangle, 6000, 256),
    (Stage::Cycle, 600, 32),
    (Stage::Joint, 600, 32),
];

fn whole() -> Vec<Stretch> {
    WHOLE.map(|(stage, steps, batch)| stretch(stage, steps, batch)).to_vec()
}

#[test]
fn each_stage_takes_its_own_pace() {
    let ahead = [stretch(Stage::Disentangle, 100, 50), stretch(Stage::Cycle, 10, 20), stretch(Stage::Joint, 0, 20)];
    assert_takes(&ahead, &[(Stage::Disentangle, 1000.0), (Stage::Cycle, 40.0)], 5.0 + 5.0);
    // What is done takes nothing, whatever its pace was.
    assert_takes(&ahead, &[(Stage::PcaStart, 0.001), (Stage::Disentangle, 1000.0), (Stage::Cycle, 40.0)], 10.0);
    assert_takes(&[], &[], 0.0);
}

#[test]
fn a_stage_that_was_not_reached_follows_from_those_that_were() {
    // A picture costs 1 in the autoencoder, 0.24 with the cycle, 1.24 in stage three; a code 0.0037.
    let later = [stretch(Stage::Disentangle, 1000, 10), stretch(Stage::Cycle, 10, 10), stretch(Stage::Joint, 10, 10)];
    let autoencoder = (Stage::Autoencoder, 10.0);
    assert_takes(&later, &[autoencoder], 3.7 + 2.4 + 12.4);
    // Codes that are ten times as fast say nothing of pictures where those were seen before.
    let codes = (Stage::Disentangle, 10.0 / 0.00037);
    assert_takes(&later, &[autoencoder, codes], 0.37 + 2.4 + 12.4);
    // And where they were not, all that is known is the codes' pace.
    assert_takes(&later, &[codes], 0.37 + 0.24 + 1.24);
    // A run that was taken back to an earlier checkpoint knows later stages.
    assert_takes(&later, &[autoencoder, (Stage::Joint, 20.0)], 3.7 + 2.4 + 5.0);
    assert_eq!(seconds_left(&later, &Rates::new()), None);
}

#[test]
fn cached_steps_do_not_shrink_what_comes_after_them() {
    let rates: Rates = [(Stage::Autoencoder, 10.0), (Stage::Disentangle, 2800.0)].into();
    let ahead = &whole()[2..];
    let found = seconds_left(ahead, &rates).unwrap();
    // 549 s of codes, 461 s with the cycle, 2,381 s of stage three; at the codes' pace of steps it would be 11 minutes.
    assert!((3300.0..3500.0).contains(&found), "{found}");
    // From the first stage on: some four hours, more than half of them for the autoencoder.
    let start: Rates = [(Stage::PcaStart, 25.0)].into();
    let found = seconds_left(&whole(), &start).unwrap();
    assert!((11_000.0..15_000.0).contains(&found), "{found}");
}
