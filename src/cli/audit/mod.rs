//! `facespace audit`: the wrong labels of a set found, seen and corrected. Without a subcommand it makes an audit, or
//! brings it up to date; `list` and `show` look at it, `judge` and `undo` say what is right, `export` and `import` carry
//! labels to other programs and back, `noise` measures what the scores are worth.

mod build;
mod judge;
mod list;
mod noise;
mod show;
mod tables;

use std::fmt::Write;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand};

use self::build::BuildArguments;
use super::context::{Context, Outcome, Stop};
use super::set_options;
use crate::audit::{Audit, Info, Score, ranking};
use crate::gallery::FaceKey;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_long_help = help())]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    build: BuildArguments,
}

// What is done with an audit that is there. A doc comment here would replace the one of `audit` in the help.
#[derive(Subcommand)]
enum Command {
    /// List the faces whose labels look most wrong, worst first
    List(list::Arguments),
    /// Show one face: its label, what it looks like and why, and the faces nearest to it
    Show(show::Arguments),
    /// Say of one face whether its label is right; it is on the disk when this returns
    Judge(judge::Arguments),
    /// Take the last verdict back
    Undo(judge::UndoArguments),
    /// Write the corrected labels in the set's own form, or a table for cleanlab or FiftyOne, or the log of all verdicts
    Export(tables::ExportArguments),
    /// Read labels that were changed in another program
    Import(tables::ImportArguments),
    /// Make labels wrong on purpose, and measure how well each score finds them again
    Noise(noise::Arguments),
}

/// A face as it is named on the command line.
#[derive(Args)]
pub struct Chosen {
    /// The face: its key as `facespace audit list` shows it, its name in the set, or rank=3 for the third of that list
    #[arg(value_name = "FACE|rank=N")]
    face: Word,
    /// The score whose list rank=N counts in
    #[arg(long, value_name = "SCORE", default_value_t)]
    score: Score,
}

#[derive(Clone, Debug)]
enum Word {
    /// From 1.
    Rank(usize),
    Text(String),
}

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some(rank) = text.strip_prefix("rank=") else { return Ok(Word::Text(text.to_owned())) };
        let rank = rank.parse::<usize>().ok().filter(|&rank| rank > 0);
        rank.map(Word::Rank).ok_or_else(|| "give a number from 1 on, such as rank=3".to_owned())
    }
}

impl Chosen {
    /// The face that is meant.
    fn face(&self, audit: &Audit) -> Result<FaceKey, Stop> {
        let word = match &self.face {
            Word::Rank(rank) => return ranked(audit, self.score, *rank),
            Word::Text(word) => word,
        };
        let key = word.parse::<FaceKey>().ok().filter(|&key| audit.name(key).is_ok());
        let face = key.map_or_else(|| audit.find(word), |key| Ok(Some(key)))?;
        face.ok_or_else(|| {
            Stop::Usage(format!(
                "There is no face \"{word}\" whose label this audit judges; take a key or a name of `facespace audit list`"
            ))
        })
    }
}

/// The face at a rank by a score.
fn ranked(audit: &Audit, score: Score, rank: usize) -> Result<FaceKey, Stop> {
    require(&audit.info()?, score)?;
    let rows = audit.rows()?;
    let order = ranking(&rows, score);
    let face = order.get(rank - 1).map(|&place| rows[place as usize].face);
    face.ok_or_else(|| {
        Stop::Usage(format!("There is no rank {rank}, the list has {}; give a smaller number", order.len()))
    })
}

/// Refuses a score that no face of the audit has.
fn require(info: &Info, score: Score) -> Result<(), Stop> {
    if info.scores.contains(&score) {
        return Ok(());
    }
    Err(Stop::Usage(format!("No face of this audit has the score {score}; choose one of {}", names(&info.scores))))
}

fn names(scores: &[Score]) -> String {
    scores.iter().map(|score| score.name()).collect::<Vec<_>>().join(", ")
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        match &self.command {
            Some(Command::Import(arguments)) => arguments.reads(),
            Some(Command::Noise(arguments)) => arguments.reads(),
            _ => Vec::new(),
        }
    }

    /// What must stay as it is, with everything in it: the set and the audit.
    pub fn keeps(&self) -> Vec<PathBuf> {
        match &self.command {
            None => self.build.keeps(),
            Some(Command::List(arguments)) => vec![arguments.audit.clone()],
            Some(Command::Show(arguments)) => vec![arguments.audit.clone()],
            Some(Command::Judge(arguments)) => vec![arguments.audit.clone()],
            Some(Command::Undo(arguments)) => vec![arguments.audit.clone()],
            Some(Command::Export(arguments)) => vec![arguments.audit.clone()],
            Some(Command::Import(arguments)) => vec![arguments.audit.clone()],
            Some(Command::Noise(_)) => Vec::new(),
        }
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    match &arguments.command {
        None => build::run(context, &arguments.build),
        Some(Command::List(arguments)) => list::run(context, arguments),
        Some(Command::Show(arguments)) => show::run(context, arguments),
        Some(Command::Judge(arguments)) => judge::run(context, arguments),
        Some(Command::Undo(arguments)) => judge::undo(context, arguments),
        Some(Command::Export(arguments)) => tables::export(context, arguments),
        Some(Command::Import(arguments)) => tables::import(context, arguments),
        Some(Command::Noise(arguments)) => noise::run(context, arguments),
    }
}

/// The formats of sets and the scores, for the end of the help text.
fn help() -> String {
    let mut text = set_options::formats() + "\n\nScores, all from 0 (the label looks wrong) to 1 (it looks right):";
    for score in Score::ALL {
        // Nothing keeps a text from growing.
        let _ = write!(text, "\n  {:<16} {}", score.name(), score.explanation());
    }
    text
}
