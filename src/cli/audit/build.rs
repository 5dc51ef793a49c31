//! `facespace audit SOURCE -o DIR`: an audit made, or brought up to date, and what it found.

use std::cell::RefCell;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use clap::Args;
use image::RgbImage;
use serde_json::json;

use super::list::{Cell, List, confusion_text, shortcuts_text};
use super::names;
use crate::audit::{self, Audit, Budget, Info, Options, Score, Source, Tools};
use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::prepare::{left_out_text, name_left_out};
use crate::cli::set_options::SetOptions;
use crate::cli::steps::Steps;
use crate::cli::table::counted;
use crate::cli::train_terminal::duration;
use crate::face::{CODE_DIM, FaceCode};
use crate::find::Finder;
use crate::prepare::Points;

/// Lines of the list that are printed.
const SHOWN: usize = 30;

#[derive(Args)]
pub struct BuildArguments {
    /// The labelled set as it was unpacked: its folder, or the file of its table; or shards
    #[arg(value_name = "SOURCE", required = true)]
    source: Option<PathBuf>,
    /// The folder of the audit; made where it is missing, brought up to date where it is one, with all its verdicts
    #[arg(short, long, value_name = "DIR", required = true)]
    output: Option<PathBuf>,
    /// How many of the most doubtful faces you are going to look at: a share of all, or a number
    #[arg(long, value_name = "5%|200", default_value = "5%")]
    budget: Budget,
    /// The score to rank by; --help says what each looks at
    #[arg(long, value_name = "SCORE", default_value_t)]
    score: Score,
    /// Where eyes and mouth are in a picture: own (as the set says, and as the finder sees where it does not) or finder
    #[arg(long, value_name = "WHOSE", default_value_t)]
    points: Points,
    /// Another seed puts other people together in a fold
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Where another model made the audit, make its codes and scores anew with the one in use; verdicts stay
    #[arg(long)]
    rebuild: bool,
    #[command(flatten)]
    set: SetOptions,
}

impl BuildArguments {
    /// What must stay as it is.
    pub fn keeps(&self) -> Vec<PathBuf> {
        self.source.iter().chain(&self.output).cloned().chain(self.set.keeps()).collect()
    }
}

pub fn run(context: &mut Context, arguments: &BuildArguments) -> Outcome {
    // The command line is refused without them.
    let path = arguments.source.as_deref().unwrap_or(Path::new(""));
    let folder = arguments.output.as_deref().unwrap_or(Path::new(""));
    let source = Source { path: path.to_owned(), format: arguments.set.format, columns: arguments.set.columns() };
    let started = Instant::now();
    let outcome = build(context, arguments, &source, folder)?;
    if let Some(report) = &outcome.prepared {
        name_left_out(context, path, report);
    }
    context.fail_all(&outcome.failed);
    outcome.remarks.iter().for_each(|remark| context.remark(remark));
    let seconds = started.elapsed().as_secs_f64();
    let word = if outcome.cancelled { "stopped" } else { "finished" };
    let mut text = format!("{word} after {}\n", duration(seconds));
    text += &outcome.prepared.as_ref().map_or_else(String::new, left_out_text);
    let mut value = json!({
        "audit": folder, "seconds": seconds, "cancelled": outcome.cancelled, "prepared": outcome.prepared,
        "failed": outcome.failed, "remarks": outcome.remarks, "info": outcome.info,
    });
    if let Some(info) = &outcome.info {
        let audit = Audit::open(folder)?;
        let score = known(context, arguments.score, info, folder);
        let list = List::of(&audit, score, Cell::default(), info.budget)?;
        let confusion = audit.confusion()?;
        text += &summary(info, folder);
        text += &format!("\n{}{}", list.text(SHOWN), beyond(&list, folder));
        text += &format!("\n{}\n{}", confusion_text(&confusion), shortcuts_text(&info.shortcuts));
        text += &what_next(folder, score);
        value["score"] = json!(list.score);
        value["faces"] = list.report();
        value["confusion"] = json!(confusion);
    }
    if outcome.cancelled {
        text += "go on with the same command\n";
    }
    context.print(&text)?;
    Ok(value)
}

