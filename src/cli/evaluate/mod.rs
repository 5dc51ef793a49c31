//! `facespace evaluate`: how good the weights in use are on labelled faces, as far as the labels go, and the report of
//! it; with `--finder` how well faces are found. `compare` sets two reports beside each other.

mod compare;
mod finder;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};
use serde_json::json;
use tempfile::TempDir;

use super::context::{Context, Outcome, Stop};
use super::outputs;
use super::set_options::{self, SetOptions};
use super::steps::Steps;
use super::table::counted;
use super::train_terminal::duration;
use crate::evaluate::options::{self, Options, PartName};
use crate::evaluate::report::HTML;
use crate::evaluate::run::{self, Progress, Step, evaluate};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_long_help = set_options::formats())]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    measure: MeasureArguments,
}

// What is done beside measuring. A doc comment here would replace the one of `evaluate` in the help.
#[derive(Subcommand)]
enum Command {
    /// Set two reports beside each other: which figures moved by more than their intervals
    Compare(compare::Arguments),
}

#[derive(Args)]
struct MeasureArguments {
    /// Parquet shards of labelled crops, folders of them, or labelled sets as they are published
    #[arg(required = true, value_name = "SHARDS|SOURCE")]
    data: Vec<PathBuf>,
    /// LFW's list of pairs, for telling people apart
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// A face recognition network, for whether the person is kept and how much samples look like faces
    #[arg(long, value_name = "FILE")]
    recogniser: Option<PathBuf>,
    /// Shards of training crops for PCA and for what reads expressions (folds of the measured faces if not given)
    #[arg(long, value_name = "SHARDS", num_args = 1..)]
    head_data: Vec<PathBuf>,
    /// Faces of the training shards at most; half of them, or more where there are no others, come from shards that have
    /// expression labels. PCA takes all of them, what reads expressions those that are labelled
    #[arg(long, value_name = "N", default_value_t = options::HEAD_FACES as u32, value_parser = clap::value_parser!(u32).range(1..))]
    head_faces: u32,
    /// Faces to measure at most, of each set and spread over it
    #[arg(long, value_name = "N", default_value_t = options::FACES as u32, value_parser = clap::value_parser!(u32).range(1..))]
    faces: u32,
    /// Pictures to sample at most, and never more than there are faces
    #[arg(long, value_name = "N", default_value_t = options::SAMPLES as u32, value_parser = clap::value_parser!(u32).range(1..))]
    samples: u32,
    /// Make only these parts of the report: reconstruction, sampling, verification, expression, pose, retrieval, cycle,
    /// identity, disentanglement, figures, separated by commas
    #[arg(long, value_name = "PART,...", value_delimiter = ',')]
    parts: Vec<PartName>,
    /// Measure how well faces are found instead, on the photographs and scenes of these shards that training sets aside
    /// (the finder that comes with the program, or --finder=FILE)
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[arg(conflicts_with_all = ["pairs", "recogniser", "head_data", "parts"])]
    finder: Option<Option<PathBuf>>,
    /// The folder for the report; made where it is missing, gone on with where it holds one (without it the figures are
    /// printed and nothing is kept). With --finder, a file for the figures as JSON
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    set: SetOptions,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        match &self.command {
            None => self.measure.reads(),
            Some(Command::Compare(arguments)) => arguments.reads(),
        }
    }

    /// What must stay as it is, with everything in it.
    pub fn keeps(&self) -> Vec<PathBuf> {
        let measure = &self.measure;
        measure.data.iter().chain(&measure.head_data).cloned().chain(measure.set.keeps()).collect()
    }
}

impl MeasureArguments {
    fn reads(&self) -> Vec<PathBuf> {
        let options = self.pairs.iter().chain(&self.recogniser).chain(self.finder.iter().flatten());
        self.data.iter().chain(&self.head_data).chain(options).cloned().collect()
    }

