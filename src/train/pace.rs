//! How fast a training's steps are, and how long those take that are left.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::observer::Stage;

/// Over how long the speed is averaged.
const OVER: Duration = Duration::from_secs(20);
/// Steps that count in any case: what lies between two of them (a measurement, a checkpoint) is then a part of many.
const STEPS: usize = 32;
/// Steps after which a stage's rate is known: not all are alike, discriminators train at every second one, averages
/// move at every fourth.
const ENOUGH: usize = 4;

/// Pictures (on cached codes: codes) a second by stage, as far as they were measured; above zero.
pub type Rates = BTreeMap<Stage, f64>;

/// Steps of a stage, and the pictures (on cached codes: codes) of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub stage: Stage,
    pub steps: u64,
    pub batch: usize,
}

/// How long these stretches take together, each at the rate of its own stage where that was measured. Another's rate
/// follows from that of the measured stage whose pictures cost most nearly as much. None where nothing was measured;
/// what lies between stages, such as encoding all pictures, is not in it.
pub fn seconds_left(ahead: &[Stretch], rates: &Rates) -> Option<f64> {
    let left = ahead.iter().filter(|stretch| stretch.steps > 0);
    left.map(|stretch| Some(stretch.steps as f64 * stretch.batch as f64 / rate(stretch.stage, rates)?)).sum()
}

fn rate(stage: Stage, rates: &Rates) -> Option<f64> {
    let apart = |other: Stage| (cost(other) / cost(stage)).ln().abs();
    let (&known, rate) = rates.iter().min_by(|(a, _), (b, _)| apart(**a).total_cmp(&apart(**b)))?;
    Some(rate * cost(known) / cost(stage))
}

/// What a picture costs in a stage, one of the autoencoder being 1. Measured as `benches/README.md`, "Training", says, on
/// two cores at width 32 with batches of 16: the autoencoder did 10.7 pictures a second, the PCA start 26.9, stage two
/// 2,869 codes and 44.4 pictures with the cycle. A step of stage three was not measured by itself; it does what one of the
/// autoencoder and one with the cycle do.
fn cost(stage: Stage) -> f64 {
    match stage {
        Stage::PcaStart => 0.40,
        Stage::Autoencoder => 1.0,
        Stage::Disentangle => 0.0037,
        Stage::Cycle => 0.24,
        Stage::Joint => 1.24,
    }
}

/// When the last steps of a stage were done, what they were made of, and how long pictures were waited for.
pub struct Speed {
    /// The first is where the others begin.
    recent: VecDeque<Done>,
    waited: Duration,
    rates: Rates,
    since: Instant,
    before: f64,
}

/// A step.
struct Done {
    at: Instant,
    pictures: usize,
    waited: Duration,
}

/// How fast the last steps were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    pub steps_per_second: f64,
    pub pictures_per_second: f64,
    /// Share of the time in which the networks waited for pictures, 0 to 1.
    pub waiting_share: f64,
}

impl Speed {
    /// Of a training that earlier processes have spent `before` seconds on, at these rates.
    pub fn new(before: f64, rates: Rates) -> Self {
        Speed { recent: VecDeque::new(), waited: Duration::ZERO, rates, since: Instant::now(), before }
    }

    /// Seconds of training, those of earlier processes too.
    pub fn seconds(&self) -> f64 {
        self.before + self.since.elapsed().as_secs_f64()
    }

    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// The next step begins now: a stage's first one, or the first after a pause.
    pub fn restart(&mut self) {
        self.recent.clear();
        self.recent.push_back(Done { at: Instant::now(), pictures: 0, waited: Duration::ZERO });
    }

    /// A step of a stage is done; `waited` is how long pictures were waited for in the whole stage.
    pub fn stepped(&mut self, stage: Stage, pictures: usize, waited: Duration) -> Measured {
        let now = Instant::now();
        // A new stage counts from zero again.
        let more = waited.checked_sub(self.waited).unwrap_or(waited);
        self.waited = waited;
        self.recent.push_back(Done { at: now, pictures, waited: more });
        while self.recent.len() > STEPS && self.recent.front().is_some_and(|done| now - done.at > OVER) {
            self.recent.pop_front();
        }
        let measured = self.measured();
        if self.recent.len() > ENOUGH && measured.pictures_per_second > 0.0 {
            self.rates.insert(stage, measured.pictures_per_second);
        }
        measured
    }

    fn measured(&self) -> Measured {
        let (Some(first), Some(last)) = (self.recent.front(), self.recent.back()) else { return Measured::default() };
        let span = (last.at - first.at).as_secs_f64();
        if span <= 0.0 {
            return Measured::default();
        }
        let steps = self.recent.iter().skip(1);
        let pictures: usize = steps.clone().map(|done| done.pictures).sum();
        let waited: f64 = steps.map(|done| done.waited.as_secs_f64()).sum();
        Measured {
            steps_per_second: (self.recent.len() - 1) as f64 / span,
            pictures_per_second: pictures as f64 / span,
            waiting_share: (waited / span).min(1.0),
        }
    }
}