/// The score to rank by: the one that was asked for, or the usual one with a word about it where no face has that.
fn known(context: &mut Context, score: Score, info: &Info, folder: &Path) -> Score {
    if info.scores.contains(&score) {
        return score;
    }
    let usual = Score::default();
    let sentence = format!(
        "No face of this audit has the score {score}, so that {usual} ranks them; choose one of {}: {}",
        names(&info.scores),
        folder.display()
    );
    context.fail(folder, sentence);
    usual
}

/// Finder and networks are lent to the audit, which knows neither.
fn build(
    context: &mut Context,
    arguments: &BuildArguments,
    source: &Source,
    folder: &Path,
) -> Result<audit::Outcome, Stop> {
    let model = context.model()?;
    let finder = Finder::bundled()?;
    let mut steps = Steps::new(context);
    // Both closures work it, one at a time.
    let engine = RefCell::new(context.engine()?);
    let trained_on = engine.borrow().weights().card.data.clone();
    let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
        let codes = engine.borrow_mut().encode(crops, &|_| ()).map_err(|e| e.to_string())?;
        Ok(codes.into_iter().map(|code| code.f).collect())
    };
    let mut decode = |faces: &[FaceCode]| engine.borrow_mut().decode(faces).map_err(|e| e.to_string());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let tools = Tools { finder, encode: &mut encode, decode: &mut decode, threads };
    let options = Options {
        budget: arguments.budget,
        seed: arguments.seed,
        points: arguments.points,
        rebuild: arguments.rebuild,
    };
    let outcome = audit::build(folder, source, &model, &trained_on, tools, &options, &mut |progress| {
        steps.hear(progress.step.name(), [progress.done, progress.total], "")
    });
    steps.finish();
    Ok(outcome?)
}

fn summary(info: &Info, folder: &Path) -> String {
    let classes: Vec<String> = info.classes.iter().map(|(class, faces)| format!("{class} {faces}")).collect();
    let mut others = Vec::new();
    for (faces, what) in [(info.unlabelled, "without a label"), (info.left_out, "not judged")] {
        if faces > 0 {
            others.push(format!("{faces} {what}"));
        }
    }
    let others = if others.is_empty() { String::new() } else { format!(" (and {})", others.join(", ")) };
    let folds = if info.folds_by_person { "whole people" } else { "single faces" };
    let verdicts = info.verdicts;
    format!(
        "audit    {}\nset      {}, {}\nweights  {}, trained on {}\nfaces    {}{others}\nlabels   {}\nfolds    by {folds}\n\
         budget   {}\nverdicts {} keep, {} relabel, {} ambiguous\n",
        folder.display(),
        info.source.display(),
        info.format,
        info.model,
        info.trained_on,
        info.labelled,
        classes.join(", "),
        counted(info.budget, "face"),
        verdicts.keep,
        verdicts.relabel,
        verdicts.ambiguous,
    )
}

/// How many faces within the budget are not printed, and where they are to be seen.
fn beyond(list: &List, folder: &Path) -> String {
    match list.faces.len().checked_sub(SHOWN) {
        None | Some(0) => String::new(),
        Some(more) => format!(
            "{more} more within the budget, which facespace audit list {} --score {} lists\n",
            folder.display(),
            list.score
        ),
    }
}

fn what_next(folder: &Path, score: Score) -> String {
    let folder = folder.display();
    let by = if score == Score::default() { String::new() } else { format!(" --score {score}") };
    format!(
        "\nlook at one  facespace audit show {folder} rank=1{by} -o face.png\n\
         judge it     facespace audit judge {folder} rank=1{by} keep, or ambiguous, or the expression that it shows\n\
         new labels   facespace audit export {folder} -o FOLDER\n"
    )
}
