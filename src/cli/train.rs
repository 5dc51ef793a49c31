//! `facespace train`: the whole training in a terminal, or as the process that the window starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::{Context, Outcome, Stop, at};
use super::train_terminal::{self, Last, Terminal};
use super::{train_finder, train_truth};
use crate::data::inputs::InputError;
use crate::engine::device;
use crate::train::checkpoints::Which;
use crate::train::run::{self, Request};
use crate::train::run_dir::RunDir;
use crate::train::scope::{self, Stages};
use crate::train::{Config, memory, observer, presets, toml_file};

/// Two people of 16 pictures: one to train on and one to hold back.
const FEWEST_SYNTHETIC: i64 = 32;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    other: Option<Other>,
    /// The run's folder: settings, checkpoints, metrics, pictures, and the weights in weights.safetensors
    #[arg(long, value_name = "DIR", required = true)]
    run: Option<PathBuf>,
    /// Parquet shards of crops, folders of them, or folders of crops; what the names of their sub-folders say is
    /// --set data.sub_folders=auto (expressions if all are named so, else people), people, expressions or nothing
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "synthetic")]
    data: Vec<PathBuf>,
    /// Make so many synthetic faces in the run's folder and train on them
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(FEWEST_SYNTHETIC..=10_000_000))]
    synthetic: Option<u32>,
    /// The settings to start from: small-data (if not given), tiny, authors or paper
    #[arg(long, value_name = "NAME", conflicts_with = "config")]
    preset: Option<String>,
    /// The settings to start from, a commented file as each run has one (config.toml)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Go on with the run in this folder from its newest checkpoint
    #[arg(long)]
    resume: bool,
    /// Which checkpoint to go on from: newest (if not given), best (of the lowest held-out error) or a step; later ones
    /// are removed with what was measured after it
    #[arg(long, value_name = "CHECKPOINT", requires = "resume")]
    from: Option<Which>,
    /// Train only this stage: all (what the settings say), autoencoder, disentangle or joint
    #[arg(long, value_name = "STAGE", default_value = "all")]
    stages: Stages,
    /// Change one setting, such as batch.size=16; may be given several times
    #[arg(long, value_name = "SECTION.FIELD=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Weights of a face recogniser that teaches; they are no part of the result
    #[arg(long, value_name = "FILE")]
    recogniser: Option<PathBuf>,
}

// What else can be trained. A doc comment here would replace the one of `train` in the help.
#[derive(Subcommand)]
enum Other {
    /// Train the networks that find faces in photographs
    Finder(train_finder::Arguments),
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        if let Some(Other::Finder(finder)) = &self.other {
            return finder.reads();
        }
        self.data.iter().chain(&self.config).chain(&self.recogniser).cloned().collect()
    }

    /// The run's folder; the command line is refused where it is missing and nothing else is trained.
    fn run_dir(&self) -> &Path {
        self.run.as_deref().unwrap_or(Path::new(""))
    }
}

/// Name and value of a setting.
fn setting(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    pair.filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| format!("\"{text}\" is no setting; write section.field=value"))
}

pub fn run(context: &mut Context, mut arguments: Arguments) -> Outcome {
    if let Some(Other::Finder(finder)) = arguments.other.take() {
        return train_finder::run(context, finder);
    }
    let config = settle(&arguments)?;
    let (device, notice) = device::open(context.device_choice());
    notice.iter().for_each(|notice| context.remark(notice));
    let request = Request {
        run_dir: arguments.run_dir().to_owned(),
        config,
        synthetic: arguments.synthetic.map(|count| count as usize),
        resume: arguments.resume.then(|| arguments.from.unwrap_or_default()),
        device_name: device.name.clone(),
    };
    // How much a GPU has is not known.
    if !device.is_gpu {
        warn_of_memory(context, &request.config);
    }
    let on_synthetic = request.synthetic.is_some() || train_truth::are_synthetic(&request.config.data.paths);
    let interrupts = Arc::new(AtomicUsize::new(0));
    train_terminal::hear_interrupts(&interrupts);
    let started = Instant::now();
    let mut terminal = Terminal::new(context, arguments.run_dir(), interrupts, on_synthetic);
    let outcome = run::run(request, &device.device, &mut terminal)?;
    let last = terminal.finish();
    report(context, arguments.run_dir(), &device.name, outcome, last, started)
}

/// Says before the start where the memory will not do; the training begins all the same.
fn warn_of_memory(context: &Context, config: &Config) {
    let needed = memory::estimate(config, 0).megabytes;
    let Some(free) = memory::available_mb().filter(|&free| needed > free as f64) else { return };
    let way_out = match memory::fits(config) {
        Some(size) => format!("--set batch.size={size} would fit"),
        None => "close other programs or choose a smaller model.width".to_owned(),
    };
    context.remark(&format!("This training takes about {needed:.0} MB of memory and {free} MB are free; {way_out}"));
}

