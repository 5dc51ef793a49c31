//! `facespace prepare`: a labelled set as it is published, made into shards of crops, and what of it was left out.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome};
use super::set_options::{self, SetOptions};
use super::steps::Steps;
use super::table::{Column, counted, table};
use super::train_terminal::duration;
use crate::data::sets::{self, Reason, Split};
use crate::find::Finder;
use crate::prepare::{LeftOut, Options, Points, ROWS_IN_SHARD, Report, prepare};

const LEFT_OUT: [Column; 3] = [("left out", true), ("since", false), ("such as", false)];
/// Unknown classes, and reasons, that a sentence names; the report has all of them.
const NAMED: usize = 6;

#[derive(Args)]
#[command(after_long_help = set_options::formats())]
pub struct Arguments {
    /// The set as it was unpacked: its folder, or the file of its table
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// The folder for the shards; made where it is missing, gone on with where the set was begun there
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Where eyes and mouth are in a picture: own (as the set says, and as the finder sees where it does not) or finder
    #[arg(long, value_name = "WHOSE", default_value_t)]
    points: Points,
    /// Go through so many pictures at most, to see what comes of it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Put so many faces into a shard; a preparation that is stopped goes on after its last whole shard
    #[arg(long, value_name = "N", default_value_t = ROWS_IN_SHARD as u64, value_parser = clap::value_parser!(u64).range(1..))]
    rows: u64,
    #[command(flatten)]
    set: SetOptions,
}

impl Arguments {
    /// What must stay as it is.
    pub fn keeps(&self) -> Vec<PathBuf> {
        [self.source.clone(), self.output.clone()].into_iter().chain(self.set.keeps()).collect()
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let Arguments { source, output, points, limit, rows, set } = arguments;
    let set = sets::open(source, set.format, &set.columns())?;
    let rows_in_shard = usize::try_from(*rows).unwrap_or(usize::MAX);
    let options = Options { points: *points, limit: *limit, rows_in_shard, ..Options::default() };
    let finder = Finder::bundled()?;
    let mut steps = Steps::new(context);
    let outcome = prepare(&*set, output, &options, finder, &mut |progress| {
        steps.hear("preparing", [progress.done, progress.total], &format!(", {} written", progress.written))
    });
    steps.finish();
    let report = outcome?;
    context.print(&text(output, &report))?;
    name_left_out(context, source, &report);
    let mut value = json!(report);
    value["output"] = json!(output);
    Ok(value)
}

/// What came of it, for people.
fn text(output: &Path, report: &Report) -> String {
    let word = if report.cancelled { "stopped" } else { "finished" };
    let mut text = format!("{word} after {}\nformat {}\n", duration(report.seconds), report.format);
    let splits = Split::ALL.into_iter().map(|split| (split, report.written.of(split))).filter(|(_, rows)| *rows > 0);
    let splits: Vec<String> = splits.map(|(split, rows)| format!("{split} {rows}")).collect();
    let splits = if splits.is_empty() { "none yet".to_owned() } else { splits.join(", ") };
    text += &format!("faces {splits}\n");
    if report.resumed > 0 {
        text += &format!("earlier runs went through {}\n", counted(report.resumed as usize, "picture"));
    }
    text += &format!("shards {}\n{}", output.display(), left_out_text(report));
    if report.cancelled {
        text += "go on with the same command\n";
    }
    text
}

/// A table of what was left out; empty where nothing was.
pub(super) fn left_out_text(report: &Report) -> String {
    if report.left_out.is_empty() {
        return String::new();
    }
    let row = |left: &LeftOut| {
        let example = left.examples.first().cloned().unwrap_or_default();
        [left.count.to_string(), left.reason.clone(), example]
    };
    table(&LEFT_OUT, &report.left_out.iter().map(row).collect::<Vec<_>>())
}

/// Notes as one failure what was left out, and as another what is left out for its classes, which the user can name.
/// Pictures of which the set itself says that they show no face are none.
pub(super) fn name_left_out(context: &mut Context, source: &Path, report: &Report) {
    let (mut classes, mut unknown, mut others, mut reasons) = (Vec::new(), 0, 0, Vec::new());
    for left in &report.left_out {
        if let Some(class) = unknown_class(&left.reason) {
            classes.push(class.to_owned());
            unknown += left.count;
        } else if left.reason != Reason::NoFace.to_string() {
            reasons.push(format!("{} since {}", left.count, left.reason));
            others += left.count;
        }
    }
    if unknown > 0 {
        let sentence = format!(
            "Left out {} for classes that are not known here ({}); say which they are with --classes WORD=EXPRESSION, \
             into another folder: {}",
            counted(unknown as usize, "picture"),
            first(&classes),
            source.display()
        );
        context.fail(source, sentence);
    }
    if others > 0 {
        let sentence = format!(
            "Left out {}, {}; put them right and prepare the set anew, or go on without them: {}",
            counted(others as usize, "picture"),
            first(&reasons),
            source.display()
        );
        context.fail(source, sentence);
    }
}

/// The first words of a list, and whether there are more.
fn first(words: &[String]) -> String {
    let named: Vec<&str> = words.iter().take(NAMED).map(String::as_str).collect();
    named.join(", ") + if words.len() > NAMED { ", and more" } else { "" }
}

/// The word of the set that a reason is about, where the reason is that this is no class.
fn unknown_class(reason: &str) -> Option<&str> {
    let pattern = Reason::UnknownClass(String::new()).to_string();
    let (before, after) = pattern.split_once("\"\"")?;
    reason.strip_prefix(before)?.strip_suffix(after)
}
