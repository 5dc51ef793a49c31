//! The stages that a training is held to, and what they need to be there.

use std::str::FromStr;

use super::config::Config;
use super::presets;
use super::schedule::Schedule;
use super::toml_file::{self, ConfigError};

/// The settings of a training, from those that it starts from: without the steps of other stages, and with single
/// values replaced, such as `("batch.size", "16")`.
///
/// # Errors
/// As [`toml_file::set`].
pub fn settle(
    start: Config,
    stages: Stages,
    resume: bool,
    settings: &[(String, String)],
) -> Result<Config, ConfigError> {
    let mut config = only(start, stages, resume);
    for (name, value) in settings {
        toml_file::set(&mut config, name, value)?;
    }
    Ok(config)
}

/// What a training is held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stages {
    /// What the settings say.
    #[default]
    All,
    /// Stage one alone.
    Autoencoder,
    /// Stage two alone, on networks that have stage one behind them.
    Disentangle,
    /// Stage three alone, on networks that have stages one and two behind them.
    Joint,
}

impl Stages {
    pub const ALL: [Stages; 4] = [Stages::All, Stages::Autoencoder, Stages::Disentangle, Stages::Joint];

    pub fn name(self) -> &'static str {
        match self {
            Stages::All => "all",
            Stages::Autoencoder => "autoencoder",
            Stages::Disentangle => "disentangle",
            Stages::Joint => "joint",
        }
    }
}

impl FromStr for Stages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Stages::ALL.into_iter().find(|stages| stages.name() == text);
        found.ok_or_else(|| format!("\"{text}\" is no stage; choose all, autoencoder, disentangle or joint"))
    }
}

/// Settings without the steps of other stages. In a run that is resumed what was done stays done, and a stage that was
/// left out before gets its preset's steps.
fn only(mut config: Config, stages: Stages, resume: bool) -> Config {
    if stages == Stages::All {
        return config;
    }
    if stages != Stages::Joint {
        config.joint.steps = 0;
    }
    if stages == Stages::Autoencoder {
        (config.disentangle.cached_steps, config.disentangle.cycle_steps) = (0, 0);
    } else if !resume {
        (config.pca_start.steps, config.autoencoder.steps) = (0, 0);
    }
    if stages == Stages::Joint && !resume {
        (config.disentangle.cached_steps, config.disentangle.cycle_steps) = (0, 0);
    }
    if let Some(preset) = presets::preset(&config.preset).filter(|_| resume) {
        fill_in(&mut config, stages, &preset);
    }
    config
}

/// The steps of a stage that has none, as in the preset.
fn fill_in(config: &mut Config, stages: Stages, preset: &Config) {
    let Config { disentangle, joint, .. } = config;
    match stages {
        Stages::Disentangle if disentangle.cached_steps + disentangle.cycle_steps == 0 => {
            disentangle.cached_steps = preset.disentangle.cached_steps;
            disentangle.cycle_steps = preset.disentangle.cycle_steps;
        }
        Stages::Joint if joint.steps == 0 => joint.steps = preset.joint.steps,
        Stages::All | Stages::Autoencoder | Stages::Disentangle | Stages::Joint => (),
    }
}

/// Steps that a run with these settings has left after `done`.
pub fn steps_left(config: &Config, done: u64) -> u64 {
    Schedule::of(config).steps().saturating_sub(done)
}

/// The stage that a run with these settings has left out and can be gone on with, held to it.
pub fn left_out(config: &Config) -> Option<Stages> {
    match (config.disentangle.cached_steps + config.disentangle.cycle_steps, config.joint.steps) {
        (0, _) => Some(Stages::Disentangle),
        (_, 0) => Some(Stages::Joint),
        _ => None,
    }
}

/// Why these settings cannot be trained with, one sentence; none where they can. `resume` says that a run is gone on
/// with.
pub fn missing_stage(config: &Config, stages: Stages, resume: bool) -> Option<String> {
    let from_nothing = !resume && config.model.start_from.is_none();
    let no_parts = config.disentangle.cached_steps + config.disentangle.cycle_steps == 0;
    match stages {
        Stages::Disentangle if from_nothing => Some(
            "Stage two needs networks that have learned pictures; give them with --set model.start_from=FILE or resume a \
             run"
            .to_owned(),
        ),
        Stages::Joint if config.model.start_from.is_none() && (!resume || no_parts) => Some(
            "Stage three needs networks that have stage two behind them; give them with --set model.start_from=FILE or \
             resume a run with --stages disentangle first"
                .to_owned(),
        ),
        Stages::All | Stages::Autoencoder | Stages::Disentangle | Stages::Joint => None,
    }
}