    fn options(&self) -> Options {
        let parts = match (&self.parts[..], &self.output) {
            // Pictures would be drawn and thrown away.
            ([], None) => PartName::ALL.into_iter().filter(|part| *part != PartName::Figures).collect(),
            ([], Some(_)) => PartName::ALL.to_vec(),
            (parts, _) => parts.to_vec(),
        };
        Options {
            pairs: self.pairs.clone(),
            recogniser: self.recogniser.clone(),
            head_data: self.head_data.clone(),
            head_faces: self.head_faces as usize,
            faces: self.faces as usize,
            samples: self.samples as usize,
            parts,
            format: self.set.format,
            columns: self.set.columns(),
            ..Options::default()
        }
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let Arguments { command, measure } = arguments;
    if let Some(Command::Compare(arguments)) = command {
        return compare::run(context, &arguments);
    }
    if let Some(finder) = measure.finder.clone() {
        let reads = measure.reads();
        let MeasureArguments { data, faces, output, .. } = measure;
        output.iter().try_for_each(|output| outputs::refuse(output, &reads))?;
        return finder::run(context, finder::Wanted { finder, shards: data, limit: faces as usize, output });
    }
    measured(context, &measure)
}

/// Measures, prints what came of it, and names what could not be measured.
fn measured(context: &mut Context, arguments: &MeasureArguments) -> Outcome {
    let started = Instant::now();
    let place = Place::of(arguments.output.as_deref())?;
    let outcome = evaluated(context, arguments, place.path())?;
    let report = &outcome.report;
    let mut text = String::new();
    if report.sets.iter().any(|set| !set.sections.is_empty()) {
        text += &format!("{report}\n");
    }
    let word = if outcome.cancelled { "stopped" } else { "finished" };
    text += &format!("{word} after {}\n", duration(started.elapsed().as_secs_f64()));
    if outcome.reused > 0 {
        text += &format!("{} of an earlier run, since nothing has changed\n", counted(outcome.reused, "part"));
    }
    match &arguments.output {
        Some(folder) if !outcome.cancelled => text += &format!("report {}\n", folder.join(HTML).display()),
        Some(_) => text += "go on with the same command\n",
        None => {}
    }
    context.print(&text)?;
    report.sentences().iter().for_each(|sentence| context.remark(sentence));
    let mut value = json!(report);
    value["output"] = json!(arguments.output);
    value["cancelled"] = json!(outcome.cancelled);
    value["reused"] = json!(outcome.reused);
    Ok(value)
}

/// The evaluation, as the terminal watches it.
fn evaluated(context: &mut Context, arguments: &MeasureArguments, folder: &Path) -> Result<run::Outcome, Stop> {
    // What is wrong with the weights is said before anything is read.
    context.engine()?;
    let mut steps = Steps::new(context);
    let engine = context.engine()?;
    let outcome = evaluate(&arguments.data, engine, &arguments.options(), folder, &mut |progress| {
        let Progress { set, part, of_step, done, total } = progress;
        let far = match (part, of_step) {
            // The pieces of other parts mean nothing to people.
            (Step::Part(_), _) | (_, [_, 0]) => String::new(),
            (Step::Prepare | Step::Read, [done, of]) => format!(" {done} of {of}"),
        };
        steps.hear_share("evaluating", [done, total], &format!("  {set}: {}{far}", part.name()))
    });
    steps.finish();
    Ok(outcome?)
}

/// Where the report goes.
enum Place<'a> {
    Asked(&'a Path),
    /// Goes when this goes.
    Nowhere(TempDir),
}

impl<'a> Place<'a> {
    fn of(asked: Option<&'a Path>) -> Result<Self, Stop> {
        if let Some(folder) = asked {
            return Ok(Place::Asked(folder));
        }
        let folder = tempfile::tempdir().map_err(|e| {
            Stop::Failed(format!("There is no place for what is being measured ({e}); give a folder with -o"))
        })?;
        Ok(Place::Nowhere(folder))
    }

    fn path(&self) -> &Path {
        match self {
            Place::Asked(folder) => folder,
            Place::Nowhere(folder) => folder.path(),
        }
    }
}
