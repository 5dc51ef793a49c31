//! Which stage a step belongs to.

use super::config::Config;
use super::observer::Stage;
use super::pace::Stretch;

/// The stages of a training one after the other, each with its steps; steps count over the whole run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule([Stretch; 5]);

/// A step's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub stage: Stage,
    /// Steps of the stage that come before it.
    pub within: u64,
    /// Steps of the stage.
    pub of: u64,
    /// Pictures of the step; on cached codes, codes.
    pub batch: usize,
}

/// What the learning rates fall to.
const COOL: f64 = 0.1;

impl Place {
    /// What the learning rates are multiplied by where they fall over this share of a stage.
    pub fn cooling(&self, share: f32) -> f64 {
        let falling = f64::from(share) * self.of as f64;
        let left = (self.of - self.within) as f64;
        if left >= falling { 1.0 } else { COOL + (1.0 - COOL) * left / falling }
    }
}

impl Schedule {
    pub fn of(config: &Config) -> Self {
        let stretch = |stage: Stage, steps: u64| {
            let batch = if stage == Stage::Disentangle { config.disentangle.cached_batch } else { config.batch.size };
            Stretch { stage, steps, batch }
        };
        Schedule([
            stretch(Stage::PcaStart, config.pca_start.steps),
            stretch(Stage::Autoencoder, config.autoencoder.steps),
            stretch(Stage::Disentangle, config.disentangle.cached_steps),
            stretch(Stage::Cycle, config.disentangle.cycle_steps),
            stretch(Stage::Joint, config.joint.steps),
        ])
    }

    /// All steps.
    pub fn steps(&self) -> u64 {
        self.0.iter().map(|stretch| stretch.steps).sum()
    }

    /// What is left of each stage after `done` steps.
    pub fn ahead(&self, mut done: u64) -> Vec<Stretch> {
        let left = self.0.iter().map(|stretch| {
            let gone = stretch.steps.min(done);
            done -= gone;
            Stretch { steps: stretch.steps - gone, ..*stretch }
        });
        left.collect()
    }

    /// Where the step after `done` steps belongs; none where all are done.
    pub fn at(&self, done: u64) -> Option<Place> {
        let mut within = done;
        for &Stretch { stage, steps, batch } in &self.0 {
            if within < steps {
                return Some(Place { stage, within, of: steps, batch });
            }
            within -= steps;
        }
        None
    }

    /// The stage that the last of `done` steps belonged to; the first one where none is done.
    pub fn reached(&self, done: u64) -> Stage {
        let first = self.0.iter().find(|stretch| stretch.steps > 0).map_or(Stage::PcaStart, |stretch| stretch.stage);
        done.checked_sub(1)
            .and_then(|last| self.at(last.min(self.steps().saturating_sub(1))))
            .map_or(first, |p| p.stage)
    }
}