/// The settings that the command line stands for, with paths that mean the same from everywhere.
fn settle(arguments: &Arguments) -> Result<Config, Stop> {
    let start = if arguments.resume { settings_of_run(arguments)? } else { settings_to_start(arguments)? };
    let stages = arguments.stages;
    let wrong = |e: toml_file::ConfigError| Stop::Usage(e.to_string());
    let mut config = scope::settle(start, stages, arguments.resume, &arguments.set).map_err(wrong)?;
    if !arguments.data.is_empty() {
        config.data.paths.clone_from(&arguments.data);
    }
    if arguments.recogniser.is_some() {
        config.teachers.recogniser.clone_from(&arguments.recogniser);
    }
    if !arguments.resume && arguments.synthetic.is_some() {
        config.data.paths.clear();
    } else if config.data.paths.is_empty() && !arguments.resume {
        return Err(Stop::Usage(
            "Nothing was given to train on; name shards or folders with --data, make faces with --synthetic \
             COUNT, or go on with a run with --resume"
                .to_owned(),
        ));
    }
    if let Some(sentence) = scope::missing_stage(&config, stages, arguments.resume) {
        return Err(Stop::Usage(sentence));
    }
    let paths = config.data.paths.iter_mut();
    for path in paths.chain(&mut config.teachers.recogniser).chain(&mut config.model.start_from) {
        // A path that does not exist any more may still not be needed: the crops of a run are in its cache.
        *path = if arguments.resume { std::path::absolute(&*path)? } else { existing(path)? };
    }
    Ok(config)
}

fn existing(path: &Path) -> Result<PathBuf, Stop> {
    fs::metadata(path).map_err(|_| InputError::Missing(path.to_owned()))?;
    Ok(std::path::absolute(path)?)
}

/// Of a new run: those of a file or of a preset.
fn settings_to_start(arguments: &Arguments) -> Result<Config, Stop> {
    if let Some(path) = &arguments.config {
        let unreadable = |e| at(format!("The settings cannot be read ({e}); check the path and permissions"), path);
        let text = fs::read_to_string(path).map_err(unreadable)?;
        return toml_file::from_toml(&text).map_err(|e| at(e, path));
    }
    let name = arguments.preset.as_deref().unwrap_or(presets::DEFAULT);
    presets::preset(name).ok_or_else(|| {
        Stop::Usage(format!("There is no preset \"{name}\"; choose one of {}", presets::NAMES.join(", ")))
    })
}

/// Of a run that is gone on with: its own, and nothing that would make it another run.
fn settings_of_run(arguments: &Arguments) -> Result<Config, Stop> {
    if !arguments.data.is_empty() || arguments.synthetic.is_some() {
        let text =
            "A run is resumed with the pictures that it had; leave out --data and --synthetic, or start a new run";
        return Err(Stop::Usage(text.to_owned()));
    }
    if arguments.config.is_some() {
        let text = "A run is resumed with its own settings; leave out --config and change single ones with --set";
        return Err(Stop::Usage(text.to_owned()));
    }
    let config = RunDir::open(arguments.run_dir())?.read_config()?;
    match &arguments.preset {
        Some(other) if *other != config.preset => Err(Stop::Usage(format!(
            "This run began with the preset {} and not with {other}; leave out --preset or start a new run: {}",
            config.preset,
            arguments.run_dir().display()
        ))),
        _ => Ok(config),
    }
}

/// The last words on stdout, and the report.
fn report(
    context: &Context,
    run_dir: &Path,
    device: &str,
    outcome: observer::Outcome,
    last: Last,
    started: Instant,
) -> Outcome {
    let Last { step, held_out, passed_over } = last;
    let (word, step, kept) = match outcome {
        observer::Outcome::Finished => ("finished", step, true),
        observer::Outcome::Stopped { step } => ("stopped", step, true),
        observer::Outcome::Discarded => ("discarded", step, false),
    };
    let weights = Some(run_dir.join(RunDir::WEIGHTS)).filter(|path| kept && path.is_file());
    let seconds = started.elapsed().as_secs_f64();
    let mut text = format!("{word} at step {step} after {}\n", train_terminal::duration(seconds));
    if let Some(measured) = held_out.as_ref().filter(|_| kept) {
        text += &format!("{}\n", train_terminal::measured(measured));
    }
    for sentence in passed_over.sentences() {
        text += &format!("{sentence}\n");
    }
    if let Some(path) = &weights {
        text += &format!("weights {}\n", path.display());
    }
    if word == "stopped" {
        text += &format!("go on with facespace train --resume --run {}\n", run_dir.display());
    }
    context.print(&text)?;
    let held_out = held_out.map_or(Ok(Value::Null), serde_json::to_value)?;
    Ok(json!({
        "run": run_dir, "outcome": word, "step": step, "seconds": seconds, "weights": weights,
        "held_out": held_out, "passed_over": passed_over, "device": device,
    }))
}
